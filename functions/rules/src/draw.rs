//! Parts of pages that several pages of rules have.

use pages::html::Html;
use ports::Env;
use serde_json::Value;
use staff::form::Kind;
use staff::tell::{items, text};
use staff::{Desk, Filled, Form, Page, Section};
use web::Request;
use web::lang::Lang;

use crate::words::{Names, SHIPPED, named};

/// Where rules begin.
pub(crate) const HOME: &str = "/desk/rules";
/// Events of a trail that are shown.
const SHOWN: i64 = 20;

/// A page of rules, with the way back.
pub(crate) fn page<'a>(
    desk: &'a Desk,
    request: &Request,
    title: &str,
    above: &[(&str, &str)],
) -> Page<'a> {
    let settings = Section::Settings.name();
    let rules = desk.lang.of("Rules", "规则");
    let mut way = vec![(Section::Settings.path(), settings.text(desk.lang)), (HOME, rules)];
    way.extend_from_slice(above);
    desk.page_about(request, Section::Settings, title, &way)
}

/// Begins a part of a page.
pub(crate) fn panel(html: &mut Html, id: &str, heading: &str) {
    html.open("section", &[("class", "panel"), ("aria-labelledby", id)]);
    html.put("h2", &[("id", id)], heading);
}

/// Begins a table that scrolls by itself where it is too wide; [`end_table`] ends it.
pub(crate) fn table(html: &mut Html, label: &str, heads: &[&str]) {
    let attributes =
        [("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", label)];
    html.open("div", &attributes);
    html.open("table", &[]);
    html.open("thead", &[]);
    html.open("tr", &[]);
    for head in heads {
        html.put("th", &[("scope", "col")], head);
    }
    html.close();
    html.close();
    html.open("tbody", &[]);
}

/// Ends a table.
pub(crate) fn end_table(html: &mut Html) {
    for _ in 0..3 {
        html.close();
    }
}

/// A row of a table: its head and its cells.
pub(crate) fn row(html: &mut Html, head: &str, cells: &[&str]) {
    html.open("tr", &[]);
    html.put("th", &[("scope", "row")], head);
    for it in cells {
        html.put("td", &[], it);
    }
    html.close();
}

/// A fact: what it is called, and what it is.
pub(crate) fn fact(html: &mut Html, name: &str, value: &str) {
    html.put("dt", &[], name);
    html.put("dd", &[], value);
}

/// The last things that happened to something, as far as anybody wants to know.
pub(crate) async fn history(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    (component, path): (&str, &str),
    version: i64,
) -> Vec<Value> {
    let before = if SHOWN < version { version - SHOWN } else { 0 };
    desk.since(env, request, (component, path), before).await
}

/// Draws that, under a heading.
pub(crate) fn draw_history(html: &mut Html, desk: &Desk, happened: &[Value]) {
    if happened.is_empty() {
        return;
    }
    panel(html, "history", desk.lang.of("History", "变更记录"));
    desk.history(html, happened);
    html.close();
}

/// The names of what rules refer to. What cannot be asked is shown by its id.
pub(crate) async fn names(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    wanted: &[&str],
) -> Names {
    let mut asked = Vec::with_capacity(wanted.len() + SHIPPED.len());
    for it in wanted {
        asked.push(match *it {
            "agents" => ("admin", "/v1/agents?limit=100".to_owned()),
            "departments" => ("admin", "/v1/departments?limit=100".to_owned()),
            "touchpoints" => ("admin", "/v1/touchpoints?limit=100".to_owned()),
            "surveys" => ("study", "/v1/studies?limit=100".to_owned()),
            "services" => ("service", "/v1/services?limit=100".to_owned()),
            _ => ("calendar", "/v1/calendars?limit=100".to_owned()),
        });
    }
    if wanted.contains(&"calendars") {
        for id in SHIPPED {
            asked.push(("calendar", format!("/v1/calendars/{id}")));
        }
    }
    let mut names = Names::default();
    let told = desk.read(env, request, &asked).await;
    for ((_, target), told) in asked.iter().zip(&told) {
        let Ok(told) = told else { continue };
        let target = target.split('?').next().unwrap_or("");
        match target {
            "/v1/agents" => names.agents = named(told),
            "/v1/departments" => names.departments = named(told),
            "/v1/touchpoints" => names.touchpoints = named(told),
            "/v1/studies" => names.surveys = named(told),
            "/v1/services" => names.services = named(told),
            "/v1/calendars" => names.calendars.extend(named(told)),
            _ => {
                let own = (text(told, "/id").to_owned(), text(told, "/name").to_owned());
                names.calendars.push(own);
            }
        }
    }
    names
}

/// Choices with one for none in front.
pub(crate) fn or_none(none: &str, list: &[(String, String)]) -> Vec<(String, String)> {
    let mut all = Vec::with_capacity(list.len() + 1);
    all.push((String::new(), none.to_owned()));
    all.extend_from_slice(list);
    all
}

/// A text with what a rule found in it marked; spans are in characters.
pub(crate) fn marked(html: &mut Html, text: &str, matched: &Value) {
    let mut is_found = vec![false; text.chars().count()];
    for it in items(matched, "") {
        let end = |at: usize| {
            let end = it.get("span").and_then(|it| it.get(at)).and_then(Value::as_u64);
            usize::try_from(end.unwrap_or(0)).unwrap_or(0)
        };
        for flag in is_found.iter_mut().take(end(1)).skip(end(0)) {
            *flag = true;
        }
    }
    html.open("p", &[("class", "words")]);
    let (mut part, mut is_marked) = (String::new(), false);
    for (it, found) in text.chars().zip(is_found) {
        if found != is_marked {
            put_part(html, &part, is_marked);
            part.clear();
            is_marked = found;
        }
        part.push(it);
    }
    put_part(html, &part, is_marked);
    html.close();
}

fn put_part(html: &mut Html, part: &str, is_marked: bool) {
    match is_marked {
        true => html.put("mark", &[], part),
        false => html.text(part),
    }
}

/// Yes or no.
pub(crate) fn yes(lang: Lang, is_so: bool) -> &'static str {
    if is_so { lang.of("yes", "是") } else { lang.of("no", "否") }
}

/// The button that sends a form.
pub(crate) fn send(html: &mut Html, label: &str) {
    html.put("button", &[], label);
}

/// A form as it stands, for whoever may not change it: what is called how, and what it says.
pub(crate) fn facts(html: &mut Html, desk: &Desk, form: &Form, filled: &Filled) {
    html.open("dl", &[("class", "facts")]);
    for input in &form.inputs {
        let said: Vec<&str> = filled
            .pairs
            .iter()
            .filter(|it| it.0 == input.name() && !it.1.is_empty())
            .map(|it| match input.kind() {
                Kind::Choice(options) | Kind::Several(options) => {
                    staff::tell::name_of(options, &it.1)
                }
                _ => it.1.as_str(),
            })
            .collect();
        let told = match (input.kind(), said.is_empty()) {
            (Kind::Flag, is_off) => yes(desk.lang, !is_off).to_owned(),
            (_, true) => "–".to_owned(),
            _ => said.join(desk.lang.of(", ", "、")),
        };
        fact(html, input.label(), &told);
    }
    html.close();
}
