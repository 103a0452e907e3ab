//! `/v1/departments`.

use app::write::{Change, check_version, write};
use app::{auth, entity};
use domain::id::Kind;
use ports::Env;
use serde::Serialize;
use serde_json::json;
use store::departments::{self, Department};
use web::{Problem, Request, Response, view};

#[derive(Serialize)]
struct DepartmentView {
    id: String,
    name: String,
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
        let mut fields = request.fields()?;
        let it = Department {
            id: Kind::Department.id(now, env.random()),
            site_id: manager.site_id.clone(),
            version: 1,
            name: fields.text("name", 1, 80, ""),
            created_at: now,
            updated_at: now,
        };
        fields.done()?;
        let answer = web::created(&format!("/v1/departments/{}", it.id), &show_one(&it))?;
        let data = json!({ "name": it.name });
        let change = Change::new("department.created", &it.id, 1, data, answer);
        Ok(change.and(departments::insert(&it).write()))
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
        let mut it = entity::find::<Department>(env, &manager, id).await?;
        check_version(request, it.version)?;
        let mut fields = request.fields()?;
        it.version += 1;
        it.updated_at = env.now();
        it.name = fields.text("name", 1, 80, &it.name);
        fields.done()?;
        let answer = web::response::ok_version(it.version, &show_one(&it))?;
        let data = json!({ "name": it.name });
        let change = Change::new("department.updated", id, it.version, data, answer);
        Ok(change.and(departments::update(&it).guarded()))
    })
    .await
}

fn show_one(it: &Department) -> DepartmentView {
    DepartmentView {
        id: it.id.clone(),
        name: it.name.clone(),
        version: it.version,
        created_at: view::time(it.created_at),
        updated_at: view::time(it.updated_at),
    }
}
