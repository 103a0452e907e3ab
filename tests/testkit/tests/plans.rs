//! How SQLite means to run every statement of a request: by index, never by scanning a table.
//!
//! `tests/golden/plans.txt` pins the plans, so that a change of schema or of a query shows.

use std::fmt::Write as _;

use ports::Statement;
use store::rollups::{Key, Span};
use store::{
    Entity, Page, agents, customers, departments, events, idempotency, jobs, keys, responses,
};
use store::{rollups, sites, studies, touchpoints};
use testkit::World;

fn statements() -> Vec<(&'static str, Statement)> {
    let page = Page { after: "x".into(), rows: 51 };
    let span = Span { site_id: "s", metric: "nps", points: 10, from: 0, to: 1 };
    let key = Key { grain: "site", a: "", b: "" };
    let submission = responses::Submission {
        rows: "[]".into(),
        site_id: "s",
        study_id: "s",
        source: "widget",
        actor: "public",
    };
    vec![
        ("agents::by_id", agents::Agent::by_id("s", "a").statement),
        ("agents::known", agents::known("s", "[]").statement),
        ("agents::list", agents::Agent::list("s", &page).statement),
        ("customers::by_external_id", customers::by_external_id("s", "x").statement),
        ("customers::by_id", customers::Customer::by_id("s", "c").statement),
        ("customers::contacts", customers::contacts("c").statement),
        ("customers::drop_contact", customers::drop_contact("c", "")),
        ("customers::ids", customers::ids("s", "[]").statement),
        ("customers::list", customers::Customer::list("s", &page).statement),
        ("customers::unlink_responses", customers::unlink_responses("c")),
        ("departments::by_id", departments::Department::by_id("s", "d").statement),
        ("departments::list", departments::Department::list("s", &page).statement),
        ("events::of", events::of("s", "x", 0, 1).statement),
        ("events::seal", events::seal("x", 1).statement),
        ("idempotency::blank", idempotency::blank("c")),
        ("idempotency::find", idempotency::find("c", "k", 0).statement),
        ("jobs::by_id", jobs::by_id("s", "j").statement),
        ("jobs::lease", jobs::lease(0, 1, "l", 10).statement),
        ("keys::by_hash", keys::by_hash([0; 32]).statement),
        ("keys::by_id", keys::Key::by_id("s", "k").statement),
        ("keys::by_session", keys::by_session([0; 32], 0).statement),
        ("keys::list", keys::Key::list("s", &page).statement),
        ("responses::by_id", responses::by_id("s", "r").statement),
        ("responses::import", responses::import(&submission)),
        ("responses::list", responses::list("s", &page).statement),
        ("responses::submit", responses::submit(&submission, 1, [0; 32], 0)),
        ("rollups::by_day", rollups::by_day(&span, &key).statement),
        ("rollups::by_first", rollups::by_first(&span, &key, "channel", "").statement),
        (
            "rollups::by_second",
            rollups::by_second(&span, &key, "touchpoint_channel", "t").statement,
        ),
        ("rollups::compare_day", rollups::compare_day("j", "l", "s", 0)),
        ("rollups::clear_day", rollups::clear_day("s", 0)),
        ("rollups::count_day", rollups::count_day("s", 0)),
        ("rollups::next_day", rollups::next_day("s", 0).statement),
        ("rollups::overview", rollups::overview("s", "[]", 0, 1, 2).statement),
        ("sites::by_id", sites::by_id("s").statement),
        ("studies::by_id", studies::Study::by_id("s", "y").statement),
        ("studies::list", studies::Study::list("s", &page).statement),
        ("studies::public", studies::public("y", 0).statement),
        ("studies::versions", studies::versions("y", 0, 1).statement),
        ("touchpoints::by_id", touchpoints::Touchpoint::by_id("s", "t").statement),
        ("touchpoints::list", touchpoints::Touchpoint::list("s", &page).statement),
        ("touchpoints::unknown", touchpoints::unknown("s", "[]").statement),
    ]
}

/// Tables that a request must not read from end to end.
const TABLES: [&str; 14] = [
    "site",
    "api_key",
    "session",
    "department",
    "agent",
    "touchpoint",
    "customer",
    "contact",
    "study",
    "response",
    "score",
    "rollup",
    "event",
    "idempotency",
];

#[test]
fn no_request_scans_a_table_and_plans_are_as_recorded() {
    let world = World::new();
    let mut plans = String::new();
    for (name, statement) in statements() {
        writeln!(plans, "{name}").unwrap();
        let connection = world.database();
        let text = format!("explain query plan {}", statement.text);
        let mut prepared = connection.prepare(&text).unwrap();
        // Unbound parameters are null; a plan does not look at values.
        let mut rows = prepared.raw_query();
        while let Some(row) = rows.next().unwrap() {
            let step: String = row.get(3).unwrap();
            let scanned = step.strip_prefix("SCAN ").and_then(|it| it.split(' ').next());
            let is_table = scanned.is_some_and(|it| TABLES.contains(&it));
            let is_whole = is_table && !step.contains("INDEX");
            assert!(!is_whole, "{name} reads a table from end to end: {step}");
            writeln!(plans, "  {step}").unwrap();
        }
    }
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/../golden/plans.txt");
    if std::env::var_os("GOLDEN").is_some() {
        std::fs::write(golden, &plans).unwrap();
    }
    let recorded = std::fs::read_to_string(golden).unwrap_or_default();
    assert_eq!(plans, recorded, "if intended: GOLDEN=1 cargo test -p testkit");
}
