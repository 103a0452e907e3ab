//! `/v1/templates`: texts that staff begin from.

use app::write::{Change, check_version, write};
use app::{auth, entity, rows};
use domain::id::Kind;
use ports::{Env, Sql};
use serde::Serialize;
use serde_json::{Map, Value, json};
use store::Entity;
use store::templates::{self, Template};
use web::field::{Fields, one_of_rule};
use web::lang::said;
use web::survey::{is_language, language_rule};
use web::{Problem, Request, Response, view};

/// What a template is for: the acts on a case that say something.
const KINDS: [&str; 5] = ["answer", "question", "plan", "solution", "note"];
/// Most languages of one template.
const LANGUAGES_MAX: usize = 10;

#[derive(Serialize)]
struct TemplateView {
    id: String,
    name: String,
    kind: String,
    /// A language and the text in it.
    texts: Value,
    is_active: bool,
    version: i64,
    created_at: String,
    updated_at: String,
}

pub(crate) async fn list(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    let mut query = request.query();
    let kind =
        query.parse("kind", |it| KINDS.into_iter().find(|own| *own == it), || one_of_rule(&KINDS));
    let page = web::page::Page::read(&mut query);
    query.done()?;
    let found = match kind {
        Some(kind) => templates::of_kind(&agent.site_id, kind, &rows(&page)),
        None => Template::list(&agent.site_id, &rows(&page)),
    };
    page.show(env.sql().fetch(found).await?, |it| it.id.clone(), show_one)
}

pub(crate) async fn show(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    entity::show(env, request, &agent, id, show_one).await
}

pub(crate) async fn create(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    write(env, request, &manager, async || {
        let now = env.now();
        let it = Template {
            id: Kind::Template.id(now, env.random()),
            site_id: manager.site_id.clone(),
            version: 1,
            name: String::new(),
            kind: String::new(),
            texts: String::new(),
            is_active: true,
            created_at: now,
            updated_at: now,
        };
        let it = read(request.fields()?, it)?;
        let answer = web::created(&format!("/v1/templates/{}", it.id), &show_one(&it))?;
        let change = Change::new("template.created", &it.id, 1, data(&it), answer);
        Ok(change.and(templates::insert(&it).write()))
    })
    .await
}

pub(crate) async fn change(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    write(env, request, &manager, async || {
        let mut it = entity::find::<Template>(env, &manager, id).await?;
        check_version(request, it.version)?;
        it.version += 1;
        it.updated_at = env.now();
        let it = read(request.fields()?, it)?;
        let answer = web::response::ok_version(it.version, &show_one(&it))?;
        let change = Change::new("template.updated", id, it.version, data(&it), answer);
        Ok(change.and(templates::update(&it).guarded()))
    })
    .await
}

fn read(mut fields: Fields, mut it: Template) -> Result<Template, Problem> {
    it.name = fields.text("name", 1, 80, &it.name);
    it.kind = fields.one_of("kind", &KINDS, &it.kind);
    if it.texts.is_empty() && fields.peek("texts").is_none_or(Value::is_null) {
        fields.take("texts");
        fields.refuse("texts", said("is required", "为必填项"));
    } else if let Some(texts) = fields.object("texts") {
        it.texts = view::text(&read_texts(&mut fields, texts));
    }
    it.is_active = fields.flag("is_active", it.is_active);
    fields.done()?;
    Ok(it)
}

fn read_texts(fields: &mut Fields, mut nested: Fields) -> Map<String, Value> {
    let mut texts = Map::new();
    let languages = nested.names();
    if languages.is_empty() || LANGUAGES_MAX < languages.len() {
        nested.refuse_all(said("must have 1 to 10 languages", "须有 1 到 10 种语言"));
    }
    for language in languages {
        if !is_language(&language) {
            nested.take(&language);
            nested.refuse(&web::field::escape(&language), language_rule());
            continue;
        }
        let text = nested.text(&language, 1, app::case::TEXT_CHARS_MAX, "");
        texts.insert(language, text.into());
    }
    fields.absorb(nested);
    texts
}

fn data(it: &Template) -> Value {
    json!({
        "name": it.name,
        "kind": it.kind,
        "texts": view::json(&it.texts),
        "is_active": it.is_active,
    })
}

fn show_one(it: &Template) -> TemplateView {
    TemplateView {
        id: it.id.clone(),
        name: it.name.clone(),
        kind: it.kind.clone(),
        texts: view::json(&it.texts),
        is_active: it.is_active,
        version: it.version,
        created_at: view::time(it.created_at),
        updated_at: view::time(it.updated_at),
    }
}
