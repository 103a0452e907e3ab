//! How long the statements take where two years and ten million responses stand in the rollups.
//!
//! `cargo test -p dashboard scale -- --ignored --nocapture` prints it. SQLite is optimised in tests
//! as it is where the components run; what is ours is not, so that statements alone are timed.
#![expect(clippy::print_stdout, reason = "it is run for what it prints")]

use std::time::Instant;

use ports::Statement;
use store::case_figures::{self, Span};
use store::heatmap::{self, Rows};
use store::overview::{self, Asked, List};
use store::rollups::Key;
use store::touchpoints::Touchpoint;
use store::{Entity, Page, alarms, scales};
use testkit::World;

/// 2026-11-22.
const TODAY: i64 = 20_779;
const DAYS: i64 = 730;
/// Each grain with how many first and second keys it has.
const KEYS: [(&str, i64, i64); 12] = [
    ("site", 0, 0),
    ("touchpoint", 40, 0),
    ("channel", 7, 0),
    ("group", 3, 0),
    ("survey", 10, 0),
    ("question", 60, 0),
    ("agent", 400, 0),
    ("dimension", 6, 0),
    ("touchpoint_channel", 40, 7),
    ("touchpoint_group", 40, 3),
    ("survey_question", 10, 6),
    ("agent_channel", 20, 7),
];

/// Fills the rollups as so many responses would: a row for each key, metric and day, whatever
/// their number.
fn fill(world: &World) {
    let database = world.database();
    let touchpoints =
        "with recursive n (n) as (select 1 union all select n + 1 from n where n < 40)
        insert into touchpoint select 'tch_' || n, site_id, 1, name, stage, lifecycle, channels,
          is_key, target, standards, 0, 0 from touchpoint, n where id = 'tch_shop'";
    database.execute(touchpoints, []).unwrap();
    // 13,699 responses a day.
    let rows = "with recursive
          d (day) as (select ?4 union all select day + 1 from d where day < ?5),
          x (n) as (select 1 union all select n + 1 from x where n < ?2),
          y (n) as (select 1 union all select n + 1 from y where n < ?3),
          ch (n, name) as (values (1, 'web'), (2, 'app'), (3, 'wechat'), (4, 'sms'), (5, 'email'),
            (6, 'phone'), (7, 'store')),
          m (metric, points) as (values ('nps', 10), ('csat', 5), ('ces', 7))
        insert into rollup
        select 'sit_shop', ?1, m.metric, m.points,
          case when ?2 = 0 then '' when ?1 = 'channel' then (select name from ch where n = x.n)
            else iif(?1 like 'touchpoint%', 'tch_', iif(?1 like 'agent%', 'agt_', 'k')) || x.n end,
          case when ?3 = 0 then '' when ?1 like '%channel' then (select name from ch where n = y.n)
            else 'k' || y.n end,
          d.day, 13699 / max(1, ?2 * max(1, ?3)), 0, 9, 9, 9, 30 + d.day % 7, 40, 9, 9, 9, 9, 9
        from m, x, y, d";
    for (grain, first, second) in KEYS {
        let params = (grain, first, second, TODAY - DAYS, TODAY);
        database.execute(rows, params).unwrap();
    }
    // Of them, 137 complaints and 137 call-backs a day, those of the last two weeks still open.
    for (table, key, grains, columns) in [
        ("case", "received", "('site', ''), ('grade', 'general'), ('grade', 'major')", 22),
        ("call", "requested", "('site', '')", 13),
    ] {
        let is_open = format!("iif(day > {}, 9, 0)", TODAY - 14);
        let others = ", 9".repeat(columns);
        let (before, after) = if key == "received" { (", 0, 0", ", 0") } else { (", 9", ", 9") };
        let days = format!(
            "with recursive d (day) as (
               select {} union all select day + 1 from d where day < {TODAY}),
             g (grain, a) as (values {grains})",
            TODAY - DAYS
        );
        let counts = format!(
            "{days} insert into {table}_count
             select 'sit_shop', grain, a, day, 137{before}, {is_open}{after}{others} from d, g"
        );
        database.execute(&counts, []).unwrap();
        let names = if table == "case" { "('first_answer')" } else { "('appointment'), ('asap')" };
        let values = format!(
            "{days}, v (name) as (values {names}),
             b (bound) as (select 60 union all select bound * 5 / 4 from b where bound < 200000)
             insert into {table}_value
             select 'sit_shop', grain, v.name, a, day, bound, 4, 4 * bound from d, g, v, b"
        );
        database.execute(&values, []).unwrap();
    }
}

/// Half of how often a statement took longer, in milliseconds.
fn median(world: &World, statement: &Statement) -> f64 {
    let mut took = Vec::new();
    for _ in 0..41 {
        let statement = Statement { text: statement.text, params: statement.params.clone() };
        let begun = Instant::now();
        testkit::rows(&world.database(), statement).unwrap();
        took.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    took.sort_by(f64::total_cmp);
    took[20]
}

fn overview(days: i64) -> Vec<(&'static str, Statement)> {
    let (days, before) = ((TODAY - days + 1, TODAY), (TODAY - 2 * days - 6, TODAY - days - 7));
    let total = Key { grain: "site", a: "", b: "", stage: "" };
    let asked = Asked {
        site_id: "sit_shop",
        total,
        touchpoints: List { grain: "touchpoint", other: "", which: "" },
        channels: List {
            grain: "channel",
            other: "",
            which: r#"["web","app","wechat","sms","email","phone","store"]"#,
        },
        days,
        before: Some(before),
    };
    let cases = case_figures::Asked {
        cases: Span { site_id: "sit_shop", grain: "site", key: "", days },
        calls: "site",
        before: Some(before),
        until: TODAY,
    };
    let page = Page { after: String::new(), rows: 200 };
    vec![
        ("scores", overview::overview(&asked).statement),
        ("index", scales::daily("sit_shop", days, Some(before)).statement),
        ("touchpoints", Touchpoint::list("sit_shop", &page).statement),
        ("alarms", alarms::open("sit_shop").statement),
        ("complaints and call-backs", case_figures::overview(&cases).statement),
    ]
}

fn heat(grain: &str, rows: Rows, weeks: i64) -> Statement {
    let columns = (0..weeks).map(|it| format!("[{},{}]", TODAY - 7 * it - 6, TODAY - 7 * it));
    let columns = format!("[{}]", columns.collect::<Vec<_>>().join(","));
    let asked = heatmap::Asked {
        site_id: "sit_shop",
        metric: "csat",
        points: 5,
        grain,
        fixed: "",
        columns: &columns,
        rows: 401,
    };
    heatmap::heatmap(&asked, rows).statement
}

#[test]
#[ignore = "fills two million rows; prints how long the statements take"]
fn the_overview_stays_fast_where_two_years_stand_in_the_rollups() {
    let world = World::with_site();
    fill(&world);
    println!("{} rows of rollups", world.number("select count(*) from rollup"));
    for days in [30, 90, 365] {
        let mut sum = 0.0;
        for (name, statement) in overview(days) {
            let took = median(&world, &statement);
            println!("{days} days, {name}: {took:.2} ms");
            sum += took;
        }
        println!("{days} days, all of it: {sum:.2} ms");
        assert!(days != 30 || sum < 10.0, "the overview of 30 days took {sum} ms");
    }
    for (name, statement) in [
        ("40 touchpoints × 5 weeks", heat("touchpoint", Rows::Touchpoints, 5)),
        ("40 touchpoints × 52 weeks", heat("touchpoint", Rows::Touchpoints, 52)),
        ("400 agents × 5 weeks", heat("agent", Rows::First, 5)),
        ("400 agents × 60 weeks", heat("agent", Rows::First, 60)),
    ] {
        println!("heat map, {name}: {:.2} ms", median(&world, &statement));
    }
}
