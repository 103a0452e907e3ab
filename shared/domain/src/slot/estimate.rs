//! When somebody in the queue is expected to be called.

use super::{Availability, Busy, Caller};
use crate::UtcMs;
use crate::callback::MINUTE_MS;
use crate::callback::quanta::{QUANTUM_MS, of};
use crate::hours::Shift;

/// How many calls could begin in each piece of time.
struct Tally {
    /// The piece that the present lies in.
    first: i64,
    calls: Vec<usize>,
    /// Pieces from here on do not matter any more: enough calls begin before.
    end: usize,
}

impl Availability {
    /// When a call is expected to begin that has so many before it, if everybody calls whoever is
    /// next whenever they have time for one; none if that is not before the end of what was looked
    /// at, which must begin by now.
    ///
    /// Every line of a caller is busy for as long as a call and the time after it take. What was
    /// booked is called at its time. The queue is taken to have the quiet hours of this call.
    pub fn estimate(&self, ahead: usize) -> Option<UtcMs> {
        let wanted = &self.wanted;
        let first = wanted.now.div_euclid(QUANTUM_MS);
        let until = wanted.until.min(wanted.bounds().1);
        let pieces = usize::try_from(until.div_euclid(QUANTUM_MS) - first).ok()?;
        let mut tally = Tally { first, calls: vec![0; pieces], end: pieces };
        let mut reached = None;
        for caller in &self.callers {
            let Some(calendar) = self.calendars.get(caller.calendar) else { continue };
            let lanes = calendar.shifts.iter().map(|it| it.capacity).max().unwrap_or(0);
            for lane in 0..lanes {
                self.serve(caller, lane, &calendar.shifts, &mut tally);
            }
            reached = tally.reached(ahead);
            if let Some(at) = reached {
                tally.end = at + 1;
            }
        }
        let at = first + i64::try_from(reached?).ok()?;
        Some((at * QUANTUM_MS).max(wanted.now))
    }

    /// Counts the calls that one line can make, one after the other.
    fn serve(&self, caller: &Caller, lane: u16, shifts: &[Shift], tally: &mut Tally) {
        let wanted = &self.wanted;
        let length = wanted.length_ms();
        let takes = pieces(length + wanted.service.after_min * MINUTE_MS).max(1);
        let mut piece = tally.first;
        for shift in shifts.iter().filter(|it| lane < it.capacity) {
            // A shift may begin between two pieces, and the present lies in one.
            if piece * QUANTUM_MS < shift.open && wanted.now < shift.open {
                piece = pieces(shift.open);
            }
            loop {
                let at = (piece * QUANTUM_MS).max(wanted.now);
                let Ok(nth) = usize::try_from(piece - tally.first) else { return };
                if tally.end <= nth {
                    return;
                }
                if shift.close < at + length {
                    break;
                }
                let (lane, end) = (i64::from(lane), piece + takes);
                let clashes = |it: &&Busy| it.lane == lane && it.first < end && piece < it.end;
                let away = caller.absences.iter().find(|it| it.0 < at + length && at < it.1);
                if let Some(it) = caller.busy.iter().find(clashes) {
                    piece = it.end;
                } else if let Some((_, until)) = away {
                    piece = pieces(*until);
                } else if wanted.is_quiet(at) {
                    piece += 1;
                } else {
                    if let Some(calls) = tally.calls.get_mut(nth) {
                        *calls += 1;
                    }
                    piece = end;
                }
            }
        }
    }
}

/// In how many pieces something fits.
fn pieces(ms: i64) -> i64 {
    of(0, ms).end
}

impl Tally {
    /// The piece in which the call begins that has so many before it.
    fn reached(&self, ahead: usize) -> Option<usize> {
        let mut calls = 0;
        self.calls.get(..self.end)?.iter().position(|it| {
            calls += it;
            ahead < calls
        })
    }
}
