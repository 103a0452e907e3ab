//! Feeds a function with requests. Requests are changed as requests, by `fuzz::wild`: a byte
//! changed at random seldom leaves one.
#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
mod fuzzing {
    use std::sync::OnceLock;

    use fuzz::wild::{self, Words};

    static TARGET: OnceLock<(String, Words)> = OnceLock::new();

    fn target() -> &'static (String, Words) {
        TARGET.get_or_init(|| {
            let target = fuzz::target();
            let seeds = fuzz::seeds::of(&target);
            let texts: Vec<_> = seeds.iter().map(|it| String::from_utf8_lossy(&it.1)).collect();
            let words = Words::of(texts.iter().map(AsRef::as_ref));
            (target, words)
        })
    }

    libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
        assert!(fuzz::replay(&target().0, bytes), "there is no such target");
    });

    libfuzzer_sys::fuzz_mutator!(|bytes: &mut [u8], size: usize, max_size: usize, seed: u32| {
        let text = String::from_utf8_lossy(&bytes[..size]).into_owned();
        let mut state = u64::from(seed);
        // SplitMix64, as elsewhere in the tests.
        let mut chance = move |bound: usize| {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            ((mixed ^ (mixed >> 31)) % bound.max(1) as u64) as usize
        };
        let mut calls = wild::read(&text);
        wild::mutate(&mut calls, &target().1, &mut chance);
        let mut changed = wild::write(&calls).into_bytes();
        changed.truncate(max_size);
        bytes[..changed.len()].copy_from_slice(&changed);
        changed.len()
    });
}

#[cfg(not(fuzzing))]
fn main() {
    fuzz::play_files();
}
