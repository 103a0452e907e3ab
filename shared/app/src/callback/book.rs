//! Booking: a slot is sold, held or asked for, and whoever loses a race hears what is left.
//!
//! Nothing is promised by looking. The supply says which places to try; the commit takes one or is
//! refused as a whole, and only then somebody asks why.

use domain::callback::{MINUTE_MS, Mode, State};
use domain::civil::DAY_MS;
use domain::hours::Hours;
use domain::id::Kind;
use domain::zone::Zone;
use http::header::{ETAG, LOCATION};
use ports::{Env, Sql};
use serde_json::{Map, Value, json};
use store::callbacks::{self, Callback};
use store::services::Service;
use store::sites::Site;
use store::{call_lists, call_notes, customers, do_not_call};
use web::field::Fields;
use web::lang::{Said, said, said_now};
use web::problem::Place as Where;
use web::service::Offered;
use web::{Kind as Fault, Problem, Request, Response, view as json_view};

use super::read::{Asked, read};
use super::supply::{NoSlot, Slot, Supply, Wish};
use super::view::{local, own, show, zone};
use super::{Place, Work, lapse, link_token, phone_hash};
use crate::auth::Staff;
use crate::case::Book;
use crate::write::{Change, write};

/// How often a booking is decided anew whose place somebody else took.
pub(super) const TRIES: usize = 8;
/// How many free slots are named to whoever lost one.
const NEAREST: usize = 5;
/// How far around a lost slot others are looked for.
const NEAR_MS: i64 = 3 * DAY_MS;
/// How far ahead it is estimated when somebody is called.
const ESTIMATE_MS: i64 = 7 * DAY_MS;
/// More than so many before somebody are not counted.
pub const AHEAD_MAX: i64 = 500;

/// Who books, changes or looks.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// Whom events name, and at which site.
    pub by: &'a Staff,
    /// Whether they are our own people; everybody else sees and does less.
    pub is_staff: bool,
    /// The secret of private links.
    pub secret: &'a str,
    /// Where private links lead; empty if that is for whoever asks to know.
    pub origin: &'a str,
}

/// Takes what is asked for, once for each key of `request`.
pub async fn book(
    env: &impl Env,
    request: &Request,
    desk: Desk<'_>,
    fields: &Fields,
) -> Result<Response, Problem> {
    let site = crate::site(env, &desk.by.site_id).await?;
    for tried in 0..TRIES {
        let done = write(env, request, desk.by, async || {
            decide(env, &site, desk, fields.clone(), tried).await
        });
        match done.await {
            Err(it) if is_race(&it) => {}
            Ok(answer) => return Ok(with_link(answer, desk)),
            Err(problem) => return Err(problem),
        }
    }
    Err(web::problem::lost_race())
}

/// Whether a commit was refused, and nobody has asked why.
pub(super) fn is_race(it: &Problem) -> bool {
    matches!(it.kind, Fault::SlotTaken | Fault::Conflict) && it.extra.is_none()
}

async fn decide(
    env: &impl Env,
    site: &Site,
    desk: Desk<'_>,
    fields: Fields,
    tried: usize,
) -> Result<Change, Problem> {
    let asked = read(env, site, desk.is_staff, fields).await?;
    let row = row(env, site, desk, &asked)?;
    if 0 < tried {
        why(env, &row).await?;
    }
    let mut work = Work::new(&asked.offered, row, env.now());
    let mut beside = Map::new();
    match asked.mode {
        Mode::Appointment => sell(env, desk, &asked, &mut work, tried).await?,
        _ => {
            queue(env, &asked, &mut work).await?;
            beside = standing(env, &asked.offered, &work.row).await?;
        }
    }
    work.link(desk.secret);
    for (kind, value) in &asked.contacts {
        work.contact(kind, value);
    }
    if !asked.note.is_empty() {
        work.also(call_notes::insert(&work.row.id, &asked.note).write());
    }
    if !asked.customer_id.is_empty() {
        // Whoever is erased at this very moment is not called.
        let ids = json_view::text(&[&asked.customer_id]);
        work.also(customers::are_there(&site.id, &ids).guarded());
    }
    work.settle();
    let answer = web::created(&format!("/v1/callbacks/{}", work.row.id), &Map::new())?;
    let answer = tell(answer, desk, &work.row, beside)?;
    Ok(work.change(answer))
}

/// The row of a new one, without its time.
fn row(env: &impl Env, site: &Site, desk: Desk<'_>, asked: &Asked) -> Result<Callback, Problem> {
    let now = env.now();
    let id = Kind::Callback.id(now, env.random());
    let text = str::to_owned;
    Ok(Callback {
        once: id.clone(),
        id,
        site_id: site.id.clone(),
        mode: text(asked.mode.name()),
        state: text(State::Waiting.name()),
        purpose: text(asked.purpose.name()),
        service_id: asked.service.id.clone(),
        case_id: asked.case_id.clone(),
        customer_id: asked.customer_id.clone(),
        touchpoint_id: asked.touchpoint_id.clone(),
        language: asked.language.clone(),
        zone: asked.zone.name(),
        phone_hash: phone_hash(desk.secret, &site.id, &asked.phone).to_vec(),
        place: asked.waiting_since,
        requested_at: now,
        requested_day: i64::from(crate::zone(&site.zone)?.day(now)),
        created_at: now,
        ..Callback::default()
    })
}

/// Why a commit was refused, if it was for another reason than the time.
async fn why(env: &impl Env, row: &Callback) -> Result<(), Problem> {
    if env.sql().fetch(do_not_call::has(&row.site_id, &row.phone_hash)).await? {
        return Err(Problem::new(Fault::DoNotCall));
    }
    if row.case_id.is_empty() {
        return Ok(());
    }
    if let Some(open) = env.sql().fetch(callbacks::open_of_case(&row.case_id)).await? {
        let mut problem = Problem::new(Fault::Conflict)
            .with(said("this case has an open call-back already", "该工单已有未完成的回电"));
        problem.extra = Some(("callback_id", open.id.into()));
        return Err(problem);
    }
    Ok(())
}

/// Gives a call its time, if somebody has it.
async fn sell(
    env: &impl Env,
    desk: Desk<'_>,
    asked: &Asked,
    work: &mut Work<'_>,
    tried: usize,
) -> Result<(), Problem> {
    let wish = Wish {
        agent_id: asked.agent_id.clone(),
        language: asked.language.clone(),
        zone: asked.zone,
        except: String::new(),
        is_staff: desk.is_staff,
    };
    let places = places(env, &desk.by.site_id, &asked.offered, asked.start, &wish).await?;
    let place = choose(env, &places, tried)?;
    work.place(place);
    let mut data = Map::new();
    if asked.is_held {
        work.enter(State::Held);
        work.row.lease = work.now + asked.offered.service.hold_min * MINUTE_MS;
        data.insert("expires_at".to_owned(), json_view::time(work.row.lease).into());
        work.happened("callback.held", data);
    } else {
        work.enter(State::Booked);
        work.happened("callback.booked", data);
    }
    Ok(())
}

/// Who could make a call that begins then, or why nobody can.
pub(super) async fn places(
    env: &impl Env,
    site_id: &str,
    offered: &Offered,
    start: i64,
    wish: &Wish,
) -> Result<Vec<Place>, Problem> {
    lapse(env, site_id).await?;
    let supply = Supply::load(env, site_id, offered, (start, start + 1), wish).await?;
    match supply.places(start) {
        Ok(places) if !places.is_empty() => Ok(places),
        Ok(_) | Err(NoSlot::Taken) => {
            let around = (start - NEAR_MS, start + NEAR_MS);
            let supply = Supply::load(env, site_id, offered, around, wish).await?;
            Err(taken(&supply.nearest(start, NEAREST), wish))
        }
        Err(why) => {
            let place = Where::Pointer("/start".to_owned());
            Err(Problem::invalid(place, rule(why, offered)))
        }
    }
}

/// Whoever has least to do first; whoever lost a race does not run into the others again.
pub(super) fn choose<'a>(
    env: &impl Env,
    places: &'a [Place],
    tried: usize,
) -> Result<&'a Place, Problem> {
    let [chance, ..] = env.random();
    let at = if tried == 0 { 0 } else { usize::from(chance) % places.len().max(1) };
    places.get(at).ok_or_else(|| Problem::new(Fault::SlotTaken))
}

/// Somebody else has it; these are free.
fn taken(slots: &[Slot], wish: &Wish) -> Problem {
    let mut problem = Problem::new(Fault::SlotTaken);
    let slots = slots.iter().map(|it| show_slot(it, wish.zone, wish.is_staff)).collect();
    problem.extra = Some(("slots", Value::Array(slots)));
    problem
}

/// A free slot, on the clocks of a zone. Who has time is our own business.
pub fn show_slot(it: &Slot, zone: Zone, is_staff: bool) -> Value {
    let (start, end) = (local(it.start, zone), local(it.end, zone));
    match is_staff {
        true => json!({ "start": start, "end": end, "free": it.free, "agent_id": it.agent_id }),
        false => json!({ "start": start, "end": end }),
    }
}

/// What a time must be that can be booked.
fn rule(why: NoSlot, offered: &Offered) -> Said {
    let own = &offered.service;
    match why {
        NoSlot::Past => said("is past", "该时间已过"),
        NoSlot::TooSoon => said_now(
            format!("must be at least {} minutes ahead", own.notice_min),
            format!("须至少提前 {} 分钟", own.notice_min),
        ),
        NoSlot::TooFar => said_now(
            format!("must lie in the next {} days", own.horizon_days),
            format!("须在未来 {} 天之内", own.horizon_days),
        ),
        NoSlot::Quiet => {
            said("lies in the quiet hours of that time zone", "处于该时区的免打扰时段")
        }
        NoSlot::NoSlotBegins | NoSlot::Taken => said(
            "is no time at which a slot begins: ask GET /v1/slots for those that are free",
            "不是可预约时段的开始：请用 GET /v1/slots 查询空闲时段",
        ),
    }
}

/// Puts a call into the queue, where it keeps its place.
async fn queue(env: &impl Env, asked: &Asked, work: &mut Work<'_>) -> Result<(), Problem> {
    let own = &asked.offered.service;
    let now = work.now;
    let due = own.quiet.map_or(now, |it| it.after(now, asked.zone));
    let book = Book::load(env, &work.row.site_id).await?;
    let hours = book.hours(&asked.offered.calendar_id);
    let hours = hours.unwrap_or_else(|| Hours::office(book.zone));
    let within = own.asap_within_min * MINUTE_MS;
    work.row.due = due;
    work.row.due_by = hours.add(due, within).unwrap_or(due + within);
    // Not before the promise is broken, though its people may have a long holiday.
    work.row.expires = (due + own.expires_days * DAY_MS).max(work.row.due_by);
    let mut data = Map::new();
    data.insert("due_at".to_owned(), json_view::time(due).into());
    work.happened("callback.queued", data);
    Ok(())
}

/// The row of whoever would ask now to be called as soon as possible.
pub fn waiting(
    env: &impl Env,
    (service, offered): (&Service, &Offered),
    zone: Zone,
    language: String,
) -> Callback {
    let now = env.now();
    Callback {
        // Behind whoever asked at this very moment: no id sorts after it.
        id: "~".to_owned(),
        site_id: service.site_id.clone(),
        mode: Mode::Asap.name().to_owned(),
        state: State::Waiting.name().to_owned(),
        service_id: service.id.clone(),
        language,
        zone: zone.name(),
        place: now,
        due: offered.service.quiet.map_or(now, |it| it.after(now, zone)),
        ..Callback::default()
    }
}

/// Where somebody stands in the queue, and when they can expect to be called; nothing of whoever
/// does not wait.
pub async fn standing(
    env: &impl Env,
    offered: &Offered,
    row: &Callback,
) -> Result<Map<String, Value>, Problem> {
    let mut shown = Map::new();
    if row.state != State::Waiting.name() || row.mode != Mode::Asap.name() {
        return Ok(shown);
    }
    let now = env.now();
    let due = row.due.max(now);
    let ahead = call_lists::ahead(&row.site_id, (row.place, &row.id), due, AHEAD_MAX);
    let ahead = env.sql().fetch(ahead).await?;
    let wish = Wish {
        agent_id: row.agent_id.clone(),
        language: row.language.clone(),
        zone: zone(row),
        except: String::new(),
        is_staff: true,
    };
    let window = (now, now + ESTIMATE_MS);
    let supply = Supply::load(env, &row.site_id, offered, window, &wish).await?;
    let estimate = supply.estimate(usize::try_from(ahead).unwrap_or(0));
    let estimate = estimate.map(|it| local(it.max(due), wish.zone));
    shown.insert("position".to_owned(), ahead.into());
    shown.insert("estimate".to_owned(), json!(estimate));
    Ok(shown)
}

/// Fills an answer with a call-back, as far as whoever gets it may see it.
pub(super) fn tell(
    mut answer: Response,
    desk: Desk<'_>,
    row: &Callback,
    beside: Map<String, Value>,
) -> Result<Response, Problem> {
    let mut shown = if desk.is_staff { show(row, zone(row)) } else { own(row, zone(row)) };
    shown.extend(beside);
    *answer.body_mut() = json_view::text(&shown).into_bytes();
    if desk.is_staff {
        web::response::set(&mut answer, ETAG, &format!("\"v{}\"", row.version));
    } else {
        answer.headers_mut().remove(LOCATION);
    }
    Ok(answer)
}

/// Adds the private link, which is kept nowhere: it is made of the secret again.
fn with_link(mut answer: Response, desk: Desk<'_>) -> Response {
    let shown = std::str::from_utf8(answer.body()).ok().and_then(json_view::object);
    if let Some(mut shown) = shown {
        let id = shown.get("id").and_then(Value::as_str).unwrap_or_default();
        let token = link_token(desk.secret, id);
        let (name, value) = match desk.origin {
            "" => ("token", token),
            origin => ("link", format!("{origin}/b/{token}")),
        };
        shown.insert(name.to_owned(), value.into());
        *answer.body_mut() = json_view::text(&shown).into_bytes();
    }
    answer
}
