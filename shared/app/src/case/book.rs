//! What a site's cases go by: its zone, its calendars and the policies in force.

use domain::case::work::Rules;
use domain::clock::Terms;
use domain::hours::Hours;
use domain::zone::Zone;
use ports::{Env, Sql};
use store::policies::{self, InForce};
use store::sites::Site;
use web::hours::WorkingHours;
use web::ladder::Ladder;
use web::{Fields, Problem, view};

/// The calendar of office hours with the holidays of the zone's country.
pub const OFFICE: &str = "office";
/// The same in China, wherever the site is.
pub const CHINA_OFFICE: &str = "china_office";
/// The calendar of those who are always there.
pub const AROUND_THE_CLOCK: &str = "around_the_clock";

/// What customers are promised.
#[derive(Clone, Debug)]
pub struct Promise {
    /// How long each clock may run.
    pub terms: Terms,
    /// The working hours that count.
    pub hours: Hours,
}

/// What a site's cases go by.
#[derive(Clone, Debug)]
pub struct Book {
    /// The site.
    pub site: Site,
    /// Its zone.
    pub zone: Zone,
    in_force: Vec<InForce>,
}

impl Book {
    /// Looks up what the cases of a site go by.
    pub async fn load(env: &impl Env, site_id: &str) -> Result<Book, Problem> {
        let site = crate::site(env, site_id).await?;
        let in_force = env.sql().fetch(policies::in_force(site_id)).await?;
        Ok(Book { zone: crate::zone(&site.zone)?, site, in_force })
    }

    /// The published policy of a kind; `None` where the site goes by what ships.
    pub fn policy(&self, kind: &str) -> Option<&InForce> {
        self.in_force.iter().find(|it| it.kind == kind)
    }

    /// A calendar of the site.
    pub fn calendar(&self, id: &str) -> Option<&InForce> {
        self.in_force.iter().find(|it| it.id == id && !id.is_empty())
    }

    /// The working hours of a calendar, of the site's own or of those that ship; none if there is
    /// no such calendar.
    pub fn hours(&self, id: &str) -> Option<Hours> {
        built_in(id, self.zone).or_else(|| {
            let stored = WorkingHours::stored(&self.calendar(id)?.definition)?;
            Some(stored.hours)
        })
    }

    /// What customers are promised.
    pub fn promise(&self) -> Promise {
        let policy = self.promised();
        let hours = self.hours(&policy.calendar_id).unwrap_or_else(|| Hours::office(self.zone));
        Promise { terms: policy.terms, hours }
    }

    fn promised(&self) -> web::promise::Promise {
        let stored = self.policy("promise").and_then(|it| view::object(&it.definition));
        let read = |it| web::promise::Promise::read(&mut Fields::new(it));
        stored.map_or_else(web::promise::Promise::default, read)
    }

    /// What is done while clocks run out.
    pub fn ladder(&self) -> Ladder {
        let stored = self.policy("ladder").and_then(|it| view::object(&it.definition));
        stored.map_or_else(Ladder::default, |it| Ladder::read(&mut Fields::new(it)))
    }

    /// Up to how long after its solution or closing a case may come back.
    pub fn reopen_ms(&self) -> i64 {
        self.promised().reopen_days * domain::civil::DAY_MS
    }

    /// Within how long the same customer's next complaint is a repeated one.
    pub fn repeat_ms(&self) -> i64 {
        self.promised().repeat_days * domain::civil::DAY_MS
    }

    /// What those who work on cases may do.
    pub fn rules(&self) -> Rules {
        let stored = self.policy("work").and_then(|it| view::object(&it.definition));
        stored.map_or_else(Rules::default, |it| web::work::read(&mut Fields::new(it)))
    }
}

/// Whether a calendar of this id ships. Nobody changes those.
pub fn is_built_in(id: &str) -> bool {
    [OFFICE, CHINA_OFFICE, AROUND_THE_CLOCK].contains(&id)
}

/// A calendar that ships, in the zone of a site.
pub fn built_in(id: &str, zone: Zone) -> Option<Hours> {
    match id {
        OFFICE => Some(Hours::office(zone)),
        CHINA_OFFICE => Some(Hours::office(Zone::SHANGHAI)),
        AROUND_THE_CLOCK => Some(Hours::around_the_clock(zone)),
        _ => None,
    }
}
