//! When a delivery is tried again, and what a try tells of its receiver.
//!
//! The schedule is the one that the Standard Webhooks recommend. A receiver that fails is probed
//! now and then with one delivery, so that what waits for it is not used up meanwhile.

use crate::UtcMs;
use crate::civil::{DAY_MS, day_number};

const SECOND_MS: i64 = 1000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// How long after the try before each further one comes. The first comes at once.
const DELAYS_MS: [i64; 9] = [
    5 * SECOND_MS,
    5 * MINUTE_MS,
    30 * MINUTE_MS,
    2 * HOUR_MS,
    5 * HOUR_MS,
    10 * HOUR_MS,
    14 * HOUR_MS,
    20 * HOUR_MS,
    24 * HOUR_MS,
];
/// By how much of itself chance may make a delay longer, so that what failed together does not
/// come back together.
const JITTER: i64 = 10;
/// How long a receiver may ask us to stay away.
const RETRY_AFTER_MS_MAX: i64 = 24 * HOUR_MS;
/// How long nothing may arrive before a webhook is disabled.
const FAILING_MS_MAX: i64 = 5 * DAY_MS;
/// How long after a failed probe the next one comes: a tenth of how long it has been failing,
/// within these bounds.
const PROBE_MS: (i64, i64) = (5 * SECOND_MS, 5 * MINUTE_MS);
/// How long a webhook is held back when a try failed by our own fault.
const OURS_MS: i64 = 5 * MINUTE_MS;

/// How a try ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// With an answer of this status.
    Answered(u16),
    /// Without one.
    Unanswered,
    /// Before it began, and the receiver cannot help it: our own secret does not open.
    Ours,
}

/// A try that is over.
#[derive(Clone, Copy, Debug)]
pub struct Tried {
    /// How it ended.
    pub outcome: Outcome,
    /// Which one it was since the delivery was planned; the first is 1.
    pub round: i64,
    /// When it ended.
    pub now: UtcMs,
    /// Since when nothing has arrived at the receiver; nothing while it is well.
    pub failing_since: Option<UtcMs>,
    /// For how long it asked us to stay away, as [`retry_after_ms`] reads it.
    pub retry_after_ms: Option<i64>,
    /// Any number, for the jitter.
    pub chance: u16,
}

/// What becomes of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It will be tried again.
    Due,
    /// It arrived.
    Delivered,
    /// It will not be tried again.
    Dead,
}

impl State {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            State::Due => "due",
            State::Delivered => "delivered",
            State::Dead => "dead",
        }
    }
}

/// Why a webhook is disabled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The receiver says that it is gone.
    Gone,
    /// Nothing has arrived for too long.
    Failing,
}

impl Reason {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Reason::Gone => "gone",
            Reason::Failing => "failing",
        }
    }
}

/// What follows from a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What becomes of the delivery.
    pub state: State,
    /// When it is tried again, if it is.
    pub due_at: UtcMs,
    /// Until when nothing at all is sent to the webhook; 0 for no such time.
    pub hold_until: UtcMs,
    /// When it is probed next, if nothing arrives meanwhile; 0 for at once.
    pub probe_at: UtcMs,
    /// Since when nothing has arrived.
    pub failing_since: Option<UtcMs>,
    /// Whether, and why, the webhook is disabled now.
    pub disabled: Option<Reason>,
}

/// Judges a try.
pub fn verdict(tried: &Tried) -> Verdict {
    let now = tried.now;
    if let Outcome::Answered(200..=299) = tried.outcome {
        return Verdict {
            state: State::Delivered,
            due_at: now,
            hold_until: 0,
            probe_at: 0,
            failing_since: None,
            disabled: None,
        };
    }
    let asked = tried.retry_after_ms.map(|it| it.clamp(0, RETRY_AFTER_MS_MAX));
    let delay = delay_ms(tried.round, tried.chance);
    let state = if delay.is_some() { State::Due } else { State::Dead };
    let due_at = now + delay.unwrap_or_default().max(asked.unwrap_or_default());
    let since = tried.failing_since.unwrap_or(now);
    let hold_until = match tried.outcome {
        Outcome::Answered(429 | 502 | 504) => asked.map_or(due_at, |it| now + it),
        Outcome::Ours => now + OURS_MS,
        _ => 0,
    };
    if tried.outcome == Outcome::Ours {
        let failing_since = tried.failing_since;
        return Verdict { state, due_at, hold_until, probe_at: 0, failing_since, disabled: None };
    }
    // A receiver that was well a moment ago gets one more chance at once: what it refused may
    // have been to blame.
    let probe_at = tried.failing_since.map_or(0, |since| {
        let (least, most) = PROBE_MS;
        now + ((now - since) / 10).clamp(least, most)
    });
    let disabled = match tried.outcome {
        Outcome::Answered(410) => Some(Reason::Gone),
        _ if FAILING_MS_MAX <= now - since => Some(Reason::Failing),
        _ => None,
    };
    // It goes on where it stopped once the webhook is active again, so it does not die of this.
    let state = if disabled.is_some() { State::Due } else { state };
    Verdict { state, due_at, hold_until, probe_at, failing_since: Some(since), disabled }
}

/// How long after a try the next one comes; nothing after the last.
fn delay_ms(round: i64, chance: u16) -> Option<i64> {
    let delay = DELAYS_MS.get(usize::try_from(round.max(1) - 1).ok()?)?;
    Some(delay + delay * i64::from(chance) / (i64::from(u16::MAX) * JITTER))
}

/// How long a `Retry-After` asks to wait: seconds, or a date in any of the three forms of HTTP
/// (RFC 9110, section 5.6.7).
pub fn retry_after_ms(text: &str, now: UtcMs) -> Option<i64> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit()) {
        // More seconds than fit are too many anyway.
        return Some(text.parse::<i64>().map_or(i64::MAX, |it| it.saturating_mul(SECOND_MS)));
    }
    Some((http_date(text)? - now).max(0))
}

fn http_date(text: &str) -> Option<UtcMs> {
    let mut parts = text.split([' ', ',', '-', ':']).filter(|it| !it.is_empty());
    let mut next = || parts.next();
    let _weekday = next()?;
    let (first, second) = (next()?, next()?);
    let [day, month, year, hour, minute, second] = if first.parse::<u8>().is_ok() {
        // Sun, 06 Nov 1994 08:49:37 GMT, or Sunday, 06-Nov-94 08:49:37 GMT
        let all = [first, second, next()?, next()?, next()?, next()?];
        if next()? != "GMT" {
            return None;
        }
        all
    } else {
        // Sun Nov  6 08:49:37 1994
        let [hour, minute, seconds, year] = [next()?, next()?, next()?, next()?];
        [second, first, year, hour, minute, seconds]
    };
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = MONTHS.iter().position(|it| *it == month)? + 1;
    let digits = year.len();
    let year: i32 = year.parse().ok()?;
    // Two digits are of this century: nobody asks us to wait until another.
    let year = if digits == 2 { 2000 + year } else { year };
    let day = day_number(year, u8::try_from(month).ok()?, day.parse().ok()?)?;
    let within = |text: &str, end: i64| text.parse::<i64>().ok().filter(|it| (0..end).contains(it));
    let (hour, minute) = (within(hour, 24)?, within(minute, 60)?);
    // A leap second is counted as what follows it.
    let second = within(second, 61)?;
    let seconds = (hour * 60 + minute) * 60 + second;
    Some(i64::from(day) * DAY_MS + seconds * SECOND_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UtcMs = 1_795_311_000_000;

    fn tried(status: u16, round: i64) -> Tried {
        Tried {
            outcome: if status == 0 { Outcome::Unanswered } else { Outcome::Answered(status) },
            round,
            now: NOW,
            failing_since: None,
            retry_after_ms: None,
            chance: 0,
        }
    }

    #[test]
    fn ten_tries_follow_the_schedule_and_then_no_more() {
        let seconds = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];
        for (round, delay) in (1..).zip(seconds) {
            for status in [0, 301, 400, 404, 500, 503] {
                let it = verdict(&tried(status, round));
                assert_eq!((it.state, it.due_at), (State::Due, NOW + delay * 1000), "{round}");
                let chance = Tried { chance: u16::MAX, ..tried(status, round) };
                assert_eq!(verdict(&chance).due_at, NOW + delay * 1100, "{round}");
            }
        }
        for round in [10, 11, i64::MAX] {
            assert_eq!(verdict(&tried(500, round)).state, State::Dead, "{round}");
        }
        let hours: i64 = seconds.iter().sum::<i64>() / 3600;
        assert_eq!(hours, 75);
    }

    #[test]
    fn only_2xx_is_success() {
        for status in 100..=599 {
            let it = verdict(&Tried { failing_since: Some(NOW - 9), ..tried(status, 1) });
            let arrived = (200..300).contains(&status);
            assert_eq!(it.state == State::Delivered, arrived, "{status}");
            assert_eq!(it.failing_since.is_none(), arrived, "{status}");
            assert_eq!(it.disabled.is_some(), status == 410, "{status}");
        }
        assert_eq!(verdict(&tried(410, 10)).disabled, Some(Reason::Gone));
        // What waits for a webhook that is disabled waits until it is active again.
        assert_eq!(verdict(&tried(410, 10)).state, State::Due);
    }

    #[test]
    fn a_longer_retry_after_is_heeded_and_a_shorter_one_is_not() {
        let due = |status, round, asked| {
            let it = verdict(&Tried { retry_after_ms: Some(asked), ..tried(status, round) });
            (it.due_at - NOW, if it.hold_until == 0 { 0 } else { it.hold_until - NOW })
        };
        let day = 24 * HOUR_MS;
        for (status, round, asked, expected) in [
            (503, 1, 1000, (5000, 0)),
            (503, 1, 60_000, (60_000, 0)),
            (500, 2, 60_000, (300_000, 0)),
            (503, 1, i64::MAX, (day, 0)),
            (503, 1, -5, (5000, 0)),
            // These three hold back everything, for as long as they ask for.
            (429, 1, 60_000, (60_000, 60_000)),
            (429, 2, 60_000, (300_000, 60_000)),
            (502, 1, i64::MAX, (day, day)),
            (504, 1, 7000, (7000, 7000)),
        ] {
            assert_eq!(due(status, round, asked), expected, "{status} {round} {asked}");
        }
        for status in [429, 502, 504] {
            let it = verdict(&tried(status, 3));
            assert_eq!((it.due_at, it.hold_until), (NOW + 1_800_000, NOW + 1_800_000));
        }
    }

    #[test]
    fn a_receiver_that_fails_is_probed_less_and_less_often() {
        let hold = |failing_for: i64| {
            let failing_since = Some(NOW - failing_for);
            let it = verdict(&Tried { failing_since, ..tried(500, 1) });
            assert_eq!(it.failing_since, failing_since);
            assert_eq!(it.hold_until, 0);
            it.probe_at - NOW
        };
        let first = verdict(&tried(500, 1));
        assert_eq!((first.probe_at, first.failing_since), (0, Some(NOW)));
        for (failing_for, expected) in [
            (0, 5000),
            (10_000, 5000),
            (100_000, 10_000),
            (50 * MINUTE_MS, 5 * MINUTE_MS),
            (4 * DAY_MS, 5 * MINUTE_MS),
        ] {
            assert_eq!(hold(failing_for), expected, "{failing_for}");
        }
    }

    #[test]
    fn five_days_without_a_success_disable() {
        for (failing_for, expected) in [
            (0, None),
            (5 * DAY_MS - 1, None),
            (5 * DAY_MS, Some(Reason::Failing)),
            (50 * DAY_MS, Some(Reason::Failing)),
        ] {
            let failing_since = Some(NOW - failing_for);
            let it = verdict(&Tried { failing_since, ..tried(0, 10) });
            assert_eq!(it.disabled, expected, "{failing_for}");
            assert_eq!(it.state == State::Dead, expected.is_none(), "{failing_for}");
            assert_eq!(verdict(&Tried { failing_since, ..tried(204, 10) }).disabled, None);
        }
    }

    #[test]
    fn what_is_our_fault_is_not_held_against_the_receiver() {
        for failing_since in [None, Some(NOW - 50 * DAY_MS)] {
            let tried = Tried { outcome: Outcome::Ours, failing_since, ..tried(0, 1) };
            let it = verdict(&tried);
            assert_eq!((it.failing_since, it.disabled), (failing_since, None));
            assert_eq!((it.due_at, it.hold_until), (NOW + 5000, NOW + 5 * MINUTE_MS));
        }
    }

    #[test]
    fn retry_after_is_read_in_all_its_forms() {
        let at = |text: &str| retry_after_ms(text, 784_111_777_000 - 90_000);
        for (text, expected) in [
            ("0", Some(0)),
            ("120", Some(120_000)),
            (" 7 ", Some(7000)),
            ("99999999999999999999", Some(i64::MAX)),
            ("9223372036854775807", Some(i64::MAX)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(90_000)),
            ("Sun Nov  6 08:49:37 1994", Some(90_000)),
            ("Sun, 06 Nov 1994 08:48:08 GMT", Some(1000)),
            // What is over asks for nothing.
            ("Sat, 05 Nov 1994 08:49:37 GMT", Some(0)),
            ("", None),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
            ("Sun, 06 Nov 1994 08:49:37 CET", None),
            ("Sun, 31 Feb 1994 08:49:37 GMT", None),
            ("Sun, 06 Nov 1994 24:49:37 GMT", None),
            ("Sun, 06 Nov 1994 08:49 GMT", None),
        ] {
            assert_eq!(at(text), expected, "{text}");
        }
        let later = retry_after_ms("Sunday, 22-Nov-26 01:31:00 GMT", NOW);
        assert_eq!(later, Some(60_000));
    }
}
