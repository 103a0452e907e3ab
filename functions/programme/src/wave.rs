//! Waves as staff look at them: what was planned, who was invited, who answered.

use app::link::{self, Link};
use app::{auth, entity, rows};
use domain::civil::date;
use domain::score::ratio;
use domain::touchpoint::GROUPS;
use ports::{Env, Sql};
use serde::Serialize;
use serde_json::{Value, json};
use store::invitations::{self, Invitation};
use store::programmes::Programme;
use store::waves::{self, Wave};
use web::page::Page;
use web::{Problem, Request, Response, view};

/// The states of an invitation, as in JSON.
const STATES: [&str; 3] = ["invited", "reminded", "answered"];

#[derive(Serialize)]
struct WaveView {
    id: String,
    programme_id: String,
    study_id: String,
    number: i64,
    state: String,
    /// The day for which it was due, in the site's zone.
    due_on: String,
    opened_at: String,
    closes_at: String,
    /// How many rounds of reminders are done.
    reminders: i64,
    /// What was planned, and what the draw found.
    plan: Value,
}

/// How well a wave covers a group.
#[derive(Serialize)]
struct GroupView {
    group: &'static str,
    planned: i64,
    /// How many customers the group had when the wave was drawn, and how many could be asked.
    customers: i64,
    may_ask: i64,
    invited: i64,
    answered: i64,
    /// Answered of those who were invited, in percent.
    rate: Option<f64>,
    /// How many the plan lacks.
    missing: i64,
    /// Customers of the group whom this wave did not invite.
    not_invited: i64,
}

#[derive(Serialize)]
struct InvitationView {
    id: String,
    /// Null once the customer was erased.
    customer_id: Option<String>,
    group: String,
    language: Option<String>,
    state: &'static str,
    /// The customer's own link; null once there is nothing more to answer.
    url: Option<String>,
    invited_at: Option<String>,
    reminded_at: Option<String>,
    answered_at: Option<String>,
}

/// The waves of a programme, newest first.
pub(crate) async fn list(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    let page = request.page()?;
    let programme = entity::find::<Programme>(env, &viewer, id).await?;
    let after = page.after.parse().unwrap_or(i64::MAX);
    let query = waves::of(&viewer.site_id, &programme.id, after, page.rows());
    page.show(env.sql().fetch(query).await?, |it| it.number.to_string(), show_one)
}

/// A wave with its coverage, as it is now.
pub(crate) async fn show(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    request.no_query()?;
    let wave = entity::find::<Wave>(env, &viewer, id).await?;
    let counts = env.sql().fetch(invitations::coverage(&wave.site_id, &wave.id)).await?;
    let mut shown = json!(show_one(&wave));
    if let Some(members) = shown.as_object_mut() {
        members.remove("plan");
        members.insert("groups".to_owned(), json!(coverage(&wave.plan, &counts)));
    }
    web::response::ok_as_of(&shown, env.now())
}

fn coverage(plan: &str, counts: &[(String, u64, u64)]) -> Vec<GroupView> {
    let plan = view::json(plan);
    let mut groups = Vec::with_capacity(GROUPS.len());
    for group in GROUPS {
        let found = counts.iter().find(|(it, ..)| it == group);
        let (invited, answered) = found.map_or((0, 0), |it| (signed(it.1), signed(it.2)));
        let of = |name: &str| {
            plan.get(group).and_then(|it| it.get(name)).and_then(Value::as_i64).unwrap_or(0)
        };
        groups.push(GroupView {
            group,
            planned: of("planned"),
            customers: of("customers"),
            may_ask: of("may_ask"),
            invited,
            answered,
            rate: ratio(i128::from(answered) * 100, invited.unsigned_abs(), 1),
            missing: (of("planned") - invited).max(0),
            not_invited: (of("customers") - invited).max(0),
        });
    }
    groups
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Those whom a wave invited, each with their own link.
pub(crate) async fn invitations(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    // Whoever has a link can answer for that customer.
    let agent = auth::agent(env, request).await?;
    let mut query = request.query();
    let state = query.parse(
        "state",
        |it| STATES.into_iter().find(|state| *state == it),
        || web::field::one_of_rule(&STATES),
    );
    let page = Page::read(&mut query);
    query.done()?;
    let wave = entity::find::<Wave>(env, &agent, id).await?;
    let state = state.unwrap_or("");
    let query = invitations::list(&wave.site_id, &wave.id, state, &rows(&page));
    let found = env.sql().fetch(query).await?;
    let secret = link::secret(env).await?;
    let origin = link::origin(request);
    page.show(found, |it| it.id.clone(), |it| show_invitation(it, &wave, &secret, &origin))
}

/// One of them.
pub(crate) async fn invitation(
    env: &impl Env,
    request: &Request,
    id: &str,
    one: &str,
) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    request.no_query()?;
    let wave = entity::find::<Wave>(env, &agent, id).await?;
    let found = env.sql().fetch(invitations::by_id(&wave.site_id, &wave.id, one)).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    let secret = link::secret(env).await?;
    web::ok(&show_invitation(&found, &wave, &secret, &link::origin(request)))
}

fn show_invitation(it: &Invitation, wave: &Wave, secret: &str, origin: &str) -> InvitationView {
    let state = match (it.answered_at, it.reminded_at) {
        (Some(_), _) => "answered",
        (None, Some(_)) => "reminded",
        (None, None) => "invited",
    };
    let is_over = it.answered_at.is_some() || it.customer_id.is_empty() || wave.state == "closed";
    let own = Link {
        survey_id: &wave.study_id,
        nonce: &it.nonce,
        expires_at: wave.closes_at,
        is_single_use: true,
        customer_id: &it.customer_id,
        group: &it.group,
        language: &it.language,
        invitation_id: &it.id,
    };
    InvitationView {
        id: it.id.clone(),
        customer_id: view::some(&it.customer_id).map(str::to_owned),
        group: it.group.clone(),
        language: view::some(&it.language).map(str::to_owned),
        state,
        url: (!is_over).then(|| own.url(secret, origin)),
        invited_at: view::time_or_null(it.invited_at),
        reminded_at: view::time_or_null(it.reminded_at),
        answered_at: view::time_or_null(it.answered_at),
    }
}

fn show_one(it: &Wave) -> WaveView {
    WaveView {
        id: it.id.clone(),
        programme_id: it.programme_id.clone(),
        study_id: it.study_id.clone(),
        number: it.number,
        state: it.state.clone(),
        due_on: date(i32::try_from(it.day).unwrap_or_default()),
        opened_at: view::time(it.opened_at),
        closes_at: view::time(it.closes_at),
        reminders: it.reminders,
        plan: view::json(&it.plan),
    }
}
