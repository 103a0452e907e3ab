//! The repository's own rules, over every file that git knows or would add.
//!
//! Each rule is one test, and a failure says what to do. Where a rule has to bend, it bends by an
//! exact entry in a list below, with its reason; an entry that is no longer needed fails too.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;
use tidy::{
    File, components, file, files, function_names, functions, is_word, list, none, package,
    packages, root, rust, text, toml,
};

const COLUMNS_MAX: usize = 100;
const FUNCTION_LINES_MAX: usize = 70;
const FILE_LINES_MAX: usize = 600;
const FILE_BYTES_MAX: usize = 256 * 1024;

/// Lines that may be longer: the path, how they begin, why.
const LONG_LINES: [(&str, &str, &str); 1] =
    [("spin.toml", "command = \"cargo build ", "one command, to be copied to a shell as it is")];

/// Problems that no test provokes, and why not.
const UNPROVOKED: [(&str, &str); 0] = [];

/// What a crate may depend on, of ours; functions may take everything in `SHARED`.
const LAYERS: [(&str, &[&str]); 22] = [
    ("domain", &[]),
    ("words", &[]),
    ("grade", &["domain", "words"]),
    ("ports", &["domain"]),
    ("store", &["domain", "ports"]),
    ("web", &["domain", "grade", "ports"]),
    ("app", &["domain", "grade", "ports", "store", "web", "words"]),
    // What callers are promised; its tests compare it with the problems of `web`.
    ("contract", &["web"]),
    ("pages", &["domain", "web"]),
    ("board", &["app", "domain", "pages", "ports", "store", "web"]),
    ("staff", &["app", "board", "domain", "pages", "ports", "web"]),
    ("paper", &["app", "domain", "pages", "web"]),
    ("edge", &["ports", "store", "web"]),
    ("testkit", &["app", "contract", "domain", "grade", "ports", "store", "web"]),
    // The demo dates its answers as the product does, and a restore knows the schema's number; the
    // host itself knows nothing of us.
    ("runner", &["domain", "store"]),
    ("probe", &[]),
    ("empty", &[]),
    // It takes in the sources of `survey`, so it needs what a function needs.
    ("naive", &["app", "domain", "edge", "ports", "store", "web"]),
    // So does its native side, but without `edge`; and it starts the runner.
    ("bench", &["app", "domain", "ports", "runner", "store", "testkit", "web"]),
    // It holds what it is answered to the contract, as the tests of functions do.
    ("journeys", &["runner", "testkit", "web"]),
    ("browser", &["journeys"]),
    ("tidy", &[]),
];

/// What a function may depend on, of ours. `testkit` is for tests alone.
const SHARED: [&str; 13] = [
    "app", "board", "contract", "domain", "edge", "grade", "pages", "paper", "ports", "staff",
    "store", "web", "words",
];

/// Components that never ship and so may name the SDK: the package in `tests/`, why it does.
const UNSHIPPED: [(&str, &str); 3] = [
    ("empty", "it is measured against: what the engine costs without any code of ours"),
    ("naive", "it is measured against: what `edge` does not do, a connection for each request"),
    ("probe", "it exercises what the runner copies from Spin and our components do not use"),
];

/// What `domain` may use of others': arithmetic, and nothing that could read or write.
const DOMAIN_USES: [&str; 2] = ["chrono", "sha2"];

/// Files of these kinds are read line by line.
fn sources() -> impl Iterator<Item = &'static File> {
    let endings = ["rs", "js", "css", "html", "sql", "toml"];
    files().iter().filter(move |it| it.has_ending(&endings))
}

/// Whether `text` has `word` with no further letter on either side.
fn has_word(text: &str, word: &str) -> bool {
    let is_part = |it: char| is_word(it) || it == '-';
    text.match_indices(word).any(|(at, _)| {
        !text[..at].ends_with(is_part) && !text[at + word.len()..].starts_with(is_part)
    })
}

#[test]
fn every_rust_file_begins_by_saying_what_lives_there() {
    let found = rust().filter(|(it, _)| !it.text.starts_with("//!"));
    let found = found.map(|(it, _)| it.path.clone()).collect();
    none(found, "begin with //! and a sentence: what lives here, what never does");
}

#[test]
fn no_line_is_over_100_columns() {
    let mut found = Vec::new();
    let mut allowed: BTreeSet<_> = LONG_LINES.into_iter().collect();
    for file in sources() {
        for (number, line) in file.lines().filter(|(_, it)| COLUMNS_MAX < it.chars().count()) {
            let may = |it: &(&str, &str, &str)| file.path == it.0 && line.starts_with(it.1);
            match LONG_LINES.iter().find(|it| may(it)) {
                Some(entry) => drop(allowed.remove(entry)),
                None => found.push(format!("{}:{number}", file.path)),
            }
        }
    }
    found.extend(allowed.iter().map(|(path, ..)| format!("LONG_LINES: {path} needs no entry")));
    none(found, "break these lines before column 101");
}

#[test]
fn no_function_is_over_70_lines() {
    let mut found = Vec::new();
    for (file, rust) in rust() {
        for it in functions(&rust.code).iter().filter(|it| FUNCTION_LINES_MAX < it.lines) {
            found.push(format!("{}:{} {}: {} lines", file.path, it.line, it.name, it.lines));
        }
    }
    none(found, "branch in the parent and compute in leaves, until each fits on a screen");
}

#[test]
fn no_file_is_over_600_lines() {
    let counted = files().iter().filter(|it| it.has_ending(&["rs", "js", "sql", "css", "html"]));
    let counted = counted.map(|it| (it, it.text.lines().count()));
    let found = counted.filter(|(_, lines)| FILE_LINES_MAX < *lines);
    let found = found.map(|(it, lines)| format!("{}: {lines} lines", it.path)).collect();
    none(found, "split the file where its subject does");
}

#[test]
fn no_file_is_over_256_kib() {
    let found = files().iter().filter(|it| FILE_BYTES_MAX < it.bytes.len());
    let found = found.map(|it| format!("{}: {} bytes", it.path, it.bytes.len())).collect();
    none(found, "generate it, shorten it or fetch it; git keeps every version for ever");
}

#[test]
fn nothing_is_left_to_do_and_nothing_trails() {
    // Put together, so that this file passes.
    let words = [concat!("FIX", "ME"), concat!("XX", "X"), concat!("TO", "DO")];
    let others = ["md", "txt", "wit"];
    let ours = sources().chain(files().iter().filter(|it| it.has_ending(&others)));
    let mut found = Vec::new();
    for file in ours.chain([file(".ci/run")]) {
        for (number, line) in file.lines() {
            let mut tell = |what: &str| found.push(format!("{}:{number} {what}", file.path));
            words.iter().filter(|it| has_word(line, it)).for_each(|it| tell(it));
            if line.contains('\t') {
                tell("a tab");
            }
            if line.ends_with(char::is_whitespace) {
                tell("a space at the end");
            }
        }
    }
    none(found, "do it now or write an issue; indent with spaces and end lines with words");
}

#[test]
fn nothing_that_was_built_or_recorded_is_committed() {
    let endings = ["wasm", "cwasm", "db", "sqlite", "sqlite3"];
    let starts: [&[u8]; 2] = [b"\0asm", b"SQLite format 3\0"];
    let is_built = |it: &&File| {
        it.has_ending(&endings) || starts.iter().any(|start| it.bytes.starts_with(start))
    };
    let found = files().iter().filter(is_built).map(|it| it.path.clone()).collect();
    none(found, "remove these from git; builds make components, tests make databases");
}

#[test]
fn only_edge_names_the_sdk() {
    let mut found = Vec::new();
    let mut allowed: BTreeSet<_> = UNSHIPPED.into_iter().map(|(name, _)| name).collect();
    for (file, rust) in rust().filter(|(it, _)| !it.path.starts_with("shared/edge/")) {
        let lines = (1..).zip(rust.code.lines());
        let mut lines = lines.filter(|(_, it)| has_word(it, "spin_sdk")).peekable();
        let may = |it: &&str| file.path.starts_with(&format!("tests/{it}/"));
        match UNSHIPPED.into_iter().map(|(name, _)| name).find(may) {
            Some(name) if lines.peek().is_some() => drop(allowed.remove(name)),
            Some(_) => {}
            None => found.extend(lines.map(|(number, _)| format!("{}:{number}", file.path))),
        }
    }
    found.extend(allowed.into_iter().map(|name| format!("UNSHIPPED: {name} needs no entry")));
    none(found, "take what you need from `ports::Env`; `edge` alone adapts it to Spin");
}

#[test]
fn sql_is_written_only_in_store() {
    let mut found = Vec::new();
    // Tests may look at the database, and the runner is one.
    let may = |path: &str| {
        path.starts_with("shared/store/")
            || path.starts_with("tests/")
            || path.contains("/tests/")
            || path.ends_with("/tests.rs")
    };
    for (file, rust) in rust().filter(|(it, _)| !may(&it.path)) {
        let literals = rust.literals.iter().filter(|(_, it)| is_sql(it));
        found.extend(literals.map(|(line, _)| format!("{}:{line}", file.path)));
    }
    let files = files().iter().filter(|it| it.has_ending(&["sql"]) && !may(&it.path));
    found.extend(files.map(|it| it.path.clone()));
    none(found, "give the statement a name in shared/store and call that");
}

/// Whether a literal is a statement, and not a sentence that begins with the same verb.
fn is_sql(literal: &str) -> bool {
    let words: Vec<String> = literal.split_whitespace().map(str::to_lowercase).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["update", rest @ ..] => rest.contains(&"set"),
        // The word alone is an element of HTML.
        ["select", _, ..] | ["insert", "into", ..] | ["delete", "from", ..] => true,
        ["create", "table" | "index" | "unique" | "view" | "trigger", ..] => true,
        ["pragma" | "alter" | "drop", _, ..] | ["begin", "immediate"] => true,
        ["with", rest @ ..] => rest.contains(&"select"),
        _ => false,
    }
}

#[test]
fn only_edge_prints() {
    let macros = ["println!", "eprintln!", "print!", "eprint!", "dbg!"];
    let ours = |path: &str| path.starts_with("shared/") || path.starts_with("functions/");
    // A build script speaks to cargo by printing.
    let ours = rust().filter(|(it, _)| ours(&it.path) && !is_build(&it.path));
    // A test of nothing else may tell what it measured, and an example is a program.
    let ours = ours.filter(|(it, _)| it.tests().len() < it.text.len());
    let ours = ours.filter(|(it, _)| !it.path.contains("/examples/"));
    let mut found = Vec::new();
    for (file, rust) in ours {
        for (number, line) in (1..).zip(rust.code.lines()) {
            for it in macros.iter().filter(|it| has_word(line, it.trim_end_matches('!'))) {
                let is_log = file.path == "shared/edge/src/serve.rs" && *it == "eprintln!";
                if line.contains(it) && !is_log {
                    found.push(format!("{}:{number} {it}", file.path));
                }
            }
        }
    }
    none(found, "return a `Problem` with its cause; `edge::serve` writes the one log line");
}

/// Whether a file is one of a build script.
fn is_build(path: &str) -> bool {
    path.ends_with("/build.rs") || path.contains("/build/")
}

#[test]
fn directory_package_and_component_are_one_word() {
    let components = components();
    let names = function_names();
    let mut found = Vec::new();
    for id in components.keys().filter(|it| !names.contains(*it)) {
        found.push(format!("component {id} has no directory functions/{id}"));
    }
    let commands = components.values().filter_map(|it| it.get("build")?.get("command")?.as_str());
    let commands: Vec<&str> = commands.collect();
    for name in names {
        let text = &file(&format!("functions/{name}/Cargo.toml")).text;
        if !text.contains(&format!("name = \"{name}\"")) {
            found.push(format!("functions/{name}/Cargo.toml names another package"));
        }
        let wasm = format!("target/wasm32-wasip2/release/{}.wasm", name.replace('-', "_"));
        let source = components.get(&name).and_then(|it| it.get("source")?.as_str());
        if source != Some(&wasm) {
            found.push(format!("spin.toml has no component {name} with the source {wasm}"));
        }
        if !commands.iter().any(|it| format!("{it} ").contains(&format!(" -p {name} "))) {
            found.push(format!("no build command in spin.toml says -p {name}"));
        }
    }
    none(found, "use one name for all of them (functions/README.md, steps 1 and 2)");
}

#[test]
fn components_are_cdylibs_and_nothing_else() {
    let mut found = Vec::new();
    // What is measured against is built as ours are, or the ratios would mean nothing.
    let unshipped = UNSHIPPED.map(|(name, _)| name.to_owned());
    for name in function_names().into_iter().chain(unshipped) {
        let is_built = |it: &&Value| {
            !["test", "bench", "example", "custom-build"].contains(&text_at(it, "kind"))
        };
        for target in list(package(&name), "targets").iter().filter(is_built) {
            if target["crate_types"] != serde_json::json!(["cdylib"]) {
                found.push(format!("{name}: {}", target["crate_types"]));
            }
        }
    }
    none(found, "say crate-type = [\"cdylib\"]; with another beside it cargo skips LTO");
}

/// The first text of a list.
fn text_at<'a>(of: &'a Value, name: &str) -> &'a str {
    of[name][0].as_str().unwrap_or("")
}

#[test]
fn cargo_run_has_one_program_to_run() {
    let mut found = Vec::new();
    for package in packages() {
        let bins = list(package, "targets").iter().filter(|it| text_at(it, "kind") == "bin");
        found.extend(bins.map(|it| text(it, "name").to_owned()).filter(|it| it != "runner"));
    }
    none(found, "make it an example: the READMEs begin with `cargo run`, which takes one alone");
}

#[test]
fn every_function_has_tests() {
    let has_tests = |name: &String| {
        let directory = format!("functions/{name}/");
        let mut ours = rust().filter(|(it, _)| it.path.starts_with(&directory));
        ours.any(|(it, _)| it.tests().contains("#[test]"))
    };
    let found = function_names().into_iter().filter(|it| !has_tests(it)).collect();
    none(found, "add #[cfg(test)] mod tests with transcripts (tests/README.md, tier 2)");
}

#[test]
fn every_handler_and_every_parser_is_fuzzed() {
    const SEEDS: &str = "tests/fuzz/seeds/";
    let parsers = &file("tests/fuzz/src/parsers.rs").text;
    let has_seed = |name: &str| files().iter().any(|it| it.path.starts_with(name));
    let mut found = Vec::new();
    for name in function_names() {
        // `docs` looks up what its build script drew; see `tests/fuzz/functions/build.rs`.
        let is_handler = name != "docs"
            && file(&format!("functions/{name}/src/lib.rs")).text.contains("fn handle(");
        if is_handler && !has_seed(&format!("{SEEDS}{name}/")) {
            found.push(format!("{SEEDS}{name} has no seed"));
        }
    }
    let rest = files().iter().filter_map(|it| it.path.strip_prefix(SEEDS));
    let folders: BTreeSet<&str> = rest.filter_map(|it| Some(it.split_once('/')?.0)).collect();
    for name in folders {
        let is_parser = parsers.contains(&format!("(\"{name}\", "));
        if name != "all" && !is_parser && !function_names().contains(name) {
            found.push(format!("{SEEDS}{name} is the seeds of nothing"));
        }
    }
    none(found, "put requests of its tests into tests/fuzz/seeds (tests/README.md)");
}

#[test]
fn every_route_stands_in_both_readmes() {
    let manifest = toml("spin.toml");
    let mut found = Vec::new();
    for readme in ["README.md", "docs/README.zh-CN.md"] {
        let rows: Vec<&str> = file(readme).text.lines().filter(|it| it.starts_with('|')).collect();
        for trigger in manifest["trigger"]["http"].as_array().expect("[[trigger.http]]") {
            let Some(component) = trigger.get("component").and_then(|it| it.as_str()) else {
                continue;
            };
            // One that is private is nobody's but our own.
            let Some(route) = trigger["route"].as_str() else { continue };
            let path = format!("`{}", route.trim_end_matches("/...")).replace(":id", "{id}");
            let component = format!("`{component}`");
            if !rows.iter().any(|it| it.contains(&path) && it.contains(&component)) {
                found.push(format!("{readme} has no row with {route} and {component}"));
            }
        }
    }
    none(found, "add a row: path, methods, component, who may");
}

#[test]
fn every_golden_file_is_compared_by_a_test() {
    let names = files().iter().filter_map(|it| it.path.strip_prefix("tests/golden/"));
    let is_named = |name: &&str| rust().any(|(it, _)| it.tests().contains(name));
    let found = names.filter(|it| !is_named(it)).map(str::to_owned).collect();
    none(found, "compare it in a test, or delete it");
}

#[test]
fn every_problem_is_provoked_by_a_test() {
    let catalogue = file("shared/web/src/problem.rs");
    let (_, rest) = catalogue.text.split_once("pub enum Kind {").expect("web::problem::Kind");
    let (kinds, _) = rest.split_once('}').expect("the end of Kind");
    let mut found = Vec::new();
    for kind in kinds.split(',').map(str::trim).filter(|it| !it.is_empty()) {
        let slug = kebab(kind);
        let names = [format!("/problems/{slug}"), format!("\"{slug}\""), format!("Kind::{kind}")];
        let others = rust().map(|(it, _)| it).filter(|it| it.path != catalogue.path);
        let is_provoked = others
            .filter(|it| !it.path.starts_with("tests/tidy/"))
            .any(|it| names.iter().any(|name| has_word(it.tests(), name)));
        let may_miss = UNPROVOKED.iter().any(|(it, _)| *it == kind);
        match (is_provoked, may_miss) {
            (false, false) => found.push(format!("{kind}: no test sees /problems/{slug}")),
            (true, true) => found.push(format!("{kind}: take it out of UNPROVOKED")),
            _ => {}
        }
    }
    none(found, "provoke each problem in a function's test and compare the whole answer");
}

/// `NotFound` as `not-found`.
fn kebab(name: &str) -> String {
    let mut kebab = String::new();
    for it in name.chars() {
        if it.is_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.push(it.to_ascii_lowercase());
    }
    kebab
}

#[test]
fn dependencies_point_inwards() {
    let functions = function_names();
    let mut found = Vec::new();
    for package in packages() {
        let name = text(package, "name");
        let layer = LAYERS.iter().find(|(it, _)| *it == name);
        let allowed: &[&str] = match layer {
            Some((_, allowed)) => allowed,
            None if functions.contains(name) => &SHARED,
            None => {
                found.push(format!("{name}: say in LAYERS what it may depend on"));
                continue;
            }
        };
        let is_tested = functions.contains(name) || SHARED.contains(&name);
        // `testkit` builds on these two.
        let may_test = is_tested && !["domain", "ports"].contains(&name);
        for it in list(package, "dependencies").iter().filter(|it| it["path"].is_string()) {
            let dependency = text(it, "name");
            let is_test = dependency == "testkit" && text(it, "kind") == "dev" && may_test;
            if !allowed.contains(&dependency) && !is_test {
                found.push(format!("{name} depends on {dependency}"));
            }
        }
    }
    none(found, "turn the dependency around (shared/README.md draws the layers)");
}

#[test]
fn domain_has_nothing_to_do_io_with() {
    let mut found = Vec::new();
    for it in list(package("domain"), "dependencies") {
        let (name, kind) = (text(it, "name"), text(it, "kind"));
        let is_banned = ["serde", "serde_json", "tokio"].contains(&name);
        if is_banned || (kind.is_empty() && !DOMAIN_USES.contains(&name)) {
            found.push(name.to_owned());
        }
    }
    none(found, "keep `domain` to plain values; JSON is read in `web`, I/O is done behind `ports`");
}

#[test]
fn the_sdk_is_for_wasm_alone() {
    let functions = function_names();
    let mut found = Vec::new();
    for package in packages() {
        let name = text(package, "name");
        let is_unshipped = UNSHIPPED.iter().any(|(it, _)| *it == name);
        let may_sdk = functions.contains(name) || name == "edge" || is_unshipped;
        for it in list(package, "dependencies") {
            let dependency = text(it, "name");
            let is_wasm = text(it, "target") == "cfg(target_family = \"wasm\")";
            match dependency {
                "spin-sdk" if !may_sdk || !is_wasm => found.push(format!("{name}: spin-sdk")),
                "edge" if !is_wasm => found.push(format!("{name}: edge")),
                _ => {}
            }
        }
    }
    let advice = "depend on it under [target.'cfg(target_family = \"wasm\")'.dependencies], \
                  and only in functions and `edge`";
    none(found, advice);
}

#[test]
fn there_is_one_list_of_dependencies() {
    let listed = toml("Cargo.toml");
    let listed = listed["workspace"]["dependencies"].as_table().expect("dependencies");
    let all = packages().iter().flat_map(|it| list(it, "dependencies"));
    let used: BTreeSet<&str> = all.map(|it| text(it, "name")).collect();
    let unused = listed.keys().filter(|it| !used.contains(it.as_str()));
    let mut found: Vec<String> =
        unused.map(|it| format!("Cargo.toml: no crate uses {it}; delete it")).collect();
    for path in files().iter().map(|it| &it.path).filter(|it| it.ends_with("/Cargo.toml")) {
        let manifest = toml(path);
        let targets = manifest.get("target").and_then(|it| it.as_table()).into_iter().flatten();
        let tables = targets.filter_map(|(_, it)| it.as_table());
        for table in tables.chain([&manifest]) {
            for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
                let table = table.get(kind).and_then(|it| it.as_table()).into_iter().flatten();
                let own = table.filter(|(_, it)| it.get("workspace").is_none());
                found.extend(own.map(|(name, _)| format!("{path}: {name}")));
            }
        }
    }
    none(found, "list the version at the root and say `name.workspace = true` where it is used");
}

#[test]
fn components_ask_for_the_capabilities_on_record() {
    let mut asked = String::new();
    for (id, component) in components() {
        asked.push_str(&format!("{id}\n"));
        // Sorted: what stands first in the manifest does not matter.
        let wishes: BTreeMap<_, _> = component.into_iter().collect();
        for (name, wish) in wishes {
            let list = match &wish {
                _ if ["source", "build", "description"].contains(&name.as_str()) => continue,
                ::toml::Value::Table(table) => table.keys().cloned().collect::<Vec<_>>(),
                ::toml::Value::Array(array) => array.iter().map(shown).collect(),
                other => vec![shown(other)],
            };
            asked.push_str(&format!("  {name}: {}\n", list.join(", ")));
        }
    }
    let advice = "if the component cannot do without it, put this in tests/golden/capabilities.txt";
    assert_eq!(asked, file("tests/golden/capabilities.txt").text, "{advice}:\n{asked}");
}

fn shown(it: &::toml::Value) -> String {
    it.as_str().map_or_else(|| format!("{it:?}"), str::to_owned)
}

#[test]
fn every_relative_link_resolves() {
    let mut found = Vec::new();
    for file in files().iter().filter(|it| it.has_ending(&["md"])) {
        let directory = Path::new(&file.path).parent().expect("a file is in a directory");
        for (number, line) in file.lines() {
            for link in line.split("](").skip(1).filter_map(|it| it.split(')').next()) {
                let path = link.split('#').next().unwrap_or("");
                let is_relative = !path.is_empty() && !link.contains("://");
                if is_relative && !root().join(directory).join(path).exists() {
                    found.push(format!("{}:{number} {link}", file.path));
                }
            }
        }
    }
    none(found, "link to what is there, relative to the file that links");
}

#[test]
fn both_readmes_tell_the_two_commands() {
    let mut found = Vec::new();
    for readme in ["README.md", "docs/README.zh-CN.md"] {
        let text = &file(readme).text;
        let missing =
            ["\ncargo run -- --demo\n", "\ncargo test\n"].map(|it| (it, text.contains(it)));
        let missing = missing.iter().filter(|(_, is_there)| !is_there);
        found.extend(missing.map(|(it, _)| format!("{readme}: {}", it.trim())));
    }
    none(found, "a stranger needs one command to see it and one to trust it, each on its line");
}

#[test]
fn no_file_names_a_machine() {
    let paths = [concat!("/ro", "ot/"), concat!("/wo", "rk/"), concat!("/ho", "me/")];
    let registry = "registry+https://github.com/rust-lang/crates.io-index";
    let mut found = Vec::new();
    for file in files() {
        for (number, line) in file.lines() {
            let other_registry = line.contains(concat!("replace", "-with"))
                || file.path == "Cargo.lock"
                    && line
                        .strip_prefix("source = ")
                        .is_some_and(|it| it.trim_matches('"') != registry);
            if other_registry || paths.iter().any(|it| line.contains(it)) {
                found.push(format!("{}:{number} {}", file.path, line.trim()));
            }
        }
    }
    none(found, "another machine has no such path or registry; write what works everywhere");
}
