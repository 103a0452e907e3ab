//! What became of events at a webhook.

use serde_json::{Value, json};
use testkit::World;

use super::{CRM, body, delivered, get, handle, happen, make, send, text};

/// A webhook with a delivery in each state; returns their sequences.
fn desk(world: &World) -> [i64; 4] {
    make(world, CRM);
    ["delivered", "dead", "due", "dropped"].map(|state| {
        let kind = if state == "due" { "study.closed" } else { "study.updated" };
        let sequence = happen(world, "sit_shop", kind, "srv_shop", &json!({}));
        let tries = match state {
            "delivered" => json!([[0, "timeout", ""], [204, "", ""]]),
            "dead" => json!([[500, "", "too bad"]]),
            _ => json!([]),
        };
        delivered(world, sequence, state, &tries);
        sequence
    })
}

fn sequences(log: &Value) -> Vec<i64> {
    log["items"].as_array().unwrap().iter().map(|it| it["sequence"].as_i64().unwrap()).collect()
}

#[test]
fn the_log_is_newest_first_and_narrowed_by_state_and_type() {
    let world = World::with_site();
    let [arrived, dead, due, dropped] = desk(&world);
    for (query, found, next) in [
        ("", vec![dropped, due, dead, arrived], Value::Null),
        ("?limit=2", vec![dropped, due], json!(due)),
        (&format!("?limit=2&after={due}"), vec![dead, arrived], Value::Null),
        ("?state=dead", vec![dead], Value::Null),
        ("?state=delivered&type=study.*", vec![arrived], Value::Null),
        ("?state=dropped&type=study.closed", vec![], Value::Null),
        ("?type=study.closed", vec![due], Value::Null),
        (&format!("?state=dead&after={dead}"), vec![], Value::Null),
    ] {
        let log = get(&world, "manager", &format!("/v1/webhooks/{{id}}/deliveries{query}"));
        assert_eq!((sequences(&log), &log["next"]), (found, &next), "{query}");
    }
    for query in ["state=lost", "type=x", "after=a", "x=1"] {
        let line = format!("GET /v1/webhooks/{{id}}/deliveries?{query}");
        assert_eq!(send(&world, "manager", &line, "").status(), 422, "{query}");
    }
}

#[test]
fn one_delivery_shows_its_event_and_every_try() {
    let world = World::with_site();
    let [arrived, _, due, _] = desk(&world);
    let request =
        format!("GET /v1/webhooks/{{id}}/deliveries/{arrived}\nauthorization: Bearer {{manager}}");
    let expected = format!(
        r#"200

{{ "sequence": {arrived}, "event_id": "*", "type": "study.updated", "subject": "srv_shop",
   "state": "delivered", "tries": 2, "status": 204, "next_try_at": null,
   "updated_at": "2026-11-22T01:30:00Z",
   "event": {{ "id": "*", "sequence": {arrived}, "type": "study.updated",
     "timestamp": "2026-11-22T01:30:00Z", "site_id": "sit_shop", "subject": "srv_shop",
     "version": 2, "actor": "admin", "data": {{}} }},
   "attempts": [
     {{ "number": 2, "at": "2026-11-22T01:30:00.001Z", "duration_ms": 12, "status": 204,
        "error": null, "answer": "" }},
     {{ "number": 1, "at": "2026-11-22T01:30:00Z", "duration_ms": 12, "status": null,
        "error": "timeout", "answer": "" }} ] }}"#
    );
    world.check(handle, &request, &expected);
    let waiting = get(&world, "manager", &format!("/v1/webhooks/{{id}}/deliveries/{due}"));
    assert_eq!(waiting["next_try_at"], "2026-11-22T01:30:00Z");
    assert_eq!((&waiting["status"], &waiting["attempts"]), (&Value::Null, &json!([])));
    for name in ["1", "x"] {
        let line = format!("GET /v1/webhooks/{{id}}/deliveries/{name}");
        assert_eq!(send(&world, "manager", &line, "").status(), 404, "{name}");
    }
}

#[test]
fn one_more_try_is_due_at_once_whatever_became_of_it() {
    let world = World::with_site();
    let all = desk(&world);
    world.database().execute("update delivery set round = 7, due_at_ms = 9e12", []).unwrap();
    world.wait_ms(5);
    for (at, sequence) in all.into_iter().enumerate() {
        world.hurried();
        let line = format!("POST /v1/webhooks/{{id}}/deliveries/{sequence}/retry");
        let answer = send(&world, "manager", &line, "");
        assert_eq!(answer.status(), 202);
        let shown = body(&answer);
        assert_eq!(
            (&shown["state"], &shown["next_try_at"]),
            (&json!("due"), &json!("2026-11-22T01:30:00.005Z"))
        );
        assert_eq!(world.hurried(), ["deliver"]);
        let row = format!(
            "select state || ' ' || round || ' ' || (due_at_ms = {})
            from delivery where sequence = {sequence}",
            testkit::START + 5
        );
        // One that was waiting goes on with its round.
        let round = if at == 2 { 7 } else { 0 };
        assert_eq!(text(&world, &row), format!("due {round} 1"));
    }
    assert_eq!(world.number("select due_at_ms from outlet"), testkit::START + 5);
    assert_eq!(world.number("select count(*) from event where kind = 'webhook.retried'"), 4);
    let none = send(&world, "manager", "POST /v1/webhooks/{id}/deliveries/1/retry", "");
    assert_eq!(none.status(), 404);
}

#[test]
fn a_repeated_retry_happens_once() {
    let world = World::with_site();
    let [arrived, ..] = desk(&world);
    let request = format!(
        "POST /v1/webhooks/{{id}}/deliveries/{arrived}/retry\nauthorization: Bearer {{manager}}\n\
         idempotency-key: again"
    );
    let first = world.send(handle, &request);
    let back = "update delivery set state = 'delivered'";
    world.database().execute(back, []).unwrap();
    assert_eq!(world.send(handle, &request).body(), first.body());
    assert_eq!(world.number("select count(*) from delivery where state = 'due'"), 0);
}
