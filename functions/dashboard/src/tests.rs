//! The overview, told in requests and answers.

mod callbacks;
mod complaints;
mod filters;
mod heatmap;
mod scale;

use testkit::{Given, World};

fn answers(world: &World, day: i64, value: u8, times: usize) {
    for _ in 0..times {
        world.answered(&Given { day, ..Given::default() }, value);
    }
}

#[test]
fn the_overview_tells_scores_trend_touchpoints_and_channels() {
    let world = World::with_site();
    // 2026-11-21 is day 20778; the week before it starts on day 20764.
    answers(&world, 20778, 5, 12);
    answers(&world, 20777, 1, 8);
    answers(&world, 20766, 5, 10);
    let request = "GET /v1/dashboard?from=2026-11-15&to=2026-11-21\nauthorization: Bearer {viewer}";
    let shown = world.json(super::handle, request);
    let csat = &shown["scores"]["csat"];
    assert_eq!((&csat["value"], &csat["n"]), (&60.0.into(), &20.into()));
    assert_eq!((&csat["compared"]["value"], &csat["compared"]["n"]), (&100.0.into(), &10.into()));
    assert_eq!(csat["compared"]["difference"]["value"], -40.0);
    assert_eq!(shown["compared"]["from"], "2026-11-08");
    let days: Vec<&str> =
        csat["trend"].as_array().unwrap().iter().map(|it| it["day"].as_str().unwrap()).collect();
    assert_eq!(days, ["2026-11-20", "2026-11-21"]);
    let touchpoint = &shown["touchpoints"][0];
    assert_eq!(touchpoint["id"], "tch_shop");
    assert_eq!(touchpoint["csat"]["target"], 85);
    assert_eq!(touchpoint["csat"]["met"], false);
    assert_eq!(shown["channels"][0]["channel"], "web");
    assert_eq!(shown["channels"][0]["csat"]["n"], 20);
    assert_eq!(shown["zone"], "Asia/Shanghai");
    assert_eq!(shown["scores"]["nps"]["n"], 0);
}

#[test]
fn unchanged_figures_are_not_sent_again() {
    let world = World::with_site();
    let read = "GET /v1/dashboard\nauthorization: Bearer {viewer}";
    let tag = world.send(super::handle, read).headers()["etag"].to_str().unwrap().to_owned();
    let again = format!("{read}\nif-none-match: {tag}");
    world.wait_ms(60_000);
    world.check(super::handle, &again, "304");
    answers(&world, 20778, 5, 1);
    world.wait_ms(app::cache::KEPT_MS);
    assert_eq!(world.send(super::handle, &again).status(), 200);
}

#[test]
fn an_empty_site_has_an_honest_overview() {
    let world = World::with_site();
    let shown = world.json(super::handle, "GET /v1/dashboard\nauthorization: Bearer {viewer}");
    assert_eq!(shown["from"], "2026-10-24");
    assert_eq!(shown["to"], "2026-11-22");
    assert_eq!(shown["scores"]["csat"]["suppressed"], true);
    assert_eq!(shown["channels"], serde_json::json!([]));
}

#[test]
fn keys_methods_and_a_broken_database() {
    let world = World::with_site();
    assert_eq!(world.send(super::handle, "GET /v1/dashboard").status(), 401);
    assert_eq!(world.send(super::handle, "DELETE /v1/dashboard").status(), 405);
    assert_eq!(world.send(super::handle, "GET /v1/dashboard/x").status(), 404);
    world.break_database();
    let read = "GET /v1/dashboard\nauthorization: Bearer {viewer}";
    assert_eq!(world.send(super::handle, read).status(), 503);
}

#[test]
fn figures_are_kept_for_five_seconds_and_say_so() {
    let world = World::with_site();
    let read = "GET /v1/dashboard\nauthorization: Bearer {viewer}";
    let n = |world: &World, read: &str| {
        let shown = world.json(super::handle, read);
        (shown["scores"]["csat"]["n"].clone(), shown["as_of"].clone())
    };
    let given = Given { day: 20_779, ..Given::default() };
    world.answered(&given, 5);
    assert_eq!(n(&world, read), (1.into(), "2026-11-22T01:30:00Z".into()));
    world.answered(&given, 5);
    world.wait_ms(4_999);
    assert_eq!(n(&world, read), (1.into(), "2026-11-22T01:30:00Z".into()));
    assert_eq!(n(&world, &format!("{read}\ncache-control: no-cache")).0, 2);
    assert_eq!(n(&world, read).0, 2, "what was asked anew is what is kept");
    world.answered(&given, 5);
    let other = read.replace("viewer", "manager");
    assert_eq!(n(&world, &other).0, 3, "another caller's answer is another answer");
    assert_eq!(n(&world, "GET /v1/dashboard?from=2026-11-22\nauthorization: Bearer {viewer}").0, 3);
    world.wait_ms(5_000);
    assert_eq!(n(&world, read), (3.into(), "2026-11-22T01:30:09.999Z".into()));
    // An instance that comes later finds what another one kept.
    world.answered(&given, 5);
    app::cache::forget();
    assert_eq!(n(&world, read).0, 3);
    world.wait_ms(5_000);
    assert_eq!(n(&world, read).0, 4);
    let nobody = read.replace("{viewer}", "sk_nobody");
    assert_eq!(world.send(super::handle, &nobody).status(), 401);
}
