//! Files of other products, told as they come out of those. All content is invented.

use serde_json::{Value, json};
use testkit::World;

/// A survey as a café may have had it elsewhere.
const DEFINITION: &str = r#"{
  "default_language": "en",
  "title": "Your visit",
  "questions": [
    { "id": "recommend", "type": "nps", "required": true, "text": {
      "en": "How likely are you to recommend us?", "zh-CN": "您会推荐我们吗？" } },
    { "id": "reasons", "type": "multiple_choice", "text": "What did you like?", "options": [
      { "id": "coffee", "text": { "en": "The coffee", "zh-CN": "咖啡" } },
      { "id": "staff", "text": "The staff" }, { "id": "else", "text": "Other", "open": true } ] },
    { "id": "visit", "type": "single_choice", "text": "How often do you come?", "options": [
      { "id": "daily", "text": "Every day" }, { "id": "rarely", "text": "Rarely" } ] },
    { "id": "rate", "type": "matrix", "text": "How was …", "points": 5, "rows": [
      { "id": "food", "text": "The food" }, { "id": "seat", "text": "The seat" } ] },
    { "id": "content", "type": "rating", "text": "Are you content?" },
    { "id": "news", "type": "consent", "text": "May we write?" },
    { "id": "why", "type": "text", "text": "Why?" },
    { "id": "mail", "type": "email", "text": "Your address" }
  ],
  "hidden": [{ "id": "branch" }]
}"#;

/// Formbricks: a CSV as `json2csv` writes it, every text in quotes.
const FORMBRICKS: &str = include_str!("formbricks.csv");

fn world() -> World {
    let world = World::with_site();
    let stays = "drop trigger study_version_stays";
    world.database().execute(stays, []).unwrap();
    world.database().execute("update study_version set definition = ?1", [DEFINITION]).unwrap();
    world
}

fn import(query: &str, csv: &str) -> String {
    format!(
        "POST /v1/studies/srv_shop/import?{query}\nauthorization: Bearer {{manager}}\n\
         content-type: text/csv\n\n{csv}"
    )
}

/// What was stored, in the order of the keys: the key's end, when, and the answers.
fn stored(world: &World) -> Vec<(String, String, Value)> {
    let database = world.database();
    let text = "select idempotency_key, answered_at_ms, answers from response
                order by idempotency_key";
    let mut statement = database.prepare(text).unwrap();
    let rows = statement.query_map([], |row| {
        let (key, at): (String, i64) = (row.get(0)?, row.get(1)?);
        let key = key.trim_start_matches("import:srv_shop:").to_owned();
        Ok((key, web::view::time(at), web::view::json(&row.get::<_, String>(2)?)))
    });
    rows.unwrap().map(Result::unwrap).collect()
}

#[test]
fn a_file_of_formbricks_is_taken_as_it_is() {
    let world = world();
    let report = world.json(crate::handle, &import("format=formbricks", FORMBRICKS));
    assert_eq!((&report["taken"], &report["refused"]), (&json!(2), &json!(1)), "{report}");
    let refusal = &report["refusals"][0];
    let fields = [&refusal["errors"][0]["field"], &refusal["errors"][1]["field"]];
    assert_eq!(fields, ["recommend", "visit"], "{report}");
    assert_eq!(refusal["line"], 4);
    let left_out = [
        "No.",
        "Finished",
        "Survey ID",
        "Formbricks ID (internal)",
        "User ID",
        "Tags",
        "source",
        "url",
        "userAgent - browser",
        "userAgent - os",
        "userAgent - device",
        "7. Your address",
        "plan",
    ];
    assert_eq!(report["left_out"], json!(left_out));
    let expected = [
        (
            "id:cmb1".to_owned(),
            "2026-06-15T10:00:00Z".to_owned(),
            json!({
                "recommend": 9, "reasons": ["coffee", { "else": "咖啡豆" }], "visit": "daily",
                "rate": { "food": 5, "seat": 4 }, "news": true, "why": "=good", "branch": "north",
            }),
        ),
        // Begun and not finished: what is required elsewhere is absent.
        ("id:cmb2".to_owned(), "2026-06-15T00:10:00Z".to_owned(), json!({ "reasons": ["staff"] })),
    ];
    assert_eq!(stored(&world), expected);
    let everything = "select group_concat(answers || source || channel) from response";
    let text: String = world.database().query_row(everything, [], |row| row.get(0)).unwrap();
    assert!(!text.contains("ann@cafe") && !text.contains("Chrome"), "{text}");

    let again = world.json(crate::handle, &import("format=formbricks", FORMBRICKS));
    assert_eq!((&again["taken"], &again["repeated"]), (&json!(0), &json!(2)));
    let scores = "select count(*) from score where question_id = 'rate.food' and value = 5";
    assert_eq!(world.number(scores), 1);
}

#[test]
fn a_mapping_may_name_hidden_fields_and_cells_the_texts_of_options() {
    let world = world();
    let mapping = r#"{ "answers": { "recommend": "N", "visit": "V", "branch": "B" } }"#;
    world.database().execute("update study set mapping = ?1", [mapping]).unwrap();
    let csv = "N,V,B\n7,Rarely,south\n8,daily,\n9,sometimes,\n";
    let report = world.json(crate::handle, &import("", csv));
    assert_eq!((&report["taken"], &report["refused"]), (&json!(2), &json!(1)), "{report}");
    assert!(report.get("left_out").is_none(), "a mapping says itself what it leaves out");
    let answers: Vec<Value> = stored(&world).into_iter().map(|it| it.2).collect();
    for expected in [
        json!({ "recommend": 7, "visit": "rarely", "branch": "south" }),
        json!({ "recommend": 8, "visit": "daily" }),
    ] {
        assert!(answers.contains(&expected), "{expected} in {answers:?}");
    }
}

#[test]
fn times_without_a_zone_are_utc_unless_one_is_named() {
    let world = world();
    let request = import("format=formbricks&zone=Europe/Berlin", FORMBRICKS);
    world.json(crate::handle, &request);
    assert_eq!(stored(&world)[0].1, "2026-06-15T08:00:00Z");
}

#[test]
fn a_file_of_delighted_brings_its_scores_and_comments() {
    let csv = "Name,Email,Phone Number,Survey Type,Score,Comment,Permalink,Created At,Are you \
               content?,Tags\n\
               Ann,ann@cafe.example,+4930123,nps,10,Lovely,https://app.delighted.com/r/aa,\
               2026-03-01 08:15:00 UTC,4,vip\n\
               Bob,bob@cafe.example,,nps,6,,https://app.delighted.com/r/bb,1772352000,,\n\
               Cem,,,csat,5,,https://app.delighted.com/r/cc,2026-03-02,,\n";
    let csv = csv.replace(" UTC", "");
    let world = world();
    // Even a survey that asks for names takes none from there.
    let asks = "update study_version set definition = replace(definition, '\"Why?\"', '\"Name\"')";
    world.database().execute(asks, []).unwrap();
    let report = world.json(crate::handle, &import("format=delighted", &csv));
    assert_eq!(report["left_out"], json!(["Name", "Email", "Phone Number", "Tags"]));
    assert_eq!((&report["taken"], &report["refused"]), (&json!(2), &json!(1)), "{report}");
    // Scores of two kinds stand in one column only by mistake.
    assert_eq!(report["refusals"][0]["errors"][0]["field"], "survey_type");
    let expected = [
        (
            "id:https://app.delighted.com/r/aa".to_owned(),
            "2026-03-01T08:15:00Z".to_owned(),
            json!({ "recommend": 10, "why": "Lovely", "content": 4 }),
        ),
        (
            "id:https://app.delighted.com/r/bb".to_owned(),
            "2026-03-01T08:00:00Z".to_owned(),
            json!({ "recommend": 6 }),
        ),
    ];
    assert_eq!(stored(&world), expected);
    let text = "select group_concat(answers || idempotency_key) from response";
    let text: String = world.database().query_row(text, [], |row| row.get(0)).unwrap();
    assert!(!text.contains("Ann") && !text.contains("bob@"), "{text}");
}

#[test]
fn satisfaction_goes_to_the_question_of_its_scale() {
    let world = world();
    let csv = "survey_type,score,id\ncsat,4,a\n";
    world.json(crate::handle, &import("format=delighted", csv));
    assert_eq!(stored(&world)[0].2, json!({ "content": 4 }));
    // Of five points, where ours are seven: nobody knows what a 5 would be.
    let effort = import("format=delighted", "survey_type,score,id\nces,5,b\n");
    assert_eq!(world.send(crate::handle, &effort).status(), 422);
}

#[test]
fn a_file_without_any_question_of_ours_is_refused_whole() {
    let world = world();
    for (query, csv) in [
        ("format=formbricks", "\"No.\",\"Response ID\",\"1. What is this?\"\n1,\"a\",\"b\"\n"),
        ("format=formbricks", ""),
        ("format=delighted", "Name,Comment\nAnn,Hm\n"),
        ("format=qualtrics", FORMBRICKS),
        ("format=formbricks&zone=Nowhere", FORMBRICKS),
        ("zone=UTC", FORMBRICKS),
    ] {
        assert_eq!(world.send(crate::handle, &import(query, csv)).status(), 422, "{query}");
    }
    assert_eq!(world.number("select count(*) from response"), 0);
}
