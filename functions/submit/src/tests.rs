//! Forms as browsers send them, and where they lead.

use http::StatusCode;
use serde_json::{Value, json};
use testkit::World;
use web::Response;

use super::handle;

/// Every type of question, with a path and an ending.
const EVERY: &str = include_str!("../../../tests/browser/tests/browser/every.json");

/// A world whose `srv_shop` asks all of it, as its second version.
fn world() -> World {
    let world = World::with_site();
    {
        let database = world.database();
        let add = "insert into study_version (study_id, number, definition, published_at_ms)
                   select id, 2, ?1, 0 from study where id = 'srv_shop'";
        database.execute(add, [EVERY]).unwrap();
        database.execute("update study set published = 2 where id = 'srv_shop'", []).unwrap();
    }
    world
}

fn post(world: &World, fields: &str) -> Response {
    let head = "POST /s/srv_shop/submit\ncontent-type: application/x-www-form-urlencoded";
    world.send(handle, &format!("{head}\norigin: http://huiyin.test\n\n{fields}"))
}

/// The answers of the one response that there is.
fn answers(world: &World) -> Value {
    let sql = "select answers from response";
    let text: String = world.database().query_row(sql, [], |row| row.get(0)).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[track_caller]
fn check(answer: &Response, status: StatusCode, location: &str) {
    let found = answer.headers().get("location").map_or("", |it| it.to_str().unwrap());
    let body = String::from_utf8_lossy(answer.body());
    assert_eq!((answer.status(), found), (status, location), "{body}");
}

#[test]
fn every_type_of_answer_is_taken() {
    let world = world();
    let fields = "key=one&version=2&lang=en&channel=email&h.order_number=A-1\
        &q.recommend=3&q.why=%E6%85%A2%0D%0A%E5%A4%AA%E6%85%A2&q.quality=4&q.mood=2&q.easy=7\
        &w.best.other=%E5%88%AB%E7%9A%84&q.heard=friend&q.heard=street\
        &q.parts.speed=3&q.parts.price=1&q.order.1=cost&q.order.2=taste&q.order.3=calm\
        &q.code=SH-2024&q.cups=2.5&q.day=2026-11-01&q.mail=a%40example.com\
        &q.phone=%2B86+138+0013+8000&q.agree=yes";
    check(&post(&world, fields), StatusCode::SEE_OTHER, "/s/srv_shop/thanks?lang=en&v=2&end=sorry");
    let expected = json!({
        "recommend": 3, "why": "慢\n太慢", "quality": 4, "mood": 2, "easy": 7,
        "best": { "other": "别的" }, "heard": ["friend", "street"],
        "parts": { "speed": 3, "price": 1 }, "order": ["cost", "taste", "calm"],
        "code": "SH-2024", "cups": 2.5, "day": "2026-11-01", "mail": true, "phone": true,
        "agree": true, "order_number": "A-1",
    });
    assert_eq!(answers(&world), expected);
    let of_page = "select count(*) from response where source = 'page' and channel = 'email'";
    assert_eq!(world.number(of_page), 1);
    assert_eq!(world.number("select counted from response"), 1);
}

#[test]
fn what_the_path_does_not_reach_is_left_out() {
    let world = world();
    let sent = post(&world, "key=one&version=2&lang=ar&q.recommend=10&q.why=none&q.best=green");
    check(&sent, StatusCode::SEE_OTHER, "/s/srv_shop/thanks?lang=ar&v=2");
    assert_eq!(answers(&world), json!({ "recommend": 10, "best": "green" }));
}

#[test]
fn a_form_that_is_sent_twice_is_taken_once() {
    let world = world();
    for _ in 0..2 {
        let sent = post(&world, "key=one&version=2&q.recommend=9");
        check(&sent, StatusCode::SEE_OTHER, "/s/srv_shop/thanks?lang=zh-CN&v=2");
    }
    assert_eq!(world.number("select count(*) from response"), 1);
    // Back, changed, sent again: the first one stands.
    let changed = post(&world, "key=one&version=2&q.recommend=7");
    check(&changed, StatusCode::TEMPORARY_REDIRECT, "/s/srv_shop?said=taken");
    let other = post(&world, "key=two&version=2&q.recommend=9");
    assert_eq!(other.status(), StatusCode::SEE_OTHER);
    assert_eq!(world.number("select count(*) from response"), 2);
}

#[test]
fn a_form_that_was_hardly_seen_is_screened() {
    let world = world();
    let token = pollster::block_on(app::hosted::form_token(&world, "srv_shop")).unwrap();
    let fields =
        format!("version=2&form_token={token}&q.recommend=9&q.quality=5&q.easy=7&q.mood=4");
    world.wait_ms(600);
    assert_eq!(post(&world, &format!("key=a&{fields}")).status(), StatusCode::SEE_OTHER);
    assert_eq!(world.number("select counted from response"), 0);
    world.wait_ms(60_000);
    assert_eq!(post(&world, &format!("key=b&{fields}")).status(), StatusCode::SEE_OTHER);
    assert_eq!(world.number("select sum(counted) from response"), 1);
}

#[test]
fn whatever_is_wrong_leads_back() {
    let world = world();
    let refused = "/s/srv_shop?said=refused";
    for fields in ["key=a&version=2", "key=a&version=2&q.recommend=11", "key=a&version=2&l=x"] {
        check(&post(&world, fields), StatusCode::TEMPORARY_REDIRECT, refused);
    }
    let head = "POST /s/srv_shop/submit\ncontent-type: application/x-www-form-urlencoded";
    let fields = "key=a&version=2&q.recommend=9";
    let sent = world.send(handle, &format!("{head}\norigin: https://shop.example\n\n{fields}"));
    check(&sent, StatusCode::TEMPORARY_REDIRECT, refused);
    world.database().execute("update study set state = 'closed'", []).unwrap();
    check(&post(&world, fields), StatusCode::TEMPORARY_REDIRECT, refused);
    assert_eq!(world.number("select count(*) from response"), 0);
}

#[test]
fn other_methods_paths_and_bodies_are_problems() {
    let world = world();
    for (request, status) in [
        ("GET /s/srv_shop/submit", 405),
        ("POST /s/srv_shop/other", 404),
        ("POST /s/srv_shop/submit\n\n{}", 415),
    ] {
        assert_eq!(world.send(handle, request).status().as_u16(), status, "{request}");
    }
}

#[test]
fn without_a_database_nothing_is_told_of_why() {
    let world = world();
    world.break_database();
    let answer = post(&world, "key=a&version=2&q.recommend=9");
    check(&answer, StatusCode::SERVICE_UNAVAILABLE, "");
    assert!(world.logged_cause().is_some());
}
