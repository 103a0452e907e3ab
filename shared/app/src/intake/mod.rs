//! Taking responses of the public: what the widget posts and what our own page posts go the same
//! way.
//!
//! A [`Call`] says who brings them. [`Call::with`] finds the published survey, checks it, and tries
//! again where it changed under our hands; [`Call::take`] takes one response and tells how it
//! ended; [`Call::store`] is the one statement that stores rows of [`crate::response::row`].

pub mod body;
pub mod published;

use std::rc::Rc;

use domain::id::hex;
use ports::{Env, Sql};
use store::responses::{self, Submission};
use web::field::Fields;
use web::lang::said;
use web::{Kind, Problem, Request, view};

use crate::response::{Taken, row, taken_before};
use crate::write::key_reused;
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
}

/// The key of a response as the database keeps it: those of imports are others.
pub fn public(name: &str) -> String {
    format!("public:{name}")
}

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
            self.check(&known)?;
            if let Some(answer) = take(&known).await? {
                return Ok(answer);
            }
        }
        for _ in 0..READS_MAX {
            let published = published::load(env, self.survey_id, version, self.key).await?;
            self.check(&published)?;
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
    fn check(&self, published: &Published) -> Result<(), Problem> {
        // Only our own page posts without a key, and no other page may make a browser do it.
        let listed = if self.key.is_some() { published.origins.as_slice() } else { &[] };
        check_origin(self.request, listed)?;
        published.check_open()
    }

    /// Checks and takes one response. `name` is its key from [`public`], and `hash` tells a
    /// repetition from another response under that key. `None`: what `published` says is no
    /// longer so.
    pub async fn take(
        &self,
        env: &impl Env,
        published: &Published,
        fields: Fields,
        name: String,
        hash: [u8; 32],
    ) -> Result<Option<Outcome>, Problem> {
        let desk = published.desk(self.survey_id, env.now());
        let draft = body::read(fields, &desk, name, hash)?;
        let answered_at = draft.answered_at;
        let (id, row) = row(&desk, draft, [env.random(), env.random()]);
        let Some(before) = self.store(env, published, view::text(&[row])).await? else {
            return Ok(None);
        };
        if let Some(first) = before.into_iter().find(|it| it.instead_of == id) {
            if first.request_hash != hex(&hash) {
                return Err(key_reused());
            }
            return Ok(Some(Outcome { taken: first, is_repeated: true }));
        }
        let taken = Taken {
            instead_of: String::new(),
            id,
            request_hash: String::new(),
            version: desk.version,
            answered_at,
            received_at: desk.received_at,
        };
        Ok(Some(Outcome { taken, is_repeated: false }))
    }

    /// Stores rows and tells which of them were taken before. `None`: what `published` says is no
    /// longer so.
    pub async fn store(
        &self,
        env: &impl Env,
        published: &Published,
        rows: String,
    ) -> Result<Option<Vec<Taken>>, Problem> {
        let submission = Submission {
            rows,
            site_id: &published.site_id,
            study_id: self.survey_id,
            source: self.source,
            actor: "public",
        };
        let statement = match self.key {
            // A key lives by the second, so that requests of one second are alike and can be one.
            Some(key) => {
                let now = env.now();
                let second = now - now.rem_euclid(1000);
                responses::submit(&submission, published.site_version, key, second)
            }
            None => responses::submit_page(&submission, published.site_version),
        };
        let rows = env.sql().gathered(statement).await?;
        Ok(responses::taken_before(rows)?.map(|it| taken_before(&it)))
    }
}
