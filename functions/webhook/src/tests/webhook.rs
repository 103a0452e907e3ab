//! Webhooks as admins set them up.

use app::signature::{Scheme, public_key, read_secret, sign};
use app::vault;
use domain::civil::DAY_MS;
use serde_json::{Value, json};
use testkit::{SECRET_KEY, World};

use super::{CRM, body, get, handle, happen, make, send, text};

const WHOLE: &str = r#"{ "name": "CRM", "url": "https://CRM.example/hooks?a=1",
    "types": ["response.created", "alarm.*"], "touchpoints": ["tch_shop"],
    "grades": ["major"], "headers": { "Authorization": "Bearer of the crm", "x-team": "a b" },
    "is_ordered": true, "signature": "v1" }"#;

/// What the database keeps sealed.
fn opened(world: &World, column: &str) -> Vec<u8> {
    let id = text(world, "select id from webhook");
    let sealed = text(world, &format!("select {column} from webhook"));
    vault::open(SECRET_KEY, &id, &sealed).unwrap()
}

#[test]
fn a_webhook_is_made_with_a_secret_that_is_shown_once() {
    let world = World::with_site();
    let newest = world.number("select max(seq) from event");
    let made = make(&world, WHOLE);
    assert!(domain::id::Kind::Webhook.is(made["id"].as_str().unwrap()));
    let secret = made["secret"].as_str().unwrap().to_owned();
    assert!(secret.starts_with("whsec_"));
    assert_eq!(read_secret(&secret).unwrap(), opened(&world, "secret"));
    let headers: Value = serde_json::from_slice(&opened(&world, "headers")).unwrap();
    assert_eq!(headers, json!({ "authorization": "Bearer of the crm", "x-team": "a b" }));
    let shown = r#"{ "id": "*", "name": "CRM", "url": "https://crm.example/hooks?a=1",
        "types": ["response.created", "alarm.*"], "touchpoints": ["tch_shop"],
        "grades": ["major"], "headers": ["authorization", "x-team"], "is_ordered": true,
        "signature": "v1", "public_key": null, "old_secret_until": null, "state": "active",
        "reason": null, "failing_since": null, "held_until": null, "is_replaying": false,
        "version": 1, "created_at": "2026-11-22T01:30:00Z",
        "updated_at": "2026-11-22T01:30:00Z" }"#;
    let read = "GET /v1/webhooks/{id}\nauthorization: Bearer {manager}";
    world.check(handle, read, &format!("200\netag: \"v1\"\n\n{shown}"));
    let read = "GET /v1/webhooks\nauthorization: Bearer {manager}";
    world.check(handle, read, &format!("200\n\n{{ \"items\": [{shown}], \"next\": null }}"));
    // Its own making is the last thing that it does not hear of.
    assert_eq!(world.number("select cursor from outlet"), newest + 1);
    assert_eq!(world.number("select is_active from outlet"), 1);
    let dump = "select group_concat(data) || (select group_concat(url || secret || headers)
        from webhook) from event";
    let dump = text(&world, dump);
    assert!(!dump.contains("Bearer of") && !dump.contains(&secret[6..]), "{dump}");
    let told = text(&world, "select data from event where kind = 'webhook.created'");
    assert!(!told.contains("crm.example"), "an address may be a secret in itself: {told}");
    assert_eq!(world.hurried(), ["deliver"]);
}

#[test]
fn a_repeated_request_makes_one_and_does_not_show_the_secret_again() {
    let world = World::with_site();
    let request = format!(
        "POST /v1/webhooks\nauthorization: Bearer {{admin}}\nidempotency-key: once\n\n{CRM}"
    );
    let first = world.send(handle, &request);
    assert_eq!(first.status(), 201);
    let location = first.headers()["location"].to_str().unwrap().to_owned();
    assert_eq!(location, format!("/v1/webhooks/{}", body(&first)["id"].as_str().unwrap()));
    let again = world.send(handle, &request);
    assert_eq!(
        (again.status().as_u16(), &again.headers()["location"]),
        (201, &first.headers()["location"])
    );
    let (first, again) = (body(&first), body(&again));
    assert_eq!((&first["id"], again.get("secret")), (&again["id"], None));
    let secret = first["secret"].as_str().unwrap();
    let kept = text(&world, "select group_concat(body) from idempotency");
    assert!(!kept.contains(secret), "{kept}");
    assert_eq!(world.send(handle, &request.replace("CRM", "ERP")).status(), 422);
    assert_eq!(world.number("select count(*) from webhook"), 1);
    assert_eq!(world.number("select count(*) from outlet"), 1);
}

#[test]
fn a_key_pair_shows_its_public_half_at_any_time() {
    let world = World::with_site();
    let made = make(&world, r#"{ "name": "a", "url": "https://a.example", "signature": "v1a" }"#);
    assert_eq!(made.get("secret"), None);
    let seed = opened(&world, "secret");
    assert_eq!(made["public_key"], public_key(&seed).unwrap());
    assert!(sign(Scheme::V1a, &seed, "evt_1", 1, b"{}").len() > 80);
    assert_eq!(get(&world, "manager", "/v1/webhooks/{id}")["public_key"], made["public_key"]);
    let rotated = body(&send(&world, "admin", "POST /v1/webhooks/{id}/rotate", ""));
    assert_eq!(rotated.get("secret"), None);
    assert_ne!(rotated["public_key"], made["public_key"]);
    assert_eq!(opened(&world, "old_secret"), seed);
    assert_eq!(rotated["public_key"], public_key(&opened(&world, "secret")).unwrap());
}

#[test]
fn every_mistake_is_told_at_once_in_both_languages() {
    let world = World::with_site();
    let wrong = r#"{ "name": "", "url": "https://127.0.0.1/", "types": ["responce.created", "*"],
        "touchpoints": ["tch_shop", "tch_none"], "grades": ["Major!"],
        "headers": { "Host": "a", "webhook-id": "b", "x-a": "line\nbreak", "x b": "c",
          "x-ok": 3, "x-empty": "" },
        "is_ordered": "yes", "signature": "v2", "secret": "whsec_mine" }"#;
    let answer = send(&world, "admin", "POST /v1/webhooks", wrong);
    assert_eq!(answer.status(), 422);
    let answer = body(&answer);
    let pointers: Vec<&str> = answer["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["pointer"].as_str().unwrap())
        .collect();
    for pointer in [
        "/signature",
        "/name",
        "/url",
        "/types/0",
        "/types/1",
        "/touchpoints/1",
        "/grades/0",
        "/headers/Host",
        "/headers/webhook-id",
        "/headers/x-a",
        "/headers/x b",
        "/headers/x-ok",
        "/headers/x-empty",
        "/is_ordered",
        "/secret",
    ] {
        assert!(pointers.contains(&pointer), "{pointer} in {pointers:?}");
    }
    assert_eq!(pointers.len(), 15);
    assert_eq!(world.number("select count(*) from webhook"), 0);
    let many: Vec<String> = (0..11).map(|it| format!(r#""x-{it}": "a""#)).collect();
    let many = format!(
        r#"{{ "name": "a", "url": "https://a.example", "headers": {{ {} }} }}"#,
        many.join(", ")
    );
    assert_eq!(send(&world, "admin", "POST /v1/webhooks", &many).status(), 422);
}

#[test]
fn an_address_is_refused_with_what_is_wrong_with_it() {
    let world = World::with_site();
    for (url, en, zh) in [
        ("http://crm.example/", "must begin with https://", "须以 https:// 开头"),
        ("https://crm.example:22/", "may use port 443 or 8443", "端口须为 443 或 8443"),
        ("https://u:p@crm.example/", "must not hold a user name or password; use headers", ""),
        ("https://crm.example/#a", "must not hold a fragment, #…", "不得包含片段 #…"),
        ("https://10.0.0.1/", "must not lead to a private, local or reserved address", ""),
        ("https://[::ffff:a00:1]/", "must not lead to a private, local or reserved address", ""),
        ("https://127.0.0.1.nip.io/", "must not lead to a name inside a network", ""),
        (
            "https://crm/",
            "must name a public host, a plain IPv4 address or an IPv6 address in \
            brackets",
            "",
        ),
        (
            "https://0x7f.1/",
            "must name a public host, a plain IPv4 address or an IPv6 address in \
            brackets",
            "",
        ),
        ("crm.example", "must be an absolute URL such as https://crm.example/hooks, in ASCII", ""),
    ] {
        let given = json!({ "name": "a", "url": url }).to_string();
        let answer = send(&world, "admin", "POST /v1/webhooks", &given);
        assert_eq!(answer.status(), 422, "{url}");
        assert_eq!(body(&answer)["errors"], json!([{ "pointer": "/url", "detail": en }]), "{url}");
        if !zh.is_empty() {
            let head = "POST /v1/webhooks\nauthorization: Bearer {admin}\naccept-language: zh";
            let answer = body(&world.send(handle, &format!("{head}\n\n{given}")));
            assert_eq!(answer["errors"][0]["detail"], zh, "{url}");
        }
    }
    let long = json!({ "name": "a", "url": format!("https://a.example/{}", "a".repeat(2_000)) });
    let long = send(&world, "admin", "POST /v1/webhooks", &long.to_string());
    assert_eq!(body(&long)["errors"][0]["detail"], "may have 2,000 characters");
    world.set("webhook_allow_private", "10.0.0.0/8:8080");
    let inside = json!({ "name": "a", "url": "http://10.0.0.1:8080/in" }).to_string();
    assert_eq!(make(&world, &inside)["url"], "http://10.0.0.1:8080/in");
    // What was an exception once is checked again when it is written again.
    world.set("webhook_allow_private", "");
    let change = |body: &str| send(&world, "admin", "PATCH /v1/webhooks/{id}", body).status();
    assert_eq!(change(r#"{ "url": "http://10.0.0.1:8080/in" }"#), 422);
    assert_eq!(change(r#"{ "name": "b" }"#), 200);
}

#[test]
fn what_is_not_named_stays_and_what_is_changes() {
    let world = World::with_site();
    make(&world, WHOLE);
    let before = opened(&world, "headers");
    let change = r#"{ "name": "ERP", "types": null, "touchpoints": [], "grades": [] }"#;
    let changed = body(&send(&world, "admin", "PATCH /v1/webhooks/{id}", change));
    assert_eq!(changed["name"], "ERP");
    assert_eq!(changed["types"], json!([]));
    assert_eq!(changed["touchpoints"], json!([]));
    assert_eq!(changed["headers"], json!(["authorization", "x-team"]));
    assert_eq!((&changed["version"], changed.get("secret")), (&json!(2), None));
    assert_eq!(opened(&world, "headers"), before);
    let change = r#"{ "headers": null, "is_ordered": false }"#;
    let changed = body(&send(&world, "admin", "PATCH /v1/webhooks/{id}", change));
    assert_eq!(changed["headers"], json!([]));
    assert_eq!(opened(&world, "headers"), b"{}");
    for (change, status) in [
        (r#"{ "signature": "v1a" }"#, 422),
        (r#"{ "signature": "v1" }"#, 200),
        (r#"{ "state": "disabled" }"#, 422),
        (r#"{ "skip_missed": true }"#, 422),
        (r#"{ "state": "active", "skip_missed": true }"#, 422),
        (r#"{ "url": null }"#, 422),
    ] {
        let answer = send(&world, "admin", "PATCH /v1/webhooks/{id}", change);
        assert_eq!(answer.status(), status, "{change}");
    }
    let stale = "PATCH /v1/webhooks/{id}\nauthorization: Bearer {admin}\nif-match: \"v1\"\n\n{}";
    assert_eq!(world.send(handle, stale).status(), 412);
    let verified = get(&world, "viewer", "/v1/webhooks/{id}/audit/verify");
    assert_eq!((&verified["events"], &verified["is_intact"]), (&json!(4), &json!(true)));
}

#[test]
fn a_webhook_rests_and_goes_on_where_it_stopped() {
    let world = World::with_site();
    make(&world, CRM);
    let cursor = world.number("select cursor from outlet");
    let change = |body: &str| send(&world, "admin", "PATCH /v1/webhooks/{id}", body);
    let paused = body(&change(r#"{ "state": "paused" }"#));
    assert_eq!(paused["state"], "paused");
    assert_eq!(world.number("select is_active from outlet"), 0);
    for line in ["POST /v1/webhooks/{id}/test", "POST /v1/webhooks/{id}/deliveries/1/retry"] {
        assert_eq!(send(&world, "admin", line, "").status(), 409, "{line}");
    }
    happen(&world, "sit_shop", "study.updated", "srv_shop", &json!({}));
    let failing = "update outlet set failing_since_ms = 1, not_before_ms = 9000000000000";
    world.database().execute(failing, []).unwrap();
    assert_eq!(
        get(&world, "manager", "/v1/webhooks/{id}")["failing_since"],
        "1970-01-01T00:00:00.001Z"
    );
    let active = body(&change(r#"{ "state": "active" }"#));
    assert_eq!((&active["state"], &active["failing_since"]), (&json!("active"), &Value::Null));
    assert_eq!(active["held_until"], Value::Null);
    let outlet = "select is_active || ' ' || cursor || ' ' || (failing_since_ms is null) || ' '
        || not_before_ms || ' ' || due_at_ms from outlet";
    assert_eq!(text(&world, outlet), format!("1 {cursor} 1 0 {}", testkit::START));
}

#[test]
fn what_was_missed_can_be_skipped() {
    let world = World::with_site();
    make(&world, CRM);
    let disable = "update webhook set state = 'disabled', reason = 'failing';";
    world.database().execute(disable, []).unwrap();
    let stop = "update outlet set is_active = 0, replay_after = 1, replay_until = 9";
    world.database().execute(stop, []).unwrap();
    let first = happen(&world, "sit_shop", "study.updated", "srv_shop", &json!({}));
    super::delivered(&world, first, "due", &json!([[500, "", ""]]));
    let shown = get(&world, "manager", "/v1/webhooks/{id}");
    assert_eq!((&shown["reason"], &shown["is_replaying"]), (&json!("failing"), &json!(true)));
    let change = r#"{ "state": "active", "skip_missed": true }"#;
    let changed = body(&send(&world, "admin", "PATCH /v1/webhooks/{id}", change));
    assert_eq!((&changed["reason"], &changed["is_replaying"]), (&Value::Null, &json!(false)));
    assert_eq!(text(&world, "select state from delivery"), "dropped");
    let newest = world.number("select max(seq) from event");
    assert_eq!(world.number("select cursor from outlet"), newest);
    assert_eq!(world.number("select replay_after = replay_until from outlet"), 1);
}

#[test]
fn another_address_gets_another_chance_at_once() {
    let world = World::with_site();
    make(&world, CRM);
    let failing = "update outlet set failing_since_ms = 1, not_before_ms = 9000000000000";
    world.database().execute(failing, []).unwrap();
    send(&world, "admin", "PATCH /v1/webhooks/{id}", r#"{ "name": "ERP" }"#);
    assert_eq!(world.number("select failing_since_ms from outlet"), 1);
    let change = r#"{ "url": "https://erp.example/" }"#;
    send(&world, "admin", "PATCH /v1/webhooks/{id}", change);
    assert_eq!(
        world.number("select failing_since_ms is null and not_before_ms = 0 from outlet"),
        1
    );
}

#[test]
fn a_new_secret_leaves_the_old_one_good_for_a_day() {
    let world = World::with_site();
    let made = make(&world, CRM);
    let request =
        "POST /v1/webhooks/{id}/rotate\nauthorization: Bearer {admin}\nidempotency-key: r";
    let answer = world.send(handle, request);
    assert_eq!(answer.headers()["etag"], "\"v2\"");
    let rotated = body(&answer);
    assert_eq!(rotated["old_secret_until"], "2026-11-23T01:30:00Z");
    assert_ne!(rotated["secret"], made["secret"]);
    let raw = |it: &Value| read_secret(it["secret"].as_str().unwrap()).unwrap();
    assert_eq!(opened(&world, "secret"), raw(&rotated));
    assert_eq!(opened(&world, "old_secret"), raw(&made));
    let again = world.send(handle, request);
    assert_eq!((again.status().as_u16(), body(&again).get("secret")), (200, None));
    assert_eq!(again.headers()["etag"], "\"v2\"");
    assert_eq!(opened(&world, "secret"), raw(&rotated));
    world.wait_ms(DAY_MS);
    assert_eq!(get(&world, "manager", "/v1/webhooks/{id}")["old_secret_until"], Value::Null);
}

#[test]
fn a_test_is_an_event_of_the_webhook_itself() {
    let world = World::with_site();
    make(&world, CRM);
    world.hurried();
    let request = "POST /v1/webhooks/{id}/test\nauthorization: Bearer {admin}";
    let expected = r#"202
location: *

{ "type": "webhook.tested", "subject": "*", "version": 2 }"#;
    world.check(handle, request, expected);
    assert_eq!(world.hurried(), ["deliver"]);
    let feed = get(&world, "viewer", "/v1/events?type=webhook.tested&subject={id}");
    assert_eq!(feed["items"].as_array().unwrap().len(), 1);
    assert_eq!(feed["items"][0]["subject"], feed["items"][0]["subject"]);
    assert_eq!(feed["items"][0]["version"], 2);
    assert_eq!(get(&world, "manager", "/v1/webhooks/{id}")["version"], 2);
}

#[test]
fn what_is_deleted_is_gone_but_for_its_trail() {
    let world = World::with_site();
    make(&world, CRM);
    let stale = "DELETE /v1/webhooks/{id}\nauthorization: Bearer {admin}\nif-match: \"v9\"";
    assert_eq!(world.send(handle, stale).status(), 412);
    let request = "DELETE /v1/webhooks/{id}\nauthorization: Bearer {admin}\nidempotency-key: d";
    for _ in 0..2 {
        assert_eq!(world.send(handle, request).status(), 204);
    }
    assert_eq!(world.number("select count(*) from webhook"), 0);
    assert_eq!(world.number("select count(*) from outlet"), 0);
    for path in ["", "/deliveries"] {
        let line = format!("GET /v1/webhooks/{{id}}{path}");
        assert_eq!(send(&world, "manager", &line, "").status(), 404, "{line}");
    }
    let trail = get(&world, "viewer", "/v1/webhooks/{id}/audit");
    assert_eq!(trail["items"][1]["type"], "webhook.deleted");
    assert_eq!(get(&world, "viewer", "/v1/webhooks/{id}/audit/verify")["is_intact"], true);
}

#[test]
fn a_site_has_a_hundred_webhooks_at_most() {
    let world = World::with_site();
    make(&world, CRM);
    let more = "with recursive n (n) as (select 1 union all select n + 1 from n where n < 98)
        insert into webhook select 'whk_' || n, site_id, 1, name, url, types, touchpoints, grades,
          is_ordered, signature, secret, headers, old_secret, old_secret_until_ms, header_names,
          public_key, state, reason, created_at_ms, updated_at_ms from webhook, n";
    world.database().execute(more, []).unwrap();
    assert_eq!(send(&world, "admin", "POST /v1/webhooks", CRM).status(), 201);
    let refused = send(&world, "admin", "POST /v1/webhooks", CRM);
    assert_eq!(refused.status(), 409);
    assert_eq!(body(&refused)["detail"], "a site may have 100 webhooks");
    assert_eq!(world.number("select count(*) from webhook"), 100);
}
