//! What is personal in the cases of a customer who is erased.

use domain::event::Event;
use domain::id::{Kind, derived};
use ports::{Committed, Env, Sql, Write};
use serde_json::{Map, json};
use store::cases::{self, Case};
use store::{case_texts, compensations, expiry};
use web::view;

use super::batch::event_row;
use crate::auth::Staff;
use crate::write::{Change, DELIVER, along};

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

/// Erases what is personal in cases of one site, each with the seal of its newest event, in one
/// commit with a statement for each table. False if one of them was changed meanwhile: nothing
/// happened then.
pub async fn erase_some(
    env: &impl Env,
    by: &Staff,
    found: &[(Case, [u8; 32])],
) -> Result<bool, web::Problem> {
    let (now, seed) = (env.now(), env.random());
    let (mut events, mut rows, mut checks) = (Vec::new(), Vec::new(), Vec::new());
    for (case, seal) in found {
        let event = Event {
            id: Kind::Event.id(now, derived(seed, events.len())),
            site_id: by.site_id.clone(),
            subject: case.id.clone(),
            version: case.version + 1,
            kind: "complaint.erased",
            actor: by.actor.clone(),
            at: now,
            data: view::text(&super::about(case, Map::new())),
            previous: *seal,
        };
        checks.push(json!([case.id, event.version, event.version, event.id]));
        rows.push(json!([case.id, case.version]));
        events.push(event_row(&event));
    }
    let ids: Vec<&str> = found.iter().map(|(it, _)| it.id.as_str()).collect();
    let shown = view::text(&ids);
    let writes = vec![
        store::events::append_all(&by.site_id, now, &view::text(&events)).write(),
        expiry::case_texts(&shown).write(),
        super::search::erase(ids.into_iter()),
        expiry::contacts(&shown).write(),
        expiry::case_links(&shown, now).write(),
        expiry::answers(&shown).write(),
        expiry::compensations(&shown).write(),
        expiry::unlink_cases(&view::text(&rows), now).write(),
        store::case_steps::check(&view::text(&checks)).guarded(),
    ];
    let is_done = env.sql().commit(writes).await? == Committed::Done;
    if is_done {
        env.hurry(DELIVER);
    }
    Ok(is_done)
}
