//! Displays: that a survey was shown. The id of one tells when, and names the response to it.

use app::asking;
use app::intake::guard::{self, Guard};
use app::intake::{check_origin, published};
use domain::asking::who;
use domain::id::hex;
use ports::{Env, Sql};
use serde_json::json;
use store::studies;
use web::{Kind, Problem, Request, Response};

use crate::token::{display, displayed};
use crate::{place, shape};

/// Counts a display, and gives its id.
pub(crate) async fn create(
    env: &impl Env,
    request: &Request,
    environment: &str,
) -> Result<Response, Problem> {
    let mut fields = request.fields()?;
    let survey = fields.text("surveyId", 1, 64, "");
    // Who it was shown to is nobody's word but the page's.
    let _others = fields.rest();
    fields.done()?;
    let place = place::find(env, environment, &survey).await?;
    check_origin(request, &published::origins(&place.origins))?;
    let survey_id = place::survey_id(&place, &survey);
    let public = env.sql().fetch(studies::public(survey_id, 0)).await?;
    let public = public.filter(|it| it.site_id == place.site_id);
    let public = public.ok_or_else(|| shape::missing("Survey", &survey))?;
    if public.state != "open" {
        let mut problem = Problem::new(Kind::SurveyClosed);
        problem.extra = Some(("surveyId", survey.into()));
        return Err(problem);
    }
    let nonce = hex(&env.random());
    let who = who(&place.site_id, "visitor", &nonce);
    let guard = Guard::of(env, request, false).await?;
    let zone = app::zone(&public.zone)?;
    let of = (place.site_id.as_str(), survey_id);
    asking::shown(env, &guard, zone, of, &who, &[survey_id]).await?;
    let id = display(&guard::secret(env).await?, survey_id, env.now(), &nonce);
    shape::data(&json!({ "id": id }))
}

/// Older SDKs tell which response came of a display; here the response tells.
pub(crate) async fn update(
    env: &impl Env,
    request: &Request,
    environment: &str,
    id: &str,
) -> Result<Response, Problem> {
    let place = place::find(env, environment, "").await?;
    check_origin(request, &published::origins(&place.origins))?;
    let at = displayed(&guard::secret(env).await?, "", id);
    at.ok_or_else(|| shape::missing("Display", id))?;
    shape::data(&json!({ "id": id }))
}
