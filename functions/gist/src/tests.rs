//! Digests, told in ticks and what they leave behind.

use serde_json::json;
use testkit::{TICK_KEY, World};

fn tick(world: &World) -> serde_json::Value {
    let request = format!("POST /internal/tick/gist\nauthorization: Bearer {TICK_KEY}\n\n");
    world.json(super::handle, &request)
}

/// Puts comments there as the reader would: response, day, verdict, touchpoint, text.
fn comments(world: &World, rows: &[(String, i64, &str, &str, String)]) {
    let row = |(id, day, verdict, touchpoint, text): &(String, i64, &str, &str, String)| {
        json!({ "response_id": id, "day": day, "verdict": verdict, "touchpoint_id": touchpoint,
            "text": text, "sentiment": 0, "topic": "" })
    };
    world.commented(&rows.iter().map(row).collect::<Vec<_>>());
}

/// 2026-11-22, on which every world starts.
const TODAY: i64 = 20_779;

fn quarter(world: &World) {
    let mut rows = Vec::new();
    for at in 0..60_i64 {
        // People do not all begin and end alike; a word shows by what stands around it.
        let at_most = |words: &[&'static str]| words[usize::try_from(at).unwrap() % words.len()];
        let first = at_most(&["今天", "这次又", "居然", "昨晚", "真的", "说好了还"]);
        let last = at_most(&["没人管", "打了电话", "太慢", "很生气", "再也不来"]);
        let late = format!("{first}配送超时{last}");
        rows.push((format!("rsp_a{at:02}"), TODAY - at % 20, "low", "tch_shop", late));
        let fine = format!("包装精美，客服热情，第{at}次买了");
        rows.push((format!("rsp_b{at:02}"), TODAY - at % 20, "high", "", fine));
        let before = format!("安装师傅很专业，第{at}次用");
        rows.push((format!("rsp_c{at:02}"), TODAY - 40 - at % 20, "high", "", before));
    }
    comments(world, &rows);
}

fn terms(world: &World, scope: &str, side: &str) -> Vec<String> {
    let query = store::digests::keywords("sit_shop", scope, side);
    let rows = pollster::block_on(ports::Sql::rows(ports::Env::sql(world), query.statement));
    (query.decode)(rows.unwrap()).unwrap().into_iter().map(|it| it.term).collect()
}

#[test]
fn words_stand_out_against_the_time_before_and_against_other_verdicts() {
    let world = World::with_site();
    quarter(&world);
    tick(&world);
    let has = |terms: &[String], part: &str| terms.iter().any(|it| it.contains(part));
    let period = terms(&world, "", "period");
    assert!(has(&period, "超时") && !has(&period, "师傅"), "{period:?}");
    let low = terms(&world, "", "low");
    assert!(has(&low, "超时") && !has(&low, "精美"), "{low:?}");
    let high = terms(&world, "", "high");
    assert!(has(&high, "精美") && !has(&high, "超时"), "{high:?}");
    let own = terms(&world, "tch_shop", "period");
    assert!(has(&own, "超时") && !has(&own, "精美"), "{own:?}");
    assert_eq!(world.number("select comments from digest"), 120);
    assert_eq!(world.number("select last_day from digest"), TODAY);
}

#[test]
fn topics_are_counted_with_how_they_feel_and_how_many_there_were_before() {
    let world = World::with_site();
    quarter(&world);
    let about = "update comment set topic = case when response_id like 'rsp_b%' then 'service'
        else 'delivery' end";
    world.database().execute(about, []).unwrap();
    tick(&world);
    let found = |scope: &str| {
        let query = store::digests::topics("sit_shop", scope);
        let rows = pollster::block_on(ports::Sql::rows(ports::Env::sql(&world), query.statement));
        let found = (query.decode)(rows.unwrap()).unwrap().into_iter();
        let told = found.map(|it| (it.topic, [it.comments, it.before, it.low, it.high]));
        told.collect::<Vec<_>>()
    };
    let whole = [("delivery".to_owned(), [60, 60, 60, 0]), ("service".to_owned(), [60, 0, 0, 60])];
    assert_eq!(found(""), whole);
    assert_eq!(found("tch_shop"), [("delivery".to_owned(), [60, 0, 60, 0])]);
    // Made anew, they are not counted twice.
    world.database().execute("update digest set made_at_ms = 0", []).unwrap();
    world.wait_ms(super::digest::DIGEST_EVERY_MS);
    tick(&world);
    assert_eq!(found(""), whole);
}

#[test]
fn comments_that_say_the_same_are_grouped() {
    let world = World::with_site();
    quarter(&world);
    tick(&world);
    assert!(world.number("select count(*) from alike") >= 2);
    assert!(world.number("select comments from alike where rank = 0") >= 20);
    let members = "select json_array_length(members) from alike where rank = 0";
    assert_eq!(world.number(members), 20, "twenty of them are named");
}

#[test]
fn a_digest_is_made_again_when_there_is_something_new() {
    let world = World::with_site();
    quarter(&world);
    tick(&world);
    let made = || world.number("select made_at_ms from digest");
    let first = made();
    world.wait_ms(super::digest::DIGEST_EVERY_MS);
    tick(&world);
    assert_eq!(made(), first, "nothing was said since");
    let text = "很好用，推荐给朋友了".to_owned();
    comments(&world, &[("rsp_d".into(), TODAY, "high", "", text)]);
    world.wait_ms(super::digest::DIGEST_EVERY_MS);
    tick(&world);
    assert!(first < made());
    assert_eq!(world.number("select comments from digest"), 121);
}

#[test]
fn staff_teach_a_model_and_recent_comments_are_read_again() {
    let world = World::with_site();
    quarter(&world);
    let label = "update comment set topic_said = 1,
        topic = case when response_id like 'rsp_a%' then 'late' else 'fine' end";
    world.database().execute(label, []).unwrap();
    world.run(store::comments::read_up_to("srv_shop", "rsp_z"));
    world.run(store::jobs::insert_train("job_t", "sit_shop", "topic", world_now(&world)));
    tick(&world);
    let model = "select version, examples, accuracy_milli, source from model";
    let found: (i64, i64, i64, String) = world
        .database()
        .query_row(model, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
        .unwrap();
    assert_eq!((found.0, found.1, found.3.as_str()), (1, 180, "trained"));
    assert!(950 <= found.2, "{} in a thousand", found.2);
    let bytes: Vec<u8> =
        world.database().query_row("select bytes from model", [], |row| row.get(0)).unwrap();
    let model = words::model::Model::parse(&bytes).unwrap();
    assert_eq!(model.classify("配送又超时了").label, "late");
    let again = "select count(*) from reading where last_id < 'rsp_z'";
    assert_eq!(world.number(again), 1, "recent comments are read again");
    assert_eq!(world.number("select count(*) from event where kind = 'model.replaced'"), 1);
    assert_eq!(world.number("select count(*) from job where kind = 'train' and state = 'done'"), 1);
}

fn world_now(world: &World) -> i64 {
    ports::Env::now(world)
}

#[test]
fn nothing_can_be_learnt_from_nothing() {
    let world = World::with_site();
    world.run(store::jobs::insert_train("job_t", "sit_shop", "topic", world_now(&world)));
    tick(&world);
    assert_eq!(world.number("select count(*) from model"), 0);
    assert_eq!(world.number("select count(*) from job where kind = 'train' and state = 'done'"), 1);
}

#[test]
fn only_the_tick_key_ticks_and_a_broken_database_is_a_503() {
    let world = World::with_site();
    let path = "POST /internal/tick/gist";
    assert_eq!(world.send(super::handle, path).status(), 401);
    assert_eq!(world.send(super::handle, "GET /internal/tick/gist").status(), 405);
    assert_eq!(world.send(super::handle, "GET /internal/tick").status(), 404);
    world.break_database();
    let request = format!("{path}\nauthorization: Bearer {TICK_KEY}");
    assert_eq!(world.send(super::handle, &request).status(), 503);
}
