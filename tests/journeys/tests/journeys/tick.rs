//! What time causes: ticks that share their work, and rebuilds that prove the figures.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::server::{Server, date, leave_out};
use crate::site::{Site, fresh, json, text};

/// Ticks at the same time.
const TICKS: usize = 8;
/// Days that one tick counts again at most; a rebuild of more takes several.
const DAYS_OF_A_TICK: usize = 31;
/// Days with answers, of each site that is rebuilt.
const DAYS: usize = 70;

/// What ticks at the same time did: how often each kind of work stands in their lists.
async fn ticks(server: &Server, site: &Site) -> BTreeMap<String, usize> {
    let key = server.tick_key.clone().unwrap();
    let sent = (0..TICKS).map(|_| {
        let (site, key) = (site.clone(), key.clone());
        tokio::spawn(async move {
            site.json(&format!("POST /internal/tick\nauthorization: Bearer {key}")).await
        })
    });
    let mut done = BTreeMap::new();
    for ticked in sent.collect::<Vec<_>>() {
        let ticked = ticked.await.unwrap();
        for kind in ticked["done"].as_array().unwrap() {
            *done.entry(kind.as_str().unwrap().to_owned()).or_default() += 1;
        }
    }
    done
}

/// Brings a response for each of many days, the last of them yesterday.
async fn answer_daily(site: &Site) {
    let today = text(&site.get("viewer", "/v1/nps").await, "to").to_owned();
    let mut csv = String::from("day,nps\n");
    for day in 1..=DAYS {
        csv.push_str(&format!("{},{}\n", date(&today, &format!("-{day} days")), day % 11));
    }
    let put = "PUT /v1/studies/{survey}/mapping\nauthorization: Bearer {manager}";
    let mapping = json!({ "answered_at": "day", "answers": { "recommend": "nps" } });
    site.json(&format!("{put}\n\n{mapping}")).await;
    let head = "POST /v1/studies/{survey}/import\nauthorization: Bearer {manager}\n\
                content-type: text/csv";
    let report = json(&site.send_bytes(head, Bytes::from(csv)).await);
    assert_eq!(report["taken"], DAYS, "{report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ticks_at_once_never_do_the_same_work() {
    let Some(server) = Server::ours("ticks at once") else { return };
    let mut sites = Vec::new();
    for _ in 0..3 {
        let site = Site::with_survey(&server).await;
        answer_daily(&site).await;
        sites.push(site);
    }
    // The first tick of a new server has three things to do, and eight ticks do each once.
    let expected = ["abandon", "alarm", "expire"].map(|it| (it.to_owned(), 1));
    let expected = BTreeMap::from(expected);
    assert_eq!(ticks(&server, &sites[0]).await, expected);
    assert_eq!(ticks(&server, &sites[0]).await, BTreeMap::new());
    for site in &mut sites {
        site.make("admin", "rebuild", "/v1/rebuild", Value::Null).await;
    }
    let mut done = 0;
    for _ in 0..10 {
        let kinds = ticks(&server, &sites[0]).await;
        done += kinds.get("rebuild").copied().unwrap_or(0);
        assert!(kinds.keys().all(|it| it == "rebuild"), "{kinds:?}");
    }
    // Each rebuild is leased once for every 31 days, however many ask.
    assert_eq!(done, sites.len() * DAYS.div_ceil(DAYS_OF_A_TICK));
    for site in &sites {
        let found = site.get("viewer", "/v1/rebuild/{rebuild}").await;
        let expected = (&json!("done"), &json!(DAYS), &json!(0));
        assert_eq!((&found["state"], &found["days"], &found["differences"]), expected);
    }
    server.check_rollups();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rebuild_finds_what_is_maintained_to_be_right() {
    let server = Server::any();
    let site = Site::with_survey(&server).await;
    answer_daily(&site).await;
    // The figures are right also while answers come in.
    let visits = (0..4).map(|visitor| {
        let site = site.clone();
        tokio::spawn(async move {
            for visit in 0..20 {
                let body = json!({ "version": 1, "channel": "app",
                    "answers": { "recommend": (visitor + visit) % 11, "quality": 1 + visit % 5 } });
                assert_eq!(site.submit(&fresh("visit"), &body).await.status, 201);
            }
        })
    });
    let visits: Vec<_> = visits.collect();
    let during = server.rebuild(&site).await;
    assert_eq!(during["differences"], 0, "{during}");
    for visit in visits {
        visit.await.unwrap();
    }
    let before = scores(&site).await;
    let after = server.rebuild(&site).await;
    assert_eq!((&after["differences"], &after["days"]), (&json!(0), &json!(DAYS + 1)), "{after}");
    assert_eq!(scores(&site).await, before);
    let nps = site.get("viewer", "/v1/nps?channel=app").await;
    assert_eq!(nps["n"], 80);
    server.check_rollups();
}

/// The figures, without the time at which they were read.
async fn scores(site: &Site) -> Vec<Value> {
    let mut scores = Vec::new();
    for path in ["/v1/nps?by=channel", "/v1/nps?by=day", "/v1/csat?by=touchpoint", "/v1/ces"] {
        let mut shown = site.get("viewer", path).await;
        shown.as_object_mut().unwrap().remove("as_of");
        scores.push(shown);
    }
    scores
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_rebuild_of_a_site_runs_at_a_time() {
    let server = Server::any();
    if server.tick_key.is_none() {
        leave_out("one rebuild at a time, for want of HUIYIN_TICK_KEY");
        return;
    }
    let site = Site::with_survey(&server).await;
    let starts = (0..TICKS).map(|_| {
        let site = site.clone();
        let start = "POST /v1/rebuild\nauthorization: Bearer {admin}";
        tokio::spawn(async move { site.send(start).await.status.as_u16() })
    });
    let mut statuses = Vec::new();
    for status in starts.collect::<Vec<_>>() {
        statuses.push(status.await.unwrap());
    }
    statuses.sort_unstable();
    // Where somebody else ticks, the first may have ended before the second began.
    let ours = server.database().is_some();
    let expected = [[202].as_slice(), &[409; TICKS - 1]].concat();
    assert!(!ours || statuses == expected, "{statuses:?}");
    assert!(statuses.iter().all(|it| [202, 409].contains(it)), "{statuses:?}");
    server.check_number("select count(*) from event where kind = 'rebuild.started'", 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rebuild_finds_and_mends_what_somebody_tampered_with() {
    let Some(server) = Server::ours("a rebuild of figures that were tampered with") else {
        return;
    };
    let site = Site::with_survey(&server).await;
    answer_daily(&site).await;
    let right = scores(&site).await;
    let database = server.database().unwrap();
    let tampered = [
        "update rollup set c10 = c10 + 1, n = n + 1 where grain = 'site' and c10 = 1",
        "delete from rollup where grain = 'channel' and day % 2 = 0",
        "update rollup set day = day - 1000 where grain = 'survey' and c3 = 1",
    ];
    let mut changed = 0;
    for sql in tampered {
        changed += database.execute(sql, []).unwrap();
    }
    assert!(3 <= changed);
    assert_ne!(scores(&site).await, right);
    let found = server.rebuild(&site).await;
    assert!(changed <= usize::try_from(found["differences"].as_u64().unwrap()).unwrap(), "{found}");
    assert_eq!(scores(&site).await, right);
    assert_eq!(server.rebuild(&site).await["differences"], 0);
    server.check_rollups();
}
