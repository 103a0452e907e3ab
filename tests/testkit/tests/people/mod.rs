//! The statements about one customer: whom a text finds, what happened with them, their file.

use ports::Statement;
use store::customer_lists::{self, Sought, Wanted};
use store::{customer_files, timelines};

pub(crate) fn statements() -> Vec<(&'static str, Statement)> {
    let wanted = Wanted { site_id: "s", group: "", adviser_id: "", after: "", rows: 9 };
    let of_group = Wanted { group: "core", ..wanted.clone() };
    let of_adviser = Wanted { adviser_id: "a", ..wanted.clone() };
    let sought = Sought { site_id: "s", text: "x", word: "x", phone: "1", after: (0, ""), rows: 9 };
    let mut all = vec![
        ("customer_lists::page", customer_lists::page(&wanted).statement),
        ("customer_lists::page of a group", customer_lists::page(&of_group).statement),
        ("customer_lists::page of an adviser", customer_lists::page(&of_adviser).statement),
        ("customer_lists::search", customer_lists::search(&sought).statement),
        ("customer_files::counts", customer_files::counts("c").statement),
        ("timelines::now", timelines::now("s", "c").statement),
        ("timelines::page", timelines::page("s", "c", (0, ""), 9).statement),
    ];
    for (name, text) in customer_files::PARTS {
        let name: &'static str = format!("customer_files::{name}").leak();
        all.push((name, customer_files::part(text, "c", "s", "[]").statement));
    }
    all
}
