//! `/v1/agents`: the people who serve customers.

use app::callback::feed_token;
use app::case::book::is_built_in;
use app::link::{origin, secret};
use app::write::{Change, check_version, write};
use app::{auth, entity};
use domain::civil::parse_rfc3339;
use domain::id::{Kind, token_hash};
use domain::role::Role;
use ports::{Env, Sql};
use serde::Serialize;
use serde_json::{Value, json};
use store::Entity;
use store::agents::{self, Agent};
use store::call_feeds;
use store::departments::Department;
use web::field::Fields;
use web::lang::{Said, said};
use web::problem::Kind as Fault;
use web::{Problem, Request, Response, view};

/// Most skills of one agent.
const SKILLS_MAX: usize = 50;
/// Most absences of one agent.
const ABSENCES_MAX: usize = 50;
/// Most cases that one agent can have, and how many until somebody says.
const CAPACITY_MAX: i64 = 500;
const CAPACITY: i64 = 20;
/// Most languages of one agent, and most calls that they make on a day.
const LANGUAGES_MAX: usize = 20;
const CALLS_MAX: i64 = 200;

#[derive(Serialize)]
struct AgentView {
    id: String,
    name: String,
    department_id: Option<String>,
    skills: Value,
    is_active: bool,
    capacity: i64,
    is_specialist: bool,
    calendar_id: Option<String>,
    absences: Vec<AbsenceView>,
    /// What they speak on the phone; none is every language.
    languages: Value,
    calls_per_day: i64,
    /// Whether their calendar has a secret address.
    has_feed: bool,
    version: i64,
    created_at: String,
    updated_at: String,
}

#[derive(Serialize)]
struct AbsenceView {
    from: String,
    until: String,
}

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
        let it = Agent {
            id: Kind::Agent.id(now, env.random()),
            site_id: manager.site_id.clone(),
            version: 1,
            name: String::new(),
            department_id: String::new(),
            skills: "[]".to_owned(),
            is_active: true,
            capacity: CAPACITY,
            is_specialist: false,
            calendar_id: String::new(),
            absences: "[]".to_owned(),
            languages: "[]".to_owned(),
            calls_per_day: 0,
            feed: 0,
            created_at: now,
            updated_at: now,
        };
        let it = read(env, request.fields()?, it).await?;
        let answer = web::created(&format!("/v1/agents/{}", it.id), &show_one(&it))?;
        let change = Change::new("agent.created", &it.id, 1, data(&it), answer);
        Ok(change.and(agents::insert(&it).write()))
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
        let mut it = entity::find::<Agent>(env, &manager, id).await?;
        check_version(request, it.version)?;
        it.version += 1;
        it.updated_at = env.now();
        let it = read(env, request.fields()?, it).await?;
        let answer = web::response::ok_version(it.version, &show_one(&it))?;
        let change = Change::new("agent.updated", id, it.version, data(&it), answer);
        Ok(change.and(agents::update(&it).guarded()))
    })
    .await
}

/// Makes the secret address of somebody's calendar anew; the one before opens nothing any more.
pub(crate) async fn make_feed(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let (staff, secret) = (feed_staff(env, request, id).await?, secret(env).await?);
    request.no_query()?;
    let mut answer = write(env, request, &staff, async || {
        let mut it = entity::find::<Agent>(env, &staff, id).await?;
        check_version(request, it.version)?;
        it.version += 1;
        it.updated_at = env.now();
        it.feed = it.feed.abs() + 1;
        let answer = web::response::ok_version(it.version, &json!({ "feed": it.feed }))?;
        let change = Change::new("agent.updated", id, it.version, data(&it), answer);
        let set = call_feeds::set(id, token_hash(&feed_token(&secret, id, it.feed))).write();
        Ok(change.and(agents::update(&it).guarded()).and(set))
    })
    .await?;
    // What opens the calendar is kept nowhere: it is made of the secret again.
    let shown = std::str::from_utf8(answer.body()).map(view::json).unwrap_or_default();
    let number = shown.get("feed").and_then(Value::as_i64).unwrap_or(0);
    let url = format!("{}/feed/{}.ics", origin(request), feed_token(&secret, id, number));
    *answer.body_mut() = view::text(&json!({ "url": url })).into_bytes();
    Ok(answer)
}

/// Closes somebody's calendar.
pub(crate) async fn drop_feed(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let staff = feed_staff(env, request, id).await?;
    request.no_query()?;
    write(env, request, &staff, async || {
        let mut it = entity::find::<Agent>(env, &staff, id).await?;
        check_version(request, it.version)?;
        if it.feed <= 0 {
            return Err(Problem::not_found());
        }
        it.version += 1;
        it.updated_at = env.now();
        // Its number is not used again: the address would be the same.
        it.feed = -it.feed;
        let change = Change::new("agent.updated", id, it.version, data(&it), web::no_content());
        Ok(change.and(agents::update(&it).guarded()).and(call_feeds::drop(id).write()))
    })
    .await
}

/// Managers, and the agent whose calendar it is.
async fn feed_staff(env: &impl Env, request: &Request, id: &str) -> Result<auth::Agent, Problem> {
    let (agent, role) = auth::agent_as(env, request).await?;
    if role < Role::Manager && agent.agent_id != id {
        return Err(Problem::new(Fault::Forbidden));
    }
    Ok(agent)
}

async fn read(env: &impl Env, mut fields: Fields, mut it: Agent) -> Result<Agent, Problem> {
    it.name = fields.text("name", 1, 80, &it.name);
    it.department_id = fields.text("department_id", 0, 64, &it.department_id);
    it.is_active = fields.flag("is_active", it.is_active);
    if let Some(skills) = fields.texts("skills", SKILLS_MAX, is_tag, &tag_rule) {
        it.skills = view::text(&skills);
    }
    it.capacity = fields.integer("capacity", 0, CAPACITY_MAX, Some(it.capacity));
    it.is_specialist = fields.flag("is_specialist", it.is_specialist);
    it.calendar_id = fields.text("calendar_id", 0, 64, &it.calendar_id);
    if fields.has("absences") {
        it.absences = absences(&mut fields);
    }
    if let Some(tags) = fields.texts("languages", LANGUAGES_MAX, is_primary, &primary_rule) {
        it.languages = view::text(&tags);
    }
    it.calls_per_day = fields.integer("calls_per_day", 0, CALLS_MAX, Some(it.calls_per_day));
    if !it.department_id.is_empty() {
        let found = Department::by_id(&it.site_id, &it.department_id);
        if env.sql().fetch(found).await?.is_none() {
            let rule = said("must be a department of this site", "须为本站点的部门");
            fields.refuse("department_id", rule);
        }
    }
    let calendar = agents::has_calendar(&it.site_id, &it.calendar_id);
    let is_own = !it.calendar_id.is_empty() && !is_built_in(&it.calendar_id);
    if is_own && !env.sql().fetch(calendar).await? {
        let rule = said("must be a calendar of this site", "须为本站点的日历");
        fields.refuse("calendar_id", rule);
    }
    fields.done()?;
    Ok(it)
}

/// Pairs of instants, as the database has them.
fn absences(fields: &mut Fields) -> String {
    let mut pairs = Vec::new();
    for mut one in fields.objects("absences", 0, ABSENCES_MAX) {
        let mut instant = |name: &str| {
            let text = one.text(name, 1, 40, "");
            let at = parse_rfc3339(&text);
            if at.is_none() && !text.is_empty() {
                let rule = said(
                    "must be a time such as 2026-02-14T09:00:00+08:00",
                    "须为时间，例如 2026-02-14T09:00:00+08:00",
                );
                one.refuse(name, rule);
            }
            at
        };
        if let (Some(from), Some(until)) = (instant("from"), instant("until")) {
            if until <= from {
                one.refuse("until", said("must be after from", "须晚于 from"));
            }
            pairs.push([from, until]);
        }
        fields.absorb(one);
    }
    view::text(&pairs)
}

fn is_tag(text: &str) -> bool {
    domain::text::clean(text, 1, 40).is_ok_and(|it| it == text)
}

fn tag_rule() -> Said {
    said("must be a tag of 1 to 40 characters", "须为 1 到 40 个字符的标签")
}

/// Whether this is the first part of a language tag (BCP 47).
fn is_primary(text: &str) -> bool {
    (2..=3).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_lowercase())
}

fn primary_rule() -> Said {
    said("must be a primary language tag such as zh or en", "须为主语言标签，例如 zh 或 en")
}

/// An employee's name and absences are personal: events tell the rest.
fn data(it: &Agent) -> Value {
    json!({
        "department_id": it.department_id,
        "skills": view::json(&it.skills),
        "is_active": it.is_active,
        "capacity": it.capacity,
        "is_specialist": it.is_specialist,
        "calendar_id": it.calendar_id,
        "languages": view::json(&it.languages),
        "calls_per_day": it.calls_per_day,
        "has_feed": 0 < it.feed,
    })
}

fn show_one(it: &Agent) -> AgentView {
    AgentView {
        id: it.id.clone(),
        name: it.name.clone(),
        department_id: view::some(&it.department_id).map(str::to_owned),
        skills: view::json(&it.skills),
        is_active: it.is_active,
        capacity: it.capacity,
        is_specialist: it.is_specialist,
        calendar_id: view::some(&it.calendar_id).map(str::to_owned),
        absences: show_absences(&view::json(&it.absences)),
        languages: view::json(&it.languages),
        calls_per_day: it.calls_per_day,
        has_feed: 0 < it.feed,
        version: it.version,
        created_at: view::time(it.created_at),
        updated_at: view::time(it.updated_at),
    }
}

fn show_absences(pairs: &Value) -> Vec<AbsenceView> {
    let time = |it: Option<&Value>| view::time(it.and_then(Value::as_i64).unwrap_or(0));
    let pairs = pairs.as_array().into_iter().flatten();
    pairs.map(|it| AbsenceView { from: time(it.get(0)), until: time(it.get(1)) }).collect()
}
