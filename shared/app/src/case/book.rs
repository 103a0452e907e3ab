//! What a site's cases go by: its zone, its calendars and the policies in force.

use domain::case::work::Rules;
use domain::clock::Terms;
use domain::hours::Hours;
use domain::zone::Zone;
use ports::{Env, Sql};
use store::policies::{self, InForce};
use store::sites::Site;
use web::ladder::Ladder;
use web::{Fields, Problem, view};

/// The calendar of office hours with the holidays of the zone's country.
pub const OFFICE: &str = "office";
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
        match id {
            OFFICE => Some(Hours::office(self.zone)),
            AROUND_THE_CLOCK => Some(Hours::around_the_clock(self.zone)),
            _ => None,
        }
    }

    /// What customers are promised.
    pub fn promise(&self) -> Promise {
        Promise { terms: Terms::shipped(), hours: Hours::office(self.zone) }
    }

    /// What is done while clocks run out.
    pub fn ladder(&self) -> Ladder {
        let stored = self.policy("ladder").and_then(|it| view::object(&it.definition));
        stored.map_or_else(Ladder::default, |it| Ladder::read(&mut Fields::new(it)))
    }

    /// Up to how long after its solution or closing a case may come back.
    pub fn reopen_ms(&self) -> i64 {
        self.rules().reopen_days * domain::civil::DAY_MS
    }

    /// What those who work on cases may do.
    pub fn rules(&self) -> Rules {
        let stored = self.policy("work").and_then(|it| view::object(&it.definition));
        stored.map_or_else(Rules::default, |it| web::work::read(&mut Fields::new(it)))
    }
}
