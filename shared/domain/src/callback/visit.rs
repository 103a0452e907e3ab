//! Visits: calls that we make of ourselves. When, and whether somebody was disappointed.

use super::{MINUTE_MS, Quiet};
use crate::UtcMs;
use crate::zone::Zone;

/// When a call is due that something leads to, and until when it is to be made.
///
/// Nothing if that time is over: what comes in late is no reason to call. It is never due in quiet
/// hours, but after them; where nothing would be left of its time then, it is as long as it was.
pub fn window(
    at: UtcMs,
    (delay_min, within_min): (i64, i64),
    quiet: Option<Quiet>,
    zone: Zone,
    now: UtcMs,
) -> Option<(UtcMs, UtcMs)> {
    let until = at + within_min * MINUTE_MS;
    if until <= now {
        return None;
    }
    let due = (at + delay_min * MINUTE_MS).max(now);
    let due = quiet.map_or(due, |it| it.after(due, zone));
    let until = if due < until { until } else { due + (within_min - delay_min) * MINUTE_MS };
    Some((due, until))
}

/// Whether a score tells that somebody was disappointed: up to `nps_max` of 0 to 10, or up to
/// `csat_max` of 1 to 5, other scales in proportion.
pub fn is_disappointed(
    metric: &str,
    points: i64,
    value: i64,
    (nps_max, csat_max): (i64, i64),
) -> bool {
    match metric {
        "nps" => value <= nps_max,
        "csat" => value * 5 <= csat_max * points,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::civil::parse_rfc3339;

    const NIGHT: Option<Quiet> = Some(Quiet { from: 21 * 60, until: 9 * 60 });

    fn at(text: &str) -> UtcMs {
        parse_rfc3339(text).unwrap()
    }

    #[test]
    fn a_call_is_due_when_its_event_says_and_never_in_the_night() {
        let noon = "2026-11-22T12:00:00+08:00";
        for (happened, minutes, now, expected) in [
            (noon, (0, 60), noon, Some((noon, "2026-11-22T13:00:00+08:00"))),
            (noon, (60, 4320), noon, {
                Some(("2026-11-22T13:00:00+08:00", "2026-11-25T12:00:00+08:00"))
            }),
            // A day late: at once, and still within its days.
            (noon, (60, 4320), "2026-11-23T12:30:00+08:00", {
                Some(("2026-11-23T12:30:00+08:00", "2026-11-25T12:00:00+08:00"))
            }),
            (noon, (60, 4320), "2026-11-25T12:00:00+08:00", None),
            // Over the night, and still within its days.
            (noon, (600, 4320), noon, {
                Some(("2026-11-23T09:00:00+08:00", "2026-11-25T12:00:00+08:00"))
            }),
            // All of its hour would be night: it gets an hour of the morning.
            (noon, (600, 660), noon, {
                Some(("2026-11-23T09:00:00+08:00", "2026-11-23T10:00:00+08:00"))
            }),
        ] {
            let found = window(at(happened), minutes, NIGHT, Zone::SHANGHAI, at(now));
            let expected = expected.map(|(due, until)| (at(due), at(until)));
            assert_eq!(found, expected, "{minutes:?} {now}");
        }
        let (due, _) = window(at(noon), (600, 4320), None, Zone::SHANGHAI, at(noon)).unwrap();
        assert_eq!(due, at("2026-11-22T22:00:00+08:00"), "no quiet hours");
    }

    #[test]
    fn low_scores_are_disappointed_on_whatever_scale() {
        for (metric, points, value, expected) in [
            ("nps", 10, 6, true),
            ("nps", 10, 7, false),
            ("csat", 5, 2, true),
            ("csat", 5, 3, false),
            ("csat", 10, 4, true),
            ("csat", 10, 5, false),
            ("csat", 7, 2, true),
            ("csat", 7, 3, false),
            ("ces", 7, 1, false),
        ] {
            let found = is_disappointed(metric, points, value, (6, 2));
            assert_eq!(found, expected, "{metric} {value} of {points}");
        }
        assert!(!is_disappointed("nps", 10, 0, (-1, 0)), "a rule that wants none");
        assert!(!is_disappointed("csat", 5, 1, (-1, 0)));
    }
}
