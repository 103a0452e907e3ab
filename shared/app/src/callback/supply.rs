//! Who can call when, at a site: what `domain::slot` needs, looked up with as many questions
//! however many agents there are.

use domain::callback::MINUTE_MS;
use domain::civil::DAY_MS;
use domain::hours::Hours;
use domain::slot::{Availability, Busy, Caller, Wanted};
use domain::zone::Zone;
use ports::{Env, Sql};
use serde_json::Value;
use store::agents::{self, Agent};
use store::callbacks;
use web::service::Offered;
use web::{Problem, view};

pub use domain::slot::{NoSlot, Slot};

use super::Place;
use crate::case::Book;

/// Who is wanted, and for whom.
#[derive(Clone, Debug)]
pub struct Wish {
    /// Who is to call; empty for whoever can.
    pub agent_id: String,
    /// In which language; empty for any.
    pub language: String,
    /// Where the clocks of whom we call are.
    pub zone: Zone,
    /// The call-back whose own time counts as free; empty for none.
    pub except: String,
    /// Whether our own people ask: they need no notice.
    pub is_staff: bool,
}

/// Who can call when.
#[derive(Clone, Debug)]
pub struct Supply {
    availability: Availability,
}

impl Supply {
    /// Looks up who works at a site and what they have to do, for slots that begin between two
    /// instants. An estimate needs one that begins by now.
    pub async fn load(
        env: &impl Env,
        site_id: &str,
        offered: &Offered,
        (from, until): (i64, i64),
        wish: &Wish,
    ) -> Result<Supply, Problem> {
        let now = env.now();
        let mut service = offered.service.clone();
        if wish.is_staff {
            service.notice_min = 0;
        }
        let until = until.min(now + service.horizon_days * DAY_MS + 1);
        let from = from.clamp(now, until.max(now));
        let book = Book::load(env, site_id).await?;
        let callers = env.sql().fetch(agents::callers(site_id)).await?;
        // With the days around them, of which the caps are, and what is kept free before and after.
        let (first, last) = (from - 2 * DAY_MS, until + 2 * DAY_MS + MINUTE_MS);
        let busy = callbacks::busy(site_id, first, last, now, &wish.except);
        let busy = env.sql().fetch(busy).await?;
        let mut calendars = Calendars { ids: Vec::new(), hours: Vec::new() };
        let caller = |it: Agent| {
            let own = busy.iter().filter(|(id, _)| *id == it.id);
            let busy = own.flat_map(|(_, it)| it.split(',')).filter_map(read_busy).collect();
            caller(it, busy, &mut calendars, &book)
        };
        let callers = callers.into_iter().map(caller).collect();
        let wanted = Wanted {
            service,
            agent_id: wish.agent_id.clone(),
            language: wish.language.clone(),
            zone: wish.zone,
            now,
            from,
            until,
        };
        let availability = Availability::new(wanted, &calendars.hours, callers);
        Ok(Supply { availability })
    }

    /// The free slots, in the order of time.
    pub fn slots(&self, most: usize) -> Vec<Slot> {
        self.availability.slots(most)
    }

    /// Who could make a call that begins then, whoever has least to do first. There are others to
    /// try when somebody else was faster.
    pub fn places(&self, start: i64) -> Result<Vec<Place>, NoSlot> {
        let found = self.availability.places(start)?;
        let place = |it: domain::slot::Place| Place {
            agent_id: it.agent_id,
            lane: it.lane,
            start,
            day: it.day,
            cap: it.cap,
        };
        Ok(found.into_iter().map(place).collect())
    }

    /// The free slots nearest to an instant, in the order of time.
    pub fn nearest(&self, start: i64, most: usize) -> Vec<Slot> {
        self.availability.nearest(start, most)
    }

    /// When a call with so many before it is expected to be made.
    pub fn estimate(&self, ahead: usize) -> Option<i64> {
        self.availability.estimate(ahead)
    }
}

/// The calendars that somebody works by, each read once.
struct Calendars {
    ids: Vec<String>,
    hours: Vec<Hours>,
}

impl Calendars {
    fn nth(&mut self, id: &str, book: &Book) -> usize {
        if let Some(nth) = self.ids.iter().position(|it| it == id) {
            return nth;
        }
        self.ids.push(id.to_owned());
        self.hours.push(book.hours(id).unwrap_or_else(|| Hours::office(book.zone)));
        self.hours.len() - 1
    }
}

fn caller(it: Agent, busy: Vec<Busy>, calendars: &mut Calendars, book: &Book) -> Caller {
    let absences = view::json(&it.absences);
    let absence = |it: &Value| Some((it.get(0)?.as_i64()?, it.get(1)?.as_i64()?));
    Caller {
        calendar: calendars.nth(&it.calendar_id, book),
        absences: absences.as_array().into_iter().flatten().filter_map(absence).collect(),
        skills: texts(&it.skills),
        languages: texts(&it.languages),
        cap: it.calls_per_day,
        busy,
        id: it.id,
    }
}

/// `lane:first:end:day`.
fn read_busy(text: &str) -> Option<Busy> {
    let mut parts = text.split(':').map(|it| it.parse::<i64>().ok());
    let mut next = || parts.next().flatten();
    Some(Busy { lane: next()?, first: next()?, end: next()?, day: next()? })
}

fn texts(json: &str) -> Vec<String> {
    let list = view::json(json);
    let texts = list.as_array().into_iter().flatten().filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}
