//! Every seed against its target, so that the targets compile and hold without libFuzzer.

use std::panic::{AssertUnwindSafe, catch_unwind};

use fuzz::scene::Scene;
use fuzz::{parsers, replay, seeds};

/// Every target: the parsers, the functions and all functions together.
fn targets() -> Vec<&'static str> {
    let functions = functions::ALL.iter().map(|it| it.0);
    parsers::ALL.iter().map(|it| it.0).chain(functions).chain(["all"]).collect()
}

#[test]
fn the_world_is_furnished() {
    let wrong: Vec<_> = Scene::furniture().into_iter().filter(|it| 400 <= it.1).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_target_has_seeds_and_every_seed_a_target() {
    let targets = targets();
    let mut wrong: Vec<String> = Vec::new();
    for name in &targets {
        if seeds::of(name).is_empty() {
            wrong.push(format!("tests/fuzz/seeds/{name} has no seed"));
        }
    }
    for entry in std::fs::read_dir(seeds::folder()).expect("the seeds") {
        let path = entry.expect("a folder").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() && !targets.contains(&name.as_str()) {
            wrong.push(format!("tests/fuzz/seeds/{name} is the seeds of nothing"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_seed_passes() {
    let mut wrong = Vec::new();
    for name in targets() {
        for (seed, bytes) in seeds::of(name) {
            // With one more byte its clock goes on, or stands still.
            for bytes in [bytes.clone(), [bytes, b"\n".to_vec()].concat()] {
                if catch_unwind(AssertUnwindSafe(|| assert!(replay(name, &bytes)))).is_err() {
                    wrong.push(format!("{name}/{seed}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "TARGET=… cargo run --bin handle seeds/… for each of {wrong:#?}");
}
