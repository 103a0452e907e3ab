//! Cases as other components hand them over.

use app::auth::Staff;
use app::case::Opening;
use app::case::enter::{Entered, Entry, enter};
use app::intake::guard::{Guard, Passed};
use domain::case::Source;
use http::{Method, StatusCode};
use ports::Env;
use testkit::World;
use web::{Problem, Request};

use crate::handle;

const HASH: [u8; 32] = [7; 32];

fn complaint(text: &str) -> Opening {
    Opening {
        source: Source::Widget,
        channel: "web".into(),
        language: "zh-CN".into(),
        text: text.into(),
        contacts: vec![("email".into(), "guest@example.com".into())],
        ..Opening::default()
    }
}

/// Hands a complaint over as `report` does; the world answers with what `handle` serves.
fn hand_over(
    world: &World,
    key: &str,
    hash: [u8; 32],
    opening: &Opening,
) -> Result<Option<Entered>, Problem> {
    pollster::block_on(async {
        let head = vec![("spin-client-addr".to_owned(), b"192.0.2.7:4711".to_vec())];
        let request = Request::new(Method::POST, "/", "huiyin.test", head, Ok(Vec::new()));
        let passed: Passed = Guard::of(world, &request, false).await?.passed(None, world.now());
        let by = Staff::new("sit_shop", "public");
        enter(world, Entry { by: &by, key, hash, opening, passed: &passed }).await
    })
}

fn count(world: &World) -> i64 {
    world.number("select count(*) from complaint")
}

#[test]
fn all_that_is_handed_over_arrives() {
    let world = World::with_site();
    let customer = world.customer("c-1", "core", true);
    let opening = Opening {
        once: "response:rsp_1".into(),
        touchpoint_id: "tch_shop".into(),
        customer_id: customer.clone(),
        response_id: "rsp_1".into(),
        amount: Some(19_950),
        ..complaint("充电器起火，烧伤了我的手")
    };
    let entered = hand_over(&world, "k-1", HASH, &opening).unwrap().unwrap();
    assert!(entered.id.starts_with("cmp_") && entered.number.starts_with("261122-"));
    assert_eq!(entered.answer_due.as_deref(), Some("2026-11-22T02:30:00Z"), "major: an hour");
    assert!(!entered.is_joined && !entered.is_repeated);
    let sql = "select source || ' ' || channel || ' ' || language || ' ' || touchpoint_id || ' '
        || customer_id || ' ' || customer_group || ' ' || response_id || ' ' || once || ' '
        || amount || ' ' || grade from complaint";
    let row: String = world.database().query_row(sql, [], |row| row.get(0)).unwrap();
    let expected =
        format!("widget web zh-CN tch_shop {customer} core rsp_1 response:rsp_1 19950 major");
    assert_eq!(row, expected);
    let told = "select count(*) from event where kind = 'complaint.opened' and actor = 'public'";
    assert_eq!(world.number(told), 1);
    assert_eq!(world.hurried(), ["deliver"]);
}

#[test]
fn a_key_takes_one_complaint_and_tells_of_it_again() {
    let world = World::with_site();
    let first = hand_over(&world, "k-1", HASH, &complaint("坏了")).unwrap().unwrap();
    let again = hand_over(&world, "k-1", HASH, &complaint("坏了")).unwrap().unwrap();
    assert_eq!((&again.id, &again.number), (&first.id, &first.number));
    assert!(again.is_repeated && !first.is_repeated);
    let other = hand_over(&world, "k-1", [8; 32], &complaint("丢了")).unwrap_err();
    assert_eq!(other.kind, web::Kind::IdempotencyKeyReused);
    assert_eq!(count(&world), 1);
}

#[test]
fn what_a_customer_says_again_joins_what_they_have() {
    let world = World::with_site();
    let first = hand_over(&world, "", HASH, &complaint("送货太慢了，等了三天")).unwrap().unwrap();
    let again = hand_over(&world, "", HASH, &complaint("送货太慢了，等了四天")).unwrap().unwrap();
    assert!(again.is_joined);
    assert_eq!(again.id, first.id);
    assert_eq!(count(&world), 1);
}

#[test]
fn too_many_are_held_back_whole() {
    let world = World::with_site();
    world.set("rate_limit", "address=2/60");
    let texts = ["坏了一个杯子", "衣服颜色不对", "客服没有人接"];
    let taken = texts.map(|it| hand_over(&world, "", HASH, &complaint(it)).unwrap().is_some());
    assert_eq!(taken, [true, true, false]);
    assert_eq!(count(&world), 2);
    assert_eq!(world.number("select count(*) from case_link"), 2);
}

#[test]
fn whoever_was_erased_is_nobody() {
    let world = World::with_site();
    let customer = world.customer("c-1", "core", true);
    world.database().execute("update customer set erased_at_ms = 1", []).unwrap();
    let opening = Opening { customer_id: customer, ..complaint("坏了") };
    assert!(hand_over(&world, "", HASH, &opening).unwrap().is_some());
    assert_eq!(world.number("select count(*) from complaint where customer_id = ''"), 1);
}

#[test]
fn nothing_else_is_here() {
    let world = World::with_site();
    for (request, status) in [
        ("GET /case", 405),
        ("POST /other", 404),
        ("POST /case\n\nnothing", 400),
        ("POST /case\n\n{ \"site_id\": \"sit_none\", \"text\": \"x\" }", 404),
    ] {
        assert_eq!(world.send(handle, request).status().as_u16(), status, "{request}");
    }
    world.break_database();
    let answer = world.send(handle, "POST /case\n\n{ \"site_id\": \"sit_shop\", \"text\": \"x\" }");
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
}
