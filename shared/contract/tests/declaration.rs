//! The declaration for TypeScript is what the contract makes, and compiles; the widget's is whole.
#![expect(clippy::panic, reason = "a test fails by it")]

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

fn path(of: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(of)
}

fn read(of: &str) -> String {
    fs::read_to_string(path(of)).unwrap_or_else(|error| panic!("{of}: {error}"))
}

#[test]
fn the_declaration_is_what_the_contract_makes() {
    let document: Value = serde_json::from_str(contract::DOCUMENT).unwrap();
    let made = [
        ("docs/clients/schemas.d.ts", contract::typescript::schemas(&document)),
        ("docs/clients/huiyin.d.ts", contract::typescript::operations(&document)),
        ("docs/clients/events.d.ts", contract::typescript::events(&document)),
    ];
    for (file, text) in made {
        // Where git's files end (tidy): split it further before it is so long.
        assert!(text.len() < 256 * 1024, "{file} has {} bytes", text.len());
        if std::env::var_os("GOLDEN").is_some() {
            fs::write(path(file), &text).unwrap();
        }
        let told = "GOLDEN=1 cargo test -p contract writes it";
        assert!(read(file) == text, "{file} is not what the contract makes: {told}");
    }
}

#[test]
fn the_declaration_and_its_example_compile() {
    let compiler = path("functions/widget/node_modules/typescript/bin/tsc");
    if !compiler.is_file() {
        // Past the capture of tests, so that it is seen.
        let told = "the types of docs/clients, for want of npm ci in functions/widget";
        writeln!(std::io::stderr(), "left out: {told}").unwrap();
        return;
    }
    let done =
        Command::new("node").arg(compiler).current_dir(path("docs/clients")).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
}

#[test]
fn the_widget_has_no_attribute_call_or_event_that_is_not_declared() {
    let declared = read("docs/clients/widget.d.ts");
    let mut told = 0;
    let mut check = |what: &str, name: &str| {
        assert!(declared.contains(name), "{what} is not in docs/clients/widget.d.ts");
        told += 1;
    };
    for file in ["widget", "complaint"] {
        let source = read(&format!("functions/widget/src/{file}.js"));
        let (head, _) = source.split_once("*/").unwrap();
        for part in head.split("data-").skip(1) {
            let is_name = |it: char| it.is_ascii_lowercase() || it == '-';
            let name = part.split(|it| !is_name(it)).next().unwrap().trim_end_matches('-');
            let quoted = if name.starts_with("hidden") {
                "`data-hidden-"
            } else {
                &format!("\"data-{name}\"")
            };
            check(name, quoted);
        }
    }
    for file in ["widget", "queue"] {
        let source = read(&format!("functions/widget/src/{file}.js"));
        for part in source.split("emit('").skip(1) {
            let name = part.split('\'').next().unwrap();
            check(name, &format!("\n  {name}: {{ survey"));
        }
    }
    let globals = read("functions/widget/src/globals.d.ts");
    let (_, members) = globals.split_once("huiyin?: {").unwrap();
    for line in members.lines().map(str::trim).filter(|it| it.contains('(')) {
        let name = line.split('(').next().unwrap();
        check(line, &format!("  {name}"));
    }
    assert!(25 <= told, "{told}");
}
