//! Looking at what waits: leased in slices, planned together, written in one commit.

use app::ingest::{Mistake, follow, stored};
use app::write::DELIVER;
use domain::UtcMs;
use domain::id::token;
use ports::{Committed, Env, Sql, StoreError};
use store::inbound::{self, Leased};
use store::sources;
use web::lang::said;
use web::{Problem, view};

use crate::plan::{Reader, Work, plan};
use crate::rows::Rows;

/// How long messages may be held before somebody else may take them, and so when a commit that
/// failed is tried again.
const LEASE_MS: UtcMs = 30_000;
/// The most messages of one slice, and of one source in it.
const SLICE: i64 = 32;
const OF_EACH: i64 = 8;
/// So often a message is tried that the database refuses for itself.
const TRIES_MAX: i64 = 5;

/// How much one call does.
#[derive(Clone, Copy)]
pub(crate) struct Bounds {
    slices: usize,
    duration_ms: UtcMs,
}

/// Right after a message came: a slice, which is nearly always enough.
pub(crate) const HURRY: Bounds = Bounds { slices: 2, duration_ms: 2_000 };
/// By the tick, which leaves the lease time to spare.
pub(crate) const TICK: Bounds = Bounds { slices: 50, duration_ms: 10_000 };

/// Looks at what waits, oldest first, and tells how many messages that were.
pub(crate) async fn all(env: &impl Env, bounds: Bounds) -> Result<usize, Problem> {
    let began = env.now();
    let mut number = 0;
    for _ in 0..bounds.slices {
        let now = env.now();
        if bounds.duration_ms <= now - began {
            break;
        }
        let (waits, is_replayed) = env.sql().fetch(inbound::waiting(now)).await?;
        if is_replayed {
            let again = inbound::replay_some().write();
            env.sql().commit(vec![again, sources::end_replays().write()]).await?;
        } else if !waits {
            break;
        }
        let lease = token("lea_", env.random());
        let leased = inbound::lease(now, now + LEASE_MS, &lease, SLICE, OF_EACH);
        let mut left = env.sql().fetch(leased).await?;
        number += left.len();
        while let Some(site_id) = left.first().map(|it| it.site_id.clone()) {
            let (own, others) = left.into_iter().partition(|it| it.site_id == site_id);
            left = others;
            together(env, &lease, own).await?;
        }
    }
    Ok(number)
}

/// Settles the messages of a site in one commit; if that fails, each by itself, so that one that
/// cannot be written keeps no other from it.
pub(crate) async fn together(
    env: &impl Env,
    lease: &str,
    messages: Vec<Leased>,
) -> Result<(), Problem> {
    if settle(env, lease, &messages).await? {
        return Ok(());
    }
    for message in messages {
        let tries = message.tries;
        let one = std::slice::from_ref(&message);
        if !settle(env, lease, one).await? && TRIES_MAX <= tries {
            give_up(env, lease, &message).await?;
        }
    }
    Ok(())
}

/// Whether it is done. What was refused was changed by others meanwhile, and is planned anew.
async fn settle(env: &impl Env, lease: &str, messages: &[Leased]) -> Result<bool, Problem> {
    let readers = readers(env, messages).await?;
    let mut works = Vec::with_capacity(messages.len());
    for message in messages {
        let Some(reader) = readers.iter().find(|it| it.source_id == message.source_id) else {
            continue;
        };
        let content = view::json(&message.content);
        let outcome = follow(&reader.rules, &content);
        works.push(Work { message, reader, content, outcome });
    }
    // One moment for all of it: the events are sealed with it.
    let now = env.now();
    let rows = plan(env, works, now).await?;
    write(env, (lease, now), rows, messages).await
}

async fn write(
    env: &impl Env,
    (lease, now): (&str, UtcMs),
    rows: Rows,
    messages: &[Leased],
) -> Result<bool, Problem> {
    let site_id = messages.first().map_or("", |it| &it.site_id);
    match env.sql().commit(rows.writes(site_id, lease, now)).await {
        Ok(Committed::Done) => {
            env.hurry(DELIVER);
            Ok(true)
        }
        Ok(Committed::Refused(_)) | Err(StoreError::Broken(_)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Keeps a message for people that the database would not take.
async fn give_up(env: &impl Env, lease: &str, message: &Leased) -> Result<(), Problem> {
    let mistake = Mistake::whole(said(
        "could not be written, again and again; replay it once that is mended",
        "多次写入失败，请在修复后重新处理",
    ));
    let mut rows = Rows::default();
    let (now, seed) = (env.now(), env.random());
    rows.fail(message, &[mistake], now, seed);
    write(env, (lease, now), rows, std::slice::from_ref(message)).await?;
    Ok(())
}

async fn readers(env: &impl Env, messages: &[Leased]) -> Result<Vec<Reader>, Problem> {
    let mut ids: Vec<&str> = Vec::new();
    for message in messages {
        if !ids.contains(&message.source_id.as_str()) {
            ids.push(&message.source_id);
        }
    }
    let mut readers = Vec::with_capacity(ids.len());
    for [source_id, site_id, zone, rules] in
        env.sql().fetch(sources::readers(&view::text(&ids))).await?
    {
        let zone = app::zone(&zone)?;
        readers.push(Reader { source_id, site_id, zone, rules: stored(&rules) });
    }
    Ok(readers)
}
