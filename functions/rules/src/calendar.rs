//! `/desk/rules/calendars/{id}`: when people are at work, the days that are otherwise, and when
//! something would be due.

use domain::civil::parse_rfc3339;
use domain::role::Role;
use http::StatusCode;
use pages::Field;
use pages::html::Html;
use pages::time::moment;
use ports::Env;
use serde_json::{Value, json};
use staff::form::local;
use staff::tell::{at, items, of, text};
use staff::{Call, Desk, Refused, Sent, Verb};
use web::{Problem, Request, Response, view};

use crate::calendars::{PATH, known, title, week};
use crate::words::{COUNTRIES, WHY};
use crate::{draw, hours, opened, year};

/// One calendar. `year` is the year that is shown; `from`, `length` and `unit` ask when something
/// would be due.
pub(crate) async fn show(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let desk = opened!(env, request, Role::Viewer);
    let own = format!("/v1/calendars/{}", staff::word(id));
    let (wanted, _, _) = domain::civil::civil(desk.zone.day(desk.now));
    let wanted = request.param("year").and_then(|it| it.parse::<i32>().ok()).unwrap_or(wanted);
    let mut asked =
        vec![("calendar", own.clone()), ("calendar", format!("{own}/days?year={wanted}"))];
    if request.param("length").is_some() {
        asked.push(("calendar", format!("{own}/reading{}", question(&desk, request))));
    }
    let mut told = desk.read(env, request, &asked).await.into_iter();
    let it = match told.next() {
        Some(Ok(it)) => it,
        Some(Err(refused)) => return desk.refusal(&refused),
        None => return desk.nothing(),
    };
    let days = told.next().and_then(Result::ok).unwrap_or_default();
    let reading = told.next();
    let version = at(&it, "/version").as_i64().unwrap_or(0);
    let is_own = at(&it, "/is_built_in").as_bool() != Some(true);
    let happened = match is_own {
        true => draw::history(env, request, &desk, ("calendar", &own), version).await,
        false => Vec::new(),
    };
    let lang = desk.lang;
    let mut page = draw::page(&desk, request, text(&it, "/name"), &[(PATH, title(lang))]);
    let may = is_own && desk.may(Role::Manager);
    facts(&mut page.html, &desk, &it, may);
    year::draw(&mut page.html, &desk, &it, (&days, wanted));
    others(&mut page.html, &desk, (&it, &days), may);
    due(&mut page.html, &desk, request, (&it, reading));
    draw::draw_history(&mut page.html, &desk, &happened);
    Ok(page.answer(StatusCode::OK))
}

fn facts(html: &mut Html, desk: &Desk, it: &Value, may: bool) {
    let lang = desk.lang;
    draw::panel(html, "hours", lang.of("Hours", "工作时间"));
    if let Some(warning) = known(desk, it) {
        html.open("p", &[("class", "others")]);
        html.put("strong", &[], lang.of("Look: ", "请注意："));
        html.text(&warning);
        let more = lang.of(
            ". Load the next year once it is announced; until then clocks take its days as usual \
             ones and say so.",
            "。下一年公布后请导入；在此之前，时限按普通日计算并会注明。",
        );
        html.text(more);
        html.close();
    }
    html.open("dl", &[("class", "facts")]);
    draw::fact(html, lang.of("Week", "每周"), &week(lang, it));
    draw::fact(html, lang.of("Time zone", "时区"), text(it, "/zone"));
    let country = of(lang, &COUNTRIES, text(it, "/country"));
    draw::fact(html, lang.of("Public holidays", "法定节假日"), country);
    let make_up = match items(it, "/make_up") {
        [] => lang.of("as on Mondays", "与星期一相同").to_owned(),
        _ => hours::told(lang, at(it, "/make_up")),
    };
    draw::fact(html, lang.of("On make-up days", "调休补班日"), &make_up);
    let until = match text(it, "/known_until") {
        "" => lang.of("not followed", "不适用"),
        day => day,
    };
    draw::fact(html, lang.of("Holidays are known until", "节假日已知至"), until);
    html.close();
    if may {
        let own = format!("{PATH}/{}", text(it, "/id"));
        html.open("p", &[("class", "row-acts")]);
        let (href, does) = (desk.href(&format!("{own}/edit")), lang.of("Change hours", "修改工时"));
        html.put("a", &[("href", &href), ("data-key", "e"), ("data-does", does)], does);
        let does = lang.of("Add days or load a year", "添加日期或导入全年");
        let href = desk.href(&format!("{own}/days"));
        html.put("a", &[("href", &href), ("data-key", "d"), ("data-does", does)], does);
        html.close();
    } else if at(it, "/is_built_in").as_bool() == Some(true) {
        let text = lang.of(
            "This calendar ships and stays as it is. Make your own to have other hours.",
            "这是内置日历，不可修改。如需其他工时，请新建日历。",
        );
        html.put("p", &[("class", "soft")], text);
    }
    html.close();
}

/// The days that are not as their weekday says, each of one's own with a way to take it away.
fn others(html: &mut Html, desk: &Desk, (it, days): (&Value, &Value), may: bool) {
    let lang = desk.lang;
    draw::panel(html, "others", lang.of("Days that are otherwise", "特殊日期"));
    let found = items(days, "/days");
    if found.is_empty() {
        let none = lang.of(
            "No day of this year is otherwise. Holidays that you load and days that you add are \
             listed here.",
            "这一年没有特殊日期。您导入的节假日和添加的日期会列在这里。",
        );
        html.put("p", &[("class", "nothing")], none);
        html.close();
        return;
    }
    let heads = [
        lang.of("Day", "日期"),
        lang.of("Why", "原因"),
        lang.of("Hours", "时段"),
        lang.of("Change", "操作"),
    ];
    let shown = if may { heads.len() } else { heads.len() - 1 };
    let label = lang.of("Days that are otherwise", "特殊日期");
    draw::table(html, label, heads.get(..shown).unwrap_or(&[]));
    let today = desk.zone.day(desk.now);
    for day in found {
        let date = text(day, "/date");
        let told = match domain::civil::parse_date(date) {
            Some(number) => pages::time::day(lang, number, today),
            None => ("", date.to_owned()),
        };
        html.open("tr", &[]);
        html.put("th", &[("scope", "row")], &format!("{} · {}", told.1, told.0));
        let why = of(lang, &WHY, text(day, "/why"));
        let why = match text(day, "/name") {
            "" => why.to_owned(),
            name => format!("{name} · {why}"),
        };
        html.put("td", &[], &why);
        html.put("td", &[], &hours::told(lang, at(day, "/hours")));
        if may {
            html.open("td", &[]);
            if text(day, "/why") == "exception" {
                taken_away(html, desk, it, date);
            }
            html.close();
        }
        html.close();
    }
    draw::end_table(html);
    html.close();
}

fn taken_away(html: &mut Html, desk: &Desk, it: &Value, date: &str) {
    let lang = desk.lang;
    desk.begin_form(html, &format!("{PATH}/{}/remove", text(it, "/id")), "one");
    html.void("input", &[("type", "hidden"), ("name", "date"), ("value", date)]);
    let label = format!("{} {date}", lang.of("Take away", "删除"));
    html.put("button", &[("class", "quiet"), ("aria-label", &label)], lang.of("Take away", "删除"));
    html.close();
}

/// Takes a day of one's own away.
pub(crate) async fn remove(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let desk = opened!(env, request, Role::Manager);
    let sent: Sent = match desk.sent(env, request).await {
        Ok(sent) => sent,
        Err(problem) => return desk.told(problem),
    };
    let target = format!("/v1/calendars/{}", staff::word(id));
    let told = match desk.read_one(env, request, ("calendar", &target)).await {
        Ok(told) => told,
        Err(refused) => return desk.refusal(&refused),
    };
    let date = sent.get("date");
    let mut left = items(&told, "/exceptions").to_vec();
    left.retain(|it| text(it, "/date") != date);
    let body = json!({ "exceptions": left });
    // Whatever else changed since the page was shown stays: this is about one day.
    let version = at(&told, "/version").as_i64().unwrap_or(0);
    let call = Call {
        component: "calendar",
        verb: Verb::Patch,
        target: &target,
        body: &body,
        key: sent.key(),
        version,
        ..Call::default()
    };
    match desk.send(env, request, call).await {
        Ok(_) => Ok(desk.go(&format!("{PATH}/{id}?year={}", year_of(date)), "removed")),
        Err(refused) => desk.refusal(&refused),
    }
}

/// The year of a date.
pub(crate) fn year_of(date: &str) -> String {
    date.chars().take_while(char::is_ascii_digit).collect()
}

/// What is asked of the reading.
fn question(desk: &Desk, request: &Request) -> String {
    let param = |name: &str| request.param(name).unwrap_or("").trim();
    let unit = if param("unit") == "working_days" { "working_days" } else { "hours" };
    let mut question = format!("?{unit}={}", staff::word(param("length")));
    let from = param("from");
    if !from.is_empty() {
        let at = staff::form::moment(desk.zone, from);
        let at = at.map_or_else(|| from.to_owned(), view::time);
        question.push_str(&format!("&from={}", staff::word(&at)));
    }
    question
}

/// When something would be due: what to ask, and the answer in words.
fn due(
    html: &mut Html,
    desk: &Desk,
    request: &Request,
    (it, reading): (&Value, Option<Result<Value, Refused>>),
) {
    let lang = desk.lang;
    draw::panel(html, "due", lang.of("When would it be due?", "何时到期？"));
    let path = format!("{PATH}/{}", text(it, "/id"));
    let param = |name: &str| request.param(name).unwrap_or("");
    let wrong = match &reading {
        Some(Err(refused)) => refused.text().to_owned(),
        _ => String::new(),
    };
    desk.begin_query(html, &format!("{path}#due"), "asking");
    let now = local(desk.zone, desk.now);
    let from = if param("from").is_empty() { now.as_str() } else { param("from") };
    let from = Field {
        name: "from",
        label: lang.of("From", "起点"),
        value: from,
        kind: "datetime-local",
        ..Field::default()
    };
    pages::field(html, &from);
    let length = Field {
        name: "length",
        label: lang.of("How much", "时长"),
        value: if param("length").is_empty() { "8" } else { param("length") },
        wrong: &wrong,
        kind: "text",
        ..Field::default()
    };
    pages::field(html, &length);
    let unit = staff::form::Select {
        id: "",
        name: "unit",
        label: lang.of("Counted in", "计量"),
        hint: "",
        wrong: "",
    };
    let units = [
        ("hours".to_owned(), lang.of("working hours", "工作小时").to_owned()),
        ("working_days".to_owned(), lang.of("working days", "工作日").to_owned()),
    ];
    staff::form::select(html, &unit, &units, param("unit"));
    html.put("button", &[("class", "quiet")], lang.of("Reckon", "计算"));
    html.close();
    if let Some(Ok(told)) = &reading {
        answer(html, desk, told);
    }
    html.close();
}

fn answer(html: &mut Html, desk: &Desk, told: &Value) {
    let lang = desk.lang;
    let zone = domain::zone::Zone::parse(text(told, "/zone")).unwrap_or(desk.zone);
    let at = |time: &str| match parse_rfc3339(time) {
        Some(at) => moment(lang, zone, at, desk.now),
        None => time.to_owned(),
    };
    html.open("div", &[("role", "status")]);
    let due = text(told, "/due");
    html.open("p", &[("class", "answer")]);
    if due.is_empty() {
        let text = lang.of("It would never be due: nobody is at work.", "永不到期：没有工作时间。");
        html.text(text);
    } else {
        html.text(lang.of("It would be due ", "到期时间："));
        html.put("time", &[("datetime", due)], &at(due));
        html.text(lang.of(" (", "（"));
        html.text(text(told, "/zone"));
        html.text(lang.of(").", "）。"));
    }
    html.close();
    if told.get("is_known").and_then(Value::as_bool) == Some(false) {
        let text = lang.of(
            "It counts days whose holidays nobody announced yet: it may move.",
            "其中含尚未公布节假日的日期，结果可能变动。",
        );
        html.put("p", &[("class", "late")], text);
    }
    html.open("details", &[]);
    html.put("summary", &[], lang.of("What counts", "计时过程"));
    html.open("ol", &[("class", "history")]);
    for it in items(told, "/timeline") {
        let kind = match text(it, "/kind") {
            "running" => lang.of("counts", "计时"),
            "outside" | "paused" => lang.of("does not count", "不计时"),
            "over" => lang.of("is over", "已到期"),
            other => other,
        };
        let line = format!("{} – {} · {kind}", at(text(it, "/from")), at(text(it, "/to")));
        html.put("li", &[], &line);
    }
    html.close();
    html.close();
    html.close();
}
