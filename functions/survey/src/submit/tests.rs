//! Dates, channels, quotas and limits, contacts and links.

use app::sealed::seal;
use serde_json::{Value, json};
use testkit::World;

use super::handle;

/// A survey with a quota of two promoters, one of one detractor on the app, and five in all.
fn published(extra: &str) -> World {
    let world = World::with_site();
    let definition = format!(
        r#"{{ "title": "回访", "questions": [
          {{ "id": "recommend", "type": "nps", "text": "推荐吗？" }},
          {{ "id": "mail", "type": "email", "text": "邮箱？" }},
          {{ "id": "other_mail", "type": "email", "text": "还有？" }} ],
        "endings": [ {{ "id": "sorry", "text": "对不起",
            "if": {{ "question": "recommend", "is": "class", "value": "detractor" }} }},
          {{ "id": "full", "text": "名额已满" }} ],
        "quotas": [ {{ "id": "fans", "most": 2, "then": "end:full",
            "if": {{ "question": "recommend", "is": "class", "value": "promoter" }} }},
          {{ "id": "app_low", "most": 1, "then": "thank", "if": {{ "all": [ {{ "channel": "app" }},
            {{ "question": "recommend", "is": "class", "value": "detractor" }} ] }} }} ]
        {extra} }}"#
    );
    let insert = "insert into study_version (study_id, number, definition, published_at_ms)
        values ('srv_shop', 2, ?1, 0)";
    world.database().execute(insert, [definition]).unwrap();
    world.database().execute("update study set published = 2", []).unwrap();
    world
}

fn send(world: &World, key: &str, members: Value) -> Value {
    world.wait_ms(1);
    world.json(handle, &super::submit(key, &body(members)))
}

fn body(members: Value) -> String {
    let mut body = json!({ "version": 2, "answers": { "recommend": 7 } });
    body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    body.to_string()
}

fn status(world: &World, key: &str, members: Value) -> u16 {
    world.send(handle, &super::submit(key, &body(members))).status().as_u16()
}

/// What the tally says, and what counting would give.
fn tally(world: &World) -> String {
    let database = world.database();
    let text = |sql: &str| -> String {
        database
            .query_row(sql, [], |row| row.get::<_, Option<String>>(0))
            .unwrap()
            .unwrap_or_default()
    };
    let kept = text(
        "select group_concat(cell || ' ' || n, ', ')
         from (select * from tally where n <> 0 order by cell)",
    );
    let counted = text(
        "select group_concat(cell || ' ' || n, ', ') from (
           select c.value as cell, count(*) as n from response r, json_each(r.cells) c
           where r.counted = 1 and r.cells <> '' group by 1 order by 1)",
    );
    assert_eq!(kept, counted);
    kept
}

#[test]
fn a_full_quota_keeps_what_comes_and_counts_it_not() {
    let world = published("");
    let fan = json!({ "answers": { "recommend": 9 } });
    for key in ["a", "b"] {
        let taken = send(&world, key, fan.clone());
        assert_eq!([&taken["ending"], &taken["full"]], [&Value::Null, &Value::Null]);
    }
    let over = send(&world, "c", fan.clone());
    assert_eq!([&over["ending"], &over["full"]], ["full", "fans"]);
    // The repetition of what was over is told the same, and that of what was not is not.
    assert_eq!(send(&world, "c", fan.clone()), over);
    assert_eq!(send(&world, "b", fan)["full"], Value::Null);
    let low = json!({ "answers": { "recommend": 0 }, "channel": "app" });
    assert_eq!(send(&world, "d", low.clone())["ending"], "sorry");
    let over = send(&world, "e", low);
    assert_eq!([&over["ending"], &over["full"]], ["sorry", "app_low"], "as if nothing had been");
    let elsewhere = json!({ "answers": { "recommend": 0 }, "channel": "web" });
    assert_eq!(send(&world, "f", elsewhere)["full"], Value::Null);
    assert_eq!(tally(&world), "quota:app_low 1, quota:fans 2");
    assert_eq!(world.number("select count(*) from response where screened = 'quota'"), 2);
    assert_eq!(world.number("select sum(n) from rollup where grain = 'site'"), 4);
}

#[test]
fn of_one_set_no_more_count_than_the_limit() {
    let world = published(r#", "response_limit": 3"#);
    let items: Vec<Value> = (0..6)
        .map(|at| json!({ "key": format!("k{at}"), "answers": { "recommend": 5 + at % 5 } }))
        .collect();
    let batch = json!({ "version": 2, "responses": items });
    world.json(handle, &super::submit("batch", &batch.to_string()));
    let counted = "select count(*) from response where counted = 1";
    assert_eq!(world.number(counted), 3);
    let over = send(&world, "z", json!({}));
    assert_eq!(over["full"], "response_limit");
    tally(&world);
    // What staff take out makes room, and what they put back is over and counts.
    let recount = "update response set counted = ?1, version = version + 1 where id = (
        select min(id) from response where counted <> ?1)";
    world.database().execute(recount, [0]).unwrap();
    assert!(tally(&world).starts_with("limit 2"), "{}", tally(&world));
    assert_eq!(send(&world, "y", json!({}))["full"], Value::Null);
    world.database().execute(recount, [1]).unwrap();
    assert!(tally(&world).starts_with("limit 4"));
    let facts = "select count(*) from (select * from rollup_fact except select * from rollup)";
    assert_eq!(world.number(facts), 0);
}

#[test]
fn what_is_screened_out_takes_no_place() {
    let world = published(r#", "response_limit": 1"#);
    send(&world, "a", json!({ "elapsed_ms": 1 }));
    assert_eq!(send(&world, "b", json!({}))["full"], Value::Null);
    assert_eq!(send(&world, "c", json!({}))["full"], "response_limit");
    assert_eq!(tally(&world), "limit 1");
}

#[test]
fn a_survey_is_open_from_its_first_instant_to_before_its_last() {
    let world =
        published(r#", "opens_at": "2026-11-22T01:30:10Z", "closes_at": "2026-11-22T01:31:00Z""#);
    world.check(
        handle,
        &super::submit("a", &body(json!({}))),
        r#"
409

{ "type": "/problems/survey-closed", "title": "The survey takes no more answers", "status": 409,
  "detail": "it opens at 2026-11-22T01:30:10Z", "instance": "req_test" }"#,
    );
    world.wait_ms(10_000);
    assert_eq!(status(&world, "a", json!({})), 201);
    world.wait_ms(49_999);
    assert_eq!(status(&world, "b", json!({})), 201);
    world.wait_ms(1);
    let late = super::submit("c", &body(json!({}))).replace("\n\n", "\naccept-language: zh\n\n");
    let late = world.send(handle, &late);
    assert_eq!(late.status(), 409);
    let told = String::from_utf8_lossy(late.body()).into_owned();
    assert!(told.contains("已于 2026-11-22T01:31:00Z 关闭"), "{told}");
}

#[test]
fn only_its_channels_are_taken() {
    let world = published(r#", "channels": ["app", "store"]"#);
    for (channel, expected) in
        [(json!("app"), 201), (json!("web"), 422), (Value::Null, 422), (json!("pigeon"), 422)]
    {
        let told = json!({ "channel": channel });
        assert_eq!(status(&world, &channel.to_string().replace('"', ""), told), expected);
    }
    assert_eq!(status(&world, "absent", json!({})), 422, "it would be web");
}

#[test]
fn contacts_stand_apart() {
    let world = published("");
    let answers =
        json!({ "recommend": 3, "mail": " a@example.com ", "other_mail": "b@example.com" });
    let taken = send(&world, "a", json!({ "answers": answers }));
    let id = taken["id"].as_str().unwrap();
    let all =
        "select group_concat(owner || ' ' || kind || ' ' || question_id || ' ' || value, '; ')
        from contact";
    let all: String = world.database().query_row(all, [], |row| row.get(0)).unwrap();
    let expected = format!("{id} email mail a@example.com; {id} email other_mail b@example.com");
    assert_eq!(all, expected);
    for text in ["select answers from response", "select group_concat(data) from event"] {
        let text: String = world.database().query_row(text, [], |row| row.get(0)).unwrap();
        assert!(!text.contains("example"), "{text}");
    }
    assert_eq!(status(&world, "b", json!({ "answers": { "mail": "nobody" } })), 422);
}

/// A link to a survey, as `invite` makes it.
fn link(survey: &str, nonce: &str, expires_in_s: i64, single: bool) -> String {
    let expires = (testkit::START / 1000 + expires_in_s).to_string();
    let single = if single { "1" } else { "" };
    let fields = [survey, nonce, &expires, single, "cus_a", "core", "en", "inv_1"];
    seal(testkit::SECRET_KEY, "link", &fields)
}

#[test]
fn a_link_says_who_answers() {
    let world = published("");
    let often = link("srv_shop", "n1", 60, false);
    let told = json!({ "link": often, "group": "new" });
    assert_eq!(status(&world, "a", told.clone()), 201);
    assert_eq!(status(&world, "b", told), 201, "it holds as often as it likes");
    let said =
        "select distinct customer_id || ' ' || customer_group || ' ' || language from response";
    let said: String = world.database().query_row(said, [], |row| row.get(0)).unwrap();
    assert_eq!(said, "cus_a core en");
    let own = json!({ "link": often, "language": "zh-CN" });
    assert_eq!(status(&world, "c", own), 201);
    assert_eq!(world.number("select count(*) from response where language = 'zh-CN'"), 1);
    for forged in [link("srv_other", "n", 60, false), format!("{often}x"), "x".to_owned()] {
        assert_eq!(status(&world, "d", json!({ "link": forged })), 422, "{forged}");
    }
    world.wait_ms(60_000);
    world.check(
        handle,
        &super::submit("e", &body(json!({ "link": often }))),
        r#"
410

{ "type": "/problems/link-expired", "title": "This link is not valid any more", "status": 410,
  "instance": "req_test" }"#,
    );
}

#[test]
fn a_link_may_hold_once() {
    let world = published("");
    let once = link("srv_shop", "n1", 60, true);
    let first = send(&world, "a", json!({ "link": once }));
    let again = send(&world, "a", json!({ "link": once }));
    assert_eq!(again["id"], first["id"]);
    // On another device, under another key, the same answer is the same one.
    assert_eq!(send(&world, "b", json!({ "link": once }))["id"], first["id"]);
    world.check(
        handle,
        &super::submit("c", &body(json!({ "link": once, "answers": { "recommend": 1 } }))),
        r#"
409

{ "type": "/problems/link-used", "title": "This link was used for an answer", "status": 409,
  "instance": "req_test" }"#,
    );
    let other = link("srv_shop", "n2", 60, true);
    let batch = json!({ "version": 2, "responses": [
        { "key": "x", "link": once, "answers": { "recommend": 2 } },
        { "key": "y", "link": other, "answers": { "recommend": 2 } } ] });
    let batch = world.json(handle, &super::submit("batch", &batch.to_string()));
    assert_eq!(batch["results"][0]["errors"][0]["pointer"], "/link");
    assert_eq!(batch["results"][1]["outcome"], "taken");
    let key = "select group_concat(idempotency_key) from response";
    let key: String = world.database().query_row(key, [], |row| row.get(0)).unwrap();
    assert_eq!(key, "link:n1,link:n2");
}

#[test]
fn whoever_was_erased_answers_as_nobody() {
    let world = published("");
    let insert =
        "insert into customer values ('cus_a', 'sit_shop', 1, 'x', '', '', '', '', 0, 0, 0, 1)";
    world.database().execute(insert, []).unwrap();
    send(&world, "a", json!({ "link": link("srv_shop", "n1", 60, true) }));
    assert_eq!(world.number("select count(*) from response where customer_id = ''"), 1);
}
