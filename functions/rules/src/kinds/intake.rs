//! Intake: which low scores and tickets become complaints, and what a surge is.

use pages::html::Html;
use pages::words::GROUPS;
use serde_json::{Map, Value};
use staff::form::{Input, Kind};
use staff::tell::{at, choices, items, of, text};
use staff::{Desk, Form};
use web::lang::Lang;

use crate::draw::{self, or_none};
use crate::edit::{Shape, Wrong, choice, remove, whole};
use crate::order;
use crate::words::{METRICS, Names, THEN, TICKETS};

pub(crate) const SHAPE: Shape = Shape { typed, meant, rows: &["rules"] };

pub(crate) fn tell(html: &mut Html, desk: &Desk, it: &Value, names: &Names) {
    let lang = desk.lang;
    let rules = items(it, "/rules");
    if rules.is_empty() {
        let none = lang.of(
            "There is no rule: no score becomes a complaint by itself.",
            "没有规则：低分不会自动转为投诉。",
        );
        html.put("p", &[("class", "nothing")], none);
    } else {
        let first = lang.of("The first rule that fits decides.", "自上而下，首条匹配的规则生效。");
        html.put("p", &[("class", "soft")], first);
        let heads = [
            lang.of("Score", "评分"),
            lang.of("At most", "不高于"),
            lang.of("Survey", "问卷"),
            lang.of("Touchpoint", "触点"),
            lang.of("Customers", "客户"),
            lang.of("Then", "结果"),
        ];
        draw::table(html, lang.of("Rules", "规则"), &heads);
        let any = lang.of("any", "不限");
        let or_any = |text: &str| if text.is_empty() { any.to_owned() } else { text.to_owned() };
        for it in rules {
            let most = web::view::text(at(it, "/at_most"));
            let survey = or_any(names.of(text(it, "/survey_id")));
            let place = or_any(names.of(text(it, "/touchpoint_id")));
            let group = or_any(of(lang, &GROUPS, text(it, "/group")));
            let then = of(lang, &THEN, text(it, "/then"));
            let metric = of(lang, &METRICS, text(it, "/metric"));
            draw::row(html, metric, &[&most, &survey, &place, &group, then]);
        }
        draw::end_table(html);
    }
    html.open("dl", &[("class", "facts")]);
    let tickets = of(lang, &TICKETS, text(it, "/tickets"));
    draw::fact(html, lang.of("Tickets of other systems", "其他系统的工单"), tickets);
    draw::fact(html, lang.of("Surge", "集中投诉"), &surge(lang, at(it, "/surge")));
    html.close();
}

fn surge(lang: Lang, it: &Value) -> String {
    if at(it, "/is_on").as_bool() == Some(false) {
        return lang.of("not looked for", "不监测").to_owned();
    }
    let number = |name: &str| it.get(name).and_then(Value::as_i64).unwrap_or(0);
    let (least, hours, times) = (number("at_least"), number("within_hours"), number("times_usual"));
    match lang {
        Lang::En => format!(
            "{least} alike or more within {hours} hours, and {times} times what is usual, are one \
             with a parent case of its own"
        ),
        Lang::Zh => {
            format!("{hours} 小时内同类投诉达到 {least} 件且为平常的 {times} 倍时，合并为一件母单")
        }
    }
}

pub(crate) fn form(lang: Lang, rows: usize, names: &Names) -> Form {
    let tickets = choices(lang, &TICKETS, "");
    let mut inputs = vec![
        choice("tickets", lang.of("Tickets of other systems", "其他系统的工单"), tickets),
        Input::new("surge/is_on", lang.of("Look for surges", "监测集中投诉"), Kind::Flag),
        whole("surge/at_least", lang.of("A surge has at least so many", "集中投诉的最少件数"), ""),
        whole("surge/within_hours", lang.of("within so many hours", "时间窗口（小时）"), ""),
        whole("surge/times_usual", lang.of("and so many times what is usual", "为平常的倍数"), ""),
    ];
    let any = lang.of("any", "不限");
    for number in 0..rows {
        let row = format!("rules/{number}");
        let at = |name: &str| format!("{row}/{name}");
        let none = lang.of("– choose –", "– 请选择 –");
        inputs.push(choice(&at("metric"), lang.of("Score", "评分"), choices(lang, &METRICS, none)));
        inputs.push(whole(&at("at_most"), lang.of("At most", "不高于"), ""));
        let surveys = or_none(any, &names.surveys);
        inputs.push(choice(&at("survey_id"), lang.of("Survey", "问卷"), surveys));
        let places = or_none(any, &names.touchpoints);
        inputs.push(choice(&at("touchpoint_id"), lang.of("Touchpoint", "触点"), places));
        let groups = choices(lang, &GROUPS, any);
        inputs.push(choice(&at("group"), lang.of("Customers", "客户"), groups));
        inputs.push(choice(&at("then"), lang.of("Then", "结果"), choices(lang, &THEN, none)));
        inputs.push(order::input(lang, &row));
        inputs.push(remove(lang, &row));
    }
    Form::new(inputs)
}

fn typed(told: &Value) -> Value {
    order::numbered(told, "rules")
}

fn meant(_: Lang, mut said: Map<String, Value>, _: &mut Wrong) -> Map<String, Value> {
    for rule in order::ordered(&mut said, "rules") {
        rule.retain(|_, it| it != "");
    }
    said
}
