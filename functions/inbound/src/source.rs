//! Sources: list, show, create, change, and look at what failed again.

use app::write::{Change, check_version, write};
use app::{auth, entity, ingest, link, signature, vault};
use domain::id::Kind;
use domain::inbound::{OVERLAP_MS, SCHEMES, is_pointer};
use ports::{Env, Sql};
use serde::Serialize;
use serde_json::{Value, json};
use store::sources::{self, Source};
use web::field::Fields;
use web::lang::said;
use web::{Problem, Request, Response, view};

use crate::INGEST;

/// The fewest and the most characters of a secret that is no key of Standard Webhooks.
const SECRET_CHARS: std::ops::RangeInclusive<usize> = 8..=256;

#[derive(Serialize)]
struct SourceView {
    id: String,
    name: String,
    is_active: bool,
    /// Where it posts to.
    path: String,
    verify: Value,
    /// Until when the secret before is good.
    old_secret_until: Option<String>,
    once_by: Value,
    rules: Value,
    version: i64,
    created_at: String,
    updated_at: String,
}

pub(crate) async fn list(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    let now = env.now();
    let page = request.page()?;
    let found = <Source as store::Entity>::list(&manager.site_id, &app::rows(&page));
    page.show(env.sql().fetch(found).await?, |it| it.id.clone(), |it| show_one(it, now))
}

pub(crate) async fn show(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    request.no_query()?;
    let it = entity::find::<Source>(env, &manager, id).await?;
    web::response::ok_version(it.version, &show_one(&it, env.now()))
}

pub(crate) async fn create(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let admin = auth::admin(env, request).await?;
    request.no_query()?;
    write(env, request, &admin, async || {
        let now = env.now();
        let mut it = Source {
            id: Kind::Source.id(now, env.random()),
            site_id: admin.site_id.clone(),
            version: 1,
            name: String::new(),
            is_active: true,
            scheme: String::new(),
            header: String::new(),
            secret: String::new(),
            old_secret: String::new(),
            old_secret_until: 0,
            once_pointer: String::new(),
            once_header: String::new(),
            rules: "[]".to_owned(),
            created_at: now,
            updated_at: now,
        };
        read(env, request.fields()?, &mut it).await?;
        let answer = web::created(&format!("/v1/sources/{}", it.id), &show_one(&it, now))?;
        let change = Change::new("source.created", &it.id, 1, data(&it, true), answer);
        Ok(change.and(sources::insert(&it).write()))
    })
    .await
}

pub(crate) async fn change(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let admin = auth::admin(env, request).await?;
    request.no_query()?;
    write(env, request, &admin, async || {
        let mut it = entity::find::<Source>(env, &admin, id).await?;
        check_version(request, it.version)?;
        it.version += 1;
        it.updated_at = env.now();
        let secret = it.secret.clone();
        read(env, request.fields()?, &mut it).await?;
        let answer = web::response::ok_version(it.version, &show_one(&it, env.now()))?;
        let data = data(&it, it.secret != secret);
        let change = Change::new("source.updated", id, it.version, data, answer);
        Ok(change.and(sources::update(&it).guarded()))
    })
    .await
}

/// `POST …/replay`: everything of a state is looked at again, by the tick.
pub(crate) async fn replay(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    request.no_query()?;
    let answer = write(env, request, &manager, async || {
        let it = entity::find::<Source>(env, &manager, id).await?;
        check_version(request, it.version)?;
        let mut fields = request.fields_or_none()?;
        let state = fields.one_of("state", &["failed", "ignored"], "failed");
        fields.done()?;
        let location = format!("/v1/sources/{id}/messages?state={state}");
        let shown = json!({ "state": state, "version": it.version + 1 });
        let answer = web::response::accepted(&location, &shown)?;
        let data = json!({ "state": state });
        let change = Change::new("source.replayed", id, it.version + 1, data, answer);
        Ok(change.and(sources::replay(id, it.version + 1, &state, env.now()).guarded()))
    })
    .await?;
    env.hurry(INGEST);
    Ok(answer)
}

async fn read(env: &impl Env, mut fields: Fields, it: &mut Source) -> Result<(), Problem> {
    it.name = fields.text("name", 1, 80, &it.name);
    it.is_active = fields.flag("is_active", it.is_active);
    let scheme = it.scheme.clone();
    if let Some(mut nested) = fields.object("verify") {
        it.scheme = nested.one_of("scheme", &SCHEMES, "");
        it.header = header(&mut nested);
        if it.scheme == "standard" && !it.header.is_empty() {
            let rule = said("has headers of its own", "该方案使用固定的标头");
            nested.refuse("header", rule);
        }
        fields.absorb(nested);
    } else if scheme.is_empty() {
        fields.refuse("verify", said("is required", "为必填项"));
    }
    if fields.has("once_by") {
        once_by(&mut fields, it);
    }
    if it.version == 1 || fields.has("rules") {
        let given = fields.peek("rules").map(view::text);
        ingest::rules(&mut fields);
        it.rules = given.unwrap_or_default();
    }
    let is_other = it.scheme != scheme;
    if is_other || fields.has("secret") {
        let secret = secret(&mut fields, &it.scheme);
        fields.done()?;
        let key = link::secret(env).await?;
        let random = [env.random(), env.random()];
        let sealed = vault::seal(&key, &it.id, random, &secret);
        let before = std::mem::replace(&mut it.secret, sealed);
        // What was signed another way proves nothing now.
        (it.old_secret, it.old_secret_until) =
            if is_other { (String::new(), 0) } else { (before, it.updated_at + OVERLAP_MS) };
        return Ok(());
    }
    fields.done()
}

fn header(fields: &mut Fields) -> String {
    let name = fields.text("header", 0, 64, "").to_ascii_lowercase();
    let fits = name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-' || it == b'_');
    if !fits {
        fields.refuse("header", said("must be the name of a header", "须为标头名称"));
    }
    name
}

fn once_by(fields: &mut Fields, it: &mut Source) {
    (it.once_pointer, it.once_header) = (String::new(), String::new());
    let Some(mut nested) = fields.object("once_by") else { return };
    if nested.has("pointer") == nested.has("header") {
        nested.take("pointer");
        nested.take("header");
        nested.refuse_all(said("needs pointer or header", "须在 pointer 与 header 中二选一"));
    } else if nested.has("header") {
        it.once_header = header(&mut nested);
    } else {
        it.once_pointer = nested.text("pointer", 1, 200, "");
        if !is_pointer(&it.once_pointer) || it.once_pointer.starts_with('^') {
            nested.refuse("pointer", ingest::pointer_rule());
        }
    }
    fields.absorb(nested);
}

/// The secret as it is used: of Standard Webhooks the key in it, of others the text.
fn secret(fields: &mut Fields, scheme: &str) -> Vec<u8> {
    let text = fields.text("secret", 1, *SECRET_CHARS.end(), "");
    if text.is_empty() || scheme.is_empty() {
        return Vec::new();
    }
    if scheme == "standard" {
        let secret = signature::read_secret(&text);
        if secret.is_none() {
            let rule = said(
                "must be whsec_ and 24 to 64 bytes in base64",
                "须为 whsec_ 加上 24 到 64 字节的 base64",
            );
            fields.refuse("secret", rule);
        }
        return secret.unwrap_or_default();
    }
    if !SECRET_CHARS.contains(&text.chars().count()) {
        fields.refuse("secret", said("must have 8 to 256 characters", "须为 8 到 256 个字符"));
    }
    text.into_bytes()
}

/// What an event tells: never a secret, and the rules only by their number.
fn data(it: &Source, has_new_secret: bool) -> Value {
    json!({
        "name": it.name,
        "is_active": it.is_active,
        "scheme": it.scheme,
        "rules": view::json(&it.rules).as_array().map_or(0, Vec::len),
        "has_new_secret": has_new_secret,
    })
}

fn show_one(it: &Source, now: i64) -> SourceView {
    let once_by = if !it.once_pointer.is_empty() {
        json!({ "pointer": it.once_pointer })
    } else if !it.once_header.is_empty() {
        json!({ "header": it.once_header })
    } else {
        Value::Null
    };
    let old_until = Some(it.old_secret_until).filter(|until| now < *until);
    SourceView {
        id: it.id.clone(),
        name: it.name.clone(),
        is_active: it.is_active,
        path: format!("/v1/inbound/{}", it.id),
        verify: json!({ "scheme": it.scheme, "header": view::some(&it.header) }),
        old_secret_until: view::time_or_null(old_until),
        once_by,
        rules: view::json(&it.rules),
        version: it.version,
        created_at: view::time(it.created_at),
        updated_at: view::time(it.updated_at),
    }
}
