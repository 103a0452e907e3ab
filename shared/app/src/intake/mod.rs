//! Taking responses of the public: what the widget posts and what our own page posts go the same
//! way.
//!
//! A [`Call`] says who brings them. [`Call::with`] finds the published survey, checks it, and tries
//! again where it changed under our hands; [`Call::take`] takes one response and tells how it
//! ended; [`Call::store`] is the one statement that stores rows of [`crate::response::row`].

pub mod body;
pub mod guard;
pub mod partial;
pub mod published;

use std::rc::Rc;

use domain::UtcMs;
use domain::id::hex;
use domain::survey::Definition;
use ports::{Env, Sql};
use serde_json::Value;
use sha2::{Digest, Sha256};
use store::responses::{self, Submission};
use web::field::Fields;
use web::lang::said;
use web::survey::Answers;
use web::{Kind, Problem, Request, view};

use crate::response::{Desk, Taken, Told, claimed_row, told};
use crate::write::{DELIVER, key_reused};
use guard::Guard;
use published::Published;

/// How often a survey that changes under our hands is read again.
const READS_MAX: usize = 3;

/// One call of the public, as far as it can be understood without its survey.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The request.
    pub request: &'a Request,
    /// The survey that is answered.
    pub survey_id: &'a str,
    /// The hash of the caller's publishable key. A page of our own has none: it may take answers
    /// to every open survey.
    pub key: Option<[u8; 32]>,
    /// How the responses come: `widget` or `page`.
    pub source: &'static str,
}

/// How taking one response ended.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The response, as the first request with its key made it.
    pub taken: Taken,
    /// Whether it was taken before, by an equal request.
    pub is_repeated: bool,
    /// The id of the ending to show; empty for the thanks.
    pub ending: String,
    /// The quota that was full, or `response_limit`; empty for none.
    pub full: String,
}

pub use partial::public;

/// Refuses a page that the site does not list. Callers that are no browser send no origin;
/// our own pages need no listing.
pub fn check_origin(request: &Request, origins: &[String]) -> Result<(), Problem> {
    if !request.has_header("origin") {
        return Ok(());
    }
    let origin = request.header("origin").unwrap_or("null");
    let is_ours = origin.split_once("://").is_some_and(|(_, it)| it == request.authority);
    if is_ours || origins.iter().any(|it| it == origin) {
        return Ok(());
    }
    Err(Problem::new(Kind::OriginNotAllowed).with(said(
        "add the page's origin to the site's origins",
        "请将该网页的来源加入站点的 origins",
    )))
}

impl Call<'_> {
    /// Runs `take` on the survey at a version, 0 for the newest, once it is known to be open to
    /// this caller. `take` says `None` when what it was told is no longer so.
    pub async fn with<T>(
        &self,
        env: &impl Env,
        version: i64,
        take: impl AsyncFn(&Published) -> Result<Option<T>, Problem>,
    ) -> Result<T, Problem> {
        // What is known in this instance may be out of date; the statement that relies on it
        // checks it again and takes nothing if so. Then what is true is read, once.
        if let Some(known) = published::known(self.survey_id, version, self.key) {
            self.check(&known, env.now())?;
            if let Some(answer) = take(&known).await? {
                return Ok(answer);
            }
        }
        for _ in 0..READS_MAX {
            let published = published::load(env, self.survey_id, version, self.key).await?;
            self.check(&published, env.now())?;
            let published = Rc::new(published);
            if let Some(answer) = take(&published).await? {
                published::keep(self.survey_id, version, self.key, published);
                return Ok(answer);
            }
            // The site or the survey changed between the two statements: what is it now?
        }
        Err(web::problem::lost_race())
    }

    /// What of a survey can be checked before its answers are read.
    fn check(&self, published: &Published, now: UtcMs) -> Result<(), Problem> {
        // Only our own page posts without a key, and no other page may make a browser do it.
        let listed = if self.key.is_some() { published.origins.as_slice() } else { &[] };
        check_origin(self.request, listed)?;
        published.check_open(now)
    }

    /// Checks and takes one response. `name` is its key from [`public`], and `hash` tells a
    /// repetition from another response under that key; see [`content_hash`]. `None`: what
    /// `published` says is no longer so.
    pub async fn take(
        &self,
        env: &impl Env,
        published: &Published,
        fields: Fields,
        name: String,
        hash: [u8; 32],
    ) -> Result<Option<Outcome>, Problem> {
        let guard = self.guard(env).await?;
        let desk = published.desk(self.survey_id, env.now());
        let ready = Ready::read(&guard, &desk, fields, (name, hash), [env.random(), env.random()])?;
        let rows = format!("[{}]", view::text(&ready.row));
        let Some(told) = self.store(env, published, &guard, rows).await? else { return Ok(None) };
        ready.settle(&guard, &desk, &told).map(Some)
    }

    /// What stands before this call.
    pub async fn guard(&self, env: &impl Env) -> Result<Guard, Problem> {
        // Our own page works without scripts, and then it cannot prove anything.
        Guard::of(env, self.request, self.key.is_some()).await
    }

    /// Stores rows and tells which of them were taken before, and which not at all. `None`: what
    /// `published` says is no longer so.
    pub async fn store(
        &self,
        env: &impl Env,
        published: &Published,
        guard: &Guard,
        rows: String,
    ) -> Result<Option<Vec<Told>>, Problem> {
        let submission = Submission {
            rows,
            site_id: &published.site_id,
            study_id: self.survey_id,
            source: self.source,
            actor: "public",
        };
        let uses = guard.uses() + published.uses();
        let statement = match self.key {
            // A key lives by the second, so that requests of one second are alike and can be one.
            Some(key) => {
                let now = env.now();
                let second = now - now.rem_euclid(1000);
                responses::submit(&submission, uses, published.site_version, key, second)
            }
            None => responses::submit_page(&submission, uses, published.site_version),
        };
        let rows = env.sql().gathered(statement).await?;
        // What this instance knows of webhooks may be a moment old; then the tick sends it on.
        if published.has_webhooks {
            env.hurry(DELIVER);
        }
        Ok(responses::taken_before(rows)?.map(|it| told(&it)))
    }
}

/// One response that was read and judged, and can be stored.
#[derive(Debug)]
pub struct Ready {
    id: String,
    hash: [u8; 32],
    answered_at: UtcMs,
    is_single_use: bool,
    ending: String,
    /// The cells of quotas, each with what is said when it is full.
    thens: Vec<(String, String)>,
    /// As the statement takes it; see [`crate::response::claimed_row`].
    pub row: Value,
}

impl Ready {
    /// Reads and judges a body. `named` is its key and its hash, as for [`Call::take`].
    pub fn read(
        guard: &Guard,
        desk: &Desk<'_>,
        fields: Fields,
        named: (String, [u8; 32]),
        random: [[u8; 16]; 2],
    ) -> Result<Ready, Problem> {
        let (name, hash) = named;
        let body::Body { mut draft, pass, is_single_use } =
            body::read(guard, fields, desk, name, hash)?;
        let mut claims = guard.admit(desk.study_id, &mut draft, &pass, desk.received_at)?;
        claims.cells = cells(desk.definition, &draft.answers);
        let mut thens = Vec::with_capacity(draft.answers.quotas.len());
        for quota in &draft.answers.quotas {
            thens.push((quota.id.clone(), quota.then.clone()));
        }
        let (answered_at, ending) = (draft.answered_at, draft.answers.ending.clone());
        let (id, row) = claimed_row(desk, draft, claims, random);
        Ok(Ready { id, hash, answered_at, is_single_use, ending, thens, row })
    }

    /// How it ended, by what the statement tells of all its rows.
    pub fn settle(self, guard: &Guard, desk: &Desk<'_>, all: &[Told]) -> Result<Outcome, Problem> {
        for told in all {
            match told {
                Told::Refused(it) if it.id == self.id => {
                    return Err(guard.refused(desk.study_id, it, desk.received_at));
                }
                Told::Taken(first) if first.instead_of == self.id => {
                    let is_repeated = first.id != self.id;
                    if is_repeated && first.request_hash != hex(&self.hash) {
                        let used = Problem::new(Kind::LinkUsed);
                        return Err(if self.is_single_use { used } else { key_reused() });
                    }
                    return Ok(self.outcome(first.clone(), is_repeated));
                }
                _ => {}
            }
        }
        let taken = Taken {
            instead_of: String::new(),
            id: self.id.clone(),
            request_hash: String::new(),
            version: desk.version,
            answered_at: self.answered_at,
            received_at: desk.received_at,
            full: String::new(),
        };
        Ok(self.outcome(taken, false))
    }

    fn outcome(self, taken: Taken, is_repeated: bool) -> Outcome {
        let full = match taken.full.as_str() {
            LIMIT => "response_limit",
            cell => cell.strip_prefix(QUOTA).unwrap_or(""),
        };
        let full = full.to_owned();
        let then = self.thens.iter().find(|it| it.0 == full).map_or("", |it| &it.1);
        let ending = then.strip_prefix("end:").map_or(self.ending, str::to_owned);
        Outcome { taken, is_repeated, ending, full }
    }
}

/// The cell of all responses that count.
const LIMIT: &str = "limit";
/// What the cells of quotas begin with.
const QUOTA: &str = "quota:";

/// The cells of the tally that answers count in, and the most of each.
pub fn cells(definition: &Definition, answers: &Answers) -> Vec<(String, i64)> {
    let mut cells = Vec::new();
    if let Some(most) = definition.response_limit {
        cells.push((LIMIT.to_owned(), most));
    }
    for quota in &answers.quotas {
        cells.push((format!("{QUOTA}{}", quota.id), quota.most));
    }
    cells
}

/// What tells a repetition from another response under the same key.
///
/// It is all that a body says but the key, so that it may come alone or with others, and the proof
/// of work, of which each attempt may have another.
pub fn content_hash(survey_id: &str, fields: &Fields) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(survey_id.as_bytes());
    for name in fields.names() {
        if name != "proof"
            && name != "key"
            && let Some(value) = fields.peek(&name)
        {
            hasher.update(view::text(&(name, value)).as_bytes());
        }
    }
    hasher.finalize().into()
}
