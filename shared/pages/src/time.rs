//! Times and amounts as people say them.

use domain::UtcMs;
use domain::civil::{self, DAY_MS};
use domain::zone::Zone;
use web::lang::Lang;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

const WEEKDAYS: [(&str, &str); 7] = [
    ("Monday", "星期一"),
    ("Tuesday", "星期二"),
    ("Wednesday", "星期三"),
    ("Thursday", "星期四"),
    ("Friday", "星期五"),
    ("Saturday", "星期六"),
    ("Sunday", "星期日"),
];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// An instant in a zone: `Monday 23 November, 10:00`; with the year if it is not this one.
pub fn moment(lang: Lang, zone: Zone, at: UtcMs, now: UtcMs) -> String {
    let (weekday, date) = day(lang, zone.day(at), zone.day(now));
    let clock = clock(zone, at);
    match lang {
        Lang::En => format!("{weekday} {date}, {clock}"),
        Lang::Zh => format!("{date}（{weekday}）{clock}"),
    }
}

/// What a month is called in English, the first being 1.
pub fn month_name(month: u8) -> &'static str {
    MONTHS.get(usize::from(month).saturating_sub(1)).copied().unwrap_or("")
}

/// A civil day: its weekday, and its date, with the year if it is not that of `today`.
pub fn day(lang: Lang, day: i32, today: i32) -> (&'static str, String) {
    let (year, month, of_month) = civil::civil(day);
    let weekday = WEEKDAYS.get(usize::from(civil::weekday(day))).copied().unwrap_or_default();
    let is_this_year = civil::civil(today).0 == year;
    match lang {
        Lang::En => {
            let month = month_name(month);
            let year = if is_this_year { String::new() } else { format!(" {year}") };
            (weekday.0, format!("{of_month} {month}{year}"))
        }
        Lang::Zh => {
            let year = if is_this_year { String::new() } else { format!("{year}年") };
            (weekday.1, format!("{year}{month}月{of_month}日"))
        }
    }
}

/// What the clocks of a zone show at an instant: `10:00`.
pub fn clock(zone: Zone, at: UtcMs) -> String {
    let local_ms = at.saturating_add(i64::from(zone.offset_s(at)) * 1000);
    let minute = local_ms.rem_euclid(DAY_MS) / MINUTE_MS;
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// How long, roughly: `about 3 hours`. Always of the length, never of the direction.
pub fn span(lang: Lang, ms: i64) -> String {
    let ms = ms.saturating_abs();
    let (count, one, many, zh) = match ms {
        ..MINUTE_MS => return lang.of("less than a minute", "不到一分钟").to_owned(),
        MINUTE_MS..HOUR_MS => (near(ms, MINUTE_MS), "minute", "minutes", "分钟"),
        // One and a half hours are told in minutes: an hour is a lot of them.
        HOUR_MS..7_200_000 => (near(ms, 5 * MINUTE_MS) * 5, "minute", "minutes", "分钟"),
        7_200_000..172_800_000 => (near(ms, HOUR_MS), "hour", "hours", "小时"),
        _ => (near(ms, DAY_MS), "day", "days", "天"),
    };
    match lang {
        Lang::En => format!("about {count} {}", if count == 1 { one } else { many }),
        Lang::Zh => format!("约 {count} {zh}"),
    }
}

fn near(ms: i64, unit: i64) -> i64 {
    ms.saturating_add(unit / 2) / unit
}

/// The zone's name and how far it is ahead: `Asia/Shanghai (UTC+08:00)`.
pub fn zone_name(zone: Zone, at: UtcMs) -> String {
    format!("{} ({})", zone.name(), offset(zone, at))
}

/// How far a zone is ahead: `UTC+08:00`.
pub fn offset(zone: Zone, at: UtcMs) -> String {
    let minutes = zone.offset_s(at) / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    let minutes = minutes.unsigned_abs();
    format!("UTC{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Currencies whose smallest unit is not a hundredth (ISO 4217).
const DECIMALS: [(&str, u32); 15] = [
    ("BHD", 3),
    ("CLP", 0),
    ("IQD", 3),
    ("ISK", 0),
    ("JOD", 3),
    ("JPY", 0),
    ("KRW", 0),
    ("KWD", 3),
    ("OMR", 3),
    ("PYG", 0),
    ("RWF", 0),
    ("TND", 3),
    ("UGX", 0),
    ("VND", 0),
    ("XAF", 0),
];

/// An amount in the smallest unit: `12.00 CNY`.
pub fn money(amount: i64, currency: &str) -> String {
    let decimals = DECIMALS.iter().find(|it| it.0 == currency).map_or(2, |it| it.1);
    let unit = 10_u64.pow(decimals);
    let (whole, rest) = (amount.unsigned_abs() / unit, amount.unsigned_abs() % unit);
    let sign = if amount < 0 { "-" } else { "" };
    if decimals == 0 {
        return format!("{sign}{whole} {currency}");
    }
    let width = usize::try_from(decimals).unwrap_or(2);
    format!("{sign}{whole}.{rest:0width$} {currency}")
}

/// An amount in the smallest unit, as people type it: `12`, `12.5`, `1,200.00`. Nothing for what is
/// no amount, or has more decimals than the currency.
pub fn minor(typed: &str, currency: &str) -> Option<i64> {
    let decimals = DECIMALS.iter().find(|it| it.0 == currency).map_or(2, |it| it.1);
    let plain: String = typed.chars().filter(|it| !matches!(it, ',' | '，' | ' ')).collect();
    let (whole, rest) = plain.split_once('.').unwrap_or((&plain, ""));
    let is_number = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    let missing = decimals.checked_sub(u32::try_from(rest.len()).ok()?)?;
    if whole.is_empty() || !is_number(whole) || !is_number(rest) || plain.ends_with('.') {
        return None;
    }
    let digits: i64 = format!("{whole}{rest}").parse().ok()?;
    digits.checked_mul(10_i64.checked_pow(missing)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_told_in_its_zone_with_its_weekday() {
        let at = civil::parse_rfc3339("2026-11-23T02:00:00Z").unwrap();
        let zone = |name: &str| Zone::parse(name).unwrap();
        for (lang, name, told) in [
            (Lang::En, "Asia/Shanghai", "Monday 23 November, 10:00"),
            (Lang::Zh, "Asia/Shanghai", "11月23日（星期一）10:00"),
            (Lang::En, "America/New_York", "Sunday 22 November, 21:00"),
            (Lang::Zh, "Asia/Kathmandu", "11月23日（星期一）07:45"),
        ] {
            assert_eq!(moment(lang, zone(name), at, at), told, "{name}");
        }
        let later = at + 60 * DAY_MS;
        assert_eq!(
            moment(Lang::En, zone("UTC"), later, at),
            "Friday 22 January 2027, 02:00",
            "another year is named"
        );
        assert_eq!(moment(Lang::Zh, zone("UTC"), later, at), "2027年1月22日（星期五）02:00");
        assert_eq!(zone_name(zone("Asia/Kathmandu"), at), "Asia/Kathmandu (UTC+05:45)");
        assert_eq!(zone_name(zone("America/New_York"), at), "America/New_York (UTC-05:00)");
    }

    #[test]
    fn a_length_is_told_roughly() {
        for (ms, en, zh) in [
            (0, "less than a minute", "不到一分钟"),
            (MINUTE_MS, "about 1 minute", "约 1 分钟"),
            (59 * MINUTE_MS + 59_999, "about 60 minutes", "约 60 分钟"),
            (93 * MINUTE_MS, "about 95 minutes", "约 95 分钟"),
            (2 * HOUR_MS, "about 2 hours", "约 2 小时"),
            (-47 * HOUR_MS, "about 47 hours", "约 47 小时"),
            (48 * HOUR_MS, "about 2 days", "约 2 天"),
            (i64::MAX, "about 106751991167 days", "约 106751991167 天"),
        ] {
            assert_eq!((span(Lang::En, ms).as_str(), span(Lang::Zh, ms).as_str()), (en, zh));
        }
    }

    #[test]
    fn money_has_the_decimals_of_its_currency() {
        assert_eq!(money(1205, "CNY"), "12.05 CNY");
        assert_eq!(money(1205, "JPY"), "1205 JPY");
        assert_eq!(money(5, "KWD"), "0.005 KWD");
        assert_eq!(money(-5, "EUR"), "-0.05 EUR");
    }

    #[test]
    fn an_amount_is_read_as_it_is_typed() {
        for (typed, currency, amount) in [
            ("12", "CNY", Some(1200)),
            ("12.5", "CNY", Some(1250)),
            ("1,200.05", "CNY", Some(120_005)),
            ("1200", "JPY", Some(1200)),
            ("0.005", "KWD", Some(5)),
            ("12.345", "CNY", None),
            ("1.5", "JPY", None),
            ("12.", "CNY", None),
            (".5", "CNY", None),
            ("-3", "CNY", None),
            ("", "CNY", None),
            ("十二", "CNY", None),
            ("99999999999999999999", "CNY", None),
            ("99999999999999999", "KWD", None),
        ] {
            assert_eq!(minor(typed, currency), amount, "{typed} {currency}");
        }
    }
}
