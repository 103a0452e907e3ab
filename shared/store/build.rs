//! Leaves comments, indentation and blanks out of the migrations that components carry: a third
//! of their bytes is for the people who read them in `migrations/`.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=migrations");
    let out = env::var_os("OUT_DIR").map(PathBuf::from).ok_or(io::ErrorKind::NotFound)?;
    for file in fs::read_dir("migrations")? {
        let path = file?.path();
        let name = path.file_name().map(Path::new).ok_or(io::ErrorKind::InvalidInput)?;
        let text = fs::read_to_string(&path)?;
        // Blank lines stay: they part one statement from the next.
        let lines = text.lines().map(str::trim).filter(|it| !it.starts_with("--"));
        let lines: Vec<String> = lines.map(squeeze).collect();
        fs::write(out.join(name), lines.join("\n"))?;
    }
    Ok(())
}

/// A line without the blanks around its signs; what stands in quotes stays as it is.
fn squeeze(line: &str) -> String {
    let parts = line.split('\'').enumerate().map(|(at, part)| {
        if at % 2 == 1 {
            return part.to_owned();
        }
        let signs = [(", ", ","), (" = ", "="), (" <> ", "<>"), (" + ", "+"), (" (", "(")];
        signs.iter().fold(part.to_owned(), |part, (wide, narrow)| part.replace(wide, narrow))
    });
    parts.collect::<Vec<_>>().join("'")
}
