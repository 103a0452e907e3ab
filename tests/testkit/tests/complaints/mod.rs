//! The statements over complaints, and of what time does to them.

use ports::Statement;
use store::case_queues::{self, Along};
use store::{
    Entity, agents, case_scan, case_search, case_steps, case_texts, cases, compensations,
    customers, departments, expiry, notices,
};

/// A queue along an index.
fn wanted(along: Along) -> case_queues::Wanted<'static> {
    case_queues::Wanted {
        along,
        site_id: "s",
        after: (0, "c"),
        rows: 9,
        states: "[]",
        grade: "",
        type_id: "",
        agent_id: "a",
        department_id: "d",
        customer_id: "c",
        touchpoint_id: "",
        parent_id: "p",
        sought: "[]",
        is_late: None,
        now: 0,
    }
}

/// The statements that find cases by people and by words.
pub fn of_search() -> Vec<(&'static str, Statement)> {
    let page = |along| case_queues::page(&wanted(along)).statement;
    let reached = |along| case_queues::reached(&wanted(along)).statement;
    vec![
        ("case_queues::page of people", page(Along::NewestOfPeople)),
        ("case_queues::page with words", page(Along::NewestWithWords)),
        ("case_queues::reached of people", reached(Along::NewestOfPeople)),
        ("case_queues::reached with words", reached(Along::NewestWithWords)),
        ("case_queues::has_people", case_queues::has_people("s", "[]").statement),
        ("case_search::put", case_search::put("[]")),
        ("case_search::erase", case_search::erase("[]")),
        ("case_search::texts", case_search::texts("c", 9).statement),
        ("case_search::left", case_search::left().statement),
    ]
}

/// The statements over complaints.
pub fn of_complaints() -> Vec<(&'static str, Statement)> {
    let case = cases::Case::default();
    let gift = compensations::Compensation::default();
    let page = |along| case_queues::page(&wanted(along)).statement;
    let reached = |along| case_queues::reached(&wanted(along)).statement;
    vec![
        ("case_queues::page of an agent", page(Along::DueOfAgent)),
        ("case_queues::page of a customer", page(Along::NewestOfCustomer)),
        ("case_queues::page of a department", page(Along::DueOfDepartment)),
        ("case_queues::page of a parent", page(Along::NewestOfParent)),
        ("case_queues::page of a site", page(Along::Due)),
        ("case_queues::page of the newest", page(Along::Newest)),
        ("case_queues::reached of an agent", reached(Along::DueOfAgent)),
        ("case_queues::reached of the newest", reached(Along::Newest)),
        ("case_texts::erase", case_texts::erase("c")),
        ("case_texts::erase_answers", case_texts::erase_answers("c")),
        ("case_texts::erase_contacts", case_texts::erase_contacts("c")),
        ("case_texts::erase_links", case_texts::erase_links("c", 0)),
        ("case_texts::link", case_texts::link([0; 32]).statement),
        ("case_texts::links", case_texts::links("c").statement),
        ("case_texts::of_case", case_texts::of_case("c", true).statement),
        ("case_texts::of_whole", case_texts::of_whole("c").statement),
        ("case_texts::past", case_texts::past("s", (0, 1), 9).statement),
        ("case_texts::revoke", case_texts::revoke("c", 0, 0)),
        ("cases::by_id", cases::Case::by_id("s", "c").statement),
        ("cases::by_number", cases::by_number("s", "n").statement),
        ("cases::by_once", cases::by_once("s", "o").statement),
        ("cases::cause_kind", cases::cause_kind("s", "c").statement),
        ("cases::has_none", cases::has_none("c")),
        ("cases::insert_all", cases::insert_all("[]")),
        ("cases::known", cases::known("s", "[]").statement),
        ("cases::cause_kinds", cases::cause_kinds("s", "[]").statement),
        ("cases::of_whos", cases::of_whos("[]").statement),
        ("case_texts::insert_all", case_texts::insert_all("[]")),
        ("customers::are_there", customers::are_there("s", "[]")),
        ("departments::known", departments::known("s", "[]").statement),
        ("cases::of_customer", cases::of_customer("c").statement),
        ("cases::of_response", cases::of_response("s", "r").statement),
        ("cases::of_who", cases::of_who("w", 9).statement),
        ("cases::some", cases::some("s", "[]").statement),
        ("cases::unlink", cases::unlink("c", 1, 0)),
        ("cases::update", cases::update(&case, 1)),
        ("compensations::erase", compensations::erase("c")),
        ("compensations::give", compensations::give(&gift, None)),
        ("compensations::of_case", compensations::of_case("c").statement),
    ]
}

/// The statements of what time does to complaints.
pub fn of_time() -> Vec<(&'static str, Statement)> {
    let group = case_scan::Group::default();
    vec![
        ("agents::candidates", agents::candidates("s").statement),
        ("agents::has_calendar", agents::has_calendar("s", "c").statement),
        ("case_scan::begin", case_scan::begin("s", "e")),
        ("case_scan::child_text", case_scan::child_text("p").statement),
        ("case_scan::count", case_scan::count("s", &group, "c", "d").statement),
        ("case_scan::cursor", case_scan::cursor("s").statement),
        ("case_scan::cursors", case_scan::cursors("s", 9).statement),
        ("case_scan::go_on", case_scan::go_on("s", 1, 2)),
        ("case_scan::groups", case_scan::groups("s", "c").statement),
        ("case_scan::orphans", case_scan::orphans("s", &group, "c", 9).statement),
        ("case_scan::responses", case_scan::responses("s", "[]").statement),
        ("case_scan::stirred", case_scan::stirred("c").statement),
        ("case_scan::tickets", case_scan::tickets("s", "[]").statement),
        ("case_steps::check", case_steps::check("[]")),
        ("case_steps::due", case_steps::due(0, 9).statement),
        ("case_steps::gain", case_steps::gain("s", "[]")),
        ("case_steps::has_room", case_steps::has_room("[]")),
        ("case_steps::lose", case_steps::lose("[]")),
        ("case_steps::next_due", case_steps::next_due().statement),
        ("case_steps::put_off", case_steps::put_off("[]")),
        ("case_steps::seals", case_steps::seals("[]").statement),
        ("case_steps::sites_with_unassigned", case_steps::sites_with_unassigned("", 9).statement),
        ("case_steps::unassigned", case_steps::unassigned("s", 9).statement),
        ("case_steps::update", case_steps::update("[]")),
        ("notices::notify_all", notices::notify_all("s", 0, "[]")),
    ]
}

/// The statements that take out what is older than its site keeps it.
pub fn of_expiry() -> Vec<(&'static str, Statement)> {
    vec![
        ("expiry::answers", expiry::answers("[]")),
        ("expiry::call_notes", expiry::call_notes("[]")),
        ("expiry::callbacks", expiry::callbacks("s", 0, 9).statement),
        ("expiry::case_links", expiry::case_links("[]", 0)),
        ("expiry::case_texts", expiry::case_texts("[]")),
        ("expiry::cases", expiry::cases("s", 0, 9).statement),
        ("expiry::comments", expiry::comments("s", "[]")),
        ("expiry::compensations", expiry::compensations("[]")),
        ("expiry::contacts", expiry::contacts("[]")),
        ("expiry::given", expiry::given("[]")),
        ("expiry::has_traces", expiry::has_traces(0, 0).statement),
        ("expiry::inbound_bodies", expiry::inbound_bodies("[]")),
        ("expiry::inbound_outcomes", expiry::inbound_outcomes("[]")),
        ("expiry::invitations", expiry::invitations("s", "[]")),
        ("expiry::is_ours", expiry::is_ours("s", "messages", "[]")),
        ("expiry::messages", expiry::messages("s", "m", 9).statement),
        ("expiry::note", expiry::note("s", "messages", "[]")),
        ("expiry::presence", expiry::presence(0)),
        ("expiry::responses", expiry::responses("s", "r", 9).statement),
        ("expiry::sightings", expiry::sightings(0)),
        ("expiry::sites", expiry::sites("s", 9).statement),
        ("expiry::unlink_cases", expiry::unlink_cases("[]", 0)),
        ("expiry::unlink_messages", expiry::unlink_messages("[]")),
        ("expiry::unlink_responses", expiry::unlink_responses("[]")),
    ]
}
