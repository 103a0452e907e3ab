//! What their SDKs ask for first: what there is to show.

use app::intake::{check_origin, published};
use domain::civil::DAY_MS;
use http::header::CACHE_CONTROL;
use ports::Env;
use serde_json::json;
use web::response::set;
use web::{Problem, Request, Response, view};

use crate::place;

/// How long it may be kept: nothing of it changes while nothing is shown by it.
const KEPT_MS: i64 = DAY_MS / 24;

/// Nothing: surveys are shown by our widget, which asks who may see them. An SDK that hears so
/// stays quiet, and what calls the other routes itself goes on.
pub(crate) async fn show(
    env: &impl Env,
    request: &Request,
    environment: &str,
) -> Result<Response, Problem> {
    let place = place::find(env, environment, "").await?;
    check_origin(request, &published::origins(&place.origins))?;
    let settings = json!({
        "id": environment,
        "recontactDays": 7,
        "clickOutsideClose": true,
        "overlay": "none",
        "darkOverlay": false,
        "placement": "bottomRight",
        "inAppSurveyBranding": false,
        "styling": { "allowStyleOverwrite": false },
    });
    let mut response = web::ok(&json!({ "data": {
        "data": {
            "surveys": [],
            "actionClasses": [],
            // Each release of theirs has another name for it.
            "project": settings,
            "workspace": settings,
            "settings": settings,
        },
        "expiresAt": view::time(env.now() + KEPT_MS),
    } }))?;
    set(&mut response, CACHE_CONTROL, "private, max-age=60");
    Ok(response)
}
