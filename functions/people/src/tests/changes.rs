//! Forms: what they send, how they are refused, and what a form of somebody else does.

use ports::Verb;
use serde_json::{Value, json};
use testkit::World;
use web::Response;

use super::stage::{Calls, world};
use super::{ESCAPED, HOSTILE, handle, has, lacks, li, page};

/// Sends a form as the page at its address has it, with what it carries.
fn post(world: &World, role: &str, path: &str, fields: &str) -> Response {
    let form = page(world, role, &format!("{path}?lang=en"));
    let of = |name: &str| {
        let value = form.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or("\"");
        value.split('"').next().unwrap().to_owned()
    };
    let (csrf, version) = (of("csrf"), of("version"));
    sent(world, role, path, &format!("csrf={csrf}&version={version}&key=k1&{fields}"))
}

fn sent(world: &World, role: &str, path: &str, body: &str) -> Response {
    let head = format!(
        "POST {path}?lang=en\nauthorization: Bearer {{{role}}}\nsec-fetch-site: same-origin\n\
         content-type: application/x-www-form-urlencoded"
    );
    world.send(handle, &format!("{head}\n\n{body}"))
}

fn text(answer: &Response) -> String {
    String::from_utf8(answer.body().clone()).unwrap()
}

#[track_caller]
fn only_call(calls: &Calls, verb: Verb, path: &str, body: Option<Value>) -> Vec<(String, String)> {
    let calls = calls.borrow();
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].verb, verb);
    assert_eq!(calls[0].url, format!("http://customer.spin.internal{path}"));
    let told: Option<Value> = serde_json::from_slice(&calls[0].body).ok();
    assert_eq!(told, body);
    calls[0].headers.clone()
}

fn header<'a>(headers: &'a [(String, String)], name: &str) -> &'a str {
    headers.iter().find(|it| it.0 == name).map_or("", |it| &it.1)
}

#[test]
fn a_customer_is_made_by_one_call() {
    let (world, calls) = world("agent", "");
    let fields = "external_id=M-7&contacts/name=%E6%9D%8E%E6%83%B3&contacts/phone=13800138000&\
                  contacts/email=&group=core&adviser_id=agt_lan&language=zh-CN&zone=&\
                  has_consent=true";
    let answer = post(&world, "agent", "/desk/customers/new", fields);
    assert_eq!(answer.status(), 303, "{}", text(&answer));
    let body = json!({
        "external_id": "M-7", "group": "core", "adviser_id": "agt_lan", "language": "zh-CN",
        "zone": null, "has_consent": true, "contacts": { "name": "李想", "phone": "13800138000",
        "email": null, "wechat": null }
    });
    let headers = only_call(&calls, Verb::Post, "/v1/customers", Some(body));
    assert_eq!(header(&headers, "idempotency-key"), "k1");
    let to = answer.headers()["location"].to_str().unwrap().to_owned();
    assert!(to.ends_with("?lang=en&done=created"), "{to}");
    has(&page(&world, "agent", &to), &["Created.", "李想", "M-7"]);
}

#[test]
fn mistakes_stand_beside_their_fields_and_what_was_typed_stays() {
    let (world, _) = world("agent", "");
    let hostile = "external_id=M-7&contacts/name=%3Cscript%3Ealert(1)%3C/script%3E%22%27%26&\
                   language=klingon!&zone=Mars";
    let answer = post(&world, "agent", "/desk/customers/new", hostile);
    assert_eq!(answer.status(), 422);
    let html = text(&answer);
    has(&html, &["must be an IANA zone", "href=\"#zone\"", "href=\"#language\"", "value=\"Mars\""]);
    has(&html, &[&format!("value=\"{ESCAPED}\"")]);
    lacks(&html, &[HOSTILE]);
    let none = text(&post(&world, "agent", "/desk/customers/new", "contacts/name=x"));
    has(&none, &["must be filled in", "href=\"#external_id\""]);
    assert_eq!(world.number("select count(*) from customer"), 0);
    world.customer("M-7", "core", true);
    let taken = post(&world, "agent", "/desk/customers/new", "external_id=M-7&key=k2");
    assert_eq!(taken.status(), 409);
    has(&text(&taken), &["a customer has this external id", "value=\"M-7\""]);
}

#[test]
fn a_change_names_the_version_that_was_seen_and_a_stale_one_keeps_what_was_typed() {
    let (world, calls) = world("agent", "");
    let id = li(&world);
    let path = format!("/desk/customers/{id}/edit");
    let form = page(&world, "agent", &format!("{path}?lang=en"));
    has(&form, &["value=\"+86 138-0013 8000\"", "name=\"version\" value=\"1\"", "checked"]);
    lacks(&form, &["name=\"external_id\""]);
    let fields = "contacts/name=Li&contacts/phone=139&group=new&adviser_id=&language=en&zone=";
    let answer = post(&world, "agent", &path, fields);
    assert_eq!(answer.status(), 303, "{}", text(&answer));
    let to = format!("/desk/customers/{id}?lang=en&done=saved");
    assert_eq!(answer.headers()["location"], to.as_str());
    let body = json!({
        "group": "new", "adviser_id": null, "language": "en", "zone": null,
        "has_consent": false, "contacts": { "name": "Li", "phone": "139", "email": null,
        "wechat": null }
    });
    let headers = only_call(&calls, Verb::Patch, &format!("/v1/customers/{id}"), Some(body));
    assert_eq!(header(&headers, "if-match"), "\"v1\"");
    assert_eq!(header(&headers, "idempotency-key"), "k1");
    // Somebody who has the form from before.
    let csrf = form.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let stale = format!("csrf={csrf}&key=k9&version=1&contacts/name=Mine&group=new&language=en");
    let answer = sent(&world, "agent", &path, &stale);
    assert_eq!(answer.status(), 412);
    let html = text(&answer);
    has(&html, &["Somebody else changed this", "value=\"Mine\"", "somebody else saved: Li"]);
    has(&html, &["name=\"version\" value=\"2\""]);
}

#[test]
fn erasing_says_what_goes_asks_once_more_and_names_the_version() {
    let (world, calls) = world("manager", "");
    let id = li(&world);
    let path = format!("/desk/customers/{id}/erase");
    let form = page(&world, "manager", &format!("{path}?lang=en"));
    has(&form, &["What goes", "What stays, without them", "coupon codes", "name=\"confirm\""]);
    has(&page(&world, "manager", &format!("{path}?lang=zh")), &["将被抹除", "匿名保留"]);
    for wrong in ["", "M-1", "M-1002", "erased"] {
        let answer = post(&world, "manager", &path, &format!("confirm={wrong}"));
        assert_eq!(answer.status(), 422, "{wrong}");
        has(&text(&answer), &["so that nobody else is erased", "href=\"#confirm\""]);
    }
    assert!(calls.borrow().is_empty(), "nothing was sent");
    let csrf = form.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    world.database().execute("update customer set version = 2 where id = ?1", [&id]).unwrap();
    let stale = format!("csrf={csrf}&key=k0&version=1&confirm=M-1001");
    let answer = sent(&world, "manager", &path, &stale);
    assert_eq!(answer.status(), 412);
    has(&text(&answer), &["changed this customer meanwhile", "name=\"version\" value=\"2\""]);
    world.database().execute("update customer set version = 1 where id = ?1", [&id]).unwrap();
    calls.borrow_mut().clear();
    let answer = post(&world, "manager", &path, "confirm=+M-1001+");
    assert_eq!(answer.status(), 303, "{}", text(&answer));
    let headers = only_call(&calls, Verb::Delete, &format!("/v1/customers/{id}"), None);
    assert_eq!(header(&headers, "if-match"), "\"v1\"");
    assert_eq!(header(&headers, "idempotency-key"), "k1");
    let to = answer.headers()["location"].to_str().unwrap().to_owned();
    let gone = page(&world, "manager", &to);
    has(&gone, &["Erased customer", "was erased, on", "Erased. The scores stay"]);
    lacks(&gone, &["M-1001", "13800138000", "/edit", "/export"]);
    has(&page(&world, "manager", "/desk/customers?lang=en"), &["Erased customer"]);
    let history = page(&world, "manager", &format!("/desk/customers/{id}/history?lang=en"));
    has(&history, &["All that is personal of a customer is gone"]);
    // Whoever comes back to the form is told.
    let head = format!("GET {path}?lang=en\nauthorization: Bearer {{manager}}");
    assert_eq!(world.send(handle, &head).status(), 303);
}

#[test]
fn agents_erase_nobody_and_a_forged_form_does_nothing() {
    let (world, calls) = world("agent", "");
    let id = li(&world);
    let erase = format!("/desk/customers/{id}/erase");
    let form = page(&world, "agent", "/desk/customers/new?lang=en");
    let csrf = form.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let sends = format!("csrf={csrf}&version=1&confirm=M-1001");
    assert_eq!(sent(&world, "agent", &erase, &sends).status(), 403);
    for (path, fields) in [
        ("/desk/customers/new".to_owned(), "external_id=M-9"),
        (format!("/desk/customers/{id}/edit"), "contacts/name=x"),
    ] {
        for csrf in ["", "csrf=&", "csrf=forged&"] {
            let answer = sent(&world, "agent", &path, &format!("{csrf}{fields}"));
            assert_eq!(answer.status(), 403, "{path}");
        }
    }
    let (managers, erased) = super::stage::world("manager", "");
    let id = li(&managers);
    let erase = format!("/desk/customers/{id}/erase");
    assert_eq!(sent(&managers, "manager", &erase, "confirm=M-1001").status(), 403);
    assert!(calls.borrow().is_empty() && erased.borrow().is_empty());
}
