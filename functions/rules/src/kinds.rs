//! The kinds of policies: how each is told in words and filled in.

pub(crate) mod assignment;
pub(crate) mod grading;
pub(crate) mod intake;
pub(crate) mod ladder;
pub(crate) mod promise;
pub(crate) mod work;

use pages::html::Html;
use serde_json::Value;
use staff::form::Input;
use staff::tell::items;
use staff::{Desk, Filled, Form, Sent};

use crate::edit::{self, Shape};
use crate::words::Names;

/// Rows that are left empty, to be filled in.
const EMPTY_ROWS: usize = 2;

/// What a policy names, so that its page can say it by name.
pub(crate) fn wanted(kind: &str) -> &'static [&'static str] {
    match kind {
        "promise" => &["calendars"],
        "ladder" => &["agents", "departments"],
        "assignment" => &["departments", "touchpoints"],
        "intake" => &["surveys", "touchpoints"],
        _ => &[],
    }
}

/// Tells what a policy says.
pub(crate) fn tell(html: &mut Html, desk: &Desk, kind: &str, (it, names): (&Value, &Names)) {
    match kind {
        "promise" => promise::tell(html, desk, it, names),
        "ladder" => ladder::tell(html, desk, it, names),
        "assignment" => assignment::tell(html, desk, it, names),
        "intake" => intake::tell(html, desk, it, names),
        "work" => work::tell(html, desk, it),
        _ => grading::tell(html, desk, it),
    }
}

/// How a policy is filled in; grading has too many words for that.
pub(crate) fn shape(kind: &str) -> Option<Shape> {
    match kind {
        "promise" => Some(promise::SHAPE),
        "ladder" => Some(ladder::SHAPE),
        "assignment" => Some(assignment::SHAPE),
        "intake" => Some(intake::SHAPE),
        "work" => Some(work::SHAPE),
        _ => None,
    }
}

/// The form of a policy with so many rows.
pub(crate) fn form(desk: &Desk, kind: &str, rows: usize, names: &Names) -> Form {
    let lang = desk.lang;
    match kind {
        "promise" => promise::form(lang, names),
        "ladder" => ladder::form(lang, rows, names),
        "assignment" => assignment::form(lang, rows, names),
        "intake" => intake::form(lang, rows, names),
        _ => work::form(lang),
    }
}

/// How many rows a policy has in its form: its own, and some to fill in.
pub(crate) fn rows(shape: Shape, it: &Value) -> usize {
    let own = shape.rows.first().map(|name| items(it, &format!("/{name}")).len());
    own.map_or(0, |own| own + EMPTY_ROWS)
}

/// How many there were when it was sent.
pub(crate) fn sent_rows(shape: Shape, sent: &Sent) -> usize {
    shape.rows.first().map_or(0, |name| edit::sent_rows(sent, name))
}

/// Draws the form: rows in boxes of their own, the promise as a table.
pub(crate) fn draw(
    html: &mut Html,
    desk: &Desk,
    kind: &str,
    (form, filled, rows): (&Form, &Filled, usize),
) {
    form.alert(html, desk.lang, filled);
    if kind == "promise" {
        promise::draw(html, desk, form, filled);
    } else {
        boxes(html, desk, kind, (form, filled, rows));
    }
    form.version(html, filled);
}

fn boxes(html: &mut Html, desk: &Desk, kind: &str, (form, filled, rows): (&Form, &Filled, usize)) {
    let name = shape(kind).and_then(|it| it.rows.first().copied()).unwrap_or("");
    let is_row = |it: &&Input| {
        !name.is_empty() && it.name().strip_prefix(name).is_some_and(|it| it.starts_with('/'))
    };
    for it in form.inputs.iter().filter(|it| !is_row(it)) {
        form.draw_one(html, desk, filled, it);
    }
    for number in 0..rows {
        let below = format!("{name}/{number}/");
        let is_last = rows <= number + EMPTY_ROWS;
        html.open("fieldset", &[("class", if is_last { "rows spare" } else { "rows" })]);
        let legend = format!("{} {}", row_name(desk, kind), number + 1);
        html.open("legend", &[]);
        html.text(&legend);
        if is_last && filled.get(&format!("{below}{}", first(form, &below))).is_empty() {
            html.text(desk.lang.of(" (new, may stay empty)", "（新增，可留空）"));
        }
        html.close();
        for it in form.inputs.iter().filter(|it| it.name().starts_with(&below)) {
            form.draw_one(html, desk, filled, it);
        }
        html.close();
    }
}

/// The first field of a row.
fn first<'a>(form: &'a Form, below: &str) -> &'a str {
    form.inputs.iter().find_map(|it| it.name().strip_prefix(below)).unwrap_or("")
}

fn row_name(desk: &Desk, kind: &str) -> &'static str {
    match kind {
        "ladder" => desk.lang.of("Step", "步骤"),
        "assignment" => desk.lang.of("Route", "路由"),
        _ => desk.lang.of("Rule", "规则"),
    }
}
