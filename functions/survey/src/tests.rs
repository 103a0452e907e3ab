//! The public side, told in requests and answers.

#[path = "guard/tests.rs"]
mod guard;
#[path = "submit/tests.rs"]
mod rules;

use super::handle;

use testkit::World;

mod random;

const PATH: &str = "/v1/surveys/srv_shop/responses";

fn submit(key: &str, body: &str) -> String {
    format!("POST {PATH}\nauthorization: Bearer {{pk}}\nidempotency-key: {key}\n\n{body}")
}

#[test]
fn a_response_its_scores_its_rollups_and_its_event_are_one() {
    let world = World::with_site();
    let body = r#"{ "version": 1, "language": "zh-CN", "channel": "app",
                    "answers": { "recommend": 9, "quality": 2, "why": "慢" } }"#;
    world.check(
        super::handle,
        &submit("one", body),
        r#"
201

{ "id": "*", "survey_id": "srv_shop", "version": 1,
  "answered_at": "2026-11-22T01:30:00Z", "received_at": "2026-11-22T01:30:00Z",
  "ending": null, "full": null }"#,
    );
    assert_eq!(world.number("select count(*) from response"), 1);
    assert_eq!(world.number("select count(*) from score"), 2);
    assert_eq!(world.number("select count(*) from event where kind = 'response.created'"), 1);
    // Both answers in each of: site, touchpoint, channel, survey, question, touchpoint ×
    // channel, survey × question. No group and no agent were stated. And the verdict once more
    // beside the touchpoint's other score.
    assert_eq!(world.number("select count(*) from rollup"), 15);
    assert_eq!(world.number("select sum(c9) from rollup where metric = 'nps'"), 8);
    let facts = "select count(*) from (select * from rollup_fact except select * from rollup)";
    assert_eq!(world.number(facts), 0);
    let event = "select data from event where kind = 'response.created'";
    let event: String = world.database().query_row(event, [], |row| row.get(0)).unwrap();
    assert!(!event.contains('慢'), "free text in the log: {event}");
}

#[test]
fn a_response_counts_on_the_sites_day_of_its_answer() {
    let world = World::with_site();
    // 23:59 and 00:01 in Shanghai.
    for (key, at) in [("a", "2026-11-20T15:59:00Z"), ("b", "2026-11-20T16:01:00Z")] {
        let body = format!(
            r#"{{ "version": 1, "answers": {{ "recommend": 9 }}, "answered_at": "{at}" }}"#
        );
        world.json(super::handle, &submit(key, &body));
    }
    assert_eq!(world.number("select count(distinct day) from score"), 2);
}

#[test]
fn the_same_key_and_body_is_taken_once() {
    let world = World::with_site();
    let request = submit("\"k-1\"", r#"{ "version": 1, "answers": { "recommend": 9 } }"#);
    let first = world.send(super::handle, &request);
    world.wait_ms(60_000);
    let second = world.send(super::handle, &request);
    assert_eq!(first.status(), 201);
    assert_eq!(second.status(), 201);
    assert_eq!(first.body(), second.body());
    assert_eq!(second.headers()["idempotent-replayed"], "true");
    assert_eq!(world.number("select count(*) from response"), 1);
    assert_eq!(world.number("select count(*) from event where kind = 'response.created'"), 1);
    assert_eq!(world.number("select n from rollup where grain = 'site'"), 1);
}

#[test]
fn what_came_with_others_may_come_alone_again() {
    let world = World::with_site();
    let one = r#""version": 1, "answers": { "recommend": 9 }"#;
    let batch = format!(r#"{{ "version": 1, "responses": [{{ "key": "k", {one} }}] }}"#);
    let first = world.json(super::handle, &submit("batch", &batch));
    let alone = world.json(super::handle, &submit("k", &format!("{{ {one} }}")));
    assert_eq!(alone["id"], first["results"][0]["id"]);
    assert_eq!(world.number("select count(*) from response"), 1);
}

#[test]
fn the_same_key_with_another_body_is_refused() {
    let world = World::with_site();
    world.json(super::handle, &submit("k", r#"{ "version": 1, "answers": { "recommend": 9 } }"#));
    world.check(
        super::handle,
        &submit("k", r#"{ "version": 1, "answers": { "recommend": 8 } }"#),
        r#"
422
content-type: application/problem+json

{ "type": "/problems/idempotency-key-reused", "title": "This key was used for another request",
  "status": 422, "detail": "*", "instance": "req_test" }"#,
    );
    assert_eq!(world.number("select count(*) from response"), 1);
}

#[test]
fn each_response_of_a_batch_is_judged_by_itself() {
    let world = World::with_site();
    let body = r#"{ "version": 1, "responses": [
        { "key": "a", "answers": { "recommend": 9 }, "answered_at": "2026-11-20T08:00:00Z" },
        { "key": "b", "answers": { "recommend": 11 } },
        { "key": "c", "answers": { "recommend": 3, "quality": 2 }, "colour": "red" },
        { "key": "d", "answers": { "recommend": 3, "quality": 2 } },
        { "key": "a", "answers": { "recommend": 9 }, "answered_at": "2026-11-20T08:00:00Z" },
        { "answers": { "recommend": 9 } } ] }"#;
    let batch = format!("POST {PATH}\nauthorization: Bearer {{pk}}\naccept-language: en\n\n{body}");
    let first = world.json(super::handle, &batch);
    let outcome = |at: usize| first["results"][at]["outcome"].as_str().unwrap().to_owned();
    let outcomes: Vec<String> = (0..6).map(outcome).collect();
    assert_eq!(outcomes, ["taken", "refused", "refused", "taken", "repeated", "refused"]);
    assert_eq!(first["results"][4]["id"], first["results"][0]["id"]);
    assert_eq!(first["results"][1]["errors"][0]["pointer"], "/responses/1/answers/recommend");
    assert_eq!(first["results"][5]["errors"][0]["pointer"], "/responses/5/key");
    assert_eq!(world.number("select count(*) from response"), 2);
    assert_eq!(world.number("select count(*) from score"), 3);
    assert_eq!(world.number("select count(*) from event where kind = 'response.created'"), 2);
    assert_eq!(world.number("select n from rollup where grain = 'site' and metric = 'csat'"), 1);
    let facts = "select count(*) from (select * from rollup_fact except select * from rollup)";
    assert_eq!(world.number(facts), 0);
    let again = world.json(super::handle, &batch);
    let repeated = again["results"].as_array().unwrap();
    assert_eq!(repeated.iter().filter(|it| it["outcome"] == "repeated").count(), 3);
    assert_eq!(world.number("select count(*) from response"), 2);
    let other = batch.replace("\"recommend\": 3, \"quality\": 2 } },", "\"recommend\": 4 } },");
    let other = world.json(super::handle, &other);
    assert_eq!(other["results"][3]["errors"][0]["pointer"], "/key");
    let many: Vec<String> = (0..101).map(|it| format!(r#"{{ "key": "{it}" }}"#)).collect();
    let many = format!(r#"{{ "responses": [{}] }}"#, many.join(","));
    assert_eq!(world.send(super::handle, &submit("k", &many)).status(), 422);
}

#[test]
fn the_same_telling_text_counts_once_and_short_ones_each_time() {
    let world = World::with_site();
    let telling = "配送比说好的时间晚了整整两个小时，而且没有人打电话说一声。";
    let body = |why: &str| {
        format!(r#"{{ "version": 1, "answers": {{ "recommend": 2, "why": "{why}" }} }}"#)
    };
    for (key, why) in [("a", telling), ("b", telling), ("c", "很好"), ("d", "很好")] {
        let answer = world.send(super::handle, &submit(key, &body(why)));
        assert_eq!(answer.status(), 201, "whoever repeats is not told");
    }
    let twice = "一模一样的话说上两遍也只能算作一个人的意见。";
    let item = |key: &str| format!(r#"{{ "key": "{key}", {}"#, body(twice).trim_start_matches('{'));
    let batch = format!(r#"{{ "responses": [{}, {}] }}"#, item("e"), item("f"));
    world.json(super::handle, &submit("batch", &batch));
    assert_eq!(world.number("select count(*) from response where screened = 'duplicate'"), 2);
    assert_eq!(world.number("select n from rollup where grain = 'site'"), 4);
    assert_eq!(world.number("select count(*) from score where counted = 0"), 2);
    let facts = "select count(*) from (select * from rollup_fact except select * from rollup)";
    assert_eq!(world.number(facts), 0);
    assert_eq!(world.number("select count(*) from event where kind = 'response.created'"), 6);
}

/// The reasons of every response and whether it counts, in the order in which they came.
fn screened(world: &World) -> Vec<(String, bool)> {
    let database = world.database();
    let mut all =
        database.prepare("select screened, counted from response order by idempotency_key");
    let rows = all.as_mut().unwrap().query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    rows.unwrap().map(Result::unwrap).collect()
}

#[test]
fn an_answer_faster_than_reading_is_kept_and_not_counted() {
    let world = World::with_site();
    // "推荐吗？" and "质量" take 862 ms at least.
    let body = |elapsed: &str| {
        let answers = r#""answers": { "recommend": 9, "quality": 4 }"#;
        format!(r#"{{ "version": 1, {answers}{elapsed} }}"#)
    };
    for (key, elapsed, status) in [
        ("a", "", 201),
        ("b", r#", "elapsed_ms": 862"#, 201),
        ("c", r#", "elapsed_ms": 861"#, 201),
        ("d", r#", "elapsed_ms": 86400000"#, 201),
        ("e", r#", "elapsed_ms": 86400001"#, 422),
        ("f", r#", "elapsed_ms": -1"#, 422),
        ("g", r#", "elapsed_ms": 1.5"#, 422),
        ("h", r#", "elapsed_ms": "fast""#, 422),
        ("i", r#", "elapsed": 5000"#, 422),
    ] {
        let answer = world.send(super::handle, &submit(key, &body(elapsed)));
        assert_eq!(answer.status(), status, "{elapsed}");
    }
    let counts = (String::new(), true);
    let fast = ("too_fast".to_owned(), false);
    assert_eq!(screened(&world), [counts.clone(), counts.clone(), fast.clone(), counts]);
    assert_eq!(world.number("select n from rollup where grain = 'site' and metric = 'nps'"), 3);
    let item = |key: &str, elapsed: i64| {
        let members = body(&format!(r#", "elapsed_ms": {elapsed}, "key": "{key}""#));
        members.replace(r#""version": 1, "#, "")
    };
    let batch =
        format!(r#"{{ "version": 1, "responses": [{}, {}] }}"#, item("x", 9), item("y", 9000));
    let results = world.json(super::handle, &submit("batch", &batch));
    assert_eq!(results["results"][0]["outcome"], "taken", "whoever is too fast is not told");
    assert_eq!(screened(&world)[4..], [fast, (String::new(), true)]);
    let facts = "select count(*) from (select * from rollup_fact except select * from rollup)";
    assert_eq!(world.number(facts), 0);
}

#[test]
fn the_event_tells_the_reasons_that_are_known_before_the_write() {
    let world = World::with_site();
    let telling = "配送比说好的时间晚了整整两个小时，而且没有人打电话说一声。";
    for (key, elapsed) in [("a", 60_000), ("b", 1)] {
        let body = format!(
            r#"{{ "version": 1, "elapsed_ms": {elapsed},
                  "answers": {{ "recommend": 9, "why": "{telling}" }} }}"#
        );
        world.json(super::handle, &submit(key, &body));
    }
    let told = "select group_concat(data ->> 'screened', ' ') from event
        where kind = 'response.created'";
    let told: String = world.database().query_row(told, [], |row| row.get(0)).unwrap();
    assert_eq!(told, r#"[] ["too_fast"]"#);
    assert_eq!(screened(&world)[1], ("duplicate,too_fast".to_owned(), false));
}

/// A survey of seven ratings and a text, none of which needs an answer.
fn long_survey(world: &World) {
    let rating =
        |at: u8| format!(r#"{{ "id": "q{at}", "type": "rating", "points": 5, "text": "如何？" }}"#);
    let ratings: Vec<String> = (0..7).map(rating).collect();
    let choice = r#"{ "id": "which", "type": "single_choice", "text": "？", "options": [
        { "id": "a", "text": "甲" }, { "id": "b", "text": "乙" } ] }"#;
    let definition = format!(
        r#"{{ "title": "长", "questions": [ {}, {choice},
              {{ "id": "why", "type": "text", "text": "为什么？" }} ] }}"#,
        ratings.join(",")
    );
    let insert = "insert into study_version (study_id, number, definition, published_at_ms)
        values ('srv_shop', 2, ?1, 0)";
    world.database().execute(insert, [definition]).unwrap();
    world.database().execute("update study set published = 2", []).unwrap();
}

#[test]
fn one_answer_to_all_and_no_answer_at_all_are_kept_and_not_counted() {
    let world = World::with_site();
    long_survey(&world);
    let all = |value: u8, most: u8| {
        let answers: Vec<String> = (0..most).map(|at| format!(r#""q{at}": {value}"#)).collect();
        answers.join(", ")
    };
    for (key, answers, expected) in [
        ("a", all(3, 7), "straight_lining"),
        ("b", all(5, 6), "straight_lining"),
        ("c", all(5, 5), ""),
        ("d", format!("{}, \"q6\": 4", all(5, 6)), ""),
        ("e", format!("{}, \"why\": \"送得很快，还会再来\"", all(5, 7)), ""),
        ("f", format!("{}, \"why\": \"。。。\"", all(5, 7)), "straight_lining"),
        ("g", r#""why": "。。。""#.to_owned(), "no_substance"),
        ("h", r#""why": "哈哈哈哈""#.to_owned(), "no_substance"),
        ("i", r#""why": "很好""#.to_owned(), ""),
        ("j", r#""why": "很好""#.to_owned(), ""),
        ("k", r#""why": "。。。", "q0": 1"#.to_owned(), ""),
        ("l", r#""why": "。。。", "which": "a""#.to_owned(), ""),
    ] {
        let body = format!(r#"{{ "version": 2, "answers": {{ {answers} }} }}"#);
        assert_eq!(world.send(super::handle, &submit(key, &body)).status(), 201, "{answers}");
        let found = screened(&world).pop().unwrap();
        assert_eq!(found, (expected.to_owned(), expected.is_empty()), "{answers}");
    }
    let facts = "select count(*) from (select * from rollup_fact except select * from rollup)";
    assert_eq!(world.number(facts), 0);
    assert_eq!(world.number("select sum(n) from rollup where grain = 'site'"), 5 + 7 + 7 + 1);
}

#[test]
fn every_bad_answer_is_reported_at_once_in_the_callers_language() {
    let world = World::with_site();
    let body = r#"{ "version": 1, "colour": "red", "channel": "pigeon", "answered_at": "soon",
        "answers": { "quality": 6, "easy": "7", "many": ["a", "a"], "why": 3, "who": 1 } }"#;
    let request = submit("k", body).replace("\n\n", "\naccept-language: zh-CN\n\n");
    world.check(
        super::handle,
        &request,
        r#"
422
content-language: zh-CN

{
  "type": "/problems/invalid-fields", "title": "部分字段无效", "status": 422,
  "instance": "req_test",
  "errors": [
    { "pointer": "/channel", "detail": "*" },
    { "pointer": "/answers/recommend", "detail": "需要回答" },
    { "pointer": "/answers/quality", "detail": "须为 1 到 5 的整数" },
    { "pointer": "/answers/easy", "detail": "须为 1 到 7 的整数" },
    { "pointer": "/answers/many", "detail": "须选择 0 到 2 项，且不得重复" },
    { "pointer": "/answers/why", "detail": "须为文本" },
    { "pointer": "/answers/who", "detail": "是未知字段" },
    { "pointer": "/answered_at", "detail": "*" },
    { "pointer": "/colour", "detail": "是未知字段" }
  ]
}"#,
    );
    assert_eq!(world.number("select count(*) from response"), 0);
}

#[test]
fn a_body_that_is_no_json_object_is_refused() {
    let world = World::with_site();
    for (body, slug) in
        [("{", "malformed-body"), ("[]", "malformed-body"), ("\"x\"", "malformed-body")]
    {
        let problem = world.send(super::handle, &submit("k", body));
        assert_eq!(problem.status(), 400);
        assert!(String::from_utf8_lossy(problem.body()).contains(slug));
    }
    let plain = submit("k", "{}").replace("\n\n", "\ncontent-type: text/plain\n\n");
    assert_eq!(world.send(super::handle, &plain).status(), 415);
    let long = format!(r#"{{ "version": 1, "pad": "{}" }}"#, "x".repeat(70_000));
    world.check(
        super::handle,
        &submit("k", &long),
        r#"
413

{ "type": "/problems/body-too-large", "title": "The body is too large", "status": 413,
  "detail": "the body may have at most 65536 bytes", "instance": "req_test" }"#,
    );
}

#[test]
fn only_listed_pages_may_embed_the_survey() {
    let world = World::with_site();
    let body = r#"{ "version": 1, "answers": { "recommend": 9 } }"#;
    for origin in ["https://evil.example", "null"] {
        let request = submit("k", body).replace("\n\n", &format!("\norigin: {origin}\n\n"));
        let answer = world.send(super::handle, &request);
        assert_eq!(answer.status(), 403);
        assert!(!answer.headers().contains_key("access-control-allow-origin"));
        assert!(String::from_utf8_lossy(answer.body()).contains("origin-not-allowed"));
    }
    assert_eq!(world.number("select count(*) from response"), 0);
    // Our own pages need no listing.
    let own = submit("k", body).replace("\n\n", "\norigin: https://huiyin.test\n\n");
    assert_eq!(world.send(super::handle, &own).status(), 201);
}

#[test]
fn a_preflight_is_answered_and_kept() {
    let world = World::with_site();
    world.check(
        super::handle,
        &format!("OPTIONS {PATH}\norigin: https://shop.example"),
        r#"
204
access-control-allow-origin: https://shop.example
access-control-allow-headers: *
access-control-max-age: 7200"#,
    );
    let evil = format!("OPTIONS {PATH}\norigin: https://evil.example");
    assert_eq!(world.send(super::handle, &evil).status(), 403);
}

#[test]
fn what_an_instance_keeps_is_checked_by_the_statement() {
    let world = World::with_site();
    let body = r#"{ "version": 1, "answers": { "recommend": 9 } }"#;
    assert_eq!(world.send(super::handle, &submit("a", body)).status(), 201);
    // The instance knows the survey now. Each change behind its back must show at once.
    world.database().execute("update study set state = 'closed'", []).unwrap();
    world.check(
        super::handle,
        &submit("b", body),
        r#"
409

{ "type": "/problems/survey-closed", "title": "The survey takes no more answers", "status": 409,
  "instance": "req_test" }"#,
    );
    world.database().execute("update study set state = 'open'", []).unwrap();
    world
        .database()
        .execute("update api_key set revoked_at_ms = 1 where id = 'key_pk'", [])
        .unwrap();
    assert_eq!(world.send(super::handle, &submit("c", body)).status(), 401);
    assert_eq!(world.number("select count(*) from response"), 1);
}

#[test]
fn old_and_future_answers_are_bounded() {
    let world = World::with_site();
    let at = |time: &str| {
        let body = format!(
            r#"{{ "version": 1, "answers": {{ "recommend": 9 }}, "answered_at": "{time}" }}"#
        );
        world.send(super::handle, &submit(&format!("k{time}"), &body)).status().as_u16()
    };
    assert_eq!(at("2026-10-23T01:30:00Z"), 201);
    assert_eq!(at("2026-10-23T01:29:59Z"), 422);
    assert_eq!(at("2026-11-22T01:35:00Z"), 201);
    assert_eq!(at("2026-11-22T01:35:01Z"), 422);
    assert_eq!(world.number("select max(answered_at_ms) from response"), testkit::START);
}

#[test]
fn wrong_methods_and_paths_say_so() {
    let world = World::with_site();
    world.check(
        super::handle,
        &format!("DELETE {PATH}"),
        r#"
405
allow: POST, OPTIONS

{ "type": "/problems/method-not-allowed", "title": "This cannot be done here", "status": 405,
  "instance": "req_test" }"#,
    );
    assert_eq!(world.send(super::handle, "GET /v1/surveys").status(), 404);
    let bad = submit("bad key", "{}");
    assert_eq!(world.send(super::handle, &bad).status(), 422);
}

#[test]
fn a_broken_database_is_a_503_without_a_word_of_the_inside() {
    let world = World::with_site();
    world.break_database();
    world.check(
        super::handle,
        &submit("k", r#"{ "version": 1, "answers": { "recommend": 9 } }"#),
        r#"
503
retry-after: 1

{ "type": "/problems/unavailable", "title": "Please try again shortly", "status": 503,
  "instance": "req_test" }"#,
    );
    assert!(world.logged_cause().unwrap().contains("disk I/O error"));
}
