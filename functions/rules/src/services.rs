//! `/desk/rules/services`: what can be booked.

use domain::role::Role;
use http::StatusCode;
use pages::html::Html;
use ports::Env;
use serde_json::{Map, Value, json};
use staff::form::{Empty, Input, Kind};
use staff::tell::{at, items, text};
use staff::{Desk, Form};
use web::lang::Lang;
use web::{Problem, Request, Response};

use crate::draw::{self, or_none};
use crate::edit::{Shape, Wrong, choice, whole};
use crate::opened;
use crate::thing::Thing;
use crate::words::{self, Names, listed};

pub(crate) const SHAPE: Shape = Shape { typed, meant, rows: &[] };
/// Lists that are typed in one line.
const LISTS: [&str; 3] = ["reminders_min", "retries_min/no_answer", "retries_min/busy"];

/// Services, as things of which there are several.
pub(crate) const THING: Thing = Thing {
    page: "/desk/rules/services",
    path: "/v1/services",
    shape: SHAPE,
    wanted: &["calendars", "surveys", "touchpoints"],
    form,
    new: "/desk/rules/services/new",
    title: |lang| lang.of("Call-back services", "回电服务"),
    heading: |lang| lang.of("New service", "新建服务"),
    name: |_, it, _| text(it, "/name").to_owned(),
    begin: || json!({ "is_public": true, "is_active": true }),
};

/// Every service.
pub(crate) async fn list(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let desk = opened!(env, request, Role::Viewer);
    let told = match THING.ask(env, request, &desk).await {
        Ok(told) => told,
        Err(refused) => return desk.refusal(&refused),
    };
    let lang = desk.lang;
    let mut page = draw::page(&desk, request, (THING.title)(lang), &[]);
    let about = lang.of(
        "A service is what can be booked: how long a call takes, how soon and how late it may be \
         booked, and what follows if nobody answers.",
        "服务即可预约的内容：一次通话多长、可提前多久预约、无人接听后如何处理。",
    );
    page.html.put("p", &[("class", "say")], about);
    THING.new_way(&mut page.html, &desk);
    if items(&told, "/items").is_empty() {
        page.empty(lang.of(
            "There is no service yet: nobody can book a call. Make one.",
            "还没有服务，客户无法预约回电。请新建一个。",
        ));
    }
    page.html.open("ul", &[("class", "list")]);
    for it in items(&told, "/items") {
        item(&mut page.html, &desk, it);
    }
    page.html.close();
    desk.more(&mut page.html, THING.page, text(&told, "/next"));
    Ok(page.answer(StatusCode::OK))
}

fn item(html: &mut Html, desk: &Desk, it: &Value) {
    let lang = desk.lang;
    html.open("li", &[]);
    html.open("h2", &[]);
    let href = desk.href(&format!("{}/{}", THING.page, text(it, "/id")));
    html.put("a", &[("href", &href), ("data-row", "")], text(it, "/name"));
    for (is_so, badge) in [
        (at(it, "/is_active").as_bool() == Some(false), lang.of("rests", "已停用")),
        (at(it, "/is_public").as_bool() == Some(true), lang.of("public", "公开")),
    ] {
        if is_so {
            html.text(" ");
            html.put("span", &[("class", "badge")], badge);
        }
    }
    html.close();
    let length = words::minutes(lang, at(it, "/length_min").as_i64().unwrap_or(0));
    let notice = words::minutes(lang, at(it, "/notice_min").as_i64().unwrap_or(0));
    let days = web::view::text(at(it, "/horizon_days"));
    let line = match lang {
        Lang::En => format!("{length}, booked {notice} to {days} days ahead"),
        Lang::Zh => format!("时长 {length}，可提前 {notice} 至 {days} 天预约"),
    };
    html.put("p", &[], &line);
    html.close();
}

fn form(lang: Lang, names: &Names) -> Form {
    let day =
        lang.of("In minutes: 60 is an hour, 1440 a day", "以分钟计：60 为一小时，1440 为一天");
    let list = lang.of("Minutes, such as 30 240 1440", "分钟数，例如 30 240 1440");
    let pieces = lang.of("Minutes, a multiple of 5", "分钟数，须为 5 的倍数");
    let flag = |name: &str, label: &str| Input::new(name, label, Kind::Flag);
    let line = |name: &str, label: &str| Input::line(name, label).hint(list).empty(Empty::Text);
    let clock = |name: &str, label: &str| Input::new(name, label, Kind::Clock);
    let hours = or_none(lang.of("Office hours of the site", "站点办公时间"), &names.calendars);
    let none = lang.of("none", "无");
    Form::new(vec![
        Input::line("name", lang.of("Name", "名称")).needed(),
        flag("is_active", lang.of("Offered", "启用")),
        flag("is_public", lang.of("Customers may book it themselves", "客户可自行预约")),
        whole("length_min", lang.of("A call takes", "通话时长"), pieces),
        whole("every_min", lang.of("A slot begins every", "每隔多久一个时段"), pieces),
        whole("before_min", lang.of("Kept free before", "通话前预留"), pieces),
        whole("after_min", lang.of("Kept free after", "通话后预留"), pieces),
        whole("notice_min", lang.of("Booked no later than so long ahead", "最晚提前预约"), day),
        whole(
            "horizon_days",
            lang.of("Booked up to so many days ahead", "最早可提前预约的天数"),
            "",
        ),
        whole("hold_min", lang.of("A slot is held unconfirmed for", "未确认时段保留"), day),
        whole("grace_min", lang.of("A call is in time until so long after", "允许迟到"), day),
        whole(
            "asap_within_min",
            lang.of("“As soon as possible” is within", "“尽快”指多久以内"),
            day,
        ),
        whole(
            "expires_days",
            lang.of("What was not reached ends after days", "未接通几天后结束"),
            "",
        ),
        clock("quiet/from", lang.of("Nobody is called from", "免打扰开始")),
        clock("quiet/until", lang.of("until", "免打扰结束")),
        line("reminders_min", lang.of("Reminders so long before", "提前多久提醒")),
        line("retries_min/no_answer", lang.of("Tried again after no answer", "无人接听后重拨间隔")),
        line("retries_min/busy", lang.of("Tried again after busy", "占线后重拨间隔")),
        Input::new(
            "skills",
            lang.of("Skills that are wanted, one to a line", "所需技能，每行一项"),
            Kind::Lines,
        ),
        choice("calendar_id", lang.of("Those who wait count by", "排队等待按"), hours),
        choice(
            "survey_id",
            lang.of("Survey that the call answers", "通话填写的问卷"),
            or_none(none, &names.surveys),
        ),
        choice("touchpoint_id", lang.of("Touchpoint", "触点"), or_none(none, &names.touchpoints)),
    ])
}

fn typed(told: &Value) -> Value {
    let mut shown = told.as_object().cloned().unwrap_or_default();
    let list = |pointer: &str| Value::from(listed(Lang::En, at(told, pointer)).replace(',', ""));
    for name in LISTS {
        let value = list(&format!("/{name}"));
        match name.split_once('/') {
            None => {
                shown.insert(name.to_owned(), value);
            }
            Some((first, rest)) => {
                let inner = shown.entry(first.to_owned()).or_insert_with(|| json!({}));
                if let Value::Object(inner) = inner {
                    inner.insert(rest.to_owned(), value);
                }
            }
        }
    }
    Value::Object(shown)
}

fn meant(lang: Lang, mut said: Map<String, Value>, wrong: &mut Wrong) -> Map<String, Value> {
    let mut list = |name: &str, value: Option<&mut Value>| {
        let Some(value) = value else { return };
        let mut numbers = Vec::new();
        let typed = value.as_str().unwrap_or("").to_owned();
        for it in typed.split([' ', ',', '，', '、', ';']).filter(|it| !it.is_empty()) {
            match it.parse::<i64>() {
                Ok(number) => numbers.push(Value::from(number)),
                Err(_) => {
                    let rule =
                        lang.of("must be whole numbers; this is none: ", "须为整数；此项不是：");
                    wrong.push((name.to_owned(), format!("{rule}{it}")));
                }
            }
        }
        *value = Value::Array(numbers);
    };
    list("reminders_min", said.get_mut("reminders_min"));
    for name in ["no_answer", "busy"] {
        let value = said.get_mut("retries_min").and_then(|it| it.get_mut(name));
        list(&format!("retries_min/{name}"), value);
    }
    said.entry("quiet").or_insert(Value::Null);
    said
}
