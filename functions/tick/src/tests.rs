//! The tick, told in requests and answers.

use domain::id::Kind;
use store::jobs;
use testkit::{Given, TICK_KEY, World};

fn tick(world: &World) -> serde_json::Value {
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
            "insert into session values (zeroblob(32), '', 0, {});
             insert into idempotency values ('a', 'old', zeroblob(32), 200, '', '', '', {});
             insert into idempotency values ('a', 'new', zeroblob(32), 200, '', '', '', {});",
            testkit::START,
            testkit::START - day,
            testkit::START - day + 1,
        ))
        .unwrap();
    let ticked = tick(&world);
    assert_eq!(ticked["done"], serde_json::json!(["expire"]));
    assert_eq!(ticked["next_due_at"], "2026-11-22T01:40:00Z");
    assert_eq!(world.number("select count(*) from session"), 0);
    assert_eq!(world.number("select count(*) from idempotency"), 1);
    assert_eq!(tick(&world)["done"], serde_json::json!([]));
    world.wait_ms(10 * 60 * 1000);
    assert_eq!(tick(&world)["done"], serde_json::json!(["expire"]));
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
    assert_eq!(tick(&world)["done"], serde_json::json!(["expire"]));
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
fn a_broken_database_is_a_503() {
    let world = World::with_site();
    world.break_database();
    let request = format!("POST /internal/tick\nauthorization: Bearer {TICK_KEY}\n");
    assert_eq!(world.send(super::handle, &request).status(), 503);
}
