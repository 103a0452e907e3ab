//! Words that stand out, and comments that say the same.

use ports::{Committed, Env, Sql};
use serde_json::{Value, json};
use store::digests::{self, Digest, Digested, Stale};
use store::jobs::{self, Job};
use web::{Problem, view};
use words::keyword::{Counter, Side};
use words::similar::groups;

/// Most sites of one tick.
const SITES_MAX: i64 = 3;
/// How often there is a look for new comments.
pub(crate) const DIGEST_EVERY_MS: i64 = 5 * 60 * 1000;
/// A digest is made anew after this long even without a new comment: its days move on.
const FRESH_MS: i64 = 24 * 60 * 60 * 1000;
/// The days of a digest, today included.
const DAYS: i32 = 30;
/// The days before that it is set against.
const BEFORE_DAYS: i32 = 90;
/// Most comments of either, the newest; more of them say the same.
const COMMENTS_MAX: i64 = 3_000;
/// Most comments that are compared with each other.
const COMPARED_MAX: usize = 1_500;
/// Keywords of the whole site on one side, and of a touchpoint.
const KEYWORDS_MAX: usize = 40;
const TOUCHPOINT_KEYWORDS_MAX: usize = 20;
/// Most touchpoints with keywords of their own, and the comments that one must have.
const TOUCHPOINTS_MAX: usize = 20;
const TOUCHPOINT_COMMENTS_MIN: usize = 20;
/// Most groups, and the most members that are named of one.
const GROUPS_MAX: usize = 50;
const MEMBERS_MAX: usize = 20;
/// A text that feels worse than this is a bad one, where no score says how it is.
const FEELING: i64 = 50;

/// Looks after some sites, and after all of them again and again.
pub(crate) async fn all(env: &impl Env, job: &Job, lease: &str) -> Result<(), Problem> {
    let progress = view::json(&job.progress);
    let after = progress.get("site").and_then(Value::as_str).unwrap_or("").to_owned();
    let sites = digests::stale(&after, env.now() - FRESH_MS, SITES_MAX);
    let sites = env.sql().fetch(sites).await?;
    for site in sites.iter().filter(|it| !it.is_fresh) {
        if one(env, job, lease, site).await? != Committed::Done {
            return Ok(());
        }
    }
    let is_round = i64::try_from(sites.len()).unwrap_or(0) < SITES_MAX;
    let last = sites.last().filter(|_| !is_round).map_or("", |it| &it.site_id);
    let due = env.now() + if is_round { DIGEST_EVERY_MS } else { 0 };
    let progress = view::text(&json!({ "site": last }));
    env.sql().commit(vec![jobs::go_on(&job.id, lease, due, &progress).guarded()]).await?;
    Ok(())
}

async fn one(env: &impl Env, job: &Job, lease: &str, site: &Stale) -> Result<Committed, Problem> {
    let today = app::zone(&site.zone)?.day(env.now());
    let days = (i64::from(today - DAYS + 1), i64::from(today));
    let before = (i64::from(today - DAYS - BEFORE_DAYS + 1), i64::from(today - DAYS));
    let here = env.sql().fetch(digests::comments(&site.site_id, days, COMMENTS_MAX)).await?;
    let rest = env.sql().fetch(digests::comments(&site.site_id, before, COMMENTS_MAX)).await?;
    let mut keywords = Vec::new();
    let mut topics = Vec::new();
    let (all, earlier) = (some(&here, |_| true), some(&rest, |_| true));
    sides(&mut keywords, "", &all, &earlier, KEYWORDS_MAX);
    count_topics(&mut topics, "", &all, &earlier);
    for touchpoint in touchpoints(&here) {
        let own = |it: &Digested| it.touchpoint_id == touchpoint;
        let (here, rest) = (some(&here, own), some(&rest, own));
        sides(&mut keywords, touchpoint, &here, &rest, TOUCHPOINT_KEYWORDS_MAX);
        count_topics(&mut topics, touchpoint, &here, &rest);
    }
    let digest = Digest {
        comments: i64::try_from(here.len()).unwrap_or(i64::MAX),
        first_day: days.0,
        last_day: days.1,
        made_at: env.now(),
    };
    let id = &site.site_id;
    let writes = vec![
        jobs::note(&job.id, lease, &job.progress).guarded(),
        digests::clear_keywords(id).write(),
        digests::add_keywords(id, &view::text(&keywords)).write(),
        digests::clear_topics(id).write(),
        digests::add_topics(id, &view::text(&topics)).write(),
        digests::clear_alike(id).write(),
        digests::add_alike(id, &view::text(&alike(&here))).write(),
        digests::put(id, &site.newest, &digest).write(),
    ];
    // Refused: the lease ran out, and whoever has it now does the work.
    Ok(env.sql().commit(writes).await?)
}

fn some(comments: &[Digested], fits: impl Fn(&Digested) -> bool) -> Vec<&Digested> {
    comments.iter().filter(|it| fits(it)).collect()
}

/// The touchpoints with enough comments, as they come.
fn touchpoints(comments: &[Digested]) -> Vec<&str> {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for it in comments.iter().filter(|it| !it.touchpoint_id.is_empty()) {
        match counts.iter_mut().find(|(id, _)| *id == it.touchpoint_id) {
            Some((_, count)) => *count += 1,
            None => counts.push((&it.touchpoint_id, 1)),
        }
    }
    let enough = counts.into_iter().filter(|(_, count)| TOUCHPOINT_COMMENTS_MIN <= *count);
    enough.take(TOUCHPOINTS_MAX).map(|(id, _)| id).collect()
}

/// The keywords of a scope: this period's, those of its bad comments, those of its good ones.
fn sides(
    keywords: &mut Vec<Value>,
    scope: &str,
    here: &[&Digested],
    rest: &[&Digested],
    most: usize,
) {
    let mut add = |side: &str, is_here: fn(&Digested) -> bool, others: &[&Digested]| {
        let mut counter = Counter::new();
        // In turns, so that neither side fills the counter alone.
        let (mut left, mut right) = (here.iter().filter(|it| is_here(it)), others.iter());
        loop {
            let (one, other) = (left.next(), right.next());
            if one.is_none() && other.is_none() {
                break;
            }
            if let Some(it) = one {
                counter.add(&it.text, Side::Here);
            }
            if let Some(it) = other.filter(|it| side == "period" || !is_here(it)) {
                counter.add(&it.text, Side::Rest);
            }
        }
        let found = counter.finish(most).into_iter().filter(|it| 0.0 < it.z);
        for (rank, it) in (0_u32..).zip(found) {
            #[expect(clippy::cast_possible_truncation, reason = "a z is far from 2^53")]
            let z_centi = (it.z * 100.0).round() as i64;
            keywords.push(json!([scope, side, rank, it.term, it.here, it.rest, z_centi]));
        }
    };
    add("period", |_| true, rest);
    add("low", is_low, here);
    add("high", is_high, here);
}

/// What the comments of a scope are about, each topic with how many are bad and good.
fn count_topics(topics: &mut Vec<Value>, scope: &str, here: &[&Digested], rest: &[&Digested]) {
    let mut counts: Vec<(&str, [u32; 4])> = Vec::new();
    let both = here.iter().map(|it| (it, true)).chain(rest.iter().map(|it| (it, false)));
    for (it, is_here) in both {
        let at = counts.iter().position(|(topic, _)| *topic == it.topic);
        let at = at.unwrap_or_else(|| {
            counts.push((&it.topic, [0; 4]));
            counts.len() - 1
        });
        let Some((_, [comments, before, low, high])) = counts.get_mut(at) else { continue };
        *comments += u32::from(is_here);
        *before += u32::from(!is_here);
        *low += u32::from(is_here && is_low(it));
        *high += u32::from(is_here && is_high(it));
    }
    for (topic, [comments, before, low, high]) in counts {
        topics.push(json!([scope, topic, comments, before, low, high]));
    }
}

fn is_low(it: &Digested) -> bool {
    it.verdict == "low" || (it.verdict.is_empty() && it.sentiment <= -FEELING)
}

fn is_high(it: &Digested) -> bool {
    it.verdict == "high" || (it.verdict.is_empty() && FEELING <= it.sentiment)
}

/// The groups of comments that say the same, the largest first.
fn alike(comments: &[Digested]) -> Vec<Value> {
    let texts: Vec<&str> = comments.iter().take(COMPARED_MAX).map(|it| it.text.as_str()).collect();
    let name = |at: usize| comments.get(at).map(|it| json!([it.response_id, it.question_id]));
    let mut told = Vec::new();
    for (rank, group) in (0_u32..).zip(groups(&texts).into_iter().take(GROUPS_MAX)) {
        let others = group.members.iter().filter(|at| **at != group.representative);
        let mut members: Vec<Value> = name(group.representative).into_iter().collect();
        members.extend(others.take(MEMBERS_MAX - 1).filter_map(|at| name(*at)));
        told.push(json!([rank, group.members.len(), members]));
    }
    told
}
