//! The policy of the promise: how long each clock of a case may run.
//!
//! ```json
//! { "grades": {
//!     "general": { "answer": { "hours": 24 }, "solution": { "hours": 16, "time": "working" },
//!       "closing": { "working_days": 3 } },
//!     "major": { "answer": { "minutes": 30 } } },
//!   "tiers": { "1": { "answer": { "hours": 1 } }, "2": { "solution": { "working_days": 2 } } },
//!   "pauses": ["solution", "closing"], "calendar_id": "cal_…", "reopen_days": 30,
//!   "repeat_days": 90 }
//! ```
//!
//! A grade's clock that is not named is as for `general`; without one there, nothing is promised.

use domain::case::Grade;
use domain::clock::{Allowance, Clock, Terms};
use serde_json::{Map, Value, json};

use crate::field::{Fields, one_of_rule};
use crate::lang::{Said, said};

const MINUTE_MS: i64 = 60_000;
/// The longest allowance, in minutes: a year.
const MINUTES_MAX: i64 = 366 * 24 * 60;
/// The longest in working days, which is about a year as well.
const WORKING_DAYS_MAX: i64 = 250;
const REOPEN_DAYS: i64 = 30;
const REPEAT_DAYS: i64 = 90;

/// What customers are promised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// How long each clock may run.
    pub terms: Terms,
    /// The calendar that counts working time; empty for office hours.
    pub calendar_id: String,
    /// Up to how many days after its solution or closing a case may come back.
    pub reopen_days: i64,
    /// Within how many days the same customer's next complaint is a repeated one.
    pub repeat_days: i64,
}

impl Default for Promise {
    fn default() -> Promise {
        Promise {
            terms: Terms::shipped(),
            calendar_id: String::new(),
            reopen_days: REOPEN_DAYS,
            repeat_days: REPEAT_DAYS,
        }
    }
}

impl Promise {
    /// Reads the policy; what is wrong stands in `fields` afterwards. Whether there is such a
    /// calendar is for the caller to look up.
    pub fn read(fields: &mut Fields) -> Promise {
        let mut it = Promise::default();
        let mut is_readable = true;
        require(fields, "grades");
        if let Some(mut grades) = fields.object("grades") {
            require(&mut grades, "general");
            for (grade, row) in Grade::ALL.into_iter().zip(&mut it.terms.grades).skip(1) {
                *row = [None; 3];
                if let Some(mut clocks) = grades.object(grade.name()) {
                    is_readable &= read_clocks(&mut clocks, row);
                    grades.absorb(clocks);
                }
            }
            fields.absorb(grades);
        }
        if let Some(mut tiers) = fields.object("tiers") {
            for (name, row) in ["1", "2"].into_iter().zip(&mut it.terms.tiers) {
                *row = [None; 3];
                if let Some(mut clocks) = tiers.object(name) {
                    is_readable &= read_clocks(&mut clocks, row);
                    tiers.absorb(clocks);
                }
            }
            fields.absorb(tiers);
        }
        if is_readable && !it.terms.is_major_first() {
            fields.refuse("grades/major/answer", major_rule());
        }
        let known = |it: &str| Clock::parse(it).is_some();
        if let Some(names) = fields.texts("pauses", 3, known, &|| one_of_rule(&Clock::NAMES)) {
            it.terms.pauses = Clock::NAMES.map(|name| names.iter().any(|it| it == name));
        }
        it.calendar_id = fields.text("calendar_id", 0, 64, "");
        it.reopen_days = fields.integer("reopen_days", 0, 365, Some(REOPEN_DAYS));
        it.repeat_days = fields.integer("repeat_days", 1, 730, Some(REPEAT_DAYS));
        it
    }

    /// The policy as [`Promise::read`] reads it.
    pub fn show(&self) -> Value {
        let mut grades = Map::new();
        for (grade, row) in Grade::ALL.into_iter().zip(&self.terms.grades).skip(1) {
            grades.insert(grade.name().to_owned(), show_clocks(row));
        }
        let [one, two] = &self.terms.tiers;
        let pauses = Clock::NAMES.into_iter().zip(self.terms.pauses);
        let pauses: Vec<&str> = pauses.filter(|(_, it)| *it).map(|(name, _)| name).collect();
        json!({
            "grades": grades,
            "tiers": { "1": show_clocks(one), "2": show_clocks(two) },
            "pauses": pauses,
            "calendar_id": self.calendar_id,
            "reopen_days": self.reopen_days,
            "repeat_days": self.repeat_days,
        })
    }
}

fn require(fields: &mut Fields, name: &str) {
    if fields.peek(name).is_none_or(Value::is_null) {
        fields.refuse(name, said("is required", "为必填项"));
    }
}

/// Reads what each clock is allowed. False if something cannot be read.
fn read_clocks(fields: &mut Fields, row: &mut [Option<Allowance>; 3]) -> bool {
    let mut is_readable = true;
    for (clock, allowed) in Clock::ALL.into_iter().zip(row) {
        let was_given = fields.peek(clock.name()).is_some_and(|it| !it.is_null());
        if let Some(mut it) = fields.object(clock.name()) {
            *allowed = allowance(&mut it);
            fields.absorb(it);
        }
        is_readable &= allowed.is_some() || !was_given;
    }
    is_readable
}

fn allowance(it: &mut Fields) -> Option<Allowance> {
    let units = ["hours", "minutes", "working_days"];
    let mut given = units.into_iter().filter(|name| it.has(name));
    let (Some(unit), None) = (given.next(), given.next()) else {
        let rule = said(
            "must have one of hours, minutes and working_days",
            "须有 hours、minutes、working_days 之一",
        );
        it.refuse_all(rule);
        it.rest();
        return None;
    };
    let (most, minutes) = match unit {
        "hours" => (MINUTES_MAX / 60, 60),
        "minutes" => (MINUTES_MAX, 1),
        _ => (WORKING_DAYS_MAX, 0),
    };
    let fits = it.peek(unit).and_then(Value::as_i64).is_some_and(|it| (1..=most).contains(&it));
    let number = it.integer(unit, 1, most, None);
    if minutes == 0 {
        let days = u16::try_from(number).ok()?;
        return fits.then_some(Allowance::WorkingDays(days));
    }
    let ms = number * minutes * MINUTE_MS;
    let is_working = it.one_of("time", &["any", "working"], "any") == "working";
    fits.then_some(if is_working { Allowance::Working(ms) } else { Allowance::Wall(ms) })
}

fn show_clocks(row: &[Option<Allowance>; 3]) -> Value {
    let mut shown = Map::new();
    for (clock, allowed) in Clock::ALL.into_iter().zip(row) {
        let Some(allowed) = allowed else { continue };
        let mut it = Map::new();
        match allowed {
            Allowance::WorkingDays(days) => {
                it.insert("working_days".to_owned(), Value::from(*days));
            }
            Allowance::Wall(ms) | Allowance::Working(ms) => {
                let minutes = ms / MINUTE_MS;
                let is_hours = minutes % 60 == 0;
                let (unit, number) =
                    if is_hours { ("hours", minutes / 60) } else { ("minutes", minutes) };
                it.insert(unit.to_owned(), Value::from(number));
            }
        }
        if matches!(allowed, Allowance::Working(_)) {
            it.insert("time".to_owned(), Value::from("working"));
        }
        shown.insert(clock.name().to_owned(), Value::Object(it));
    }
    Value::Object(shown)
}

fn major_rule() -> Said {
    said(
        "must surely be no later than that of other grades: a major case never waits longest; \
         an hour of working time may be days away",
        "必须确定不晚于其他等级：重大投诉不得等得最久；一小时工作时间也可能是几天之后",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Place;
    use crate::view;

    fn read(text: &str) -> (Promise, Vec<String>) {
        let mut fields = Fields::new(view::object(text).unwrap());
        let it = Promise::read(&mut fields);
        let mistakes = fields.done().map_or_else(|it| it.into_parts().mistakes, |()| Vec::new());
        let place = |it: &crate::problem::Mistake| match &it.place {
            Place::Pointer(pointer) => pointer.clone(),
            other => panic!("{other:?}"),
        };
        (it, mistakes.iter().map(place).collect())
    }

    #[test]
    fn a_promise_reads_as_it_is_shown() {
        let shipped = Promise::default();
        let (again, mistakes) = read(&view::text(&shipped.show()));
        assert_eq!((again, mistakes), (shipped, Vec::new()));
        let (it, mistakes) = read(
            r#"{ "grades": {
                "general": { "answer": { "minutes": 90, "time": "working" },
                  "solution": { "hours": 2, "time": "any" }, "closing": { "working_days": 3 } },
                "major": { "answer": { "hours": 1 }, "solution": null } },
              "tiers": { "1": {} }, "pauses": ["answer"], "calendar_id": "cal_1",
              "reopen_days": 0, "repeat_days": 7 }"#,
        );
        assert_eq!(mistakes, [""; 0]);
        let general = [
            Some(Allowance::Working(90 * MINUTE_MS)),
            Some(Allowance::Wall(120 * MINUTE_MS)),
            Some(Allowance::WorkingDays(3)),
        ];
        assert_eq!(it.terms.grades[1], general);
        assert_eq!(it.terms.grades[2], [None; 3]);
        assert_eq!(it.terms.tiers, [[None; 3]; 2]);
        assert_eq!(it.terms.pauses, [true, false, false]);
        assert_eq!(read(&view::text(&it.show())).0, it);
    }

    #[test]
    fn every_mistake_is_told_with_its_place() {
        let (_, mistakes) = read(
            r#"{ "grades": { "general": { "answer": {}, "solution": { "hours": 0 },
                "closing": { "hours": 1, "minutes": 2 }, "reply": {} },
                "none": {}, "major": { "answer": { "hours": 1, "time": "soon", "x": 1 },
                "solution": 5, "closing": { "working_days": 2, "time": "working" } } },
              "tiers": { "3": {}, "2": { "answer": { "hours": "1" } } }, "pauses": ["lunch"],
              "reopen_days": -1, "repeat_days": 0, "zone": "UTC" }"#,
        );
        assert_eq!(
            mistakes,
            [
                "/grades/general/answer",
                "/grades/general/solution/hours",
                "/grades/general/closing",
                "/grades/general/reply",
                "/grades/major/answer/time",
                "/grades/major/answer/x",
                "/grades/major/solution",
                "/grades/major/closing/time",
                "/grades/none",
                "/tiers/2/answer/hours",
                "/tiers/3",
                "/pauses/0",
                "/reopen_days",
                "/repeat_days",
                "/zone",
            ]
        );
        assert_eq!(read("{}").1, ["/grades"]);
        assert_eq!(read(r#"{ "grades": {} }"#).1, ["/grades/general"]);
        assert_eq!(read(r#"{ "grades": { "general": 5 } }"#).1, ["/grades/general"]);
    }

    #[test]
    fn a_major_case_never_waits_longest() {
        for (general, major, is_right) in [
            (r#"{ "hours": 24 }"#, r#"{ "hours": 24 }"#, true),
            (r#"{ "hours": 24 }"#, r#"{ "hours": 25 }"#, false),
            (r#"{ "hours": 24 }"#, r#"{ "hours": 1, "time": "working" }"#, false),
            (r#"{ "hours": 24, "time": "working" }"#, r#"{ "hours": 1 }"#, true),
            (r#"{ "hours": 24 }"#, "null", true),
            ("null", "null", true),
        ] {
            let (_, mistakes) = read(&format!(
                r#"{{ "grades": {{ "general": {{ "answer": {general} }},
                  "major": {{ "answer": {major} }} }} }}"#
            ));
            assert_eq!(mistakes.is_empty(), is_right, "{general} {major} {mistakes:?}");
        }
    }
}
