//! The statements over causes, reviews and the figures of complaints.

use ports::Statement;
use store::{Entity, Page, case_figures, causes, reviews};

pub(crate) fn statements() -> Vec<(&'static str, Statement)> {
    let page = Page { after: "x".into(), rows: 51 };
    let span = case_figures::Span { site_id: "s", grain: "g", key: "k", days: (0, 1) };
    let overview =
        case_figures::Asked { cases: span, calls: "site", before: Some((0, 1)), until: 1 };
    vec![
        ("case_figures::total", case_figures::total(&span).statement),
        ("case_figures::by_day", case_figures::by_day(&span).statement),
        ("case_figures::by_key", case_figures::by_key(&span).statement),
        ("case_figures::values", case_figures::values(&span).statement),
        ("case_figures::values_by_day", case_figures::values_by_day(&span).statement),
        ("case_figures::values_by_key", case_figures::values_by_key(&span).statement),
        ("case_figures::open of one", case_figures::open("s", "g", "k", 1).statement),
        ("case_figures::open of each", case_figures::open("s", "g", "*", 1).statement),
        ("case_figures::overview", case_figures::overview(&overview).statement),
        ("case_figures::names", case_figures::names("s", "[]").statement),
        ("causes::by_id", causes::Cause::by_id("s", "c").statement),
        ("causes::list", causes::Cause::list("s", &page).statement),
        ("causes::some", causes::some("s", "[]").statement),
        ("causes::cases", causes::cases("s", "c", &page).statement),
        ("causes::sides", causes::sides("s", "[]", 1).statement),
        ("reviews::by_id", reviews::Review::by_id("s", "r").statement),
        ("reviews::list", reviews::Review::list("s", &page).statement),
        ("reviews::of_quarter", reviews::of_quarter("s", "q").statement),
    ]
}
