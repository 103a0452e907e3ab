//! The promise: how long each clock of each grade may run.

use pages::html::Html;
use serde_json::{Map, Value, json};
use staff::form::{Input, Kind};
use staff::tell::{at, choices, items, of, text};
use staff::{Desk, Filled, Form};
use web::lang::{Lang, Said, said};

use crate::draw::{self, or_none};
use crate::edit::{Shape, Wrong, choice, whole};
use crate::words::{CLOCKS, Names, UNITS};

pub(crate) const SHAPE: Shape = Shape { typed, meant, rows: &[] };

/// Rows of the table: where each stands in the policy, and what it is called.
static ROWS: [(&str, Said); 5] = [
    ("grades/major", said("Major", "重大")),
    ("grades/moderate", said("Moderate", "中度")),
    ("grades/general", said("General", "一般")),
    ("tiers/1", said("Tier 1", "一级")),
    ("tiers/2", said("Tier 2", "二级")),
];
/// What stands where a clock has no length of its own.
fn none(lang: Lang, row: &str) -> &'static str {
    match row {
        "grades/general" => lang.of("not promised", "不承诺"),
        _ if row.starts_with("grades/") => lang.of("as for general", "同“一般”"),
        _ => lang.of("as for the grade", "同其等级"),
    }
}

/// A length of the API in words.
fn length(lang: Lang, it: &Value) -> Option<String> {
    let (number, unit) = parts(it)?;
    let unit = match (lang, number) {
        (Lang::En, 1) => of(lang, &UNITS, unit).trim_end_matches('s'),
        _ => of(lang, &UNITS, unit),
    };
    Some(format!("{number} {unit}"))
}

/// The number of a length and what it is counted in.
fn parts(it: &Value) -> Option<(i64, &'static str)> {
    let is_working = text(it, "/time") == "working";
    for (name, unit) in [
        ("hours", if is_working { "working" } else { "hours" }),
        ("minutes", if is_working { "working_minutes" } else { "minutes" }),
        ("working_days", "working_days"),
    ] {
        if let Some(number) = it.get(name).and_then(Value::as_i64) {
            return Some((number, unit));
        }
    }
    None
}

pub(crate) fn tell(html: &mut Html, desk: &Desk, it: &Value, names: &Names) {
    let lang = desk.lang;
    let mut heads = vec![lang.of("Grade or tier", "等级或层级")];
    heads.extend(CLOCKS.iter().map(|it| it.1.text(lang)));
    draw::table(html, lang.of("How long each clock may run", "各项时限"), &heads);
    for (row, name) in &ROWS {
        let mut cells = Vec::with_capacity(3);
        for (clock, _) in &CLOCKS {
            let found = length(lang, at(it, &format!("/{row}/{clock}")));
            cells.push(found.unwrap_or_else(|| none(lang, row).to_owned()));
        }
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        draw::row(html, name.text(lang), &cells);
    }
    draw::end_table(html);
    html.open("dl", &[("class", "facts")]);
    let mut pauses = String::new();
    for it in items(it, "/pauses") {
        if !pauses.is_empty() {
            pauses.push_str(lang.of(", ", "、"));
        }
        pauses.push_str(of(lang, &CLOCKS, it.as_str().unwrap_or("")));
    }
    let pauses = if pauses.is_empty() { lang.of("none", "无") } else { &pauses };
    draw::fact(
        html,
        lang.of("Stand still while it is the customer's turn", "等待客户时暂停"),
        pauses,
    );
    let calendar = match text(it, "/calendar_id") {
        "" => lang.of("office hours of the site", "站点办公时间"),
        id => names.of(id),
    };
    draw::fact(html, lang.of("Working time is that of", "工作时间按"), calendar);
    for (pointer, name) in [
        ("/reopen_days", lang.of("May be opened again for", "可重新打开的期限")),
        ("/repeat_days", lang.of("Counts as repeated within", "视为重复投诉的期限")),
    ] {
        let days = at(it, pointer).as_i64().unwrap_or(0);
        draw::fact(html, name, &days_of(lang, days));
    }
    html.close();
}

fn days_of(lang: Lang, days: i64) -> String {
    match lang {
        Lang::En => format!("{days} {}", if days == 1 { "day" } else { "days" }),
        Lang::Zh => format!("{days} 天"),
    }
}

/// Where the unit of a length is typed.
fn unit_of(row: &str, clock: &str) -> String {
    format!("unit/{row}/{clock}")
}

pub(crate) fn form(lang: Lang, names: &Names) -> Form {
    let mut inputs = Vec::with_capacity(40);
    for (row, name) in &ROWS {
        for (clock, what) in &CLOCKS {
            let label = format!("{} · {}", name.text(lang), what.text(lang));
            inputs.push(Input::new(format!("{row}/{clock}"), label.as_str(), Kind::Whole));
            let units = choices(lang, &UNITS, none(lang, row));
            let label = format!("{label} · {}", lang.of("unit", "单位"));
            inputs.push(choice(&unit_of(row, clock), &label, units));
        }
    }
    inputs.push(
        Input::new(
            "pauses",
            lang.of("Stand still while it is the customer's turn", "等待客户时暂停计时"),
            Kind::Several(choices(lang, &CLOCKS, "")),
        )
        .hint(lang.of("The answer usually does not.", "通常不含答复。")),
    );
    let calendars = or_none(lang.of("Office hours of the site", "站点办公时间"), &names.calendars);
    inputs.push(choice("calendar_id", lang.of("Working time is that of", "工作时间按"), calendars));
    inputs.push(whole(
        "reopen_days",
        lang.of("May be opened again for so many days", "结案后可重新打开的天数"),
        "",
    ));
    inputs.push(whole(
        "repeat_days",
        lang.of("Counts as repeated within so many days", "多少天内再次投诉视为重复"),
        "",
    ));
    Form::new(inputs)
}

/// The table of numbers and units, then the rest.
pub(crate) fn draw(html: &mut Html, desk: &Desk, form: &Form, filled: &Filled) {
    let lang = desk.lang;
    let mut heads = vec![lang.of("Grade or tier", "等级或层级")];
    heads.extend(CLOCKS.iter().map(|it| it.1.text(lang)));
    draw::table(html, lang.of("How long each clock may run", "各项时限"), &heads);
    for (row, name) in &ROWS {
        html.open("tr", &[]);
        html.put("th", &[("scope", "row")], name.text(lang));
        for (clock, _) in &CLOCKS {
            html.open("td", &[("class", "length")]);
            let (name, unit) = (format!("{row}/{clock}"), unit_of(row, clock));
            for it in form.inputs.iter().filter(|it| it.name() == name || it.name() == unit) {
                form.draw_one(html, desk, filled, it);
            }
            html.close();
        }
        html.close();
    }
    draw::end_table(html);
    let is_cell = |it: &Input| {
        ["grades/", "tiers/", "unit/"].iter().any(|start| it.name().starts_with(start))
    };
    for it in form.inputs.iter().filter(|it| !is_cell(it)) {
        form.draw_one(html, desk, filled, it);
    }
    let hint = lang.of(
        "A major case never waits longest: its answer must surely be no later than that of other \
         grades.",
        "重大投诉不得等得最久：其答复时限必须确定不晚于其他等级。",
    );
    html.put("p", &[("class", "soft")], hint);
}

fn typed(told: &Value) -> Value {
    let mut shown = told.as_object().cloned().unwrap_or_default();
    let mut units = Map::new();
    let mut numbers = Map::new();
    for (row, _) in &ROWS {
        for (clock, _) in &CLOCKS {
            let name = format!("{row}/{clock}");
            if let Some((number, unit)) = parts(at(told, &format!("/{name}"))) {
                put(&mut numbers, &name, number.into());
                put(&mut units, &name, unit.into());
            }
        }
    }
    for name in ["grades", "tiers"] {
        let cells = numbers.remove(name).unwrap_or_else(|| json!({}));
        shown.insert(name.to_owned(), cells);
    }
    shown.insert("unit".to_owned(), Value::Object(units));
    Value::Object(shown)
}

fn meant(lang: Lang, mut said: Map<String, Value>, wrong: &mut Wrong) -> Map<String, Value> {
    let old = Value::Object(said.clone());
    said.remove("unit");
    for name in ["grades", "tiers"] {
        said.insert(name.to_owned(), json!({}));
    }
    for (row, _) in &ROWS {
        put(&mut said, row, json!({}));
        for (clock, _) in &CLOCKS {
            let name = format!("{row}/{clock}");
            let number = at(&old, &format!("/{name}"));
            let length = match (number.is_null(), text(&old, &format!("/unit/{name}"))) {
                (true, "") => continue,
                (true, _) => {
                    let rule = lang.of("must have a number", "须填写数字");
                    wrong.push((name, rule.to_owned()));
                    continue;
                }
                (false, "") => {
                    let rule = lang.of("must have a unit", "须选择单位");
                    wrong.push((name, rule.to_owned()));
                    continue;
                }
                (false, "working") => json!({ "hours": number, "time": "working" }),
                (false, "working_minutes") => json!({ "minutes": number, "time": "working" }),
                (false, unit) => {
                    let mut length = Map::new();
                    length.insert(unit.to_owned(), number.clone());
                    Value::Object(length)
                }
            };
            put(&mut said, &name, length);
        }
    }
    said
}

/// Puts a value where a name leads.
fn put(into: &mut Map<String, Value>, name: &str, value: Value) {
    match name.split_once('/') {
        None => {
            into.insert(name.to_owned(), value);
        }
        Some((first, rest)) => {
            let inner = into.entry(first.to_owned()).or_insert_with(|| json!({}));
            if let Value::Object(inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}
