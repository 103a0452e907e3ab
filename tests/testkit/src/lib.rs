//! A world for tests: a real SQLite in memory, a clock that stands still, ids from a seed.
//!
//! [`World::check`] sends a request written as text and compares the answer with text, so a
//! test names no type of ours except the function's `handle`. In the expected body `"*"`
//! matches any value.

mod catalogue;
pub mod contract;
mod seed;
mod sql;
pub mod turns;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};

use http::Method;
use ports::{Answer, Env, Outgoing, Unanswered, Verb};
use serde_json::Value;
use web::reading;
use web::{Exchange, Problem, Request, Response, Rest, Streamed};

pub use catalogue::{document, faults};
pub use seed::{DEFINITION, Given};
pub use sql::{Memory, rows};

/// The instant at which every world starts: 2026-11-22T01:30:00Z, a Sunday.
pub const START: i64 = 1_795_311_000_000;
/// The admin key of every world.
pub const ADMIN_KEY: &str = "sk_admin_of_the_world";
/// The tick key of every world.
pub const TICK_KEY: &str = "tick_of_the_world";

/// The secret key of every world.
pub const SECRET_KEY: &str = "secret_of_the_world";

static WORLDS: AtomicU64 = AtomicU64::new(1);

/// Everything that a function may touch, under the control of a test.
pub struct World {
    sql: Memory,
    now: Cell<i64>,
    pace: Cell<i64>,
    seed: Cell<u64>,
    settings: RefCell<BTreeMap<&'static str, String>>,
    names: RefCell<BTreeMap<String, String>>,
    kept: RefCell<BTreeMap<String, Vec<u8>>>,
    cause: RefCell<Option<String>>,
    receiver: RefCell<Option<Receiver>>,
    hurried: RefCell<Vec<&'static str>>,
    strays: Cell<bool>,
}

/// What another system answers to a call.
type Receiver = Box<dyn Fn(&World, &Outgoing) -> Result<Answer, Unanswered>>;

impl Default for World {
    fn default() -> World {
        World::new()
    }
}

impl Env for World {
    fn now(&self) -> i64 {
        self.now.replace(self.now.get() + self.pace.get())
    }

    fn random(&self) -> [u8; 16] {
        // SplitMix64 (Steele, Lea, Flood 2014): every seed gives another, well-mixed value.
        let next = || {
            let state = self.seed.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
            self.seed.set(state);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^ (mixed >> 31)
        };
        (u128::from(next()) << 64 | u128::from(next())).to_be_bytes()
    }

    fn sql(&self) -> &impl ports::Sql {
        &self.sql
    }

    async fn recall(&self, name: &str) -> Option<Vec<u8>> {
        self.kept.borrow().get(name).cloned()
    }

    async fn keep(&self, name: &str, value: &[u8]) {
        self.kept.borrow_mut().insert(name.to_owned(), value.to_vec());
    }

    async fn setting(&self, name: &'static str) -> Option<String> {
        self.settings.borrow().get(name).cloned()
    }

    async fn call(&self, call: Outgoing) -> Result<Answer, Unanswered> {
        // Others get their turn while this one waits for its answer.
        let mut waited = false;
        std::future::poll_fn(|context| {
            if std::mem::replace(&mut waited, true) {
                return std::task::Poll::Ready(());
            }
            context.waker().wake_by_ref();
            std::task::Poll::Pending
        })
        .await;
        // What others read is not what the caller reads.
        let before = reading::replace(Vec::new());
        let answer = self.answered_by_others(call).await;
        reading::replace(before);
        answer
    }

    fn hurry(&self, component: &'static str) {
        self.hurried.borrow_mut().push(component);
    }
}

impl World {
    async fn answered_by_others(&self, call: Outgoing) -> Result<Answer, Unanswered> {
        if [app::grading::URL, app::grading::URL_OF_MANY].contains(&call.url.as_str()) {
            return Ok(graded(&call));
        }
        if call.url == app::case::enter::URL {
            return Ok(taken_in(self, call).await);
        }
        if call.verb == Verb::Post && call.url.starts_with(app::desk::URL) {
            return Ok(entered(self, call).await);
        }
        match &*self.receiver.borrow() {
            Some(receiver) => receiver(self, &call),
            None => Err(Unanswered::Unreachable),
        }
    }
}

/// What the component `grader` answers, by the policy that ships.
fn graded(call: &Outgoing) -> Answer {
    let members = serde_json::from_slice(&call.body).unwrap();
    let mut fields = web::Fields::new(members);
    fields.take("site_id");
    let policy = (grade::Policy::shipped(), Some(0));
    let told = if call.url == app::grading::URL {
        app::grading::judge(fields, 0, policy).unwrap()
    } else {
        app::grading::judge_all(fields, policy).unwrap()
    };
    Answer { status: 200, headers: Vec::new(), body: told.to_string().into_bytes() }
}

/// What the component `complaint` answers. Boxed, since it asks `grader` in its turn.
fn taken_in(world: &World, call: Outgoing) -> Pin<Box<dyn Future<Output = Answer> + '_>> {
    Box::pin(async move {
        let request = Request::new(Method::POST, "/case", "complaint", Vec::new(), Ok(call.body));
        let served = app::case::enter::serve(world, &request).await;
        let (response, _) = Exchange::of(&request, "req_intake".to_owned()).finish(served);
        let status = response.status().as_u16();
        Answer { status, headers: Vec::new(), body: response.into_body() }
    })
}

/// What the component `response` answers to answers that staff took.
fn entered(world: &World, call: Outgoing) -> Pin<Box<dyn Future<Output = Answer> + '_>> {
    Box::pin(async move {
        let path = call.url.strip_prefix("http://response.spin.internal").unwrap();
        let headers = call.headers.into_iter().map(|(name, value)| (name, value.into_bytes()));
        let headers = headers.collect();
        let request = Request::new(Method::POST, path, "response", headers, Ok(call.body));
        let served = match request.path().as_slice() {
            ["v1", "studies", study, "responses"] => {
                app::desk::create(world, &request, study).await
            }
            _ => Err(Problem::not_found()),
        };
        let (response, _) = Exchange::of(&request, "req_entry".to_owned()).finish(served);
        let status = response.status().as_u16();
        Answer { status, headers: Vec::new(), body: response.into_body() }
    })
}

impl Drop for World {
    /// Whatever a test did, it told nothing but what the catalogue of events promises.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            catalogue::check(&self.sql.connection());
        }
    }
}

impl World {
    /// A new world with a migrated, empty database.
    pub fn new() -> World {
        let settings = BTreeMap::from([
            ("admin_key", ADMIN_KEY.to_owned()),
            ("tick_key", TICK_KEY.to_owned()),
            ("secret_key", SECRET_KEY.to_owned()),
            ("default_zone", "Asia/Shanghai".to_owned()),
        ]);
        World {
            sql: Memory::new(),
            now: Cell::new(START),
            pace: Cell::new(0),
            // Another seed for every world: what one world's ids name exists in no other.
            seed: Cell::new(WORLDS.fetch_add(1 << 32, Ordering::Relaxed)),
            settings: RefCell::new(settings),
            names: RefCell::new(BTreeMap::new()),
            kept: RefCell::new(BTreeMap::new()),
            cause: RefCell::new(None),
            receiver: RefCell::new(None),
            hurried: RefCell::new(Vec::new()),
            strays: Cell::new(false),
        }
    }

    /// Another world that is as this one is now, except that nobody listens to its calls.
    pub fn copy(&self) -> World {
        World {
            sql: self.sql.copy(),
            now: self.now.clone(),
            pace: self.pace.clone(),
            seed: self.seed.clone(),
            settings: self.settings.clone(),
            names: self.names.clone(),
            kept: self.kept.clone(),
            cause: RefCell::new(None),
            receiver: RefCell::new(None),
            hurried: RefCell::new(Vec::new()),
            strays: Cell::new(false),
        }
    }

    /// Answers every call to another system; without it nobody listens.
    pub fn receive(
        &self,
        receiver: impl Fn(&World, &Outgoing) -> Result<Answer, Unanswered> + 'static,
    ) {
        *self.receiver.borrow_mut() = Some(Box::new(receiver));
    }

    /// What a component of ours answers to the call of another one.
    ///
    /// For [`World::receive`], in tests of pages, which are made of what their neighbours tell.
    pub fn asked<F>(&self, handle: F, call: &Outgoing) -> Answer
    where
        F: AsyncFn(&World, Request) -> Result<Response, Problem>,
    {
        let (name, path) = call.url.split_once(".spin.internal").expect("one of ours");
        let authority = format!("{}.spin.internal", name.trim_start_matches("http://"));
        let method = match call.verb {
            Verb::Get => Method::GET,
            Verb::Post => Method::POST,
            Verb::Patch => Method::PATCH,
            Verb::Put => Method::PUT,
            Verb::Delete => Method::DELETE,
        };
        let headers = call.headers.iter();
        let headers = headers.map(|(name, value)| (name.clone(), value.clone().into_bytes()));
        let mut headers: Vec<(String, Vec<u8>)> = headers.collect();
        // What the host adds to the call of a component.
        headers.push(("spin-client-addr".to_owned(), b"0.0.0.0:0".to_vec()));
        let request = Request::new(method, path, &authority, headers, Ok(call.body.clone()));
        let response = self.answer(handle, request);
        let status = response.status().as_u16();
        let headers = response.headers().iter();
        let headers = headers.map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()));
        Answer { status, headers: headers.collect(), body: response.into_body() }
    }

    /// The components that were told to hurry since the last time.
    pub fn hurried(&self) -> Vec<&'static str> {
        self.hurried.take()
    }

    /// Sets a setting, as an operator would.
    pub fn set(&self, name: &'static str, value: &str) {
        self.settings.borrow_mut().insert(name, value.to_owned());
    }

    /// Lets time pass.
    pub fn wait_ms(&self, ms: i64) {
        self.now.set(self.now.get() + ms);
    }

    /// Lets the clock go on by so much whenever somebody looks at it, as a real one may.
    pub fn run_clock(&self, ms: i64) {
        self.pace.set(ms);
    }

    /// Lets requests come to functions that they are not for, which no host does.
    pub fn let_stray(&self) {
        self.strays.set(true);
    }

    /// Makes every further use of the database fail, as a full disk would.
    pub fn break_database(&self) {
        self.sql.break_down();
    }

    /// The database, to look at or to tamper with.
    pub fn database(&self) -> std::cell::Ref<'_, rusqlite::Connection> {
        self.sql.connection()
    }

    /// Gives a value a name; `{name}` in later requests stands for it.
    pub fn name(&self, name: &str, value: &str) {
        self.names.borrow_mut().insert(name.to_owned(), value.to_owned());
    }

    /// The cause that the last answer put in the log.
    pub fn logged_cause(&self) -> Option<String> {
        self.cause.borrow().clone()
    }

    /// Sends a request: a line with method and target, headers, an empty line, the body.
    pub fn send<F>(&self, handle: F, request: &str) -> Response
    where
        F: AsyncFn(&World, Request) -> Result<Response, Problem>,
    {
        self.answer(handle, self.request(request))
    }

    /// A request that is written as text.
    fn request(&self, request: &str) -> Request {
        let mut text = request.trim_start().to_owned();
        for (name, value) in self.names.borrow().iter() {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
        let mut lines = head.lines();
        let (method, target) =
            lines.next().and_then(|it| it.split_once(' ')).expect("a method and a target");
        let mut headers = Vec::new();
        for line in lines {
            let (name, value) = line.split_once(':').expect("a header");
            headers.push((name.to_ascii_lowercase(), value.trim().as_bytes().to_vec()));
        }
        let body = body.trim();
        if !body.is_empty() && !headers.iter().any(|(name, _)| name == "content-type") {
            headers.push(("content-type".to_owned(), b"application/json".to_vec()));
        }
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let body = Ok(body.as_bytes().to_vec());
        Request::new(method, target.trim(), "huiyin.test", headers, body)
    }

    /// Sends a request whose answer streams, and takes all of it. Before each part but the
    /// first, `between` is told how many bytes are there already.
    pub fn stream<F, R>(&self, handle: F, request: &str, between: impl Fn(usize)) -> Collected
    where
        F: AsyncFn(&World, Request) -> Result<Streamed<R>, Problem>,
        R: Rest,
    {
        let request = self.request(request);
        let exchange = Exchange::of(&request, "req_test".to_owned());
        let before = reading::replace(Vec::new());
        let begun = pollster::block_on(handle(self, request.clone()));
        let read = reading::replace(before);
        let (mut response, rest) = match begun {
            Ok(Streamed { mut first, rest }) => {
                exchange.begin(&mut first, rest.is_none());
                *self.cause.borrow_mut() = None;
                (first, rest)
            }
            Err(problem) => {
                let (response, cause) = exchange.finish(Err(problem));
                *self.cause.borrow_mut() = cause;
                (response, None)
            }
        };
        contract::check(&request, &read, &response, self.strays.get());
        let mut parts = vec![response.body().len()];
        let Some(mut rest) = rest else { return Collected { response, parts, is_whole: true } };
        loop {
            between(response.body().len());
            match pollster::block_on(rest.next(self)) {
                Ok(Some(part)) => {
                    parts.push(part.len());
                    response.body_mut().extend(part);
                }
                Ok(None) => return Collected { response, parts, is_whole: true },
                Err(problem) => {
                    *self.cause.borrow_mut() = problem.into_parts().cause;
                    return Collected { response, parts, is_whole: false };
                }
            }
        }
    }

    /// Sends a request that is not text, such as a file.
    pub fn answer<F>(&self, handle: F, request: Request) -> Response
    where
        F: AsyncFn(&World, Request) -> Result<Response, Problem>,
    {
        let exchange = Exchange::of(&request, "req_test".to_owned());
        let before = reading::replace(Vec::new());
        let result = pollster::block_on(handle(self, request.clone()));
        let read = reading::replace(before);
        let (response, cause) = exchange.finish(result);
        *self.cause.borrow_mut() = cause;
        contract::check(&request, &read, &response, self.strays.get());
        response
    }

    /// Sends a request that must succeed and returns its body.
    #[track_caller]
    pub fn json<F>(&self, handle: F, request: &str) -> Value
    where
        F: AsyncFn(&World, Request) -> Result<Response, Problem>,
    {
        let response = self.send(handle, request);
        let body = String::from_utf8_lossy(response.body()).into_owned();
        assert!(response.status().is_success(), "{} {body}", response.status());
        serde_json::from_str(&body).unwrap_or(Value::Null)
    }

    /// Sends a request and compares the answer: its status, the headers that are named, and
    /// the whole body.
    #[track_caller]
    pub fn check<F>(&self, handle: F, request: &str, expected: &str)
    where
        F: AsyncFn(&World, Request) -> Result<Response, Problem>,
    {
        let response = self.send(handle, request);
        let (head, wanted) = expected.trim().split_once("\n\n").unwrap_or((expected.trim(), ""));
        let mut lines = head.lines();
        let body = String::from_utf8_lossy(response.body()).into_owned();
        let status = lines.next().unwrap_or("").trim();
        assert_eq!(response.status().as_u16().to_string(), status, "{body}");
        for line in lines {
            let (name, value) = line.split_once(':').expect("a header");
            let found = response.headers().get(name).and_then(|it| it.to_str().ok());
            let found = found.unwrap_or("");
            let value = value.trim();
            assert!(value == "*" && !found.is_empty() || found == value, "{name}: {found}");
        }
        if wanted.trim().is_empty() {
            assert!(body.is_empty(), "an unexpected body: {body}");
            return;
        }
        let wanted: Value = serde_json::from_str(wanted).expect("the expected body is JSON");
        let found: Value = serde_json::from_str(&body).unwrap_or(Value::String(body));
        assert!(matches(&found, &wanted), "found:\n{found:#}\nexpected:\n{wanted:#}");
    }
}

/// An answer that streamed.
#[derive(Debug)]
pub struct Collected {
    /// All that came.
    pub response: Response,
    /// The bytes of each part.
    pub parts: Vec<usize>,
    /// Whether it came to its end; otherwise a client sees it cut off.
    pub is_whole: bool,
}

/// Whether what was found is what was wanted, where `"*"` wants anything.
pub fn matches(found: &Value, wanted: &Value) -> bool {
    match (found, wanted) {
        (_, Value::String(any)) if any == "*" => true,
        (Value::Object(found), Value::Object(wanted)) => {
            found.len() == wanted.len()
                && wanted
                    .iter()
                    .all(|(name, it)| found.get(name).is_some_and(|found| matches(found, it)))
        }
        (Value::Array(found), Value::Array(wanted)) => {
            found.len() == wanted.len()
                && found.iter().zip(wanted).all(|(found, wanted)| matches(found, wanted))
        }
        _ => found == wanted,
    }
}
