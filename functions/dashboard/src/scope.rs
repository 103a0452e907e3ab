//! What the overview is filtered by, and what of it is kept for that.

use app::filters::{self, Filter, not_kept};
use domain::rollup::{Dimension, Grain};
use ports::{Env, Sql};
use serde_json::{Map, Value};
use store::overview::List;
use store::rollups::{self, Key, Named};
use web::field::Query;
use web::{Problem, view};

use Dimension::{Agent, Channel, Group, Survey, Touchpoint};

/// By what figures may be filtered.
pub(crate) const DIMENSIONS: [Dimension; 5] = [Touchpoint, Channel, Group, Agent, Survey];

/// The filters of a reading, and the grain that keeps them.
pub(crate) struct Scope {
    filters: Vec<Filter>,
    grain: &'static Grain,
}

impl Scope {
    /// Reads the filters. Mistakes are noted in `query`; what is not kept is one by itself.
    pub(crate) fn read(query: &mut Query) -> Result<Scope, Problem> {
        let filters = filters::read(query, &DIMENSIONS);
        let grain = grain(filters.iter().map(|it| it.0));
        let grain = grain.ok_or_else(|| not_kept(&filters, &DIMENSIONS))?;
        Ok(Scope { filters, grain })
    }

    /// The key that is asked for of a dimension; empty for none.
    pub(crate) fn key(&self, dimension: Dimension) -> &str {
        filters::key(&self.filters, dimension)
    }

    /// What the scores are of.
    pub(crate) fn total(&self) -> Key<'_> {
        let key = |at: usize| self.grain.dimensions.get(at).map_or("", |it| self.key(*it));
        Key { grain: self.grain.name, a: key(0), b: key(1), stage: "" }
    }

    /// The touchpoints that are told one by one: the grain that keeps them for the other filter.
    pub(crate) fn touchpoints(&self) -> Option<List<'_>> {
        let (grain, other) = self.list(Touchpoint)?;
        Some(List { grain, other, which: self.key(Touchpoint) })
    }

    /// The same of channels; which of them, the caller says.
    pub(crate) fn channels(&self) -> Option<List<'_>> {
        let (grain, other) = self.list(Channel)?;
        Some(List { grain, other, which: "[]" })
    }

    fn list(&self, dimension: Dimension) -> Option<(&'static str, &str)> {
        let others = || self.filters.iter().filter(|it| it.0 != dimension);
        let grain = grain(others().map(|it| it.0).chain([dimension]))?;
        Some((grain.name, others().next().map_or("", |it| it.1.as_str())))
    }

    /// The grain and the key by which other things are kept: by one filter at most.
    pub(crate) fn kept(&self, grains: &[&'static str]) -> Option<(&'static str, &str)> {
        match self.filters.as_slice() {
            [] => Some(("site", "")),
            [(dimension, key)] => {
                let grain = grains.iter().find(|it| **it == dimension.name())?;
                Some((grain, key))
            }
            _ => None,
        }
    }

    /// Whether there is an index: of the site and of a survey.
    pub(crate) fn has_index(&self) -> bool {
        matches!(self.grain.name, "site" | "survey")
    }

    /// The survey, the agent and the touchpoint of the filters. One that does not exist is no
    /// empty score.
    pub(crate) async fn named(&self, env: &impl Env, site_id: &str) -> Result<Vec<Named>, Problem> {
        let is_id = |it: &&Filter| matches!(it.0, Touchpoint | Survey | Agent);
        let ids: Vec<&str> = self.filters.iter().filter(is_id).map(|it| it.1.as_str()).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let names = rollups::names(site_id, &view::text(&ids), self.key(Survey));
        let names = env.sql().fetch(names).await?;
        if names.len() < ids.len() {
            return Err(Problem::not_found());
        }
        Ok(names)
    }

    /// What satisfaction should be, on the scale from 0 to 100: with a touchpoint, or of a
    /// survey's group of customers.
    pub(crate) fn target(&self, names: &[Named]) -> Option<i64> {
        match self.grain.name {
            "touchpoint" => names.first()?.target,
            "survey_group" => view::object(&names.first()?.targets)?.get(self.key(Group))?.as_i64(),
            _ => None,
        }
    }

    /// The filters as they are told; null for none.
    pub(crate) fn show(&self) -> Value {
        if self.filters.is_empty() {
            return Value::Null;
        }
        let mut shown = Map::new();
        for (dimension, key) in &self.filters {
            shown.insert(dimension.name().to_owned(), Value::from(key.as_str()));
        }
        Value::Object(shown)
    }
}

fn grain(dimensions: impl Iterator<Item = Dimension>) -> Option<&'static Grain> {
    Grain::of(&dimensions.collect::<Vec<_>>())
}
