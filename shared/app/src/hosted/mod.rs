//! What the pages of surveys share: who visits, and what a form says. `page` shows and checks a
//! form, `submit` takes it.

pub mod form;
pub mod visit;

use domain::UtcMs;
use ports::Env;
use web::Problem;

use crate::intake::guard;
use crate::sealed;

/// What a form token is sealed for.
const FORM: &str = "form";

/// A token that tells when a form was given out.
pub async fn form_token(env: &impl Env, survey_id: &str) -> Result<String, Problem> {
    Ok(guard::form_token(&guard::secret(env).await?, survey_id, env.now()))
}

/// How long a form was in sight, which without scripts only we can tell.
pub async fn elapsed_ms(
    env: &impl Env,
    survey_id: &str,
    token: &str,
) -> Result<Option<i64>, Problem> {
    let fields = sealed::open(&guard::secret(env).await?, FORM, token).unwrap_or_default();
    let since = match fields.as_slice() {
        [of, since] if of == survey_id => since.parse::<UtcMs>().ok(),
        _ => None,
    };
    Ok(since.map(|it| (env.now() - it).clamp(0, domain::civil::DAY_MS)))
}
