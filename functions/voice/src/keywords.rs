//! What the comments say together: words that stand out, and comments that say the same.

use app::case::figures::{count, rate};
use app::score::Differences;
use app::{auth, entity};
use domain::civil;
use domain::score::{Metric, Points, Terms};
use ports::{Env, Sql};
use serde::Serialize;
use serde_json::{Value, json};
use store::comments;
use store::digests::{self, Digest, Keyword, Topic};
use store::touchpoints::Touchpoint;
use web::field::one_of_rule;
use web::{Problem, Request, Response, view};

use crate::comments::{CommentView, show_one};

/// What is compared: the period with the time before, bad or good comments with the others.
const SIDES: [&str; 3] = ["period", "low", "high"];

/// Comments of a group that are shown.
const MEMBERS_MAX: usize = 5;

#[derive(Serialize)]
struct KeywordsView {
    side: &'static str,
    touchpoint_id: Option<String>,
    from: Option<String>,
    to: Option<String>,
    /// How many were read for this.
    comments: i64,
    /// Null before the first digest.
    as_of: Option<String>,
    items: Vec<KeywordView>,
}

#[derive(Serialize)]
struct KeywordView {
    term: String,
    /// Comments that have it.
    here: i64,
    /// Comments of the others that have it.
    rest: i64,
    /// How sure it is that they differ, in standard errors.
    z: f64,
}

#[derive(Serialize)]
struct AlikeView {
    from: Option<String>,
    to: Option<String>,
    comments: i64,
    as_of: Option<String>,
    items: Vec<GroupView>,
}

#[derive(Serialize)]
struct GroupView {
    comments: i64,
    /// The most typical first.
    members: Vec<CommentView>,
}

pub(crate) async fn list(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    let mut query = request.query();
    let read = |text: &str| SIDES.into_iter().find(|it| *it == text);
    let side = query.parse("side", read, || one_of_rule(&SIDES)).unwrap_or("period");
    let touchpoint_id = query.text("touchpoint", 64);
    query.done()?;
    if let Some(id) = &touchpoint_id {
        entity::find::<Touchpoint>(env, &viewer, id).await?;
    }
    let digest = env.sql().fetch(digests::by_site(&viewer.site_id)).await?;
    let touchpoint = touchpoint_id.as_deref().unwrap_or("");
    let found = digests::keywords(&viewer.site_id, touchpoint, side);
    let found = env.sql().fetch(found).await?;
    let digest = digest.as_ref();
    web::ok(&KeywordsView {
        side,
        touchpoint_id,
        from: digest.map(|it| date(it.first_day)),
        to: digest.map(|it| date(it.last_day)),
        comments: digest.map_or(0, |it| it.comments),
        as_of: digest.map(|it| view::time(it.made_at)),
        items: found.into_iter().map(show_keyword).collect(),
    })
}

/// What the comments of the digest are about, and how they feel.
pub(crate) async fn topics(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    let site = app::site(env, &viewer.site_id).await?;
    let mut query = request.query();
    let touchpoint_id = query.text("touchpoint", 64);
    let terms = app::score::terms(&mut query, &site);
    query.done()?;
    if let Some(id) = &touchpoint_id {
        entity::find::<Touchpoint>(env, &viewer, id).await?;
    }
    let digest = env.sql().fetch(digests::by_site(&viewer.site_id)).await?;
    let touchpoint = touchpoint_id.as_deref().unwrap_or("");
    let found = env.sql().fetch(digests::topics(&viewer.site_id, touchpoint)).await?;
    let mut all = Topic::default();
    for it in &found {
        all.comments += it.comments;
        all.before += it.before;
        all.low += it.low;
        all.high += it.high;
    }
    let feels = |n: i64, of: i64| rate(n, of, None, terms.confidence);
    let differences = grown(&found, &all, terms);
    let digest = digest.as_ref();
    web::ok(&json!({
        "touchpoint_id": touchpoint_id,
        "from": digest.map(|it| date(it.first_day)),
        "to": digest.map(|it| date(it.last_day)),
        "confidence": terms.confidence.percent(),
        "comments": all.comments,
        "before": all.before,
        "low": feels(all.low, all.comments),
        "high": feels(all.high, all.comments),
        "as_of": digest.map(|it| view::time(it.made_at)),
        "items": found.iter().zip(differences).map(|(it, difference)| json!({
            "topic": view::some(&it.topic),
            "comments": it.comments,
            "share": feels(it.comments, all.comments),
            "before": it.before,
            "share_before": feels(it.before, all.before),
            "difference": difference,
            "low": feels(it.low, it.comments),
            "high": feels(it.high, it.comments),
        })).collect::<Value>(),
    }))
}

/// By how much the share of each topic differs from the one before, and whether by chance.
fn grown(found: &[Topic], all: &Topic, terms: Terms) -> Vec<Value> {
    let mut differences = Differences::default();
    let metric = Points::new(5).map_or(Metric::Ces, Metric::Csat);
    for it in found {
        // A share is what satisfaction is: the difference of two is made the same way.
        let side = |n: i64, of: i64| {
            let mut counts = [0; 11];
            (counts[5], counts[1]) = (count(n), count(of - n));
            counts
        };
        let (now, before) = (side(it.comments, all.comments), side(it.before, all.before));
        differences.add(metric, now, before, terms);
    }
    differences.show(terms)
}

pub(crate) async fn alike(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    // These are the customers' own words: figures alone are for viewers.
    let agent = auth::agent(env, request).await?;
    request.no_query()?;
    let digest: Option<Digest> = env.sql().fetch(digests::by_site(&agent.site_id)).await?;
    let groups = env.sql().fetch(digests::alike(&agent.site_id)).await?;
    let groups: Vec<(i64, Vec<Value>)> =
        groups.into_iter().map(|it| (it.comments, pairs(&it.members))).collect();
    let asked: Vec<&Value> = groups.iter().flat_map(|(_, pairs)| pairs).collect();
    let found = comments::some(&agent.site_id, &view::text(&asked));
    // In the order asked for, so one walk gives each group its own.
    let mut found = env.sql().fetch(found).await?.into_iter().peekable();
    let mut items = Vec::with_capacity(groups.len());
    for (comments, pairs) in &groups {
        let mut members = Vec::with_capacity(pairs.len());
        for pair in pairs {
            let is_it = |name: usize, text: &str| pair.get(name).is_some_and(|it| it == text);
            let member = found.next_if(|it| is_it(0, &it.response_id) && is_it(1, &it.question_id));
            members.extend(member.as_ref().map(show_one));
        }
        // Erased since the digest was made.
        let gone = i64::try_from(pairs.len() - members.len()).unwrap_or(0);
        if 1 < members.len() {
            items.push(GroupView { comments: comments - gone, members });
        }
    }
    let digest = digest.as_ref();
    web::ok(&AlikeView {
        from: digest.map(|it| date(it.first_day)),
        to: digest.map(|it| date(it.last_day)),
        comments: digest.map_or(0, |it| it.comments),
        as_of: digest.map(|it| view::time(it.made_at)),
        items,
    })
}

/// The first pairs of response and question of a group.
fn pairs(members: &str) -> Vec<Value> {
    let Value::Array(mut pairs) = view::json(members) else { return Vec::new() };
    pairs.truncate(MEMBERS_MAX);
    pairs
}

fn date(day: i64) -> String {
    civil::date(i32::try_from(day).unwrap_or_default())
}

fn show_keyword(it: Keyword) -> KeywordView {
    KeywordView { term: it.term, here: it.here, rest: it.rest, z: it.z_centi as f64 / 100.0 }
}
