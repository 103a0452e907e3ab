//! Passes: what lets a request of ours read a site's figures for a minute.
//!
//! Nobody with a key stands behind it: it is for a shared view, and for a report that the tick
//! makes.
//! A pass is `vw_` and fields sealed with `secret_key`. It never leaves the host. Whatever it is
//! shown to must have `secret_key`, and lets it do what a viewer may.

use domain::UtcMs;
use ports::Env;
use web::Request;

use crate::auth::bearer;
use crate::sealed;

/// How long a pass lasts.
const LIFE_MS: UtcMs = 60_000;
const PREFIX: &str = "vw_";
const PURPOSE: &str = "pass";

/// What a pass says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pass {
    /// The site.
    pub site_id: String,
    /// Who, for events and logs: `share:shr_…` or `tick`.
    pub actor: String,
    /// Where the pages that it shows are, as whoever reads them sees it: `/share/…`; empty where
    /// no page is shown.
    pub base: String,
    /// Whether they are shown within another page.
    pub is_embedded: bool,
}

impl Pass {
    /// The value of the header `authorization`.
    pub fn header(&self, secret: &str, now: UtcMs) -> String {
        let until = (now + LIFE_MS).to_string();
        let is_embedded = if self.is_embedded { "1" } else { "" };
        let fields = [&*self.site_id, &self.actor, &self.base, is_embedded, &until];
        format!("Bearer {PREFIX}{}", sealed::seal(secret, PURPOSE, &fields))
    }

    /// The pass that a request comes with, if it is ours and not over.
    pub async fn of(env: &impl Env, request: &Request) -> Option<Pass> {
        let sealed = bearer(request)?.strip_prefix(PREFIX)?;
        let secret = env.setting("secret_key").await.filter(|it| !it.is_empty())?;
        let mut fields = sealed::open(&secret, PURPOSE, sealed)?.into_iter();
        let mut next = || fields.next().unwrap_or_default();
        let (site_id, actor, base, is_embedded) = (next(), next(), next(), next() == "1");
        let until: UtcMs = next().parse().ok()?;
        let is_live = env.now() < until && !site_id.is_empty();
        is_live.then_some(Pass { site_id, actor, base, is_embedded })
    }
}
