//! Comments, keywords and models, told in requests and answers.

use http::Method;
use serde_json::{Value, json};
use testkit::{Given, World};
use web::request::Unread;
use web::{Request, Response};
use words::train::{Options, Review, train};

/// 2026-11-21.
const DAY: i64 = 20_778;

/// Adds comments as the tick does: a response, a question and what differs from the usual.
fn wrote(world: &World, comments: &[(&str, &str, Value)]) {
    let row = |(response_id, question_id, other): &(&str, &str, Value)| {
        let mut row = other.clone();
        row["response_id"] = json!(response_id);
        row["question_id"] = json!(question_id);
        row
    };
    world.commented(&comments.iter().map(row).collect::<Vec<_>>());
}

fn get(world: &World, role: &str, path: &str) -> Value {
    world.json(super::handle, &format!("GET {path}\nauthorization: Bearer {{{role}}}"))
}

fn send(world: &World, role: &str, line: &str, body: &str) -> Response {
    let request = format!("{line}\nauthorization: Bearer {{{role}}}\n\n{body}");
    world.send(super::handle, &request)
}

fn status(world: &World, role: &str, line: &str, body: &str) -> u16 {
    send(world, role, line, body).status().as_u16()
}

/// Sends a file as the model of a kind.
fn upload(world: &World, kind: &str, headers: &[(&str, &str)], file: &[u8]) -> Response {
    let mut all = vec![("authorization", "Bearer sk_admin")];
    all.extend(headers);
    let all = all.iter().map(|(name, it)| ((*name).to_owned(), it.as_bytes().to_vec()));
    let target = format!("/v1/models/{kind}");
    let body = Ok(file.to_vec());
    world.answer(super::handle, Request::new(Method::PUT, &target, "h", all.collect(), body))
}

const FILE: (&str, &str) = ("content-type", "application/octet-stream");

/// A model that knows these two labels.
fn fitted(labels: [&str; 2]) -> Vec<u8> {
    let texts = ["等了很久", "太慢了", "态度很好", "热情周到"];
    let label = |at: usize| labels[at / 2];
    let examples: Vec<_> = texts.iter().enumerate().map(|(at, it)| (*it, label(at))).collect();
    let review = Review::Margin(0.1);
    let options =
        Options { grams: 2, features: 50, min_examples: 1, cost: 1.0, passes: 20, review };
    train(&examples, &options).unwrap().bytes
}

fn body(answer: &Response) -> String {
    String::from_utf8_lossy(answer.body()).into_owned()
}

#[test]
fn a_comment_is_shown_with_what_was_read_in_it() {
    let world = World::with_site();
    wrote(&world, &[("rsp_a", "why", json!({}))]);
    let head = "authorization: Bearer {agent}";
    world.check(
        super::handle,
        &format!("GET /v1/comments/rsp_a.why\n{head}"),
        r#"
200
etag: "v1"

{ "id": "rsp_a.why", "response_id": "rsp_a", "question_id": "why", "survey_id": "srv_shop",
  "touchpoint_id": "tch_shop", "channel": null, "language": "zh-CN", "day": "2026-11-21",
  "text": "等了很久", "verdict": "low", "sentiment": -0.75, "topic": "waiting",
  "needs_review": false, "said": [], "version": 1 }"#,
    );
    for missing in ["rsp_a", "rsp_a.", "rsp_a.what", "rsp_b.why", ".why", "rsp_a.why.why"] {
        assert_eq!(status(&world, "agent", &format!("GET /v1/comments/{missing}"), ""), 404);
    }
    assert_eq!(status(&world, "other", "GET /v1/comments/rsp_a.why", ""), 404);
    assert_eq!(get(&world, "other", "/v1/comments")["items"], json!([]));
}

#[test]
fn lists_are_of_a_topic_or_of_what_a_person_should_see() {
    let world = World::with_site();
    wrote(
        &world,
        &[
            ("rsp_a", "why", json!({})),
            ("rsp_b", "why", json!({ "topic": "price", "needs_review": 1 })),
            ("rsp_c", "why", json!({ "counted": 0 })),
            ("rsp_d", "why", json!({ "topic": "上门" })),
        ],
    );
    let ids = |query: &str| {
        let found = get(&world, "agent", &format!("/v1/comments{query}"));
        let ids = found["items"].as_array().unwrap().iter().map(|it| it["response_id"].clone());
        json!(ids.collect::<Vec<_>>())
    };
    assert_eq!(ids(""), json!(["rsp_d", "rsp_b", "rsp_a"]));
    assert_eq!(ids("?topic=waiting"), json!(["rsp_a"]));
    assert_eq!(ids("?topic=%E4%B8%8A%E9%97%A8"), json!(["rsp_d"]));
    assert_eq!(ids("?review=true"), json!(["rsp_b"]));
    let wrong = "GET /v1/comments?topic=&review=false&limit=0&mood=x";
    let answer = send(&world, "agent", wrong, "");
    assert_eq!(answer.status(), 422);
    for name in ["topic", "review", "limit", "mood"] {
        assert!(body(&answer).contains(&format!("\"parameter\":\"{name}\"")), "{name}");
    }
    assert_eq!(status(&world, "agent", "GET /v1/comments?topic=price&review=true", ""), 422);
}

#[test]
fn no_comment_of_a_response_is_lost_between_pages() {
    let world = World::with_site();
    // As long as ids and questions get.
    let (response, long) = (format!("rsp_{}", "0".repeat(26)), "z".repeat(40));
    let review = json!({ "needs_review": 1 });
    let rows = [("rsp_1", "also"), ("rsp_1", "why"), ("rsp_1", &long), (&response, &long)];
    let rows = rows.map(|(response, question)| (response, question, review.clone()));
    wrote(&world, &rows);
    let expected = [format!("rsp_1.{long}"), "rsp_1.why".into(), "rsp_1.also".into()];
    for filter in ["", "&topic=waiting", "&review=true"] {
        let (mut walked, mut after) = (Vec::new(), String::new());
        while walked.len() < 9 {
            let path = format!("/v1/comments?limit=1&after={after}{filter}");
            let page = get(&world, "agent", &path);
            walked.push(page["items"][0]["id"].as_str().unwrap().to_owned());
            let Some(next) = page["next"].as_str() else { break };
            next.clone_into(&mut after);
        }
        assert_eq!(walked[..3], expected, "{filter}");
        assert_eq!(walked[3..], [format!("{response}.{long}")], "{filter}");
    }
    // A response alone is after all of its comments.
    let page = get(&world, "agent", "/v1/comments?after=rsp_1");
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
}

#[test]
fn what_staff_say_stays_and_is_a_chain_of_events() {
    let world = World::with_site();
    let unsure = json!({ "needs_review": 1 });
    wrote(&world, &[("rsp_a", "why", unsure.clone())]);
    let line = "PATCH /v1/comments/rsp_a.why";
    let audit = "/v1/comments/rsp_a.why/audit";
    assert_eq!(status(&world, "viewer", &format!("GET {audit}"), ""), 404);
    let first = send(&world, "agent", line, r#"{ "topic": "上门", "sentiment": "positive" }"#);
    assert_eq!(first.headers()["etag"], "\"v2\"");
    let shown: Value = serde_json::from_slice(first.body()).unwrap();
    assert_eq!(shown["said"], json!(["sentiment", "topic"]));
    assert_eq!((&shown["topic"], &shown["sentiment"]), (&json!("上门"), &json!(1.0)));
    assert_eq!((&shown["text"], &shown["needs_review"]), (&json!("等了很久"), &json!(false)));
    // The tick reads it again, and what was said stays.
    wrote(&world, &[("rsp_a", "why", unsure)]);
    assert_eq!(get(&world, "agent", "/v1/comments/rsp_a.why"), shown);
    let stale = format!("{line}\nif-match: \"v1\"");
    assert_eq!(status(&world, "agent", &stale, r#"{ "topic": "price" }"#), 412);
    let fresh = format!("{line}\nif-match: \"v2\"");
    let second = send(&world, "agent", &fresh, r#"{ "topic": null }"#);
    let shown: Value = serde_json::from_slice(second.body()).unwrap();
    assert_eq!((&shown["topic"], &shown["said"]), (&Value::Null, &json!(["sentiment"])));
    let third = send(&world, "agent", line, r#"{ "sentiment": null }"#);
    let shown: Value = serde_json::from_slice(third.body()).unwrap();
    assert_eq!((&shown["sentiment"], &shown["said"]), (&json!(0.0), &json!([])));
    // Nothing is known any more, so a person should look.
    assert_eq!(shown["needs_review"], true);
    assert_eq!(get(&world, "agent", "/v1/comments?review=true")["items"], json!([shown]));
    let verdict = get(&world, "viewer", &format!("{audit}/verify"));
    assert_eq!((&verdict["is_intact"], &verdict["events"]), (&json!(true), &json!(3)));
    let events = get(&world, "viewer", audit);
    assert_eq!(events["items"][0]["version"], 1);
    assert_eq!(events["items"][0]["type"], "comment.labelled");
    assert_eq!(events["items"][0]["data"], json!({ "topic": "上门", "sentiment": "positive" }));
    assert_eq!(events["items"][2]["data"], json!({ "sentiment": null }));
    assert!(!events.to_string().contains("等了很久"));
    assert_eq!(status(&world, "other", &format!("GET {audit}"), ""), 404);
}

#[test]
fn every_bad_field_is_reported_at_once() {
    let world = World::with_site();
    wrote(&world, &[("rsp_a", "why", json!({}))]);
    let line = "PATCH /v1/comments/rsp_a.why";
    let answer = send(&world, "agent", line, r#"{ "topic": "", "sentiment": "meh", "mood": 1 }"#);
    assert_eq!(answer.status(), 422);
    for pointer in ["/topic", "/sentiment", "/mood"] {
        assert!(body(&answer).contains(&format!("\"{pointer}\"")), "{pointer}");
    }
    let chinese = format!("{line}\naccept-language: zh");
    assert!(body(&send(&world, "agent", &chinese, "{}")).contains("请给出主题、情感或两者"));
    // 22 Chinese characters are 66 bytes, which no model can hold.
    for label in ["a\\nb", " a", &"字".repeat(22), &"x".repeat(41)] {
        let body = format!("{{ \"topic\": \"{label}\" }}");
        assert_eq!(status(&world, "agent", line, &body), 422, "{label}");
    }
    assert_eq!(status(&world, "agent", line, r#"{ "topic": 7 }"#), 422);
    assert_eq!(world.number("select count(*) from event where kind like 'comment%'"), 0);
}

#[test]
fn a_repeated_label_is_taken_once_and_kept_without_the_text() {
    let world = World::with_site();
    wrote(&world, &[("rsp_a", "why", json!({}))]);
    let line = "PATCH /v1/comments/rsp_a.why\nidempotency-key: k";
    let price = r#"{ "topic": "price" }"#;
    assert!(body(&send(&world, "agent", line, price)).contains("等了很久"));
    let again = send(&world, "agent", line, price);
    assert_eq!(again.headers()["idempotent-replayed"], "true");
    let shown: Value = serde_json::from_slice(again.body()).unwrap();
    assert_eq!((&shown["version"], &shown["text"]), (&json!(2), &Value::Null));
    assert_eq!(status(&world, "agent", line, r#"{ "topic": "taste" }"#), 422);
    assert_eq!(world.number("select version from comment"), 2);
    assert_eq!(world.number("select count(*) from idempotency where body like '%等了%'"), 0);
}

#[test]
fn words_of_customers_need_an_agent_and_models_an_admin() {
    let world = World::with_site();
    for (line, least) in [
        ("GET /v1/comments", "agent"),
        ("GET /v1/comments/rsp_a.why", "agent"),
        ("PATCH /v1/comments/rsp_a.why", "agent"),
        ("GET /v1/comments/rsp_a.why/audit", "viewer"),
        ("GET /v1/keywords", "viewer"),
        ("GET /v1/keywords/topics", "viewer"),
        ("GET /v1/keywords/alike", "agent"),
        ("GET /v1/models", "viewer"),
        ("GET /v1/models/topic", "viewer"),
        ("PUT /v1/models/topic", "admin"),
        ("DELETE /v1/models/topic", "admin"),
        ("POST /v1/models/topic/train", "manager"),
        ("GET /v1/models/topic/labels", "manager"),
    ] {
        assert_eq!(world.send(super::handle, line).status(), 401, "{line}");
        assert_eq!(status(&world, "pk", line, ""), 401, "{line}");
        let roles = ["viewer", "agent", "manager", "admin"];
        let enough = roles.iter().position(|it| *it == least).unwrap();
        for (at, role) in roles.iter().enumerate() {
            let is_refused = status(&world, role, line, "") == 403;
            assert_eq!(is_refused, at < enough, "{line} by {role}");
        }
    }
}

#[test]
fn an_erased_customer_takes_their_comments_along() {
    let world = World::with_site();
    let (customer_id, answers) = ("cus_li", r#"{ "why": "等了很久" }"#);
    let given = Given { scale: ("nps", 10), customer_id, answers, ..Given::default() };
    let theirs = world.answered_all(&[(given, 2)]);
    wrote(&world, &[(&theirs, "why", json!({})), ("rsp_a", "why", json!({}))]);
    let path = format!("/v1/comments/{theirs}.why");
    assert_eq!(get(&world, "agent", &path)["text"], "等了很久");
    world.run(store::customers::erase_comments("sit_shop", "cus_li"));
    assert_eq!(status(&world, "agent", &format!("GET {path}"), ""), 404);
    let label = r#"{ "topic": "price" }"#;
    assert_eq!(status(&world, "agent", &format!("PATCH {path}"), label), 404);
    assert_eq!(get(&world, "agent", "/v1/comments")["items"].as_array().unwrap().len(), 1);
}

fn digested(world: &World) {
    let made_at = testkit::START;
    let digest =
        store::digests::Digest { comments: 40, first_day: DAY - 6, last_day: DAY, made_at };
    world.run(store::digests::put("sit_shop", "rsp_z", &digest));
}

#[test]
fn keywords_are_of_a_side_of_the_site_or_of_a_touchpoint() {
    let world = World::with_site();
    world.check(
        super::handle,
        "GET /v1/keywords\nauthorization: Bearer {viewer}",
        r#"
200

{ "side": "period", "touchpoint_id": null, "from": null, "to": null, "comments": 0,
  "as_of": null, "items": [] }"#,
    );
    digested(&world);
    let rows = r#"[["","period",0,"排队",9,1,385],["tch_shop","low",0,"太慢",3,0,210]]"#;
    world.run(store::digests::add_keywords("sit_shop", rows));
    let path = "/v1/keywords?side=low&touchpoint=tch_shop";
    world.check(
        super::handle,
        &format!("GET {path}\nauthorization: Bearer {{viewer}}"),
        r#"
200

{ "side": "low", "touchpoint_id": "tch_shop", "from": "2026-11-15", "to": "2026-11-21",
  "comments": 40, "as_of": "2026-11-22T01:30:00Z",
  "items": [ { "term": "太慢", "here": 3, "rest": 0, "z": 2.1 } ] }"#,
    );
    assert_eq!(get(&world, "viewer", "/v1/keywords")["items"][0]["term"], "排队");
    assert_eq!(status(&world, "viewer", "GET /v1/keywords?touchpoint=tch_x", ""), 404);
    assert_eq!(status(&world, "other", &format!("GET {path}"), ""), 404);
    assert_eq!(get(&world, "other", "/v1/keywords")["as_of"], Value::Null);
    let answer = send(&world, "viewer", "GET /v1/keywords?side=x&page=2", "");
    assert_eq!(answer.status(), 422);
    assert!(body(&answer).contains("\"side\"") && body(&answer).contains("\"page\""));
}

#[test]
fn topics_are_told_with_their_share_and_how_they_feel() {
    let world = World::with_site();
    let empty = get(&world, "viewer", "/v1/keywords/topics");
    assert_eq!((&empty["items"], &empty["as_of"]), (&json!([]), &Value::Null));
    digested(&world);
    let rows = r#"[["","waiting",30,10,24,3],["","",10,30,0,0],["tch_shop","price",20,0,0,5]]"#;
    world.run(store::digests::add_topics("sit_shop", rows));
    let found = get(&world, "viewer", "/v1/keywords/topics");
    assert_eq!((&found["comments"], &found["from"]), (&json!(40), &json!("2026-11-15")));
    let first = &found["items"][0];
    assert_eq!((&first["topic"], &first["comments"]), (&json!("waiting"), &json!(30)));
    assert_eq!((&first["share"]["value"], &first["share"]["n"]), (&json!(75.0), &json!(40)));
    // Wilson for 30 of 40.
    assert_eq!(first["share"]["interval"], json!([59.8, 85.8]));
    assert_eq!((&first["before"], &first["share_before"]["value"]), (&json!(10), &json!(25.0)));
    assert_eq!((&first["low"]["value"], &first["low"]["hits"]), (&json!(80.0), &json!(24)));
    assert_eq!(first["high"]["value"], 10.0);
    assert_eq!((&found["low"]["value"], &found["high"]["n"]), (&json!(60.0), &json!(40)));
    let difference = &first["difference"];
    assert_eq!((&difference["value"], &difference["significant"]), (&json!(50.0), &json!(true)));
    assert_eq!(found["items"][1]["topic"], Value::Null);
    let own = get(&world, "viewer", "/v1/keywords/topics?touchpoint=tch_shop&confidence=99");
    assert_eq!((&own["comments"], &own["confidence"]), (&json!(20), &json!(99)));
    for (path, wanted) in [("?touchpoint=tch_x", 404), ("?side=low", 422), ("?confidence=1", 422)] {
        let line = format!("GET /v1/keywords/topics{path}");
        assert_eq!(status(&world, "viewer", &line, ""), wanted, "{path}");
    }
    assert_eq!(get(&world, "other", "/v1/keywords/topics")["items"], json!([]));
}

#[test]
fn comments_that_say_the_same_come_together_as_long_as_they_are_there() {
    let world = World::with_site();
    let empty = json!({ "from": null, "to": null, "comments": 0, "as_of": null, "items": [] });
    assert_eq!(get(&world, "agent", "/v1/keywords/alike"), empty);
    digested(&world);
    let seven: Vec<(String, &str)> = (0..7).map(|it| (format!("rsp_{it}"), "why")).collect();
    let rows: Vec<_> = seven.iter().map(|(id, it)| (id.as_str(), *it, json!({}))).collect();
    wrote(&world, &rows);
    let groups = json!([
        [0, 7, json!(seven).to_string()],
        [1, 2, r#"[["rsp_9","why"],["rsp_6","why"]]"#],
        [2, 2, r#"[["rsp_5","why"],["rsp_6","why"]]"#],
    ]);
    world.run(store::digests::add_alike("sit_shop", &groups.to_string()));
    let found = get(&world, "agent", "/v1/keywords/alike");
    assert_eq!(found["as_of"], "2026-11-22T01:30:00Z");
    let groups = found["items"].as_array().unwrap();
    // Of the second group one comment is left, and one says the same as nobody.
    assert_eq!(groups.len(), 2);
    assert_eq!((&groups[0]["comments"], &groups[1]["comments"]), (&json!(7), &json!(2)));
    let ids = |at: usize| {
        let members = groups[at]["members"].as_array().unwrap();
        members.iter().map(|it| it["response_id"].as_str().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(ids(0), ["rsp_0", "rsp_1", "rsp_2", "rsp_3", "rsp_4"]);
    assert_eq!(ids(1), ["rsp_5", "rsp_6"]);
    let first = get(&world, "agent", "/v1/comments/rsp_0.why");
    assert_eq!(groups[0]["members"][0], first);
    world.database().execute("delete from comment where response_id = 'rsp_1'", []).unwrap();
    let found = get(&world, "agent", "/v1/keywords/alike");
    assert_eq!(found["items"][0]["comments"], 6);
    assert_eq!(found["items"][0]["members"].as_array().unwrap().len(), 4);
}

#[test]
fn a_site_starts_with_the_models_that_ship() {
    let world = World::with_site();
    let models = get(&world, "viewer", "/v1/models");
    assert_eq!(models["items"].as_array().unwrap().len(), 2);
    let topic = &models["items"][0];
    assert_eq!((&topic["kind"], &topic["source"]), (&json!("topic"), &json!("shipped")));
    assert_eq!(topic["labels"].as_array().unwrap().len(), 11);
    assert_eq!(&get(&world, "viewer", "/v1/models/topic"), topic);
    world.check(
        super::handle,
        "GET /v1/models/sentiment\nauthorization: Bearer {viewer}",
        r#"
200
etag: "v0"

{ "kind": "sentiment", "source": "shipped", "labels": [
    { "label": "negative", "zh": "负面", "en": "Negative" },
    { "label": "positive", "zh": "正面", "en": "Positive" } ],
  "examples": 0, "accuracy": null, "coverage": null, "made_at": null, "version": 0 }"#,
    );
    let trained = store::models::Model {
        kind: "sentiment".into(),
        version: 1,
        source: "trained".into(),
        examples: 400,
        accuracy_milli: 951,
        coverage_milli: 900,
        made_at: testkit::START,
    };
    world.run(store::models::put("sit_shop", &trained, fitted(["negative", "positive"])));
    let model = get(&world, "viewer", "/v1/models")["items"][1].clone();
    assert_eq!((&model["accuracy"], &model["coverage"]), (&json!(0.951), &json!(0.9)));
    assert_eq!((&model["examples"], &model["labels"][1]["zh"]), (&json!(400), &json!("正面")));
    assert_eq!(status(&world, "viewer", "GET /v1/models/mood", ""), 404);
}

#[test]
fn an_operators_own_model_is_used_from_then_on_and_can_be_removed() {
    let world = World::with_site();
    let late = domain::id::Kind::Response.id(testkit::START, [9; 16]);
    world.run(store::comments::read_up_to("srv_shop", &late));
    let file = fitted(["waiting", "上门"]);
    let answer = upload(&world, "topic", &[FILE, ("if-match", "\"v0\"")], &file);
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["etag"]),
        (200, &"\"v1\"".parse().unwrap())
    );
    let shown: Value = serde_json::from_slice(answer.body()).unwrap();
    let labels =
        json!([{ "label": "waiting", "zh": "等待时间", "en": "Waiting" }, { "label": "上门" }]);
    assert_eq!((&shown["source"], &shown["labels"]), (&json!("uploaded"), &labels));
    assert_eq!((&shown["version"], &shown["accuracy"]), (&json!(1), &Value::Null));
    assert_eq!(get(&world, "viewer", "/v1/models/topic"), shown);
    assert_eq!(get(&world, "other", "/v1/models/topic")["source"], "shipped");
    let stored: Vec<u8> =
        world.database().query_row("select bytes from model", [], |row| row.get(0)).unwrap();
    assert_eq!(stored, file);
    // What was written in the last 90 days is to be read with it, and nothing older.
    let read_to = |world: &World| -> String {
        world.database().query_row("select last_id from reading", [], |row| row.get(0)).unwrap()
    };
    let from = domain::id::Kind::Response.id(testkit::START - 90 * 86_400_000, [0; 16]);
    assert_eq!(read_to(&world), from);
    assert_eq!(upload(&world, "topic", &[FILE, ("if-match", "\"v0\"")], &file).status(), 412);
    world.run(store::comments::read_up_to("srv_shop", &late));
    let remove = "DELETE /v1/models/topic";
    assert_eq!(status(&world, "admin", &format!("{remove}\nif-match: \"v0\""), ""), 412);
    assert_eq!(status(&world, "admin", &format!("{remove}\nif-match: \"v1\""), ""), 204);
    assert_eq!(read_to(&world), from);
    let shown = get(&world, "viewer", "/v1/models/topic");
    assert_eq!((&shown["source"], &shown["version"]), (&json!("shipped"), &json!(2)));
    assert_eq!((&shown["made_at"], shown["labels"].as_array().unwrap().len()), (&Value::Null, 11));
    assert_eq!(status(&world, "admin", remove, ""), 404);
    let key = ("idempotency-key", "again");
    assert_eq!(upload(&world, "topic", &[FILE, key], &file).headers()["etag"], "\"v3\"");
    let again = upload(&world, "topic", &[FILE, key], &file);
    assert_eq!(again.headers()["idempotent-replayed"], "true");
    assert_eq!(upload(&world, "topic", &[FILE, key], &fitted(["a", "b"])).status(), 422);
    let trail = "select group_concat(kind || version) from event where subject = 'mdl_shop_topic'";
    let trail: String = world.database().query_row(trail, [], |row| row.get(0)).unwrap();
    assert_eq!(trail, "model.replaced1,model.removed2,model.replaced3");
}

#[test]
fn what_is_no_model_is_refused_with_a_reason() {
    let world = World::with_site();
    let refused = |kind: &str, file: &[u8], reason: &str| {
        let answer = upload(&world, kind, &[FILE], file);
        assert_eq!(answer.status(), 422, "{reason}");
        assert!(body(&answer).contains(reason), "{}", body(&answer));
        assert!(body(&answer).contains("/problems/invalid-fields"));
    };
    refused("topic", b"", "cargo run -p words --example train");
    refused("topic", b"HYW1 and nothing that follows it", "cargo run -p words --example train");
    let mut cut = fitted(["a", "b"]);
    cut.pop();
    refused("topic", &cut, "cargo run -p words --example train");
    refused("topic", &fitted(["a", &"x".repeat(41)]), "1 to 40 characters");
    let twice: Vec<u8> = fitted(["aa", "ab"]);
    let twice: Vec<u8> = twice.split(|it| *it == b'b').collect::<Vec<_>>().join(&b'a');
    refused("topic", &twice, "may stand once");
    refused("sentiment", &fitted(["negative", "neutral"]), "negative and positive");
    assert_eq!(upload(&world, "sentiment", &[], b"x").status(), 415);
    let json = ("content-type", "application/json");
    assert_eq!(upload(&world, "sentiment", &[json], b"{}").status(), 415);
    let head = [("authorization", "Bearer sk_admin"), FILE];
    let head = head.map(|(name, it)| (name.to_owned(), it.as_bytes().to_vec())).to_vec();
    let body = Err(Unread::TooLarge(65_536));
    let large = Request::new(Method::PUT, "/v1/models/topic", "h", head, body);
    assert_eq!(world.answer(super::handle, large).status(), 413);
    assert_eq!(world.number("select count(*) from model"), 0);
    let good = fitted(["positive", "negative"]);
    assert_eq!(upload(&world, "sentiment", &[FILE], &good).status(), 200);
}

#[test]
fn a_model_learns_from_twenty_comments_and_one_at_a_time() {
    let world = World::with_site();
    let ids: Vec<String> = (10..31).map(|it| format!("rsp_{it}")).collect();
    let rows: Vec<_> = ids.iter().map(|it| (it.as_str(), "why", json!({}))).collect();
    wrote(&world, &rows);
    let train = "POST /v1/models/topic/train";
    let too_few = |count: &str| {
        let answer = send(&world, "manager", train, "");
        assert_eq!(answer.status(), 422);
        assert!(body(&answer).contains(count), "{}", body(&answer));
    };
    too_few("there are 0");
    for (at, id) in ids.iter().enumerate() {
        if 19 <= at {
            too_few(&format!("there are {at}"));
        }
        // The first twenty all say the same, from which there is nothing to learn.
        let topic = if at < 20 { "price" } else { "taste" };
        let label = format!("{{ \"topic\": \"{topic}\" }}");
        assert_eq!(status(&world, "agent", &format!("PATCH /v1/comments/{id}.why"), &label), 200);
    }
    assert_eq!(status(&world, "manager", "POST /v1/models/sentiment/train", ""), 422);
    assert_eq!(status(&world, "manager", train, r#"{ "fast": true }"#), 422);
    let key = format!("{train}\nidempotency-key: k");
    let answer = send(&world, "manager", &key, "");
    assert_eq!(answer.status(), 202);
    assert_eq!(answer.headers()["location"], "/v1/models/topic");
    let shown: Value = serde_json::from_slice(answer.body()).unwrap();
    let expected = json!({ "id": "*", "kind": "topic", "state": "due", "examples": 21 });
    assert!(testkit::matches(&shown, &expected), "{shown}");
    assert_eq!(send(&world, "manager", &key, "").headers()["idempotent-replayed"], "true");
    assert_eq!(status(&world, "manager", train, ""), 409);
    let jobs = "select count(*) from job where kind = 'train' and state = 'due'
        and site_id = 'sit_shop' and progress ->> 'model' = 'topic'";
    assert_eq!(world.number(jobs), 1);
    assert_eq!(world.number("select version from event where kind like 'model.training%'"), 1);
}

#[test]
fn labels_go_out_as_a_file_for_the_trainer() {
    let world = World::with_site();
    let formula = json!({ "text": "=1+1，\"慢\"\n第二行" });
    wrote(&world, &[("rsp_a", "why", formula), ("rsp_b", "why", json!({}))]);
    let both = r#"{ "topic": "price", "sentiment": "negative" }"#;
    assert_eq!(status(&world, "agent", "PATCH /v1/comments/rsp_a.why", both), 200);
    let one = r#"{ "sentiment": "positive" }"#;
    assert_eq!(status(&world, "agent", "PATCH /v1/comments/rsp_b.why", one), 200);
    let topics = send(&world, "manager", "GET /v1/models/topic/labels", "");
    assert_eq!(topics.headers()["content-type"], "text/csv; charset=utf-8");
    let attachment = "attachment; filename=\"topic-labels.csv\"";
    assert_eq!(topics.headers()["content-disposition"], attachment);
    let head = "\u{feff}\"text\",\"label\"\r\n";
    let quoted = "\"=1+1，\"\"慢\"\"\n第二行\"";
    assert_eq!(body(&topics), format!("{head}{quoted},\"price\"\r\n"));
    let feelings = send(&world, "manager", "GET /v1/models/sentiment/labels", "");
    let rows = format!("\"等了很久\",\"positive\"\r\n{quoted},\"negative\"\r\n");
    assert_eq!(body(&feelings), format!("{head}{rows}"));
    assert_eq!(body(&send(&world, "other", "GET /v1/models/topic/labels", "")), head);
}

#[test]
fn wrong_methods_say_which_are_right() {
    let world = World::with_site();
    for (path, allow) in [
        ("/v1/comments", "GET, HEAD"),
        ("/v1/comments/rsp_a.why", "GET, HEAD, PATCH"),
        ("/v1/comments/rsp_a.why/audit", "GET, HEAD"),
        ("/v1/keywords", "GET, HEAD"),
        ("/v1/keywords/topics", "GET, HEAD"),
        ("/v1/keywords/alike", "GET, HEAD"),
        ("/v1/models", "GET, HEAD"),
        ("/v1/models/sentiment", "GET, HEAD, PUT, DELETE"),
        ("/v1/models/topic/train", "POST"),
        ("/v1/models/topic/labels", "GET, HEAD"),
    ] {
        let answer = world.send(super::handle, &format!("OPTIONS {path}"));
        assert_eq!(answer.status(), 405, "{path}");
        assert_eq!(answer.headers()["allow"], allow);
    }
    for path in ["/v1/comments/a/b", "/v1/keywords/x", "/v1/models/x", "/v1/models/topic/x"] {
        assert_eq!(world.send(super::handle, &format!("GET {path}")).status(), 404, "{path}");
    }
}

#[test]
fn a_broken_database_is_a_503() {
    let world = World::with_site();
    world.break_database();
    for line in ["GET /v1/comments", "GET /v1/keywords", "DELETE /v1/models/topic"] {
        let answer = send(&world, "admin", line, "");
        assert_eq!(answer.status(), 503, "{line}");
        assert!(!body(&answer).contains("disk"));
        assert!(world.logged_cause().unwrap().contains("disk I/O error"));
    }
}
