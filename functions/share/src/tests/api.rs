//! Links as the API tells them.

use testkit::World;

use super::{LATER_MS, MEETING, handle, json, make, send, text, world};

#[test]
fn a_link_is_shown_when_it_is_made_and_not_again() {
    let (world, _) = world();
    let made = make(&world, MEETING);
    assert_eq!(made["view"], "/complaints?period=30d&channel=web");
    assert_eq!(made["state"], "open");
    assert!(made["url"].as_str().unwrap().starts_with("http://huiyin.test/share/"));
    assert!(made["embed_url"].as_str().unwrap().starts_with("http://huiyin.test/embed/"));
    world.check(
        handle,
        "GET /v1/shares\nauthorization: Bearer {manager}",
        r#"
200

{ "items": [ { "id": "*", "name": "董事会", "view": "/complaints?period=30d&channel=web",
    "is_embeddable": true, "state": "open", "created_by": "key:key_manager", "created_at": "*",
    "expires_at": "*", "revoked_at": null, "version": 1 } ], "next": null }"#,
    );
    let shown = send(&world, "manager", "GET /v1/shares/{id}", "");
    assert_eq!((shown.status().as_u16(), super::header(&shown, "etag")), (200, "\"v1\""));
    assert!(json(&shown).get("url").is_none());
    let verify = "GET /v1/shares/{id}/audit/verify\nauthorization: Bearer {viewer}";
    assert_eq!(world.json(handle, verify)["is_intact"], true);
}

#[test]
fn a_repeated_request_gets_the_same_link_and_none_is_kept() {
    let (world, _) = world();
    let line = "POST /v1/shares\nidempotency-key: k1";
    let first = send(&world, "manager", line, MEETING);
    let again = send(&world, "manager", line, MEETING);
    assert_eq!((first.status().as_u16(), again.status().as_u16()), (201, 201));
    assert_eq!(super::header(&again, "idempotent-replayed"), "true");
    assert_eq!(json(&first), json(&again));
    assert_eq!(world.number("select count(*) from share"), 1);
    let other = send(&world, "manager", line, &MEETING.replace("30,", "31,"));
    assert_eq!(other.status(), 422);
    // Whoever reads the database opens nothing.
    let url = json(&first)["url"].as_str().unwrap().to_owned();
    let token = url.rsplit('/').next().unwrap();
    for kept in
        ["select group_concat(body) from idempotency", "select group_concat(data) from event"]
    {
        let kept: String = world.database().query_row(kept, [], |row| row.get(0)).unwrap();
        assert!(
            kept.contains("董事会") && !kept.contains(token) && !kept.contains("url"),
            "{kept}"
        );
    }
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let (world, _) = world();
    let body = r#"{ "name": "", "view": "/shares?period=eon&card=x", "expires_in_days": 367,
        "is_embeddable": "yes", "who": 1 }"#;
    let refused = send(&world, "manager", "POST /v1/shares", body);
    assert_eq!(refused.status(), 422);
    let told = json(&refused);
    let places: Vec<&str> = told["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["pointer"].as_str().unwrap())
        .collect();
    assert_eq!(
        places,
        ["/name", "/view", "/view", "/view", "/expires_in_days", "/is_embeddable", "/who"]
    );
    let refused = send(&world, "manager", "POST /v1/shares", "{}");
    assert_eq!(json(&refused)["errors"].as_array().unwrap().len(), 3);
    assert_eq!(world.number("select count(*) from share"), 0);
}

#[test]
fn a_page_about_one_thing_must_be_there() {
    let (world, asked) = world();
    let about = |id: &str| {
        format!(r#"{{ "name": "a", "view": "/touchpoints/{id}", "expires_in_days": 1 }}"#)
    };
    let refused = send(&world, "manager", "POST /v1/shares", &about("tch_none"));
    assert_eq!(refused.status(), 422);
    assert_eq!(json(&refused)["errors"][0]["pointer"], "/view");
    assert_eq!(make(&world, &about("tch_shop"))["view"], "/touchpoints/tch_shop");
    let url = &asked.borrow()[1].url;
    assert_eq!(url, "http://overview.spin.internal/dashboard/touchpoints/tch_shop");
    // Nobody may say yes in place of the page.
    world.receive(|_, _| Err(ports::Unanswered::Unreachable));
    let refused = send(&world, "manager", "POST /v1/shares", &about("tch_shop"));
    assert_eq!(refused.status(), 503);
}

#[test]
fn a_link_is_closed_once_however_often_it_is_asked() {
    let (world, _) = world();
    make(&world, MEETING);
    for _ in 0..2 {
        let closed = send(&world, "manager", "DELETE /v1/shares/{id}", "");
        assert_eq!(closed.status(), 204, "{}", text(&closed));
    }
    let count = "select count(*) from event where kind = 'share.revoked'";
    assert_eq!(world.number(count), 1);
    let shown = json(&send(&world, "manager", "GET /v1/shares/{id}", ""));
    assert_eq!((&shown["state"], &shown["version"]), (&"revoked".into(), &2.into()));
    let stale = send(&world, "manager", "DELETE /v1/shares/{id}\nif-match: \"v1\"", "");
    assert_eq!(stale.status(), 412);
    make(&world, MEETING);
    world.wait_ms(LATER_MS);
    let shown = json(&send(&world, "manager", "GET /v1/shares/{id}", ""));
    assert_eq!(shown["state"], "expired");
}

#[test]
fn links_are_of_managers_and_of_their_site() {
    let (world, _) = world();
    make(&world, MEETING);
    for (line, body) in [
        ("POST /v1/shares", MEETING),
        ("GET /v1/shares", ""),
        ("GET /v1/shares/{id}", ""),
        ("DELETE /v1/shares/{id}", ""),
    ] {
        assert_eq!(send(&world, "viewer", line, body).status(), 403, "{line}");
        assert_eq!(send(&world, "agent", line, body).status(), 403, "{line}");
        assert_eq!(world.send(handle, &format!("{line}\n\n{body}")).status(), 401, "{line}");
    }
    for line in ["GET /v1/shares/{id}", "DELETE /v1/shares/{id}", "GET /v1/shares/{id}/audit"] {
        assert_eq!(send(&world, "other", line, "").status(), 404, "{line}");
    }
    assert_eq!(json(&send(&world, "other", "GET /v1/shares", ""))["items"], serde_json::json!([]));
    for (line, allow) in [
        ("PUT /v1/shares", "GET, HEAD, POST"),
        ("PATCH /v1/shares/{id}", "GET, HEAD, DELETE"),
        ("PUT /dashboard/shares", "GET, HEAD, POST"),
        ("POST /share/x", "GET, HEAD"),
    ] {
        let refused = send(&world, "manager", line, "{}");
        let told = (refused.status().as_u16(), super::header(&refused, "allow").to_owned());
        assert_eq!(told, (405, allow.to_owned()), "{line}");
    }
}

#[test]
fn a_broken_database_is_told_without_detail() {
    let world = World::with_site();
    world.break_database();
    let refused = send(&world, "manager", "GET /v1/shares", "");
    assert_eq!(refused.status(), 503);
    assert!(world.logged_cause().is_some() && !text(&refused).contains("disk"));
}
