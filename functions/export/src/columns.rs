//! What a study ever asked, as the columns of one file.

use ports::{Corrupt, Env, Sql};
use serde_json::Value;
use store::studies;
use web::{Problem, view};

/// Versions that are read at once: a definition has at most 64 kB.
const VERSIONS: i64 = 50;

/// One question, in whichever versions it stands.
#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) id: String,
    /// Whether its answers are options of ours in every version, and nobody's own words.
    pub(crate) is_choice: bool,
}

/// The questions of all published versions, in the order in which they came up.
#[derive(Debug, Default)]
pub(crate) struct Columns {
    pub(crate) list: Vec<Column>,
    /// The newest version that was read.
    pub(crate) newest: i64,
}

pub(crate) async fn read(env: &impl Env, study_id: &str) -> Result<Columns, Problem> {
    let mut columns = Columns::default();
    loop {
        let query = studies::versions(study_id, columns.newest, VERSIONS);
        let versions = env.sql().fetch(query).await?;
        for version in &versions {
            columns.newest = version.number;
            columns.add(&version.definition)?;
        }
        if i64::try_from(versions.len()) != Ok(VERSIONS) {
            return Ok(columns);
        }
    }
}

impl Columns {
    fn add(&mut self, definition: &str) -> Result<(), Corrupt> {
        let definition = view::json(definition);
        let questions = definition.get("questions").and_then(Value::as_array);
        let questions = questions
            .ok_or_else(|| Corrupt("a published definition has no questions".to_owned()))?;
        for question in questions {
            let text = |name: &str| question.get(name).and_then(Value::as_str).unwrap_or("");
            let id = text("id");
            let kind = text("type");
            if kind != "statement" {
                let is_choice = matches!(kind, "single_choice" | "multiple_choice" | "ranking");
                self.put(id, is_choice);
            }
        }
        let hidden = definition.get("hidden").and_then(Value::as_array);
        for field in hidden.into_iter().flatten() {
            self.put(field.get("id").and_then(Value::as_str).unwrap_or(""), false);
        }
        Ok(())
    }

    fn put(&mut self, id: &str, is_choice: bool) {
        match self.list.iter_mut().find(|it| it.id == id) {
            Some(column) => column.is_choice &= is_choice,
            None => self.list.push(Column { id: id.to_owned(), is_choice }),
        }
    }

    /// Whether answers to a question may be somebody's own words.
    pub(crate) fn is_open(&self, id: &str) -> bool {
        self.list.iter().find(|it| it.id == id).is_none_or(|it| !it.is_choice)
    }
}
