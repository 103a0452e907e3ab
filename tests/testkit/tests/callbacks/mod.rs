//! The statements that book calls, and list them.

use ports::Statement;
use store::Entity;
use store::call_lists::{self, Along, Wanted};
use store::callbacks::{self, Callback};

/// The statements that book calls, and list them.
pub fn statements() -> Vec<(&'static str, Statement)> {
    let row = Callback::default();
    let wanted = |along| Wanted {
        along,
        site_id: "s",
        after: (0, ""),
        rows: 9,
        states: "[]",
        purpose: "",
        agent_id: "a",
        service_id: "v",
        case_id: "c",
        customer_id: "u",
        until: 9,
    };
    let page = |along| call_lists::page(&wanted(along)).statement;
    let reached = |along| call_lists::reached(&wanted(along)).statement;
    vec![
        ("call_lists::ahead", call_lists::ahead("s", (0, "c"), 0, 9).statement),
        ("call_lists::contacts", call_lists::contacts(&row).statement),
        ("call_lists::page due of an agent", page(Along::DueOfAgent)),
        ("call_lists::page newest", page(Along::Newest)),
        ("call_lists::page newest of a case", page(Along::NewestOfCase)),
        ("call_lists::page newest of a customer", page(Along::NewestOfCustomer)),
        ("call_lists::page by their start", page(Along::Start)),
        ("call_lists::page of the queue", page(Along::Queue)),
        ("call_lists::reached due of an agent", reached(Along::DueOfAgent)),
        ("call_lists::reached newest", reached(Along::Newest)),
        ("call_lists::reached by their start", reached(Along::Start)),
        ("call_lists::reached of the queue", reached(Along::Queue)),
        ("callbacks::add_call", callbacks::add_call("a", 0, 1)),
        ("callbacks::by_id", Callback::by_id("s", "c").statement),
        ("callbacks::by_link", callbacks::by_link([0; 32]).statement),
        ("callbacks::drop_call", callbacks::drop_call("a", 0)),
        ("callbacks::free", callbacks::free("c")),
        ("callbacks::has_all", callbacks::has_all("c", "a", 0, 0, 1)),
        ("callbacks::insert", callbacks::insert(&row)),
        ("callbacks::is_free", callbacks::is_free("a", 0, 0, 1, "c")),
        ("callbacks::lapsed", callbacks::lapsed("s", 0, 9).statement),
        ("callbacks::move_to", callbacks::move_to("c", "a", 0, "[]")),
        ("callbacks::open_of_case", callbacks::open_of_case("c").statement),
        ("callbacks::take", callbacks::take("a", 0, "[]", "c")),
        ("callbacks::update", callbacks::update(&row, 1)),
    ]
}
