//! Measurements taken: one read out of fields, looked up together, written together.
//!
//! A caller reads each with [`read`], looks up what they name with [`known`], tells the mistakes
//! that this brings with [`refuse_unknown`], and hands in what is left as one [`Batch`].

use domain::id::Kind;
use domain::measure::{
    AHEAD_MS, BACK_DAYS, COUNT_MAX, KEY_CHARS_MAX, MEASURES, SECONDS_MAX, bound, is_timely, named,
};
use domain::touchpoint::CHANNELS;
use domain::zone::Zone;
use domain::{UtcMs, civil};
use ports::{Env, Sql, Write};
use serde_json::{Map, Value, json};
use store::measures;
pub use store::measures::Known;
use web::field::Fields;
use web::lang::{Said, said, said_now};
use web::{Problem, view};

/// The event that a batch is.
pub const RECORDED: &str = "measurement.recorded";

/// A count or a duration that another system measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measurement {
    /// The sender's own name for it.
    pub key: String,
    /// What was measured.
    pub name: String,
    /// Milliseconds of a duration, or a count.
    pub value: i64,
    /// When.
    pub at: UtcMs,
    /// The day of `at` in the site's zone.
    pub day: i32,
    /// The touchpoint; empty for none.
    pub touchpoint_id: String,
    /// The channel; empty for none.
    pub channel: String,
    /// Whoever served the customer; empty for nobody.
    pub agent_id: String,
}

/// Reads one measurement; `at` is now where it is absent. Mistakes are noted in `fields`.
pub fn read(fields: &mut Fields, zone: Zone, now: UtcMs) -> Measurement {
    let key = fields.text("key", 1, KEY_CHARS_MAX, "");
    let name = fields.one_of("name", &MEASURES.map(|it| it.name), "");
    let value = match named(&name).map(|it| it.is_duration) {
        Some(true) => duration(fields),
        Some(false) => fields.integer("count", 0, COUNT_MAX, Some(1)),
        // What its name would ask for is not known: neither is a mistake.
        None => {
            fields.take("seconds");
            fields.take("count");
            0
        }
    };
    let at = time(fields, now);
    Measurement {
        key,
        name,
        value,
        at,
        day: zone.day(at),
        touchpoint_id: fields.text("touchpoint_id", 0, 64, ""),
        channel: fields.one_of_or_none("channel", &CHANNELS, ""),
        agent_id: fields.text("agent_id", 0, 64, ""),
    }
}

/// Milliseconds.
fn duration(fields: &mut Fields) -> i64 {
    let Some(value) = fields.take("seconds") else {
        fields.refuse("seconds", said("is required", "为必填项"));
        return 0;
    };
    #[expect(clippy::cast_precision_loss, reason = "366 days are far below 2^52")]
    let longest = SECONDS_MAX as f64;
    #[expect(clippy::cast_possible_truncation, reason = "it lies between 0 and 366 days")]
    match value.as_f64().filter(|it| (0.0..=longest).contains(it)) {
        Some(seconds) => (seconds * 1000.0).round() as i64,
        None => {
            let rule = said_now(
                format!("must be a number from 0 to {SECONDS_MAX}"),
                format!("须为 0 到 {SECONDS_MAX} 的数"),
            );
            fields.refuse("seconds", rule);
            0
        }
    }
}

fn time(fields: &mut Fields, now: UtcMs) -> UtcMs {
    let text = fields.text("at", 0, 40, "");
    if text.is_empty() {
        return now;
    }
    let Some(at) = civil::parse_rfc3339(&text) else {
        fields.refuse("at", time_rule());
        return now;
    };
    if !is_timely(at, now) {
        let minutes = AHEAD_MS / 60_000;
        let rule = said_now(
            format!("must lie in the last {BACK_DAYS} days, and at most {minutes} minutes ahead"),
            format!("须在最近 {BACK_DAYS} 天之内，且最多超前 {minutes} 分钟"),
        );
        fields.refuse("at", rule);
    }
    at
}

fn time_rule() -> Said {
    said(
        "must be a time such as 2026-11-22T09:30:00+08:00",
        "须为时间，例如 2026-11-22T09:30:00+08:00",
    )
}

/// What of that which measurements name is there already, in one look at the database.
pub async fn known(env: &impl Env, site_id: &str, all: &[Measurement]) -> Result<Known, Problem> {
    let mut ids: Vec<&str> = Vec::new();
    for id in all.iter().flat_map(|it| [it.touchpoint_id.as_str(), it.agent_id.as_str()]) {
        if !id.is_empty() && !ids.contains(&id) {
            ids.push(id);
        }
    }
    let keys: Vec<&str> = all.iter().map(|it| it.key.as_str()).collect();
    Ok(env.sql().fetch(measures::known(site_id, &view::text(&ids), &view::text(&keys))).await?)
}

/// Notes in `fields`, which a measurement was read from, what it names that is not there.
pub fn refuse_unknown(known: &Known, it: &Measurement, fields: &mut Fields) {
    let is_there = |id: &String, kind: Kind| {
        id.is_empty() || id.starts_with(kind.prefix()) && known.ids.contains(id)
    };
    if !is_there(&it.touchpoint_id, Kind::Touchpoint) {
        let rule = said("must be the id of a touchpoint", "须为已有触点的编号");
        fields.refuse("touchpoint_id", rule);
    }
    if !is_there(&it.agent_id, Kind::Agent) {
        fields.refuse("agent_id", said("must be the id of an agent", "须为已有员工的编号"));
    }
}

/// Measurements that are written together.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The subject of its event.
    pub id: String,
    /// How many there are of each name: all that its event tells.
    pub data: Value,
    /// What writes them, as a part of the commit of that event. Keys that were taken before are
    /// left out by it.
    pub write: Write,
}

impl Batch {
    /// Of what was read without a mistake. `random` must be fresh: a batch is written once.
    ///
    /// With `is_all_new` nothing is written, and the commit refused, if a key was taken before.
    pub fn new(
        site_id: &str,
        now: UtcMs,
        random: [u8; 16],
        all: &[&Measurement],
        is_all_new: bool,
    ) -> Batch {
        let id = Kind::Measurement.id(now, random);
        let mut rows = Vec::with_capacity(all.len());
        let mut names: Map<String, Value> = Map::new();
        for it in all {
            let is_duration = named(&it.name).is_some_and(|it| it.is_duration);
            let bound = if is_duration { bound(it.value) } else { 0 };
            rows.push(json!([
                it.key,
                it.name,
                it.value,
                bound,
                it.at,
                it.day,
                it.touchpoint_id,
                it.channel,
                it.agent_id
            ]));
            let n = names.get(&it.name).and_then(Value::as_i64).unwrap_or(0);
            names.insert(it.name.clone(), Value::from(n + 1));
        }
        let write = measures::record(&view::text(&rows), site_id, &id, is_all_new);
        Batch { id, data: json!({ "count": all.len(), "names": names }), write: write.guarded() }
    }
}
