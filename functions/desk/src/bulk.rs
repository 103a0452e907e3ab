//! The same done to many: ticks in the queue, a form below it, and what became of each.

use domain::role::Role;
use pages::html::{Html, when};
use pages::words::CAUSES;
use ports::Env;
use serde_json::{Map, Value, json};
use staff::form::Kind;
use staff::tell::{at, choices, items, text};
use staff::{Call, Desk, Filled, Form, Input, Sent, Signed};
use web::lang::Lang;
use web::{Problem, Request, Response};

use crate::queue::{Asked, Names, PATH, Shown, draw};

/// Acts that are done to many from here.
const ACTS: [&str; 3] = ["assign", "note", "close"];

/// What became of one case.
pub(crate) struct Outcome {
    id: String,
    number: String,
    /// Why it was not done; empty where it was.
    wrong: String,
}

/// What was typed into the form and refused.
pub(crate) struct Typed<'a> {
    sent: &'a Sent,
    act: &'a str,
    filled: Filled,
}

impl Typed<'_> {
    /// Whether a case was ticked.
    pub(crate) fn is_ticked(&self, id: &str) -> bool {
        self.sent.all("id").any(|it| it.split('.').next() == Some(id))
    }
}

/// The box of one case: its id and, for what is told afterwards, its number.
pub(crate) fn tick(html: &mut Html, lang: Lang, (id, number): (&str, &str), is_ticked: bool) {
    let value = format!("{id}.{number}");
    let label = format!("{}{number}", lang.of("Tick ", "选择 "));
    let attributes = [
        ("type", "checkbox"),
        ("name", "id"),
        ("value", value.as_str()),
        ("form", "bulk"),
        ("aria-label", label.as_str()),
        (when(is_ticked, "checked"), ""),
    ];
    html.void("input", &attributes);
}

/// The box that ticks all, where scripts run.
pub(crate) fn all(html: &mut Html, desk: &Desk) {
    html.open("label", &[("class", "tick"), ("hidden", ""), ("data-scripted", "")]);
    let does = desk.lang.of("Tick all", "全选");
    html.void("input", &[("type", "checkbox"), ("data-all", "id"), ("hidden", "")]);
    html.text(does);
    html.close();
    // The key is the script's own, of the row that is looked at; this lists it.
    let does = desk.lang.of("Tick the row", "勾选当前行");
    html.put("span", &[("hidden", ""), ("data-key", "x"), ("data-does", does)], "");
}

fn assigning(lang: Lang, names: &Names) -> Form {
    let to = lang.of("To whom", "转交给");
    Form::new(vec![
        Input::new("to", to, Kind::Choice(names.takers.clone())).needed(),
        Input::line("reason", lang.of("Reason (optional)", "原因（选填）")),
    ])
    .scoped("many-assign")
}

fn noting(lang: Lang) -> Form {
    let label = lang.of("Note, among staff", "内部备注");
    Form::new(vec![Input::new("text", label, Kind::Text).needed()]).scoped("many-note")
}

/// The fields of a closing: cause and remedy.
pub(crate) fn closing(lang: Lang, causes: &Value, scope: &'static str) -> Form {
    let kinds = choices(lang, &CAUSES, lang.of("None: it was no complaint", "无（非投诉）"));
    let mut ledger = vec![(String::new(), lang.of("Not in the ledger", "台账中没有").to_owned())];
    for it in items(causes, "/items") {
        if at(it, "/is_active").as_bool() != Some(false) {
            let kind = staff::tell::of(lang, &CAUSES, text(it, "/kind"));
            let name = format!("{kind}{}{}", lang.of(": ", "："), text(it, "/name"));
            ledger.push((text(it, "/id").to_owned(), name));
        }
    }
    Form::new(vec![
        Input::new("cause/kind", lang.of("Kind of cause", "原因类别"), Kind::Choice(kinds)),
        Input::new("cause/cause_id", lang.of("Cause", "根本原因"), Kind::Choice(ledger)),
        Input::new("cause/detail", lang.of("Why it happened", "原因说明"), Kind::Text).draft(),
        Input::new(
            "remedy",
            lang.of("What is done so that it does not come back", "改进措施"),
            Kind::Text,
        )
        .draft(),
    ])
    .scoped(scope)
}

/// To whom a form hands over, as the API is told.
pub(crate) fn taker(body: &mut Map<String, Value>) {
    let Some(Value::String(to)) = body.remove("to") else { return };
    match to.as_str() {
        "auto" => body.insert("auto".to_owned(), true.into()),
        it if it.starts_with("dep_") => body.insert("department_id".to_owned(), to.into()),
        _ => body.insert("agent_id".to_owned(), to.into()),
    };
}

/// The form below the queue; the boxes belong to it.
pub(crate) fn form(
    html: &mut Html,
    desk: &Desk,
    (names, causes): (&Names, &Value),
    (asked, typed): (&Asked, Option<&Typed<'_>>),
) {
    let lang = desk.lang;
    html.open("section", &[("class", "panel many")]);
    html.put("h2", &[], lang.of("With those that are ticked", "批量处理所选投诉"));
    let action = desk.href(&format!("{PATH}/bulk"));
    html.open("form", &[("method", "post"), ("action", &action), ("id", "bulk")]);
    desk.hidden(html);
    let back = asked.with(&[]);
    html.void("input", &[("type", "hidden"), ("name", "back"), ("value", &back)]);
    for act in ACTS {
        let typed = typed.filter(|it| it.act == act);
        let (form, name, key) = match act {
            "assign" => (assigning(lang, names), lang.of("Hand over", "转交"), "h"),
            "note" => (noting(lang), lang.of("Note", "备注"), "m"),
            _ => (closing(lang, causes, "many-close"), lang.of("Close", "结案"), "c"),
        };
        let open = (when(typed.is_some(), "open"), "");
        html.open("details", &[open, ("data-key", key), ("data-does", name)]);
        html.put("summary", &[], name);
        // The fields of the three stand apart by a name of their own.
        let form = apart(form, act);
        let nothing = Filled::default();
        form.draw(html, desk, typed.map_or(&nothing, |it| &it.filled));
        html.put("button", &[("name", "act"), ("value", act)], name);
        html.close();
    }
    html.close();
    html.close();
}

/// The form with the act before each name: all three are sent, and one is read.
fn apart(form: Form, act: &str) -> Form {
    let inputs = form.inputs.into_iter().map(|it| it.within(act)).collect();
    Form { inputs, ..form }
}

/// Takes the form.
pub(crate) async fn take(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let desk = match staff::open(env, request, Role::Agent).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let sent = match desk.sent(env, request).await {
        Ok(it) => it,
        Err(problem) => return desk.told(problem),
    };
    let lang = desk.lang;
    let act = ACTS.into_iter().find(|it| *it == sent.get("act")).unwrap_or(ACTS[0]);
    // What may be chosen is for the page; here only what was.
    let form = match act {
        "assign" => assigning(lang, &Names::default()),
        "note" => noting(lang),
        _ => closing(lang, &Value::Null, "many-close"),
    };
    let own = own(&sent, act);
    let asked = Asked::read(sent.get("back").trim_start_matches('?'));
    let outcome = done(env, request, &desk, (&form, &own, &sent), act).await;
    let mut shown = Shown { asked, ..Shown::default() };
    match outcome {
        Ok(outcomes) => shown.outcomes = outcomes,
        Err(mut filled) => {
            shown.status = filled.status();
            for it in filled.pairs.iter_mut().chain(&mut filled.wrong) {
                it.0 = format!("{act}/{}", it.0);
            }
            shown.bulk = Some(Typed { sent: &sent, act, filled });
        }
    }
    draw(env, request, &desk, shown).await
}

/// What was typed for one act, by the names of its fields.
fn own(sent: &Sent, act: &str) -> Sent {
    let mut pairs = Vec::new();
    for (name, value) in &sent.pairs {
        if let Some(name) = name.strip_prefix(act).and_then(|it| it.strip_prefix('/')) {
            pairs.push((name.to_owned(), value.clone()));
        }
    }
    Sent { pairs }
}

async fn done(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    (form, own, sent): (&Form, &Sent, &Sent),
    act: &str,
) -> Result<Vec<Outcome>, Filled> {
    let mut body = form.read(desk.lang, own)?;
    taker(&mut body);
    let mut numbers = Vec::new();
    for it in sent.all("id") {
        numbers.push(it.split_once('.').unwrap_or((it, it)));
    }
    let ids: Vec<&str> = numbers.iter().map(|it| it.0).collect();
    body.insert("ids".to_owned(), json!(ids));
    body.insert("act".to_owned(), act.into());
    let body = Value::Object(body);
    let call = Call {
        component: "casework",
        target: "/v1/complaints/bulk",
        body: &body,
        key: sent.key(),
        ..Call::default()
    };
    let done = desk.send(env, request, call).await;
    let done = done.map_err(|it| {
        let mut filled = Filled::refused(desk.lang, form, own, &it);
        if ids.is_empty() {
            let none = desk.lang.of("Tick at least one complaint first.", "请先勾选至少一件投诉。");
            none.clone_into(&mut filled.alert);
        }
        filled
    })?;
    let mut outcomes = Vec::new();
    for it in items(&done.told, "/outcomes") {
        let id = text(it, "/id");
        let number = numbers.iter().find(|own| own.0 == id).map_or(id, |own| own.1);
        let wrong = match at(it, "/status").as_i64() {
            Some(200) => "",
            _ => match (text(it, "/errors/0/detail"), text(it, "/detail")) {
                ("", "") => text(it, "/title"),
                ("", detail) => detail,
                (mistake, _) => mistake,
            },
        };
        let (id, number) = (id.to_owned(), number.to_owned());
        outcomes.push(Outcome { id, number, wrong: wrong.to_owned() });
    }
    Ok(outcomes)
}

/// What became of each.
pub(crate) fn outcomes(html: &mut Html, desk: &Desk, all: &[Outcome]) {
    if all.is_empty() {
        return;
    }
    let lang = desk.lang;
    let good = all.iter().filter(|it| it.wrong.is_empty()).count();
    html.open("section", &[("class", "panel"), ("role", "status")]);
    let heading = match lang {
        Lang::En => format!("Done with {good} of {}", all.len()),
        Lang::Zh => format!("{} 件中已处理 {good} 件", all.len()),
    };
    html.put("h2", &[], &heading);
    html.open("ul", &[]);
    for it in all {
        html.open("li", &[]);
        let href = desk.href(&format!("{PATH}/{}", it.id));
        html.put("a", &[("href", &href)], &it.number);
        html.text(lang.of(": ", "："));
        match it.wrong.as_str() {
            "" => html.text(lang.of("done", "已处理")),
            wrong => html.put("span", &[("class", "late")], wrong),
        }
        html.close();
    }
    html.close();
    html.close();
}
