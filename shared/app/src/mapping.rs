//! Mappings: how the columns of a CSV become responses, which a person writes once.

use std::collections::BTreeMap;

use domain::survey::{Choice, Definition};
use serde_json::{Map, Value};
use web::field::Fields;
use web::lang::said;
use web::view;

/// Most words that one column translates.
const WORDS_MAX: usize = 500;
/// The longest heading of a column, and value.
const NAME_CHARS_MAX: usize = 200;

/// Where a value comes from: a column, or the same for every row.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Source {
    /// The heading of the column; empty for none.
    pub column: String,
    /// The value of every row; empty for none.
    pub value: String,
    /// What a cell's word means; a word that is not here means itself.
    pub words: BTreeMap<String, String>,
    /// Cells that stand for no answer, besides the empty one.
    pub not_applicable: Vec<String>,
}

/// A mapping: the parts of a response and where they come from.
#[derive(Debug, Default)]
pub struct Mapping {
    /// What a response has besides answers.
    pub parts: Vec<(&'static str, Source)>,
    /// Questions and hidden fields; `question.row` is a row of a matrix.
    pub answers: Vec<(String, Source)>,
}

impl Mapping {
    /// Where a part comes from.
    pub fn part(&self, name: &str) -> Option<&Source> {
        self.parts.iter().find(|(it, _)| *it == name).map(|(_, source)| source)
    }
}

/// What a response has besides answers.
const PARTS: [&str; 7] = ["id", "answered_at", "channel", "group", "language", "customer", "agent"];

/// A stored definition.
pub fn definition(text: &str) -> Option<Definition> {
    view::object(text).map(|members| web::survey::read(&mut Fields::new(members)))
}

/// Reads a mapping for a definition. Its mistakes are noted in `fields`.
pub fn read(fields: &mut Fields, definition: &Definition) -> Mapping {
    let mut mapping = Mapping::default();
    for name in PARTS {
        if let Some(source) = source(fields, name) {
            mapping.parts.push((name, source));
        }
    }
    let Some(mut nested) = fields.object("answers") else {
        fields.refuse("answers", said("is required", "为必填项"));
        return mapping;
    };
    let questions = definition.questions.iter().map(|it| &it.id);
    for id in questions.chain(definition.hidden.iter().map(|it| &it.id)) {
        if let Some(source) = source(&mut nested, id) {
            mapping.answers.push((id.clone(), source));
        }
    }
    fields.absorb(nested);
    mapping
}

/// A source: the name of a column, or an object that says more.
fn source(fields: &mut Fields, name: &str) -> Option<Source> {
    if fields.peek(name).is_some_and(Value::is_string) {
        let column = fields.text(name, 0, NAME_CHARS_MAX, "");
        return Some(Source { column, ..Source::default() });
    }
    let mut nested = fields.object(name)?;
    let column = nested.text("column", 0, NAME_CHARS_MAX, "");
    let value = nested.text("value", 0, NAME_CHARS_MAX, "");
    if column.is_empty() == value.is_empty() {
        let rule = said("needs either column or value", "须在 column 与 value 中二选一");
        nested.refuse("column", rule);
    }
    let not_applicable = nested
        .texts("not_applicable", WORDS_MAX, |_| true, &|| said("must be a text", "须为文本"))
        .unwrap_or_default();
    let mut words = BTreeMap::new();
    if let Some(mut map) = nested.object("map") {
        let given: Map<String, Value> = map.rest();
        for (word, meaning) in given {
            match meaning {
                Value::String(meaning) => {
                    words.insert(word, meaning);
                }
                Value::Number(meaning) => {
                    words.insert(word, meaning.to_string());
                }
                _ => map.refuse(
                    &web::field::escape(&word),
                    said("must be a text or a number", "须为文本或数字"),
                ),
            }
        }
        nested.absorb(map);
    }
    fields.absorb(nested);
    Some(Source { column, value, words, not_applicable })
}

/// An option by its id, or by its text in any language. Others write what was typed in beside an
/// open option and not that option.
pub fn choice(options: &[Choice], text: &str, is_foreign: bool) -> Value {
    let by_id = options.iter().find(|it| it.id == text);
    let found = by_id.or_else(|| options.iter().find(|it| it.text.values().any(|it| it == text)));
    if let Some(found) = found {
        return Value::from(found.id.as_str());
    }
    match options.iter().find(|it| it.open && is_foreign) {
        Some(open) => {
            let mut words = Map::new();
            words.insert(open.id.clone(), text.into());
            Value::Object(words)
        }
        None => Value::from(text),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_column_is_named_shortly_or_in_full() {
        let Value::Object(members) = json!({
            "id": "No",
            "channel": { "value": "app" },
            "group": { "column": "Type", "map": { "Loyal": "core" }, "not_applicable": ["-"] },
            "agent": { "map": {} },
        }) else {
            panic!()
        };
        let mut fields = Fields::new(members);
        assert_eq!(source(&mut fields, "id").unwrap().column, "No");
        assert_eq!(source(&mut fields, "channel").unwrap().value, "app");
        let group = source(&mut fields, "group").unwrap();
        assert_eq!(group.words.get("Loyal").unwrap(), "core");
        assert_eq!(group.not_applicable, ["-"]);
        source(&mut fields, "agent");
        assert_eq!(fields.done().unwrap_err().mistakes.len(), 1);
    }
}
