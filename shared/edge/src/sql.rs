//! The SQL port over Spin: kept connections, short retries, the schema on first use.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use ports::sql::is_locked;
use ports::{Cells, Committed, Row, Sql, Statement, StoreError, Value, Write};
use spin_sdk::sqlite::{Connection, Error, Value as Theirs};
use spin_sdk::wasip3::random::random::get_random_u64;
use store::migrations;

use crate::{gather, outbound, turn};

/// How long a statement may wait for the write lock in all.
const LOCKED_WAIT_US_MAX: u64 = 30_000_000;
/// After how long it looks each time whether anybody commits at all.
const LOCKED_LOOK_US: u64 = 2_500_000;
/// The shortest pause before trying again.
const LOCKED_PAUSE_US: u64 = 200;
/// What chance adds to it at first, so that those who wait do not march in step.
const LOCKED_JITTER_US: u64 = 300;
/// How often that is doubled at most: up to 77 ms.
const LOCKED_DOUBLINGS_MAX: u32 = 8;

thread_local! {
    // Up to sixteen requests run in an instance at once. Each takes a connection for itself
    // and gives it back; one that failed is dropped, which rolls it back.
    static IDLE: RefCell<Vec<Connection>> = const { RefCell::new(Vec::new()) };
    // Whether this instance has seen the database migrated.
    static MIGRATED: Cell<bool> = const { Cell::new(false) };
    // How often a request of this instance gave up waiting for the lock.
    static GIVEN_UP: Cell<u32> = const { Cell::new(0) };
}

/// The connections of this instance.
pub(crate) struct Pool;

impl Sql for Pool {
    async fn rows(&self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        let connection = take().await?;
        let rows = run(&connection, statement.text, &statement.params).await?;
        give_back(connection);
        Ok(rows)
    }

    async fn gathered(&self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        gather::gathered(statement).await
    }

    async fn commit(&self, writes: Vec<Write>) -> Result<Committed, StoreError> {
        let pause = Pause::new();
        let _turn = turn::turn().await;
        commit(writes, pause).await
    }

    async fn jot(&self, writes: Vec<Write>) -> Result<Committed, StoreError> {
        commit(writes, Pause { is_patient: false, ..Pause::new() }).await
    }
}

async fn commit(writes: Vec<Write>, mut pause: Pause) -> Result<Committed, StoreError> {
    let connection = take().await?;
    loop {
        if let Some(at) = too_late(&connection, &writes).await? {
            give_back(connection);
            return Ok(Committed::Refused(at));
        }
        let begun = attempt(&connection, migrations::BEGIN, &[], &mut pause).await;
        if let Some(begun) = begun {
            begun?;
            break;
        }
    }
    for (at, write) in writes.into_iter().enumerate() {
        let rows = run(&connection, write.statement.text, &write.statement.params).await?;
        if write.guarded && rows.is_empty() {
            run(&connection, migrations::ROLLBACK, &[]).await?;
            give_back(connection);
            return Ok(Committed::Refused(at));
        }
    }
    run(&connection, migrations::COMMIT, &[]).await?;
    give_back(connection);
    Ok(Committed::Done)
}

/// Which write would be refused, of those that can be asked without the lock.
async fn too_late(connection: &Connection, writes: &[Write]) -> Result<Option<usize>, StoreError> {
    for (at, write) in writes.iter().enumerate().filter(|(_, it)| it.early) {
        if run(connection, write.statement.text, &write.statement.params).await?.is_empty() {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

/// Takes an idle connection or opens one; the first in an instance sees to the schema.
pub(crate) async fn take() -> Result<Connection, StoreError> {
    if let Some(connection) = IDLE.with_borrow_mut(Vec::pop) {
        return Ok(connection);
    }
    let connection = open().await?;
    if !MIGRATED.get() {
        see_to_schema(&connection).await?;
        MIGRATED.set(true);
    }
    Ok(connection)
}

async fn open() -> Result<Connection, StoreError> {
    let connection =
        Connection::open_default().await.map_err(|it| StoreError::of(it.to_string()))?;
    for text in migrations::CONNECT {
        set_up(&connection, text).await?;
    }
    Ok(connection)
}

/// Runs a pragma that is ours to send where the database is a file, and a server's where it is not.
async fn set_up(connection: &Connection, text: &'static str) -> Result<(), StoreError> {
    match run(connection, text, &[]).await {
        Err(StoreError::Unavailable(error)) if migrations::is_left_to_server(&error) => Ok(()),
        result => result.map(|_| ()),
    }
}

pub(crate) fn give_back(connection: Connection) {
    IDLE.with_borrow_mut(|idle| idle.push(connection));
}

/// Sees to it that the database has our schema, which one neighbour carries for all.
async fn see_to_schema(connection: &Connection) -> Result<(), StoreError> {
    if migrations::NUMBER <= applied(connection).await? {
        return Ok(());
    }
    outbound::tell("migrate", "/").await;
    if migrations::NUMBER <= applied(connection).await? {
        return Ok(());
    }
    Err(StoreError::Unavailable(
        "the schema is not applied: is http://migrate.spin.internal allowed?".to_owned(),
    ))
}

/// Applies the migrations that are missing, once, whoever comes first.
pub(crate) async fn migrate() -> Result<(), StoreError> {
    let connection = open().await?;
    if migrations::NUMBER <= applied(&connection).await? {
        return Ok(());
    }
    set_up(&connection, migrations::PREPARE).await?;
    run(&connection, migrations::BEGIN, &[]).await?;
    // Another instance may have done it while this one waited for the lock.
    let version = applied(&connection).await?;
    if version < migrations::NUMBER {
        for text in migrations::after(version) {
            run(&connection, text, &[]).await?;
        }
        run(&connection, migrations::APPLIED, &[]).await?;
    }
    run(&connection, migrations::COMMIT, &[]).await?;
    Ok(())
}

async fn applied(connection: &Connection) -> Result<usize, StoreError> {
    let rows = run(connection, migrations::VERSION, &[]).await?;
    let version =
        rows.into_iter().next().map(|row| row.read(Cells::integer)).transpose()?.unwrap_or(0);
    Ok(usize::try_from(version).unwrap_or(0))
}

/// Runs one statement to its end, trying again for as long as others hold the lock.
async fn run(
    connection: &Connection,
    text: &'static str,
    params: &[Value],
) -> Result<Vec<Row>, StoreError> {
    let mut pause = Pause::new();
    loop {
        if let Some(result) = attempt(connection, text, params, &mut pause).await {
            return result;
        }
    }
}

/// How often and how long a statement has waited for the lock.
pub(crate) struct Pause {
    times: u32,
    waited_us: u64,
    /// What others had committed when it was last looked at, and after which wait that was.
    version: Option<i64>,
    looked_us: u64,
    /// How many of the instance had given up when this began to wait.
    given_up: u32,
    /// Whether it waits at all.
    is_patient: bool,
}

impl Pause {
    /// For whom begins to wait now.
    pub(crate) fn new() -> Pause {
        Pause {
            times: 0,
            waited_us: 0,
            version: None,
            looked_us: 0,
            given_up: GIVEN_UP.get(),
            is_patient: true,
        }
    }

    /// Whether it has been long enough.
    async fn is_over(&mut self, connection: &Connection) -> bool {
        // A neighbour waited before this one, and in vain.
        if !self.is_patient || self.given_up != GIVEN_UP.get() {
            return true;
        }
        let mut is_over = LOCKED_WAIT_US_MAX <= self.waited_us;
        if LOCKED_LOOK_US <= self.waited_us - self.looked_us {
            let rows = once(connection, migrations::DATA_VERSION, &[]).await.unwrap_or_default();
            let version = rows.into_iter().next().and_then(|it| it.read(Cells::integer).ok());
            // Nobody committed since: the lock is not passed on, but kept.
            is_over |= 0 < self.looked_us && self.version == version;
            self.version = version;
            self.looked_us = self.waited_us;
        }
        if is_over {
            GIVEN_UP.set(GIVEN_UP.get().wrapping_add(1));
        }
        is_over
    }
}

/// Tries to run one statement; `None` after a pause, because others hold the lock.
pub(crate) async fn attempt(
    connection: &Connection,
    text: &'static str,
    params: &[Value],
    pause: &mut Pause,
) -> Option<Result<Vec<Row>, StoreError>> {
    let error = match once(connection, text, params).await {
        Ok(rows) => return Some(Ok(rows)),
        Err(error) => error,
    };
    let text = error.to_string();
    if !is_locked(&text) || pause.is_over(connection).await {
        return Some(Err(StoreError::of(text)));
    }
    // Twice as long each time: where many wait, trying is what slows down whoever has the lock.
    let pause_us = LOCKED_PAUSE_US + get_random_u64() % (LOCKED_JITTER_US << pause.times);
    pause.times = (pause.times + 1).min(LOCKED_DOUBLINGS_MAX);
    pause.waited_us += pause_us;
    spin_sdk::time::sleep(Duration::from_micros(pause_us)).await;
    None
}

/// Runs one statement once.
pub async fn once(
    connection: &Connection,
    text: &'static str,
    params: &[Value],
) -> Result<Vec<Row>, Error> {
    // An error of the statement arrives only with the end of its rows.
    let rows = connection.execute(text, params.iter().map(bind)).await?.collect().await?;
    Ok(rows.into_iter().map(|row| Row(row.values.into_iter().map(read).collect())).collect())
}

fn bind(value: &Value) -> Theirs {
    match value {
        Value::Integer(it) => Theirs::Integer(*it),
        Value::Real(it) => Theirs::Real(*it),
        Value::Text(it) => Theirs::Text(it.clone()),
        Value::Blob(it) => Theirs::Blob(it.clone()),
        Value::Null => Theirs::Null,
    }
}

fn read(value: Theirs) -> Value {
    match value {
        Theirs::Integer(it) => Value::Integer(it),
        Theirs::Real(it) => Value::Real(it),
        Theirs::Text(it) => Value::Text(it),
        Theirs::Blob(it) => Value::Blob(it),
        Theirs::Null => Value::Null,
    }
}
