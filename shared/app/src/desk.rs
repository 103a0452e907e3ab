//! `POST /v1/studies/{id}/responses`: what was answered away from any screen, typed in by staff.

use domain::id::hex;
use domain::survey::Definition;
use domain::touchpoint::{CHANNELS, GROUPS};
use ports::{Corrupt, Env, Sql};
use serde_json::Map;
use store::responses::{self, Submission};
use store::studies::{self, Public, Study};
use store::{agents, customers};
use web::field::Fields;
use web::lang::said;
use web::survey::{Answers, Told, answers, hidden, is_language, language_rule};
use web::{Problem, Request, Response, view};

use crate::auth::{self, Staff};
use crate::response::{Desk, Draft, fingerprint, join_contacts, row, screened, show, taken_before};
use crate::write::{DELIVER, key_reused, mark_replayed, request_hash};
use crate::{answered, entity};

/// Where components of ours hand such answers over: `POST …/{study}/responses`.
pub const URL: &str = "http://response.spin.internal/v1/studies";

/// How staff come by answers; `api` is what another system took.
const SOURCES: [&str; 5] = ["interview", "mystery_shopper", "paper", "phone", "api"];
/// How long forms may lie about: two years and a leap day.
const DAYS_MAX: i64 = 731;

/// Takes one response. As with a visitor's, one statement takes it, and its key is taken for
/// good.
pub async fn create(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    request.no_query()?;
    let hash = request_hash(request)?;
    let key = match request.idempotency_key()? {
        Some(key) => format!("staff:{}:{key}", agent.actor),
        None => domain::id::token("once:", env.random()),
    };
    let mut fields = request.fields()?;
    let version = fields.integer("version", 1, i64::MAX, Some(0));
    let public = published(env, &agent, id, version, &mut fields).await?;
    let definition = view::object(&public.definition)
        .map(|members| web::survey::read(&mut Fields::new(members)))
        .ok_or_else(|| Corrupt("a published definition is not JSON".to_owned()))?;
    let desk = Desk {
        site_id: &agent.site_id,
        zone: crate::zone(&public.zone)?,
        study_id: id,
        version: if version == 0 { public.published } else { version },
        definition: &definition,
        actor: &agent.actor,
        received_at: env.now(),
    };
    let source = fields.one_of("source", &SOURCES, "");
    let draft = read(env, fields, &desk, key, hash).await?;
    let (ours, row) = row(&desk, draft, [env.random(), env.random()]);
    let submission = Submission {
        rows: view::text(&[row]),
        site_id: &agent.site_id,
        study_id: id,
        source: &source,
        actor: &agent.actor,
    };
    let rows = env.sql().rows(responses::import(&submission)).await?;
    env.hurry(DELIVER);
    let before =
        responses::taken_before(rows)?.ok_or_else(|| Problem::new(web::Kind::NotPublished))?;
    let first = taken_before(&before).into_iter().next();
    if first.as_ref().is_some_and(|it| it.request_hash != hex(&hash)) {
        return Err(key_reused());
    }
    let taken = first.as_ref().map_or(&ours, |it| &it.id);
    let found = env.sql().fetch(responses::by_id(id, taken)).await?;
    let mut found = found.ok_or_else(Problem::not_found)?;
    join_contacts(env, std::slice::from_mut(&mut found)).await?;
    let shown = show(&found);
    let mut answer = web::created(&format!("/v1/studies/{id}/responses/{taken}"), &shown)?;
    if first.is_some() {
        mark_replayed(&mut answer);
    }
    Ok(answer)
}

/// The version that was answered; 0 is the newest.
async fn published(
    env: &impl Env,
    agent: &Staff,
    id: &str,
    version: i64,
    fields: &mut Fields,
) -> Result<Public, Problem> {
    let study: Study = entity::find(env, agent, id).await?;
    if study.published == 0 {
        return Err(Problem::new(web::Kind::NotPublished));
    }
    let known = if version <= study.published { version } else { 0 };
    if known != version {
        fields.refuse("version", said("is not published", "尚未发布"));
    }
    let found = env.sql().fetch(studies::public(id, known)).await?;
    found.ok_or_else(|| Problem::new(web::Kind::NotPublished))
}

/// Reads the body. Nobody was timed, so nobody was too fast.
async fn read(
    env: &impl Env,
    mut fields: Fields,
    desk: &Desk<'_>,
    key: String,
    request_hash: [u8; 32],
) -> Result<Draft, Problem> {
    let channel = fields.one_of_or_none("channel", &CHANNELS, "");
    let mut group = fields.one_of_or_none("group", &GROUPS, "");
    let language = fields.text("language", 0, 35, &desk.definition.default_language);
    if !is_language(&language) {
        fields.refuse("language", language_rule());
    }
    let mut customer_id = String::new();
    let customer = fields.text("customer", 0, 80, "");
    if !customer.is_empty() {
        match env.sql().fetch(customers::named(desk.site_id, &customer)).await? {
            Some((id, their_group)) => {
                customer_id = id;
                if group.is_empty() {
                    group = their_group;
                }
            }
            None => fields.refuse(
                "customer",
                said("must be a customer's id, ours or yours", "须为已有客户的编号或外部编号"),
            ),
        }
    }
    let agent_id = fields.text("agent_id", 0, 64, "");
    if !agent_id.is_empty() {
        let known = agents::known(desk.site_id, &view::text(&[&agent_id]));
        if env.sql().fetch(known).await?.is_empty() {
            fields.refuse("agent_id", said("must be the id of an agent", "须为已有员工的编号"));
        }
    }
    let text = fields.text("answered_at", 0, 40, "");
    let now = desk.received_at;
    let answered_at = answered::read(&mut fields, &text, desk.zone, now, Some(DAYS_MAX));
    let mut told = Told { language, group, channel, ..Told::default() };
    if let Some(mut nested) = fields.object("hidden") {
        told.hidden = hidden(desk.definition, &mut nested);
        fields.absorb(nested);
    }
    let given = given(&mut fields, &told, desk.definition);
    fields.done()?;
    Ok(Draft {
        key,
        request_hash,
        customer_id,
        agent_id,
        fingerprint: fingerprint(desk, &given),
        screened: screened(desk, &given, &told.language, None),
        channel: told.channel,
        group: told.group,
        language: told.language,
        answers: given,
        answered_at,
    })
}

fn given(fields: &mut Fields, told: &Told, definition: &Definition) -> Answers {
    let is_empty = fields
        .peek("answers")
        .is_none_or(|it| it.is_null() || it.as_object().is_some_and(Map::is_empty));
    let mut given = Answers::default();
    if is_empty {
        fields.take("answers");
        fields.refuse("answers", said("needs at least one answer", "至少需要一个回答"));
    } else if let Some(mut nested) = fields.object("answers") {
        given = answers(definition, told, &mut nested);
        fields.absorb(nested);
    }
    given
}
