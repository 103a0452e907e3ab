//! Takes in every folder of `functions/` that has a handler.
//!
//! A component is a crate of its own and cannot be linked, so its sources become a module here. In
//! a copy `crate::` names that module; nothing else differs.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

// It writes the widget's scripts to our folder, as it does to the widget's own.
#[path = "../../../functions/widget/build.rs"]
mod widget;

type Failure = Box<dyn Error>;

fn main() -> Result<(), Failure> {
    let functions = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../../functions");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    // Every function stands in it, so a new one is noticed.
    println!("cargo::rerun-if-changed={}", functions.join("../spin.toml").display());
    let mut folders = Vec::new();
    for entry in fs::read_dir(&functions)? {
        let entry = entry?;
        if entry.path().join("src/lib.rs").is_file() {
            folders.push(entry.file_name().into_string().map_err(|it| format!("{it:?}"))?);
        }
    }
    folders.sort();
    let (mut modules, mut table) = (String::new(), String::new());
    for name in &folders {
        let lib = fs::read_to_string(functions.join(name).join("src/lib.rs"))?;
        // One that only brings the database up to date answers nobody.
        if !lib.contains("pub async fn handle(") {
            continue;
        }
        // What its own build script draws is all that it answers with: a path is looked up.
        if name == "docs" {
            continue;
        }
        println!("cargo::rerun-if-changed={}", functions.join(name).join("src").display());
        let to = out.join(name);
        copy(&functions.join(name).join("src"), &to, &format!("crate::{name}::"))?;
        let path = to.join("lib.rs");
        writeln!(modules, "#[path = {path:?}]\npub mod r#{name};")?;
        let wrap = if lib.contains("edge::stream_service!") { "streamed" } else { "whole" };
        writeln!(table, "    ({name:?}, |env, it| {wrap}(env, r#{name}::handle(env, it))),")?;
    }
    let text = format!(
        "{modules}\n/// Every handler.\npub const ALL: &[(&str, Handle)] = &[\n{table}];\n"
    );
    put(&out.join("functions.rs"), text.as_bytes())?;
    env::set_current_dir(functions.join("widget"))?;
    widget::main()
}

/// Writes what differs, or else everything would be compiled again.
fn put(to: &Path, bytes: &[u8]) -> Result<(), Failure> {
    if fs::read(to).ok().as_deref() != Some(bytes) {
        fs::write(to, bytes)?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path, root: &str) -> Result<(), Failure> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &to, root)?;
        } else if path.extension().is_some_and(|it| it == "rs") {
            put(&to, fs::read_to_string(path)?.replace("crate::", root).as_bytes())?;
        } else {
            put(&to, &fs::read(path)?)?;
        }
    }
    Ok(())
}
