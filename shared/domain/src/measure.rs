//! Counts and durations that other systems measure, and what figures they make.
//!
//! Of durations it is kept how many fall in each of [`BOUNDS`], so that a figure of a year reads
//! no more than one of a day's worth of bounds for each day. What lies within a bound is exact.

use crate::case::count::Tally;
use crate::case::ledger::{REPEATED, RESOLUTION};
use crate::civil::DAY_MS;
use crate::score::interval::wilson;
use crate::score::{Confidence, ratio, round};
use crate::touchpoint::STANDARDS;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// What may be measured.
#[derive(Debug, PartialEq, Eq)]
pub struct Measure {
    /// Its name in JSON.
    pub name: &'static str,
    /// What people call it, in English and in Chinese.
    pub label: (&'static str, &'static str),
    /// Whether it lasts some time; others are counted.
    pub is_duration: bool,
}

const fn lasts(name: &'static str, en: &'static str, zh: &'static str) -> Measure {
    Measure { name, label: (en, zh), is_duration: true }
}

const fn counts(name: &'static str, en: &'static str, zh: &'static str) -> Measure {
    Measure { name, label: (en, zh), is_duration: false }
}

/// Everything that may be measured: the durations, of which the service standards come first, and
/// the counts.
pub const MEASURES: [Measure; 20] = [
    lasts("bot_first_response", "Bot's first response", "机器人首次响应"),
    lasts("human_pick_up", "Human pick-up", "人工接入"),
    lasts("complex_question_answered", "Complex question answered", "复杂咨询答复"),
    lasts("after_sale_first_response", "First after-sale response", "售后首次响应"),
    lasts("complex_case_escalated", "Complex case escalated", "复杂问题升级专家"),
    lasts("ordinary_problem_solved", "Ordinary problem solved", "一般问题解决"),
    lasts("complex_problem_planned", "Plan for a complex problem", "复杂问题给出方案"),
    lasts("feedback_recorded", "Feedback recorded", "反馈录入系统"),
    lasts("customer_told", "Customer told", "需求满足后告知客户"),
    lasts("waiting", "Waiting", "等待时长"),
    lasts("handling", "Handling", "处理时长"),
    lasts("fault_repair", "Fault repair", "故障修复时长"),
    counts("orders", "Orders", "订单数"),
    counts("contacts", "Contacts", "咨询联系量"),
    counts("contacts_solved_first", "Contacts solved at first", "一次解决的联系量"),
    counts("customers", "Customers", "客户数"),
    counts("repurchases", "Repurchases", "复购数"),
    counts("departures", "Departures", "流失客户数"),
    counts("questions", "Questions", "问题数"),
    counts("questions_covered", "Questions that the knowledge base covers", "知识库已覆盖问题数"),
];

/// The most that one measurement counts.
pub const COUNT_MAX: i64 = 1_000_000_000;
/// The longest duration in seconds: a leap year.
pub const SECONDS_MAX: i64 = 366 * DAY;
/// How many days back a measurement may be brought.
pub const BACK_DAYS: i64 = 731;
/// How far the clocks of others may run ahead of ours.
pub const AHEAD_MS: i64 = 5 * MINUTE * 1000;
/// The most measurements of one call.
pub const BATCH_MAX: usize = 1000;
/// The most characters of the sender's own name for a measurement.
pub const KEY_CHARS_MAX: usize = 200;

/// How long a case may be handled on average (R10: 平均处理时长 ≤ 30 分钟).
pub const HANDLING_SECONDS: i64 = 30 * MINUTE;
/// The share of cases, in percent, that a service standard is kept in (R1: attainment ≥ 90 %).
pub const ATTAINMENT: i64 = 90;
/// The share of customers, in percent, that leave at most (R10).
pub const CHURN: i64 = 3;
/// The share of contacts, in percent, that the first one solves at least (R10).
pub const FIRST_CONTACT: i64 = 85;
/// The share of questions, in percent, that the knowledge base covers at least.
pub const COVERAGE: i64 = 80;

/// What durations are kept by, in seconds: the usual standards and round durations between them.
///
/// From 3 s to 5 d none is more than a third above the one before, and twice at most elsewhere
/// but for the last.
pub const BOUNDS: [i64; 64] = [
    1,
    2,
    3,
    4,
    5,
    6,
    8,
    10,
    12,
    15,
    20,
    25,
    30,
    40,
    45,
    60,
    75,
    90,
    2 * MINUTE,
    150,
    3 * MINUTE,
    4 * MINUTE,
    5 * MINUTE,
    6 * MINUTE,
    8 * MINUTE,
    10 * MINUTE,
    12 * MINUTE,
    15 * MINUTE,
    20 * MINUTE,
    25 * MINUTE,
    30 * MINUTE,
    40 * MINUTE,
    45 * MINUTE,
    HOUR,
    75 * MINUTE,
    90 * MINUTE,
    2 * HOUR,
    150 * MINUTE,
    3 * HOUR,
    4 * HOUR,
    5 * HOUR,
    6 * HOUR,
    8 * HOUR,
    10 * HOUR,
    12 * HOUR,
    15 * HOUR,
    18 * HOUR,
    DAY,
    30 * HOUR,
    36 * HOUR,
    2 * DAY,
    60 * HOUR,
    3 * DAY,
    4 * DAY,
    5 * DAY,
    7 * DAY,
    10 * DAY,
    14 * DAY,
    21 * DAY,
    30 * DAY,
    60 * DAY,
    90 * DAY,
    180 * DAY,
    366 * DAY,
];

/// The measure of this name.
pub fn named(name: &str) -> Option<&'static Measure> {
    MEASURES.iter().find(|it| it.name == name)
}

/// The seconds that a duration may last unless a touchpoint says otherwise; none for those that
/// nothing was promised of.
pub fn standard(name: &str) -> Option<i64> {
    if name == "handling" {
        return Some(HANDLING_SECONDS);
    }
    STANDARDS.iter().find(|it| it.name == name).map(|it| it.seconds)
}

/// The bound, in seconds, that a duration in milliseconds falls in: the first that it does not
/// pass.
pub fn bound(ms: i64) -> i64 {
    let at = BOUNDS.partition_point(|bound| bound * 1000 < ms);
    BOUNDS.get(at).copied().unwrap_or(SECONDS_MAX)
}

/// Whether a measurement may have been made at `at`.
pub fn is_timely(at: crate::UtcMs, now: crate::UtcMs) -> bool {
    (now - BACK_DAYS * DAY_MS..=now + AHEAD_MS).contains(&at)
}

/// How many measurements fall in a bound, and their sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// The bound in seconds; 0 of counts.
    pub bound: i64,
    /// How many there are.
    pub n: u64,
    /// Their sum: milliseconds, or a count.
    pub sum: u64,
}

/// The measurements of one name, by bound.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    cells: Vec<Cell>,
}

impl Measured {
    /// Adds what one more day or bound has.
    pub fn add(&mut self, cell: Cell) {
        let at = self.cells.partition_point(|it| it.bound < cell.bound);
        match self.cells.get_mut(at).filter(|it| it.bound == cell.bound) {
            Some(it) => {
                it.n = it.n.saturating_add(cell.n);
                it.sum = it.sum.saturating_add(cell.sum);
            }
            None => self.cells.insert(at, cell),
        }
    }

    /// How many measurements there are.
    pub fn n(&self) -> u64 {
        self.cells.iter().fold(0, |sum, it| sum.saturating_add(it.n))
    }

    /// Their sum: milliseconds, or a count.
    pub fn sum(&self) -> u64 {
        self.cells.iter().fold(0, |sum, it| sum.saturating_add(it.sum))
    }

    /// The mean of durations in seconds, to a tenth; `None` without any.
    pub fn mean(&self) -> Option<f64> {
        ratio(self.sum().into(), self.n().checked_mul(1000)?, 1)
    }

    /// The bound below which `percent` of the durations are, in seconds; `None` without any.
    ///
    /// The quantile itself lies in it: at most it, and above the bound before.
    pub fn quantile(&self, percent: u64) -> Option<i64> {
        let needed = u128::from(self.n()) * u128::from(percent);
        let mut passed = 0_u128;
        for cell in &self.cells {
            passed += u128::from(cell.n) * 100;
            if needed <= passed {
                return Some(cell.bound);
            }
        }
        None
    }

    /// Between which bounds, in seconds, a quantile of all durations lies of which these are a
    /// sample; `None` without any. The upper end is none where they are too few to have one.
    ///
    /// The order statistics that stand `z √(n p (1 − p))` before and behind it: the normal
    /// approximation of the binomial interval (Conover 1999, *Practical Nonparametric Statistics*,
    /// 3.2), widened to whole bounds.
    pub fn quantile_interval(
        &self,
        percent: u64,
        confidence: Confidence,
    ) -> Option<(i64, Option<i64>)> {
        let n = self.n() as f64;
        let p = percent as f64 / 100.0;
        let margin = confidence.z() * (p * (1.0 - p) * n).sqrt();
        let (low, high) = ((n * p - margin).floor(), (n * p + margin).ceil());
        self.cells.first()?;
        // The bound of the duration of this place, counted from nought.
        let bound = |place: f64| {
            let mut passed = 0.0;
            let mut cells = self.cells.iter();
            cells.find(|it| {
                passed += it.n as f64;
                place < passed
            })
        };
        // The durations of a bound lie above the bound before.
        let below = bound(low).filter(|_| 0.0 <= low).and_then(|it| {
            let at = BOUNDS.partition_point(|bound| *bound < it.bound);
            BOUNDS.get(at.checked_sub(1)?)
        });
        let above = bound(high).map(|it| it.bound);
        Some((below.copied().unwrap_or(0), above))
    }

    /// How many durations lasted no longer than a standard, and whether that is exact: a standard
    /// between two bounds is answered from the one below, and more may have kept it.
    pub fn within(&self, standard_seconds: i64) -> (u64, bool) {
        let kept = self.cells.iter().filter(|it| it.bound <= standard_seconds);
        let kept = kept.fold(0_u64, |sum, it| sum.saturating_add(it.n));
        let is_exact = SECONDS_MAX <= standard_seconds || BOUNDS.contains(&standard_seconds);
        (kept, is_exact || kept == self.n())
    }
}

/// A share in percent, to a tenth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// The share.
    pub value: f64,
    /// Wilson's interval around it; none where there are more hits than cases, which tells that
    /// one of the two counts is not complete.
    pub interval: Option<(f64, f64)>,
}

/// The share of `hits` in `n`; `None` without cases.
pub fn share(hits: u64, n: u64, confidence: Confidence) -> Option<Share> {
    let value = ratio(i128::from(hits) * 100, n, 1)?;
    if n < hits {
        return Some(Share { value, interval: None });
    }
    let (low, high) = wilson(hits as f64, n as f64, confidence.z());
    let (low, high) = (round(low * 100.0, 1), round(high * 100.0, 1));
    // Not `clamp`, whose panic prints its bounds: to print floats is 20 kB of each component.
    Some(Share { value, interval: Some((low.max(0.0).min(value), high.max(value).min(100.0))) })
}

/// What a figure should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// This or more.
    AtLeast(i64),
    /// This or less.
    AtMost(i64),
}

impl Target {
    /// Whether a figure is as it should be.
    pub fn is_met(self, value: f64) -> bool {
        match self {
            Target::AtLeast(least) => least as f64 <= value,
            Target::AtMost(most) => value <= most as f64,
        }
    }

    /// The number.
    pub const fn number(self) -> i64 {
        match self {
            Target::AtLeast(it) | Target::AtMost(it) => it,
        }
    }
}

/// A share of one count in another.
#[derive(Debug)]
pub struct Rate {
    /// Its name in JSON.
    pub name: &'static str,
    /// What people call it, in English and in Chinese.
    pub label: (&'static str, &'static str),
    /// The measure whose sum is on top.
    pub numerator: &'static str,
    /// The measure whose sum is underneath.
    pub denominator: &'static str,
    /// What it should be, in percent.
    pub target: Option<Target>,
}

/// What is counted by the cases themselves, for no other system measures it.
///
/// Decided is what is solved, and what is not although its time is over.
pub const OF_CASES: [&str; 6] = [
    "complaints",
    "complaints_decided",
    "complaints_solved",
    "complaints_repeated",
    "complaints_first_contact_known",
    "complaints_solved_first",
];

/// One of [`OF_CASES`]; `None` of what is measured.
pub fn of_cases(name: &str, cases: &Tally) -> Option<u64> {
    let numbers = [
        cases.received,
        cases.solved + cases.overdue,
        cases.solved,
        cases.repeated,
        cases.first_contact_known,
        cases.first_contact,
    ];
    let at = OF_CASES.iter().position(|it| *it == name)?;
    numbers.get(at).map(|it| u64::try_from(*it).unwrap_or(0))
}

/// The rates of requirement R10.
pub const RATES: [Rate; 8] = [
    Rate {
        name: "repurchase_rate",
        label: ("Repurchase rate", "复购率"),
        numerator: "repurchases",
        denominator: "orders",
        target: None,
    },
    Rate {
        name: "churn",
        label: ("Churn", "客户流失率"),
        numerator: "departures",
        denominator: "customers",
        target: Some(Target::AtMost(CHURN)),
    },
    Rate {
        name: "complaint_rate",
        label: ("Complaint rate", "投诉率"),
        numerator: "complaints",
        denominator: "contacts",
        target: None,
    },
    Rate {
        name: "resolution_rate",
        label: ("Resolution rate", "投诉解决率"),
        numerator: "complaints_solved",
        denominator: "complaints_decided",
        target: Some(Target::AtLeast(RESOLUTION)),
    },
    Rate {
        name: "repeat_complaints",
        label: ("Repeat complaints", "重复投诉率"),
        numerator: "complaints_repeated",
        denominator: "complaints",
        target: Some(Target::AtMost(REPEATED)),
    },
    Rate {
        name: "complaints_first_contact",
        label: ("Complaints solved at first contact", "投诉一次性解决率"),
        numerator: "complaints_solved_first",
        denominator: "complaints_first_contact_known",
        target: Some(Target::AtLeast(FIRST_CONTACT)),
    },
    Rate {
        name: "first_contact_resolution",
        label: ("First-contact resolution", "一次性解决率"),
        numerator: "contacts_solved_first",
        denominator: "contacts",
        target: Some(Target::AtLeast(FIRST_CONTACT)),
    },
    Rate {
        name: "knowledge_coverage",
        label: ("Knowledge coverage", "知识库覆盖率"),
        numerator: "questions_covered",
        denominator: "questions",
        target: Some(Target::AtLeast(COVERAGE)),
    },
];

#[cfg(test)]
mod tests;
