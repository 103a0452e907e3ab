//! `/v1/touchpoints`: where customers meet the company, with service standards and targets.

use app::write::{Change, check_version, write};
use app::{auth, entity};
use domain::id::Kind;
use domain::touchpoint::{
    CHANNELS, LIFECYCLE, STAGES, STANDARD_SECONDS_MAX, STANDARDS, TARGET, TARGET_KEY,
};
use ports::Env;
use serde::Serialize;
use serde_json::{Map, Value, json};
use store::touchpoints::{self, Touchpoint};
use web::field::{Fields, one_of_rule};
use web::{Problem, Request, Response, view};

#[derive(Serialize)]
struct TouchpointView {
    id: String,
    name: String,
    stage: String,
    lifecycle: Option<String>,
    channels: Value,
    is_key: bool,
    target: i64,
    /// The seconds that each service standard allows.
    standards: Value,
    version: i64,
    created_at: String,
    updated_at: String,
}

pub(crate) async fn list(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    entity::list(env, request, &viewer, show_one).await
}

pub(crate) async fn show(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    entity::show(env, request, &viewer, id, show_one).await
}

pub(crate) async fn create(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    write(env, request, &manager, async || {
        let now = env.now();
        let mut standards = Map::new();
        standards.extend(STANDARDS.iter().map(|it| (it.name.to_owned(), it.seconds.into())));
        let mut fields = request.fields()?;
        let it = Touchpoint {
            id: Kind::Touchpoint.id(now, env.random()),
            site_id: manager.site_id.clone(),
            version: 1,
            name: String::new(),
            stage: String::new(),
            lifecycle: String::new(),
            channels: view::text(&CHANNELS),
            is_key: false,
            target: 0,
            standards: view::text(&standards),
            created_at: now,
            updated_at: now,
        };
        let it = read(&mut fields, it);
        fields.done()?;
        let answer = web::created(&format!("/v1/touchpoints/{}", it.id), &show_one(&it))?;
        let change = Change::new("touchpoint.created", &it.id, 1, data(&it), answer);
        Ok(change.and(touchpoints::insert(&it).write()))
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
        let mut it = entity::find::<Touchpoint>(env, &manager, id).await?;
        check_version(request, it.version)?;
        let mut fields = request.fields()?;
        it.version += 1;
        it.updated_at = env.now();
        let it = read(&mut fields, it);
        fields.done()?;
        let answer = web::response::ok_version(it.version, &show_one(&it))?;
        let change = Change::new("touchpoint.updated", id, it.version, data(&it), answer);
        Ok(change.and(touchpoints::update(&it).guarded()))
    })
    .await
}

fn read(fields: &mut Fields, mut it: Touchpoint) -> Touchpoint {
    it.name = fields.text("name", 1, 80, &it.name);
    it.stage = fields.one_of("stage", &STAGES, &it.stage);
    it.lifecycle = fields.one_of_or_none("lifecycle", &LIFECYCLE, &it.lifecycle);
    let known = |text: &str| CHANNELS.contains(&text);
    if let Some(channels) =
        fields.texts("channels", CHANNELS.len(), known, &|| one_of_rule(&CHANNELS))
    {
        it.channels = view::text(&channels);
    }
    it.is_key = fields.flag("is_key", it.is_key);
    let usual = if it.is_key { TARGET_KEY } else { TARGET };
    let is_new = it.version == 1;
    it.target = fields.integer("target", 0, 100, Some(if is_new { usual } else { it.target }));
    if let Some(mut nested) = fields.object("standards") {
        it.standards = read_standards(&mut nested, &it.standards);
        fields.absorb(nested);
    }
    it
}

/// Standards that are not named keep what they were.
fn read_standards(fields: &mut Fields, before: &str) -> String {
    let mut standards: Map<String, Value> = view::object(before).unwrap_or_default();
    for standard in STANDARDS {
        let was = standards.get(standard.name).and_then(Value::as_i64).unwrap_or(standard.seconds);
        let seconds = fields.integer(standard.name, 1, STANDARD_SECONDS_MAX, Some(was));
        standards.insert(standard.name.to_owned(), Value::from(seconds));
    }
    view::text(&standards)
}

fn data(it: &Touchpoint) -> Value {
    json!({
        "name": it.name,
        "stage": it.stage,
        "lifecycle": it.lifecycle,
        "channels": view::json(&it.channels),
        "is_key": it.is_key,
        "target": it.target,
        "standards": view::json(&it.standards),
    })
}

fn show_one(it: &Touchpoint) -> TouchpointView {
    TouchpointView {
        id: it.id.clone(),
        name: it.name.clone(),
        stage: it.stage.clone(),
        lifecycle: view::some(&it.lifecycle).map(str::to_owned),
        channels: view::json(&it.channels),
        is_key: it.is_key,
        target: it.target,
        standards: view::json(&it.standards),
        version: it.version,
        created_at: view::time(it.created_at),
        updated_at: view::time(it.updated_at),
    }
}
