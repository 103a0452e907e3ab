//! What customers say, and who they are: results that hold their words.

use domain::callback::{Purpose, State as CallState};
use domain::case::{Grade, State};
use domain::report::Kind as Report;
use domain::role::Role;
use domain::touchpoint::GROUPS;
use ports::Verb;

use super::{PAGE, arg, needed};
use crate::tool::{Arg, ID_CHARS_MAX, Kind, Tool};

/// A tool that reads words.
const fn reading(
    name: &'static str,
    title: (&'static str, &'static str),
    role: Role,
    about: &'static str,
    target: (&'static str, &'static str),
    args: &'static [&'static [Arg]],
) -> Tool {
    Tool { name, title, about, role, verb: Verb::Get, target, args, has_words: true }
}

const CUSTOMER: Arg = needed("id", Kind::Id, "The customer, cus_… of find_customers.");

pub(super) const TOOLS: [Tool; 10] = [
    reading(
        "get_keywords",
        ("Keywords", "关键词"),
        Role::Viewer,
        "Words that stand out in comments: in this time against the time before, or in bad or \
         good ones against the others; with counts.",
        ("voice", "/v1/keywords"),
        &[&[
            arg(
                "side",
                Kind::One(&["period", "low", "high"]),
                "Against the time before, or what bad or good comments say; period if absent.",
            ),
            arg("touchpoint", Kind::Id, "Of one touchpoint, tch_…."),
        ]],
    ),
    reading(
        "list_reports",
        ("Reports", "报告"),
        Role::Viewer,
        "Reports that were made, the newest first: kind, period, department.",
        ("evaluation", "/v1/reports"),
        &[
            &[
                arg("kind", Kind::One(&Report::NAMES), "Of one kind."),
                arg("department_id", Kind::Id, "Of one department, dep_…."),
            ],
            PAGE,
        ],
    ),
    reading(
        "read_report",
        ("Read a report", "阅读报告"),
        Role::Viewer,
        "A report as Markdown: figures with their certainty, findings, topics.",
        ("evaluation", "/v1/reports/{id}?format=md"),
        &[&[
            needed("id", Kind::Id, "The report, rpt_… of list_reports."),
            arg("lang", Kind::One(&["en", "zh-CN"]), "The language to read it in."),
        ]],
    ),
    reading(
        "list_comments",
        ("Comments", "评论"),
        Role::Agent,
        "Comments of survey answers, the newest first, personal data hidden: text, how it feels \
         (-1 to 1), topic, touchpoint, day.",
        ("voice", "/v1/comments"),
        &[&[arg("topic", Kind::Text(40), "About one topic, by its label of get_topics.")], PAGE],
    ),
    reading(
        "list_complaints",
        ("Complaints", "投诉工单"),
        Role::Agent,
        "Complaints, the most pressing first, or the newest: number, state, grade, clocks with \
         what is due, whose it is, and how it begins. get_complaint has all of one.",
        ("complaint", "/v1/complaints"),
        &[
            &[
                arg(
                    "q",
                    Kind::Text(100),
                    "A ticket number, a customer's id or contact, or words that were said.",
                ),
                arg("state", Kind::Many(&State::NAMES), "In one of these states."),
                arg("grade", Kind::One(&Grade::NAMES), "Of one grade."),
                arg("type", Kind::Text(ID_CHARS_MAX), "Of one type, such as late_delivery."),
                arg("is_late", Kind::Flag, "Whether a promise was broken."),
                arg("agent_id", Kind::Id, "Whose it is, agt_…; me for the key's own agent."),
                arg("department_id", Kind::Id, "Of one department, dep_…."),
                arg("customer_id", Kind::Id, "Of one customer, cus_…."),
                arg("touchpoint_id", Kind::Id, "At one touchpoint, tch_…."),
                arg("parent_id", Kind::Id, "Those that belong to one surge, cas_…."),
                arg(
                    "sort",
                    Kind::One(&["due", "newest"]),
                    "due is for cases that are not over; with q, a customer or a closed state it \
                     is newest.",
                ),
            ],
            PAGE,
        ],
    ),
    reading(
        "get_complaint",
        ("One complaint", "投诉详情"),
        Role::Agent,
        "A complaint with all that was said, done and promised in it: texts in their order, \
         clocks with their timelines, grading with reasons, contacts, compensations.",
        ("casework", "/v1/complaints/{id}"),
        &[&[needed("id", Kind::Id, "Its id, cas_…, or its ticket number.")]],
    ),
    reading(
        "list_callbacks",
        ("Call-backs", "回访"),
        Role::Agent,
        "Call-backs, the newest first: state, purpose, time, who calls, attempts, promise.",
        ("callback", "/v1/callbacks"),
        &[
            &[
                arg("state", Kind::Many(&CallState::NAMES), "In one of these states."),
                arg("purpose", Kind::One(&Purpose::NAMES), "Of one purpose."),
                arg("agent_id", Kind::Id, "Who calls, agt_…; me for the key's own agent."),
                arg("service_id", Kind::Id, "Of one service, svc_…."),
                arg("case_id", Kind::Id, "Of one complaint, cas_…."),
                arg("customer_id", Kind::Id, "Of one customer, cus_…."),
                arg("from", Kind::Date, "Appointments from this day on."),
                arg("to", Kind::Date, "Appointments up to this day."),
            ],
            PAGE,
        ],
    ),
    reading(
        "find_customers",
        ("Find customers", "查找客户"),
        Role::Agent,
        "Customers: their id, the company's own id of them, group, adviser, contacts as the key's \
         role may see them.",
        ("customer", "/v1/customers"),
        &[
            &[
                arg("q", Kind::Text(254), "A contact or the beginning of the company's own id."),
                arg("external_id", Kind::Text(80), "The company's own id of them, exactly."),
                arg("group", Kind::One(&GROUPS), "Of one group."),
                arg("adviser_id", Kind::Id, "Whose adviser this is, agt_…."),
            ],
            PAGE,
        ],
    ),
    reading(
        "get_customer_summary",
        ("A customer now", "客户概况"),
        Role::Agent,
        "How it stands with a customer: what is open, the next call, their last scores, what \
         their orders come to.",
        ("customer", "/v1/customers/{id}/summary"),
        &[&[CUSTOMER]],
    ),
    reading(
        "get_customer_timeline",
        ("A customer's history", "客户历程"),
        Role::Agent,
        "What happened with a customer, the newest first: answers, complaints, calls, orders, \
         messages.",
        ("customer", "/v1/customers/{id}/timeline"),
        &[&[CUSTOMER], PAGE],
    ),
];
