//! The intake of the public, told in requests and answers.

use app::case::offer::Offer;
use http::StatusCode;
use ports::Env;
use serde_json::Value;
use testkit::{SECRET_KEY, World};
use web::Response;

use super::handle;

const HOSTILE: &str = "<script>alert(1)</script> '; drop table complaint; --";
const PATH: &str = "/v1/sites/sit_shop/complaints";

fn json(response: &Response) -> Value {
    serde_json::from_slice(response.body()).unwrap()
}

fn text(response: &Response) -> String {
    String::from_utf8(response.body().clone()).unwrap()
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |it| it.to_str().unwrap())
}

/// A form token, old enough to be sent with; empty where none is needed.
fn form_token(world: &World) -> String {
    let shown = world.send(handle, &format!("GET {PATH}\nauthorization: Bearer {{pk}}"));
    world.wait_ms(5_000);
    json(&shown)["form_token"].as_str().unwrap_or("").to_owned()
}

/// Hands in a complaint as a page of the shop's would; `members` are those of its body.
fn post(world: &World, key: &str, members: &str) -> Response {
    let token = form_token(world);
    let head = format!("POST {PATH}\nauthorization: Bearer {{pk}}\norigin: https://shop.example");
    let key = if key.is_empty() { String::new() } else { format!("\nidempotency-key: {key}") };
    world.send(handle, &format!("{head}{key}\n\n{{ \"form_token\": \"{token}\", {members} }}"))
}

fn get(world: &World, target: &str) -> String {
    text(&world.send(handle, &format!("GET {target}")))
}

/// The hidden fields of the form on a page, once somebody has read it.
fn carried(world: &World, page: &str) -> String {
    let mut body = String::new();
    for part in page.split("<input type=\"hidden\" name=\"").skip(1) {
        let (name, rest) = part.split_once("\" value=\"").unwrap();
        body.push_str(&format!("{name}={}&", rest.split_once('"').unwrap().0));
    }
    world.wait_ms(20_000);
    body
}

fn send(world: &World, body: &str) -> Response {
    let head = "POST /c/sit_shop\ncontent-type: application/x-www-form-urlencoded";
    world.send(handle, &format!("{head}\norigin: http://huiyin.test\n\n{body}"))
}

fn count(world: &World) -> i64 {
    world.number("select count(*) from complaint")
}

#[track_caller]
fn has(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(page.contains(part), "{part} is not in\n{page}");
    }
}

#[test]
fn a_complaint_is_acknowledged_with_a_number_a_link_and_a_promise() {
    let world = World::with_site();
    let members = r#""text": " 送货太慢了 ", "amount": 19950, "touchpoint_id": "tch_shop",
        "contact": { "name": "王", "email": "guest@example.com" }"#;
    let answer = post(&world, "one", members);
    assert_eq!(answer.status(), StatusCode::CREATED, "{}", text(&answer));
    assert_eq!(header(&answer, "cache-control"), "no-store");
    assert_eq!(header(&answer, "access-control-allow-origin"), "https://shop.example");
    let told = json(&answer);
    assert!(told["number"].as_str().unwrap().starts_with("261122-"), "{told}");
    assert!(told["url"].as_str().unwrap().starts_with("http://huiyin.test/t/"), "{told}");
    assert_eq!(told["promise"]["answer_due"], "2026-11-23T01:30:05Z");
    assert!(told.get("grade").is_none(), "{told}");
    let row = "select source || channel || touchpoint_id || amount || customer_id from complaint";
    let row: String = world.database().query_row(row, [], |row| row.get(0)).unwrap();
    assert_eq!(row, "widgetwebtch_shop19950");
    assert_eq!(world.number("select count(*) from contact where owner like 'cmp_%'"), 2);
    assert_eq!(world.number("select count(*) from case_text where text = '送货太慢了'"), 1);
    let kept = "select count(*) from idempotency where body like '%/t/%' or headers like '%/t/%'";
    assert_eq!(world.number(kept), 0, "the link is kept nowhere");
}

#[test]
fn the_same_request_is_taken_once_and_answered_alike() {
    let world = World::with_site();
    let token = form_token(&world);
    let body = format!("{{ \"form_token\": \"{token}\", \"text\": \"坏了\" }}");
    let send = |body: &str| {
        let head = format!("POST {PATH}\nauthorization: Bearer {{pk}}\nidempotency-key: k-1");
        world.send(handle, &format!("{head}\n\n{body}"))
    };
    let (first, second) = (send(&body), send(&body));
    assert_eq!((first.status(), second.status()), (StatusCode::CREATED, StatusCode::CREATED));
    assert_eq!(first.body(), second.body());
    assert_eq!(header(&second, "idempotent-replayed"), "true");
    assert_eq!(count(&world), 1);
    let other = send(&body.replace("坏了", "丢了"));
    assert_eq!(other.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[test]
fn whoever_says_it_again_joins_what_is_open_and_gets_no_link() {
    let world = World::with_site();
    let members = r#""text": "送货太慢了，等了三天", "contact": { "phone": "+86 138 0013 8000" }"#;
    assert_eq!(post(&world, "", members).status(), StatusCode::CREATED);
    let again = post(&world, "", &members.replace("三天", "四天"));
    assert_eq!(again.status(), StatusCode::OK);
    let told = json(&again);
    assert_eq!(told["is_joined"], true);
    assert!(told.get("url").is_none() && told["number"].is_string(), "{told}");
    assert_eq!(count(&world), 1);
    assert_eq!(world.number("select count(*) from case_text"), 2);
}

#[test]
fn every_wrong_field_is_told_at_once() {
    let world = World::with_site();
    let members = r#""text": "\u200b ", "amount": -1, "touchpoint_id": "tch_no", "grade": "major",
        "language": "klingon!", "offer": "forged.token",
        "contact": { "email": "nobody", "phone": "1", "fax": "2" }"#;
    let refused = post(&world, "", members);
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let told = json(&refused);
    let mut at: Vec<&str> =
        told["errors"].as_array().unwrap().iter().filter_map(|it| it["pointer"].as_str()).collect();
    at.sort_unstable();
    let expected = [
        "#/amount",
        "#/contact/email",
        "#/contact/fax",
        "#/contact/phone",
        "#/grade",
        "#/language",
        "#/offer",
        "#/text",
        "#/touchpoint_id",
    ];
    let at: Vec<String> = at.iter().map(|it| format!("#{}", it.trim_start_matches('#'))).collect();
    assert_eq!(at, expected, "{told}");
    assert_eq!(count(&world), 0);
}

#[test]
fn a_text_has_its_bounds() {
    let world = World::with_site();
    let longest = format!("\"text\": \"{}\"", "长".repeat(10_000));
    assert_eq!(post(&world, "", &longest).status(), StatusCode::CREATED);
    let longer = format!("\"text\": \"{}\"", "长".repeat(10_001));
    assert_eq!(post(&world, "", &longer).status(), StatusCode::UNPROCESSABLE_ENTITY);
    let emoji = format!("\"text\": \"{}\"", r"\ud83d\ude21".repeat(10_000));
    assert_eq!(post(&world, "", &emoji).status(), StatusCode::CREATED);
    let control = r#""text": "a\u0000b""#;
    assert_eq!(post(&world, "", control).status(), StatusCode::UNPROCESSABLE_ENTITY);
    let hostile = format!("\"text\": \"{HOSTILE}\"");
    assert_eq!(post(&world, "", &hostile).status(), StatusCode::CREATED);
    let huge = format!("\"text\": \"{}\"", "a".repeat(1_000_000));
    assert_eq!(post(&world, "", &huge).status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(count(&world), 3);
}

#[test]
fn only_pages_of_the_site_with_its_key_may_send() {
    let world = World::with_site();
    let send = |head: &str| {
        let request = format!("POST {PATH}\n{head}\n\n{{ \"text\": \"坏了\" }}");
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
        ("PUT /c/sit_shop".to_owned(), 405, "GET, HEAD, POST"),
        ("POST /c/sit_shop/thanks".to_owned(), 405, "GET, HEAD"),
        ("POST /c/sit_shop\n\n{}".to_owned(), 415, ""),
    ] {
        let answer = world.send(handle, &request);
        assert_eq!(answer.status().as_u16(), status, "{request}");
        assert_eq!(header(&answer, "allow"), allowed, "{request}");
    }
    assert_eq!(count(&world), 0);
}

#[test]
fn robots_are_asked_for_work_told_of_the_trap_and_counted() {
    let world = World::with_site();
    world.set("spam", "honeypot=on age=suspicion proof=suspicion");
    world.set("rate_limit", "address=8/60");
    let send = |members: &str| {
        let head = "authorization: Bearer {pk}\nspin-client-addr: 192.0.2.7:4711";
        world.send(handle, &format!("POST {PATH}\n{head}\n\n{{ \"text\": \"坏了\"{members} }}"))
    };
    let asked = send("");
    assert_eq!(json(&asked)["challenge"], "/v1/sites/sit_shop/complaints/challenge", "no form");
    let token = form_token(&world);
    let with = format!(", \"form_token\": \"{token}\"");
    assert_eq!(send(&format!("{with}, \"website\": \"spam\"")).status(), StatusCode::FORBIDDEN);
    assert_eq!(send(", \"form_token\": \"forged.x\"").status(), StatusCode::FORBIDDEN);
    // A quarter of the rate without work.
    let statuses: Vec<u16> = (0..3).map(|_| send(&with).status().as_u16()).collect();
    assert_eq!(statuses, [201, 201, 403]);
    let proof = proof(&world);
    let proven = format!("{with}, \"proof\": \"{proof}\"");
    assert_eq!(send(&proven).status(), StatusCode::CREATED);
    assert_eq!(send(&proven).status(), StatusCode::FORBIDDEN, "a proof holds once");
    assert_eq!(count(&world), 3);
    assert_eq!(world.number("select count(*) from visit where who like '%192%'"), 0);
    world.set("spam", "off");
    let statuses: Vec<u16> = (0..6).map(|_| send("").status().as_u16()).collect();
    assert_eq!(statuses, [201, 201, 201, 201, 201, 429]);
}

/// Work for a challenge.
fn proof(world: &World) -> String {
    use base64ct::{Base64, Encoding};
    use sha2::{Digest, Sha256};
    let asked = json(&world.send(handle, &format!("GET {PATH}/challenge")));
    let (salt, challenge) = (asked["salt"].as_str().unwrap(), asked["challenge"].as_str().unwrap());
    let is_it = |it: &u64| domain::id::hex(&Sha256::digest(format!("{salt}{it}"))) == challenge;
    let number = (0..=50_000_u64).find(is_it).expect("a number");
    let mut proof = asked.clone();
    proof["number"] = number.into();
    Base64::encode_string(proof.to_string().as_bytes())
}

#[test]
fn the_form_works_without_scripts_in_both_languages() {
    let world = World::with_site();
    let english = world.send(handle, "GET /c/sit_shop\naccept-language: en");
    let page = text(&english);
    has(&page, &["<html lang=\"en\"", "Tell us what went wrong", "鹿鸣", "What happened?"]);
    for inline in ["<style", " style=", "<script", " onclick="] {
        assert!(!page.contains(inline), "{inline}");
    }
    assert_eq!(header(&english, "cache-control"), "no-store");
    assert!(header(&english, "content-security-policy").starts_with("default-src 'none'"));
    let chinese = get(&world, "/c/sit_shop?lang=zh&touchpoint=tch_shop");
    has(&chinese, &["投诉与建议", "value=\"tch_shop\"", "?lang=en&amp;touchpoint=tch_shop"]);
    let body = format!("{}text=%E5%9D%8F%E4%BA%86&amount=%C2%A51%2C999.5&phone=13800138000", {
        carried(&world, &chinese)
    });
    let taken = send(&world, &body);
    assert_eq!(taken.status(), StatusCode::SEE_OTHER, "{}", text(&taken));
    let location = header(&taken, "location").to_owned();
    assert!(location.starts_with("/t/") && location.ends_with("?lang=zh-CN&done=opened"));
    assert_eq!(header(&send(&world, &body), "location"), location, "twice is once");
    assert_eq!(count(&world), 1);
    assert_eq!(world.number("select amount from complaint where source = 'page'"), 199_950);
    let joined = format!("{}text=%E5%9D%8F%E4%BA%86&phone=138+0013+8000", {
        carried(&world, &get(&world, "/c/sit_shop?lang=en"))
    });
    assert_eq!(header(&send(&world, &joined), "location"), "/c/sit_shop/thanks?lang=en");
    has(&get(&world, "/c/sit_shop/thanks?lang=en"), &["You told us of this before"]);
    has(&get(&world, "/c/sit_none/thanks?lang=en"), &["There is no such form"]);
    assert_eq!(world.send(handle, "GET /c/sit_none").status(), StatusCode::NOT_FOUND);
}

#[test]
fn mistakes_stand_beside_their_fields_and_nothing_typed_is_lost() {
    let world = World::with_site();
    let carried = carried(&world, &get(&world, "/c/sit_shop?lang=en"));
    let typed = "text=+&amount=much&email=%3Cb%3Ex&name=%3Cscript%3E";
    let refused = send(&world, &format!("{carried}{typed}"));
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = text(&refused);
    has(&page, &["<title>Error: ", "role=\"alert\"", "href=\"#email\"", "href=\"#text\""]);
    has(&page, &["Please tell us what happened", "such as 199.50", "value=\"&lt;b&gt;x\""]);
    has(&page, &["value=\"&lt;script&gt;\"", "aria-invalid=\"true\"", "value=\"much\""]);
    // It is as old as it was, so it can be mended at once; and nothing has its key.
    let mended = send(&world, &format!("{carried}text=Broken&email=a%40example.com"));
    assert_eq!(mended.status(), StatusCode::SEE_OTHER, "{}", text(&mended));
    // After going back, what else is typed is not taken for the same.
    let other = send(&world, &format!("{carried}text=Broken+again"));
    assert_eq!(other.status(), StatusCode::CONFLICT);
    has(&text(&other), &["This form was sent already", ">\nBroken again</textarea>"]);
    assert_eq!(count(&world), 1);
}

#[test]
fn a_form_that_is_too_young_stale_or_of_another_page_is_not_taken() {
    let world = World::with_site();
    world.set("spam", "honeypot=on age=suspicion proof=suspicion");
    let page = get(&world, "/c/sit_shop?lang=en");
    let aged = carried(&world, &page);
    world.wait_ms(-19_500);
    let young = send(&world, &format!("{aged}text=Broken"));
    assert_eq!(young.status(), StatusCode::UNPROCESSABLE_ENTITY);
    has(&text(&young), &["That was very quick", ">\nBroken</textarea>"]);
    world.wait_ms(31 * domain::civil::DAY_MS);
    assert_eq!(send(&world, &format!("{aged}text=Broken")).status().as_u16(), 422, "stale");
    world.wait_ms(-30 * domain::civil::DAY_MS);
    let trapped = send(&world, &format!("{aged}text=Broken&website=x"));
    assert_eq!(trapped.status().as_u16(), 422);
    let forged = aged.replace("form_token=", "form_token=x");
    assert_eq!(send(&world, &format!("{forged}text=Broken")).status().as_u16(), 422);
    let head = "POST /c/sit_shop\ncontent-type: application/x-www-form-urlencoded";
    let other =
        world.send(handle, &format!("{head}\norigin: https://evil.example\n\n{aged}text=Broken"));
    assert_eq!(other.status(), StatusCode::FORBIDDEN);
    assert_eq!(count(&world), 0);
    assert_eq!(send(&world, &format!("{aged}text=Broken")).status(), StatusCode::SEE_OTHER);
}

#[test]
fn an_offer_links_the_answer_that_led_to_it() {
    let world = World::with_site();
    let customer = world.customer("c-1", "core", true);
    let mut offer = Offer {
        site_id: "sit_shop".into(),
        response_id: "rsp_1".into(),
        customer_id: customer.clone(),
        group: "core".into(),
        touchpoint_id: "tch_shop".into(),
        expires_at: world.now() + domain::civil::DAY_MS,
    };
    let url = offer.url(SECRET_KEY, "");
    let page = get(&world, &format!("{url}&lang=en"));
    has(&page, &["We are sorry that you were not satisfied", "name=\"r\""]);
    let taken = send(&world, &format!("{}text=Broken", carried(&world, &page)));
    assert_eq!(taken.status(), StatusCode::SEE_OTHER, "{}", text(&taken));
    let sql = "select once || ' ' || response_id || ' ' || customer_id || ' ' || customer_group
        || ' ' || touchpoint_id from complaint";
    let row: String = world.database().query_row(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(row, format!("response:rsp_1 rsp_1 {customer} core tch_shop"));
    // Something else about the same answer is not lost.
    let page = get(&world, &format!("{url}&lang=en"));
    let body = format!("{}text=A+refund+never+came+either", carried(&world, &page));
    assert_eq!(send(&world, &body).status(), StatusCode::SEE_OTHER);
    assert_eq!(count(&world), 2);
    // One of another site, or forged, is no offer, and the form works all the same.
    offer.site_id = "sit_other".into();
    let foreign = format!("/c/sit_shop?r={}&lang=en", offer.token(SECRET_KEY));
    let page = get(&world, &foreign);
    assert!(!page.contains("not satisfied"), "{page}");
    let body = format!("{}text=Quite+another+thing", carried(&world, &page));
    assert_eq!(send(&world, &body).status(), StatusCode::SEE_OTHER);
    assert_eq!(world.number("select count(*) from complaint where response_id = ''"), 1);
}

#[test]
fn without_a_database_nothing_is_told_of_why() {
    let world = World::with_site();
    world.break_database();
    let answer = world.send(handle, "GET /c/sit_shop");
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(world.logged_cause().is_some());
}
