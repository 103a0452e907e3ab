//! What the rules in `tests/` look at: the files that git knows, the manifests, and Rust read just
//! well enough to tell code from literals and to find where a function ends.
//!
//! The scanner is no parser and knows no macro. The tests below hold what it must get right.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;

/// A file of the repository.
#[derive(Debug)]
pub struct File {
    /// Its path from the root.
    pub path: String,
    /// What is in it.
    pub bytes: Vec<u8>,
    /// The same as text, as far as it is text.
    pub text: String,
    /// Of Rust files alone.
    pub rust: Option<Source>,
}

impl File {
    /// Whether its name ends with a dot and one of these.
    pub fn has_ending(&self, endings: &[&str]) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or("");
        name.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending))
    }

    /// Its lines with their numbers.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines())
    }

    /// The part that is there for tests.
    pub fn tests(&self) -> &str {
        let whole = self.path.starts_with("tests/")
            || self.path.contains("/tests/")
            || self.path.ends_with("/tests.rs");
        let from = if whole { Some(0) } else { self.text.find("#[cfg(test)]") };
        from.map_or("", |it| &self.text[it..])
    }
}

/// The root of the repository.
pub fn root() -> PathBuf {
    // As cargo says when it runs the tests: clones that share a target directory share binaries.
    let here = env::var_os("CARGO_MANIFEST_DIR");
    here.map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from).join("../..")
}

/// Every file that is tracked, or would be after `git add`.
pub fn files() -> &'static [File] {
    static FILES: OnceLock<Vec<File>> = OnceLock::new();
    FILES.get_or_init(|| {
        // A clone that another user made is no danger: its files are only read.
        let listed = ["-c", "safe.directory=*", "ls-files", "-z"];
        let which = ["--cached", "--others", "--exclude-standard"];
        let output = Command::new("git").args(listed).args(which).current_dir(root()).output();
        let output = output.expect("tidy asks git for the files: install git");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "run the tests in a clone of the repository: {errors}");
        let paths = String::from_utf8(output.stdout).expect("paths are UTF-8");
        // A set: a file with a conflict is listed three times.
        let paths: BTreeSet<&str> = paths.split_terminator('\0').collect();
        // What was deleted is listed until the deletion is committed.
        paths.into_iter().filter(|it| root().join(it).is_file()).map(read).collect()
    })
}

fn read(path: &str) -> File {
    let bytes = fs::read(root().join(path)).unwrap_or_else(|it| panic!("{path}: {it}"));
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let rust = if path.ends_with(".rs") { Some(split(&text)) } else { None };
    File { path: path.to_owned(), bytes, text, rust }
}

/// The file at a path.
pub fn file(path: &str) -> &'static File {
    files().iter().find(|it| it.path == path).unwrap_or_else(|| panic!("there is no {path}"))
}

/// The Rust files, taken apart.
pub fn rust() -> impl Iterator<Item = (&'static File, &'static Source)> {
    files().iter().filter_map(|it| it.rust.as_ref().map(|rust| (it, rust)))
}

/// A file that is TOML.
pub fn toml(path: &str) -> toml::Table {
    file(path).text.parse().unwrap_or_else(|it| panic!("{path}: {it}"))
}

/// The components of `spin.toml`, by id.
pub fn components() -> BTreeMap<String, toml::Table> {
    let manifest = toml("spin.toml");
    let components = manifest["component"].as_table().expect("[component.…] in spin.toml");
    let table = |it: &toml::Value| it.as_table().expect("a component is a table").clone();
    components.iter().map(|(id, it)| (id.clone(), table(it))).collect()
}

/// The directories under `functions/`.
pub fn function_names() -> BTreeSet<String> {
    let paths = files().iter().filter_map(|it| it.path.strip_prefix("functions/"));
    let names = paths.filter_map(|it| it.split_once('/'));
    names.map(|(name, _)| name.to_owned()).collect()
}

/// The workspace's packages, as cargo sees them.
pub fn packages() -> &'static [Value] {
    static PACKAGES: OnceLock<Vec<Value>> = OnceLock::new();
    PACKAGES.get_or_init(|| {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
        let mut command = Command::new(cargo);
        command.args(["metadata", "--no-deps", "--format-version", "1"]).current_dir(root());
        let output = command.output().expect("cargo can be run");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "cargo metadata: {errors}");
        let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON of cargo");
        list(&metadata, "packages").to_vec()
    })
}

/// The package of a name.
pub fn package(name: &str) -> &'static Value {
    let found = packages().iter().find(|it| text(it, "name") == name);
    found.unwrap_or_else(|| panic!("there is no package {name}"))
}

/// A text in JSON; empty for none.
pub fn text<'a>(of: &'a Value, name: &str) -> &'a str {
    of[name].as_str().unwrap_or("")
}

/// A list in JSON; empty for none.
pub fn list<'a>(of: &'a Value, name: &str) -> &'a [Value] {
    of[name].as_array().map_or(&[], Vec::as_slice)
}

/// Fails with all findings at once, after what to do about them.
#[track_caller]
pub fn none(found: Vec<String>, advice: &str) {
    assert!(found.is_empty(), "{advice}\n  {}", found.join("\n  "));
}

/// A Rust file taken apart.
#[derive(Debug)]
pub struct Source {
    /// The text with comments and literals blanked out; every line stays where it was.
    pub code: String,
    /// What stands between quotes, each with the line that it begins on.
    pub literals: Vec<(usize, String)>,
}

/// A function with a body.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// The line of its `fn`.
    pub line: usize,
    /// Its lines, from `fn` to the closing brace.
    pub lines: usize,
}

/// Takes a file apart.
pub fn split(text: &str) -> Source {
    let chars: Vec<char> = text.chars().collect();
    let mut source = Source { code: String::with_capacity(text.len()), literals: Vec::new() };
    let mut line = 1;
    let mut at = 0;
    while at < chars.len() {
        let after_word = 0 < at && is_word(chars[at - 1]);
        let (piece, length) = piece(&chars[at..], after_word);
        let taken = &chars[at..at + length];
        if piece == Piece::Literal {
            source.literals.push((line, unquoted(taken)));
        }
        for it in taken {
            let blank = piece != Piece::Code && *it != '\n';
            source.code.push(if blank { ' ' } else { *it });
        }
        line += taken.iter().filter(|it| **it == '\n').count();
        at += length;
    }
    source
}

/// The functions of blanked `code` that have a body, in the order of their `fn`.
pub fn functions(code: &str) -> Vec<Function> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        let rest = &code[at..];
        // Not `fn (…)`, the type of a pointer, nor the end of a longer word.
        let name = rest[3..].split(|it| !is_word(it) && it != '$').next().unwrap_or("");
        if code[..at].ends_with(is_word) || name.is_empty() {
            continue;
        }
        let Some(end) = end_of_body(rest) else { continue };
        let line = code[..at].matches('\n').count() + 1;
        let lines = rest[..end].matches('\n').count() + 1;
        found.push(Function { name: name.to_owned(), line, lines });
    }
    found
}

/// Whether a name may contain this character.
pub fn is_word(it: char) -> bool {
    it.is_alphanumeric() || it == '_'
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Piece {
    Code,
    Comment,
    Literal,
}

/// What `rest` begins with, and how many characters long that is.
fn piece(rest: &[char], after_word: bool) -> (Piece, usize) {
    match rest {
        ['/', '/', ..] => {
            (Piece::Comment, rest.iter().position(|it| *it == '\n').unwrap_or(rest.len()))
        }
        ['/', '*', ..] => (Piece::Comment, block_comment(rest)),
        ['"', ..] => (Piece::Literal, quoted(rest, '"')),
        // A quote that nothing closes two characters on belongs to a lifetime.
        ['\'', '\\', ..] | ['\'', _, '\'', ..] => (Piece::Literal, quoted(rest, '\'')),
        ['r', '"' | '#', ..] if !after_word => raw(rest, 1),
        ['b' | 'c', 'r', '"' | '#', ..] if !after_word => raw(rest, 2),
        _ => (Piece::Code, 1),
    }
}

/// The length of a block comment; they nest.
fn block_comment(rest: &[char]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        match &rest[at..] {
            ['/', '*', ..] => (depth, at) = (depth + 1, at + 2),
            ['*', '/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

/// The length of a literal in quotes that a backslash may hide.
fn quoted(rest: &[char], quote: char) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            '\\' => at += 2,
            it if it == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// A raw string behind a prefix of `prefix` letters, or code, such as `r#type`.
fn raw(rest: &[char], prefix: usize) -> (Piece, usize) {
    let hashes = rest[prefix..].iter().take_while(|it| **it == '#').count();
    let open = prefix + hashes;
    if rest.get(open) != Some(&'"') {
        return (Piece::Code, prefix);
    }
    let close: Vec<char> = std::iter::once('"').chain(vec!['#'; hashes]).collect();
    let inside = &rest[open + 1..];
    let length = inside.windows(close.len()).position(|it| it == close);
    (Piece::Literal, length.map_or(rest.len(), |it| open + 1 + it + close.len()))
}

/// What stands between the first quote and the last.
fn unquoted(literal: &[char]) -> String {
    let text: String = literal.iter().collect();
    let first = text.find(['"', '\'']).map_or(0, |it| it + 1);
    let last = text.rfind(['"', '\'']).filter(|it| first <= *it).unwrap_or(text.len());
    text[first..last].to_owned()
}

/// Where the body of the function that `rest` begins with ends; nothing for a declaration.
fn end_of_body(rest: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, it) in rest.char_indices() {
        match it {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            // The semicolon of `[u8; 16]` stands in brackets.
            ';' if depth == 0 => return None,
            _ => {}
        }
        if depth < 0 {
            return None;
        }
        if it == '}' && depth == 0 {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, usize, usize)]) {
        let found = functions(&split(text).code);
        let found: Vec<_> = found.iter().map(|it| (it.name.as_str(), it.line, it.lines)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_function_counts_from_its_fn_to_its_closing_brace() {
        check("/// Doc.\npub fn one() {}\n", &[("one", 2, 1)]);
        check(
            "async fn two<T>(\n    a: [u8; 2],\n) -> T\nwhere\n    T: X,\n{\n}\n",
            &[("two", 1, 7)],
        );
        check("fn out() {\n    fn inn() {\n    }\n}\n", &[("out", 1, 4), ("inn", 2, 2)]);
        let long = format!("fn long() {{\n{}}}\n", "    a();\n".repeat(69));
        check(&long, &[("long", 1, 71)]);
    }

    #[test]
    fn braces_in_literals_and_comments_do_not_count() {
        let open =
            ["\"}\"", "'}'", "r#\"}\"}\"#", "b\"\\\"}\"", "br\"}\"", "/* } /* } */ */ 1", "1 // }"];
        for it in open {
            check(&format!("fn f() {{\n    {it}\n}}\n"), &[("f", 1, 3)]);
        }
        check(
            "fn f<'a>(it: &'a str) -> char {\n    '{'\n}\nfn g() {}",
            &[("f", 1, 3), ("g", 4, 1)],
        );
    }

    #[test]
    fn only_functions_with_a_body_count() {
        check("trait T {\n    fn f(&self) -> [u8; 16];\n    fn g(&self) {}\n}\n", &[("g", 3, 1)]);
        check("struct S {\n    decode: fn(Row) -> u8,\n    often: fn (u8),\n}\n", &[]);
        check("// fn f() {}\nconst F: &str = \"fn f() {}\";\n", &[]);
        check("macro_rules! m {\n    () => {\n        fn $f() {}\n    };\n}\n", &[("$f", 3, 1)]);
    }

    #[test]
    fn literals_keep_their_text_and_line() {
        let source =
            split("let a = \"x\";\n// \"no\"\nlet r#type = r#\"y \"z\"\"#;\nlet q = '\"';\n");
        let expected = [(1, "x"), (3, "y \"z\""), (4, "\"")];
        let found: Vec<_> = source.literals.iter().map(|(line, it)| (*line, it.as_str())).collect();
        assert_eq!(found, expected);
        assert_eq!(source.code.lines().count(), 4);
        assert!(source.code.contains("let r#type = ") && !source.code.contains("no"));
    }
}
