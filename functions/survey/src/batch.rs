//! Many responses in one call, as a widget's queue sends them: each is judged by itself, and all
//! that are good are taken by one statement.

use app::intake::published::Published;
use app::intake::{Call, body, public};
use app::response::row;
use domain::id::hex;
use ports::Env;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use web::field::Fields;
use web::lang::said;
use web::problem::{Mistake, Place};
use web::request::IDEMPOTENCY_KEY_CHARS_MAX;
use web::{Problem, Response, view};

/// The most responses of one call.
const RESPONSES_MAX: usize = 100;

/// One of the responses, in the order in which they came.
enum Item {
    /// Handed to the statement, under this id, with this hash.
    Sent { key: String, id: String, hash: [u8; 32] },
    /// Not fit to be taken.
    Refused { key: String, mistakes: Vec<Mistake> },
}

/// Takes all that can be taken. `None`: what `published` says is no longer so.
pub(crate) async fn take(
    call: &Call<'_>,
    env: &impl Env,
    published: &Published,
    mut fields: Fields,
) -> Result<Option<Response>, Problem> {
    let desk = published.desk(call.survey_id, env.now());
    fields.integer("version", 1, i64::MAX, Some(desk.version));
    let responses = fields.objects("responses", 1, RESPONSES_MAX);
    fields.done()?;
    let mut rows = Vec::with_capacity(responses.len());
    let mut items = Vec::with_capacity(responses.len());
    for mut fields in responses {
        // Before the key is taken out: it is part of what a repetition must repeat.
        let hash = content_hash(call.survey_id, &fields);
        let key = fields.text("key", 1, IDEMPOTENCY_KEY_CHARS_MAX, "");
        match body::read(fields, &desk, public(&key), hash) {
            Ok(draft) => {
                let (id, row) = row(&desk, draft, [env.random(), env.random()]);
                rows.push(row);
                items.push(Item::Sent { key, id, hash });
            }
            Err(problem) => {
                items.push(Item::Refused { key, mistakes: problem.into_parts().mistakes });
            }
        }
    }
    let mut before = Vec::new();
    if !rows.is_empty() {
        match call.store(env, published, view::text(&rows)).await? {
            Some(found) => before = found,
            None => return Ok(None),
        }
    }
    let lang = call.request.lang();
    let mut results = Vec::with_capacity(items.len());
    for item in items {
        results.push(match item {
            Item::Refused { key, mistakes } => {
                let mut errors = Vec::with_capacity(mistakes.len());
                for it in &mistakes {
                    let (Place::Pointer(place) | Place::Parameter(place)) = &it.place else {
                        continue;
                    };
                    errors.push(json!({ "pointer": place, "detail": it.detail.text(lang) }));
                }
                json!({ "key": key, "outcome": "refused", "errors": errors })
            }
            Item::Sent { key, id, hash } => match before.iter().find(|it| it.instead_of == id) {
                None => json!({ "key": key, "outcome": "taken", "id": id }),
                Some(first) if first.request_hash == hex(&hash) => {
                    json!({ "key": key, "outcome": "repeated", "id": first.id })
                }
                Some(_) => {
                    let detail =
                        said("this key was used for another response", "此 key 已用于另一份答卷");
                    let error = json!({ "pointer": "/key", "detail": detail.text(lang) });
                    json!({ "key": key, "outcome": "refused", "errors": [error] })
                }
            },
        });
    }
    let results = Value::Array(results);
    web::ok(&json!({ "survey_id": call.survey_id, "results": results })).map(Some)
}

/// What tells a repetition from another response under the same key.
fn content_hash(survey_id: &str, fields: &Fields) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(survey_id.as_bytes());
    for name in fields.names() {
        if let Some(value) = fields.peek(&name) {
            hasher.update(view::text(&(name, value)).as_bytes());
        }
    }
    hasher.finalize().into()
}
