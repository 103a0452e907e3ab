//! One agent: how many calls they make, in which languages, when they are there and when away.

use app::case::book;
use domain::civil::parse_rfc3339;
use domain::role::Role;
use pages::html::Html;
use ports::Env;
use serde_json::{Value, json};
use staff::form::{Empty, Kind};
use staff::tell::{at, items, moment, name_of, named, text};
use staff::{Call, Desk, Filled, Form, Input, Refused, Section, Sent, Signed, Verb, word};
use web::lang::said;
use web::{Problem, Request, Response};

use crate::sheet::why;
use crate::tell::{above, notice};

/// What a page of theirs shows beside what is set.
#[derive(Default)]
struct Shown {
    /// The form of what is set.
    filled: Option<Filled>,
    /// The form of an absence.
    away: Filled,
    /// The address of their calendar, told this once.
    url: String,
    /// What went wrong elsewhere.
    alert: String,
    status: u16,
}

/// Opens it for managers, and for whoever it is about.
async fn open(env: &impl Env, request: &Request, id: &str) -> Result<Signed, Problem> {
    let desk = match staff::open(env, request, Role::Agent).await? {
        Signed::In(desk) => desk,
        out => return Ok(out),
    };
    if desk.may(Role::Manager) || desk.agent_id == id {
        return Ok(Signed::In(desk));
    }
    let own = said("Other people’s hours are for managers.", "他人的排班仅经理可查看。");
    desk.told(Problem::new(web::Kind::Forbidden).with(own)).map(Signed::Out)
}

pub(crate) async fn show(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let desk = match open(env, request, id).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    draw(env, request, &desk, id, Shown::default()).await
}

/// Whoever sends a form about somebody, and what they sent.
async fn sent(
    env: &impl Env,
    request: &Request,
    (id, role): (&str, Role),
) -> Result<Result<(Desk, Sent), Response>, Problem> {
    let desk = match open(env, request, id).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(Err(answer)),
    };
    if !desk.may(role) {
        let own = said("Hours are set by managers.", "排班由经理设置。");
        return desk.told(Problem::new(web::Kind::Forbidden).with(own)).map(Err);
    }
    match desk.sent(env, request).await {
        Ok(sent) => Ok(Ok((desk, sent))),
        Err(problem) => desk.told(problem).map(Err),
    }
}

fn api(id: &str) -> String {
    format!("/v1/agents/{}", word(id))
}

fn path(id: &str) -> String {
    format!("/desk/supply/{}", word(id))
}

/// Saves what is set.
pub(crate) async fn save(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let (desk, sent) = match sent(env, request, (id, Role::Manager)).await? {
        Ok(it) => it,
        Err(answer) => return Ok(answer),
    };
    let target = api(id);
    let call = Call { component: "admin", verb: Verb::Patch, target: &target, ..Call::default() };
    match desk.submit(env, request, (&form(&desk, &[]), &sent), call).await {
        Ok(_) => Ok(desk.go(&path(id), "saved")),
        Err(filled) => {
            let status = filled.status;
            let shown = Shown { filled: Some(filled), status, ..Shown::default() };
            draw(env, request, &desk, id, shown).await
        }
    }
}

/// Adds an absence.
pub(crate) async fn leave(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let (desk, sent) = match sent(env, request, (id, Role::Manager)).await? {
        Ok(it) => it,
        Err(answer) => return Ok(answer),
    };
    let form = absence(&desk);
    let filled = match form.read(desk.lang, &sent) {
        Ok(away) => {
            let add = |all: &mut Vec<Value>| all.push(Value::Object(away));
            match absences(env, request, &desk, (id, sent.key()), add).await {
                Ok(()) => return Ok(desk.go(&path(id), "saved")),
                Err(refused) => Filled::refused(desk.lang, &form, &sent, &nearer(refused)),
            }
        }
        Err(filled) => filled,
    };
    let shown = Shown { status: filled.status, away: filled, ..Shown::default() };
    draw(env, request, &desk, id, shown).await
}

/// Takes an absence away.
pub(crate) async fn stay(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let (desk, sent) = match sent(env, request, (id, Role::Manager)).await? {
        Ok(it) => it,
        Err(answer) => return Ok(answer),
    };
    let is_it = |it: &Value| {
        text(it, "/from") == sent.get("from") && text(it, "/until") == sent.get("until")
    };
    let drop = |all: &mut Vec<Value>| all.retain(|it| !is_it(it));
    match absences(env, request, &desk, (id, sent.key()), drop).await {
        Ok(()) => Ok(desk.go(&path(id), "removed")),
        Err(refused) => amiss(env, request, &desk, id, &refused).await,
    }
}

/// Changes the absences as they are now; whoever changes them at the same time is not overwritten.
async fn absences(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    (id, key): (&str, &str),
    change: impl FnOnce(&mut Vec<Value>),
) -> Result<(), Refused> {
    let target = api(id);
    let agent = desk.read_one(env, request, ("admin", &target)).await?;
    let mut all = items(&agent, "/absences").to_vec();
    change(&mut all);
    let body = json!({ "absences": all });
    let version = at(&agent, "/version").as_i64().unwrap_or(0);
    let (component, verb) = ("admin", Verb::Patch);
    let call =
        Call { component, verb, target: &target, body: &body, key, version, ..Call::default() };
    desk.send(env, request, call).await.map(drop)
}

/// The same mistakes at the fields of one absence.
fn nearer(mut refused: Refused) -> Refused {
    if let Some(Value::Array(errors)) = refused.told.get_mut("errors") {
        for it in errors {
            let pointer = text(it, "/pointer");
            let name = pointer.rsplit('/').next().unwrap_or("").to_owned();
            if pointer.starts_with("/absences/")
                && let Some(it) = it.as_object_mut()
            {
                it.insert("pointer".to_owned(), format!("/{name}").into());
            }
        }
    }
    refused
}

/// Makes the secret address of their calendar anew, and tells it this once.
pub(crate) async fn feed(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let (desk, sent) = match sent(env, request, (id, Role::Agent)).await? {
        Ok(it) => it,
        Err(answer) => return Ok(answer),
    };
    let target = format!("{}/feed", api(id));
    let call = Call { component: "admin", target: &target, key: sent.key(), ..Call::default() };
    match desk.send(env, request, call).await {
        Ok(done) => {
            let url = text(&done.told, "/url").to_owned();
            draw(env, request, &desk, id, Shown { url, status: 201, ..Shown::default() }).await
        }
        Err(refused) => amiss(env, request, &desk, id, &refused).await,
    }
}

/// Closes it.
pub(crate) async fn close(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let (desk, sent) = match sent(env, request, (id, Role::Agent)).await? {
        Ok(it) => it,
        Err(answer) => return Ok(answer),
    };
    let target = format!("{}/feed", api(id));
    let (component, verb) = ("admin", Verb::Delete);
    let call = Call { component, verb, target: &target, key: sent.key(), ..Call::default() };
    match desk.send(env, request, call).await {
        Ok(_) => Ok(desk.go(&path(id), "done")),
        Err(refused) => amiss(env, request, &desk, id, &refused).await,
    }
}

async fn amiss(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    id: &str,
    refused: &Refused,
) -> Result<Response, Problem> {
    let (alert, status) = (why(desk, refused), refused.status);
    draw(env, request, desk, id, Shown { alert, status, ..Shown::default() }).await
}

/// What is set.
fn form(desk: &Desk, calendars: &[(String, String)]) -> Form {
    let lang = desk.lang;
    Form::new(vec![
        Input::new("calls_per_day", lang.of("Calls per day", "每日回电数"), Kind::Whole)
            .needed()
            .hint(lang.of("0: they make none", "0 表示不安排回电")),
        Input::new(
            "calendar_id",
            lang.of("Calendar", "工作日历"),
            Kind::Choice(calendars.to_vec()),
        )
        .empty(Empty::Text)
        .hint(lang.of("The hours in which they can be booked", "可被预约的工作时间")),
        Input::new("languages", lang.of("Languages", "语言"), Kind::Lines).hint(lang.of(
            "One to a line, such as zh or en. Without any they speak all.",
            "每行一个，例如 zh 或 en；留空表示所有语言。",
        )),
        Input::new("skills", lang.of("Skills", "技能"), Kind::Lines).hint(
            lang.of("One to a line: what services ask for.", "每行一个，与服务所要求的技能对应。"),
        ),
        Input::new("is_active", lang.of("They work here", "在职"), Kind::Flag),
    ])
}

/// An absence.
fn absence(desk: &Desk) -> Form {
    let lang = desk.lang;
    let zone = pages::time::zone_name(desk.zone, desk.now);
    let moment = || Kind::Moment(desk.zone);
    Form::new(vec![
        Input::new("from", lang.of("Away from", "开始"), moment()).needed().hint(zone),
        Input::new("until", lang.of("Back at", "结束"), moment()).needed(),
    ])
}

/// The calendars to choose from: those that ship, and the site's own.
fn calendars(desk: &Desk, told: &Value) -> Vec<(String, String)> {
    let lang = desk.lang;
    let mut all = named(told, lang.of("The site’s office hours", "站点的办公时间"));
    for (id, en, zh) in [
        (book::OFFICE, "Office hours", "办公时间"),
        (book::CHINA_OFFICE, "Office hours in China", "中国办公时间"),
        (book::AROUND_THE_CLOCK, "Around the clock", "全天候"),
    ] {
        all.push((id.to_owned(), lang.of(en, zh).to_owned()));
    }
    all
}

async fn draw(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    id: &str,
    shown: Shown,
) -> Result<Response, Problem> {
    let asked = [("admin", api(id)), ("calendar", "/v1/calendars?limit=100".to_owned())];
    let mut told = desk.read(env, request, &asked).await.into_iter();
    let agent = match told.next() {
        Some(Ok(agent)) => agent,
        Some(Err(refused)) => return desk.refusal(&refused),
        None => return Err(Problem::not_found()),
    };
    let calendars = calendars(desk, &told.next().and_then(Result::ok).unwrap_or_default());
    let lang = desk.lang;
    let [calls] = above(desk);
    let ways = [calls, ("/desk/supply", lang.of("Who is there", "人员排班"))];
    let mut page = desk.page_about(request, Section::Calls, text(&agent, "/name"), &ways);
    let html = &mut page.html;
    notice(html, &shown.alert, true);
    feed_told(html, desk, &shown.url);
    html.open("div", &[("class", "two")]);
    html.open("section", &[("class", "panel"), ("aria-labelledby", "hours")]);
    html.put("h2", &[("id", "hours")], lang.of("Calls and hours", "回电与工作时间"));
    if desk.may(Role::Manager) {
        let form = form(desk, &calendars);
        desk.begin_form(html, &path(id), "");
        let filled = shown.filled.unwrap_or_else(|| Filled::of(&form, &agent));
        form.draw(html, desk, &filled);
        html.put("button", &[], lang.of("Save", "保存"));
        html.close();
    } else {
        facts(html, desk, &agent, &calendars);
    }
    html.close();
    html.open("div", &[]);
    away(html, desk, (id, &agent), &shown.away);
    calendar(html, desk, id, at(&agent, "/has_feed").as_bool() == Some(true));
    html.close();
    html.close();
    let status = if shown.status == 0 { 200 } else { shown.status };
    Ok(page.answer(http::StatusCode::from_u16(status).unwrap_or_default()))
}

/// What is set, for whoever cannot change it.
fn facts(html: &mut Html, desk: &Desk, agent: &Value, calendars: &[(String, String)]) {
    let lang = desk.lang;
    let list = |pointer: &str| {
        let mut all = String::new();
        for it in items(agent, pointer) {
            if !all.is_empty() {
                all.push_str(lang.of(", ", "、"));
            }
            all.push_str(it.as_str().unwrap_or(""));
        }
        all
    };
    html.open("dl", &[("class", "facts")]);
    let calls = at(agent, "/calls_per_day").as_i64().unwrap_or(0).to_string();
    for (name, value) in [
        (lang.of("Calls per day", "每日回电数"), calls),
        (
            lang.of("Calendar", "工作日历"),
            name_of(calendars, text(agent, "/calendar_id")).to_owned(),
        ),
        (lang.of("Languages", "语言"), list("/languages")),
        (lang.of("Skills", "技能"), list("/skills")),
    ] {
        html.put("dt", &[], name);
        html.put("dd", &[], if value.is_empty() { lang.of("all", "不限") } else { &value });
    }
    html.close();
}

/// When they are away.
fn away(html: &mut Html, desk: &Desk, (id, agent): (&str, &Value), filled: &Filled) {
    let lang = desk.lang;
    html.open("section", &[("class", "panel"), ("aria-labelledby", "away")]);
    html.put("h2", &[("id", "away")], lang.of("Away", "缺勤"));
    let absences = items(agent, "/absences");
    if absences.is_empty() {
        let none = lang.of(
            "No absence. Nobody is booked while they are away.",
            "暂无缺勤。缺勤期间不会安排回电。",
        );
        html.put("p", &[("class", "soft")], none);
    }
    html.open("ul", &[("class", "list")]);
    for it in absences {
        let (from, until) = (text(it, "/from"), text(it, "/until"));
        html.open("li", &[]);
        let is_over = parse_rfc3339(until).is_some_and(|it| it < desk.now);
        let class = if is_over { "soft" } else { "" };
        let said = format!("{} – {}", moment(desk, from), moment(desk, until));
        html.put("p", &[("class", class)], &said);
        if desk.may(Role::Manager) {
            let (path, values) =
                (format!("{}/absences/remove", path(id)), [("from", from), ("until", until)]);
            desk.button_with(html, &path, "quiet", lang.of("Remove", "删除"), &values);
        }
        html.close();
    }
    html.close();
    if desk.may(Role::Manager) {
        desk.begin_form(html, &format!("{}/absences", path(id)), "");
        absence(desk).draw(html, desk, filled);
        html.put("button", &[], lang.of("Add the absence", "添加缺勤"));
        html.close();
    }
    html.close();
}

/// The secret address of their calendar.
fn calendar(html: &mut Html, desk: &Desk, id: &str, has_feed: bool) {
    let lang = desk.lang;
    html.open("section", &[("class", "panel"), ("aria-labelledby", "feed")]);
    html.put("h2", &[("id", "feed")], lang.of("For their own calendar", "订阅到个人日历"));
    let about = lang.of(
        "A calendar program that knows the secret address keeps their appointments as they \
         are: times and services, and nothing of whom is called.",
        "日历软件订阅此私密地址后会自动同步预约：只含时间和服务，不含客户信息。",
    );
    html.put("p", &[], about);
    let make = match has_feed {
        true => lang.of("Make a new address", "重新生成地址"),
        false => lang.of("Make the address", "生成地址"),
    };
    desk.button(html, &format!("{}/feed", path(id)), "second", make);
    if has_feed {
        html.text(" ");
        desk.button(
            html,
            &format!("{}/feed/close", path(id)),
            "danger",
            lang.of("Close it", "关闭"),
        );
    }
    html.close();
}

fn feed_told(html: &mut Html, desk: &Desk, url: &str) {
    if url.is_empty() {
        return;
    }
    let lang = desk.lang;
    html.open("section", &[("class", "panel"), ("role", "status")]);
    html.put("h2", &[], lang.of("The address of the calendar", "日历地址"));
    let once = lang.of(
        "Copy it now: it is shown this once. The one before opens nothing any more.",
        "请立即复制：地址只显示这一次。之前的地址已失效。",
    );
    html.put("p", &[], once);
    html.put("p", &[("class", "code"), ("id", "url")], url);
    let copy = [("type", "button"), ("data-copy", "url"), ("data-scripted", ""), ("hidden", "")];
    html.put("button", &copy, lang.of("Copy", "复制"));
    html.close();
}
