//! Goals as the API tells them: what the neighbours said, held against the targets.

use board::tell::{at, caution, count, items, number, text};
use domain::civil::date;
use domain::goal::{Each, GOALS, Goal, Target};
use domain::score::round;
use domain::touchpoint::STAGES;
use serde_json::{Map, Value, json};
use web::lang::{Lang, Said, said};

use crate::answers::{Answers, Asked, YEAR_BEFORE};

/// What the stages of the journey are called.
const STAGE_NAMES: [Said; 4] = [
    said("Pre-sale", "售前咨询"),
    said("Purchase", "购买交易"),
    said("After-sale", "售后服务"),
    said("Retention", "复购留存"),
];
/// The grades of complaints, and what they are called.
const GRADES: [(&str, Said); 3] = [
    ("general", said("general", "一般")),
    ("moderate", said("moderate", "中度")),
    ("major", said("major", "重大")),
];

/// What is known of a figure.
#[derive(Default)]
struct Figure {
    value: Option<f64>,
    n: Option<u64>,
    interval: Option<(f64, f64)>,
    /// The target that it has of its own.
    own: Option<f64>,
    /// Whether it is met, where only who counted it can say.
    is_met: Option<Value>,
    /// What it was before, and how much that means.
    before: Option<f64>,
    change: Value,
    /// What to bring, where the source says it.
    connect: Vec<String>,
    /// What else to know.
    note: String,
    trend: Vec<Value>,
}

/// Which of several figures an item is.
#[derive(Default)]
struct Which {
    key: String,
    label: String,
}

/// Every goal.
pub(crate) fn all(answers: &Answers, asked: &Asked, lang: Lang) -> Vec<Value> {
    let mut all = Vec::with_capacity(GOALS.len() * 2);
    let maker = Maker { answers, asked, lang };
    for goal in &GOALS {
        match goal.each {
            Each::One => all.push(maker.item(goal, Which::default(), maker.one(goal))),
            Each::Stage => maker.stages(goal, &mut all),
            Each::KeyTouchpoint => maker.touchpoints(goal, &mut all),
            Each::Grade => maker.grades(goal, &mut all),
            Each::Standard => maker.standards(goal, &mut all),
        }
    }
    all
}

/// What items are made of.
struct Maker<'a> {
    answers: &'a Answers,
    asked: &'a Asked,
    lang: Lang,
}

impl Maker<'_> {
    fn stages(&self, goal: &'static Goal, all: &mut Vec<Value>) {
        let parts = items(self.answers.get(goal.source), "/parts");
        for (stage, name) in STAGES.iter().zip(&STAGE_NAMES) {
            let part = parts.iter().find(|it| text(it, "/key") == *stage).unwrap_or(&Value::Null);
            let which = Which { key: (*stage).to_owned(), label: name.text(self.lang).to_owned() };
            all.push(self.item(goal, which, self.score(part)));
        }
    }

    fn touchpoints(&self, goal: &'static Goal, all: &mut Vec<Value>) {
        let before = all.len();
        for it in items(self.answers.get(goal.source), "/touchpoints") {
            if at(it, "/is_key").as_bool() != Some(true) {
                continue;
            }
            let which =
                Which { key: text(it, "/id").to_owned(), label: text(it, "/name").to_owned() };
            let mut figure = self.score(at(it, "/csat"));
            figure.own = number(it, "/csat/target");
            all.push(self.item(goal, which, figure));
        }
        if all.len() == before {
            let mark = self.lang.of(
                "Mark the touchpoints that matter most as key (is_key).",
                "请将最重要的触点标记为关键触点（is_key）。",
            );
            let figure = Figure { connect: vec![mark.to_owned()], ..Figure::default() };
            all.push(self.item(goal, Which::default(), figure));
        }
    }

    fn grades(&self, goal: &'static Goal, all: &mut Vec<Value>) {
        let parts = items(self.answers.get(goal.source), "/parts");
        for (grade, name) in &GRADES {
            let part = parts.iter().find(|it| text(it, "/key") == *grade).unwrap_or(&Value::Null);
            let (label, name) = (self.lang.of(goal.label.0, goal.label.1), name.text(self.lang));
            let label = format!("{label}{}{name}", self.lang.of(": ", "："));
            let which = Which { key: (*grade).to_owned(), label };
            all.push(self.item(goal, which, self.share(at(part, "/rates/closed_on_time"))));
        }
    }

    fn standards(&self, goal: &'static Goal, all: &mut Vec<Value>) {
        let durations = items(self.answers.get(goal.source), "/durations");
        let promised =
            |it: &&Value| number(it, "/target").is_some() && text(it, "/name") != "handling";
        for it in durations.iter().filter(promised) {
            let seconds = number(it, "/standard_seconds").unwrap_or(0.0);
            let label = format!("{} ≤ {}", text(it, "/label"), lasting(seconds, self.lang));
            let which = Which { key: text(it, "/name").to_owned(), label };
            let figure = Figure {
                n: count(it, "/n"),
                is_met: Some(at(it, "/met").clone()),
                ..self.extra(it, "within")
            };
            all.push(self.item(goal, which, figure));
        }
        if durations.is_empty() {
            all.push(self.item(goal, Which::default(), Figure::default()));
        }
    }

    fn one(&self, goal: &'static Goal) -> Figure {
        let told = self.answers.get(goal.source);
        let of = |pointer: &str| at(told, pointer);
        let mut figure = match (goal.source, goal.name) {
            ("", _) => Figure::default(),
            (_, "very_satisfied") => self.extra(told, goal.name),
            (_, "service_score") => self.extra(told, "mean"),
            ("/v1/figures", "handling") => self.handling(told, goal),
            ("/v1/figures", name) => self.rate(told, name),
            (_, "loop_time") => self.duration(of("/solution"), goal),
            ("/v1/complaint-figures", name) => self.one_share(told, name),
            ("/v1/callback-figures", name) => {
                self.one_share(told, name.strip_prefix("callbacks_").unwrap_or(name))
            }
            _ => self.score(told),
        };
        figure.trend = self.trend(goal);
        figure
    }

    /// A score as every reading of scores tells it.
    fn score(&self, told: &Value) -> Figure {
        Figure {
            change: at(told, "/compared/difference").clone(),
            before: number(told, "/compared/value"),
            note: self.caution(told),
            ..figure(told)
        }
    }

    /// What a score has beside its value, with the number of its answers.
    fn extra(&self, told: &Value, name: &str) -> Figure {
        let own = at(told, &format!("/{name}"));
        Figure {
            n: count(told, "/n"),
            note: self.caution(told),
            connect: connect(told),
            ..figure(own)
        }
    }

    /// A share of some cases.
    fn share(&self, told: &Value) -> Figure {
        Figure { note: self.caution(told), ..figure(told) }
    }

    fn one_share(&self, told: &Value, name: &str) -> Figure {
        Figure {
            change: at(told, &format!("/compared/differences/{name}")).clone(),
            before: number(told, &format!("/compared/rates/{name}/value")),
            ..self.share(at(told, &format!("/rates/{name}")))
        }
    }

    /// A share of one count in another, with what it was a year before.
    fn rate(&self, told: &Value, name: &str) -> Figure {
        let of = |told: &'_ Value| {
            let found = items(told, "/rates").iter().find(|it| text(it, "/name") == name);
            found.cloned().unwrap_or_default()
        };
        let own = of(told);
        let n = count(&own, "/denominator/sum");
        let is_small = n.is_some_and(|it| 0 < it) && at(&own, "/small").as_bool() == Some(true);
        let note =
            if is_small { caution(&json!({ "n": n, "small": true }), self.lang) } else { "" };
        Figure {
            n,
            before: number(&of(self.answers.get(YEAR_BEFORE)), "/value"),
            connect: connect(&own),
            note: note.to_owned(),
            ..figure(&own)
        }
    }

    fn handling(&self, told: &Value, goal: &Goal) -> Figure {
        let found = items(told, "/durations").iter().find(|it| text(it, "/name") == goal.name);
        let own = found.unwrap_or(&Value::Null);
        Figure {
            value: number(own, "/mean").map(|it| round(it / goal.unit.seconds(), 1)),
            n: count(own, "/n"),
            connect: connect(own),
            note: self.caution(own),
            ..Figure::default()
        }
    }

    /// The median of durations.
    fn duration(&self, told: &Value, goal: &Goal) -> Figure {
        let in_unit =
            |pointer: &str| number(told, pointer).map(|it| round(it / goal.unit.seconds(), 1));
        Figure {
            value: in_unit("/median"),
            n: count(told, "/n"),
            interval: in_unit("/median_interval/0").zip(in_unit("/median_interval/1")),
            note: self.caution(told),
            ..Figure::default()
        }
    }

    /// What to say of few answers; without any, what to connect says it.
    fn caution(&self, told: &Value) -> String {
        if count(told, "/n").is_none_or(|it| it == 0) {
            return String::new();
        }
        caution(told, self.lang).to_owned()
    }

    /// The course of a goal, month by month; empty where there is none.
    fn trend(&self, goal: &Goal) -> Vec<Value> {
        let name = goal.name.strip_prefix("callbacks_").unwrap_or(goal.name);
        let place = match goal.source {
            "/v1/complaint-figures" if goal.name == "loop_time" => "/solution".to_owned(),
            "/v1/complaint-figures" | "/v1/callback-figures" => format!("/rates/{name}"),
            _ if goal.name == "very_satisfied" => return Vec::new(),
            _ => String::new(),
        };
        let parts = self.answers.course(goal.source);
        let months = self.asked.months();
        let mut trend = Vec::with_capacity(months.len());
        for (part, month) in parts.iter().zip(&months) {
            let told = at(part, &place);
            let value = match goal.name {
                "loop_time" => self.duration(told, goal).value,
                _ => number(told, "/value"),
            };
            trend.push(json!({
                "from": date(month.from),
                "to": date(month.to),
                "value": value,
                "n": count(told, "/n").unwrap_or(0),
            }));
        }
        trend
    }

    fn item(&self, goal: &'static Goal, which: Which, it: Figure) -> Value {
        let lang = self.lang;
        let of = |(en, zh): (&'static str, &'static str)| lang.of(en, zh);
        let target = goal.aim.target(it.before);
        let target = it.own.map(|number| Target { number, is_most: false }).or(target);
        let held = it.value.zip(target);
        let is_met = held.map(|(value, target)| target.is_met(value));
        let is_gone = self.answers.is_gone(goal.source);
        let against = match self.asked.against(goal.source) {
            _ if it.change.is_null() => None,
            against => Some(against).filter(|it| *it != "none"),
        };
        let note = match (&*it.note, is_gone, held) {
            (_, true, _) => lang.of(
                "This figure cannot be had just now. Please try again in a moment.",
                "暂时无法取得该指标，请稍后再试。",
            ),
            ("", _, None) if it.value.is_some() && goal.aim.direction().is_some() => lang.of(
                "There is nothing before to hold it against yet.",
                "还没有可供对比的历史数据。",
            ),
            (note, ..) => note,
        };
        let connect = match it.connect.as_slice() {
            _ if it.value.is_some() || is_gone || !note.is_empty() => None,
            [] => Some(of(goal.connect).to_owned()).filter(|it| !it.is_empty()),
            all => Some(all.join(lang.of("; ", "；"))),
        };
        let label = if which.label.is_empty() { of(goal.label) } else { &which.label };
        let mut shown = Map::new();
        for (name, value) in [
            ("name", json!(goal.name)),
            ("key", json!(web::view::some(&which.key))),
            ("label", json!(label)),
            ("area", json!(goal.area.name())),
            ("formula", json!(of(goal.formula))),
            ("source", json!(web::view::some(goal.source))),
            ("value", json!(it.value)),
            ("n", json!(it.n)),
            ("interval", json!(it.interval.map(|(low, high)| [low, high]))),
            ("unit", json!(goal.unit.name())),
            ("target", json!(target.map(|it| it.number))),
            ("direction", json!(goal.aim.direction())),
            ("met", it.is_met.unwrap_or_else(|| json!(is_met))),
            ("gap", json!(held.map(|(value, target)| target.gap(value)))),
            ("change", it.change),
            ("against", json!(against)),
            ("trend", Value::Array(it.trend)),
            ("connect", json!(connect)),
            ("note", json!(web::view::some(note))),
        ] {
            shown.insert(name.to_owned(), value);
        }
        Value::Object(shown)
    }
}

fn figure(told: &Value) -> Figure {
    Figure {
        value: number(told, "/value"),
        n: count(told, "/n"),
        interval: number(told, "/interval/0").zip(number(told, "/interval/1")),
        ..Figure::default()
    }
}

/// What a source says that it needs: one text, or several.
fn connect(told: &Value) -> Vec<String> {
    let all = items(told, "/connect").iter().filter_map(Value::as_str);
    let one = at(told, "/connect").as_str();
    all.chain(one).map(str::to_owned).collect()
}

/// A standard as people say it: `3 s`, `5 min`, `2 h`.
fn lasting(seconds: f64, lang: Lang) -> String {
    let (unit, name) = match seconds {
        3600.0.. => (3600.0, lang.of("h", "小时")),
        60.0.. => (60.0, lang.of("min", "分钟")),
        _ => (1.0, lang.of("s", "秒")),
    };
    format!("{} {name}", board::tell::plain(seconds / unit))
}
