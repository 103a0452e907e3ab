//! The body of a submission, read against the version that it answers.

use domain::touchpoint::{CHANNELS, GROUPS};
use domain::{UtcMs, civil};
use web::Problem;
use web::field::Fields;
use web::lang::said;
use web::survey::{Answers, Told, answers, hidden, is_language, language_rule};

use crate::response::{Desk, Draft, fingerprint, screened};

/// The longest that an answer may have waited in a widget's queue.
const ANSWER_AGE_MS_MAX: i64 = 30 * civil::DAY_MS;
/// The longest time with the form in sight that is told.
const ELAPSED_MS_MAX: i64 = civil::DAY_MS;
/// How far a visitor's clock may run ahead of ours.
const CLOCK_SKEW_MS_MAX: i64 = 5 * 60 * 1000;

/// Reads the body of a submission.
pub fn read(
    mut fields: Fields,
    desk: &Desk<'_>,
    key: String,
    request_hash: [u8; 32],
) -> Result<Draft, Problem> {
    fields.integer("version", 1, i64::MAX, Some(desk.version));
    let is_empty = fields
        .peek("answers")
        .is_none_or(|it| it.is_null() || it.as_object().is_some_and(serde_json::Map::is_empty));
    let told = told(desk, &mut fields);
    let given = match fields.object("answers") {
        Some(mut nested) => {
            let given = answers(desk.definition, &told, &mut nested);
            fields.absorb(nested);
            given
        }
        None => Answers::default(),
    };
    if is_empty {
        fields.refuse("answers", said("needs at least one answer", "至少需要一个回答"));
    }
    let answered_at = answered_at(&mut fields, desk.received_at);
    let elapsed = fields.integer("elapsed_ms", 0, ELAPSED_MS_MAX, Some(-1));
    fields.done()?;
    let fingerprint = fingerprint(desk, &given);
    let screened = screened(desk, &given, &told.language, Some(elapsed).filter(|it| 0 <= *it));
    Ok(Draft {
        key,
        request_hash,
        channel: told.channel,
        group: told.group,
        language: told.language,
        customer_id: String::new(),
        agent_id: String::new(),
        fingerprint,
        screened,
        answers: given,
        answered_at,
    })
}

/// What is told beside the answers.
fn told(desk: &Desk<'_>, fields: &mut Fields) -> Told {
    let mut told = Told {
        channel: fields.one_of_or_none("channel", &CHANNELS, "web"),
        group: fields.one_of_or_none("group", &GROUPS, ""),
        language: fields.text("language", 0, 35, &desk.definition.default_language),
        ..Told::default()
    };
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
