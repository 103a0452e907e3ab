//! `/v1/causes`: the ledger of root causes (投诉根源台账).

use app::write::{Change, check_version, write};
use app::{auth, entity};
use domain::id::Kind;
use ports::{Env, Sql};
use serde::Serialize;
use serde_json::{Value, json};
use store::Entity;
use store::causes::{self, Cause};
use store::departments::Department;
use web::field::Fields;
use web::lang::said;
use web::problem::Kind as Fault;
use web::{Problem, Request, Response, view};

use crate::{KINDS, date, day};

/// The longest text of what is done against a cause, in characters.
const MEASURE_CHARS_MAX: usize = 2000;

#[derive(Serialize)]
struct CauseView {
    id: String,
    kind: String,
    name: String,
    department_id: Option<String>,
    measure: Option<String>,
    /// Since which day the measure is in force.
    measure_since: Option<String>,
    is_active: bool,
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
        let it = Cause {
            id: Kind::Cause.id(now, env.random()),
            site_id: manager.site_id.clone(),
            version: 1,
            kind: String::new(),
            name: String::new(),
            department_id: String::new(),
            measure: String::new(),
            measure_day: None,
            is_active: true,
            created_at: now,
            updated_at: now,
        };
        let it = read(env, request.fields()?, it).await?;
        let answer = web::created(&format!("/v1/causes/{}", it.id), &show_one(&it))?;
        let change = Change::new("cause.created", &it.id, 1, data(&it), answer);
        Ok(change.and(causes::insert(&it).guarded()).or(taken()))
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
        let mut it = entity::find::<Cause>(env, &manager, id).await?;
        check_version(request, it.version)?;
        it.version += 1;
        it.updated_at = env.now();
        let it = read(env, request.fields()?, it).await?;
        let answer = web::response::ok_version(it.version, &show_one(&it))?;
        let change = Change::new("cause.updated", id, it.version, data(&it), answer);
        // Who changes it meanwhile has the event of this version, which is refused first.
        Ok(change.and(causes::update(&it).guarded()).or(taken()))
    })
    .await
}

/// The cases that were closed with a cause.
pub(crate) async fn cases(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    let page = request.page()?;
    let it = entity::find::<Cause>(env, &agent, id).await?;
    let read = causes::cases(&agent.site_id, &it.id, &app::rows(&page));
    let found = env.sql().fetch(read).await?;
    page.show(
        found,
        |it| it.0.clone(),
        |(id, number, state, grade, received_at)| {
            json!({
                "id": id,
                "number": number,
                "state": state,
                "grade": grade,
                "received_at": view::time(*received_at),
            })
        },
    )
}

async fn read(env: &impl Env, mut fields: Fields, mut it: Cause) -> Result<Cause, Problem> {
    it.kind = fields.one_of("kind", &KINDS, &it.kind);
    it.name = fields.text("name", 1, 80, &it.name);
    it.department_id = fields.text("department_id", 0, 64, &it.department_id);
    it.measure = fields.text("measure", 0, MEASURE_CHARS_MAX, &it.measure);
    it.measure_day = day(&mut fields, "measure_since", it.measure_day);
    it.is_active = fields.flag("is_active", it.is_active);
    if it.measure_day.is_some() && it.measure.is_empty() {
        let rule = said("say what the measure is", "请写明措施内容");
        fields.refuse("measure", rule);
    }
    if !it.department_id.is_empty() {
        let found = Department::by_id(&it.site_id, &it.department_id);
        if env.sql().fetch(found).await?.is_none() {
            let rule = said("must be a department of this site", "须为本站点的部门");
            fields.refuse("department_id", rule);
        }
    }
    fields.done()?;
    Ok(it)
}

fn taken() -> Problem {
    Problem::new(Fault::Conflict)
        .with(said("there is a cause of this kind and name already", "已有同类同名的根源"))
}

/// What is done against it is told by `/v1/causes`, not by every webhook.
fn data(it: &Cause) -> Value {
    json!({
        "kind": it.kind,
        "name": it.name,
        "department_id": it.department_id,
        "measure_since": date(it.measure_day),
        "is_active": it.is_active,
    })
}

fn show_one(it: &Cause) -> CauseView {
    CauseView {
        id: it.id.clone(),
        kind: it.kind.clone(),
        name: it.name.clone(),
        department_id: view::some(&it.department_id).map(str::to_owned),
        measure: view::some(&it.measure).map(str::to_owned),
        measure_since: date(it.measure_day),
        is_active: it.is_active,
        version: it.version,
        created_at: view::time(it.created_at),
        updated_at: view::time(it.updated_at),
    }
}
