//! Makes the style sheet small, and names it by its hash, into `$OUT_DIR`.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use sha2::{Digest, Sha256};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/style.css");
    let style = short(&fs::read_to_string("src/style.css")?)?;
    let mut path = "/style/".to_owned();
    for byte in Sha256::digest(&style).iter().take(6) {
        write!(path, "{byte:02x}")?;
    }
    path.push_str(".css");
    let rust = format!(
        "/// The style sheet of our pages.\npub const STYLE: &str = {style:?};\n\
         /// Where it is: another sheet has another path, so it may be kept for ever.\n\
         pub const STYLE_PATH: &str = {path:?};\n"
    );
    Ok(fs::write(Path::new(&env::var("OUT_DIR")?).join("style.rs"), rust)?)
}

/// A style sheet without comments and line breaks.
fn short(source: &str) -> Result<String, Box<dyn Error>> {
    let mut parts = source.split("/*");
    let mut words = parts.next().unwrap_or("").to_owned();
    for part in parts {
        words.push_str(part.split_once("*/").ok_or("a comment does not end")?.1);
    }
    let mut short = String::with_capacity(words.len());
    for word in words.split_whitespace() {
        // A space that is left parts selectors from each other, or values.
        let joins = |it: char| "{};:,>".contains(it);
        if !short.ends_with(joins) && !word.starts_with(|it| "{};,>".contains(it)) {
            short.push(' ');
        }
        short.push_str(word);
    }
    Ok(short.trim_start().replace(";}", "}"))
}
