//! Figures: scores, what moves them, what complaints and call-backs come to.

use domain::case::Grade;
use domain::case::Need;
use domain::role::Role;
use domain::touchpoint::{CHANNELS, GROUPS, STAGES};
use ports::Verb;

use super::{COMPARED, DAYS, PAGE, SURE, arg, needed};
use crate::tool::{Arg, ID_CHARS_MAX, Kind, Tool};

const TOUCHPOINT: Arg = arg("touchpoint", Kind::Id, "Of one touchpoint, tch_….");
const CHANNEL: Arg = arg("channel", Kind::One(&CHANNELS), "Of one channel.");
const GROUP: Arg = arg("group", Kind::One(&GROUPS), "Of one group of customers.");
const AGENT: Arg = arg("agent", Kind::Id, "Of one member of staff, agt_….");
const SURVEY: Arg = arg("survey", Kind::Id, "Of one survey, srv_….");
const POINTS: Arg =
    arg("points", Kind::Whole(2, 10), "For csat: the scale, which is never mixed; 5 if absent.");

/// What a score is cut by.
const BY_SCORE: [&str; 17] = [
    "day",
    "week",
    "month",
    "quarter",
    "stage",
    "touchpoint",
    "channel",
    "group",
    "survey",
    "question",
    "agent",
    "dimension",
    "touchpoint,channel",
    "touchpoint,group",
    "survey,question",
    "survey,group",
    "agent,channel",
];
const STEPS: [&str; 4] = ["day", "week", "month", "quarter"];

const SCORE: &[Arg] = &[
    needed("metric", Kind::One(&["nps", "csat", "ces"]), "Which score."),
    arg(
        "by",
        Kind::One(&BY_SCORE),
        "Cut into parts: over time (day … quarter) or by a thing, or by two. Filters and by \
         together may be: one thing; touchpoint with channel or group; survey with question or \
         group; agent with channel; stage with touchpoint; and any of them over time.",
    ),
    TOUCHPOINT,
    CHANNEL,
    GROUP,
    SURVEY,
    AGENT,
    arg("question", Kind::Text(ID_CHARS_MAX), "Of one question, by its id in the survey."),
    arg("dimension", Kind::Text(ID_CHARS_MAX), "Of one dimension of satisfaction, by its name."),
    arg("stage", Kind::One(&STAGES), "Of the touchpoints of one stage of the journey."),
    POINTS,
];

const GRADES: [&str; 3] = {
    let [_, rest @ ..] = Grade::NAMES;
    rest
};
const NEEDS: [&str; 3] = {
    let [_, rest @ ..] = Need::NAMES;
    rest
};

const COMPLAINTS: &[Arg] = &[
    arg(
        "by",
        Kind::One(&[
            "day",
            "week",
            "month",
            "quarter",
            "grade",
            "type",
            "department",
            "channel",
            "touchpoint",
            "agent",
            "group",
            "need",
            "cause",
            "cause_id",
        ]),
        "Cut into parts. With a filter, over time alone.",
    ),
    arg("grade", Kind::One(&GRADES), "Only of one grade. One filter at most."),
    arg("type", Kind::Text(40), "Of one type, such as late_delivery."),
    arg("department", Kind::Id, "Of one department, dep_…."),
    CHANNEL,
    TOUCHPOINT,
    AGENT,
    GROUP,
    arg("need", Kind::One(&NEEDS), "Of one kind of need."),
    arg("cause", Kind::Text(40), "Of one kind of cause: process_gap, product_defect, …."),
    arg("cause_id", Kind::Id, "Of one cause of the ledger, cau_…."),
];

const CALLBACKS: &[Arg] = &[
    arg(
        "by",
        Kind::One(&["day", "week", "month", "quarter", "purpose", "agent", "service"]),
        "Cut into parts. With a filter, over time alone.",
    ),
    arg(
        "purpose",
        Kind::One(&domain::callback::Purpose::NAMES),
        "Of one purpose. One filter at most.",
    ),
    AGENT,
    arg("service", Kind::Id, "Of one service, svc_…."),
];

/// A tool for everybody that reads numbers.
const fn figure(
    name: &'static str,
    title: (&'static str, &'static str),
    about: &'static str,
    target: (&'static str, &'static str),
    args: &'static [&'static [Arg]],
) -> Tool {
    Tool { name, title, about, role: Role::Viewer, verb: Verb::Get, target, args, has_words: false }
}

pub(super) const TOOLS: [Tool; 12] = [
    figure(
        "get_overview",
        ("Overview", "总览"),
        "What comes first, in one answer: NPS, CSAT, CES and index compared with the days before, \
         each touchpoint and channel, complaints, call-backs, open alarms. Begin here.",
        ("dashboard", "/v1/dashboard"),
        &[DAYS, COMPARED, SURE, &[TOUCHPOINT, CHANNEL, GROUP, AGENT, SURVEY]],
    ),
    figure(
        "get_score",
        ("Score", "分数"),
        "One score with n and interval: NPS (-100 to 100), CSAT (share of satisfied, in percent) \
         or CES (1 to 7); in all, by touchpoint, channel, group and more, over time, compared.",
        ("nps", "/v1/{metric}"),
        &[SCORE, DAYS, COMPARED, SURE],
    ),
    figure(
        "get_satisfaction_index",
        ("Satisfaction index", "满意度指数"),
        "The weighted satisfaction index (0 to 100) and what each dimension brings to it; over \
         time with by, compared with other days.",
        ("nps", "/v1/index"),
        &[
            &[SURVEY, arg("by", Kind::One(&STEPS), "Over time, step by step.")],
            DAYS,
            COMPARED,
            SURE,
        ],
    ),
    figure(
        "get_heatmap",
        ("Heatmap", "热力图"),
        "One score of many things, step by step, as a table: where and when something changed. \
         At most 60 columns.",
        ("dashboard", "/v1/heatmap"),
        &[
            &[
                arg("metric", Kind::One(&["csat", "nps", "ces"]), "Which score; csat if absent."),
                arg(
                    "by",
                    Kind::One(&["touchpoint", "channel", "group", "agent"]),
                    "What rows are; touchpoint if absent.",
                ),
                arg("step", Kind::One(&["day", "week", "month"]), "A column; week if absent."),
                TOUCHPOINT,
                CHANNEL,
                GROUP,
                AGENT,
            ],
            DAYS,
            SURE,
        ],
    ),
    figure(
        "get_drivers",
        ("Drivers", "驱动因素"),
        "What moves the overall verdict: how much each touchpoint or dimension matters \
         (correlation with its interval) and how it does, and which quadrant that is.",
        ("nps", "/v1/drivers"),
        &[
            &[
                arg(
                    "by",
                    Kind::One(&["touchpoint", "dimension"]),
                    "What drives; touchpoint if absent.",
                ),
                arg(
                    "of",
                    Kind::One(&["nps", "csat", "ces"]),
                    "The overall verdict; nps if absent.",
                ),
                POINTS,
            ],
            DAYS,
            SURE,
        ],
    ),
    figure(
        "list_alarms",
        ("Alarms", "预警"),
        "Alarms that the system raised when a figure fell or complaints surged, with the numbers \
         that raised and cleared each.",
        ("nps", "/v1/alarms"),
        &[&[arg("state", Kind::One(&["open", "cleared"]), "All if absent.")], PAGE],
    ),
    figure(
        "get_complaint_figures",
        ("Complaint figures", "投诉指标"),
        "What complaints come to by the day they were received: how many, open, late, answered \
         and solved in time, durations, grades, causes, ratings; cut and compared as you ask.",
        ("dashboard", "/v1/complaint-figures"),
        &[COMPLAINTS, DAYS, COMPARED, SURE],
    ),
    figure(
        "get_callback_figures",
        ("Call-back figures", "回访指标"),
        "What call-backs come to by the day they were asked for: promises kept, people reached, \
         attempts, waits; cut and compared as you ask.",
        ("dashboard", "/v1/callback-figures"),
        &[CALLBACKS, DAYS, COMPARED, SURE],
    ),
    figure(
        "rank_causes",
        ("Ranking of causes", "投诉根源排名"),
        "Root causes of complaints by how often they came, compared with the time before, and \
         whether the measure against each helped. This month if no time is given.",
        ("ledger", "/v1/causes/ranking"),
        &[
            &[arg("month", Kind::Text(7), "A month such as 2026-11; goes without from and to.")],
            DAYS,
            SURE,
        ],
    ),
    figure(
        "rank_cause_reviews",
        ("Quarterly review of causes", "季度根源评审"),
        "Root causes of a quarter by how often they came times the harm they do, each with its \
         review if there is one.",
        ("ledger", "/v1/reviews/ranking"),
        &[
            &[
                arg("quarter", Kind::Text(7), "Such as 2026-Q4; this one if absent."),
                arg(
                    "harm",
                    Kind::Text(14),
                    "Weights of general, moderate and major cases such as 1,3,10.",
                ),
            ],
            SURE,
        ],
    ),
    figure(
        "get_goals",
        ("Goals", "目标"),
        "The goals of the company: what each should be, what it is, and whether it is reached.",
        ("goals", "/v1/goals"),
        &[
            DAYS,
            &[arg(
                "compare",
                Kind::One(&["previous", "year", "none"]),
                "Compare with the days before, or a year before; previous if absent.",
            )],
        ],
    ),
    figure(
        "get_topics",
        ("Topics of comments", "评论主题"),
        "What comments are about and how they feel, topic by topic, over the days of the last \
         digest. Numbers alone; list_comments has the words.",
        ("voice", "/v1/keywords/topics"),
        &[&[TOUCHPOINT], SURE],
    ),
];
