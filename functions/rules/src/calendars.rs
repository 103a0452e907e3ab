//! `/desk/rules/calendars`: every calendar, a new one, and the form of one.

use domain::role::Role;
use http::StatusCode;
use pages::html::Html;
use ports::Env;
use serde_json::{Map, Value};
use staff::form::{Empty, Input, Kind};
use staff::tell::{at, choices, items, text};
use staff::{Desk, Filled, Form, Page, Verb};
use web::lang::Lang;
use web::{Problem, Request, Response};

use crate::edit::{self, Shape, To, Wrong};
use crate::words::{COUNTRIES, SHIPPED, WEEKDAYS};
use crate::{draw, hours, opened};

/// Where calendars are.
pub(crate) const PATH: &str = "/desk/rules/calendars";
const SHAPE: Shape = Shape { typed, meant, rows: &[] };

pub(crate) fn title(lang: Lang) -> &'static str {
    lang.of("Calendars", "工作日历")
}

/// Every calendar: the site's own, and those that ship.
pub(crate) async fn list(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let desk = opened!(env, request, Role::Viewer);
    let after = request.param("after").map(staff::word).unwrap_or_default();
    let mut own = "/v1/calendars?limit=50".to_owned();
    if !after.is_empty() {
        own.push_str(&format!("&after={after}"));
    }
    let mut asked = vec![("calendar", own)];
    asked.extend(SHIPPED.map(|id| ("calendar", format!("/v1/calendars/{id}"))));
    let told = desk.read(env, request, &asked).await;
    let Some((own, shipped)) = told.split_first() else { return desk.nothing() };
    let own = match own {
        Ok(it) => it,
        Err(refused) => return desk.refusal(refused),
    };
    let lang = desk.lang;
    let mut page = draw::page(&desk, request, title(lang), &[]);
    page.html.put("p", &[("class", "say")], lang.of(
        "A calendar says when people are at work: promises in working time count by it, and agents \
         are booked and given cases in its hours.",
        "日历规定工作时间：按工作时间计算的时限以此为准，客服也只在其时段内被预约和派单。",
    ));
    if desk.may(Role::Manager) {
        page.html.open("p", &[("class", "row-acts")]);
        let new = desk.href(&format!("{PATH}/new"));
        let does = lang.of("New calendar", "新建日历");
        page.html.put("a", &[("href", &new), ("data-key", "n"), ("data-does", does)], does);
        page.html.close();
    }
    page.html.open("ul", &[("class", "list")]);
    for it in items(own, "/items") {
        item(&mut page.html, &desk, it);
    }
    for it in shipped.iter().filter_map(|it| it.as_ref().ok()) {
        item(&mut page.html, &desk, it);
    }
    page.html.close();
    desk.more(&mut page.html, PATH, text(own, "/next"));
    Ok(page.answer(StatusCode::OK))
}

fn item(html: &mut Html, desk: &Desk, it: &Value) {
    let lang = desk.lang;
    html.open("li", &[]);
    html.open("h2", &[]);
    let href = desk.href(&format!("{PATH}/{}", text(it, "/id")));
    html.put("a", &[("href", &href), ("data-row", "")], text(it, "/name"));
    if at(it, "/is_built_in").as_bool() == Some(true) {
        html.text(" ");
        html.put("span", &[("class", "badge")], lang.of("ships", "内置"));
    }
    html.close();
    let mut line = format!("{} · {}", text(it, "/zone"), week(lang, it));
    if let Some(warning) = known(desk, it) {
        line.push_str(" · ");
        line.push_str(&warning);
    }
    html.put("p", &[], &line);
    html.close();
}

/// The week in one line: days with the same hours are told together.
pub(crate) fn week(lang: Lang, it: &Value) -> String {
    let mut told = String::new();
    let mut days: Vec<(&str, &str, String)> = Vec::with_capacity(7);
    for (key, name) in &WEEKDAYS {
        let shifts = hours::told(lang, at(it, &format!("/week/{key}")));
        let name = name.text(lang);
        match days.last_mut() {
            Some((_, last, same)) if *same == shifts => *last = name,
            _ => days.push((name, name, shifts)),
        }
    }
    for (first, last, shifts) in days {
        if !told.is_empty() {
            told.push_str(lang.of("; ", "；"));
        }
        told.push_str(first);
        if first != last {
            told.push_str(lang.of(" to ", "至"));
            told.push_str(last);
        }
        told.push(' ');
        told.push_str(&shifts);
    }
    told
}

/// Says so if the holidays of the months to come are not known.
pub(crate) fn known(desk: &Desk, it: &Value) -> Option<String> {
    let known = text(it, "/known_until");
    let day = domain::civil::parse_date(known)?;
    let today = desk.zone.day(desk.now);
    if today + WARN_DAYS <= day {
        return None;
    }
    Some(match desk.lang {
        Lang::En => format!("holidays are known until {known} only"),
        Lang::Zh => format!("节假日仅知至 {known}"),
    })
}

/// So many days ahead somebody should load the next year.
const WARN_DAYS: i32 = 60;

/// The form of a calendar. Days of its own are added and taken away elsewhere.
pub(crate) fn form(lang: Lang, is_new: bool) -> Form {
    let mut inputs = vec![
        Input::line("name", lang.of("Name", "名称")).needed(),
        Input::line("zone", lang.of("Time zone", "时区"))
            .hint(lang.of("Such as Asia/Shanghai or Europe/Paris", "例如 Asia/Shanghai"))
            .needed(),
        Input::new(
            "country",
            lang.of("Public holidays", "法定节假日"),
            Kind::Choice(choices(lang, &COUNTRIES, "")),
        ),
    ];
    for (key, name) in &WEEKDAYS {
        let hint = if *key == "monday" {
            lang.of(
                "Such as 09:00-12:00 13:00-18:00; empty for closed. With *2 behind a shift, each \
                 makes two calls at once in it; *0 is work without calls.",
                "例如 09:00-12:00 13:00-18:00；留空为休息。班次后加 *2 表示每人同时可接两通电话，\
                 *0 表示只处理投诉、不接电话。",
            )
        } else {
            ""
        };
        let field = Input::line(format!("week/{key}"), name.text(lang)).hint(hint);
        inputs.push(field.empty(Empty::Text));
    }
    inputs.push(
        Input::line("make_up", lang.of("On make-up days", "调休补班日"))
            .hint(lang.of("Empty: as on Mondays", "留空则与星期一相同"))
            .empty(Empty::Text),
    );
    if !is_new {
        inputs.push(
            Input::new(
                "known_until",
                lang.of("Holidays are known until", "节假日已知至"),
                Kind::Date,
            )
            .hint(lang.of(
                "The last day of the last year that you loaded. Clocks that count later days \
                     say that they may move.",
                "您已导入的最后一年的最后一天。此后的期限会标明可能变动。",
            )),
        );
    }
    Form::new(inputs)
}

fn typed(told: &Value) -> Value {
    let mut shown = told.as_object().cloned().unwrap_or_default();
    let mut week = Map::new();
    for (key, _) in &WEEKDAYS {
        let shifts = hours::typed(at(told, &format!("/week/{key}")));
        week.insert((*key).to_owned(), Value::from(shifts));
    }
    shown.insert("week".to_owned(), Value::Object(week));
    shown.insert("make_up".to_owned(), Value::from(hours::typed(at(told, "/make_up"))));
    Value::Object(shown)
}

fn meant(lang: Lang, mut said: Map<String, Value>, wrong: &mut Wrong) -> Map<String, Value> {
    let mut read = |name: String, value: Option<&Value>| {
        let text = value.and_then(Value::as_str).unwrap_or("");
        hours::meant(lang, text).unwrap_or_else(|rule| {
            wrong.push((name, rule));
            Value::Null
        })
    };
    let mut week = Map::new();
    for (key, _) in &WEEKDAYS {
        let shifts = said.get("week").and_then(|it| it.get(key));
        week.insert((*key).to_owned(), read(format!("week/{key}"), shifts));
    }
    let make_up = read("make_up".to_owned(), said.get("make_up"));
    said.insert("week".to_owned(), Value::Object(week));
    said.insert("make_up".to_owned(), make_up);
    said
}

/// The page of a new calendar: it begins as office hours are.
pub(crate) async fn new(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let desk = opened!(env, request, Role::Manager);
    let told = desk.read_one(env, request, ("calendar", "/v1/calendars/office")).await;
    let mut told = told.unwrap_or_default();
    if let Value::Object(told) = &mut told {
        told.remove("name");
    }
    let form = form(desk.lang, true);
    let filled = edit::filled(&form, SHAPE, &told, 0);
    Ok(draw_new(&desk, request, &form, &filled))
}

fn draw_new(desk: &Desk, request: &Request, form: &Form, filled: &Filled) -> Response {
    let lang = desk.lang;
    let above = [(PATH, title(lang))];
    let mut page = draw::page(desk, request, lang.of("New calendar", "新建日历"), &above);
    desk.begin_form(&mut page.html, &format!("{PATH}/new"), "panel");
    form.draw(&mut page.html, desk, filled);
    draw::send(&mut page.html, lang.of("Create", "创建"));
    page.html.close();
    page.answer(filled.status())
}

/// Makes a calendar.
pub(crate) async fn create(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let desk = opened!(env, request, Role::Manager);
    let sent = match desk.sent(env, request).await {
        Ok(sent) => sent,
        Err(problem) => return desk.told(problem),
    };
    let form = form(desk.lang, true);
    let to = To { component: "calendar", verb: Verb::Post, target: "/v1/calendars", again: &[] };
    match edit::submit(env, request, &desk, (&form, &sent, SHAPE), to).await {
        Ok(done) => Ok(desk.go(&format!("{PATH}/{}", text(&done.told, "/id")), "created")),
        Err(filled) => Ok(draw_new(&desk, request, &form, &filled)),
    }
}

/// The form of one.
pub(crate) async fn change(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let desk = opened!(env, request, Role::Manager);
    let target = format!("/v1/calendars/{}", staff::word(id));
    let told = match desk.read_one(env, request, ("calendar", &target)).await {
        Ok(told) => told,
        Err(refused) => return desk.refusal(&refused),
    };
    let form = form(desk.lang, false);
    let version = at(&told, "/version").as_i64().unwrap_or(0);
    let filled = edit::filled(&form, SHAPE, &told, version);
    Ok(draw_change(&desk, request, (id, text(&told, "/name")), &form, &filled))
}

fn draw_change(
    desk: &Desk,
    request: &Request,
    (id, name): (&str, &str),
    form: &Form,
    filled: &Filled,
) -> Response {
    let lang = desk.lang;
    let own = format!("{PATH}/{id}");
    let above = [(PATH, title(lang)), (own.as_str(), name)];
    let mut page: Page<'_> = draw::page(desk, request, lang.of("Change hours", "修改工时"), &above);
    page.html.put(
        "p",
        &[("class", "say")],
        lang.of(
            "Open cases whose clocks count by this calendar are reckoned anew once it is saved.",
            "保存后，按此日历计时的未结投诉将重新计算时限。",
        ),
    );
    desk.begin_form(&mut page.html, &format!("{own}/edit"), "panel");
    form.draw(&mut page.html, desk, filled);
    draw::send(&mut page.html, lang.of("Save", "保存"));
    page.html.close();
    page.answer(filled.status())
}

/// Changes one.
pub(crate) async fn save(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let desk = opened!(env, request, Role::Manager);
    let sent = match desk.sent(env, request).await {
        Ok(sent) => sent,
        Err(problem) => return desk.told(problem),
    };
    let form = form(desk.lang, false);
    let target = format!("/v1/calendars/{}", staff::word(id));
    let again = [(target.clone(), "", "/version")];
    let to = To { component: "calendar", verb: Verb::Patch, target: &target, again: &again };
    match edit::submit(env, request, &desk, (&form, &sent, SHAPE), to).await {
        Ok(_) => Ok(desk.go(&format!("{PATH}/{id}"), "saved")),
        Err(filled) => {
            let name = sent.get("name").to_owned();
            Ok(draw_change(&desk, request, (id, &name), &form, &filled))
        }
    }
}
