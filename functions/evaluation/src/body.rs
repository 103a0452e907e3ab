//! What a report keeps of the answers: what it tells, without what is only bulky.

use domain::report::Days;
use serde_json::{Map, Value, json};
use store::sites::Site;
use web::view;

use crate::derive::{by_most, frequent, items, lows, pick, pick_all};
use crate::make::{Heard, Order};

/// The largest body.
pub(crate) const BYTES_MAX: usize = 300_000;
/// Most of what has no natural end.
const TOUCHPOINTS_MAX: usize = 200;
const FEW_TOUCHPOINTS_MAX: usize = 40;
const DEPARTMENTS_MAX: usize = 50;
const TYPES_MAX: usize = 30;
const CAUSES_MAX: usize = 20;
const WORDS_MAX: usize = 20;
const DIMENSIONS_MAX: usize = 40;
const STEPS_MAX: usize = 100;
const GOALS_MAX: usize = 80;

/// What of a score is kept.
const SCORE: [&str; 7] = ["value", "n", "interval", "suppressed", "small", "target", "met"];
/// What is told of one part of a course.
const POINT: [&str; 5] = ["key", "value", "n", "interval", "suppressed"];
/// What of a cause is kept.
const CAUSE: [&str; 10] = [
    "id",
    "kind",
    "name",
    "department",
    "n",
    "n_before",
    "share",
    "measure",
    "measure_since",
    "effect",
];

/// The body of a report as JSON.
pub(crate) fn text(site: &Site, order: &Order, heard: Heard) -> String {
    let mut body = of(site, order, heard);
    let mut text = view::text(&body);
    for step in 0..3 {
        if text.len() <= BYTES_MAX {
            break;
        }
        shorten(&mut body, step);
        text = view::text(&body);
    }
    text
}

fn of(site: &Site, order: &Order, mut heard: Heard) -> Map<String, Value> {
    let mut dashboard = heard.take("dashboard");
    let mut a_year_later = heard.take("year");
    let mut previous = compared(&mut dashboard);
    let mut year = compared(&mut a_year_later);
    let (mut cases, mut cases_year) = (heard.take("cases"), heard.take("cases_year"));
    let department = &order.department;
    let mut own = Value::Null;
    if !department.0.is_empty() {
        put(&mut previous, "complaints", take(&mut cases, "compared"));
        put(&mut year, "complaints", take(&mut cases_year, "compared"));
        own = cases;
    }
    let dimensions = dimensions(&heard.take("index"));
    let causes = causes(&heard.take("causes"), &department.0);
    let told = heard.take("types");
    let types = by_most(told.get("parts").unwrap_or(&Value::Null), "/received", TYPES_MAX);
    let types: Value =
        types.into_iter().map(|it| pick(it, &["key", "name", "received", "late"])).collect();
    let lowest = lows(dashboard.get("touchpoints").unwrap_or(&Value::Null), &dimensions);
    let frequent = frequent(&types, causes.get("items").unwrap_or(&Value::Null));
    let [before, a_year] = order.kind.compared(order.days).map(days);
    let mut body = Map::new();
    for (name, value) in [
        ("site", json!({ "id": site.id, "name": site.name })),
        ("zone", json!(site.zone)),
        ("department", department_view(department)),
        ("compared", json!({ "previous": before, "year": a_year })),
        ("dashboard", trimmed(dashboard)),
        ("previous", previous),
        ("year", year),
        ("course", course(&mut heard, order)),
        ("dimensions", dimensions),
        ("lowest", Value::Array(lowest)),
        (
            "complaints",
            json!({
                "own": own_cases(&own),
                "types": types,
                "departments": departments(&heard.take("departments")),
            }),
        ),
        ("frequent", Value::Array(frequent)),
        ("causes", causes),
        ("keywords", keywords(&heard.take("low"), &heard.take("high"), order.days)),
        ("goals", goals(&heard.take("goals"), &heard.take("goals_zh"))),
    ] {
        body.insert(name.to_owned(), value);
    }
    body
}

/// A department's id and name as JSON; null for the whole site.
pub(crate) fn department_view((id, name): &(String, String)) -> Value {
    if id.is_empty() { Value::Null } else { json!({ "id": id, "name": name }) }
}

fn days(days: Days) -> Value {
    json!({
        "from": domain::civil::date(days.first),
        "to": domain::civil::date(days.last),
    })
}

/// Takes what is said of other days out of an answer: of scores, complaints and call-backs.
fn compared(told: &mut Value) -> Value {
    let mut scores = Map::new();
    if let Some(Value::Object(found)) = told.get_mut("scores") {
        for (name, score) in found {
            scores.insert(name.clone(), take(score, "compared"));
        }
    }
    let mut of = |name: &str| told.get_mut(name).map(|it| take(it, "compared"));
    let (complaints, callbacks) = (of("complaints"), of("callbacks"));
    json!({ "scores": scores, "complaints": complaints, "callbacks": callbacks })
}

/// An answer of the overview without its courses and without what is only true now.
fn trimmed(mut told: Value) -> Value {
    if let Some(Value::Object(scores)) = told.get_mut("scores") {
        for (_, score) in scores {
            take(score, "trend");
        }
    }
    for name in ["complaints", "callbacks"] {
        if let Some(it) = told.get_mut(name) {
            take(it, "trend");
        }
    }
    take(&mut told, "compared");
    take(&mut told, "alarms");
    let names = ["id", "name", "stage", "is_key", "nps", "csat", "ces"];
    let touchpoints = touchpoints(&told, &names, TOUCHPOINTS_MAX);
    put(&mut told, "touchpoints", touchpoints);
    told
}

fn touchpoints(told: &Value, names: &[&str], most: usize) -> Value {
    let mut kept = pick_all(told.get("touchpoints").unwrap_or(&Value::Null), names, most);
    if let Value::Array(kept) = &mut kept {
        for it in kept {
            for name in ["nps", "csat", "ces"] {
                if let Some(score) = it.get_mut(name) {
                    *score = pick(score, &SCORE);
                }
            }
        }
    }
    kept
}

/// The course of the days, by steps.
fn course(heard: &mut Heard, order: &Order) -> Value {
    let mut course = Map::new();
    course.insert("step".to_owned(), Value::from(order.days.step().name()));
    for (name, what) in [
        ("index", "index_course"),
        ("nps", "nps_course"),
        ("csat", "csat_course"),
        ("ces", "ces_course"),
    ] {
        let told = heard.take(what);
        let parts = told.get("parts").unwrap_or(&Value::Null);
        let parts = pick_all(parts, &POINT, STEPS_MAX);
        course.insert(name.to_owned(), parts);
    }
    let told = heard.take("cases_course");
    let parts =
        pick_all(told.get("parts").unwrap_or(&Value::Null), &["key", "received"], STEPS_MAX);
    course.insert("complaints".to_owned(), parts);
    Value::Object(course)
}

/// The dimensions of the index, each on the scale from 0 to 100.
fn dimensions(told: &Value) -> Value {
    let parts = told.get("parts").unwrap_or(&Value::Null);
    let one = |it: &Value| {
        let mut kept = pick(it.get("index").unwrap_or(&Value::Null), &SCORE);
        put(&mut kept, "key", it.get("key").cloned().unwrap_or_default());
        kept
    };
    items(parts).iter().take(DIMENSIONS_MAX).map(one).collect()
}

/// The causes that came most; of a department, those that it must put right.
fn causes(told: &Value, department: &str) -> Value {
    if !told.is_object() {
        return Value::Null;
    }
    let mut kept = pick(told, &["received", "known", "unknown"]);
    let all = items(told.get("items").unwrap_or(&Value::Null));
    let is_own = |it: &&Value| {
        let id = it.pointer("/department/id").and_then(Value::as_str).unwrap_or("");
        department.is_empty() || id == department
    };
    let own: Value =
        all.iter().filter(is_own).take(CAUSES_MAX).map(|it| pick(it, &CAUSE)).collect();
    put(&mut kept, "items", own);
    kept
}

/// What a department's own complaints come to.
fn own_cases(told: &Value) -> Value {
    if !told.is_object() {
        return Value::Null;
    }
    let names = [
        "received",
        "late",
        "open",
        "overdue",
        "grades",
        "rates",
        "first_answer",
        "solution",
        "csat",
        "backlog",
    ];
    pick(told, &names)
}

fn departments(told: &Value) -> Value {
    let names = ["key", "name", "received", "late", "overdue", "rates"];
    pick_all(told.get("parts").unwrap_or(&Value::Null), &names, DEPARTMENTS_MAX)
}

/// The words of bad and of good comments, if the days that they are of touch those of the report.
fn keywords(low: &Value, high: &Value, days: Days) -> Value {
    let day =
        |name: &str| low.get(name).and_then(Value::as_str).and_then(domain::civil::parse_date);
    let (Some(from), Some(to)) = (day("from"), day("to")) else { return Value::Null };
    if to < days.first || days.last < from {
        return Value::Null;
    }
    let mut kept = pick(low, &["from", "to", "comments"]);
    for (name, told) in [("low", low), ("high", high)] {
        let names = ["term", "here", "rest", "z"];
        let items = told.get("items").unwrap_or(&Value::Null);
        put(&mut kept, name, pick_all(items, &names, WORDS_MAX));
    }
    kept
}

/// Every goal, named in both languages.
fn goals(told: &Value, in_zh: &Value) -> Value {
    if !told.is_object() {
        return Value::Null;
    }
    let names = ["name", "key", "area", "value", "n", "unit", "target", "direction", "met", "gap"];
    let (all, others) = (items(told.get("items").unwrap_or(&Value::Null)), in_zh.get("items"));
    let others = items(others.unwrap_or(&Value::Null));
    let mut kept = Vec::with_capacity(all.len().min(GOALS_MAX));
    for (at, it) in all.iter().take(GOALS_MAX).enumerate() {
        let mut goal = pick(it, &names);
        let (en, zh) = (it.get("label"), others.get(at).and_then(|it| it.get("label")));
        put(&mut goal, "label", json!({ "en": en, "zh": zh.or(en) }));
        kept.push(goal);
    }
    Value::Array(kept)
}

/// Leaves out more, the least needed first.
fn shorten(body: &mut Map<String, Value>, step: usize) {
    match step {
        0 => {
            body.insert("goals".to_owned(), Value::Null);
        }
        1 => {
            if let Some(told) = body.get_mut("dashboard") {
                let names = ["id", "name", "stage", "is_key", "csat"];
                let few = touchpoints(told, &names, FEW_TOUCHPOINTS_MAX);
                put(told, "touchpoints", few);
            }
        }
        _ => {
            body.insert("course".to_owned(), Value::Null);
        }
    }
}

fn take(told: &mut Value, name: &str) -> Value {
    told.as_object_mut().and_then(|it| it.remove(name)).unwrap_or_default()
}

fn put(told: &mut Value, name: &str, value: Value) {
    if let Some(told) = told.as_object_mut() {
        told.insert(name.to_owned(), value);
    }
}
