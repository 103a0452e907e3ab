//! `POST /v1/sources/{id}/try`: a message is mapped and not kept.

use app::ingest::{Mistake, Outcome, follow, stored};
use app::{auth, entity};
use ports::Env;
use serde::Serialize;
use serde_json::{Map, Value};
use store::sources::Source;
use web::{Kind, Problem, Request, Response};

use crate::plan::{Reader, Work, plan};
use crate::settle::attempted;

#[derive(Serialize)]
struct AttemptView {
    state: &'static str,
    /// The number of the rule that takes it.
    rule: Option<usize>,
    rules: Vec<RuleView>,
    items: Vec<ItemView>,
    became: Vec<Value>,
    mistakes: Vec<Value>,
}

#[derive(Serialize)]
struct RuleView {
    to: &'static str,
    holds: bool,
}

#[derive(Serialize)]
struct ItemView {
    item: Option<usize>,
    fields: Map<String, Value>,
}

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
    let mut shown = show(&reader, &content, &outcome);
    let work = Work { message: &message, reader: &reader, content, outcome };
    let planned = plan(env, vec![work]).await?;
    let lang = request.lang();
    for result in planned.results.into_iter().take(usize::from(shown.rule.is_some())) {
        match result {
            Ok(became) => {
                shown.state = "mapped";
                shown.became.extend(became.into_iter().map(without_id));
            }
            Err(mistakes) => {
                shown.state = "failed";
                let all = mistakes.iter().map(|it| Mistake::shown(&it.stored(), lang));
                shown.mistakes.extend(all);
            }
        }
    }
    web::ok(&shown)
}

fn show(reader: &Reader, content: &Value, outcome: &Outcome) -> AttemptView {
    let mut shown = AttemptView {
        state: "ignored",
        rule: reader.rules.iter().position(|it| it.holds(content)),
        rules: Vec::new(),
        items: Vec::new(),
        became: Vec::new(),
        mistakes: Vec::new(),
    };
    for rule in &reader.rules {
        shown.rules.push(RuleView { to: rule.to.name(), holds: rule.holds(content) });
    }
    if let Outcome::Taken(items, _) = outcome {
        for it in items {
            shown.items.push(ItemView { item: it.at, fields: it.values.clone() });
        }
    }
    shown
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
