//! x
use ports::Env;
use web::Problem;
pub(crate) async fn look(_env: &impl Env) -> Result<usize, Problem> {
    Ok(0)
}
