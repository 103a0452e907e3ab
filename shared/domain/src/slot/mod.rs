//! Slots: when somebody can be called, from working hours, absences and the calls that are booked.
//!
//! A call lies inside one shift of whoever makes it; what is kept free before and after it may lie
//! outside, though not over another call. Slots begin at the beginning of a shift and every so many
//! minutes after it.

mod estimate;
mod grid;

use std::ops::Range;

use crate::UtcMs;
use crate::callback::quanta::{QUANTUM_MS, of};
use crate::callback::{MINUTE_MS, Service};
use crate::civil::{DAY_MS, day_of};
use crate::hours::{Hours, Shift};
use crate::zone::Zone;

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// What is to be booked.
    pub service: Service,
    /// Who is to call; empty for whoever can.
    pub agent_id: String,
    /// In which language; empty for any.
    pub language: String,
    /// Where the clocks of whom we call are.
    pub zone: Zone,
    /// The present.
    pub now: UtcMs,
    /// The first instant at which a slot may begin.
    pub from: UtcMs,
    /// The first at which none may any more.
    pub until: UtcMs,
}

/// Somebody who makes calls.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    /// Who it is.
    pub id: String,
    /// Which of the calendars they work by.
    pub calendar: usize,
    /// When they are away.
    pub absences: Vec<(UtcMs, UtcMs)>,
    /// What they are able to do.
    pub skills: Vec<String>,
    /// Primary tags of what they speak; none is every language.
    pub languages: Vec<String>,
    /// How many calls they make on a day.
    pub cap: i64,
    /// What is booked already.
    pub busy: Vec<Busy>,
}

/// A booked call, with the time before and after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Busy {
    /// Which of the calls that are made at once.
    pub lane: i64,
    /// The first piece of it; see [`crate::callback::quanta`].
    pub first: i64,
    /// The piece after the last one.
    pub end: i64,
    /// The day that it counts for, on the clocks of whoever makes it.
    pub day: i64,
}

/// A time that can be booked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// When the call begins.
    pub start: UtcMs,
    /// When it ends.
    pub end: UtcMs,
    /// How many could make it.
    pub free: usize,
    /// The one of them who has least to do.
    pub agent_id: String,
}

/// Somebody who could make a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Who.
    pub agent_id: String,
    /// As which of their calls at once.
    pub lane: i64,
    /// On which day of theirs.
    pub day: i64,
    /// How many calls they make on it.
    pub cap: i64,
}

/// Why nobody can be booked at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoSlot {
    /// It is past.
    Past,
    /// It is sooner than the minimum notice.
    TooSoon,
    /// It is later than slots are offered.
    TooFar,
    /// It lies in quiet hours.
    Quiet,
    /// No slot begins then, or nobody works who could make the call.
    NoSlotBegins,
    /// Everybody is booked, or has as many calls on that day as they make.
    Taken,
}

/// Who could call when.
#[derive(Clone, Debug)]
pub struct Availability {
    wanted: Wanted,
    calendars: Vec<Calendar>,
    callers: Vec<Caller>,
}

#[derive(Clone, Debug)]
struct Calendar {
    zone: Zone,
    shifts: Vec<Shift>,
}

/// A time at which a call could begin by a calendar.
#[derive(Clone, Copy, Debug)]
struct Start {
    at: UtcMs,
    /// The pieces that it takes.
    first: i64,
    end: i64,
    /// The local day, counted from [`Availability::first_day`].
    day: usize,
    /// How many calls at once.
    capacity: u16,
    /// Which one it is of all at which somebody's could begin.
    nth: usize,
}

impl Wanted {
    fn length_ms(&self) -> i64 {
        self.service.length_min * MINUTE_MS
    }

    /// The pieces that a call takes which begins then.
    fn pieces(&self, start: UtcMs) -> Range<i64> {
        let end = start + self.length_ms() + self.service.after_min * MINUTE_MS;
        of(start - self.service.before_min * MINUTE_MS, end)
    }

    fn is_quiet(&self, start: UtcMs) -> bool {
        let end = start + self.length_ms();
        self.service.quiet.is_some_and(|it| it.touches(start, end, self.zone))
    }

    /// Whether somebody could make the call at all.
    fn suits(&self, it: &Caller) -> bool {
        let primary = self.language.split('-').next().unwrap_or("");
        let speaks = primary.is_empty()
            || it.languages.is_empty()
            || it.languages.iter().any(|own| own.eq_ignore_ascii_case(primary));
        speaks
            && 0 < it.cap
            && (self.agent_id.is_empty() || self.agent_id == it.id)
            && self.service.skills.iter().all(|skill| it.skills.contains(skill))
    }

    /// The first instant at which a call may begin, and the last.
    fn bounds(&self) -> (UtcMs, UtcMs) {
        let first = self.now + self.service.notice_min * MINUTE_MS;
        (first, self.now + self.service.horizon_days * DAY_MS)
    }

    /// Why no call may begin then, whoever works.
    fn check(&self, start: UtcMs) -> Result<(), NoSlot> {
        let (first, last) = self.bounds();
        if start < self.now {
            Err(NoSlot::Past)
        } else if start < first {
            Err(NoSlot::TooSoon)
        } else if last < start {
            Err(NoSlot::TooFar)
        } else if self.is_quiet(start) {
            Err(NoSlot::Quiet)
        } else {
            Ok(())
        }
    }
}

impl Availability {
    /// Callers, in the order of their ids, and the calendars that they work by.
    pub fn new(wanted: Wanted, calendars: &[Hours], mut callers: Vec<Caller>) -> Availability {
        callers.retain(|it| wanted.suits(it));
        let (_, last) = wanted.bounds();
        let (from, until) = (wanted.from.max(wanted.now), wanted.until.min(last));
        // Nobody's shifts are worked out that nobody needs.
        let shifts = |(nth, it): (usize, &Hours)| Calendar {
            zone: it.zone,
            shifts: if from <= until && callers.iter().any(|it| it.calendar == nth) {
                it.shifts(from, until)
            } else {
                Vec::new()
            },
        };
        let calendars = calendars.iter().enumerate().map(shifts).collect();
        Availability { wanted, calendars, callers }
    }

    /// Who could make a call that begins then, whoever has least to do first: on that day, then
    /// at all. After the first line of each come their others.
    pub fn places(&self, start: UtcMs) -> Result<Vec<Place>, NoSlot> {
        self.wanted.check(start)?;
        let mut is_work = false;
        let mut order: Vec<(i64, i64)> = Vec::new();
        for (caller, nth) in self.callers.iter().zip(0..) {
            let Some(it) = self.start(caller, start) else { continue };
            is_work = true;
            if let Some(load) = self.load(caller, &it)
                && self.lanes(caller, &it).next().is_some()
            {
                order.push((load, nth));
            }
        }
        if order.is_empty() {
            return Err(if is_work { NoSlot::Taken } else { NoSlot::NoSlotBegins });
        }
        order.sort_unstable();
        let mut places = Vec::with_capacity(order.len());
        for rank in 0.. {
            let before = places.len();
            for (_, nth) in &order {
                let caller = usize::try_from(*nth).ok().and_then(|it| self.callers.get(it));
                let Some(caller) = caller else { continue };
                let Some(it) = self.start(caller, start) else { continue };
                places.extend(self.lanes(caller, &it).nth(rank).map(|lane| Place {
                    agent_id: caller.id.clone(),
                    lane,
                    day: self.day(it.day),
                    cap: caller.cap,
                }));
            }
            if places.len() == before || PLACES_MAX <= places.len() {
                break;
            }
        }
        Ok(places)
    }

    /// The free slots nearest to an instant, in the order of time.
    pub fn nearest(&self, start: UtcMs, most: usize) -> Vec<Slot> {
        let mut slots = self.slots(usize::MAX);
        let mut first = slots.partition_point(|it| it.start < start);
        let mut end = first;
        while end - first < most.min(slots.len()) {
            let apart = |at: usize| slots.get(at).map_or(i64::MAX, |it| (it.start - start).abs());
            let before = first.checked_sub(1).map_or(i64::MAX, apart);
            if before <= apart(end) && 0 < first {
                first -= 1;
            } else {
                end += 1;
            }
        }
        slots.truncate(end);
        slots.split_off(first)
    }

    /// How a call of somebody would begin then by their shifts; none if they are not there.
    fn start(&self, caller: &Caller, at: UtcMs) -> Option<Start> {
        let calendar = self.calendars.get(caller.calendar)?;
        let end = at + self.wanted.length_ms();
        let shift = calendar.shifts.iter().find(|it| it.open <= at && end <= it.close)?;
        let is_away = caller.absences.iter().any(|(from, until)| *from < end && at < *until);
        let every = self.wanted.service.every_min * MINUTE_MS;
        let begins = (at - shift.open) % every.max(1) == 0;
        let makes_calls = 0 < shift.capacity;
        (begins && makes_calls && !is_away).then(|| self.begin(calendar, *shift, at))
    }

    fn begin(&self, calendar: &Calendar, shift: Shift, at: UtcMs) -> Start {
        let pieces = self.wanted.pieces(at);
        let day = i64::from(calendar.zone.day(at)) - self.first_day();
        let day = usize::try_from(day).unwrap_or(usize::MAX);
        let Range { start: first, end } = pieces;
        Start { at, first, end, day, capacity: shift.capacity, nth: 0 }
    }

    /// The lanes on which somebody could make a call.
    fn lanes(&self, caller: &Caller, it: &Start) -> impl Iterator<Item = i64> {
        let clashes = |busy: &&Busy| busy.first < it.end && it.first < busy.end;
        let busy = caller.busy.iter().filter(clashes);
        let taken = busy.fold(0, |taken, it| taken | bit(it.lane));
        let lanes = i64::from(it.capacity);
        (0..lanes).filter(move |lane| taken & bit(*lane) == 0)
    }

    /// How much somebody has to do, on the day and at all; none if they make no more calls then.
    fn load(&self, caller: &Caller, it: &Start) -> Option<i64> {
        let day = self.day(it.day);
        let calls = caller.busy.iter().filter(|it| it.day == day).count();
        let calls = i64::try_from(calls).unwrap_or(i64::MAX);
        (calls < caller.cap).then(|| weigh(calls, self.calls(caller)))
    }

    /// How many calls somebody has in the time that is looked at.
    fn calls(&self, caller: &Caller) -> i64 {
        let (from, until) = (self.wanted.from, self.wanted.until);
        let is_in = |it: &&Busy| it.first * QUANTUM_MS < until && from < it.end * QUANTUM_MS;
        i64::try_from(caller.busy.iter().filter(is_in).count()).unwrap_or(i64::MAX)
    }

    /// A day before every day on which a call can begin, wherever it is made.
    fn first_day(&self) -> i64 {
        i64::from(day_of(self.wanted.now)) - 1
    }

    fn day(&self, nth: usize) -> i64 {
        self.first_day() + i64::try_from(nth).unwrap_or(0)
    }
}

/// Places that are told at least, if there are so many.
const PLACES_MAX: usize = 100;

/// The bit of a lane in a set of lanes.
fn bit(lane: i64) -> u64 {
    u32::try_from(lane).ok().and_then(|it| 1_u64.checked_shl(it)).unwrap_or(0)
}

/// What is smaller has less to do.
fn weigh(on_day: i64, at_all: i64) -> i64 {
    on_day * 100_000 + at_all
}

#[cfg(test)]
mod slow;
#[cfg(test)]
mod tests;
