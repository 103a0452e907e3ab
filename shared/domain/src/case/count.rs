//! What one case adds to the figures of the day on which it was received.
//!
//! Figures are of cohorts: of those received then, so many were answered in time. A case stands in
//! its own day however long it takes, so that what is still open, by the day it was received, is
//! the backlog by age.

use super::{CauseKind, Grade, Need, State};
use crate::UtcMs;
use crate::measure::bound;
use crate::tally::tally;

/// What the figures need to know of a case. Texts are empty where there is none.
#[derive(Clone, Copy, Debug, Default)]
#[expect(missing_docs, reason = "they are the columns of a case")]
pub struct Facts<'a> {
    pub state: State,
    pub grade: Grade,
    /// Whether it stands for many alike, which count themselves.
    pub is_surge: bool,
    pub type_id: &'a str,
    pub department_id: &'a str,
    pub channel: &'a str,
    pub touchpoint_id: &'a str,
    pub agent_id: &'a str,
    pub customer_group: &'a str,
    pub need: Need,
    pub cause: Option<CauseKind>,
    pub cause_id: &'a str,
    /// Which clocks were late, ever: [`ANSWER`], [`SOLUTION`], [`CLOSING`].
    pub late: i64,
    /// Whether the customer was told how it will be solved, which the solution's clock waits for.
    pub is_planned: bool,
    pub reopened: i64,
    pub is_repeat: bool,
    pub is_first_contact: Option<bool>,
    pub needs_review: bool,
    pub csat: Option<i64>,
    pub ces: Option<i64>,
    pub received_at: UtcMs,
    pub answered_at: Option<UtcMs>,
    pub solved_at: Option<UtcMs>,
    pub closed_at: Option<UtcMs>,
}

/// The bit of `late` that is the clock of the first answer.
pub const ANSWER: i64 = 1;
/// The bit of the clock of the solution.
pub const SOLUTION: i64 = 2;
/// The bit of the clock of the closing.
pub const CLOSING: i64 = 4;

tally!(
    /// How many cases are how.
    27,
    /// Complaints received: neither those of grade none nor what became part of another case.
    received,
    /// What came in and is no complaint: grade none. It counts as nothing else.
    not_complaints,
    /// What became part of another case. It counts as nothing else.
    merged,
    /// Staff have to act.
    open,
    /// The customer has to act.
    waiting,
    /// Answered.
    answered,
    /// Solved, also those that are closed.
    solved,
    /// Closed.
    closed,
    /// Answered, or late with it: those of which it is known whether they kept their time.
    answer_decided,
    /// Of them, answered in time.
    answer_on_time,
    /// Solved or planned, or late with it.
    solution_decided,
    /// Of them, in time.
    solution_on_time,
    /// Closed, or late with it.
    closing_decided,
    /// Of them, in time.
    closing_on_time,
    /// Not solved although the time for it, or for closing, is over.
    overdue,
    /// Late with anything, ever.
    late,
    /// Came back after they were solved.
    reopened,
    /// The same customer had complained of such a thing before.
    repeated,
    /// Solved ones of which it is known whether one answer was enough.
    first_contact_known,
    /// Of them, those for which one was.
    first_contact,
    /// The grade was uncertain: somebody should look.
    needs_review,
    /// Of grade general.
    general,
    /// Of grade moderate.
    moderate,
    /// Of grade major.
    major,
    /// Caused by a gap in a process.
    process_gap,
    /// Caused by a defect of a product.
    product_defect,
    /// Caused by an error in service.
    service_error
);

/// How long or how good something was: of each bound how many there are, and their sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value {
    /// One of [`VALUES`].
    pub name: &'static str,
    /// The bound of a duration as `domain::measure` has them, in seconds; a rating as it is.
    pub bound: i64,
    /// Milliseconds, or the rating.
    pub value: i64,
}

/// The durations and ratings that are kept: from its receipt to the first answer and to the
/// solution, and how the customer rated its handling.
pub const VALUES: [&str; 4] = ["first_answer", "solution", "csat", "ces"];

/// What figures may be cut by, each with all that is the same in it.
///
/// There are no pairs: the grades and the kinds of cause are counted within each, and any other
/// would double the rows that a change writes.
pub const GRAINS: [&str; 11] = [
    "site",
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
];

/// Where a case counts: a grain and its key. Keys that are not known count nowhere but at the
/// site.
pub fn places<'a>(facts: &Facts<'a>) -> impl Iterator<Item = (&'static str, &'a str)> {
    let keys = [
        "",
        facts.grade.name(),
        facts.type_id,
        facts.department_id,
        facts.channel,
        facts.touchpoint_id,
        facts.agent_id,
        facts.customer_group,
        facts.need.name(),
        facts.cause.map_or("", CauseKind::name),
        facts.cause_id,
    ];
    let is_counted = !facts.is_surge;
    GRAINS
        .into_iter()
        .zip(keys)
        .filter(move |(grain, key)| is_counted && (*grain == "site" || !key.is_empty()))
}

/// What a case adds at each of its [`places`].
pub fn counted(facts: &Facts<'_>) -> Tally {
    let mut tally = Tally::default();
    if facts.state == State::Merged {
        tally.merged = 1;
        return tally;
    }
    if facts.grade == Grade::None {
        tally.not_complaints = 1;
        return tally;
    }
    let is_late = |clock: i64| facts.late & clock != 0;
    let is_solved = facts.solved_at.is_some();
    let is_closed = facts.closed_at.is_some();
    let met = [facts.answered_at.is_some(), is_solved || facts.is_planned, is_closed];
    let decided = |met: bool, clock: i64| i64::from(met || is_late(clock));
    let on_time = |met: bool, clock: i64| i64::from(met && !is_late(clock));
    let cause = |kind: CauseKind| i64::from(facts.cause == Some(kind));
    let grade = |grade: Grade| i64::from(facts.grade == grade);
    let is_first_contact = facts.is_first_contact.filter(|_| is_solved);
    Tally {
        received: 1,
        not_complaints: 0,
        merged: 0,
        open: i64::from(facts.state == State::Open),
        waiting: i64::from(facts.state == State::Waiting),
        answered: i64::from(met[0]),
        solved: i64::from(is_solved),
        closed: i64::from(is_closed),
        answer_decided: decided(met[0], ANSWER),
        answer_on_time: on_time(met[0], ANSWER),
        solution_decided: decided(met[1], SOLUTION),
        solution_on_time: on_time(met[1], SOLUTION),
        closing_decided: decided(met[2], CLOSING),
        closing_on_time: on_time(met[2], CLOSING),
        overdue: i64::from(!is_solved && is_late(SOLUTION | CLOSING)),
        late: i64::from(facts.late != 0),
        reopened: i64::from(0 < facts.reopened),
        repeated: i64::from(facts.is_repeat),
        first_contact_known: i64::from(is_first_contact.is_some()),
        first_contact: i64::from(is_first_contact == Some(true)),
        needs_review: i64::from(facts.needs_review),
        general: grade(Grade::General),
        moderate: grade(Grade::Moderate),
        major: grade(Grade::Major),
        process_gap: cause(CauseKind::ProcessGap),
        product_defect: cause(CauseKind::ProductDefect),
        service_error: cause(CauseKind::ServiceError),
    }
}

/// The durations and ratings that a case adds at each of its [`places`].
pub fn values(facts: &Facts<'_>) -> impl Iterator<Item = Value> {
    let is_counted = facts.state != State::Merged && facts.grade != Grade::None;
    let took = |until: Option<UtcMs>| until.map(|it| (it - facts.received_at).max(0));
    let found = [took(facts.answered_at), took(facts.solved_at), facts.csat, facts.ces];
    VALUES.into_iter().zip(found).filter_map(move |(name, value)| {
        let value = value.filter(|_| is_counted)?;
        let is_duration = matches!(name, "first_answer" | "solution");
        Some(Value { name, bound: if is_duration { bound(value) } else { value }, value })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    fn closed() -> Facts<'static> {
        Facts {
            state: State::Closed,
            grade: Grade::Moderate,
            channel: "phone",
            department_id: "dep_a",
            need: Need::Product,
            cause: Some(CauseKind::ProductDefect),
            cause_id: "cau_a",
            is_first_contact: Some(true),
            csat: Some(4),
            ces: Some(6),
            received_at: 10,
            answered_at: Some(10 + HOUR),
            solved_at: Some(10 + 30 * HOUR),
            closed_at: Some(10 + 31 * HOUR),
            ..Facts::default()
        }
    }

    /// The names of what is counted, each as often as it is.
    fn told(facts: &Facts<'_>) -> String {
        let numbers = counted(facts).numbers();
        assert!(numbers.iter().all(|it| (0..=1).contains(it)), "{numbers:?}");
        let names = Tally::NAMES.into_iter().zip(numbers).filter(|(_, n)| *n != 0);
        names.map(|(name, _)| name).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_case_counts_as_what_it_is() {
        let open = Facts { grade: Grade::Major, ..Facts::default() };
        assert_eq!(told(&open), "received open major");
        let planned = Facts { is_planned: true, state: State::Waiting, late: ANSWER, ..open };
        assert_eq!(
            told(&planned),
            "received waiting answer_decided solution_decided solution_on_time late major"
        );
        let overdue = Facts { late: ANSWER | SOLUTION, ..open };
        assert_eq!(
            told(&overdue),
            "received open answer_decided solution_decided overdue late major"
        );
        assert_eq!(
            told(&closed()),
            "received answered solved closed answer_decided answer_on_time solution_decided \
             solution_on_time closing_decided closing_on_time first_contact_known first_contact \
             moderate product_defect"
        );
        let late = Facts { late: CLOSING, is_first_contact: Some(false), ..closed() };
        assert!(
            told(&late).contains("solution_on_time closing_decided late first_contact_known m")
        );
        let back = Facts {
            state: State::Open,
            solved_at: None,
            closed_at: None,
            reopened: 2,
            is_repeat: true,
            needs_review: true,
            ..closed()
        };
        assert_eq!(
            told(&back),
            "received open answered answer_decided answer_on_time reopened repeated needs_review \
             moderate product_defect"
        );
    }

    #[test]
    fn what_is_no_case_of_its_own_counts_apart() {
        let merged = Facts { state: State::Merged, ..closed() };
        let praise = Facts { grade: Grade::None, ..closed() };
        assert_eq!((told(&merged), told(&praise)), ("merged".into(), "not_complaints".into()));
        for it in [merged, praise] {
            assert_eq!(values(&it).count(), 0);
        }
        let many = Facts { is_surge: true, ..closed() };
        assert_eq!(places(&many).count(), 0);
    }

    #[test]
    fn it_counts_wherever_it_belongs() {
        let found: Vec<_> = places(&closed()).collect();
        assert_eq!(
            found,
            [
                ("site", ""),
                ("grade", "moderate"),
                ("department", "dep_a"),
                ("channel", "phone"),
                ("need", "product"),
                ("cause", "product_defect"),
                ("cause_id", "cau_a")
            ]
        );
    }

    #[test]
    fn durations_fall_in_their_bounds_and_ratings_stand_as_they_are() {
        let found: Vec<_> = values(&closed()).map(|it| (it.name, it.bound, it.value)).collect();
        assert_eq!(
            found,
            [
                ("first_answer", 3600, HOUR),
                ("solution", 108_000, 30 * HOUR),
                ("csat", 4, 4),
                ("ces", 6, 6)
            ]
        );
    }

    #[test]
    fn tallies_add_up_and_take_away() {
        let mut sum = Tally::default();
        sum.add(&counted(&closed()), 3);
        assert_eq!((sum.received, sum.closed, sum.open), (3, 3, 0));
        sum.add(&counted(&closed()), -3);
        assert_eq!(sum, Tally::default());
    }
}
