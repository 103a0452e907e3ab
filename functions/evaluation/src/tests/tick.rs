//! What the tick makes, when, and how often.

use std::cell::Cell;
use std::rc::Rc;

use serde_json::{Value, json};
use testkit::{TICK_KEY, World};

use super::{answer, count, deaf, department, one, world};
use crate::handle;
use crate::tick::{AGAIN_MS, EVERY_MS, NIGHT_MS};

const HOUR: i64 = 60 * 60 * 1000;
/// From Sunday 22 November, 09:30 in Shanghai, to the midnight after it.
const TO_MONDAY: i64 = 14 * HOUR + HOUR / 2;

fn tick(world: &World) -> Value {
    world.json(handle, &request())
}

fn request() -> String {
    format!("POST /internal/tick/report\nauthorization: Bearer {TICK_KEY}\n\n")
}

/// Ticks until nothing is due any more.
fn settle(world: &World) {
    for _ in 0..20 {
        if tick(world)["done"] == json!([]) {
            return;
        }
    }
    panic!("there is always more to do");
}

fn body(world: &World, fits: &str) -> Value {
    let id = one(world, fits);
    let sql = format!("select body from report where id = '{id}'");
    let body: String = world.database().query_row(&sql, [], |row| row.get(0)).unwrap();
    serde_json::from_str(&body).unwrap()
}

#[test]
fn the_week_that_ended_is_reported_once_in_the_night_after_it() {
    let world = world();
    settle(&world);
    assert_eq!(count(&world, "report"), 0, "the week of the site's making is not over");
    world.wait_ms(TO_MONDAY + NIGHT_MS - 1);
    settle(&world);
    assert_eq!(count(&world, "report"), 0, "it is too early in the night");
    world.wait_ms(EVERY_MS);
    settle(&world);
    assert_eq!(count(&world, "report where site_id = 'sit_shop' and kind = 'week'"), 1);
    assert_eq!(count(&world, "report"), 2, "the other site has one as well");
    assert_eq!(count(&world, "event where kind = 'report.made' and actor = 'tick'"), 2);
    let days = "select last_day - first_day from report where site_id = 'sit_shop'";
    assert_eq!(world.number(days), 6);
    assert_eq!(world.number("select last_day from report where site_id = 'sit_shop'"), 20_779);
    for _ in 0..3 {
        world.wait_ms(EVERY_MS);
        settle(&world);
    }
    assert_eq!(count(&world, "report"), 2);
}

#[test]
fn each_department_has_a_weekly_digest_of_its_own() {
    let world = world();
    department(&world, "dep_a", "物流");
    department(&world, "dep_b", "客服");
    world.wait_ms(TO_MONDAY + NIGHT_MS);
    settle(&world);
    assert_eq!(count(&world, "report where site_id = 'sit_shop'"), 3);
    let own = body(&world, "department_id = 'dep_a'");
    assert_eq!(own["department"], json!({ "id": "dep_a", "name": "物流" }));
    assert_eq!(own["complaints"]["own"]["received"], 4);
    assert_eq!(own["previous"]["complaints"]["received"], 20);
    assert_eq!(own["year"]["complaints"]["received"], 30);
    let causes = own["causes"]["items"].as_array().unwrap();
    assert_eq!(causes.len(), 1, "others' causes are not theirs to put right");
    assert_eq!(causes[0]["id"], "cau_1");
    assert_eq!(own["dashboard"]["scores"]["csat"]["value"], 80.0);
    let all = body(&world, "department_id = '' and site_id = 'sit_shop'");
    assert_eq!(all["department"], Value::Null);
    assert_eq!(all["complaints"]["own"], Value::Null);
}

#[test]
fn a_report_keeps_what_was_answered_and_what_comes_first_in_it() {
    let world = world();
    world.wait_ms(TO_MONDAY + NIGHT_MS);
    settle(&world);
    let kept = body(&world, "site_id = 'sit_shop'");
    assert_eq!(kept["site"], json!({ "id": "sit_shop", "name": "鹿鸣" }));
    assert_eq!(
        kept["compared"],
        json!({ "previous": { "from": "2026-11-09", "to": "2026-11-15" },
            "year": { "from": "2025-11-17", "to": "2025-11-23" } })
    );
    let nps = &kept["dashboard"]["scores"]["nps"];
    assert_eq!((&nps["value"], &nps["n"]), (&42.5.into(), &210.into()));
    assert!(nps.get("trend").is_none() && nps.get("compared").is_none());
    assert_eq!(kept["previous"]["scores"]["nps"]["difference"]["value"], 11.5);
    assert_eq!(kept["year"]["scores"]["csat"]["difference"]["significant"], false);
    assert_eq!(kept["course"]["step"], "day");
    assert_eq!(kept["course"]["csat"][2]["value"], 62.5);
    assert!(kept["course"]["csat"][0].get("moving").is_none());
    assert_eq!(kept["course"]["complaints"][1]["received"], 8);
    let lowest: Vec<&Value> =
        kept["lowest"].as_array().unwrap().iter().map(|it| &it["value"]).collect();
    assert_eq!(lowest, [72.0, 91.0, 55.0, 87.0]);
    assert_eq!(kept["lowest"][0]["gap"], -13.0);
    assert_eq!(kept["lowest"][2]["name"], "speed");
    let frequent: Vec<(&str, &Value)> = kept["frequent"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["of"].as_str().unwrap(), &it["n"]))
        .collect();
    assert_eq!(
        frequent,
        [("type", &json!(9)), ("type", &json!(3)), ("cause", &json!(6)), ("cause", &json!(3))]
    );
    assert_eq!(kept["keywords"]["low"][0]["term"], "配送超时");
    assert_eq!(kept["goals"], Value::Null, "nobody knows of goals yet");
    assert!(kept["dashboard"].get("alarms").is_none(), "they are of the day, not of the week");
}

#[test]
fn two_ticks_at_once_make_one() {
    let world = World::with_site();
    let began = Cell::new(false);
    world.receive(move |world, call| {
        // While the first one asks, its lease runs out, and another one does all of the work.
        if !began.replace(true) {
            world.wait_ms(app::tick::LEASE_MS);
            assert_eq!(tick(world)["done"], json!(["report"]));
            assert_eq!(count(world, "report"), 2);
        }
        Ok(answer(call))
    });
    world.wait_ms(TO_MONDAY + NIGHT_MS);
    tick(&world);
    assert_eq!(count(&world, "report"), 2);
    assert_eq!(count(&world, "event where kind = 'report.made'"), 2);
    settle(&world);
    assert_eq!(count(&world, "report"), 2);
}

#[test]
fn a_pause_is_made_up_for_a_few_periods_back() {
    let world = world();
    settle(&world);
    world.wait_ms(100 * 24 * HOUR);
    settle(&world);
    let of = |kind: &str| {
        count(&world, &format!("report where site_id = 'sit_shop' and kind = '{kind}'"))
    };
    assert_eq!((of("week"), of("month"), of("quarter"), of("half_year")), (4, 3, 1, 1));
    assert_eq!(count(&world, "event where kind = 'report.made'"), 18);
}

#[test]
fn a_site_that_was_filled_with_its_past_has_reports_of_it() {
    let world = world();
    world.answered(&testkit::Given { day: 20_740, ..testkit::Given::default() }, 5);
    settle(&world);
    let of = |kind: &str| {
        count(&world, &format!("report where site_id = 'sit_shop' and kind = '{kind}'"))
    };
    // 2026-10-14: four weeks are made up for, and the month that it is in.
    assert_eq!((of("week"), of("month"), of("quarter")), (4, 1, 0));
    assert_eq!(count(&world, "report where site_id = 'sit_other'"), 0);
}

#[test]
fn a_neighbour_that_does_not_answer_leaves_it_to_a_later_tick() {
    let world = world();
    deaf(&world);
    world.wait_ms(TO_MONDAY + NIGHT_MS);
    assert_eq!(world.send(handle, &request()).status(), 503);
    assert!(world.logged_cause().unwrap().contains("/v1/dashboard"), "the log says who");
    assert_eq!(count(&world, "report"), 0);
    assert_eq!(tick(&world)["done"], json!([]), "it is not tried again at once");
    world.receive(|_, call| Ok(answer(call)));
    for _ in 0..3 {
        world.wait_ms(AGAIN_MS);
        settle(&world);
    }
    assert_eq!(count(&world, "report"), 2);
}

#[test]
fn a_figure_that_is_not_there_is_left_out_and_one_that_fails_is_waited_for() {
    let world = world();
    let status = Rc::new(Cell::new(404));
    let told = Rc::clone(&status);
    world.receive(move |_, call| {
        let mut answer = answer(call);
        if call.url.contains("/v1/causes/ranking") {
            answer.status = told.get();
        }
        Ok(answer)
    });
    status.set(500);
    world.wait_ms(TO_MONDAY + NIGHT_MS);
    assert_eq!(world.send(handle, &request()).status(), 503);
    status.set(404);
    for _ in 0..3 {
        world.wait_ms(AGAIN_MS);
        settle(&world);
    }
    assert_eq!(body(&world, "site_id = 'sit_shop'")["causes"], Value::Null);
}

#[test]
fn a_body_has_an_end() {
    let world = world();
    world.receive(|_, call| {
        let mut answer = answer(call);
        if call.url.contains("/v1/dashboard") {
            let mut told: Value = serde_json::from_slice(&answer.body).unwrap();
            let mut one = told["touchpoints"][0].clone();
            one["name"] = json!("长".repeat(80));
            told["touchpoints"] = json!(vec![one; 5_000]);
            answer.body = told.to_string().into_bytes();
        }
        if call.url.contains("/v1/goals") {
            answer.status = 200;
            answer.body = json!({ "items": vec![json!({ "label": "x".repeat(4_000) }); 100] })
                .to_string()
                .into_bytes();
        }
        Ok(answer)
    });
    world.wait_ms(TO_MONDAY + NIGHT_MS);
    settle(&world);
    let longest = world.number("select max(length(cast(body as blob))) from report");
    assert!(longest <= crate::body::BYTES_MAX as i64, "{longest}");
    assert_eq!(body(&world, "site_id = 'sit_shop'")["goals"], Value::Null);
}

#[test]
fn only_the_tick_key_ticks_and_a_broken_database_is_a_503() {
    let world = world();
    let path = "POST /internal/tick/report";
    assert_eq!(world.send(handle, path).status(), 401);
    assert_eq!(world.send(handle, "GET /internal/tick/report").status(), 405);
    assert_eq!(world.send(handle, "GET /internal/tick").status(), 404);
    world.break_database();
    assert_eq!(world.send(handle, &request()).status(), 503);
}
