//! The policy that a site grades by: its own, or the one that ships.

use std::cell::RefCell;
use std::ops::Deref;
use std::rc::Rc;

use grade::Policy;
use ports::{Env, Sql};
use store::policies;
use web::lang::said;
use web::problem::Kind;
use web::{Problem, grading};

/// The kind of policy, in the database.
const KIND: &str = "grading";

/// Compiled policies that one instance keeps. Beyond it, all are forgotten.
const KEPT_MAX: usize = 8;

/// A policy, wherever it lies.
#[derive(Clone)]
pub(crate) enum InUse {
    /// The one that ships.
    Shipped,
    /// A site's own.
    Own(Rc<Policy>),
}

impl Deref for InUse {
    type Target = Policy;

    fn deref(&self) -> &Policy {
        match self {
            InUse::Shipped => Policy::shipped(),
            InUse::Own(policy) => policy,
        }
    }
}

thread_local! {
    /// By the policy's id and the number of the version, which never changes.
    static KEPT: RefCell<Vec<(String, i64, Rc<Policy>)>> = const { RefCell::new(Vec::new()) };
}

/// What a site published last, and its number; 0 is what ships.
pub(crate) async fn published(env: &impl Env, site_id: &str) -> Result<(InUse, i64), Problem> {
    let found = env.sql().fetch(policies::published(site_id, KIND)).await?;
    let Some((id, number)) = found.filter(|(_, number)| 0 < *number) else {
        return Ok((InUse::Shipped, 0));
    };
    if let Some(policy) = kept(&id, number) {
        return Ok((InUse::Own(policy), number));
    }
    let version = env.sql().fetch(policies::version(&id, number)).await?;
    let policy = version.and_then(|it| grading::stored(&it.definition));
    let policy = Rc::new(policy.ok_or_else(|| damaged(&id, number))?);
    keep(id, number, &policy);
    Ok((InUse::Own(policy), number))
}

/// What a site may publish next.
pub(crate) async fn draft(env: &impl Env, site_id: &str) -> Result<InUse, Problem> {
    let found = env.sql().fetch(policies::of_kind(site_id, KIND)).await?;
    let it = found.filter(|it| !it.draft.is_empty()).ok_or_else(no_draft)?;
    let policy = grading::stored(&it.draft).ok_or_else(|| damaged(&it.id, 0))?;
    Ok(InUse::Own(Rc::new(policy)))
}

fn kept(id: &str, number: i64) -> Option<Rc<Policy>> {
    KEPT.with_borrow(|kept| {
        let it = kept.iter().find(|it| it.0 == id && it.1 == number)?;
        Some(Rc::clone(&it.2))
    })
}

fn keep(id: String, number: i64, policy: &Rc<Policy>) {
    KEPT.with_borrow_mut(|kept| {
        kept.retain(|it| it.0 != id);
        if KEPT_MAX <= kept.len() {
            kept.clear();
        }
        kept.push((id, number, Rc::clone(policy)));
    });
}

/// It was read before it was stored, so this is ours.
fn damaged(id: &str, number: i64) -> Problem {
    Problem::new(Kind::Internal).caused_by(format!("{id} version {number} is no grading policy"))
}

fn no_draft() -> Problem {
    Problem::new(Kind::Conflict).with(said(
        "there is no draft: write one first, with PUT /v1/policies/grading/draft",
        "没有草稿，请先用 PUT /v1/policies/grading/draft 保存草稿",
    ))
}
