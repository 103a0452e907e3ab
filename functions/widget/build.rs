//! Makes `/widget.js`, `/widget-more.js` and `/complaint.js` out of `src/*.js` and `src/*.css`,
//! into `$OUT_DIR`.
//!
//! The modules of a bundle are put one behind the other, and one scope holds them all. Then local
//! names become short and comments and spaces go; a source map leads back from there.

use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use base64ct::{Base64, Encoding as _};
use flate2::Compression;
use flate2::write::GzEncoder;
use oxc_allocator::{Allocator, TakeIn as _, Vec as List};
use oxc_ast::ast::{Statement, VariableDeclaration, VariableDeclarationKind};
use oxc_ast_visit::{VisitMut, walk_mut};
use oxc_codegen::{Codegen, CodegenOptions, CommentOptions};
use oxc_mangler::Mangler;
use oxc_parser::Parser;
use oxc_span::SourceType;
use sha2::{Digest, Sha256, Sha384};

/// In the order in which they need each other at once; what is only called later may come first.
const CORE: [&str; 9] =
    ["state", "base", "logic", "words", "queue", "fields", "form", "triggers", "widget"];
const COMPLAINT: [&str; 3] = ["base", "proof", "complaint"];
const MORE: [&str; 7] = ["batch", "proof", "options", "rare", "steps", "theme", "more"];

type Failure = Box<dyn Error>;

pub(crate) fn main() -> Result<(), Failure> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src");
    let more = format!("const STYLE = {:?};\n{}", style("more")?, modules(&MORE)?);
    let more = Built::new("widget-more", "more-", &more)?;
    let core = format!(
        "(() => {{\n'use strict';\nconst STYLE = {:?};\n\
         const MORE = {{ name: '{}', integrity: '{}' }};\n{}}})();\n",
        style("widget")?,
        more.file,
        more.integrity,
        modules(&CORE)?,
    );
    let core = Built::new("widget", "", &core)?;
    let complaint = format!(
        "(() => {{\n'use strict';\nconst STYLE = {:?};\n{}}})();\n",
        style("complaint")?,
        modules(&COMPLAINT)?,
    );
    let complaint = Built::new("complaint", "complaint-", &complaint)?;
    let mut rust = String::new();
    // The dialog is short enough to be read without a map, which would be twice its size.
    fs::write(complaint.path.with_extension("map.gz"), [])?;
    for (name, it) in [("CORE", &core), ("MORE", &more), ("COMPLAINT", &complaint)] {
        let path = |ending: &str| it.path.with_extension(ending);
        writeln!(
            rust,
            "/// `/{}.js`.\npub(crate) const {name}: Script = Script {{\n    \
             file: {:?},\n    map: {:?},\n    integrity: {:?},\n    \
             text: include_str!({:?}),\n    gzipped: include_bytes!({:?}),\n    \
             source_map: include_bytes!({:?}),\n}};",
            it.name,
            it.file,
            format!("{}.map", it.file),
            it.integrity,
            path("js"),
            path("js.gz"),
            path("map.gz"),
        )?;
    }
    Ok(fs::write(out("scripts.rs")?, rust)?)
}

/// What is served of one bundle.
struct Built {
    name: &'static str,
    /// The file's name with its hash.
    file: String,
    /// For the attribute `integrity` of a tag.
    integrity: String,
    path: PathBuf,
}

impl Built {
    fn new(name: &'static str, start: &str, source: &str) -> Result<Self, Failure> {
        let (code, map) = minify(name, source)?;
        let hash = Sha256::digest(&code);
        let mut short = String::new();
        for byte in hash.iter().take(6) {
            write!(short, "{byte:02x}")?;
        }
        let path = out(&format!("{name}.js"))?;
        fs::write(&path, &code)?;
        fs::write(path.with_extension("js.gz"), gzip(code.as_bytes())?)?;
        fs::write(path.with_extension("map.gz"), gzip(map.as_bytes())?)?;
        let integrity = format!("sha384-{}", Base64::encode_string(&Sha384::digest(&code)));
        Ok(Self { name, file: format!("{start}{short}.js"), integrity, path })
    }
}

fn out(name: &str) -> Result<PathBuf, Failure> {
    Ok(Path::new(&env::var("OUT_DIR")?).join(name))
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

/// Modules without what joins them: their imports, and the word `export`.
fn modules(names: &[&str]) -> Result<String, Failure> {
    let mut joined = String::new();
    for name in names {
        let mut is_import = false;
        for line in fs::read_to_string(format!("src/{name}.js"))?.lines() {
            is_import |= line.starts_with("import ");
            if !is_import {
                let line = match line.strip_prefix("export ") {
                    Some(it) if !it.starts_with("default ") => it,
                    _ => line,
                };
                joined.push_str(line);
                joined.push('\n');
            }
            is_import &= !line.ends_with(';');
        }
    }
    Ok(joined)
}

/// A style sheet without comments and needless spaces.
fn style(name: &str) -> Result<String, Failure> {
    let source = fs::read_to_string(format!("src/{name}.css"))?;
    let mut short = String::with_capacity(source.len());
    let mut parts = source.split("/*");
    let mut words = parts.next().unwrap_or("").to_owned();
    for part in parts {
        words.push_str(part.split_once("*/").ok_or("a comment does not end")?.1);
    }
    for word in words.split_whitespace() {
        // A space that is left parts selectors from each other, or values.
        let joins = |it: char| "{};:,>".contains(it);
        if !short.ends_with(joins) && !word.starts_with(|it| "{};,>!".contains(it)) {
            short.push(' ');
        }
        short.push_str(word);
    }
    Ok(short.trim_start().replace(";}", "}"))
}

/// The code in few bytes, and the map that leads back to the source.
fn minify(name: &str, source: &str) -> Result<(String, String), Failure> {
    let allocator = Allocator::default();
    let mut parsed = Parser::new(&allocator, source, SourceType::mjs()).parse();
    if let Some(error) = parsed.diagnostics.first() {
        return Err(format!("{name}: {error:?}").into());
    }
    Joining(&allocator).visit_program(&mut parsed.program);
    let mangled = Mangler::new().build(&parsed.program);
    let options = CodegenOptions {
        minify: true,
        comments: CommentOptions::disabled(),
        source_map_path: Some(PathBuf::from(format!("{name}.js"))),
        ..CodegenOptions::default()
    };
    let made = Codegen::new()
        .with_options(options)
        .with_scoping(Some(mangled.scoping))
        .with_source_text(source)
        .build(&parsed.program);
    let map = made.map.ok_or("there is no source map")?;
    Ok((made.code, map.to_json_string()))
}

/// Writes `const a = 1; const b = 2;` as `let a = 1, b = 2;`: what is never assigned need not be
/// told to a browser.
struct Joining<'a>(&'a Allocator);

impl<'a> VisitMut<'a> for Joining<'a> {
    fn visit_variable_declaration(&mut self, it: &mut VariableDeclaration<'a>) {
        it.kind = VariableDeclarationKind::Let;
        walk_mut::walk_variable_declaration(self, it);
    }

    fn visit_statements(&mut self, statements: &mut List<'a, Statement<'a>>) {
        walk_mut::walk_statements(self, statements);
        for statement in statements.take_in(&self.0) {
            match (statements.last_mut(), statement) {
                (
                    Some(Statement::VariableDeclaration(first)),
                    Statement::VariableDeclaration(next),
                ) => first.declarations.extend(next.unbox().declarations),
                (_, statement) => statements.push(statement),
            }
        }
    }
}
