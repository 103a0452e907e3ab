//! What a site's cases go by: its zone, its calendars and the policies in force.

use domain::zone::Zone;
use ports::{Env, Sql};
use store::policies::{self, InForce};
use store::sites::Site;
use web::Problem;

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

    /// Up to how long after its solution or closing a case may come back.
    pub fn reopen_ms(&self) -> i64 {
        30 * domain::civil::DAY_MS
    }
}
