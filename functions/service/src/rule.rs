//! `/v1/call-rules`: which events lead to which calls.

use app::write::{Change, check_version, write};
use app::{auth, entity};
use domain::callback::Purpose;
use domain::id::Kind;
use ports::{Env, Sql};
use serde_json::{Map, Value, json};
use store::Entity;
use store::call_rules;
use store::services::Service;
use web::call_rule::CallRule;
use web::field::Fields;
use web::lang::{said, said_now};
use web::{Problem, Request, Response, view};

/// What a rule waits for, and what the call is then for. `customer` looks at who they are.
const PAIRS: [(&str, Purpose); 4] = [
    ("complaint.solved", Purpose::SolvedCase),
    ("order.completed", Purpose::PurchaseVisit),
    ("response.created", Purpose::Recovery),
    ("customer", Purpose::CorePeriodic),
];

pub(crate) async fn list(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    entity::list(env, request, &viewer, show_one).await
}

pub(crate) async fn show(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    entity::show(env, request, &viewer, id, show_one).await
}

pub(crate) async fn create(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    write(env, request, &manager, async || {
        let now = env.now();
        let it = call_rules::CallRule {
            id: Kind::CallRule.id(now, env.random()),
            site_id: manager.site_id.clone(),
            version: 1,
            is_active: true,
            created_at: now,
            updated_at: now,
            ..call_rules::CallRule::default()
        };
        let it = read(env, request.fields()?, it).await?;
        let answer = web::created(&format!("/v1/call-rules/{}", it.id), &show_one(&it))?;
        let change = Change::new("call_rule.created", &it.id, 1, data(&it), answer);
        Ok(change.and(call_rules::insert(&it).write()))
    })
    .await
}

pub(crate) async fn change(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    write(env, request, &manager, async || {
        let mut it = entity::find::<call_rules::CallRule>(env, &manager, id).await?;
        check_version(request, it.version)?;
        it.version += 1;
        it.updated_at = env.now();
        let it = read(env, request.fields()?, it).await?;
        let answer = web::response::ok_version(it.version, &show_one(&it))?;
        let change = Change::new("call_rule.updated", id, it.version, data(&it), answer);
        Ok(change.and(call_rules::update(&it).guarded()))
    })
    .await
}

async fn read(
    env: &impl Env,
    mut fields: Fields,
    mut it: call_rules::CallRule,
) -> Result<call_rules::CallRule, Problem> {
    it.event = fields.one_of("event", &PAIRS.map(|it| it.0), &it.event);
    // What it leads to follows from the event; whoever says it says the same.
    let purpose = PAIRS.iter().find(|(event, _)| *event == it.event);
    let purpose = purpose.map_or("", |(_, it)| it.name());
    let names = PAIRS.map(|(_, it)| it.name());
    it.purpose = fields.one_of("purpose", &names, purpose);
    if it.purpose != purpose && names.contains(&it.purpose.as_str()) && !purpose.is_empty() {
        let rule = said_now(
            format!("must be {purpose} after {}", it.event),
            format!("{} 对应的目的须为 {purpose}", it.event),
        );
        fields.refuse("purpose", rule);
    }
    it.service_id = fields.text("service_id", 1, 64, &it.service_id);
    it.is_active = fields.flag("is_active", it.is_active);
    let rule = CallRule::read(&mut fields, CallRule::stored(&it.definition));
    if !it.service_id.is_empty() {
        let found = env.sql().fetch(Service::by_id(&it.site_id, &it.service_id)).await?;
        if found.is_none() {
            let rule = said("must be a service of this site", "须为本站点的服务");
            fields.refuse("service_id", rule);
        }
    }
    fields.done()?;
    it.definition = view::text(&rule.show());
    Ok(it)
}

fn data(it: &call_rules::CallRule) -> Value {
    json!({
        "event": it.event,
        "purpose": it.purpose,
        "service_id": it.service_id,
        "is_active": it.is_active,
    })
}

fn show_one(it: &call_rules::CallRule) -> Map<String, Value> {
    let mut shown = CallRule::stored(&it.definition).show();
    for (name, value) in [
        ("id", json!(it.id)),
        ("event", json!(it.event)),
        ("purpose", json!(it.purpose)),
        ("service_id", json!(it.service_id)),
        ("is_active", json!(it.is_active)),
        ("version", json!(it.version)),
        ("created_at", json!(view::time(it.created_at))),
        ("updated_at", json!(view::time(it.updated_at))),
    ] {
        shown.insert(name.to_owned(), value);
    }
    shown
}
