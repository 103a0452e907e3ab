//! The page of one survey: where it stands, what can be done, and what came of it.

use domain::civil;
use domain::role::Role;
use http::StatusCode;
use pages::html::Html;
use ports::Env;
use serde_json::Value;
use staff::tell::{at, caution, change, count, interval, items, number, plain, text};
use staff::{Call, Desk, Refused, Section, Signed, open};
use web::{Problem, Request, Response};

use crate::list::badge;
use crate::study::{STUDY, Study, api};

/// Days over which displays are counted.
const DAYS: i32 = 30;
/// Versions that are shown.
const VERSIONS: i64 = 5;

/// Shows the page.
pub(crate) async fn show(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let desk = match open(env, request, Role::Viewer).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    draw(env, request, (&desk, id), "", StatusCode::OK).await
}

/// Publishes or closes it.
pub(crate) async fn act(
    env: &impl Env,
    request: &Request,
    id: &str,
    verb: &str,
) -> Result<Response, Problem> {
    let desk = match open(env, request, Role::Manager).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let sent = match desk.sent(env, request).await {
        Ok(sent) => sent,
        Err(problem) => return desk.told(problem),
    };
    let target = &api(id, &format!("/{verb}"));
    let call = Call { component: STUDY, target, key: sent.key(), ..Call::default() };
    match desk.send(env, request, Call { version: sent.version(), ..call }).await {
        Ok(_) => {
            let done = if verb == "publish" { "published" } else { "done" };
            Ok(desk.go(&format!("/desk/surveys/{}", staff::word(id)), done))
        }
        Err(refused) => {
            let alert = why(&desk, &refused);
            let status = StatusCode::from_u16(refused.status).unwrap_or(StatusCode::CONFLICT);
            draw(env, request, (&desk, id), &alert, status).await
        }
    }
}

/// Why something was not done, in a sentence.
pub(crate) fn why(desk: &Desk, refused: &Refused) -> String {
    match refused.status {
        412 => desk.lang.of(
            "Somebody else changed this survey meanwhile, and nothing was done. This is how it \
             stands now; do it again if it is still right.",
            "其间他人已更改这份问卷，因此未作任何操作。下面是最新内容，如仍然合适请再操作一次。",
        ),
        503 => desk.lang.of(
            "This cannot be reached just now. Nothing was changed: try again in a moment.",
            "暂时无法处理，尚未作任何更改，请稍后再试。",
        ),
        _ => refused.text(),
    }
    .to_owned()
}

async fn draw(
    env: &impl Env,
    request: &Request,
    (desk, id): (&Desk, &str),
    alert: &str,
    status: StatusCode,
) -> Result<Response, Problem> {
    let day = desk.zone.day(desk.now).saturating_sub(DAYS);
    let mut asked = vec![
        (STUDY, api(id, "")),
        (STUDY, api(id, "/dropoff")),
        ("programme", api(id, &format!("/displays?limit=100&after={}", civil::date(day)))),
    ];
    if desk.may(Role::Agent) {
        asked.push(("response", api(id, "/responses?limit=5")));
    }
    let mut told = desk.read(env, request, &asked).await.into_iter();
    let study = match told.next().unwrap_or_else(|| Err(Refused::default())) {
        Ok(it) => Study::of(&it),
        Err(refused) => return desk.refusal(&refused),
    };
    let (drop_off, displays, responses) = (told.next(), told.next(), told.next());
    let (versions, scores) = results(env, request, desk, &study).await;
    let above = [("/desk/surveys", desk.lang.of("Surveys", "问卷"))];
    let mut page = desk.page_about(request, Section::Surveys, &study.name, &above);
    let html = &mut page.html;
    study.tabs(html, desk, "");
    pages::notes(html, alert, &[]);
    html.open("div", &[("class", "two")]);
    html.open("div", &[]);
    figures(html, desk, &study, &scores);
    shown(html, desk, displays.and_then(Result::ok));
    if let Some(Ok(it)) = drop_off {
        stops(html, desk, &study, &it);
    }
    if let Some(it) = responses {
        latest(html, desk, &study, &it.unwrap_or_default());
    }
    html.close();
    html.open("div", &[]);
    state(html, desk, &study, &versions);
    history(html, desk, &versions);
    html.close();
    html.close();
    Ok(page.answer(status))
}

/// A score that the survey asks for: its name, the address that tells it, and what it tells.
type Score = (String, String, Result<Value, Refused>);

/// The newest versions, and the scores that the survey asks for.
async fn results(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    study: &Study,
) -> (Value, Vec<Score>) {
    if study.published == 0 {
        return (Value::Null, Vec::new());
    }
    let after = study.published.saturating_sub(VERSIONS);
    let mut asked =
        vec![(STUDY, api(&study.id, &format!("/versions?limit={VERSIONS}&after={after}")))];
    let mut names: Vec<(String, String)> = Vec::new();
    for question in study.questions() {
        let points = at(question, "/points").as_u64();
        let (name, path) = match (text(question, "/type"), points) {
            ("nps", _) => ("NPS".to_owned(), "/v1/nps?".to_owned()),
            ("effort", _) => ("CES".to_owned(), "/v1/ces?".to_owned()),
            ("rating" | "matrix", Some(5)) => ("CSAT".to_owned(), "/v1/csat?".to_owned()),
            ("rating" | "matrix", Some(points)) => {
                (format!("CSAT 1–{points}"), format!("/v1/csat?points={points}&"))
            }
            _ => continue,
        };
        // A page asks for a handful of figures at most.
        if names.iter().all(|it| it.0 != name) && names.len() < 4 {
            asked.push(("nps", format!("{path}survey={}&compare=previous", study.id)));
            names.push((name, path));
        }
    }
    let mut told = desk.read(env, request, &asked).await.into_iter();
    let versions = told.next().and_then(Result::ok).unwrap_or_default();
    let scores = names.into_iter().zip(told).map(|((name, path), it)| (name, path, it));
    (versions, scores.collect())
}

fn state(html: &mut Html, desk: &Desk, study: &Study, versions: &Value) {
    let lang = desk.lang;
    html.open("section", &[("class", "panel"), ("aria-labelledby", "state")]);
    html.put("h2", &[("id", "state")], lang.of("Where it stands", "当前状态"));
    html.open("p", &[]);
    badge(html, desk, study);
    html.close();
    let newest = items(versions, "/items").last();
    let is_changed = newest.is_none_or(|it| *at(it, "/definition") != study.definition);
    let said = match (study.published, is_changed) {
        (0, _) => lang.of(
            "It was never published: nobody can answer it yet.",
            "尚未发布：目前还没有人可以回答。",
        ),
        (_, true) => {
            lang.of("The draft has changes that are not published.", "草稿中有尚未发布的更改。")
        }
        (_, false) => lang.of("The draft is what is published.", "草稿与已发布的版本一致。"),
    };
    html.put("p", &[], said);
    html.open("p", &[("class", "row-acts")]);
    let preview = desk.href(&study.path("/preview"));
    let does = lang.of("Preview the draft", "预览草稿");
    html.put("a", &[("href", &preview), ("data-key", "v"), ("data-does", does)], does);
    if study.is_open() {
        let href = format!("/s/{}", study.id);
        html.put("a", &[("href", &href)], lang.of("Open its page", "打开问卷页面"));
    }
    html.close();
    if Study::may_change(desk) {
        acts(html, desk, study, is_changed);
    }
    html.close();
}

fn acts(html: &mut Html, desk: &Desk, study: &Study, is_changed: bool) {
    let lang = desk.lang;
    let version = study.version.to_string();
    let values = [("version", version.as_str())];
    html.open("div", &[("class", "row-acts")]);
    let does = lang.of("Edit the draft", "编辑草稿");
    let edit = desk.href(&study.path("/edit"));
    html.put("a", &[("href", &edit), ("data-key", "e"), ("data-does", does)], does);
    if is_changed || !study.is_open() {
        let label = match (study.published, study.is_open()) {
            (0, _) => lang.of("Publish", "发布"),
            (_, true) => lang.of("Publish the changes", "发布更改"),
            (_, false) => lang.of("Publish and open again", "发布并重新开放"),
        };
        desk.button_with(html, &study.path("/publish"), "", label, &values);
    }
    if study.is_open() {
        let label = lang.of("Close", "关闭");
        desk.button_with(html, &study.path("/close"), "quiet", label, &values);
    }
    html.close();
}

fn history(html: &mut Html, desk: &Desk, versions: &Value) {
    let found = items(versions, "/items");
    if found.is_empty() {
        return;
    }
    let lang = desk.lang;
    html.open("section", &[("class", "panel"), ("aria-labelledby", "versions")]);
    html.put("h2", &[("id", "versions")], lang.of("Versions", "版本"));
    html.open("ul", &[]);
    for it in found.iter().rev() {
        html.open("li", &[]);
        let number = at(it, "/version").as_i64().unwrap_or(0);
        let questions = items(it, "/definition/questions").len();
        html.text(&match lang {
            web::Lang::En => format!("Version {number}, {questions} questions, "),
            web::Lang::Zh => format!("第 {number} 版，{questions} 道题，"),
        });
        staff::tell::time(html, desk, text(it, "/published_at"));
        html.close();
    }
    html.close();
    let note = lang.of(
        "A published version never changes; answers keep the one that they were given to.",
        "已发布的版本不会再变，每条回答都保留其所答的版本。",
    );
    html.put("p", &[("class", "hint")], note);
    html.close();
}

fn figures(html: &mut Html, desk: &Desk, study: &Study, scores: &[Score]) {
    let lang = desk.lang;
    html.open("section", &[("class", "panel"), ("aria-labelledby", "results")]);
    html.put("h2", &[("id", "results")], lang.of("Results of the last 30 days", "近 30 天的结果"));
    if scores.is_empty() {
        html.put(
            "p",
            &[],
            match study.published {
                0 => lang.of(
                    "They come once it is published and answered.",
                    "发布并有人回答后，结果会显示在这里。",
                ),
                _ => lang.of("It asks for no score.", "这份问卷没有评分题。"),
            },
        );
    }
    html.open("dl", &[("class", "facts")]);
    for (name, _, told) in scores {
        html.put("dt", &[], name);
        html.open("dd", &[]);
        match told {
            Ok(told) => score(html, desk, told),
            Err(_) => html.text(lang.of("Cannot be told just now.", "暂时无法读取。")),
        }
        html.close();
    }
    html.close();
    html.close();
}

fn score(html: &mut Html, desk: &Desk, told: &Value) {
    let lang = desk.lang;
    let n = count(told, "/n").unwrap_or(0);
    if let Some(value) = number(told, "/value") {
        html.put("strong", &[], &plain(value));
        let range = interval(at(told, "/interval"));
        html.text(&match lang {
            web::Lang::En => format!(" ({range}), {n} answers"),
            web::Lang::Zh => format!("（{range}），{n} 条回答"),
        });
    }
    let before = change(at(told, "/compared/difference"), lang);
    if !before.is_empty() {
        html.open("div", &[("class", "soft")]);
        html.text(lang.of("Against the 30 days before: ", "与此前 30 天相比："));
        html.text(&before);
        html.close();
    }
    let caution = caution(told, lang);
    if !caution.is_empty() {
        html.put("div", &[("class", "soft")], caution);
    }
}

fn shown(html: &mut Html, desk: &Desk, displays: Option<Value>) {
    let Some(displays) = displays else { return };
    let days = items(&displays, "/items");
    let total: u64 = days.iter().filter_map(|it| count(it, "/displays")).sum();
    if total == 0 {
        return;
    }
    html.put(
        "p",
        &[],
        &match desk.lang {
            web::Lang::En => format!("Shown by the widget {total} times in the last 30 days."),
            web::Lang::Zh => format!("近 30 天由网站组件显示 {total} 次。"),
        },
    );
}

/// Where visitors stop.
fn stops(html: &mut Html, desk: &Desk, study: &Study, told: &Value) {
    let lang = desk.lang;
    let found = items(told, "/questions");
    let finished = count(told, "/finished").unwrap_or(0);
    let stopped: u64 = found.iter().filter_map(|it| count(it, "/stopped")).sum();
    if finished + stopped == 0 {
        return;
    }
    html.open("section", &[("class", "panel"), ("aria-labelledby", "stops")]);
    html.put("h2", &[("id", "stops")], lang.of("Where visitors stop", "客户在哪里停下"));
    html.put(
        "p",
        &[],
        &match lang {
            web::Lang::En => format!("Of {} who began, {finished} finished.", finished + stopped),
            web::Lang::Zh => format!("开始回答的 {} 人中，{finished} 人答完。", finished + stopped),
        },
    );
    let label = lang.of("Where visitors stop", "客户在哪里停下");
    html.open(
        "div",
        &[("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", label)],
    );
    html.open("table", &[]);
    html.open("tr", &[]);
    for head in [lang.of("Question", "题目"), lang.of("Stopped here", "在此停下")] {
        html.put("th", &[("scope", "col")], head);
    }
    html.close();
    for it in found {
        html.open("tr", &[]);
        html.put("th", &[("scope", "row")], &asked(desk, study, text(it, "/id")));
        html.put("td", &[], &count(it, "/stopped").unwrap_or(0).to_string());
        html.close();
    }
    html.close();
    html.close();
    html.close();
}

/// What a question asks; its id if it is gone.
fn asked(desk: &Desk, study: &Study, id: &str) -> String {
    let question = study.questions().iter().find(|it| text(it, "/id") == id);
    let said = question.map_or("", |it| study.say(desk, at(it, "/text")));
    if said.is_empty() { id.to_owned() } else { said.to_owned() }
}

/// The latest responses, for those who may read customers' own words.
fn latest(html: &mut Html, desk: &Desk, study: &Study, told: &Value) {
    let lang = desk.lang;
    html.open("section", &[("class", "panel"), ("aria-labelledby", "latest")]);
    html.put("h2", &[("id", "latest")], lang.of("Latest answers", "最新回答"));
    let found = items(told, "/items");
    if found.is_empty() {
        html.put("p", &[], lang.of("There are none yet.", "还没有回答。"));
    }
    for it in found {
        html.open("details", &[]);
        html.open("summary", &[]);
        staff::tell::time(html, desk, text(it, "/answered_at"));
        let channel = staff::tell::of(lang, &pages::words::CHANNELS, text(it, "/channel"));
        if !channel.is_empty() {
            html.text(" · ");
            html.text(channel);
        }
        if at(it, "/is_counted").as_bool() == Some(false) {
            html.text(" · ");
            html.text(lang.of("not counted", "不计入"));
        }
        html.close();
        html.open("dl", &[("class", "facts")]);
        for (id, answer) in at(it, "/answers").as_object().into_iter().flatten() {
            html.put("dt", &[], &asked(desk, study, id));
            html.put("dd", &[], &given(desk, study, id, answer));
        }
        html.close();
        html.close();
    }
    html.close();
}

/// An answer in words: options by what they say.
fn given(desk: &Desk, study: &Study, id: &str, answer: &Value) -> String {
    let question = study.questions().iter().find(|it| text(it, "/id") == id);
    let question = question.unwrap_or(&Value::Null);
    let named = |list: &str, it: &str| {
        let found = items(question, list).iter().find(|option| text(option, "/id") == it);
        found.map_or_else(|| it.to_owned(), |it| study.say(desk, at(it, "/text")).to_owned())
    };
    let colon = desk.lang.of(": ", "：");
    let one = |it: &Value| match it {
        Value::String(it) => named("/options", it),
        Value::Bool(is) => {
            desk.lang.of(if *is { "yes" } else { "no" }, if *is { "是" } else { "否" }).to_owned()
        }
        other => web::view::text(other),
    };
    let parts: Vec<String> = match answer {
        Value::Array(all) => all
            .iter()
            .map(|it| match it {
                Value::Object(own) => pairs(own, &|it| named("/options", it), &one, colon),
                it => one(it),
            })
            .collect(),
        Value::Object(own) => {
            let rows = |it: &str| match items(question, "/rows").is_empty() {
                true => named("/options", it),
                false => named("/rows", it),
            };
            vec![pairs(own, &rows, &one, colon)]
        }
        it => vec![one(it)],
    };
    parts.join(desk.lang.of(", ", "、"))
}

fn pairs(
    own: &serde_json::Map<String, Value>,
    name: &dyn Fn(&str) -> String,
    one: &dyn Fn(&Value) -> String,
    colon: &str,
) -> String {
    let parts: Vec<String> =
        own.iter().map(|(id, it)| format!("{}{colon}{}", name(id), one(it))).collect();
    parts.join("; ")
}
