//! What is personal in the call-backs of a customer who is erased.

use domain::callback::Act;
use ports::{Env, Sql, Write};
use serde_json::{Map, json};
use store::{call_notes, call_steps};
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
        work.row.customer_id.clear();
        work.row.phone_hash.clear();
        work.row.link_hash.clear();
        work.happened("callback.erased", Map::new());
        work.settle();
        writes.extend(along(env, by, work.change(web::no_content()), seal));
    }
    writes.push(call_steps::has_none(customer_id).guarded());
    Ok(writes)
}
