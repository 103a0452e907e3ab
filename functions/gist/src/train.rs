//! Models that learn from what staff said of comments.

use app::auth::Staff;
use app::write::{Change, commit};
use domain::civil::DAY_MS;
use domain::id::Kind;
use ports::{Env, Sql};
use serde_json::{Value, json};
use store::comments::{self, Labelled};
use store::jobs::{self, Job};
use store::models::{self, Model};
use web::{Problem, view};
use words::train::{Options, Review, train as fit};

/// Most labelled comments that one model learns from, the newest.
const EXAMPLES_MAX: i64 = 3_000;
/// Parts that take turns at being judged by a model that the others made.
const FOLDS: usize = 5;
/// The share of comments that a model must answer, and the share of answers that should be
/// right: as R12 of the requirements has it, with a margin.
const COVERAGE: f32 = 0.95;
const ACCURACY: f32 = 0.9;
/// How far back comments are read again with a new model.
const AGAIN_DAYS: i64 = 90;

/// Fits a model of a site, puts it in place and has recent comments read again.
pub(crate) async fn train(env: &impl Env, job: &Job, lease: &str) -> Result<(), Problem> {
    let progress = view::json(&job.progress);
    let kind = progress.get("model").and_then(Value::as_str).unwrap_or("topic");
    let labelled = env.sql().fetch(comments::labelled(&job.site_id, EXAMPLES_MAX)).await?;
    let label =
        |it: &Labelled| if kind == "topic" { it.topic.clone() } else { it.sentiment.clone() };
    let labelled: Vec<(String, String)> = labelled
        .into_iter()
        .map(|it| (label(&it), it.text))
        .filter(|it| !it.0.is_empty())
        .collect();
    let examples: Vec<(&str, &str)> =
        labelled.iter().map(|(label, text)| (text.as_str(), label.as_str())).collect();
    let review = Review::Calibrated { folds: FOLDS, coverage: COVERAGE, accuracy: ACCURACY };
    let Ok(trained) = fit(&examples, &Options { review, ..Options::default() }) else {
        // One label alone, or texts without a word in common: nothing can be learnt.
        env.sql().commit(vec![jobs::done(&job.id, lease).guarded()]).await?;
        return Ok(());
    };
    let before = env.sql().fetch(models::list(&job.site_id)).await?;
    let before = before.iter().find(|it| it.kind == kind).map_or(0, |it| it.version);
    #[expect(clippy::cast_possible_truncation, reason = "a share is 0 to 1")]
    let milli = |share: f32| (share * 1_000.0).round() as i64;
    let model = Model {
        kind: kind.to_owned(),
        version: before + 1,
        source: "trained".to_owned(),
        examples: i64::try_from(examples.len()).unwrap_or(i64::MAX),
        accuracy_milli: trained.found.map_or(0, |it| milli(it.answered_accuracy)),
        coverage_milli: trained.found.map_or(0, |it| milli(it.coverage)),
        made_at: env.now(),
    };
    let by = Staff::new(&job.site_id, "tick");
    let data = json!({
        "kind": kind,
        "examples": model.examples,
        "accuracy_milli": model.accuracy_milli,
        "coverage_milli": model.coverage_milli,
    });
    let subject = format!("mdl_{}_{kind}", job.site_id.trim_start_matches("sit_"));
    let change = Change::new("model.replaced", &subject, model.version, data, web::no_content());
    let again = Kind::Response.id(env.now() - AGAIN_DAYS * DAY_MS, [0; 16]);
    let change = change
        .and(jobs::done(&job.id, lease).guarded())
        .and(models::put(&job.site_id, &model, trained.bytes).guarded())
        .and(comments::read_again(&job.site_id, &again).write());
    match commit(env, &by, change).await {
        // Somebody else put a model there just now, or has the lease: the next tick sees.
        Err(problem) if problem.kind == web::Kind::Conflict => Ok(()),
        done => done.map(|_| ()),
    }
}
