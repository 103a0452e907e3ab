//! The commands of cargo that the documents tell: packages, targets and options must be there.
//!
//! They build, serve and measure for minutes, and CI runs them; so they are read here. Commands
//! that talk to a server are run by the journeys (`manuals`).

use std::fs;

use serde_json::Value;
use tidy::{File, files, list, none, packages, root, text};

/// What cargo can do that we tell of.
const VERBS: [&str; 8] = ["run", "test", "bench", "build", "fmt", "clippy", "metadata", "install"];
/// What a test program takes after `--`.
const HARNESS: [&str; 3] = ["--ignored", "--nocapture", "--exact"];

/// The commands of a document: in its text, and in its blocks.
fn commands(file: &File) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut is_block = false;
    for (number, line) in file.lines() {
        if line.starts_with("```") {
            is_block = !is_block;
            continue;
        }
        if is_block {
            // Without what is set for it, and without a remark.
            let words = line.split_whitespace().skip_while(|it| it.contains('='));
            let words: Vec<&str> = words.take_while(|it| *it != "#").collect();
            if words.first() == Some(&"cargo") {
                found.push((number, words.join(" ")));
            }
            continue;
        }
        for span in line.split('`').skip(1).step_by(2) {
            if let Some(at) = span.find("cargo ").filter(|at| *at == 0 || span.contains("=1 ")) {
                found.push((number, span[at..].to_owned()));
            }
        }
    }
    found
}

/// What a command names that is not there.
fn faults(command: &str) -> Vec<String> {
    let (ours, theirs) = command.split_once(" -- ").unwrap_or((command, ""));
    let words: Vec<&str> = ours.split_whitespace().skip(1).collect();
    let Some(verb) = words.first().filter(|it| VERBS.contains(it)) else {
        return vec![format!("there is no cargo {words:?}")];
    };
    let after = |name: &str| {
        let pairs = words.windows(2).filter(move |it| it[0] == name);
        pairs.map(|it| it[1]).collect::<Vec<_>>()
    };
    let mut faults = Vec::new();
    let mut named = after("-p");
    // A name that the reader chooses.
    named.retain(|it| !it.starts_with('<'));
    for it in named.iter().filter(|it| packages().iter().all(|has| text(has, "name") != **it)) {
        faults.push(format!("there is no package {it}"));
    }
    for kind in ["test", "example", "bench", "bin"] {
        for it in after(&format!("--{kind}")) {
            let all = packages().iter().flat_map(|it| list(it, "targets"));
            // The fuzzers are a workspace of their own.
            let name = format!("name = \"{it}\"");
            let mut others = files().iter().filter(|it| it.path.ends_with("fuzz/Cargo.toml"));
            let is_theirs = others.any(|it| it.text.contains(&name));
            let is_it = |has: &Value| has["kind"][0] == kind && text(has, "name") == it;
            if !is_theirs && !all.into_iter().any(is_it) {
                faults.push(format!("there is no {kind} {it}"));
            }
        }
    }
    let is_option = |it: &&&str| it.starts_with("--");
    let options: Vec<&str> = theirs.split_whitespace().filter(|it| is_option(&it)).collect();
    let known = match (*verb, named.first(), after("--example").first()) {
        ("test", ..) => HARNESS.join(" "),
        (_, Some(package), Some(example)) => source(package, &format!("examples/{example}.rs")),
        (_, Some(package), None) => source(package, "src/lib.rs") + &source(package, "src/main.rs"),
        _ => source("runner", "src/main.rs"),
    };
    for option in options {
        let name = option.split('=').next().unwrap_or("");
        let long = format!("Long(\"{}\")", name.trim_start_matches('-'));
        if !known.contains(name) && !known.contains(&long) {
            faults.push(format!("{option} is not known there"));
        }
    }
    faults
}

/// A file of a package; nothing if it has none such.
fn source(package: &str, path: &str) -> String {
    let found = packages().iter().find(|it| text(it, "name") == package);
    let manifest = found.map_or("", |it| text(it, "manifest_path"));
    let directory = manifest.trim_end_matches("Cargo.toml");
    let file = fs::read_to_string(format!("{directory}{path}"));
    let folder = path.trim_end_matches(".rs");
    let inner = || fs::read_to_string(format!("{directory}{folder}/main.rs")).unwrap_or_default();
    file.unwrap_or_else(|_| inner())
}

#[test]
fn every_command_of_the_documents_can_be_given() {
    let (mut found, mut count) = (Vec::new(), 0);
    for file in files().iter().filter(|it| it.has_ending(&["md"])) {
        for (number, command) in commands(file) {
            count += 1;
            let told = faults(&command).into_iter();
            found.extend(told.map(|it| format!("{}:{number} {command}: {it}", file.path)));
        }
    }
    assert!(30 <= count, "{count} commands were found");
    none(found, "mend the command, or what it names");
}

#[test]
fn a_wrong_command_is_found() {
    for wrong in [
        "cargo dance",
        "cargo run -- --colour",
        "cargo test -p nobody",
        "cargo test --test nothing",
        "cargo run -p words --example nothing",
        "cargo bench -p bench -- --sideways",
        "cargo test -p tidy -- --loudly",
    ] {
        assert_eq!(faults(wrong).len(), 1, "{wrong}");
    }
}

#[test]
fn what_spin_is_told_to_read_is_there() {
    let mut found = Vec::new();
    for file in files().iter().filter(|it| it.has_ending(&["md"])) {
        for (number, line) in file.lines().filter(|(_, it)| it.contains("spin up ")) {
            let words: Vec<&str> = line.split_whitespace().collect();
            for pair in words.windows(2).filter(|it| it[0] == "--runtime-config-file") {
                let path = pair[1].trim_matches('`');
                if !root().join(path).is_file() {
                    found.push(format!("{}:{number} {path}", file.path));
                }
            }
        }
    }
    none(found, "name a file of the repository");
}
