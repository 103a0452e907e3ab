//! `POST /v1/sources/{id}/try`: a message is mapped and not kept.

use app::ingest::{Draft, Mistake, Outcome, Rule, Scene, checked, draft, follow};
use app::{auth, entity};
use domain::inbound::Target;
use domain::zone::Zone;
use ports::{Env, Sql};
use serde::Serialize;
use serde_json::{Map, Value};
use store::inbound::{self, Known, Names};
use store::sources::Source;
use web::lang::said;
use web::{Problem, Request, Response, view};

#[derive(Serialize)]
struct AttemptView {
    state: &'static str,
    /// The number of the rule that takes it.
    rule: Option<usize>,
    rules: Vec<RuleView>,
    items: Vec<ItemView>,
    mistakes: Vec<Value>,
}

#[derive(Serialize)]
struct RuleView {
    to: &'static str,
    holds: bool,
}

/// What would be made.
#[derive(Serialize)]
struct ItemView {
    item: Option<usize>,
    to: &'static str,
    /// What the rule reads in it.
    fields: Map<String, Value>,
    /// What is there already and so would not be made: its id.
    repeats: Option<String>,
    makes_customer: bool,
}

/// Says which rule takes a message, what it reads in it, and what would become of it. Whether
/// answers fit their questions is seen only when it comes.
pub(crate) async fn attempt(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    request.no_query()?;
    let source = entity::find::<Source>(env, &manager, id).await?;
    let content = request.value()?;
    let site = app::site(env, &manager.site_id).await?;
    let rules = checked(&source.rules);
    let mut mistakes = Vec::new();
    let zone = app::zone(&site.zone)?;
    let outcome = follow(&rules, &content);
    let drafts = drafts(&rules, &outcome, (&source, zone, env.now()), &mut mistakes);
    let known = inbound::known(&source.site_id, &names(&drafts));
    let known = env.sql().fetch(known).await?;
    let mut shown = AttemptView {
        state: "ignored",
        rule: rules.iter().position(|it| it.holds(&content)),
        rules: Vec::new(),
        items: Vec::new(),
        mistakes: Vec::new(),
    };
    for rule in &rules {
        shown.rules.push(RuleView { to: rule.to.name(), holds: rule.holds(&content) });
    }
    for draft in drafts {
        check(&rules, &draft, &known, &mut mistakes);
        shown.items.push(show(draft, &known));
    }
    if shown.rule.is_some() {
        shown.state = if mistakes.is_empty() { "mapped" } else { "failed" };
    }
    for mistake in &mistakes {
        shown.mistakes.push(Mistake::shown(&mistake.stored(), request.lang()));
    }
    web::ok(&shown)
}

fn drafts(
    rules: &[Rule],
    outcome: &Outcome,
    (source, zone, now): (&Source, Zone, i64),
    mistakes: &mut Vec<Mistake>,
) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let Outcome::Taken(items, wrong) = outcome else { return drafts };
    mistakes.extend(wrong.iter().cloned());
    let (site_id, source_id) = (source.site_id.as_str(), source.id.as_str());
    let scene = Scene { site_id, source_id, zone, now, received_at: now, once: "" };
    for item in items {
        if let Some(rule) = rules.get(item.rule) {
            drafts.push(draft(item.clone(), rule, scene, mistakes));
        }
    }
    drafts
}

/// Everything that is named, under whatever name.
fn names(drafts: &[Draft]) -> Names {
    let of = |name: fn(&Draft) -> &String| view::text(&drafts.iter().map(name).collect::<Vec<_>>());
    Names {
        customers: of(|it| &it.customer),
        touchpoints: of(|it| &it.touchpoint_id),
        agents: of(|it| &it.agent_id),
        orders: of(|it| &it.once),
        messages: of(|it| &it.once),
        responses: of(|it| &it.once),
        measurements: of(|it| &it.once),
    }
}

fn check(rules: &[Rule], draft: &Draft, known: &[Known], mistakes: &mut Vec<Mistake>) {
    let Some(rule) = rules.get(draft.item.rule) else { return };
    for (kind, field, id) in [
        ("touchpoint", "touchpoint_id", &draft.touchpoint_id),
        ("agent", "agent_id", &draft.agent_id),
    ] {
        if !id.is_empty() && !known.iter().any(|it| it.kind == kind && it.name == *id) {
            let detail = said("is not the id of one of this site", "不是本站点已有的编号");
            mistakes.push(Mistake::of(&draft.item, rule, field, detail));
        }
    }
}

fn show(draft: Draft, known: &[Known]) -> ItemView {
    let kind = match draft.item.to {
        Target::Order => "order",
        Target::Ticket | Target::Message => "message",
        Target::Rating => "response",
        Target::Measurement => "measurement",
    };
    let find = |kind: &str, name: &str| known.iter().find(|it| it.kind == kind && it.name == name);
    ItemView {
        item: draft.item.at,
        to: draft.item.to.name(),
        repeats: find(kind, &draft.once).map(|it| it.id.clone()),
        makes_customer: !draft.customer.is_empty() && find("customer", &draft.customer).is_none(),
        fields: draft.item.values,
    }
}
