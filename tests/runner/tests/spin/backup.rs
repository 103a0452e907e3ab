//! Backup and restore by the operator, while the probe is served and while it is not.

use std::{fs, process::Command};

use runner::backup::{self, Choices};
use rusqlite::Connection;

use crate::host::{Probe, Temporary, probe_with};

const SCHEMA: &str = "pragma journal_mode = wal\npragma user_version = 1\ncreate table t (a)";

/// A served probe whose database has a schema.
async fn served(state: &Temporary) -> Probe {
    let path = state.path().to_path_buf();
    let probe = probe_with(|options| options.state_dir = Some(path));
    probe.sql(SCHEMA).await;
    probe.sql("insert into t values (1), (2)").await;
    probe
}

fn command(job: &str, file: &str, state: &Temporary) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_runner"));
    command.arg(job).arg(state.path().join(file)).arg("--state-dir").arg(state.path());
    command
}

/// Whether it went well, and everything it said.
fn run(command: &mut Command) -> (bool, String) {
    let output = command.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

fn count(state: &Temporary, file: &str) -> i64 {
    let database = Connection::open(state.path().join(file)).unwrap();
    database.query_row("select count(*) from t", [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn a_backup_is_whole_while_somebody_writes_and_a_restore_brings_it_back() {
    let state = Temporary::new();
    let probe = served(&state).await;
    // Open, with something that is not committed.
    let other = Connection::open(state.path().join("sqlite_db.db")).unwrap();
    other.execute_batch("begin immediate; insert into t values (3)").unwrap();
    let (is_well, said) = run(&mut command("backup", "b.db", &state));
    assert!(is_well && said.contains("schema 1") && said.contains("secret_key"), "{said}");
    other.execute_batch("commit").unwrap();
    drop(other);
    let sum = fs::read_to_string(state.path().join("b.db.sha256")).unwrap();
    assert!(sum.ends_with("  b.db\n") && said.contains(&sum[..64]), "{sum} {said}");

    let (is_well, said) = run(&mut command("backup", "b.db", &state));
    assert!(!is_well && said.contains("--force"), "{said}");
    let (is_well, said) = run(&mut command("restore", "b.db", &state));
    assert!(!is_well && said.contains("stop it first"), "{said}");
    drop(probe);
    fs::write(state.path().join("sqlite_key_value.db"), "kept").unwrap();
    let (is_well, said) = run(&mut command("restore", "b.db", &state));
    assert!(is_well, "{said}");
    assert!(!state.path().join("sqlite_key_value.db").exists());
    assert_eq!(count(&state, "sqlite_db.db"), 2);
    let database = Connection::open(state.path().join("sqlite_db.db")).unwrap();
    let mode: String = database.query_row("pragma journal_mode", [], |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
    let before = said.split_whitespace().find(|it| it.contains(".before-")).unwrap();
    assert_eq!(count(&state, before), 3, "what was there before is kept");
}

#[tokio::test]
async fn secrets_go_only_where_they_are_asked_to() {
    let state = Temporary::new();
    drop(served(&state).await);
    fs::write(state.path().join("secrets.json"), r#"{"secret_key":"s"}"#).unwrap();
    let secrets = state.path().join("apart.json");
    let (is_well, said) = run(command("backup", "b.db", &state).arg("--secrets").arg(&secrets));
    assert!(is_well && !said.contains("\"s\""), "{said}");
    fs::write(state.path().join("secrets.json"), "{}").unwrap();
    let (is_well, said) = run(command("restore", "b.db", &state).arg("--secrets").arg(&secrets));
    assert!(is_well, "{said}");
    let kept = fs::read_to_string(state.path().join("secrets.json")).unwrap();
    assert!(kept.contains("secret_key"), "{kept}");
    #[cfg(unix)]
    for name in ["b.db", "b.db.sha256", "apart.json", "secrets.json", "sqlite_db.db"] {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(state.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn what_is_no_backup_is_refused_and_nothing_is_left_behind() {
    let state = Temporary::new();
    let path = |name: &str| state.path().join(name);
    let make = |name: &str, level: u32| {
        let database = Connection::open(path(name)).unwrap();
        database.execute_batch("create table t (a)").unwrap();
        database.pragma_update(None, "user_version", level).unwrap();
    };
    make("none.db", 0);
    make("newer.db", 9_999);
    fs::write(path("text.db"), "hello ".repeat(1_000)).unwrap();
    let choices = Choices::default();
    for (name, why) in [
        ("missing.db", "there is no file"),
        ("none.db", "no schema of ours"),
        ("newer.db", "use the version that made it"),
        ("text.db", "no whole database"),
    ] {
        let error = backup::restore(state.path(), &path(name), &choices, &mut |_| {}).unwrap_err();
        assert!(format!("{error:#}").contains(why), "{error:#}");
        assert!(!path("sqlite_db.db").exists(), "{name}");
    }
    let error = backup::make(state.path(), &path("b.db"), &choices, &mut |_| {}).unwrap_err();
    assert!(format!("{error:#}").contains("there is no database"), "{error:#}");
    // A database that is damaged makes no backup.
    fs::copy(path("text.db"), path("sqlite_db.db")).unwrap();
    assert!(backup::make(state.path(), &path("b.db"), &choices, &mut |_| {}).is_err());
    for left in ["b.db", "b.db.part", "b.db.sha256", "sqlite_db.db.part"] {
        assert!(!path(left).exists(), "{left}");
    }
}
