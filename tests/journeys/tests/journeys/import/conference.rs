//! The real file: visitors of a conference rated it and two of its talks from 0 to 10.
//!
//! It is not part of the repository: `HUIYIN_SHARED` names the folder that holds it.

use std::path::PathBuf;
use std::{env, fs};

use bytes::Bytes;
use serde_json::{Value, json};

use super::{cells, counts, import, map};
use crate::server::{Server, leave_out};
use crate::site::{Site, json, text};

const FILE: &str = "survey/pb040_nps_sudzilla_conference.csv";
/// The columns that ask for 0 to 10.
const COLUMNS: [usize; 3] = [1, 3, 4];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_conference_file_is_counted_to_the_last_digit() {
    let Some(folder) = env::var_os("HUIYIN_SHARED") else {
        leave_out(&format!("the real file: HUIYIN_SHARED names no folder with {FILE}"));
        return;
    };
    let path = PathBuf::from(folder).join(FILE);
    let csv = fs::read_to_string(&path).unwrap_or_else(|it| panic!("{}: {it}", path.display()));
    let rows = cells(&csv);
    let (heading, rows) = rows.split_first().unwrap();
    let server = Server::any();
    let site = Site::new(&server).await;
    let questions: Vec<Value> = COLUMNS
        .iter()
        .map(|at| json!({ "id": format!("q{at}"), "type": "nps", "text": heading[*at] }))
        .collect();
    let definition = json!({ "title": "conference", "questions": questions });
    let body = json!({ "name": "conference", "definition": definition });
    let made = site.post("manager", "/v1/studies", body).await;
    let study = text(&made, "id").to_owned();
    site.post("manager", &format!("/v1/studies/{study}/publish"), json!({})).await;
    let mut answers = json!({});
    for at in COLUMNS {
        answers[format!("q{at}")] = json!(heading[at]);
    }
    map(&site, &study, &json!({ "answers": answers })).await;
    let report = json(&import(&site, &study, "en", &Bytes::from(csv.clone())).await);
    let all = rows.len() as u64;
    assert_eq!(counts(&report), [all, all, 0, 0], "{report}");
    for at in COLUMNS {
        let shown = site.get("viewer", &format!("/v1/nps?survey={study}&question=q{at}")).await;
        check(&shown, rows.iter().filter_map(|row| row[at].parse().ok()));
    }
}

/// Plain arithmetic over a column.
fn check(shown: &Value, answers: impl Iterator<Item = u8>) {
    let answers: Vec<u8> = answers.collect();
    let n = answers.len() as f64;
    let promoters = answers.iter().filter(|it| 9 <= **it).count() as f64;
    let detractors = answers.iter().filter(|it| **it <= 6).count() as f64;
    let near = |found: &Value, wanted: f64| {
        let found = found.as_f64().unwrap();
        assert!((found - wanted).abs() < 0.051, "{found} is not {wanted}: {shown}");
    };
    assert_eq!(shown["n"], answers.len());
    near(&shown["value"], 100.0 * (promoters - detractors) / n);
    // Three answers are made up, as Rocks (2016) does.
    let (p, d) = ((promoters + 0.75) / (n + 3.0), (detractors + 0.75) / (n + 3.0));
    let margin = 1.959_964 * ((p + d - (p - d).powi(2)) / (n + 3.0)).sqrt();
    near(&shown["interval"][0], (100.0 * (p - d - margin)).max(-100.0));
    near(&shown["interval"][1], (100.0 * (p - d + margin)).min(100.0));
    near(&shown["promoters"]["value"], 100.0 * promoters / n);
}
