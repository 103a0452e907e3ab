//! What is older than its site keeps it.

use app::auth::Staff;
use app::write::{DELIVER, first_event};
use domain::civil::DAY_MS;
use domain::id::Kind;
use ports::{Committed, Env, Sql, Write};
use serde_json::{Value, json};
use store::expiry;
use web::{Problem, view};

use crate::{ACTOR, Done};

/// Most rows of a kind and a site that are done at once.
const SLICE: i64 = 200;
/// Most slices of one tick.
const SLICES_MAX: usize = 20;
/// Most sites that are looked up together.
const SITES_MAX: i64 = 100;

/// Takes out what is over, site by site.
pub(crate) async fn all(env: &impl Env) -> Result<Done, Problem> {
    let (mut done, mut slices, mut after) = (Done::default(), 0, String::new());
    loop {
        let sites = env.sql().fetch(expiry::sites(&after, SITES_MAX)).await?;
        for (site_id, kept) in &sites {
            let site = Site { env, by: Staff::new(site_id, ACTOR), kept: view::json(kept) };
            for kind in ["responses", "complaints", "callbacks", "messages"] {
                let rows = site.slice(kind).await?;
                done.rows += rows;
                slices += usize::from(0 < rows);
                done.has_more |= 0 < rows;
                if slices == SLICES_MAX {
                    done.has_more = true;
                    return Ok(done);
                }
            }
        }
        match sites.last() {
            Some((id, _)) if i64::try_from(sites.len()).unwrap_or(0) == SITES_MAX => {
                after.clone_from(id);
            }
            _ => return Ok(done),
        }
    }
}

struct Site<'a, E> {
    env: &'a E,
    by: Staff,
    /// How many days of each kind are kept.
    kept: Value,
}

impl<E: Env> Site<'_, E> {
    /// Does a slice of a kind, and tells how many rows that were.
    async fn slice(&self, kind: &'static str) -> Result<usize, Problem> {
        let Some(days) = self.kept.get(kind).and_then(Value::as_i64) else { return Ok(0) };
        let before = self.env.now() - days * DAY_MS;
        match kind {
            "responses" => self.responses(before).await,
            "complaints" => self.complaints(before).await,
            "callbacks" => self.callbacks(before).await,
            _ => self.messages(before).await,
        }
    }

    async fn complaints(&self, before: i64) -> Result<usize, Problem> {
        let found = expiry::cases(&self.by.site_id, before, SLICE);
        let found = self.env.sql().fetch(found).await?;
        if found.is_empty() {
            return Ok(0);
        }
        let is_done = app::case::erase_some(self.env, &self.by, &found).await?;
        Ok(if is_done { found.len() } else { 0 })
    }

    async fn callbacks(&self, before: i64) -> Result<usize, Problem> {
        let found = expiry::callbacks(&self.by.site_id, before, SLICE);
        let found = self.env.sql().fetch(found).await?;
        let rows = found.len();
        if rows == 0 {
            return Ok(0);
        }
        let is_done = app::callback::erase::erase_some(self.env, &self.by, found).await?;
        Ok(if is_done { rows } else { 0 })
    }

    async fn responses(&self, before: i64) -> Result<usize, Problem> {
        let site_id = &self.by.site_id;
        let until = Kind::Response.id(before, [0; 16]);
        let found = self.env.sql().fetch(expiry::responses(site_id, &until, SLICE)).await?;
        let rows = view::text(&found);
        let writes = vec![
            expiry::invitations(site_id, &rows).write(),
            expiry::comments(site_id, &rows).write(),
            expiry::given(&rows).write(),
            expiry::unlink_responses(&rows).write(),
        ];
        self.commit("responses", (before, &found), writes).await
    }

    async fn messages(&self, before: i64) -> Result<usize, Problem> {
        let until = Kind::Message.id(before, [0; 16]);
        let found = expiry::messages(&self.by.site_id, &until, SLICE);
        let found = self.env.sql().fetch(found).await?;
        let ids = view::text(&found);
        let found: Vec<(String, String)> =
            found.into_iter().map(|it| (String::new(), it)).collect();
        let writes = vec![
            expiry::inbound_bodies(&ids).write(),
            expiry::inbound_outcomes(&ids).write(),
            expiry::unlink_messages(&ids).write(),
        ];
        self.commit("messages", (before, &found), writes).await
    }

    /// Commits a slice of what came in, in the order of part and id, with its event and how far it
    /// is done.
    async fn commit(
        &self,
        kind: &str,
        (before, found): (i64, &[(String, String)]),
        writes: Vec<Write>,
    ) -> Result<usize, Problem> {
        if found.is_empty() {
            return Ok(0);
        }
        let (mut firsts, mut lasts): (Vec<Value>, Vec<Value>) = (Vec::new(), Vec::new());
        let mut at = None;
        for (part, id) in found {
            if at == Some(part) {
                lasts.pop();
            } else {
                firsts.push(json!([part, id]));
            }
            lasts.push(json!([part, id]));
            at = Some(part);
        }
        let (env, site_id) = (self.env, &self.by.site_id);
        let subject = Kind::Expiry.id(env.now(), env.random());
        let data = json!({ "kind": kind, "count": found.len(), "before": view::time(before) });
        let mut all = vec![
            first_event(env, &self.by, &subject, "personal.expired", &data),
            expiry::is_ours(site_id, kind, &view::text(&firsts)).guarded(),
        ];
        all.extend(writes);
        all.push(expiry::note(site_id, kind, &view::text(&lasts)).write());
        if env.sql().commit(all).await? != Committed::Done {
            return Ok(0);
        }
        env.hurry(DELIVER);
        Ok(found.len())
    }
}
