//! Assignment: which department gets which cases, and which skills they want.

use pages::html::Html;
use pages::words::{NEEDS, TYPES};
use serde_json::{Map, Value};
use staff::form::{Input, Kind};
use staff::tell::{at, choices, items, of, text};
use staff::{Desk, Form};
use web::lang::Lang;

use crate::draw::{self, or_none};
use crate::edit::{Shape, Wrong, choice, remove};
use crate::order;
use crate::words::{Names, listed};

pub(crate) const SHAPE: Shape = Shape { typed, meant, rows: &["routes"] };

pub(crate) fn tell(html: &mut Html, desk: &Desk, it: &Value, names: &Names) {
    let lang = desk.lang;
    let automatic = match at(it, "/is_automatic").as_bool() {
        Some(false) => lang.of(
            "Cases go to departments; their people take them themselves.",
            "投诉只派到部门，由部门人员自行领取。",
        ),
        _ => lang.of(
            "Each case is given to somebody who is here, fit for it and not full.",
            "每件投诉自动派给在岗、合适且未满负荷的人员。",
        ),
    };
    html.put("p", &[], automatic);
    let routes = items(it, "/routes");
    if routes.is_empty() {
        let none = lang.of(
            "There is no route: a case belongs to no department until somebody hands it over.",
            "没有路由：投诉不属于任何部门，直到有人转交。",
        );
        html.put("p", &[("class", "nothing")], none);
        return;
    }
    let first = lang.of("The first route that fits decides.", "自上而下，首个匹配的路由生效。");
    html.put("p", &[("class", "soft")], first);
    let heads = [
        lang.of("Type", "类型"),
        lang.of("Need", "需求"),
        lang.of("Touchpoint", "触点"),
        lang.of("Goes to", "交给"),
        lang.of("Skills", "技能"),
    ];
    draw::table(html, lang.of("Routes", "路由"), &heads);
    let any = lang.of("any", "不限");
    let or_any = |text: &str| if text.is_empty() { any.to_owned() } else { text.to_owned() };
    for it in routes {
        let kind = or_any(of(lang, &TYPES, text(it, "/type")));
        let need = or_any(of(lang, &NEEDS, text(it, "/need")));
        let place = or_any(names.of(text(it, "/touchpoint_id")));
        let to = match text(it, "/department_id") {
            "" => lang.of("no department", "不指定部门"),
            id => names.of(id),
        };
        draw::row(html, &kind, &[&need, &place, to, &listed(lang, at(it, "/skills"))]);
    }
    draw::end_table(html);
}

pub(crate) fn form(lang: Lang, rows: usize, names: &Names) -> Form {
    let automatic = lang.of("Give each case to somebody", "自动派给具体人员");
    let mut inputs = vec![Input::new("is_automatic", automatic, Kind::Flag)];
    let any = lang.of("any", "不限");
    for number in 0..rows {
        let row = format!("routes/{number}");
        let at = |name: &str| format!("{row}/{name}");
        inputs.push(Input::line(at("type"), lang.of("Type of the complaint", "投诉类型")).hint(
            lang.of("Its id, such as safety; empty for any", "类型代码，如 safety；留空不限"),
        ));
        let needs = choices(lang, &NEEDS, any);
        inputs.push(choice(&at("need"), lang.of("Need", "需求"), needs));
        let places = or_none(any, &names.touchpoints);
        inputs.push(choice(&at("touchpoint_id"), lang.of("Touchpoint", "触点"), places));
        let departments = or_none(lang.of("no department", "不指定部门"), &names.departments);
        inputs.push(choice(&at("department_id"), lang.of("Goes to", "交给部门"), departments));
        let skills = lang.of("Skills that are wanted, one to a line", "所需技能，每行一项");
        inputs.push(Input::new(at("skills"), skills, Kind::Lines));
        inputs.push(order::input(lang, &row));
        inputs.push(remove(lang, &row));
    }
    Form::new(inputs)
}

fn typed(told: &Value) -> Value {
    order::numbered(told, "routes")
}

fn meant(_: Lang, mut said: Map<String, Value>, _: &mut Wrong) -> Map<String, Value> {
    for route in order::ordered(&mut said, "routes") {
        // What is any is left out.
        route.retain(|_, it| it != "");
    }
    said
}
