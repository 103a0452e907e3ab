//! The trail of a case, and whether what was said is still what its events say.

use app::audit::walked;
use app::auth;
use http::Method;
use ports::{Env, Sql};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use store::case_texts::{self, Text};
use store::events::Logged;
use web::{Problem, Request, Response, view};

use crate::case::find;

/// Answers what comes after `…/audit`.
pub(crate) async fn trail(
    env: &impl Env,
    request: &Request,
    id: &str,
    what: &[&str],
) -> Result<Response, Problem> {
    if *request.method() != Method::GET || what != ["verify"] {
        return app::audit::trail(env, request, id, what).await;
    }
    let viewer = auth::viewer(env, request).await?;
    request.no_query()?;
    let case = find(env, &viewer, id).await?;
    let (events, verdict) = walked(env, &viewer, &case.id).await?;
    let texts = env.sql().fetch(case_texts::of_case(&case.id, false)).await?;
    let (held, broken) = check(&events, &texts);
    let is_intact = verdict.is_intact && broken.is_empty();
    let mut shown = json!(verdict);
    if let Some(shown) = shown.as_object_mut() {
        shown.insert("texts".to_owned(), held.into());
        shown.insert("texts_broken".to_owned(), broken.into());
        shown.insert("is_intact".to_owned(), is_intact.into());
    }
    web::response::ok_as_of(&shown, env.now())
}

/// How many texts are there as they were said, and the ids of those that are not: changed, taken
/// away, or put in by nobody. What was erased by a customer's wish is not held against anybody.
fn check(events: &[Logged], texts: &[Text]) -> (usize, Vec<String>) {
    let mut digests = Map::new();
    let is_erased = events.iter().any(|it| it.kind == "complaint.erased");
    for event in events {
        collect(&view::json(&event.data), &mut digests);
    }
    let (mut held, mut broken) = (0, Vec::new());
    for text in texts {
        let digest = digests.remove(&text.id);
        let is_gone = text.salt.is_empty() && text.text.is_empty();
        let own = Sha256::new().chain_update(&text.salt).chain_update(&text.text).finalize();
        let is_it = digest.as_ref().and_then(Value::as_str) == Some(&domain::id::hex(&own));
        if is_gone && is_erased && digest.is_some() {
            continue;
        }
        if is_it && !is_gone { held += 1 } else { broken.push(text.id.clone()) }
    }
    broken.extend(digests.into_iter().map(|(id, _)| id));
    (held, broken)
}

/// Collects what the data of an event says of texts, in itself or one below.
fn collect(data: &Value, into: &mut Map<String, Value>) {
    let id = data.get("text_id").and_then(Value::as_str);
    if let (Some(id), Some(digest)) = (id, data.get("digest")) {
        into.insert(id.to_owned(), digest.clone());
    }
    for it in data.as_object().into_iter().flat_map(Map::values).filter(|it| it.is_object()) {
        collect(it, into);
    }
}
