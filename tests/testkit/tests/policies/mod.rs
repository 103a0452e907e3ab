//! The statements over what cases go by.

use ports::Statement;
use store::{Entity, Page, calendars, policies};

pub(crate) fn statements() -> Vec<(&'static str, Statement)> {
    let page = Page { after: "x".into(), rows: 51 };
    let policy = policies::Policy::default();
    vec![
        ("calendars::by_id", calendars::Calendar::by_id("s", "c").statement),
        ("calendars::list", calendars::Calendar::list("s", &page).statement),
        ("policies::in_force", policies::in_force("s").statement),
        ("policies::of_kind", policies::of_kind("s", "k").statement),
        ("policies::strangers", policies::strangers("s", "[]").statement),
        ("policies::update", policies::update(&policy)),
        ("policies::version", policies::version("p", 1).statement),
        ("policies::versions", policies::versions("p", 1, 1).statement),
        ("policies::wake_cases", policies::wake_cases("s", 0)),
    ]
}
