//! Calendars of working hours as JSON.
//!
//! ```json
//! { "zone": "Asia/Shanghai", "country": "china", "known_until": "2026-12-31",
//!   "week": { "monday": [["09:00", "12:00"], ["13:00", "18:00"]] }, "make_up": [],
//!   "exceptions": [ { "date": "2026-11-27", "hours": [["09:00", "12:00"]], "name": "年会" } ] }
//! ```
//!
//! A shift may have a third member: how many calls each makes at once in it, `["09:00", "12:00",
//! 2]`, or 0 for work without calls.

use domain::calendar::{Calendar, DayType};
use domain::civil::{civil, date, day_number, parse_date};
use domain::hours::{DAY_MINUTES, Hours, MAX_CAPACITY, Place, Span, Wrong};
use domain::zone::Zone;
use serde_json::{Map, Value, json};

use crate::field::Fields;
use crate::lang::{Said, said, said_now};
use crate::view;

/// The days of the week, in their order.
pub const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/// Most exceptions of a calendar: a country's of some fifteen years.
pub const EXCEPTIONS_MAX: usize = 500;
/// Most shifts of a day.
const SHIFTS_MAX: usize = 24;
/// The longest name of an exception, in characters.
pub const NAME_CHARS_MAX: usize = 80;
const COUNTRIES: [&str; 2] = ["china", "none"];

/// Working hours, and what their exceptions are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkingHours {
    /// The hours.
    pub hours: Hours,
    /// The names of its exceptions, in their order; empty for none.
    pub names: Vec<String>,
}

impl WorkingHours {
    /// Hours whose exceptions have no names.
    pub fn of(hours: Hours) -> WorkingHours {
        WorkingHours { names: vec![String::new(); hours.exceptions.len()], hours }
    }

    /// What we stored ourselves; none if it is damaged.
    pub fn stored(text: &str) -> Option<WorkingHours> {
        let mut fields = Fields::new(view::object(text)?);
        let it = WorkingHours::read(&mut fields, None);
        fields.done().ok().map(|()| it)
    }

    /// Reads hours; what is absent stays as it was before. What is wrong stands in `fields`
    /// afterwards.
    pub fn read(fields: &mut Fields, before: Option<WorkingHours>) -> WorkingHours {
        let is_new = before.is_none();
        let nothing = || Hours { week: Default::default(), ..Hours::around_the_clock(Zone::UTC) };
        let mut it = before.unwrap_or_else(|| WorkingHours::of(nothing()));
        it.read_zone(fields, is_new);
        let mut is_readable = it.read_week(fields, is_new);
        if let Some(list) = fields.take("make_up") {
            let read = spans(fields, "make_up", list);
            is_readable &= read.is_some();
            it.hours.make_up = read.unwrap_or_default();
        }
        let mut order: Vec<usize> = (0..it.hours.exceptions.len()).collect();
        if fields.has("exceptions") {
            let read = it.read_exceptions(fields);
            is_readable &= read.is_some();
            order = read.unwrap_or_default();
        }
        it.read_known(fields, is_new);
        // What cannot be read is told alone: the rest may look wrong for want of it.
        if is_readable && let Err(wrong) = it.hours.check() {
            for wrong in wrong {
                let (place, rule) = told(wrong, &order);
                fields.refuse(&place, rule);
            }
        }
        it
    }

    fn read_zone(&mut self, fields: &mut Fields, is_new: bool) {
        let before = if is_new { String::new() } else { self.hours.zone.name() };
        let zone = fields.text("zone", 1, 64, &before);
        let found = Zone::parse(&zone);
        if found.is_none() && !zone.trim().is_empty() {
            fields.refuse("zone", zone_rule());
        }
        self.hours.zone = found.unwrap_or(Zone::UTC);
        let before = match self.hours.country {
            _ if is_new => country_name(Calendar::of_zone(&zone)),
            before => country_name(before),
        };
        let country = fields.one_of("country", &COUNTRIES, before);
        let country = if country == "china" { Calendar::China } else { Calendar::Plain };
        if country != self.hours.country {
            self.hours.known_until = None;
        }
        self.hours.country = country;
    }

    /// Days that are not named keep their shifts. False if something cannot be read.
    fn read_week(&mut self, fields: &mut Fields, is_new: bool) -> bool {
        if fields.peek("week").is_none_or(Value::is_null) {
            if is_new {
                fields.refuse("week", said("is required", "为必填项"));
            }
            fields.take("week");
            return !is_new;
        }
        let Some(mut week) = fields.object("week") else { return false };
        let mut is_readable = true;
        for (name, day) in WEEKDAYS.into_iter().zip(&mut self.hours.week) {
            if let Some(list) = week.take(name) {
                let read = spans(&mut week, name, list);
                is_readable &= read.is_some();
                *day = read.unwrap_or_default();
            }
        }
        fields.absorb(week);
        is_readable
    }

    /// Reads exceptions and puts them in order; returns where each stood, if all can be read.
    fn read_exceptions(&mut self, fields: &mut Fields) -> Option<Vec<usize>> {
        let mut is_readable = true;
        let mut found = Vec::new();
        for (at, mut it) in fields.objects("exceptions", 0, EXCEPTIONS_MAX).into_iter().enumerate()
        {
            let text = it.text("date", 1, 10, "");
            let day = parse_date(&text);
            if day.is_none() && !text.is_empty() {
                it.refuse("date", date_rule());
            }
            let name = it.text("name", 0, NAME_CHARS_MAX, "");
            let hours = match it.take("hours") {
                Some(list) => spans(&mut it, "hours", list),
                None => {
                    it.refuse(
                        "hours",
                        said("is required; [] is a day off", "为必填项；[] 表示休息"),
                    );
                    None
                }
            };
            fields.absorb(it);
            match (day, hours) {
                (Some(day), Some(hours)) => found.push((day, at, hours, name)),
                _ => is_readable = false,
            }
        }
        // Pairs, as `domain` sorts them: a sort of their own would be 4 kB of each component.
        let mut pairs: Vec<(i64, i64)> = Vec::with_capacity(found.len());
        pairs.extend(found.iter().zip(0..).map(|(it, nth)| (i64::from(it.0), nth)));
        pairs.sort_unstable();
        let mut found: Vec<Option<_>> = found.into_iter().map(Some).collect();
        let mut order = Vec::with_capacity(pairs.len());
        self.hours.exceptions.clear();
        self.names.clear();
        for nth in pairs.into_iter().filter_map(|it| usize::try_from(it.1).ok()) {
            if let Some((day, at, hours, name)) = found.get_mut(nth).and_then(Option::take) {
                order.push(at);
                self.hours.exceptions.push((day, hours));
                self.names.push(name);
            }
        }
        is_readable.then_some(order)
    }

    /// Up to when holidays are known. A year of which nothing is here is not.
    fn read_known(&mut self, fields: &mut Fields, is_new: bool) {
        let given = fields.has("known_until");
        let before = self.hours.known_until.filter(|_| !is_new).map(date).unwrap_or_default();
        let text = fields.text("known_until", 0, 10, &before);
        let day = parse_date(&text);
        if day.is_none() && !text.is_empty() {
            fields.refuse("known_until", date_rule());
        }
        let announced = self.hours.country.known_until();
        self.hours.known_until = day.or(announced);
        let Some((day, announced)) = day.zip(announced).filter(|_| given) else { return };
        let ((last, ..), (known, ..)) = (civil(day), civil(announced));
        let is_missing = |year: &i32| {
            let [first, next] =
                [*year, year + 1].map(|it| day_number(it, 1, 1).unwrap_or(i32::MAX));
            !self.hours.exceptions.iter().any(|(day, _)| (first..next).contains(day))
        };
        if let Some(year) = (known + 1..=last).find(is_missing) {
            fields.refuse(
                "known_until",
                said_now(
                    format!("no holiday of {year} is here; load that year first"),
                    format!("尚无 {year} 年的节假日数据，请先导入"),
                ),
            );
        }
    }

    /// Takes over the hours of a day, in place of what it had. False if there are too many.
    pub fn except(&mut self, day: i32, hours: Vec<Span>, name: &str) -> bool {
        let list = &mut self.hours.exceptions;
        let at = list.partition_point(|(it, _)| *it < day);
        match list.get_mut(at).filter(|(it, _)| *it == day) {
            Some((_, before)) => {
                *before = hours;
                if let Some(before) = self.names.get_mut(at) {
                    name.clone_into(before);
                }
            }
            None => {
                list.insert(at, (day, hours));
                self.names.insert(at.min(self.names.len()), name.to_owned());
            }
        }
        self.hours.exceptions.len() <= EXCEPTIONS_MAX
    }

    /// A day that has not the hours of its weekday: its date, its hours, and why they are others.
    pub fn other(&self, day: i32) -> Option<Map<String, Value>> {
        let at = self.hours.exceptions.partition_point(|(it, _)| *it < day);
        let exception = self.hours.exceptions.get(at).filter(|(it, _)| *it == day);
        let why = match (exception, self.hours.country.day_type(day)) {
            (Some(_), _) => "exception",
            (None, DayType::Holiday) => "holiday",
            (None, DayType::MakeUp) => "make_up",
            (None, DayType::Usual) => return None,
        };
        let name = exception.and_then(|_| self.names.get(at)).map_or("", String::as_str);
        let mut shown = Map::new();
        for (member, value) in [
            ("date", Value::from(date(day))),
            ("why", Value::from(why)),
            ("name", Value::from(view::some(name))),
            ("hours", list(self.hours.day_spans(day))),
        ] {
            shown.insert(member.to_owned(), value);
        }
        Some(shown)
    }

    /// The hours as [`WorkingHours::read`] reads them.
    pub fn show(&self) -> Map<String, Value> {
        let mut week = Map::new();
        week.extend(
            WEEKDAYS
                .iter()
                .zip(&self.hours.week)
                .map(|(name, day)| ((*name).to_owned(), list(day))),
        );
        let exceptions = self.hours.exceptions.iter().zip(&self.names);
        let exceptions = exceptions
            .map(|((day, hours), name)| {
                json!({ "date": date(*day), "hours": list(hours), "name": view::some(name) })
            })
            .collect();
        let mut shown = Map::new();
        for (name, value) in [
            ("zone", Value::from(self.hours.zone.name())),
            ("week", Value::Object(week)),
            ("country", Value::from(country_name(self.hours.country))),
            ("make_up", list(&self.hours.make_up)),
            ("exceptions", Value::Array(exceptions)),
            ("known_until", Value::from(self.hours.known_until.map(date))),
        ] {
            shown.insert(name.to_owned(), value);
        }
        shown
    }
}

/// Reads the shifts of a day; what is wrong stands in `fields` afterwards.
pub fn spans(fields: &mut Fields, name: &str, list: Value) -> Option<Vec<Span>> {
    let Value::Array(list) = list else {
        fields.refuse(name, shifts_rule());
        return None;
    };
    if SHIFTS_MAX < list.len() {
        fields.refuse(name, shifts_rule());
        return None;
    }
    let mut read = Vec::with_capacity(list.len());
    for (at, pair) in list.iter().enumerate() {
        let (ends, capacity) = match pair.as_array().map(Vec::as_slice) {
            Some([from, to]) => ([from, to], Some(1)),
            Some([from, to, calls]) => ([from, to], capacity(calls)),
            _ => {
                fields.refuse(&format!("{name}/{at}"), shift_rule());
                continue;
            }
        };
        let [from, to] = ends.map(|it| it.as_str().and_then(minute));
        for (end, minute) in [from, to].into_iter().enumerate() {
            if minute.is_none() {
                fields.refuse(&format!("{name}/{at}/{end}"), time_rule());
            }
        }
        if capacity.is_none() {
            fields.refuse(&format!("{name}/{at}/2"), capacity_rule());
        }
        if let (Some(from), Some(to), Some(capacity)) = (from, to, capacity) {
            read.push(Span { from, to, capacity });
        }
    }
    (read.len() == list.len()).then_some(read)
}

fn capacity(calls: &Value) -> Option<u16> {
    calls.as_u64().and_then(|it| u16::try_from(it).ok()).filter(|it| *it <= MAX_CAPACITY)
}

/// The minute of the day that `HH:MM` is, up to 24:00.
pub fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let number = |it: &str| match it.as_bytes() {
        [b'0'..=b'9', b'0'..=b'9'] => it.parse::<u16>().ok(),
        _ => None,
    };
    let (hour, minute) = (number(hour)?, number(minute)?);
    let all = hour * 60 + minute;
    (minute < 60 && all <= DAY_MINUTES).then_some(all)
}

fn list(spans: &[Span]) -> Value {
    let time = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    let show = |it: &Span| match it.capacity {
        1 => json!([time(it.from), time(it.to)]),
        calls => json!([time(it.from), time(it.to), calls]),
    };
    spans.iter().map(show).collect()
}

fn country_name(country: Calendar) -> &'static str {
    match country {
        Calendar::China => "china",
        Calendar::Plain => "none",
    }
}

/// Where a mistake stands and what would be right; `order` tells where each exception stood.
fn told(wrong: Wrong, order: &[usize]) -> (String, Said) {
    let exception = |at: usize| order.get(at).copied().unwrap_or(at);
    let shift = |place: Place, shift: usize| match place {
        Place::Week(day) => {
            format!("week/{}/{shift}", WEEKDAYS.get(day).copied().unwrap_or_default())
        }
        Place::MakeUp => format!("make_up/{shift}"),
        Place::Exception(at) => format!("exceptions/{}/hours/{shift}", exception(at)),
    };
    match wrong {
        Wrong::Idle => (
            "week".to_owned(),
            said(
                "must have a shift on some day: nothing would ever be due",
                "至少有一天须有班次，否则永远不会到期",
            ),
        ),
        Wrong::Span(place, at) => {
            (shift(place, at), said("must end after it begins", "结束须晚于开始"))
        }
        Wrong::Overlap(place, at) => (
            shift(place, at),
            said("must not begin before the shift before it ends", "不得早于前一班次结束时开始"),
        ),
        Wrong::Unsorted(at) => (
            format!("exceptions/{}/date", exception(at)),
            said("must differ from that of every other", "日期不得重复"),
        ),
    }
}

/// What a zone must be.
pub fn zone_rule() -> Said {
    said("must be an IANA zone such as Asia/Shanghai", "须为 IANA 时区，例如 Asia/Shanghai")
}

/// What a date must be.
pub fn date_rule() -> Said {
    said("must be a date such as 2026-11-22", "须为日期，例如 2026-11-22")
}

fn time_rule() -> Said {
    said("must be a time such as 09:00, at most 24:00", "须为时刻，例如 09:00，至多 24:00")
}

fn capacity_rule() -> Said {
    said("must be how many calls at once, 0 to 50", "须为同时通话数，0 至 50")
}

fn shift_rule() -> Said {
    said(
        "must be a pair of times such as [\"09:00\", \"18:00\"]",
        "须为一对时刻，例如 [\"09:00\", \"18:00\"]",
    )
}

fn shifts_rule() -> Said {
    said_now(
        format!("must be a list of at most {SHIFTS_MAX} pairs of times"),
        format!("须为至多 {SHIFTS_MAX} 对时刻的列表"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Place as Where;

    fn read(text: &str, before: Option<WorkingHours>) -> (WorkingHours, Vec<String>) {
        let mut fields = Fields::new(view::object(text).unwrap());
        let it = WorkingHours::read(&mut fields, before);
        let mistakes = fields.done().map_or_else(|it| it.into_parts().mistakes, |()| Vec::new());
        let place = |it: &crate::problem::Mistake| match &it.place {
            Where::Pointer(pointer) => pointer.clone(),
            other => panic!("{other:?}"),
        };
        (it, mistakes.iter().map(place).collect())
    }

    #[test]
    fn hours_read_as_they_are_shown() {
        let (it, mistakes) = read(
            r#"{ "zone": "Asia/Shanghai", "week": { "monday": [["09:00", "12:00"],
              ["13:00", "24:00"]] }, "make_up": [["10:00", "11:30"]], "exceptions": [
              { "date": "2026-12-24", "hours": [] },
              { "date": "2026-11-27", "hours": [["09:00", "12:00"]], "name": "年会" } ] }"#,
            None,
        );
        assert_eq!(mistakes, [""; 0]);
        assert_eq!(it.hours.week[0][1], Span::new(780, 1440));
        assert_eq!(it.names, ["年会", ""]);
        assert!(it.hours.exceptions[0].0 < it.hours.exceptions[1].0);
        assert_eq!(it.hours.country, Calendar::China);
        assert_eq!(it.hours.known_until, Calendar::China.known_until());
        assert_eq!(WorkingHours::stored(&view::text(&it.show())), Some(it.clone()));
        for hours in [Hours::office(Zone::SHANGHAI), Hours::around_the_clock(Zone::UTC)] {
            let it = WorkingHours::of(hours);
            assert_eq!(WorkingHours::stored(&view::text(&it.show())), Some(it));
        }
        // What is absent stays.
        let (changed, mistakes) = read(
            r#"{ "week": { "monday": [], "sunday": [["01:00",
            "02:00"]] } }"#,
            Some(it.clone()),
        );
        assert_eq!(mistakes, [""; 0]);
        assert_eq!(changed.hours.exceptions, it.hours.exceptions);
        assert_eq!(changed.hours.week[6].len(), 1);
        assert!(changed.hours.week[0].is_empty());
        let (_, mistakes) = read(r#"{ "make_up": [["10:00", "09:00"]] }"#, Some(it));
        assert_eq!(mistakes, ["/make_up/0"]);
    }

    #[test]
    fn a_shift_says_how_many_calls_are_made_at_once_unless_it_is_one() {
        let shifts = |text: &str| {
            let text = format!(r#"{{ "zone": "UTC", "week": {{ "monday": {text} }} }}"#);
            read(&text, None)
        };
        let (it, mistakes) =
            shifts(r#"[["09:00", "10:00", 1], ["10:00", "11:00", 50], ["11:00", "12:00", 0]]"#);
        assert_eq!(mistakes, [""; 0]);
        assert_eq!(it.hours.week[0].iter().map(|it| it.capacity).collect::<Vec<_>>(), [1, 50, 0]);
        let shown = view::text(&it.show());
        assert!(
            shown.contains(
                r#""monday":[["09:00","10:00"],["10:00","11:00",50],["11:00","12:00",0]]"#
            )
        );
        assert_eq!(WorkingHours::stored(&shown), Some(it));
        for wrong in ["51", "-1", "1.5", "\"2\"", "null"] {
            let (_, mistakes) = shifts(&format!(r#"[["09:00", "10:00", {wrong}]]"#));
            assert_eq!(mistakes, ["/week/monday/0/2"], "{wrong}");
        }
        assert_eq!(shifts(r#"[["09:00", "10:00", 1, 1]]"#).1, ["/week/monday/0"]);
    }

    #[test]
    fn every_mistake_is_told_with_its_place() {
        let (_, mistakes) = read(
            r#"{ "zone": "Mars/Olympus", "country": "moon", "week": { "monday": [["9:00", "25:00"],
              ["09:00"], 5], "funday": [], "tuesday": "all" }, "make_up": {}, "exceptions": [
              { "date": "2026-02-30", "hours": [] }, { "date": "2026-03-01" },
              { "date": "2026-03-02", "hours": [["a", "10:00"]], "off": true } ],
              "known_until": "soon", "nmae": "x" }"#,
            None,
        );
        assert_eq!(
            mistakes,
            [
                "/zone",
                "/country",
                "/week/monday/0/0",
                "/week/monday/0/1",
                "/week/monday/1",
                "/week/monday/2",
                "/week/tuesday",
                "/week/funday",
                "/make_up",
                "/exceptions/0/date",
                "/exceptions/1/hours",
                "/exceptions/2/hours/0/0",
                "/exceptions/2/off",
                "/known_until",
                "/nmae",
            ]
        );
        assert_eq!(read("{}", None).1, ["/zone", "/week"]);
    }

    #[test]
    fn shifts_that_cannot_be_are_told_with_their_place() {
        let (_, mistakes) = read(
            r#"{ "zone": "UTC", "week": { "friday": [["09:00", "12:00"], ["11:00", "13:00"],
              ["14:00", "14:00"]] }, "exceptions": [
              { "date": "2026-03-02", "hours": [["10:00", "09:00"]] },
              { "date": "2026-03-01", "hours": [] },
              { "date": "2026-03-02", "hours": [] } ] }"#,
            None,
        );
        assert_eq!(
            mistakes,
            ["/week/friday/1", "/week/friday/2", "/exceptions/0/hours/0", "/exceptions/2/date"]
        );
        let idle = r#"{ "zone": "UTC", "week": { "monday": [] } }"#;
        assert_eq!(read(idle, None).1, ["/week"]);
    }

    #[test]
    fn a_year_is_known_only_with_its_holidays() {
        let text = |exceptions: &str, until: &str| {
            format!(
                r#"{{ "zone": "PRC", "week": {{ "monday": [["09:00", "18:00"]] }},
                  "exceptions": [{exceptions}], "known_until": {until} }}"#
            )
        };
        let day = |date: &str| format!(r#"{{ "date": "{date}", "hours": [] }}"#);
        let until = r#""2027-12-31""#;
        assert_eq!(read(&text("", until), None).1, ["/known_until"]);
        assert_eq!(read(&text(&day("2026-10-01"), until), None).1, ["/known_until"]);
        let (it, mistakes) = read(&text(&day("2027-10-01"), until), None);
        assert_eq!(mistakes, [""; 0]);
        assert_eq!(it.hours.known_until.map(date).as_deref(), Some("2027-12-31"));
        let (it, _) = read(&text("", "null"), None);
        assert_eq!(it.hours.known_until, Calendar::China.known_until());
        let (it, _) = read(&text("", "\"2020-01-01\"").replace("PRC", "UTC"), None);
        assert_eq!(it.hours.known_until.map(date).as_deref(), Some("2020-01-01"));
    }

    #[test]
    fn a_day_is_excepted_once() {
        let mut it = WorkingHours::of(Hours::office(Zone::UTC));
        for (day, name) in [(5, "b"), (3, "a"), (5, "c")] {
            assert!(it.except(day, Vec::new(), name));
        }
        assert_eq!(it.hours.exceptions, [(3, Vec::new()), (5, Vec::new())]);
        assert_eq!(it.names, ["a", "c"]);
    }
}
