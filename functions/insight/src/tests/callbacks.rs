//! The page of call-backs.

use serde_json::Value;
use store::callbacks::Callback;
use testkit::World;

use super::{TODAY, api, card, column, has, neighbours, page};

const MINUTE: i64 = 60_000;
const PATH: &str = "/dashboard/callbacks?lang=en";

/// An appointment that was asked for on a day, and kept.
fn kept(day: i64) -> Callback {
    let start = day * 1440 * MINUTE + 600 * MINUTE;
    Callback {
        site_id: "sit_shop".to_owned(),
        mode: "appointment".to_owned(),
        state: "reached".to_owned(),
        purpose: "request".to_owned(),
        service_id: "svc_a".to_owned(),
        agent_id: "agt_lan".to_owned(),
        since: start,
        since_mode: "appointment".to_owned(),
        attempts: 1,
        promise: 1,
        first_attempt: Some(start + 2 * MINUTE),
        requested_day: day,
        ..Callback::default()
    }
}

/// Forty asked for ten days ago: 24 kept, 6 late and of the queue, 4 missed, 1 overdue.
fn month(world: &World) {
    let day = TODAY - 10;
    let missed = Callback { attempts: 3, is_no_show: true, sequence: 1, ..kept(day) };
    let late = Callback {
        mode: "asap".to_owned(),
        since_mode: "asap".to_owned(),
        purpose: "recovery".to_owned(),
        agent_id: String::new(),
        promise: 2,
        attempts: 2,
        first_attempt: Some(kept(day).since + 90 * MINUTE),
        ..kept(day)
    };
    let overdue =
        Callback { state: "waiting".to_owned(), attempts: 0, first_attempt: None, ..late.clone() };
    let broken = Callback { promise: 2, ..kept(TODAY - 45) };
    let mut sums = app::callback::Sums::default();
    for (call, times) in [
        (kept(day), 24),
        (missed, 4),
        (late, 6),
        (overdue, 1),
        (kept(TODAY - 45), 20),
        (broken, 20),
    ] {
        sums.add(&call, times);
    }
    for write in sums.writes("sit_shop") {
        world.run(write.statement);
    }
}

#[test]
fn every_number_of_the_page_is_the_api_s() {
    let world = World::with_site();
    month(&world);
    neighbours(&world, |_| None);
    let told = api(&world, "/v1/callback-figures?compare=previous");
    let tiles = card(&world, PATH, "tiles");
    let rate = |name: &str| &told["rates"][name]["value"];
    let wanted = [
        rate("kept"),
        &told["requested"],
        &told["backlog"]["open"],
        rate("reached"),
        rate("reached_first"),
        rate("no_show"),
        rate("cancelled"),
        &told["attempts_per_reach"],
    ];
    let values = column(&tiles, "Value");
    assert_eq!(values.len(), wanted.len());
    for (found, wanted) in values.iter().zip(wanted) {
        assert!(wanted.is_number());
        assert_eq!(found.as_f64(), wanted.as_f64(), "{tiles}");
    }
    assert_eq!(column(&tiles, "Note")[2], "1 of them overdue.");
    assert_eq!(column(&tiles, "Change")[0], "+30 · more than chance");
    let waits = card(&world, PATH, "waits");
    let of =
        |name: &str| ["asap", "appointment", "visit"].map(|it| told["waits"][it][name].as_f64());
    let shown = |name| column(&waits, name).iter().map(Value::as_f64).collect::<Vec<_>>();
    assert_eq!(shown("Half within"), of("median"));
    assert_eq!(shown("Nine of ten within"), of("p90"));
    assert_eq!(shown("n"), of("n"));
    let agents = card(&world, PATH, "agents");
    assert_eq!(agents["rows"][0][0], "周岚");
    assert_eq!(column(&agents, "Kept"), [100.0]);
    let purposes = card(&world, PATH, "purposes");
    let names = column(&purposes, "Purpose");
    assert_eq!(names, ["Asked for by the customer", "After a disappointment"]);
}

#[test]
fn sentences_say_what_it_means_in_both_languages() {
    let world = World::with_site();
    month(&world);
    let asked = neighbours(&world, |_| None);
    let en = page(&world, "viewer", PATH);
    has(
        &en,
        &[
            "Promises kept: 80% (28 of 35)",
            "As soon as possible: since they asked: half within 1.5 h, nine of ten within 1.5 h \
             (n 6)",
            "Open now, whenever they came: 1; of these, 1 overdue.",
            "Most: 周岚, 28 of 35. Without agent: 7. Kept, all together: 80% (28 of 35).",
        ],
    );
    let zh = page(&world, "viewer", "/dashboard/callbacks?lang=zh");
    has(&zh, &["履约率：80%（28/35）", "半数在 1.5 小时内", "服务补救"]);
    asked.take();
    let one = page(&world, "viewer", &format!("{PATH}&agent=agt_lan&channel=web"));
    has(&one, &["This is kept for the whole site only", "Channel: this page has no figures by it"]);
    has(&one, &["Promises kept: 100% (28 of 28)"]);
    assert!(asked.take().iter().all(|it| it.contains("agent=agt_lan") && !it.contains("channel")));
}

#[test]
fn an_empty_site_is_told_what_to_do() {
    let world = World::with_site();
    neighbours(&world, |_| None);
    let shown = page(&world, "viewer", PATH);
    has(
        &shown,
        &["Nobody was called yet in these days.", "/v1/services", "Nobody was reached yet."],
    );
}
