//! Where a call leads that names an environment and perhaps a survey.

use domain::id::token_hash;
use ports::{Env, Sql};
use serde_json::{Map, Value};
use store::foreign_ids::{self, Place};
use web::{Problem, view};

use crate::shape::missing;

/// The longest id that may lead anywhere.
const ID_BYTES_MAX: usize = 200;

/// The site of an environment, and the survey if that is a foreign id.
pub(crate) async fn find(
    env: &impl Env,
    environment: &str,
    survey: &str,
) -> Result<Place, Problem> {
    if ID_BYTES_MAX < environment.len() {
        return Err(missing("Workspace", ""));
    }
    let hash = token_hash(environment);
    let found = env.sql().fetch(foreign_ids::place(hash, environment, survey, env.now())).await?;
    found.ok_or_else(|| missing("Workspace", environment))
}

/// The id of the survey that a call names.
pub(crate) fn survey_id<'a>(place: &'a Place, survey: &'a str) -> &'a str {
    if place.study_id.is_empty() { survey } else { &place.study_id }
}

/// Question ids as a page knows them, and ours.
#[derive(Debug, Default)]
pub(crate) struct Names(Map<String, Value>);

impl Names {
    /// Of the survey of a place.
    pub(crate) fn of(place: &Place) -> Names {
        Names(view::object(&place.questions).unwrap_or_default())
    }

    /// Our id; empty for what is left out, and the same if nothing else is said.
    pub(crate) fn ours<'a>(&'a self, theirs: &'a str) -> &'a str {
        self.0.get(theirs).and_then(Value::as_str).unwrap_or(theirs)
    }

    /// Their id.
    pub(crate) fn theirs<'a>(&'a self, ours: &'a str) -> &'a str {
        let found = self.0.iter().find(|(_, it)| it.as_str() == Some(ours));
        found.map_or(ours, |(theirs, _)| theirs)
    }
}
