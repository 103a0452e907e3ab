//! SQLite as Spin's local backend serves it, thorns included.
//!
//! Every `open` is a connection of its own, opened at its first statement with SQLite's defaults.
//! Only the first statement of a string runs, errors arrive with the end of the result, and a
//! result with more than four unread rows keeps the connection to itself.
//!
//! Where this differs from Spin: up to [`EAGER_ROWS_MAX`] rows are read in one go instead of four
//! by four, so the statement ends, and its lock on the file with it, before the component has
//! read them all. The connection is held exactly as long as there.

use std::{path::PathBuf, sync::Arc, time::Duration};

use rusqlite::{
    hooks::{AuthAction, AuthContext, Authorization},
    types::{ToSqlOutput, ValueRef},
};
use tokio::sync::{Mutex, OwnedMutexGuard, mpsc, oneshot};

use crate::guest::{Row, SqliteError as Error, Value};

/// Rows that may wait unread without holding the connection.
pub(crate) const SLOTS: usize = 4;
/// Open connections one instance may have.
pub(crate) const CONNECTIONS_MAX: usize = 256;
/// Bytes one streamed row, or one whole result of the synchronous call, may take.
pub(crate) const RESULT_BYTES_MAX: usize = 128 << 20;
/// Rows read ahead in one go; a page of any list of ours fits.
const EAGER_ROWS_MAX: usize = 256;
/// Bytes read ahead in one go.
const EAGER_BYTES_MAX: usize = 4 << 20;
/// How long a statement waits for another connection's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Where databases live.
#[derive(Debug, Clone)]
pub(crate) enum Location {
    /// A new empty database at every open.
    Memory,
    /// One file for all.
    File(PathBuf),
}

/// One `Connection::open` of a component.
#[derive(Clone)]
#[expect(unreachable_pub, reason = "the generated bindings re-export it")]
pub struct Connection {
    location: Location,
    inner: Arc<Mutex<Option<rusqlite::Connection>>>,
}

/// What a statement gave back.
pub(crate) struct Answer {
    /// Column names; empty when the statement could not be prepared.
    pub(crate) columns: Vec<String>,
    /// The first rows, all of them unless `end` says otherwise.
    pub(crate) rows: Vec<Row>,
    /// What comes after `rows`.
    pub(crate) end: End,
}

/// How a result goes on after its first rows.
pub(crate) enum End {
    /// It does not; the connection is free again.
    Done(Result<(), Error>),
    /// It does not, but the connection is held until at most [`SLOTS`] rows are unread.
    Held(Hold),
    /// With the rows of this channel, whose sender holds the connection.
    Streaming(mpsc::Receiver<Row>, oneshot::Receiver<Outcome>),
}

/// How a statement ended.
pub(crate) enum Outcome {
    /// With a result that the component sees.
    Result(Result<(), Error>),
    /// With a fault that costs the instance.
    Trap(&'static str),
}

/// A connection in use by one statement; opened by the first.
type Guard = OwnedMutexGuard<Option<rusqlite::Connection>>;

/// A held connection and the result that becomes known when it is let go.
pub(crate) struct Hold {
    held: Option<(Guard, Result<(), Error>)>,
    known: Option<oneshot::Sender<Outcome>>,
    /// Resolves when the connection is let go.
    pub(crate) result: Option<oneshot::Receiver<Outcome>>,
}

impl Drop for Hold {
    fn drop(&mut self) {
        if let (Some((guard, result)), Some(known)) = (self.held.take(), self.known.take()) {
            drop(guard);
            // Nobody listens when the component dropped the result.
            let _ = known.send(Outcome::Result(result));
        }
    }
}

/// A text that is not UTF-8: it panics Spin's host, which costs the instance.
const NOT_UTF8: &str = "a TEXT value is not valid UTF-8";

enum Fault {
    Error(Error),
    Trap(&'static str),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Fault {
        Fault::Error(Error::Io(error.to_string()))
    }
}

impl Connection {
    pub(crate) fn new(location: Location) -> Connection {
        Connection { location, inner: Arc::new(Mutex::new(None)) }
    }

    /// Runs the first statement of `sql`. `Err` is a fault that costs the instance.
    pub(crate) async fn execute(
        &self,
        sql: String,
        parameters: Vec<Value>,
    ) -> Result<Result<Answer, Error>, &'static str> {
        let location = self.location.clone();
        let guard = Arc::clone(&self.inner).lock_owned().await;
        let (sender, receiver) = oneshot::channel();
        tokio::task::spawn_blocking(move || run(guard, &location, &sql, &parameters, sender));
        receiver.await.unwrap_or(Err("the statement panicked"))
    }

    /// Asks an open connection something that needs no statement.
    pub(crate) async fn ask<T: Default>(&self, ask: impl Fn(&rusqlite::Connection) -> T) -> T {
        self.inner.lock().await.as_ref().map(ask).unwrap_or_default()
    }
}

fn open(location: &Location) -> rusqlite::Result<rusqlite::Connection> {
    let connection = match location {
        Location::Memory => rusqlite::Connection::open_in_memory()?,
        Location::File(path) => rusqlite::Connection::open(path)?,
    };
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.authorizer(Some(authorize));
    Ok(connection)
}

// `vacuum into` attaches its target too, so this one rule covers both.
fn authorize(context: AuthContext<'_>) -> Authorization {
    match context.action {
        AuthAction::Attach { filename: "" | ":memory:" } => Authorization::Allow,
        AuthAction::Attach { .. } => Authorization::Deny,
        _ => Authorization::Allow,
    }
}

type Answered = oneshot::Sender<Result<Result<Answer, Error>, &'static str>>;

fn run(mut guard: Guard, location: &Location, sql: &str, parameters: &[Value], answered: Answered) {
    if guard.is_none() {
        match open(location) {
            Ok(connection) => *guard = Some(connection),
            Err(error) => {
                let _ = answered.send(Ok(Err(Error::Io(error.to_string()))));
                return;
            }
        }
    }
    let Some(connection) = guard.as_ref() else { return };
    let mut answer = Answer { columns: Vec::new(), rows: Vec::new(), end: End::Done(Ok(())) };
    let mut answered = Some(answered);
    let result = match query(connection, sql, parameters, &mut answer, &mut answered) {
        Ok(()) => Ok(()),
        Err(Fault::Error(error)) => Err(error),
        Err(Fault::Trap(reason)) => {
            if let Some(answered) = answered {
                let _ = answered.send(Err(reason));
            }
            return;
        }
    };
    // A streamed result has answered already.
    let Some(answered) = answered else { return };
    answer.end = match answer.rows.len() {
        0..=SLOTS => {
            // Free before the component can ask for it again.
            drop(guard);
            End::Done(result)
        }
        _ => {
            let (known, receiver) = oneshot::channel();
            let held = Some((guard, result));
            End::Held(Hold { held, known: Some(known), result: Some(receiver) })
        }
    };
    let _ = answered.send(Ok(Ok(answer)));
}

fn query(
    connection: &rusqlite::Connection,
    sql: &str,
    parameters: &[Value],
    answer: &mut Answer,
    answered: &mut Option<Answered>,
) -> Result<(), Fault> {
    let mut statement = connection.prepare_cached(sql)?;
    answer.columns = statement.column_names().into_iter().map(str::to_string).collect();
    let width = answer.columns.len();
    let mut rows = statement.query(rusqlite::params_from_iter(parameters.iter().map(Bound)))?;
    let mut bytes = 0;
    while let Some(row) = rows.next()? {
        let (row, size) = read(row, width)?;
        bytes += size;
        answer.rows.push(row);
        if EAGER_ROWS_MAX <= answer.rows.len() || EAGER_BYTES_MAX <= bytes {
            return stream(rows, width, answer, answered);
        }
    }
    Ok(())
}

// Sends the rest of a long result row by row, holding the connection meanwhile.
fn stream(
    mut rows: rusqlite::Rows<'_>,
    width: usize,
    answer: &mut Answer,
    answered: &mut Option<Answered>,
) -> Result<(), Fault> {
    let (sender, receiver) = mpsc::channel(SLOTS);
    let (known, result) = oneshot::channel();
    let answer = Answer {
        columns: std::mem::take(&mut answer.columns),
        rows: std::mem::take(&mut answer.rows),
        end: End::Streaming(receiver, result),
    };
    if let Some(answered) = answered.take() {
        let _ = answered.send(Ok(Ok(answer)));
    }
    let mut send_all = || -> Result<(), Fault> {
        while let Some(row) = rows.next()? {
            let (row, _) = read(row, width)?;
            if sender.blocking_send(row).is_err() {
                // The component dropped the rows.
                return Ok(());
            }
        }
        Ok(())
    };
    let outcome = match send_all() {
        Ok(()) => Outcome::Result(Ok(())),
        Err(Fault::Error(error)) => Outcome::Result(Err(error)),
        Err(Fault::Trap(reason)) => Outcome::Trap(reason),
    };
    let _ = known.send(outcome);
    Ok(())
}

fn read(row: &rusqlite::Row<'_>, width: usize) -> Result<(Row, usize), Fault> {
    let mut values = Vec::with_capacity(width);
    let mut bytes = 0;
    for column in 0..width {
        let value = match row.get_ref(column)? {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(number) => Value::Integer(number),
            ValueRef::Real(number) => Value::Real(number),
            ValueRef::Text(text) => {
                let text = std::str::from_utf8(text).map_err(|_| Fault::Trap(NOT_UTF8))?;
                bytes += text.len();
                Value::Text(text.to_string())
            }
            ValueRef::Blob(blob) => {
                bytes += blob.len();
                Value::Blob(blob.to_vec())
            }
        };
        bytes += size_of::<Value>();
        values.push(value);
    }
    match bytes <= RESULT_BYTES_MAX {
        true => Ok((Row { values }, bytes)),
        false => Err(Fault::Error(too_large())),
    }
}

/// The error for more than [`RESULT_BYTES_MAX`].
pub(crate) fn too_large() -> Error {
    Error::Io(format!("query result exceeds limit of {RESULT_BYTES_MAX} bytes"))
}

struct Bound<'a>(&'a Value);

impl rusqlite::ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Null => ValueRef::Null,
            Value::Integer(number) => ValueRef::Integer(*number),
            Value::Real(number) => ValueRef::Real(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Blob(blob) => ValueRef::Blob(blob),
        }))
    }
}
