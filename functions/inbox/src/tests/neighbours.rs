//! Whom the inbox asks: responses, comments and alarms are the real ones, the others answer as
//! their own transcripts have it.

use std::cell::RefCell;
use std::rc::Rc;

use ports::{Answer, Env, Outgoing, Verb};
use serde_json::{Value, json};
use testkit::World;
use web::{Problem, Request, Response};

#[path = "../../../nps/src/alarms.rs"]
mod alarms;
#[path = "../../../voice/src/comments.rs"]
#[expect(dead_code, reason = "a part of a component, without its other lists")]
mod comments;
#[path = "../../../study/src/responses.rs"]
#[expect(dead_code, reason = "a part of a component: a response alone is read elsewhere")]
mod decided;
#[path = "../../../response/src/look.rs"]
mod look;
#[path = "../../../response/src/told.rs"]
mod told;

/// A call that changes something: component, verb, target, body and headers.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) call: String,
    pub(crate) body: Value,
    headers: Vec<(String, String)>,
}

impl Sent {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str())
    }
}

/// What was sent, in its order.
pub(crate) type Calls = Rc<RefCell<Vec<Sent>>>;

async fn response(env: &impl Env, request: Request) -> Result<Response, Problem> {
    match request.path().as_slice() {
        ["v1", "inbox"] => look::waiting(env, &request).await,
        ["v1", "responses"] => look::list(env, &request).await,
        ["v1", "responses", id] => look::show(env, &request, id).await,
        ["v1", "responses", id, "looked-at"] => look::look(env, &request, id).await,
        _ => Err(Problem::not_found()),
    }
}

async fn study(env: &impl Env, request: Request) -> Result<Response, Problem> {
    match request.path().as_slice() {
        ["v1", "studies", study, "responses", id] => {
            decided::change(env, &request, study, id).await
        }
        _ => Err(Problem::not_found()),
    }
}

async fn voice(env: &impl Env, request: Request) -> Result<Response, Problem> {
    match request.path().as_slice() {
        ["v1", "comments"] => comments::list(env, &request).await,
        ["v1", "comments", id] => comments::change(env, &request, id).await,
        _ => Err(Problem::not_found()),
    }
}

async fn nps(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let viewer = app::auth::viewer(env, &request).await?;
    alarms::list(env, &request, &viewer).await
}

/// Answers for the neighbours; `canned` first, by what is asked for as `POST webhook/v1/…`.
pub(crate) fn answer(
    world: &World,
    canned: impl Fn(&str) -> Option<(u16, Value)> + 'static,
) -> Calls {
    let calls = Calls::default();
    let noted = Rc::clone(&calls);
    world.receive(move |world, call| {
        let (host, target) = call.url.split_once(".spin.internal").unwrap();
        let component = host.strip_prefix("http://").unwrap();
        let asked = format!("{} {component}{target}", verb(call.verb));
        if call.verb != Verb::Get {
            let body = serde_json::from_slice(&call.body).unwrap_or_default();
            let headers = call.headers.clone();
            noted.borrow_mut().push(Sent { call: asked.clone(), body, headers });
        }
        let (status, told) = match canned(&asked).or_else(|| usual(&asked, call)) {
            Some(it) => it,
            None => match component {
                "response" => return Ok(world.asked(response, call)),
                "study" => return Ok(world.asked(study, call)),
                "voice" => return Ok(world.asked(voice, call)),
                "nps" => return Ok(world.asked(nps, call)),
                _ => (503, Value::Null),
            },
        };
        Ok(Answer { status, headers: Vec::new(), body: told.to_string().into_bytes() })
    });
    calls
}

fn verb(verb: Verb) -> &'static str {
    match verb {
        Verb::Get => "GET",
        Verb::Post => "POST",
        Verb::Patch => "PATCH",
        Verb::Put => "PUT",
        Verb::Delete => "DELETE",
    }
}

/// What neighbours answer that are not there for real.
fn usual(asked: &str, call: &Outgoing) -> Option<(u16, Value)> {
    let none = || json!({ "items": [], "next": null });
    let path = asked.split('?').next().unwrap();
    let told = match path {
        "GET admin/v1/session" => session(call),
        "GET admin/v1/touchpoints" => {
            json!({ "items": [{ "id": "tch_shop", "name": "门店" }], "next": null })
        }
        "GET webhook/v1/notices" | "GET evaluation/v1/reports" => none(),
        "GET voice/v1/models" => models(),
        _ => return None,
    };
    Some((200, told))
}

/// Who is signed in, by their key.
fn session(call: &Outgoing) -> Value {
    let key = call.headers.iter().find(|it| it.0 == "authorization").map_or("", |it| &it.1);
    let role = key.strip_prefix("Bearer sk_").unwrap_or("viewer");
    let is_spanning = key.ends_with(testkit::ADMIN_KEY);
    json!({
        "role": if is_spanning { "admin" } else { role },
        "site_id": if is_spanning { Value::Null } else { "sit_shop".into() },
        "actor": format!("key:key_{role}"), "agent_id": null,
        "site": { "id": "sit_shop", "name": "鹿鸣", "zone": "Asia/Shanghai" },
        "agent": if role == "agent" {
            json!({ "id": "agt_lan", "name": "周岚", "department_id": "dep_1" })
        } else {
            Value::Null
        },
    })
}

fn models() -> Value {
    json!({ "items": [
        { "kind": "topic", "source": "trained", "labels": [
            { "label": "waiting", "zh": "等待时间", "en": "Waiting" },
            { "label": "delivery", "zh": "配送物流", "en": "Delivery" },
            { "label": "<b>own" } ],
          "examples": 180, "accuracy": 0.951, "coverage": 0.8, "made_at": "2026-11-20T01:30:00Z",
          "version": 1 },
        { "kind": "sentiment", "source": "shipped", "labels": [
            { "label": "negative", "zh": "负面", "en": "Negative" },
            { "label": "positive", "zh": "正面", "en": "Positive" } ],
          "examples": 0, "accuracy": null, "coverage": null, "made_at": null, "version": 0 }
    ] })
}
