//! Builds the components: the `build.command`s of the manifest, as `spin build` runs them.
//!
//! cargo decides what is stale, so a start with nothing to do costs a fraction of a second.

use std::{
    collections::BTreeSet,
    env,
    ffi::OsString,
    path::{Component as Part, Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, bail};

use crate::manifest::Manifest;

const TARGET: &str = "wasm32-wasip2";

/// Runs every build command once and checks that each component is there afterwards.
pub(crate) fn build(manifest: &Manifest, directory: &Path) -> Result<()> {
    let builds = manifest.components.values().filter_map(|component| component.build.as_ref());
    let commands = builds.map(|build| (build.command.as_str(), build.workdir.as_deref()));
    // The commands share one lock on the target directory: one after the other is as quick.
    let commands = commands.collect::<BTreeSet<_>>();
    if !commands.is_empty() {
        add_target(directory)?;
    }
    for (command, workdir) in commands {
        run(command, &directory.join(workdir.unwrap_or(".")))?;
    }
    for (id, component) in &manifest.components {
        let path = source(directory, &component.source);
        if !path.is_file() {
            bail!("component.{id}: no build command made its source {}", path.display());
        }
    }
    Ok(())
}

/// Where a component's `source` is: `target/` moves with `CARGO_TARGET_DIR`.
pub(crate) fn source(directory: &Path, source: &str) -> PathBuf {
    let mut parts = Path::new(source).components();
    let first = parts.find(|part| !matches!(part, Part::ParentDir | Part::CurDir));
    match env::var_os("CARGO_TARGET_DIR") {
        Some(target) if first == Some(Part::Normal("target".as_ref())) => {
            Path::new(&target).join(parts.as_path())
        }
        Some(_) | None => directory.join(source),
    }
}

/// Where compiled code is kept: in the target directory that the components come from.
///
/// It is found there by the bytes it was made from, so all state directories share it.
pub(crate) fn cache(manifest: &Manifest, directory: &Path) -> PathBuf {
    let sources = manifest.components.values();
    let targets = sources.filter_map(|component| {
        let path = source(directory, &component.source);
        let target = path.ancestors().find(|path| path.ends_with(TARGET))?;
        Some(target.parent()?.join("runner-cache"))
    });
    targets.min().unwrap_or_else(|| directory.join(".spin").join("cache"))
}

/// The cargo that runs us, or the one in the path.
pub(crate) fn cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

fn run(command: &str, directory: &Path) -> Result<()> {
    let mut process = match command.strip_prefix("cargo ") {
        Some(arguments) => {
            let mut process = Command::new(cargo());
            process.args(arguments.split_whitespace());
            process
        }
        None => {
            let mut process = Command::new("sh");
            process.args(["-c", command]);
            process
        }
    };
    let process = process.current_dir(directory).stdin(Stdio::null());
    let status = process.status().with_context(|| format!("cannot run `{command}`"))?;
    match status.success() {
        true => Ok(()),
        false => bail!("`{command}` failed: {status}"),
    }
}

fn add_target(directory: &Path) -> Result<()> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut process = Command::new(rustc);
    process.args(["--print", "target-libdir", "--target", TARGET]).current_dir(directory);
    let output = process.output().context("cannot run rustc; install Rust from rustup.rs")?;
    let library = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    if output.status.success() && library.is_dir() {
        return Ok(());
    }
    let mut process = Command::new("rustup");
    let process = process.args(["target", "add", TARGET]).current_dir(directory);
    match process.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) | Err(_) => bail!(
            "Rust's target {TARGET} is missing and `rustup target add {TARGET}` did not work; \
             with a Rust that is not from rustup, install the target its own way"
        ),
    }
}
