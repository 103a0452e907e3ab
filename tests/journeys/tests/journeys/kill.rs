//! `kill -9` at random moments under load: what was acknowledged is there once, what was not is
//! there at most once, and the figures are what the facts say.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use rusqlite::Connection;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::chance::Chance;
use crate::process::Process;
use crate::server::{Server, Temporary, check_rollups, database, leave_out};
use crate::site::{Site, header, json, submission, text};

/// How often the process is killed under load, and before that while it migrates.
const ROUNDS: u64 = 20;
const EARLY_ROUNDS: u64 = 3;
/// The longest that a round lasts.
const ROUND_MS_MAX: u64 = 450;
const EARLY_ROUND_MS_MAX: u64 = 30;
/// Visitors who submit at the same time.
const VISITORS: usize = 8;
/// Rows of the sheet that a round imports.
const SHEET_ROWS: u64 = 150;
const SEED: u64 = 9;

/// What was sent, by number, and the id with which it was acknowledged.
type Sent = Mutex<BTreeMap<u64, Option<String>>>;

/// Everything that was sent while processes came and went.
#[derive(Default)]
struct Drill {
    next: AtomicU64,
    /// Submissions that were cut off and are sent again; half of them are not.
    again: Mutex<Vec<u64>>,
    submissions: Sent,
    departments: Sent,
    sheets: Sent,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_kills_under_load_lose_nothing_and_double_nothing() {
    if std::env::var_os("HUIYIN_URL").is_some() {
        leave_out("the drill with kill -9, for want of a process of our own");
        return;
    }
    let state = Temporary::new();
    let mut chance = Chance(SEED);
    for _ in 0..EARLY_ROUNDS {
        kill_while_migrating(&state, &mut chance).await;
    }
    let process = Process::start(&state);
    let site = settle(&Server::at(&process.base)).await;
    process.kill();
    let drill = Arc::new(Drill::default());
    for round in 0..ROUNDS {
        let process = Process::start(&state);
        let working = work(&site.at(&process.base), &drill, round);
        tokio::time::sleep(Duration::from_millis(chance.below(ROUND_MS_MAX))).await;
        process.kill();
        for ended in working.join_all().await {
            ended.unwrap_or_default();
        }
    }
    check(&database(&state), &drill);
    let process = Process::start(&state);
    let server = Server::at(&process.base);
    let site = site.at(&process.base);
    check_replays(&site, &drill).await;
    check_sheets(&site, &drill).await;
    let found = server.rebuild(&site).await;
    assert_eq!(found["differences"], 0, "the maintained figures are what the facts say");
    check_figures(&site, &database(&state)).await;
    process.kill();
    check(&database(&state), &drill);
}

/// Whoever comes first finds an empty file, a whole schema, or nothing half.
async fn kill_while_migrating(state: &Temporary, chance: &mut Chance) {
    let process = Process::start(state);
    let server = Server::at(&process.base);
    let mut asking = JoinSet::new();
    for _ in 0..4 {
        let site = Site::none(&server);
        asking.spawn(async move {
            let asked = site.try_send("GET /v1/sites\nauthorization: Bearer {owner}").await;
            assert!(asked.is_err() || asked.is_ok_and(|it| it.status == 200));
        });
    }
    tokio::time::sleep(Duration::from_millis(chance.below(EARLY_ROUND_MS_MAX))).await;
    process.kill();
    asking.join_all().await;
}

/// Makes the site that everybody writes to.
async fn settle(server: &Server) -> Site {
    let site = Site::with_survey(server).await;
    let put = "PUT /v1/studies/{survey}/mapping\nauthorization: Bearer {manager}";
    let mapping = json!({ "id": "id", "channel": { "value": "phone" },
        "answers": { "recommend": "nps", "quality": "quality" } });
    site.json(&format!("{put}\n\n{mapping}")).await;
    site
}

/// Sends until the process goes away.
fn work(site: &Site, drill: &Arc<Drill>, round: u64) -> JoinSet<Option<()>> {
    let mut working = JoinSet::new();
    for _ in 0..VISITORS {
        let (site, drill) = (site.clone(), Arc::clone(drill));
        working.spawn(async move {
            loop {
                let again = drill.again.lock().unwrap().pop();
                let number = again.unwrap_or_else(|| drill.next.fetch_add(1, Ordering::Relaxed));
                if submit(&site, &drill, number).await.is_none() {
                    if number % 2 == 0 {
                        drill.again.lock().unwrap().push(number);
                    }
                    return None;
                }
            }
        });
    }
    let (hiring, importing) = (Arc::clone(drill), Arc::clone(drill));
    let (here, there) = (site.clone(), site.clone());
    working.spawn(async move {
        loop {
            let number = first_open(&hiring.departments);
            hire(&here, &hiring, number).await?;
        }
    });
    working.spawn(async move {
        note(&importing.sheets, round, None);
        loop {
            let number = first_open(&importing.sheets);
            if round < number {
                return None;
            }
            import(&there, &importing, number).await?;
        }
    });
    working
}

/// Notes that a number was sent, or with what it was acknowledged: always with the same.
#[track_caller]
fn note(sent: &Sent, number: u64, id: Option<String>) {
    let mut sent = sent.lock().unwrap();
    let known = sent.entry(number).or_default();
    match (&known, id) {
        (Some(known), Some(id)) => assert_eq!(**known, id, "{number} was acknowledged before"),
        (None, Some(id)) => *known = Some(id),
        (_, None) => {}
    }
}

/// The first number that is not acknowledged.
fn first_open(sent: &Sent) -> u64 {
    let sent = sent.lock().unwrap();
    let open = sent.iter().find(|(_, id)| id.is_none()).map(|(number, _)| *number);
    open.unwrap_or(sent.len() as u64)
}

async fn submit(site: &Site, drill: &Drill, number: u64) -> Option<bool> {
    let channel = if number.is_multiple_of(3) { "app" } else { "web" };
    let body = json!({ "version": 1, "channel": channel,
        "answers": { "recommend": number % 11, "quality": 1 + number % 5 } });
    note(&drill.submissions, number, None);
    let sent = submission(&format!("visit-{number}"), &body.to_string());
    let answer = site.try_send(&sent).await.ok()?;
    assert_eq!(answer.status, 201, "{}", answer.text());
    note(&drill.submissions, number, Some(text(&json(&answer), "id").to_owned()));
    Some(header(&answer, "idempotent-replayed") == "true")
}

async fn hire(site: &Site, drill: &Drill, number: u64) -> Option<()> {
    note(&drill.departments, number, None);
    let sent = format!(
        "POST /v1/departments\nauthorization: Bearer {{manager}}\n\
         idempotency-key: department-{number}\n\n{{\"name\": \"部门 {number}\"}}"
    );
    let answer = site.try_send(&sent).await.ok()?;
    assert_eq!(answer.status, 201, "{}", answer.text());
    note(&drill.departments, number, Some(text(&json(&answer), "id").to_owned()));
    Some(())
}

/// Imports the sheet of a round; how many of its rows were new.
async fn import(site: &Site, drill: &Drill, number: u64) -> Option<u64> {
    let row = |row: u64| format!("S{number}-{row},{},{}\n", row % 11, 1 + row % 5);
    let rows = (0..SHEET_ROWS).map(row).collect::<String>();
    let head = "POST /v1/studies/{survey}/import\nauthorization: Bearer {manager}\n\
                content-type: text/csv";
    let csv = Bytes::from(format!("id,nps,quality\n{rows}"));
    let report = json(&site.try_send_bytes(head, csv).await.ok()?);
    let [taken, repeated] = ["taken", "repeated"].map(|it| report[it].as_u64().unwrap());
    assert_eq!((taken + repeated, &report["refused"]), (SHEET_ROWS, &json!(0)), "{report}");
    note(&drill.sheets, number, Some("imported".to_owned()));
    Some(taken)
}

/// Looks at the file that a killed process left.
fn check(database: &Connection, drill: &Drill) {
    let integrity: String =
        database.query_row("pragma integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(integrity, "ok");
    check_rollups(database);
    let number = |sql: &str| database.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    for nothing in [
        "select count(*) from pragma_foreign_key_check",
        "select count(*) from response r
         where (select count(*) from event e where e.subject = r.id) <> 1",
        "select count(*) from response r
         where (select count(*) from score s
           where s.site_id = r.site_id and s.day = r.day and s.response_id = r.id) <> 2",
        "select count(*) from event e where e.kind = 'response.created'
           and not exists (select 1 from response r where r.id = e.subject)",
        "select count(*) from department d
         where (select count(*) from event e where e.subject = d.id) <> 1",
        "select count(*) from event e where e.kind = 'department.created'
           and not exists (select 1 from department d where d.id = e.subject)",
    ] {
        assert_eq!(number(nothing), 0, "{nothing}");
    }
    let submissions = "select substr(idempotency_key, length('public:visit-') + 1), id
                       from response where source = 'widget'";
    check_sent(database, submissions, &drill.submissions, "submissions");
    let departments = "select substr(name, length('部门 ') + 1), id from department";
    check_sent(database, departments, &drill.departments, "departments");
}

/// What was acknowledged is there once under its id, and nothing that was never sent.
fn check_sent(database: &Connection, sql: &str, sent: &Sent, what: &str) {
    let mut statement = database.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?))).unwrap();
    let mut found: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    for (number, id) in rows.map(Result::unwrap) {
        found.entry(number.parse().unwrap()).or_default().push(id);
    }
    let sent = sent.lock().unwrap();
    for (number, id) in sent.iter() {
        match (id, found.remove(number).unwrap_or_default().as_slice()) {
            (Some(id), [kept]) => assert_eq!(id, kept, "{what} {number}"),
            (None, [] | [_]) => {}
            (id, kept) => panic!("{what} {number}: acknowledged as {id:?}, there are {kept:?}"),
        }
    }
    assert!(found.is_empty(), "nobody sent these {what}: {found:?}");
    let acknowledged = sent.values().filter(|it| it.is_some()).count() as u64;
    assert!(ROUNDS <= acknowledged, "hardly any load: {acknowledged} {what}");
}

/// Sends again all that was acknowledged, and half of what was not.
async fn check_replays(site: &Site, drill: &Arc<Drill>) {
    let sent: Vec<(u64, bool)> = {
        let sent = drill.submissions.lock().unwrap();
        sent.iter().map(|(number, id)| (*number, id.is_some())).collect()
    };
    let mut replaying = JoinSet::new();
    for part in sent.chunks(sent.len().div_ceil(VISITORS)) {
        let (site, drill, part) = (site.clone(), Arc::clone(drill), part.to_vec());
        replaying.spawn(async move {
            for (number, is_acknowledged) in part {
                if is_acknowledged || number % 2 == 0 {
                    let is_replayed = submit(&site, &drill, number).await.unwrap();
                    assert!(is_replayed || !is_acknowledged, "{number} was taken twice");
                }
            }
        });
    }
    replaying.join_all().await;
    let departments: Vec<u64> = drill.departments.lock().unwrap().keys().copied().collect();
    for number in departments {
        hire(site, drill, number).await.unwrap();
    }
}

/// Imports every sheet to its end, and once more.
async fn check_sheets(site: &Site, drill: &Drill) {
    for number in 0..ROUNDS {
        let was_acknowledged = drill.sheets.lock().unwrap()[&number].is_some();
        let taken = import(site, drill, number).await.unwrap();
        assert!(taken == 0 || !was_acknowledged, "sheet {number}: {taken} rows were lost");
        assert_eq!(import(site, drill, number).await.unwrap(), 0, "sheet {number}");
    }
}

/// What the API tells is what is in the file.
async fn check_figures(site: &Site, database: &Connection) {
    let number = |sql: &str| database.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    let imported = "select count(*) from response where source = 'import'";
    assert_eq!(number(imported), i64::try_from(ROUNDS * SHEET_ROWS).unwrap());
    let all = number("select count(*) from response");
    for path in ["/v1/nps", "/v1/csat", "/v1/csat?touchpoint={delivery}"] {
        assert_eq!(site.get("viewer", path).await["n"], all, "{path}");
    }
    assert_eq!(site.get("viewer", "/v1/nps?channel=phone").await["n"], number(imported));
    let verdict = site.get("viewer", "/v1/studies/{survey}/audit/verify").await;
    assert_eq!(verdict["is_intact"], Value::Bool(true), "{verdict}");
    let list = site.get("agent", "/v1/studies/{survey}/responses?limit=20").await;
    for response in crate::site::items(&list) {
        let id = text(response, "id");
        let path = format!("/v1/studies/{{survey}}/responses/{id}/audit/verify");
        assert_eq!(site.get("viewer", &path).await["is_intact"], true, "{id}");
    }
}
