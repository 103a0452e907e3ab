//! Limits of the rate, the trap, the age of the form, and the proof of work.

use app::intake::guard;
use base64ct::{Base64, Encoding};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use testkit::World;

use super::submit;
use crate::handle;

const GOOD: &str = r#"{ "version": 1, "answers": { "recommend": 9 } }"#;

/// A submission from an address.
fn from(address: &str, key: &str, body: &str) -> String {
    submit(key, body).replace("\n\n", &format!("\nspin-client-addr: {address}\n\n"))
}

fn status(world: &World, request: &str) -> u16 {
    world.send(handle, request).status().as_u16()
}

#[test]
fn an_address_may_send_so_many_in_a_window() {
    let world = World::with_site();
    world.set("rate_limit", "address=2/60");
    for (address, key, expected) in [
        ("192.0.2.1:1000", "a", 201),
        ("192.0.2.1:1001", "b", 201),
        ("192.0.2.1:1002", "c", 429),
        // What was taken before is told again.
        ("192.0.2.1:1003", "a", 201),
        ("192.0.2.2:1000", "d", 201),
        // One household of IPv6 is one.
        ("[2001:db8::1]:1", "e", 201),
        ("[2001:db8::2]:1", "f", 201),
        ("[2001:db8::3]:1", "g", 429),
        ("[2001:db8:0:1::3]:1", "h", 201),
    ] {
        assert_eq!(status(&world, &from(address, key, GOOD)), expected, "{key}");
    }
    assert_eq!(world.number("select count(*) from response"), 6);
    assert_eq!(world.number("select count(*) from event where kind = 'response.created'"), 6);
    world.check(
        handle,
        &from("192.0.2.1:9", "c", GOOD).replace("\n\n", "\norigin: https://shop.example\n\n"),
        r#"
429
retry-after: 60
ratelimit-policy: "address";q=2;w=60
ratelimit: "address";r=0;t=60
access-control-expose-headers: *

{ "type": "/problems/too-many-requests", "title": "Please slow down", "status": 429,
  "detail": "come back in 60 seconds", "instance": "req_test" }"#,
    );
    world.wait_ms(60_000);
    assert_eq!(status(&world, &from("192.0.2.1:1", "c", GOOD)), 201);
    let chinese = from("192.0.2.1:1", "y", GOOD).replace("\n\n", "\naccept-language: zh\n\n");
    assert_eq!(status(&world, &chinese), 201);
    let chinese = chinese.replace("key: y", "key: z");
    let told = String::from_utf8(world.send(handle, &chinese).body().clone()).unwrap();
    assert!(told.contains("请在 60 秒后重试"), "{told}");
}

#[test]
fn no_address_is_kept() {
    let world = World::with_site();
    world.set("rate_limit", "address=100/60,site=100/60");
    assert_eq!(status(&world, &from("192.0.2.1:1000", "a", GOOD)), 201);
    let all = "select group_concat(who || '/' || n, ' ') from visit order by who";
    let all: String = world.database().query_row(all, [], |row| row.get(0)).unwrap();
    assert!(all.contains("/1") && !all.contains("192") && !all.contains("c0000201"), "{all}");
    let one = world.number("select count(distinct who) from visit where who <> ''");
    world.wait_ms(86_400_000);
    assert_eq!(status(&world, &from("192.0.2.1:1000", "b", GOOD)), 201);
    // On another day it has another name.
    assert_eq!(world.number("select count(distinct who) from visit where who <> ''"), one + 1);
}

#[test]
fn a_site_may_get_so_many_and_a_batch_counts_each() {
    let world = World::with_site();
    world.set("rate_limit", "site=3/3600");
    let item = |key: &str| format!(r#"{{ "key": "{key}", "answers": {{ "recommend": 9 }} }}"#);
    let items: Vec<String> = ["a", "b", "c", "d"].map(item).into();
    let batch = format!(r#"{{ "version": 1, "responses": [{}] }}"#, items.join(","));
    let results = world.json(handle, &submit("all", &batch));
    let outcomes: Vec<&str> =
        (0..4).map(|at| results["results"][at]["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["taken", "taken", "taken", "delayed"]);
    assert_eq!(results["results"][3]["retry_after"], 1800);
    assert_eq!(world.number("select n from visit"), 3);
    assert_eq!(status(&world, &submit("e", GOOD)), 429);
    world.wait_ms(1_800_000);
    assert_eq!(status(&world, &submit("e", GOOD)), 201);
}

#[test]
fn only_the_last_word_on_an_address_counts() {
    let world = World::with_site();
    world.set("rate_limit", "address=1/60");
    let two = |key: &str, first: &str| {
        from("192.0.2.1:1", key, GOOD).replacen(
            "\nspin-client-addr",
            &format!("\nspin-client-addr: {first}\nspin-client-addr"),
            1,
        )
    };
    assert_eq!(status(&world, &two("a", "203.0.113.1:1")), 201);
    assert_eq!(status(&world, &two("b", "203.0.113.2:1")), 429);
    // Behind a proxy of ours it is who spoke to that.
    world.set("trusted_proxies", "192.0.2.0/24");
    let behind = |key: &str, forwarded: &str| {
        let header = format!("\nx-forwarded-for: {forwarded}\n\n");
        from("192.0.2.1:1", key, GOOD).replace("\n\n", &header)
    };
    assert_eq!(status(&world, &behind("c", "198.51.100.1")), 201);
    assert_eq!(status(&world, &behind("d", "203.0.113.1, 198.51.100.1")), 429);
    assert_eq!(status(&world, &behind("e", "198.51.100.2, 192.0.2.9")), 201);
}

#[test]
fn a_setting_that_cannot_be_read_is_told_to_the_operator() {
    for (name, value) in [
        ("rate_limit", "100 a minute"),
        ("spam", "yes"),
        ("secret_key", ""),
        ("trusted_proxies", "all"),
    ] {
        let world = World::with_site();
        world.set("rate_limit", "address=1/1");
        world.set(name, value);
        assert_eq!(status(&world, &from("192.0.2.1:1", "a", GOOD)), 500, "{name}");
        assert!(world.logged_cause().unwrap().contains(name));
    }
}

#[test]
fn what_fills_the_trap_is_kept_and_not_counted() {
    let world = World::with_site();
    world.set("spam", "honeypot=on");
    let trapped =
        r#"{ "version": 1, "answers": { "recommend": 9 }, "website": "https://x.example" }"#;
    let empty = r#"{ "version": 1, "answers": { "recommend": 9 }, "website": "" }"#;
    assert_eq!(status(&world, &submit("a", trapped)), 201, "a robot is not told");
    assert_eq!(status(&world, &submit("b", empty)), 201);
    let found = super::screened(&world);
    assert_eq!(found, [("spam".to_owned(), false), (String::new(), true)]);
    assert_eq!(world.number("select sum(n) from rollup where grain = 'site'"), 1);
}

/// The token of a form that is given out now.
fn token(world: &World) -> String {
    let needs = async |world: &World, _| {
        let needs = guard::needs(world, "srv_shop").await?.unwrap();
        web::ok(&json!(needs.form_token))
    };
    world.json(needs, "GET /test/needs").as_str().unwrap().to_owned()
}

fn with(members: Value) -> String {
    let mut body: Value = serde_json::from_str(GOOD).unwrap();
    body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    body.to_string()
}

#[test]
fn a_form_is_ours_and_old_enough() {
    let world = World::with_site();
    world.set("spam", "age=on");
    let token = token(&world);
    let other = app::sealed::seal(testkit::SECRET_KEY, "form", &["srv_else", "1795311000000"]);
    let sent = |key: &str, token: &str| submit(key, &with(json!({ "form_token": token })));
    world.check(
        handle,
        &sent("a", &token),
        r#"
403

{ "type": "/problems/form-token", "title": "This form cannot be sent as it is", "status": 403,
  "detail": "wait two seconds and send it again", "instance": "req_test" }"#,
    );
    world.wait_ms(2_000);
    assert_eq!(status(&world, &sent("a", &token)), 201);
    for forged in ["", "x", "a.b", &format!("{token}x"), &other] {
        assert_eq!(status(&world, &sent("b", forged)), 403, "{forged}");
    }
    world.wait_ms(30 * 86_400_000);
    assert_eq!(status(&world, &sent("b", &token)), 403);
    world.set("spam", "age=suspicion");
    for (key, token, expected) in [("c", "", 201), ("d", token.as_str(), 201), ("e", "x", 403)] {
        assert_eq!(status(&world, &sent(key, token)), expected, "{key}");
    }
}

/// Solves a challenge as the widget does.
fn solve(challenge: &Value) -> String {
    let (salt, wanted) = (challenge["salt"].as_str().unwrap(), &challenge["challenge"]);
    let most = challenge["maxnumber"].as_u64().unwrap();
    let hash = |number: &u64| domain::id::hex(&Sha256::digest(format!("{salt}{number}")));
    let number = (0..=most).find(|it| hash(it) == wanted.as_str().unwrap()).unwrap();
    proof(challenge, salt, number)
}

fn proof(challenge: &Value, salt: &str, number: u64) -> String {
    let solved = json!({
        "algorithm": "SHA-256", "challenge": challenge["challenge"], "number": number,
        "salt": salt, "signature": challenge["signature"],
    });
    Base64::encode_string(solved.to_string().as_bytes())
}

fn challenge(world: &World) -> Value {
    let asked = async |world: &World, it: web::Request| {
        guard::challenge(world, &it, domain::id::Kind::Survey, "srv_shop").await
    };
    world.json(asked, "GET /test/challenge")
}

/// The proof of a challenge of ours whose number is known, which spares a slow build the work.
fn solved(world: &World) -> String {
    let now = ports::Env::now(world);
    let random = domain::id::hex(&ports::Env::random(world));
    let salt = format!("{random}?expires={}&", now / 1000 + 600);
    let hash = domain::id::hex(&Sha256::digest(format!("{salt}7")));
    let signature = app::sealed::digest(testkit::SECRET_KEY, "challenge", &hash);
    proof(&json!({ "challenge": hash, "signature": signature }), &salt, 7)
}

#[test]
fn a_proof_of_work_holds_once() {
    let world = World::with_site();
    world.set("spam", "proof=on");
    world.check(
        handle,
        &submit("a", GOOD),
        r#"
403

{ "type": "/problems/proof-needed", "title": "We need a proof of work first", "status": 403,
  "detail": "*", "challenge": "/v1/surveys/srv_shop/challenge", "instance": "req_test" }"#,
    );
    let first = solve(&challenge(&world));
    let sent = |key: &str, proof: &str| submit(key, &with(json!({ "proof": proof })));
    assert_eq!(status(&world, &sent("a", &first)), 201);
    assert_eq!(status(&world, &sent("a", &first)), 201, "a repetition");
    assert_eq!(status(&world, &sent("b", &first)), 403, "it was used");
    // A repetition is one with another proof as well, and no other response is.
    let second = solved(&world);
    let again = world.send(handle, &sent("a", &second));
    assert_eq!(again.headers()["idempotent-replayed"], "true");
    assert_eq!(status(&world, &sent("b", &second)), 201);
    assert_eq!(world.number("select count(*) from response"), 2);
    assert_eq!(world.number("select count(*) from spent"), 2);
    // Two in one set are one too many.
    let third = solved(&world);
    let item = |key: &str| {
        format!(r#"{{ "key": "{key}", "answers": {{ "recommend": 9 }}, "proof": "{third}" }}"#)
    };
    let batch = format!(r#"{{ "version": 1, "responses": [{}, {}] }}"#, item("c"), item("d"));
    let results = world.json(handle, &submit("batch", &batch));
    assert_eq!(results["results"][0]["outcome"], "taken");
    assert_eq!(results["results"][1]["errors"][0]["pointer"], "/proof");
}

#[test]
fn no_proof_can_be_made_up() {
    let world = World::with_site();
    world.set("spam", "proof=on");
    let given = challenge(&world);
    let salt = given["salt"].as_str().unwrap();
    let solved = solve(&given);
    let mut ours: Value = serde_json::from_slice(&Base64::decode_vec(&solved).unwrap()).unwrap();
    let number = ours["number"].as_u64().unwrap();
    // Digits of the number moved into the time would make another time of the same hash.
    let moved = proof(&given, &salt.replace('&', &number.to_string()), 0);
    let mine = app::sealed::digest("mine", "challenge", given["challenge"].as_str().unwrap());
    let mut forged = vec![String::new(), "x".into(), moved, proof(&given, salt, number + 1)];
    for (name, value) in [
        ("algorithm", json!("SHA-1")),
        ("signature", json!(mine)),
        ("challenge", json!("00")),
        ("number", json!(number.to_string())),
    ] {
        let kept = ours[name].take();
        ours[name] = value;
        forged.push(Base64::encode_string(ours.to_string().as_bytes()));
        ours[name] = kept;
    }
    for proof in forged {
        let sent = submit("a", &with(json!({ "proof": proof })));
        assert_eq!(status(&world, &sent), 403, "{proof}");
    }
    world.wait_ms(600_000);
    let late = submit("a", &with(json!({ "proof": solved })));
    assert_eq!(status(&world, &late), 403);
    assert_eq!(world.number("select count(*) from response"), 0);
}

#[test]
fn a_proof_is_asked_of_the_hasty_and_of_the_busy_alone() {
    let world = World::with_site();
    world.set("spam", "honeypot=on age=suspicion proof=suspicion");
    world.set("rate_limit", "address=8/60");
    let token = token(&world);
    let sent = |key: &str, proof: &str| {
        let body = with(json!({ "form_token": token, "proof": proof }));
        from("192.0.2.1:1", key, &body)
    };
    // Nobody fills in a form within two seconds.
    assert_eq!(status(&world, &sent("a", "")), 403);
    assert_eq!(status(&world, &sent("a", &solved(&world))), 201);
    world.wait_ms(2_000);
    // A quarter of eight in a minute is what an address has without a proof.
    assert_eq!(status(&world, &sent("b", "")), 201);
    assert_eq!(status(&world, &sent("c", "")), 403);
    assert_eq!(status(&world, &sent("b", "")), 201, "a repetition is free");
    for key in ["c", "d", "e", "f", "g", "h"] {
        assert_eq!(status(&world, &sent(key, &solved(&world))), 201, "{key}");
    }
    assert_eq!(status(&world, &sent("i", &solved(&world))), 429);
    assert_eq!(status(&world, &sent("i", "")), 429);
    assert_eq!(world.number("select count(*) from response"), 8);
    let other = sent("j", "").replace("192.0.2.1", "192.0.2.2");
    assert_eq!(status(&world, &other), 201);
}
