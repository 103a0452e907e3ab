//! The statements over what call-backs go by: services, rules, numbers, feeds, and booked time.

use ports::Statement;
use store::{Entity, Page, agents, call_feeds, call_rules, callbacks, do_not_call, services};

pub(crate) fn statements() -> Vec<(&'static str, Statement)> {
    let page = Page { after: "x".into(), rows: 51 };
    let rule = call_rules::CallRule::default();
    let service = services::Service::default();
    vec![
        ("agents::callers", agents::callers("s").statement),
        ("call_feeds::drop", call_feeds::drop("a")),
        ("call_feeds::set", call_feeds::set("a", [0; 32])),
        ("call_rules::by_id", call_rules::CallRule::by_id("s", "r").statement),
        ("call_rules::list", call_rules::CallRule::list("s", &page).statement),
        ("call_rules::update", call_rules::update(&rule)),
        ("callbacks::busy", callbacks::busy("s", 0, 1, 0, "c").statement),
        ("do_not_call::by_id", do_not_call::DoNotCall::by_id("s", "d").statement),
        ("do_not_call::delete", do_not_call::delete("s", "d")),
        ("do_not_call::list", do_not_call::DoNotCall::list("s", &page).statement),
        ("do_not_call::of", do_not_call::of("s", [0; 32]).statement),
        ("services::by_id", services::Service::by_id("s", "v").statement),
        ("services::list", services::Service::list("s", &page).statement),
        ("services::update", services::update(&service)),
    ]
}
