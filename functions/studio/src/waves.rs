//! Programmes of a survey, which ask a sample of customers again and again, and their waves.

use domain::role::Role;
use http::{Method, StatusCode};
use pages::html::Html;
use ports::Env;
use serde_json::{Map, Value};
use staff::form::Kind;
use staff::tell::{at, choices, count, items, number, of, plain, text};
use staff::{Call, Desk, Filled, Form, Input, Refused, Section, Sent, Signed, Verb, open, word};
use web::{Problem, Request, Response};

use crate::study::{STUDY, Study, api};
use crate::words;

/// The component that has programmes.
const PROGRAMME: &str = "programme";
const PROGRAMMES: &str = "/v1/programmes";

/// The programmes of a survey, and the form for a further one.
pub(crate) async fn list(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let role = if *request.method() == Method::POST { Role::Manager } else { Role::Viewer };
    let desk = match open(env, request, role).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let asked = [(STUDY, api(id, "")), (PROGRAMME, format!("{PROGRAMMES}?limit=100"))];
    let mut told = desk.read(env, request, &asked).await.into_iter();
    let study = match told.next().unwrap_or_else(|| Err(Refused::default())) {
        Ok(it) => Study::of(&it),
        Err(refused) => return desk.refusal(&refused),
    };
    let programmes = told.next().and_then(Result::ok).unwrap_or_default();
    let form = form(&desk, true);
    let mut filled = Filled::default();
    for (name, value) in
        [("recurrence", "quarterly"), ("open_days", "14"), ("remind_after_days", "3, 7")]
    {
        filled.set(name, value);
    }
    if *request.method() == Method::POST {
        let sent = match desk.sent(env, request).await {
            Ok(sent) => sent,
            Err(problem) => return desk.told(problem),
        };
        let call = Call { target: PROGRAMMES, ..Call::default() };
        match save(env, request, &desk, (&form, &sent), (&study, call)).await {
            Ok(()) => return Ok(desk.go(&study.path("/waves"), "created")),
            Err(refused) => filled = refused,
        }
    }
    let lang = desk.lang;
    let own = study.path("");
    let title = lang.of("Waves", "定期调研");
    let mut page = desk.page_about(request, Section::Surveys, title, &study.above(&own, &desk));
    study.tabs(&mut page.html, &desk, "/waves");
    let mut found = items(&programmes, "/items").iter();
    let found: Vec<&Value> =
        found.by_ref().filter(|it| text(it, "/study_id") == study.id).collect();
    if found.is_empty() {
        page.empty(lang.of(
            "Nobody is asked of our own accord yet. A programme draws customers of each group and \
             invites them, once, each month or each quarter.",
            "尚未主动调研。调研计划会从各客户群中抽取客户并发出邀请，可一次、每月或每季度进行。",
        ));
    }
    page.html.open("ul", &[("class", "list")]);
    for it in found {
        row(&mut page.html, &desk, &study, it);
    }
    page.html.close();
    if Study::may_change(&desk) {
        let html = &mut page.html;
        html.open("section", &[("class", "panel"), ("aria-labelledby", "plan")]);
        html.put("h2", &[("id", "plan")], lang.of("Plan a programme", "新建调研计划"));
        desk.begin_form(html, &study.path("/waves"), "");
        form.draw(html, &desk, &filled);
        html.put("button", &[], lang.of("Plan it", "创建计划"));
        html.close();
        html.close();
    }
    Ok(page.answer(filled.status()))
}

fn row(html: &mut Html, desk: &Desk, study: &Study, it: &Value) {
    let lang = desk.lang;
    html.open("li", &[]);
    html.open("h2", &[]);
    let href = desk.href(&study.path(&format!("/waves/{}", word(text(it, "/id")))));
    html.put("a", &[("href", &href), ("data-row", "")], text(it, "/name"));
    html.close();
    html.open("p", &[]);
    html.text(of(lang, &words::RECURRENCES, text(it, "/recurrence")));
    let waves = count(it, "/waves").unwrap_or(0);
    html.text(&match lang {
        web::Lang::En => format!(" · {waves} waves so far"),
        web::Lang::Zh => format!(" · 已进行 {waves} 轮"),
    });
    match (at(it, "/is_active").as_bool(), text(it, "/next_wave_at")) {
        (Some(false), _) => html.text(lang.of(" · rests", " · 已暂停")),
        (_, "") => html.text(lang.of(" · over", " · 已结束")),
        (_, next) => {
            html.text(lang.of(" · next: ", " · 下一轮："));
            staff::tell::time(html, desk, next);
        }
    }
    html.close();
    html.close();
}

fn form(desk: &Desk, is_new: bool) -> Form {
    let lang = desk.lang;
    let mut all = vec![
        Input::line("name", lang.of("Name", "名称")).needed(),
        Input::new(
            "recurrence",
            lang.of("How often", "频率"),
            Kind::Choice(choices(lang, &words::RECURRENCES, "")),
        ),
        Input::new("starts_on", lang.of("First day", "首轮日期"), Kind::Date).needed(),
    ];
    for (group, name) in &pages::words::GROUPS {
        let label = match lang {
            web::Lang::En => format!("Customers of the group: {}", name.text(lang)),
            web::Lang::Zh => format!("{}的抽样人数", name.text(lang)),
        };
        all.push(Input::new(format!("sample/{group}"), label, Kind::Whole));
    }
    all.push(Input::line("remind_after_days", lang.of("Remind after days", "几天后提醒")).hint(
        lang.of(
            "Up to three numbers, such as 3, 7; none if it is empty.",
            "至多三个数字，例如 3, 7；留空则不提醒。",
        ),
    ));
    all.push(Input::new("open_days", lang.of("Open for days", "开放天数"), Kind::Whole));
    if !is_new {
        all.push(Input::new(
            "is_active",
            lang.of("It asks when it is due", "到期即发出邀请"),
            Kind::Flag,
        ));
    }
    Form::new(all)
}

/// Has a programme made or changed. Days to remind after are typed as numbers with commas.
async fn save(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    (form, sent): (&Form, &Sent),
    (study, call): (&Study, Call<'_>),
) -> Result<(), Filled> {
    let mut body = form.read(desk.lang, sent)?;
    let mut days = Vec::new();
    let typed = sent.get("remind_after_days");
    for it in typed.split([',', '，', '、', ' ']).filter(|it| !it.trim().is_empty()) {
        // What is no number is refused where it is decided what is one.
        days.push(it.trim().parse::<i64>().map_or_else(|_| it.into(), Value::from));
    }
    body.insert("remind_after_days".to_owned(), Value::Array(days));
    if call.verb == Verb::Post {
        body.insert("study_id".to_owned(), study.id.as_str().into());
    }
    if body.get("sample").is_none() {
        body.insert("sample".to_owned(), Value::Object(Map::new()));
    }
    let body = Value::Object(body);
    let call = Call { component: PROGRAMME, key: sent.key(), version: sent.version(), ..call };
    match desk.send(env, request, Call { body: &body, ..call }).await {
        Ok(_) => Ok(()),
        Err(refused) => Err(desk.refused(env, request, (form, sent), &refused, call).await),
    }
}

/// One programme: its form and its waves.
pub(crate) async fn programme(
    env: &impl Env,
    request: &Request,
    id: &str,
    programme: &str,
) -> Result<Response, Problem> {
    let role = if *request.method() == Method::POST { Role::Manager } else { Role::Viewer };
    let desk = match open(env, request, role).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let target = format!("{PROGRAMMES}/{}", word(programme));
    let asked = [
        (STUDY, api(id, "")),
        (PROGRAMME, target.clone()),
        (PROGRAMME, format!("{target}/waves?limit=20")),
    ];
    let mut told = desk.read(env, request, &asked).await.into_iter();
    let mut next = || told.next().unwrap_or_else(|| Err(Refused::default()));
    let (study, plan, waves) = match (next(), next(), next()) {
        (Ok(study), Ok(plan), waves) => (Study::of(&study), plan, waves.unwrap_or_default()),
        (Err(refused), ..) | (_, Err(refused), _) => return desk.refusal(&refused),
    };
    let form = form(&desk, false);
    let mut filled = Filled::of(&form, &plan);
    let days: Vec<String> =
        items(&plan, "/remind_after_days").iter().map(web::view::text).collect();
    filled.set("remind_after_days", &days.join(", "));
    let own = format!("/waves/{}", word(programme));
    if *request.method() == Method::POST {
        let sent = match desk.sent(env, request).await {
            Ok(sent) => sent,
            Err(problem) => return desk.told(problem),
        };
        let call = Call { verb: Verb::Patch, target: &target, ..Call::default() };
        match save(env, request, &desk, (&form, &sent), (&study, call)).await {
            Ok(()) => return Ok(desk.go(&study.path(&own), "saved")),
            Err(refused) => filled = refused,
        }
    }
    let lang = desk.lang;
    let above_path = study.path("/waves");
    let above = study.above(&above_path, &desk);
    let mut page = desk.page_about(request, Section::Surveys, text(&plan, "/name"), &above);
    let html = &mut page.html;
    rounds(html, &desk, &study, (programme, &waves));
    if Study::may_change(&desk) {
        html.open("section", &[("class", "panel"), ("aria-labelledby", "plan")]);
        html.put("h2", &[("id", "plan")], lang.of("The plan", "计划"));
        desk.begin_form(html, &study.path(&own), "");
        form.draw(html, &desk, &filled);
        html.put("button", &[], lang.of("Save", "保存"));
        html.close();
        html.close();
    }
    Ok(page.answer(filled.status()))
}

fn rounds(html: &mut Html, desk: &Desk, study: &Study, (programme, waves): (&str, &Value)) {
    let lang = desk.lang;
    html.open("section", &[("aria-labelledby", "rounds")]);
    html.put("h2", &[("id", "rounds")], lang.of("Its waves", "各轮调研"));
    let found = items(waves, "/items");
    if found.is_empty() {
        let none =
            lang.of("None yet: the first opens on its day.", "还没有：首轮将在所定日期开始。");
        html.put("p", &[("class", "nothing")], none);
    }
    html.open("ul", &[("class", "list")]);
    for it in found {
        let rest = format!("/waves/{}/{}", word(programme), word(text(it, "/id")));
        let number = count(it, "/number").unwrap_or(0);
        html.open("li", &[]);
        html.open("h3", &[]);
        let name = match lang {
            web::Lang::En => format!("Wave {number}"),
            web::Lang::Zh => format!("第 {number} 轮"),
        };
        html.put("a", &[("href", &desk.href(&study.path(&rest))), ("data-row", "")], &name);
        html.close();
        html.open("p", &[]);
        staff::tell::time(html, desk, text(it, "/opened_at"));
        html.text(" – ");
        staff::tell::time(html, desk, text(it, "/closes_at"));
        html.text(" · ");
        html.text(of(lang, &words::STATES, text(it, "/state")));
        html.close();
        html.close();
    }
    html.close();
    html.close();
}

/// One wave: how well it covers each group, and whom it invited.
pub(crate) async fn wave(
    env: &impl Env,
    request: &Request,
    id: &str,
    (programme, wave): (&str, &str),
) -> Result<Response, Problem> {
    let desk = match open(env, request, Role::Viewer).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let target = format!("/v1/waves/{}", word(wave));
    let mut asked = vec![(STUDY, api(id, "")), (PROGRAMME, target.clone())];
    if desk.may(Role::Agent) {
        let after = word(request.param("after").unwrap_or(""));
        asked.push((PROGRAMME, format!("{target}/invitations?limit=50&after={after}")));
    }
    let mut told = desk.read(env, request, &asked).await.into_iter();
    let mut next = || told.next().unwrap_or_else(|| Err(Refused::default()));
    let (study, shown) = match (next(), next()) {
        (Ok(study), Ok(shown)) => (Study::of(&study), shown),
        (Err(refused), _) | (_, Err(refused)) => return desk.refusal(&refused),
    };
    let invited = next().unwrap_or_default();
    let lang = desk.lang;
    let own = study.path(&format!("/waves/{}", word(programme)));
    let number = count(&shown, "/number").unwrap_or(0);
    let title = match lang {
        web::Lang::En => format!("Wave {number}"),
        web::Lang::Zh => format!("第 {number} 轮"),
    };
    let above = study.above(&own, &desk);
    let mut page = desk.page_about(request, Section::Surveys, &title, &above);
    coverage(&mut page.html, &desk, &shown);
    if desk.may(Role::Agent) {
        invitations(&mut page.html, &desk, &invited);
        let here = format!("{own}/{}", word(wave));
        desk.more(&mut page.html, &here, text(&invited, "/next"));
    }
    Ok(page.answer(StatusCode::OK))
}

/// Begins a table that scrolls by itself where it is too wide.
fn table(html: &mut Html, label: &str, heads: &[&str]) {
    html.open(
        "div",
        &[("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", label)],
    );
    html.open("table", &[]);
    html.open("tr", &[]);
    for head in heads {
        html.put("th", &[("scope", "col")], head);
    }
    html.close();
}

fn coverage(html: &mut Html, desk: &Desk, shown: &Value) {
    let lang = desk.lang;
    html.open("section", &[("class", "panel"), ("aria-labelledby", "coverage")]);
    html.put("h2", &[("id", "coverage")], lang.of("Coverage", "覆盖情况"));
    let heads = [
        lang.of("Group", "客户群"),
        lang.of("Planned", "计划"),
        lang.of("May be asked", "可邀请"),
        lang.of("Invited", "已邀请"),
        lang.of("Answered", "已回答"),
        lang.of("Rate", "回答率"),
    ];
    table(html, lang.of("Coverage", "覆盖情况"), &heads);
    for it in items(shown, "/groups") {
        html.open("tr", &[]);
        let name = of(lang, &pages::words::GROUPS, text(it, "/group"));
        html.put("th", &[("scope", "row")], name);
        for member in ["/planned", "/may_ask", "/invited", "/answered"] {
            html.put("td", &[], &count(it, member).unwrap_or(0).to_string());
        }
        let rate =
            number(it, "/rate").map_or_else(|| "–".to_owned(), |it| format!("{}%", plain(it)));
        html.put("td", &[], &rate);
        html.close();
    }
    html.close();
    html.close();
    html.close();
}

fn invitations(html: &mut Html, desk: &Desk, told: &Value) {
    let lang = desk.lang;
    let found = items(told, "/items");
    if found.is_empty() {
        return;
    }
    let label = lang.of("Invitations", "邀请");
    html.open("section", &[("class", "panel"), ("aria-labelledby", "invited")]);
    html.put("h2", &[("id", "invited")], label);
    let heads = [
        lang.of("Customer", "客户"),
        lang.of("Group", "客户群"),
        lang.of("State", "状态"),
        lang.of("Link", "链接"),
    ];
    table(html, label, &heads);
    for it in found {
        html.open("tr", &[]);
        html.open("th", &[("scope", "row")]);
        match text(it, "/customer_id") {
            "" => html.text(lang.of("erased", "已抹除")),
            id => {
                let href = desk.href(&format!("/desk/customers/{}", word(id)));
                html.put("a", &[("href", &href)], id);
            }
        }
        html.close();
        html.put("td", &[], of(lang, &pages::words::GROUPS, text(it, "/group")));
        html.put("td", &[], of(lang, &words::INVITED, text(it, "/state")));
        html.open("td", &[]);
        let url = text(it, "/url");
        if url.starts_with("http") {
            html.put(
                "a",
                &[("href", url), ("rel", "noreferrer")],
                lang.of("their own link", "专属链接"),
            );
        }
        html.close();
        html.close();
    }
    html.close();
    html.close();
    html.close();
}
