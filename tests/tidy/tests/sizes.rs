//! How large the components may be: a bound for each and for all, and a record that only tightens.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::{env, fs};

use tidy::{components, none, root};

/// The bounds of one component and of the whole set: bytes cost pushes and every start.
///
/// They were 450 kB and 6 MB for fourteen components. The engine's own share is 200 kB of each, so
/// a low bound for one makes the set larger: what changes a case carries clocks, zones, policies
/// and counts, and twice as many components of it would each carry all of that. A page of figures
/// carries charts, and the reports every one of them beside their clockwork.
const WASM_BYTES_MAX: u64 = 630_000;
const WASM_SET_BYTES_MAX: u64 = 28_000_000;
/// Sizes are recorded in these steps, so that a changed word does not change the record.
const WASM_STEP_BYTES: u64 = 1_000;
/// Room at least that a line leaves: components hold the paths of the registry's sources, which
/// are longer on some machines.
const WASM_ROOM_BYTES: u64 = 500;
/// How far a component may shrink before the record has to follow.
const WASM_SLACK_BYTES: u64 = 5_000;

/// The bytes of each component; nothing of one that is not built.
fn sizes() -> BTreeMap<String, Option<u64>> {
    let target = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let target = target.unwrap_or_else(|| root().join("target"));
    let size = |component: toml::Table| {
        let source = component["source"].as_str().expect("a source is a path");
        fs::metadata(target.join(source.trim_start_matches("target/"))).ok().map(|it| it.len())
    };
    components().into_iter().map(|(id, component)| (id, size(component))).collect()
}

#[test]
fn components_stay_small() {
    let mut table = String::new();
    let mut total = 0;
    let mut found = Vec::new();
    for (id, bytes) in sizes() {
        let Some(bytes) = bytes else {
            table.push_str(&format!("{id:>12}: not built, so its size was not checked\n"));
            continue;
        };
        table.push_str(&format!("{id:>12}: {bytes:>9} bytes\n"));
        total += bytes;
        if WASM_BYTES_MAX < bytes {
            found.push(format!("{id}: {bytes} of {WASM_BYTES_MAX} bytes"));
        }
    }
    table.push_str(&format!("{:>12}: {total:>9} bytes\n", "all"));
    // Not by `println!`, which is kept from view as long as the test passes.
    std::io::stdout().write_all(table.as_bytes()).expect("a place for the table");
    if WASM_SET_BYTES_MAX < total {
        found.push(format!("all: {total} of {WASM_SET_BYTES_MAX} bytes"));
    }
    none(found, "find what is generic or linked twice; the bound is part of the product");
}

#[test]
fn components_have_the_sizes_on_record() {
    let golden = root().join("tests/golden/sizes.txt");
    let sizes = sizes();
    let read = || fs::read_to_string(&golden).unwrap_or_default();
    if env::var_os("GOLDEN").is_some() {
        fs::write(&golden, measured(&sizes, &recorded(&read()))).expect("a place for the sizes");
    }
    let text = read();
    let recorded = recorded(&text);
    let in_order: String = recorded.iter().map(|(id, bytes)| format!("{id} {bytes}\n")).collect();
    let mut found = Vec::new();
    if in_order != text {
        found.push("write one line `component bytes` each, in the order of the alphabet".into());
    }
    for id in recorded.keys().filter(|it| !sizes.contains_key(*it)) {
        found.push(format!("{id}: spin.toml has no such component; delete the line"));
    }
    for (id, bytes) in sizes {
        // Of one that is not built, the test above tells.
        match (recorded.get(&id), bytes) {
            (None, _) => found.push(format!("{id}: add its line")),
            (Some(line), Some(bytes)) => found.extend(misfit(&id, bytes, *line)),
            (Some(_), None) => {}
        }
    }
    none(found, "tests/golden/sizes.txt; GOLDEN=1 cargo test -p tidy writes it from what is built");
}

/// The lines of a record of sizes.
fn recorded(text: &str) -> BTreeMap<String, u64> {
    let lines = text.lines().filter_map(|it| it.split_once(' '));
    lines.filter_map(|(id, bytes)| Some((id.to_owned(), bytes.parse().ok()?))).collect()
}

/// The record of what is built; what is not built keeps the line that it had.
fn measured(sizes: &BTreeMap<String, Option<u64>>, before: &BTreeMap<String, u64>) -> String {
    let line = |(id, bytes): (&String, &Option<u64>)| {
        let rounded = bytes.map(|it| (it + WASM_ROOM_BYTES).next_multiple_of(WASM_STEP_BYTES));
        rounded.or(before.get(id).copied()).map(|it| format!("{id} {it}\n"))
    };
    sizes.iter().filter_map(line).collect()
}

/// What to do about a component that does not fit its line; nothing if it does.
fn misfit(id: &str, bytes: u64, line: u64) -> Option<String> {
    if line < bytes {
        return Some(format!(
            "{id}: {bytes} bytes, recorded {line}: shrink it, or raise the line in this commit and \
             say in its message what the bytes are for"
        ));
    }
    let is_far_below = bytes + WASM_SLACK_BYTES < line;
    is_far_below.then(|| {
        format!("{id}: only {bytes} bytes, recorded {line}: lower the line, so that it stays small")
    })
}

#[test]
fn a_record_of_sizes_only_tightens() {
    assert_eq!(misfit("it", 300_000, 300_000), None);
    assert_eq!(misfit("it", 295_000, 300_000), None);
    assert!(misfit("it", 300_001, 300_000).is_some_and(|it| it.contains("raise the line")));
    assert!(misfit("it", 294_999, 300_000).is_some_and(|it| it.contains("lower the line")));
    let sizes = [("a", Some(1_001)), ("b", None), ("c", None)];
    let sizes = sizes.into_iter().map(|(id, bytes)| (id.to_owned(), bytes)).collect();
    assert_eq!(measured(&sizes, &recorded("a 9000\nb 3000\nz 1000\n")), "a 2000\nb 3000\n");
}
