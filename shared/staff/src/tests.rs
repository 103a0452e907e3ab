//! How pages of the desk open and how their forms are taken.

use std::cell::RefCell;
use std::rc::Rc;

use domain::role::Role;
use http::StatusCode;
use ports::{Answer, Env, Verb};
use serde_json::{Value, json};
use testkit::World;
use web::{Problem, Request, Response};

use crate::form::{Empty, Kind};
use crate::{Call, Filled, Form, Input, Section, Signed, open};

fn form() -> Form {
    Form::new(vec![
        Input::line("name", "Name").needed(),
        Input::new("target", "Target", Kind::Whole),
        Input::new("limits/agent", "Agents", Kind::Whole).empty(Empty::Null),
        Input::new("origins", "Origins", Kind::Lines),
        Input::new("weights", "Weights", Kind::Counts),
        Input::new("is_key", "Key", Kind::Flag),
        Input::new("channels", "Channels", Kind::Several(vec![("web".into(), "Web".into())])),
    ])
}

/// A page of one form, as components of the desk are.
async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    let desk = match open(env, request, Role::Manager).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let form = form();
    let filled = if *request.method() == http::Method::POST {
        let sent = match desk.sent(env, request).await {
            Ok(sent) => sent,
            Err(problem) => return desk.told(problem),
        };
        let target = "/v1/things/1";
        let call = Call { component: "thing", verb: Verb::Patch, target, ..Call::default() };
        match desk.submit(env, request, (&form, &sent), call).await {
            Ok(_) => return Ok(desk.go("/desk/things", "saved")),
            Err(filled) => filled,
        }
    } else {
        Filled::of(&form, &desk.read_one(env, request, ("thing", "/v1/things/1")).await.unwrap())
    };
    let mut page = desk.page(request, Section::Settings, "Thing");
    desk.begin_form(&mut page.html, "/desk/things", "");
    form.draw(&mut page.html, &desk, &filled);
    page.html.close();
    let status = filled.status();
    Ok(page.answer(status))
}

type Calls = Rc<RefCell<Vec<(Verb, String, String, Vec<(String, String)>)>>>;

/// A world where somebody with a role is signed in, and what their neighbours were asked.
fn world(role: &'static str, thing: impl Fn(Verb) -> (u16, Value) + 'static) -> (World, Calls) {
    let world = World::with_site();
    let calls = Calls::default();
    let noted = Rc::clone(&calls);
    world.receive(move |_, call| {
        let (host, target) = call.url.split_once(".spin.internal").unwrap();
        let (status, told) = match (host, target.split('?').next().unwrap()) {
            ("http://admin", "/v1/session") => (
                200,
                json!({
                    "role": role, "site_id": "sit_shop", "actor": "key:key_1", "agent_id": null,
                    "site": { "id": "sit_shop", "name": "鹿鸣", "zone": "Asia/Shanghai" },
                    "agent": null
                }),
            ),
            _ => {
                let body = String::from_utf8(call.body.clone()).unwrap();
                let headers = call.headers.clone();
                noted.borrow_mut().push((call.verb, target.to_owned(), body, headers));
                thing(call.verb)
            }
        };
        Ok(Answer { status, headers: Vec::new(), body: told.to_string().into_bytes() })
    });
    (world, calls)
}

fn page(answer: &Response) -> String {
    String::from_utf8(answer.body().clone()).unwrap()
}

fn post(world: &World, body: &str) -> Response {
    let form = page(&world.send(handle, "GET /desk/things?lang=en"));
    let csrf = form.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let head = "POST /desk/things?lang=en\nsec-fetch-site: same-origin\n\
                content-type: application/x-www-form-urlencoded\n\n";
    world.send(handle, &format!("{head}csrf={csrf}&{body}"))
}

#[test]
fn whoever_has_too_small_a_role_is_told_which_one_it_needs() {
    let (world, calls) = world("agent", |_| (200, json!({})));
    let answer = world.send(handle, "GET /desk/things?lang=en");
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    assert!(page(&answer).contains("needs a key with the role manager"));
    assert!(calls.borrow().is_empty());
}

#[test]
fn a_form_shows_what_the_api_tells_and_leads_to_what_the_role_may_see() {
    let thing = json!({
        "name": "<b>\"x", "target": 85, "limits": { "agent": null },
        "origins": ["https://a.example"],
        "weights": { "speed": 3 }, "is_key": true, "channels": ["web", "fax"], "version": 7
    });
    let (world, _) = world("manager", move |_| (200, thing.clone()));
    let answer = world.send(handle, "GET /desk/things?lang=en&done=saved");
    let html = page(&answer);
    for expected in [
        "value=\"&lt;b&gt;&quot;x\"",
        "value=\"85\"",
        "https://a.example",
        "speed = 3",
        "name=\"is_key\" value=\"true\" checked",
        "value=\"web\" checked",
        // What cannot be chosen any more is there until somebody takes it away.
        "value=\"fax\" checked",
        "name=\"version\" value=\"7\"",
        "role=\"status\">Saved.",
        "/desk/settings?lang=en",
        "aria-current=\"page\"",
    ] {
        assert!(html.contains(expected), "{expected}: {html}");
    }
    assert!(!html.contains("style=") && !html.contains("<b>"));
}

#[test]
fn a_form_becomes_one_call_of_the_api() {
    let (world, calls) = world("manager", |_| (200, json!({})));
    let sent = "key=k1&version=7&name=A&target=90&limits/agent=&origins=https://a%0A%0Ahttps://b\
                &weights=speed+%3D+3&channels=web&channels=app";
    let answer = post(&world, sent);
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(answer.headers()["location"], "/desk/things?lang=en&done=saved");
    let calls = calls.borrow();
    let (verb, target, body, headers) = calls.last().unwrap();
    assert_eq!((*verb, target.as_str()), (Verb::Patch, "/v1/things/1"));
    let body: Value = serde_json::from_str(body).unwrap();
    assert_eq!(
        body,
        json!({
            "name": "A", "target": 90, "limits": { "agent": null }, "weights": { "speed": 3 },
            "origins": ["https://a", "https://b"], "is_key": false, "channels": ["web", "app"]
        })
    );
    for (name, value) in
        [("idempotency-key", "k1"), ("if-match", "\"v7\""), ("sec-fetch-site", "same-origin")]
    {
        assert!(headers.contains(&(name.into(), value.into())), "{name}: {headers:?}");
    }
}

#[test]
fn what_cannot_be_read_or_is_refused_stands_beside_its_field_with_what_was_typed() {
    let (world, calls) = world("manager", |verb| match verb {
        Verb::Get => (200, json!({})),
        _ => {
            let errors = json!([{ "pointer": "/origins/1", "detail": "must be an origin" }]);
            (422, json!({ "title": "Some fields are not valid", "errors": errors }))
        }
    });
    let answer = post(&world, "key=k&name=&target=lots&weights=speed");
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let html = page(&answer);
    for expected in
        ["must be filled in", "must be a whole number", "value=\"lots\"", "href=\"#target\""]
    {
        assert!(html.contains(expected), "{expected}: {html}");
    }
    assert!(calls.borrow().iter().all(|it| it.0 == Verb::Get), "nothing was sent");
    let html = page(&post(&world, "key=k&name=A&origins=https://a%0Ax"));
    assert!(html.contains("Origins: must be an origin") && html.contains("https://a\nx"), "{html}");
}

#[test]
fn where_somebody_else_was_faster_theirs_is_told_and_ones_own_kept() {
    let (world, _) = world("manager", |verb| match verb {
        Verb::Get => (200, json!({ "name": "Theirs", "target": 85, "version": 9 })),
        _ => (412, json!({ "title": "It is not the version you named" })),
    });
    let answer = post(&world, "key=k&version=7&name=Mine&target=85");
    assert_eq!(answer.status(), StatusCode::PRECONDITION_FAILED);
    let html = page(&answer);
    for expected in [
        "Somebody else changed this",
        "value=\"Mine\"",
        "Meanwhile somebody else saved: Theirs",
        "name=\"version\" value=\"9\"",
    ] {
        assert!(html.contains(expected), "{expected}: {html}");
    }
    assert_eq!(html.matches("Meanwhile somebody else saved").count(), 1, "only what differs");
}

#[test]
fn a_form_of_another_page_is_refused_and_nothing_is_sent() {
    let (world, calls) = world("manager", |_| (200, json!({})));
    let head = "POST /desk/things?lang=en\nsec-fetch-site: same-origin\n\
                content-type: application/x-www-form-urlencoded\n\n";
    let answer = world.send(handle, &format!("{head}csrf=forged&name=A"));
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    assert!(calls.borrow().is_empty());
}

/// A page that needs no site.
async fn anywhere(env: &impl Env, request: Request) -> Result<Response, Problem> {
    match crate::open_anywhere(env, &request, Role::Admin).await? {
        Signed::In(desk) => {
            Ok(desk.page(&request, Section::Settings, "Start").answer(StatusCode::OK))
        }
        Signed::Out(answer) => Ok(answer),
    }
}

#[test]
fn whoever_spans_sites_opens_a_page_that_needs_none_without_one() {
    let world = World::with_site();
    world.receive(|_, call| {
        assert!(call.url.ends_with("/v1/session"), "{}", call.url);
        let told = json!({ "role": "admin", "site_id": null, "actor": "admin", "site": null });
        Ok(Answer { status: 200, headers: Vec::new(), body: told.to_string().into_bytes() })
    });
    let answer = world.send(anywhere, "GET /desk/start?lang=en");
    assert_eq!(answer.status(), StatusCode::OK);
    let html = page(&answer);
    assert!(html.contains("<h1>Start</h1>") && !html.contains("class=\"ways\""), "{html}");
}
