//! Takes what each type of event is called, in both languages, out of the catalogue of events.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use serde_json::{Map, Value};

const LISTS: &str = "../web/catalogue";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={LISTS}");
    let mut rows = Vec::new();
    for entry in fs::read_dir(LISTS)? {
        let list: Map<String, Value> = serde_json::from_str(&fs::read_to_string(entry?.path())?)?;
        for (kind, entry) in list {
            let text = |name: &str| entry.get(name).and_then(Value::as_str).unwrap_or_default();
            rows.push(format!("({kind:?}, {:?}, {:?}),\n", text("en"), text("zh")));
        }
    }
    rows.sort();
    let table =
        format!("static EVENTS: [(&str, &str, &str); {}] = [\n{}];\n", rows.len(), rows.concat());
    Ok(fs::write(Path::new(&env::var("OUT_DIR")?).join("events.rs"), table)?)
}
