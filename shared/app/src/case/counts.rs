//! What a change of a case does to the counts, and to how many cases its agent has.

use domain::case::count::{Facts, Tally, counted, places, values};
use domain::case::{CauseKind, Grade, Need, State};
use ports::Write;
use serde_json::json;
use store::case_counts;
use store::cases::Case;
use web::view;

use crate::sums::{Measured, Place, at};

/// More cases than anybody has: staff may give somebody a case in spite of their capacity.
const ANY: i64 = 1 << 40;

/// The statements that keep counts and loads right. `turn` is the capacity that the new agent must
/// have room in, and when their turn was.
pub(crate) fn writes(
    before: Option<&Case>,
    after: &Case,
    (capacity, turn): (Option<i64>, i64),
) -> Vec<Write> {
    let mut writes = Vec::with_capacity(4);
    let mut sums = Sums::default();
    if let Some(before) = before {
        sums.add(before, -1);
    }
    sums.add(after, 1);
    writes.extend(sums.writes(&after.site_id));
    let holder = |it: &Case| if is_open(it) { it.agent_id.clone() } else { String::new() };
    let (had, has) = (before.map(holder).unwrap_or_default(), holder(after));
    if had != has {
        if !had.is_empty() {
            writes.push(case_counts::change(&had, -1).write());
        }
        if !has.is_empty() {
            let take = case_counts::take(&has, &after.site_id, capacity.unwrap_or(ANY), turn);
            writes.push(take.guarded());
        }
    }
    writes
}

fn is_open(case: &Case) -> bool {
    matches!(case.state.as_str(), "open" | "waiting")
}

/// What cases come to at each place, by day.
#[derive(Debug, Default)]
pub struct Sums {
    // Both in their order, so that each is found fast and all callers write them in the same one.
    counts: Vec<(Place, Tally)>,
    values: Vec<(Place, Measured)>,
}

impl Sums {
    /// Adds a case, so many times; -1 takes it away.
    pub fn add(&mut self, case: &Case, times: i64) {
        let facts = facts(case);
        let tally = counted(&facts);
        let day = case.received_day;
        for (grain, a) in places(&facts) {
            let place = (grain, a.to_owned(), day, "", 0);
            at(&mut self.counts, place, |own| own.add(&tally, times));
            for it in values(&facts) {
                let place = (grain, a.to_owned(), day, it.name, it.bound);
                at(&mut self.values, place, |own: &mut Measured| {
                    *own = (own.0 + times, own.1 + it.value * times);
                });
            }
        }
    }

    /// The rows as [`case_counts::add`] and [`case_counts::add_values`] take them, two JSON arrays
    /// without what changes nothing.
    pub fn rows(&self) -> (String, String) {
        let mut counts = Vec::new();
        for ((grain, a, day, ..), it) in &self.counts {
            if *it != Tally::default() {
                let mut row = vec![json!(grain), json!(a), json!(day)];
                row.extend(it.numbers().map(serde_json::Value::from));
                counts.push(row);
            }
        }
        let mut values = Vec::new();
        for ((grain, a, day, name, bound), (n, sum)) in &self.values {
            if (*n, *sum) != (0, 0) {
                values.push(json!([grain, name, a, day, bound, n, sum]));
            }
        }
        (view::text(&counts), view::text(&values))
    }

    /// The statements that add them.
    pub fn writes(&self, site_id: &str) -> Vec<Write> {
        let (counts, values) = self.rows();
        let mut writes = Vec::with_capacity(2);
        if counts != "[]" {
            writes.push(case_counts::add(site_id, &counts).write());
        }
        if values != "[]" {
            writes.push(case_counts::add_values(site_id, &values).write());
        }
        writes
    }
}

/// What the figures need to know of a case.
fn facts(case: &Case) -> Facts<'_> {
    let started = case.history.rfind("started").and_then(|at| case.history.get(at..));
    let grading = view::object(&case.grading).unwrap_or_default();
    Facts {
        state: State::parse(&case.state).unwrap_or_default(),
        grade: Grade::parse(&case.grade).unwrap_or_default(),
        is_surge: case.source == "surge",
        type_id: &case.type_id,
        department_id: &case.department_id,
        channel: &case.channel,
        touchpoint_id: &case.touchpoint_id,
        agent_id: &case.agent_id,
        customer_group: &case.customer_group,
        need: Need::parse(&case.need).unwrap_or_default(),
        cause: CauseKind::parse(&case.cause_kind),
        cause_id: &case.cause_id,
        late: case.late,
        // What was promised before it came back is not what is promised now.
        is_planned: started.is_some_and(|it| it.contains("planned")),
        reopened: case.reopened,
        is_repeat: case.is_repeat,
        is_first_contact: case.is_first_contact,
        needs_review: grading.get("needs_review").and_then(serde_json::Value::as_bool)
            == Some(true),
        csat: case.csat,
        ces: case.ces,
        received_at: case.received_at,
        answered_at: case.answered_at,
        solved_at: case.solved_at,
        closed_at: case.closed_at,
    }
}
