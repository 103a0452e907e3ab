//! Things that have names and ids: sites, touchpoints, surveys, people who work here, causes,
//! events.

use domain::role::Role;
use ports::Verb;

use super::{PAGE, arg};
use crate::tool::{Arg, Kind, Tool};

/// A list for everybody.
const fn list(
    name: &'static str,
    title: (&'static str, &'static str),
    about: &'static str,
    target: (&'static str, &'static str),
    args: &'static [&'static [Arg]],
) -> Tool {
    Tool { name, title, about, role: Role::Viewer, verb: Verb::Get, target, args, has_words: false }
}

pub(super) const TOOLS: [Tool; 7] = [
    list(
        "list_sites",
        ("Sites", "站点"),
        "The sites that this key may read, with their zones.",
        ("admin", "/v1/sites"),
        &[PAGE],
    ),
    list(
        "list_touchpoints",
        ("Touchpoints", "触点"),
        "Where customers meet the company: id, name, stage of the journey, channels, target.",
        ("admin", "/v1/touchpoints"),
        &[PAGE],
    ),
    list(
        "list_surveys",
        ("Surveys", "问卷"),
        "Surveys: id, name, state.",
        ("study", "/v1/studies"),
        &[PAGE],
    ),
    list(
        "list_departments",
        ("Departments", "部门"),
        "Departments: id and name.",
        ("admin", "/v1/departments"),
        &[PAGE],
    ),
    list(
        "list_agents",
        ("Staff", "员工"),
        "People who work on cases and call-backs: id, name, department, skills.",
        ("admin", "/v1/agents"),
        &[PAGE],
    ),
    list(
        "list_causes",
        ("Causes", "投诉根源台账"),
        "The ledger of root causes: kind, name, department, the measure against it and since when.",
        ("ledger", "/v1/causes"),
        &[PAGE],
    ),
    list(
        "list_events",
        ("Events", "事件"),
        "What happened, oldest first: type, subject, data. No event has a person's name, a \
         contact or a customer's words. Filter by type or subject: the log is long.",
        ("webhook", "/v1/events"),
        &[
            &[
                arg(
                    "type",
                    Kind::Text(2_000),
                    "Types or families, parted by commas: complaint.opened, response.*.",
                ),
                arg("subject", Kind::Text(80), "Of one thing, by its id: cas_…, rsp_…, srv_…."),
            ],
            PAGE,
        ],
    ),
];
