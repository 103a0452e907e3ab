//! The real file: 5,200 passengers rated fourteen items from 0, "not applicable", to 5.
//!
//! It is not part of the repository: `HUIYIN_SHARED` names the folder that holds
//! `survey/airline_satisfaction_dev.csv`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::{env, fs};

use bytes::Bytes;
use serde_json::{Value, json};

use super::{Tally, check_parts, check_score, counts, import, kept, map, survey};
use crate::server::{Server, leave_out};
use crate::site::{Site, json};

const FILE: &str = "survey/airline_satisfaction_dev.csv";
/// The columns of the items.
const ITEMS: std::ops::Range<usize> = 7..21;
const CUSTOMER_TYPE: usize = 2;
const GROUPS: [(&str, &str); 2] = [("Loyal Customer", "existing"), ("disloyal Customer", "new")];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_airline_file_is_counted_to_the_last_digit() {
    let Some(folder) = env::var_os("HUIYIN_SHARED") else {
        leave_out(&format!("the real file: HUIYIN_SHARED names no folder with {FILE}"));
        return;
    };
    let path = PathBuf::from(folder).join(FILE);
    let csv = fs::read_to_string(&path).unwrap_or_else(|it| panic!("{}: {it}", path.display()));
    assert!(!csv.contains('"'), "the file quotes nothing, so that lines and commas are enough");
    let mut lines = csv.lines().map(|it| it.split(',').collect::<Vec<_>>());
    let heading = lines.next().unwrap();
    let rows: Vec<Vec<&str>> = lines.collect();
    let server = Server::any();
    let site = Site::new(&server).await;
    let (study, touchpoints) = survey(&site, &heading[ITEMS]).await;
    map(&site, &study, &mapping(&heading)).await;

    let csv = Bytes::from(csv.clone());
    let report = json(&import(&site, &study, "en", &csv).await);
    let all = rows.len() as u64;
    assert_eq!(counts(&report), [all, all, 0, 0], "{report}");
    check(&site, &rows, &touchpoints).await;
    let before = kept(&server, &site).await;
    let report = json(&import(&site, &study, "en", &csv).await);
    assert_eq!(counts(&report), [all, 0, all, 0], "{report}");
    assert_eq!(kept(&server, &site).await, before, "a repeated import changes nothing");
    check(&site, &rows, &touchpoints).await;
    server.check_number("select count(*) from response", i64::try_from(all).unwrap());
    server.check_rollups();
}

/// As a person would write it.
fn mapping(heading: &[&str]) -> Value {
    let mut answers = json!({ "overall": { "column": "satisfaction",
        "map": { "satisfied": "yes", "neutral or dissatisfied": "no" } } });
    for (at, column) in heading[ITEMS].iter().enumerate() {
        answers[format!("item_{at}")] = json!({ "column": column, "not_applicable": ["0"] });
    }
    let groups: Value = GROUPS.iter().map(|(word, it)| ((*word).to_owned(), json!(it))).collect();
    json!({ "id": "id", "group": { "column": "Customer Type", "map": groups },
        "answers": answers })
}

/// Compares every touchpoint, alone and by group, with what the file says.
async fn check(site: &Site, rows: &[Vec<&str>], touchpoints: &[String]) {
    let mut by_touchpoint = BTreeMap::new();
    for (item, id) in ITEMS.zip(touchpoints) {
        let total = tally(rows, item, |_| true);
        let path = format!("/v1/csat?touchpoint={id}");
        check_score(&site.get("viewer", &path).await, &total, &path);
        let groups = GROUPS.map(|(word, group)| {
            (group.to_owned(), tally(rows, item, |row| row[CUSTOMER_TYPE] == word))
        });
        let shown = site.get("viewer", &format!("{path}&by=group")).await;
        check_parts(&shown, &groups.into(), &path);
        by_touchpoint.insert(id.clone(), total);
    }
    let shown = site.get("viewer", "/v1/csat?by=touchpoint").await;
    check_parts(&shown, &by_touchpoint, "by touchpoint");
}

/// How often each value from 1 to 5 stands in a column; 0 is "not applicable".
fn tally(rows: &[Vec<&str>], column: usize, of: impl Fn(&[&str]) -> bool) -> Tally {
    let mut tally = [0; 5];
    for row in rows.iter().filter(|row| of(row)) {
        match row[column] {
            "0" => {}
            rating => tally[rating.parse::<usize>().unwrap() - 1] += 1,
        }
    }
    tally
}
