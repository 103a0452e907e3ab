//! Sources and what they send, told in requests and answers.

mod source;

use hmac::{Mac, SimpleHmac};
use sha2::Sha256;
use testkit::World;

/// A day in milliseconds, and what a secret that was replaced outlives by it.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// What Stripe sends of a payment that was completed, shortened.
const STRIPE: &str = r#"{
  "id": "evt_1QOrder0001", "object": "event", "api_version": "2026-10-28", "created": 1795310990,
  "type": "checkout.session.completed", "livemode": true,
  "data": { "object": { "id": "cs_live_a1", "object": "checkout.session", "amount_total": 25900,
    "currency": "cny", "client_reference_id": "M10086", "payment_status": "paid" } } }"#;

/// What GitHub sends of an issue that was opened, shortened.
const GITHUB: &str = r#"{ "action": "opened", "issue": { "number": 42, "id": 2718281828,
    "title": "发票无法下载", "body": "点击下载之后页面一直空白。", "user": { "login": "li-xiang" },
    "created_at": "2026-11-22T01:20:00Z" }, "repository": { "full_name": "shop/portal" } }"#;

/// What a shop sends of an order that was paid.
const SHOP: &str = r#"{ "msgId": "20261122093000001", "event": "trade_paid", "trade": {
    "tid": "E20261122093000012345", "buyer_id": "买家1001", "payment": "128.50",
    "pay_time": "2026-11-22 09:29:58", "from": "小程序" } }"#;

/// The secret of Standard Webhooks' own examples.
const WHSEC: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

const RULES: &str = r#"[ { "to": "order", "fields": { "external_id": "/id", "customer": "/c",
    "amount": "/a", "currency": { "value": "CNY" }, "completed_at": "/at" } } ]"#;

/// Makes a source, and returns its id.
fn source(world: &World, verify: &str, secret: &str, more: &str) -> String {
    let body = format!(
        r#"{{ "name": "Shop", "verify": {verify}, "secret": "{secret}", "rules": {RULES} {more} }}"#
    );
    let made = world.json(
        super::handle,
        &format!("POST /v1/sources\nauthorization: Bearer {{admin}}\n\n{body}"),
    );
    made["id"].as_str().unwrap().to_owned()
}

fn hmac(secret: &[u8], parts: &[&str]) -> Vec<u8> {
    let mut mac = SimpleHmac::<Sha256>::new_from_slice(secret).unwrap();
    parts.iter().for_each(|it| mac.update(it.as_bytes()));
    mac.finalize().into_bytes().to_vec()
}

/// The header of Stripe for a body that is signed at an instant.
fn stripe(secret: &str, at_ms: i64, body: &str) -> String {
    let at = (at_ms / 1000).to_string();
    let mac = domain::id::hex(&hmac(secret.as_bytes(), &[&at, ".", body]));
    format!("stripe-signature: t={at},v1={mac},v0=6ffbb59b")
}

fn github(secret: &str, body: &str) -> String {
    let mac = domain::id::hex(&hmac(secret.as_bytes(), &[body]));
    format!("x-hub-signature-256: sha256={mac}\nx-github-event: issues")
}

fn standard(secret: &str, id: &str, at_ms: i64, body: &str) -> String {
    let secret = app::signature::read_secret(secret).unwrap();
    let at = at_ms / 1000;
    let scheme = app::signature::Scheme::V1;
    let signature = app::signature::sign(scheme, &secret, id, at, body.as_bytes());
    format!("webhook-id: {id}\nwebhook-timestamp: {at}\nwebhook-signature: {signature}")
}

fn post(source: &str, headers: &str, body: &str) -> String {
    format!("POST /v1/inbound/{source}\n{headers}\n\n{body}")
}

fn status(world: &World, source: &str, headers: &str, body: &str) -> u16 {
    world.send(super::handle, &post(source, headers, body)).status().as_u16()
}

const TAKEN: &str = r#"
202
location: *

{ "id": "*", "state": "new" }"#;

#[test]
fn what_stripe_signs_is_taken_and_nothing_else() {
    use ports::Env;
    let world = World::with_site();
    let secret = "whsec_5KY0VbqGKZpNn0aXcEyXvJgXx0FZP1s7";
    let id =
        source(&world, r#"{ "scheme": "stripe" }"#, secret, r#", "once_by": {"pointer": "/id"}"#);
    let now = world.now();
    let body = STRIPE.trim();
    world.check(super::handle, &post(&id, &stripe(secret, now, body), body), TAKEN);
    assert_eq!(world.hurried(), ["deliver", "ingest"]);
    for (headers, body) in [
        (stripe("whsec_another", now, body), body),
        (stripe(secret, now, body), &body.replace("25900", "1") as &str),
        (stripe(secret, now - 301_000, body), body),
        (stripe(secret, now + 301_000, body), body),
        (stripe(secret, now, body).replace("t=", "t=1,t="), body),
        (stripe(secret, now, body).replace("v1=", "v2="), body),
        ("stripe-signature: ".to_owned(), body),
        ("x-other: 1".to_owned(), body),
        (github(secret, body), body),
    ] {
        assert_eq!(status(&world, &id, &headers, body), 401, "{headers}");
    }
    assert_eq!(world.number("select count(*) from inbound"), 1);
    assert_eq!(world.number("select count(*) from inbound_body"), 1);
    assert!(world.hurried().is_empty());
    let kept: String = world
        .database()
        .query_row("select content from inbound_body", [], |row| row.get(0))
        .unwrap();
    assert_eq!(kept, body);
}

#[test]
fn what_standard_webhooks_sign_is_taken_and_nothing_else() {
    use ports::Env;
    let world = World::with_site();
    let id = source(&world, r#"{ "scheme": "standard" }"#, WHSEC, "");
    let now = world.now();
    let good = standard(WHSEC, "msg_1", now, SHOP);
    world.check(super::handle, &post(&id, &good, SHOP), TAKEN);
    let other = format!("whsec_{}", "QUJD".repeat(8));
    let signature = good.split("webhook-signature: ").nth(1).unwrap();
    let listed = good.replace(signature, &format!("v1a,AAAA v1,bm9uZQ== {signature}"));
    assert_eq!(status(&world, &id, &listed, SHOP), 202);
    for headers in [
        standard(&other, "msg_2", now, SHOP),
        standard(WHSEC, "msg_2", now - 301_000, SHOP),
        standard(WHSEC, "msg_2", now + 301_000, SHOP),
        good.replace("msg_1", "msg_2"),
        good.replace("v1,", "v2,"),
        good.replace("webhook-id", "webhook-idd"),
        stripe(WHSEC, now, SHOP),
    ] {
        assert_eq!(status(&world, &id, &headers, SHOP), 401, "{headers}");
    }
    assert_eq!(status(&world, &id, &good, &SHOP.replace("128", "1")), 401);
    assert_eq!(world.number("select count(*) from inbound"), 1);
}

#[test]
fn what_github_signs_is_taken_once_for_each_delivery() {
    let world = World::with_site();
    let secret = "It's a Secret to Everybody";
    let id = source(&world, r#"{ "scheme": "github" }"#, secret, "");
    let signed = github(secret, GITHUB);
    let delivery = |name: &str| format!("{signed}\nx-github-delivery: {name}");
    let first = delivery("72d3162e-cc78-11e3-81ab-4c9367dc0958");
    world.check(super::handle, &post(&id, &first, GITHUB), TAKEN);
    assert_eq!(status(&world, &id, &first, GITHUB), 202);
    assert_eq!(status(&world, &id, &delivery("another"), GITHUB), 202);
    assert_eq!(world.number("select count(*) from inbound"), 2);
    for headers in [github("another secret", GITHUB), signed.replace("sha256=", "sha1=")] {
        assert_eq!(status(&world, &id, &headers, GITHUB), 401, "{headers}");
    }
    assert_eq!(status(&world, &id, &signed, &GITHUB.replace("42", "43")), 401);
}

#[test]
fn a_token_stands_in_its_header() {
    let world = World::with_site();
    let plain = source(&world, r#"{ "scheme": "token" }"#, "tok_1234567890", "");
    let named = r#"{ "scheme": "token", "header": "X-Shop-Token" }"#;
    let named = source(&world, named, "tok_1234567890", "");
    for (source, headers, expected) in [
        (&plain, "authorization: Bearer tok_1234567890", 202),
        (&plain, "authorization: Bearer tok_1234567891", 401),
        (&plain, "authorization: Bearer ", 401),
        (&plain, "authorization: Basic tok_1234567890", 401),
        (&plain, "x-shop-token: tok_1234567890", 401),
        (&named, "x-shop-token: tok_1234567890", 202),
        (&named, "authorization: Bearer tok_1234567890", 401),
    ] {
        assert_eq!(status(&world, source, headers, SHOP), expected, "{headers}");
    }
}

#[test]
fn a_secret_that_was_replaced_is_good_for_another_day() {
    use ports::Env;
    let world = World::with_site();
    let [old, new] = ["the old secret", "the new secret"];
    let id = source(&world, r#"{ "scheme": "stripe" }"#, old, "");
    let change = |body: &str| {
        let head = format!("PATCH /v1/sources/{id}\nauthorization: Bearer {{admin}}");
        world.json(super::handle, &format!("{head}\n\n{body}"))
    };
    let shown = change(&format!(r#"{{ "secret": "{new}" }}"#));
    assert_eq!(shown["old_secret_until"], "2026-11-23T01:30:00Z");
    assert!(!shown.to_string().contains("secret\":\"the"));
    let sent = |secret: &str, n: u8| {
        let body = format!(r#"{{ "n": {n} }}"#);
        status(&world, &id, &stripe(secret, world.now(), &body), &body)
    };
    assert_eq!((sent(old, 1), sent(new, 2)), (202, 202));
    world.wait_ms(DAY_MS - 1);
    assert_eq!((sent(old, 3), sent(new, 4)), (202, 202));
    world.wait_ms(1);
    assert_eq!((sent(old, 5), sent(new, 6)), (401, 202));
    // Another scheme leaves nothing of what was before.
    change(&format!(r#"{{ "verify": {{ "scheme": "token" }}, "secret": "{old}" }}"#));
    assert_eq!(sent(new, 7), 401);
    let stored = "select group_concat(secret || old_secret) from source";
    let stored: String = world.database().query_row(stored, [], |row| row.get(0)).unwrap();
    let bytes = base64ct::Base64::decode_vec(&stored).unwrap();
    assert!(!String::from_utf8_lossy(&bytes).contains("secret"));
    use base64ct::Encoding;
}

#[test]
fn a_repetition_answers_as_the_first_did() {
    let world = World::with_site();
    let more = r#", "once_by": { "pointer": "/msgId" }"#;
    let id = source(&world, r#"{ "scheme": "token" }"#, "tok_1234567890", more);
    let token = "authorization: Bearer tok_1234567890";
    let first = world.send(super::handle, &post(&id, token, SHOP));
    assert!(first.headers().get("idempotent-replayed").is_none());
    world.hurried();
    // The name counts and nothing else, not even the name that a header gives.
    let headers = format!("{token}\nwebhook-id: another");
    let again = world.send(super::handle, &post(&id, &headers, &SHOP.replace("128", "129")));
    assert_eq!(again.status(), 202);
    assert_eq!(again.headers()["idempotent-replayed"], "true");
    assert_eq!(
        (first.body(), first.headers()["location"].clone()),
        (again.body(), again.headers()["location"].clone())
    );
    assert!(world.hurried().is_empty());
    // Without that name there is the header's, and without both the body.
    let nameless = SHOP.replace("msgId", "id");
    for (headers, expected) in [
        (format!("{token}\nwebhook-id: m-1"), 2),
        (format!("{token}\nwebhook-id: m-1"), 2),
        (format!("{token}\nwebhook-id: m-2"), 3),
        (token.to_owned(), 4),
        (token.to_owned(), 4),
    ] {
        assert_eq!(status(&world, &id, &headers, &nameless), 202);
        assert_eq!(world.number("select count(*) from inbound"), expected, "{headers}");
    }
    // Another source has names of its own.
    let other = source(&world, r#"{ "scheme": "token" }"#, "tok_1234567890", more);
    assert_eq!(status(&world, &other, token, SHOP), 202);
    assert_eq!(world.number("select count(*) from inbound"), 5);
    assert_eq!(world.number("select count(*) from inbound_body"), 5);
}

#[test]
fn whom_a_message_is_about_is_known_at_once_and_read_by_nobody() {
    let world = World::with_site();
    let id = source(&world, r#"{ "scheme": "token" }"#, "tok_1234567890", "");
    let token = "authorization: Bearer tok_1234567890";
    for _ in 0..2 {
        assert_eq!(status(&world, &id, token, r#"{ "id": 1, "c": "买家1001" }"#), 202);
    }
    let about: String = world
        .database()
        .query_row("select who || inbound_id from inbound_about", [], |row| row.get(0))
        .unwrap();
    let who = domain::asking::who("sit_shop", "customer", "买家1001");
    assert!(about.starts_with(&format!("{who}inb_")) && !about.contains("1001"), "{about}");
    assert_eq!(world.number("select count(*) from inbound_about"), 1);
}

#[test]
fn only_json_of_an_active_source_is_read_and_not_too_much_of_it() {
    let world = World::with_site();
    let id = source(&world, r#"{ "scheme": "token" }"#, "tok_1234567890", "");
    let token = "authorization: Bearer tok_1234567890";
    for (headers, body, expected) in [
        ("content-type: application/x-www-form-urlencoded", "a=1", 415),
        ("content-type: text/plain", "{}", 415),
        ("content-type: application/json; charset=utf-8", "{}", 202),
        ("content-type: application/cloudevents+json", "[1]", 202),
        ("content-type: application/json", "{", 400),
        ("content-type: application/json", "{\"a\": 1} {}", 400),
    ] {
        let headers = format!("{token}\n{headers}");
        assert_eq!(status(&world, &id, &headers, body), expected, "{headers} {body}");
    }
    let send = |body: Result<Vec<u8>, web::request::Unread>| {
        let headers = vec![
            ("authorization".to_owned(), b"Bearer tok_1234567890".to_vec()),
            ("content-type".to_owned(), b"application/json".to_vec()),
        ];
        let target = format!("/v1/inbound/{id}");
        let request = web::Request::new(http::Method::POST, &target, "h", headers, body);
        world.answer(super::handle, request).status().as_u16()
    };
    assert_eq!(send(Ok(b"\"\xff\"".to_vec())), 400);
    let too_large = web::request::Unread::TooLarge(app::ingest::BODY_BYTES_MAX);
    assert_eq!(send(Err(too_large)), 413);
    assert_eq!(send(Ok(format!("\"{}\"", "x".repeat(200_000)).into_bytes())), 202);
    assert_eq!(status(&world, "src_none", token, "{}"), 404);
    let get = format!("GET /v1/inbound/{id}");
    assert_eq!(world.send(super::handle, &get).headers()["allow"], "POST");
    let pause = r#"{ "is_active": false }"#;
    let pause = format!("PATCH /v1/sources/{id}\nauthorization: Bearer {{admin}}\n\n{pause}");
    world.json(super::handle, &pause);
    assert_eq!(status(&world, &id, token, "{\"b\":1}"), 404);
    world.break_database();
    assert_eq!(status(&world, &id, token, "{\"c\":1}"), 503);
}

#[test]
fn who_sends_too_much_has_to_come_again_and_others_have_not() {
    let world = World::with_site();
    let [busy, other] =
        ["a", "b"].map(|_| source(&world, r#"{ "scheme": "token" }"#, "tok_1234567890", ""));
    let token = "authorization: Bearer tok_1234567890";
    let waiting = store::inbound::WAITING_MAX;
    let fill = "with recursive n(i) as (select 1 union all select i + 1 from n where i < ?2)
        insert into inbound select 'inb_' || i, 'sit_shop', ?1, 0, i, 'new', '[]', '[]', 0, '', 0,
          0, null, 0 from n";
    world.database().execute(fill, (&busy, waiting - 1)).unwrap();
    assert_eq!(status(&world, &busy, token, "{\"a\":1}"), 202);
    let refused = world.send(super::handle, &post(&busy, token, "{\"a\":2}"));
    assert_eq!(
        (refused.status().as_u16(), &refused.headers()["retry-after"]),
        (429, &"60".parse().unwrap())
    );
    assert_eq!(status(&world, &other, token, "{\"a\":2}"), 202);
    world.database().execute("update inbound set state = 'ignored' where once = '7'", []).unwrap();
    assert_eq!(status(&world, &busy, token, "{\"a\":2}"), 202);
}
