//! All slots of some weeks at once. What is shared is worked out once: the times of a calendar for
//! all who work by it. The rest is arrays with a place for each of those times.

use super::{Availability, Calendar, Caller, Slot, Start, bit, weigh};
use crate::callback::MINUTE_MS;
use crate::civil::day_of;

/// Who could call at a time.
#[derive(Clone, Copy, Default)]
struct Found {
    free: usize,
    /// How much the one of them has to do who has least.
    load: i64,
    caller: usize,
}

/// What is filled anew for each caller.
struct Scratch {
    /// The lanes that are taken, of each time of their calendar.
    taken: Vec<u64>,
    /// How many calls they have on each day.
    calls: Vec<i64>,
}

impl Availability {
    /// The free slots, in the order of time.
    pub fn slots(&self, most: usize) -> Vec<Slot> {
        let mut grids: Vec<Vec<Start>> = self.calendars.iter().map(|it| self.grid(it)).collect();
        let mut instants: Vec<(i64, i64)> = Vec::new();
        for grid in &grids {
            instants.extend(grid.iter().map(|it| (it.at, 0)));
        }
        instants.sort_unstable();
        instants.dedup();
        for grid in &mut grids {
            let mut nth = 0;
            for it in grid {
                while instants.get(nth).is_some_and(|(at, _)| *at < it.at) {
                    nth += 1;
                }
                it.nth = nth;
            }
        }
        let mut found = vec![Found::default(); instants.len()];
        let longest = grids.iter().map(Vec::len).max().unwrap_or(0);
        let days = i64::from(day_of(self.wanted.bounds().1)) - self.first_day() + 2;
        let days = usize::try_from(days).unwrap_or(0);
        let mut scratch = Scratch { taken: vec![0; longest], calls: vec![0; days] };
        for (nth, caller) in self.callers.iter().enumerate() {
            if let Some(grid) = grids.get(caller.calendar) {
                self.offer(caller, nth, grid, &mut scratch, &mut found);
            }
        }
        let length = self.wanted.length_ms();
        let free = instants.iter().zip(&found).filter(|(_, it)| 0 < it.free).take(most);
        let slot = |((start, _), it): (&(i64, i64), &Found)| Slot {
            start: *start,
            end: start + length,
            free: it.free,
            agent_id: self.callers.get(it.caller).map_or_else(String::new, |it| it.id.clone()),
        };
        free.map(slot).collect()
    }

    /// The times at which calls could begin by a calendar, in order.
    fn grid(&self, calendar: &Calendar) -> Vec<Start> {
        let wanted = &self.wanted;
        let (first, last) = wanted.bounds();
        let (first, until) = (first.max(wanted.from), wanted.until.min(last + 1));
        let (length, every) = (wanted.length_ms(), (wanted.service.every_min * MINUTE_MS).max(1));
        let mut starts = Vec::new();
        for shift in &calendar.shifts {
            let missed = (first - shift.open).max(0);
            let mut at = shift.open + (missed + every - 1) / every * every;
            while at < until && at + length <= shift.close {
                if !wanted.is_quiet(at) {
                    starts.push(self.begin(calendar, *shift, at));
                }
                at += every;
            }
        }
        starts
    }

    /// Adds a caller to the times at which they are free.
    fn offer(
        &self,
        caller: &Caller,
        nth: usize,
        grid: &[Start],
        scratch: &mut Scratch,
        found: &mut [Found],
    ) {
        let Some(taken) = scratch.taken.get_mut(..grid.len()) else { return };
        taken.fill(0);
        scratch.calls.fill(0);
        let length = self.wanted.length_ms();
        for (from, until) in caller.absences.iter().filter(|(from, until)| from < until) {
            let first = grid.partition_point(|it| it.at + length <= *from);
            let end = grid.partition_point(|it| it.at < *until);
            mark(taken, first, end, u64::MAX);
        }
        let first_day = self.first_day();
        for it in &caller.busy {
            let first = grid.partition_point(|start| start.end <= it.first);
            let end = grid.partition_point(|start| start.first < it.end);
            mark(taken, first, end, bit(it.lane));
            let day = usize::try_from(it.day - first_day).unwrap_or(usize::MAX);
            if let Some(calls) = scratch.calls.get_mut(day) {
                *calls += 1;
            }
        }
        let at_all = self.calls(caller);
        for (it, taken) in grid.iter().zip(taken.iter()) {
            let has_lane = taken.trailing_ones() < u32::from(it.capacity);
            let calls = scratch.calls.get(it.day).copied().unwrap_or(i64::MAX);
            if !has_lane || caller.cap <= calls {
                continue;
            }
            let Some(found) = found.get_mut(it.nth) else { continue };
            let load = weigh(calls, at_all);
            // Of equals it is the first.
            if found.free == 0 || load < found.load {
                (found.load, found.caller) = (load, nth);
            }
            found.free += 1;
        }
    }
}

fn mark(taken: &mut [u64], first: usize, end: usize, lanes: u64) {
    for it in taken.get_mut(first..end).into_iter().flatten() {
        *it |= lanes;
    }
}
