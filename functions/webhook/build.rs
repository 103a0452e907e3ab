//! Puts the catalogue of events together, in one line, and the names of its types beside it.

use std::path::PathBuf;
use std::{env, fs, io};

#[path = "catalogue/expand.rs"]
mod expand;

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=catalogue");
    let out = env::var_os("OUT_DIR").map(PathBuf::from).ok_or(io::ErrorKind::NotFound)?;
    let document = expand::document().map_err(io::Error::other)?;
    let mut types = String::new();
    for kind in document.get("webhooks").and_then(|it| it.as_object()).into_iter().flatten() {
        types.push_str(kind.0);
        types.push('\n');
    }
    fs::write(out.join("types.txt"), types)?;
    fs::write(out.join("catalogue.json"), document.to_string())
}
