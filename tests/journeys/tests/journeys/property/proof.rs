//! What has to hold after whatever was sent.

use serde_json::Value;

use super::callers::Run;
use crate::callbacks;
use crate::server::Server;
use crate::site::{Site, json};

/// Most trails that are walked through over HTTP.
const TRAILS_MAX: usize = 2_000;

/// Enough for a rebuild to end.
const REBUILD_TICKS: usize = 20;

/// What a log may never say.
pub(super) const ALARMING: [&str; 2] = ["panicked", "wasm trap"];

/// Where the things of a prefix are.
const TABLES: [(&str, &str); 6] = [
    ("rsp", "response"),
    ("cmp", "complaint"),
    ("cbk", "callback"),
    ("srv", "study"),
    ("cus", "customer"),
    ("tch", "touchpoint"),
];

/// Checks all of it.
pub(super) async fn proof(server: &Server, site: &Site, run: &Run) {
    let database = server.database().expect("a server of ours");
    // The rollups are what counting gives, by the database's own views and by the product's job.
    server.check_rollups();
    // One that a caller began may be under way.
    for _ in 0..REBUILD_TICKS {
        server.tick(site).await;
    }
    let rebuilt = server.rebuild(site).await;
    assert_eq!(rebuilt["differences"], 0, "{rebuilt}");
    callbacks::check(&database);
    for id in run.made.lock().unwrap().iter() {
        let prefix = id.split('_').next().unwrap_or("");
        let Some((_, table)) = TABLES.iter().find(|it| it.0 == prefix) else { continue };
        let sql = format!("select count(*) from {table} where id = ?1");
        let found: i64 = database.query_row(&sql, [id], |row| row.get(0)).unwrap();
        assert_eq!(found, 1, "{id} was acknowledged and is not there");
    }
    trails(site, &database).await;
    let logged = server.logged();
    for word in ALARMING {
        let line = logged.lines().find(|it| it.contains(word));
        assert!(line.is_none(), "in the log: {line:?}");
    }
}

/// Every chain of events verifies.
async fn trails(site: &Site, database: &rusqlite::Connection) {
    let sql = "select distinct subject from event where site_id = ?1 order by seq desc limit ?2";
    let mut statement = database.prepare(sql).unwrap();
    let rows = statement.query_map((site.named("site"), TRAILS_MAX), |row| row.get(0)).unwrap();
    let subjects: Vec<String> = rows.map(Result::unwrap).collect();
    for subject in subjects {
        let asked = format!(
            "GET /v1/customers/{subject}/audit/verify?site={{site}}\n\
             authorization: Bearer {{owner}}"
        );
        let answer = site.send(&asked).await;
        assert_eq!(answer.status, 200, "{subject} {}", answer.text());
        let verdict: Value = json(&answer);
        if verdict["is_intact"] != true {
            let asked = asked.replace("/verify", "");
            panic!("{verdict}\n{}", site.send(&asked).await.text());
        }
    }
}
