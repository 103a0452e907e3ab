//! Values as people write them: spans of time, absences, JSON that can be read.

use domain::civil::{date, parse_date};
use domain::zone::Zone;
use serde_json::{Map, Value, json};
use web::lang::Lang;
use web::view;

use crate::form::{local, moment};
use crate::tell::text;

/// What is written of an array or an object in one line, at most.
const LINE_CHARS_MAX: usize = 76;

/// Units of time: seconds, and how they are written.
const UNITS: [(i64, &str, &str); 4] =
    [(86_400, "d", "天"), (3_600, "h", "小时"), (60, "min", "分钟"), (1, "s", "秒")];

/// So many seconds as people write them: `30 s`, `5 min`, `48 h`.
pub fn span(lang: Lang, seconds: i64) -> String {
    // Up to three days are told in hours, as service standards are.
    let fits = |unit: i64| seconds % unit == 0 && (unit < 86_400 || 72 * 3_600 < seconds);
    let found = UNITS.into_iter().find(|it| fits(it.0));
    let (unit, en, zh) = found.unwrap_or((1, "s", "秒"));
    format!("{} {}", seconds / unit, lang.of(en, zh))
}

/// The seconds of a span as it was written, in either language.
pub(crate) fn read_span(typed: &str) -> Option<i64> {
    let typed = typed.trim();
    let digits = typed.trim_start_matches(|it: char| it.is_ascii_digit());
    let (number, unit) = typed.split_at_checked(typed.len() - digits.len())?;
    let seconds = match unit.trim() {
        "s" | "sec" | "second" | "seconds" | "秒" => 1,
        "m" | "min" | "minute" | "minutes" | "分" | "分钟" => 60,
        "h" | "hour" | "hours" | "时" | "小时" => 3_600,
        "d" | "day" | "days" | "日" | "天" => 86_400,
        _ => return None,
    };
    number.parse::<i64>().ok()?.checked_mul(seconds)
}

/// An array of `{from, until}` as lines: `2026-02-14 – 2026-02-16`, with times where they matter.
pub(crate) fn periods(zone: Zone, all: &[Value]) -> String {
    let mut lines = Vec::with_capacity(all.len());
    for it in all {
        let read = |name: &str| domain::civil::parse_rfc3339(text(it, name));
        let (Some(from), Some(until)) = (read("/from"), read("/until")) else { continue };
        let (first, after) = (zone.day(from), zone.day(until));
        let is_days = zone.start_of_day(first) == from && zone.start_of_day(after) == until;
        lines.push(match (is_days, after.saturating_sub(first)) {
            (true, 1) => date(first),
            (true, _) => format!("{} – {}", date(first), date(after.saturating_sub(1))),
            (false, _) => {
                let clock = |at| local(zone, at).replace('T', " ");
                format!("{} – {}", clock(from), clock(until))
            }
        });
    }
    lines.join("\n")
}

/// The same as it was typed; or the line that is none.
pub(crate) fn read_periods(zone: Zone, typed: &str) -> Result<Value, &str> {
    let mut all = Vec::new();
    for line in typed.lines().map(str::trim).filter(|it| !it.is_empty()) {
        let parts = ["–", "—", "~", "～", "至", " to ", " - "]
            .into_iter()
            .find_map(|it| line.split_once(it))
            .unwrap_or((line, line));
        let (Some(from), Some(until)) = (edge(zone, parts.0, 0), edge(zone, parts.1, 1)) else {
            return Err(line);
        };
        all.push(json!({ "from": view::time(from), "until": view::time(until) }));
    }
    Ok(Value::Array(all))
}

/// An instant; of a day alone its beginning, or so many days later.
fn edge(zone: Zone, typed: &str, days: i32) -> Option<domain::UtcMs> {
    let typed = typed.trim();
    match parse_date(typed) {
        Some(day) => Some(zone.start_of_day(day.checked_add(days)?)),
        None => moment(zone, &typed.replacen(' ', "T", 1)),
    }
}

/// JSON as people read and edit it: whatever fits into a line stands in one.
pub fn pretty(value: &Value) -> String {
    let mut out = String::new();
    write(&mut out, value, 0);
    out
}

fn write(out: &mut String, value: &Value, depth: usize) {
    let line = view::text(value);
    let fits = depth * 2 + line.chars().count() <= LINE_CHARS_MAX;
    match value {
        Value::Array(all) if !fits => {
            out.push('[');
            for (at, it) in all.iter().enumerate() {
                begin(out, at, depth + 1);
                write(out, it, depth + 1);
            }
            end(out, depth, ']');
        }
        Value::Object(all) if !fits => {
            out.push('{');
            for (at, (name, it)) in all.iter().enumerate() {
                begin(out, at, depth + 1);
                out.push_str(&view::text(name));
                out.push_str(": ");
                write(out, it, depth + 1);
            }
            end(out, depth, '}');
        }
        _ => out.push_str(&line),
    }
}

fn begin(out: &mut String, at: usize, depth: usize) {
    if 0 < at {
        out.push(',');
    }
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

fn end(out: &mut String, depth: usize, mark: char) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
    out.push(mark);
}

/// An object of whole numbers as it was written, a name and a number to a line.
pub(crate) fn counts(lang: Lang, typed: &str) -> Result<Value, String> {
    let mut all = Map::new();
    for line in typed.lines().map(str::trim).filter(|it| !it.is_empty()) {
        let parts = line.split_once(['=', '：', ':']);
        let read = parts.and_then(|(name, it)| Some((name.trim(), it.trim().parse::<i64>().ok()?)));
        let Some((name, number)) = read else {
            let rule = lang.of(
                "must be lines such as “name = 3”; this is none: ",
                "每行须形如“名称 = 3”；此行不是：",
            );
            return Err(format!("{rule}{line}"));
        };
        all.insert(name.to_owned(), number.into());
    }
    Ok(Value::Object(all))
}

/// Absences as they were written, one to a line.
pub(crate) fn absences(lang: Lang, zone: Zone, typed: &str) -> Result<Value, String> {
    read_periods(zone, typed).map_err(|line| {
        let rule = lang.of(
            "must be lines such as “2026-02-14 – 2026-02-16” or “2026-02-14 09:00 – 2026-02-14 \
             12:00”; this is none: ",
            "每行须形如“2026-02-14 – 2026-02-16”或“2026-02-14 09:00 – 2026-02-14 12:00”；此行不是：",
        );
        format!("{rule}{line}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_as_they_are_shown_in_both_languages() {
        for (seconds, en, zh) in [
            (3, "3 s", "3 秒"),
            (90, "90 s", "90 秒"),
            (300, "5 min", "5 分钟"),
            (86_400, "24 h", "24 小时"),
            (259_200, "72 h", "72 小时"),
            (345_600, "4 d", "4 天"),
        ] {
            assert_eq!((&*span(Lang::En, seconds), &*span(Lang::Zh, seconds)), (en, zh));
            assert_eq!((read_span(en), read_span(zh)), (Some(seconds), Some(seconds)));
        }
        assert_eq!(read_span("5min"), Some(300));
        for wrong in ["", "5", "min", "-5 s", "5 weeks", "1.5 h", "99999999999999999999 s"] {
            assert_eq!(read_span(wrong), None, "{wrong}");
        }
        assert_eq!(read_span("9223372036854775807 d"), None);
    }

    #[test]
    fn absences_are_days_or_times_by_the_clock_of_the_site() {
        let zone = Zone::SHANGHAI;
        let typed = "2026-02-14 – 2026-02-16\n2026-03-01\n2026-03-02 09:00 至 2026-03-02 12:30";
        let read = read_periods(zone, typed).unwrap();
        let expected = json!([
            { "from": "2026-02-13T16:00:00Z", "until": "2026-02-16T16:00:00Z" },
            { "from": "2026-02-28T16:00:00Z", "until": "2026-03-01T16:00:00Z" },
            { "from": "2026-03-02T01:00:00Z", "until": "2026-03-02T04:30:00Z" },
        ]);
        assert_eq!(read, expected);
        let shown = periods(zone, read.as_array().unwrap());
        assert_eq!(shown, typed.replace("至", "–"));
        assert_eq!(read_periods(zone, "2026-02-14\nnext week"), Err("next week"));
    }

    #[test]
    fn json_stands_in_lines_that_can_be_read() {
        let value = json!([{ "when": [{ "pointer": "/type", "is": "order.completed" }],
            "fields": { "external_id": "/data/number", "customer": "/data/customer/id" } }]);
        let text = pretty(&value);
        assert_eq!(view::json(&text), value);
        assert!(text.lines().count() > 3 && text.lines().all(|it| it.len() <= 80), "{text}");
        assert_eq!(pretty(&json!({ "a": 1 })), r#"{"a":1}"#);
    }
}
