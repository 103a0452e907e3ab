//! Taking responses: what the public submits and what staff import become the same rows.

use domain::event::{Event, ORIGIN};
use domain::id::{Kind, hex};
use domain::survey::Definition;
use domain::zone::Zone;
use domain::{UtcMs, civil};
use ports::Env;
use serde_json::{Value, json};
use web::survey::Answers;
use web::view;

/// Where and by whom responses are taken.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// The site.
    pub site_id: &'a str,
    /// The site's zone, in which its days begin.
    pub zone: Zone,
    /// The study.
    pub study_id: &'a str,
    /// The version that is answered.
    pub version: i64,
    /// Its definition.
    pub definition: &'a Definition,
    /// The event's actor.
    pub actor: &'a str,
    /// Now.
    pub received_at: UtcMs,
}

/// One response, checked and not yet stored.
#[derive(Debug)]
pub struct Draft {
    /// The client's own name for it; the same one is never taken twice.
    pub key: String,
    /// What was asked for, to tell a repetition from a reused key.
    pub request_hash: [u8; 32],
    /// On which channel; empty if not stated.
    pub channel: String,
    /// The customer's group; empty if not stated.
    pub group: String,
    /// The language it was answered in.
    pub language: String,
    /// The customer, if known.
    pub customer_id: String,
    /// Who served them, if known.
    pub agent_id: String,
    /// The answers.
    pub answers: Answers,
    /// When it was answered.
    pub answered_at: UtcMs,
}

/// A draft as a row of `store::responses`, under a new id.
pub fn row(env: &impl Env, desk: &Desk<'_>, draft: Draft) -> (String, Value) {
    // Random bits keep ids of one millisecond apart; batches are made in one.
    let id = Kind::Response.id(desk.received_at, env.random());
    let event = Event {
        id: Kind::Event.id(desk.received_at, env.random()),
        site_id: desk.site_id.to_owned(),
        subject: id.clone(),
        version: 1,
        kind: "response.created",
        actor: desk.actor.to_owned(),
        at: desk.received_at,
        data: view::text(&data(desk, &draft)),
        previous: ORIGIN,
    };
    let row = json!({
        "id": id,
        "version": desk.version,
        "key": draft.key,
        "hash": hex(&draft.request_hash),
        "channel": draft.channel,
        "group": draft.group,
        "language": draft.language,
        "customer_id": draft.customer_id,
        "agent_id": draft.agent_id,
        "answers": view::text(&draft.answers.given),
        "answered_at": draft.answered_at,
        "day": desk.zone.day(draft.answered_at),
        "event_id": event.id,
        "event_hash": hex(&event.hash()),
        "event_data": event.data,
    });
    (id, row)
}

/// What the event tells: scores and choices of cut, and nothing that a person wrote.
fn data(desk: &Desk<'_>, draft: &Draft) -> Value {
    let scores: Vec<Value> = draft
        .answers
        .scores
        .iter()
        .filter_map(|(id, scored)| {
            let question = desk.definition.question(id)?;
            Some(json!({
                "question_id": id,
                "metric": scored.metric,
                "points": scored.points,
                "value": scored.value,
                "touchpoint_id": desk.definition.touchpoint_of(question),
                "dimension": question.dimension,
            }))
        })
        .collect();
    json!({
        "survey_id": desk.study_id,
        "survey_version": desk.version,
        "channel": draft.channel,
        "group": draft.group,
        "language": draft.language,
        "agent_id": draft.agent_id,
        "answered_at": civil::rfc3339(draft.answered_at, 0),
        "scores": scores,
    })
}
