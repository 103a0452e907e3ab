//! Definitions from JSON. Whether the parts fit together is asked in `check`.

use domain::asking::REST_DAYS_MAX;
use domain::survey::{
    ANSWER_CHARS_MAX, ASKS, Ask, COLOURS, Choice, Columns, DISPLAYS, Definition, EXTRAS_MAX,
    Ending, Hidden, JUMPS_MAX, Jump, LANGUAGES_MAX, OPTIONS_MAX, QUESTIONS_MAX, Question, Quota,
    ROWS_MAX, Row, Sampling, TEXT_CHARS_MAX, Texts,
};
use domain::touchpoint::{CHANNELS, GROUPS, STAGES};
use domain::{UtcMs, civil};
use serde_json::{Map, Value};

use super::logic::condition;
use super::{is_language, language_rule};
use crate::field::{Fields, one_of_rule, text_rule};
use crate::lang::{said, said_now};

/// Most responses that a limit or a quota may allow.
const MOST_MAX: i64 = 1_000_000_000;
/// The heaviest weight, and most dimensions that have one, as of a site.
const WEIGHT_MAX: i64 = 1_000;
const WEIGHTS_MAX: usize = 50;
/// Longest address that an ending leads to.
const LINK_CHARS_MAX: usize = 2_000;
/// Longest mask of an open answer.
const PATTERN_CHARS_MAX: usize = 100;

/// Reads a definition. Its mistakes are noted in `fields`.
pub fn read(fields: &mut Fields) -> Definition {
    let default_language = fields.text("default_language", 2, 35, "zh-CN");
    if !is_language(&default_language) {
        fields.refuse("default_language", language_rule());
    }
    let lang = default_language.as_str();
    let mut it = Definition {
        title: texts(fields, "title", lang, true),
        welcome: texts(fields, "welcome", lang, false),
        thanks: texts(fields, "thanks", lang, false),
        touchpoint_id: fields.text("touchpoint_id", 0, 64, ""),
        stage: fields.one_of_or_none("stage", &STAGES, ""),
        opens_at: instant(fields, "opens_at"),
        closes_at: instant(fields, "closes_at"),
        in_steps: fields.one_of("layout", &["page", "steps"], "page") == "steps",
        ..Definition::default()
    };
    let rule = || one_of_rule(&CHANNELS);
    let channels = fields.texts("channels", CHANNELS.len(), |it| CHANNELS.contains(&it), &rule);
    it.channels = channels.unwrap_or_default();
    it.response_limit = fields
        .has("response_limit")
        .then(|| fields.integer("response_limit", 1, MOST_MAX, Some(0)))
        .filter(|it| 0 < *it);
    let mut names = Names::default();
    for mut nested in fields.objects("questions", 1, QUESTIONS_MAX) {
        let question = question(&mut nested, lang);
        names.take(&mut nested, &question.id);
        it.questions.push(question);
        fields.absorb(nested);
    }
    for mut nested in fields.objects("hidden", 0, EXTRAS_MAX) {
        let chars = nested.integer("max_length", 1, 1_000, Some(200));
        let id = word(&mut nested, "id");
        names.take(&mut nested, &id);
        it.hidden.push(Hidden { id, chars_max: size(chars) });
        fields.absorb(nested);
    }
    extras(fields, lang, &mut it);
    it.default_language = default_language;
    it
}

/// What a survey has besides its questions.
fn extras(fields: &mut Fields, lang: &str, it: &mut Definition) {
    let mut names = Names::default();
    for mut nested in fields.objects("endings", 0, EXTRAS_MAX) {
        let ending = Ending {
            id: word(&mut nested, "id"),
            text: texts(&mut nested, "text", lang, true),
            link: nested.text("link", 0, LINK_CHARS_MAX, ""),
            link_text: texts(&mut nested, "link_text", lang, false),
            when: condition(&mut nested, "if"),
        };
        if !ending.link.is_empty() && !ending.link.starts_with("https://") {
            nested.refuse("link", said("must begin with https://", "须以 https:// 开头"));
        }
        names.take(&mut nested, &ending.id);
        it.endings.push(ending);
        fields.absorb(nested);
    }
    let mut names = Names::default();
    for mut nested in fields.objects("quotas", 0, EXTRAS_MAX) {
        let id = word(&mut nested, "id");
        names.take(&mut nested, &id);
        let most = nested.integer("most", 1, MOST_MAX, None);
        let then = nested.text("then", 1, 60, "thank");
        match condition(&mut nested, "if") {
            Some(when) => it.quotas.push(Quota { id, when, most, then }),
            None if nested.has("if") => {}
            None => nested.refuse("if", said("is required", "为必填项")),
        }
        fields.absorb(nested);
    }
    if let Some(mut nested) = fields.object("theme") {
        for name in COLOURS {
            let colour = nested.text(name, 0, 7, "");
            if colour.is_empty() {
                continue;
            }
            if is_colour(&colour) {
                it.theme.push((name, colour.to_ascii_lowercase()));
            } else {
                let rule = said("must be a colour such as #0b5f5b", "须为颜色，例如 #0b5f5b");
                nested.refuse(name, rule);
            }
        }
        fields.absorb(nested);
    }
    if let Some(mut nested) = fields.object("sampling") {
        it.sampling = sampling(&mut nested);
        fields.absorb(nested);
    }
    if let Some(mut nested) = fields.object("weights") {
        for name in nested.names().into_iter().take(WEIGHTS_MAX) {
            let weight = nested.integer(&name, 0, WEIGHT_MAX, None);
            it.weights.push((name, weight));
        }
        fields.absorb(nested);
    }
    if let Some(mut nested) = fields.object("targets") {
        for name in GROUPS {
            if nested.has(name) {
                let target = nested.integer(name, 0, 100, None);
                it.targets.push((name, target));
            }
        }
        fields.absorb(nested);
    }
}

fn sampling(fields: &mut Fields) -> Sampling {
    let mut it =
        Sampling { percent: fields.integer("percent", 1, 100, Some(100)), ..Sampling::default() };
    if let Some(mut rest) = fields.object("rest_days") {
        it.rest_survey = rest.integer("survey", 0, REST_DAYS_MAX, Some(0));
        it.rest_metric = rest.integer("metric", 0, REST_DAYS_MAX, Some(0));
        it.rest_any = rest.integer("any", 0, REST_DAYS_MAX, Some(0));
        fields.absorb(rest);
    }
    it
}

fn question(fields: &mut Fields, lang: &str) -> Question {
    let id = word(fields, "id");
    let kind = fields.one_of("type", &ASKS, "");
    let kind = ask(fields, &kind, lang);
    let (low, high) = if kind.scale().is_some() {
        (texts(fields, "low", lang, false), texts(fields, "high", lang, false))
    } else {
        (Texts::new(), Texts::new())
    };
    Question {
        id,
        text: texts(fields, "text", lang, true),
        help: texts(fields, "help", lang, false),
        low,
        high,
        required: fields.flag("required", false),
        touchpoint_id: fields.text("touchpoint_id", 0, 64, ""),
        dimension: fields.text("dimension", 0, 40, ""),
        kind,
        show_if: condition(fields, "show_if"),
        next: jumps(fields),
    }
}

fn ask(fields: &mut Fields, kind: &str, lang: &str) -> Ask {
    match kind {
        "nps" => Ask::Nps,
        "rating" => {
            let display = fields.one_of("display", &DISPLAYS, "numbers");
            Ask::Rating {
                points: points(fields),
                display: DISPLAYS.iter().find(|it| **it == display).unwrap_or(&"numbers"),
            }
        }
        "effort" => Ask::Effort,
        "single_choice" => {
            Ask::Single { options: options(fields, lang, false), shuffle: shuffle(fields) }
        }
        "multiple_choice" => {
            let options = options(fields, lang, true);
            let most = bound(options.len());
            let min = fields.integer("min", 0, most, Some(0));
            let max = fields.integer("max", min.max(1), most.max(1), Some(most));
            Ask::Multiple { options, min: size(min), max: size(max), shuffle: shuffle(fields) }
        }
        "matrix" => {
            let rows = rows(fields, lang);
            let columns = if fields.has("options") {
                Columns::Options(options(fields, lang, false))
            } else {
                Columns::Points(points(fields))
            };
            Ask::Matrix { rows, columns, shuffle: shuffle(fields) }
        }
        "ranking" => {
            let options = options(fields, lang, false);
            let most = bound(options.len());
            let max = fields.integer("max", 1, most.max(1), Some(most));
            Ask::Ranking { options, max: size(max), shuffle: shuffle(fields) }
        }
        "number" => {
            let decimals = fields.integer("decimals", 0, 4, Some(0));
            Ask::Number {
                min: number(fields, "min"),
                max: number(fields, "max"),
                decimals: small(decimals),
                unit: texts(fields, "unit", lang, false),
            }
        }
        "date" => Ask::Date { min: day(fields, "min"), max: day(fields, "max") },
        "email" => Ask::Email,
        "phone" => Ask::Phone,
        "consent" => Ask::Consent,
        "statement" => Ask::Statement,
        _ => {
            let most = bound(ANSWER_CHARS_MAX);
            let max = fields.integer("max_length", 1, most, Some(most));
            let min = fields.integer("min_length", 0, max, Some(0));
            let pattern = fields.text("pattern", 0, PATTERN_CHARS_MAX, "");
            Ask::Text { chars_min: size(min), chars_max: size(max), pattern }
        }
    }
}

fn jumps(fields: &mut Fields) -> Vec<Jump> {
    let mut jumps = Vec::new();
    for mut nested in fields.objects("next", 0, JUMPS_MAX) {
        let when = condition(&mut nested, "if");
        jumps.push(Jump { when, to: nested.text("to", 1, 60, "") });
        fields.absorb(nested);
    }
    jumps
}

fn options(fields: &mut Fields, lang: &str, are_many: bool) -> Vec<Choice> {
    let mut names = Names::default();
    let mut options: Vec<Choice> = Vec::new();
    for mut nested in fields.objects("options", 2, OPTIONS_MAX) {
        let option = Choice {
            id: word(&mut nested, "id"),
            text: texts(&mut nested, "text", lang, true),
            open: nested.flag("open", false),
            exclusive: are_many && nested.flag("exclusive", false),
        };
        names.take(&mut nested, &option.id);
        options.push(option);
        fields.absorb(nested);
    }
    options
}

fn rows(fields: &mut Fields, lang: &str) -> Vec<Row> {
    let mut names = Names::default();
    let mut rows: Vec<Row> = Vec::new();
    for mut nested in fields.objects("rows", 1, ROWS_MAX) {
        let row = Row {
            id: word(&mut nested, "id"),
            text: texts(&mut nested, "text", lang, true),
            touchpoint_id: nested.text("touchpoint_id", 0, 64, ""),
            dimension: nested.text("dimension", 0, 40, ""),
        };
        names.take(&mut nested, &row.id);
        rows.push(row);
        fields.absorb(nested);
    }
    rows
}

/// Names that must differ.
#[derive(Default)]
struct Names {
    taken: Vec<String>,
}

impl Names {
    fn take(&mut self, fields: &mut Fields, name: &str) {
        if !name.is_empty() && self.taken.iter().any(|it| it == name) {
            fields.refuse("id", said("is taken by an earlier one", "与前面的重复"));
        }
        self.taken.push(name.to_owned());
    }
}

fn points(fields: &mut Fields) -> u8 {
    small(fields.integer("points", 2, 10, Some(5)))
}

fn shuffle(fields: &mut Fields) -> bool {
    fields.flag("shuffle", false)
}

fn number(fields: &mut Fields, name: &str) -> Option<f64> {
    let value = fields.take(name)?;
    if value.as_f64().is_none() {
        fields.refuse(name, said("must be a number", "须为数字"));
    }
    value.as_f64()
}

fn day(fields: &mut Fields, name: &str) -> Option<i32> {
    let text = fields.text(name, 0, 10, "");
    let day = civil::parse_date(&text);
    if day.is_none() && !text.is_empty() {
        fields.refuse(name, said("must be a day such as 2026-11-22", "须为日期，例如 2026-11-22"));
    }
    day
}

fn instant(fields: &mut Fields, name: &str) -> Option<UtcMs> {
    let text = fields.text(name, 0, 40, "");
    let at = civil::parse_rfc3339(&text);
    if at.is_none() && !text.is_empty() {
        let rule = said(
            "must be a time such as 2026-11-22T09:30:00Z",
            "须为时间，例如 2026-11-22T09:30:00Z",
        );
        fields.refuse(name, rule);
    }
    at
}

fn is_colour(text: &str) -> bool {
    let hex = text.strip_prefix('#').unwrap_or("");
    hex.len() == 6 && hex.bytes().all(|it| it.is_ascii_hexdigit())
}

/// A name that stands in answers, exports and URLs.
fn word(fields: &mut Fields, name: &str) -> String {
    let word = fields.text(name, 1, 40, "");
    let fits = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_';
    if !word.is_empty() && !word.bytes().all(fits) {
        fields.refuse(
            name,
            said(
                "must be lower-case letters, digits and underscores",
                "只能使用小写字母、数字和下划线",
            ),
        );
    }
    word
}

/// A text in several languages, or just a text, which is then in the default language.
fn texts(fields: &mut Fields, name: &str, lang: &str, required: bool) -> Texts {
    let mut texts = Texts::new();
    let given = match fields.take(name) {
        Some(Value::String(text)) => {
            let mut map = Map::new();
            map.insert(lang.to_owned(), text.into());
            map
        }
        Some(Value::Object(map)) if map.len() <= LANGUAGES_MAX => map,
        Some(_) => {
            fields.refuse(
                name,
                said(
                    "must be a text, or an object of languages and texts",
                    "须为文本，或语言到文本的对象",
                ),
            );
            return texts;
        }
        None => Map::new(),
    };
    let was_given = !given.is_empty();
    for (tag, text) in given {
        let at = format!("{name}/{}", crate::field::escape(&tag));
        if !is_language(&tag) {
            fields.refuse(&at, language_rule());
            continue;
        }
        match text.as_str().map(|it| domain::text::clean(it, 1, TEXT_CHARS_MAX)) {
            Some(Ok(text)) => {
                texts.insert(tag, text.to_owned());
            }
            Some(Err(fault)) => fields.refuse(&at, text_rule(fault, 1, TEXT_CHARS_MAX)),
            None => fields.refuse(&at, said("must be a text", "须为文本")),
        }
    }
    if (required || was_given) && !texts.contains_key(lang) {
        fields.refuse(
            name,
            said_now(
                format!("needs a text in the default language, {lang}"),
                format!("需要默认语言 {lang} 的文本"),
            ),
        );
    }
    texts
}

fn small(number: i64) -> u8 {
    u8::try_from(number).unwrap_or(0)
}

fn size(number: i64) -> usize {
    usize::try_from(number).unwrap_or(0)
}

fn bound(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
