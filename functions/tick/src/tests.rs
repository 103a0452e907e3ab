//! The tick, told in requests and answers.

mod calls;
mod cases;

use domain::id::Kind;
use store::jobs;
use testkit::{Given, TICK_KEY, World};

pub(crate) fn tick(world: &World) -> serde_json::Value {
    world.json(super::handle, &format!("POST /internal/tick\nauthorization: Bearer {TICK_KEY}\n\n"))
}

#[test]
fn only_the_tick_key_ticks() {
    let world = World::with_site();
    for auth in ["", "authorization: Bearer {admin}", "authorization: Bearer x"] {
        let answer = world.send(super::handle, &format!("POST /internal/tick\n{auth}\n"));
        assert_eq!(answer.status(), 401, "{auth}");
    }
    assert_eq!(world.send(super::handle, "GET /internal/tick").status(), 405);
}

#[test]
fn what_is_over_is_forgotten_and_comes_round_again() {
    let world = World::with_site();
    let day = 24 * 60 * 60 * 1000;
    world
        .database()
        .execute_batch(&format!(
            "insert into session (hash, key_id, created_at_ms, expires_at_ms)
             values (zeroblob(32), '', 0, {});
             insert into visit values ({now}, 's', 'x', 1), ({now} + 1, 's', '', 1);
             insert into spent values ('a', {now}, 'r'), ('b', {now} + 1, 'r');
             insert into idempotency values ('a', 'old', zeroblob(32), 200, '', '', '', {});
             insert into idempotency values ('a', 'new', zeroblob(32), 200, '', '', '', {});
             insert into rest values ('sit_shop', 'old', '', {});
             insert into rest values ('sit_shop', 'new', '', {});",
            testkit::START,
            testkit::START - day,
            testkit::START - day + 1,
            testkit::START - 400 * day,
            testkit::START - 400 * day + 1,
            now = testkit::START / 1000,
        ))
        .unwrap();
    let ticked = tick(&world);
    assert_eq!(ticked["done"], serde_json::json!(["alarm", "expire", "abandon"]));
    assert_eq!(ticked["next_due_at"], "2026-11-22T01:40:00Z");
    assert_eq!(world.number("select count(*) from session"), 0);
    assert_eq!(world.number("select count(*) from idempotency"), 1);
    assert_eq!(world.number("select count(*) from rest where who = 'new'"), 1);
    assert_eq!(world.number("select count(*) from rest"), 1);
    assert_eq!(world.number("select count(*) from visit where who = ''"), 1);
    assert_eq!(world.number("select count(*) from visit"), 1);
    assert_eq!(world.number("select count(*) from spent where hash = 'b'"), 1);
    assert_eq!(world.number("select count(*) from spent"), 1);
    assert_eq!(tick(&world)["done"], serde_json::json!([]));
    world.wait_ms(10 * 60 * 1000);
    assert_eq!(tick(&world)["done"], serde_json::json!(["alarm", "expire", "abandon"]));
}

#[test]
fn deliveries_are_forgotten_after_thirty_days_and_many_of_them_one_tick_after_the_other() {
    let world = World::with_site();
    let deliver = |first: i64, last: i64, at: i64| {
        let deliveries = "with recursive it (n) as (select ?1 union all
               select n + 1 from it where n < ?2)
             insert into delivery (webhook_id, sequence, subject, kind, state, tries, round,
               due_at_ms, status, updated_at_ms)
             select 'whk_1', n, '', '', 'delivered', 1, 1, 0, 200, ?3 from it";
        world.database().execute(deliveries, [first, last, at]).unwrap();
    };
    let webhook = "insert into webhook (id, site_id, version, name, url, types, touchpoints,
           grades, is_ordered, signature, secret, headers, old_secret, old_secret_until_ms,
           state, reason, created_at_ms, updated_at_ms)
         values ('whk_1', 'sit_shop', 1, 'x', '', '', '', '', 0, 'v1', '', '', '', 0, 'active',
           '', 0, 0)";
    world.database().execute(webhook, []).unwrap();
    let old = testkit::START - 30 * 24 * 60 * 60 * 1000;
    deliver(1, 2001, old - 1);
    deliver(3001, 3002, old);
    let left = || world.number("select count(*) from delivery");
    tick(&world);
    assert_eq!(left(), 3);
    // More than go at once do not wait for the next time.
    assert!(tick(&world)["done"].as_array().unwrap().contains(&"expire".into()));
    assert_eq!(left(), 2);
    assert_eq!(tick(&world)["done"], serde_json::json!([]));
    // Those of a webhook that was deleted follow it.
    world.database().execute("delete from webhook", []).unwrap();
    world.wait_ms(10 * 60 * 1000);
    tick(&world);
    assert_eq!(left(), 0);
}

#[test]
fn leased_work_is_left_alone_until_the_lease_runs_out() {
    let world = World::with_site();
    world
        .database()
        .execute("update job set lease = 'theirs', lease_until_ms = ?1", [testkit::START + 30_000])
        .unwrap();
    assert_eq!(tick(&world)["done"], serde_json::json!([]));
    world.wait_ms(30_000);
    assert_eq!(tick(&world)["done"], serde_json::json!(["alarm", "expire", "abandon"]));
}

#[test]
fn a_rebuild_counts_every_day_again_and_tells_what_differed() {
    let world = World::with_site();
    for number in 0..200_u8 {
        let given = Given {
            scale: ("nps", 10),
            day: 20_000 + i64::from(number % 40),
            channel: "app",
            group: "core",
            ..Given::default()
        };
        world.answered(&given, number % 11);
    }
    // Some are screened out afterwards, and the figures follow.
    let screen = "update response set counted = 0 where id in
        (select subject from event where kind = 'response.created' and seq % 7 = 0)";
    assert!(20 < world.database().execute(screen, []).unwrap());
    let snapshot = |world: &World| {
        world.number("select sum(n * 3 + c0 + c1 * 5 + c10 * 7 + day) from rollup where n <> 0")
    };
    let maintained = snapshot(&world);
    let rebuild = |world: &World| {
        let id = Kind::Job.id(0, ports::Env::random(world));
        world.run(jobs::insert_rebuild(&id, "sit_shop", testkit::START));
        for _ in 0..3 {
            tick(world);
        }
        let sql = format!(
            "select (progress ->> 'differences') * 1000 + (progress ->> 'days') from job
             where state = 'done' and id = '{id}'"
        );
        world.number(&sql)
    };
    assert_eq!(rebuild(&world), 40, "forty days, no difference");
    assert_eq!(snapshot(&world), maintained);
    world.database().execute("update rollup set c10 = c10 + 1 where grain = 'site'", []).unwrap();
    assert!(1000 <= rebuild(&world), "a wrong count is found");
    assert_eq!(snapshot(&world), maintained, "and mended");
}

#[test]
fn a_rebuild_counts_measurements_again_too() {
    let world = World::with_site();
    // Days with answers, with measurements, and with both.
    world.answered(&Given { day: 20_001, ..Given::default() }, 4);
    for number in 0..60_i32 {
        let day = 20_000 + number % 3 * 2;
        let it = app::measure::Measurement {
            key: format!("key {number}"),
            name: if number % 2 == 0 { "human_pick_up" } else { "orders" }.to_owned(),
            value: i64::from(number) * 1000,
            at: i64::from(day) * domain::civil::DAY_MS,
            day,
            touchpoint_id: "tch_shop".to_owned(),
            channel: "phone".to_owned(),
            agent_id: String::new(),
        };
        let random = ports::Env::random(&world);
        let batch = app::measure::Batch::new("sit_shop", testkit::START, random, &[&it], true);
        world.run(batch.write.statement);
    }
    let snapshot = |world: &World| {
        world.number("select count(*) * 1000003 + sum(n * 3 + sum * 5 + bound + day) from measure")
    };
    let maintained = snapshot(&world);
    let rebuild = |world: &World| {
        let id = Kind::Job.id(0, ports::Env::random(world));
        world.run(jobs::insert_rebuild(&id, "sit_shop", testkit::START));
        tick(world);
        let sql = format!(
            "select (progress ->> 'differences') * 1000 + (progress ->> 'days') from job
             where state = 'done' and id = '{id}'"
        );
        world.number(&sql)
    };
    assert_eq!(rebuild(&world), 4, "four days, no difference");
    assert_eq!(snapshot(&world), maintained);
    let wrong = "update measure set sum = sum + 1 where grain = 'channel' and day = 20002";
    let rows = world.database().execute(wrong, []).unwrap();
    assert!(0 < rows);
    // Each is one too many and one too few. What has no fact is one too many.
    let stray = "insert into measure values ('sit_shop', 'site', '', '', 20009, 0, 1, 1)";
    world.database().execute(stray, []).unwrap();
    assert_eq!(rebuild(&world), i64::try_from(2 * rows + 1).unwrap() * 1000 + 5);
    assert_eq!(snapshot(&world), maintained, "and mended");
}

#[test]
fn a_broken_database_is_a_503() {
    let world = World::with_site();
    world.break_database();
    let request = format!("POST /internal/tick\nauthorization: Bearer {TICK_KEY}\n");
    assert_eq!(world.send(super::handle, &request).status(), 503);
}

/// Takes answers of a day about the satisfaction with the shop.
fn rated(world: &World, day: i64, value: u8, times: usize) {
    for _ in 0..times {
        world.answered(&Given { day, ..Given::default() }, value);
    }
}

/// The alarms of a kind, and whether each is open.
fn alarms(world: &World, kind: &str) -> Vec<(String, bool)> {
    let text = "select numbers, cleared_at_ms is null from alarm where kind = ?1 order by id";
    let database = world.database();
    let mut prepared = database.prepare(text).unwrap();
    let rows = prepared.query_map([kind], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

/// 2026-11-22, on which every world starts.
const TODAY: i64 = 20_779;

#[test]
fn a_touchpoint_surely_under_target_is_an_alarm_until_it_is_not() {
    let world = World::with_site();
    // 24 of 30: under 85 %, but chance does that, too.
    rated(&world, TODAY - 3, 5, 24);
    rated(&world, TODAY - 3, 1, 6);
    tick(&world);
    assert_eq!(alarms(&world, "under_target"), []);
    rated(&world, TODAY - 2, 1, 10);
    world.wait_ms(super::ALARM_EVERY_MS);
    tick(&world);
    let raised = alarms(&world, "under_target");
    let numbers: serde_json::Value = serde_json::from_str(&raised[0].0).unwrap();
    assert_eq!((&numbers["value"], &numbers["n"]), (&60.0.into(), &40.into()));
    assert_eq!((&numbers["target"], raised[0].1), (&85.into(), true));
    assert!(numbers["interval"][1].as_f64().unwrap() < 85.0);
    // It fires once.
    world.wait_ms(super::ALARM_EVERY_MS);
    tick(&world);
    assert_eq!(alarms(&world, "under_target").len(), 1);
    assert_eq!(world.number("select count(*) from event where kind = 'alarm.raised'"), 1);
    rated(&world, TODAY - 1, 5, 200);
    world.wait_ms(super::ALARM_EVERY_MS);
    tick(&world);
    assert_eq!(alarms(&world, "under_target").len(), 1);
    assert!(!alarms(&world, "under_target")[0].1, "it clears itself");
    let cleared = "select count(*) from event where kind = 'alarm.cleared' and version = 2";
    assert_eq!(world.number(cleared), 1);
}

#[test]
fn a_sudden_rise_of_low_answers_is_an_alarm_and_more_answers_alone_are_none() {
    let world = World::with_site();
    for day in TODAY - 63..TODAY - 1 {
        rated(&world, day, 5, 18);
        rated(&world, day, 2, 2);
    }
    // Three times the answers, and as many low ones among them.
    rated(&world, TODAY - 1, 5, 54);
    rated(&world, TODAY - 1, 2, 6);
    tick(&world);
    assert_eq!(alarms(&world, "rise"), []);
    rated(&world, TODAY, 5, 8);
    rated(&world, TODAY, 1, 12);
    world.wait_ms(super::ALARM_EVERY_MS);
    tick(&world);
    // Of the site and of the touchpoint.
    let raised = alarms(&world, "rise");
    assert_eq!(raised.len(), 2);
    let numbers: serde_json::Value = serde_json::from_str(&raised[0].0).unwrap();
    assert_eq!((&numbers["day"], &numbers["low_answers"]), (&"2026-11-22".into(), &12.into()));
    assert_eq!((&numbers["expected"], &numbers["reason"]), (&2.0.into(), &"sudden".into()));
    // Two ordinary days later it is over.
    for day in [TODAY + 1, TODAY + 2] {
        world.wait_ms(domain::civil::DAY_MS);
        rated(&world, day, 5, 18);
        rated(&world, day, 2, 2);
    }
    tick(&world);
    assert_eq!(alarms(&world, "rise").iter().filter(|(_, is_open)| *is_open).count(), 0);
}

#[test]
fn every_site_has_its_turn() {
    let world = World::with_site();
    for at in 0..12 {
        let insert = format!(
            "insert into site (id, version, name, zone, origins, minimum_n, weights,
               created_at_ms, updated_at_ms)
             values ('sit_{at:02}', 1, 'x', 'Asia/Shanghai', '[]', 5, '{{}}', 0, 0)"
        );
        world.database().execute(&insert, []).unwrap();
    }
    // Fourteen sites, five at a time.
    for done in [true, true, true, false] {
        let ticked = tick(&world);
        let alarm = ticked["done"].as_array().unwrap().iter().any(|it| it == "alarm");
        assert_eq!(alarm, done);
    }
}

#[test]
fn messages_of_other_systems_are_forgotten_when_their_time_is_over() {
    let world = World::with_site();
    let day = 24 * 60 * 60 * 1000;
    world
        .database()
        .execute_batch(&format!(
            "insert into source values ('src_1', 'sit_shop', 1, 'Shop', 1, 'token', '', '', '', 0,
               '', '', '[]', '', 0, 0, 0);
             insert into inbound select value, 'sit_shop', 'src_1', 1, value, value, '[]', '[]',
               1, '', 0, 0, 0, {} from json_each('[\"new\",\"mapped\",\"ignored\",\"failed\"]');
             insert into inbound_body select id, '{{}}' from inbound;
             insert into inbound_about select 'who', id from inbound;
             update inbound set forget_at_ms = forget_at_ms + {day} where state = 'failed';",
            ports::Env::now(&world) + 30 * day
        ))
        .unwrap();
    let left = || {
        tick(&world);
        ["inbound", "inbound_body", "inbound_about"]
            .map(|it| world.number(&format!("select count(*) from {it}")))
    };
    assert_eq!(left(), [4, 4, 4]);
    world.wait_ms(30 * day);
    // What was never looked at is not forgotten.
    assert_eq!(left(), [2, 2, 2]);
    world.wait_ms(day);
    assert_eq!(left(), [1, 1, 1]);
}

#[test]
fn many_messages_that_are_over_are_forgotten_without_a_pause() {
    let world = World::with_site();
    let many = store::inbound::SOME + 1;
    world
        .database()
        .execute_batch(&format!(
            "insert into source values ('src_1', 'sit_shop', 1, 'Shop', 1, 'token', '', '', '', 0,
               '', '', '[]', '', 0, 0, 0);
             with recursive n(i) as (select 1 union all select i + 1 from n where i < {many})
             insert into inbound select 'inb_' || i, 'sit_shop', 'src_1', 1, i, 'mapped', '[]',
               '[]', 1, '', 0, 0, 0, 0 from n;"
        ))
        .unwrap();
    tick(&world);
    assert_eq!(world.number("select count(*) from inbound"), 1);
    tick(&world);
    assert_eq!(world.number("select count(*) from inbound"), 0);
}
