//! Cases that are nobody's yet: the most pressing are given to whoever is there and has room.

use app::auth::Staff;
use app::case::assign::Staffing;
use app::case::batch::commit_all;
use app::case::{Book, Work};
use domain::id::Kind;
use ports::{Env, Sql};
use store::case_steps;
use web::Problem;

use crate::ACTOR;

/// Most sites of one tick, beginning anywhere, so that each has its turn.
const SITES_MAX: i64 = 100;
/// Most cases of a site that are given at once.
const CASES_MAX: i64 = 100;
/// How often that is tried when others come between.
const TRIES: usize = 3;

/// Gives cases to people, and tells how many.
pub(crate) async fn take_up(env: &impl Env) -> Result<usize, Problem> {
    let mut number = 0;
    for site_id in sites(env).await? {
        for _ in 0..TRIES {
            if let Some(given) = give(env, &site_id).await? {
                number += given;
                break;
            }
        }
    }
    Ok(number)
}

async fn sites(env: &impl Env) -> Result<Vec<String>, Problem> {
    let all = env.sql().fetch(case_steps::sites_with_unassigned("", SITES_MAX)).await?;
    if i64::try_from(all.len()).unwrap_or(0) < SITES_MAX {
        return Ok(all);
    }
    let [a, b, c, d, ..] = env.random();
    let share = i128::from(u32::from_be_bytes([a, b, c, d]));
    let at = i128::from(env.now()) * share / i128::from(u32::MAX);
    let after = Kind::Site.id(i64::try_from(at).unwrap_or(0), [0; 16]);
    let some = env.sql().fetch(case_steps::sites_with_unassigned(&after, SITES_MAX)).await?;
    Ok(if some.is_empty() { all } else { some })
}

/// Gives what it can of a site in one commit; none if somebody came between.
async fn give(env: &impl Env, site_id: &str) -> Result<Option<usize>, Problem> {
    let book = Book::load(env, site_id).await?;
    let mut staffing = Staffing::load(env, &book).await?;
    if !staffing.is_automatic() || !staffing.has_room() {
        return Ok(Some(0));
    }
    let mut works = Vec::new();
    for (case, adviser_id) in env.sql().fetch(case_steps::unassigned(site_id, CASES_MAX)).await? {
        let is_core = case.customer_group == "core";
        // What cannot be understood is left for people.
        let Ok(mut work) = Work::on(&book, case, env.now()) else { continue };
        work.assign(&mut staffing, if is_core { &adviser_id } else { "" });
        if work.is_changed() {
            work.settle();
            works.push(work);
        }
        if !staffing.has_room() {
            break;
        }
    }
    let number = works.len();
    let by = Staff::new(site_id, ACTOR);
    Ok(commit_all(env, &by, works, Vec::new()).await?.then_some(number))
}
