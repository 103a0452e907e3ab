//! Holds events to their catalogue, which is `shared/web/catalogue`.
//!
//! Every database of every test is looked at when its world ends, so whatever a function can
//! write is proved by the tests that make it write.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use jsonschema::Validator;
use rusqlite::Connection;
use serde_json::{Value, json};

/// The validators of all types.
fn validators() -> &'static BTreeMap<String, Validator> {
    static VALIDATORS: OnceLock<BTreeMap<String, Validator>> = OnceLock::new();
    VALIDATORS.get_or_init(|| {
        let document = document();
        let webhooks = document["webhooks"].as_object().expect("the types");
        webhooks.iter().map(|(kind, path)| (kind.clone(), validator(&document, path))).collect()
    })
}

/// Stricter than what others are told: they ignore members that they do not know, we know ours.
fn validator(document: &Value, path: &Value) -> Validator {
    let mut schema = path.pointer("/post/requestBody/content/application~1json/schema").cloned();
    let schema = schema.as_mut().expect("a schema");
    let data = schema.pointer_mut("/properties/data").expect("a schema of data");
    data["additionalProperties"] = json!(false);
    schema["unevaluatedProperties"] = json!(false);
    schema["$schema"] = document["jsonSchemaDialect"].clone();
    schema["components"] = document["components"].clone();
    jsonschema::options().should_validate_formats(true).build(schema).expect("a valid schema")
}

/// The catalogue.
pub fn document() -> Value {
    serde_json::from_str(web::catalogue::DOCUMENT).expect("the catalogue is JSON")
}

/// What is wrong with an event, if anything is.
pub fn faults(event: &Value) -> Vec<String> {
    let kind = event["type"].as_str().unwrap_or_default();
    let Some(validator) = validators().get(kind) else {
        return vec![format!("{kind} is not in the catalogue")];
    };
    validator.iter_errors(event).map(|it| format!("{}: {it}", it.instance_path)).collect()
}

/// Fails if an event is not as the catalogue says. Those of a world's seed have ids that are none.
pub(crate) fn check(connection: &Connection) {
    let text = "select json_object('id', id, 'sequence', seq, 'type', kind, 'timestamp',
           strftime('%Y-%m-%dT%H:%M:%fZ', at_ms / 1000.0, 'unixepoch'), 'site_id', site_id,
           'subject', subject, 'version', version, 'actor', actor, 'data', json(data))
         from event where json_valid(data) group by kind, data";
    let mut prepared = connection.prepare(text).expect("a table of events");
    let mut rows = prepared.query([]).expect("events");
    while let Some(row) = rows.next().expect("an event") {
        let event: String = row.get(0).expect("an object");
        let event: Value = serde_json::from_str(&event).expect("an object");
        if !domain::id::Kind::Event.is(event["id"].as_str().unwrap_or_default()) {
            continue;
        }
        let faults = faults(&event);
        assert!(faults.is_empty(), "the catalogue does not tell of {event:#}: {faults:#?}");
    }
}
