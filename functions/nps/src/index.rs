//! `/v1/index`: the dimensions of satisfaction, weighted into one number, in all or step by step.

use app::index::Rated;
use app::period::Period;
use app::score::{Differences, brief, brief_of};
use domain::score::Metric;
use domain::score::index::{Index, Part, difference, index};
use domain::trend::Step;
use ports::Env;
use serde_json::{Map, Value};
use store::sites::Site;
use web::Problem;
use web::field::{Query, one_of_rule};

use crate::{Asked, Names, days};

/// The index of the site, or of one survey by its own weights.
pub(crate) async fn show(
    env: &impl Env,
    mut query: Query,
    site: &Site,
    asked: &Asked,
) -> Result<Map<String, Value>, Problem> {
    let survey = query.text("survey", 64);
    let step = query.parse("by", Step::parse, || one_of_rule(&Step::ALL.map(Step::name)));
    query.done()?;
    let names = match &survey {
        None => Names(Vec::new()),
        Some(survey) => Names::read(env, site, std::slice::from_ref(survey), survey).await?,
    };
    let survey = match &survey {
        None => None,
        Some(survey) => Some(names.find(survey).ok_or_else(Problem::not_found)?),
    };
    let Period { from, to } = asked.period;
    // What moves looks back beyond the first day.
    let first = step.map_or(from, |step| step.back(from, step.moving() - 1));
    let before = asked.before.map(Period::span);
    let rated = app::index::read(env, site, survey, (first.into(), to.into()), before).await?;
    let now = rated.over(from.into(), to.into());
    let found = index(&now, asked.terms);
    let mut shown = tell(&found, asked);
    shown.insert("metric".to_owned(), Value::from("index"));
    if let Some(period) = asked.before {
        let before = rated.before();
        let mut compared = tell(&index(&before, asked.terms), asked);
        days(&mut compared, period);
        let mut differences = Differences::default();
        differences.add_made(difference(&now, &before, asked.terms));
        let difference = differences.show(asked.terms).pop().unwrap_or_default();
        compared.insert("difference".to_owned(), difference);
        shown.insert("compared".to_owned(), Value::Object(compared));
    }
    let parts = match step {
        Some(step) => steps(&rated, step, asked),
        None => dimensions(&rated, &now, &found, asked),
    };
    shown.insert("parts".to_owned(), parts);
    Ok(shown)
}

/// Each dimension with what it brings.
fn dimensions(rated: &Rated, now: &[Part], found: &Index, asked: &Asked) -> Value {
    let parts = rated.keys().zip(now).zip(&found.weights);
    let show = |((key, part), share): ((&str, &Part), &Option<f64>)| {
        let metric = Metric::Csat(part.points);
        let mut shown = brief(metric, part.answers.counts, asked.terms, None);
        if let Some(shown) = shown.as_object_mut() {
            shown.insert("key".to_owned(), Value::from(key));
            shown.insert("points".to_owned(), Value::from(part.points.get()));
            shown.insert("weight".to_owned(), Value::from(part.weight));
            shown.insert("share".to_owned(), Value::from(*share));
            let alone = index(&[Part { weight: 1, ..*part }], asked.terms).score;
            shown.insert("index".to_owned(), Value::Object(brief_of(&alone, None)));
        }
        shown
    };
    parts.map(show).collect()
}

/// Step by step, each with the index of the last few together.
fn steps(rated: &Rated, step: Step, asked: &Asked) -> Value {
    let Period { from, to } = asked.period;
    let over = |first: i32, last: i32| {
        let parts = rated.over(first.into(), last.into());
        brief_of(&index(&parts, asked.terms).score, None)
    };
    let mut steps: Vec<Value> = Vec::new();
    let mut start = step.start(from);
    while start <= to {
        let next = step.next(start);
        let own = Period { from: start.max(from), to: (next - 1).min(to) };
        let mut shown = over(own.from, own.to);
        let moving = over(step.back(start, step.moving() - 1), own.to);
        shown.insert("key".to_owned(), Value::from(step.key(start)));
        days(&mut shown, own);
        shown.insert("moving".to_owned(), Value::Object(moving));
        steps.push(Value::Object(shown));
        start = next;
    }
    Value::Array(steps)
}

fn tell(index: &Index, asked: &Asked) -> Map<String, Value> {
    let mut shown = brief_of(&index.score, None);
    shown.insert("confidence".to_owned(), Value::from(asked.terms.confidence.percent()));
    shown.insert("method".to_owned(), Value::from(index.score.method));
    shown
}
