//! What is published: read from the database, and kept in the instance for the next response.

use std::cell::RefCell;
use std::rc::Rc;

use domain::UtcMs;
use domain::survey::Definition;
use domain::zone::Zone;
use ports::{Env, Sql};
use serde_json::Value;
use store::responses;
use web::field::Fields;
use web::lang::{said, said_now};
use web::{Kind, Problem, Request, view};

use crate::response::Desk;

/// A published version of a survey, and what of its site matters to a submission.
#[derive(Debug)]
pub struct Published {
    /// The site.
    pub site_id: String,
    /// Its version: whatever changes there is read anew.
    pub site_version: i64,
    /// Its zone.
    pub zone: Zone,
    /// The pages that may embed its surveys.
    pub origins: Vec<String>,
    /// Whether the survey takes answers.
    pub is_open: bool,
    /// The version that is answered.
    pub version: i64,
    /// Its definition.
    pub definition: Definition,
    /// Whether somebody waits for the site's events.
    pub has_webhooks: bool,
    /// When the origin that asked for it was last noted as one of the site's.
    pub seen_at: Option<UtcMs>,
}

/// Surveys kept by one instance. Beyond it, all are forgotten and read again.
const KEPT_MAX: usize = 64;

/// A survey that is kept, by what was asked for.
struct Kept {
    id: String,
    version: i64,
    key: Option<[u8; 32]>,
    published: Rc<Published>,
}

impl Kept {
    fn is(&self, id: &str, version: i64, key: Option<[u8; 32]>) -> bool {
        self.version == version && self.key == key && self.id == id
    }
}

thread_local! {
    // A list: so few are found at once, and a map of their own would be 5 kB.
    static KEPT: RefCell<Vec<Kept>> = const { RefCell::new(Vec::new()) };
}

impl Published {
    /// Refuses a survey that takes no answers now.
    pub fn check_open(&self, now: UtcMs) -> Result<(), Problem> {
        if !self.is_open {
            return Err(Problem::new(Kind::SurveyClosed));
        }
        let time = view::time;
        match (self.definition.opens_at, self.definition.closes_at) {
            (Some(opens), _) if now < opens => {
                Err(Problem::new(Kind::SurveyClosed).with(said_now(
                    format!("it opens at {}", time(opens)),
                    format!("将于 {} 开放", time(opens)),
                )))
            }
            (_, Some(closes)) if closes <= now => {
                Err(Problem::new(Kind::SurveyClosed).with(said_now(
                    format!("it closed at {}", time(closes)),
                    format!("已于 {} 关闭", time(closes)),
                )))
            }
            _ => Ok(()),
        }
    }

    /// What of the statement its rows may use.
    pub fn uses(&self) -> i64 {
        let it = &self.definition;
        let has_cells = it.response_limit.is_some() || !it.quotas.is_empty();
        let has_contacts = it.questions.iter().any(|it| it.kind.is_contact());
        let cells = if has_cells { responses::CELLS } else { 0 };
        cells + if has_contacts { responses::CONTACTS } else { 0 }
    }

    /// Where responses of the public to this survey are taken.
    pub fn desk<'a>(&'a self, survey_id: &'a str, now: UtcMs) -> Desk<'a> {
        Desk {
            site_id: &self.site_id,
            zone: self.zone,
            study_id: survey_id,
            version: self.version,
            definition: &self.definition,
            actor: "public",
            received_at: now,
        }
    }
}

/// The hash of the publishable key that a request carries.
pub fn caller_key(request: &Request) -> Result<[u8; 32], Problem> {
    match crate::auth::bearer(request) {
        Some(token) => Ok(domain::id::token_hash(token)),
        None => Err(no_key()),
    }
}

fn no_key() -> Problem {
    Problem::new(Kind::Unauthorized).with(said(
        "send Authorization: Bearer pk_…, the site's publishable key",
        "请发送 Authorization: Bearer pk_…，即站点的公开密钥",
    ))
}

/// The version that a body claims to answer; 0 for the newest.
pub fn version(fields: &Fields) -> i64 {
    fields.peek("version").and_then(Value::as_i64).filter(|it| 0 < *it).unwrap_or(0)
}

/// What this instance keeps of a survey.
pub fn known(id: &str, version: i64, key: Option<[u8; 32]>) -> Option<Rc<Published>> {
    // "The newest" may be another one by now, and no statement would notice.
    if version == 0 {
        return None;
    }
    KEPT.with_borrow(|kept| {
        kept.iter().find(|it| it.is(id, version, key)).map(|it| Rc::clone(&it.published))
    })
}

/// Keeps what was read of a survey.
pub fn keep(id: &str, version: i64, key: Option<[u8; 32]>, published: Rc<Published>) {
    KEPT.with_borrow_mut(|kept| {
        if KEPT_MAX <= kept.len() {
            kept.clear();
        }
        kept.retain(|it| !it.is(id, version, key));
        kept.push(Kept { id: id.to_owned(), version, key, published });
    });
}

/// Reads a survey for the holder of a publishable key of its site, or for a page of our own.
pub async fn load(
    env: &impl Env,
    id: &str,
    version: i64,
    key: Option<[u8; 32]>,
) -> Result<Published, Problem> {
    load_to(env, id, version, key, "").await
}

/// The same for a page of an origin.
pub async fn load_to(
    env: &impl Env,
    id: &str,
    version: i64,
    key: Option<[u8; 32]>,
    origin: &str,
) -> Result<Published, Problem> {
    let site_id = match key {
        Some(key) => Some(site_of(env, key).await?),
        None => None,
    };
    let public = env.sql().fetch(store::studies::public_to(id, version, origin)).await?;
    // Another site's survey does not exist for this key.
    let public = public
        .filter(|it| site_id.as_ref().is_none_or(|site_id| *site_id == it.site_id))
        .ok_or_else(Problem::not_found)?;
    Ok(Published {
        site_id: public.site_id,
        site_version: public.site_version,
        zone: crate::zone(&public.zone)?,
        origins: origins(&public.origins),
        is_open: public.state == "open",
        version: if version == 0 { public.published } else { version },
        definition: definition(&public.definition)?,
        has_webhooks: public.has_webhooks,
        seen_at: public.seen_at,
    })
}

/// The site of a publishable key that is live.
pub async fn site_of(env: &impl Env, key: [u8; 32]) -> Result<String, Problem> {
    let key = env.sql().fetch(store::keys::by_hash(key)).await?;
    let now = env.now();
    key.filter(|it| it.kind == "publishable" && it.revoked_at.is_none())
        .filter(|it| it.expires_at.is_none_or(|it| now < it))
        .map(|it| it.site_id)
        .ok_or_else(no_key)
}

/// Origins as the database keeps them.
pub fn origins(text: &str) -> Vec<String> {
    match view::json(text) {
        Value::Array(origins) => {
            origins.iter().filter_map(Value::as_str).map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

fn definition(text: &str) -> Result<Definition, Problem> {
    let Some(members) = view::object(text) else {
        return Err(ports::Corrupt("a published definition is not JSON".to_owned()).into());
    };
    Ok(web::survey::read(&mut Fields::new(members)))
}
