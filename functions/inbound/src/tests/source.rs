//! Sources as staff see them, and the messages that they look at.

use testkit::World;

use super::{SHOP, post, source};
use crate::handle;

fn token_source(world: &World) -> String {
    source(world, r#"{ "scheme": "token" }"#, "tok_1234567890", "")
}

fn sent(world: &World, source: &str, body: &str) -> String {
    let request = post(source, "authorization: Bearer tok_1234567890", body);
    world.json(handle, &request)["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_source_never_shows_its_secret() {
    let world = World::with_site();
    let body = r#"{ "name": "Shop", "verify": { "scheme": "stripe", "header": "X-Sig" },
      "secret": "whsec_abcdefgh", "once_by": { "header": "x-id" },
      "rules": [ { "to": "message", "fields": { "external_id": "/id", "text": "/text" } } ] }"#;
    let shown = r#"{ "id": "*", "name": "Shop", "is_active": true, "path": "*",
        "verify": { "scheme": "stripe", "header": "x-sig" }, "old_secret_until": null,
        "once_by": { "header": "x-id" },
        "rules": [ { "to": "message", "fields": { "external_id": "/id", "text": "/text" } } ],
        "version": 1, "created_at": "*", "updated_at": "*" }"#;
    let head = "POST /v1/sources\nauthorization: Bearer {admin}\nidempotency-key: s1";
    let created = format!("201\nlocation: *\n\n{shown}");
    world.check(handle, &format!("{head}\n\n{body}"), &created);
    world.check(handle, &format!("{head}\n\n{body}"), &created);
    let id: String =
        world.database().query_row("select id from source", [], |row| row.get(0)).unwrap();
    let get = format!("GET /v1/sources/{id}\nauthorization: Bearer {{manager}}");
    world.check(handle, &get, &format!("200\netag: \"v1\"\n\n{shown}"));
    let list = "GET /v1/sources\nauthorization: Bearer {manager}";
    world.check(handle, list, &format!("200\n\n{{ \"items\": [ {shown} ], \"next\": null }}"));
    let trail = format!("GET /v1/sources/{id}/audit\nauthorization: Bearer {{viewer}}");
    let trail = world.json(handle, &trail);
    assert_eq!(
        trail["items"][0]["data"],
        serde_json::json!({ "name": "Shop", "is_active": true,
        "scheme": "stripe", "rules": 1, "has_new_secret": true })
    );
    let everything = "select (select group_concat(data) from event)
        || (select group_concat(body) from idempotency)
        || (select group_concat(secret) from source)";
    let everything: String = world.database().query_row(everything, [], |row| row.get(0)).unwrap();
    assert!(!everything.contains("abcdefgh"), "{everything}");
}

#[test]
fn every_mistake_of_a_source_is_told_at_once() {
    let world = World::with_site();
    let body = r#"{ "name": "", "verify": { "scheme": "standard", "header": "x y" },
      "secret": "whsec_short", "once_by": { "pointer": "id" }, "colour": 1,
      "rules": [ { "to": "order", "fields": { "external_id": "number" } } ] }"#;
    let request = format!("POST /v1/sources\nauthorization: Bearer {{admin}}\n\n{body}");
    let answer = world.send(handle, &request);
    assert_eq!(answer.status(), 422);
    let text = String::from_utf8_lossy(answer.body()).into_owned();
    for pointer in [
        "/name",
        "/verify/header",
        "/secret",
        "/once_by/pointer",
        "/colour",
        "/rules/0/fields/external_id",
        "/rules/0/fields/customer",
        "/rules/0/fields/amount",
        "/rules/0/fields/currency",
        "/rules/0/fields/completed_at",
    ] {
        assert!(text.contains(&format!("\"{pointer}\"")), "{pointer} in {text}");
    }
    for body in [
        "{}",
        r#"{ "name": "x", "verify": { "scheme": "md5" }, "secret": "12345678", "rules": [] }"#,
        r#"{ "name": "x", "verify": { "scheme": "token" }, "secret": "1234567" }"#,
        r#"{ "name": "x", "verify": { "scheme": "token" } }"#,
    ] {
        let request = format!("POST /v1/sources\nauthorization: Bearer {{admin}}\n\n{body}");
        assert_eq!(world.send(handle, &request).status(), 422, "{body}");
    }
    assert_eq!(world.number("select count(*) from source"), 0);
}

#[test]
fn a_change_keeps_what_it_does_not_name() {
    let world = World::with_site();
    let id = token_source(&world);
    let patch = |headers: &str, body: &str| {
        let head = format!("PATCH /v1/sources/{id}\nauthorization: Bearer {{admin}}{headers}");
        world.send(handle, &format!("{head}\n\n{body}"))
    };
    let before = "select secret || rules || scheme from source";
    let read = || -> String { world.database().query_row(before, [], |row| row.get(0)).unwrap() };
    let was = read();
    assert_eq!(patch("\nif-match: \"v1\"", r#"{ "name": "Laden" }"#).status(), 200);
    assert_eq!(read(), was);
    assert_eq!(patch("\nif-match: \"v1\"", r#"{ "name": "Other" }"#).status(), 412);
    // Another scheme needs a secret of its kind.
    assert_eq!(patch("", r#"{ "verify": { "scheme": "stripe" } }"#).status(), 422);
    assert_eq!(patch("", r#"{ "rules": [] }"#).status(), 422);
    assert_eq!(patch("", r#"{ "rules": null }"#).status(), 422);
    assert_eq!(read(), was);
    let verify = format!("GET /v1/sources/{id}/audit/verify\nauthorization: Bearer {{viewer}}");
    assert_eq!(world.json(handle, &verify)["is_intact"], true);
}

#[test]
fn each_role_does_what_is_its_own_and_other_sites_nothing() {
    let world = World::with_site();
    let id = token_source(&world);
    let message = sent(&world, &id, SHOP);
    let body = r#"{ "name": "Laden" }"#;
    for (request, least) in [
        (format!("PATCH /v1/sources/{id}\nauthorization: Bearer {{who}}\n\n{body}"), 3),
        ("GET /v1/sources\nauthorization: Bearer {who}".to_owned(), 2),
        (format!("GET /v1/sources/{id}\nauthorization: Bearer {{who}}"), 2),
        (format!("POST /v1/sources/{id}/replay\nauthorization: Bearer {{who}}"), 2),
        (format!("GET /v1/sources/{id}/messages\nauthorization: Bearer {{who}}"), 1),
        (format!("GET /v1/sources/{id}/messages/{message}\nauthorization: Bearer {{who}}"), 1),
    ] {
        for (rank, who) in ["viewer", "agent", "manager", "admin"].into_iter().enumerate() {
            let status =
                world.send(handle, &request.replace("{who}", &format!("{{{who}}}"))).status();
            assert_eq!(status == 403, rank < least, "{who}: {request} {status}");
        }
        if request.contains(&id) {
            let other = world.send(handle, &request.replace("{who}", "{other}"));
            assert_eq!(other.status(), 404, "{request}");
        }
        assert_eq!(world.send(handle, &request.replace("{who}", "nobody")).status(), 401);
    }
    for path in ["", "/{id}", "/{id}/replay", "/{id}/messages", "/{id}/messages/m/replay"] {
        let request = format!("DELETE /v1/sources{path}\nauthorization: Bearer {{admin}}");
        assert_eq!(world.send(handle, &request).status(), 405, "{path}");
    }
}

#[test]
fn a_message_is_shown_as_it_came_with_every_mistake() {
    let world = World::with_site();
    let id = token_source(&world);
    let message = sent(&world, &id, SHOP);
    world.wait_ms(1);
    let later = sent(&world, &id, "{ }");
    let mistake = r#"[{ "rule": 0, "item": null, "field": "amount", "pointer": "/a",
        "en": "is not there", "zh": "不存在" }]"#;
    let fail = "update inbound set state = 'failed', version = 1, mistakes = ?1, decided_at_ms = 0
        where id = ?2";
    world.database().execute(fail, (mistake, &message)).unwrap();
    let path = format!("GET /v1/sources/{id}/messages");
    let agent = "authorization: Bearer {agent}";
    let shown = r#""source_id": "*", "state": "failed", "became": [], "mistakes": [ { "rule": 0,
        "item": null, "field": "amount", "pointer": "/a", "detail": "DETAIL" } ], "tries": 0,
        "received_at": "*", "decided_at": "1970-01-01T00:00:00Z""#;
    let (english, chinese) =
        (shown.replace("DETAIL", "is not there"), shown.replace("DETAIL", "不存在"));
    let body = serde_json::to_string(SHOP).unwrap();
    world.check(
        handle,
        &format!("{path}/{message}\n{agent}"),
        &format!(r#"200{}{{ "id": "{message}", {english}, "body": {body} }}"#, "\n\n"),
    );
    world.check(
        handle,
        &format!("{path}?state=failed\n{agent}\naccept-language: zh-CN"),
        &format!(
            r#"200{}{{ "items": [ {{ "id": "{message}", {chinese} }} ], "next": null }}"#,
            "\n\n"
        ),
    );
    let all = world.json(handle, &format!("{path}?limit=1\n{agent}"));
    assert_eq!((&all["items"][0]["id"], &all["next"]), (&later.clone().into(), &later.into()));
    let wrong = world.send(handle, &format!("{path}?state=old\n{agent}"));
    assert_eq!(wrong.status(), 422);
    let other = token_source(&world);
    let elsewhere = format!("GET /v1/sources/{other}/messages/{message}\n{agent}");
    assert_eq!(world.send(handle, &elsewhere).status(), 404);
}

#[test]
fn a_replay_makes_new_what_was_decided() {
    let world = World::with_site();
    let id = token_source(&world);
    let message = sent(&world, &id, SHOP);
    let replay = format!(
        "POST /v1/sources/{id}/messages/{message}/replay\nauthorization: Bearer {{manager}}"
    );
    assert_eq!(world.send(handle, &replay).status(), 409);
    let decided = "update inbound set state = 'failed', version = 1";
    world.database().execute(decided, []).unwrap();
    world.run(store::events::append(&domain::event::Event {
        id: "evt_1".into(),
        site_id: "sit_shop".into(),
        subject: message.clone(),
        version: 1,
        kind: "inbound.failed",
        actor: "source".into(),
        at: 0,
        data: "{}".into(),
        previous: domain::event::ORIGIN,
    }));
    world.hurried();
    let expected = format!("202\nlocation: *\n\n{{ \"id\": \"{message}\", \"state\": \"new\" }}");
    world.check(handle, &replay, &expected);
    assert_eq!(world.hurried(), ["deliver", "ingest"]);
    assert_eq!(world.number("select version from inbound where state = 'new'"), 2);
    let audit = format!("GET /v1/sources/{id}/messages/{message}/audit/verify");
    let audit = world.json(handle, &format!("{audit}\nauthorization: Bearer {{viewer}}"));
    assert_eq!((&audit["events"], &audit["is_intact"]), (&2.into(), &true.into()));
    // Of what was erased there is nothing to look at.
    world.database().execute("update inbound set state = 'failed'", []).unwrap();
    world.database().execute("delete from inbound_body", []).unwrap();
    assert_eq!(world.send(handle, &replay).status(), 409);
    let body = r#"{ "state": "failed" }"#;
    let all = format!("POST /v1/sources/{id}/replay\nauthorization: Bearer {{manager}}\n\n{body}");
    world.check(handle, &all, "202\nlocation: *\n\n{ \"state\": \"failed\", \"version\": 2 }");
    let wrong = all.replace("failed", "mapped");
    assert_eq!(world.send(handle, &wrong).status(), 422);
}

#[test]
fn trying_keeps_nothing() {
    let world = World::with_site();
    let id = token_source(&world);
    let rules = r#"[ { "when": [ { "pointer": "/event", "is": "trade_paid" } ], "to": "order",
      "fields": { "external_id": "/trade/tid", "customer": "/trade/buyer_id",
        "amount": { "pointer": "/trade/payment", "scale": 100 }, "currency": { "value": "CNY" },
        "completed_at": "/trade/pay_time", "touchpoint_id": { "value": "tch_shop" } } },
      { "to": "message", "when": [ { "pointer": "/words", "exists": true } ],
        "fields": { "external_id": { "value": 1 }, "text": "/words" } } ]"#;
    let head = format!("PATCH /v1/sources/{id}\nauthorization: Bearer {{admin}}");
    world.json(handle, &format!("{head}\n\n{{ \"rules\": {rules} }}"));
    let attempt = format!("POST /v1/sources/{id}/try\nauthorization: Bearer {{manager}}");
    let tables = "select (select count(*) from inbound) + (select count(*) from customer)
        + (select count(*) from event)";
    let before = world.number(tables);
    world.check(
        handle,
        &format!("{attempt}\n\n{SHOP}"),
        r#"
200

{ "state": "mapped", "rule": 0,
  "rules": [ { "to": "order", "holds": true }, { "to": "message", "holds": false } ],
  "items": [ { "item": null, "to": "order", "repeats": null, "makes_customer": true,
    "fields": { "external_id": "E20261122093000012345", "customer": "买家1001", "amount": 12850,
      "currency": "CNY", "completed_at": "2026-11-22 09:29:58", "touchpoint_id": "tch_shop" } } ],
  "mistakes": [] }"#,
    );
    let wrong = SHOP.replace("128.50", "a lot");
    let wrong = world.json(handle, &format!("{attempt}\naccept-language: zh\n\n{wrong}"));
    assert_eq!(wrong["state"], "failed");
    assert_eq!(
        wrong["mistakes"],
        serde_json::json!([{ "rule": 0, "item": null, "field": "amount",
        "pointer": "/trade/payment", "detail": "须为不带指数的数字" }])
    );
    let other = world.json(handle, &format!("{attempt}\n\n[1]"));
    assert_eq!((&other["state"], other["rule"].is_null()), (&"ignored".into(), true));
    assert_eq!(world.number(tables), before);
    world.database().execute("update touchpoint set site_id = 'sit_other'", []).unwrap();
    let absent = world.json(handle, &format!("{attempt}\n\n{SHOP}"));
    assert_eq!(absent["mistakes"][0]["field"], "touchpoint_id");
    for (who, status) in [("agent", 403), ("other", 404), ("manager", 400)] {
        let request = format!("{}\n\n{{", attempt.replace("manager", who));
        assert_eq!(world.send(handle, &request).status(), status, "{who}");
    }
    let text = format!("{attempt}\ncontent-type: text/plain\n\n{SHOP}");
    assert_eq!(world.send(handle, &text).status(), 415);
    let get = attempt.replace("POST", "GET");
    assert_eq!(world.send(handle, &get).status(), 405);
}
