//! Thousands of things done at random: nothing overlaps, nothing is lost, counters equal facts.

use store::calendars::{self, Calendar};

use super::*;

/// Numbers from a seed (PCG's multiplier; the low bits are thrown away).
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// Three agents of whom one makes two calls at once, one speaks German alone and one makes few
/// calls; services of several lengths, with time before and after.
fn crowded() -> World {
    let world = World::with_site();
    let week = json!({
        "monday": [["09:00", "12:00", 2], ["13:00", "18:00"]],
        "tuesday": [["09:00", "18:00", 3]], "wednesday": [["09:30", "11:35"]],
    });
    world.run(calendars::insert(&Calendar {
        id: "cal_more".into(),
        site_id: "sit_shop".into(),
        version: 1,
        name: "x".into(),
        definition: json!({ "zone": "Asia/Shanghai", "week": week }).to_string(),
        created_at: 0,
        updated_at: 0,
    }));
    agent(&world, "ann", &json!({ "calls_per_day": 6 }));
    agent(&world, "bo", &json!({ "languages": ["de"] }));
    agent(&world, "cai", &json!({ "skills": ["tea"], "calendar_id": "cal_more" }));
    service(&world, "svc_talk", &json!({ "is_public": true }));
    service(&world, "svc_long", &json!({ "length_min": 40, "every_min": 20, "before_min": 10 }));
    service(
        &world,
        "svc_tea",
        &json!({ "skills": ["tea"], "length_min": 5, "every_min": 5,
        "after_min": 0, "hold_min": 1 }),
    );
    world
}

/// What was booked: its id, its token.
type Known = Vec<(String, String)>;

fn time(dice: &mut Dice) -> String {
    let (day, hour) = (23 + dice.below(3), 9 + dice.below(9));
    format!("2026-11-{day}T{hour:02}:{:02}", 5 * dice.below(12))
}

fn book(world: &World, dice: &mut Dice, known: &mut Known) -> u16 {
    let mut body = json!({
        "service_id": dice.of(&["svc_talk", "svc_long", "svc_tea"]), "start": time(dice),
        "phone": format!("1380013{:04}", dice.below(10_000)), "hold": dice.below(3) == 0,
        "language": dice.of(&["", "", "de", "en"]),
    });
    if dice.below(8) == 0 {
        body["mode"] = "asap".into();
        body["hold"] = false.into();
        body.as_object_mut().unwrap().remove("start");
    }
    let answer = send(world, "agent", "POST /v1/callbacks", &body);
    if answer.status() == 201 {
        let shown: Value = serde_json::from_slice(answer.body()).unwrap();
        known.push((shown["id"].as_str().unwrap().to_owned(), token(&shown)));
    }
    answer.status().as_u16()
}

fn change(world: &World, dice: &mut Dice, known: &Known) -> u16 {
    let (id, token) = dice.of(known);
    let name = *dice.of(&["confirm", "confirm", "move", "move", "move", "cancel"]);
    let body = if name == "move" { json!({ "start": time(dice) }) } else { Value::Null };
    let (who, request) = match dice.below(2) {
        0 => ("agent", format!("POST /v1/callbacks/{id}/{name}")),
        _ => ("", format!("POST /v1/bookings/{token}/{name}")),
    };
    send(world, who, &request, &body).status().as_u16()
}

/// Runs so many steps; every answer is one that a client can understand.
fn run(seed: u64, steps: usize) -> std::collections::BTreeMap<u16, usize> {
    let (world, mut dice, mut known) = (crowded(), Dice(seed), Vec::new());
    let mut statuses = std::collections::BTreeMap::new();
    for step in 0..steps {
        // Now and then holds run out; whoever books next finds that.
        if dice.below(6) == 0 {
            world.wait_ms(20_000 * i64::try_from(dice.below(4)).unwrap());
        }
        let status = match known.len() {
            0 => book(&world, &mut dice, &mut known),
            _ if dice.below(5) < 3 => book(&world, &mut dice, &mut known),
            _ => change(&world, &mut dice, &known),
        };
        assert!([200, 201, 409, 410, 422].contains(&status), "seed {seed}, step {step}: {status}");
        *statuses.entry(status).or_default() += 1;
        if step % 50 == 0 {
            check(&world);
        }
    }
    check(&world);
    // What is still free could really be sold: whatever is offered is taken at the first try.
    for service in ["svc_talk", "svc_long", "svc_tea"] {
        let get = format!("GET /v1/slots?service={service}&from=2026-11-23&to=2026-11-25");
        let found = done(&world, "agent", &get, &Value::Null);
        if let Some(slot) = found["items"].as_array().unwrap().first() {
            let body = with(&json!({ "service_id": service, "start": slot["start"] }));
            done(&world, "agent", "POST /v1/callbacks", &body);
        }
    }
    check(&world);
    statuses
}

#[test]
fn nothing_overlaps_and_counters_equal_facts_whatever_is_done_in_whatever_order() {
    let mut all = std::collections::BTreeMap::new();
    for seed in 1..=6 {
        for (status, n) in run(seed, 500) {
            *all.entry(status).or_insert(0) += n;
        }
    }
    // Each kind of answer was given, so that each was tried.
    for status in [200, 201, 409, 410, 422] {
        assert!(10 < all.get(&status).copied().unwrap_or(0), "{all:?}");
    }
}
