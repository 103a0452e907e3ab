//! Those who stayed away, told by what is there afterwards.

use serde_json::Value;
use store::partials::{self, KEPT_MS, Partial};
use testkit::{Given, World};

use super::super::tests::tick;

/// Saves what somebody answered so far: an NPS, or no score at all.
fn save(world: &World, key: &str, score: Option<u8>, at: &str) {
    let key = format!("public:{key}");
    let row = score.map_or(String::new(), |score| {
        let day = 0;
        let given = Given { scale: ("nps", 10), key: &key, day, ..Given::default() };
        let (_, rows) = world.row(&[(Given { is_broken_off: true, ..given }, score)]);
        let mut row = serde_json::from_str::<Value>(&rows).unwrap()[0].take();
        row[10] = ports::Env::now(world).into();
        row.to_string()
    });
    let it = Partial {
        site_id: "sit_shop".into(),
        study_id: "srv_shop".into(),
        key,
        study_version: 1,
        answers: "{}".into(),
        hidden: "{}".into(),
        row,
        at: at.into(),
        saved_at: ports::Env::now(world),
        ..Partial::default()
    };
    world.run(partials::save(&it, "[]", 1, None, None).statement);
}

#[test]
fn a_score_that_was_given_counts_though_its_visitor_stayed_away() {
    let world = World::with_site();
    save(&world, "a", Some(9), "quality");
    save(&world, "b", None, "recommend");
    save(&world, "c", Some(2), "quality");
    world.wait_ms(KEPT_MS - 1);
    save(&world, "c", Some(2), "easy");
    tick(&world);
    assert_eq!(world.number("select count(*) from response"), 0, "a day is not over");
    world.wait_ms(10 * 60 * 1000);
    tick(&world);
    tick(&world);
    let row = "select idempotency_key || ' ' || source || ' ' || complete || ' ' || counted
        || ' ' || (received_at_ms - answered_at_ms) || ' ' || day from response";
    let row: String = world.database().query_row(row, [], |row| row.get(0)).unwrap();
    let waited = KEPT_MS - 1 + 10 * 60 * 1000;
    assert_eq!(row, format!("public:a widget 0 1 {waited} 20779"), "on the day of the answer");
    assert_eq!(world.number("select count(*) from partial"), 1, "who came back may go on");
    assert_eq!(world.number("select n from rollup where grain = 'site' and day = 20779"), 1);
    let tally = "select group_concat(cell || ' ' || n, ', ')
        from (select * from tally where n <> 0 order by cell)";
    let tally: String = world.database().query_row(tally, [], |row| row.get(0)).unwrap();
    // They stopped where they stopped, given up or not.
    assert_eq!(tally, "stopped:1:easy 1, stopped:1:quality 1, stopped:1:recommend 1");
    // Its event is sealed as every other.
    let events =
        "select group_concat(id || site_id || subject || version || kind || actor || at_ms)
        from event where kind = 'response.created'";
    let events: String = world.database().query_row(events, [], |row| row.get(0)).unwrap();
    assert!(events.starts_with("evt_") && events.contains("public"), "{events}");
}

#[test]
fn what_was_saved_meanwhile_is_neither_taken_nor_forgotten() {
    let world = World::with_site();
    save(&world, "a", Some(9), "quality");
    let keys = r#"["public:a"]"#;
    let rows = r#"[["r", 1, "public:a"]]"#;
    world.run(partials::abandon(rows, "sit_shop", "srv_shop", testkit::START + KEPT_MS - 1));
    world.run(partials::forget("srv_shop", keys, testkit::START + KEPT_MS - 1));
    assert_eq!(world.number("select count(*) from partial"), 1);
    assert_eq!(world.number("select count(*) from response"), 0);
}
