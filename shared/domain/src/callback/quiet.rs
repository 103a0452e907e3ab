//! Quiet hours: when nobody is called or reminded, on their own clocks.

use crate::UtcMs;
use crate::civil::DAY_MS;
use crate::zone::Zone;

/// From a minute of the day to another, over midnight if that is the earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    /// The first minute.
    pub from: u16,
    /// The first one after it.
    pub until: u16,
}

impl Quiet {
    /// Whether an instant lies in them.
    pub fn has(self, at: UtcMs, zone: Zone) -> bool {
        let minute = minute(at, zone);
        if self.from <= self.until {
            (self.from..self.until).contains(&minute)
        } else {
            minute < self.until || self.from <= minute
        }
    }

    /// The first instant from this one on that is outside.
    pub fn after(self, at: UtcMs, zone: Zone) -> UtcMs {
        self.walk(at, zone, 1)
    }

    /// The last instant up to this one that is outside, to the minute.
    pub fn before(self, at: UtcMs, zone: Zone) -> UtcMs {
        self.walk(at, zone, -1)
    }

    /// Whether any minute of a stretch lies in them, whatever the clocks do meanwhile.
    pub fn touches(self, from: UtcMs, until: UtcMs, zone: Zone) -> bool {
        let mut at = from;
        while at < until {
            let ahead = i64::from(self.from) - i64::from(minute(at, zone));
            let begins = at - at.rem_euclid(MINUTE_MS) + ahead.rem_euclid(1440) * MINUTE_MS;
            let jump = zone.holds_until(at);
            let begins_inside = self.from != self.until && begins < until.min(jump);
            if self.has(at, zone) || begins_inside {
                return true;
            }
            at = jump;
        }
        false
    }

    /// Counted on local clocks: they may jump on the way.
    fn walk(self, at: UtcMs, zone: Zone, direction: i64) -> UtcMs {
        if !self.has(at, zone) {
            return at;
        }
        let local = at + i64::from(zone.offset_s(at)) * 1000;
        let (minute, local) = (i64::from(minute(at, zone)), local - local.rem_euclid(MINUTE_MS));
        let ahead = if direction > 0 {
            (i64::from(self.until) - minute).rem_euclid(1440)
        } else {
            -(minute - i64::from(self.from)).rem_euclid(1440) - 1
        };
        zone.to_utc(local + ahead * MINUTE_MS).earliest()
    }
}

const MINUTE_MS: i64 = super::MINUTE_MS;

/// The minute of the day that clocks show.
fn minute(at: UtcMs, zone: Zone) -> u16 {
    let local = at + i64::from(zone.offset_s(at)) * 1000;
    u16::try_from(local.rem_euclid(DAY_MS) / MINUTE_MS).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::civil::parse_rfc3339;

    const NIGHT: Quiet = Quiet { from: 21 * 60, until: 9 * 60 };

    fn at(text: &str) -> UtcMs {
        parse_rfc3339(text).unwrap()
    }

    #[test]
    fn nights_are_over_midnight_on_the_clocks_of_the_zone() {
        let zone = Zone::SHANGHAI;
        assert!(NIGHT.has(at("2026-11-22T21:00:00+08:00"), zone));
        assert!(NIGHT.has(at("2026-11-22T08:59:59+08:00"), zone));
        assert!(!NIGHT.has(at("2026-11-22T09:00:00+08:00"), zone));
        assert!(!NIGHT.has(at("2026-11-22T20:59:59+08:00"), zone));
        let noon = Quiet { from: 720, until: 780 };
        assert!(noon.has(at("2026-11-22T12:30:00+08:00"), zone));
        assert!(!noon.has(at("2026-11-22T13:00:00+08:00"), zone));
    }

    #[test]
    fn what_falls_into_them_goes_to_their_end_or_before_their_beginning() {
        let zone = Zone::SHANGHAI;
        let late = at("2026-11-22T23:10:30+08:00");
        assert_eq!(NIGHT.after(late, zone), at("2026-11-23T09:00:00+08:00"));
        assert_eq!(NIGHT.before(late, zone), at("2026-11-22T20:59:00+08:00"));
        let day = at("2026-11-22T12:00:30+08:00");
        assert_eq!((NIGHT.after(day, zone), NIGHT.before(day, zone)), (day, day));
    }

    #[test]
    fn clocks_that_jump_in_the_night_still_show_nine() {
        let zone = Zone::parse("America/New_York").unwrap();
        let late = at("2027-03-13T23:00:00-05:00");
        assert_eq!(NIGHT.after(late, zone), at("2027-03-14T09:00:00-04:00"));
        let early = at("2027-03-14T08:00:00-04:00");
        assert_eq!(NIGHT.before(early, zone), at("2027-03-13T20:59:00-05:00"));
    }

    #[test]
    fn a_call_touches_them_if_any_minute_of_it_does() {
        let zone = Zone::SHANGHAI;
        let touches = |from: &str, until: &str| NIGHT.touches(at(from), at(until), zone);
        assert!(!touches("2026-11-22T20:30:00+08:00", "2026-11-22T21:00:00+08:00"));
        assert!(touches("2026-11-22T20:30:00+08:00", "2026-11-22T21:01:00+08:00"));
        assert!(touches("2026-11-22T08:55:00+08:00", "2026-11-22T09:10:00+08:00"));
        assert!(!touches("2026-11-22T09:00:00+08:00", "2026-11-22T09:10:00+08:00"));
    }

    #[test]
    fn a_call_over_a_turn_of_the_clocks_is_in_every_minute_that_they_show() {
        let zone = Zone::parse("America/New_York").unwrap();
        let (from, until) = (at("2026-11-01T01:40:00-04:00"), at("2026-11-01T01:30:00-05:00"));
        // They show 01:40 to 01:59, and then 01:00 to 01:29.
        let touches = |from: u16, to: u16| Quiet { from, until: to }.touches(START, END, zone);
        const START: UtcMs = 1_793_511_600_000;
        const END: UtcMs = START + 50 * 60_000;
        assert_eq!((from, until), (START, END));
        assert!(touches(70, 80));
        assert!(touches(90, 105));
        assert!(!touches(90, 100));
        assert!(!touches(120, 60));
    }
}
