//! The seeds that the repository keeps: a folder for each target, a file for each run.

use std::fs;
use std::path::{Path, PathBuf};

/// The folder of them.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds")
}

/// Those of a target, with their names, in order.
pub fn of(target: &str) -> Vec<(String, Vec<u8>)> {
    let Ok(entries) = fs::read_dir(folder().join(target)) else { return Vec::new() };
    let mut seeds: Vec<(String, Vec<u8>)> = entries
        .filter_map(|it| {
            let path = it.ok()?.path();
            let name = path.file_name()?.to_string_lossy().into_owned();
            Some((name, fs::read(path).ok()?))
        })
        .collect();
    seeds.sort();
    seeds
}
