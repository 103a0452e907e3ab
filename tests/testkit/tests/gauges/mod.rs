//! The statements of what operators watch.

use ports::Statement;
use store::{Page, gauges};

pub(crate) fn statements() -> Vec<(&'static str, Statement)> {
    let page = Page { after: String::new(), rows: 9 };
    vec![
        ("gauges::backlog", gauges::backlog().statement),
        ("gauges::callbacks", gauges::callbacks("[]", 0).statement),
        ("gauges::complaints", gauges::complaints("[]", 0).statement),
        ("gauges::jobs", gauges::jobs(0).statement),
        ("gauges::looks", gauges::looks("[]").statement),
        ("gauges::scores", gauges::scores("[]").statement),
        ("gauges::since", gauges::since(0).statement),
        ("gauges::sites", gauges::sites(&page).statement),
    ]
}
