//! The world that requests are sent to: one of everything, and every function beside it.

use std::cell::RefCell;
use std::fs;
use std::rc::Rc;
use std::sync::OnceLock;

use functions::{ALL, Handle};
use http::Method;
use ports::{Answer, Outgoing, Unanswered};
use testkit::{ADMIN_KEY, TICK_KEY, World};
use web::{Request, Response};

use crate::judge;
use crate::seeds;
use crate::wild::{self, Call, Known};

const MANIFEST: &str = include_str!("../../../spin.toml");

/// The handler of a function.
pub fn handler(name: &str) -> Option<Handle> {
    ALL.iter().find(|it| it.0 == name).map(|it| it.1)
}

/// The routes of the manifest: their segments, and the component.
fn routes() -> &'static [(Vec<String>, String)] {
    static ROUTES: OnceLock<Vec<(Vec<String>, String)>> = OnceLock::new();
    ROUTES.get_or_init(|| {
        let manifest: toml::Table = MANIFEST.parse().expect("spin.toml");
        let triggers = manifest["trigger"]["http"].as_array().expect("triggers");
        let routes = triggers.iter().filter_map(|it| {
            let route = it["route"].as_str()?.trim_start_matches('/');
            let component = it.get("component")?.as_str()?;
            Some((route.split('/').map(str::to_owned).collect(), component.to_owned()))
        });
        routes.collect()
    })
}

/// The component that Spin would ask: exact beats `:id`, and `:id` beats `...`.
pub fn component(target: &str) -> Option<&'static str> {
    let path = target.split(['?', '#']).next().unwrap_or("").trim_matches('/');
    let path: Vec<&str> = path.split('/').collect();
    let ranked = routes().iter().filter_map(|(route, component)| {
        let mut rank = Vec::new();
        for (at, part) in route.iter().enumerate() {
            match (part.as_str(), path.get(at)) {
                ("...", _) => return Some((rank, component)),
                (it, Some(_)) if it.starts_with(':') => rank.push(1),
                (it, Some(given)) if it == *given => rank.push(2),
                _ => return None,
            }
        }
        rank.push(1);
        if route.len() == path.len() { Some((rank, component)) } else { None }
    });
    ranked.max_by(|a, b| a.0.cmp(&b.0)).map(|it| it.1.as_str())
}

/// A world and what its answers told.
pub struct Scene {
    world: World,
    known: Known,
    /// The last event before the run.
    since: i64,
    goes_on: bool,
}

thread_local! {
    static FURNISHED: RefCell<Option<Rc<Scene>>> = const { RefCell::new(None) };
}

impl Scene {
    /// A copy of the furnished one, which is made once. Its clock stands still, or goes on at
    /// every look.
    pub fn new(goes_on: bool) -> Scene {
        let made = FURNISHED
            .with_borrow_mut(|it| Rc::clone(it.get_or_insert_with(|| Rc::new(Scene::furnish()))));
        let world = made.world.copy();
        world.receive(listen);
        world.run_clock(i64::from(goes_on));
        world.let_stray();
        Scene { world, known: made.known.clone(), since: made.since, goes_on }
    }

    /// The requests that furnish it, and their answers.
    pub fn furniture() -> Vec<(String, u16, String)> {
        Scene::empty().furnished()
    }

    fn furnish() -> Scene {
        let mut scene = Scene::empty();
        for (asked, status, told) in scene.furnished() {
            assert!(status < 400, "the world cannot be furnished: {asked}\n{status} {told}");
        }
        scene.since = scene.world.number("select coalesce(max(seq), 0) from event");
        scene
    }

    fn empty() -> Scene {
        let world = World::with_site();
        world.receive(listen);
        for (name, value) in [("rate_limit", "off"), ("spam", "off")] {
            world.set(name, value);
        }
        let mut known = Known::default();
        for name in ["admin", "manager", "agent", "viewer", "other"] {
            known.name(name, &format!("sk_{name}"));
        }
        for (name, value) in [
            ("pk", "pk_pk"),
            ("other_pk", "pk_other_pk"),
            ("owner", ADMIN_KEY),
            ("tick", TICK_KEY),
            ("sit", "sit_shop"),
            ("srv", "srv_shop"),
            ("tch", "tch_shop"),
            ("agt", "agt_lan"),
        ] {
            known.name(name, value);
        }
        Scene { world, known, since: 0, goes_on: false }
    }

    fn furnished(&mut self) -> Vec<(String, u16, String)> {
        let mut told = Vec::new();
        let furniture = fs::read_to_string(seeds::folder().join("world.txt")).expect("the seeds");
        for text in furniture.split("\n###\n") {
            for call in wild::read(text) {
                let name = component(&call.target).expect("a route");
                let answer = self.send(handler(name).expect("a function"), &call);
                let status = answer.status().as_u16();
                let body = String::from_utf8_lossy(answer.body()).into_owned();
                told.push((wild::write(&[call]), status, body));
            }
        }
        told
    }

    /// Sends one request and judges its answer.
    pub fn send(&mut self, handle: Handle, call: &Call) -> Response {
        let request = self.request(call);
        let answer = answer(&self.world, handle, &request);
        let cause = self.world.logged_cause().unwrap_or_default();
        judge::answer(call, &answer, &cause);
        if !self.goes_on && judge::is_repeatable(call, &answer) {
            let again = crate::scene::answer(&self.world, handle, &request);
            judge::again(call, &answer, &again);
        }
        self.known.learn(&String::from_utf8_lossy(answer.body()));
        if let Some(to) = answer.headers().get("location").and_then(|it| it.to_str().ok()) {
            self.known.learn(to);
        }
        answer
    }

    fn request(&self, call: &Call) -> Request {
        let mut headers: Vec<(String, Vec<u8>)> = Vec::new();
        for (name, value) in &call.headers {
            headers.push((name.clone(), self.known.fill(value).into_bytes()));
        }
        let body = self.known.fill(&call.body);
        if !body.is_empty() && call.header("content-type").is_empty() {
            headers.push(("content-type".to_owned(), b"application/json".to_vec()));
        }
        let method = Method::from_bytes(call.method.as_bytes()).unwrap_or(Method::GET);
        let target = self.known.fill(&call.target);
        Request::new(method, &target, "huiyin.test", headers, Ok(body.into_bytes()))
    }

    /// Checks what has to hold after any run; the world's end checks its events.
    pub fn finish(self) {
        if self.since < self.world.number("select coalesce(max(seq), 0) from event") {
            judge::invariants(&self.world, self.since);
        }
    }
}

fn answer(world: &World, handle: Handle, request: &Request) -> Response {
    world.answer(async |world, it| handle(world, it).await, request.clone())
}

/// Our own components answer as they are, everybody else now so and now so.
fn listen(world: &World, call: &Outgoing) -> Result<Answer, Unanswered> {
    // What no host could send.
    let is_text = |it: &String| it.parse::<http::HeaderValue>().is_ok();
    let is_sendable = call.url.parse::<http::Uri>().is_ok();
    if !is_sendable || !call.headers.iter().all(|it| is_text(&it.1)) {
        return Err(Unanswered::Unreachable);
    }
    let name = call.url.strip_prefix("http://").and_then(|it| it.split_once(".spin.internal"));
    if let Some(handle) = name.and_then(|it| handler(it.0)) {
        return Ok(world.asked(async |world, it| handle(world, it).await, call));
    }
    let status = match call.body.len() % 5 {
        0 => 500,
        1 => 410,
        2 => return Err(Unanswered::Unreachable),
        _ => 200,
    };
    Ok(Answer { status, headers: Vec::new(), body: b"{}".to_vec() })
}

/// Plays a run against a function, or against whichever a path leads to.
pub fn play(name: &str, text: &str) {
    let mut scene = Scene::new(text.len() % 2 == 1);
    for call in wild::read(text) {
        let asked = if name == "all" { component(&call.target).unwrap_or("") } else { name };
        if let Some(handle) = handler(asked) {
            scene.send(handle, &call);
        }
    }
    scene.finish();
}
