//! Grades, asked of the component `grader`, which alone carries the words that grades are made by:
//! 85 kB that every way in of a complaint would carry otherwise.

use domain::case::{Grade, Need, Urgency};
use grade::{Facts, Grading, Policy};
use ports::{Env, Outgoing, Verb};
use serde_json::{Value, json};
use web::problem::Kind;
use web::{Fields, Problem, view};

use crate::case::TEXT_CHARS_MAX;

/// Where `grader` grades for other components. No request from outside gets there.
pub const URL: &str = "http://grader.spin.internal/grade";
/// Where it grades many.
pub const URL_OF_MANY: &str = "http://grader.spin.internal/grades";
/// The largest body of that: more texts are several calls.
pub const MANY_BYTES_MAX: usize = 4 * 1024 * 1024;
/// After how many bytes of texts a call has enough of them. Escaped, each may have twice as many,
/// and the last one is as long as any.
const MANY_BYTES: usize = 1024 * 1024;
/// How long that may take: far more than it ever does.
const TIMEOUT_MS: u64 = 5_000;
/// The longest answer: every rule that can match, of many.
const ANSWER_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Money at stake that somebody may tell of, in the smallest unit.
const AMOUNT_MAX: i64 = 1_000_000_000_000;
/// The most texts of one call.
const ITEMS_MAX: usize = 1_000;
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
    Ok(read(&ask(env, URL, &asked).await?))
}

/// Grades many texts, as imports bring them.
pub async fn grade_all(
    env: &impl Env,
    site_id: &str,
    all: &[Asked<'_>],
) -> Result<Vec<Graded>, Problem> {
    let mut found = Vec::with_capacity(all.len());
    let mut rest = all;
    while !rest.is_empty() {
        let mut bytes = 0;
        let is_over = |it: &Asked<'_>| {
            bytes += it.text.len();
            MANY_BYTES < bytes
        };
        let count = rest.iter().position(is_over).map_or(rest.len(), |it| it + 1);
        let (some, behind) = rest.split_at(count);
        let one = |it: &Asked<'_>| json!({ "text": it.text, "amount": it.amount });
        let items: Vec<Value> = some.iter().map(one).collect();
        let asked = json!({ "site_id": site_id, "items": items });
        let told = ask(env, URL_OF_MANY, &asked).await?;
        let items = told.get("items").and_then(Value::as_array);
        let items = items.filter(|it| it.len() == count);
        let items = items.ok_or_else(|| unavailable("no answer of the kind"))?;
        found.extend(items.iter().filter_map(Value::as_object).map(read));
        rest = behind;
    }
    Ok(found)
}

async fn ask(
    env: &impl Env,
    url: &str,
    asked: &Value,
) -> Result<serde_json::Map<String, Value>, Problem> {
    let call = Outgoing {
        verb: Verb::Post,
        url: url.to_owned(),
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: view::text(asked).into_bytes(),
        timeout_ms: TIMEOUT_MS,
        answer_bytes_max: ANSWER_BYTES_MAX,
    };
    let answer = env.call(call).await.map_err(|why| unavailable(why.name()))?;
    let told = std::str::from_utf8(&answer.body).ok().and_then(view::object);
    told.filter(|_| answer.status == 200).ok_or_else(|| unavailable("no answer of the kind"))
}

fn read(told: &serde_json::Map<String, Value>) -> Graded {
    let word = |name: &str| told.get(name).and_then(Value::as_str).unwrap_or("");
    Graded {
        grade: Grade::parse(word("grade")).unwrap_or_default(),
        need: Need::parse(word("need")).unwrap_or_default(),
        urgency: Urgency::parse(word("urgency")).unwrap_or_default(),
        type_id: word("type").to_owned(),
        reasons: told.get("grading").cloned().unwrap_or_default(),
    }
}

fn unavailable(why: &str) -> Problem {
    Problem::new(Kind::Unavailable).caused_by(format!("grader: {why}"))
}

/// Grades what a body asks for, and says what is wrong with it.
pub fn judge(
    mut fields: Fields,
    chars_min: usize,
    (policy, version): (&Policy, Option<i64>),
) -> Result<Value, Problem> {
    let text = fields.text("text", chars_min, TEXT_CHARS_MAX, "");
    let amount = fields.integer("amount", 0, AMOUNT_MAX, Some(-1));
    let earlier = fields.integer("earlier", 0, MANY, Some(0));
    let days_open = fields.integer("days_open", 0, MANY, Some(0));
    fields.done()?;
    let facts = Facts {
        text: &text,
        amount: (0 <= amount).then(|| yuan(amount)),
        earlier: u32::try_from(earlier).unwrap_or(u32::MAX),
        days_open: u32::try_from(days_open).unwrap_or(u32::MAX),
    };
    Ok(show(&grade::grade(policy, &facts), version))
}

/// Grades each of many. No body of ours is wrong.
pub fn judge_all(
    mut fields: Fields,
    (policy, version): (&Policy, Option<i64>),
) -> Result<Value, Problem> {
    let mut items = Vec::new();
    for it in fields.objects("items", 1, ITEMS_MAX) {
        items.push(judge(it, 0, (policy, version))?);
    }
    fields.done()?;
    Ok(json!({ "items": items }))
}

/// What is told of a grading.
///
/// A draft has no version.
pub fn show(found: &Grading, policy_version: Option<i64>) -> Value {
    let matched = show_matched(found);
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

/// The rules that matched.
pub fn show_matched(found: &Grading) -> Vec<Value> {
    let show = |it: &grade::Match| {
        json!({
            "rule": it.rule,
            "span": [it.span.0, it.span.1],
            "weight": it.weight,
            "grade": it.grade.name(),
        })
    };
    found.matched.iter().map(show).collect()
}

/// The money at stake in yuan, of the smallest unit.
pub fn yuan(amount: i64) -> i64 {
    amount / MINOR_UNITS
}
