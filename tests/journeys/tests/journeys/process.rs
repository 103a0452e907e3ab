//! The runner as a process of its own.

use std::env;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf, absolute};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use crate::server::{self, Temporary};

/// A running runner; killed when dropped.
pub(crate) struct Process {
    child: Child,
    /// The start of its URLs.
    pub(crate) base: String,
}

impl Process {
    /// Starts it over a state directory, at any free port, and waits until it serves.
    pub(crate) fn start(state: &Temporary) -> Process {
        Process::start_with(state, |_| {})
    }

    /// The same with a changed command.
    pub(crate) fn start_with(state: &Temporary, change: impl FnOnce(&mut Command)) -> Process {
        let log = state.path().join("runner.log");
        let mut command = Command::new(binary());
        command.arg("--from").arg(manifest(state));
        command.args(["--quiet", "--no-tick", "--listen", "127.0.0.1:0", "--state-dir"]);
        command.arg(state.path());
        for (name, value) in server::variables() {
            command.arg("--variable").arg(format!("{name}={value}"));
        }
        change(&mut command);
        let errors = File::create(&log).unwrap();
        let mut child = command.stdout(Stdio::piped()).stderr(errors).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // It would not outlive a pipe that is closed while it prints.
        let mut base = None;
        for line in lines.map_while(Result::ok) {
            if let Some(told) = line.strip_prefix("Serving ") {
                base = Some(told.to_owned());
            }
            if line.starts_with("Stop with") {
                break;
            }
        }
        let base = base.unwrap_or_else(|| panic!("{}", fs::read_to_string(log).unwrap()));
        Process { child, base }
    }

    /// Sends SIGKILL and waits for the end.
    pub(crate) fn kill(self) {
        drop(self);
    }
}

/// The runner's binary, built first if need be.
fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| runner::binary().unwrap())
}

/// Runs `backup` or `restore` over a state directory: whether it went well, and what it said.
pub(crate) fn operate(job: &str, file: &Path, state: &Temporary, more: &[&str]) -> (bool, String) {
    let mut command = Command::new(binary());
    command.arg(job).arg(file).arg("--state-dir").arg(state.path()).args(more);
    let output = command.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The application's manifest without its build commands: the components are built, and two
/// dozen starts should not wait for whoever else uses cargo.
fn manifest(state: &Temporary) -> PathBuf {
    let ours = server::manifest();
    let target = match env::var_os("CARGO_TARGET_DIR") {
        Some(target) => absolute(target).unwrap(),
        None => ours.with_file_name("target"),
    };
    let target = format!("\"{}/", target.display());
    let mut text = String::new();
    let mut is_build = false;
    for line in fs::read_to_string(ours).unwrap().lines() {
        is_build = line.ends_with(".build]") || is_build && !line.starts_with('[');
        if !is_build {
            text.push_str(&line.replace("\"target/", &target));
            text.push('\n');
        }
    }
    let path = state.path().join("spin.toml");
    fs::write(&path, text).unwrap();
    path
}
