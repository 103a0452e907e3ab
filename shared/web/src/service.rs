//! What can be booked, as JSON. What is left out is as it ships.
//!
//! ```json
//! { "length_min": 15, "every_min": 15, "before_min": 0, "after_min": 5, "notice_min": 60,
//!   "horizon_days": 30, "hold_min": 5, "grace_min": 15, "asap_within_min": 60,
//!   "expires_days": 7, "skills": ["returns"], "quiet": { "from": "21:00", "until": "09:00" },
//!   "reminders_min": [1440, 60],
//!   "retries_min": { "no_answer": [30, 240, 1440], "busy": [10, 30, 120] },
//!   "calendar_id": "office", "survey_id": "srv_…", "touchpoint_id": "tch_…", "script": "…",
//!   "is_public": true }
//! ```

use domain::callback::quanta::MINUTES;
use domain::callback::{Quiet, Service};
use serde_json::{Map, Value, json};

use crate::field::Fields;
use crate::lang::{Said, said, said_now};
use crate::view;

/// Longest script, in characters.
const SCRIPT_CHARS_MAX: usize = 4_000;
/// Most skills, reminders or retries.
const LIST_MAX: usize = 10;
/// The longest of most lengths: a week.
const WEEK_MIN: i64 = 7 * 1440;

/// A service, and what only people need to know of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offered {
    /// What slots, clocks and retries go by.
    pub service: Service,
    /// Whose working hours count for those who wait; empty for office hours.
    pub calendar_id: String,
    /// The survey that the conversation answers; empty for none.
    pub survey_id: String,
    /// What it is about, unless something else says so; empty for nothing in particular.
    pub touchpoint_id: String,
    /// What the agent says.
    pub script: String,
    /// Whether customers may book it themselves.
    pub is_public: bool,
}

impl Offered {
    /// What we stored ourselves.
    pub fn stored(text: &str) -> Offered {
        view::object(text).map_or_else(Offered::default, |it| {
            Offered::read(&mut Fields::new(it), Offered::default())
        })
    }

    /// Reads one; what is absent stays as it was before. What is wrong stands in `fields`.
    pub fn read(fields: &mut Fields, mut it: Offered) -> Offered {
        let own = &mut it.service;
        own.length_min = pieces(fields, "length_min", MINUTES, 480, own.length_min);
        own.every_min = pieces(fields, "every_min", MINUTES, 480, own.every_min);
        own.before_min = pieces(fields, "before_min", 0, 240, own.before_min);
        own.after_min = pieces(fields, "after_min", 0, 240, own.after_min);
        own.notice_min = fields.integer("notice_min", 0, 4 * WEEK_MIN, Some(own.notice_min));
        own.horizon_days = fields.integer("horizon_days", 1, 366, Some(own.horizon_days));
        own.hold_min = fields.integer("hold_min", 1, 60, Some(own.hold_min));
        own.grace_min = fields.integer("grace_min", 0, 1440, Some(own.grace_min));
        own.asap_within_min =
            fields.integer("asap_within_min", 1, WEEK_MIN, Some(own.asap_within_min));
        own.expires_days = fields.integer("expires_days", 1, 90, Some(own.expires_days));
        if let Some(skills) = fields.texts("skills", LIST_MAX, is_tag, &tag_rule) {
            own.skills = skills;
        }
        if fields.has("quiet") {
            own.quiet = quiet(fields);
        }
        minutes(fields, "reminders_min", 4 * WEEK_MIN, &mut own.reminders_min);
        own.reminders_min.sort_unstable_by(|a, b| b.cmp(a));
        if let Some(mut nested) = fields.object("retries_min") {
            minutes(&mut nested, "no_answer", WEEK_MIN, &mut own.no_answer_min);
            minutes(&mut nested, "busy", WEEK_MIN, &mut own.busy_min);
            fields.absorb(nested);
        }
        it.calendar_id = fields.text("calendar_id", 0, 64, &it.calendar_id);
        it.survey_id = fields.text("survey_id", 0, 64, &it.survey_id);
        it.touchpoint_id = fields.text("touchpoint_id", 0, 64, &it.touchpoint_id);
        it.script = fields.text("script", 0, SCRIPT_CHARS_MAX, &it.script);
        it.is_public = fields.flag("is_public", it.is_public);
        it
    }

    /// All of it as JSON.
    pub fn show(&self) -> Map<String, Value> {
        let own = &self.service;
        let quiet = own.quiet.map(|it| json!({ "from": clock(it.from), "until": clock(it.until) }));
        let mut shown = Map::new();
        let mut put = |name: &str, value: Value| shown.insert(name.to_owned(), value);
        put("length_min", own.length_min.into());
        put("every_min", own.every_min.into());
        put("before_min", own.before_min.into());
        put("after_min", own.after_min.into());
        put("notice_min", own.notice_min.into());
        put("horizon_days", own.horizon_days.into());
        put("hold_min", own.hold_min.into());
        put("grace_min", own.grace_min.into());
        put("asap_within_min", own.asap_within_min.into());
        put("expires_days", own.expires_days.into());
        put("skills", own.skills.clone().into());
        put("quiet", quiet.into());
        put("reminders_min", own.reminders_min.clone().into());
        put("retries_min", json!({ "no_answer": own.no_answer_min, "busy": own.busy_min }));
        put("calendar_id", json!(view::some(&self.calendar_id)));
        put("survey_id", json!(view::some(&self.survey_id)));
        put("touchpoint_id", json!(view::some(&self.touchpoint_id)));
        put("script", json!(self.script));
        put("is_public", json!(self.is_public));
        shown
    }
}

/// Minutes that are a whole number of pieces.
fn pieces(fields: &mut Fields, name: &str, min: i64, max: i64, absent: i64) -> i64 {
    let value = fields.integer(name, min, max, Some(absent));
    if value % MINUTES == 0 {
        return value;
    }
    let rule = said("must be a multiple of 5 minutes", "须为 5 分钟的整数倍");
    fields.refuse(name, rule);
    absent
}

/// A list of minutes.
fn minutes(fields: &mut Fields, name: &str, max: i64, own: &mut Vec<i64>) {
    if !fields.has(name) {
        return;
    }
    let listed = fields.take(name);
    let listed = listed.as_ref().and_then(Value::as_array).filter(|it| it.len() <= LIST_MAX);
    let is_good = |it: &i64| (1..=max).contains(it);
    let read = listed.map(|it| it.iter().map(|it| it.as_i64().filter(is_good)));
    if let Some(Some(read)) = read.map(|it| it.collect::<Option<Vec<i64>>>()) {
        *own = read;
        return;
    }
    let rule = said_now(
        format!("must be a list of up to {LIST_MAX} numbers of minutes from 1 to {max}"),
        format!("须为列表，最多 {LIST_MAX} 个 1 到 {max} 之间的分钟数"),
    );
    fields.refuse(name, rule);
}

fn quiet(fields: &mut Fields) -> Option<Quiet> {
    let mut nested = match fields.peek("quiet") {
        None | Some(Value::Null) => {
            fields.take("quiet");
            return None;
        }
        _ => fields.object("quiet")?,
    };
    let mut time = |name: &str| {
        let text = nested.text(name, 1, 5, "");
        let minute = parse_clock(&text);
        if minute.is_none() && !text.is_empty() {
            nested.refuse(name, said("must be a time such as 21:00", "须为时间，例如 21:00"));
        }
        minute
    };
    let (from, until) = (time("from"), time("until"));
    if from.is_some() && from == until {
        nested.refuse("until", said("must differ from from", "不得与 from 相同"));
    }
    fields.absorb(nested);
    Some(Quiet { from: from?, until: until? })
}

/// Minutes of a day as `21:00`.
fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

fn parse_clock(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let two = |it: &str, max: u16| -> Option<u16> {
        let is_two = it.len() == 2 && it.bytes().all(|it| it.is_ascii_digit());
        it.parse::<u16>().ok().filter(|it| is_two && *it <= max)
    };
    Some(two(hour, 23)? * 60 + two(minute, 59)?)
}

fn is_tag(text: &str) -> bool {
    domain::text::clean(text, 1, 40).is_ok_and(|it| it == text)
}

fn tag_rule() -> Said {
    said("must be a tag of 1 to 40 characters", "须为 1 到 40 个字符的标签")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: Value) -> (Offered, usize) {
        let Value::Object(members) = value else { panic!("an object") };
        let mut fields = Fields::new(members);
        let it = Offered::read(&mut fields, Offered::default());
        (it, fields.done().err().map_or(0, |it| it.mistakes.len()))
    }

    #[test]
    fn what_is_shown_reads_as_it_was() {
        let (it, wrong) = read(json!({
            "length_min": 30, "skills": ["returns"], "quiet": null, "reminders_min": [60, 1440],
            "retries_min": { "busy": [5] }, "survey_id": "srv_1", "is_public": true,
        }));
        assert_eq!(wrong, 0);
        assert_eq!((it.service.length_min, it.service.quiet), (30, None));
        assert_eq!(it.service.reminders_min, [1440, 60], "the longest first");
        assert_eq!(it.service.busy_min, [5]);
        assert_eq!(it.service.no_answer_min, Service::default().no_answer_min);
        assert_eq!(Offered::stored(&view::text(&it.show())), it);
    }

    #[test]
    fn every_mistake_is_told() {
        let (_, wrong) = read(json!({
            "length_min": 7, "every_min": 0, "quiet": { "from": "25:00", "until": "9:00" },
            "reminders_min": ["x"], "retries_min": { "busy": [0], "x": 1 }, "notice_min": -1,
            "y": 1,
        }));
        assert_eq!(wrong, 9);
        assert_eq!(read(json!({ "quiet": { "from": "09:00", "until": "09:00" } })).1, 1);
    }
}
