//! What a reading is filtered by and cut by, as a grain that is kept.

use domain::rollup::{Dimension, GRAINS, Grain};
use web::Problem;
use web::field::{Query, one_of_rule};
use web::lang::said_now;
use web::problem::Place;

/// What to cut by.
#[derive(Debug)]
pub(crate) enum By {
    Day,
    /// The first key of this grain varies, the second is this.
    First(&'static Grain, String),
    /// The second key of this grain varies, the first is this.
    Second(&'static Grain, String),
}

/// A reading: the grain of its total, the fixed keys, and what it is cut by.
#[derive(Debug)]
pub(crate) struct Cut {
    pub(crate) total: &'static Grain,
    pub(crate) a: String,
    pub(crate) b: String,
    pub(crate) by: Option<By>,
}

impl Cut {
    /// Reads the filters and `by`. Names that do not exist are noted in `query`.
    pub(crate) fn read(query: &mut Query) -> Result<Cut, Problem> {
        let mut filters: Vec<(Dimension, String)> = Vec::new();
        for dimension in Dimension::ALL {
            let read = |text: &str| Some(text.to_owned()).filter(|it| !it.is_empty());
            let given = query
                .parse(dimension.name(), read, || web::lang::said("must not be empty", "不得为空"));
            if let Some(value) = given {
                filters.push((dimension, value));
            }
        }
        let mut names = vec!["day"];
        names.extend(Dimension::NAMES);
        let read = |text: &str| {
            if text == "day" { Some(None) } else { Dimension::parse(text).map(Some) }
        };
        let by = query.parse("by", read, || one_of_rule(&names));
        let fixed: Vec<Dimension> = filters.iter().map(|(it, _)| *it).collect();
        let total = Grain::of(&fixed).ok_or_else(|| refused("by"))?;
        let key = |grain: &Grain, at: usize| {
            let dimension = grain.dimensions.get(at);
            let found = filters.iter().find(|(it, _)| Some(it) == dimension);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let by = match by {
            None => None,
            Some(None) => Some(By::Day),
            Some(Some(dimension)) => {
                let mut dimensions = fixed.clone();
                dimensions.push(dimension);
                let grain = Grain::of(&dimensions).ok_or_else(|| refused("by"))?;
                if grain.dimensions.first() == Some(&dimension) {
                    Some(By::First(grain, key(grain, 1)))
                } else {
                    Some(By::Second(grain, key(grain, 0)))
                }
            }
        };
        let (a, b) = (key(total, 0), key(total, 1));
        Ok(Cut { total, a, b, by })
    }
}

fn refused(parameter: &str) -> Problem {
    let possible: Vec<String> = GRAINS
        .iter()
        .map(|grain| {
            let names: Vec<&str> = grain.dimensions.iter().map(|it| it.name()).collect();
            if names.is_empty() { "none".to_owned() } else { names.join(" × ") }
        })
        .collect();
    let possible = possible.join(", ");
    Problem::invalid(
        Place::Parameter(parameter.to_owned()),
        said_now(
            format!("filters and by together must be one of: {possible}"),
            format!("筛选与 by 的组合须为以下之一：{possible}"),
        ),
    )
}
