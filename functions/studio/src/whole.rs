//! A draft as a whole: as JSON, and as its visitors will see it.

use domain::role::Role;
use domain::survey::Definition;
use http::{Method, StatusCode};
use paper::Sheet;
use paper::words::say;
use ports::Env;
use serde_json::{Value, json};
use staff::form::Kind;
use staff::tell::{items, text};
use staff::{Desk, Filled, Form, Input, Refused, Section, Sent, Signed, open};
use web::field::Fields;
use web::{Problem, Request, Response};

use crate::merge::place;
use crate::study::Study;

/// What a preview may do: nothing that is filled in goes anywhere.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; \
    form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/// Shows the definition, and takes it.
pub(crate) async fn page(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let desk = match open(env, request, Role::Manager).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let study = match Study::load(env, request, &desk, id).await {
        Ok(study) => study,
        Err(refused) => return desk.refusal(&refused),
    };
    let lang = desk.lang;
    let form = Form::new(vec![
        Input::new("definition", lang.of("Definition", "定义"), Kind::Json).needed().hint(lang.of(
            "Whatever a survey can have; see the manual. Mistakes are told with their places.",
            "问卷的全部内容，写法见手册；有误之处会逐一指出。",
        )),
    ]);
    let told = json!({ "definition": study.definition, "version": study.version });
    let mut filled = Filled::of(&form, &told);
    if *request.method() == Method::POST {
        let sent = match desk.sent(env, request).await {
            Ok(sent) => sent,
            Err(problem) => return desk.told(problem),
        };
        match save(env, request, &desk, (&study, &form, &sent)).await {
            Ok(()) => return Ok(desk.go(&study.path("/json"), "saved")),
            Err(refused) => filled = refused,
        }
    }
    let edit = study.path("/edit");
    let above = study.above(&edit, &desk);
    let title = lang.of("The whole as JSON", "以 JSON 编辑全部");
    let mut page = desk.page_about(request, Section::Surveys, title, &above);
    desk.begin_form(&mut page.html, &study.path("/json"), "whole");
    form.draw(&mut page.html, &desk, &filled);
    page.html.put("button", &[], lang.of("Save", "保存"));
    page.html.close();
    Ok(page.answer(filled.status()))
}

async fn save(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    (study, form, sent): (&Study, &Form, &Sent),
) -> Result<(), Filled> {
    let body = Value::Object(form.read(desk.lang, sent)?);
    let saving = study.save(env, request, desk, (&body, sent.key(), sent.version())).await;
    let Err(refused) = saving else { return Ok(()) };
    let definition = body.pointer("/definition").cloned().unwrap_or_default();
    let wanted = Study { definition, ..study.clone() };
    let mut filled = Filled::refused(desk.lang, form, sent, &placed(desk, &wanted, &refused));
    if refused.status == 412 {
        let now = json!({ "definition": study.definition, "version": study.version });
        desk.meanwhile(&mut filled, (form, sent), &now);
    }
    Err(filled)
}

/// The same refusal, each mistake with its place.
fn placed(desk: &Desk, study: &Study, refused: &Refused) -> Refused {
    let mut errors = Vec::new();
    for it in items(&Value::Object(refused.told.clone()), "/errors") {
        let pointer = text(it, "/pointer");
        let path = pointer.strip_prefix("/definition/").unwrap_or("");
        let detail = format!("{}{}", place(desk, study, path), text(it, "/detail"));
        errors.push(json!({ "pointer": pointer, "detail": detail }));
    }
    let mut placed = refused.clone();
    if !errors.is_empty() {
        placed.told.insert("errors".to_owned(), Value::Array(errors));
    }
    placed
}

/// The draft as a page of its own, in a `language` of the survey, or else in that of the reader.
pub(crate) async fn preview(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let desk = match open(env, request, Role::Viewer).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let study = match Study::load(env, request, &desk, id).await {
        Ok(study) => study,
        Err(refused) => return desk.refusal(&refused),
    };
    let Value::Object(members) = study.definition.clone() else { return desk.nothing() };
    let definition: Definition = web::survey::read(&mut Fields::new(members));
    let wanted = request.param("language").or(request.param("lang")).unwrap_or("");
    let known = definition.languages();
    let language = known.iter().find(|it| **it == wanted).or(known.first()).copied();
    let language = language.unwrap_or("zh-CN");
    let (title, _) = say(&definition.title, language, &definition.default_language);
    let sheet = Sheet { id: &study.id, language, title, script: &[] };
    let lang = desk.lang;
    let note = lang.of(
        "Preview of the draft. All questions are shown; nothing is sent.",
        "草稿预览：显示全部题目，不会提交任何内容。",
    );
    let back = if Study::may_change(&desk) { study.path("/edit") } else { study.path("") };
    let back = desk.href(&back);
    let address = |it: &str| desk.href(&format!("{}?language={it}", study.path("/preview")));
    let about = ((lang.tag(), note), (back.as_str(), lang.of("Back", "返回")));
    let body = sheet.preview(&definition, about, &address);
    Ok(pages::answer(StatusCode::OK, language, POLICY, body))
}
