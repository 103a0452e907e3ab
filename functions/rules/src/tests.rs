//! Its pages, made of what the real components tell, and the calls that its forms make.

mod calendars;
mod calls;
mod policies;
mod real;

use std::cell::RefCell;
use std::rc::Rc;

use ports::{Answer, Verb};
use serde_json::{Value, json};
use testkit::World;
use web::Response;

use crate::handle;

/// A text that would do harm if it were anything but a text.
const HOSTILE: &str = "<script>alert(1)</script>\"'&";
const ESCAPED: &str = "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;";

/// A call that a page made to change something.
struct Made {
    verb: Verb,
    target: String,
    body: Value,
    headers: Vec<(String, String)>,
}

/// A site with real neighbours, and somebody of a role who looks at its pages.
struct Stage {
    world: World,
    role: &'static str,
    made: Rc<RefCell<Vec<Made>>>,
}

impl Stage {
    fn new(role: &'static str) -> Stage {
        let world = World::with_site();
        let made = Rc::new(RefCell::new(Vec::new()));
        let noted = Rc::clone(&made);
        world.receive(move |world, call| {
            let (host, target) = call.url.split_once(".spin.internal").unwrap();
            if call.verb != Verb::Get {
                noted.borrow_mut().push(Made {
                    verb: call.verb,
                    target: target.to_owned(),
                    body: serde_json::from_slice(&call.body).unwrap_or_else(|_| {
                        Value::from(String::from_utf8(call.body.clone()).unwrap())
                    }),
                    headers: call.headers.clone(),
                });
            }
            Ok(match host {
                "http://calendar" => world.asked(real::calendars::handle, call),
                "http://policy" => world.asked(real::policies::handle, call),
                "http://service" => world.asked(real::services::handle, call),
                "http://grader" => world.asked(real::grader::handle, call),
                _ => told(role, host, target),
            })
        });
        Stage { world, role, made }
    }

    fn get(&self, path: &str) -> Response {
        let head = format!("GET {path}\nauthorization: Bearer {{{}}}", self.role);
        self.world.send(handle, &head)
    }

    /// A page that is there.
    #[track_caller]
    fn page(&self, path: &str) -> String {
        let answer = self.get(path);
        let page = text(&answer);
        assert_eq!(answer.status(), 200, "{path} {page}");
        sound(&page);
        page
    }

    /// Sends the form of a page as a browser does: its hidden fields, and what is filled in.
    fn post(&self, page: &str, path: &str, filled: &[(&str, &str)]) -> Response {
        let form = text(&self.get(page));
        let hidden = |name: &str| {
            let at = form.rfind(&format!("name=\"{name}\" value=\""));
            let rest = at.map_or("", |at| &form[at..]);
            rest.split('"').nth(3).unwrap_or("").to_owned()
        };
        let mut body = format!("csrf={}&key={}", word(&hidden("csrf")), word(&hidden("key")));
        if !hidden("version").is_empty() && filled.iter().all(|it| it.0 != "version") {
            body.push_str(&format!("&version={}", hidden("version")));
        }
        for (name, value) in filled {
            body.push_str(&format!("&{}={}", word(name), word(value)));
        }
        self.raw(path, &body)
    }

    fn raw(&self, path: &str, body: &str) -> Response {
        let head = format!(
            "POST {path}\nauthorization: Bearer {{{}}}\nsec-fetch-site: same-origin\n\
             content-type: application/x-www-form-urlencoded",
            self.role
        );
        self.world.send(handle, &format!("{head}\n\n{body}"))
    }

    /// The last call that changed something.
    #[track_caller]
    fn last(&self) -> (Verb, String, Value) {
        let made = self.made.borrow();
        let it = made.last().expect("a call");
        (it.verb, it.target.clone(), it.body.clone())
    }

    fn header(&self, name: &str) -> Option<String> {
        let made = self.made.borrow();
        let headers = &made.last()?.headers;
        headers.iter().find(|it| it.0 == name).map(|it| it.1.clone())
    }

    /// Asks a neighbour as a manager does.
    #[track_caller]
    fn api(&self, line: &str, body: &str) -> Value {
        let request = format!("{line}\nauthorization: Bearer {{manager}}\n\n{body}");
        let answer = match line.split('/').nth(2).unwrap().split('?').next().unwrap() {
            "calendars" => self.world.send(real::calendars::handle, &request),
            "policies" => self.world.send(real::policies::handle, &request),
            _ => self.world.send(real::services::handle, &request),
        };
        let told: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
        assert!(answer.status().is_success(), "{line} {told}");
        told
    }
}

/// What `admin` and `study` tell of a small site.
fn told(role: &str, host: &str, target: &str) -> Answer {
    let body = match (host, target.split('?').next().unwrap()) {
        ("http://admin", "/v1/session") => json!({
            "role": role, "site_id": "sit_shop", "actor": "key:key_1", "agent_id": null,
            "site": { "id": "sit_shop", "name": "鹿鸣", "zone": "Asia/Shanghai" }, "agent": null
        }),
        ("http://admin", "/v1/agents") => json!({
            "items": [{ "id": "agt_lan", "name": "周岚" }], "next": null
        }),
        ("http://admin", "/v1/touchpoints") => json!({
            "items": [{ "id": "tch_shop", "name": HOSTILE }], "next": null
        }),
        _ => json!({ "items": [], "next": null }),
    };
    Answer { status: 200, headers: Vec::new(), body: body.to_string().into_bytes() }
}

fn text(answer: &Response) -> String {
    String::from_utf8(answer.body().clone()).unwrap()
}

fn word(text: &str) -> String {
    staff::word(text)
}

fn location(answer: &Response) -> String {
    answer.headers().get("location").map_or("", |it| it.to_str().unwrap()).to_owned()
}

#[track_caller]
fn has(page: &str, texts: &[&str]) {
    for it in texts {
        assert!(page.contains(it), "{it:?} is missing in {page}");
    }
}

#[track_caller]
fn has_not(page: &str, texts: &[&str]) {
    for it in texts {
        assert!(!page.contains(it), "{it:?} is in {page}");
    }
}

/// What every page keeps: nothing inline, no id twice, a label for each field.
#[track_caller]
fn sound(page: &str) {
    has_not(page, &["style=\"", "<script>", "onclick"]);
    let mut ids: Vec<&str> =
        page.split(" id=\"").skip(1).map(|it| it.split('"').next().unwrap()).collect();
    let many = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), many, "an id is there twice: {page}");
    for field in ["<input", "<select", "<textarea"] {
        for it in page.split(field).skip(1) {
            let tag = it.split('>').next().unwrap();
            if tag.contains("type=\"hidden\"") || tag.contains("aria-label") {
                continue;
            }
            let id = tag.split(" id=\"").nth(1).unwrap_or("").split('"').next().unwrap();
            assert!(page.contains(&format!("for=\"{id}\"")), "{tag} has no label");
        }
    }
}

#[test]
fn whoever_is_not_signed_in_is_asked_for_a_key() {
    let world = World::with_site();
    world.receive(|_, _| {
        let body = json!({ "title": "We need a valid key" }).to_string().into_bytes();
        Ok(Answer { status: 401, headers: Vec::new(), body })
    });
    let answer = world.send(handle, "GET /desk/rules?lang=en");
    assert_eq!(answer.status(), 401);
    has(&text(&answer), &["Sign in to the desk", "action=\"/desk/session\""]);
}

#[test]
fn the_overview_says_what_decides_and_which_version_is_in_force() {
    let stage = Stage::new("viewer");
    let kind = "/v1/policies/work";
    stage.api(&format!("PUT {kind}/draft"), r#"{ "compensation": { "agent": 5 } }"#);
    stage.api(&format!("POST {kind}/publish"), "");
    stage.api("PUT /v1/policies/intake/draft", "{}");
    stage.api("POST /v1/services", &json!({ "name": HOSTILE }).to_string());
    let page = stage.page("/desk/rules?lang=en");
    for kind in ["grading", "promise", "assignment", "ladder", "intake", "work"] {
        has(&page, &[&format!("href=\"/desk/rules/{kind}?lang=en\"")]);
    }
    has(&page, &["What ships", "Version 1, since", "a draft waits", "1 of your own", ESCAPED]);
    assert_eq!(page.matches("a draft waits").count(), 1);
    let page = stage.page("/desk/rules?lang=zh");
    has(&page, &["分级规则", "时限承诺", "有待发布草稿", "第 1 版", "工作日历", "回访规则"]);
}

#[test]
fn a_neighbour_that_cannot_be_reached_is_told_in_its_place() {
    let world = World::with_site();
    world.receive(|_, call| {
        let (host, target) = call.url.split_once(".spin.internal").unwrap();
        match host {
            "http://admin" => Ok(told("viewer", host, target)),
            _ => Err(ports::Unanswered::Unreachable),
        }
    });
    let answer = world.send(handle, "GET /desk/rules?lang=en");
    assert_eq!(answer.status(), 200);
    assert_eq!(text(&answer).matches("This cannot be reached just now.").count(), 9);
}

#[test]
fn there_is_nothing_at_other_addresses() {
    let stage = Stage::new("manager");
    for (path, status) in [
        ("/desk/rules/nothing", 404),
        ("/desk/rules/promise/simulate", 404),
        ("/desk/rules/grading/edit", 404),
        ("/desk/rules/promise/versions/9", 404),
        ("/desk/rules/promise/versions/x", 404),
        ("/desk/rules/calendars/cal_x", 404),
        ("/desk/rules/calendars/office/days", 404),
        ("/desk/rules/calendars/cal_x/remove", 405),
        ("/desk/rules/services/svc_x", 404),
    ] {
        assert_eq!(stage.get(path).status(), status, "{path}");
    }
    let answer = stage.world.send(handle, "DELETE /desk/rules/promise");
    assert_eq!(answer.status(), 405);
}

#[test]
fn what_a_role_may_not_do_is_neither_shown_nor_possible() {
    let stage = Stage::new("viewer");
    let service = stage.api("POST /v1/services", r#"{ "name": "回访" }"#);
    let service = format!("/desk/rules/services/{}", service["id"].as_str().unwrap());
    for path in ["promise", "grading", "calendars", "services", "call-rules", "calendars/office"] {
        let page = stage.page(&format!("/desk/rules/{path}?lang=en"));
        has_not(&page, &["/edit?", "/json?", "/publish?", "/new?", "/days?", "/try?"]);
        // The one form that sends something is the way out.
        assert_eq!(page.matches("method=\"post\"").count(), 1, "{path}");
    }
    let page = stage.page(&format!("{service}?lang=en"));
    has(&page, &["How it is set up", "回访"]);
    assert_eq!(page.matches("method=\"post\"").count(), 1);
    for path in [
        "/desk/rules/promise/edit",
        "/desk/rules/promise/json",
        "/desk/rules/promise/publish",
        "/desk/rules/grading/simulate",
        "/desk/rules/grading/try",
        "/desk/rules/calendars/new",
        "/desk/rules/services/new",
    ] {
        assert_eq!(stage.get(path).status(), 403, "{path}");
        assert_eq!(stage.raw(path, "csrf=x").status(), 403, "{path}");
    }
    assert!(stage.made.borrow().is_empty());
}

#[test]
fn a_form_of_another_page_is_refused_and_nothing_is_sent() {
    let stage = Stage::new("manager");
    for path in [
        "/desk/rules/promise/edit",
        "/desk/rules/promise/json",
        "/desk/rules/promise/publish",
        "/desk/rules/grading/simulate",
        "/desk/rules/grading/try",
        "/desk/rules/calendars/new",
        "/desk/rules/calendars/cal_1/edit",
        "/desk/rules/calendars/cal_1/days",
        "/desk/rules/calendars/cal_1/remove",
        "/desk/rules/services/new",
        "/desk/rules/call-rules/cru_1",
    ] {
        let answer = stage.raw(path, "csrf=forged&name=A");
        assert_eq!(answer.status(), 403, "{path}");
    }
    assert!(stage.made.borrow().is_empty());
}
