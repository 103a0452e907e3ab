//! Secrets are compared in one way, whose time tells nothing, and in no other.

use tidy::{file, files, none, rust};

/// Where secrets are compared, and by what. `docs/security.md` names each of these files.
const COMPARED: [(&str, &str); 8] = [
    ("functions/metrics/src/lib.rs", "is_same("),
    ("shared/app/src/auth.rs", "is_same("),
    ("shared/app/src/csrf.rs", "is_same("),
    ("shared/app/src/intake/guard.rs", "is_same("),
    ("shared/app/src/sealed.rs", ".verify_truncated_left("),
    ("shared/app/src/signature.rs", "is_same("),
    ("shared/app/src/signature.rs", ".verify_slice("),
    ("shared/app/src/tick.rs", "is_same("),
];

/// What stands in a line that compares a secret, or something made of it.
const SECRETS: [&str; 13] = [
    "token_hash(",
    "sealed::digest(",
    "admin_key",
    "tick_key",
    "metrics_key",
    "secret_key",
    "signature",
    "csrf",
    "bearer(",
    "session(",
    "link_token",
    "feed_token",
    "password",
];

/// Lines that hold such a word and an operator and compare no secret.
const HARMLESS: [(&str, &str); 3] = [
    ("functions/webhook/src/webhook.rs", "fields.text(\"signature\", 0, 8, &it.signature)"),
    ("functions/webhook/src/webhook.rs", "Scheme::parse(&it.signature) == Some(Scheme::V1a)"),
    ("shared/domain/src/id.rs", "token_hash(secret) == token_hash(given)"),
];

#[test]
fn secrets_are_compared_where_the_list_says_and_nowhere_else() {
    let mut found = Vec::new();
    for (file, source) in rust().filter(|(it, _)| is_shipped(&it.path)) {
        for how in ["is_same(", ".verify_slice(", ".verify_truncated_left("] {
            let is_there = source.code.contains(how) && file.path != "shared/domain/src/id.rs";
            let is_known = COMPARED.contains(&(file.path.as_str(), how));
            if is_there != is_known {
                found.push(format!("{}: {how} {is_there}", file.path));
            }
        }
    }
    none(found, "put it into COMPARED and into docs/security.md, or take it out");
    let told = &file("docs/security.md").text;
    let missing = COMPARED.iter().filter(|it| !told.contains(it.0)).map(|it| it.0.to_owned());
    none(missing.collect(), "say in docs/security.md what is compared there");
}

#[test]
fn no_operator_compares_a_secret() {
    let mut found = Vec::new();
    let mut allowed: Vec<&(&str, &str)> = HARMLESS.iter().collect();
    for file in files().iter().filter(|it| is_shipped(&it.path) && it.has_ending(&["rs"])) {
        let tests = file.tests().lines().count();
        let lines = file.text.lines().count() - tests;
        for (number, line) in file.lines().take(lines) {
            let compares = [" == ", " != "].iter().any(|it| line.contains(it));
            let is_secret = SECRETS.iter().any(|it| line.contains(it));
            if !compares || !is_secret || line.trim_start().starts_with("//") {
                continue;
            }
            match HARMLESS.iter().find(|it| it.0 == file.path && line.contains(it.1)) {
                Some(entry) => allowed.retain(|it| *it != entry),
                None => found.push(format!("{}:{number} {}", file.path, line.trim())),
            }
        }
    }
    found.extend(allowed.iter().map(|it| format!("HARMLESS: {} needs no entry", it.1)));
    none(found, "compare secrets by domain::id::is_same, or say in HARMLESS why it is none");
}

/// Whether a file is part of what ships.
fn is_shipped(path: &str) -> bool {
    let is_source = ["functions/", "shared/"].iter().any(|it| path.starts_with(it));
    is_source && path.contains("/src/") && !path.contains("/tests")
}
