//! What a manifest may say; what it may not is refused by name.

use runner::manifest::{Target, parse};

const HEAD: &str = "spin_manifest_version = 2\n[application]\nname = \"a\"\n";
const STATIC: &str = "[[trigger.http]]\nroute = \"/\"\nid = \"s\"\nstatic_response = {}\n";

fn refused(text: &str) -> String {
    format!("{:#}", parse(text).unwrap_err())
}

#[test]
fn an_unknown_key_is_refused_with_its_table_and_its_name() {
    let component = "[[trigger.http]]\nroute = \"/\"\ncomponent = \"c\"\n\
                     [component.c]\nsource = \"c.wasm\"\n";
    for (text, key, table) in [
        (format!("surprise = 1\n{HEAD}{STATIC}"), "surprise", "the top level"),
        (format!("{HEAD}surprise = 1\n{STATIC}"), "surprise", "application"),
        (
            format!("{HEAD}[variables]\nv = {{ default = \"\", surprise = 1 }}\n{STATIC}"),
            "surprise",
            "variables.v",
        ),
        (format!("{HEAD}{STATIC}surprise = 1\n"), "surprise", "trigger.http #1"),
        (
            format!("{HEAD}[[trigger.http]]\nroute = \"/\"\nid = \"s\"\nstatic_response.x = 1\n"),
            "x",
            "trigger.http #1.static_response",
        ),
        (
            format!("{HEAD}{component}sqlite_database = [\"default\"]\n"),
            "sqlite_database",
            "component.c",
        ),
        (format!("{HEAD}{component}files = []\n"), "files", "component.c"),
        (
            format!("{HEAD}{component}build = {{ command = \"c\", x = 1 }}\n"),
            "x",
            "component.c.build",
        ),
        (format!("{HEAD}{STATIC}[[trigger.redis]]\nchannel = \"c\"\n"), "redis", "trigger"),
    ] {
        let error = refused(&text);
        assert!(error.contains(&format!("unknown key \"{key}\" in {table}")), "{error}");
    }
}

#[test]
fn a_manifest_that_contradicts_itself_is_refused() {
    for (text, reason) in [
        (format!("{HEAD}[[trigger.http]]\nroute = \"/\"\ncomponent = \"c\"\n"), "[component.c]"),
        (format!("{HEAD}[[trigger.http]]\nroute = \"/\"\n"), "either component or static_response"),
        (format!("{HEAD}[variables]\nv = {{}}\n{STATIC}"), "needs a default or required"),
        (
            format!("{HEAD}[variables]\nv = {{ required = true, default = \"\" }}\n{STATIC}"),
            "has no default",
        ),
        (format!("{HEAD}[variables]\nNot-Snake = {{ default = \"\" }}\n{STATIC}"), "Not-Snake"),
        (format!("{HEAD}[[trigger.http]]\nroute = {{ private = false }}\n"), "private = true"),
        (format!("spin_manifest_version = 1\n{STATIC}"), "must be 2"),
        (HEAD.to_string(), "[[trigger.http]] is missing"),
    ] {
        let error = refused(&text);
        assert!(error.contains(reason), "{error}");
    }
}

#[test]
fn the_applications_own_manifest_is_accepted() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../spin.toml");
    let Ok(manifest) = runner::manifest::read(path.as_ref()) else {
        panic!("{:#}", runner::manifest::read(path.as_ref()).unwrap_err());
    };
    let fixed = manifest.triggers.iter().filter(|t| matches!(t.target, Target::Static(_)));
    assert_eq!(fixed.count(), 1);
    assert!(manifest.variables["admin_key"].is_secret);
}
