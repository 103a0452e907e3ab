//! How long the pages of the desk take where 100,000 cases stand.
//!
//! `cargo test --profile bench -p journeys scale -- --ignored --nocapture` prints the table of
//! `docs/speed.md`.

use std::time::Instant;

use rusqlite::Connection;
use serde_json::json;

use crate::server::Server;
use crate::site::{Site, items, text};

/// How many cases there are to be.
const CASES: i64 = 100_000;
/// How often each page is asked for, after it was asked for a few times.
const TIMES: usize = 60;
/// The median that a page may take.
const BAR_MS: f64 = 15.0;

/// The pages, and as whom they are asked for.
const PAGES: [(&str, &str); 24] = [
    ("agent", "/desk/complaints"),
    ("admin", "/desk/complaints?tab=all"),
    ("admin", "/desk/complaints?tab=all&sort=newest"),
    ("admin", "/desk/complaints?q=漏水"),
    ("agent", "/desk/complaints/{case}"),
    ("agent", "/desk/complaints/new"),
    ("agent", "/desk/callbacks"),
    ("agent", "/desk/callbacks/{call}"),
    ("admin", "/desk/supply"),
    ("agent", "/desk/inbox"),
    ("agent", "/desk/inbox/low"),
    ("agent", "/desk/inbox/texts"),
    ("agent", "/desk/customers"),
    ("agent", "/desk/customers/{customer}"),
    ("admin", "/desk/surveys"),
    ("admin", "/desk/surveys/{survey}"),
    ("admin", "/desk/surveys/{survey}/edit"),
    ("admin", "/desk/settings"),
    ("admin", "/desk/settings/touchpoints"),
    ("admin", "/desk/settings/touchpoints/{touchpoint}"),
    ("admin", "/desk/rules"),
    ("admin", "/desk/rules/calendars/{calendar}"),
    ("admin", "/desk/rules/grading"),
    ("admin", "/desk/sessions"),
];

/// Copies the cases of the demonstration, with what was said in them and their events, until there
/// are enough: each copy has an id and a number of its own.
fn multiply(database: &Connection) {
    let count = |table: &str| -> i64 {
        let sql = format!("select count(*) from {table}");
        database.query_row(&sql, [], |row| row.get(0)).unwrap()
    };
    let copies = CASES / count("complaint") + 1;
    let sixes = |column: &str| {
        format!("substr({column}, 1, length({column}) - 6) || printf('%06d', n.value)")
    };
    for (table, made, key) in [
        (
            "complaint",
            vec![
                ("id", sixes("id")),
                ("number", "printf('%06d-', n.value) || substr(number, 8)".to_owned()),
                ("once", "once || '-' || n.value".to_owned()),
                // Nothing is due of the copies, or the clock would work on them.
                ("next_step_ms", "null".to_owned()),
            ],
            "1",
        ),
        ("case_text", vec![("case_id", sixes("case_id"))], "1"),
        (
            "event",
            vec![("subject", sixes("subject")), ("id", "id || '-' || n.value".to_owned())],
            "subject like 'cmp_%'",
        ),
    ] {
        let columns: Vec<String> = database
            .prepare(&format!("select name from pragma_table_info('{table}')"))
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .filter(|it| !(table == "event" && it == "seq"))
            .collect();
        let values: Vec<String> = columns
            .iter()
            .map(|it| {
                made.iter().find(|made| made.0 == it).map_or(it.clone(), |made| made.1.clone())
            })
            .collect();
        let sql = format!(
            "insert into {table} ({}) select {} from {table},
               (with recursive n (value) as (select 1 union all select value + 1 from n
                  where value < {copies}) select value from n) n
             where {key}",
            columns.join(", "),
            values.join(", ")
        );
        database.execute_batch(&sql).unwrap();
    }
    assert!(CASES <= count("complaint"), "{}", count("complaint"));
    database.execute_batch("analyze; pragma wal_checkpoint(truncate);").unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "it measures, and takes minutes"]
#[expect(clippy::print_stdout, reason = "a table is what it is for")]
async fn pages_of_the_desk_answer_in_time_with_100_000_cases() {
    let Some(server) = Server::ours("pages of the desk with many cases") else { return };
    server.play_demo().await;
    let mut site = Site::none(&server);
    let sites = site.get("owner", "/v1/sites").await;
    site.name("site", text(&items(&sites)[0], "id"));
    let agents = site.get("owner", "/v1/agents?site={site}&limit=100").await;
    let agent = items(&agents).iter().find(|it| it["calls_per_day"].as_i64() > Some(0)).unwrap();
    for (role, agent) in [("admin", ""), ("agent", text(agent, "id"))] {
        let mut body = json!({ "kind": "secret", "name": role, "role": role });
        if !agent.is_empty() {
            body["agent_id"] = agent.into();
        }
        let made = site.post("owner", "/v1/keys?site={site}", body).await;
        site.name(role, text(&made, "key"));
    }
    multiply(&server.database().unwrap());
    name_some(&mut site).await;
    let mut slow = Vec::new();
    for (who, page) in PAGES {
        let request = format!("GET {page}\nauthorization: Bearer {{{who}}}");
        let (p50, p95) = measure(&site, page, &request).await;
        println!("| `{page}` | {p50:.1} | {p95:.1} |");
        if BAR_MS < p50 {
            slow.push(page);
        }
    }
    assert!(slow.is_empty(), "slower than {BAR_MS} ms: {slow:?}");
}

/// Gives something of each kind a name.
async fn name_some(site: &mut Site) {
    for (name, list) in [
        ("case", "/v1/complaints?state=open"),
        ("customer", "/v1/customers"),
        ("survey", "/v1/studies"),
        ("touchpoint", "/v1/touchpoints"),
        ("call", "/v1/callbacks"),
        ("calendar", "/v1/calendars"),
    ] {
        let found = site.get("admin", list).await;
        let id = text(&items(&found)[0], "id").to_owned();
        site.name(name, &id);
    }
}

/// The median and the 95th percentile of a page, in milliseconds.
async fn measure(site: &Site, page: &str, request: &str) -> (f64, f64) {
    let mut took = Vec::with_capacity(TIMES);
    for turn in 0..TIMES + 5 {
        let began = Instant::now();
        let answer = site.send(request).await;
        let ms = began.elapsed().as_secs_f64() * 1000.0;
        assert!(answer.status.is_success(), "{page}: {} {}", answer.status, answer.text());
        if 5 <= turn {
            took.push(ms);
        }
    }
    took.sort_by(f64::total_cmp);
    (took[TIMES / 2], took[TIMES * 95 / 100])
}
