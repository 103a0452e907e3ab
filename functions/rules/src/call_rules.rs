//! `/desk/rules/call-rules`: what leads to a call.

use domain::role::Role;
use http::StatusCode;
use pages::words::GROUPS;
use ports::Env;
use serde_json::{Map, Value, json};
use staff::Form;
use staff::form::{Input, Kind};
use staff::tell::{at, choices, items, of, text};
use web::lang::Lang;
use web::{Problem, Request, Response};

use crate::draw::{self, or_none};
use crate::edit::{Shape, Wrong, choice, whole};
use crate::opened;
use crate::thing::Thing;
use crate::words::{self, CALL_EVENTS, Names, PURPOSES};

const SHAPE: Shape = Shape { typed: Value::clone, meant, rows: &[] };

/// Call rules, as things of which there are several.
pub(crate) const THING: Thing = Thing {
    page: "/desk/rules/call-rules",
    path: "/v1/call-rules",
    shape: SHAPE,
    wanted: &["services"],
    form,
    new: "/desk/rules/call-rules/new",
    title: |lang| lang.of("Call rules", "回访规则"),
    heading: |lang| lang.of("New call rule", "新建回访规则"),
    name,
    begin: || json!({ "is_active": true }),
};

fn name(lang: Lang, it: &Value, names: &Names) -> String {
    let event = of(lang, &CALL_EVENTS, text(it, "/event"));
    format!("{event} → {}", names.of(text(it, "/service_id")))
}

/// Every rule.
pub(crate) async fn list(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let desk = opened!(env, request, Role::Viewer);
    let told = match THING.ask(env, request, &desk).await {
        Ok(told) => told,
        Err(refused) => return desk.refusal(&refused),
    };
    let names = draw::names(env, request, &desk, THING.wanted).await;
    let lang = desk.lang;
    let mut page = draw::page(&desk, request, (THING.title)(lang), &[]);
    let about = lang.of(
        "A call rule waits for something and plans a call for it: after a solved complaint, an \
         order, a low score, or for core customers now and then.",
        "回访规则在特定事项发生后安排回访：投诉解决后、订单完成后、收到低分后，或定期回访核心客户。",
    );
    page.html.put("p", &[("class", "say")], about);
    THING.new_way(&mut page.html, &desk);
    if items(&told, "/items").is_empty() {
        page.empty(lang.of(
            "There is no rule yet: calls are made only where customers or agents ask for them.",
            "还没有规则：只有客户预约或客服安排时才会回电。",
        ));
    }
    page.html.open("ul", &[("class", "list")]);
    for it in items(&told, "/items") {
        page.html.open("li", &[]);
        page.html.open("h2", &[]);
        let href = desk.href(&format!("{}/{}", THING.page, text(it, "/id")));
        let label = name(lang, it, &names);
        page.html.put("a", &[("href", &href), ("data-row", "")], &label);
        if at(it, "/is_active").as_bool() == Some(false) {
            page.html.text(" ");
            page.html.put("span", &[("class", "badge")], lang.of("rests", "已停用"));
        }
        page.html.close();
        page.html.put("p", &[], &sentence(lang, it));
        page.html.close();
    }
    page.html.close();
    desk.more(&mut page.html, THING.page, text(&told, "/next"));
    Ok(page.answer(StatusCode::OK))
}

/// What a rule does, in a sentence.
fn sentence(lang: Lang, it: &Value) -> String {
    let number = |pointer: &str| at(it, pointer).as_i64().unwrap_or(0);
    let purpose = of(lang, &PURPOSES, text(it, "/purpose"));
    let delay = words::minutes(lang, number("/delay_min"));
    let within = words::minutes(lang, number("/within_min"));
    let mut told = match lang {
        Lang::En => format!("{purpose}: called from {delay} to {within} after it"),
        Lang::Zh => format!("{purpose}：在其后 {delay} 至 {within} 之间回访"),
    };
    if text(it, "/event") == "customer" {
        let days = number("/every_days");
        told.push_str(&match lang {
            Lang::En => format!(", every {days} days"),
            Lang::Zh => format!("，每 {days} 天一次"),
        });
    }
    let mut groups = String::new();
    for it in items(it, "/groups") {
        groups.push_str(if groups.is_empty() { "" } else { lang.of(", ", "、") });
        groups.push_str(of(lang, &GROUPS, it.as_str().unwrap_or("")));
    }
    if !groups.is_empty() {
        told.push_str(&match lang {
            Lang::En => format!(", for customers: {groups}"),
            Lang::Zh => format!("，仅限：{groups}"),
        });
    }
    told
}

fn form(lang: Lang, names: &Names) -> Form {
    let day =
        lang.of("In minutes: 60 is an hour, 1440 a day", "以分钟计：60 为一小时，1440 为一天");
    let none = lang.of("– choose –", "– 请选择 –");
    Form::new(vec![
        choice("event", lang.of("After what", "触发事项"), choices(lang, &CALL_EVENTS, none)),
        choice("service_id", lang.of("Which service", "回电服务"), or_none(none, &names.services)),
        Input::new("is_active", lang.of("In use", "启用"), Kind::Flag),
        whole("delay_min", lang.of("Called no sooner than so long after", "最早多久之后回访"), day),
        whole("within_min", lang.of("and no later than so long after", "最晚多久之内回访"), day),
        whole("every_days", lang.of("Of customers: every so many days", "定期回访：间隔天数"), ""),
        Input::new(
            "groups",
            lang.of("Only customers who are", "仅限客户"),
            Kind::Several(choices(lang, &GROUPS, "")),
        )
        .hint(lang.of("None ticked: whoever it is", "均不勾选则不限")),
        whole(
            "nps_max",
            lang.of("Of low scores: NPS up to", "低分：NPS 不高于"),
            lang.of("-1 for none", "-1 表示不按 NPS"),
        ),
        whole(
            "csat_max",
            lang.of("Of low scores: satisfaction up to", "低分：满意度不高于"),
            lang.of("Of 1 to 5; 0 for none", "按 1 至 5 分；0 表示不按满意度"),
        ),
    ])
}

fn meant(_: Lang, said: Map<String, Value>, _: &mut Wrong) -> Map<String, Value> {
    said
}
