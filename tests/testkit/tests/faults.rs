//! What SQLite says when it cannot: the texts that a guest gets, made by real faults.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use ports::StoreError;
use ports::sql::is_locked;
use rusqlite::{Connection, OpenFlags};

/// A database in a file that goes away.
struct File(PathBuf);

impl File {
    fn new(name: &str) -> File {
        let name = format!("huiyin-fault-{}-{name}.db", std::process::id());
        let file = File(std::env::temp_dir().join(name));
        let made = "create table t (a unique, b check (b <> 2)); insert into t values (1, 1)";
        file.open().execute_batch(made).unwrap();
        file
    }

    fn open(&self) -> Connection {
        let connection = Connection::open(&self.0).unwrap();
        connection.busy_timeout(Duration::ZERO).unwrap();
        connection
    }
}

impl Drop for File {
    fn drop(&mut self) {
        // What is left over is in the system's temporary directory.
        let _ = fs::remove_file(&self.0);
    }
}

/// What a failing statement says.
#[track_caller]
fn said(connection: &Connection, sql: &str) -> String {
    let mut statement = match connection.prepare(sql) {
        Ok(statement) => statement,
        Err(error) => return error.to_string(),
    };
    let mut rows = statement.raw_query();
    loop {
        match rows.next() {
            Ok(Some(_)) => {}
            Ok(None) => panic!("it works: {sql}"),
            Err(error) => return error.to_string(),
        }
    }
}

#[track_caller]
fn passes(said: &str) {
    assert!(matches!(StoreError::of(said.to_owned()), StoreError::Unavailable(_)), "{said}");
}

#[track_caller]
fn is_ours(said: &str) {
    assert!(matches!(StoreError::of(said.to_owned()), StoreError::Broken(_)), "{said}");
    assert!(!is_locked(said), "{said}");
}

#[test]
fn a_lock_is_waited_for_and_passes() {
    let file = File::new("locked");
    let other = file.open();
    other.execute_batch("begin immediate").unwrap();
    let told = said(&file.open(), "insert into t values (2, 3)");
    assert!(is_locked(&told), "{told}");
    passes(&told);
}

#[test]
fn a_full_disk_a_read_only_file_and_a_damaged_one_pass() {
    let file = File::new("full");
    let full = file.open();
    full.pragma_update(None, "max_page_count", 1).unwrap();
    let told = said(&full, "insert into t values (zeroblob(100000), 1)");
    assert!(told.contains("full"), "{told}");
    passes(&told);
    let read = Connection::open_with_flags(&file.0, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let told = said(&read, "insert into t values (2, 3)");
    assert!(told.contains("readonly"), "{told}");
    passes(&told);
    drop((full, read));

    let whole = fs::read(&file.0).unwrap();
    let mut damaged = whole.clone();
    damaged[4096..].fill(0xa5);
    fs::write(&file.0, &damaged).unwrap();
    let told = said(&file.open(), "select * from t");
    assert!(told.contains("malformed"), "{told}");
    passes(&told);
    fs::write(&file.0, "no database ".repeat(1000)).unwrap();
    let told = said(&file.open(), "select * from t");
    assert!(told.contains("not a database"), "{told}");
    passes(&told);
    // A schema that cannot be read quotes a syntax error that is none of ours.
    let made = b"CREATE TABLE";
    let at = whole.windows(made.len()).position(|it| it == made).unwrap();
    let mut damaged = whole;
    damaged[at..at + made.len()].copy_from_slice(b"CREATE TBALE");
    fs::write(&file.0, &damaged).unwrap();
    let told = said(&file.open(), "select * from t");
    assert!(told.contains("malformed database schema"), "{told}");
    passes(&told);
}

#[test]
fn what_is_wrong_with_a_statement_is_ours() {
    let file = File::new("ours");
    let connection = file.open();
    for wrong in [
        "selekt",
        "select * from missing",
        "select c from t",
        "select missing(1)",
        "insert into t values (1, 1)",
        "insert into t values (9, 2)",
        "insert into t (c) values (1)",
    ] {
        is_ours(&said(&connection, wrong));
    }
}
