//! What is personal in the call-backs of a customer who is erased.

use domain::callback::Act;
use ports::{Env, Sql, Write};
use serde_json::{Map, json};
use store::callbacks::Callback;
use store::{call_notes, call_steps, expiry};
use web::service::Offered;

use super::Work;
use crate::auth::Staff;
use crate::write::along;

/// The statements that erase it; times and outcomes stay, so the figures stay right.
///
/// What goes: how to reach them, what was noted of calls, who they are, the hash of their number,
/// their links, and what kept answers tell of all that. What is still open is called off, and its
/// time is free again.
///
/// Each call-back has an event of it. One that comes in meanwhile holds back the whole commit.
pub async fn erase(
    env: &impl Env,
    by: &Staff,
    customer_id: &str,
) -> Result<Vec<Write>, web::Problem> {
    let found = env.sql().fetch(call_steps::of_customer(customer_id)).await?;
    let now = env.now();
    let mut writes = Vec::with_capacity(found.len() * 4 + 4);
    writes.push(call_steps::erase_contacts(customer_id).write());
    writes.push(call_steps::erase_notes(customer_id).write());
    writes.push(call_notes::erase(customer_id).write());
    writes.push(call_steps::erase_answers(customer_id).write());
    // What it offers does not matter to what ends.
    let offered = Offered::default();
    for (row, seal) in found {
        let mut work = Work::on(&offered, row, now);
        if work.state().is_open() {
            work.act(Act::Cancel)?;
            let mut data = Map::new();
            data.insert("by".to_owned(), json!("staff"));
            work.happened("callback.cancelled", data);
        }
        forget(&mut work);
        writes.extend(along(env, by, work.change(web::no_content()), seal));
    }
    writes.push(call_steps::has_none(customer_id).guarded());
    Ok(writes)
}

/// Erases what is personal in call-backs of one site that ended, in one commit. False if one of
/// them was changed meanwhile: nothing happened then.
pub async fn erase_some(
    env: &impl Env,
    by: &Staff,
    found: Vec<Callback>,
) -> Result<bool, web::Problem> {
    let ids: Vec<&str> = found.iter().map(|it| it.id.as_str()).collect();
    let ids = web::view::text(&ids);
    let writes = vec![
        expiry::contacts(&ids).write(),
        call_notes::expire(&ids).write(),
        expiry::call_notes(&ids).write(),
        expiry::answers(&ids).write(),
    ];
    let (offered, now) = (Offered::default(), env.now());
    let works = found.into_iter().map(|row| {
        let mut work = Work::on(&offered, row, now);
        forget(&mut work);
        work
    });
    super::commit_all(env, by, works.collect(), writes).await
}

/// Forgets who somebody is and how they are known.
fn forget(work: &mut Work<'_>) {
    work.row.customer_id.clear();
    work.row.phone_hash.clear();
    work.row.link_hash.clear();
    work.happened("callback.erased", Map::new());
    work.settle();
}
