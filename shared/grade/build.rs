//! Compiles `policy/default.json` to tables in `$OUT_DIR/shipped.rs`, with the compiler that
//! also compiles an operator's own policy.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use serde_json::Value;

#[expect(dead_code, unreachable_pub, reason = "a module of another library, seen from here")]
#[path = "../words/src/fold.rs"]
mod fold;
#[path = "src/simple.rs"]
mod simple;
#[expect(dead_code, unreachable_pub, reason = "a module of the library, seen from here")]
#[path = "src/source.rs"]
mod source;
#[expect(dead_code, unreachable_pub, reason = "a module of the library, seen from here")]
#[path = "src/table.rs"]
mod table;
#[expect(dead_code, reason = "a module of the library, seen from here")]
#[path = "src/text.rs"]
mod text;

use source::{Kind, Limits, Patterns, Rule, Scope, Set, Source};
use table::Policy;

/// The names of grades, in their order.
const GRADES: [&str; 4] = ["none", "general", "moderate", "major"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    for path in ["policy/default.json", "src", "../words/src/fold.rs"] {
        println!("cargo::rerun-if-changed={path}");
    }
    let json: Value = serde_json::from_str(&fs::read_to_string("policy/default.json")?)?;
    let policy = Policy::compile(&source_of(&json)).map_err(|it| format!("{it:?}"))?;
    let out = env::var("OUT_DIR")?;
    fs::write(Path::new(&out).join("shipped.rs"), printed(&policy))?;
    fs::write(Path::new(&out).join("shipped.json"), json.to_string())?;
    Ok(())
}

/// The tables as Rust: what `Debug` prints of plain structs is an expression.
fn printed(policy: &Policy) -> String {
    let Policy { text, words, buckets, uses, starts, patterns, tails, .. } = policy;
    let Policy { groups, types, limits, .. } = policy;
    format!(
        "/// The policy that ships, compiled.\nstatic SHIPPED: Policy = Policy {{\n\
         text: std::borrow::Cow::Borrowed({text:?}),\n\
         words: std::borrow::Cow::Borrowed(&{words:?}),\n\
         buckets: std::borrow::Cow::Borrowed(&{buckets:?}),\n\
         uses: std::borrow::Cow::Borrowed(&{uses:?}),\n\
         starts: std::borrow::Cow::Borrowed(&{starts:?}),\n\
         patterns: std::borrow::Cow::Borrowed(&{patterns:?}),\n\
         tails: std::borrow::Cow::Borrowed(&{tails:?}),\n\
         groups: std::borrow::Cow::Borrowed(&{groups:?}),\n\
         types: std::borrow::Cow::Borrowed(&{types:?}),\n\
         limits: {limits:?},\n}};\n"
    )
}

fn source_of(json: &Value) -> Source {
    let rule = |it: &Value| Rule {
        id: word(it, "id"),
        grade: grade_of(it),
        weight: it["weight"].as_i64().and_then(|it| i32::try_from(it).ok()).unwrap_or(0),
        patterns: patterns(it),
        all: words(it, "all"),
        unless: words(it, "unless"),
        tags: words(it, "tags"),
        scope: it["scope"].as_str().and_then(Scope::parse).unwrap_or_default(),
        plain: it["plain"] == true,
    };
    let kind = |it: &Value| Kind {
        id: word(it, "id"),
        need: word(it, "need"),
        department: word(it, "department"),
        patterns: patterns(it),
    };
    let limits = &json["limits"];
    let limit = |name: &str| limits[name].as_u64().and_then(|it| u32::try_from(it).ok());
    let limit = |name: &str| limit(name).unwrap_or(0);
    Source {
        sets: list(json, "sets", |it| Set { name: word(it, "name"), patterns: patterns(it) }),
        rules: list(json, "rules", rule),
        types: list(json, "types", kind),
        limits: Limits {
            loss: limit("loss"),
            many: limit("many"),
            times: limit("times"),
            days: limit("days"),
            week: limit("week"),
            general: limit("general"),
            moderate: limit("moderate"),
        },
    }
}

fn grade_of(rule: &Value) -> u8 {
    let place = GRADES.iter().zip(0..).find(|(name, _)| rule["grade"] == **name);
    place.map_or(0, |(_, place)| place)
}

fn list<T>(json: &Value, name: &str, read: impl Fn(&Value) -> T) -> Vec<T> {
    json[name].as_array().map(|it| it.iter().map(read).collect()).unwrap_or_default()
}

fn word(json: &Value, name: &str) -> String {
    json[name].as_str().unwrap_or_default().to_owned()
}

fn words(json: &Value, name: &str) -> Vec<String> {
    list(json, name, |it| it.as_str().unwrap_or_default().to_owned())
}

fn patterns(json: &Value) -> Patterns {
    Patterns { zh: words(json, "zh"), en: words(json, "en") }
}
