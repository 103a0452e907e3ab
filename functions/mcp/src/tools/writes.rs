//! What writes: there only where the operator set `mcp_writes` to `on`.

use domain::role::Role;
use domain::touchpoint::CHANNELS;
use ports::Verb;

use super::{arg, needed};
use crate::call::ONCE;
use crate::tool::{Arg, Kind, Tool};

/// The longest text of a complaint, in characters.
const TEXT_CHARS_MAX: usize = app::case::TEXT_CHARS_MAX;

/// The same for all of them.
const TWICE: Arg = arg(
    ONCE,
    Kind::Text(200),
    "Calls that are alike are one for 24 hours, so that a call can be repeated without harm. Give \
     another text here to do the same once more.",
);

const CUSTOMER: &[Arg] = &[
    arg("external_id", Kind::Text(80), "The company's own id of them."),
    arg("name", Kind::Text(80), "Their name."),
    arg("email", Kind::Text(254), "Their address."),
    arg("phone", Kind::Text(32), "Their number."),
    arg("wechat", Kind::Text(64), "Their WeChat id."),
];

pub(super) const TOOLS: [Tool; 3] = [
    Tool {
        name: "add_complaint_note",
        title: ("Add a note to a complaint", "添加工单备注"),
        about: "Adds a note to a complaint that staff alone see. It cannot be taken back: have a \
            person read it first.",
        role: Role::Agent,
        verb: Verb::Post,
        target: ("casework", "/v1/complaints/{id}/note"),
        args: &[&[
            needed("id", Kind::Id, "The complaint's id, cas_…, or its ticket number."),
            needed("text", Kind::Text(TEXT_CHARS_MAX), "The note."),
            TWICE,
        ]],
        has_words: true,
    },
    Tool {
        name: "open_complaint",
        title: ("Take down a complaint", "登记投诉"),
        about: "Takes down what a customer complains about. It is graded, given to somebody and \
            acknowledged at once, and its clocks run: only for a real complaint, in the \
            customer's own words. The customer's private link is not told here; the desk has it.",
        role: Role::Agent,
        verb: Verb::Post,
        target: ("complaint", "/v1/complaints"),
        args: &[&[
            needed("text", Kind::Text(TEXT_CHARS_MAX), "What they say."),
            arg("channel", Kind::One(&CHANNELS), "On which channel they said it."),
            arg("language", Kind::Text(35), "In which language, such as zh-CN."),
            arg(
                "type",
                Kind::Text(40),
                "What it is about, such as late_delivery; else it is read.",
            ),
            arg("touchpoint_id", Kind::Id, "Where it happened, tch_…."),
            arg("response_id", Kind::Id, "The survey answer that led to it, rsp_…."),
            arg("customer_id", Kind::Id, "The customer, cus_…; goes without customer."),
            arg("customer", Kind::Object(CUSTOMER), "Who they are, if they are not known by id."),
            TWICE,
        ]],
        has_words: true,
    },
    Tool {
        name: "make_report",
        title: ("Make a report", "生成专题报告"),
        about: "Makes a special report about days of your choice; read_report reads it.",
        role: Role::Manager,
        verb: Verb::Post,
        target: ("evaluation", "/v1/reports"),
        args: &[&[
            needed("name", Kind::Text(80), "What it is called."),
            needed("from", Kind::Date, "First day."),
            needed("to", Kind::Date, "Last day, today at the latest."),
            arg("department_id", Kind::Id, "About one department alone, dep_…."),
            TWICE,
        ]],
        has_words: false,
    },
];
