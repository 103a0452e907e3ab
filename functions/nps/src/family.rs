//! The score of one metric: in all, cut into parts or into steps of time, and against before.

use app::period::Period;
use app::score::{Differences, brief, show as show_score};
use domain::rollup::Dimension;
use domain::score::{Metric, Points};
use domain::trend::Step;
use ports::{Env, Sql};
use serde_json::{Map, Value};
use store::rollups::{self, Counted, Span};
use store::sites::Site;
use web::field::Query;
use web::lang::said;
use web::{Problem, view};

use crate::cut::{By, Cut};
use crate::{Asked, Names, add, days};

/// What counts as one reading: all of it was there at the same instant.
struct Reading<'a> {
    asked: &'a Asked,
    metric: Metric,
    found: Vec<Counted>,
}

pub(crate) async fn show(
    env: &impl Env,
    mut query: Query,
    site: &Site,
    asked: &Asked,
    family: &str,
) -> Result<Map<String, Value>, Problem> {
    let (metric, points) = metric(family, &mut query);
    let cut = Cut::read(&mut query);
    query.done()?;
    let cut = cut?;
    let span = Span {
        site_id: &site.id,
        metric: family,
        points: i64::from(points),
        days: asked.period.span(),
        before: asked.before.map(Period::span),
    };
    let mut found = Vec::new();
    if asked.before.is_some() || !matches!(cut.by, Some(By::Step(_))) {
        found = env.sql().fetch(rollups::read(&span, &cut.key(), &cut.parts())).await?;
    }
    let mut by_day = Vec::new();
    if let Some(By::Step(step)) = cut.by {
        let first = step.back(asked.period.from, step.moving() - 1);
        let back = Span { days: (first.into(), span.days.1), before: None, ..span.clone() };
        by_day = env.sql().fetch(rollups::by_day(&back, &cut.key())).await?;
        // The total of the same instant, so that the steps add up to it.
        found.retain(|it| it.is_before);
        let own = by_day.iter().filter(|it| span.days.0 <= it.day);
        found.extend(own.map(|it| Counted { is_part: false, ..it.clone() }));
    }
    let reading = Reading { asked, metric, found };
    let names = names(env, site, &cut, &reading.found).await?;
    let targets = targets(&cut, &names, metric);
    let target = target(&cut, &names, &targets, metric);
    let mut shown = reading.whole(target);
    shown.insert("metric".to_owned(), Value::from(family));
    shown.insert("points".to_owned(), Value::from(points));
    match cut.by {
        None => {}
        Some(By::Step(step)) => {
            shown.insert("parts".to_owned(), reading.steps(step, &by_day));
        }
        Some(_) => {
            shown.insert("parts".to_owned(), reading.parts(&names, &targets));
            let rest = reading.rest();
            let rest = show_score(metric, rest, asked.terms, None);
            shown.insert("not_stated".to_owned(), rest);
        }
    }
    Ok(shown)
}

impl Reading<'_> {
    /// The sum of everything, now or before.
    fn total(&self, is_before: bool) -> [u64; 11] {
        self.sum(|it| !it.is_part && it.is_before == is_before)
    }

    fn sum(&self, fits: impl Fn(&Counted) -> bool) -> [u64; 11] {
        let mut sum = [0; 11];
        for it in self.found.iter().filter(|it| fits(it)) {
            add(&mut sum, &it.counts);
        }
        sum
    }

    /// The whole, against before where that was asked.
    fn whole(&self, target: Option<i64>) -> Map<String, Value> {
        let terms = self.asked.terms;
        let now = self.total(false);
        let Value::Object(mut shown) = show_score(self.metric, now, terms, target) else {
            return Map::new();
        };
        if let Some(period) = self.asked.before {
            let before = self.total(true);
            let Value::Object(mut compared) = show_score(self.metric, before, terms, None) else {
                return shown;
            };
            let mut differences = Differences::default();
            differences.add(self.metric, now, before, terms);
            days(&mut compared, period);
            let difference = differences.show(terms).pop().unwrap_or_default();
            compared.insert("difference".to_owned(), difference);
            shown.insert("compared".to_owned(), Value::Object(compared));
        }
        shown
    }

    /// Every part, against before where that was asked; all differences are corrected together.
    fn parts(&self, names: &Names, targets: &Map<String, Value>) -> Value {
        let terms = self.asked.terms;
        let mut keys: Vec<&str> = Vec::new();
        for it in self.found.iter().filter(|it| it.is_part) {
            if keys.last() != Some(&it.key.as_str()) && !keys.contains(&it.key.as_str()) {
                keys.push(&it.key);
            }
        }
        let mut differences = Differences::default();
        let mut parts = Vec::with_capacity(keys.len());
        for key in keys {
            let of =
                |is_before| self.sum(|it| it.is_part && it.key == key && it.is_before == is_before);
            let (now, before) = (of(false), of(true));
            let (first, second) = key.split_once(' ').unwrap_or((key, ""));
            // Satisfaction alone has targets, on the scale from 0 to 100.
            let is_csat = matches!(self.metric, Metric::Csat(_));
            let target = names.find(first).and_then(|it| it.target).filter(|_| is_csat);
            let target = target.or_else(|| targets.get(first).and_then(Value::as_i64));
            let mut part = show_score(self.metric, now, terms, target);
            if let Some(part) = part.as_object_mut() {
                part.insert("key".to_owned(), Value::from(first));
                if !second.is_empty() {
                    part.insert("second".to_owned(), Value::from(second));
                }
                if let Some(name) = names.get(first) {
                    part.insert("name".to_owned(), Value::from(name));
                }
                if self.asked.before.is_some() {
                    differences.add(self.metric, now, before, terms);
                    let compared = brief(self.metric, before, terms, None);
                    part.insert("compared".to_owned(), compared);
                }
            }
            parts.push(part);
        }
        if self.asked.before.is_some() {
            for (part, difference) in parts.iter_mut().zip(differences.show(terms)) {
                let compared = part.get_mut("compared").and_then(Value::as_object_mut);
                if let Some(compared) = compared {
                    compared.insert("difference".to_owned(), difference);
                }
            }
        }
        Value::Array(parts)
    }

    /// What the total has and no part: answers that did not state what is cut by.
    fn rest(&self) -> [u64; 11] {
        let mut rest = self.total(false);
        let parts = self.sum(|it| it.is_part && !it.is_before);
        for (left, count) in rest.iter_mut().zip(parts) {
            *left = left.saturating_sub(count);
        }
        rest
    }

    /// Step by step, each with the score of the last few together. The days come in order.
    fn steps(&self, step: Step, by_day: &[Counted]) -> Value {
        let terms = self.asked.terms;
        let Period { from, to } = self.asked.period;
        let mut steps = Vec::new();
        let mut start = step.start(from);
        while start <= to {
            let next = step.next(start);
            let at = |day: i32| by_day.partition_point(|it| it.day < i64::from(day));
            let sum = |first: i32| {
                let mut sum = [0; 11];
                for it in by_day.get(at(first)..at(next.min(to + 1))).unwrap_or_default() {
                    add(&mut sum, &it.counts);
                }
                sum
            };
            // The first step may have begun before the period did.
            let (own, moving) = (sum(start.max(from)), sum(step.back(start, step.moving() - 1)));
            let mut shown = brief(self.metric, own, terms, None);
            if let Some(shown) = shown.as_object_mut() {
                shown.insert("key".to_owned(), Value::from(step.key(start)));
                days(shown, Period { from: start.max(from), to: (next - 1).min(to) });
                shown.insert("moving".to_owned(), brief(self.metric, moving, terms, None));
            }
            steps.push(shown);
            start = next;
        }
        Value::Array(steps)
    }
}

/// The metric of a path; ratings of different scales are never mixed.
pub(crate) fn metric(family: &str, query: &mut Query) -> (Metric, u8) {
    match family {
        "nps" => (Metric::Nps, 10),
        "ces" => (Metric::Ces, 7),
        _ => {
            let read = |text: &str| {
                let points = text.parse().ok()?;
                Metric::csat(points).map(|metric| (metric, points))
            };
            let rule = || said("must be the points of a scale, 2 to 10", "须为量表点数，2 到 10");
            let usual = Points::new(5).map(|it| (Metric::Csat(it), 5));
            query.parse("points", read, rule).or(usual).unwrap_or((Metric::Nps, 10))
        }
    }
}

/// The names of the parts. A filter that names what does not exist is no empty score.
async fn names(
    env: &impl Env,
    site: &Site,
    cut: &Cut,
    found: &[Counted],
) -> Result<Names, Problem> {
    let is_id = |key: &str| ["tch_", "srv_", "agt_"].iter().any(|it| key.starts_with(it));
    let mut ids: Vec<String> = Vec::new();
    let dimensions = cut.named();
    for (_, key) in &dimensions {
        ids.push((*key).to_owned());
    }
    for it in found.iter().filter(|it| it.is_part && is_id(&it.key)) {
        let (key, _) = it.key.split_once(' ').unwrap_or((&it.key, ""));
        if ids.last().is_none_or(|last| last != key) {
            ids.push(key.to_owned());
        }
    }
    let survey = dimensions.iter().find(|(it, _)| *it == Dimension::Survey);
    let survey = survey.map_or("", |(_, key)| key);
    let names = Names::read(env, site, &ids, survey).await?;
    if dimensions.iter().any(|(_, key)| names.get(key).is_none()) {
        return Err(Problem::not_found());
    }
    Ok(names)
}

/// The target of the touchpoint that a satisfaction is filtered by, on a scale of 0 to 100, or
/// that of the survey for the group.
fn target(cut: &Cut, names: &Names, targets: &Map<String, Value>, metric: Metric) -> Option<i64> {
    let is_it = cut.total == "touchpoint" && matches!(metric, Metric::Csat(_));
    let target = names.find(&cut.a).filter(|_| is_it).and_then(|it| it.target);
    let is_group = cut.total == "survey_group";
    target.or_else(|| targets.get(&cut.b).filter(|_| is_group)?.as_i64())
}

/// The targets of the customer groups in the survey that a satisfaction is filtered by, if it is
/// filtered or cut by the group as well.
fn targets(cut: &Cut, names: &Names, metric: Metric) -> Map<String, Value> {
    let is_cut = matches!(&cut.by, Some(By::Second(grain, _)) if grain.name == "survey_group");
    let is_it = is_cut || cut.total == "survey_group";
    let survey = names.find(&cut.a).filter(|_| is_it && matches!(metric, Metric::Csat(_)));
    survey.and_then(|it| view::object(&it.targets)).unwrap_or_default()
}
