//! One commit for several requests of an instance: what waits while one commits goes together in
//! the next.
//!
//! A commit costs a disk's fsync whatever it holds, and only one can run at a time. So the first
//! request leads: it runs the statement, and whoever comes meanwhile hands in its rows and waits.
//! With the answer the leader wakes those it took along, and the first of those who came later
//! leads on. Nobody is answered before the commit that holds its rows.
//!
//! A task of a component must not wake another one itself: wit-bindgen's way to do so traps on
//! wasmtime 48. The host may: whoever waits reads a stream of which the leader holds the other
//! end, and to drop that end is the call.

use std::cell::RefCell;
use std::mem;
use std::rc::Rc;

use ports::{Row, Sql, Statement, StoreError, Value};
use spin_sdk::wasip3::wit_bindgen::StreamWriter;
use spin_sdk::wasip3::wit_stream;

use crate::sql::{Pause, Pool, attempt, give_back, take};

thread_local! {
    static GROUPS: RefCell<Vec<Group>> = const { RefCell::new(Vec::new()) };
}

/// Requests with equal statements but for their rows, of which one leads.
struct Group {
    text: &'static str,
    like: Vec<Value>,
    waiting: Vec<Waiting>,
}

/// A request that has handed in its rows.
struct Waiting {
    rows: String,
    told: Rc<RefCell<Told>>,
    /// Dropped to wake it.
    _wake: StreamWriter<u8>,
}

/// What a request finds when it wakes.
enum Told {
    /// Whoever led is gone.
    Nothing,
    /// Its rows are committed, or were refused with all others.
    Answer(Result<Vec<Row>, StoreError>),
    /// Nobody took its rows along: it leads now.
    Lead(String),
    /// Some request's rows broke the statement of all, so each runs its own.
    Alone(String),
}

/// Runs a statement whose first parameter is a JSON array, together with others like it.
pub(crate) async fn gathered(statement: Statement) -> Result<Vec<Row>, StoreError> {
    let Statement { text, params } = statement;
    let mut params = params.into_iter();
    let Some(Value::Text(mut rows)) = params.next() else {
        return Err(StoreError::Broken("gathered rows are not text".to_owned()));
    };
    let like: Vec<Value> = params.collect();
    if let Some((told, mut wake)) = join(text, &like, &mut rows) {
        let waiter = Waiter { text, like: &like, told };
        let _dropped = wake.read(Vec::with_capacity(1)).await;
        match waiter.told.replace(Told::Nothing) {
            Told::Answer(answer) => return answer,
            Told::Lead(ours) => rows = ours,
            Told::Alone(ours) => return alone(text, ours, like.clone()).await,
            Told::Nothing => {
                return Err(StoreError::Unavailable("the commit was given up".to_owned()));
            }
        }
    }
    let leader = Leader { text, like };
    leader.commit(rows).await
}

type Joined = (Rc<RefCell<Told>>, spin_sdk::wasip3::wit_bindgen::StreamReader<u8>);

/// Hands the rows to whoever leads; `None` if that is the caller itself.
fn join(text: &'static str, like: &[Value], rows: &mut String) -> Option<Joined> {
    GROUPS.with_borrow_mut(|groups| {
        let group = groups.iter_mut().find(|it| it.is(text, like));
        let Some(group) = group else {
            groups.push(Group { text, like: like.to_vec(), waiting: Vec::new() });
            return None;
        };
        let (writer, reader) = wit_stream::new();
        let told = Rc::new(RefCell::new(Told::Nothing));
        let rows = mem::take(rows);
        group.waiting.push(Waiting { rows, told: Rc::clone(&told), _wake: writer });
        Some((told, reader))
    })
}

impl Group {
    fn is(&self, text: &str, like: &[Value]) -> bool {
        std::ptr::eq(self.text, text) && self.like == like
    }
}

/// The request that commits for its group. However it ends, another one leads on.
struct Leader {
    text: &'static str,
    like: Vec<Value>,
}

impl Leader {
    async fn commit(&self, ours: String) -> Result<Vec<Row>, StoreError> {
        let connection = take().await?;
        let mut params = vec![Value::Text(ours.clone())];
        params.extend(self.like.iter().cloned());
        let mut along = Vec::new();
        let mut pause = Pause::new();
        let result = loop {
            // Also those who came while another instance had the lock.
            self.take_along(&mut params, &mut along);
            if let Some(result) = attempt(&connection, self.text, &params, &mut pause).await {
                break result;
            }
        };
        match result {
            Ok(found) => {
                give_back(connection);
                for it in along {
                    it.told.replace(Told::Answer(Ok(found.clone())));
                }
                Ok(found)
            }
            Err(StoreError::Broken(_)) if !along.is_empty() => {
                for it in along {
                    it.told.replace(Told::Alone(it.rows));
                }
                alone(self.text, ours, self.like.clone()).await
            }
            Err(error) => {
                for it in along {
                    it.told.replace(Told::Answer(Err(again(&error))));
                }
                Err(error)
            }
        }
    }

    /// Adds the rows of those who wait to ours.
    fn take_along(&self, params: &mut [Value], along: &mut Vec<Waiting>) {
        let Some(Value::Text(rows)) = params.first_mut() else { return };
        GROUPS.with_borrow_mut(|groups| {
            if let Some(group) = groups.iter_mut().find(|it| it.is(self.text, &self.like)) {
                for it in group.waiting.drain(..) {
                    append(rows, &it.rows);
                    along.push(it);
                }
            }
        });
    }
}

impl Drop for Leader {
    fn drop(&mut self) {
        lead_on(self.text, &self.like);
    }
}

/// A request that waits. If it goes away when it should lead, another one does.
struct Waiter<'a> {
    text: &'static str,
    like: &'a [Value],
    told: Rc<RefCell<Told>>,
}

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        if let Told::Lead(_) = self.told.replace(Told::Nothing) {
            lead_on(self.text, self.like);
        }
    }
}

/// Lets the first of those who wait lead, and forgets a group of none.
fn lead_on(text: &'static str, like: &[Value]) {
    GROUPS.with_borrow_mut(|groups| {
        let Some(at) = groups.iter().position(|it| it.is(text, like)) else { return };
        let Some(group) = groups.get_mut(at) else { return };
        if group.waiting.is_empty() {
            groups.swap_remove(at);
            return;
        }
        let mut next = group.waiting.remove(0);
        let rows = mem::take(&mut next.rows);
        next.told.replace(Told::Lead(rows));
    });
}

async fn alone(text: &'static str, rows: String, like: Vec<Value>) -> Result<Vec<Row>, StoreError> {
    let mut params = vec![Value::Text(rows)];
    params.extend(like);
    Pool.rows(Statement { text, params }).await
}

/// Appends the items of one JSON array to another.
fn append(rows: &mut String, more: &str) {
    let more = more.strip_prefix('[').unwrap_or(more);
    if rows.pop().is_some() {
        if rows.len() > 1 {
            rows.push(',');
        }
        rows.push_str(more);
    }
}

fn again(error: &StoreError) -> StoreError {
    match error {
        StoreError::Unavailable(why) => StoreError::Unavailable(why.clone()),
        StoreError::Broken(why) => StoreError::Broken(why.clone()),
    }
}
