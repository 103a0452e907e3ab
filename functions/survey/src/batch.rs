//! Many responses in one call, as a widget's queue sends them: each is judged by itself, and all
//! that are good are taken by one statement.

use app::intake::published::Published;
use app::intake::{Call, Ready, content_hash, public};
use domain::id::derived_pair;
use ports::Env;
use serde_json::{Value, json};
use web::field::Fields;
use web::lang::{Lang, said};
use web::problem::Kind;
use web::request::IDEMPOTENCY_KEY_CHARS_MAX;
use web::{Problem, Response, view};

/// The most responses of one call.
const RESPONSES_MAX: usize = 100;

/// Takes all that can be taken. `None`: what `published` says is no longer so.
pub(crate) async fn take(
    call: &Call<'_>,
    env: &impl Env,
    published: &Published,
    mut fields: Fields,
) -> Result<Option<Response>, Problem> {
    let guard = call.guard(env).await?;
    let desk = published.desk(call.survey_id, env.now());
    fields.integer("version", 1, i64::MAX, Some(desk.version));
    let responses = fields.objects("responses", 1, RESPONSES_MAX);
    fields.done()?;
    let mut rows = Vec::with_capacity(responses.len());
    let mut items = Vec::with_capacity(responses.len());
    // One call of the host for all of them.
    let seed = env.random();
    for (at, mut fields) in responses.into_iter().enumerate() {
        let hash = content_hash(call.survey_id, &fields);
        let key = fields.text("key", 1, IDEMPOTENCY_KEY_CHARS_MAX, "");
        let random = derived_pair(seed, at);
        let mut ready = Ready::read(&guard, &desk, fields, (public(&key), hash), random);
        if let Ok(ready) = &mut ready {
            rows.push(ready.row.take());
        }
        items.push((key, ready));
    }
    let mut told = Vec::new();
    if !rows.is_empty() {
        match call.store(env, published, &guard, view::text(&rows)).await? {
            Some(all) => told = all,
            None => return Ok(None),
        }
    }
    let lang = call.request.lang();
    let mut results = Vec::with_capacity(items.len());
    for (key, ready) in items {
        results.push(match ready.and_then(|it| it.settle(&guard, &desk, &told)) {
            Ok(it) => {
                let outcome = if it.is_repeated { "repeated" } else { "taken" };
                json!({ "key": key, "outcome": outcome, "id": it.taken.id })
            }
            Err(problem) => refused(&key, problem, lang),
        });
    }
    let results = Value::Array(results);
    web::ok(&json!({ "survey_id": call.survey_id, "results": results })).map(Some)
}

/// What is told of a response that was not taken.
fn refused(key: &str, problem: Problem, lang: Lang) -> Value {
    let problem = problem.into_parts();
    let mut errors: Vec<Value> = problem.mistakes.iter().map(|it| it.body(lang)).collect();
    let detail = || problem.detail.as_ref().map(|it| it.text(lang));
    match problem.kind {
        Kind::IdempotencyKeyReused => {
            let rule = said("this key was used for another response", "此 key 已用于另一份答卷");
            errors.push(json!({ "pointer": "/key", "detail": rule.text(lang) }));
        }
        Kind::LinkUsed | Kind::LinkExpired => {
            let rule = said("was used, or has expired", "已使用或已过期");
            errors.push(json!({ "pointer": "/link", "detail": rule.text(lang) }));
        }
        Kind::FormToken => errors.push(json!({ "pointer": "/form_token", "detail": detail() })),
        Kind::ProofNeeded => errors.push(json!({ "pointer": "/proof", "detail": detail() })),
        // It is good, and may come again.
        Kind::TooManyRequests => {
            let seconds = problem.retry_after_s;
            return json!({ "key": key, "outcome": "delayed", "retry_after": seconds });
        }
        _ => {}
    }
    json!({ "key": key, "outcome": "refused", "errors": errors })
}
