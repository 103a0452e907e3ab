//! Those who stayed away, told by what is there afterwards.

use store::partials::{self, KEPT_MS, Partial};
use testkit::World;

use super::super::tests::tick;

fn save(world: &World, key: &str, answers: &str, at: &str) {
    let it = Partial {
        site_id: "sit_shop".into(),
        study_id: "srv_shop".into(),
        key: format!("public:{key}"),
        study_version: 1,
        channel: "app".into(),
        language: "zh-CN".into(),
        answers: answers.into(),
        hidden: "{}".into(),
        at: at.into(),
        saved_at: ports::Env::now(world),
        ..Partial::default()
    };
    world.run(partials::save(&it, "[]", 1, None).statement);
}

#[test]
fn a_score_that_was_given_counts_though_its_visitor_stayed_away() {
    let world = World::with_site();
    save(&world, "a", r#"{ "recommend": 9, "why": "慢" }"#, "quality");
    save(&world, "b", r#"{ "why": "没有分数" }"#, "recommend");
    save(&world, "c", r#"{ "recommend": 2 }"#, "quality");
    world.wait_ms(KEPT_MS - 1);
    save(&world, "c", r#"{ "recommend": 2, "quality": 1 }"#, "easy");
    tick(&world);
    assert_eq!(world.number("select count(*) from response"), 0, "a day is not over");
    world.wait_ms(10 * 60 * 1000);
    tick(&world);
    tick(&world);
    let row = "select idempotency_key || ' ' || source || ' ' || complete || ' ' || counted
        || ' ' || answers from response";
    let row: String = world.database().query_row(row, [], |row| row.get(0)).unwrap();
    assert_eq!(row, r#"public:a widget 0 1 {"recommend":9,"why":"慢"}"#);
    assert_eq!(world.number("select answered_at_ms from response"), testkit::START);
    assert_eq!(world.number("select count(*) from partial"), 1, "who came back may go on");
    assert_eq!(world.number("select n from rollup where grain = 'channel'"), 1);
    let event = "select actor from event where kind = 'response.created'";
    let event: String = world.database().query_row(event, [], |row| row.get(0)).unwrap();
    assert_eq!(event, "public");
    let tally = "select group_concat(cell || ' ' || n, ', ')
        from (select * from tally where n <> 0 order by cell)";
    let tally: String = world.database().query_row(tally, [], |row| row.get(0)).unwrap();
    // They stopped where they stopped, given up or not.
    assert_eq!(tally, "stopped:1:easy 1, stopped:1:quality 1, stopped:1:recommend 1");
}

#[test]
fn what_was_sent_meanwhile_is_not_taken_twice() {
    let world = World::with_site();
    save(&world, "a", r#"{ "recommend": 9 }"#, "quality");
    let keys = r#"["public:a"]"#;
    let rows = r#"[["r", 1, "public:a"]]"#;
    // It was saved anew: neither taken nor forgotten.
    world.run(partials::abandon(rows, "sit_shop", "srv_shop", testkit::START + KEPT_MS - 1));
    world.run(partials::forget("srv_shop", keys, testkit::START + KEPT_MS - 1));
    assert_eq!(world.number("select count(*) from partial"), 1);
    assert_eq!(world.number("select count(*) from response"), 0);
}
