//! What a draft would change: past cases graded again, by it and by what is in force.

use app::auth;
use app::grading::{show_matched, yuan};
use domain::case::Grade;
use domain::civil;
use grade::{Facts, Grading, Policy, grade};
use ports::{Env, Sql};
use serde_json::{Map, Value, json};
use store::case_texts::{self, Past};
use web::lang::said;
use web::{Fields, Problem, Request, Response};

use super::in_use;

/// Cases at most: the answer comes at once and holds every change.
const CASES_MAX: i64 = 500;

/// Grades past cases again and tells what would be another grade. Nothing is stored.
pub(crate) async fn simulate(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    let mut fields = request.fields_or_none()?;
    let from = day(&mut fields, "since", i64::MIN);
    let to = day(&mut fields, "until", i64::MAX);
    let limit = fields.integer("limit", 1, CASES_MAX, Some(CASES_MAX));
    if to < from {
        fields.refuse("until", said("must not be before since", "不得早于 since"));
    }
    fields.done()?;
    let draft = in_use::draft(env, &manager.site_id).await?;
    let (published, version) = in_use::published(env, &manager.site_id).await?;
    let past = case_texts::past(&manager.site_id, (from, to), limit + 1);
    let mut past = env.sql().fetch(past).await?;
    let rows = usize::try_from(limit).unwrap_or_default();
    let is_all = past.len() <= rows;
    past.truncate(rows);
    let mut told = Told::default();
    for it in &past {
        told.take(it, &regrade(&published, it), &regrade(&draft, it));
    }
    web::ok(&json!({
        "policy_version": version,
        "cases": past.len(),
        "is_all": is_all,
        "changed": told.changes.len(),
        "grades": told.matrix(),
        "changes": told.changes,
    }))
}

/// A day of the site, as a date.
fn day(fields: &mut Fields, name: &str, absent: i64) -> i64 {
    let text = fields.text(name, 0, 10, "");
    if text.is_empty() {
        return absent;
    }
    let day = civil::parse_date(&text).map(i64::from);
    if day.is_none() {
        fields.refuse(name, said("must be a date such as 2026-11-22", "须为日期，如 2026-11-22"));
    }
    day.unwrap_or(absent)
}

/// Grades a case as it was graded when it came in.
fn regrade(policy: &Policy, it: &Past) -> Grading {
    let amount = it.amount.map(yuan);
    grade(policy, &Facts { text: &it.text, amount, earlier: it.is_repeat.into(), days_open: 0 })
}

/// What came of it.
#[derive(Default)]
struct Told {
    /// How many cases of one grade would be of another.
    counts: [[i64; 4]; 4],
    changes: Vec<Value>,
}

impl Told {
    fn take(&mut self, it: &Past, from: &Grading, to: &Grading) {
        let row = self.counts.get_mut(from.grade as usize);
        if let Some(count) = row.and_then(|row| row.get_mut(to.grade as usize)) {
            *count += 1;
        }
        if from.grade != to.grade {
            self.changes.push(json!({
                "id": it.id,
                "number": it.number,
                // Staff may have seen it otherwise.
                "grade": it.grade,
                "from": from.grade.name(),
                "to": to.grade.name(),
                "matched_before": show_matched(from),
                "matched": show_matched(to),
            }));
        }
    }

    /// By the grade that the published policy gives, what the draft would.
    fn matrix(&self) -> Map<String, Value> {
        let mut rows = Map::new();
        for (from, counts) in Grade::ALL.into_iter().zip(&self.counts) {
            let mut row = Map::new();
            for (to, count) in Grade::ALL.into_iter().zip(counts) {
                row.insert(to.name().to_owned(), Value::from(*count));
            }
            rows.insert(from.name().to_owned(), Value::Object(row));
        }
        rows
    }
}
