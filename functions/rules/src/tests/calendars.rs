//! Calendars: read, made, changed, with their days.

use ports::Verb;
use serde_json::json;

use super::{ESCAPED, HOSTILE, Stage, has, has_not, location, text};

const PATH: &str = "/desk/rules/calendars";

/// A calendar of the site's own, and its page.
fn made(stage: &Stage) -> String {
    let body = json!({
        "name": HOSTILE, "zone": "Asia/Shanghai", "country": "china",
        "week": { "monday": [["09:00", "12:00"], ["13:00", "18:00", 2]],
            "saturday": [["10:00", "24:00"]] },
        "exceptions": [{ "date": "2026-12-24", "hours": [], "name": HOSTILE }]
    });
    let told = stage.api("POST /v1/calendars", &body.to_string());
    format!("{PATH}/{}", told["id"].as_str().unwrap())
}

#[test]
fn the_list_has_those_that_ship_and_warns_of_years_that_nobody_loaded() {
    let stage = Stage::new("manager");
    let own = made(&stage);
    let page = stage.page(&format!("{PATH}?lang=en"));
    has(&page, &[&format!("{own}?lang=en"), ESCAPED, "Office hours in China", "Around the clock"]);
    has(&page, &["holidays are known until 2026-12-31 only", "Monday to Friday 09:00–12:00"]);
    has(&page, &[&format!("{PATH}/new?lang=en")]);
    has(&stage.page(&format!("{PATH}?lang=zh")), &["节假日仅知至 2026-12-31", "内置"]);
}

#[test]
fn a_calendar_shows_its_hours_and_marks_the_days_that_are_otherwise() {
    let stage = Stage::new("manager");
    let own = made(&stage);
    let page = stage.page(&format!("{own}?lang=en&year=2026"));
    has(&page, &["Monday 09:00–12:00, 13:00–18:00 (2 calls at once)", "closed", "The year 2026"]);
    has(&page, &["Load the next year once it is announced", "1 October", "public holiday"]);
    // 24 December is a Thursday, closed as every Thursday here: nothing is marked, but it is told.
    has(&page, &[&format!("{ESCAPED} · your own"), "value=\"2026-12-24\"", "Take away"]);
    // 10 October is a make-up day on a Saturday that has Monday's hours; 5 October a Monday off.
    has(&page, &[">10<b class=\"mark other\">other</b>", ">5<b class=\"mark off\">off</b>"]);
    has(&page, &["A calendar of working hours was made."]);
    let zh = stage.page(&format!("{own}?lang=zh&year=2026"));
    has(&zh, &["休</b>", "2026 年", "10月", "变更记录"]);
    let next = stage.page(&format!("{own}?lang=en&year=2027"));
    has(&next, &["Not all holidays of this year are known", "No day of this year is otherwise."]);
    let shipped = stage.page(&format!("{PATH}/china_office?lang=en"));
    has(&shipped, &["This calendar ships and stays as it is."]);
    has_not(&shipped, &["/edit?", "Take away"]);
}

#[test]
fn it_says_when_something_would_be_due() {
    let stage = Stage::new("viewer");
    let ask = "from=2026-11-20T17:00&length=2&unit=hours";
    let page = stage.page(&format!("{PATH}/office?lang=en&{ask}"));
    has(&page, &["It would be due ", "Monday 23 November, 10:00", "Asia/Shanghai"]);
    let ask = "from=2026-11-20T17:00&length=2&unit=working_days";
    let page = stage.page(&format!("{PATH}/office?lang=zh&{ask}"));
    has(&page, &["到期时间：", "11月24日（星期二）18:00"]);
    let page = stage.page(&format!("{PATH}/office?lang=en&length=lots&unit=hours"));
    has(&page, &["aria-invalid", "value=\"lots\"", "must be a whole number from 1 to 2000"]);
    has_not(&page, &["It would be due"]);
    let ask = "from=2026-12-31T17:00&length=90&unit=hours";
    let page = stage.page(&format!("{PATH}/office?lang=en&{ask}"));
    has(&page, &["whose holidays nobody announced yet"]);
}

#[test]
fn a_new_calendar_is_typed_as_people_type_hours() {
    let stage = Stage::new("manager");
    let new = format!("{PATH}/new");
    has(&stage.page(&format!("{new}?lang=en")), &["value=\"09:00-12:00 13:00-18:00\""]);
    let filled = [
        ("name", "Night"),
        ("zone", "Europe/Paris"),
        ("country", "none"),
        ("week/monday", "9:00–12:00, 13:00-18:00*2"),
        ("week/tuesday", ""),
        ("make_up", "10-12"),
    ];
    let answer = stage.post(&new, &format!("{new}?lang=en"), &filled);
    assert_eq!(answer.status(), 303, "{}", text(&answer));
    assert!(location(&answer).contains("done=created"));
    let (verb, target, body) = stage.last();
    assert_eq!((verb, target.as_str()), (Verb::Post, "/v1/calendars"));
    assert_eq!(body["week"]["monday"], json!([["09:00", "12:00"], ["13:00", "18:00", 2]]));
    assert_eq!(
        (&body["week"]["sunday"], &body["make_up"]),
        (&json!([]), &json!([["10:00", "12:00"]]))
    );
    assert!(stage.header("idempotency-key").is_some() && stage.header("if-match").is_none());
}

#[test]
fn mistakes_stand_beside_their_fields_with_what_was_typed() {
    let stage = Stage::new("manager");
    let new = format!("{PATH}/new");
    let filled = [
        ("name", HOSTILE),
        ("zone", "Moon"),
        ("country", "none"),
        ("week/monday", "morning"),
        ("week/friday", "18:00-09:00"),
    ];
    let answer = stage.post(&new, &format!("{new}?lang=en"), &filled);
    assert_eq!(answer.status(), 422);
    let page = text(&answer);
    has(&page, &["must be shifts such as", "value=\"morning\"", "href=\"#week/monday\"", ESCAPED]);
    assert!(stage.made.borrow().is_empty(), "what cannot be read is not sent");
    let filled = [
        ("name", "x"),
        ("zone", "Moon"),
        ("country", "none"),
        ("week/monday", "25:00-26:00"),
        ("week/friday", "18:00-09:00"),
    ];
    let answer = stage.post(&new, &format!("{new}?lang=zh"), &filled);
    let page = text(&answer);
    has(&page, &["须为 IANA 时区", "须为时刻", "value=\"25:00-26:00\"", "value=\"18:00-09:00\""]);
    let filled = [("name", "x"), ("zone", "UTC"), ("country", "none"), ("week/friday", "18-09")];
    let page = text(&stage.post(&new, &format!("{new}?lang=en"), &filled));
    has(&page, &["Friday: must end after it begins"]);
}

#[test]
fn whoever_comes_late_sees_what_the_other_one_saved_and_keeps_their_own() {
    let stage = Stage::new("manager");
    let own = made(&stage);
    let edit = format!("{own}/edit");
    has(&stage.page(&format!("{edit}?lang=en")), &["value=\"09:00-12:00 13:00-18:00*2\""]);
    let target = format!("PATCH /v1/calendars/{}", own.rsplit('/').next().unwrap());
    stage.api(&target, r#"{ "week": { "monday": [["07:00", "15:00"]] } }"#);
    let filled = [
        ("version", "1"),
        ("name", "Mine"),
        ("zone", "Asia/Shanghai"),
        ("country", "china"),
        ("week/monday", "08:00-16:00"),
        ("week/saturday", "10:00-24:00"),
        ("known_until", "2026-12-31"),
    ];
    let answer = stage.post(&edit, &format!("{edit}?lang=en"), &filled);
    assert_eq!(answer.status(), 412);
    assert_eq!(stage.header("if-match").as_deref(), Some("\"v1\""));
    let page = text(&answer);
    has(
        &page,
        &["Somebody else changed this", "value=\"08:00-16:00\"", "name=\"version\" value=\"2\""],
    );
    has(&page, &["Meanwhile somebody else saved: 07:00-15:00"]);
    assert_eq!(page.matches("Meanwhile somebody else saved").count(), 2, "hours and name differ");
    let mut again = filled;
    again[0].1 = "2";
    let answer = stage.post(&edit, &format!("{edit}?lang=en"), &again);
    assert_eq!(
        (answer.status().as_u16(), location(&answer)),
        (303, format!("{own}?lang=en&done=saved"))
    );
}

#[test]
fn days_are_added_one_by_one_or_as_a_year_and_taken_away() {
    let stage = Stage::new("manager");
    let own = made(&stage);
    let days = format!("{own}/days");
    let filled = [("date", "2026-12-25"), ("hours", "9-12"), ("name", "圣诞")];
    let answer = stage.post(&days, &format!("{days}?lang=en"), &filled);
    assert_eq!(location(&answer), format!("{own}?year=2026&lang=en&done=saved"));
    let (_, target, body) = stage.last();
    assert!(target.ends_with("/days"));
    let day = json!({ "date": "2026-12-25", "name": "圣诞", "hours": [["09:00", "12:00"]] });
    assert_eq!(body, json!({ "days": [day] }));
    has(&stage.page(&format!("{own}?lang=en&year=2026")), &["圣诞 · your own", "25 December"]);
    // The other exception stays.
    let answer = stage.post(&own, &format!("{own}/remove?lang=en"), &[("date", "2026-12-25")]);
    assert_eq!(answer.status(), 303);
    let (verb, _, body) = stage.last();
    assert_eq!((verb, body["exceptions"].as_array().unwrap().len()), (Verb::Patch, 1));
    assert_eq!(body["exceptions"][0]["date"], "2026-12-24");

    let file = r#"{"year": 2027, "days": [
        {"name": "元旦", "date": "2027-01-01", "isOffDay": true},
        {"name": "元旦", "date": "2027-01-09", "isOffDay": false}]}"#;
    let answer = stage.post(&days, &format!("{days}?lang=en"), &[("file", file)]);
    assert_eq!(location(&answer), format!("{own}?year=2027&lang=en&done=saved"));
    let csv = "date,name,is_off\n2027-02-06,春节,true\n";
    let answer = stage.post(&days, &format!("{days}?lang=en"), &[("file", csv)]);
    assert_eq!(answer.status(), 303, "{}", text(&answer));
    assert_eq!(stage.header("content-type").as_deref(), Some("text/csv"));
    has(&stage.page(&format!("{own}?lang=en&year=2027")), &["春节 · your own", "6 February"]);
}

#[test]
fn what_is_wrong_with_days_is_told_at_its_place() {
    let stage = Stage::new("manager");
    let own = made(&stage);
    let days = format!("{own}/days");
    let answer =
        stage.post(&days, &format!("{days}?lang=en"), &[("date", "25.12."), ("hours", "9-8")]);
    assert_eq!(answer.status(), 422);
    has(&text(&answer), &["must be a date such as", "value=\"9-8\"", "value=\"25.12.\""]);
    let csv = format!("date,name,is_off\n2027-02-30,{HOSTILE},maybe\n");
    let answer = stage.post(&days, &format!("{days}?lang=en"), &[("file", &csv)]);
    assert_eq!(answer.status(), 422);
    let page = text(&answer);
    has(&page, &["2/date must be a date", "2/is_off must be true or false", ESCAPED]);
    super::sound(&page);
}
