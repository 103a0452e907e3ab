//! Makes a program of the Rust in `docs/clients.md`, block by block, for `manuals` to run.

use std::path::PathBuf;
use std::{env, fs, io};

const MANUAL: &str = "../../docs/clients.md";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed={MANUAL}");
    println!("cargo::rerun-if-changed=build.rs");
    let out = env::var_os("OUT_DIR").map(PathBuf::from).ok_or(io::ErrorKind::NotFound)?;
    let manual = fs::read_to_string(MANUAL)?;
    let blocks = manual.split("```rust\n").skip(1).filter_map(|it| it.split("\n```").next());
    let blocks: Vec<&str> = blocks.collect();
    // A line of its own parts what one block prints from what the next one does.
    let program = blocks.join("\nprintln!(\"{}\", super::CUT);\n");
    let program = format!(
        "/// The blocks, one after the other.\n\
         pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> {{\n{program}\nOk(())\n}}\n"
    );
    fs::write(out.join("clients.rs"), program)
}
