//! From shifts on local clocks to instants.

use super::{Hours, MAX_DAYS};
use crate::UtcMs;
use crate::civil::DAY_MS;
use crate::zone::{Local, Zone};

/// How many days are turned into instants at once while the offset stays the same.
const USUAL_DAYS: i64 = 8;

/// And around a change of the offset, which is then not near the end of them.
const CHANGE_DAYS: i64 = 12;

/// How far before and after those days the offset has to be the same.
const MARGIN_MS: i64 = DAY_MS * 3 / 2;

/// The stretches of work from an instant on.
///
/// Each is `(open, close)`; the first begins no earlier than the instant.
#[derive(Debug)]
pub struct Opens<'a> {
    hours: &'a Hours,
    /// What lies before was returned, or is not asked for.
    from: UtcMs,
    /// The first day that is not in `found`.
    next_day: i64,
    last_day: i64,
    /// Of some days, in order.
    found: Vec<(UtcMs, UtcMs)>,
    at: usize,
}

impl<'a> Opens<'a> {
    pub(super) fn new(hours: &'a Hours, from: UtcMs) -> Opens<'a> {
        let day = i64::from(hours.zone.day(from));
        // What a jump of the clocks moves ends within two days.
        let (next_day, last_day) = (day - 2, day + MAX_DAYS);
        Opens { hours, from, next_day, last_day, found: Vec::with_capacity(32), at: 0 }
    }

    /// Leaves out what lies before an instant.
    pub fn skip_to(&mut self, at: UtcMs) {
        self.from = self.from.max(at);
    }

    /// Finds the stretches of the next few days. False when there are no more days.
    fn fill(&mut self) -> bool {
        self.found.clear();
        self.at = 0;
        if self.last_day < self.next_day {
            return false;
        }
        let zone = self.hours.zone;
        let start = self.next_day.saturating_mul(DAY_MS);
        let end = start.saturating_add(USUAL_DAYS * DAY_MS);
        let offset_s = zone.offset_s(start.saturating_sub(MARGIN_MS));
        // Three, since an offset may change twice within a week: Gaza's do in the autumn of 2040.
        let is_usual = offset_s == zone.offset_s(start.midpoint(end))
            && offset_s == zone.offset_s(end.saturating_add(MARGIN_MS));
        let days = if is_usual { USUAL_DAYS } else { CHANGE_DAYS };
        let next_day = self.next_day.saturating_add(days);
        for day in self.next_day..next_day.min(self.last_day + 1) {
            let Ok(day) = i32::try_from(day) else { break };
            if is_usual {
                let midnight = i64::from(day) * DAY_MS - i64::from(offset_s) * 1000;
                let spans = self.hours.day_spans(day).iter();
                let at = |minute: u16| midnight + i64::from(minute) * 60_000;
                self.found.extend(spans.map(|span| (at(span.from), at(span.to))));
            } else {
                self.found.extend(of_day(self.hours, day));
            }
        }
        if !is_usual {
            // What the jump moved may lie after what it did not.
            self.found.sort_unstable();
        }
        self.next_day = next_day;
        true
    }
}

impl Iterator for Opens<'_> {
    type Item = (UtcMs, UtcMs);

    fn next(&mut self) -> Option<(UtcMs, UtcMs)> {
        loop {
            let Some((open, close)) = self.found.get(self.at).copied() else {
                if self.fill() {
                    continue;
                }
                return None;
            };
            self.at += 1;
            let open = open.max(self.from);
            if open < close {
                self.from = close;
                return Some((open, close));
            }
        }
    }
}

/// The shifts of a day as instants. Those that a jump of the clocks swallows end before they open.
pub(super) fn of_day(hours: &Hours, day: i32) -> impl Iterator<Item = (UtcMs, UtcMs)> {
    let at = move |minute: u16| {
        resolve(hours.zone, i64::from(day) * DAY_MS + i64::from(minute) * 60_000)
    };
    hours.day_spans(day).iter().map(move |span| (at(span.from), at(span.to)))
}

/// When local clocks show this: the first time, and what they skip as much later as they jump.
fn resolve(zone: Zone, local_ms: i64) -> UtcMs {
    match zone.to_utc(local_ms) {
        Local::Gap { before, .. } => {
            local_ms.saturating_sub(i64::from(zone.offset_s(before)) * 1000)
        }
        other => other.earliest(),
    }
}
