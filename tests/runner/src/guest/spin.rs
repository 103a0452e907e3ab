//! Spin's own interfaces as components see them: SQLite, key-value and variables.
//!
//! Only glue: what the calls do is in `sqlite` and `key_value`.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use tokio::sync::{mpsc, oneshot};
use wasmtime::{
    StoreContextMut,
    component::{
        Accessor, Destination, FutureReader, HasData, Linker, Resource, ResourceTableError,
        StreamProducer, StreamReader, StreamResult, VecBuffer,
    },
};

use super::Host;
use crate::{
    component::Component,
    manifest::is_variable_name,
    sqlite::{self, Connection, End, Hold, Outcome},
};

pub(crate) use bindings::spin::{
    key_value::key_value::Error as KeyValueError,
    sqlite::sqlite::{Error as SqliteError, RowResult as Row, Value},
};

mod bindings {
    wasmtime::component::bindgen!({
        path: "wit",
        world: "local:host/guest",
        imports: { default: async | trappable },
        trappable_error_type: {
            "spin:sqlite/sqlite@3.1.0.error" => super::SqliteFault,
            "spin:key-value/key-value@3.0.0.error" => super::KeyValueFault,
            "spin:variables/variables@3.0.0.error" => super::VariablesFault,
        },
        with: {
            "spin:sqlite/sqlite@3.1.0.connection": crate::sqlite::Connection,
            "spin:key-value/key-value@3.0.0.store": super::OpenStore,
        },
    });
}

use bindings::spin::{
    key_value::key_value as key_value_wit, sqlite::sqlite as sqlite_wit,
    variables::variables as variables_wit,
};

/// Offers the three interfaces to components.
pub(super) fn add_to_linker(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    sqlite_wit::add_to_linker::<Host, Spin>(linker, |host| host)?;
    key_value_wit::add_to_linker::<Host, Spin>(linker, |host| host)?;
    variables_wit::add_to_linker::<Host, Spin>(linker, |host| host)
}

/// Names the view of [`Host`] that Spin's interfaces get.
struct Spin;

impl HasData for Spin {
    type Data<'a> = &'a mut Host;
}

macro_rules! fault {
    ($fault:ident, $error:ty, $host:path) => {
        /// An error for the guest, or a fault that costs the instance.
        pub(crate) enum $fault {
            Error($error),
            Trap(wasmtime::Error),
        }

        impl From<$error> for $fault {
            fn from(error: $error) -> Self {
                $fault::Error(error)
            }
        }

        impl From<ResourceTableError> for $fault {
            fn from(error: ResourceTableError) -> Self {
                $fault::Trap(error.into())
            }
        }

        impl $host for Host {
            fn convert_error(&mut self, fault: $fault) -> wasmtime::Result<$error> {
                match fault {
                    $fault::Error(error) => Ok(error),
                    $fault::Trap(trap) => Err(trap),
                }
            }
        }
    };
}

fault!(SqliteFault, sqlite_wit::Error, sqlite_wit::Host);
fault!(KeyValueFault, key_value_wit::Error, key_value_wit::Host);
fault!(VariablesFault, variables_wit::Error, variables_wit::Host);

impl Host {
    fn open_connection(&mut self, database: &str) -> Result<Resource<Connection>, SqliteFault> {
        if !self.component.sqlite_databases.contains(database) {
            return Err(SqliteError::AccessDenied.into());
        }
        if sqlite::CONNECTIONS_MAX <= self.connections {
            return Err(SqliteError::Io("too many connections opened".to_string()).into());
        }
        let connection = Connection::new(self.component.shared.sqlite.clone());
        self.connections += 1;
        Ok(self.table.push(connection)?)
    }
}

impl<T: Send> sqlite_wit::HostConnectionWithStore<T> for Spin {
    async fn open_async(
        store: &Accessor<T, Self>,
        database: String,
    ) -> Result<Resource<Connection>, SqliteFault> {
        store.with(|mut access| access.get().open_connection(&database))
    }

    async fn execute_async(
        store: &Accessor<T, Self>,
        connection: Resource<Connection>,
        statement: String,
        parameters: Vec<Value>,
    ) -> Result<(Vec<String>, Rows, FutureReader<Result<(), SqliteError>>), SqliteFault> {
        let connection = connection_of(store, &connection)?;
        let answer = connection.execute(statement, parameters).await.map_err(trap)??;
        store.with(|mut access| {
            let (rows, result) = match answer.end {
                End::Done(result) => {
                    let result =
                        FutureReader::new(&mut access, std::future::ready(wasm_ok(result)));
                    (StreamReader::new(&mut access, answer.rows), result)
                }
                End::Held(mut hold) => {
                    let result = hold.result.take();
                    let rows = Unread::new(answer.rows, Some(hold), None);
                    let result = FutureReader::new(&mut access, known(result));
                    (StreamReader::new(&mut access, rows), result)
                }
                End::Streaming(more, result) => {
                    let rows = Unread::new(answer.rows, None, Some(more));
                    let result = FutureReader::new(&mut access, known(Some(result)));
                    (StreamReader::new(&mut access, rows), result)
                }
            };
            let rows = rows.map_err(SqliteFault::Trap)?;
            Ok((answer.columns, rows, result.map_err(SqliteFault::Trap)?))
        })
    }

    async fn last_insert_rowid_async(
        store: &Accessor<T, Self>,
        connection: Resource<Connection>,
    ) -> wasmtime::Result<i64> {
        let connection = connection_of(store, &connection)?;
        Ok(connection.ask(rusqlite::Connection::last_insert_rowid).await)
    }

    async fn changes_async(
        store: &Accessor<T, Self>,
        connection: Resource<Connection>,
    ) -> wasmtime::Result<u64> {
        let connection = connection_of(store, &connection)?;
        Ok(connection.ask(rusqlite::Connection::changes).await)
    }
}

type Rows = StreamReader<Row>;

fn wasm_ok<T>(value: T) -> wasmtime::Result<T> {
    Ok(value)
}

fn trap(reason: &'static str) -> SqliteFault {
    SqliteFault::Trap(wasmtime::Error::msg(reason))
}

fn connection_of<T: Send>(
    store: &Accessor<T, Spin>,
    connection: &Resource<Connection>,
) -> Result<Connection, ResourceTableError> {
    store.with(|mut access| access.get().table.get(connection).cloned())
}

async fn known(
    result: Option<oneshot::Receiver<Outcome>>,
) -> wasmtime::Result<Result<(), SqliteError>> {
    let Some(result) = result else { return Ok(Ok(())) };
    match result.await {
        Ok(Outcome::Result(result)) => Ok(result),
        Ok(Outcome::Trap(reason)) => Err(wasmtime::Error::msg(reason)),
        Err(_) => Err(wasmtime::Error::msg("the statement panicked")),
    }
}

/// Rows the component has not read yet.
struct Unread {
    ready: std::vec::IntoIter<Row>,
    hold: Option<Hold>,
    more: Option<mpsc::Receiver<Row>>,
}

impl Unread {
    fn new(ready: Vec<Row>, hold: Option<Hold>, more: Option<mpsc::Receiver<Row>>) -> Unread {
        Unread { ready: ready.into_iter(), hold, more }
    }

    fn take(&mut self, count: usize) -> Vec<Row> {
        let rows = self.ready.by_ref().take(count).collect();
        if self.ready.len() <= sqlite::SLOTS {
            self.hold = None;
        }
        rows
    }
}

impl<D> StreamProducer<D> for Unread {
    type Item = Row;
    type Buffer = VecBuffer<Row>;

    fn poll_produce<'a>(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        mut store: StoreContextMut<'a, D>,
        mut destination: Destination<'a, Row, VecBuffer<Row>>,
        finish: bool,
    ) -> Poll<wasmtime::Result<StreamResult>> {
        let wanted = destination.remaining(&mut store).unwrap_or(sqlite::SLOTS);
        if wanted == 0 {
            // The component only asks whether a read would wait.
            return Poll::Ready(Ok(StreamResult::Completed));
        }
        let rows = self.take(wanted);
        if !rows.is_empty() {
            let is_last = self.ready.len() == 0 && self.more.is_none();
            destination.set_buffer(rows.into());
            let result = if is_last { StreamResult::Dropped } else { StreamResult::Completed };
            return Poll::Ready(Ok(result));
        }
        let Some(more) = &mut self.more else {
            return Poll::Ready(Ok(StreamResult::Dropped));
        };
        let mut rows = Vec::new();
        match more.poll_recv_many(context, &mut rows, wanted.min(sqlite::SLOTS)) {
            Poll::Ready(0) => Poll::Ready(Ok(StreamResult::Dropped)),
            Poll::Ready(_) => {
                destination.set_buffer(rows.into());
                Poll::Ready(Ok(StreamResult::Completed))
            }
            Poll::Pending if finish => Poll::Ready(Ok(StreamResult::Cancelled)),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl sqlite_wit::HostConnection for Host {
    async fn open(&mut self, database: String) -> Result<Resource<Connection>, SqliteFault> {
        self.open_connection(&database)
    }

    async fn execute(
        &mut self,
        connection: Resource<Connection>,
        statement: String,
        parameters: Vec<Value>,
    ) -> Result<sqlite_wit::QueryResult, SqliteFault> {
        let connection = self.table.get(&connection)?.clone();
        let answer = connection.execute(statement, parameters).await.map_err(trap)??;
        let sqlite::Answer { columns, mut rows, end } = answer;
        let mut bytes = rows.iter().map(size).sum::<usize>();
        match end {
            End::Done(result) => result?,
            End::Held(mut hold) => {
                let result = hold.result.take();
                drop(hold);
                known(result).await.map_err(SqliteFault::Trap)??;
            }
            End::Streaming(mut more, result) => {
                while let Some(row) = more.recv().await {
                    bytes += size(&row);
                    if sqlite::RESULT_BYTES_MAX < bytes {
                        return Err(sqlite::too_large().into());
                    }
                    rows.push(row);
                }
                known(Some(result)).await.map_err(SqliteFault::Trap)??;
            }
        }
        Ok(sqlite_wit::QueryResult { columns, rows })
    }

    async fn last_insert_rowid(
        &mut self,
        connection: Resource<Connection>,
    ) -> wasmtime::Result<i64> {
        let connection = self.table.get(&connection)?.clone();
        Ok(connection.ask(rusqlite::Connection::last_insert_rowid).await)
    }

    async fn changes(&mut self, connection: Resource<Connection>) -> wasmtime::Result<u64> {
        let connection = self.table.get(&connection)?.clone();
        Ok(connection.ask(rusqlite::Connection::changes).await)
    }

    async fn drop(&mut self, connection: Resource<Connection>) -> wasmtime::Result<()> {
        self.table.delete(connection)?;
        self.connections -= 1;
        Ok(())
    }
}

fn size(row: &Row) -> usize {
    let bytes = row.values.iter().map(|value| match value {
        Value::Text(text) => text.len(),
        Value::Blob(blob) => blob.len(),
        Value::Integer(_) | Value::Real(_) | Value::Null => 0,
    });
    bytes.sum::<usize>() + row.values.len() * size_of::<Value>()
}

/// One opened key-value store: its label.
#[expect(unreachable_pub, reason = "the generated bindings re-export it")]
pub struct OpenStore(String);

fn store_of<T: Send>(
    store: &Accessor<T, Spin>,
    open: &Resource<OpenStore>,
) -> Result<(Arc<Component>, String), ResourceTableError> {
    store.with(|mut access| {
        let host = access.get();
        Ok((Arc::clone(&host.component), host.table.get(open)?.0.clone()))
    })
}

impl<T: Send> key_value_wit::HostStoreWithStore<T> for Spin {
    async fn open(
        store: &Accessor<T, Self>,
        label: String,
    ) -> Result<Resource<OpenStore>, KeyValueFault> {
        store.with(|mut access| {
            let host = access.get();
            match host.component.key_value_stores.contains(&label) {
                true => Ok(host.table.push(OpenStore(label))?),
                false => Err(KeyValueError::AccessDenied.into()),
            }
        })
    }

    async fn get(
        store: &Accessor<T, Self>,
        open: Resource<OpenStore>,
        key: String,
    ) -> Result<Option<Vec<u8>>, KeyValueFault> {
        let (component, label) = store_of(store, &open)?;
        Ok(component.shared.key_value.get(&label, key).await?)
    }

    async fn set(
        store: &Accessor<T, Self>,
        open: Resource<OpenStore>,
        key: String,
        value: Vec<u8>,
    ) -> Result<(), KeyValueFault> {
        let (component, label) = store_of(store, &open)?;
        Ok(component.shared.key_value.set(&label, key, value).await?)
    }

    async fn delete(
        store: &Accessor<T, Self>,
        open: Resource<OpenStore>,
        key: String,
    ) -> Result<(), KeyValueFault> {
        let (component, label) = store_of(store, &open)?;
        Ok(component.shared.key_value.delete(&label, key).await?)
    }

    async fn exists(
        store: &Accessor<T, Self>,
        open: Resource<OpenStore>,
        key: String,
    ) -> Result<bool, KeyValueFault> {
        let (component, label) = store_of(store, &open)?;
        Ok(component.shared.key_value.get(&label, key).await?.is_some())
    }

    async fn get_keys(
        store: &Accessor<T, Self>,
        open: Resource<OpenStore>,
    ) -> wasmtime::Result<(StreamReader<String>, FutureReader<Result<(), KeyValueError>>)> {
        let (component, label) = store_of(store, &open)?;
        let (keys, result) = match component.shared.key_value.keys(&label).await {
            Ok(keys) => (keys, Ok(())),
            Err(error) => (Vec::new(), Err(error)),
        };
        store.with(|mut access| {
            let keys = StreamReader::new(&mut access, keys)?;
            Ok((keys, FutureReader::new(&mut access, std::future::ready(wasm_ok(result)))?))
        })
    }
}

impl key_value_wit::HostStore for Host {
    async fn drop(&mut self, open: Resource<OpenStore>) -> wasmtime::Result<()> {
        self.table.delete(open)?;
        Ok(())
    }
}

impl<T: Send> variables_wit::HostWithStore<T> for Spin {
    async fn get(store: &Accessor<T, Self>, name: String) -> Result<String, VariablesFault> {
        let component = store.with(|mut access| Arc::clone(&access.get().component));
        match component.variables.get(&name) {
            Some(value) => Ok(value.clone()),
            None if is_variable_name(&name) => {
                Err(variables_wit::Error::Undefined(format!("no variable \"{name}\"")).into())
            }
            None => Err(variables_wit::Error::InvalidName(name).into()),
        }
    }
}
