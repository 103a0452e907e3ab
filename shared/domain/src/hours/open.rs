//! From shifts on local clocks to instants.

use super::{Hours, MAX_DAYS, Shift};
use crate::UtcMs;
use crate::civil::DAY_MS;
use crate::zone::Zone;

/// How many days are turned into instants at once.
const DAYS: i64 = 8;

/// More than local clocks can differ from UTC, with an hour's jump or two.
const MARGIN_MS: i64 = DAY_MS * 3 / 2;

/// The stretches of work from an instant on.
///
/// Each is `(open, close)`; the first begins no earlier than the instant.
#[derive(Debug)]
pub struct Opens<'a> {
    hours: &'a Hours,
    clocks: Clocks,
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
        let clocks = Clocks::new(hours.zone, next_day * DAY_MS);
        Opens { hours, clocks, from, next_day, last_day, found: Vec::with_capacity(32), at: 0 }
    }

    /// Finds the stretches of the next few days. False when there are no more days.
    fn fill(&mut self) -> bool {
        self.found.clear();
        self.at = 0;
        if self.last_day < self.next_day {
            return false;
        }
        let end = (self.next_day + DAYS) * DAY_MS;
        // A jump may move a shift behind the next ones, so it is never at the end of these days.
        let is_near = end - MARGIN_MS <= self.clocks.until && self.clocks.until < end + MARGIN_MS;
        let next_day = self.next_day + if is_near { DAYS + 3 } else { DAYS };
        for day in self.next_day..next_day.min(self.last_day + 1) {
            let Ok(day) = i32::try_from(day) else { break };
            self.found.extend(self.clocks.of_day(self.hours, day));
        }
        if !self.found.is_sorted() {
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

/// See [`Hours::shifts`].
pub(super) fn shifts(hours: &Hours, from: UtcMs, until: UtcMs) -> Vec<Shift> {
    let day = |at| i64::from(hours.zone.day(at));
    // What a jump of the clocks moves ends within two days.
    let (first, last) = (day(from) - 2, day(until).min(day(from) + MAX_DAYS) + 1);
    let mut clocks = Clocks::new(hours.zone, first * DAY_MS);
    let mut found: Vec<Shift> = Vec::new();
    for day in first..=last {
        let Ok(day) = i32::try_from(day) else { break };
        let spans = clocks.of_day(hours, day).zip(hours.day_spans(day));
        for ((open, close), span) in spans.filter(|((open, close), _)| open < close) {
            let at = found.partition_point(|it| (it.open, it.close) <= (open, close));
            found.insert(at, Shift { open, close, capacity: span.capacity });
        }
    }
    let mut end = UtcMs::MIN;
    found.retain_mut(|it| {
        it.open = it.open.max(end);
        end = end.max(it.close);
        it.open < it.close && from < it.close && it.open <= until
    });
    found
}

/// Local clocks, read in the order of time. They change at most once in six days.
#[derive(Debug)]
pub(super) struct Clocks {
    zone: Zone,
    offset_ms: i64,
    /// When the offset changes, and to what.
    until: UtcMs,
    next_ms: i64,
}

impl Clocks {
    /// Clocks that show this time, written as if it were UTC, or a later one.
    pub(super) fn new(zone: Zone, local_ms: i64) -> Clocks {
        let at = local_ms.saturating_sub(MARGIN_MS);
        let until = zone.holds_until(at);
        let ms = |at| i64::from(zone.offset_s(at)) * 1000;
        Clocks { zone, offset_ms: ms(at), until, next_ms: ms(until) }
    }

    /// The shifts of a day as instants. One that a jump of the clocks swallows ends before it
    /// opens.
    pub(super) fn of_day(
        &mut self,
        hours: &Hours,
        day: i32,
    ) -> impl Iterator<Item = (UtcMs, UtcMs)> {
        let midnight = i64::from(day) * DAY_MS;
        if self.until.saturating_add(MARGIN_MS) <= midnight {
            *self = Clocks::new(self.zone, midnight);
        }
        let at = move |minute: u16| self.utc(midnight + i64::from(minute) * 60_000);
        hours.day_spans(day).iter().map(move |span| (at(span.from), at(span.to)))
    }

    /// When they show this: the first time, and what they skip as much later as they jump.
    fn utc(&self, local_ms: i64) -> UtcMs {
        let by_old = local_ms.saturating_sub(self.offset_ms);
        let by_new = local_ms.saturating_sub(self.next_ms);
        if by_old < self.until || by_new < self.until { by_old } else { by_new }
    }
}
