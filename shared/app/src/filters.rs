//! What figures are filtered by: one parameter for each dimension by which they are kept.

use domain::rollup::{Dimension, GRAINS};
use domain::touchpoint::{CHANNELS, GROUPS};
use web::Problem;
use web::field::{Query, one_of_rule};
use web::lang::{said, said_now};
use web::problem::Place;

/// A dimension and the key that is asked for.
pub type Filter = (Dimension, String);

/// What the values of some filters must be; others are ids or free.
const WORDS: [(Dimension, &[&str]); 2] =
    [(Dimension::Channel, &CHANNELS), (Dimension::Group, &GROUPS)];

/// Reads the filters by these dimensions. Mistakes are noted in `query`.
pub fn read(query: &mut Query, dimensions: &[Dimension]) -> Vec<Filter> {
    let mut filters = Vec::new();
    for dimension in dimensions {
        let words = WORDS.iter().find(|(it, _)| it == dimension).map_or(&[][..], |it| it.1);
        if let Some(value) = value(query, dimension.name(), words) {
            filters.push((*dimension, value));
        }
    }
    filters
}

/// The value of one filter: one of `words`, or anything where there are none. A mistake is noted
/// in `query`.
pub fn value(query: &mut Query, name: &str, words: &[&str]) -> Option<String> {
    let read = |text: &str| {
        let fits = if words.is_empty() { !text.is_empty() } else { words.contains(&text) };
        fits.then(|| text.to_owned())
    };
    let rule = || match words {
        [] => said("must not be empty", "不得为空"),
        words => one_of_rule(words),
    };
    query.parse(name, read, rule)
}

/// The key that is asked for of a dimension; empty for none.
pub fn key(filters: &[Filter], dimension: Dimension) -> &str {
    filters.iter().find(|it| it.0 == dimension).map_or("", |it| it.1.as_str())
}

/// What to answer where these filters are not kept together: those of `dimensions` that are.
pub fn not_kept(filters: &[Filter], dimensions: &[Dimension]) -> Problem {
    let mut possible = Vec::new();
    for grain in GRAINS.iter().filter(|it| it.dimensions.iter().all(|it| dimensions.contains(it))) {
        let names: Vec<&str> = grain.dimensions.iter().map(|it| it.name()).collect();
        possible.push(if names.is_empty() { "none".to_owned() } else { names.join(" × ") });
    }
    let possible = possible.join(", ");
    let last = filters.last().map_or("touchpoint", |it| it.0.name());
    Problem::invalid(
        Place::Parameter(last.to_owned()),
        said_now(
            format!("filters and by together must be one of: {possible}"),
            format!("筛选与 by 的组合须为以下之一：{possible}"),
        ),
    )
}
