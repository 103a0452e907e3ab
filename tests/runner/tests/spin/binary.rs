//! The runner as a process: its options, its ends, and what survives them.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    net::TcpListener,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use runner::client::Client;

use crate::host::{Temporary, manifest, options, wasm};

/// A running binary; killed when dropped.
struct Process {
    child: Child,
    base: String,
    printed: String,
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(state: &Temporary) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_runner"));
    command
        .arg("--from")
        .arg(fs::canonicalize(manifest()).unwrap())
        .args(["--quiet", "--listen", "127.0.0.1:0", "--state-dir"])
        .arg(state.path())
        .current_dir(state.path());
    command
}

fn start(command: &mut Command) -> Process {
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut printed = String::new();
    let base = loop {
        let line = lines.next().expect("the runner ended").unwrap();
        printed.push_str(&line);
        printed.push('\n');
        if let Some(base) = line.strip_prefix("Serving ") {
            break base.to_string();
        }
    };
    for line in lines.by_ref().map_while(Result::ok) {
        printed.push_str(&line);
        printed.push('\n');
        if line.starts_with("Stop with") {
            break;
        }
    }
    Process { child, base, printed }
}

fn output(command: &mut Command) -> (Output, String) {
    let output = command.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    (output, errors)
}

#[cfg(unix)]
fn signal(process: &Process, name: &str) {
    let status = Command::new("kill").args([name, &process.child.id().to_string()]).status();
    assert!(status.unwrap().success());
}

async fn text(process: &Process, path: &str) -> String {
    let answer = Client::new(&process.base).unwrap().send("GET", path, &[], "").await.unwrap();
    assert_eq!(answer.status, 200, "{path}");
    answer.text()
}

#[tokio::test]
async fn the_environment_beats_dotenv_and_an_option_beats_both() {
    let state = Temporary::new();
    fs::write(state.path().join(".env"), "SPIN_VARIABLE_REQUIRED_ONE=dotenv\n").unwrap();
    let process = start(&mut command(&state));
    assert_eq!(text(&process, "/do/variable?name=required_one").await, "dotenv");
    drop(process);
    let process = start(command(&state).env("SPIN_VARIABLE_REQUIRED_ONE", "environment"));
    assert_eq!(text(&process, "/do/variable?name=required_one").await, "environment");
    drop(process);
    let mut command = command(&state);
    command.env("SPIN_VARIABLE_REQUIRED_ONE", "environment");
    let process = start(command.args(["--variable", "required_one=option"]));
    assert_eq!(text(&process, "/do/variable?name=required_one").await, "option");
}

#[test]
fn a_required_variable_that_nobody_sets_ends_the_start() {
    let (output, errors) = output(&mut command(&Temporary::new()));
    assert_eq!(output.status.code(), Some(1));
    assert!(errors.contains("\"required_one\" is required"), "{errors}");
}

#[test]
fn a_port_in_use_ends_the_start_unless_another_may_be_taken() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let state = Temporary::new();
    let mut refused = command(&state);
    refused.args(["--variable", "required_one=1", "--listen", &address]);
    let (output, errors) = output(&mut refused);
    assert_eq!(output.status.code(), Some(1));
    assert!(errors.contains(&format!("{address} is in use")), "{errors}");
    let process = start(refused.arg("--find-free-port"));
    assert_ne!(process.base, format!("http://{address}"));
}

#[test]
fn an_unknown_option_ends_the_start() {
    let (output, errors) = output(command(&Temporary::new()).arg("--surprise"));
    assert_eq!(output.status.code(), Some(1));
    assert!(errors.contains("--surprise"), "{errors}");
}

#[test]
fn a_runtime_configuration_that_is_missing_ends_the_start() {
    let state = Temporary::new();
    let mut command = command(&state);
    command.args(["--variable", "required_one=1", "--runtime-config-file", "none.toml"]);
    let (output, errors) = output(&mut command);
    assert_eq!(output.status.code(), Some(1));
    assert!(errors.contains("the runtime configuration none.toml"), "{errors}");
}

#[cfg(unix)]
#[test]
fn a_signal_ends_the_runner_well_and_at_once() {
    for name in ["-TERM", "-INT"] {
        let state = Temporary::new();
        let mut process = start(command(&state).args(["--variable", "required_one=1"]));
        // A request in flight is cut off and does not delay the end.
        let mut stream =
            std::net::TcpStream::connect(process.base.strip_prefix("http://").unwrap());
        let request = b"GET /do/sleep?ms=20000 HTTP/1.1\r\nHost: a\r\n\r\n";
        std::io::Write::write_all(stream.as_mut().unwrap(), request).unwrap();
        std::thread::sleep(Duration::from_millis(300));
        let asked = Instant::now();
        signal(&process, name);
        assert_eq!(process.child.wait().unwrap().code(), Some(0), "{name}");
        assert!(asked.elapsed() < Duration::from_secs(2), "{name}: {:?}", asked.elapsed());
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_kill_loses_nothing_that_was_acknowledged() {
    let state = Temporary::new();
    let given = ["--variable", "required_one=1"];
    let process = start(command(&state).args(given));
    let client = Client::new(&process.base).unwrap();
    client.send("POST", "/do/sql", &[], "create table t (a)").await.unwrap();
    let mut count = 0;
    let started = Instant::now();
    while started.elapsed() < Duration::from_millis(500) {
        let sql = format!("insert into t values ({count})");
        let answer = client.send("POST", "/do/sql", &[], sql).await.unwrap();
        assert_eq!(answer.status, 200);
        count += 1;
    }
    signal(&process, "-KILL");
    drop(process);
    let process = start(command(&state).args(given));
    let client = Client::new(&process.base).unwrap();
    let answer = client.send("POST", "/do/sql", &[], "select count(*) as n from t").await.unwrap();
    assert!(answer.text().starts_with(&format!("[n] {count}\n")), "{count}: {}", answer.text());
}

#[test]
fn a_second_start_takes_less_than_three_seconds() {
    let state = Temporary::new();
    drop(runner::serve(options(&state)).unwrap());
    let begun = Instant::now();
    drop(runner::serve(options(&state)).unwrap());
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn the_admin_key_is_shown_once_and_can_be_replaced_and_the_tick_is_called() {
    let state = Temporary::new();
    let manifest = state.path().join("spin.toml");
    let written = format!(
        "spin_manifest_version = 2\n[application]\nname = \"a\"\n\
         [variables]\nadmin_key = {{ required = true, secret = true }}\n\
         tick_key = {{ required = true, secret = true }}\n\
         [[trigger.http]]\nroute = \"/...\"\ncomponent = \"c\"\n\
         [[trigger.http]]\nroute = \"/internal/tick\"\ncomponent = \"c\"\n\
         [component.c]\nsource = '{}'\nkey_value_stores = [\"default\"]\n",
        wasm().display()
    );
    fs::write(&manifest, written).unwrap();
    let mut command = command(&state);
    command.arg("--from").arg(&manifest);
    let mut process = start(&mut command);
    let shown = process.printed.find("sk_admin_").expect("the key is shown");
    let key = process.printed[shown..].split_whitespace().next().unwrap().to_string();
    assert_eq!(key.len(), "sk_admin_".len() + 32);
    let kept = fs::read_to_string(state.path().join("secrets.json")).unwrap();
    assert!(kept.contains(&key));

    let begun = Instant::now();
    let tick = loop {
        let tick = text(&process, "/do/get?key=tick").await;
        if tick != "none" {
            break tick;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "no tick came");
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    assert!(tick.starts_with("POST "), "{tick}");
    assert!(tick.contains("authorization: Bearer ") && !tick.contains(&key), "{tick}");

    process.child.kill().unwrap();
    let process = start(&mut command);
    assert!(!process.printed.contains("sk_admin_"), "{}", process.printed);
    assert!(process.printed.contains("$HUIYIN_KEY"), "{}", process.printed);

    let renewed = command.arg("new-admin-key").output().unwrap();
    let renewed = String::from_utf8(renewed.stdout).unwrap();
    assert!(renewed.starts_with("sk_admin_") && renewed.trim() != key, "{renewed}");
    let kept = fs::read_to_string(state.path().join("secrets.json")).unwrap();
    assert!(kept.contains(renewed.trim()) && !kept.contains(&key));
}
