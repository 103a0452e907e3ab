//! `/v1/index`: the dimensions of satisfaction, weighted into one number.

use app::period::Period;
use app::score::{Differences, brief, brief_of};
use domain::score::index::{Index, Part, difference, index};
use domain::score::{Histogram, Metric, Points};
use domain::survey::OVERALL;
use ports::{Env, Sql};
use serde_json::{Map, Value};
use store::scales::{self, Scale};
use store::sites::Site;
use web::field::Query;
use web::{Problem, view};

use crate::{Asked, Names, days};

/// The index of the site, or of one survey by its own weights.
pub(crate) async fn show(
    env: &impl Env,
    mut query: Query,
    site: &Site,
    asked: &Asked,
) -> Result<Map<String, Value>, Problem> {
    let survey = query.text("survey", 64);
    query.done()?;
    let mut weights = view::object(&site.weights).unwrap_or_default();
    let (now, before) = (asked.period.span(), asked.before.map(Period::span));
    let found = match &survey {
        None => scales::by_key(&site.id, "dimension", now, before),
        Some(survey) => {
            let names = Names::read(env, site, std::slice::from_ref(survey), survey).await?;
            let named = names.find(survey).ok_or_else(Problem::not_found)?;
            weights.extend(view::object(&named.weights).unwrap_or_default());
            scales::of_survey(&site.id, survey, now, before)
        }
    };
    let mut aspects = env.sql().fetch(found).await?;
    // The verdict on everything is no part of itself.
    aspects.retain(|it| it.key != OVERALL);
    let rated = rated(&aspects, &weights);
    let found = index(&rated.now, asked.terms);
    let mut shown = tell(&found, asked);
    shown.insert("metric".to_owned(), Value::from("index"));
    if let Some(period) = asked.before {
        let mut compared = tell(&index(&rated.before, asked.terms), asked);
        days(&mut compared, period);
        let mut differences = Differences::default();
        differences.add_made(difference(&rated.now, &rated.before, asked.terms));
        let difference = differences.show(asked.terms).pop().unwrap_or_default();
        compared.insert("difference".to_owned(), difference);
        shown.insert("compared".to_owned(), Value::Object(compared));
    }
    let parts: Vec<Value> = rated
        .keys
        .iter()
        .zip(&rated.now)
        .zip(&found.weights)
        .map(|((key, part), share)| {
            let metric = Metric::Csat(part.points);
            let mut shown = brief(metric, part.answers.counts, asked.terms, None);
            if let Some(shown) = shown.as_object_mut() {
                shown.insert("key".to_owned(), Value::from(*key));
                shown.insert("points".to_owned(), Value::from(part.points.get()));
                shown.insert("weight".to_owned(), Value::from(part.weight));
                shown.insert("share".to_owned(), Value::from(*share));
                let alone = index(&[Part { weight: 1, ..*part }], asked.terms).score;
                shown.insert("index".to_owned(), Value::Object(brief_of(&alone, None)));
            }
            shown
        })
        .collect();
    shown.insert("parts".to_owned(), Value::Array(parts));
    Ok(shown)
}

fn tell(index: &Index, asked: &Asked) -> Map<String, Value> {
    let mut shown = brief_of(&index.score, None);
    shown.insert("confidence".to_owned(), Value::from(asked.terms.confidence.percent()));
    shown.insert("method".to_owned(), Value::from(index.score.method));
    shown
}

/// Dimensions, each on one scale, and what they bring to the index now and before.
#[derive(Default)]
struct Rated<'a> {
    keys: Vec<&'a str>,
    now: Vec<Part>,
    before: Vec<Part>,
}

fn rated<'a>(aspects: &'a [Scale], weights: &Map<String, Value>) -> Rated<'a> {
    let mut rated = Rated::default();
    for aspect in aspects {
        let Some(points) = u8::try_from(aspect.points).ok().and_then(Points::new) else { continue };
        let mut ours = rated.keys.iter().zip(&rated.now);
        let at = ours.position(|(key, part)| *key == aspect.key && part.points == points);
        let at = at.unwrap_or_else(|| {
            let weight = weights.get(&aspect.key).and_then(Value::as_u64).unwrap_or(1);
            let weight = u32::try_from(weight).unwrap_or(u32::MAX);
            let part = Part { weight, points, answers: Histogram::default() };
            rated.keys.push(&aspect.key);
            rated.now.push(part);
            rated.before.push(part);
            rated.keys.len() - 1
        });
        let side = if aspect.is_before { &mut rated.before } else { &mut rated.now };
        if let Some(part) = side.get_mut(at) {
            // Several questions of a survey may be about the same.
            part.answers.merge(&Histogram { counts: aspect.counts });
        }
    }
    rated
}
