//! SQL as values: statements, rows, and the one port that runs them.

use std::fmt;

/// One value, bound or read.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "SQLite's storage classes")]
pub enum Value {
    Integer(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
    Null,
}

/// One SQL statement and the values bound to it.
///
/// `text` is `&'static str`, so a statement can only come from source code; request data
/// reaches the database as a parameter or not at all.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The text, exactly one statement.
    pub text: &'static str,
    /// The values of `?1`, `?2`, ….
    pub params: Vec<Value>,
}

/// A read: a statement, and how to make sense of its rows.
pub struct Query<T> {
    /// What to run.
    pub statement: Statement,
    /// What its rows mean.
    pub decode: fn(Vec<Row>) -> Result<T, Corrupt>,
}

/// A write that is part of a commit.
#[derive(Clone, Debug)]
pub struct Write {
    /// What to run.
    pub statement: Statement,
    /// Whether it must return a row: a guarded update or an insert that may lose a race. When
    /// it returns none, the whole commit is rolled back.
    pub guarded: bool,
}

/// How a commit ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Committed {
    /// Everything is durable.
    Done,
    /// The guarded write at this index returned no row; nothing was written.
    Refused(usize),
}

/// The database could not do it.
#[derive(Debug)]
pub enum StoreError {
    /// Try again later: locked, full, read-only, gone.
    Unavailable(String),
    /// A statement of ours is wrong, or our own data failed to decode.
    Broken(String),
}

impl fmt::Display for StoreError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::Unavailable(why) => write!(formatter, "database unavailable: {why}"),
            StoreError::Broken(why) => write!(formatter, "database misused: {why}"),
        }
    }
}

impl std::error::Error for StoreError {}

/// A row did not hold what its query promises.
#[derive(Debug)]
pub struct Corrupt(pub String);

impl From<Corrupt> for StoreError {
    fn from(corrupt: Corrupt) -> StoreError {
        StoreError::Broken(corrupt.0)
    }
}

/// One row, read by position, in the order that the statement names its columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Row(pub Vec<Value>);

impl Row {
    /// The text at `at`.
    pub fn text(&self, at: usize) -> Result<&str, Corrupt> {
        match self.0.get(at) {
            Some(Value::Text(text)) => Ok(text),
            other => Err(wrong(at, "text", other)),
        }
    }

    /// The integer at `at`.
    pub fn integer(&self, at: usize) -> Result<i64, Corrupt> {
        match self.0.get(at) {
            Some(Value::Integer(integer)) => Ok(*integer),
            other => Err(wrong(at, "an integer", other)),
        }
    }

    /// The integer at `at`, if it is not null.
    pub fn integer_or_null(&self, at: usize) -> Result<Option<i64>, Corrupt> {
        match self.0.get(at) {
            Some(Value::Null) => Ok(None),
            _ => self.integer(at).map(Some),
        }
    }

    /// The text at `at`, if it is not null.
    pub fn text_or_null(&self, at: usize) -> Result<Option<&str>, Corrupt> {
        match self.0.get(at) {
            Some(Value::Null) => Ok(None),
            _ => self.text(at).map(Some),
        }
    }

    /// The 32 bytes of a hash at `at`.
    pub fn hash(&self, at: usize) -> Result<[u8; 32], Corrupt> {
        match self.0.get(at) {
            Some(Value::Blob(bytes)) => {
                bytes.as_slice().try_into().map_err(|_| wrong(at, "32 bytes", self.0.get(at)))
            }
            other => Err(wrong(at, "a blob", other)),
        }
    }
}

/// Says what was expected and what kind of value was there, never the value itself.
fn wrong(at: usize, expected: &str, found: Option<&Value>) -> Corrupt {
    let found = match found {
        None => "no column",
        Some(Value::Integer(_)) => "an integer",
        Some(Value::Real(_)) => "a real",
        Some(Value::Text(_)) => "text",
        Some(Value::Blob(_)) => "a blob",
        Some(Value::Null) => "null",
    };
    Corrupt(format!("column {at}: expected {expected}, found {found}"))
}

impl Statement {
    /// As a part of a commit, whatever it returns.
    pub fn write(self) -> Write {
        Write { statement: self, guarded: false }
    }

    /// As a part of a commit that must return a row.
    pub fn guarded(self) -> Write {
        Write { statement: self, guarded: true }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Value {
        Value::Text(text.clone())
    }
}

impl From<i64> for Value {
    fn from(integer: i64) -> Value {
        Value::Integer(integer)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Value {
        Value::Integer(i64::from(flag))
    }
}

impl From<[u8; 32]> for Value {
    fn from(hash: [u8; 32]) -> Value {
        Value::Blob(hash.to_vec())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, Into::into)
    }
}

/// Runs statements.
#[expect(async_fn_in_trait, reason = "guests are single-threaded; no caller needs Send")]
pub trait Sql {
    /// Runs one statement to its end and returns its rows. A statement is atomic.
    ///
    /// There is no cursor on purpose: Spin keeps the connection locked until a row stream is
    /// drained, so a half-read cursor would stall the next call.
    async fn rows(&self, statement: Statement) -> Result<Vec<Row>, StoreError>;

    /// Runs every write in one transaction, all or nothing.
    async fn commit(&self, writes: Vec<Write>) -> Result<Committed, StoreError>;

    /// Runs a read and decodes it.
    async fn fetch<T>(&self, query: Query<T>) -> Result<T, StoreError> {
        let rows = self.rows(query.statement).await?;
        Ok((query.decode)(rows)?)
    }
}
