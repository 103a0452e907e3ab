//! Ten thousand random bookings, moves, confirmations and cancellations, with `kill -9` in
//! between: what was acknowledged is so, nobody's time is sold twice, and no slot is lost.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::{booking, check, free, supply};
use crate::chance::Chance;
use crate::process::Process;
use crate::server::{Server, TICK_KEY, Temporary, database, leave_out, soon};
use crate::site::{Site, json, text};

const OPERATIONS: usize = 10_000;
const WORKERS: u64 = 6;
/// How long a process may live.
const ROUND_MS: (u64, u64) = (1_500, 6_000);
const AGENTS: usize = 2;

/// What a worker knows of a call-back of theirs: its state and its beginning, unless the answer was
/// cut off.
type Known = Option<(String, String)>;

#[derive(Default)]
struct Drill {
    slots: Vec<String>,
    done: AtomicUsize,
    answers: Mutex<BTreeMap<u16, usize>>,
    known: Mutex<BTreeMap<String, Known>>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_operations_and_kills_sell_nothing_twice_and_lose_nothing() {
    if std::env::var_os("HUIYIN_URL").is_some() {
        leave_out("the drill of call-backs with kill -9, for want of a process of our own");
        return;
    }
    let state = Temporary::new();
    let process = Process::start(&state);
    let mut site = Site::new(&Server::at(&process.base)).await;
    supply(&mut site, AGENTS, json!({ "hold_min": 1 })).await;
    let (from, to) = (soon("+2 days"), soon("+4 days"));
    let slots = free(&site, &from, &to, 2_000).await;
    assert_eq!(slots.len(), 96);
    process.kill();
    let drill = Arc::new(Drill { slots, ..Drill::default() });
    let mut chance = Chance(8);
    let mut kills = 0;
    while drill.done.load(Ordering::Relaxed) < OPERATIONS {
        let process = Process::start(&state);
        let site = site.at(&process.base);
        let working = work(&site, &drill, kills);
        let until = ROUND_MS.0 + chance.below(ROUND_MS.1 - ROUND_MS.0);
        tokio::time::sleep(Duration::from_millis(until)).await;
        process.kill();
        working.join_all().await;
        kills += 1;
        check(&database(&state));
    }
    let answers = drill.answers.lock().unwrap().clone();
    let done = drill.done.load(Ordering::Relaxed);
    // A closed stdout is no reason to fail.
    let _ = writeln!(std::io::stdout(), "{done} operations, {kills} kills, answers {answers:?}");
    assert!(answers.keys().all(|it| *it < 500), "{answers:?}");
    for (status, least) in [(200, 500), (201, 500), (409, 500)] {
        assert!(least < answers.get(&status).copied().unwrap_or(0), "{answers:?}");
    }
    let process = Process::start(&state);
    let site = site.at(&process.base);
    check_known(&site, &drill).await;
    // Holds end while this goes on; those of the last minute are let go by nobody yet.
    let database = database(&state);
    let sold = "select count(*) from callback where state = 'booked' or state = 'held'";
    let offered = "select sum(json_extract(value, '$.free')) from json_each(?1)";
    let path = format!("/v1/slots?service={{service}}&from={from}&to={to}&tz=UTC&limit=2000");
    let list = site.get("agent", &path).await;
    let lapsed = "select count(*) from callback where state = 'held'
        and lease_ms <= unixepoch('subsec') * 1000";
    let number = |sql: &str| database.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    let items = list["items"].to_string();
    let free: i64 = database.query_row(offered, [items], |row| row.get(0)).unwrap();
    let all = i64::try_from(drill.slots.len() * AGENTS).unwrap();
    let (sold, lapsed) = (number(sold), number(lapsed));
    // A hold may end between the answer and the count.
    assert!((all - sold..=all - sold + lapsed).contains(&free), "{free} {sold} {lapsed} of {all}");
    let rebuilt = Server::at(&process.base).rebuild(&site).await;
    assert_eq!(rebuilt["differences"], 0, "{rebuilt}");
}

/// Works until the process goes away or all is done.
fn work(site: &Site, drill: &Arc<Drill>, round: u64) -> JoinSet<()> {
    let mut working = JoinSet::new();
    for worker in 0..WORKERS {
        let (site, drill) = (site.clone(), Arc::clone(drill));
        let mut chance = Chance(round * 1_000 + worker);
        let mut own: Vec<String> = {
            let known = drill.known.lock().unwrap();
            let all = known.keys().enumerate();
            let mine = all.filter(|(nth, _)| *nth as u64 % WORKERS == worker);
            mine.map(|(_, id)| id.clone()).rev().take(20).collect()
        };
        working.spawn(async move {
            while drill.done.load(Ordering::Relaxed) < OPERATIONS {
                if operate(&site, &drill, &mut chance, &mut own).await.is_none() {
                    return;
                }
            }
        });
    }
    working
}

/// One random operation; none when the process is gone.
async fn operate(
    site: &Site,
    drill: &Drill,
    chance: &mut Chance,
    own: &mut Vec<String>,
) -> Option<()> {
    let number = drill.done.fetch_add(1, Ordering::Relaxed);
    let slot = |chance: &mut Chance| {
        drill.slots[usize::try_from(chance.below(drill.slots.len() as u64)).unwrap()].clone()
    };
    let what = chance.below(20);
    if what == 19 {
        let tick = format!("POST /internal/tick/callback\nauthorization: Bearer {TICK_KEY}");
        let answer = site.try_send(&tick).await.ok()?;
        *drill.answers.lock().unwrap().entry(answer.status.as_u16()).or_default() += 1;
        return Some(());
    }
    let (request, id) = if what < 9 || own.is_empty() {
        let more = json!({ "hold": what.is_multiple_of(3) });
        (booking(&slot(chance), number, &more), None)
    } else {
        let at = usize::try_from(chance.below(own.len() as u64)).unwrap();
        let id = own[at].clone();
        let (act, body) = match what {
            9..=11 => ("confirm", json!({})),
            12..=15 => ("move", json!({ "start": slot(chance), "tz": "UTC" })),
            _ => {
                own.swap_remove(at);
                ("cancel", json!({}))
            }
        };
        let head = format!("POST /v1/callbacks/{id}/{act}\nauthorization: Bearer {{agent}}");
        (format!("{head}\n\n{body}"), Some(id))
    };
    // Until it is answered nobody knows what became of it.
    let before = id.as_ref().and_then(|id| drill.known.lock().unwrap().insert(id.clone(), None));
    let answer = site.try_send(&request).await.ok()?;
    *drill.answers.lock().unwrap().entry(answer.status.as_u16()).or_default() += 1;
    let mut known = drill.known.lock().unwrap();
    if answer.status.is_success() {
        let told = json(&answer);
        let id = text(&told, "id").to_owned();
        if answer.status == 201 {
            own.push(id.clone());
        }
        known.insert(id, Some((text(&told, "state").to_owned(), start(&told))));
    } else if let (Some(id), Some(before)) = (id, before) {
        known.insert(id, before);
    }
    Some(())
}

fn start(told: &Value) -> String {
    told["start"].as_str().unwrap_or("").to_owned()
}

/// Everything that was acknowledged is as it was acknowledged; a hold may have ended since.
async fn check_known(site: &Site, drill: &Drill) {
    let known = drill.known.lock().unwrap().clone();
    let mut checked = 0;
    for (id, known) in &known {
        let Some((state, at)) = known else { continue };
        // Each tenth of what ended and everything that did not.
        if matches!(state.as_str(), "cancelled" | "expired") && checked % 10 != 0 {
            checked += 1;
            continue;
        }
        checked += 1;
        let now = site.get("agent", &format!("/v1/callbacks/{id}")).await;
        let is_ended_hold = state == "held" && now["state"] == "expired";
        assert!(now["state"] == **state || is_ended_hold, "{state}: {now}");
        assert_eq!(start(&now), *at, "{now}");
    }
    assert!(100 < checked, "hardly anything was acknowledged: {checked}");
}
