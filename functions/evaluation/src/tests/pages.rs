//! `/dashboard/reports` and `/dashboard/reports/{id}`.

use serde_json::json;
use testkit::{SECRET_KEY, World};

use super::{HOSTILE, count, department, world};
use crate::handle;

const KEY: &str = "authorization: Bearer {manager}";

fn page(world: &World, request: &str) -> String {
    let answer = world.send(handle, request);
    let body = String::from_utf8(answer.body().clone()).unwrap();
    assert_eq!(answer.status(), 200, "{body}");
    let policy = answer.headers()["content-security-policy"].to_str().unwrap();
    assert!(!policy.contains("unsafe"), "{policy}");
    assert!(!body.contains("style="), "no style stands in an attribute");
    assert_eq!(body.matches("<h1").count(), 1);
    body
}

fn made(world: &World, body: &serde_json::Value) -> String {
    let post = format!("POST /v1/reports\n{KEY}\n\n{body}");
    world.json(handle, &post)["id"].as_str().unwrap().to_owned()
}

fn special(name: &str) -> serde_json::Value {
    json!({ "name": name, "from": "2026-11-09", "to": "2026-11-11" })
}

#[test]
fn an_empty_list_says_when_the_first_one_comes() {
    let world = world();
    let en = page(&world, &format!("GET /dashboard/reports?lang=en\n{KEY}"));
    assert!(en.contains("in the night to Monday 23 November"), "{en}");
    let zh = page(&world, &format!("GET /dashboard/reports?lang=zh-CN\n{KEY}"));
    assert!(zh.contains("第一份周报将在11月23日（星期一）凌晨生成"), "{zh}");
    let none = page(&world, &format!("GET /dashboard/reports?lang=en&kind=month\n{KEY}"));
    assert!(none.contains("There is none of these yet."));
}

#[test]
fn whoever_has_no_key_signs_in_first() {
    let world = world();
    for path in ["/dashboard/reports", "/dashboard/reports/rpt_x"] {
        let answer = world.send(handle, &format!("GET {path}"));
        assert_eq!(answer.status(), 401);
        assert!(String::from_utf8_lossy(answer.body()).contains("/dashboard/session"));
    }
    let none = world.send(handle, &format!("GET /dashboard/reports/rpt_none\n{KEY}"));
    assert_eq!(none.status(), 404);
    assert!(String::from_utf8_lossy(none.body()).contains("<h1"));
}

#[test]
fn the_list_links_to_each_and_its_form_is_for_managers() {
    let world = world();
    department(&world, "dep_a", HOSTILE);
    let id = made(&world, &special("双十一"));
    let list = page(&world, &format!("GET /dashboard/reports?lang=en\n{KEY}"));
    assert!(list.contains(&format!("/dashboard/reports/{id}?lang=en")), "{list}");
    assert!(list.contains("2026-11-09 – 2026-11-11") && list.contains("name=\"csrf\""));
    assert!(list.contains("&lt;script&gt;") && !list.contains("<script>x"));
    let viewer = KEY.replace("manager", "viewer");
    let list = page(&world, &format!("GET /dashboard/reports?lang=en\n{viewer}"));
    assert!(!list.contains("name=\"csrf\""), "a viewer makes none");
}

/// A form as a browser sends it, in a session of whoever holds a key.
fn send(world: &World, pairs: &str, csrf: &str) -> web::Response {
    let head = "POST /dashboard/reports?lang=en\ncontent-type: application/x-www-form-urlencoded";
    world.send(handle, &format!("{head}\n{KEY}\norigin: http://huiyin.test\n\n{pairs}&csrf={csrf}"))
}

fn csrf(world: &World) -> String {
    let page = page(world, &format!("GET /dashboard/reports?lang=en\n{KEY}"));
    let (_, rest) = page.split_once("name=\"csrf\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[test]
fn the_form_makes_a_report_and_leads_to_it() {
    let world = world();
    let csrf = csrf(&world);
    let pairs = "name=%E5%8F%8C%E5%8D%81%E4%B8%80&from=2026-11-09&to=2026-11-11&department_id=";
    let answer = send(&world, pairs, &csrf);
    assert_eq!(answer.status(), 303, "{}", String::from_utf8_lossy(answer.body()));
    let id = super::one(&world, "kind = 'special'");
    let location = answer.headers()["location"].to_str().unwrap();
    assert!(location.starts_with(&format!("/dashboard/reports/{id}?lang=en")), "{location}");
    let again = send(&world, pairs, &csrf);
    assert_eq!(again.status(), 409);
    assert!(String::from_utf8_lossy(again.body()).contains("already"));
    assert_eq!(count(&world, "report"), 1);
}

#[test]
fn a_wrong_form_says_what_is_wrong_and_keeps_the_rest() {
    let world = world();
    let csrf = csrf(&world);
    let pairs = "name=Spring&from=2026-11-12&to=2026-11-11&department_id=dep_none";
    let answer = send(&world, pairs, &csrf);
    let told = String::from_utf8(answer.body().clone()).unwrap();
    assert_eq!(answer.status(), 422);
    assert!(
        told.contains("must not be before from") && told.contains("value=\"Spring\""),
        "{told}"
    );
    assert!(told.contains("href=\"#to\""), "the note leads to the field");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let other = send(&world, "name=x&from=2026-11-09&to=2026-11-11", "another");
    assert_eq!(other.status(), 403);
    assert_eq!(count(&world, "report"), 0);
}

#[test]
fn a_report_reads_from_its_sentences_to_its_figures() {
    let world = world();
    let id = made(&world, &special("双十一"));
    let en = page(&world, &format!("GET /dashboard/reports/{id}?lang=en\n{KEY}"));
    let at = |text: &str| en.find(text).unwrap_or_else(|| panic!("{text}\n{en}"));
    let order = [
        "Special report · 双十一",
        "2026-11-09 – 2026-11-11 · Asia/Shanghai (UTC+08:00)",
        "n: CSAT 210",
        "What was better",
        "NPS rose from 31 to 42.5",
        "What was worse",
        "What to do",
        "id=\"nps\"",
        "id=\"course_csat\"",
        "id=\"touchpoints_csat\"",
        "id=\"lowest\"",
        "id=\"types\"",
        "id=\"causes_ledger\"",
        "id=\"clocks_table\"",
        "id=\"words_low\"",
        "?format=md",
    ];
    for pair in order.windows(2) {
        assert!(at(pair[0]) < at(pair[1]), "{} stands before {}", pair[0], pair[1]);
    }
    assert!(!en.contains("name=\"period\""), "no filter changes what was made");
    assert!(!en.contains("<script>x") && en.contains("&lt;script&gt;x"));
    assert!(en.contains("/dashboard/touchpoints/tch_shop?lang=en&amp;period=custom"));
    let zh = page(&world, &format!("GET /dashboard/reports/{id}?lang=zh-CN\n{KEY}"));
    assert!(zh.contains("哪些变好了") && zh.contains("投诉时限"));
    let ids: Vec<&str> =
        en.split(" id=\"").skip(1).map(|it| it.split('"').next().unwrap()).collect();
    for id in &ids {
        assert_eq!(ids.iter().filter(|it| *it == id).count(), 1, "{id} names one thing");
    }
}

#[test]
fn what_is_shown_is_what_was_kept() {
    let world = world();
    let id = made(&world, &special("双十一"));
    let read = format!("GET /dashboard/reports/{id}?lang=en\n{KEY}");
    let first = world.send(handle, &read);
    super::deaf(&world);
    world.wait_ms(400 * 24 * 60 * 60 * 1000);
    assert_eq!(page(&world, &read), String::from_utf8(first.body().clone()).unwrap());
    let tag = first.headers()["etag"].to_str().unwrap();
    let again = world.send(handle, &format!("{read}\nif-none-match: {tag}"));
    assert_eq!(again.status(), 304);
}

#[test]
fn a_figure_of_it_is_a_file_of_its_days() {
    let world = world();
    let id = made(&world, &special("双十一"));
    let read = format!("GET /dashboard/reports/{id}?lang=en&card=lowest&format=json\n{KEY}");
    let told = world.json(handle, &read);
    assert_eq!((&told["from"], &told["to"]), (&"2026-11-09".into(), &"2026-11-11".into()));
    assert_eq!(told["rows"][0][4], -13.0);
    assert_eq!(told["rows"][0][0], HOSTILE);
}

#[test]
fn a_digest_of_a_department_begins_with_its_own_complaints() {
    let world = world();
    department(&world, "dep_a", "物流");
    let mut body = special("双十一");
    body["department_id"] = json!("dep_a");
    let id = made(&world, &body);
    let en = page(&world, &format!("GET /dashboard/reports/{id}?lang=en\n{KEY}"));
    let at = |text: &str| en.find(text).unwrap_or_else(|| panic!("{text}\n{en}"));
    assert!(at("Complaints of the department") < at("Causes to put right"));
    assert!(at("Causes to put right") < at("The customers&#39; voice, of the whole site"));
    assert!(!en.contains("不会用"), "another department puts that right");
    assert!(en.contains("Answered on time rose from 80% to 90% (+10)."));
}

#[test]
fn a_shared_view_shows_it_and_leads_nowhere_else() {
    let world = world();
    let id = made(&world, &special("双十一"));
    let pass = app::pass::Pass {
        site_id: "sit_shop".into(),
        actor: "share:shr_x".into(),
        base: "/share/x".into(),
        is_embedded: false,
    };
    let pass = pass.header(SECRET_KEY, ports::Env::now(&world));
    for path in [format!("/dashboard/reports/{id}"), "/dashboard/reports".to_owned()] {
        let shown = page(&world, &format!("GET {path}?lang=en\nauthorization: {pass}"));
        assert!(!shown.contains("href=\"/dashboard") && !shown.contains("/v1/reports"), "{shown}");
        assert!(!shown.contains("<form"));
    }
}

#[test]
fn a_report_of_nothing_says_so_in_each_place() {
    let world = world();
    world.receive(|_, call| {
        let mut answer = super::answer(call);
        let is_needed = call.url.contains("/v1/dashboard");
        answer.status = if is_needed { 200 } else { 404 };
        answer.body = b"{}".to_vec();
        Ok(answer)
    });
    let id = made(&world, &special("leer"));
    let en = page(&world, &format!("GET /dashboard/reports/{id}?lang=en\n{KEY}"));
    for said in [
        "Nothing is better by more than chance.",
        "Nothing presses.",
        "Too few answers for a course",
        "No touchpoint has enough answers",
        "No complaint came in these days.",
        "No comments of these days were read",
    ] {
        assert!(en.contains(said), "{said}\n{en}");
    }
}
