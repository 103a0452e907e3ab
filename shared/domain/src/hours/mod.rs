//! Working time: when people are at work, so that a promise can count their hours.
//!
//! A week of shifts in one zone, a country's holidays and make-up days, and exceptions of one's
//! own, each of which replaces the hours of its day. `open` turns them into instants.
//!
//! Where clocks are put forward, a time that they skip is as much later as they jump: 02:30 is
//! 03:30. Where they are put back, a time that they show twice is the first. A shift ends at its
//! close: that instant is outside it, and yet what is due then is due at the close, not at the
//! next opening.

mod open;

pub use open::Opens;

use crate::UtcMs;
use crate::calendar::{Calendar, DayType};
use crate::civil::{DAY_MS, weekday};
use crate::zone::Zone;

/// Minutes of a day.
pub const DAY_MINUTES: u16 = 1440;

/// How many calls one person can make at once, at most.
pub const MAX_CAPACITY: u16 = 50;

/// How many days ahead working time is looked for, so that no search is endless.
pub const MAX_DAYS: i64 = 5 * 366;

/// A stretch of a local day, in minutes from its midnight; `to` is not part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Its first minute.
    pub from: u16,
    /// Its end, at most 1440.
    pub to: u16,
    /// How many calls each makes at once: 0 for work without calls, and at most [`MAX_CAPACITY`].
    pub capacity: u16,
}

impl Span {
    /// The whole day.
    pub const DAY: Span = Span::new(0, DAY_MINUTES);

    /// One call at a time.
    pub const fn new(from: u16, to: u16) -> Span {
        Span { from, to, capacity: 1 }
    }
}

/// A stretch of work as instants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift {
    /// Its beginning.
    pub open: UtcMs,
    /// Its end, which is not part of it.
    pub close: UtcMs,
    /// See [`Span::capacity`].
    pub capacity: u16,
}

/// When people work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hours {
    /// Where their clocks are.
    pub zone: Zone,
    /// The shifts of every weekday, Monday first: in order, without overlaps.
    pub week: [Vec<Span>; 7],
    /// Whose holidays are off, and whose make-up days are worked.
    pub country: Calendar,
    /// The shifts of a make-up day; Monday's if there are none.
    pub make_up: Vec<Span>,
    /// Days that have these shifts whatever week and country say, in order.
    pub exceptions: Vec<(i32, Vec<Span>)>,
    /// The last day whose holidays are known; none if no holidays are followed.
    pub known_until: Option<i32>,
}

/// What no calendar may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// A usual week without one minute of work: nothing would ever be due.
    Idle,
    /// A shift that ends before it begins, or after midnight.
    Span(Place, usize),
    /// A shift that begins before the one before it ends.
    Overlap(Place, usize),
    /// A day that is excepted twice, or before an earlier one.
    Unsorted(usize),
}

/// Where in a calendar a shift is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// On a weekday: 0 is Monday.
    Week(usize),
    /// Among those of make-up days.
    MakeUp,
    /// In the exception of this number.
    Exception(usize),
}

impl Hours {
    /// Always at work.
    pub fn around_the_clock(zone: Zone) -> Hours {
        Hours {
            zone,
            week: std::array::from_fn(|_| vec![Span::DAY]),
            country: Calendar::Plain,
            make_up: Vec::new(),
            exceptions: Vec::new(),
            known_until: None,
        }
    }

    /// 9 to 12 and 13 to 18, Monday to Friday, with the holidays of the zone's country.
    pub fn office(zone: Zone) -> Hours {
        let day = [Span::new(540, 720), Span::new(780, 1080)];
        let country = Calendar::of_zone(&zone.name());
        Hours {
            zone,
            week: std::array::from_fn(|it| if it < 5 { day.to_vec() } else { Vec::new() }),
            country,
            make_up: Vec::new(),
            exceptions: Vec::new(),
            known_until: country.known_until(),
        }
    }

    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Wrong>> {
        let mut wrong = Vec::new();
        for (at, spans) in self.week.iter().enumerate() {
            check_spans(spans, Place::Week(at), &mut wrong);
        }
        check_spans(&self.make_up, Place::MakeUp, &mut wrong);
        let mut before = None;
        for (at, (day, spans)) in self.exceptions.iter().enumerate() {
            if before.is_some_and(|before| *day <= before) {
                wrong.push(Wrong::Unsorted(at));
            }
            before = Some(*day);
            check_spans(spans, Place::Exception(at), &mut wrong);
        }
        if self.week.iter().all(Vec::is_empty) {
            wrong.push(Wrong::Idle);
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }

    /// The shifts of a day.
    pub fn day_spans(&self, day: i32) -> &[Span] {
        if let Ok(at) = self.exceptions.binary_search_by_key(&day, |(day, _)| *day)
            && let Some((_, spans)) = self.exceptions.get(at)
        {
            return spans;
        }
        let [monday, ..] = &self.week;
        match self.country.day_type(day) {
            DayType::Usual => self.week.get(usize::from(weekday(day))).map_or(&[], Vec::as_slice),
            DayType::Holiday => &[],
            DayType::MakeUp if self.make_up.is_empty() => monday,
            DayType::MakeUp => &self.make_up,
        }
    }

    /// Every stretch of work from an instant on, in order, as far as [`MAX_DAYS`] days ahead.
    pub fn opens(&self, from: UtcMs) -> Opens<'_> {
        Opens::new(self, from)
    }

    /// The shifts that are not over at an instant and begin up to another, in order. Each is as
    /// long as it is, whatever of it lies before; where two overlap, the first has that time.
    pub fn shifts(&self, from: UtcMs, until: UtcMs) -> Vec<Shift> {
        open::shifts(self, from, until)
    }

    /// When `ms` of working time have passed; the instant itself for none or less.
    ///
    /// `None` if that takes more than [`MAX_DAYS`] days.
    pub fn add(&self, from: UtcMs, ms: i64) -> Option<UtcMs> {
        if ms <= 0 {
            return Some(from);
        }
        let mut left = ms;
        for (open, close) in self.opens(from) {
            if left <= close - open {
                return Some(open + left);
            }
            left -= close - open;
        }
        None
    }

    /// How much working time lies between two instants, below zero if `to` is the earlier.
    ///
    /// What lies more than [`MAX_DAYS`] days after the earlier one does not count.
    pub fn between(&self, from: UtcMs, to: UtcMs) -> i64 {
        if to < from {
            return -self.between(to, from);
        }
        self.opens(from)
            .take_while(|(open, _)| *open < to)
            .map(|(open, close)| close.min(to) - open)
            .sum()
    }

    /// Whether people are at work. The instant of a close is outside.
    pub fn is_open(&self, at: UtcMs) -> bool {
        self.next_open(at) == Some(at)
    }

    /// The first instant from this one on at which people are at work.
    pub fn next_open(&self, at: UtcMs) -> Option<UtcMs> {
        self.opens(at).next().map(|(open, _)| open)
    }

    /// When the `n`th working day after the day of an instant closes; the first for 0 as well.
    pub fn end_of_working_day(&self, from: UtcMs, n: u16) -> Option<UtcMs> {
        let today = self.zone.day(from);
        let mut clocks = open::Clocks::new(self.zone, i64::from(today) * DAY_MS);
        let mut left = n.max(1);
        for ahead in 1..=MAX_DAYS {
            let day = i32::try_from(i64::from(today) + ahead).ok()?;
            let opens = clocks.of_day(self, day);
            let close = opens.filter(|(open, close)| open < close).map(|(_, close)| close).max();
            if close.is_some() {
                left -= 1;
            }
            if left == 0 {
                return close;
            }
        }
        None
    }

    /// Whether the holidays of every day between two instants are known.
    pub fn is_known(&self, from: UtcMs, to: UtcMs) -> bool {
        let is_after = |last| self.zone.day(to) <= last;
        let is_before = |first| first <= self.zone.day(from);
        self.known_until.is_none_or(is_after) && self.country.known_from().is_none_or(is_before)
    }
}

fn check_spans(spans: &[Span], place: Place, wrong: &mut Vec<Wrong>) {
    let mut end = 0;
    for (at, span) in spans.iter().enumerate() {
        if span.to <= span.from || DAY_MINUTES < span.to {
            wrong.push(Wrong::Span(place, at));
        } else if span.from < end {
            wrong.push(Wrong::Overlap(place, at));
        }
        end = end.max(span.to);
    }
}

#[cfg(test)]
mod tests;
