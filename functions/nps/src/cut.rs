//! What a reading is filtered by and cut by, as a grain that is kept.

use domain::rollup::{Dimension, GRAINS, Grain};
use domain::touchpoint::STAGES;
use domain::trend::Step;
use store::rollups::{Key, Parts};
use web::Problem;
use web::field::{Query, one_of_rule};
use web::lang::said_now;
use web::problem::Place;

/// What to cut by.
#[derive(Clone, Debug)]
pub(crate) enum By {
    Step(Step),
    /// The first key of this grain varies, the second is this.
    First(&'static Grain, String),
    /// The second key of this grain varies, the first is this.
    Second(&'static Grain, String),
    /// The stages that touchpoints are in.
    Stages,
    /// The touchpoints of the stage.
    Touchpoints,
    /// Both keys of this grain vary.
    Pairs(&'static Grain),
}

/// A reading: the grain of its total, the fixed keys, and what it is cut by.
#[derive(Debug)]
pub(crate) struct Cut {
    pub(crate) total: &'static str,
    pub(crate) a: String,
    pub(crate) b: String,
    pub(crate) stage: String,
    pub(crate) by: Option<By>,
}

impl Cut {
    /// Reads the filters and `by`. Names that do not exist are noted in `query`.
    pub(crate) fn read(query: &mut Query) -> Result<Cut, Problem> {
        let filters = app::filters::read(query, &Dimension::ALL);
        let stage = |text: &str| STAGES.contains(&text).then(|| text.to_owned());
        let stage = query.parse("stage", stage, || one_of_rule(&STAGES));
        let mut names: Vec<&str> = Step::ALL.map(Step::name).to_vec();
        names.push("stage");
        names.extend(Dimension::NAMES);
        let read = |text: &str| {
            let mut parts = text.split(',');
            (parts.clone().count() <= 2 && parts.all(|it| names.contains(&it)))
                .then(|| text.to_owned())
        };
        let by = query.parse("by", read, || one_of_rule(&names)).unwrap_or_default();
        match stage {
            Some(stage) => of_stage(stage, &filters, &by),
            None => of_filters(&filters, &by),
        }
    }

    /// The filters that name a touchpoint, a survey or an agent, which must exist.
    pub(crate) fn named(&self) -> Vec<(Dimension, &str)> {
        let grain = GRAINS.iter().find(|it| it.name == self.total);
        let dimensions = grain.map_or(&[][..], |it| it.dimensions);
        let keys = dimensions.iter().copied().zip([self.a.as_str(), self.b.as_str()]);
        keys.filter(|(dimension, key)| {
            use Dimension::{Agent, Survey, Touchpoint};
            matches!(dimension, Touchpoint | Survey | Agent) && !key.is_empty()
        })
        .collect()
    }

    /// What the total is about.
    pub(crate) fn key(&self) -> Key<'_> {
        Key { grain: self.total, a: &self.a, b: &self.b, stage: &self.stage }
    }

    /// What the total is cut by, besides time.
    pub(crate) fn parts(&self) -> Parts<'_> {
        match &self.by {
            None | Some(By::Step(_)) => Parts::None,
            Some(By::First(grain, b)) => Parts::First(grain.name, b),
            Some(By::Second(grain, a)) => Parts::Second(grain.name, a),
            Some(By::Stages) => Parts::Stages,
            Some(By::Touchpoints) => Parts::Touchpoints,
            Some(By::Pairs(grain)) => Parts::Pairs(grain.name),
        }
    }
}

fn of_stage(stage: String, filters: &[(Dimension, String)], by: &str) -> Result<Cut, Problem> {
    let by = match by {
        "" => None,
        "touchpoint" => Some(By::Touchpoints),
        _ => Some(By::Step(Step::parse(by).ok_or_else(refused)?)),
    };
    if !filters.is_empty() {
        return Err(refused());
    }
    Ok(Cut { total: "touchpoint", a: String::new(), b: String::new(), stage, by })
}

fn of_filters(filters: &[(Dimension, String)], by: &str) -> Result<Cut, Problem> {
    let fixed: Vec<Dimension> = filters.iter().map(|(it, _)| *it).collect();
    let total = Grain::of(&fixed).ok_or_else(refused)?;
    if let Some((first, second)) = by.split_once(',') {
        let pair = Dimension::parse(first).zip(Dimension::parse(second));
        let (first, second) = pair.filter(|_| fixed.is_empty()).ok_or_else(refused)?;
        let grain = Grain::of(&[first, second]).ok_or_else(refused)?;
        let by = Some(By::Pairs(grain));
        let (a, b, stage) = (String::new(), String::new(), String::new());
        return Ok(Cut { total: total.name, a, b, stage, by });
    }
    let key = |grain: &Grain, at: usize| {
        let dimension = grain.dimensions.get(at);
        let found = filters.iter().find(|(it, _)| Some(it) == dimension);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let by = match (by, Step::parse(by), Dimension::parse(by)) {
        ("", ..) => None,
        ("stage", ..) if fixed.is_empty() => Some(By::Stages),
        (_, Some(step), _) => Some(By::Step(step)),
        (_, _, Some(dimension)) => {
            let mut dimensions = fixed.clone();
            dimensions.push(dimension);
            let grain = Grain::of(&dimensions).ok_or_else(refused)?;
            Some(if grain.dimensions.first() == Some(&dimension) {
                By::First(grain, key(grain, 1))
            } else {
                By::Second(grain, key(grain, 0))
            })
        }
        _ => return Err(refused()),
    };
    let (a, b) = (key(total, 0), key(total, 1));
    Ok(Cut { total: total.name, a, b, stage: String::new(), by })
}

fn refused() -> Problem {
    let mut possible: Vec<String> = GRAINS
        .iter()
        .map(|grain| {
            let names: Vec<&str> = grain.dimensions.iter().map(|it| it.name()).collect();
            if names.is_empty() { "none".to_owned() } else { names.join(" × ") }
        })
        .collect();
    possible.push("stage".to_owned());
    possible.push("stage × touchpoint".to_owned());
    let possible = possible.join(", ");
    Problem::invalid(
        Place::Parameter("by".to_owned()),
        said_now(
            format!("filters and by together must be one of: {possible}"),
            format!("筛选与 by 的组合须为以下之一：{possible}"),
        ),
    )
}
