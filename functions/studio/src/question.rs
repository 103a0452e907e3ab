//! One question of a draft: its form, and how what was typed becomes part of the definition.

use domain::role::Role;
use domain::survey::{OPTIONS_MAX, ROWS_MAX};
use http::Method;
use pages::html::Html;
use ports::Env;
use serde_json::{Map, Value, json};
use staff::tell::{at, items, of, text};
use staff::{Desk, Filled, Form, Refused, Section, Sent, Signed, open, word};
use web::{Problem, Request, Response};

use crate::fields::{self, Asked, CHOICES};
use crate::merge::{aimed, merge};
use crate::study::{STUDY, Study, api};
use crate::words;

/// The lists that a question may have, with how many places each has at most.
const LISTS: [(&str, usize); 2] = [("rows", ROWS_MAX), ("options", OPTIONS_MAX)];

/// A question at work: where it stands, or is to stand, and what it is.
struct Work {
    study: Study,
    touchpoints: Value,
    place: usize,
    is_new: bool,
    /// As the draft has it.
    question: Value,
    /// Where its form is sent.
    path: String,
}

/// The page of a question that is not there yet: `type` and `after` say which and where.
pub(crate) async fn add(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let desk = match open(env, request, Role::Manager).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let (study, touchpoints) = match read(env, request, &desk, id).await {
        Ok(it) => it,
        Err(refused) => return desk.refusal(&refused),
    };
    let kind = request.param("type").unwrap_or("rating");
    let Some((kind, _)) = words::TYPES.iter().find(|it| it.0 == kind) else {
        return desk.nothing();
    };
    let after = request.param("after").unwrap_or("");
    let last = study.questions().len();
    let place = match after {
        "-" => 0,
        after => study.place(after).map_or(last, |it| it + 1),
    };
    let mut number = last + 1;
    while study.place(&format!("q{number}")).is_some() {
        number += 1;
    }
    let mut question = json!({ "id": format!("q{number}"), "type": kind });
    if let Some(members) = question.as_object_mut()
        && ["rating", "matrix"].contains(kind)
    {
        members.insert("points".to_owned(), 5.into());
    }
    let path = format!("{}?type={kind}&after={}", study.path("/add"), word(after));
    let work = Work { study, touchpoints, place, is_new: true, question, path };
    page(env, request, &desk, work).await
}

/// The page of a question.
pub(crate) async fn change(
    env: &impl Env,
    request: &Request,
    id: &str,
    question: &str,
) -> Result<Response, Problem> {
    let desk = match open(env, request, Role::Manager).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let (study, touchpoints) = match read(env, request, &desk, id).await {
        Ok(it) => it,
        Err(refused) => return desk.refusal(&refused),
    };
    let Some(place) = study.place(question) else { return desk.nothing() };
    let path = study.path(&format!("/questions/{}", word(question)));
    let found = study.questions().get(place).cloned().unwrap_or_default();
    let work = Work { study, touchpoints, place, is_new: false, question: found, path };
    page(env, request, &desk, work).await
}

/// A survey and the touchpoints of its site.
pub(crate) async fn read(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    id: &str,
) -> Result<(Study, Value), Refused> {
    let asked = [(STUDY, api(id, "")), ("admin", "/v1/touchpoints?limit=100".to_owned())];
    let mut told = desk.read(env, request, &asked).await.into_iter();
    let study = told.next().unwrap_or_else(|| Err(Refused::default()))?;
    let touchpoints = told.next().and_then(Result::ok).unwrap_or_default();
    Ok((Study::of(&study), touchpoints))
}

async fn page(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    work: Work,
) -> Result<Response, Problem> {
    let languages = work.study.languages(request.param("also").unwrap_or(""));
    let mut form = work.form(desk, &languages, None);
    let shown = fields::plain(&work.question);
    let mut filled = Filled { version: work.study.version, ..Filled::of(&form, &shown) };
    filled.version = work.study.version;
    if *request.method() == Method::POST {
        let sent = match desk.sent(env, request).await {
            Ok(sent) => sent,
            Err(problem) => return desk.told(problem),
        };
        form = work.form(desk, &languages, Some(&sent));
        match work.save(env, request, desk, (&form, &sent)).await {
            // Whoever moves options about goes on with them.
            Ok(()) if !sent.get("act").is_empty() && !work.is_new => {
                return Ok(desk.go(&work.path, "saved"));
            }
            Ok(()) => return Ok(desk.go(&work.study.path("/edit"), "saved")),
            Err(refused) => filled = refused,
        }
    }
    Ok(work.draw(request, desk, (&form, &filled)))
}

impl Work {
    /// Its form; what was sent says how many options it had.
    fn form(&self, desk: &Desk, languages: &[String], sent: Option<&Sent>) -> Form {
        let places = |list: &str, most: usize| match sent {
            Some(sent) => sent_places(sent, list, most),
            None => fields::places(&self.question, &format!("/{list}"), most),
        };
        let asked = Asked {
            kind: text(&self.question, "/type"),
            languages,
            rows: places("rows", ROWS_MAX),
            options: places("options", OPTIONS_MAX),
            touchpoints: &self.touchpoints,
        };
        fields::question(desk, &asked)
    }

    /// Saves what was typed; or the form as it was, with what is wrong.
    async fn save(
        &self,
        env: &impl Env,
        request: &Request,
        desk: &Desk,
        (form, sent): (&Form, &Sent),
    ) -> Result<(), Filled> {
        let body = Value::Object(form.read(desk.lang, sent)?);
        let mut question = self.question.clone();
        let mut kept: Vec<(&str, Vec<usize>)> = Vec::with_capacity(LISTS.len());
        let has_lists = CHOICES.contains(&text(&question, "/type"));
        for (list, _) in LISTS.iter().filter(|_| has_lists) {
            if let Some(members) = question.as_object_mut() {
                members.entry(*list).or_insert_with(|| Value::Array(Vec::new()));
            }
        }
        merge(&mut question, form, &body);
        if let Some(points) = question.pointer_mut("/points")
            && let Some(number) = points.as_str().and_then(|it| it.parse::<i64>().ok())
        {
            *points = number.into();
        }
        for (list, most) in LISTS.iter().filter(|_| has_lists) {
            kept.push((list, settle(&mut question, (list, *most), sent)));
        }
        let mut definition = self.study.definition.clone();
        if let Some(Value::Array(all)) = definition.pointer_mut("/questions") {
            match all.get_mut(self.place) {
                Some(it) if !self.is_new => *it = question.clone(),
                _ => all.insert(self.place.min(all.len()), question.clone()),
            }
        }
        let body = json!({ "definition": definition });
        let saving = self.study.save(env, request, desk, (&body, sent.key(), sent.version())).await;
        let Err(refused) = saving else { return Ok(()) };
        let aim = |path: &str| self.aim(path, &kept);
        let study = Study { definition, ..self.study.clone() };
        let refused = aimed(&refused, (desk, &study), form, aim);
        let mut filled = Filled::refused(desk.lang, form, sent, &refused);
        if refused.status == 412 {
            let mut now = fields::plain(&self.question);
            if let (Some(members), false) = (now.as_object_mut(), self.is_new) {
                members.insert("version".to_owned(), self.study.version.into());
            }
            desk.meanwhile(&mut filled, (form, sent), &now);
            filled.version = self.study.version;
        }
        Err(filled)
    }

    /// The field of a pointer below the definition, if it is of this question.
    fn aim(&self, path: &str, kept: &[(&str, Vec<usize>)]) -> Option<String> {
        let own = path.strip_prefix("questions/")?.strip_prefix(&self.place.to_string())?;
        let own = own.strip_prefix('/')?;
        let mut parts = own.splitn(3, '/');
        let (list, number, rest) = (parts.next()?, parts.next(), parts.next());
        let Some((_, places)) = kept.iter().find(|it| it.0 == list) else {
            return Some(own.to_owned());
        };
        let Some(place) = number.and_then(|it| places.get(it.parse::<usize>().ok()?)) else {
            return Some(format!("{list}/0"));
        };
        Some(match rest {
            Some(rest) => format!("{list}/{place}/{rest}"),
            None => format!("{list}/{place}"),
        })
    }

    fn draw(&self, request: &Request, desk: &Desk, (form, filled): (&Form, &Filled)) -> Response {
        let lang = desk.lang;
        let kind = of(lang, &words::TYPES, text(&self.question, "/type"));
        let title = match self.is_new {
            true => format!("{}{kind}", lang.of("New question: ", "新题目：")),
            false => {
                let number = self.place + 1;
                match lang {
                    web::Lang::En => format!("Question {number}: {kind}"),
                    web::Lang::Zh => format!("第 {number} 题：{kind}"),
                }
            }
        };
        let edit = self.study.path("/edit");
        let above = self.study.above(&edit, desk);
        let mut page = desk.page_about(request, Section::Surveys, &title, &above);
        let html = &mut page.html;
        desk.begin_form(html, &self.path, "");
        // What is sent by a return key is saved, and moves nothing about.
        let first = [("class", "away"), ("tabindex", "-1"), ("aria-hidden", "true")];
        html.put("button", &first, lang.of("Save", "保存"));
        form.alert(html, lang, filled);
        let is_listed = |name: &str| LISTS.iter().any(|it| begins(name, it.0));
        let own = |name: &str| MEANING.contains(&name);
        let logic = |name: &str| LOGIC.contains(&name);
        for input in &form.inputs {
            if !is_listed(input.name()) && !own(input.name()) && !logic(input.name()) {
                form.draw_one(html, desk, filled, input);
            }
        }
        for (list, _) in LISTS {
            self.list(html, desk, (form, filled), list);
        }
        let figures = lang.of("Figures", "统计");
        group(html, desk, (form, filled), (figures, &own));
        let rules = lang.of("Logic", "逻辑");
        group(html, desk, (form, filled), (rules, &logic));
        form.version(html, filled);
        let does = lang.of("Save the question", "保存题目");
        html.put("button", &[], does);
        html.close();
        let status = filled.status();
        page.answer(status)
    }

    /// The options, or the rows of a matrix, each with what moves and removes it.
    fn list(&self, html: &mut Html, desk: &Desk, (form, filled): (&Form, &Filled), list: &str) {
        let lang = desk.lang;
        let is =
            |at: usize, name: &str| begins(name, list) && begins(name, &format!("{list}/{at}"));
        let places =
            (0..OPTIONS_MAX).take_while(|at| form.inputs.iter().any(|it| is(*at, it.name())));
        let count = places.count();
        if count == 0 {
            return;
        }
        let is_columns = list == "options" && text(&self.question, "/type") == "matrix";
        let (heading, one) = match (list, is_columns) {
            ("rows", _) => (lang.of("What is rated", "评价的内容"), lang.of("Row", "第")),
            (_, true) => (
                lang.of("Answers to choose from, in place of points", "用选项代替分数"),
                lang.of("Answer", "第"),
            ),
            _ => (lang.of("Options", "选项"), lang.of("Option", "第")),
        };
        html.open(if is_columns { "details" } else { "section" }, &[("class", "places-of")]);
        html.put(if is_columns { "summary" } else { "h2" }, &[], heading);
        let hint = lang.of(
            "A place without a text is left out. After saving there is room for two more.",
            "没有文字的位置会略去；保存后会再多出两个位置。",
        );
        html.put("p", &[("class", "hint")], hint);
        let existing = items(&self.question, &format!("/{list}")).len();
        for at in 0..count {
            html.open("fieldset", &[("class", "place")]);
            let number = at + 1;
            html.put(
                "legend",
                &[],
                &match lang {
                    web::Lang::En => format!("{one} {number}"),
                    web::Lang::Zh => format!("{one} {number} 项"),
                },
            );
            for input in form.inputs.iter().filter(|it| is(at, it.name())) {
                form.draw_one(html, desk, filled, input);
            }
            if at < existing {
                acts(html, desk, list, at);
            }
            html.close();
        }
        html.close();
    }
}

/// The fields about what an answer is for, and those about when a question is asked.
const MEANING: [&str; 3] = ["id", "dimension", "touchpoint_id"];
const LOGIC: [&str; 2] = ["show_if", "next"];

/// Whether a name is that of a member or below it.
fn begins(name: &str, member: &str) -> bool {
    name.strip_prefix(member).is_some_and(|it| it.starts_with('/'))
}

/// Fields that few need: closed, unless something there is wrong.
fn group(
    html: &mut Html,
    desk: &Desk,
    (form, filled): (&Form, &Filled),
    (heading, is_in): (&str, &dyn Fn(&str) -> bool),
) {
    let is_wrong = filled.wrong.iter().any(|it| is_in(&it.0));
    let open = pages::html::when(is_wrong, "open");
    html.open("details", &[("class", "panel"), (open, "")]);
    html.put("summary", &[], heading);
    for input in form.inputs.iter().filter(|it| is_in(it.name())) {
        form.draw_one(html, desk, filled, input);
    }
    html.close();
}

fn acts(html: &mut Html, desk: &Desk, list: &str, at: usize) {
    let lang = desk.lang;
    html.open("p", &[("class", "row-acts")]);
    let number = at + 1;
    for (act, en, zh) in [("up", "Move up", "上移"), ("drop", "Remove", "删除")] {
        if act == "up" && at == 0 {
            continue;
        }
        let value = format!("{act}/{list}/{at}");
        let label = match lang {
            web::Lang::En => format!("{en}: {number}"),
            web::Lang::Zh => format!("{zh}：第 {number} 项"),
        };
        let attributes = [
            ("class", "quiet"),
            ("name", "act"),
            ("value", value.as_str()),
            ("aria-label", label.as_str()),
        ];
        html.put("button", &attributes, lang.of(en, zh));
    }
    html.close();
}

/// How many places of a list were sent.
fn sent_places(sent: &Sent, list: &str, most: usize) -> usize {
    let has = |at: &usize| sent.pairs.iter().any(|it| it.0 == format!("{list}/{at}/id"));
    (0..most).take_while(has).count()
}

/// Leaves out the places of a list that have no text, names those that have no name, and moves or
/// removes the one that a button says. Tells which place of the form each comes from.
fn settle(question: &mut Value, (list, most): (&str, usize), sent: &Sent) -> Vec<usize> {
    let mut act = sent.get("act").split('/');
    let (act, of, place) = (act.next().unwrap_or(""), act.next(), act.next());
    let place = place.and_then(|it| it.parse::<usize>().ok()).filter(|_| of == Some(list));
    let Some(Value::Array(all)) = question.pointer_mut(&format!("/{list}")) else {
        return Vec::new();
    };
    let mut kept = Vec::with_capacity(all.len().min(most));
    let mut found: Vec<Value> = Vec::with_capacity(all.len());
    for (at, it) in std::mem::take(all).into_iter().enumerate() {
        let has_text = at_texts(&it).any(|text| !text.is_empty());
        if has_text && !(act == "drop" && place == Some(at)) {
            kept.push(at);
            found.push(it);
        }
    }
    let moved = kept.iter().position(|it| Some(*it) == place).filter(|it| act == "up" && 0 < *it);
    if let Some(at) = moved {
        kept.swap(at, at - 1);
        found.swap(at, at - 1);
    }
    name(&mut found, list);
    let is_empty = found.is_empty();
    *all = found;
    if let Some(members) = question.as_object_mut() {
        tidy(members, list, is_empty);
    }
    kept
}

fn at_texts(it: &Value) -> impl Iterator<Item = &str> {
    let texts = at(it, "/text").as_object().into_iter().flat_map(|it| it.values());
    texts.filter_map(Value::as_str)
}

/// Gives each place that has no name one of its own.
fn name(found: &mut [Value], list: &str) {
    let mark = if list == "rows" { 'r' } else { 'o' };
    let mut number = 0;
    for at in 0..found.len() {
        if found.get(at).is_none_or(|it| !text(it, "/id").is_empty()) {
            continue;
        }
        let mut id = String::new();
        while id.is_empty() || found.iter().any(|it| text(it, "/id") == id) {
            number += 1;
            id = format!("{mark}{number}");
        }
        if let Some(Value::Object(members)) = found.get_mut(at) {
            members.insert("id".to_owned(), id.into());
        }
    }
}

/// A matrix is answered by points or by options, and only a matrix has rows.
fn tidy(members: &mut Map<String, Value>, list: &str, is_empty: bool) {
    let is_matrix = members.get("type").and_then(Value::as_str) == Some("matrix");
    match (list, is_matrix, is_empty) {
        ("rows", false, _) | ("options", true, true) => {
            members.remove(list);
        }
        ("options", true, false) => {
            for name in ["points", "low", "high"] {
                members.remove(name);
            }
        }
        _ => {}
    }
}
