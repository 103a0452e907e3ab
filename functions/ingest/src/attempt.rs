//! `POST /v1/sources/{id}/try`: a message is mapped and not kept.

use app::ingest::{Mistake, Outcome, follow, stored};
use app::{auth, entity};
use ports::Env;
use serde_json::{Value, json};
use store::sources::Source;
use web::{Kind, Problem, Request, Response};

use crate::plan::{Reader, Work, plan};
use crate::settle::attempted;

/// Says which rule takes a message, what it reads in it, and what would become of it.
pub(crate) async fn attempt(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    request.no_query()?;
    let source = entity::find::<Source>(env, &manager, id).await?;
    let content: Value = serde_json::from_slice(request.body()?)
        .map_err(|error| Problem::new(Kind::MalformedBody).caused_by(error))?;
    let site = app::site(env, &manager.site_id).await?;
    let reader = Reader {
        source_id: id.to_owned(),
        site_id: manager.site_id.clone(),
        zone: app::zone(&site.zone)?,
        rules: stored(&source.rules),
    };
    let message = attempted(id, &manager.site_id, env.now(), &content);
    let outcome = follow(&reader.rules, &content);
    let (taken, items) = match &outcome {
        Outcome::Ignored => (None, Vec::new()),
        Outcome::Taken(items, _) => {
            let first = items.first().map(|it| it.rule);
            let shown = |it: &app::ingest::Item| json!({ "item": it.at, "fields": it.values });
            (first, items.iter().map(shown).collect())
        }
    };
    let is_ignored = matches!(outcome, Outcome::Ignored);
    let rules: Vec<Value> = reader
        .rules
        .iter()
        .map(|it| json!({ "to": it.to.name(), "holds": it.holds(&content) }))
        .collect();
    let work = Work { message: &message, reader: &reader, content, outcome };
    let planned = plan(env, vec![work]).await?;
    let result = planned.results.into_iter().next().unwrap_or(Ok(Vec::new()));
    let lang = request.lang();
    let (state, became, mistakes) = match result {
        _ if is_ignored => ("ignored", Vec::new(), Vec::new()),
        Ok(became) => ("mapped", became, Vec::new()),
        Err(mistakes) => {
            let shown = |it: &Mistake| Mistake::shown(&it.stored(), lang);
            ("failed", Vec::new(), mistakes.iter().map(shown).collect())
        }
    };
    web::ok(&json!({
        "state": state,
        "rule": taken,
        "rules": rules,
        "items": items,
        "became": became.into_iter().map(without_id).collect::<Vec<_>>(),
        "mistakes": mistakes,
    }))
}

/// What would be made has no id: nothing is made.
fn without_id(mut it: Value) -> Value {
    if it.get("is_repeated") == Some(&Value::Bool(false))
        && let Some(members) = it.as_object_mut()
    {
        members.remove("id");
    }
    it
}
