//! Choosing a time: the days beside each other, the times of one of them, and whose clocks.

use domain::UtcMs;
use domain::civil::{date, rfc3339};
use domain::zone::Zone;
use pages::html::{Html, when};
use pages::time::{clock, day, moment, offset, zone_name};
use web::lang::Lang;

use crate::chain::Slot;
use crate::trail::Trail;

/// How many days stand beside each other.
pub(crate) const DAYS: i32 = 7;
/// How far ahead anybody looks.
const AHEAD_DAYS: i32 = 366;
/// How many other times are offered for one that is gone.
pub(crate) const NEAREST_MAX: usize = 6;

/// Zones that are offered; every other one can stand in the address.
const ZONES: [&str; 36] = [
    "Asia/Shanghai",
    "Asia/Urumqi",
    "Asia/Hong_Kong",
    "Asia/Macau",
    "Asia/Taipei",
    "Asia/Singapore",
    "Asia/Kuala_Lumpur",
    "Asia/Bangkok",
    "Asia/Jakarta",
    "Asia/Manila",
    "Asia/Ho_Chi_Minh",
    "Asia/Seoul",
    "Asia/Tokyo",
    "Australia/Perth",
    "Australia/Sydney",
    "Pacific/Auckland",
    "Asia/Kolkata",
    "Asia/Karachi",
    "Asia/Dubai",
    "Asia/Almaty",
    "Europe/Moscow",
    "Europe/Istanbul",
    "Africa/Cairo",
    "Africa/Johannesburg",
    "Africa/Lagos",
    "Europe/Athens",
    "Europe/Berlin",
    "Europe/Paris",
    "Europe/London",
    "UTC",
    "America/Sao_Paulo",
    "America/New_York",
    "America/Toronto",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
];

/// Which days are shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    pub(crate) zone: Zone,
    today: i32,
    first: i32,
}

impl Span {
    /// The days that an address asks for, from today on.
    pub(crate) fn of(trail: &Trail, zone: Zone, now: UtcMs) -> Span {
        let today = zone.day(now);
        let first = trail.day("from").unwrap_or(today).clamp(today, today + AHEAD_DAYS);
        Span { zone, today, first }
    }

    /// When they begin and end.
    pub(crate) fn bounds(&self) -> (UtcMs, UtcMs) {
        (self.zone.start_of_day(self.first), self.zone.start_of_day(self.first + DAYS))
    }
}

/// Days and times to choose from.
pub(crate) struct Pick<'a> {
    pub(crate) trail: &'a Trail,
    pub(crate) span: Span,
    pub(crate) slots: &'a [Slot],
}

impl Pick<'_> {
    /// The slots of a day.
    fn of(&self, day: i32) -> impl Iterator<Item = &Slot> {
        self.slots.iter().filter(move |it| self.span.zone.day(it.start) == day)
    }

    /// The day whose times are shown: the one that was chosen, or else the first with any.
    fn chosen(&self) -> Option<i32> {
        let Span { zone, first, .. } = self.span;
        let is_shown = |it: &i32| (first..first + DAYS).contains(it);
        let asked = self.trail.day("day").filter(is_shown);
        asked.or_else(|| self.slots.first().map(|it| zone.day(it.start)).filter(is_shown))
    }

    /// All of it.
    pub(crate) fn draw(&self, html: &mut Html) {
        let lang = self.trail.lang;
        let chosen = self.chosen();
        self.days(html, chosen);
        if let Some(chosen) = chosen {
            self.times(html, chosen);
        } else {
            let text = lang.of(
                "No time is free in these days. Please look at later ones.",
                "这几天没有空闲时段，请查看之后的日期。",
            );
            html.put("p", &[("role", "status")], text);
        }
    }

    fn days(&self, html: &mut Html, chosen: Option<i32>) {
        let (lang, Span { today, first, .. }) = (self.trail.lang, self.span);
        html.open("nav", &[("aria-label", lang.of("Day", "日期"))]);
        html.open("ul", &[("class", "days")]);
        for it in first..first + DAYS {
            let count = self.of(it).count();
            let (weekday, told) = day(lang, it, today);
            html.open("li", &[]);
            if count == 0 {
                html.open("span", &[]);
            } else {
                let address = self.trail.to(&[("day", &date(it)), ("start", ""), ("mode", "")]);
                let is_chosen = chosen == Some(it);
                let attributes =
                    [("href", address.as_str()), (when(is_chosen, "aria-current"), "date")];
                html.open("a", &attributes);
            }
            html.put("small", &[], weekday);
            // Words of their own for whoever hears them.
            html.text(" ");
            html.put("b", &[], &short(lang, told));
            html.text(" ");
            html.put("small", &[], &free(lang, count));
            html.close();
            html.close();
        }
        html.close();
        html.open("p", &[("class", "turns")]);
        let turn = |html: &mut Html, first: i32, text: &str| {
            let address = self.trail.to(&[("from", &date(first)), ("day", ""), ("start", "")]);
            html.put("a", &[("href", &address)], text);
        };
        if today < first {
            turn(html, (first - DAYS).max(today), lang.of("← Earlier days", "← 之前的日期"));
        }
        if first < today + AHEAD_DAYS {
            turn(html, first + DAYS, lang.of("Later days →", "之后的日期 →"));
        }
        html.close();
        html.close();
    }

    fn times(&self, html: &mut Html, chosen: i32) {
        let (lang, Span { zone, today, .. }) = (self.trail.lang, self.span);
        let (weekday, told) = day(lang, chosen, today);
        let heading = match lang {
            Lang::En => format!("{weekday} {told}"),
            Lang::Zh => format!("{told}（{weekday}）"),
        };
        html.open("section", &[("aria-labelledby", "times")]);
        html.put("h2", &[("id", "times")], &heading);
        let (begins, ends) = (zone.start_of_day(chosen), zone.start_of_day(chosen + 1));
        // On the day of a change a clock may show a time twice.
        let is_even = zone.offset_s(begins) == zone.offset_s(ends);
        html.open("ul", &[("class", "times")]);
        for it in self.of(chosen) {
            let start = rfc3339(it.start, 0);
            let address = self.trail.to(&[("day", &date(chosen)), ("start", &start), ("mode", "")]);
            html.open("li", &[]);
            html.open("a", &[("href", &address)]);
            html.put("time", &[("datetime", &start)], &clock(zone, it.start));
            if !is_even {
                html.text(" ");
                html.put("small", &[], &offset(zone, it.start));
            }
            html.close();
            html.close();
        }
        html.close();
        if self.of(chosen).next().is_none() {
            let text = lang.of("No time is free on this day.", "这一天没有空闲时段。");
            html.put("p", &[("role", "status")], text);
        }
        html.close();
    }
}

/// A date as narrow as it can be read; the year shows where the day is opened.
fn short(lang: Lang, told: String) -> String {
    let mut words = told.split(' ');
    match (lang, words.next(), words.next().and_then(|it| it.get(..3))) {
        (Lang::En, Some(day), Some(month)) => format!("{day} {month}"),
        _ => told,
    }
}

/// How many times are free.
fn free(lang: Lang, count: usize) -> String {
    match (lang, count) {
        (Lang::En, 0) => "none free".to_owned(),
        (Lang::En, 1) => "1 time".to_owned(),
        (Lang::En, _) => format!("{count} times"),
        (Lang::Zh, 0) => "无空闲".to_owned(),
        (Lang::Zh, _) => format!("{count} 个时段"),
    }
}

/// Whose clocks times are on, and a form to choose others.
pub(crate) fn zones(html: &mut Html, trail: &Trail, (zone, at): (Zone, UtcMs), is_unknown: bool) {
    let lang = trail.lang;
    if is_unknown {
        let text = lang.of("We do not know this time zone.", "无法识别该时区。");
        html.put("p", &[("class", "error"), ("role", "alert")], text);
    }
    html.put("p", &[("class", "soft")], &all_times(lang, &zone_name(zone, at)));
    html.open("details", &[("class", "no-print")]);
    html.put("summary", &[], lang.of("Another time zone", "更换时区"));
    html.open("form", &[("method", "get"), ("action", &trail.path)]);
    // The same day elsewhere is another stretch of time.
    trail.carried(html, &["tz", "day", "from"]);
    html.open("div", &[("class", "field")]);
    html.put("label", &[("for", "tz")], lang.of("Time zone", "时区"));
    html.open("select", &[("id", "tz"), ("name", "tz")]);
    let own = zone.name();
    let mut option = |it: Zone| {
        let (value, told) = (it.name(), zone_name(it, at));
        let is_own = value == own;
        html.put("option", &[("value", &value), (when(is_own, "selected"), "")], &told);
    };
    if !ZONES.contains(&own.as_str()) {
        option(zone);
    }
    ZONES.iter().filter_map(|it| Zone::parse(it)).for_each(option);
    html.close();
    html.close();
    html.put("button", &[("type", "submit"), ("class", "second")], lang.of("Show", "显示"));
    html.close();
    html.close();
}

/// Says whose clocks times are on.
pub(crate) fn all_times(lang: Lang, zone: &str) -> String {
    match lang {
        Lang::En => format!("All times are those of {zone}."),
        Lang::Zh => format!("所有时间均为 {zone} 的时间。"),
    }
}

/// Times to choose instead of one that is gone, in a form.
pub(crate) fn others(
    html: &mut Html,
    lang: Lang,
    (zone, now): (Zone, UtcMs),
    slots: &[Slot],
    wrong: &str,
) {
    html.open("fieldset", &[("class", "field bad"), ("aria-describedby", "start-wrong")]);
    html.put("legend", &[], lang.of("The nearest free times", "最近的空闲时段"));
    html.put("p", &[("class", "error"), ("id", "start-wrong")], wrong);
    html.open("div", &[("class", "times wide")]);
    for (at, it) in slots.iter().enumerate() {
        let (id, value) = (format!("start-{}", at + 1), rfc3339(it.start, 0));
        html.open("label", &[]);
        let attributes =
            [("type", "radio"), ("name", "start"), ("id", id.as_str()), ("value", value.as_str())];
        html.void("input", &attributes);
        html.put("span", &[], &moment(lang, zone, it.start, now));
        html.close();
    }
    html.close();
    html.close();
}

/// The slots nearest to an instant, in the order of time.
pub(crate) fn nearest(slots: &[Slot], start: UtcMs) -> &[Slot] {
    // They are in order, so those nearest stand together: move the window while that helps.
    let most = NEAREST_MAX.min(slots.len());
    let far = |at: usize| slots.get(at).map_or(i64::MAX, |it| (it.start - start).abs());
    let mut first = 0;
    while first + most < slots.len() && far(first + most) < far(first) {
        first += 1;
    }
    slots.get(first..first + most).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_zone_that_is_offered_exists_once() {
        for (at, name) in ZONES.iter().enumerate() {
            assert!(Zone::parse(name).is_some(), "{name}");
            assert!(!ZONES[..at].contains(name), "{name} stands there twice");
        }
    }

    #[test]
    fn the_nearest_stand_on_both_sides() {
        let slots: Vec<Slot> =
            (0..10).map(|it| Slot { start: it * 10, end: it * 10 + 5 }).collect();
        let starts = |start: i64| {
            let found: Vec<i64> = nearest(&slots, start).iter().map(|it| it.start).collect();
            (found[0], found[found.len() - 1])
        };
        assert_eq!(starts(-5), (0, 50));
        assert_eq!(starts(52), (30, 80));
        assert_eq!(starts(1_000), (40, 90));
        assert_eq!(nearest(&slots[..2], 5), &slots[..2]);
        assert_eq!(nearest(&[], 5), &[]);
    }
}
