//! Sending once more what happened in some time.

use app::write::Change;
use app::{auth, entity};
use domain::UtcMs;
use domain::civil::parse_rfc3339;
use domain::id::Kind;
use ports::{Env, Sql};
use serde::Serialize;
use serde_json::json;
use store::events;
use store::webhooks::{self, Replay, Webhook};
use web::field::Fields;
use web::lang::said;
use web::{Problem, Request, Response, view};

use crate::act::{Act, act};
use crate::types;

/// A count goes no further.
const COUNTED_MAX: i64 = 10_000;
/// And looks at no more events than this.
const LOOK_MAX: i64 = 200_000;

/// What is asked for.
pub(crate) struct Wish {
    since: UtcMs,
    until: UtcMs,
    types: String,
    only: String,
    is_dry_run: bool,
}

#[derive(Serialize)]
struct ReplayView {
    since: String,
    until: String,
    /// How many events are sent once more.
    events: i64,
    /// Whether that is all of them: a count stops at ten thousand.
    is_all: bool,
    is_dry_run: bool,
}

/// Reads what is asked for; of a dry run, no more than a count comes of it.
pub(crate) async fn ask(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    let wish = read(request.fields()?, env.now())?;
    if !wish.is_dry_run {
        return act(env, request, id, Act::Replay(&wish)).await;
    }
    request.no_query()?;
    let it = entity::find::<Webhook>(env, &manager, id).await?;
    let (_, shown) = count(env, &it, &wish).await?;
    web::ok(&shown)
}

/// Begins a replay.
pub(crate) async fn replay(env: &impl Env, it: &Webhook, wish: &Wish) -> Result<Change, Problem> {
    let (range, shown) = count(env, it, wish).await?;
    let mut data = json!({ "types": view::json(&wish.types), "only": wish.only });
    let kept = view::text(&data);
    if let Some(members) = data.as_object_mut() {
        members.insert("since".to_owned(), shown.since.as_str().into());
        members.insert("until".to_owned(), shown.until.as_str().into());
    }
    let answer = web::response::accepted(&format!("/v1/webhooks/{}", it.id), &shown)?;
    let change = Change::new("webhook.replayed", &it.id, it.version, data, answer);
    let under_way = Problem::new(web::Kind::Conflict)
        .with(said("a replay of this webhook is under way", "该 webhook 正在重放"));
    Ok(change
        .and(webhooks::update(it).guarded())
        .and(webhooks::replay(&it.id, range, &kept, it.updated_at).guarded())
        .or(under_way))
}

fn read(mut fields: Fields, now: UtcMs) -> Result<Wish, Problem> {
    let since = instant(&mut fields, "since", None);
    let until = instant(&mut fields, "until", Some(now));
    if until < since {
        fields.refuse("until", said("must not be before since", "不得早于 since"));
    }
    let types = types::of_field(&mut fields, "types").unwrap_or_else(|| "[]".to_owned());
    let only = fields.one_of("only", &["all", "failed"], "all");
    let is_dry_run = fields.flag("dry_run", false);
    fields.done()?;
    Ok(Wish { since, until, types, only, is_dry_run })
}

fn instant(fields: &mut Fields, name: &str, absent: Option<UtcMs>) -> UtcMs {
    let text = fields.text(name, usize::from(absent.is_none()), 40, "");
    let stand_in = absent.unwrap_or(0);
    if text.is_empty() {
        return stand_in;
    }
    parse_rfc3339(&text).unwrap_or_else(|| {
        let rule = said(
            "must be a time such as 2027-01-31T00:00:00+08:00",
            "须为时间，例如 2027-01-31T00:00:00+08:00",
        );
        fields.refuse(name, rule);
        stand_in
    })
}

/// The events of the time that is asked for, and how many of them would be sent.
async fn count(
    env: &impl Env,
    it: &Webhook,
    wish: &Wish,
) -> Result<((i64, i64), ReplayView), Problem> {
    // The least ids of the first instant and of the one after the last.
    let [since, until] = [wish.since, wish.until + 1].map(|at| Kind::Event.id(at, [0; 16]));
    let (after, last) = env.sql().fetch(events::between(&since, &until)).await?.unwrap_or_default();
    let range = (after, last.max(after));
    let replay = Replay {
        range,
        types: &wish.types,
        is_failed_only: wish.only == "failed",
        look: LOOK_MAX,
        most: COUNTED_MAX,
    };
    let counted = env.sql().fetch(webhooks::count_replayed(it, &replay)).await?;
    let (events, is_all) = counted.unwrap_or_default();
    let shown = ReplayView {
        since: view::time(wish.since),
        until: view::time(wish.until),
        events,
        is_all: is_all == 1 && events < COUNTED_MAX,
        is_dry_run: wish.is_dry_run,
    };
    Ok((range, shown))
}
