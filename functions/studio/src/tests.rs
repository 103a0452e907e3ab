//! Its pages over the components that they ask, as whoever is signed in sees and uses them.

#[path = "../../admin/src/lib.rs"]
#[expect(unreachable_pub, reason = "there it is the crate's own")]
mod admin;
#[path = "../../programme/src/lib.rs"]
#[expect(unreachable_pub, reason = "there it is the crate's own")]
mod programmes;
#[path = "../../study/src/lib.rs"]
#[expect(unreachable_pub, reason = "there it is the crate's own")]
mod studies;

#[path = "tests/around.rs"]
mod around;
#[path = "tests/draft.rs"]
mod draft;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};

use ports::{Answer, Outgoing, Verb};
use serde_json::{Value, json};
use testkit::World;
use web::Response;

use crate::handle;

static KEYS: AtomicU64 = AtomicU64::new(0);

/// What hostile people type, and how it must stand in a page.
const HOSTILE: &str = "<script>alert(1)</script>\"'";
const ESCAPED: &str = "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;";

/// What was asked of the API besides reading.
#[derive(Clone, Default)]
struct Calls(Rc<RefCell<Vec<Outgoing>>>);

impl Calls {
    fn take(&self) -> Vec<Outgoing> {
        self.0.take()
    }

    /// The one call, and its body.
    #[track_caller]
    fn one(&self) -> (Verb, String, Value, Vec<(String, String)>) {
        let mut all = self.take();
        assert_eq!(all.len(), 1, "{all:?}");
        let it = all.remove(0);
        let target = it.url.split_once(".internal").unwrap().1.to_owned();
        let body = serde_json::from_slice(&it.body).unwrap_or_default();
        (it.verb, target, body, it.headers)
    }
}

/// A world whose components ask each other.
fn world() -> (World, Calls) {
    let world = World::with_site();
    let calls = Calls::default();
    let noted = calls.clone();
    world.receive(move |world, call| {
        if call.verb != Verb::Get {
            noted.0.borrow_mut().push(call.clone());
        }
        let (host, target) = call.url.split_once(".spin.internal").unwrap();
        Ok(match host {
            "http://admin" => world.asked(admin::handle, call),
            "http://study" => world.asked(studies::handle, call),
            "http://programme" => world.asked(programmes::handle, call),
            _ => canned(target),
        })
    });
    (world, calls)
}

/// What the other neighbours answer.
fn canned(target: &str) -> Answer {
    let score = json!({ "value": 41.7, "n": 120, "interval": [30.1, 52.4], "suppressed": false,
        "small": false });
    let told = match target.split('?').next().unwrap() {
        "/v1/nps" if target.contains("by=survey") => {
            let mut part = score;
            part["key"] = "srv_shop".into();
            json!({ "parts": [part] })
        }
        "/v1/nps" => {
            let mut whole = score;
            whole["compared"] = json!({ "difference": { "value": 3.2, "significant": true } });
            whole
        }
        "/v1/csat" | "/v1/ces" => json!({ "value": null, "n": 0, "interval": null }),
        "/v1/studies/srv_shop/responses" => json!({ "items": [{
            "id": "rsp_1", "channel": "web", "answered_at": "2026-11-22T01:00:00Z",
            "is_counted": true, "answers": { "recommend": 9, "many": ["a"], "why": HOSTILE }
        }] }),
        "/v1/studies/srv_shop/import" => json!({ "rows": 3, "taken": 1, "repeated": 1,
            "refused": 1, "refusals": [{ "line": 4, "errors": [
                { "pointer": "/answers/recommend", "detail": "must be 0 to 10" }] }] }),
        _ => json!({ "title": "nothing there" }),
    };
    let status = if told.get("title").is_some() { 404 } else { 200 };
    Answer { status, headers: Vec::new(), body: told.to_string().into_bytes() }
}

fn text(answer: &Response) -> String {
    String::from_utf8(answer.body().clone()).unwrap()
}

/// A page as somebody with a role sees it.
fn get(world: &World, role: &str, path: &str) -> Response {
    world.send(handle, &format!("GET {path}\nauthorization: Bearer {{{role}}}"))
}

#[track_caller]
fn page(world: &World, role: &str, path: &str) -> String {
    let answer = get(world, role, path);
    let page = text(&answer);
    assert_eq!(answer.status(), 200, "{path}: {page}");
    check(&page);
    page
}

/// What holds on every page.
#[track_caller]
fn check(page: &str) {
    assert!(!page.contains("<script>") && !page.contains("style=\""), "{page}");
    let mut ids: Vec<&str> =
        page.split(" id=\"").skip(1).map(|it| it.split('"').next().unwrap()).collect();
    ids.sort_unstable();
    let all = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), all, "ids are unique: {page}");
    for it in page.split("<label for=\"").skip(1) {
        let id = it.split('"').next().unwrap();
        assert!(ids.contains(&id), "the label {id} leads nowhere");
    }
    for it in page.split("href=\"#").skip(1) {
        let id = it.split('"').next().unwrap();
        assert!(ids.contains(&id), "the way to {id} leads nowhere");
    }
}

/// Sends a form of a page, as its browser would.
fn post(world: &World, role: &str, path: &str, fields: &str) -> Response {
    let form = text(&get(world, role, "/desk/surveys?lang=en"));
    let csrf = form.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let head = format!(
        "POST {path}\nauthorization: Bearer {{{role}}}\nsec-fetch-site: same-origin\n\
         content-type: application/x-www-form-urlencoded\n\n"
    );
    // Every form has a key of its own, unless a test says which.
    let key = KEYS.fetch_add(1, Ordering::Relaxed);
    let key = if fields.starts_with("key=") { String::new() } else { format!("key=own{key}&") };
    world.send(handle, &format!("{head}csrf={csrf}&{key}{fields}"))
}

#[track_caller]
fn goes(answer: &Response) -> &str {
    assert_eq!(answer.status(), 303, "{}", text(answer));
    answer.headers()["location"].to_str().unwrap()
}

#[track_caller]
fn has(page: &str, texts: &[&str]) {
    for it in texts {
        assert!(page.contains(it), "{it:?} is missing in {page}");
    }
}

fn header<'a>(headers: &'a [(String, String)], name: &str) -> &'a str {
    headers.iter().find(|it| it.0 == name).map_or("", |it| &it.1)
}

#[test]
fn whoever_is_not_signed_in_is_asked_for_a_key() {
    let (world, _) = world();
    let answer = world.send(handle, "GET /desk/surveys?lang=en");
    assert_eq!(answer.status(), 401);
    has(&text(&answer), &["Sign in to the desk", "action=\"/desk/session\""]);
}

#[test]
fn the_list_tells_state_version_touchpoint_and_score_in_both_languages() {
    let (world, _) = world();
    let en = page(&world, "viewer", "/desk/surveys?lang=en");
    has(&en, &["订单", "Your order", "version 1", "门店", "NPS 41.7 (120 answers)"]);
    has(&en, &[">Open<", "/desk/surveys/srv_shop?lang=en", "data-row"]);
    assert!(!en.contains("/desk/surveys/new"), "viewers make none");
    let zh = page(&world, "manager", "/desk/surveys?lang=zh");
    has(&zh, &["订单回访", "第 1 版", "NPS 41.7（120 条回答）", "收集中", "新建问卷"]);
}

#[test]
fn a_survey_begins_from_a_template_as_any_client_would_make_it() {
    let (world, calls) = world();
    let begin = page(&world, "manager", "/desk/surveys/new?lang=en");
    has(
        &begin,
        &["Mystery shopper", "The whole journey", "checked=\"\">Recommendation (NPS)", "门店"],
    );
    has(&page(&world, "manager", "/desk/surveys/new?lang=zh"), &["神秘客", "全旅程满意度"]);
    let fields = "key=k1&template=journey&name=Q4&touchpoint_id=tch_shop&default_language=en";
    let answer = post(&world, "manager", "/desk/surveys/new?lang=en", fields);
    let to = goes(&answer).to_owned();
    let (verb, target, body, headers) = calls.one();
    assert_eq!((verb, target.as_str()), (Verb::Post, "/v1/studies"));
    assert_eq!(header(&headers, "idempotency-key"), "k1");
    assert_eq!(body["name"], "Q4");
    let definition = &body["definition"];
    assert_eq!(definition["touchpoint_id"], "tch_shop");
    assert_eq!(definition["default_language"], "en");
    assert_eq!(definition["questions"][1]["rows"][0]["dimension"], "completeness");
    assert!(to.contains("/edit?lang=en&done=created"), "{to}");
    // Sent twice, it is one survey.
    let again = post(&world, "manager", "/desk/surveys/new?lang=en", fields);
    assert_eq!(goes(&again), to);
    assert_eq!(world.number("select count(*) from study"), 2);
}

#[test]
fn what_is_wrong_with_a_new_survey_stands_beside_it_with_what_was_typed() {
    let (world, calls) = world();
    let fields =
        format!("template=nps&name={}&touchpoint_id=tch_gone&default_language=en", "x".repeat(81));
    let answer = post(&world, "manager", "/desk/surveys/new?lang=en", &fields);
    assert_eq!(answer.status(), 422);
    let shown = text(&answer);
    check(&shown);
    has(
        &shown,
        &["href=\"#name\"", "href=\"#touchpoint_id\"", "must be a touchpoint", &"x".repeat(81)],
    );
    let _ = calls.take();
    let answer = post(&world, "manager", "/desk/surveys/new?lang=zh", "template=none&name=");
    has(&text(&answer), &["必须填写"]);
    let answer = post(&world, "manager", "/desk/surveys/new?lang=zh", "template=none&name=x");
    assert_eq!(answer.status(), 422);
    has(&text(&answer), &["请选择其中一个"]);
    assert!(calls.take().is_empty(), "nothing was sent");
}

#[test]
fn nobody_with_too_small_a_role_sees_or_does_what_managers_do() {
    let (world, calls) = world();
    for path in [
        "new",
        "srv_shop/edit",
        "srv_shop/json",
        "srv_shop/add",
        "srv_shop/links",
        "srv_shop/questions/why",
    ] {
        let path = format!("/desk/surveys/{path}?lang=en");
        let answer = get(&world, "agent", &path);
        assert_eq!(answer.status(), 403, "{path}");
        assert!(text(&answer).contains("needs a key with the role manager"));
        assert_eq!(post(&world, "agent", &path, "name=x").status(), 403, "{path}");
    }
    for path in ["publish", "close", "order", "waves", "files", "files/mapping"] {
        let path = format!("/desk/surveys/srv_shop/{path}?lang=en");
        assert_eq!(post(&world, "agent", &path, "version=1").status(), 403, "{path}");
    }
    let shown = page(&world, "viewer", "/desk/surveys/srv_shop?lang=en");
    for hidden in ["/edit", "/publish", "/close", "/links", "/files", "Latest answers"] {
        assert!(!shown.contains(hidden), "{hidden}");
    }
    assert!(calls.take().is_empty());
}

#[test]
fn a_form_of_another_session_does_nothing() {
    let (world, calls) = world();
    let head = "authorization: Bearer {manager}\nsec-fetch-site: same-origin\n\
                content-type: application/x-www-form-urlencoded\n\ncsrf=forged&key=k";
    for path in [
        "new",
        "srv_shop/publish",
        "srv_shop/edit",
        "srv_shop/order",
        "srv_shop/json",
        "srv_shop/add",
        "srv_shop/questions/why",
        "srv_shop/waves",
        "srv_shop/links",
        "srv_shop/files",
        "srv_shop/files/mapping",
    ] {
        let answer = world.send(handle, &format!("POST /desk/surveys/{path}?lang=en\n{head}"));
        assert_eq!(answer.status(), 403, "{path}");
    }
    assert!(calls.take().is_empty());
}

#[test]
fn the_page_of_a_survey_tells_where_it_stands_and_what_came_of_it() {
    let (world, _) = world();
    let tally = "insert into tally values ('srv_shop', 'stopped:1:quality', 3),
        ('srv_shop', 'finished:1', 7)";
    world.database().execute(tally, []).unwrap();
    let en = page(&world, "manager", "/desk/surveys/srv_shop?lang=en");
    has(&en, &["41.7", "30.1–52.4), 120 answers", "+3.2 · more than chance", "Of 10 who began, 7"]);
    has(
        &en,
        &["Version 1, 5 questions", "The draft is what is published.", "href=\"/s/srv_shop\""],
    );
    has(&en, &["Latest answers", ESCAPED, "甲", "action=\"/desk/surveys/srv_shop/close?lang=en\""]);
    assert!(!en.contains("srv_shop/publish"), "there is nothing to publish");
    let zh = page(&world, "manager", "/desk/surveys/srv_shop?lang=zh");
    has(
        &zh,
        &[
            "（30.1–52.4），120 条回答",
            "开始回答的 10 人中，7 人答完。",
            "草稿与已发布的版本一致。",
        ],
    );
    assert_eq!(get(&world, "manager", "/desk/surveys/srv_none?lang=en").status(), 404);
}

#[test]
fn it_is_closed_and_published_with_the_version_that_was_seen() {
    let (world, calls) = world();
    let close = post(&world, "manager", "/desk/surveys/srv_shop/close?lang=en", "version=1");
    assert_eq!(goes(&close), "/desk/surveys/srv_shop?lang=en&done=done");
    let (verb, target, _, headers) = calls.one();
    assert_eq!((verb, target.as_str()), (Verb::Post, "/v1/studies/srv_shop/close"));
    assert_eq!(header(&headers, "if-match"), "\"v1\"");
    let stale = "/desk/surveys/srv_shop/publish?lang=en";
    let answer = post(&world, "manager", stale, "version=1");
    assert_eq!(answer.status(), 412);
    let shown = text(&answer);
    check(&shown);
    has(&shown, &["Somebody else changed this survey", "Publish and open again", "value=\"2\""]);
    let fresh = world.send(handle, &{
        let csrf = shown.split("name=\"csrf\" value=\"").nth(1).unwrap();
        let csrf = csrf.split('"').next().unwrap();
        format!(
            "POST {stale}\nauthorization: Bearer {{manager}}\nsec-fetch-site: same-origin\n\
             content-type: application/x-www-form-urlencoded\n\ncsrf={csrf}&key=k3&version=2"
        )
    });
    assert_eq!(goes(&fresh), "/desk/surveys/srv_shop?lang=en&done=published");
    assert_eq!(world.number("select published from study where id = 'srv_shop'"), 2);
}
