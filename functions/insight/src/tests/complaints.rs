//! The page of complaints.

use app::pass::Pass;
use serde_json::{Value, json};
use store::cases::Case;
use testkit::World;

use super::{TODAY, api, card, column, has, lacks, neighbours, no_causes, page};

const HOUR: i64 = 3_600_000;
const PATH: &str = "/dashboard/complaints?lang=en";

/// A case that was received on a day, and is closed in time.
fn case(day: i64, grade: &str) -> Case {
    let received_at = day * 24 * HOUR;
    Case {
        site_id: "sit_shop".to_owned(),
        state: "closed".to_owned(),
        grade: grade.to_owned(),
        grading: "{}".to_owned(),
        type_id: "refund".to_owned(),
        channel: "phone".to_owned(),
        cause_kind: "service_error".to_owned(),
        is_first_contact: Some(true),
        received_at,
        received_day: day,
        answered_at: Some(received_at + HOUR),
        solved_at: Some(received_at + 20 * HOUR),
        closed_at: Some(received_at + 21 * HOUR),
        ..Case::default()
    }
}

/// One that nobody has answered yet.
fn open(day: i64, grade: &str) -> Case {
    Case {
        state: "open".to_owned(),
        cause_kind: String::new(),
        is_first_contact: None,
        answered_at: None,
        solved_at: None,
        closed_at: None,
        ..case(day, grade)
    }
}

/// Counts cases, so many times each, as their changes would.
fn count(world: &World, cases: &[(Case, i64)]) {
    let mut sums = app::case::Sums::default();
    for (case, times) in cases {
        sums.add(case, *times);
    }
    for write in sums.writes("sit_shop") {
        world.run(write.statement);
    }
}

/// Forty received ten days ago, a few of them late; some of today; eighty of the time before.
fn month(world: &World) {
    let day = TODAY - 10;
    let late = Case {
        late: 1,
        answered_at: Some(day * 24 * HOUR + 30 * HOUR),
        is_first_contact: Some(false),
        is_repeat: true,
        csat: Some(2),
        ..case(day, "moderate")
    };
    let good = Case { csat: Some(5), ces: Some(6), ..case(day, "general") };
    let mut overdue = open(day, "major");
    (overdue.late, overdue.agent_id) = (3, "agt_lan".to_owned());
    count(world, &[(good, 30), (late, 8), (overdue, 2), (open(TODAY, "general"), 4)]);
    let before = Case { late: 1, ..case(TODAY - 45, "general") };
    count(world, &[(case(TODAY - 45, "general"), 40), (before, 40)]);
}

#[test]
fn every_number_of_the_page_is_the_api_s() {
    let world = World::with_site();
    month(&world);
    neighbours(&world, no_causes);
    let told = api(&world, "/v1/complaint-figures?compare=previous&by=week");
    let tiles = card(&world, PATH, "tiles");
    let wanted = [
        &told["received"],
        &told["backlog"]["open"],
        &told["backlog"]["overdue"],
        &told["rates"]["answered_on_time"]["value"],
        &told["rates"]["solved_on_time"]["value"],
        &told["rates"]["closed_on_time"]["value"],
        &told["rates"]["resolution"]["value"],
        &told["rates"]["repeated"]["value"],
        &told["rates"]["first_contact"]["value"],
        &told["first_answer"]["median"],
        &told["solution"]["median"],
        &told["csat"]["value"],
    ];
    let values = column(&tiles, "Value");
    assert_eq!(values.len(), wanted.len());
    for (found, wanted) in values.iter().zip(wanted) {
        assert_eq!(found.as_f64(), wanted.as_f64(), "{tiles}");
    }
    assert_eq!(column(&tiles, "n")[3], 40.0);
    assert_eq!(column(&tiles, "Target")[6], "\u{2265} 98%");
    assert_eq!(column(&tiles, "Change")[0], "the period before: 80");
    assert_eq!(column(&tiles, "Change")[3], "+25 · more than chance");
    let clocks = card(&world, PATH, "clocks");
    let weeks = told["parts"].as_array().unwrap();
    let of =
        |pointer: &'static str| weeks.iter().map(move |it| it.pointer(pointer).unwrap().clone());
    assert_eq!(column(&clocks, "Week"), of("/key").collect::<Vec<_>>());
    let answered = column(&clocks, "Answered in time");
    for (found, wanted) in answered.iter().zip(of("/rates/answered_on_time/value")) {
        assert_eq!(found.as_f64(), wanted.as_f64());
    }
    let course = card(&world, PATH, "received_course");
    let now: Vec<_> = column(&course, "These days").iter().map(Value::as_f64).collect();
    assert_eq!(now, of("/received").map(|it| it.as_f64()).collect::<Vec<_>>());
    let then = column(&course, "Compared with");
    assert_eq!(then.iter().filter_map(Value::as_f64).sum::<f64>(), 80.0);
    assert_eq!(card(&world, PATH, "ageing")["rows"][3], json!(["8\u{2013}30 days", 2.0]));
}

#[test]
fn each_figure_says_in_a_sentence_what_it_means() {
    let world = World::with_site();
    month(&world);
    neighbours(&world, no_causes);
    let en = page(&world, "viewer", PATH);
    has(
        &en,
        &[
            "Answered in time: 75% (30 of 40)",
            "Of 44 received, 38 were answered, 38 solved and 38 closed by now; customers rated 38.",
            "Open now, whenever they came: 6; of these, 2 overdue.",
            "Major: 2, Answered in time 0% (0 of 2); Moderate: 8, Answered in time 0% (0 of 8)",
            "Most: phone, 44 of 44.".replace("phone", "Phone").as_str(),
            "Refunds and returns, 44 of 44.",
            ">2 (few)</td>",
            "Most: 周岚, 2 of 44. Without agent: 42.",
            "Answered in time, all together: 75% (30 of 40).",
            "44 in all, against 80 before.",
        ],
    );
    let zh = page(&world, "viewer", "/dashboard/complaints?lang=zh-CN");
    has(
        &zh,
        &[
            "按时答复：75%（30/40）",
            "受理 44 件，目前已答复 38 件、解决 38 件、关闭 38 件，客户评价 38 件。",
            "重大：2，按时答复 0%（0/2）；中度：8",
            "最多的是「退款退换」：44/44。",
            "差异显著",
        ],
    );
}

#[test]
fn a_filter_goes_to_the_api_and_what_is_not_kept_is_said() {
    let world = World::with_site();
    month(&world);
    let asked = neighbours(&world, no_causes);
    let one = page(&world, "viewer", &format!("{PATH}&agent=agt_lan&compare=none"));
    let targets = asked.take();
    assert_eq!(targets.len(), 1, "{targets:?}");
    has(&targets[0], &["agent=agt_lan", "by=week"]);
    has(
        &one,
        &[
            "Of 2 received, 0 were answered",
            "This is kept for the whole site only: take the filter away to see it.",
            "Major: 2; Moderate: 0; General: 0.",
            "counted for the whole site only",
            "· Agent: 周岚",
        ],
    );
    let two = page(&world, "viewer", &format!("{PATH}&agent=agt_lan&channel=phone"));
    assert!(asked.take().is_empty());
    has(&two, &["Complaints are counted by one filter at a time"]);
    let other = page(&world, "viewer", &format!("{PATH}&survey=srv_shop&period=eon"));
    has(&other, &["Survey: this page has no figures by it", "period must be one of", "Received"]);
    assert!(asked.take().iter().all(|it| !it.contains("survey")));
    has(
        &other,
        &["/dashboard/callbacks?lang=en&amp;period=30d&amp;compare=previous&amp;survey=srv_shop"],
    );
}

#[test]
fn a_short_period_is_told_by_day_and_a_long_one_by_month() {
    let world = World::with_site();
    let asked = neighbours(&world, no_causes);
    for (period, step) in [("7d", "by=day"), ("90d", "by=week"), ("year", "by=month")] {
        page(&world, "viewer", &format!("{PATH}&period={period}"));
        let targets = asked.take();
        has(&targets[0], &[step, "compare=previous"]);
        has(&targets[1], &[step]);
        lacks(&targets[1], &["compare=previous"]);
    }
    page(&world, "viewer", &format!("{PATH}&period=7d&compare=year"));
    has(&asked.take()[1], &["from=2025-11-17&to=2025-11-23"]);
}

#[test]
fn a_neighbour_that_is_down_leaves_the_rest() {
    let world = World::with_site();
    month(&world);
    neighbours(&world, |_| None);
    let shown = page(&world, "viewer", PATH);
    has(&shown, &["This cannot be read just now", "Answered in time: 75% (30 of 40)"]);
    // A page is kept for a moment, also one that misses a part.
    world.wait_ms(app::cache::KEPT_MS);
    neighbours(&world, |_| Some(json!({ "status": 403, "detail": "not for <you>" })));
    has(&page(&world, "viewer", PATH), &["not for &lt;you&gt;"]);
}

#[test]
fn an_empty_site_is_told_what_to_do() {
    let world = World::with_site();
    neighbours(&world, no_causes);
    let shown = page(&world, "viewer", PATH);
    has(
        &shown,
        &[
            "No complaint was received in these days.",
            "Nothing is open now: all done.",
            "List causes under /v1/causes",
            "Of none of these days is it known yet",
            "Of none of them is it known yet.",
        ],
    );
    lacks(&shown, &["NaN", "null"]);
}

fn ledger(target: &str) -> Option<Value> {
    let cause = |rank: u8, name: &str| {
        json!({
            "id": "cau_1", "kind": "process_gap", "name": name, "department": null,
            "is_active": true, "n": 5, "n_before": 9, "rank": rank,
            "share": { "value": 50.0, "interval": [23.7, 76.3], "hits": 5, "n": 10, "small": true },
            "grades": { "general": 5, "moderate": 0, "major": 0 },
            "measure": "=cmd()", "measure_since": "2026-10-08",
            "effect": { "ratio": 0.24, "interval": [0.17, 0.33], "verdict": "fewer",
                "says": "it comes less often since the measure" },
        })
    };
    let mut shown = json!({
        "received": 17, "known": 10, "unknown": 7,
        "items": [cause(1, "<script>alert(1)</script>"), cause(2, "过热")],
    });
    if target.starts_with("ledger.spin.internal/v1/causes/ranking?from=2026-10-24&to=2026-11-22") {
        return Some(shown);
    }
    if !target.starts_with("ledger.spin.internal/v1/reviews/ranking?quarter=2026-Q4") {
        return None;
    }
    shown["quarter"] = json!("2026-Q4");
    shown["weights"] = json!({ "general": 1, "moderate": 3, "major": 10 });
    for it in shown["items"].as_array_mut().unwrap() {
        it["harm"] = json!(7.67);
        it["risk"] = json!(23);
        it["review"] = json!({ "note": "recall <b>", "due": "2026-12-01" });
    }
    Some(shown)
}

#[test]
fn causes_are_told_with_their_measure_and_whether_it_helped() {
    let world = World::with_site();
    month(&world);
    neighbours(&world, ledger);
    let shown = page(&world, "viewer", PATH);
    lacks(&shown, &["<script>alert", "<b>"]);
    has(
        &shown,
        &[
            "Most often: &lt;script&gt;alert(1)&lt;/script&gt;, 5 of 10 whose cause is known. \
             7 of 17 have none yet",
            "Of 2 with a measure, 2 come less often for more than chance.",
            "it comes less often since the measure: 0.24 times as often (0.17\u{2013}0.33)",
            "Gap in a process",
            "Risk review, by harm · 2026-Q4",
            "A complaint weighs 1 if general, 3 if moderate, 10 if major.",
            "recall &lt;b&gt;",
        ],
    );
    let csv = page(&world, "viewer", &format!("{PATH}&card=causes&format=csv"));
    has(
        &csv,
        &[
            "\u{feff}\"Causes, by how often they came\"",
            ",'=cmd(),",
            "过热,Gap in a process,5,9,50,",
        ],
    );
    let risks = card(&world, PATH, "risks");
    assert_eq!(column(&risks, "Risk"), [23.0, 23.0]);
    assert_eq!(column(&risks, "Harm of one"), [7.67, 7.67]);
}

#[test]
fn a_shared_view_leads_nowhere_else() {
    let world = World::with_site();
    month(&world);
    neighbours(&world, ledger);
    let pass = Pass {
        site_id: "sit_shop".to_owned(),
        actor: "share:shr_1".to_owned(),
        base: "/share/x".to_owned(),
        is_embedded: false,
    };
    use ports::Env as _;
    world.name("pass", pass.header(testkit::SECRET_KEY, world.now()).trim_start_matches("Bearer "));
    let shown = page(&world, "pass", PATH);
    has(&shown, &["Answered in time: 75% (30 of 40)"]);
    lacks(&shown, &["/dashboard/", "<form", "href=\"\""]);
}
