//! Its pages, in requests and answers: their neighbours tell what the API tells.

mod agent;
mod call;
mod day;
mod lists;

use std::cell::RefCell;
use std::rc::Rc;

use domain::zone::Zone;
use ports::{Answer, Outgoing, Verb};
use serde_json::{Value, json};
use store::callbacks::Callback;
use testkit::{START, World};
use web::Response;

use crate::handle;

const HOSTILE: &str = "<script>alert(1)</script>\"'&";
const ESCAPED: &str = "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;";

/// What a neighbour was asked to do.
struct Asked {
    verb: Verb,
    /// The component and the target, such as `call/v1/callbacks/next`.
    target: String,
    body: Value,
    headers: Vec<(String, String)>,
}

impl Asked {
    fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str())
    }
}

/// A world where somebody is signed in, with what their neighbours were asked to do.
struct Stage {
    world: World,
    done: Rc<RefCell<Vec<Asked>>>,
}

/// Neighbours that tell `told` of what is asked, by component and path, and answer `done` to what
/// is to be done.
fn stage(
    role: &'static str,
    agent_id: &'static str,
    told: impl Fn(&str) -> Option<Value> + 'static,
    done: impl Fn(&str) -> (u16, Value) + 'static,
) -> Stage {
    let world = World::with_site();
    let asked = Rc::<RefCell<Vec<Asked>>>::default();
    let noted = Rc::clone(&asked);
    world.receive(move |_, call: &Outgoing| {
        let (host, rest) = call.url.split_once(".spin.internal").unwrap();
        let target = format!("{}{rest}", host.strip_prefix("http://").unwrap());
        if target.starts_with("admin/v1/session") {
            return Ok(answer(200, &session(role, agent_id), Vec::new()));
        }
        if call.verb == Verb::Get {
            return Ok(match told(&target) {
                Some(told) => answer(200, &told, Vec::new()),
                None => answer(404, &json!({ "title": "There is no such thing" }), Vec::new()),
            });
        }
        let body = serde_json::from_slice(&call.body).unwrap_or(Value::Null);
        let (status, told) = done(&target);
        let headers = call.headers.clone();
        noted.borrow_mut().push(Asked { verb: call.verb, target, body, headers });
        let due = told.get("next-due").and_then(Value::as_str);
        let due = due.map(|it| ("Next-Due".to_owned(), it.as_bytes().to_vec()));
        Ok(answer(status, &told, due.into_iter().collect()))
    });
    Stage { world, done: asked }
}

fn session(role: &str, agent_id: &str) -> Value {
    let agent = match agent_id {
        "" => Value::Null,
        id => json!({ "id": id, "name": "周岚", "department_id": null }),
    };
    json!({
        "role": role, "site_id": "sit_shop", "actor": "key:key_1", "agent_id": agent["id"],
        "site": { "id": "sit_shop", "name": "鹿鸣", "zone": "Asia/Shanghai" }, "agent": agent
    })
}

fn answer(status: u16, told: &Value, headers: Vec<(String, Vec<u8>)>) -> Answer {
    let body = if status == 204 { Vec::new() } else { told.to_string().into_bytes() };
    Answer { status, headers, body }
}

fn text(answer: &Response) -> String {
    String::from_utf8(answer.body().clone()).unwrap()
}

impl Stage {
    fn get(&self, path: &str) -> (u16, String) {
        let answer = self.world.send(handle, &format!("GET {path}"));
        (answer.status().as_u16(), text(&answer))
    }

    #[track_caller]
    fn page(&self, path: &str) -> String {
        let (status, page) = self.get(path);
        assert_eq!(status, 200, "{page}");
        page
    }

    /// Sends a form with the token of the session.
    fn post(&self, path: &str, body: &str) -> Response {
        let page = self.page("/desk/callbacks/do-not-call?lang=en");
        let csrf = page.split("name=\"csrf\" value=\"").nth(1).unwrap();
        let csrf = csrf.split('"').next().unwrap();
        self.world.send(handle, &format!("{}csrf={csrf}&key=k1&{body}", head(path)))
    }

    /// The last thing that a neighbour was asked to do.
    fn last(&self) -> Asked {
        self.done.borrow_mut().pop().expect("something was asked")
    }
}

fn head(path: &str) -> String {
    format!(
        "POST {path}\nsec-fetch-site: same-origin\n\
         content-type: application/x-www-form-urlencoded\n\n"
    )
}

#[track_caller]
fn has(page: &str, texts: &[&str]) {
    for it in texts {
        assert!(page.contains(it), "{it:?} is missing in {page}");
    }
}

/// A call as the API tells it.
fn call(change: impl FnOnce(&mut Callback)) -> Value {
    let mut row = Callback {
        id: "cbk_1".into(),
        site_id: "sit_shop".into(),
        version: 3,
        once: "cbk_1".into(),
        mode: "asap".into(),
        state: "waiting".into(),
        purpose: "request".into(),
        service_id: "svc_any".into(),
        language: "en".into(),
        zone: "Europe/London".into(),
        place: START,
        due: START,
        due_by: START + 60 * 60_000,
        expires: START + 7 * 86_400_000,
        requested_at: START,
        ..Callback::default()
    };
    change(&mut row);
    let zone = Zone::parse("Asia/Shanghai").unwrap();
    Value::Object(app::callback::view::show(&row, zone))
}

/// The same with more members.
fn with(mut told: Value, more: Value) -> Value {
    let Value::Object(more) = more else { panic!("an object") };
    told.as_object_mut().unwrap().extend(more);
    told
}

/// What every stage tells.
fn common(target: &str) -> Option<Value> {
    let path = target.split('?').next().unwrap();
    Some(match path {
        "service/v1/services" => {
            json!({ "items": [{ "id": "svc_any", "name": "售后" }], "next": null })
        }
        "admin/v1/agents" => json!({
            "items": [{ "id": "agt_lan", "name": "周岚" }, { "id": "agt_bo", "name": "Bo" }],
            "next": null
        }),
        "admin/v1/agents/agt_bo" => json!({ "id": "agt_bo", "name": "Bo" }),
        "service/v1/do-not-call" => json!({ "items": [
            { "id": "dnc_1", "actor": "key:key_1", "created_at": "2026-11-20T01:00:00Z" }
        ], "next": "dnc_1" }),
        _ => return None,
    })
}

#[test]
fn whoever_is_not_signed_in_is_asked_for_a_key() {
    let world = World::with_site();
    world.receive(|_, _| {
        let body = json!({ "title": "We need a valid key" }).to_string().into_bytes();
        Ok(Answer { status: 401, headers: Vec::new(), body })
    });
    let answer = world.send(handle, "GET /desk/callbacks?lang=en");
    assert_eq!(answer.status(), 401);
    has(&text(&answer), &["Sign in to the desk", "action=\"/desk/session\""]);
}

#[test]
fn forms_of_other_pages_do_nothing_and_wrong_methods_are_refused() {
    let stage = stage("manager", "agt_lan", common, |_| (200, json!({})));
    for path in [
        "/desk/callbacks/next",
        "/desk/callbacks/new",
        "/desk/callbacks/do-not-call",
        "/desk/callbacks/do-not-call/dnc_1/remove",
        "/desk/callbacks/cbk_1/take",
        "/desk/callbacks/cbk_1/move",
        "/desk/callbacks/cbk_1/attempts",
        "/desk/supply/agt_lan",
        "/desk/supply/agt_lan/absences",
        "/desk/supply/agt_lan/absences/remove",
        "/desk/supply/agt_lan/feed",
        "/desk/supply/agt_lan/feed/close",
    ] {
        let answer = stage.world.send(handle, &format!("{}csrf=forged&key=k", head(path)));
        assert_eq!(answer.status(), 403, "{path}");
    }
    assert!(stage.done.borrow().is_empty(), "nothing was sent");
    let status = |request: &str| stage.world.send(handle, request).status().as_u16();
    assert_eq!(status("GET /desk/callbacks/next"), 404, "no call is called so");
    assert_eq!(status("GET /desk/callbacks/cbk_1/take"), 405);
    assert_eq!(status("POST /desk/callbacks/all"), 405);
    assert_eq!(status("PUT /desk/callbacks"), 405);
    assert_eq!(status("GET /desk/callbacks/a/b/c"), 404);
}
