//! Forms whose fields become the body of a call, and that come back as they were typed.
//!
//! A field is named as its member of the body is pointed at, without the first slash: `name`,
//! `compensation/agent`. What the API refuses is shown beside the field that it points at.

use app::neighbour::Refused;
use domain::zone::Zone;
use pages::html::Html;
use pages::{Field, field};
use serde_json::{Map, Value};
use web::lang::Lang;
use web::view;

use crate::Desk;
pub use crate::field::{Select, select};
use crate::field::{flag, several};
use crate::tell::{items, text};
use crate::typed;

/// What a field takes, and how that stands in the body.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A line.
    Line,
    /// Several lines.
    Text,
    /// A line that nobody looking on may read.
    Secret,
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// True or false: a box to tick.
    Flag,
    /// One of these: values and what they are called.
    Choice(Vec<(String, String)>),
    /// Some of these, as an array.
    Several(Vec<(String, String)>),
    /// An array of texts, one to a line.
    Lines,
    /// An object of whole numbers: `name = number`, one to a line.
    Counts,
    /// A day.
    Date,
    /// An instant, by the clock of this zone.
    Moment(Zone),
    /// A time of day.
    Clock,
    /// A span of time, as seconds: `30 s`, `5 min`, `2 h`.
    Span,
    /// An array of `{from, until}`, one to a line, by the clock of this zone; days or times.
    Periods(Zone),
    /// Whatever JSON it is.
    Json,
}

/// What stands in the body for a field that was left empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Empty {
    /// Nothing.
    #[default]
    Leave,
    /// Null.
    Null,
    /// An empty text.
    Text,
}

/// A field of a form.
#[derive(Clone, Debug)]
pub struct Input {
    name: String,
    label: String,
    hint: String,
    kind: Kind,
    empty: Empty,
    is_needed: bool,
    is_draft: bool,
    autocomplete: &'static str,
}

impl Input {
    /// A field; `name` is where its value stands in the body.
    pub fn new(name: impl Into<String>, label: impl Into<String>, kind: Kind) -> Input {
        Input {
            name: name.into(),
            label: label.into(),
            hint: String::new(),
            kind,
            empty: Empty::Leave,
            is_needed: false,
            is_draft: false,
            autocomplete: "",
        }
    }

    /// A line.
    pub fn line(name: impl Into<String>, label: impl Into<String>) -> Input {
        Input::new(name, label, Kind::Line)
    }

    /// Says more below the label.
    pub fn hint(mut self, hint: impl Into<String>) -> Input {
        self.hint = hint.into();
        self
    }

    /// Says that it must be filled in.
    pub fn needed(mut self) -> Input {
        self.is_needed = true;
        self
    }

    /// Has its several lines outlive a reload, where scripts run.
    pub fn draft(mut self) -> Input {
        self.is_draft = true;
        self
    }

    /// Says what stands for nothing.
    pub fn empty(mut self, empty: Empty) -> Input {
        self.empty = empty;
        self
    }

    /// Says what a browser may fill in.
    pub fn autocomplete(mut self, autocomplete: &'static str) -> Input {
        self.autocomplete = autocomplete;
        self
    }

    /// The same below another name, where several forms are sent as one.
    pub fn within(mut self, name: &str) -> Input {
        self.name = format!("{name}/{}", self.name);
        self
    }

    /// Where its value stands in the body, without the first slash.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is called.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// A value of the API in words; empty for none.
    pub fn tell(&self, lang: Lang, value: &Value) -> String {
        let mut told = shown(&self.kind, value);
        match &self.kind {
            Kind::Flag if value.is_boolean() => {
                let is_set = !told.is_empty();
                return (if is_set { lang.of("yes", "是") } else { lang.of("no", "否") })
                    .to_owned();
            }
            Kind::Span if value.is_i64() => {
                return typed::span(lang, value.as_i64().unwrap_or(0));
            }
            Kind::Choice(options) | Kind::Several(options) => {
                for it in &mut told {
                    *it = crate::tell::name_of(options, it).to_owned();
                }
            }
            Kind::Moment(_) => told.iter_mut().for_each(|it| *it = it.replace('T', " ")),
            Kind::Lines | Kind::Counts | Kind::Periods(_) => {
                told.iter_mut().for_each(|it| *it = it.replace('\n', lang.of(", ", "、")));
            }
            _ => {}
        }
        told.join(lang.of(", ", "、"))
    }

    /// What it takes.
    pub fn kind(&self) -> &Kind {
        &self.kind
    }

    /// The id of the field, to lead to from the list of mistakes.
    fn id(&self, scope: &str) -> String {
        let id = scoped(scope, &self.name);
        match &self.kind {
            Kind::Several(options) => {
                let first = options.first().map_or("", |it| it.0.as_str());
                format!("{id}-{first}")
            }
            _ => id,
        }
    }
}

/// The id of a field of this name.
fn scoped(scope: &str, name: &str) -> String {
    if scope.is_empty() { name.to_owned() } else { format!("{scope}-{name}") }
}

/// The fields of a form.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// In their order.
    pub inputs: Vec<Input>,
    /// What the ids of its fields begin with, where a page has several forms; empty for nothing.
    pub scope: &'static str,
}

/// A form as it is shown: what stands in the fields and what is wrong with them.
#[derive(Clone, Debug, Default)]
pub struct Filled {
    /// What stands in the fields, by name, as it was typed.
    pub pairs: Vec<(String, String)>,
    /// What is wrong with which field.
    pub wrong: Vec<(String, String)>,
    /// What is wrong with the form as a whole; empty for nothing.
    pub alert: String,
    /// What stands there now, of fields that somebody else changed meanwhile.
    pub meanwhile: Vec<(String, String)>,
    /// The version that the form is for; 0 for none.
    pub version: i64,
    /// The status to answer with; 0 for 200.
    pub status: u16,
}

impl Filled {
    /// What the API told of a thing, in the fields of a form.
    pub fn of(form: &Form, told: &Value) -> Filled {
        let mut filled = Filled {
            version: crate::tell::at(told, "/version").as_i64().unwrap_or(0),
            ..Filled::default()
        };
        for input in &form.inputs {
            let value = told.pointer(&format!("/{}", input.name)).unwrap_or(&Value::Null);
            for it in shown(&input.kind, value) {
                filled.pairs.push((input.name.clone(), it));
            }
        }
        filled
    }

    /// What was typed, and why it was refused.
    pub fn refused(lang: Lang, form: &Form, sent: &crate::Sent, refused: &Refused) -> Filled {
        let mut filled = Filled {
            pairs: sent.pairs.clone(),
            version: sent.version(),
            status: refused.status,
            ..Filled::default()
        };
        let mut rest: Vec<&str> = Vec::new();
        let told = Value::Object(refused.told.clone());
        for it in items(&told, "/errors") {
            let detail = text(it, "/detail");
            let pointer = text(it, "/pointer").trim_start_matches('/');
            let named = form.inputs.iter().find(|it| {
                let below = pointer.strip_prefix(it.name.as_str());
                below.is_some_and(|it| it.is_empty() || it.starts_with('/'))
            });
            // What is wrong with a whole of several fields stands at the first of them.
            let within = || {
                let is_below = |it: &&Input| {
                    let below = it.name.strip_prefix(pointer);
                    !pointer.is_empty() && below.is_some_and(|it| it.starts_with('/'))
                };
                form.inputs.iter().find(is_below)
            };
            match named.or_else(within) {
                Some(input) => filled.refuse(lang, &input.name, detail),
                None => rest.push(detail),
            }
        }
        if let Some(first) = rest.first() {
            filled.alert = (*first).to_owned();
        } else if filled.wrong.is_empty() {
            filled.alert = match refused.status {
                503 => lang
                    .of(
                        "This cannot be reached just now. Nothing was changed: send it again in \
                         a moment.",
                        "暂时无法处理，尚未作任何更改，请稍后再试。",
                    )
                    .to_owned(),
                _ => refused.text().to_owned(),
            };
        }
        if text(&told, "/type").ends_with("idempotency-key-reused") {
            filled.alert = lang
                .of(
                    "This form was sent already, with something else in it. To send what stands \
                     here as well, send it again.",
                    "此表单此前已提交过，内容与现在不同。如需将现在的内容也提交，请再次提交。",
                )
                .to_owned();
        }
        filled
    }

    /// Notes a mistake at a field.
    pub fn refuse(&mut self, lang: Lang, name: &str, detail: &str) {
        match self.wrong.iter_mut().find(|it| it.0 == name) {
            Some(it) => {
                it.1.push_str(lang.of("; ", "；"));
                it.1.push_str(detail);
            }
            None => self.wrong.push((name.to_owned(), detail.to_owned())),
        }
    }

    /// The first value of a field; empty for none.
    pub fn get(&self, name: &str) -> &str {
        app::hosted::visit::value(&self.pairs, name)
    }

    /// Puts a value into a field in place of what is there.
    pub fn set(&mut self, name: &str, value: &str) {
        self.pairs.retain(|it| it.0 != name);
        self.pairs.push((name.to_owned(), value.to_owned()));
    }

    /// What is wrong with a field; empty for nothing.
    pub fn wrong(&self, name: &str) -> &str {
        self.wrong.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str())
    }

    /// Whether nothing is wrong.
    pub fn is_good(&self) -> bool {
        self.wrong.is_empty() && self.alert.is_empty()
    }

    /// The status of a page that shows it.
    pub fn status(&self) -> http::StatusCode {
        http::StatusCode::from_u16(self.status).unwrap_or(http::StatusCode::OK)
    }
}

impl Form {
    /// A form with these fields.
    pub fn new(inputs: Vec<Input>) -> Form {
        Form { inputs, scope: "" }
    }

    /// Says what the ids of its fields begin with, where a page has several forms.
    pub fn scoped(mut self, scope: &'static str) -> Form {
        self.scope = scope;
        self
    }

    /// The body that was filled in, or the form with what cannot be one.
    pub fn read(&self, lang: Lang, sent: &crate::Sent) -> Result<Map<String, Value>, Filled> {
        let mut body = Map::new();
        let mut filled = Filled {
            pairs: sent.pairs.clone(),
            version: sent.version(),
            status: 422,
            ..Filled::default()
        };
        for input in &self.inputs {
            match value(lang, input, sent) {
                Ok(Some(value)) => put(&mut body, &input.name, value),
                Ok(None) => {}
                Err(rule) => filled.refuse(lang, &input.name, &rule),
            }
        }
        if filled.wrong.is_empty() { Ok(body) } else { Err(filled) }
    }

    /// Draws what is wrong, and the fields; the button is the caller's.
    pub fn draw(&self, html: &mut Html, desk: &Desk, filled: &Filled) {
        self.alert(html, desk.lang, filled);
        self.fields(html, desk, filled);
    }

    /// The fields alone, for a form that has more beside them.
    pub fn fields(&self, html: &mut Html, desk: &Desk, filled: &Filled) {
        for input in &self.inputs {
            self.draw_one(html, desk, filled, input);
        }
        self.version(html, filled);
    }

    /// What a form carries of the version that it is for.
    pub fn version(&self, html: &mut Html, filled: &Filled) {
        if filled.version != 0 {
            let version = filled.version.to_string();
            let hidden = [("type", "hidden"), ("name", "version"), ("value", version.as_str())];
            html.void("input", &hidden);
        }
    }

    /// What is wrong, above the fields, with a way to each of them.
    pub fn alert(&self, html: &mut Html, lang: Lang, filled: &Filled) {
        if filled.is_good() {
            return;
        }
        let heading = match filled.alert.as_str() {
            "" => lang.of("Please check what is marked", "请检查标出的内容"),
            alert => alert,
        };
        let mut wrong = Vec::with_capacity(filled.wrong.len());
        for (name, detail) in &filled.wrong {
            if let Some(input) = self.inputs.iter().find(|it| it.name == *name) {
                let colon = lang.of(": ", "：");
                wrong.push((input.id(self.scope), format!("{}{colon}{detail}", input.label)));
            }
        }
        let wrong: Vec<(&str, &str)> = wrong.iter().map(|it| (&*it.0, &*it.1)).collect();
        pages::notes(html, heading, &wrong);
    }

    /// Draws one field, for forms that lay their fields out themselves: see [`Form::alert`] for
    /// what stands above them, and [`Form::version`] for what they carry.
    pub fn draw_one(&self, html: &mut Html, desk: &Desk, filled: &Filled, input: &Input) {
        let lang = desk.lang;
        let meanwhile = filled.meanwhile.iter().find(|it| it.0 == input.name);
        let mut hint = input.hint.clone();
        if let Some((_, now)) = meanwhile {
            let now = if now.is_empty() { lang.of("nothing", "空") } else { now };
            let said = lang.of("Meanwhile somebody else saved: ", "其间他人已保存为：");
            hint = format!("{hint} {said}{now}");
        }
        let (name, wrong) = (input.name.as_str(), filled.wrong(&input.name));
        let (id, typed) = (scoped(self.scope, name), filled.get(name));
        let it = Select { id: &id, name, label: &input.label, hint: &hint, wrong };
        match &input.kind {
            Kind::Choice(options) => select(html, &it, options, typed),
            Kind::Several(options) => {
                let chosen: Vec<&str> =
                    filled.pairs.iter().filter(|it| it.0 == name).map(|it| &*it.1).collect();
                several(html, &it, options, &chosen);
            }
            Kind::Flag => flag(html, &it, !typed.is_empty()),
            kind => field(
                html,
                &Field {
                    id: &id,
                    name,
                    label: &input.label,
                    hint: hint.trim(),
                    value: typed,
                    wrong,
                    kind: match kind {
                        Kind::Secret => "password",
                        Kind::Date => "date",
                        Kind::Moment(_) => "datetime-local",
                        Kind::Clock => "time",
                        Kind::Text | Kind::Lines | Kind::Counts | Kind::Periods(_) | Kind::Json => {
                            ""
                        }
                        _ => "text",
                    },
                    autocomplete: match input.autocomplete {
                        "" => "off",
                        it => it,
                    },
                    is_needed: input.is_needed,
                    is_draft: input.is_draft,
                },
            ),
        }
    }
}

/// What a value of the API looks like in a field; none for an empty one.
pub(crate) fn shown(kind: &Kind, value: &Value) -> Vec<String> {
    let plain = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => view::text(other),
    };
    match (kind, value) {
        (_, Value::Null) => Vec::new(),
        (Kind::Flag, Value::Bool(is_set)) => {
            if *is_set {
                vec!["true".to_owned()]
            } else {
                Vec::new()
            }
        }
        (Kind::Several(_), Value::Array(all)) => all.iter().map(plain).collect(),
        (Kind::Lines, Value::Array(all)) => {
            let lines: Vec<String> = all.iter().map(plain).collect();
            vec![lines.join("\n")]
        }
        (Kind::Counts, Value::Object(all)) => {
            let mut lines = Vec::with_capacity(all.len());
            for (name, value) in all {
                lines.push(format!("{name} = {}", plain(value)));
            }
            vec![lines.join("\n")]
        }
        (Kind::Span, Value::Number(seconds)) => {
            // These units are read everywhere.
            seconds.as_i64().map(|it| typed::span(Lang::En, it)).into_iter().collect()
        }
        (Kind::Periods(zone), Value::Array(all)) => vec![typed::periods(*zone, all)],
        (Kind::Json, value) => vec![typed::pretty(value)],
        (Kind::Moment(zone), Value::String(text)) => {
            let at = domain::civil::parse_rfc3339(text);
            at.map(|at| local(*zone, at)).into_iter().collect()
        }
        (_, value) => vec![plain(value)],
    }
}

/// An instant by the clock of a zone, as a browser's field has it: `2026-11-23T10:00`.
pub fn local(zone: Zone, at: domain::UtcMs) -> String {
    let mut text = domain::civil::rfc3339(at, zone.offset_s(at));
    text.truncate(16);
    text
}

/// What a field says, as a value of the body; `None` where it stays out of it.
fn value(lang: Lang, input: &Input, sent: &crate::Sent) -> Result<Option<Value>, String> {
    let typed = sent.get(&input.name).trim();
    match &input.kind {
        Kind::Flag => return Ok(Some(Value::Bool(!typed.is_empty()))),
        Kind::Several(_) => {
            return Ok(Some(sent.all(&input.name).map(Value::from).collect()));
        }
        Kind::Lines => {
            let lines = typed.lines().map(str::trim).filter(|it| !it.is_empty());
            return Ok(Some(lines.map(Value::from).collect()));
        }
        Kind::Counts => return typed::counts(lang, typed).map(Some),
        Kind::Periods(zone) => return typed::absences(lang, *zone, typed).map(Some),
        _ if typed.is_empty() => {
            return match input.empty {
                Empty::Leave if input.is_needed => {
                    Err(lang.of("must be filled in", "必须填写").to_owned())
                }
                Empty::Leave => Ok(None),
                Empty::Null => Ok(Some(Value::Null)),
                Empty::Text => Ok(Some("".into())),
            };
        }
        _ => {}
    }
    let wrong = |en: &str, zh: &str| Err(lang.of(en, zh).to_owned());
    match &input.kind {
        Kind::Whole => match typed.parse::<i64>() {
            Ok(number) => Ok(Some(number.into())),
            Err(_) => wrong("must be a whole number", "须为整数"),
        },
        Kind::Number => match view::json(typed) {
            number @ Value::Number(_) => Ok(Some(number)),
            _ => wrong("must be a number", "须为数字"),
        },
        Kind::Span => match typed::read_span(typed) {
            Some(seconds) => Ok(Some(seconds.into())),
            None => wrong(
                "must be a number with its unit: 30 s, 5 min, 2 h or 1 d",
                "须为带单位的数字，例如 30 秒、5 分钟、2 小时、1 天",
            ),
        },
        Kind::Moment(zone) => match moment(*zone, typed) {
            Some(at) => Ok(Some(view::time(at).into())),
            None => wrong("must be a day and a time", "须为日期和时间"),
        },
        Kind::Json => match view::json(typed) {
            Value::Null => wrong("must be JSON", "须为 JSON"),
            json => Ok(Some(json)),
        },
        _ => Ok(Some(typed.into())),
    }
}

/// The instant at which the clock of a zone shows this: the first one where it does so twice.
pub fn moment(zone: Zone, text: &str) -> Option<domain::UtcMs> {
    let whole = match text.len() {
        16 => format!("{text}:00Z"),
        19 => format!("{text}Z"),
        _ => return None,
    };
    domain::civil::parse_rfc3339(&whole).map(|it| zone.to_utc(it).earliest())
}

/// Puts a value where a pointer without its first slash leads.
fn put(body: &mut Map<String, Value>, name: &str, value: Value) {
    match name.split_once('/') {
        None => {
            body.insert(name.to_owned(), value);
        }
        Some((first, rest)) => {
            let inner = body.entry(first.to_owned()).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}
