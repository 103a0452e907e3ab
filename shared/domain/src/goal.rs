//! What a company holds itself to: every target with its formula (requirement R10).
//!
//! A touchpoint has a target of its own, which goes before the usual one; the others are these.

use crate::case::ledger::{REPEATED, RESOLUTION};
use crate::measure::{ATTAINMENT, CHURN, COVERAGE, FIRST_CONTACT};
use crate::score::round;

/// What a goal is about, in the order in which people read them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// How satisfied customers are.
    Satisfaction,
    /// Whether they stay.
    Loyalty,
    /// What becomes of complaints.
    Complaints,
    /// How well and how fast customers are served.
    Service,
    /// Calls that were promised.
    Calls,
    /// How much of it all is known.
    Coverage,
}

impl Area {
    /// All of them.
    pub const ALL: [Area; 6] = [
        Area::Satisfaction,
        Area::Loyalty,
        Area::Complaints,
        Area::Service,
        Area::Calls,
        Area::Coverage,
    ];

    /// Its name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Area::Satisfaction => "satisfaction",
            Area::Loyalty => "loyalty",
            Area::Complaints => "complaints",
            Area::Service => "service",
            Area::Calls => "calls",
            Area::Coverage => "coverage",
        }
    }

    /// What people call it, in English and in Chinese.
    pub const fn label(self) -> (&'static str, &'static str) {
        match self {
            Area::Satisfaction => ("Satisfaction", "满意度"),
            Area::Loyalty => ("Loyalty", "忠诚度"),
            Area::Complaints => ("Complaints", "投诉"),
            Area::Service => ("Service", "服务"),
            Area::Calls => ("Call-backs", "回电与回访"),
            Area::Coverage => ("Coverage", "覆盖率"),
        }
    }
}

/// What a figure is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A share of all.
    Percent,
    /// A score without a unit, such as NPS.
    Points,
    /// A mean of answers from 1 to 5.
    Of5,
    /// A mean of answers from 1 to 7.
    Of7,
    /// A duration.
    Minutes,
    /// A longer one.
    Hours,
    /// An amount.
    Money,
}

impl Unit {
    /// Its name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Unit::Percent => "percent",
            Unit::Points => "points",
            Unit::Of5 => "of_5",
            Unit::Of7 => "of_7",
            Unit::Minutes => "minutes",
            Unit::Hours => "hours",
            Unit::Money => "money",
        }
    }

    /// How many seconds one is, of a duration.
    pub const fn seconds(self) -> f64 {
        match self {
            Unit::Minutes => 60.0,
            Unit::Hours => 3600.0,
            _ => 1.0,
        }
    }
}

/// What a figure should be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Aim {
    /// This or more.
    AtLeast(f64),
    /// This or less.
    AtMost(f64),
    /// More than before, by so many percent or more.
    Raise(f64),
    /// Nobody said.
    Open,
}

/// What a figure should be, as a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    /// The number.
    pub number: f64,
    /// Whether less is better.
    pub is_most: bool,
}

impl Aim {
    /// The number that it comes to, where `before` is what the figure was. Of a score below zero a
    /// rise is a way up, too.
    pub fn target(self, before: Option<f64>) -> Option<Target> {
        match self {
            Aim::AtLeast(number) => Some(Target { number, is_most: false }),
            Aim::AtMost(number) => Some(Target { number, is_most: true }),
            Aim::Raise(percent) => {
                let before = before?;
                let number = round(before + before.abs() * percent / 100.0, 1);
                Some(Target { number, is_most: false })
            }
            Aim::Open => None,
        }
    }

    /// By how many percent it should rise; `None` of other targets.
    pub const fn rise(self) -> Option<f64> {
        match self {
            Aim::Raise(percent) => Some(percent),
            _ => None,
        }
    }

    /// `at_least` or `at_most`; `None` where nobody said.
    pub const fn direction(self) -> Option<&'static str> {
        match self {
            Aim::AtLeast(_) | Aim::Raise(_) => Some("at_least"),
            Aim::AtMost(_) => Some("at_most"),
            Aim::Open => None,
        }
    }
}

impl Target {
    /// Whether a figure is as it should be.
    pub fn is_met(self, value: f64) -> bool {
        if self.is_most { value <= self.number } else { self.number <= value }
    }

    /// By how much a figure lies above the target; below zero for below. To a tenth, and never
    /// zero for what misses it.
    pub fn gap(self, value: f64) -> f64 {
        let gap = round(value - self.number, 1);
        if gap == 0.0 && !self.is_met(value) { round(value - self.number, 2) } else { gap }
    }
}

/// Whether there is one figure of a goal, or one for each of some things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Each {
    /// One.
    One,
    /// One for each stage of the journey.
    Stage,
    /// One for each key touchpoint.
    KeyTouchpoint,
    /// One for each grade of complaints.
    Grade,
    /// One for each service standard.
    Standard,
}

/// One goal.
#[derive(Debug)]
pub struct Goal {
    /// Its name in JSON.
    pub name: &'static str,
    /// What people call it, in English and in Chinese.
    pub label: (&'static str, &'static str),
    /// What it is about.
    pub area: Area,
    /// What it is counted in.
    pub unit: Unit,
    /// What it should be.
    pub aim: Aim,
    /// Of how many things there is a figure.
    pub each: Each,
    /// How it is made, in English and in Chinese.
    pub formula: (&'static str, &'static str),
    /// The path that tells it; empty for none.
    pub source: &'static str,
    /// What to bring so that there is a figure, in English and in Chinese; empty where `source`
    /// says it.
    pub connect: (&'static str, &'static str),
}

/// Where answers come from.
const ASK: (&str, &str) = (
    "Publish a survey that asks for it, and link it to a touchpoint.",
    "发布包含相应问题的问卷，并关联触点。",
);
/// Where complaints come from.
const COMPLAIN: (&str, &str) = (
    "Take complaints in: the form, the page, staff, or a source of another system.",
    "接入投诉：表单、页面、员工录入，或其他系统的来源。",
);
/// What the answer of `/v1/figures` says itself.
const TOLD: (&str, &str) = ("", "");

#[expect(clippy::cast_precision_loss, reason = "percentages are small")]
const fn percent(number: i64) -> f64 {
    number as f64
}

const fn goal(
    name: &'static str,
    label: (&'static str, &'static str),
    (area, unit, aim): (Area, Unit, Aim),
    (source, connect): (&'static str, (&'static str, &'static str)),
    formula: (&'static str, &'static str),
) -> Goal {
    Goal { name, label, area, unit, aim, each: Each::One, formula, source, connect }
}

const fn each(each: Each, goal: Goal) -> Goal {
    Goal { each, ..goal }
}

/// Every goal, area by area.
pub static GOALS: [Goal; 26] = [
    goal(
        "csat",
        ("Overall satisfaction", "总体满意度"),
        (Area::Satisfaction, Unit::Percent, Aim::AtLeast(90.0)),
        ("/v1/csat", ASK),
        (
            "answers of 4 and 5 ÷ all answers from 1 to 5",
            "4 分与 5 分的回答数 ÷ 全部 1～5 分回答数",
        ),
    ),
    goal(
        "very_satisfied",
        ("Very satisfied", "非常满意占比"),
        (Area::Satisfaction, Unit::Percent, Aim::AtLeast(70.0)),
        ("/v1/csat", ASK),
        ("answers of 5 ÷ all answers from 1 to 5", "5 分的回答数 ÷ 全部 1～5 分回答数"),
    ),
    each(
        Each::KeyTouchpoint,
        goal(
            "key_touchpoint",
            ("Key touchpoint", "关键触点"),
            (Area::Satisfaction, Unit::Percent, Aim::AtLeast(95.0)),
            ("/v1/dashboard", ASK),
            (
                "answers of 4 and 5 ÷ all answers about the touchpoint; its own target goes first",
                "该触点 4 分与 5 分的回答数 ÷ 全部回答数；触点自设目标优先",
            ),
        ),
    ),
    each(
        Each::Stage,
        goal(
            "stage",
            ("Stage", "环节"),
            (Area::Satisfaction, Unit::Percent, Aim::AtLeast(85.0)),
            ("/v1/csat?by=stage", ASK),
            (
                "answers of 4 and 5 ÷ all answers about touchpoints of the stage",
                "该环节各触点 4 分与 5 分的回答数 ÷ 全部回答数",
            ),
        ),
    ),
    goal(
        "index",
        ("Satisfaction index", "满意度指数"),
        (Area::Satisfaction, Unit::Points, Aim::Raise(5.0)),
        (
            "/v1/index",
            (
                "Give the questions of a survey their dimension, such as quality or speed.",
                "为问卷题目设置维度，例如质量、速度。",
            ),
        ),
        (
            "weighted mean of the dimensions from 0 to 100 over the last 30 days; 5 % above the \
             30 days before",
            "最近 30 天各维度 0～100 分的加权平均；目标为比前 30 天提升 5%",
        ),
    ),
    goal(
        "ces",
        ("Ease (CES)", "费力度（CES）"),
        (Area::Satisfaction, Unit::Of7, Aim::Open),
        ("/v1/ces", ASK),
        ("mean of answers from 1 to 7; higher is easier", "1～7 分回答的平均值，越高越省力"),
    ),
    goal(
        "nps",
        ("Recommendation (NPS)", "净推荐值（NPS）"),
        (Area::Loyalty, Unit::Points, Aim::Raise(15.0)),
        ("/v1/nps", ASK),
        (
            "percent of 9 and 10 − percent of 0 to 6; 15 % above a year before",
            "9～10 分占比 − 0～6 分占比；目标为比去年同期提升 15%",
        ),
    ),
    goal(
        "repurchase_rate",
        ("Repurchase rate", "复购率"),
        (Area::Loyalty, Unit::Percent, Aim::Raise(20.0)),
        ("/v1/figures", TOLD),
        (
            "repurchases ÷ orders; 20 % above a year before",
            "复购数 ÷ 订单数；目标为比去年同期提升 20%",
        ),
    ),
    goal(
        "churn",
        ("Churn", "客户流失率"),
        (Area::Loyalty, Unit::Percent, Aim::AtMost(percent(CHURN))),
        ("/v1/figures", TOLD),
        ("customers who left ÷ customers", "流失客户数 ÷ 客户总数"),
    ),
    goal(
        "lifetime_value",
        ("Lifetime value", "客户终身价值"),
        (Area::Loyalty, Unit::Money, Aim::Raise(25.0)),
        (
            "",
            (
                "No lifetime value is computed yet. Connect your shop as a source with a rule to \
                 “order” now: it takes years of orders.",
                "目前尚不计算客户终身价值。它需要多年的订单数据，请现在就把商城接入为来源，并建立指向 \
                 order 的规则。",
            ),
        ),
        (
            "margin of a customer over all years; 25 % above a year before",
            "客户在全部往来年份的毛利；目标为比去年同期提升 25%",
        ),
    ),
    goal(
        "complaint_rate",
        ("Complaint rate", "投诉率"),
        (Area::Complaints, Unit::Percent, Aim::Open),
        ("/v1/figures", TOLD),
        ("complaints ÷ contacts", "投诉数 ÷ 咨询联系量"),
    ),
    goal(
        "answered_on_time",
        ("Answered in time", "按时答复"),
        (Area::Complaints, Unit::Percent, Aim::AtLeast(percent(ATTAINMENT))),
        ("/v1/complaint-figures", COMPLAIN),
        (
            "complaints answered within what was promised (24 h unless set otherwise) ÷ those of \
             which it is known",
            "在承诺时限（默认 24 小时）内答复的投诉数 ÷ 已可判定的投诉数",
        ),
    ),
    goal(
        "solved_on_time",
        ("Solved in time", "按时解决"),
        (Area::Complaints, Unit::Percent, Aim::AtLeast(percent(ATTAINMENT))),
        ("/v1/complaint-figures", COMPLAIN),
        (
            "complaints with a solution within what was promised (72 h unless set otherwise) ÷ \
             those of which it is known",
            "在承诺时限（默认 72 小时）内给出方案的投诉数 ÷ 已可判定的投诉数",
        ),
    ),
    each(
        Each::Grade,
        goal(
            "closed_on_time",
            ("Closed in time", "按时结案"),
            (Area::Complaints, Unit::Percent, Aim::AtLeast(percent(ATTAINMENT))),
            ("/v1/complaint-figures?by=grade", COMPLAIN),
            (
                "complaints of the grade closed within what was promised ÷ those of which it is \
                 known",
                "该等级在承诺时限内结案的投诉数 ÷ 已可判定的投诉数",
            ),
        ),
    ),
    goal(
        "resolution",
        ("Resolution rate", "投诉解决率"),
        (Area::Complaints, Unit::Percent, Aim::AtLeast(percent(RESOLUTION))),
        ("/v1/complaint-figures", COMPLAIN),
        ("solved ÷ (solved + overdue)", "已解决数 ÷（已解决数 + 超时未解决数）"),
    ),
    goal(
        "repeated",
        ("Repeat complaints", "重复投诉率"),
        (Area::Complaints, Unit::Percent, Aim::AtMost(percent(REPEATED))),
        ("/v1/complaint-figures", COMPLAIN),
        (
            "what the same customer complained of before ÷ complaints received",
            "同一客户就同一问题再次投诉数 ÷ 收到的投诉数",
        ),
    ),
    goal(
        "first_contact",
        ("Solved at first contact", "投诉一次性解决率"),
        (Area::Complaints, Unit::Percent, Aim::AtLeast(percent(FIRST_CONTACT))),
        ("/v1/complaint-figures", COMPLAIN),
        (
            "complaints that one answer solved ÷ solved complaints",
            "一次答复即解决的投诉数 ÷ 已解决投诉数",
        ),
    ),
    goal(
        "loop_time",
        ("Time to close the loop", "闭环时长"),
        (Area::Complaints, Unit::Hours, Aim::AtMost(72.0)),
        ("/v1/complaint-figures", COMPLAIN),
        (
            "median time from the receipt of a complaint to its solution",
            "从收到投诉到给出方案的时长中位数",
        ),
    ),
    goal(
        "first_contact_resolution",
        ("First-contact resolution", "一次性解决率"),
        (Area::Service, Unit::Percent, Aim::AtLeast(percent(FIRST_CONTACT))),
        ("/v1/figures", TOLD),
        ("contacts solved at first ÷ contacts", "一次解决的联系量 ÷ 咨询联系量"),
    ),
    goal(
        "handling",
        ("Average handling time", "平均处理时长"),
        (Area::Service, Unit::Minutes, Aim::AtMost(30.0)),
        ("/v1/figures", TOLD),
        ("mean time that a case is worked on", "每个问题处理时长的平均值"),
    ),
    goal(
        "service_score",
        ("Service score", "服务评分"),
        (Area::Service, Unit::Of5, Aim::AtLeast(4.5)),
        ("/v1/csat?stage=after_sale", ASK),
        (
            "mean of the answers from 1 to 5 about after-sale touchpoints",
            "售后各触点 1～5 分回答的平均值",
        ),
    ),
    each(
        Each::Standard,
        goal(
            "standard",
            ("Service standard", "服务标准"),
            (Area::Service, Unit::Percent, Aim::AtLeast(percent(ATTAINMENT))),
            ("/v1/figures", TOLD),
            ("cases within the standard ÷ measured cases", "达到标准的次数 ÷ 测得的次数"),
        ),
    ),
    goal(
        "callbacks_kept",
        ("Promised calls kept", "回电履约率"),
        (Area::Calls, Unit::Percent, Aim::AtLeast(percent(ATTAINMENT))),
        (
            "/v1/callback-figures",
            (
                "Let customers book calls, or publish a rule that plans them.",
                "开放回电预约，或发布安排回访的规则。",
            ),
        ),
        (
            "calls made as promised ÷ promises of which it is known",
            "按承诺完成的通话数 ÷ 已可判定的承诺数",
        ),
    ),
    goal(
        "callbacks_reached",
        ("Customers reached", "接通率"),
        (Area::Calls, Unit::Percent, Aim::Open),
        (
            "/v1/callback-figures",
            (
                "Let customers book calls, or publish a rule that plans them.",
                "开放回电预约，或发布安排回访的规则。",
            ),
        ),
        ("reached ÷ (reached + given up + expired)", "接通数 ÷（接通数 + 放弃数 + 过期数）"),
    ),
    goal(
        "survey_coverage",
        ("Survey coverage", "调研覆盖率"),
        (Area::Coverage, Unit::Percent, Aim::AtLeast(100.0)),
        (
            "",
            (
                "Coverage is told for each wave by itself: run a programme, then look at \
                 /v1/waves/{id}.",
                "覆盖率按每一批调研分别统计：请先运行调研计划，再查看 /v1/waves/{id}。",
            ),
        ),
        (
            "customers of each group who were asked ÷ those the plan names",
            "各客户群实际受访人数 ÷ 计划人数",
        ),
    ),
    goal(
        "knowledge_coverage",
        ("Knowledge coverage", "知识库覆盖率"),
        (Area::Coverage, Unit::Percent, Aim::AtLeast(percent(COVERAGE))),
        ("/v1/figures", TOLD),
        ("questions that the knowledge base covers ÷ questions", "知识库已覆盖问题数 ÷ 问题数"),
    ),
];

#[cfg(test)]
mod tests;
