//! Reading, told in ticks and what they leave behind.

use testkit::{Given, TICK_KEY, World};

pub(crate) fn tick(world: &World) -> serde_json::Value {
    let request = format!("POST /internal/tick/reader\nauthorization: Bearer {TICK_KEY}\n\n");
    world.json(super::handle, &request)
}

fn said(world: &World, why: &str, value: u8) -> String {
    let answers = serde_json::json!({ "why": why, "many": ["a"] }).to_string();
    let nps =
        Given { scale: ("nps", 10), question: "recommend", answers: &answers, ..Given::default() };
    world.answered_all(&[(nps, value)])
}

/// The one comment, as JSON.
fn comment(world: &World, id: &str) -> serde_json::Value {
    let text = "select json_object('text', text, 'verdict', verdict, 'sentiment', sentiment,
          'topic', topic, 'needs_review', needs_review, 'touchpoint', touchpoint_id,
          'question', question_id, 'counted', counted)
        from comment where response_id = ?1";
    let found: String = world.database().query_row(text, [id], |row| row.get(0)).unwrap();
    serde_json::from_str(&found).unwrap()
}

#[test]
fn a_comment_is_read_once_it_has_settled() {
    let world = World::with_site();
    let bad = said(&world, "快递员把包裹弄丢了，物流信息一直不更新，请打 13812345678 联系我", 2);
    let good = said(&world, "客服态度非常好，很耐心，服务热情周到", 10);
    said(&world, "。。。", 5);
    tick(&world);
    assert_eq!(world.number("select count(*) from comment"), 0, "it has not settled");
    world.wait_ms(super::SETTLED_MS + super::READ_EVERY_MS);
    tick(&world);
    let found = comment(&world, &bad);
    let text = found["text"].as_str().unwrap();
    assert!(text.contains("[phone]") && !text.contains("138"), "{text}");
    assert_eq!((&found["verdict"], &found["topic"]), (&"low".into(), &"delivery".into()));
    assert!(found["sentiment"].as_i64().unwrap() < -50, "{found}");
    assert_eq!((&found["question"], &found["touchpoint"]), (&"why".into(), &"tch_shop".into()));
    let found = comment(&world, &good);
    assert_eq!((&found["verdict"], &found["topic"]), (&"high".into(), &"service".into()));
    assert!(50 < found["sentiment"].as_i64().unwrap(), "{found}");
    assert_eq!(world.number("select count(*) from comment"), 2, "what says nothing is no comment");
    world.wait_ms(super::READ_EVERY_MS);
    tick(&world);
    assert_eq!(world.number("select sum(version) from comment"), 2, "each is read once");
}

#[test]
fn a_response_screened_out_takes_its_comments_along() {
    let world = World::with_site();
    let id = said(&world, "快递太慢了，等了一个星期才送到", 2);
    world.wait_ms(super::SETTLED_MS + 1);
    tick(&world);
    assert_eq!(comment(&world, &id)["counted"], 1);
    world.database().execute("update response set counted = 0", []).unwrap();
    assert_eq!(comment(&world, &id)["counted"], 0);
}

#[test]
fn a_model_of_ones_own_reads_instead_and_staff_know_better() {
    let world = World::with_site();
    let examples: Vec<(&str, &str)> = (0..40)
        .map(|at| if at % 2 == 0 { ("红色的花", "red") } else { ("蓝色的海", "blue") })
        .collect();
    let review = words::train::Review::Margin(0.0);
    let options = words::train::Options { review, ..words::train::Options::default() };
    let trained = words::train::train(&examples, &options).unwrap();
    let insert = "insert into model values ('sit_shop', 'topic', 1, ?1, 'uploaded', 0, 0, 0, 0)";
    world.database().execute(insert, [&trained.bytes]).unwrap();
    let id = said(&world, "那片蓝色的海真好看", 9);
    world.wait_ms(super::SETTLED_MS + 1);
    tick(&world);
    assert_eq!(comment(&world, &id)["topic"], "blue");
    let label = "update comment set topic = 'green', topic_said = 1, needs_review = 0";
    world.database().execute(label, []).unwrap();
    world.run(store::comments::read_again("sit_shop", ""));
    world.wait_ms(super::READ_EVERY_MS);
    tick(&world);
    assert_eq!(comment(&world, &id)["topic"], "green", "what staff said stays");
}

#[test]
fn more_than_a_tick_can_read_goes_on_at_the_next() {
    let world = World::with_site();
    let most = u32::try_from(super::BATCH).unwrap() * u32::try_from(super::BATCHES).unwrap();
    for at in 0..most + 5 {
        said(&world, &format!("第 {at} 次买了，一直很满意"), 9);
    }
    world.wait_ms(super::SETTLED_MS + 1);
    tick(&world);
    assert_eq!(world.number("select count(*) from comment"), i64::from(most));
    tick(&world);
    assert_eq!(world.number("select count(*) from comment"), i64::from(most) + 5);
}

#[test]
fn only_the_tick_key_ticks_and_a_broken_database_is_a_503() {
    let world = World::with_site();
    let path = "POST /internal/tick/reader";
    assert_eq!(world.send(super::handle, path).status(), 401);
    assert_eq!(world.send(super::handle, "GET /internal/tick/reader").status(), 405);
    assert_eq!(world.send(super::handle, "GET /internal/tick").status(), 404);
    world.break_database();
    let request = format!("{path}\nauthorization: Bearer {TICK_KEY}");
    assert_eq!(world.send(super::handle, &request).status(), 503);
}

#[test]
fn words_beside_an_option_are_a_comment_too() {
    let definition = serde_json::json!({ "touchpoint_id": "tch_a", "questions": [
        { "id": "why", "type": "text", "touchpoint_id": "tch_b" },
        { "id": "which", "type": "multiple_choice" },
        { "id": "mail", "type": "email" },
    ] });
    let asked = super::asked(&definition);
    let places: Vec<&str> = asked.iter().map(|it| it.touchpoint_id.as_str()).collect();
    assert_eq!(places, ["tch_b", "tch_a"], "an address is no comment");
    assert_eq!(asked[0].words(&"太慢".into()), "太慢");
    let chosen = serde_json::json!(["price", { "other": "窗户漏风" }]);
    assert_eq!(asked[1].words(&chosen), "窗户漏风");
    assert_eq!(asked[1].words(&serde_json::json!(["price"])), "", "an id is nobody's word");
}
