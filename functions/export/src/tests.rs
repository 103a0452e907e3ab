//! Exports, told in requests and files.

use csv_core::{ReadRecordResult, Reader};
use serde_json::{Value, json};
use testkit::{Collected, START, World};

const CSV: &str = "GET /v1/studies/srv_shop/export\nauthorization: Bearer {agent}";
const LINES: &str = "GET /v1/studies/srv_shop/export?format=jsonl\nauthorization: Bearer {agent}";
const RAW: &str =
    "GET /v1/studies/srv_shop/export?format=jsonl&raw=1\nauthorization: Bearer {manager}";

/// The day of [`START`], a morning in Shanghai.
const TODAY: i64 = 20_779;

/// A response with these answers, as they are stored, that came in so many days ago.
fn answered(world: &World, answers: &str, days_ago: i64) -> String {
    answered_in(world, answers, days_ago, 1)
}

fn answered_in(world: &World, answers: &str, days_ago: i64, version: i64) -> String {
    let at = START - days_ago * 86_400_000;
    let id = domain::id::Kind::Response.id(at, ports::Env::random(world));
    let text = "insert into response (id, site_id, study_id, study_version, idempotency_key,
           request_hash, source, channel, customer_group, language, customer_id, agent_id,
           answers, answered_at_ms, received_at_ms, day, fingerprint, screened, counted)
         values (?1, 'sit_shop', 'srv_shop', ?2, ?1, zeroblob(32), 'widget', 'app', '', 'zh-CN',
           'cus_1', '', ?3, ?4, ?4, ?5, '', '', 1)";
    let days = (version, TODAY - days_ago);
    world.database().execute(text, (&id, days.0, answers, at, days.1)).unwrap();
    id
}

fn export(world: &World, request: &str) -> Collected {
    world.stream(super::handle, request, |_| {})
}

#[track_caller]
fn text(world: &World, request: &str) -> String {
    let found = export(world, request);
    assert!(found.is_whole);
    let text = String::from_utf8(found.response.into_body()).unwrap();
    assert!(!text.contains("\"status\""), "{text}");
    text
}

fn status(world: &World, request: &str) -> u16 {
    export(world, request).response.status().as_u16()
}

/// The cells of a file, as an import reads them.
fn cells(text: &str) -> Vec<Vec<String>> {
    let mut rest = text.strip_prefix('\u{feff}').unwrap().as_bytes();
    let (mut reader, mut rows) = (Reader::new(), Vec::new());
    let (mut bytes, mut ends) = (vec![0; 1 << 20], vec![0; 100]);
    loop {
        let (result, read, _, ended) = reader.read_record(rest, &mut bytes, &mut ends);
        rest = &rest[read..];
        match result {
            ReadRecordResult::Record => {
                let mut from = 0;
                let cell = |end: &usize| {
                    let cell = String::from_utf8(bytes[from..*end].to_vec()).unwrap();
                    from = *end;
                    cell
                };
                rows.push(ends[..ended].iter().map(cell).collect());
            }
            ReadRecordResult::InputEmpty => {}
            ReadRecordResult::End => return rows,
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_csv_says_everything_by_the_clock_of_the_site() {
    let world = World::with_site();
    let answers = r#"{"recommend":9,"quality":5,"easy":7,"many":["a","b"],"why":"好, \"很好\""}"#;
    let id = answered(&world, answers, 0);
    let found = export(&world, CSV);
    assert_eq!(found.response.status(), 200);
    let header = |name: &str| found.response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(header("cache-control"), "private, no-store");
    let attachment = "attachment; filename=\"srv_shop-2026-11-22.csv\"";
    assert_eq!(header("content-disposition"), attachment);
    assert_eq!(header("request-id"), "req_test");
    let length = found.response.body().len().to_string();
    assert_eq!(header("content-length"), length, "a short file is whole at once");
    assert!(!found.response.headers().contains_key("etag"));
    let text = String::from_utf8(found.response.into_body()).unwrap();
    let expected = format!(
        "\u{feff}id,survey_version,source,channel,group,language,customer_id,agent_id,\
         answered_at (Asia/Shanghai),received_at (Asia/Shanghai),counted,screened,\
         recommend,quality,easy,many,why\r\n\
         {id},1,widget,app,,zh-CN,cus_1,,2026-11-22 09:30:00,2026-11-22 09:30:00,true,,\
         9,5,7,a;b,\"好, \"\"很好\"\"\"\r\n"
    );
    assert_eq!(text, expected);
    world.database().execute("update site set zone = 'America/New_York'", []).unwrap();
    let there = self::text(&world, CSV);
    assert!(there.contains(",answered_at (America/New_York),"), "{there}");
    assert!(there.contains(",2026-11-21 20:30:00,"), "{there}");
}

#[test]
fn every_file_is_an_event_of_its_study_and_none_leaves_without_it() {
    let world = World::with_site();
    answered(&world, r#"{"why":"请回电 13912345678"}"#, 0);
    let events = "select group_concat(version || ' ' || actor || ' ' || data, '; ') from (
       select * from event where subject = 'srv_shop' and kind = 'study.exported'
       order by version)";
    let told = || world.database().query_row(events, [], |row| row.get::<_, Option<String>>(0));
    text(&world, CSV);
    text(&world, &RAW.replace("?", "?from=2026-11-01&to=2026-11-22&"));
    let viewer = CSV.replace("{agent}", "{viewer}");
    assert_eq!(status(&world, &viewer), 403);
    let expected = "2 key:key_agent {\"format\":\"csv\",\"from\":null,\"raw\":false,\"to\":null}; \
                    3 key:key_manager {\"format\":\"jsonl\",\"from\":\"2026-11-01\",\"raw\":true,\
                    \"to\":\"2026-11-22\"}";
    assert_eq!(told().unwrap().unwrap(), expected);
    assert_eq!(world.number("select version from study where id = 'srv_shop'"), 3);
    let unwritable = "create trigger no_event before insert on event
       begin select raise(abort, 'no'); end";
    world.database().execute(unwritable, []).unwrap();
    let found = export(&world, RAW);
    assert_eq!(found.response.status(), 500);
    let body = String::from_utf8(found.response.into_body()).unwrap();
    assert!(!body.contains("请回电"), "{body}");
}

#[test]
fn json_lines_say_the_same() {
    let world = World::with_site();
    let id = answered(&world, r#"{"recommend":9,"many":["a"],"why":"请回电 13912345678"}"#, 0);
    let screened = answered(&world, "{}", 1);
    let text_ = "update response set screened = 'staff', counted = 0 where id = ?1";
    world.database().execute(text_, [&screened]).unwrap();
    let found = export(&world, LINES);
    assert_eq!(found.response.headers()["content-type"], "application/jsonl");
    let attachment = "attachment; filename=\"srv_shop-2026-11-22.jsonl\"";
    assert_eq!(found.response.headers()["content-disposition"], attachment);
    let text = text(&world, LINES);
    assert!(text.ends_with("}\n") && !text.contains(['\r', '\u{feff}']));
    let lines: Vec<Value> = text.lines().map(web::view::json).collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert_eq!(
        lines[1],
        json!({ "id": id, "survey_version": 1, "source": "widget", "channel": "app",
            "group": null, "language": "zh-CN", "customer_id": "cus_1", "agent_id": null,
            "answers": { "recommend": 9, "many": ["a"], "why": "请回电 [phone]" },
            "answered_at": "2026-11-22T01:30:00Z", "received_at": "2026-11-22T01:30:00Z",
            "counted": true, "screened": null })
    );
    let of_old = (&lines[0]["id"], &lines[0]["counted"], &lines[0]["screened"]);
    assert_eq!(of_old, (&json!(screened), &json!(false), &json!("staff")), "oldest first");
}

#[test]
fn raw_answers_are_what_is_stored_byte_for_byte() {
    let world = World::with_site();
    let stored = "{ \"why\" :\t\"\\u597d \\/ 13912345678\",\"recommend\": 9  , \"why\":\"=1\" }";
    let id = answered(&world, stored, 0);
    let text = text(&world, RAW);
    let expected = format!("{{\"id\":\"{id}\",\"answers\":{stored},\"survey_version\":1,");
    assert!(text.starts_with(&expected), "{text}");
    assert_eq!(web::view::json(text.trim())["customer_id"], "cus_1");
    let found = export(&world, RAW);
    let attachment = "attachment; filename=\"srv_shop-2026-11-22-raw.jsonl\"";
    assert_eq!(found.response.headers()["content-disposition"], attachment);
}

#[test]
fn personal_data_is_hidden_in_what_people_write_and_nowhere_else() {
    let world = World::with_site();
    // What was a choice in one version is somebody's own words in the next.
    publish(
        &world,
        2,
        r#"[{"id":"many","type":"text"},
            {"id":"13912345678","type":"single_choice"}]"#,
    );
    let answers = r#"{"why":"写信 lan@example.com","many":"13912345678","13912345678":"x"}"#;
    answered_in(&world, answers, 0, 2);
    let rows = cells(&text(&world, CSV));
    let ends = |row: &Vec<String>| row[row.len() - 3..].join("|");
    assert_eq!(ends(&rows[0]), "many|why|13912345678");
    assert_eq!(ends(&rows[1]), "[phone]|写信 [email]|x");
    let line = web::view::json(text(&world, LINES).trim());
    assert_eq!(line["answers"]["many"], "[phone]");
    assert_eq!(line["answers"]["13912345678"], "x");
}

fn publish(world: &World, number: i64, questions: &str) {
    let text = "insert into study_version (study_id, number, definition, published_at_ms)
                values ('srv_shop', ?1, ?2, 0)";
    let definition = format!("{{\"questions\":{questions}}}");
    world.database().execute(text, (number, definition)).unwrap();
}

#[test]
fn every_question_of_every_version_has_a_column_in_order_of_appearance() {
    let world = World::with_site();
    publish(&world, 2, r#"[{"id":"later","type":"text"},{"id":"why","type":"text"}]"#);
    // More versions than are read at once, and a question that is called as a column is.
    for number in 3..=60 {
        publish(&world, number, r#"[{"id":"later","type":"text"}]"#);
    }
    publish(&world, 61, r#"[{"id":"channel","type":"text"}]"#);
    answered(&world, r#"{"recommend":1,"why":"旧"}"#, 2);
    answered_in(&world, r#"{"later":"新"}"#, 1, 2);
    answered_in(&world, r#"{"channel":"电话"}"#, 0, 61);
    // Nobody knew this one when the columns were named.
    answered_in(&world, r#"{"channel":"?"}"#, 0, 62);
    let rows = cells(&text(&world, CSV));
    let answers = |row: &Vec<String>| row[12..].join("|");
    let found: Vec<String> = rows.iter().map(answers).collect();
    let expected = [
        "recommend|quality|easy|many|why|later|answers.channel",
        "1||||旧||",
        "|||||新|",
        "||||||电话",
    ];
    assert_eq!(found, expected);
}

#[test]
fn formulas_are_texts_in_the_file_and_answers_when_it_is_imported_again() {
    let world = World::with_site();
    let texts =
        ["=1+1", "+1", "-1", "@a", "'=1", "''", "'a", "=a\",\r\n\"b", "好\n=1", " =1", "\t=1"];
    for text in texts {
        answered(&world, &json!({ "recommend": 0, "why": text }).to_string(), 0);
    }
    let text = text(&world, CSV);
    let rows = cells(&text);
    let mut found = Vec::new();
    for row in &rows[1..] {
        assert!(!row[16].starts_with(['=', '+', '-', '@', '\t', '\r']), "{row:?}");
        assert_eq!(row[12], "0", "scores are plain numbers");
        found.push(web::csv::restore(&row[16]));
    }
    found.sort_unstable();
    let mut expected = texts;
    expected.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn days_are_those_of_the_site_and_either_end_may_be_open() {
    let world = World::with_site();
    for days_ago in [0, 1, 5, 2_000] {
        answered(&world, &format!("{{\"why\":\"{days_ago}\"}}"), days_ago);
    }
    // It came in long after it was answered.
    let late = answered(&world, r#"{"why":"late"}"#, 0);
    let text_ = "update response set answered_at_ms = answered_at_ms - 5 * 86400000,
                 day = day - 5 where id = ?1";
    world.database().execute(text_, [&late]).unwrap();
    let found = |query: &str| {
        let rows = cells(&text(&world, &CSV.replace("export", &format!("export?{query}"))));
        let mut found: Vec<String> = rows[1..].iter().map(|it| it[16].clone()).collect();
        found.sort();
        found.join(" ")
    };
    assert_eq!(found(""), "0 1 2000 5 late");
    assert_eq!(found("from=2026-11-21"), "0 1");
    assert_eq!(found("to=2026-11-17"), "2000 5 late");
    assert_eq!(found("from=2026-11-17&to=2026-11-21"), "1 5 late");
    assert_eq!(found("from=1970-01-01&to=2100-12-31"), "0 1 2000 5 late");
    assert_eq!(found("from=2026-11-23"), "");
}

#[test]
fn a_long_file_goes_out_page_by_page() {
    let world = World::with_site();
    for number in 0..1_234 {
        answered(&world, &format!("{{\"recommend\":{}}}", number % 11), number % 7);
    }
    let found = export(&world, CSV);
    assert!(found.is_whole);
    assert!(!found.response.headers().contains_key("content-length"));
    assert_eq!(found.parts.len(), 13);
    assert!(found.parts.iter().all(|it| *it < 20_000), "{:?}", found.parts);
    let rows = cells(&String::from_utf8(found.response.into_body()).unwrap());
    assert_eq!(rows.len(), 1 + 1_234);
    assert!(rows[1..].is_sorted_by(|a, b| a[0] < b[0]), "each once, the oldest first");
    // What comes in while it is written does not hold it up.
    let adding = |_| {
        answered(&world, "{}", 0);
    };
    let found = world.stream(super::handle, LINES, adding);
    assert!(found.is_whole && 1_234 <= found.response.body().split(|it| *it == b'\n').count());
}

#[test]
fn a_page_that_fails_cuts_the_file_off() {
    let world = World::with_site();
    for number in 0..250 {
        answered(&world, "{}", number % 7);
    }
    let found = world.stream(super::handle, CSV, |bytes| {
        if 12_000 < bytes {
            world.break_database();
        }
    });
    assert_eq!(found.response.status(), 200, "it was sent long ago");
    assert!(!found.is_whole && found.parts.len() == 2, "{:?}", found.parts);
    let cause = world.logged_cause().unwrap();
    assert!(cause.contains("disk I/O error"), "{cause}");

    let world = World::with_site();
    let damaged = answered(&world, "[]", 0);
    let found = export(&world, CSV);
    assert_eq!(found.response.status(), 500, "nothing was sent yet");
    let body = String::from_utf8_lossy(found.response.body()).into_owned();
    assert!(!body.contains(&damaged) && world.logged_cause().unwrap().contains(&damaged));
}

#[test]
fn an_export_is_for_agents_and_a_raw_one_for_managers() {
    let world = World::with_site();
    for (who, plain, raw) in
        [("viewer", 403, 403), ("agent", 200, 403), ("manager", 200, 200), ("pk", 401, 401)]
    {
        let key = format!("{{{who}}}");
        let as_who = |it: &str| it.replace("{agent}", &key).replace("{manager}", &key);
        assert_eq!(status(&world, &as_who(CSV)), plain, "{who}");
        assert_eq!(status(&world, &as_who(LINES)), plain, "{who}");
        assert_eq!(status(&world, &as_who(RAW)), raw, "{who}");
    }
    assert_eq!(status(&world, "GET /v1/studies/srv_shop/export"), 401);
    let other = CSV.replace("{agent}", "{other}");
    assert_eq!(status(&world, &other), 404, "another site's does not exist");
    assert_eq!(status(&world, &CSV.replace("srv_shop", "srv_none")), 404);
    assert_eq!(status(&world, "GET /v1/studies/srv_shop/exports"), 404);
}

#[test]
fn what_is_asked_wrongly_is_told_at_once() {
    let world = World::with_site();
    let query = "export?format=xls&raw=yes&from=2026-11-22&to=2026-11-21&page=2";
    let request = CSV.replace("export", query).replace("{agent}", "{manager}");
    let found = export(&world, &request);
    assert_eq!(found.response.status(), 422);
    let body = web::view::json(&String::from_utf8_lossy(found.response.body()));
    let errors = body["errors"].as_array().unwrap();
    let names: Vec<&str> = errors.iter().map(|it| it["parameter"].as_str().unwrap()).collect();
    assert_eq!(names, ["format", "raw", "to", "page"], "{body}");
    let raw_csv = RAW.replace("format=jsonl&", "");
    assert_eq!(status(&world, &raw_csv), 422, "a CSV is never raw");
}

#[test]
fn wrong_methods_and_a_broken_database_say_so() {
    let world = World::with_site();
    let found = export(&world, &CSV.replace("GET", "POST"));
    assert_eq!(found.response.status(), 405);
    assert_eq!(found.response.headers()["allow"], "GET, HEAD");
    assert_eq!(status(&world, &CSV.replace("GET", "HEAD")), 200);
    world.break_database();
    let found = export(&world, CSV);
    assert_eq!(found.response.status(), 503);
    assert_eq!(found.response.headers()["content-type"], "application/problem+json");
    let body = String::from_utf8_lossy(found.response.body()).into_owned();
    assert!(!body.contains("disk"), "{body}");
    assert!(world.logged_cause().unwrap().contains("disk I/O error"));
}
