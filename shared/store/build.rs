//! Packs the migrations that every component carries: without comments, indentation and blanks,
//! which are for the people who read them in `migrations/`, and with a byte for what comes often.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// The first byte that stands for a pair; all below are themselves.
const FIRST: u8 = 128;

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=migrations");
    let out = env::var_os("OUT_DIR").map(PathBuf::from).ok_or(io::ErrorKind::NotFound)?;
    let mut names = Vec::new();
    let mut texts = Vec::new();
    let mut paths = fs::read_dir("migrations")?.collect::<io::Result<Vec<_>>>()?;
    paths.sort_by_key(fs::DirEntry::file_name);
    for file in paths {
        let path = file.path();
        names.push(path.file_name().map(PathBuf::from).ok_or(io::ErrorKind::InvalidInput)?);
        let text = fs::read_to_string(&path)?;
        // A byte of another script would be taken for a pair.
        if !text.is_ascii() {
            return Err(io::ErrorKind::InvalidData.into());
        }
        // Blank lines stay: they part one statement from the next.
        let lines = text.lines().map(str::trim).filter(|it| !it.starts_with("--"));
        let lines: Vec<String> = lines.map(squeeze).collect();
        texts.push(lines.join("\n").into_bytes());
    }
    let mut pairs = Vec::new();
    for sign in FIRST..=u8::MAX {
        let pair = commonest(&texts);
        texts = texts.iter().map(|it| replace(it, pair, sign)).collect();
        pairs.extend(pair);
    }
    fs::write(out.join("pairs"), pairs)?;
    for (name, text) in names.iter().zip(texts) {
        fs::write(out.join(Path::new(name)), text)?;
    }
    Ok(())
}

/// The two bytes that stand together most often.
fn commonest(texts: &[Vec<u8>]) -> [u8; 2] {
    let mut counts = vec![0_u32; 1 << 16];
    for pair in texts.iter().flat_map(|it| it.windows(2)) {
        let [a, b] = pair else { continue };
        if let Some(count) = counts.get_mut(usize::from(*a) << 8 | usize::from(*b)) {
            *count += 1;
        }
    }
    let most = counts.iter().max().copied().unwrap_or(0);
    let at = counts.iter().position(|it| *it == most).unwrap_or(0);
    u16::try_from(at).unwrap_or(0).to_be_bytes()
}

fn replace(text: &[u8], pair: [u8; 2], sign: u8) -> Vec<u8> {
    let mut replaced = Vec::with_capacity(text.len());
    let mut left = text;
    while let [first, rest @ ..] = left {
        if let Some(after) = left.strip_prefix(&pair) {
            replaced.push(sign);
            left = after;
        } else {
            replaced.push(*first);
            left = rest;
        }
    }
    replaced
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
