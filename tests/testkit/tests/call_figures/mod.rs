//! The statements that count call-backs.

use ports::Statement;
use store::case_figures::Span;
use store::{call_counts, call_figures};

/// The statements that count call-backs.
pub fn statements() -> Vec<(&'static str, Statement)> {
    let span = Span { site_id: "s", grain: "agent", key: "a", days: (7, 8) };
    vec![
        ("call_counts::add", call_counts::add("s", "[]")),
        ("call_counts::add_values", call_counts::add_values("s", "[]")),
        ("call_counts::clear", call_counts::clear("s", 0)),
        ("call_counts::clear_days", call_counts::clear_days("s")),
        ("call_counts::clear_values", call_counts::clear_values("s", 0)),
        ("call_counts::compare", call_counts::compare("j", "l", ("s", 0), ("[]", "[]"), 0)),
        ("call_counts::compare_days", call_counts::compare_days("j", "l", "s")),
        ("call_counts::count_days", call_counts::count_days("s")),
        ("call_counts::of_day", call_counts::of_day("s", 0, "c", 9).statement),
        ("call_figures::by_day", call_figures::by_day(&span).statement),
        ("call_figures::by_key", call_figures::by_key(&span).statement),
        ("call_figures::names", call_figures::names("s", "[]").statement),
        ("call_figures::open", call_figures::open("s", "agent", "a", 8).statement),
        ("call_figures::open of each", call_figures::open("s", "agent", "*", 8).statement),
        ("call_figures::total", call_figures::total(&span).statement),
        ("call_figures::waits", call_figures::waits(&span).statement),
        ("call_figures::waits_by_day", call_figures::waits_by_day(&span).statement),
        ("call_figures::waits_by_key", call_figures::waits_by_key(&span).statement),
    ]
}
