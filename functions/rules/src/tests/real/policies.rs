//! `policy`.

#[path = "../../../../policy/src/kinds.rs"]
mod kinds;
#[path = "../../../../policy/src/policy.rs"]
mod policy;

use app::{audit, auth};
use http::Method;
use ports::Env;
use web::{Problem, Request, Response};

const BYTES_MAX: usize = 256 * 1024;

pub(crate) async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    let is_put = *request.method() == Method::PUT;
    let path = request.path();
    let ["v1", "policies", kind, rest @ ..] = path.as_slice() else {
        return Err(Problem::not_found());
    };
    match rest {
        _ if !kinds::KINDS.contains(kind) => Err(Problem::not_found()),
        [] => policy::show(env, request, kind).await,
        ["draft"] if is_put => policy::write_draft(env, request, kind).await,
        ["draft"] => policy::draft(env, request, kind).await,
        ["publish"] => policy::publish(env, request, kind).await,
        ["versions"] => policy::versions(env, request, kind).await,
        ["versions", number] => policy::version(env, request, kind, number).await,
        ["audit", what @ ..] => {
            let viewer = auth::viewer(env, request).await?;
            let found = policy::find(env, &viewer.site_id, kind).await?;
            let it = found.ok_or_else(Problem::not_found)?;
            audit::trail(env, request, &it.id, what).await
        }
        _ => Err(Problem::not_found()),
    }
}
