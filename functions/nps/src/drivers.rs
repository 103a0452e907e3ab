//! `/v1/drivers`: which touchpoints or dimensions move the overall verdict, and how they do.

use app::score::brief_of;
use domain::score::driver::{Correlation, Joint, importance, median, place};
use domain::score::index::{Part, index};
use domain::score::{Histogram, Points, Score};
use ports::{Env, Sql};
use serde_json::{Map, Value, json};
use store::rollups::{self, Span};
use store::sites::Site;
use web::Problem;
use web::field::{Query, one_of_rule};

use crate::{Asked, Names, family};

/// What drives, as in `by`, and the grain that keeps it.
const KINDS: [(&str, &str); 2] =
    [("touchpoint", "touchpoint_driver"), ("dimension", "dimension_driver")];
/// The metrics of an overall verdict.
const OVERALL: [&str; 3] = ["nps", "csat", "ces"];

/// One item: how much it matters, and how it does.
struct Item {
    key: String,
    importance: Option<Correlation>,
    performance: Score,
}

pub(crate) async fn show(
    env: &impl Env,
    mut query: Query,
    site: &Site,
    asked: &Asked,
) -> Result<Map<String, Value>, Problem> {
    let names = KINDS.map(|(name, _)| name);
    let kind = |text: &str| KINDS.into_iter().find(|(name, _)| *name == text);
    let (by, grain) = query.parse("by", kind, || one_of_rule(&names)).unwrap_or(KINDS[0]);
    let of = |text: &str| OVERALL.into_iter().find(|it| *it == text);
    let of = query.parse("of", of, || one_of_rule(&OVERALL)).unwrap_or("nps");
    let (_, points) = family::metric(of, &mut query);
    if asked.before.is_some() {
        query.refuse("compare", web::lang::said("is not for drivers", "不适用于驱动因素"));
    }
    query.done()?;
    let span = Span {
        site_id: &site.id,
        metric: of,
        points: i64::from(points),
        days: asked.period.span(),
        before: None,
    };
    let lines = env.sql().fetch(rollups::joints(&span, grain)).await?;
    let items = items(lines, asked);
    let ids: Vec<String> = items.iter().map(|it| it.key.clone()).collect();
    let names = Names::read(env, site, &ids, "").await?;
    let mut shown = Map::new();
    shown.insert("by".to_owned(), Value::from(by));
    shown.insert("of".to_owned(), Value::from(of));
    shown.insert("points".to_owned(), Value::from(points));
    shown.insert("confidence".to_owned(), Value::from(asked.terms.confidence.percent()));
    shown.insert("method".to_owned(), Value::from("spearman-fisher"));
    matrix(&mut shown, &items, &names);
    Ok(shown)
}

/// Every item of the lines, the most important first. Of several scales on which an item was
/// rated the one with the most answers speaks for it: ranks of different scales do not mix.
fn items(lines: Vec<rollups::Joint>, asked: &Asked) -> Vec<Item> {
    let mut scales: Vec<(String, String, Joint)> = Vec::new();
    for line in lines {
        let Some((scale, value)) = line.given.rsplit_once(':') else { continue };
        let same = |it: &&mut (String, String, Joint)| it.0 == line.item && it.1 == scale;
        let at = value.parse::<usize>().unwrap_or(usize::MAX);
        let row = match scales.iter_mut().find(same) {
            Some((_, _, joint)) => joint.counts.get_mut(at),
            None => {
                scales.push((line.item.clone(), scale.to_owned(), Joint::default()));
                scales.last_mut().and_then(|(_, _, joint)| joint.counts.get_mut(at))
            }
        };
        if let Some(row) = row {
            crate::add(row, &line.counts);
        }
    }
    let n = |joint: &Joint| joint.counts.iter().flatten().sum::<u64>();
    scales.sort_by(|left, right| left.0.cmp(&right.0).then(n(&right.2).cmp(&n(&left.2))));
    scales.dedup_by(|right, left| right.0 == left.0);
    let mut items = Vec::with_capacity(scales.len());
    for (key, scale, joint) in scales {
        if let Some(performance) = performance(&scale, &joint, asked) {
            items.push(Item { key, importance: importance(&joint, asked.terms), performance });
        }
    }
    let rho = |it: &Item| it.importance.map_or(f64::NEG_INFINITY, |it| it.rho);
    items.sort_by(|left, right| rho(right).total_cmp(&rho(left)));
    items
}

/// How an item does, from 0 to 100 whatever its scale.
fn performance(scale: &str, joint: &Joint, asked: &Asked) -> Option<Score> {
    let mut counts = [0; 11];
    for (count, row) in counts.iter_mut().zip(&joint.counts) {
        *count = row.iter().sum();
    }
    let (metric, points) = scale.split_once(':')?;
    let mut points = points.parse().ok()?;
    if metric == "nps" {
        // 0 to 10 has eleven steps: it becomes 1 to 10 with its two lowest answers together.
        counts[1] += counts[0];
        counts[0] = 0;
        points = 10;
    }
    let points = Points::new(points)?;
    let part = Part { weight: 1, points, answers: Histogram { counts } };
    Some(index(&[part], asked.terms).score)
}

/// The priority matrix: its middles, and every item with its place.
fn matrix(shown: &mut Map<String, Value>, items: &[Item], names: &Names) {
    let known: Vec<f64> = items.iter().filter_map(|it| it.importance).map(|it| it.rho).collect();
    let done: Vec<f64> = items.iter().filter_map(|it| it.performance.value).collect();
    let (matters, does) = (median(&known), median(&done));
    shown.insert("middle".to_owned(), json!({ "importance": matters, "performance": does }));
    let items: Vec<Value> = items
        .iter()
        .map(|it| {
            let place = match (it.importance, it.performance.value, matters, does) {
                (Some(known), Some(value), Some(matters), Some(does)) => {
                    Some(place(known.rho, matters, value, does).name())
                }
                _ => None,
            };
            json!({
                "key": it.key,
                "name": names.get(&it.key),
                "importance": it.importance.map(|it| json!({
                    "value": it.rho,
                    "interval": [it.interval.0, it.interval.1],
                    "n": it.n,
                })),
                "performance": brief_of(&it.performance, None),
                "priority": place,
            })
        })
        .collect();
    shown.insert("items".to_owned(), Value::Array(items));
}
