//! What is done to what was booked: by staff, and by whoever holds the private link.

use super::*;

const MINUTE_MS: i64 = 60_000;

fn path(shown: &Value, name: &str) -> String {
    format!("POST /v1/callbacks/{}/{name}", shown["id"].as_str().unwrap())
}

fn own(shown: &Value, name: &str) -> String {
    format!("POST /v1/bookings/{}/{name}", token(shown))
}

#[test]
fn a_held_slot_is_confirmed_once_however_often_somebody_says_so() {
    let world = world();
    let held = booked(&world, &json!({ "hold": true }));
    assert_eq!(
        (&held["state"], &held["hold_expires"]),
        (&json!("held"), &json!("2026-11-22T01:35:00Z"))
    );
    let id = held["id"].as_str().unwrap();
    let shown = done(&world, "", &format!("GET /v1/bookings/{}", token(&held)), &Value::Null);
    assert_eq!(shown["may"], json!(["confirm", "move", "cancel"]));
    world.wait_ms(4 * MINUTE_MS);
    let shown = done(&world, "", &own(&held, "confirm"), &Value::Null);
    assert_eq!((&shown["state"], &shown["hold_expires"]), (&json!("booked"), &Value::Null));
    world.wait_ms(9 * MINUTE_MS);
    assert_eq!(done(&world, "", &own(&held, "confirm"), &Value::Null), shown);
    done(&world, "agent", &path(&held, "confirm"), &json!({}));
    assert_eq!(trail(&world, id), ["held", "booked"]);
    check(&world);
}

#[test]
fn a_hold_that_ran_out_is_gone_whoever_notices_first() {
    let world = world();
    for confirms_late in [true, false] {
        let body = with(&json!({ "hold": true, "agent_id": "agt_bo" }));
        let held = done(&world, "agent", "POST /v1/callbacks", &body);
        world.wait_ms(5 * MINUTE_MS);
        if confirms_late {
            assert_eq!(refused(&world, "", &own(&held, "confirm"), &Value::Null).0, "hold-expired");
            let start = json!({ "start": "2026-11-23T11:00" });
            assert_eq!(refused(&world, "", &own(&held, "move"), &start).0, "hold-expired");
        }
        // Its slot can be had at once, and what held it is over.
        let other =
            done(&world, "agent", "POST /v1/callbacks", &with(&json!({ "agent_id": "agt_bo" })));
        assert_eq!(trail(&world, held["id"].as_str().unwrap()), ["held", "expired"]);
        assert_eq!(refused(&world, "", &own(&held, "confirm"), &Value::Null).0, "hold-expired");
        assert_eq!(refused(&world, "agent", &path(&held, "cancel"), &Value::Null).0, "wrong-state");
        check(&world);
        done(&world, "agent", &path(&other, "cancel"), &Value::Null);
    }
}

#[test]
fn staff_may_say_why_they_call_one_off() {
    let world = world();
    let first = booked(&world, &json!({}));
    let (_, problem) = refused(&world, "agent", &path(&first, "cancel"), &json!({ "reason": "x" }));
    assert_eq!(wrong(&problem), ["/reason"]);
    done(&world, "agent", &path(&first, "cancel"), &json!({ "reason": "settled" }));
    let told = "select count(*) from event where kind = 'callback.cancelled'
       and data ->> 'reason' = 'settled'";
    assert_eq!(world.number(told), 1);
}

#[test]
fn a_call_moves_and_its_own_time_is_not_in_its_way() {
    let world = world();
    let first = booked(&world, &json!({ "agent_id": "agt_bo" }));
    let id = first["id"].as_str().unwrap();
    // By a quarter of an hour: five minutes are its own already.
    let moved = done(&world, "", &own(&first, "move"), &json!({ "start": "2026-11-23T10:15" }));
    assert_eq!(moved["start"], "2026-11-23T10:15:00+08:00");
    assert_eq!(moved["sequence"], 1);
    assert!(moved.get("agent_id").is_none());
    let one = done(&world, "agent", &format!("GET /v1/callbacks/{id}"), &Value::Null);
    assert_eq!((&one["agent_id"], &one["version"]), (&json!("agt_bo"), &json!(2)));
    // The same once more changes nothing, and staff may give it to somebody else.
    done(&world, "", &own(&first, "move"), &json!({ "start": "2026-11-23T10:15:00+08:00" }));
    let body = json!({ "start": "2026-11-23T11:15", "tz": "Asia/Tokyo", "agent_id": "agt_cai" });
    let request = format!("{}\nif-match: \"v2\"", path(&first, "move"));
    let moved = done(&world, "agent", &request, &body);
    assert_eq!((&moved["agent_id"], &moved["sequence"]), (&json!("agt_cai"), &json!(2)));
    assert_eq!(moved["start"], "2026-11-23T10:15:00+08:00");
    assert_eq!(refused(&world, "agent", &request, &body).0, "precondition-failed");
    assert_eq!(trail(&world, id), ["booked", "moved", "moved"]);
    let was = "select data ->> 'was_at' from event where version = 2 and kind = 'callback.moved'";
    let was: String = world.database().query_row(was, [], |row| row.get(0)).unwrap();
    assert_eq!(was, "2026-11-23T02:00:00Z");
    check(&world);
    // On another day it counts for that day.
    done(&world, "agent", &path(&first, "move"), &json!({ "start": "2026-11-24T10:00" }));
    check(&world);
}

#[test]
fn where_all_are_busy_a_call_stays_where_it_is() {
    let world = world();
    let first = booked(&world, &json!({ "start": "2026-11-23T14:00" }));
    for _ in 0..3 {
        booked(&world, &json!({}));
    }
    for request in [own(&first, "move"), path(&first, "move")] {
        let who = if request.contains("bookings") { "" } else { "agent" };
        let (kind, problem) = refused(&world, who, &request, &json!({ "start": TEN }));
        assert_eq!(kind, "slot-taken");
        let agent = problem["slots"][0].get("agent_id");
        assert_eq!(agent.is_some(), who == "agent");
    }
    for (body, place) in [
        (json!({}), "/start"),
        (json!({ "start": "2026-11-20T10:00" }), "/start"),
        (json!({ "start": "2026-11-23T10:05" }), "/start"),
        (json!({ "start": TEN, "tz": "x" }), "/tz"),
        (json!({ "start": TEN, "agent_id": "agt_bo" }), "/agent_id"),
    ] {
        let (_, problem) = refused(&world, "", &own(&first, "move"), &body);
        assert_eq!(wrong(&problem), [place], "{body}");
    }
    let body = json!({ "start": TEN, "agent_id": "agt_x" });
    assert_eq!(wrong(&refused(&world, "agent", &path(&first, "move"), &body).1), ["/agent_id"]);
    let shown = done(&world, "", &format!("GET /v1/bookings/{}", token(&first)), &Value::Null);
    assert_eq!(shown["start"], "2026-11-23T14:00:00+08:00");
    assert_eq!(world.number("select count(*) from event where kind = 'callback.moved'"), 0);
    check(&world);
}

#[test]
fn a_held_slot_moves_and_is_held_for_no_longer() {
    let world = world();
    let held = booked(&world, &json!({ "hold": true }));
    world.wait_ms(3 * MINUTE_MS);
    let moved = done(&world, "", &own(&held, "move"), &json!({ "start": "2026-11-23T11:00" }));
    assert_eq!((&moved["state"], &moved["hold_expires"]), (&json!("held"), &held["hold_expires"]));
    world.wait_ms(2 * MINUTE_MS);
    assert_eq!(refused(&world, "", &own(&held, "confirm"), &Value::Null).0, "hold-expired");
    check(&world);
}

#[test]
fn what_is_called_off_gives_its_time_back() {
    let world = world();
    let first = booked(&world, &json!({}));
    let shown = done(&world, "", &own(&first, "cancel"), &Value::Null);
    assert_eq!(
        (&shown["state"], &shown["ended_at"]),
        (&json!("cancelled"), &json!("2026-11-22T01:30:00Z"))
    );
    assert_eq!(done(&world, "", &own(&first, "cancel"), &json!({})), shown);
    assert_eq!(refused(&world, "", &own(&first, "confirm"), &Value::Null).0, "wrong-state");
    let body = json!({ "start": TEN });
    assert_eq!(refused(&world, "", &own(&first, "move"), &body).0, "wrong-state");
    assert_eq!(world.number("select count(*) from call_quantum"), 0);
    assert_eq!(booked(&world, &json!({}))["agent_id"], "agt_ann");
    let by = "select count(*) from event where kind = 'callback.cancelled'
        and data ->> 'by' = 'customer' and actor = 'public'";
    assert_eq!(world.number(by), 1);
    check(&world);
}

#[test]
fn forged_tokens_and_others_keys_open_nothing() {
    let world = world();
    let first = booked(&world, &json!({ "name": "李想", "hold": true }));
    let (id, good) = (first["id"].as_str().unwrap(), token(&first));
    let mut forged = vec![String::new(), "x".into(), format!("{good}0"), good[1..].to_owned()];
    for at in 0..good.len() {
        let mut changed = good.clone().into_bytes();
        changed[at] = if changed[at] == b'a' { b'b' } else { b'a' };
        forged.push(String::from_utf8(changed).unwrap());
    }
    forged.push(id.to_owned());
    for token in forged {
        for request in ["GET /v1/bookings/{}", "POST /v1/bookings/{}/cancel"] {
            let request = request.replace("{}", &token);
            let answer = send(&world, "", &request, &Value::Null);
            assert_eq!(answer.status(), 404, "{request}");
            assert_eq!(answer.headers()["cache-control"], "no-store");
        }
    }
    let answer = send(&world, "", &format!("GET /v1/bookings/{good}"), &Value::Null);
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let text = String::from_utf8_lossy(answer.body()).into_owned();
    for secret in ["agt_", "李想", "8000", "customer_id"] {
        assert!(!text.contains(secret), "{text}");
    }
    for name in ["confirm", "move", "cancel"] {
        let body = json!({ "start": "2026-11-23T11:00" });
        assert_eq!(refused(&world, "other", &path(&first, name), &body).0, "not-found");
        assert_eq!(refused(&world, "viewer", &path(&first, name), &body).0, "forbidden");
        assert_eq!(refused(&world, "", &path(&first, name), &body).0, "unauthorized");
    }
    assert_eq!(
        refused(&world, "other", &format!("GET /v1/callbacks/{id}"), &Value::Null).0,
        "not-found"
    );
    for (request, status) in [
        (format!("PUT /v1/callbacks/{id}"), 405),
        (format!("GET /v1/callbacks/{id}/move"), 405),
        (format!("GET /v1/callbacks/{id}/x"), 404),
        ("DELETE /v1/callbacks".into(), 405),
        ("POST /v1/slots".into(), 405),
        (format!("POST /v1/bookings/{good}"), 405),
        (format!("GET /v1/bookings/{good}/move"), 405),
        (format!("POST /v1/bookings/{good}/x"), 404),
        (format!("POST /v1/bookings/{good}/move/x"), 404),
        ("GET /callback/slots".into(), 405),
        ("GET /".into(), 404),
    ] {
        assert_eq!(send(&world, "agent", &request, &Value::Null).status(), status, "{request}");
    }
    assert_eq!(trail(&world, id), ["held"]);
}

#[test]
fn pages_of_ours_book_for_the_public() {
    let world = world();
    let slots = json!({ "site_id": "sit_shop", "service_id": "svc_talk", "from": "2026-11-23",
        "to": "2026-11-23", "tz": "Asia/Shanghai", "limit": 3 });
    let found = done(&world, "", "POST /callback/slots", &slots);
    assert_eq!(found["items"].as_array().unwrap().len(), 3);
    assert!(found["items"][0].get("agent_id").is_none());
    let mut body = with(&json!({ "site_id": "sit_shop", "key": "k 1", "hold": true }));
    let shown = done(&world, "", "POST /callback/book", &body);
    let token = shown["token"].as_str().unwrap();
    assert!(shown.get("agent_id").is_none() && shown.get("link").is_none());
    assert_eq!(done(&world, "", "POST /callback/book", &body), shown);
    assert_eq!(world.number("select count(*) from callback"), 1);
    body["phone"] = "13900139000".into();
    assert_eq!(refused(&world, "", "POST /callback/book", &body).0, "idempotency-key-reused");
    done(&world, "", &format!("POST /v1/bookings/{token}/confirm"), &Value::Null);
    // What is the site's own business is no field that we know, and neither is a service of theirs.
    let mut body = with(&json!({ "site_id": "sit_shop", "service_id": "svc_own" }));
    for own in ["agent_id", "purpose", "case_id", "customer", "waiting_since"] {
        body[own] = "x".into();
    }
    let (_, problem) = refused(&world, "", "POST /callback/book", &body);
    let mut places = wrong(&problem);
    places.sort();
    let wanted =
        ["/agent_id", "/case_id", "/customer", "/purpose", "/service_id", "/waiting_since"];
    assert_eq!(places, wanted);
    // Who holds a link sees where it could move to, and its own time is one of them.
    for _ in 0..2 {
        booked(&world, &json!({}));
    }
    let count = |token: &str| {
        let ask = json!({ "site_id": "sit_shop", "service_id": "svc_talk", "from": TEN,
            "to": "2026-11-23T10:01", "token": token });
        done(&world, "", "POST /callback/slots", &ask)["items"].as_array().unwrap().len()
    };
    assert_eq!((count(""), count(token)), (0, 1));
    let ask = json!({ "site_id": "sit_other", "service_id": "svc_talk", "token": token });
    assert_eq!(refused(&world, "", "POST /callback/slots", &ask).0, "not-found");
    check(&world);
}

#[test]
fn pages_of_ours_tell_whoever_waits_where_they_stand() {
    let world = world();
    world.wait_ms(24 * 3_600_000);
    let asap = with(&json!({ "mode": "asap", "start": null, "site_id": "sit_shop" }));
    let tokens = [0, 1].map(|_| {
        world.wait_ms(1);
        let shown = done(&world, "", "POST /callback/book", &asap);
        shown["token"].as_str().unwrap().to_owned()
    });
    let ask = |token: &str| {
        let body = json!({ "site_id": "sit_shop", "service_id": "svc_talk", "tz": "",
            "language": "", "token": token });
        done(&world, "", "POST /callback/queue", &body)["position"].clone()
    };
    assert_eq!([ask(&tokens[0]), ask(&tokens[1]), ask("")], [0, 1, 2]);
    let own = json!({ "site_id": "sit_shop", "service_id": "svc_own" });
    let others = json!({ "site_id": "sit_other", "token": tokens[0] });
    for body in [own, others] {
        assert_eq!(refused(&world, "", "POST /callback/queue", &body).0, "not-found");
    }
}
