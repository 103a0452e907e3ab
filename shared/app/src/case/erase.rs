//! What is personal in the cases of a customer who is erased.

use ports::{Env, Sql, Write};
use serde_json::Map;
use store::{case_texts, cases, compensations};

use crate::auth::Staff;
use crate::write::{Change, along};

/// The statements that erase it; grades, times and amounts stay, so the figures stay right.
///
/// What goes: words and files, how to reach them, who they are, their links, the codes of what they
/// got, and what kept answers tell of all that.
///
/// Each case has an event of it. One that comes in meanwhile holds back the whole commit.
pub async fn erase(
    env: &impl Env,
    by: &Staff,
    customer_id: &str,
) -> Result<Vec<Write>, web::Problem> {
    let found = env.sql().fetch(cases::of_customer(customer_id)).await?;
    let now = env.now();
    let mut writes = Vec::with_capacity(found.len() * 2 + 8);
    writes.push(case_texts::erase(customer_id).write());
    writes.push(super::search::erase(found.iter().map(|(it, _)| it.id.as_str())));
    writes.push(case_texts::erase_contacts(customer_id).write());
    writes.push(case_texts::erase_links(customer_id, now).write());
    writes.push(case_texts::erase_answers(customer_id).write());
    writes.push(compensations::erase(customer_id).write());
    for (case, seal) in found {
        let version = case.version + 1;
        let data = super::about(&case, Map::new());
        let mut change =
            Change::new("complaint.erased", &case.id, version, data, web::no_content());
        change.writes.push(cases::unlink(&case.id, case.version, now).guarded());
        writes.extend(along(env, by, change, seal));
    }
    writes.push(cases::has_none(customer_id).guarded());
    Ok(writes)
}
