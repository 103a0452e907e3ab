//! The tools: what each is called, what it takes, and which call of the API it is.

mod figures;
mod things;
mod words;
mod writes;

use serde_json::Value;

use crate::tool::{Arg, Kind, Tool};
use crate::{Caller, schema};

/// All of them, in the order in which they are listed.
pub(crate) const TOOLS: [&[Tool]; 4] =
    [&figures::TOOLS, &things::TOOLS, &words::TOOLS, &writes::TOOLS];

/// The tools that there are for somebody.
fn offered(caller: &Caller) -> impl Iterator<Item = &'static Tool> {
    TOOLS.into_iter().flatten().filter(|it| caller.writes || it.is_read())
}

/// Those that their role may use, as JSON.
pub(crate) fn list(caller: &Caller) -> Vec<Value> {
    let mut shown = Vec::new();
    for it in offered(caller).filter(|it| it.role <= caller.role) {
        shown.push(schema::show(it, caller));
    }
    shown
}

/// The tool of a name. Whether they may use it, the API says.
pub(crate) fn find(caller: &Caller, name: &str) -> Option<&'static Tool> {
    offered(caller).find(|it| it.name == name)
}

/// An argument that may be left out.
const fn arg(name: &'static str, kind: Kind, about: &'static str) -> Arg {
    Arg { name, kind, is_needed: false, about }
}

/// An argument that may not.
const fn needed(name: &'static str, kind: Kind, about: &'static str) -> Arg {
    Arg { name, kind, is_needed: true, about }
}

/// The pages of a list.
const PAGE: &[Arg] = &[
    arg("limit", Kind::Limit, "How many items at most."),
    arg("after", Kind::After, "The next of the page before, for the one that follows."),
];

/// The days of a reading.
const DAYS: &[Arg] = &[
    arg("from", Kind::Date, "First day. Without from and to: the last 30 days, today included."),
    arg("to", Kind::Date, "Last day, at most 731 days after from."),
];

/// How sure to be.
const SURE: &[Arg] =
    &[arg("confidence", Kind::Pick(&[90, 95, 99]), "Percent of the intervals; 95 if absent.")];

/// What a reading is compared with.
const COMPARED: &[Arg] = &[
    arg(
        "compare",
        Kind::One(&["previous", "year", "none"]),
        "Compare with as many days right before, or a year before; whole weeks earlier, so that \
         weekdays match. The answer then has compared, with difference and its interval.",
    ),
    arg("compare_from", Kind::Date, "First day of a time of your own to compare with."),
    arg("compare_to", Kind::Date, "Its last day."),
];
