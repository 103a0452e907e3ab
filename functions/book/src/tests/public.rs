//! What pages of the site's ask.

use http::StatusCode;
use testkit::World;
use web::Response;

use super::stage::{at, get, has, header, service, shop, text, told};
use crate::handle;

const PATH: &str = "/v1/sites/sit_shop/callbacks";
const GOOD: &str = r#""service_id": "svc_call", "start": "2026-11-23T10:00:00+08:00",
    "tz": "Asia/Shanghai", "phone": "138 0013 8000", "name": "王", "language": "zh-CN""#;

/// A form token, old enough to be sent with; empty where none is needed.
fn form_token(world: &World) -> String {
    let shown = world.send(handle, &format!("GET {PATH}\nauthorization: Bearer {{pk}}"));
    world.wait_ms(5_000);
    told(&shown)["form_token"].as_str().unwrap_or("").to_owned()
}

/// Books as a page of the shop's would; `members` are those of its body.
fn post(world: &World, key: &str, members: &str) -> Response {
    let token = form_token(world);
    let head = format!("POST {PATH}\nauthorization: Bearer {{pk}}\norigin: https://shop.example");
    let key = if key.is_empty() { String::new() } else { format!("\nidempotency-key: {key}") };
    world.send(handle, &format!("{head}{key}\n\n{{ \"form_token\": \"{token}\", {members} }}"))
}

fn count(world: &World) -> i64 {
    world.number("select count(*) from callback")
}

#[test]
fn a_form_is_told_what_it_needs() {
    let world = shop();
    service(&world, "svc_staff", "Internal", false);
    world.set("spam", "honeypot=on age=suspicion proof=suspicion");
    let asked = format!("GET {PATH}\nauthorization: Bearer {{pk}}");
    let expected = r#"200

        { "site": "鹿鸣", "tz": "Asia/Shanghai",
          "services": [{ "id": "svc_call", "name": "使用咨询 Advice", "length_min": 15 }],
          "spam": { "honeypot": "on", "age": "suspicion", "proof": "suspicion",
                    "challenge": "/v1/sites/sit_shop/callbacks/challenge" },
          "form_token": "*" }"#;
    world.check(handle, &asked, expected);
}

#[test]
fn a_time_is_booked_and_its_link_given_to_its_receiver_alone() {
    let world = shop();
    let answer = post(&world, "one", GOOD);
    assert_eq!(answer.status(), StatusCode::CREATED, "{}", text(&answer));
    assert_eq!(header(&answer, "cache-control"), "no-store");
    assert_eq!(header(&answer, "access-control-allow-origin"), "https://shop.example");
    let it = told(&answer);
    assert_eq!((&it["state"], &it["mode"]), (&"booked".into(), &"appointment".into()));
    assert_eq!(
        (&it["start"], &it["service_id"]),
        (&"2026-11-23T10:00:00+08:00".into(), &"svc_call".into())
    );
    assert!(it.get("agent_id").is_none() && it.get("token").is_none(), "{it}");
    let link = it["link"].as_str().unwrap().strip_prefix("http://huiyin.test").unwrap();
    has(&get(&world, &format!("{link}?lang=zh")), &["11月23日（星期一）10:00", "已预约"]);
    let again = post(&world, "one", GOOD);
    assert_eq!((again.status(), told(&again)), (StatusCode::CREATED, it));
    assert_eq!(header(&again, "idempotent-replayed"), "true");
    assert_eq!(count(&world), 1);
    let kept = "select count(*) from idempotency where body like '%/b/%' or body like '%token%'";
    assert_eq!(world.number(kept), 0, "the link is kept nowhere");
}

#[test]
fn a_slot_that_is_gone_is_told_with_the_nearest_free_ones() {
    let world = shop();
    post(&world, "", GOOD);
    let lost = post(&world, "", GOOD);
    assert_eq!(lost.status(), StatusCode::CONFLICT, "{}", text(&lost));
    let it = told(&lost);
    assert_eq!(it["type"], "/problems/slot-taken");
    assert_eq!(header(&lost, "content-type"), "application/problem+json");
    let starts: Vec<&str> =
        it["slots"].as_array().unwrap().iter().filter_map(|it| it["start"].as_str()).collect();
    assert!(starts.contains(&"2026-11-23T10:30:00+08:00"), "{it}");
    assert_eq!(count(&world), 1);
}

#[test]
fn a_slot_is_held_for_minutes_and_whoever_waits_keeps_a_place() {
    let world = shop();
    let held = told(&post(&world, "", &format!("{GOOD}, \"hold\": true")));
    assert_eq!(held["state"], "held");
    assert!(held["hold_expires"].is_string(), "{held}");
    at(&world, "2026-11-23T02:00:00Z");
    let asap = r#""service_id": "svc_call", "mode": "asap", "phone": "+8613800138001""#;
    let queued = told(&post(&world, "", asap));
    assert_eq!((&queued["state"], &queued["position"]), (&"waiting".into(), &0.into()), "{queued}");
    assert!(queued["estimate"].is_string(), "{queued}");
}

#[test]
fn every_wrong_field_is_told() {
    let world = shop();
    let pointers = |members: &str| {
        let refused = post(&world, "", members);
        assert_eq!(refused.status().as_u16(), 422, "{}", text(&refused));
        let it = told(&refused);
        let errors = it["errors"].as_array().unwrap().iter();
        let mut at: Vec<String> =
            errors.filter_map(|it| it["pointer"].as_str()).map(str::to_owned).collect();
        at.sort_unstable();
        at
    };
    let staffs = r#""service_id": "svc_none", "agent_id": "agt_lan", "customer": "c",
        "case_id": "cmp_1", "purpose": "recovery""#;
    assert_eq!(pointers(staffs), ["/agent_id", "/case_id", "/customer", "/purpose", "/service_id"]);
    let wrong = r#""service_id": "svc_call", "start": "soon", "tz": "Moon/Base", "phone": "1",
        "email": "nobody", "language": "klingon!", "touchpoint_id": "tch_no""#;
    assert_eq!(
        pointers(wrong),
        ["/email", "/language", "/phone", "/start", "/touchpoint_id", "/tz"]
    );
    assert_eq!(count(&world), 0);
}

#[test]
fn only_pages_of_the_site_with_its_key_may_send() {
    let world = shop();
    let send = |head: &str| {
        let request = format!("POST {PATH}\n{head}\n\n{{ {GOOD} }}");
        world.send(handle, &request).status().as_u16()
    };
    assert_eq!(send("accept-language: en"), 401);
    assert_eq!(send("authorization: Bearer {manager}"), 401);
    assert_eq!(send("authorization: Bearer {other_pk}"), 404);
    assert_eq!(send("authorization: Bearer {pk}\norigin: https://evil.example"), 403);
    let preflight = |origin: &str| {
        world.send(handle, &format!("OPTIONS {PATH}\norigin: {origin}")).status().as_u16()
    };
    assert_eq!((preflight("https://shop.example"), preflight("https://evil.example")), (204, 403));
    for (request, status, allowed) in [
        (format!("DELETE {PATH}"), 405, "GET, HEAD, POST, OPTIONS"),
        (format!("POST {PATH}/challenge"), 405, "GET, HEAD, OPTIONS"),
        (format!("GET {PATH}/other"), 404, ""),
        ("PUT /book/sit_shop".to_owned(), 405, "GET, HEAD, POST"),
        ("POST /book/sit_shop\n\n{}".to_owned(), 415, ""),
        ("PUT /b/x".to_owned(), 405, "GET, HEAD"),
        ("GET /b/x/cancel".to_owned(), 405, "POST"),
        ("POST /b/x/call.ics".to_owned(), 405, "GET, HEAD"),
        ("POST /b/x/explode".to_owned(), 404, ""),
        ("POST /b/x/cancel\n\n{}".to_owned(), 415, ""),
    ] {
        let answer = world.send(handle, &request);
        assert_eq!(answer.status().as_u16(), status, "{request}");
        assert_eq!(header(&answer, "allow"), allowed, "{request}");
    }
    assert_eq!(count(&world), 0);
}

#[test]
fn robots_are_asked_for_work_told_of_the_trap_and_counted() {
    let world = shop();
    world.set("spam", "honeypot=on age=suspicion proof=suspicion");
    world.set("rate_limit", "address=8/60");
    let send = |members: &str| {
        let head = "authorization: Bearer {pk}\nspin-client-addr: 192.0.2.7:4711";
        world.send(handle, &format!("POST {PATH}\n{head}\n\n{{ {GOOD}{members} }}"))
    };
    let asked = send("");
    assert_eq!(told(&asked)["challenge"], "/v1/sites/sit_shop/callbacks/challenge", "no form");
    let token = form_token(&world);
    let with = format!(", \"form_token\": \"{token}\"");
    assert_eq!(send(&format!("{with}, \"website\": \"spam\"")).status(), StatusCode::FORBIDDEN);
    assert_eq!(send(", \"form_token\": \"forged.x\"").status(), StatusCode::FORBIDDEN);
    // A quarter of the rate without work; a try counts, whether or not its time was free.
    let statuses: Vec<u16> = (0..3).map(|_| send(&with).status().as_u16()).collect();
    assert_eq!(statuses, [201, 409, 403]);
    let proven = format!("{with}, \"proof\": \"{}\"", proof(&world));
    assert_eq!(send(&proven).status(), StatusCode::CONFLICT);
    let spent = send(&proven);
    assert_eq!(told(&spent)["challenge"], "/v1/sites/sit_shop/callbacks/challenge", "holds once");
    assert_eq!(count(&world), 1);
    assert_eq!(world.number("select count(*) from visit where who like '%192%'"), 0);
    world.set("spam", "off");
    let statuses: Vec<u16> = (0..6).map(|_| send("").status().as_u16()).collect();
    assert_eq!(statuses, [409, 409, 409, 409, 409, 429]);
}

/// Work for a challenge.
fn proof(world: &World) -> String {
    use base64ct::{Base64, Encoding};
    use sha2::{Digest, Sha256};
    let asked = told(&world.send(handle, &format!("GET {PATH}/challenge")));
    let (salt, challenge) = (asked["salt"].as_str().unwrap(), asked["challenge"].as_str().unwrap());
    let is_it = |it: &u64| domain::id::hex(&Sha256::digest(format!("{salt}{it}"))) == challenge;
    let number = (0..=50_000_u64).find(is_it).expect("a number");
    let mut proof = asked.clone();
    proof["number"] = number.into();
    Base64::encode_string(proof.to_string().as_bytes())
}

#[test]
fn without_a_database_or_the_component_that_books_nothing_is_acknowledged() {
    let world = shop();
    world.receive(|_, _| Err(ports::Unanswered::Unreachable));
    assert_eq!(post(&world, "", GOOD).status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(world.logged_cause().is_some_and(|it| it.contains("callback: unreachable")));
    world.receive(|_, _| Ok(ports::Answer { status: 500, ..ports::Answer::default() }));
    assert_eq!(post(&world, "", GOOD).status(), StatusCode::SERVICE_UNAVAILABLE);
    world.break_database();
    let answer = world.send(handle, "GET /book/sit_shop");
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(world.logged_cause().is_some());
}
