//! The body of a submission, read against the version that it answers.

use domain::touchpoint::{CHANNELS, GROUPS};
use domain::{UtcMs, civil};
use web::field::{Fields, one_of_rule};
use web::lang::said;
use web::survey::{Answers, Told, answers, hidden, is_language, language_rule};
use web::{Kind, Problem, view};

use super::guard::{Guard, Link, Pass};
use crate::response::{Desk, Draft, fingerprint, screened};

/// The longest that an answer may have waited in a widget's queue.
const ANSWER_AGE_MS_MAX: i64 = 30 * civil::DAY_MS;
/// The longest time with the form in sight that is told.
const ELAPSED_MS_MAX: i64 = civil::DAY_MS;
/// The longest name that a widget makes up for a visitor.
const VISITOR_CHARS_MAX: usize = 64;
/// The longest link, form token and proof.
const TOKEN_CHARS_MAX: usize = 2_000;
/// What a robot may fill into the field that people do not see.
const TRAP_CHARS_MAX: usize = 10_000;
/// How far a visitor's clock may run ahead of ours.
const CLOCK_SKEW_MS_MAX: i64 = 5 * 60 * 1000;

/// A body that was read.
#[derive(Debug)]
pub struct Body {
    /// The response.
    pub draft: Draft,
    /// What it says to get past the guard.
    pub pass: Pass,
    /// Whether a link brought it that holds once.
    pub is_single_use: bool,
}

/// Reads the body of a submission.
pub fn read(
    guard: &Guard,
    mut fields: Fields,
    desk: &Desk<'_>,
    mut key: String,
    request_hash: [u8; 32],
) -> Result<Body, Problem> {
    fields.integer("version", 1, i64::MAX, Some(desk.version));
    let is_empty = fields
        .peek("answers")
        .is_none_or(|it| it.is_null() || it.as_object().is_some_and(serde_json::Map::is_empty));
    let link = link(guard, desk, &mut fields)?;
    let told = told(desk, &mut fields, &link);
    let given = given(desk, &told, &mut fields);
    if is_empty {
        fields.refuse("answers", said("needs at least one answer", "至少需要一个回答"));
    }
    let answered_at = answered_at(&mut fields, desk.received_at);
    let elapsed = fields.integer("elapsed_ms", 0, ELAPSED_MS_MAX, Some(-1));
    let pass = pass(&mut fields);
    fields.done()?;
    let fingerprint = fingerprint(desk, &given);
    let screened = screened(desk, &given, &told.language, Some(elapsed).filter(|it| 0 <= *it));
    if link.is_single_use {
        // The index on keys settles who comes first through a link.
        key = format!("link:{}", link.nonce);
    }
    let draft = Draft {
        key,
        request_hash,
        channel: told.channel,
        group: told.group,
        language: told.language,
        customer_id: link.customer_id,
        agent_id: String::new(),
        fingerprint,
        screened,
        answers: given,
        answered_at,
    };
    Ok(Body { draft, pass, is_single_use: link.is_single_use })
}

/// What the link says that a body carries; nothing if it carries none.
pub fn link(guard: &Guard, desk: &Desk<'_>, fields: &mut Fields) -> Result<Link, Problem> {
    let token = fields.text("link", 0, TOKEN_CHARS_MAX, "");
    if token.is_empty() {
        return Ok(Link::default());
    }
    match guard.link(desk.study_id, &token) {
        Some(link) if desk.received_at < link.expires_at => Ok(link),
        Some(_) => Err(Problem::new(Kind::LinkExpired)),
        None => {
            fields.refuse("link", said("is no link to this survey", "不是此问卷的链接"));
            Ok(Link::default())
        }
    }
}

/// What a body says to get past the guard.
pub fn pass(fields: &mut Fields) -> Pass {
    // Whom a response is from matters to who is asked, and is not kept with it.
    fields.text("visitor", 0, VISITOR_CHARS_MAX, "");
    Pass {
        trap: fields.text("website", 0, TRAP_CHARS_MAX, ""),
        form_token: fields.text("form_token", 0, TOKEN_CHARS_MAX, ""),
        proof: fields.text("proof", 0, TOKEN_CHARS_MAX, ""),
    }
}

/// The answers, on the path that they take.
pub fn given(desk: &Desk<'_>, told: &Told, fields: &mut Fields) -> Answers {
    let Some(mut nested) = fields.object("answers") else { return Answers::default() };
    let given = answers(desk.definition, told, &mut nested);
    fields.absorb(nested);
    given
}

/// What is told beside the answers.
pub fn told(desk: &Desk<'_>, fields: &mut Fields, link: &Link) -> Told {
    let absent = view::some(&link.language).unwrap_or(&desk.definition.default_language);
    let mut told = Told {
        channel: fields.one_of_or_none("channel", &CHANNELS, "web"),
        group: fields.one_of_or_none("group", &GROUPS, ""),
        language: fields.text("language", 0, 35, absent),
        ..Told::default()
    };
    if !link.group.is_empty() {
        told.group.clone_from(&link.group);
    }
    let channels = &desk.definition.channels;
    if !channels.is_empty() && !channels.contains(&told.channel) {
        fields.refuse("channel", one_of_rule(channels));
    }
    if !is_language(&told.language) {
        fields.refuse("language", language_rule());
    }
    if let Some(mut nested) = fields.object("hidden") {
        told.hidden = hidden(desk.definition, &mut nested);
        fields.absorb(nested);
    }
    told
}

/// When it was answered, which an answer given offline tells itself.
fn answered_at(fields: &mut Fields, now: UtcMs) -> UtcMs {
    let text = fields.text("answered_at", 0, 40, "");
    if text.is_empty() {
        return now;
    }
    match civil::parse_rfc3339(&text) {
        // A visitor's clock that runs a little ahead does not answer in our future.
        Some(at) if now - ANSWER_AGE_MS_MAX <= at && at <= now + CLOCK_SKEW_MS_MAX => at.min(now),
        Some(_) => {
            let rule = said("must lie in the last 30 days", "须在最近 30 天之内");
            fields.refuse("answered_at", rule);
            now
        }
        None => {
            let rule = said(
                "must be a time such as 2026-11-22T09:30:00Z",
                "须为时间，例如 2026-11-22T09:30:00Z",
            );
            fields.refuse("answered_at", rule);
            now
        }
    }
}
