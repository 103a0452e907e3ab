//! What is done to a call-back that is there: confirmed, moved, called off.

use domain::callback::{Act, State};
use domain::zone::Zone;
use ports::{Env, Sql};
use serde_json::{Map, json};
use store::Entity;
use store::callbacks::{self, Callback};
use web::field::Fields;
use web::lang::said;
use web::service::Offered;
use web::{Kind as Fault, Problem, Request, Response, view as json_view};

use super::book::{Desk, TRIES, choose, is_race, places, tell};
use super::read::{agent, start, zone_rule};
use super::supply::Wish;
use super::{Place, Work, impossible, offered, times, view};
use crate::write::{Change, check_version, write};

/// Why staff call one off.
const REASONS: [&str; 5] = ["asked", "settled", "duplicate", "mistake", "other"];

/// Which call-back is meant.
#[derive(Clone, Copy, Debug)]
pub enum Which<'a> {
    /// By its id.
    Id(&'a str),
    /// By its private link.
    Link([u8; 32]),
}

/// What is done to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// The held slot is wanted.
    Confirm,
    /// It gets another time.
    Move,
    /// It is called off.
    Cancel,
}

impl Deed {
    /// The one of that name.
    pub fn parse(name: &str) -> Option<Deed> {
        match name {
            "confirm" => Some(Deed::Confirm),
            "move" => Some(Deed::Move),
            "cancel" => Some(Deed::Cancel),
            _ => None,
        }
    }
}

/// The call-back that is meant, and what its service offers.
pub async fn find(
    env: &impl Env,
    site_id: &str,
    which: Which<'_>,
) -> Result<(Callback, Offered), Problem> {
    let query = match which {
        Which::Id(id) => Callback::by_id(site_id, id),
        Which::Link(hash) => callbacks::by_link(hash),
    };
    let row = env.sql().fetch(query).await?.ok_or_else(Problem::not_found)?;
    let offered = offered(env, &row.site_id, &row.service_id).await?;
    Ok((row, offered.map(|it| it.1).unwrap_or_default()))
}

/// Does it, once for each key of `request`.
pub async fn act(
    env: &impl Env,
    request: &Request,
    desk: Desk<'_>,
    (which, deed): (Which<'_>, Deed),
    fields: &Fields,
) -> Result<Response, Problem> {
    for tried in 0..TRIES {
        let done = write(env, request, desk.by, async || {
            let (row, offered) = find(env, &desk.by.site_id, which).await?;
            if desk.is_staff {
                check_version(request, row.version)?;
            }
            let mut work = Work::on(&offered, row, env.now());
            let fields = fields.clone();
            match deed {
                Deed::Confirm => confirm(&mut work, fields)?,
                Deed::Move => shift(env, desk, &mut work, fields, tried).await?,
                Deed::Cancel => cancel(desk, &mut work, fields)?,
            }
            if !work.is_changed() {
                let answer = tell(web::ok(&Map::new())?, desk, &work.row, Map::new())?;
                return Ok(Change::of_others(Vec::new(), answer));
            }
            work.settle();
            let answer = tell(web::ok(&Map::new())?, desk, &work.row, Map::new())?;
            Ok(work.change(answer))
        });
        match done.await {
            // Somebody changed it meanwhile, or has the time that was chosen.
            Err(it) if is_race(&it) => {}
            done => return done,
        }
    }
    Err(web::problem::lost_race())
}

fn confirm(work: &mut Work<'_>, fields: Fields) -> Result<(), Problem> {
    fields.done()?;
    if work.state() == State::Booked {
        return Ok(());
    }
    check_hold(work)?;
    work.act(Act::Confirm)?;
    work.row.reminded = times::reminders_past(&work.offered.service, &work.row, work.now);
    work.happened("callback.booked", Map::new());
    Ok(())
}

/// Refuses a slot that is not held any more.
fn check_hold(work: &Work<'_>) -> Result<(), Problem> {
    let row = &work.row;
    let is_over = match work.state() {
        State::Held => row.lease <= work.now,
        // What it was held for stays in what was never more.
        State::Expired => row.lease != 0,
        _ => false,
    };
    if is_over {
        return Err(Problem::new(Fault::HoldExpired)
            .with(said("choose a slot once more", "请重新选择时段")));
    }
    Ok(())
}

fn cancel(desk: Desk<'_>, work: &mut Work<'_>, mut fields: Fields) -> Result<(), Problem> {
    let mut reason = String::new();
    if desk.is_staff {
        reason = fields.one_of_or_none("reason", &REASONS, "");
    }
    fields.done()?;
    if work.state() == State::Cancelled {
        return Ok(());
    }
    work.act(Act::Cancel)?;
    let by = if desk.is_staff { "staff" } else { "customer" };
    let mut data = Map::new();
    data.insert("by".to_owned(), by.into());
    if !reason.is_empty() {
        data.insert("reason".to_owned(), reason.into());
    }
    work.happened("callback.cancelled", data);
    Ok(())
}

async fn shift(
    env: &impl Env,
    desk: Desk<'_>,
    work: &mut Work<'_>,
    mut fields: Fields,
    tried: usize,
) -> Result<(), Problem> {
    let row = &work.row;
    let text = fields.text("tz", 0, 64, "");
    let zone = if text.is_empty() { Some(view::zone(row)) } else { Zone::parse(&text) };
    if zone.is_none() {
        fields.refuse("tz", zone_rule());
    }
    let start = start(&mut fields, zone.unwrap_or(Zone::UTC));
    let agent_id = match desk.is_staff {
        true => agent(env, &row.site_id, &mut fields).await?,
        false => String::new(),
    };
    fields.done()?;
    check_hold(work)?;
    let next = Act::Move.from(work.state()).ok_or_else(impossible)?;
    let (was, is_same_agent) = (work.row.start, agent_id.is_empty() || agent_id == row.agent_id);
    if work.state().takes_time() && was == start && is_same_agent {
        return Ok(());
    }
    let row = &work.row;
    let wish = Wish {
        agent_id,
        language: row.language.clone(),
        // Quiet hours are theirs, wherever they read the time.
        zone: view::zone(row),
        except: row.id.clone(),
        is_staff: desk.is_staff,
    };
    let found = places(env, &row.site_id, work.offered, start, &wish).await?;
    let place = whoever(env, &found, &row.agent_id, tried)?.clone();
    let lease = row.lease;
    work.place(&place);
    work.enter(next);
    if next == State::Held {
        work.row.lease = lease;
    }
    let mut data = Map::new();
    if was == 0 {
        work.happened("callback.booked", data);
    } else {
        data.insert("was_at".to_owned(), json!(json_view::time(was)));
        work.happened("callback.moved", data);
    }
    Ok(())
}

/// The same agent if they can; else somebody else.
fn whoever<'a>(
    env: &impl Env,
    found: &'a [Place],
    agent_id: &str,
    tried: usize,
) -> Result<&'a Place, Problem> {
    let same = found.iter().find(|it| it.agent_id == agent_id && !agent_id.is_empty());
    match same.filter(|_| tried < 2) {
        Some(same) => Ok(same),
        None => choose(env, found, tried),
    }
}
