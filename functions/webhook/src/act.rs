//! What staff do: each a change with an event of its own.

use app::auth::{self, Staff};
use app::entity;
use app::intake::guard::secret;
use app::write::{check_version, write};
use ports::Env;
use store::webhooks::Webhook;
use web::{Problem, Request, Response};

use crate::replay::Wish;
use crate::{log, notice, replay, webhook};

/// What is done.
#[derive(Clone, Copy)]
pub(crate) enum Act<'a> {
    /// It is made.
    Create,
    /// Some members get other values.
    Change,
    /// It goes.
    Delete,
    /// It gets a new secret.
    Rotate,
    /// It gets an event of its own.
    Test,
    /// A delivery is tried once more.
    Retry(&'a str),
    /// The events of some time are sent once more.
    Replay(&'a Wish),
    /// A notice is seen; the id is its own.
    See,
    /// Several are.
    SeeAll,
}

/// Does it once, as one way for all of them, since each way costs its own code.
pub(crate) async fn act(
    env: &impl Env,
    request: &Request,
    id: &str,
    act: Act<'_>,
) -> Result<Response, Problem> {
    let by = match act {
        Act::Retry(_) | Act::Replay(_) => Staff::clone(&*auth::manager(env, request).await?),
        Act::See | Act::SeeAll => Staff::clone(&*auth::agent(env, request).await?),
        _ => Staff::clone(&*auth::admin(env, request).await?),
    };
    request.no_query()?;
    let key = secret(env).await?;
    write(env, request, &by, async || {
        match act {
            Act::Create => return webhook::create(env, request, &by.site_id, &key).await,
            Act::See => return notice::see(env, request, &by.site_id, id).await,
            Act::SeeAll => return notice::see_all(env, request, &by).await,
            _ => {}
        }
        let mut it = entity::find::<Webhook>(env, &by, id).await?;
        check_version(request, it.version)?;
        if !matches!(act, Act::Change | Act::Replay(_)) {
            request.fields_or_none()?.done()?;
        }
        if matches!(act, Act::Test | Act::Retry(_) | Act::Replay(_)) {
            webhook::must_be_active(&it)?;
        }
        it.version += 1;
        it.updated_at = env.now();
        match act {
            Act::Create | Act::See | Act::SeeAll | Act::Change => {
                webhook::change(env, request, it, &key).await
            }
            Act::Delete => Ok(webhook::delete(&it)),
            Act::Rotate => webhook::rotate(env, it, &key),
            Act::Test => webhook::test(&it),
            Act::Retry(sequence) => log::retry(env, &it, sequence).await,
            Act::Replay(wish) => replay::replay(env, &it, wish).await,
        }
    })
    .await
}
