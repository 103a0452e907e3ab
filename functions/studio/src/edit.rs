//! The draft of a survey: its questions in order, and what stands around them.

use domain::role::Role;
use domain::survey::QUESTIONS_MAX;
use http::{Method, StatusCode};
use pages::html::{Html, when};
use paper::words::own_name;
use ports::Env;
use serde_json::{Value, json};
use staff::form::{Select, select};
use staff::tell::{at, choices, items, of, text};
use staff::{Desk, Filled, Form, Refused, Section, Sent, Signed, open, word};
use web::{Problem, Request, Response};

use crate::fields;
use crate::merge::{aimed, merge, place};
use crate::one::why;
use crate::question::read;
use crate::study::Study;
use crate::words;

/// What a page of a draft says beside it.
#[derive(Default)]
struct Told {
    status: StatusCode,
    alert: String,
    /// What is wrong, each with the id of the element that it is about.
    wrong: Vec<(String, String)>,
}

/// Shows the draft, and takes its settings.
pub(crate) async fn page(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let desk = match open(env, request, Role::Manager).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let (study, touchpoints) = match read(env, request, &desk, id).await {
        Ok(it) => it,
        Err(refused) => return desk.refusal(&refused),
    };
    let languages = study.languages(request.param("also").unwrap_or(""));
    let form = fields::survey(&desk, &languages, &touchpoints);
    let mut filled = shown(&form, &study);
    if *request.method() == Method::POST {
        let sent = match desk.sent(env, request).await {
            Ok(sent) => sent,
            Err(problem) => return desk.told(problem),
        };
        match save(env, request, &desk, (&study, &form, &sent)).await {
            Ok(()) => return Ok(desk.go(&study.path("/edit"), "saved")),
            Err(refused) => filled = refused,
        }
    }
    let told = Told { status: filled.status(), ..Told::default() };
    Ok(draw(request, &desk, (&study, &form, &filled), &told))
}

/// The settings as they stand.
fn shown(form: &Form, study: &Study) -> Filled {
    let mut told = study.definition.clone();
    if let Some(members) = told.as_object_mut() {
        members.insert("name".to_owned(), study.name.as_str().into());
        members.insert("version".to_owned(), study.version.into());
    }
    Filled::of(form, &told)
}

async fn save(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    (study, form, sent): (&Study, &Form, &Sent),
) -> Result<(), Filled> {
    let mut body = form.read(desk.lang, sent)?;
    let name = body.remove("name").unwrap_or_default();
    let mut definition = study.definition.clone();
    merge(&mut definition, form, &Value::Object(body));
    if let Some(members) = definition.as_object_mut() {
        members.remove("name");
    }
    let body = json!({ "name": name, "definition": definition });
    let saving = study.save(env, request, desk, (&body, sent.key(), sent.version())).await;
    let Err(refused) = saving else { return Ok(()) };
    let mended = aimed(&refused, (desk, study), form, |it| Some(it.to_owned()));
    let mut filled = Filled::refused(desk.lang, form, sent, &mended);
    if refused.status == 412 {
        let mut now = study.definition.clone();
        if let Some(members) = now.as_object_mut() {
            members.insert("name".to_owned(), study.name.as_str().into());
            members.insert("version".to_owned(), study.version.into());
        }
        desk.meanwhile(&mut filled, (form, sent), &now);
    }
    Err(filled)
}

/// Moves, copies or removes a question.
pub(crate) async fn order(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let desk = match open(env, request, Role::Manager).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let sent = match desk.sent(env, request).await {
        Ok(sent) => sent,
        Err(problem) => return desk.told(problem),
    };
    let (study, touchpoints) = match read(env, request, &desk, id).await {
        Ok(it) => it,
        Err(refused) => return desk.refusal(&refused),
    };
    let mut questions = study.questions().to_vec();
    let Some(at) = study.place(sent.get("question")) else {
        return Ok(desk.go(&study.path("/edit"), ""));
    };
    let done = rearrange(&mut questions, at, sent.get("act"));
    let mut definition = study.definition.clone();
    if let Some(members) = definition.as_object_mut() {
        members.insert("questions".to_owned(), Value::Array(questions));
    }
    let body = json!({ "definition": definition });
    match study.save(env, request, &desk, (&body, sent.key(), sent.version())).await {
        Ok(_) => Ok(desk.go(&study.path("/edit"), done)),
        Err(refused) => {
            let wanted = Study { definition, ..study.clone() };
            let languages = study.languages("");
            let form = fields::survey(&desk, &languages, &touchpoints);
            let told = told(&desk, (&study, &wanted), &refused);
            Ok(draw(request, &desk, (&study, &form, &shown(&form, &study)), &told))
        }
    }
}

/// Why an order cannot be, with ways to the questions that it is about. Nothing was changed.
fn told(desk: &Desk, (study, wanted): (&Study, &Study), refused: &Refused) -> Told {
    let mut wrong = Vec::new();
    for it in items(&Value::Object(refused.told.clone()), "/errors") {
        let path = text(it, "/pointer").trim_start_matches('/');
        let path = path.strip_prefix("definition/").unwrap_or(path);
        let number = path.strip_prefix("questions/").and_then(|it| it.split('/').next());
        let found = number.and_then(|it| wanted.questions().get(it.parse::<usize>().ok()?));
        let id = found.map_or("", |it| text(it, "/id"));
        let id = if study.place(id).is_some() { id } else { "" };
        let target = if id.is_empty() { "questions".to_owned() } else { format!("q-{id}") };
        wrong.push((target, format!("{}{}", place(desk, wanted, path), text(it, "/detail"))));
    }
    let alert = match wrong.is_empty() {
        true => why(desk, refused),
        false => desk
            .lang
            .of(
                "This cannot be done: the logic of the survey does not allow it.",
                "无法这样调整：与问卷的逻辑不符。",
            )
            .to_owned(),
    };
    let status = StatusCode::from_u16(refused.status).unwrap_or(StatusCode::CONFLICT);
    Told { status, alert, wrong }
}

/// Does it, and says what was done.
fn rearrange(questions: &mut Vec<Value>, at: usize, act: &str) -> &'static str {
    match act {
        "up" if 0 < at => questions.swap(at, at - 1),
        "down" if at + 1 < questions.len() => questions.swap(at, at + 1),
        "copy" => {
            let mut copy = questions.get(at).cloned().unwrap_or_default();
            let own = text(&copy, "/id").to_owned();
            let mut number = 2;
            let mut id = format!("{own}_{number}");
            while questions.iter().any(|it| text(it, "/id") == id) {
                number += 1;
                id = format!("{own}_{number}");
            }
            if let Some(members) = copy.as_object_mut() {
                members.insert("id".to_owned(), id.into());
            }
            questions.insert(at + 1, copy);
        }
        "remove" => {
            questions.remove(at);
            return "removed";
        }
        _ => {}
    }
    "saved"
}

fn draw(
    request: &Request,
    desk: &Desk,
    (study, form, filled): (&Study, &Form, &Filled),
    told: &Told,
) -> Response {
    let lang = desk.lang;
    let own = study.path("");
    let above = study.above(&own, desk);
    let title = match lang {
        web::Lang::En => format!("Edit: {}", study.name),
        web::Lang::Zh => format!("编辑：{}", study.name),
    };
    let mut page = desk.page_about(request, Section::Surveys, &title, &above);
    let html = &mut page.html;
    study.tabs(html, desk, "/edit");
    let wrong: Vec<(&str, &str)> = told.wrong.iter().map(|it| (&*it.0, &*it.1)).collect();
    pages::notes(html, &told.alert, &wrong);
    html.open("p", &[("class", "row-acts")]);
    let preview = desk.href(&study.path("/preview"));
    let does = lang.of("Preview", "预览");
    html.put("a", &[("href", &preview), ("data-key", "v"), ("data-does", does)], does);
    let whole = desk.href(&study.path("/json"));
    html.put("a", &[("href", &whole)], lang.of("The whole as JSON", "以 JSON 编辑全部"));
    html.put("a", &[("href", &desk.href(&own))], lang.of("Publish …", "去发布"));
    html.close();
    questions(html, desk, study);
    adding(html, desk, study);
    settings(html, desk, (study, form, filled));
    page.answer(told.status)
}

fn questions(html: &mut Html, desk: &Desk, study: &Study) {
    let lang = desk.lang;
    html.open("section", &[("aria-labelledby", "questions")]);
    html.put("h2", &[("id", "questions")], lang.of("Questions", "题目"));
    html.open("ol", &[("class", "list questions")]);
    let all = study.questions();
    for (place, it) in all.iter().enumerate() {
        let id = text(it, "/id");
        html.open("li", &[("id", &format!("q-{id}"))]);
        html.open("h3", &[]);
        let href = desk.href(&study.path(&format!("/questions/{}", word(id))));
        let asked = study.say(desk, at(it, "/text"));
        html.put("a", &[("href", &href), ("data-row", "")], asked);
        html.close();
        html.put("p", &[("class", "soft")], &about(desk, it));
        acts(html, desk, study, (place, all.len(), id));
        html.close();
    }
    html.close();
    html.close();
}

/// What a question is, in a few words.
fn about(desk: &Desk, it: &Value) -> String {
    let lang = desk.lang;
    let mut parts = vec![of(lang, &words::TYPES, text(it, "/type")).to_owned()];
    parts.push(text(it, "/id").to_owned());
    let dimension = text(it, "/dimension");
    if !dimension.is_empty() {
        parts.push(format!("{}{dimension}", lang.of("dimension ", "维度 ")));
    }
    for (is_so, en, zh) in [
        (at(it, "/required").as_bool() == Some(true), "required", "必答"),
        (!at(it, "/show_if").is_null(), "only under a condition", "有显示条件"),
        (!items(it, "/next").is_empty(), "with jumps", "有跳转"),
    ] {
        if is_so {
            parts.push(lang.of(en, zh).to_owned());
        }
    }
    parts.join(" · ")
}

fn acts(html: &mut Html, desk: &Desk, study: &Study, (place, count, id): (usize, usize, &str)) {
    let lang = desk.lang;
    let version = study.version.to_string();
    let number = place + 1;
    html.open("div", &[("class", "row-acts")]);
    desk.begin_form(html, &study.path("/order"), "one");
    for (name, value) in [("question", id), ("version", version.as_str())] {
        html.void("input", &[("type", "hidden"), ("name", name), ("value", value)]);
    }
    for (act, en, zh) in [
        ("up", "Up", "上移"),
        ("down", "Down", "下移"),
        ("copy", "Copy", "复制"),
        ("remove", "Remove", "删除"),
    ] {
        let is_possible = match act {
            "up" => 0 < place,
            "down" => number < count,
            "copy" => count < QUESTIONS_MAX,
            _ => 1 < count,
        };
        if !is_possible {
            continue;
        }
        let label = match lang {
            web::Lang::En => format!("{en}: question {number}"),
            web::Lang::Zh => format!("{zh}：第 {number} 题"),
        };
        let attributes =
            [("class", "quiet"), ("name", "act"), ("value", act), ("aria-label", label.as_str())];
        html.put("button", &attributes, lang.of(en, zh));
    }
    html.close();
    html.close();
}

/// The way to a further question: which, and where.
fn adding(html: &mut Html, desk: &Desk, study: &Study) {
    let lang = desk.lang;
    let all = study.questions();
    if QUESTIONS_MAX <= all.len() {
        return;
    }
    html.open("section", &[("class", "panel"), ("aria-labelledby", "add")]);
    html.put("h2", &[("id", "add")], lang.of("Add a question", "添加题目"));
    desk.begin_query(html, &study.path("/add"), "filters");
    let kinds = choices(lang, &words::TYPES, "");
    let what =
        Select { id: "type", name: "type", label: lang.of("Type", "类型"), hint: "", wrong: "" };
    select(html, &what, &kinds, "rating");
    let mut places = vec![("-".to_owned(), lang.of("At the beginning", "放在最前").to_owned())];
    for (place, it) in all.iter().enumerate() {
        let number = place + 1;
        let said = study.say(desk, at(it, "/text"));
        let name = match lang {
            web::Lang::En => format!("After {number}: {said}"),
            web::Lang::Zh => format!("第 {number} 题之后：{said}"),
        };
        places.push((text(it, "/id").to_owned(), name));
    }
    let last = all.last().map_or("-", |it| text(it, "/id"));
    let label = lang.of("Where", "位置");
    let at = Select { id: "after", name: "after", label, hint: "", wrong: "" };
    select(html, &at, &places, last);
    let does = lang.of("Write it", "填写题目");
    html.put("button", &[], does);
    html.close();
    html.close();
}

/// The groups of settings: the members of each, and what it is called.
const GROUPS: [(&[&str], &str, &str); 4] = [
    (
        &["touchpoint_id", "stage", "channels", "opens_at", "closes_at", "response_limit"],
        "Where and when",
        "何时何地",
    ),
    (&["sampling"], "Who is asked by a site", "网站向谁显示"),
    (&["targets", "weights"], "Targets and weights", "目标与权重"),
    (
        &["theme", "endings", "hidden", "quotas"],
        "Colours, endings, hidden fields, quotas",
        "颜色、结束页、隐藏字段、配额",
    ),
];

fn is_of(name: &str, members: &[&str]) -> bool {
    members.contains(&name.split('/').next().unwrap_or(""))
}

fn settings(html: &mut Html, desk: &Desk, (study, form, filled): (&Study, &Form, &Filled)) {
    let lang = desk.lang;
    html.open("section", &[("aria-labelledby", "settings")]);
    html.put("h2", &[("id", "settings")], lang.of("Texts and settings", "文字与设置"));
    desk.begin_form(html, &study.path("/edit"), "");
    form.alert(html, lang, filled);
    for input in &form.inputs {
        if !GROUPS.iter().any(|it| is_of(input.name(), it.0)) {
            form.draw_one(html, desk, filled, input);
        }
    }
    for (members, en, zh) in GROUPS {
        let is_wrong = filled.wrong.iter().any(|it| is_of(&it.0, members));
        html.open("details", &[("class", "panel"), (when(is_wrong, "open"), "")]);
        html.put("summary", &[], lang.of(en, zh));
        for input in form.inputs.iter().filter(|it| is_of(it.name(), members)) {
            form.draw_one(html, desk, filled, input);
        }
        html.close();
    }
    form.version(html, filled);
    html.put("button", &[], lang.of("Save texts and settings", "保存文字与设置"));
    html.close();
    further(html, desk, study);
    html.close();
}

/// The way to a further language.
fn further(html: &mut Html, desk: &Desk, study: &Study) {
    let lang = desk.lang;
    desk.begin_query(html, &study.path("/edit"), "filters");
    let known = study.languages("");
    let tags = ["zh-CN", "en", "ar", "de", "es", "fr", "ja", "ko", "pt", "ru", "th", "vi"];
    let mut all = Vec::with_capacity(tags.len());
    for tag in tags.iter().filter(|it| !known.iter().any(|known| known == *it)) {
        all.push(((*tag).to_owned(), own_name(tag).to_owned()));
    }
    let label = lang.of("Further language", "增加语言");
    let hint = lang.of(
        "It stays once its title is saved; then every question has a field for it.",
        "保存该语言的标题后即生效，之后每道题都有对应的输入框。",
    );
    let it = Select { id: "also", name: "also", label, hint, wrong: "" };
    select(html, &it, &all, "");
    html.put("button", &[("class", "quiet")], lang.of("Add", "添加"));
    html.close();
}
