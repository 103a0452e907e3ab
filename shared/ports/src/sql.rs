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
    /// Whether it is a read that may be asked before the commit has the lock, too: where it returns
    /// no row there is nothing to wait for.
    pub early: bool,
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

impl StoreError {
    /// What an error of SQLite means, which reaches a guest as text alone: ours is the fault that
    /// names a part of a statement; everything else passes, or is mended by the operator.
    pub fn of(text: String) -> StoreError {
        const OURS: [&str; 6] = [
            "syntax error",
            "no such",
            "constraint failed",
            "datatype mismatch",
            "bind or column index",
            "has no column",
        ];
        // A damaged file whose schema cannot be read quotes what it stumbled over.
        let is_damaged = text.contains("malformed database schema");
        if !is_damaged && OURS.iter().any(|it| text.contains(it)) {
            StoreError::Broken(text)
        } else {
            StoreError::Unavailable(text)
        }
    }
}

/// Whether an error of SQLite says that somebody else has the lock.
pub fn is_locked(text: &str) -> bool {
    text.contains("is locked")
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

/// One row, in the order that the statement names its columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Row(pub Vec<Value>);

impl Row {
    /// Reads the row from left to right and checks once, at the end.
    pub fn read<T>(self, read: fn(&mut Cells) -> T) -> Result<T, Corrupt> {
        let mut cells = Cells { left: self.0.into_iter(), at: 0, fault: None };
        let it = read(&mut cells);
        cells.fault.map_or(Ok(it), Err)
    }
}

/// The values of a row, taken out in the order that the statement names its columns.
///
/// A value of another kind than asked for is noted, and a stand-in takes its place.
#[derive(Debug)]
pub struct Cells {
    left: std::vec::IntoIter<Value>,
    at: usize,
    fault: Option<Corrupt>,
}

impl Cells {
    /// The next value, a text.
    pub fn text(&mut self) -> String {
        match self.next() {
            Some(Value::Text(text)) => text,
            other => self.refuse("text", other),
        }
    }

    /// The next value, an integer.
    pub fn integer(&mut self) -> i64 {
        match self.next() {
            Some(Value::Integer(integer)) => integer,
            other => self.refuse("an integer", other),
        }
    }

    /// The next value, an integer that stands for true or false.
    pub fn flag(&mut self) -> bool {
        self.integer() != 0
    }

    /// The next value, an integer if it is not null.
    pub fn integer_or_null(&mut self) -> Option<i64> {
        match self.next() {
            Some(Value::Integer(integer)) => Some(integer),
            Some(Value::Null) => None,
            other => self.refuse("an integer", other),
        }
    }

    /// The next value, the 32 bytes of a hash.
    pub fn hash(&mut self) -> [u8; 32] {
        match self.next() {
            Some(Value::Blob(bytes)) if bytes.len() == 32 => bytes.try_into().unwrap_or_default(),
            other => self.refuse("32 bytes", other),
        }
    }

    /// The next value, a count of things.
    pub fn count(&mut self) -> u64 {
        match self.next() {
            Some(Value::Integer(integer)) if 0 <= integer => integer.unsigned_abs(),
            other => self.refuse("a count", other),
        }
    }

    /// The next value, some bytes.
    pub fn bytes(&mut self) -> Vec<u8> {
        match self.next() {
            Some(Value::Blob(bytes)) => bytes,
            other => self.refuse("bytes", other),
        }
    }

    /// The next value, a histogram: eleven counts in one text, parted by blanks.
    pub fn histogram(&mut self) -> [u64; 11] {
        let found = self.next();
        let Some(Value::Text(text)) = &found else { return self.refuse("a histogram", found) };
        let mut numbers = text.split(' ').map(|it| it.parse().ok());
        match counts(&mut numbers) {
            Some(counts) => counts,
            None => self.refuse("eleven counts", found),
        }
    }

    /// The next value, histograms day by day: a day and eleven counts each, parted by blanks,
    /// with semicolons between. Many days in one text cross from the host to the guest at once.
    pub fn days(&mut self) -> Vec<(i64, [u64; 11])> {
        let found = self.next();
        let Some(Value::Text(text)) = &found else { return self.refuse("days", found) };
        let mut days = Vec::new();
        for day in text.split(';') {
            let mut numbers = day.split(' ').map(|it| it.parse::<i64>().ok());
            let day = numbers.next().flatten();
            let mut rest = numbers.map(|it| it.and_then(|it| u64::try_from(it).ok()));
            match day.zip(counts(&mut rest)) {
                Some(day) => days.push(day),
                None => return self.refuse("a day and eleven counts", found),
            }
        }
        days
    }

    fn next(&mut self) -> Option<Value> {
        self.at += 1;
        self.left.next()
    }

    fn refuse<T: Default>(&mut self, expected: &str, found: Option<Value>) -> T {
        self.fault.get_or_insert_with(|| wrong(self.at, expected, found.as_ref()));
        T::default()
    }
}

fn counts(numbers: &mut dyn Iterator<Item = Option<u64>>) -> Option<[u64; 11]> {
    let mut counts = [0; 11];
    for count in &mut counts {
        *count = numbers.next()??;
    }
    Some(counts)
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
        Write { statement: self, guarded: false, early: false }
    }

    /// A read that must return a row, asked while the commit waits for the lock and once more when
    /// it has it. It decides nothing: it spares those who come too late the wait.
    pub fn early(self) -> Write {
        Write { statement: self, guarded: true, early: true }
    }

    /// As a part of a commit that must return a row.
    pub fn guarded(self) -> Write {
        Write { statement: self, guarded: true, early: false }
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

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Value {
        Value::Blob(bytes)
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

    /// Runs a statement whose first parameter is a JSON array of rows, alone or together with
    /// those of other requests that are equal but for their rows. Each request gets what the
    /// statement returns for all of them.
    async fn gathered(&self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        self.rows(statement).await
    }

    /// Runs every write in one transaction, all or nothing.
    async fn commit(&self, writes: Vec<Write>) -> Result<Committed, StoreError>;

    /// The same for what may be lost: where somebody else has the lock, it is given up at once.
    async fn jot(&self, writes: Vec<Write>) -> Result<Committed, StoreError> {
        self.commit(writes).await
    }

    /// Runs a read and decodes it.
    async fn fetch<T>(&self, query: Query<T>) -> Result<T, StoreError> {
        let rows = self.rows(query.statement).await?;
        Ok((query.decode)(rows)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_histogram_is_eleven_counts_and_nothing_else() {
        let read = |value: Value| Row(vec![value]).read(Cells::histogram);
        let counts = read("0 1 2 3 4 5 6 7 8 9 10".into()).unwrap();
        assert_eq!(counts, std::array::from_fn(|at| at as u64));
        for wrong in ["", "1 2", "0 1 2 3 4 5 6 7 8 9 x", "0 1 2 3 4 5 6 7 8 9 -1"] {
            assert!(read(wrong.into()).is_err(), "{wrong}");
        }
        assert!(read(Value::Null).is_err() && read(Value::Integer(1)).is_err());
        let days = |text: &str| Row(vec![text.into()]).read(Cells::days);
        let two = days("-3 0 1 2 3 4 5 6 7 8 9 10;20779 1 0 0 0 0 0 0 0 0 0 0").unwrap();
        assert_eq!((two[0], two[1].0), ((-3, counts), 20_779));
        for wrong in ["", "1", "1 2;", "1 0 1 2 3 4 5 6 7 8 9"] {
            assert!(days(wrong).is_err(), "{wrong}");
        }
    }
}
