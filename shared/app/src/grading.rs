//! Grades, asked of the component `grader`, which alone carries the words that grades are made by:
//! 85 kB that every way in of a complaint would carry otherwise.

use domain::case::{Grade, Need, Urgency};
use grade::{Facts, Grading, Policy};
use ports::{Env, Outgoing};
use serde_json::{Value, json};
use web::problem::Kind;
use web::{Fields, Problem, view};

use crate::case::TEXT_CHARS_MAX;

/// Where `grader` grades for other components. No request from outside gets there.
pub const URL: &str = "http://grader.spin.internal/grade";
/// How long that may take: far more than it ever does.
const TIMEOUT_MS: u64 = 5_000;
/// The longest answer: every rule that can match.
const ANSWER_BYTES_MAX: usize = 256 * 1024;

/// Money at stake that somebody may tell of, in the smallest unit.
const AMOUNT_MAX: i64 = 1_000_000_000_000;
/// More than anybody complains, or waits for.
const MANY: i64 = 100_000;
/// Limits of the policy are in yuan.
const MINOR_UNITS: i64 = 100;

/// What a text was graded.
#[derive(Clone, Debug, Default)]
pub struct Graded {
    /// The grade.
    pub grade: Grade,
    /// The need behind it.
    pub need: Need,
    /// How soon somebody must look.
    pub urgency: Urgency,
    /// The type of complaint; empty for none.
    pub type_id: String,
    /// Why, as cases keep it and events tell it: rules and places, no words.
    pub reasons: Value,
}

/// What is to be graded.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    /// What the customer says.
    pub text: &'a str,
    /// The money at stake in the smallest unit.
    pub amount: Option<i64>,
    /// How often they complained of it before.
    pub earlier: usize,
}

/// Grades what a customer of a site says, by the site's policy.
///
/// If nobody answers, this is refused (503): what cannot be graded is not taken half.
pub async fn grade(env: &impl Env, site_id: &str, it: Asked<'_>) -> Result<Graded, Problem> {
    let asked = json!({
        "site_id": site_id,
        "text": it.text,
        "amount": it.amount,
        "earlier": it.earlier,
    });
    let call = Outgoing {
        url: URL.to_owned(),
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: view::text(&asked).into_bytes(),
        timeout_ms: TIMEOUT_MS,
        answer_bytes_max: ANSWER_BYTES_MAX,
    };
    let answer = env.post(call).await.map_err(|why| unavailable(why.name()))?;
    let told = std::str::from_utf8(&answer.body).ok().and_then(view::object);
    let Some(told) = told.filter(|_| answer.status == 200) else {
        return Err(unavailable("no answer of the kind"));
    };
    let word = |name: &str| told.get(name).and_then(Value::as_str).unwrap_or("");
    Ok(Graded {
        grade: Grade::parse(word("grade")).unwrap_or_default(),
        need: Need::parse(word("need")).unwrap_or_default(),
        urgency: Urgency::parse(word("urgency")).unwrap_or_default(),
        type_id: word("type").to_owned(),
        reasons: told.get("grading").cloned().unwrap_or_default(),
    })
}

fn unavailable(why: &str) -> Problem {
    Problem::new(Kind::Unavailable).caused_by(format!("grader: {why}"))
}

/// Grades what a body asks for, and says what is wrong with it.
pub fn judge(
    mut fields: Fields,
    chars_min: usize,
    (policy, version): (&Policy, i64),
) -> Result<Value, Problem> {
    let text = fields.text("text", chars_min, TEXT_CHARS_MAX, "");
    let amount = fields.integer("amount", 0, AMOUNT_MAX, Some(-1));
    let earlier = fields.integer("earlier", 0, MANY, Some(0));
    let days_open = fields.integer("days_open", 0, MANY, Some(0));
    fields.done()?;
    let facts = Facts {
        text: &text,
        amount: (0 <= amount).then_some(amount / MINOR_UNITS),
        earlier: u32::try_from(earlier).unwrap_or(u32::MAX),
        days_open: u32::try_from(days_open).unwrap_or(u32::MAX),
    };
    Ok(show(&grade::grade(policy, &facts), version))
}

/// What is told of a grading.
pub fn show(found: &Grading, policy_version: i64) -> Value {
    let matched: Vec<Value> = found
        .matched
        .iter()
        .map(|it| {
            json!({
                "rule": it.rule,
                "span": [it.span.0, it.span.1],
                "weight": it.weight,
                "grade": it.grade.name(),
            })
        })
        .collect();
    json!({
        "grade": found.grade.name(),
        "type": view::some(&found.type_id),
        "department": view::some(&found.department),
        "need": view::some(found.need.name()),
        "urgency": found.urgency.name(),
        "grading": {
            "score": found.score,
            "policy_version": policy_version,
            "needs_review": found.needs_review,
            "by": "policy",
            "matched": matched,
        },
    })
}
