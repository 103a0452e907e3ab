//! What forms need, told in requests and answers.

use testkit::World;

#[test]
fn the_widget_reads_what_is_published() {
    World::with_site().check(
        super::handle,
        "GET /v1/surveys/srv_shop\nauthorization: Bearer {pk}\norigin: https://shop.example",
        r#"
200
access-control-allow-origin: https://shop.example
vary: origin, accept-language
etag: *
content-length: *

{
  "id": "srv_shop", "version": 1, "default_language": "zh-CN", "languages": ["zh-CN", "en"],
  "title": { "zh-CN": "订单回访", "en": "Your order" }, "questions": "*"
}"#,
    );
}

#[test]
fn an_unchanged_survey_is_not_sent_again() {
    let world = World::with_site();
    let read = "GET /v1/surveys/srv_shop\nauthorization: Bearer {pk}";
    let first = world.send(super::handle, read);
    let tag = first.headers()["etag"].to_str().unwrap();
    world.check(super::handle, &format!("{read}\nif-none-match: W/{tag}"), "304");
}

#[test]
fn a_key_opens_its_own_site_alone() {
    let world = World::with_site();
    let read = |key: &str| format!("GET /v1/surveys/srv_shop\nauthorization: Bearer {key}");
    assert_eq!(world.send(super::handle, &read("{other_pk}")).status(), 404);
    for key in ["pk_nobody", "{admin}"] {
        let answer = world.send(super::handle, &read(key));
        assert_eq!(answer.status(), 401);
        assert_eq!(answer.headers()["www-authenticate"], "Bearer realm=\"huiyin\"");
    }
    assert_eq!(world.send(super::handle, "GET /v1/surveys/srv_shop").status(), 401);
    let none = "GET /v1/surveys/srv_none\nauthorization: Bearer {pk}";
    assert_eq!(world.send(super::handle, none).status(), 404);
}

#[test]
fn an_unchanged_form_is_not_sent_again_for_its_token() {
    let world = World::with_site();
    world.set("spam", "age=on");
    let read = "GET /v1/surveys/srv_shop\nauthorization: Bearer {pk}";
    let first = world.send(super::handle, read);
    let tag = first.headers()["etag"].to_str().unwrap().to_owned();
    world.wait_ms(10_000);
    assert_ne!(world.send(super::handle, read).body(), first.body());
    world.check(super::handle, &format!("{read}\nif-none-match: {tag}"), "304");
}

#[test]
fn every_page_may_ask_for_a_challenge() {
    let world = World::with_site();
    world.check(
        super::handle,
        "GET /v1/surveys/srv_shop/challenge\norigin: https://shop.example",
        r#"
200
cache-control: no-store
access-control-allow-origin: https://shop.example

{ "algorithm": "SHA-256", "challenge": "*", "maxnumber": 50000, "salt": "*", "signature": "*" }"#,
    );
    let post = "POST /v1/surveys/srv_shop/challenge";
    assert_eq!(world.send(super::handle, post).status(), 405);
}

fn writes(world: &World) -> i64 {
    world.number("select total_changes()")
}

const ASK: &str = "GET /v1/surveys/srv_shop\nauthorization: Bearer {pk}\norigin: ";

#[test]
fn a_page_of_the_site_is_noted_once_an_hour_and_otherwise_nothing_is_written() {
    let world = World::with_site();
    let ask = |origin: &str| {
        app::cache::forget();
        world.send(super::handle, &format!("{ASK}{origin}")).status().as_u16()
    };
    let begin = writes(&world);
    world.send(super::handle, "GET /v1/surveys/srv_shop\nauthorization: Bearer {pk}");
    world.send(super::handle, &format!("{ASK}http://huiyin.test"));
    assert_eq!(writes(&world), begin, "what no page of another origin asked");
    assert_eq!(ask("https://shop.example"), 200);
    assert_eq!(writes(&world), begin + 1);
    world.wait_ms(3_599_000);
    assert_eq!(ask("https://shop.example"), 200);
    assert_eq!(writes(&world), begin + 1, "an ordinary request writes nothing");
    world.wait_ms(2_000);
    assert_eq!(ask("https://shop.example"), 200);
    assert_eq!(writes(&world), begin + 2);
    let seen = "select (seen_at_ms - first_at_ms) / 1000 from sighting where is_listed = 1";
    assert_eq!(world.number(seen), 3_601);
}

#[test]
fn a_page_that_is_not_listed_is_noted_within_bounds() {
    let world = World::with_site();
    let preflight = |origin: &str| {
        let request = format!("OPTIONS /v1/surveys/srv_shop\norigin: {origin}");
        world.send(super::handle, &request).status().as_u16()
    };
    assert_eq!(preflight("https://else.example"), 403);
    let ask = world.send(super::handle, &format!("{ASK}https://else.example"));
    assert_eq!(ask.status(), 403);
    let before = writes(&world);
    assert_eq!(preflight("https://else.example"), 403);
    assert_eq!(writes(&world), before, "noted already");
    for at in 0..50 {
        assert_eq!(preflight(&format!("https://{at}.example")), 403);
    }
    for odd in ["null", "file://x", &format!("https://{}.example", "x".repeat(300))] {
        assert_eq!(preflight(odd), 403);
    }
    assert_eq!(world.number("select count(*) from sighting where is_listed = 0"), 20);
    // A week later there is room again, and what was lost is lost quietly.
    world.wait_ms(8 * 24 * 3_600_000);
    assert_eq!(preflight("https://new.example"), 403);
    assert_eq!(world.number("select count(*) from sighting"), 1);
    world.break_database();
    assert_eq!(preflight("https://else.example"), 503);
}
