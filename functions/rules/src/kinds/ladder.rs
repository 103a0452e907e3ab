//! The ladder: who is told, and who takes over, while clocks run out.

use domain::role::Role;
use pages::html::Html;
use serde_json::{Map, Value, json};
use staff::form::{Input, Kind};
use staff::tell::{at, choices, items, of, text};
use staff::{Desk, Form};
use web::lang::Lang;

use crate::draw;
use crate::edit::{Shape, Wrong, choice, remove, whole};
use crate::words::{CLOCKS, DEEDS, Names, WHOM, whom};

pub(crate) const SHAPE: Shape = Shape { typed, meant, rows: &["steps"] };

pub(crate) fn tell(html: &mut Html, desk: &Desk, it: &Value, names: &Names) {
    let lang = desk.lang;
    let steps = items(it, "/steps");
    if steps.is_empty() {
        let none = lang.of(
            "There is no step: nobody is told when a clock runs out.",
            "没有步骤：时限将尽时不会通知任何人。",
        );
        html.put("p", &[("class", "nothing")], none);
    } else {
        let heads = [
            lang.of("Clock", "时限"),
            lang.of("When so much of it is used", "已用比例"),
            lang.of("What is done", "动作"),
            lang.of("When", "时机"),
        ];
        draw::table(html, lang.of("Steps", "步骤"), &heads);
        for it in steps {
            step(html, lang, it, names);
        }
        draw::end_table(html);
    }
    let from = at(it, "/digest_from").as_i64().unwrap_or(0);
    let digest = match lang {
        Lang::En => format!("{from} notices or more of a kind for one recipient come as one."),
        Lang::Zh => format!("同一收件人的同类通知达到 {from} 条时合并为一条。"),
    };
    html.put("p", &[], &digest);
}

fn step(html: &mut Html, lang: Lang, it: &Value, names: &Names) {
    let clock = of(lang, &CLOCKS, text(it, "/clock"));
    let percent = format!("{} %", web::view::text(at(it, "/percent")));
    let mut deed = of(lang, &DEEDS, text(it, "/do")).to_owned();
    if text(it, "/do") != "raise" {
        deed.push_str(lang.of(" ", "："));
        deed.push_str(&names.whom(lang, it));
    }
    if at(it, "/digest").as_bool() == Some(true) {
        deed.push_str(lang.of(" (in a digest)", "（汇总）"));
    }
    let when = match text(it, "/time") {
        "working" => lang.of("in working time", "工作时间内"),
        _ => lang.of("at any time", "任何时间"),
    };
    draw::row(html, clock, &[&percent, &deed, when]);
}

pub(crate) fn form(lang: Lang, rows: usize, names: &Names) -> Form {
    let mut inputs = Vec::with_capacity(rows * 7 + 1);
    inputs.push(
        whole("digest_from", lang.of("Notices that come as one, from", "合并通知的起始条数"), "")
            .needed(),
    );
    let mut whom = choices(lang, &WHOM, lang.of("the case itself", "案件本身"));
    // Roles are the API's: one that it does not know is not offered.
    whom.retain(|it| it.0.strip_prefix("role:").is_none_or(|role| Role::parse(role).is_some()));
    for (prefix, list) in [("department_id", &names.departments), ("agent_id", &names.agents)] {
        whom.extend(list.iter().map(|it| (format!("{prefix}:{}", it.0), it.1.clone())));
    }
    for number in 0..rows {
        let row = format!("steps/{number}");
        let at = |name: &str| format!("{row}/{name}");
        let none = lang.of("– choose –", "– 请选择 –");
        let clocks = choices(lang, &CLOCKS, none);
        let deeds = choices(lang, &DEEDS, none);
        inputs.push(choice(&at("clock"), lang.of("Clock", "时限"), clocks));
        inputs.push(whole(&at("percent"), lang.of("Percent of it used", "已用百分比"), ""));
        inputs.push(choice(&at("do"), lang.of("What is done", "动作"), deeds));
        inputs.push(choice(&at("to"), lang.of("To whom", "对象"), whom.clone()));
        let working = lang.of("Only in working time", "仅在工作时间内");
        inputs.push(Input::new(at("working"), working, Kind::Flag));
        let digest = lang.of("In a digest", "并入汇总通知");
        inputs.push(Input::new(at("digest"), digest, Kind::Flag));
        inputs.push(remove(lang, &row));
    }
    Form::new(inputs)
}

fn typed(told: &Value) -> Value {
    let mut steps = Vec::new();
    for it in items(told, "/steps") {
        steps.push(json!({
            "clock": at(it, "/clock"),
            "percent": at(it, "/percent"),
            "do": at(it, "/do"),
            "to": whom(it),
            "working": text(it, "/time") == "working",
            "digest": at(it, "/digest"),
        }));
    }
    json!({ "digest_from": at(told, "/digest_from"), "steps": steps })
}

fn meant(_: Lang, mut said: Map<String, Value>, _: &mut Wrong) -> Map<String, Value> {
    if let Some(Value::Array(steps)) = said.get_mut("steps") {
        for step in steps.iter_mut().filter_map(Value::as_object_mut) {
            let is_working = step.remove("working") == Some(Value::Bool(true));
            step.insert("time".to_owned(), if is_working { "working" } else { "any" }.into());
            let to = step.remove("to").unwrap_or_default();
            match to.as_str().unwrap_or("").split_once(':') {
                Some((name, id)) => {
                    let mut whom = Map::new();
                    whom.insert(name.to_owned(), id.into());
                    step.insert("to".to_owned(), Value::Object(whom));
                }
                None if to == "" => {}
                None => {
                    step.insert("to".to_owned(), to);
                }
            }
        }
    }
    said
}
