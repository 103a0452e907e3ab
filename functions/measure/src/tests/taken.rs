//! Measurements as they are brought.

use serde_json::{Value, json};
use testkit::World;

use super::{bring, refused};
use crate::handle;

const POST: &str = "POST /v1/measurements\nauthorization: Bearer {agent}";

const TWO: &str = r#"{ "measurements": [
    { "name": "human_pick_up", "seconds": 42, "at": "2026-11-22T09:00:00+08:00",
      "touchpoint_id": "tch_shop", "channel": "phone", "agent_id": "agt_lan", "key": "call-77" },
    { "name": "orders", "count": 120, "at": "2026-11-21T23:59:59+08:00", "channel": "web",
      "key": "orders-2026-11-21-web" } ] }"#;

fn event(world: &World) -> (Value, String, i64) {
    let text = "select data, subject, version from event where kind = 'measurement.recorded'
        order by seq desc limit 1";
    let found: (String, String, i64) = world
        .database()
        .query_row(text, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .unwrap();
    (serde_json::from_str(&found.0).unwrap(), found.1, found.2)
}

fn events(world: &World) -> i64 {
    world.number("select count(*) from event where kind = 'measurement.recorded'")
}

#[test]
fn each_key_is_taken_once_and_every_call_that_changes_something_is_an_event() {
    let world = World::with_site();
    let taken = r#"
200

{ "taken": 2, "repeated": 0, "items": [
    { "key": "call-77", "taken": true }, { "key": "orders-2026-11-21-web", "taken": true } ] }"#;
    world.check(handle, &format!("{POST}\n\n{TWO}"), taken);
    assert_eq!(world.hurried(), ["deliver"]);
    let (data, subject, version) = event(&world);
    assert_eq!(data, json!({ "count": 2, "names": { "human_pick_up": 1, "orders": 1 } }));
    assert!(domain::id::Kind::Measurement.is(&subject) && version == 1);
    let rows = "select count(*) * 1000 + sum(n) from measure";
    assert_eq!(world.number(rows), 6006, "four grains of the call, two of the orders");
    // Again, with a third that is in it twice.
    let again = json!([
        { "name": "orders", "count": 7, "key": "call-77" },
        { "name": "contacts", "key": "third" },
        { "name": "contacts", "key": "third", "count": 9 }
    ]);
    let items = json!([{ "key": "call-77", "taken": false }, { "key": "third", "taken": true },
        { "key": "third", "taken": false }]);
    assert_eq!(bring(&world, &again), json!({ "taken": 1, "repeated": 2, "items": items }));
    assert_eq!(event(&world).0, json!({ "count": 1, "names": { "contacts": 1 } }));
    assert_eq!(world.number("select value from measurement where key = 'call-77'"), 42_000);
    // Nothing new is nothing that happened.
    let before = (events(&world), world.number(rows));
    assert_eq!(bring(&world, &again)["taken"], 0);
    assert_eq!((events(&world), world.number(rows)), before);
    assert_eq!(before.0, 2);
}

#[test]
fn a_request_with_a_key_of_its_own_is_answered_again() {
    let world = World::with_site();
    let head = format!("{POST}\nidempotency-key: once");
    let first = world.json(handle, &format!("{head}\n\n{TWO}"));
    assert_eq!(world.json(handle, &format!("{head}\n\n{TWO}")), first);
    assert_eq!(first["taken"], 2);
    let other = r#"{ "measurements": [{ "name": "orders", "key": "x" }] }"#;
    let reused = world.send(handle, &format!("{head}\n\n{other}"));
    assert_eq!(reused.status(), 422);
    assert_eq!(events(&world), 1);
}

#[test]
fn every_mistake_is_told_and_nothing_is_taken() {
    let world = World::with_site();
    let body = r#"{ "more": 1, "measurements": [
        { "name": "orders", "key": "good" },
        { "name": "mood", "seconds": 3 },
        { "name": "waiting", "key": "a", "count": 3 },
        { "name": "waiting", "key": "b", "seconds": -1, "at": "2026-11-22" },
        { "name": "orders", "key": "c", "count": 1.5, "at": "2026-11-22T01:36:00Z",
          "channel": "fax", "touchpoint_id": "agt_lan", "agent_id": "agt_x" },
        { "name": "orders", "key": "d", "seconds": 3, "at": "2024-11-20T00:00:00Z" },
        "orders",
        { "name": "handling", "key": "e", "seconds": 31622400.001 },
        { "name": "handling", "key": "f", "seconds": "3" } ] }"#;
    let places: Vec<String> =
        refused(&world, &format!("{POST}\n\n{body}")).into_iter().map(|it| it.0).collect();
    let at = |rest: &[&str]| {
        rest.iter().map(|it| format!("/measurements/{it}")).collect::<Vec<String>>()
    };
    let mut expected = at(&[
        "6",
        "1/key",
        "1/name",
        "2/seconds",
        "2/count",
        "3/seconds",
        "3/at",
        "4/count",
        "4/at",
        "4/channel",
        "4/touchpoint_id",
        "4/agent_id",
        "5/at",
        "5/seconds",
        "7/seconds",
        "8/seconds",
    ]);
    expected.push("/more".to_owned());
    assert_eq!(places, expected);
    assert_eq!(world.number("select count(*) from measurement") + events(&world), 0);
    for body in [r#"{}"#, r#"{ "measurements": [] }"#] {
        assert_eq!(refused(&world, &format!("{POST}\n\n{body}"))[0].0, "/measurements");
    }
}

#[test]
fn a_thousand_are_taken_at_once_and_no_more() {
    let world = World::with_site();
    let many = |n: usize, from: usize| {
        let one = |at| {
            json!({ "name": "human_pick_up", "seconds": at % 400,
                "key": format!("call-{}", at + from), "touchpoint_id": "tch_shop",
                "channel": "phone", "agent_id": "agt_lan", "at": "2026-11-22T09:00:00+08:00" })
        };
        json!({ "measurements": (0..n).map(one).collect::<Vec<Value>>() })
    };
    let taken = world.json(handle, &format!("{POST}\n\n{}", many(1000, 0)));
    assert_eq!((&taken["taken"], &taken["repeated"]), (&1000.into(), &0.into()));
    assert_eq!(world.number("select sum(n) from measure where grain = 'agent'"), 1000);
    assert_eq!(refused(&world, &format!("{POST}\n\n{}", many(1001, 0)))[0].0, "/measurements");
    let half = world.json(handle, &format!("{POST}\n\n{}", many(1000, 500)));
    assert_eq!((&half["taken"], &half["repeated"]), (&500.into(), &500.into()));
    assert_eq!(world.number("select sum(n) from measure where grain = 'site'"), 1500);
}

#[test]
fn an_agent_brings_them_and_nobody_below() {
    let world = World::with_site();
    for (auth, status) in [
        ("", 401),
        ("authorization: Bearer {pk}\n", 401),
        ("authorization: Bearer {viewer}\n", 403),
        ("authorization: Bearer {manager}\n", 200),
    ] {
        let answer = world.send(handle, &format!("POST /v1/measurements\n{auth}\n{TWO}"));
        assert_eq!(answer.status(), status, "{auth}");
    }
    // Another site has neither the touchpoint nor the agent.
    let other = format!("POST /v1/measurements\nauthorization: Bearer {{other}}\n\n{TWO}");
    let places: Vec<String> = refused(&world, &other).into_iter().map(|it| it.0).collect();
    assert_eq!(places, ["/measurements/0/touchpoint_id", "/measurements/0/agent_id"]);
    let unknown = format!("POST /v1/measurements?x=1\nauthorization: Bearer {{agent}}\n\n{TWO}");
    assert_eq!(world.send(handle, &unknown).status(), 422);
    world.break_database();
    assert_eq!(world.send(handle, &format!("{POST}\n\n{TWO}")).status(), 503);
}
