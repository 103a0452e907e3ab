//! Taking responses: what the public submits and what staff import become the same rows.

use domain::event::{Event, ORIGIN};
use domain::id::{Kind, hex, token_hash};
use domain::screen::{self, Reason, TELLING_CHARS_MIN, reasons};
use domain::survey::{Ask, Definition, Scored};
use domain::zone::Zone;
use domain::{UtcMs, civil};
use ports::{Env, Sql};
use serde::Serialize;
use serde_json::{Value, json};
use store::responses;
use web::survey::Answers;
use web::{Problem, view};
use words::substance::is_substantial;

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
    /// What no second response may share; see [`fingerprint`].
    pub fingerprint: String,
    /// Why it is screened out, as far as it tells by itself; see [`screened`].
    pub screened: Vec<Reason>,
    /// The answers.
    pub answers: Answers,
    /// When it was answered.
    pub answered_at: UtcMs,
}

/// What only the statement can settle about a response; nothing of what staff bring.
#[derive(Debug, Default)]
pub struct Claims {
    /// By whom, as far as it is limited; see [`crate::intake::guard`].
    pub visit: Value,
    /// The hash of its proof of work, and the second at which the challenge runs out.
    pub proof: Option<(String, i64)>,
    /// The cells of the tally that it would count in, and the most of each.
    pub cells: Vec<(String, i64)>,
    /// Whether its visitor went away before the end.
    pub is_broken_off: bool,
}

/// A draft as a row of the view `intake`, under a new id.
///
/// Its places, from 0: id, version, key, hash of the request, channel, group, language, customer,
/// agent, answers, when answered, when received, day; 13 fingerprint; id, data and hash of the
/// event; 17 scores; 18 why it is screened out; 19 whether it is whole; 20 by whom: a hash of the
/// address, the end of its window and the most in it, the end of the site's window and the most
/// in that; 21 the hash of a proof of work and when it runs out; 22 cells of the tally, each with
/// its most; 23 contacts: kind, question and value. Whether it is a duplicate, or a cell full, is
/// decided by the trigger, which adds that reason to those of place 18 and sets `counted` by all.
///
/// The random bits, of the response and of its event, keep ids of one millisecond apart.
pub fn row(desk: &Desk<'_>, draft: Draft, random: [[u8; 16]; 2]) -> (String, Value) {
    claimed_row(desk, draft, Claims::default(), random)
}

/// The same with claims.
pub fn claimed_row(
    desk: &Desk<'_>,
    draft: Draft,
    claims: Claims,
    random: [[u8; 16]; 2],
) -> (String, Value) {
    let mut row = open_row(desk, draft, claims);
    let id = seal_row(&mut row, desk.site_id, desk.zone, desk.actor, desk.received_at, random);
    (id, Value::Array(row))
}

/// A row as far as it does not depend on when it is taken; [`seal_row`] does the rest.
pub fn open_row(desk: &Desk<'_>, draft: Draft, claims: Claims) -> Vec<Value> {
    let scores = scores(desk, &draft.answers);
    let data = view::text(&data(desk, &draft, &scores));
    vec![
        Value::Null,
        desk.version.into(),
        draft.key.into(),
        hex(&draft.request_hash).into(),
        draft.channel.into(),
        draft.group.into(),
        draft.language.into(),
        draft.customer_id.into(),
        draft.agent_id.into(),
        view::text(&draft.answers.given).into(),
        draft.answered_at.into(),
        Value::Null,
        Value::Null,
        draft.fingerprint.into(),
        Value::Null,
        data.into(),
        Value::Null,
        scores.iter().map(Score::row).collect(),
        screen::stored(&draft.screened).into(),
        u8::from(!claims.is_broken_off).into(),
        claims.visit,
        json!(claims.proof),
        json!(claims.cells),
        json!(draft.answers.contacts),
    ]
}

/// Gives a row its id, its day and its event, and tells the id.
pub fn seal_row(
    row: &mut [Value],
    site_id: &str,
    zone: Zone,
    actor: &str,
    now: UtcMs,
    random: [[u8; 16]; 2],
) -> String {
    let [of_response, of_event] = random;
    let id = Kind::Response.id(now, of_response);
    let data = row.get(15).and_then(Value::as_str).unwrap_or_default();
    let event = Event {
        id: Kind::Event.id(now, of_event),
        site_id: site_id.to_owned(),
        subject: id.clone(),
        version: 1,
        kind: "response.created",
        actor: actor.to_owned(),
        at: now,
        data: data.to_owned(),
        previous: ORIGIN,
    };
    let hash = hex(&event.hash());
    let answered_at = row.get(10).and_then(Value::as_i64).unwrap_or(now);
    let day = zone.day(answered_at);
    let sealed: [(usize, Value); 5] = [
        (0, id.as_str().into()),
        (11, now.into()),
        (12, day.into()),
        (14, event.id.into()),
        (16, hash.into()),
    ];
    for (at, value) in sealed {
        if let Some(place) = row.get_mut(at) {
            *place = value;
        }
    }
    id
}

/// One response that a statement found taken before, under the same key, or took just now though
/// a cell of the tally was full.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The id that the new one would have had.
    pub instead_of: String,
    /// The one that came first.
    pub id: String,
    /// The hash of the request that made it, in hexadecimal.
    pub request_hash: String,
    /// The version that it answers.
    pub version: i64,
    /// When it was answered.
    pub answered_at: UtcMs,
    /// When it came in.
    pub received_at: UtcMs,
    /// The cell that was full when it came; empty for none.
    pub full: String,
}

/// One response that a statement did not take.
#[derive(Clone, Debug)]
pub struct Refused {
    /// The id that it would have had.
    pub id: String,
    /// How many its address sent in this window.
    pub of_address: i64,
    /// How many came to the site in this window.
    pub of_site: i64,
}

/// What a statement tells of the rows that it was given; it is silent of those that it just took.
#[derive(Clone, Debug)]
pub enum Told {
    /// It is there.
    Taken(Taken),
    /// It is not.
    Refused(Refused),
}

/// Reads what `store::responses::taken_before` yields.
pub fn told(text: &str) -> Vec<Told> {
    let Value::Array(rows) = view::json(text) else { return Vec::new() };
    let mut all = Vec::with_capacity(rows.len());
    for row in &rows {
        let text = |at: usize| row.get(at).and_then(Value::as_str).unwrap_or("");
        let integer = |at: usize| row.get(at).and_then(Value::as_i64).unwrap_or(0);
        all.push(if row.get(1).is_some_and(Value::is_string) {
            Told::Taken(Taken {
                instead_of: text(0).to_owned(),
                id: text(1).to_owned(),
                request_hash: text(2).to_ascii_lowercase(),
                version: integer(3),
                answered_at: integer(4),
                received_at: integer(5),
                full: text(6).to_owned(),
            })
        } else {
            Told::Refused(Refused {
                id: text(0).to_owned(),
                of_address: integer(7),
                of_site: integer(8),
            })
        });
    }
    all
}

/// Those of [`told`] that were taken before.
pub fn taken_before(text: &str) -> Vec<Taken> {
    let mut taken = Vec::new();
    for told in told(text) {
        match told {
            Told::Taken(it) if it.id != it.instead_of => taken.push(it),
            _ => {}
        }
    }
    taken
}

/// What no second response to this study may share with this one: a text that two people would
/// not write alike. Empty when there is none.
pub fn fingerprint(desk: &Desk<'_>, answers: &Answers) -> String {
    let mut telling = String::new();
    for question in &desk.definition.questions {
        let given = answers.given.get(&question.id).and_then(Value::as_str).unwrap_or("").trim();
        if matches!(question.kind, Ask::Text { .. }) && TELLING_CHARS_MIN <= given.chars().count() {
            telling.push_str(given);
            telling.push('\0');
        }
    }
    if telling.is_empty() {
        return telling;
    }
    let hash = hex(&token_hash(&format!("{}\0{telling}", desk.study_id)));
    hash.get(..32).unwrap_or_default().to_owned()
}

/// Why a response of the public is screened out, as far as it tells by itself. `elapsed_ms` is
/// how long the form was in sight, in `language` or else in the survey's own.
pub fn screened(
    desk: &Desk<'_>,
    answers: &Answers,
    language: &str,
    elapsed_ms: Option<i64>,
) -> Vec<Reason> {
    let (mut choices, mut texts, mut asked) = (0, Vec::new(), Vec::new());
    let fallback = &desk.definition.default_language;
    for question in &desk.definition.questions {
        let Some(given) = answers.given.get(&question.id) else { continue };
        let text = question.text.get(language).or_else(|| question.text.get(fallback));
        asked.push(text.map_or("", String::as_str));
        match (&question.kind, given) {
            (Ask::Text { .. }, _) => texts.push(given.as_str().is_some_and(is_substantial)),
            (kind, _) if kind.scale().is_some() => {}
            (_, Value::Array(chosen)) => choices += chosen.len(),
            (_, Value::Object(rows)) => choices += rows.len(),
            _ => choices += 1,
        }
    }
    let scores: Vec<Scored> = answers.scores.iter().map(|it| it.1).collect();
    let mut reasons = Vec::new();
    if screen::straight_lining(&scores, texts.contains(&true)) {
        reasons.push(Reason::StraightLining);
    }
    if screen::too_fast(elapsed_ms, asked.into_iter()) {
        reasons.push(Reason::TooFast);
    }
    if screen::no_substance(scores.len(), choices, &texts) {
        reasons.push(Reason::NoSubstance);
    }
    reasons
}

/// One score, with what it is cut by.
struct Score<'a> {
    question_id: &'a str,
    touchpoint_id: &'a str,
    dimension: &'a str,
    is_overall: bool,
    scored: &'a Scored,
}

impl Score<'_> {
    fn row(&self) -> Value {
        Value::Array(vec![
            self.question_id.into(),
            self.touchpoint_id.into(),
            self.dimension.into(),
            self.scored.metric.into(),
            self.scored.points.into(),
            self.scored.value.into(),
            u8::from(self.is_overall).into(),
        ])
    }
}

fn scores<'a>(desk: &Desk<'a>, answers: &'a Answers) -> Vec<Score<'a>> {
    let mut scores = Vec::with_capacity(answers.scores.len());
    let overall = desk.definition.overall();
    let scales = desk.definition.scales();
    for (name, scored) in &answers.scores {
        if let Some(scale) = scales.iter().find(|it| it.name == *name) {
            scores.push(Score {
                question_id: name,
                touchpoint_id: scale.touchpoint_id,
                dimension: scale.dimension,
                is_overall: overall.as_ref() == Some(name),
                scored,
            });
        }
    }
    scores
}

/// What the event tells: scores and choices of cut, and nothing that a person wrote.
///
/// Of the reasons for screening it tells those known here. That a response is a duplicate is
/// decided by the database within the statement, when the event is sealed already.
fn data(desk: &Desk<'_>, draft: &Draft, scores: &[Score<'_>]) -> Value {
    let scores: Vec<Value> = scores
        .iter()
        .map(|it| {
            json!({
                "question_id": it.question_id,
                "metric": it.scored.metric,
                "points": it.scored.points,
                "value": it.scored.value,
                "touchpoint_id": it.touchpoint_id,
                "dimension": it.dimension,
            })
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
        "screened": draft.screened.iter().map(|it| it.name()).collect::<Vec<_>>(),
        "scores": scores,
    })
}

/// A response as staff read it.
#[derive(Debug, Serialize)]
pub struct View {
    id: String,
    survey_version: i64,
    source: String,
    channel: Option<String>,
    group: Option<String>,
    language: String,
    customer_id: Option<String>,
    agent_id: Option<String>,
    answers: Value,
    answered_at: String,
    received_at: String,
    /// When staff looked at it.
    looked_at: Option<String>,
    /// Whether its visitor came to the end.
    is_complete: bool,
    /// Whether it counts in the figures.
    is_counted: bool,
    /// Why it was screened out, even if staff overruled that.
    screened: Vec<&'static str>,
    version: i64,
}

/// Puts the contacts that responses gave where their answers only say that there is one.
pub async fn join_contacts(
    env: &impl Env,
    found: &mut [responses::Response],
) -> Result<(), Problem> {
    let ids: Vec<&str> = found.iter().map(|it| it.id.as_str()).collect();
    let contacts = env.sql().fetch(responses::contacts(&view::text(&ids))).await?;
    for (id, question, value) in contacts {
        let Some(row) = found.iter_mut().find(|it| it.id == id) else { continue };
        let Some(mut answers) = view::object(&row.answers) else { continue };
        answers.insert(question, value.into());
        row.answers = view::text(&answers);
    }
    Ok(())
}

/// What staff read of a row.
pub fn show(row: &responses::Response) -> View {
    View {
        id: row.id.clone(),
        survey_version: row.study_version,
        source: row.source.clone(),
        channel: view::some(&row.channel).map(str::to_owned),
        group: view::some(&row.group).map(str::to_owned),
        language: row.language.clone(),
        customer_id: view::some(&row.customer_id).map(str::to_owned),
        agent_id: view::some(&row.agent_id).map(str::to_owned),
        answers: view::json(&row.answers),
        answered_at: view::time(row.answered_at),
        received_at: view::time(row.received_at),
        looked_at: view::time_or_null(row.looked_at),
        is_complete: row.complete,
        is_counted: row.counted,
        screened: reasons(&row.screened),
        version: row.version,
    }
}
