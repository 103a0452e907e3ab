//! The statements of the components that call and that show days.

use ports::Statement;
use store::call_attempts::{self, Attempt};
use store::call_queue::{self, Caller};
use store::{agents, do_not_call, services};

/// Them, by their names.
pub(crate) fn statements() -> Vec<(&'static str, Statement)> {
    let caller = Caller {
        site_id: "s",
        agent_id: "a",
        services: "[]",
        languages: "[]",
        quiet: "[]",
        now: 0,
    };
    vec![
        ("agents::by_feed", agents::by_feed([0; 32]).statement),
        ("call_attempts::by_agent", call_attempts::by_agent("a", 0, 1, 9).statement),
        ("call_attempts::insert", call_attempts::insert(&Attempt::default())),
        ("call_attempts::of", call_attempts::of("c").statement),
        ("call_attempts::of_all", call_attempts::of_all("[]").statement),
        ("call_queue::booked", call_queue::booked("[]", 0, 7).statement),
        ("call_queue::case_numbers", call_queue::case_numbers("[]").statement),
        ("call_queue::contacts", call_queue::contacts("[]").statement),
        ("call_queue::diary", call_queue::diary("a", 0, 1, 9).statement),
        ("call_queue::head", call_queue::head(&caller, 9).statement),
        ("call_queue::next_due", call_queue::next_due(&caller).statement),
        ("call_queue::of_ids", call_queue::of_ids("[]").statement),
        ("call_queue::of_phone", call_queue::of_phone("s", &[], 9).statement),
        ("call_queue::own", call_queue::own(&caller, 0, 9).statement),
        ("call_queue::waiting", call_queue::waiting("a", 0, 9).statement),
        ("do_not_call::has", do_not_call::has("s", &[]).statement),
        ("do_not_call::insert", do_not_call::insert("d", "s", [0; 32], "x", 0)),
        ("services::of_ids", services::of_ids("[]").statement),
        ("services::of_site", services::of_site("s").statement),
    ]
}
