//! Draws the pages of the API out of the contract, in both languages, and compresses them.
//!
//! Nothing of them depends on a request, so at run time a page is looked up and sent as it is.
#![expect(clippy::print_stdout, reason = "a build script speaks to cargo by printing")]

mod curl;
mod events;
mod frame;
mod operation;
mod parts;
mod shape;
mod words;

// The writer of all pages, without the crate around it, which a build would have to wait for.
#[path = "../../../shared/pages/src/html.rs"]
#[expect(dead_code, unreachable_pub, reason = "what another crate offers")]
mod html;

use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use crate::words::Lang;

type Failure = Box<dyn Error>;

/// The catalogue of problems, which a test compares with the code.
const PROBLEMS: &str = include_str!("../../../tests/golden/problems.txt");

fn main() -> Result<(), Failure> {
    for it in ["build", "src", "../../shared/pages/src", "../../tests/golden/problems.txt"] {
        println!("cargo::rerun-if-changed={it}");
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("no OUT_DIR")?);
    let document: Value = serde_json::from_str(contract::DOCUMENT)?;
    let api = parts::Api::of(&document);
    let mut rust = String::from("/// The pages by name, in English and in Chinese.\n");
    rust += "const PAGES: &[(&str, &[u8], &[u8])] = &[\n";
    for name in api.pages() {
        let mut row = format!("    ({name:?}, ");
        for lang in [Lang::En, Lang::Zh] {
            let page = frame::page(&api, name, lang)?;
            let file = out.join(format!("page-{name}.{}.gz", lang.tag()));
            keep(&file, &page)?;
            write!(row, "include_bytes!({file:?}), ")?;
        }
        writeln!(rust, "{}),", row.trim_end_matches(", "))?;
    }
    rust += "];\n";
    keep(&out.join("openapi.json.gz"), contract::DOCUMENT.as_bytes())?;
    let style = |path: &str| fs::read_to_string(path);
    let style = style("../../shared/pages/src/style.css")? + &style("src/docs.css")?;
    keep(&out.join("style.css.gz"), style.as_bytes())?;
    keep(&out.join("script.js.gz"), &fs::read("src/docs.js")?)?;
    Ok(fs::write(out.join("pages.rs"), rust)?)
}

/// Ten bytes of a head that says nothing but "gzip", which is what the component relies on.
fn keep(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(fs::write(file, encoder.finish()?)?)
}
