//! When something was answered, as staff write it.

use domain::zone::Zone;
use domain::{UtcMs, civil};
use web::field::Fields;
use web::lang::{Said, said, said_now};

/// Reads `answered_at` out of its text: a time, or a day by the clock of the site. It lies
/// neither in the future nor more than `days_max` days back. No text is now.
pub fn read(
    fields: &mut Fields,
    text: &str,
    zone: Zone,
    now: UtcMs,
    days_max: Option<i64>,
) -> UtcMs {
    read_as("answered_at", fields, text, zone, now, days_max)
}

/// The same of a field of another name.
pub fn read_as(
    name: &str,
    fields: &mut Fields,
    text: &str,
    zone: Zone,
    now: UtcMs,
    days_max: Option<i64>,
) -> UtcMs {
    if text.is_empty() {
        return now;
    }
    let Some(at) = instant(text, zone) else {
        fields.refuse(name, time_rule());
        return now;
    };
    if now < at {
        // A day without a time stands for its noon, which may be to come; the day is not.
        if civil::parse_date(&text.replace('/', "-")) != Some(zone.day(now)) {
            fields.refuse(name, said("must not lie in the future", "不得在将来"));
        }
        return now;
    }
    if let Some(days) = days_max.filter(|days| at < now - days * civil::DAY_MS) {
        let rule = said_now(
            format!("must lie in the last {days} days"),
            format!("须在最近 {days} 天之内"),
        );
        fields.refuse(name, rule);
    }
    at
}

/// What a time must be.
pub fn time_rule() -> Said {
    said(
        "must be a time such as 2026-11-22 09:30, 2026-11-22 or 2026-11-22T09:30:00+08:00",
        "须为时间，例如 2026-11-22 09:30、2026-11-22 或 2026-11-22T09:30:00+08:00",
    )
}

/// An instant as people write it: in full, or by the clock of the site's zone.
pub fn instant(text: &str, zone: Zone) -> Option<UtcMs> {
    if let Some(at) = civil::parse_rfc3339(text) {
        return Some(at);
    }
    let (date, clock) = text.split_once([' ', 'T']).unwrap_or((text, "12:00"));
    let day = civil::parse_date(&date.replace('/', "-"))?;
    let clock = if clock.len() == 5 { format!("{clock}:00") } else { clock.to_owned() };
    // Midday stands for a day without a time: no zone moves it to another day.
    let local = civil::parse_rfc3339(&format!("{}T{clock}Z", civil::date(day)))?;
    Some(zone.to_utc(local).earliest())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_read_as_people_write_them() {
        let zone = Zone::SHANGHAI;
        let at = |text| instant(text, zone).map(|it| civil::rfc3339(it, 8 * 3600));
        let expected = Some("2026-03-01T12:00:00+08:00".to_owned());
        assert_eq!(at("2026-03-01"), expected);
        assert_eq!(at("2026/03/01 12:00"), expected);
        assert_eq!(at("2026-03-01 12:00:00"), expected);
        assert_eq!(at("2026-03-01T04:00:00Z"), expected);
        assert_eq!(at("1 March"), None);
        assert_eq!(at("2026-02-30"), None);
        assert_eq!(at("2026-03-01 25:00"), None);
    }

    #[test]
    fn an_answer_is_neither_to_come_nor_too_old() {
        let now = civil::parse_rfc3339("2026-11-22T01:30:00Z").unwrap();
        for (text, days_max, expected) in [
            ("", Some(1), Ok(now)),
            // Noon is to come, and the day is today.
            ("2026-11-22", Some(1), Ok(now)),
            ("2026/11/22", None, Ok(now)),
            ("2026-11-22 10:00", None, Err(())),
            ("2026-11-23", None, Err(())),
            ("2026-11-21 09:30", Some(1), Ok(now - civil::DAY_MS)),
            ("2026-11-21 09:29", Some(1), Err(())),
            ("1999-11-21 09:29", None, Ok(943_147_740_000)),
            ("yesterday", None, Err(())),
        ] {
            let mut fields = Fields::default();
            let at = read(&mut fields, text, Zone::SHANGHAI, now, days_max);
            assert_eq!(fields.done().map(|()| at).map_err(|_| ()), expected, "{text}");
        }
    }
}
