//! What the fuzz targets do: parsers fed with bytes, and functions fed with requests.
//!
//! `parse` and `handle` are the two programs; the environment variable `TARGET` says which parser
//! or which function. Without libFuzzer they play the files that they are given.

pub mod judge;
pub mod parsers;
pub mod scene;
pub mod seeds;
pub mod wild;

/// Plays a file against a target; false if there is no such target.
pub fn replay(target: &str, bytes: &[u8]) -> bool {
    if let Some((_, parse)) = parsers::ALL.iter().find(|it| it.0 == target) {
        parse(bytes);
        return true;
    }
    let is_known = target == "all" || scene::handler(target).is_some();
    if is_known {
        scene::play(target, &String::from_utf8_lossy(bytes));
    }
    is_known
}

/// The target that the environment names.
pub fn target() -> String {
    std::env::var("TARGET").expect("TARGET=name, of a parser or of a function")
}

/// Plays every file that the command line names.
pub fn play_files() {
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path).expect("a file that can be read");
        assert!(replay(&target(), &bytes), "there is no such target");
        println!("{path} passes");
    }
}
