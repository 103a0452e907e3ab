//! The SQL port over rusqlite, with the settings that Spin's SQLite has.

use std::cell::{Cell, Ref, RefCell};

use ports::{Committed, Row, Sql, Statement, StoreError, Value, Write};
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::types::{Value as Cell_, ValueRef};

/// A migrated database in memory.
pub struct Memory {
    connection: RefCell<Connection>,
    is_broken: Cell<bool>,
}

impl Default for Memory {
    fn default() -> Memory {
        Memory::new()
    }
}

impl Memory {
    /// A new one, migrated.
    pub fn new() -> Memory {
        let connection = Connection::open_in_memory().expect("SQLite in memory");
        connection.pragma_update(None, "foreign_keys", true).expect("foreign keys");
        for statement in store::migrations::after(0) {
            connection.execute(statement, []).unwrap_or_else(|it| panic!("{it}: {statement}"));
        }
        connection.execute_batch(store::migrations::APPLIED).expect("the number of migrations");
        Memory { connection: RefCell::new(connection), is_broken: Cell::new(false) }
    }

    /// Another one with the same in it.
    pub fn copy(&self) -> Memory {
        let mut copy = Connection::open_in_memory().expect("SQLite in memory");
        copy.pragma_update(None, "foreign_keys", true).expect("foreign keys");
        let from = self.connection.borrow();
        let backup = Backup::new(&from, &mut copy).and_then(|it| it.step(-1));
        assert_eq!(backup.expect("a copy"), StepResult::Done);
        Memory { connection: RefCell::new(copy), is_broken: self.is_broken.clone() }
    }

    /// Makes every further statement fail.
    pub fn break_down(&self) {
        self.is_broken.set(true);
    }

    /// The connection itself.
    pub fn connection(&self) -> Ref<'_, Connection> {
        self.connection.borrow()
    }

    fn run(&self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        if self.is_broken.get() {
            return Err(StoreError::Unavailable("disk I/O error".to_owned()));
        }
        rows(&self.connection.borrow(), statement).map_err(|it| StoreError::Broken(it.to_string()))
    }
}

impl Sql for Memory {
    async fn rows(&self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        self.run(statement)
    }

    async fn commit(&self, writes: Vec<Write>) -> Result<Committed, StoreError> {
        use store::migrations::{BEGIN, COMMIT, ROLLBACK};
        let plain = |text| self.run(Statement { text, params: Vec::new() });
        plain(BEGIN)?;
        for (at, write) in writes.into_iter().enumerate() {
            match self.run(write.statement) {
                Ok(rows) if write.guarded && rows.is_empty() => {
                    plain(ROLLBACK)?;
                    return Ok(Committed::Refused(at));
                }
                Ok(_) => {}
                Err(error) => {
                    plain(ROLLBACK)?;
                    return Err(error);
                }
            }
        }
        plain(COMMIT)?;
        Ok(Committed::Done)
    }
}

/// Runs a statement of the store on a connection.
pub fn rows(connection: &Connection, statement: Statement) -> rusqlite::Result<Vec<Row>> {
    let mut prepared = connection.prepare_cached(statement.text)?;
    let columns = prepared.column_count();
    let params = rusqlite::params_from_iter(statement.params.into_iter().map(bind));
    let mut found = prepared.query(params)?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let values = (0..columns).map(|at| row.get_ref(at).map(read));
        rows.push(Row(values.collect::<rusqlite::Result<_>>()?));
    }
    Ok(rows)
}

fn bind(value: Value) -> Cell_ {
    match value {
        Value::Integer(it) => Cell_::Integer(it),
        Value::Real(it) => Cell_::Real(it),
        Value::Text(it) => Cell_::Text(it),
        Value::Blob(it) => Cell_::Blob(it),
        Value::Null => Cell_::Null,
    }
}

fn read(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Integer(it) => Value::Integer(it),
        ValueRef::Real(it) => Value::Real(it),
        ValueRef::Text(it) => Value::Text(String::from_utf8_lossy(it).into_owned()),
        ValueRef::Blob(it) => Value::Blob(it.to_vec()),
        ValueRef::Null => Value::Null,
    }
}
