//! x
use ports::Env;
use web::Problem;
pub(crate) async fn watch(_env: &impl Env) -> Result<usize, Problem> {
    Ok(0)
}
