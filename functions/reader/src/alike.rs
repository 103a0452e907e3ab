//! Near duplicates: a comment that is an earlier one of its study, hardly changed, screens its
//! response out. Nobody waits for that, and nobody is told: whoever repeats would only learn how
//! not to.

use domain::civil::DAY_MS;
use domain::event::Event;
use domain::id::{Kind, derived, hex, token_hash};
use domain::screen::{Reason, TELLING_CHARS_MIN};
use ports::{Env, Sql, Write};
use serde_json::{Value, json};
use store::comments::Unread;
use store::{events, prints, responses};
use web::{Problem, view};
use words::similar::{ALIKE, BANDS, jaccard, letters, signature};

/// How long a comment is remembered for this.
const REMEMBERED_MS: i64 = 90 * DAY_MS;
/// Prints that are forgotten with one commit: more than one adds.
const FORGOTTEN_MAX: i64 = 1_000;
/// Keys that two comments must share to be compared, as in `prints::candidates`.
const SHARED_KEYS_MIN: usize = 3;

/// A comment that was read and is long enough to be told from others.
struct Fresh<'a> {
    response: &'a Unread,
    question_id: String,
    text: String,
    keys: [u32; BANDS],
    /// The earlier response that says the same.
    like: Option<String>,
}

impl Fresh<'_> {
    /// Whether it is still to be judged. What somebody changed before is theirs to judge: a
    /// response that staff took back in stays in.
    fn is_open(&self) -> bool {
        self.like.is_none() && self.response.version == 1
    }
}

/// The statements that remember the comments in `rows` and screen out those of `unread` which
/// are like earlier ones. They belong behind the one that writes the comments.
pub(crate) async fn screen(
    env: &impl Env,
    unread: &[Unread],
    rows: &[Value],
) -> Result<Vec<Write>, Problem> {
    let now = env.now();
    let since = Kind::Response.id(now - REMEMBERED_MS, [0; 16]);
    let mut writes = vec![prints::forget(&since, FORGOTTEN_MAX).write()];
    let mut fresh = fresh(unread, rows);
    if fresh.is_empty() {
        return Ok(writes);
    }
    let asked = fresh.iter().map(|it| json!([it.response.study_id, it.response.id, it.keys]));
    let asked = view::text(&asked.collect::<Vec<_>>());
    for earlier in env.sql().fetch(prints::candidates(&asked, &since)).await? {
        let at = usize::try_from(earlier.at).unwrap_or(usize::MAX);
        if let Some(it) = fresh.get_mut(at)
            && it.is_open()
            && ALIKE <= jaccard(&it.text, &earlier.text)
        {
            it.like = Some(earlier.response_id);
        }
    }
    compare_among(&mut fresh);
    // A response with one comment like an earlier one is out with all it says.
    let mut hits: Vec<(&Unread, &str)> = Vec::new();
    for it in &fresh {
        if let Some(like) = &it.like
            && hits.last().is_none_or(|last| last.0.id != it.response.id)
        {
            hits.push((it.response, like));
        }
    }
    // What is out is remembered no more than what is short: of texts that are alike the first
    // one stays the measure, and a flood of copies does not bury it.
    let kept = fresh.iter().filter(|it| !hits.iter().any(|hit| hit.0.id == it.response.id));
    let kept = kept.map(|it| {
        let of = it.response;
        json!([of.site_id, of.study_id, of.id, it.question_id, it.keys])
    });
    writes.push(prints::add(&view::text(&kept.collect::<Vec<_>>())).write());
    if !hits.is_empty() {
        let hits = view::text(&screened(env, &hits).await?);
        writes.push(events::append_screened(&hits).write());
        writes.push(responses::screen(&hits).write());
    }
    Ok(writes)
}

/// The comments that count and are long enough. What staff bring themselves is not screened: a
/// file may well hold what many people took from one template.
fn fresh<'a>(unread: &'a [Unread], rows: &[Value]) -> Vec<Fresh<'a>> {
    let mut fresh = Vec::new();
    let text = |row: &Value, name| row.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
    for row in rows {
        let id = text(row, "response_id");
        let found = unread.iter().find(|it| it.id == id && it.counted && it.source != "import");
        let (Some(response), words) = (found, text(row, "text")) else { continue };
        if TELLING_CHARS_MIN <= letters(&words) {
            // Keys of another study are others, so that its comments do not crowd ours out.
            let [a, b, c, d, ..] = token_hash(&response.study_id);
            let study = u32::from_be_bytes([a, b, c, d]);
            fresh.push(Fresh {
                response,
                question_id: text(row, "question_id"),
                keys: signature(&words).map(|it| it ^ study),
                text: words,
                like: None,
            });
        }
    }
    fresh
}

/// Compares the comments with those before them that were read together with them.
fn compare_among(fresh: &mut [Fresh<'_>]) {
    for at in 1..fresh.len() {
        let (before, rest) = fresh.split_at_mut(at);
        let Some(it) = rest.first_mut().filter(|it| it.is_open()) else { continue };
        let earlier = before.iter().find(|other| {
            let shared = other.keys.iter().zip(&it.keys).filter(|(a, b)| a == b);
            other.response.study_id == it.response.study_id
                && other.response.id != it.response.id
                && other.like.is_none()
                && SHARED_KEYS_MIN <= shared.count()
                && ALIKE <= jaccard(&other.text, &it.text)
        });
        it.like = earlier.map(|it| it.response.id.clone());
    }
}

/// The rows that `events::append_screened` and `responses::screen` take.
async fn screened(env: &impl Env, hits: &[(&Unread, &str)]) -> Result<Vec<Value>, Problem> {
    let now = env.now();
    let ids = view::text(&hits.iter().map(|it| it.0.id.as_str()).collect::<Vec<_>>());
    let seals = env.sql().fetch(events::seals(&ids, 1)).await?;
    let mut rows = Vec::new();
    let seed = env.random();
    for (at, (response, like)) in hits.iter().enumerate() {
        let Some((_, previous)) = seals.iter().find(|it| it.0 == response.id) else { continue };
        let reason = Reason::Similar.name();
        let data = json!({ "is_counted": false, "screened": [reason], "similar_to": like });
        let event = Event {
            id: Kind::Event.id(now, derived(seed, at)),
            site_id: response.site_id.clone(),
            subject: response.id.clone(),
            version: 2,
            kind: "response.screened",
            actor: "tick".to_owned(),
            at: now,
            data: view::text(&data),
            previous: *previous,
        };
        let hash = hex(&event.hash());
        rows.push(json!([
            event.id,
            event.site_id,
            response.study_id,
            event.subject,
            event.version,
            event.kind,
            event.actor,
            event.at,
            event.data,
            hash,
            reason
        ]));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests;
