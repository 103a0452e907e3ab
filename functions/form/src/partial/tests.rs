//! What is answered so far, told in requests and answers.

use app::sealed::seal;
use testkit::World;

use crate::handle;

const KEY: &str = "0123456789abcdefghijkl";
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

fn save(key: &str, body: &str) -> String {
    format!("PUT /v1/surveys/srv_shop/partials/{key}\nauthorization: Bearer {{pk}}\n\n{body}")
}

fn read(key: &str) -> String {
    format!("GET /v1/surveys/srv_shop/partials/{key}\nauthorization: Bearer {{pk}}")
}

fn status(world: &World, request: &str) -> u16 {
    world.send(handle, request).status().as_u16()
}

const HALF: &str =
    r#"{ "version": 1, "answers": { "recommend": 3, "why": "慢" }, "at": "quality" }"#;

#[test]
fn it_is_saved_over_and_read_again() {
    let world = World::with_site();
    let first = r#"{ "version": 1, "answers": {}, "at": "recommend", "language": "en" }"#;
    world.check(handle, &save(KEY, first), "204");
    world.wait_ms(1_000);
    world.check(handle, &save(KEY, HALF), "204");
    world.check(
        handle,
        &read(KEY),
        r#"
200
cache-control: no-store

{ "version": 1, "answers": { "recommend": 3, "why": "慢" }, "hidden": {}, "language": "zh-CN",
  "at": "quality", "saved_at": "2026-11-22T01:30:01Z" }"#,
    );
    assert_eq!(world.number("select count(*) from partial"), 1);
    let key: String =
        world.database().query_row("select key from partial", [], |row| row.get(0)).unwrap();
    assert!(!key.contains(KEY), "whoever reads the database cannot go on: {key}");
    assert_eq!(status(&world, &read("another_key_of_22_chars")), 404);
    world.wait_ms(DAY_MS - 1);
    assert_eq!(status(&world, &read(KEY)), 200);
    world.wait_ms(1);
    assert_eq!(status(&world, &read(KEY)), 404);
}

#[test]
fn what_is_wrong_is_told_and_what_is_missing_is_not() {
    let world = World::with_site();
    world.check(
        handle,
        &save(KEY, r#"{ "answers": { "quality": 6, "who": 1 }, "at": "nowhere", "colour": 1 }"#),
        r#"
422

{ "type": "/problems/invalid-fields", "title": "Some fields are not valid", "status": 422,
  "instance": "req_test", "errors": [
    { "pointer": "/answers/quality", "detail": "*" },
    { "pointer": "/answers/who", "detail": "*" },
    { "pointer": "/at", "detail": "must be the id of a question" },
    { "pointer": "/colour", "detail": "*" } ] }"#,
    );
    assert_eq!(status(&world, &save(KEY, r#"{ "answers": { "quality": 4 }, "at": "easy" }"#)), 204);
    for key in ["short", "x".repeat(65).as_str()] {
        assert_eq!(status(&world, &save(key, HALF)), 422, "{key}");
    }
    assert_eq!(status(&world, &save(KEY, HALF).replace("{pk}", "{other_pk}")), 404);
    assert_eq!(status(&world, &save(KEY, HALF).replace("{pk}", "pk_no")), 401);
    let evil = save(KEY, HALF).replace("\n\n", "\norigin: https://evil.example\n\n");
    assert_eq!(status(&world, &evil), 403);
    assert_eq!(status(&world, &save(KEY, HALF).replace("PUT", "POST")), 405);
    world.database().execute("update study set state = 'closed'", []).unwrap();
    assert_eq!(status(&world, &save(KEY, HALF)), 409);
    world.break_database();
    assert_eq!(status(&world, &save(KEY, HALF)), 503);
}

#[test]
fn it_ends_with_the_response() {
    let world = World::with_site();
    assert_eq!(status(&world, &save(KEY, HALF)), 204);
    let key: String =
        world.database().query_row("select key from partial", [], |row| row.get(0)).unwrap();
    world
        .database()
        .execute_batch(&format!(
            "insert into response (id, site_id, study_id, study_version, idempotency_key,
           request_hash, source, channel, customer_group, language, customer_id, agent_id,
           answers, answered_at_ms, received_at_ms, day, fingerprint, screened, counted)
         values ('rsp_x', 'sit_shop', 'srv_shop', 1, '{key}', zeroblob(32), 'widget', '', '', '',
           '', '', '{{}}', 0, 0, 0, '', '', 1)"
        ))
        .unwrap();
    assert_eq!(app::intake::public(KEY), key, "it is the key of the response");
    assert_eq!(status(&world, &read(KEY)), 404);
    world.check(
        handle,
        &save(KEY, HALF).replace("\n\n", "\naccept-language: zh\n\n"),
        r#"
409

{ "type": "/problems/conflict", "title": "内容已被他人更改", "status": 409,
  "detail": "答卷已提交", "instance": "req_test" }"#,
    );
    let tally =
        "select group_concat(cell || ' ' || n, ', ') from (select * from tally order by cell)";
    let tally: String = world.database().query_row(tally, [], |row| row.get(0)).unwrap();
    assert_eq!(tally, "finished:1 1, stopped:1:quality 0");
}

#[test]
fn saving_is_limited_and_forms_are_ours() {
    let world = World::with_site();
    world.set("rate_limit", "address=2/60,site=3/60");
    world.set("spam", "age=suspicion");
    let from = |address: &str| {
        save(KEY, HALF).replace("\n\n", &format!("\nspin-client-addr: {address}:1\n\n"))
    };
    for (address, expected) in
        [("192.0.2.1", 204), ("192.0.2.1", 204), ("192.0.2.1", 429), ("192.0.2.2", 429)]
    {
        world.wait_ms(1);
        assert_eq!(status(&world, &from(address)), expected, "{address}");
    }
    world.wait_ms(60_000);
    let forged = HALF.replace("\"at\"", "\"form_token\": \"x.y\", \"at\"");
    assert_eq!(status(&world, &save(KEY, &forged)), 403);
    assert_eq!(status(&world, &save(KEY, HALF)), 204);
}

#[test]
fn a_link_that_holds_once_has_one_partial() {
    let world = World::with_site();
    let expires = (testkit::START / 1000 + 60).to_string();
    let fields = ["srv_shop", "n1", &expires, "1", "cus_a", "", "", ""];
    let link = seal(testkit::SECRET_KEY, "link", &fields);
    let body = HALF.replace("\"at\"", &format!("\"link\": \"{link}\", \"at\""));
    assert_eq!(status(&world, &save(KEY, &body)), 204);
    assert_eq!(status(&world, &read(KEY)), 404);
    let there = read("another_key_of_22_chars").replace("\nauth", &format!("?link={link}\nauth"));
    assert_eq!(status(&world, &there), 200);
    let kept = "select key || ' ' || customer_id from partial";
    let kept: String = world.database().query_row(kept, [], |row| row.get(0)).unwrap();
    assert_eq!(kept, "link:n1 cus_a");
}

#[test]
fn what_is_saved_can_be_taken_as_it_is() {
    let world = World::with_site();
    let words = r#"{ "version": 1, "answers": { "why": "没有分数" }, "at": "recommend" }"#;
    assert_eq!(status(&world, &save("words_without_a_score__", words)), 204);
    assert_eq!(status(&world, &save(KEY, HALF)), 204);
    assert_eq!(world.number("select count(*) from partial where row = ''"), 1);
    let row = "select row from partial where row <> ''";
    let row: String = world.database().query_row(row, [], |row| row.get(0)).unwrap();
    let mut row: Vec<serde_json::Value> = serde_json::from_str(&row).unwrap();
    let zone = domain::zone::Zone::SHANGHAI;
    let later = testkit::START + store::partials::KEPT_MS;
    app::response::seal_row(&mut row, "sit_shop", zone, "public", later, [[1; 16], [2; 16]]);
    let rows = serde_json::json!([row]).to_string();
    world.run(store::partials::abandon(&rows, "sit_shop", "srv_shop", later));
    let taken = "select complete || ' ' || counted || ' ' || answers || ' ' || day from response";
    let taken: String = world.database().query_row(taken, [], |row| row.get(0)).unwrap();
    assert_eq!(taken, r#"0 1 {"recommend":3,"why":"慢"} 20779"#);
    assert_eq!(world.number("select n from rollup where grain = 'site'"), 1);
    assert_eq!(world.number("select count(*) from partial"), 1);
    let event = "select data from event where subject like 'rsp_%'";
    let event: String = world.database().query_row(event, [], |row| row.get(0)).unwrap();
    assert!(event.contains(r#""value":3"#) && !event.contains('慢'), "{event}");
}

#[test]
fn contacts_wait_for_the_whole_response() {
    let world = World::with_site();
    let definition = r#"{ "title": "回访", "questions": [
        { "id": "mail", "type": "email", "text": "邮箱？" },
        { "id": "recommend", "type": "nps", "text": "推荐吗？",
          "show_if": { "question": "mail", "is": "answered" } } ],
        "hidden": [ { "id": "order" } ] }"#;
    let insert = "insert into study_version (study_id, number, definition, published_at_ms)
        values ('srv_shop', 2, ?1, 0)";
    world.database().execute(insert, [definition]).unwrap();
    world.database().execute("update study set published = 2", []).unwrap();
    let body = r#"{ "answers": { "mail": "a@example.com", "recommend": 3 }, "at": "recommend",
        "hidden": { "order": "A-17" } }"#;
    assert_eq!(status(&world, &save(KEY, body)), 204);
    let kept = "select answers || hidden || row from partial";
    let kept: String = world.database().query_row(kept, [], |row| row.get(0)).unwrap();
    assert!(!kept.contains("example") && !kept.contains("mail"), "{kept}");
    assert!(kept.starts_with(r#"{"recommend":3}{"order":"A-17"}["#), "{kept}");
    assert_eq!(world.number("select count(*) from contact"), 0);
}
