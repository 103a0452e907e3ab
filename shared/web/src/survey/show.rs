//! Definitions as JSON.

use domain::civil;
use domain::survey::{Ask, Choice, Columns, Definition, Ending, Jump, Question, Row, Texts};
use serde_json::{Map, Value, json};

use super::logic::show as show_condition;

/// A definition as JSON, for the database and for staff. [`super::read`] reads it again.
pub fn show(it: &Definition) -> Value {
    let mut shown = common(it, true);
    put_text(&mut shown, "touchpoint_id", &it.touchpoint_id);
    put_text(&mut shown, "stage", &it.stage);
    if !it.channels.is_empty() {
        put(&mut shown, "channels", json!(it.channels));
    }
    for (name, at) in [("opens_at", it.opens_at), ("closes_at", it.closes_at)] {
        if let Some(at) = at {
            put(&mut shown, name, civil::rfc3339(at, 0).into());
        }
    }
    if let Some(limit) = it.response_limit {
        put(&mut shown, "response_limit", limit.into());
    }
    if !it.quotas.is_empty() {
        let quotas = it.quotas.iter().map(|it| {
            json!({ "id": it.id, "if": show_condition(&it.when), "most": it.most,
                "then": it.then })
        });
        put(&mut shown, "quotas", quotas.collect());
    }
    let sampling = &it.sampling;
    if *sampling != domain::survey::Sampling::default() {
        let rest = json!({ "survey": sampling.rest_survey, "metric": sampling.rest_metric,
            "any": sampling.rest_any });
        put(&mut shown, "sampling", json!({ "percent": sampling.percent, "rest_days": rest }));
    }
    let mut weights = Map::new();
    for (dimension, weight) in &it.weights {
        weights.insert(dimension.clone(), (*weight).into());
    }
    put_map(&mut shown, "weights", weights);
    let mut targets = Map::new();
    for (group, target) in &it.targets {
        targets.insert((*group).to_owned(), (*target).into());
    }
    put_map(&mut shown, "targets", targets);
    shown
}

/// A definition as the widget sees it: what is asked, and nothing of what it is for.
pub fn show_public(id: &str, version: i64, it: &Definition) -> Value {
    let mut shown = common(it, false);
    put(&mut shown, "id", id.into());
    put(&mut shown, "version", version.into());
    put(&mut shown, "languages", json!(it.languages()));
    shown
}

/// What staff and visitors see alike.
fn common(it: &Definition, for_staff: bool) -> Value {
    let questions: Vec<Value> =
        it.questions.iter().map(|it| show_question(it, for_staff)).collect();
    let mut shown = json!({
        "default_language": it.default_language,
        "title": it.title,
        "questions": questions,
    });
    put_texts(&mut shown, "welcome", &it.welcome);
    put_texts(&mut shown, "thanks", &it.thanks);
    if it.in_steps {
        put(&mut shown, "layout", "steps".into());
    }
    let mut theme = Map::new();
    for (name, colour) in &it.theme {
        theme.insert((*name).to_owned(), colour.as_str().into());
    }
    put_map(&mut shown, "theme", theme);
    if !it.endings.is_empty() {
        put(&mut shown, "endings", it.endings.iter().map(show_ending).collect());
    }
    if !it.hidden.is_empty() {
        let hidden = it.hidden.iter().map(|it| json!({ "id": it.id, "max_length": it.chars_max }));
        put(&mut shown, "hidden", hidden.collect());
    }
    shown
}

fn show_ending(it: &Ending) -> Value {
    let mut shown = json!({ "id": it.id, "text": it.text });
    put_text(&mut shown, "link", &it.link);
    put_texts(&mut shown, "link_text", &it.link_text);
    if let Some(when) = &it.when {
        put(&mut shown, "if", show_condition(when));
    }
    shown
}

fn show_question(it: &Question, for_staff: bool) -> Value {
    let mut shown = json!({ "id": it.id, "text": it.text, "required": it.required });
    put_texts(&mut shown, "help", &it.help);
    put_texts(&mut shown, "low", &it.low);
    put_texts(&mut shown, "high", &it.high);
    if for_staff {
        put_text(&mut shown, "touchpoint_id", &it.touchpoint_id);
        put_text(&mut shown, "dimension", &it.dimension);
    }
    if let Some(when) = &it.show_if {
        put(&mut shown, "show_if", show_condition(when));
    }
    if !it.next.is_empty() {
        put(&mut shown, "next", it.next.iter().map(show_jump).collect());
    }
    let kind = show_ask(&it.kind, for_staff, &mut shown);
    put(&mut shown, "type", kind.into());
    shown
}

fn show_jump(it: &Jump) -> Value {
    let mut shown = json!({ "to": it.to });
    if let Some(when) = &it.when {
        put(&mut shown, "if", show_condition(when));
    }
    shown
}

/// Adds what only questions of this type have, and tells the type.
fn show_ask(kind: &Ask, for_staff: bool, shown: &mut Value) -> &'static str {
    let mut add = |name: &str, value: Value| put(shown, name, value);
    if matches!(
        kind,
        Ask::Single { shuffle: true, .. }
            | Ask::Multiple { shuffle: true, .. }
            | Ask::Matrix { shuffle: true, .. }
            | Ask::Ranking { shuffle: true, .. }
    ) {
        add("shuffle", true.into());
    }
    match kind {
        Ask::Nps => "nps",
        Ask::Rating { points, display } => {
            add("points", (*points).into());
            if *display != "numbers" {
                add("display", (*display).into());
            }
            "rating"
        }
        Ask::Effort => "effort",
        Ask::Single { options, .. } => {
            add("options", show_options(options));
            "single_choice"
        }
        Ask::Multiple { options, min, max, .. } => {
            add("options", show_options(options));
            add("min", (*min).into());
            add("max", (*max).into());
            "multiple_choice"
        }
        Ask::Matrix { rows, columns, .. } => {
            add("rows", rows.iter().map(|it| show_row(it, for_staff)).collect());
            match columns {
                Columns::Points(points) => add("points", (*points).into()),
                Columns::Options(options) => add("options", show_options(options)),
            }
            "matrix"
        }
        Ask::Ranking { options, max, .. } => {
            add("options", show_options(options));
            add("max", (*max).into());
            "ranking"
        }
        Ask::Text { chars_min, chars_max, pattern } => {
            add("max_length", (*chars_max).into());
            if 0 < *chars_min {
                add("min_length", (*chars_min).into());
            }
            put_text(shown, "pattern", pattern);
            "text"
        }
        Ask::Number { min, max, decimals, unit } => {
            add("decimals", (*decimals).into());
            put_bounds(shown, min.map(number), max.map(number));
            put_texts(shown, "unit", unit);
            "number"
        }
        Ask::Date { min, max } => {
            let day = |it: i32| civil::date(it).into();
            put_bounds(shown, min.map(day), max.map(day));
            "date"
        }
        Ask::Email => "email",
        Ask::Phone => "phone",
        Ask::Consent => "consent",
        Ask::Statement => "statement",
    }
}

fn show_row(it: &Row, for_staff: bool) -> Value {
    let mut shown = json!({ "id": it.id, "text": it.text });
    if for_staff {
        put_text(&mut shown, "touchpoint_id", &it.touchpoint_id);
        put_text(&mut shown, "dimension", &it.dimension);
    }
    shown
}

fn show_options(options: &[Choice]) -> Value {
    let show = |it: &Choice| {
        let mut shown = json!({ "id": it.id, "text": it.text });
        for (name, is_so) in [("open", it.open), ("exclusive", it.exclusive)] {
            if is_so {
                put(&mut shown, name, true.into());
            }
        }
        shown
    };
    options.iter().map(show).collect()
}

/// A number as people write it: 5, and not 5.0.
pub(super) fn number(number: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "it is compared with what it came from")]
    let whole = number as i64;
    #[expect(clippy::cast_precision_loss, reason = "compared")]
    let is_whole = whole as f64 == number;
    if is_whole { whole.into() } else { number.into() }
}

fn put_texts(into: &mut Value, name: &str, texts: &Texts) {
    if !texts.is_empty() {
        put(into, name, json!(texts));
    }
}

fn put_bounds(into: &mut Value, min: Option<Value>, max: Option<Value>) {
    for (name, bound) in [("min", min), ("max", max)] {
        if let Some(bound) = bound {
            put(into, name, bound);
        }
    }
}

fn put_text(into: &mut Value, name: &str, text: &str) {
    if !text.is_empty() {
        put(into, name, text.into());
    }
}

fn put_map(into: &mut Value, name: &str, map: Map<String, Value>) {
    if !map.is_empty() {
        put(into, name, map.into());
    }
}

pub(super) fn put(into: &mut Value, name: &str, value: Value) {
    if let Some(into) = into.as_object_mut() {
        into.insert(name.to_owned(), value);
    }
}
