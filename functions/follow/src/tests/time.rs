//! What time does to call-backs.

use ports::Env;
use serde_json::json;
use store::callbacks::Callback;
use testkit::World;

use super::{DAY, HOUR, MINUTE, check, complaint, known, list, shop, stands, tick, told};

/// An appointment of 周岚 tomorrow at 09:30 on the clocks of the shop.
fn booked(world: &World, id: &str) -> Callback {
    let start = world.now() + DAY;
    Callback {
        id: id.into(),
        mode: "appointment".into(),
        state: "booked".into(),
        agent_id: "agt_lan".into(),
        start,
        end: start + 15 * MINUTE,
        from: start,
        until: start + 20 * MINUTE,
        day: 20_780,
        due: start,
        due_by: start + 15 * MINUTE,
        expires: start + 7 * DAY,
        next_step: Some(start - DAY),
        ..Callback::default()
    }
}

fn waiting(world: &World, id: &str) -> Callback {
    let now = world.now();
    Callback {
        id: id.into(),
        mode: "visit".into(),
        state: "waiting".into(),
        place: now,
        due: now,
        due_by: now + DAY,
        expires: now + DAY,
        next_step: Some(now + DAY),
        ..Callback::default()
    }
}

fn state(world: &World, id: &str) -> String {
    list(world, &format!("select state || promise as it from callback where id = '{id}'"))
}

#[test]
fn an_appointment_is_reminded_of_missed_and_given_up() {
    let world = shop(&json!({ "reminders_min": [1440, 60] }));
    let id = stands(
        &world,
        Callback {
            reminded: 1,
            next_step: Some(world.now() + 23 * HOUR),
            ..booked(&world, "cbk_1")
        },
    );
    assert_eq!(tick(&world)["next_due_at"], "2026-11-23T00:30:00Z");
    world.wait_ms(23 * HOUR - 1);
    assert_eq!(tick(&world)["done"], json!([]));
    world.wait_ms(1);
    let answer = tick(&world);
    assert_eq!((&answer["done"], &answer["reminded"]), (&json!(["reminded"]), &json!(1)));
    assert_eq!(
        list(
            &world,
            "select data ->> 'ahead_min' as it from event where kind =
            'callback.reminder'"
        ),
        "60"
    );
    assert_eq!(tick(&world)["done"], json!([]));
    world.wait_ms(HOUR + 15 * MINUTE);
    let answer = tick(&world);
    assert_eq!((&answer["done"], &answer["missed"]), (&json!(["missed"]), &json!(1)));
    assert_eq!(state(&world, &id), "booked2");
    let notices = "select data ->> '$.to.agent_id' || ' ' || (data ->> 'callback_id') as it
        from notice";
    assert_eq!(list(&world, notices), "agt_lan cbk_1");
    assert_eq!(tick(&world)["done"], json!([]));
    world.wait_ms(7 * DAY);
    assert_eq!(tick(&world)["done"], json!(["expired"]));
    assert_eq!(told(&world, &id), "reminder,missed,expired");
    assert_eq!(state(&world, &id), "expired2");
    assert_eq!(world.number("select calls from call_day"), 0);
    assert_eq!(world.number("select count(*) from call_quantum"), 0);
    check(&world);
}

#[test]
fn many_reminders_that_nobody_sent_are_one_and_none_comes_late() {
    let world = shop(&json!({ "reminders_min": [1440, 120, 60], "quiet": null }));
    let [a, b] = ["cbk_1", "cbk_2"];
    stands(&world, booked(&world, a));
    // Nobody ticked until half an hour before.
    world.wait_ms(DAY - 30 * MINUTE);
    assert_eq!(tick(&world)["reminded"], 1);
    assert_eq!(tick(&world)["reminded"], 0);
    assert_eq!(told(&world, a), "reminder");
    assert_eq!(
        list(
            &world,
            "select data ->> 'ahead_min' as it from event
        where kind = 'callback.reminder'"
        ),
        "60"
    );
    // And of the other not before it had begun.
    let other = Callback { lane: 1, ..booked(&world, b) };
    let start = world.now() - MINUTE;
    stands(
        &world,
        Callback {
            start,
            due: start,
            due_by: start + 15 * MINUTE,
            next_step: Some(start - DAY),
            ..other
        },
    );
    assert_eq!(tick(&world)["done"], json!([]));
    assert_eq!(told(&world, b), "");
    let next = "select next_step_ms - start_ms as it from callback where id = 'cbk_2'";
    assert_eq!(list(&world, next), (15 * MINUTE).to_string());
    check(&world);
}

#[test]
fn reminders_go_out_before_the_night_of_whom_we_call() {
    let world = shop(&json!({ "reminders_min": [60] }));
    // 09:30 in Los Angeles; an hour before is night there, and so is the one before nine.
    let start = world.now() + 16 * HOUR;
    let row = Callback {
        zone: "America/Los_Angeles".into(),
        start,
        due: start,
        end: start + 15 * MINUTE,
        from: start,
        until: start + 20 * MINUTE,
        due_by: start + 15 * MINUTE,
        ..booked(&world, "cbk_1")
    };
    let at = app::callback::times::reminders(
        &domain::callback::Service { reminders_min: vec![60], ..Default::default() },
        &row,
    )
    .next();
    stands(&world, Callback { next_step: at, ..row });
    assert_eq!(tick(&world)["next_due_at"], "2026-11-22T04:59:00Z");
    world.wait_ms(3 * HOUR + 29 * MINUTE);
    assert_eq!(tick(&world)["reminded"], 1);
}

#[test]
fn holds_and_calls_that_were_taken_end_with_their_lease() {
    let world = shop(&json!({}));
    let lease = world.now() + 5 * MINUTE;
    let held =
        Callback { state: "held".into(), lease, next_step: Some(lease), ..booked(&world, "cbk_1") };
    stands(&world, held);
    let calling = Callback {
        state: "calling".into(),
        agent_id: "agt_lan".into(),
        lease,
        next_step: Some(lease),
        ..waiting(&world, "cbk_2")
    };
    stands(&world, calling);
    assert_eq!(tick(&world)["done"], json!([]));
    world.wait_ms(5 * MINUTE);
    let answer = tick(&world);
    assert_eq!(answer["done"], json!(["released", "expired"]), "{answer}");
    assert_eq!(
        (state(&world, "cbk_1"), state(&world, "cbk_2")),
        ("expired0".into(), "waiting0".into())
    );
    assert_eq!(
        (told(&world, "cbk_1"), told(&world, "cbk_2")),
        ("expired".into(), "released".into())
    );
    assert_eq!(answer["next_due_at"], "2026-11-23T01:30:00Z");
    let whose = "select agent_id || (place_ms - due_ms) as it from callback where id = 'cbk_2'";
    assert_eq!(list(&world, whose), "0");
    assert_eq!(world.number("select count(*) from notice"), 0);
    check(&world);
}

#[test]
fn a_visit_that_nobody_made_breaks_its_promise_before_it_ends() {
    let world = shop(&json!({}));
    let case = complaint(&world, &known(&world, "M1", "core"));
    let own = "update complaint set agent_id = 'agt_lan' where id = ?1";
    world.database().execute(own, [&case]).unwrap();
    let visit =
        Callback { case_id: case, purpose: "solved_case".into(), ..waiting(&world, "cbk_1") };
    stands(&world, visit);
    // A tick comes again after days.
    world.wait_ms(5 * DAY);
    let answer = tick(&world);
    assert_eq!(answer["done"], json!(["missed", "expired"]));
    assert_eq!(told(&world, "cbk_1"), "missed,expired");
    assert_eq!(state(&world, "cbk_1"), "expired2");
    // It was nobody's, but somebody has the case.
    let notices = "select coalesce(data ->> '$.to.agent_id', data ->> '$.to.role') as it
        from notice order by 1";
    assert_eq!(list(&world, notices), "agt_lan,manager");
    check(&world);
}

#[test]
fn whoever_is_gone_is_told_nothing_and_one_person_is_told_once() {
    let world = shop(&json!({}));
    let case = complaint(&world, &known(&world, "M1", "core"));
    let own = "update complaint set agent_id = 'agt_lan' where id = ?1";
    world.database().execute(own, [&case]).unwrap();
    stands(
        &world,
        Callback { case_id: case, agent_id: "agt_lan".into(), ..waiting(&world, "cbk_1") },
    );
    stands(&world, Callback { agent_id: "agt_gone".into(), ..waiting(&world, "cbk_2") });
    world.wait_ms(DAY);
    tick(&world);
    let notices = "select subject || ' ' ||
          coalesce(data ->> '$.to.agent_id', data ->> '$.to.role') as it
        from notice order by 1";
    assert_eq!(list(&world, notices), "cbk_1 agt_lan,cbk_2 manager");
}

#[test]
fn what_was_decided_is_not_decided_again() {
    let world = shop(&json!({}));
    let kept = Callback {
        promise: 1,
        attempts: 1,
        expires: world.now() + 2 * DAY,
        next_step: Some(world.now() + 2 * DAY),
        ..waiting(&world, "cbk_1")
    };
    stands(&world, kept);
    world.wait_ms(DAY);
    assert_eq!(tick(&world)["done"], json!([]));
    world.wait_ms(DAY);
    assert_eq!(tick(&world)["done"], json!(["expired"]));
    assert_eq!(state(&world, "cbk_1"), "expired1");
}

#[test]
fn a_day_of_much_is_done_in_one_tick() {
    let world = shop(&json!({}));
    for at in 0..130 {
        stands(&world, waiting(&world, &format!("cbk_{at:03}")));
    }
    world.wait_ms(DAY);
    let answer = tick(&world);
    assert_eq!(
        (&answer["missed"], &answer["expired"], &answer["more"]),
        (&json!(130), &json!(130), &json!(false))
    );
    // Many at once are told as one.
    assert!(world.number("select count(*) from notice") <= 3);
    check(&world);
}

#[test]
fn what_cannot_be_understood_does_not_hold_up_the_rest() {
    let world = shop(&json!({}));
    let odd = Callback {
        lease: world.now() + DAY,
        state: "calling".into(),
        next_step: Some(world.now() - 1),
        ..waiting(&world, "cbk_1")
    };
    stands(&world, odd);
    stands(&world, waiting(&world, "cbk_2"));
    assert_eq!(tick(&world)["done"], json!([]));
    let next = "select next_step_ms as it from callback where id = 'cbk_1'";
    assert_eq!(list(&world, next), (world.now() + DAY).to_string());
    world.wait_ms(DAY);
    assert_eq!(tick(&world)["missed"], 2);
}
