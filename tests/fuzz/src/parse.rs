//! Feeds a parser with whatever libFuzzer thinks of.
#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(init: {
    TARGET.get_or_init(fuzz::target);
}, |bytes: &[u8]| {
    let target = TARGET.get().map_or("", String::as_str);
    assert!(fuzz::replay(target, bytes), "there is no such target");
});

#[cfg(fuzzing)]
static TARGET: std::sync::OnceLock<String> = std::sync::OnceLock::new();

#[cfg(not(fuzzing))]
fn main() {
    fuzz::play_files();
}
