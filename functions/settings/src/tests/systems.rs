//! Keys, webhooks with their log and replay, and sources with what came.

use ports::Verb;
use serde_json::{Value, json};

use super::*;

const KEYS: &str = "/desk/settings/keys";
const HOOK: &str = "/desk/settings/webhooks/whk_a";
const SHOP: &str = "/desk/settings/sources/src_a";

#[test]
fn a_key_is_shown_once_and_revoked_after_a_second_look() {
    let (world, calls) = plain();
    let fresh = "/desk/settings/keys/new?kind=secret&role=agent&agent_id=agt_lan";
    let form = page(&world, "admin", fresh);
    has(&form, &["value=\"agent\" selected", "value=\"agt_lan\" selected", "周岚"]);
    let action = "/desk/settings/keys/new?kind=secret";
    let pairs = [
        ("name", HOSTILE),
        ("role", "agent"),
        ("agent_id", "agt_lan"),
        ("expires_at", "2027-01-31T00:00"),
        ("key", "k1"),
    ];
    let made = send(&world, "admin", (fresh, action), &pairs);
    assert_eq!(made.status(), 201);
    assert_eq!(
        body(calls.borrow().last().unwrap()),
        json!({
            "name": HOSTILE, "kind": "secret", "role": "agent", "agent_id": "agt_lan",
            "expires_at": "2027-01-30T16:00:00Z"
        })
    );
    let html = text(&made);
    has(&html, &["shown this once", "data-copy=\"secret\"", ESCAPED]);
    let secret =
        html.split("id=\"secret\" tabindex=\"0\">").nth(1).unwrap().split('<').next().unwrap();
    assert!(secret.starts_with("sk_"), "{secret}");
    // Sent again, the form makes no other key and shows no secret.
    let again = send(&world, "admin", (fresh, action), &pairs);
    let there = location(&again).split('?').next().unwrap().to_owned();
    let shown = page(&world, "admin", &there);
    has(&shown, &["Revoke", "<dt>Role</dt><dd>Agent</dd>", "<dt>Whose</dt><dd>周岚</dd>"]);
    has_none(&shown, &[secret, ">Save<"]);
    let list = page(&world, "admin", KEYS);
    has(&list, &[ESCAPED, "Secret · Agent · 周岚 · until", "New publishable key", "Publishable"]);
    has_none(&list, &[secret]);
    let revoke = format!("{there}/revoke");
    has(&page(&world, "admin", &revoke), &["This cannot be taken back", "class=\"danger\""]);
    let done = send(&world, "admin", (&revoke, &revoke), &[("version", "1")]);
    assert_eq!(location(&done), format!("{there}?lang=en&done=removed"));
    assert_eq!(calls.borrow().last().unwrap().verb, Verb::Delete);
    let shown = page(&world, "admin", &there);
    has(&shown, &["Revoked"]);
    has_none(&shown, &["/revoke"]);
    let past = page(&world, "admin", &format!("{there}/history"));
    has(&past, &["A key was made.", "A key was revoked.", "<dt>Kind</dt><dd>Secret</dd>"]);
}

#[test]
fn a_publishable_key_has_no_role_and_may_be_read_again() {
    let (world, calls) = plain();
    let fresh = "/desk/settings/keys/new?kind=publishable";
    let form = page(&world, "admin", fresh);
    has_none(&form, &["name=\"role\"", "name=\"agent_id\""]);
    let made = send(&world, "admin", (fresh, fresh), &[("name", "Shop"), ("expires_at", "")]);
    assert_eq!(made.status(), 201);
    let expected = json!({ "name": "Shop", "kind": "publishable" });
    assert_eq!(body(calls.borrow().last().unwrap()), expected);
    has(&text(&made), &["is no secret", ">pk_"]);
    has(&page(&world, "admin", "/desk/settings/keys/key_pk"), &[">pk_pk</pre>"]);
    // What the API says of a form is shown.
    let answer = send(&world, "admin", (fresh, fresh), &[("name", ""), ("expires_at", "")]);
    assert_eq!(answer.status(), 422);
    has(&text(&answer), &["must be filled in"]);
}

/// A webhook as the API tells of it.
fn hook(state: &str) -> Value {
    json!({
        "id": "whk_a", "name": "CRM", "url": "https://crm.example/hooks", "version": 4,
        "types": ["response.*"], "touchpoints": [], "grades": ["major"], "is_ordered": true,
        "headers": ["authorization"], "signature": "v1", "public_key": null, "state": state,
        "reason": null, "failing_since": "2026-11-21T01:00:00Z", "held_until": null,
        "old_secret_until": null, "is_replaying": false, "created_at": "2026-11-20T01:00:00Z",
        "updated_at": "2026-11-20T01:00:00Z"
    })
}

fn delivery() -> Value {
    json!({
        "sequence": 17, "event_id": "evt_a", "type": "response.created", "subject": "rsp_a",
        "state": "dead", "tries": 10, "status": 500, "next_try_at": null,
        "updated_at": "2026-11-21T01:00:00Z"
    })
}

/// A world with a webhook in a state.
fn hooked(state: &'static str) -> (World, Calls) {
    world(move |target, call| {
        let path = target.split('?').next().unwrap();
        let told = match (call.verb, path) {
            (Verb::Get, "/v1/webhooks") => json!({ "items": [hook(state)], "next": "whk_a" }),
            (Verb::Get, "/v1/webhooks/whk_a") => hook(state),
            (Verb::Get, "/v1/webhooks/whk_a/deliveries") => {
                json!({ "items": [delivery()], "next": 17 })
            }
            (Verb::Get, "/v1/webhooks/whk_a/deliveries/17") => {
                let mut it = delivery();
                it["event"] = json!({ "id": "evt_a", "data": { "note": HOSTILE } });
                it["attempts"] = json!([
                    { "number": 2, "at": "2026-11-21T01:00:00Z", "duration_ms": 12, "status": 500,
                      "error": null, "answer": HOSTILE },
                    { "number": 1, "at": "2026-11-21T00:00:00Z", "duration_ms": 15_000,
                      "status": null, "error": "timeout", "answer": "" }
                ]);
                it
            }
            (Verb::Post, "/v1/webhooks" | "/v1/webhooks/whk_a/rotate") => {
                let mut it = hook("active");
                it["secret"] = "whsec_onlyonce".into();
                return (201, it);
            }
            (Verb::Post, "/v1/webhooks/whk_a/replay") => json!({
                "since": "2026-11-21T01:00:00Z", "until": "2026-11-22T01:00:00Z",
                "events": 12, "is_all": true, "is_dry_run": true
            }),
            (Verb::Post, "/v1/webhooks/whk_a/test") if state != "active" => {
                let detail = "make the webhook active first";
                return (409, json!({ "title": "It cannot be done now", "detail": detail }));
            }
            (Verb::Post | Verb::Patch, _) => json!({}),
            (Verb::Delete, _) => return (204, Value::Null),
            _ => return (404, json!({ "title": "There is no such thing" })),
        };
        (200, told)
    })
}

#[test]
fn a_webhook_is_made_with_filters_and_headers_and_its_secret_shown_once() {
    let (world, calls) = hooked("active");
    let fresh = "/desk/settings/webhooks/new";
    let form = page(&world, "admin", fresh);
    has(&form, &["value=\"response.*\"", "complaint.opened: A complaint came in.", "门店"]);
    let pairs = [
        ("name", "CRM"),
        ("url", "https://crm.example/hooks"),
        ("types", "response.*"),
        ("types", "complaint.opened"),
        ("touchpoints", "tch_shop"),
        ("grades", "major"),
        ("is_ordered", "true"),
        ("headers", "Authorization: Bearer a:b\r\nX-Team: care"),
        ("signature", "v1"),
        ("key", "k1"),
    ];
    let made = send(&world, "admin", (fresh, fresh), &pairs);
    assert_eq!(made.status(), 201);
    has(&text(&made), &["whsec_onlyonce", "shown this once", &format!("{HOOK}?lang=en")]);
    let calls = calls.borrow();
    let [call] = calls.as_slice() else { panic!("{calls:?}") };
    assert_eq!(
        (call.url.as_str(), header(call, "idempotency-key")),
        ("http://webhook.spin.internal/v1/webhooks", "k1")
    );
    assert_eq!(
        body(call),
        json!({
            "name": "CRM", "url": "https://crm.example/hooks", "is_ordered": true,
            "types": ["response.*", "complaint.opened"], "touchpoints": ["tch_shop"],
            "grades": ["major"], "signature": "v1",
            "headers": { "Authorization": "Bearer a:b", "X-Team": "care" }
        })
    );
}

#[test]
fn headers_of_a_webhook_are_never_shown_and_stay_unless_somebody_says_otherwise() {
    let (world, calls) = hooked("active");
    let html = page(&world, "admin", HOOK);
    has(&html, &["There are: authorization", "Remove all headers", "Nothing arrives", "Pause"]);
    has(&html, &["name=\"headers\"", "rows=\"5\">\n</textarea>", "Nothing arrived since"]);
    let base = [("name", "CRM"), ("url", "https://crm.example/hooks"), ("version", "4")];
    send(&world, "admin", (HOOK, HOOK), &base);
    let more = [&base[..], &[("drop_headers", "true")]].concat();
    send(&world, "admin", (HOOK, HOOK), &more);
    let calls = calls.borrow();
    assert_eq!(body(&calls[0]).get("headers"), None);
    assert_eq!(body(&calls[1]).get("headers"), Some(&Value::Null));
    assert!(body(&calls[1]).get("drop_headers").is_none());
    // A manager sees how it is and may not change it.
    let html = page(&world, "manager", HOOK);
    has(&html, &["https://crm.example/hooks", "What was sent", "Send once more"]);
    has_none(&html, &[">Save<", ">Pause<", "New secret", "Delete"]);
}

#[test]
fn what_can_be_done_with_a_webhook_is_one_call_each() {
    let (world, calls) = hooked("active");
    let act = |word: &str| {
        let path = format!("{HOOK}/{word}");
        send(&world, "admin", (HOOK, &path), &[("version", "4"), ("key", word)])
    };
    assert_eq!(location(&act("test")), format!("{HOOK}?lang=en&done=sent"));
    assert_eq!(location(&act("pause")), format!("{HOOK}?lang=en&done=saved"));
    location(&act("resume"));
    location(&act("skip"));
    let rotated = act("rotate");
    assert_eq!(rotated.status(), 201);
    has(&text(&rotated), &["whsec_onlyonce"]);
    assert_eq!(location(&act("delete")), "/desk/settings/webhooks?lang=en&done=removed");
    let calls = calls.borrow();
    let told: Vec<_> =
        calls.iter().map(|it| (it.verb, it.url.rsplit('/').next().unwrap(), body(it))).collect();
    let paused = json!({ "state": "paused" });
    let skipped = json!({ "state": "active", "skip_missed": true });
    assert_eq!(
        told,
        [
            (Verb::Post, "test", Value::Null),
            (Verb::Patch, "whk_a", paused),
            (Verb::Patch, "whk_a", json!({ "state": "active" })),
            (Verb::Patch, "whk_a", skipped),
            (Verb::Post, "rotate", Value::Null),
            (Verb::Delete, "whk_a", Value::Null),
        ]
    );
    assert!(calls.iter().all(|it| header(it, "if-match") == "\"v4\""));
    for word in ["rotate", "delete", "skip"] {
        has(&page(&world, "admin", &format!("{HOOK}/{word}")), &["Leave it as it is"]);
    }
}

#[test]
fn what_cannot_be_done_is_said_where_it_was_asked() {
    let (world, _) = hooked("paused");
    let html = page(&world, "admin", HOOK);
    has(&html, &["Paused", "Go on where it stopped"]);
    has_none(&html, &["Send a test", ">Pause<"]);
    let path = format!("{HOOK}/test");
    let answer = send(&world, "admin", (HOOK, &path), &[]);
    assert_eq!(answer.status(), 409);
    has(&text(&answer), &["make the webhook active first", "CRM"]);
}

#[test]
fn the_log_has_every_try_and_one_more_is_a_button() {
    let (world, calls) = hooked("active");
    let html = page(&world, "manager", &format!("{HOOK}/log?state=dead"));
    has(&html, &["Given up", "10 tries · 500", "response.created"]);
    has(&html, &["state=dead&amp;after=17", "value=\"dead\" selected"]);
    let one = format!("{HOOK}/log/17");
    let html = page(&world, "manager", &one);
    has(&html, &["no answer in time", "answered 500", ESCAPED, "Send it once more now"]);
    has_none(&html, &["<script>alert"]);
    let done = send(&world, "manager", (&one, &one), &[("key", "k1")]);
    assert_eq!(location(&done), format!("{one}?lang=en&done=sent"));
    let calls = calls.borrow();
    let call = calls.last().unwrap();
    let expected = "http://webhook.spin.internal/v1/webhooks/whk_a/deliveries/17/retry";
    assert_eq!((call.url.as_str(), header(call, "idempotency-key")), (expected, "k1"));
}

#[test]
fn a_replay_is_counted_before_it_is_sent() {
    let (world, calls) = hooked("active");
    let there = format!("{HOOK}/replay");
    has_none(&page(&world, "manager", &there), &["Send them"]);
    let pairs = [
        ("since", "2026-11-21T09:00"),
        ("until", ""),
        ("only", "failed"),
        ("types", "response.*"),
        ("key", "k1"),
    ];
    let counted =
        send(&world, "manager", (&there, &there), &[&pairs[..], &[("act", "count")]].concat());
    assert_eq!(counted.status(), 200);
    has(&text(&counted), &["That is 12 events.", "Send them", "value=\"2026-11-21T09:00\""]);
    let sent =
        send(&world, "manager", (&there, &there), &[&pairs[..], &[("act", "send")]].concat());
    assert_eq!(location(&sent), format!("{HOOK}?lang=en&done=sent"));
    let calls = calls.borrow();
    let mut expected =
        json!({ "since": "2026-11-21T01:00:00Z", "only": "failed", "types": ["response.*"] });
    assert_eq!(body(&calls[1]), expected);
    expected["dry_run"] = true.into();
    assert_eq!(body(&calls[0]), expected);
    assert_eq!(
        (header(&calls[0], "idempotency-key"), header(&calls[1], "idempotency-key")),
        ("", "k1")
    );
    let wrong = send(&world, "manager", (&there, &there), &[("since", "")]);
    assert_eq!(wrong.status(), 422);
    has(&text(&wrong), &["must be filled in"]);
}

fn source() -> Value {
    json!({
        "id": "src_a", "name": "Shop", "is_active": true, "path": "/v1/inbound/src_a",
        "verify": { "scheme": "stripe", "header": null }, "old_secret_until": null,
        "once_by": { "pointer": "/id" }, "rules": [{ "to": "order", "when": [], "fields": {} }],
        "version": 2, "created_at": "2026-11-20T01:00:00Z", "updated_at": "2026-11-20T01:00:00Z"
    })
}

fn inflow() -> (World, Calls) {
    world(|target, call| {
        let path = target.split('?').next().unwrap();
        let message = json!({
            "id": "inb_a", "source_id": "src_a", "state": "failed", "became": [], "tries": 1,
            "mistakes": [{ "rule": 0, "item": null, "field": "amount", "pointer": "/data/total",
                "detail": HOSTILE }],
            "received_at": "2026-11-21T01:00:00Z", "decided_at": "2026-11-21T01:00:01Z",
            "body": "{\"note\":\"<b>\",\"number\":12345678901234567890123}"
        });
        let told = match (call.verb, path) {
            (Verb::Get, "/v1/sources/src_a") => source(),
            (Verb::Get, "/v1/sources/src_a/messages") => {
                json!({ "items": [message], "next": null })
            }
            (Verb::Get, "/v1/sources/src_a/messages/inb_a") => message,
            (Verb::Post, "/v1/sources") => return (201, source()),
            (Verb::Post, "/v1/sources/src_a/try") => json!({
                "state": "mapped", "rule": 0, "rules": [{ "to": "order", "holds": true }],
                "items": [{ "item": null, "to": "order", "fields": { "external_id": HOSTILE },
                    "repeats": null, "makes_customer": true }],
                "mistakes": []
            }),
            (Verb::Post | Verb::Patch, _) => json!({}),
            _ => return (404, json!({ "title": "There is no such thing" })),
        };
        (200, told)
    })
}

#[test]
fn a_source_has_its_rules_as_json_and_keeps_its_secret() {
    let (world, calls) = inflow();
    let fresh = "/desk/settings/sources/new";
    has(&page(&world, "admin", fresh), &["&quot;pointer&quot;:&quot;/type&quot;", "GitHub"]);
    let pairs = [
        ("name", "Shop"),
        ("verify/scheme", "stripe"),
        ("verify/header", ""),
        ("secret", "long enough"),
        ("once_by/pointer", "/id"),
        ("once_by/header", ""),
        ("rules", "[]"),
        ("is_active", "true"),
    ];
    let made = send(&world, "admin", (fresh, fresh), &pairs);
    assert_eq!(location(&made), format!("{SHOP}?lang=en&done=created"));
    let html = page(&world, "admin", SHOP);
    has(&html, &["/v1/inbound/src_a", "What came", "Look at all failed ones again"]);
    let pairs = [("name", "Shop"), ("verify/scheme", "token"), ("rules", "[{\"to\": ]")];
    let wrong = send(&world, "admin", (SHOP, SHOP), &pairs);
    assert_eq!(wrong.status(), 422);
    has(&text(&wrong), &["must be JSON", "[{&quot;to&quot;: ]</textarea>"]);
    let pairs = [("name", "Shop"), ("verify/scheme", "token"), ("rules", "[]"), ("version", "2")];
    location(&send(&world, "admin", (SHOP, SHOP), &pairs));
    let calls = calls.borrow();
    assert_eq!(
        body(&calls[0]),
        json!({
            "name": "Shop", "verify": { "scheme": "stripe" }, "secret": "long enough",
            "once_by": { "pointer": "/id" }, "rules": [], "is_active": true
        })
    );
    assert_eq!(
        body(&calls[1]),
        json!({
            "name": "Shop", "verify": { "scheme": "token" }, "once_by": null, "rules": [],
            "is_active": false
        })
    );
}

#[test]
fn what_came_is_shown_to_the_letter_and_looked_at_again() {
    let (world, calls) = inflow();
    let list = page(&world, "manager", &format!("{SHOP}/messages"));
    has(&list, &["Failed", ESCAPED, &format!("{SHOP}/messages/inb_a?lang=en")]);
    let one = format!("{SHOP}/messages/inb_a");
    let html = page(&world, "manager", &one);
    has(&html, &["amount · /data/total", ESCAPED, "12345678901234567890123", "&lt;b&gt;"]);
    let again = send(&world, "manager", (&one, &one), &[]);
    assert_eq!(location(&again), format!("{one}?lang=en&done=sent"));
    location(&send(&world, "manager", (SHOP, &format!("{SHOP}/again")), &[]));
    let calls = calls.borrow();
    assert!(calls[0].url.ends_with("/v1/sources/src_a/messages/inb_a/replay"));
    assert!(calls[1].url.ends_with("/v1/sources/src_a/replay"));
    assert_eq!(body(&calls[1]), json!({ "state": "failed" }));
}

#[test]
fn a_message_is_tried_and_not_kept() {
    let (world, calls) = inflow();
    let there = format!("{SHOP}/try");
    let answer = send(&world, "manager", (&there, &there), &[("message", "{\"id\": 1}")]);
    assert_eq!(answer.status(), 200);
    has(&text(&answer), &["Rule 1 takes it.", "alert(1)", "&quot;makes_customer&quot;: true"]);
    assert_eq!(body(calls.borrow().last().unwrap()), json!({ "id": 1 }));
    let wrong = send(&world, "manager", (&there, &there), &[("message", "{")]);
    assert_eq!(wrong.status(), 422);
    assert_eq!(calls.borrow().len(), 1);
    has(&text(&wrong), &["must be JSON"]);
}
