//! Numbers that are never called.

use app::callback::phone_hash;
use serde_json::json;
use testkit::World;

use super::{events, refused, send};
use crate::handle;

const LINE: &str = "POST /v1/do-not-call";

fn is_listed(world: &World, number: &str) -> bool {
    let hash = phone_hash(testkit::SECRET_KEY, "sit_shop", number);
    let sql = "select count(*) from do_not_call where site_id = 'sit_shop' and phone_hash = ?1";
    world.database().query_row(sql, [&hash[..]], |row| row.get::<_, i64>(0)) == Ok(1)
}

#[test]
fn a_number_is_added_however_it_is_written_and_removed() {
    let world = World::with_site();
    world.check(
        handle,
        r#"
POST /v1/do-not-call
authorization: Bearer {agent}

{ "phone": "138 0013 8000" }"#,
        r#"
201
location: *

{ "id": "*", "actor": "key:key_agent", "created_at": "2026-11-22T01:30:00Z" }"#,
    );
    let (_, list) = send(&world, "agent", "GET /v1/do-not-call", "");
    let id = list["items"][0]["id"].as_str().unwrap().to_owned();
    assert!(is_listed(&world, "+8613800138000"));
    // Whoever adds it once more has it added.
    let (status, again) = send(&world, "agent", LINE, r#"{ "phone": "+86 13800138000" }"#);
    assert_eq!((status, &again), (200, &list["items"][0]));
    assert_eq!(events(&world, "do_not_call.added"), 1);

    let item = format!("DELETE /v1/do-not-call/{id}");
    assert_eq!(send(&world, "agent", &item, "").0, 403);
    assert_eq!(send(&world, "other", &item, "").0, 404);
    assert_eq!(send(&world, "manager", &item, "").0, 204);
    assert_eq!(send(&world, "manager", &item, "").0, 404);
    assert!(!is_listed(&world, "+8613800138000"));
    let (_, verdict) =
        send(&world, "viewer", &format!("GET /v1/do-not-call/{id}/audit/verify"), "");
    assert_eq!((&verdict["is_intact"], events(&world, "do_not_call.removed")), (&json!(true), 1));
    // It can be added again, as another one.
    let (status, anew) = send(&world, "agent", LINE, r#"{ "phone": "13800138000" }"#);
    assert_eq!((status, anew["id"] != id.as_str()), (201, true));
}

#[test]
fn a_repeated_request_adds_one() {
    let world = World::with_site();
    let line = format!("{LINE}\nidempotency-key: one");
    let body = r#"{ "phone": "+12025550123" }"#;
    let (status, first) = send(&world, "agent", &line, body);
    assert_eq!((status, send(&world, "agent", &line, body)), (201, (201, first)));
    assert_eq!(send(&world, "agent", &line, r#"{ "phone": "+12025550124" }"#).0, 422);
    assert_eq!(world.number("select count(*) from do_not_call"), 1);
}

#[test]
fn what_is_no_number_is_refused_and_nobody_reads_the_list_but_agents() {
    let world = World::with_site();
    assert_eq!(refused(&world, LINE, "{}"), ["/phone"]);
    assert_eq!(refused(&world, LINE, r#"{ "phone": "12", "x": 1 }"#), ["/phone", "/x"]);
    assert_eq!(send(&world, "viewer", LINE, "{}").0, 403);
    assert_eq!(send(&world, "viewer", "GET /v1/do-not-call", "").0, 403);
    assert_eq!(send(&world, "other", "GET /v1/do-not-call", "").1["items"], json!([]));
    assert_eq!(world.number("select count(*) from do_not_call"), 0);
}
