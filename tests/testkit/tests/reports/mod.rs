//! The statements over reports.

use ports::Statement;
use store::Page;
use store::reports::{self, Filter, Report};

pub(crate) fn statements() -> Vec<(&'static str, Statement)> {
    let page = Page { after: "x".into(), rows: 51 };
    let report = Report {
        id: "r".into(),
        site_id: "s".into(),
        kind: "week".into(),
        department_id: String::new(),
        department: String::new(),
        first_day: 0,
        last_day: 6,
        name: String::new(),
        made_at: 0,
    };
    let filter = Filter { kind: "week", department_id: "d" };
    vec![
        ("reports::by_id", reports::by_id("s", "r").statement),
        ("reports::insert", reports::insert(&report, "{}")),
        ("reports::list", reports::list("s", filter, &page).statement),
        ("reports::missing", reports::missing("[]", 4).statement),
        ("reports::sites", reports::sites("x", 50).statement),
    ]
}
