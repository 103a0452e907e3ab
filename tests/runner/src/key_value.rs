//! The key-value store as Spin keeps it: one SQLite file, one connection behind one lock.

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{OptionalExtension as _, params};

use crate::{
    guest::KeyValueError as Error,
    sqlite::{Location, RESULT_BYTES_MAX},
};

const SCHEMA: &str = "
    create table if not exists spin_key_value (
        store text not null,
        key   text not null,
        value blob not null,
        primary key (store, key)
    )";

/// All stores of the application.
#[derive(Clone)]
pub(crate) struct KeyValue {
    location: Location,
    connection: Arc<Mutex<Option<rusqlite::Connection>>>,
}

impl KeyValue {
    pub(crate) fn new(location: Location) -> KeyValue {
        KeyValue { location, connection: Arc::default() }
    }

    pub(crate) async fn get(&self, store: &str, key: String) -> Result<Option<Vec<u8>>, Error> {
        self.run(store, move |connection, store| {
            let sql = "select value from spin_key_value where store = ? and key = ?";
            let mut statement = connection.prepare_cached(sql)?;
            statement.query_row(params![store, key], |row| row.get(0)).optional()
        })
        .await
        .and_then(|value: Option<Vec<u8>>| match value {
            Some(value) if RESULT_BYTES_MAX < value.len() => Err(Error::Other(format!(
                "the value exceeds the limit of {RESULT_BYTES_MAX} bytes"
            ))),
            value => Ok(value),
        })
    }

    pub(crate) async fn set(&self, store: &str, key: String, value: Vec<u8>) -> Result<(), Error> {
        self.run(store, move |connection, store| {
            let sql = "
                insert into spin_key_value (store, key, value) values (?, ?, ?)
                on conflict (store, key) do update set value = excluded.value";
            connection.prepare_cached(sql)?.execute(params![store, key, value])?;
            Ok(())
        })
        .await
    }

    pub(crate) async fn delete(&self, store: &str, key: String) -> Result<(), Error> {
        self.run(store, move |connection, store| {
            let sql = "delete from spin_key_value where store = ? and key = ?";
            connection.prepare_cached(sql)?.execute(params![store, key])?;
            Ok(())
        })
        .await
    }

    pub(crate) async fn keys(&self, store: &str) -> Result<Vec<String>, Error> {
        self.run(store, |connection, store| {
            let sql = "select key from spin_key_value where store = ?";
            let mut statement = connection.prepare_cached(sql)?;
            let keys = statement.query_map(params![store], |row| row.get(0))?;
            keys.collect()
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        store: &str,
        work: impl FnOnce(&rusqlite::Connection, &str) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        let (this, store) = (self.clone(), store.to_string());
        let done = tokio::task::spawn_blocking(move || {
            let mut slot = this.connection.lock().unwrap_or_else(PoisonError::into_inner);
            let connection = match slot.take() {
                Some(connection) => slot.insert(connection),
                None => slot.insert(open(&this.location)?),
            };
            work(connection, &store)
        });
        match done.await {
            Ok(done) => done.map_err(|error| Error::Other(error.to_string())),
            Err(_) => Err(Error::Other("the store's work panicked".to_string())),
        }
    }
}

fn open(location: &Location) -> rusqlite::Result<rusqlite::Connection> {
    let connection = match location {
        Location::Memory => rusqlite::Connection::open_in_memory()?,
        Location::File(path) => rusqlite::Connection::open(path)?,
    };
    connection.execute(SCHEMA, [])?;
    Ok(connection)
}
