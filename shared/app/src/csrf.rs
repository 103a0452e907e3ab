//! What every form carries, so that no other page can fill it in for somebody.
//!
//! It is a digest of their session, which other pages cannot know. [`crate::auth::same_site`] says
//! the same of the request's origin; a form needs both.

use ports::Env;
use web::lang::said;
use web::{Kind, Problem, Request};

use crate::auth::{same_site, session};
use crate::sealed::digest;

/// The name of the hidden field.
pub const FIELD: &str = "csrf";

/// The value of the hidden field in the forms of whoever asks.
pub async fn token(env: &impl Env, request: &Request) -> String {
    let secret = env.setting("secret_key").await.unwrap_or_default();
    let mut digest = digest(&secret, "csrf", session(request).unwrap_or(""));
    digest.truncate(32);
    digest
}

/// Refuses a form that did not come from a page of ours that its sender was shown.
pub async fn check(env: &impl Env, request: &Request, given: &str) -> Result<(), Problem> {
    same_site(request)?;
    let expected = token(env, request).await;
    if domain::id::is_same(&expected, given) {
        return Ok(());
    }
    Err(Problem::new(Kind::Forbidden).with(said(
        "this form is of another session: go back, load the page again and send it once more",
        "该表单属于另一个会话：请返回并重新加载页面后再提交",
    )))
}
