//! The satisfaction index: what the dimensions bring to it, over any of the days that were read.

use domain::score::index::Part;
use domain::score::{Histogram, Points};
use domain::survey::OVERALL;
use ports::{Env, Sql};
use serde_json::{Map, Value};
use store::overview::Day;
use store::rollups::Named;
use store::scales::{self, Dated};
use store::sites::Site;
use web::{Problem, view};

/// Dimensions, each on one scale, with their answers day by day.
#[derive(Debug, Default)]
pub struct Rated {
    aspects: Vec<Aspect>,
}

#[derive(Debug)]
struct Aspect {
    key: String,
    weight: u32,
    points: Points,
    /// In the order of the days.
    days: Vec<Day>,
    before: Histogram,
}

/// The dimensions of a site by its weights, or those of one survey by its own.
pub async fn read(
    env: &impl Env,
    site: &Site,
    survey: Option<&Named>,
    days: (i64, i64),
    before: Option<(i64, i64)>,
) -> Result<Rated, Problem> {
    let mut weights = view::object(&site.weights).unwrap_or_default();
    let found = match survey {
        None => scales::daily(&site.id, days, before),
        Some(survey) => {
            weights.extend(view::object(&survey.weights).unwrap_or_default());
            scales::daily_of_survey(&site.id, &survey.id, days, before)
        }
    };
    Ok(rated(env.sql().fetch(found).await?, &weights))
}

fn rated(found: Vec<Dated>, weights: &Map<String, Value>) -> Rated {
    let mut rated = Rated::default();
    // The verdict on everything is no part of itself.
    for it in found.into_iter().filter(|it| it.key != OVERALL) {
        let Some(points) = u8::try_from(it.points).ok().and_then(Points::new) else { continue };
        let mut ours = rated.aspects.iter();
        let at = ours.position(|own| own.key == it.key && own.points == points);
        let at = at.unwrap_or_else(|| {
            let weight = weights.get(&it.key).and_then(Value::as_u64).unwrap_or(1);
            rated.aspects.push(Aspect {
                key: it.key.clone(),
                weight: u32::try_from(weight).unwrap_or(u32::MAX),
                points,
                days: Vec::new(),
                before: Histogram::default(),
            });
            rated.aspects.len() - 1
        });
        let Some(own) = rated.aspects.get_mut(at) else { continue };
        // Several questions of a survey may be about the same.
        for (day, counts) in it.days {
            if it.is_before {
                own.before.merge(&Histogram { counts });
            } else {
                own.add(day, counts);
            }
        }
    }
    rated
}

impl Aspect {
    fn add(&mut self, day: i64, counts: [u64; 11]) {
        let at = self.days.partition_point(|it| it.0 < day);
        if self.days.get(at).is_none_or(|it| it.0 != day) {
            self.days.insert(at, (day, [0; 11]));
        }
        if let Some((_, own)) = self.days.get_mut(at) {
            let mut sum = Histogram { counts: *own };
            sum.merge(&Histogram { counts });
            *own = sum.counts;
        }
    }

    fn part(&self, answers: Histogram) -> Part {
        Part { weight: self.weight, points: self.points, answers }
    }
}

impl Rated {
    /// The dimensions, in the order of their parts.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.aspects.iter().map(|it| it.key.as_str())
    }

    /// What each brings from a first day to a last one.
    pub fn over(&self, first: i64, last: i64) -> Vec<Part> {
        let part = |it: &Aspect| {
            let mut sum = Histogram::default();
            let at = it.days.partition_point(|it| it.0 < first);
            let days = it.days.iter().skip(at).take_while(|it| it.0 <= last);
            days.for_each(|(_, counts)| sum.merge(&Histogram { counts: *counts }));
            it.part(sum)
        };
        self.aspects.iter().map(part).collect()
    }

    /// What each brought on the days that are compared with.
    pub fn before(&self) -> Vec<Part> {
        self.aspects.iter().map(|it| it.part(it.before)).collect()
    }

    /// The days on which anything was rated, in their order.
    pub fn days(&self) -> Vec<i64> {
        let mut days = Vec::new();
        for (day, _) in self.aspects.iter().flat_map(|it| &it.days) {
            let at = days.partition_point(|it| it < day);
            if days.get(at) != Some(day) {
                days.insert(at, *day);
            }
        }
        days
    }
}
