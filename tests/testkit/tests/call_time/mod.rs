//! The statements over what leads to a call, and over what time and erasing do to call-backs.

use ports::Statement;
use store::{call_scan, call_steps, callbacks, services};

pub(crate) fn statements() -> Vec<(&'static str, Statement)> {
    vec![
        ("call_scan::begin", call_scan::begin("s", "e")),
        ("call_scan::blocked", call_scan::blocked("s", "[]").statement),
        ("call_scan::cases", call_scan::cases("s", "[]").statement),
        ("call_scan::cursors", call_scan::cursors("s", 9).statement),
        ("call_scan::customers", call_scan::customers("s", "core", "c", 9).statement),
        ("call_scan::go_on", call_scan::go_on("s", 0, 1)),
        ("call_scan::go_on_with", call_scan::go_on_with("s", (0, ""), (1, "~"))),
        ("call_scan::known", call_scan::known("s", "[]").statement),
        ("call_scan::orders", call_scan::orders("s", "[]").statement),
        ("call_scan::place", call_scan::place("s").statement),
        ("call_scan::responses", call_scan::responses("s", "[]").statement),
        ("call_scan::room", call_scan::room("s", 0).statement),
        ("call_steps::erase_answers", call_steps::erase_answers("c")),
        ("call_steps::erase_contacts", call_steps::erase_contacts("c")),
        ("call_notes::erase", store::call_notes::erase("c")),
        ("call_notes::expire", store::call_notes::expire("[]")),
        ("call_notes::insert", store::call_notes::insert("c", "n")),
        ("call_notes::of", store::call_notes::of("c").statement),
        ("call_steps::erase_notes", call_steps::erase_notes("c")),
        ("call_steps::has_none", call_steps::has_none("c")),
        ("call_steps::next_due", call_steps::next_due().statement),
        ("call_steps::of_customer", call_steps::of_customer("c").statement),
        ("call_steps::put_off", call_steps::put_off("[]")),
        ("call_steps::unbegun", call_steps::unbegun("s", "[]").statement),
        ("call_steps::whom", call_steps::whom("[]").statement),
        ("callbacks::due", callbacks::due(0, 9).statement),
        ("services::of_ids", services::of_ids("[]").statement),
    ]
}
