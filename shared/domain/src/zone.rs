//! Time zones: which civil day and hour an instant is, and the way back.
//!
//! The table holds 2015 to 2040 for every name chrono-tz knows, links included; `build.rs`
//! packs it. Before 2015 a zone keeps its first offset, after 2040 its last: no answer is
//! refused, but outside those years summer time is not followed.
//!
//! Nothing here reads a clock. Dates without a zone are in `civil`.

use crate::civil::{DAY_MS, civil, day_of};

/// Bytes that the table adds to a component. `tests/zones.rs` holds it to 10 kB.
pub const TABLE_BYTES: usize = table::NAMES.len()
    + table::OF.len()
    + size_of_val(&table::HISTORIES)
    + size_of_val(&table::SPANS)
    + size_of_val(&table::RULES);

/// The packed table, sorted by name.
mod table {
    use crate::civil::{day_number, weekday};

    /// What the clocks of some zones do.
    pub(super) struct History {
        /// The first entry in `SPANS`.
        pub(super) first: u16,
        /// How many entries follow from there. Never zero.
        pub(super) len: u8,
        /// The changes of every year after the last entry, in `RULES`; 0 for none.
        pub(super) rule: u8,
    }

    /// A change of every year, in UTC.
    #[derive(Clone, Copy)]
    pub(super) struct Yearly {
        /// The month that its day is counted from.
        pub(super) month: u8,
        /// Days after the first of that month, or before it: no earlier than that.
        pub(super) day: i8,
        /// The day of the week, from 0 for Monday.
        pub(super) weekday: u8,
        /// The minute of that day.
        pub(super) minute: u16,
        /// The offset from then on, in quarter hours.
        pub(super) quarters: i8,
    }

    impl Yearly {
        /// When it is in a year, in minutes since `START_MIN`.
        pub(super) fn minute(self, year: i32) -> i64 {
            let first = day_number(year, self.month, 1).unwrap_or(0) + i32::from(self.day);
            let ahead = i32::from(self.weekday) - i32::from(weekday(first));
            let day = first + ahead.rem_euclid(7);
            i64::from(day) * 1440 + i64::from(self.minute) - START_MIN
        }
    }

    // `NAMES`, each as the number of bytes that it shares with the one before and the others, the
    // last of them marked by its highest bit; `OF`, the history of each name; `HISTORIES`;
    // `RULES`; and `SPANS`: the minute since `START_MIN` from which an offset holds, times 256,
    // plus the offset in quarter hours as a signed byte.
    include!(concat!(env!("OUT_DIR"), "/zones.rs"));
}

/// A time zone with a name from the IANA database.
///
/// Two names for the same zone (`PRC`, `Asia/Shanghai`) are two values.
///
/// Invariant: the number of a name in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Zone(u16);

/// What a reading of a local clock means in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Local {
    /// The clock shows this once.
    Unique(i64),
    /// The clock was put back and shows this twice.
    Ambiguous {
        /// The earlier of the two.
        first: i64,
        /// The later of the two.
        second: i64,
    },
    /// The clock was put forward and never shows this.
    Gap {
        /// The last millisecond before the jump.
        before: i64,
        /// The first instant after the jump.
        after: i64,
    },
}

impl Zone {
    /// Coordinated universal time.
    pub const UTC: Zone = Zone(table::UTC);

    /// China, the default of an installation.
    pub const SHANGHAI: Zone = Zone(table::SHANGHAI);

    /// The zone of that name. Upper and lower case differ, as they do in the database.
    pub fn parse(name: &str) -> Option<Zone> {
        find(|_, it| it == name.as_bytes()).map(|(zone, _)| zone)
    }

    /// Every zone there is, in the order of their names.
    pub fn all() -> impl Iterator<Item = Zone> {
        (0..Zone::count()).map(Zone)
    }

    /// The name it was parsed from.
    pub fn name(self) -> String {
        let found = find(|zone, _| zone == self);
        found.map_or_else(String::new, |(_, name)| String::from_utf8_lossy(&name).into_owned())
    }

    /// How far local clocks are ahead of UTC at an instant, in seconds.
    pub fn offset_s(self, utc_ms: i64) -> i32 {
        self.span(utc_ms).offset_s
    }

    /// The civil day of an instant, counted from 1970-01-01.
    pub fn day(self, utc_ms: i64) -> i32 {
        day_of(utc_ms.saturating_add(self.span(utc_ms).offset_ms()))
    }

    /// The first instant of a civil day.
    ///
    /// Where clocks skip midnight, the day begins at the first moment they do show; a day that
    /// is skipped altogether begins, and ends, where the next one does.
    pub fn start_of_day(self, day: i32) -> i64 {
        self.to_utc(i64::from(day) * DAY_MS).earliest()
    }

    /// What it means when local clocks read `local_ms`, written as if it were UTC.
    pub fn to_utc(self, local_ms: i64) -> Local {
        // Offsets are below a day and change at most once in two days, so that one of these two
        // holds at any instant the reading can mean. `build.rs` refuses any other database.
        let old_ms = self.span(local_ms.saturating_sub(DAY_MS)).offset_ms();
        let new_ms = self.span(local_ms.saturating_add(DAY_MS)).offset_ms();
        let by_old = local_ms.saturating_sub(old_ms);
        let by_new = local_ms.saturating_sub(new_ms);
        let old_holds = self.span(by_old).offset_ms() == old_ms;
        let new_holds = self.span(by_new).offset_ms() == new_ms;
        match (old_holds, new_holds) {
            (true, true) if by_old == by_new => Local::Unique(by_old),
            (true, true) => Local::Ambiguous { first: by_old, second: by_new },
            (true, false) => Local::Unique(by_old),
            (false, true) => Local::Unique(by_new),
            (false, false) => {
                // By the old clock the reading lies past the jump, so in the span that it opened.
                let after = self.span(by_old).start_ms;
                Local::Gap { before: after - 1, after }
            }
        }
    }

    /// Until when the offset of an instant holds, at least.
    pub fn holds_until(self, utc_ms: i64) -> i64 {
        let minute = utc_ms.div_euclid(60_000) - table::START_MIN;
        let history = table::OF.get(usize::from(self.0)).copied().unwrap_or_default();
        let Some(history) = table::HISTORIES.get(usize::from(history)) else { return i64::MAX };
        let first = usize::from(history.first);
        let spans = table::SPANS.get(first..first + usize::from(history.len)).unwrap_or_default();
        let later = spans.partition_point(|span| i64::from(span >> 8) <= minute);
        let next = if let Some(packed) = spans.get(later) {
            Some(i64::from(packed >> 8))
        } else if history.rule != 0 && minute <= table::LAST_MIN - table::START_MIN {
            let rules = table::RULES.get(usize::from(history.rule)).into_iter().flatten();
            let (year, ..) = civil(day_of(utc_ms));
            let starts = rules.flat_map(|rule| [rule.minute(year), rule.minute(year + 1)]);
            starts.filter(|start| minute < *start).min()
        } else {
            None
        };
        next.map_or(i64::MAX, |next| (next + table::START_MIN) * 60_000)
    }

    /// The offset in force at an instant.
    fn span(self, utc_ms: i64) -> Span {
        let minute = utc_ms.div_euclid(60_000).min(table::LAST_MIN) - table::START_MIN;
        let history = table::OF.get(usize::from(self.0)).copied().unwrap_or_default();
        let history = table::HISTORIES.get(usize::from(history));
        let Some(history) = history else { return Span::new(0, 0) };
        let first = usize::from(history.first);
        let spans = table::SPANS.get(first..first + usize::from(history.len)).unwrap_or_default();
        let later = spans.partition_point(|span| i64::from(span >> 8) <= minute);
        let packed = spans.get(later.saturating_sub(1)).copied().unwrap_or_default();
        let [.., quarters] = packed.to_be_bytes();
        let mut span = (i64::from(packed >> 8), i8::from_be_bytes([quarters]));
        if later == spans.len() && history.rule != 0 {
            let rules = table::RULES.get(usize::from(history.rule)).into_iter().flatten();
            let (year, ..) = civil(day_of((minute + table::START_MIN) * 60_000));
            for (rule, year) in rules.flat_map(|rule| [(rule, year - 1), (rule, year)]) {
                let start = rule.minute(year);
                if span.0 < start && start <= minute {
                    span = (start, rule.quarters);
                }
            }
        }
        Span::new(span.0, span.1)
    }

    fn count() -> u16 {
        u16::try_from(table::OF.len()).unwrap_or(u16::MAX)
    }
}

/// The first zone that fits, and its name.
fn find(fits: impl Fn(Zone, &[u8]) -> bool) -> Option<(Zone, Vec<u8>)> {
    let mut name = Vec::with_capacity(32);
    let mut rest = table::NAMES.as_slice();
    for zone in Zone::all() {
        let (shared, after) = rest.split_first()?;
        let len = after.iter().position(|it| !it.is_ascii())? + 1;
        let (own, next) = after.split_at_checked(len)?;
        name.truncate(usize::from(*shared));
        name.extend_from_slice(own);
        if let Some(last) = name.last_mut() {
            *last &= 127;
        }
        if fits(zone, &name) {
            return Some((zone, name));
        }
        rest = next;
    }
    None
}

impl Local {
    /// The instant to use when one must be chosen.
    ///
    /// The first of two; after a gap, the moment the clock moves on: whoever opens at 02:30 on
    /// the night without a 02:30 opens when the clock jumps to 03:00.
    pub fn earliest(self) -> i64 {
        match self {
            Local::Unique(at) => at,
            Local::Ambiguous { first, .. } => first,
            Local::Gap { after, .. } => after,
        }
    }
}

/// A stretch of time with one offset.
struct Span {
    start_ms: i64,
    offset_s: i32,
}

impl Span {
    fn new(start_min: i64, quarters: i8) -> Span {
        let start_ms = (start_min + table::START_MIN) * 60_000;
        Span { start_ms, offset_s: i32::from(quarters) * 900 }
    }

    fn offset_ms(&self) -> i64 {
        i64::from(self.offset_s) * 1000
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::civil::{parse_date, parse_rfc3339, rfc3339};

    fn ms(text: &str) -> i64 {
        parse_rfc3339(text).unwrap()
    }

    #[track_caller]
    fn check_day(zone: &str, date: &str, start: &str) {
        let zone = Zone::parse(zone).unwrap();
        let day = parse_date(date).unwrap();
        let at = zone.start_of_day(day);
        assert_eq!(rfc3339(at, zone.offset_s(at)), start);
        assert_eq!(zone.day(at), day);
        assert!(zone.day(at - 1) < day);
    }

    #[test]
    fn a_name_is_exact() {
        assert_eq!(Zone::parse("Asia/Shanghai"), Some(Zone::SHANGHAI));
        assert_eq!(Zone::parse("UTC"), Some(Zone::UTC));
        assert_eq!(Zone::parse("PRC").unwrap().name(), "PRC");
        for name in ["", "asia/shanghai", "Asia/Shangha", "Asia/Shanghai ", "Zulu+", "\u{ffff}"] {
            assert_eq!(Zone::parse(name), None, "{name:?}");
        }
    }

    #[test]
    fn a_day_in_shanghai_begins_at_four_in_the_afternoon_utc() {
        assert_eq!(Zone::SHANGHAI.offset_s(0), 28_800);
        assert_eq!(Zone::SHANGHAI.day(ms("2026-11-21T15:59:59.999Z")), 20_778);
        assert_eq!(Zone::SHANGHAI.day(ms("2026-11-21T16:00:00Z")), 20_779);
        check_day("Asia/Shanghai", "2026-11-22", "2026-11-22T00:00:00+08:00");
    }

    #[test]
    fn a_day_without_a_midnight_begins_after_the_gap() {
        check_day("America/Santiago", "2026-09-06", "2026-09-06T01:00:00-03:00");
        check_day("Africa/Cairo", "2026-04-24", "2026-04-24T01:00:00+03:00");
        check_day("Asia/Beirut", "2026-03-29", "2026-03-29T01:00:00+03:00");
        check_day("America/Havana", "2026-03-08", "2026-03-08T01:00:00-04:00");
    }

    #[test]
    fn a_day_with_two_midnights_begins_at_the_first() {
        check_day("America/Havana", "2026-11-01", "2026-11-01T00:00:00-04:00");
        // Here the clocks go back on the stroke of midnight, which thus comes an hour late.
        check_day("America/Santiago", "2026-04-05", "2026-04-05T00:00:00-04:00");
    }

    #[test]
    fn clocks_going_forward_leave_a_gap() {
        let zone = Zone::parse("America/New_York").unwrap();
        let after = ms("2026-03-08T07:00:00Z");
        let gap = Local::Gap { before: after - 1, after };
        assert_eq!(zone.to_utc(ms("2026-03-08T01:59:59.999Z")), Local::Unique(after - 1));
        assert_eq!(zone.to_utc(ms("2026-03-08T02:00:00Z")), gap);
        assert_eq!(zone.to_utc(ms("2026-03-08T02:59:59.999Z")), gap);
        assert_eq!(zone.to_utc(ms("2026-03-08T03:00:00Z")), Local::Unique(after));
    }

    #[test]
    fn clocks_going_back_show_an_hour_twice() {
        let zone = Zone::parse("America/New_York").unwrap();
        let first = ms("2026-11-01T05:00:00Z");
        let second = ms("2026-11-01T06:00:00Z");
        assert_eq!(zone.to_utc(ms("2026-11-01T00:59:59.999Z")), Local::Unique(first - 1));
        assert_eq!(zone.to_utc(ms("2026-11-01T01:00:00Z")), Local::Ambiguous { first, second });
        assert_eq!(
            zone.to_utc(ms("2026-11-01T01:59:59.999Z")),
            Local::Ambiguous { first: second - 1, second: second + 3_599_999 }
        );
        assert_eq!(
            zone.to_utc(ms("2026-11-01T02:00:00Z")),
            Local::Unique(ms("2026-11-01T07:00:00Z"))
        );
    }

    #[test]
    fn outside_the_table_the_nearest_offset_goes_on() {
        let zone = Zone::parse("Europe/Berlin").unwrap();
        assert_eq!(zone.offset_s(i64::MIN), 3600);
        assert_eq!(zone.offset_s(ms("2010-07-01T00:00:00Z")), 3600);
        assert_eq!(zone.offset_s(ms("2040-07-01T00:00:00Z")), 7200);
        assert_eq!(zone.offset_s(ms("2041-07-01T00:00:00Z")), 3600);
        assert_eq!(zone.offset_s(i64::MAX), 3600);
    }

    #[test]
    fn an_offset_holds_until_it_changes() {
        let zone = Zone::parse("America/New_York").unwrap();
        for (at, expected) in [
            ("2026-03-07T00:00:00Z", "2026-03-08T07:00:00Z"),
            ("2026-03-08T07:00:00Z", "2026-11-01T06:00:00Z"),
            ("2026-12-31T23:00:00Z", "2027-03-14T07:00:00Z"),
            ("2015-01-01T00:00:00Z", "2015-03-08T07:00:00Z"),
        ] {
            assert_eq!(zone.holds_until(ms(at)), ms(expected), "{at}");
        }
        assert_eq!(Zone::UTC.holds_until(ms("2020-01-01T00:00:00Z")), i64::MAX);
        assert_eq!(zone.holds_until(ms("2041-06-01T00:00:00Z")), i64::MAX);
        for zone in Zone::all().step_by(40) {
            let mut at = ms("2014-12-01T00:00:00Z");
            while at < ms("2040-12-01T00:00:00Z") {
                let until = zone.holds_until(at).min(at + 3 * DAY_MS);
                assert_eq!(zone.offset_s(at), zone.offset_s(until - 1), "{} {at}", zone.name());
                at = until;
            }
        }
    }

    #[test]
    fn the_far_ends_of_time_do_not_trap() {
        for zone in Zone::all() {
            for at in [i64::MIN, i64::MAX] {
                zone.holds_until(at);
                zone.day(at);
                zone.to_utc(at).earliest();
            }
            zone.start_of_day(i32::MIN);
            zone.start_of_day(i32::MAX);
        }
    }
}
