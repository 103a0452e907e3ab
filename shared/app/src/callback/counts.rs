//! What a change of a call-back does to the figures.

use domain::callback::count::{Facts, Tally, counted, places, value};
use domain::callback::{Mode, Purpose, State};
use ports::Write;
use serde_json::json;
use store::call_counts;
use store::callbacks::Callback;
use web::view;

use crate::sums::{Measured, Place, at};

/// The statements that keep them right.
pub(crate) fn writes(before: Option<&Callback>, after: &Callback) -> Vec<Write> {
    let mut sums = Sums::default();
    if let Some(before) = before {
        sums.add(before, -1);
    }
    sums.add(after, 1);
    sums.writes(&after.site_id)
}

/// What call-backs come to at each place, by day.
#[derive(Debug, Default)]
pub struct Sums {
    counts: Vec<(Place, Tally)>,
    values: Vec<(Place, Measured)>,
}

impl Sums {
    /// Adds a call-back, so many times; -1 takes it away.
    pub fn add(&mut self, it: &Callback, times: i64) {
        let facts = facts(it);
        let (tally, value, day) = (counted(&facts), value(&facts), it.requested_day);
        for (grain, a) in places(&facts) {
            let place = (grain, a.to_owned(), day, "", 0);
            at(&mut self.counts, place, |own| own.add(&tally, times));
            if let Some(it) = value {
                let place = (grain, a.to_owned(), day, it.name, it.bound);
                at(&mut self.values, place, |own: &mut Measured| {
                    *own = (own.0 + times, own.1 + it.value * times);
                });
            }
        }
    }

    /// The rows as [`call_counts::add`] and [`call_counts::add_values`] take them, two JSON arrays
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
            writes.push(call_counts::add(site_id, &counts).write());
        }
        if values != "[]" {
            writes.push(call_counts::add_values(site_id, &values).write());
        }
        writes
    }
}

/// What the figures need to know of a call-back.
fn facts(it: &Callback) -> Facts<'_> {
    Facts {
        state: State::parse(&it.state).unwrap_or_default(),
        mode: Mode::parse(&it.mode).unwrap_or_default(),
        purpose: Purpose::parse(&it.purpose).unwrap_or_default(),
        service_id: &it.service_id,
        agent_id: &it.agent_id,
        lease: it.lease,
        sequence: it.sequence,
        attempts: it.attempts,
        promise: it.promise,
        is_no_show: it.is_no_show,
        waited: Mode::parse(&it.since_mode).zip(it.first_attempt.map(|at| at - it.since)),
    }
}
