//! A CSV becomes responses: every row is told of, none is taken twice, and the figures are what
//! plain arithmetic over the file gives, to the last digit.

mod airline;
mod conference;
mod sheet;

use std::collections::BTreeMap;
use std::time::UNIX_EPOCH;

use bytes::Bytes;
use runner::client::Answer;
use serde_json::{Value, json};

use self::sheet::{Sheet, Tally};
use crate::server::{Server, date};
use crate::site::{Site, fresh, header, json, text};

/// The first of the days that the sheet tells of, before today.
const DAYS: &str = "-40 days";

async fn import(site: &Site, study: &str, language: &str, csv: &Bytes) -> Answer {
    let head = format!(
        "POST /v1/studies/{study}/import\nauthorization: Bearer {{manager}}\n\
         content-type: text/csv; charset=utf-8\naccept-language: {language}"
    );
    site.send_bytes(&head, csv.clone()).await
}

/// The report's counts: rows, taken, repeated, refused.
fn counts(report: &Value) -> [u64; 4] {
    ["rows", "taken", "repeated", "refused"].map(|it| report[it].as_u64().unwrap())
}

/// What was refused: the line in the file, and the fields that were wrong there.
fn refusals(report: &Value) -> BTreeMap<u64, Vec<String>> {
    let refusals = report["refusals"].as_array().unwrap().iter();
    let fields = |it: &Value| {
        let errors = it["errors"].as_array().unwrap();
        errors.iter().map(|it| text(it, "field").to_owned()).collect()
    };
    refusals.map(|it| (it["line"].as_u64().unwrap(), fields(it))).collect()
}

/// A number as JSON tells it: `times` times a fraction, rounded half away from zero to as many
/// decimals as `unit` has zeros.
fn told(numerator: u64, denominator: u64, times: u64, unit: u64) -> String {
    let rounded = (2 * numerator * times * unit + denominator) / (2 * denominator);
    let digits = unit.to_string().len() - 1;
    let (whole, part) = (rounded / unit, format!("{:0digits$}", rounded % unit));
    // JSON has at least one decimal and no zeros behind it.
    let part = part.trim_end_matches('0');
    format!("{whole}.{}", if part.is_empty() { "0" } else { part })
}

/// Wilson's interval of a share, in percent, solved from `(p̂ − p)² = z² p (1 − p) / n` for `p`.
fn wilson(hits: u64, n: u64) -> (f64, f64) {
    #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
    let (share, n) = (hits as f64 / n as f64, n as f64);
    let z2 = 1.959_964_f64.powi(2);
    // A quadratic: a p² − 2 b p + c = 0.
    let (a, b, c) = (1.0 + z2 / n, share + z2 / (2.0 * n), share * share);
    let root = (b * b - a * c).sqrt();
    (100.0 * (b - root) / a, 100.0 * (b + root) / a)
}

/// Checks a satisfaction score against the answers that were counted by hand.
#[track_caller]
fn check_score(shown: &Value, tally: &Tally, what: &str) {
    check_brief(shown, tally, what);
    let n: u64 = tally.iter().sum();
    if n < 5 {
        return;
    }
    let sum: u64 = (1..).zip(tally).map(|(value, count)| value * count).sum();
    assert_eq!(shown["mean"]["value"].to_string(), told(sum, n, 1, 100), "{what}: {shown}");
    let best = &shown["very_satisfied"]["value"];
    assert_eq!(best.to_string(), told(tally[4], n, 100, 10), "{what}: {shown}");
    for (value, count) in (1..).zip(tally) {
        assert_eq!(shown["distribution"][u64::to_string(&value)], *count, "{what}: {value}");
    }
}

/// The same for a score of a list or a curve, which is told shortly.
#[track_caller]
fn check_brief(shown: &Value, tally: &Tally, what: &str) {
    let n: u64 = tally.iter().sum();
    assert_eq!(shown["n"], n, "{what}");
    assert_eq!(shown["suppressed"], n < 5, "{what}");
    if n < 5 {
        assert!(shown["value"].is_null(), "{what}: few answers are people");
        return;
    }
    let satisfied = tally[3] + tally[4];
    assert_eq!(shown["value"].to_string(), told(satisfied, n, 100, 10), "{what}: {shown}");
    let (low, high) = wilson(satisfied, n);
    let interval = &shown["interval"];
    let near = |end: &Value, wanted: f64| (end.as_f64().unwrap() - wanted).abs() < 0.051;
    assert!(near(&interval[0], low) && near(&interval[1], high), "{what}: {low} {high} {shown}");
}

/// Checks the parts of a cut, each by its key.
#[track_caller]
fn check_parts(shown: &Value, expected: &BTreeMap<String, Tally>, what: &str) {
    // Steps of time follow one another, with an answer or without.
    let parts = shown["parts"].as_array().unwrap();
    let parts: Vec<&Value> = parts.iter().filter(|it| it["n"] != 0).collect();
    let keys: Vec<&str> = parts.iter().map(|it| text(it, "key")).collect();
    let wanted: Vec<&str> = expected.keys().map(String::as_str).collect();
    assert_eq!(keys, wanted, "{what}");
    for (part, tally) in parts.iter().zip(expected.values()) {
        match what {
            "day" => check_brief(part, tally, what),
            _ => check_score(part, tally, what),
        }
    }
}

/// Makes a touchpoint for each item and a survey that asks all of them; its id and theirs.
async fn survey(site: &Site, items: &[&str]) -> (String, Vec<String>) {
    let mut touchpoints = Vec::new();
    let mut questions = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let body = json!({ "name": item, "stage": "purchase" });
        let made = site.post("manager", "/v1/touchpoints", body).await;
        let id = text(&made, "id").to_owned();
        questions.push(json!({ "id": format!("item_{at}"), "type": "rating", "points": 5,
            "text": item, "touchpoint_id": id }));
        touchpoints.push(id);
    }
    questions.push(json!({ "id": "comment", "type": "text", "text": "意见" }));
    questions.push(json!({ "id": "overall", "type": "single_choice", "text": "总体", "options": [
        { "id": "yes", "text": "满意" }, { "id": "no", "text": "不满意" } ] }));
    let definition = json!({ "title": "回访", "questions": questions });
    (site.publish("回访", &definition.to_string()).await, touchpoints)
}

/// Everything that is written but the log, where each import leaves an event of its own.
async fn kept(server: &Server, site: &Site) -> BTreeMap<String, String> {
    let mut written = server.written(&[site]).await;
    written.remove("event");
    let responses = "select count(*) from event where kind = 'response.created'";
    if let Some(count) = server.number(responses) {
        written.insert("responses in the log".to_owned(), count.to_string());
    }
    written
}

async fn map(site: &Site, study: &str, mapping: &Value) {
    let put = format!("PUT /v1/studies/{study}/mapping\nauthorization: Bearer {{manager}}");
    assert_eq!(&site.json(&format!("{put}\n\n{mapping}")).await, mapping);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sheet_is_taken_row_by_row_and_counted_to_the_last_digit() {
    let server = Server::any();
    let site = Site::new(&server).await;
    let today = text(&site.get("viewer", "/v1/nps").await, "to").to_owned();
    let sheet = Sheet::new(20_261_122, &date(&today, DAYS));
    let (study, touchpoints) = survey(&site, &sheet::ITEMS).await;
    map(&site, &study, &sheet.mapping()).await;

    let first = import(&site, &study, "en", &sheet.csv).await;
    assert_eq!(first.status, 200, "{}", first.text());
    let report = json(&first);
    let [taken, repeated, refused] = [sheet.taken, sheet.repeated, sheet.refused.len() as u64];
    assert_eq!(counts(&report), [taken + repeated + refused, taken, repeated, refused]);
    assert_eq!(refusals(&report), sheet.refused);
    check_sheet(&site, &sheet, &touchpoints, &today).await;
    server.check_number("select count(*) from response", i64::try_from(taken).unwrap());
    server.check_rollups();

    let before = kept(&server, &site).await;
    let again = json(&import(&site, &study, "zh-CN", &sheet.csv).await);
    assert_eq!(counts(&again), [taken + repeated + refused, 0, taken + repeated, refused]);
    assert_eq!(refusals(&again), sheet.refused);
    let detail = &again["refusals"][0]["errors"][0]["detail"];
    assert!(!detail.as_str().unwrap().is_ascii(), "told in Chinese: {detail}");
    assert_eq!(kept(&server, &site).await, before, "a repeated import changes nothing");
    check_sheet(&site, &sheet, &touchpoints, &today).await;

    // Somebody mended one row: it is another answer under the same id, and is not taken.
    let changed = json(&import(&site, &study, "en", &sheet.changed()).await);
    assert_eq!(counts(&changed), [1, 0, 0, 1]);
    assert_eq!(refusals(&changed), BTreeMap::from([(2, vec!["id".to_owned()])]));
    check_sheet(&site, &sheet, &touchpoints, &today).await;
}

/// Every figure that the sheet makes, cut in every way.
async fn check_sheet(site: &Site, sheet: &Sheet, touchpoints: &[String], today: &str) {
    let span = format!("from={}&to={today}", date(today, DAYS));
    let mut by_touchpoint = BTreeMap::new();
    for (at, id) in touchpoints.iter().enumerate() {
        let total = sheet.tally(|row| row.ratings[at], |_| true);
        let path = format!("/v1/csat?{span}&touchpoint={id}");
        check_score(&site.get("viewer", &path).await, &total, sheet::ITEMS[at]);
        let cuts: [(&str, sheet::Key); 3] =
            [("day", |row| &row.day), ("channel", |row| row.channel), ("group", |row| row.group)];
        for (by, key) in cuts {
            let shown = site.get("viewer", &format!("{path}&by={by}")).await;
            check_parts(&shown, &sheet.parts(at, key), by);
        }
        by_touchpoint.insert(id.clone(), total);
    }
    let shown = site.get("viewer", &format!("/v1/csat?{span}&by=touchpoint")).await;
    check_parts(&shown, &by_touchpoint, "touchpoint");
    check_score(&shown, &sheet.all(), "all");
    let shown = site.get("viewer", &format!("/v1/dashboard?{span}")).await;
    for touchpoint in shown["touchpoints"].as_array().unwrap() {
        let id = text(touchpoint, "id");
        check_brief(&touchpoint["csat"], &by_touchpoint[id], id);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_sheet_twice_at_once_is_taken_once() {
    let server = Server::any();
    let site = Site::new(&server).await;
    let today = text(&site.get("viewer", "/v1/nps").await, "to").to_owned();
    let sheet = Sheet::new(7, &date(&today, DAYS));
    let (study, touchpoints) = survey(&site, &sheet::ITEMS).await;
    map(&site, &study, &sheet.mapping()).await;
    let sent = [0, 1, 2].map(|_| {
        let (site, study, csv) = (site.clone(), study.clone(), sheet.csv.clone());
        tokio::spawn(async move { json(&import(&site, &study, "en", &csv).await) })
    });
    let mut taken = 0;
    for report in sent {
        let report = report.await.unwrap();
        let [rows, took, repeated, refused] = counts(&report);
        assert_eq!(took + repeated + refused, rows, "{report}");
        assert_eq!(refusals(&report), sheet.refused);
        taken += took;
    }
    assert_eq!(taken, sheet.taken);
    check_sheet(&site, &sheet, &touchpoints, &today).await;
    server.check_rollups();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_with_a_key_is_answered_as_it_was_first() {
    let server = Server::any();
    let site = Site::new(&server).await;
    let (study, _) = survey(&site, &["咨询"]).await;
    map(&site, &study, &json!({ "answers": { "item_0": "item" } })).await;
    let head = format!(
        "POST /v1/studies/{study}/import\nauthorization: Bearer {{manager}}\n\
         content-type: text/csv\nidempotency-key: sheet-1"
    );
    // Three rows that are alike are three answers, and stay three.
    let csv = Bytes::from_static(b"item\n5\n5\n5\n9\n");
    let sent = [0; 3].map(|_| {
        let (site, head, csv) = (site.clone(), head.clone(), csv.clone());
        tokio::spawn(async move { site.send_bytes(&head, csv).await })
    });
    let mut reports = Vec::new();
    for report in sent {
        reports.push(report.await.unwrap());
    }
    let replays = reports.iter().filter(|it| header(it, "idempotent-replayed") == "true").count();
    assert_eq!(replays, 2);
    assert!(reports.iter().all(|it| it.body == reports[0].body), "{reports:#?}");
    assert_eq!(site.get("viewer", "/v1/csat").await["n"], 3);
    let other = site.send_bytes(&head, Bytes::from_static(b"item\n4\n")).await;
    assert_eq!(other.status, 422, "{}", other.text());
    assert_eq!(json(&other)["type"], "/problems/idempotency-key-reused");
    assert_eq!(site.get("viewer", "/v1/csat").await["n"], 3, "nothing of it was taken");
    server.check_number("select count(*) from event where kind = 'study.imported'", 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_waits_in_vain_while_a_sheet_is_imported() {
    let server = Server::any();
    let site = Site::with_survey(&server).await;
    let today = text(&site.get("viewer", "/v1/nps").await, "to").to_owned();
    let sheet = Sheet::new(3, &date(&today, DAYS));
    let (study, touchpoints) = survey(&site, &sheet::ITEMS).await;
    map(&site, &study, &sheet.mapping()).await;
    let importing = {
        let (site, csv) = (site.clone(), sheet.csv.clone());
        tokio::spawn(async move { json(&import(&site, &study, "en", &csv).await) })
    };
    let visits = (0..16).map(|_| {
        let site = site.clone();
        tokio::spawn(async move {
            for _ in 0..10 {
                let body = json!({ "version": 1, "answers": { "recommend": 9 } });
                assert_eq!(site.submit(&fresh("visit"), &body).await.status, 201);
                assert_eq!(
                    site.send("GET /v1/nps\nauthorization: Bearer {viewer}").await.status,
                    200
                );
            }
        })
    });
    for visit in visits.collect::<Vec<_>>() {
        visit.await.unwrap();
    }
    assert_eq!(importing.await.unwrap()["taken"], sheet.taken);
    assert_eq!(site.get("viewer", "/v1/nps").await["n"], 160);
    let total = sheet.tally(|row| row.ratings[0], |_| true);
    let path =
        format!("/v1/csat?from={}&to={today}&touchpoint={}", date(&today, DAYS), touchpoints[0]);
    check_score(&site.get("viewer", &path).await, &total, &path);
    server.check_rollups();
}

/// Zones in one of which, at any time, the morning is under way, and how far they are ahead.
const ZONES: [(&str, i64); 4] = [
    ("Pacific/Honolulu", -10 * 60),
    ("America/Sao_Paulo", -3 * 60),
    ("Asia/Kolkata", 5 * 60 + 30),
    ("Asia/Tokyo", 9 * 60),
];

// A day without a time stands for its midday: in the morning that is still to come.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_without_a_time_may_be_today_in_the_morning_too() {
    let server = Server::any();
    let site = Site::new(&server).await;
    let minute = i64::try_from(UNIX_EPOCH.elapsed().unwrap().as_secs() / 60).unwrap();
    let is_morning = |ahead: i64| (60..11 * 60).contains(&(minute + ahead).rem_euclid(24 * 60));
    let (zone, _) = ZONES.into_iter().find(|(_, ahead)| is_morning(*ahead)).unwrap();
    let change = "PATCH /v1/sites/{site}\nauthorization: Bearer {admin}";
    site.json(&format!("{change}\n\n{{\"zone\": \"{zone}\"}}")).await;
    let (study, _) = survey(&site, &["咨询"]).await;
    let mapping = json!({ "answered_at": "day", "answers": { "item_0": "item" } });
    map(&site, &study, &mapping).await;
    let today = text(&site.get("viewer", "/v1/csat").await, "to").to_owned();
    let tomorrow = date(&today, "+1 day");
    let csv = Bytes::from(format!("day,item\n{today},5\n{tomorrow},5\n"));
    let report = json(&import(&site, &study, "en", &csv).await);
    assert_eq!(counts(&report), [2, 1, 0, 1], "{zone}: {report}");
    let shown = site.get("viewer", "/v1/csat?by=day").await;
    let last = shown["parts"].as_array().unwrap().last().unwrap();
    assert_eq!((text(last, "key"), &last["n"]), (today.as_str(), &json!(1)));
}

/// The cells of a CSV that quotes what needs it.
pub(crate) fn cells(csv: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    for it in csv.trim_start_matches('\u{feff}').chars() {
        match it {
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            '\r' => {}
            it => cell.push(it),
        }
    }
    if !cell.is_empty() || !row.is_empty() {
        row.push(cell);
        rows.push(row);
    }
    rows
}
