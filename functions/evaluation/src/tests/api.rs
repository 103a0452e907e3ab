//! `/v1/reports`.

use serde_json::{Value, json};
use testkit::World;

use super::{HOSTILE, count, deaf, department, world};
use crate::handle;

const POST: &str = "POST /v1/reports\nauthorization: Bearer {manager}";
const BODY: &str = r#"{ "name": "双十一", "from": "2026-11-09", "to": "2026-11-11" }"#;

fn made(world: &World, body: &str) -> String {
    let told = world.json(handle, &format!("{POST}\n\n{body}"));
    told["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_special_report_is_made_at_once_and_once() {
    let world = world();
    let post = format!("{POST}\nidempotency-key: a\n\n{BODY}");
    let first = world.send(handle, &post);
    assert_eq!(first.status(), 201);
    let told: Value = serde_json::from_slice(first.body()).unwrap();
    let id = told["id"].as_str().unwrap();
    assert_eq!(first.headers()["location"], format!("/v1/reports/{id}").as_str());
    assert_eq!(
        told,
        json!({ "id": id, "kind": "special", "title": "Special report · 双十一",
            "department": null, "name": "双十一", "from": "2026-11-09", "to": "2026-11-11",
            "made_at": "2026-11-22T01:30:00Z" })
    );
    let again = world.send(handle, &post);
    assert_eq!((again.status().as_u16(), again.body()), (201, first.body()));
    let other = format!("{POST}\nidempotency-key: a\n\n{}", BODY.replace("09", "08"));
    assert_eq!(world.send(handle, &other).status(), 422);
    assert_eq!(world.send(handle, &format!("{POST}\n\n{BODY}")).status(), 409);
    assert_eq!(
        (count(&world, "report"), count(&world, "event where kind = 'report.made'")),
        (1, 1)
    );
    made(&world, &BODY.replace("双十一", "另一份"));
    assert_eq!(count(&world, "report"), 2);
}

#[test]
fn one_is_shown_as_it_was_made() {
    let world = world();
    department(&world, "dep_a", "物流");
    let body = BODY.replace(" }", r#", "department_id": "dep_a" }"#);
    let id = made(&world, &body);
    world.database().execute("update department set name = 'new' where id = 'dep_a'", []).unwrap();
    world.database().execute("update site set zone = 'UTC' where id = 'sit_shop'", []).unwrap();
    let shown =
        world.json(handle, &format!("GET /v1/reports/{id}\nauthorization: Bearer {{viewer}}"));
    assert_eq!(shown["department"], json!({ "id": "dep_a", "name": "物流" }));
    assert_eq!((&shown["zone"], &shown["name"]), (&"Asia/Shanghai".into(), &"双十一".into()));
    assert_eq!(shown["site"], json!({ "id": "sit_shop", "name": "鹿鸣" }));
    assert_eq!(shown["made_at"], "2026-11-22T01:30:00Z");
    assert_eq!(shown["body"]["complaints"]["own"]["received"], 4);
    assert_eq!(shown["body"]["lowest"][0]["name"], HOSTILE);
}

#[test]
fn the_list_is_read_from_the_newest_and_by_kind_and_department() {
    let world = world();
    department(&world, "dep_a", "物流");
    let mut ids = Vec::new();
    for name in ["a", "b", "c"] {
        ids.push(made(&world, &BODY.replace("双十一", name)));
        world.wait_ms(1);
    }
    let body = BODY.replace(" }", r#", "department_id": "dep_a" }"#);
    ids.push(made(&world, &body));
    let read = |query: &str| {
        let request = format!("GET /v1/reports{query}\nauthorization: Bearer {{viewer}}");
        let told = world.json(handle, &request);
        let found: Vec<String> = told["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["id"].as_str().unwrap().to_owned())
            .collect();
        (found, told["next"].as_str().map(str::to_owned))
    };
    let newest: Vec<String> = ids.iter().rev().cloned().collect();
    assert_eq!(read(""), (newest.clone(), None));
    let (first, next) = read("?limit=2");
    assert_eq!(first, newest[..2]);
    assert_eq!(read(&format!("?limit=2&after={}", next.unwrap())), (newest[2..].to_vec(), None));
    assert_eq!(read("?department_id=dep_a").0, newest[..1]);
    assert_eq!(read("?department_id=-&kind=special").0, newest[1..]);
    assert_eq!(read("?kind=week").0, Vec::<String>::new());
    let wrong = "GET /v1/reports?kind=year&nonsense=1\nauthorization: Bearer {viewer}";
    assert_eq!(world.send(handle, wrong).status(), 422);
}

#[test]
fn every_mistake_is_told_at_once() {
    let world = world();
    let wrong = r#"{ "from": "yesterday", "to": 3, "department_id": "dep_none", "more": 1 }"#;
    let answer = world.send(handle, &format!("{POST}\n\n{wrong}"));
    let told: Value = serde_json::from_slice(answer.body()).unwrap();
    let mut places: Vec<&str> = told["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["pointer"].as_str().unwrap())
        .collect();
    places.sort_unstable();
    places.dedup();
    assert_eq!(answer.status(), 422);
    assert_eq!(places, ["/department_id", "/from", "/more", "/name", "/to"], "{told}");
    for (from, to, field) in [
        ("2026-11-12", "2026-11-11", "/to"),
        ("2024-11-20", "2026-11-21", "/from"),
        ("2026-11-09", "2026-11-23", "/to"),
        ("2026-02-30", "2026-11-11", "/from"),
    ] {
        let body = BODY.replace("2026-11-09", from).replace("2026-11-11", to);
        let answer = world.send(handle, &format!("{POST}\n\n{body}"));
        let told: Value = serde_json::from_slice(answer.body()).unwrap();
        assert_eq!(told["errors"][0]["pointer"], field, "{from} {to}: {told}");
    }
    assert_eq!(count(&world, "report"), 0);
}

#[test]
fn roles_other_sites_and_methods() {
    let world = world();
    let id = made(&world, BODY);
    for role in ["viewer", "agent"] {
        let post = format!("{}\n\n{BODY}", POST.replace("manager", role));
        assert_eq!(world.send(handle, &post).status(), 403, "{role}");
    }
    assert_eq!(world.send(handle, "POST /v1/reports\n\n{}").status(), 401);
    assert_eq!(world.send(handle, "GET /v1/reports").status(), 401);
    let other = format!("GET /v1/reports/{id}\nauthorization: Bearer {{other}}");
    assert_eq!(world.send(handle, &other).status(), 404);
    let listed = world.json(handle, "GET /v1/reports\nauthorization: Bearer {other}");
    assert_eq!(listed["items"], json!([]));
    let none = "GET /v1/reports/rpt_none\nauthorization: Bearer {viewer}";
    assert_eq!(world.send(handle, none).status(), 404);
    for wrong in ["DELETE /v1/reports", "PATCH /v1/reports/rpt_x", "POST /dashboard/reports/rpt_x"]
    {
        assert_eq!(world.send(handle, wrong).status(), 405, "{wrong}");
    }
    assert_eq!(world.send(handle, "GET /v1/reports/a/b").status(), 404);
    deaf(&world);
    let post = format!("{POST}\n\n{}", BODY.replace("双十一", "x"));
    assert_eq!(world.send(handle, &post).status(), 503);
    world.break_database();
    assert_eq!(world.send(handle, "GET /v1/reports\nauthorization: Bearer {viewer}").status(), 503);
}

#[test]
fn its_trail_is_kept() {
    let world = world();
    let id = made(&world, BODY);
    let trail = format!("GET /v1/reports/{id}/audit\nauthorization: Bearer {{viewer}}");
    let trail = world.json(handle, &trail);
    assert_eq!(trail["items"][0]["type"], "report.made");
    assert_eq!(trail["items"][0]["actor"], "key:key_manager");
}

#[test]
fn a_pass_reads_and_makes_nothing() {
    let world = world();
    let id = made(&world, BODY);
    let pass = app::pass::Pass { site_id: "sit_shop".into(), ..app::pass::Pass::default() };
    let pass = pass.header(testkit::SECRET_KEY, ports::Env::now(&world));
    let read = format!("GET /v1/reports/{id}\nauthorization: {pass}");
    assert_eq!(world.send(handle, &read).status(), 200);
    let post = format!("POST /v1/reports\nauthorization: {pass}\n\n{BODY}");
    assert_eq!(world.send(handle, &post).status(), 403);
}

fn markdown(world: &World, request: &str) -> String {
    let answer = world.send(handle, request);
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "text/markdown; charset=utf-8");
    String::from_utf8(answer.body().clone()).unwrap()
}

#[test]
fn the_same_as_markdown_in_both_languages() {
    let world = world();
    let id = made(&world, BODY);
    let key = "authorization: Bearer {viewer}";
    let en = markdown(&world, &format!("GET /v1/reports/{id}?format=md\n{key}"));
    let zh = format!("GET /v1/reports/{id}\n{key}\naccept: text/markdown\naccept-language: zh-CN");
    let zh = markdown(&world, &zh);
    assert_eq!(zh, markdown(&world, &format!("GET /v1/reports/{id}?format=md&lang=zh-CN\n{key}")));
    for (told, said) in [
        (&en, "# Special report · 双十一\n"),
        (&en, "鹿鸣 · 2026-11-09 – 2026-11-11 · Asia/Shanghai (UTC+08:00)\n"),
        (&en, "Compared with 2026-11-02 – 2026-11-04, and with 2025-11-10"),
        (&en, "n: CSAT 210 · NPS 210 · CES 210 · complaints 12"),
        (&en, "- NPS rose from 31 to 42.5 (+11.5).\n"),
        (&en, "- CSAT fell from 88% to 80% (−8).\n"),
        (&en, "- 2 complaints are overdue: close them first.\n"),
        (&en, "| NPS | 42.5 | 37.5–47.5 | 210 |"),
        (&en, "| 2026-11-11 | 62.5 | 44–77 | 30 |"),
        (&zh, "# 专项报告 · 双十一\n"),
        (&zh, "- NPS较上一期由 31 升至 42.5（+11.5）。\n"),
        (&zh, "- 2 件投诉已超时：请优先处理。\n"),
        (&zh, "| 配送 | 3 |"),
        (&zh, "| 不会用 | 服务失误 | 客服 | 3 | 5 | 培训（自 2026-10-01 起） | 减少了 |"),
    ] {
        assert!(told.contains(said), "{said}\n---\n{told}");
    }
    let json = format!("GET /v1/reports/{id}?format=json\n{key}\naccept: text/markdown");
    assert_eq!(world.json(handle, &json)["id"], id.as_str());
    let wrong = format!("GET /v1/reports/{id}?format=pdf\n{key}");
    assert_eq!(world.send(handle, &wrong).status(), 422);
}

#[test]
fn hostile_texts_stay_texts_in_markdown() {
    let world = world();
    let body = json!({ "name": HOSTILE, "from": "2026-11-09", "to": "2026-11-11" });
    let id = made(&world, &body.to_string());
    let request = format!("GET /v1/reports/{id}?format=md\nauthorization: Bearer {{viewer}}");
    let told = markdown(&world, &request);
    let escaped = "&lt;script&gt;x&lt;/script&gt;\\|\\`rm\\`\\[y\\](http&#58;//evil.example)";
    assert!(told.starts_with(&format!("# Special report · {escaped}\n")), "{told}");
    assert!(told.contains(&format!("| {escaped} | touchpoint | 72 | 85 | −13 | 34 |")), "{told}");
    for bare in ["<", "`rm`", "[y]", "http:"] {
        assert!(!told.replace("\\`rm\\`", "").contains(bare) || bare == "[y]", "{bare}");
    }
    assert!(!told.replace("\\[y\\]", "").contains("[y]"));
    for row in told.lines().filter(|it| it.starts_with('|')) {
        assert!(row.ends_with('|'), "{row}");
    }
}
