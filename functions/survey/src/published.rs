//! What is published: read from the database, and kept in the instance for the next response.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use domain::survey::Definition;
use domain::zone::Zone;
use ports::{Env, Sql};
use serde_json::Value;
use web::field::Fields;
use web::lang::said;
use web::{Kind, Problem, Request, view};

/// A published version of a survey, and what of its site matters to a submission.
pub(crate) struct Published {
    pub(crate) site_id: String,
    pub(crate) site_version: i64,
    pub(crate) zone: Zone,
    pub(crate) origins: Vec<String>,
    pub(crate) is_open: bool,
    pub(crate) version: i64,
    pub(crate) definition: Definition,
}

/// Surveys kept by one instance. Beyond it, all are forgotten and read again.
const KEPT_MAX: usize = 64;

type Name = (String, i64, [u8; 32]);

thread_local! {
    static KEPT: RefCell<BTreeMap<Name, Rc<Published>>> = const { RefCell::new(BTreeMap::new()) };
}

impl Published {
    /// Refuses a survey that takes no more answers.
    pub(crate) fn check_open(&self) -> Result<(), Problem> {
        if self.is_open { Ok(()) } else { Err(Problem::new(Kind::SurveyClosed)) }
    }
}

/// The hash of the publishable key that a request carries.
pub(crate) fn caller_key(request: &Request) -> Result<[u8; 32], Problem> {
    match app::auth::bearer(request) {
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
pub(crate) fn version(fields: &Fields) -> i64 {
    fields.peek("version").and_then(Value::as_i64).filter(|it| 0 < *it).unwrap_or(0)
}

/// What this instance keeps of a survey.
pub(crate) fn known(id: &str, version: i64, key: [u8; 32]) -> Option<Rc<Published>> {
    // "The newest" may be another one by now, and no statement would notice.
    if version == 0 {
        return None;
    }
    KEPT.with_borrow(|kept| kept.get(&(id.to_owned(), version, key)).cloned())
}

/// Keeps what was read of a survey.
pub(crate) fn keep(id: &str, version: i64, key: [u8; 32], published: Published) {
    KEPT.with_borrow_mut(|kept| {
        if KEPT_MAX <= kept.len() {
            kept.clear();
        }
        kept.insert((id.to_owned(), version, key), Rc::new(published));
    });
}

/// Reads a survey for the holder of a publishable key of its site.
pub(crate) async fn load(
    env: &impl Env,
    id: &str,
    version: i64,
    key: [u8; 32],
) -> Result<Published, Problem> {
    let key = env.sql().fetch(store::keys::by_hash(key)).await?;
    let now = env.now();
    let key = key
        .filter(|it| it.kind == "publishable" && it.revoked_at.is_none())
        .filter(|it| it.expires_at.is_none_or(|it| now < it))
        .ok_or_else(no_key)?;
    let public = env.sql().fetch(store::studies::public(id, version)).await?;
    // Another site's survey does not exist for this key.
    let public = public.filter(|it| it.site_id == key.site_id).ok_or_else(Problem::not_found)?;
    Ok(Published {
        site_id: public.site_id,
        site_version: public.site_version,
        zone: app::zone(&public.zone)?,
        origins: origins(&public.origins),
        is_open: public.state == "open",
        version: if version == 0 { public.published } else { version },
        definition: definition(&public.definition)?,
    })
}

/// Origins as the database keeps them.
pub(crate) fn origins(text: &str) -> Vec<String> {
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
