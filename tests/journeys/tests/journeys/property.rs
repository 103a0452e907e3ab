//! Random calls, good and bad, of several callers at once, for as long as it is told to.
//!
//! The calls are the seeds of `tests/fuzz`, changed by the same rules. `HUIYIN_MINUTES` says for
//! how long (10), `HUIYIN_SEED` which ones; both are printed.

mod callers;
mod proof;

#[path = "../../../fuzz/src/wild.rs"]
#[expect(clippy::cast_possible_wrap, unreachable_pub, reason = "it is shared with the fuzzers")]
pub(crate) mod wild;

use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use std::{env, fs};

use crate::chance::Chance;
use crate::server::{Server, leave_out};
use crate::site::Site;
use callers::{Caller, Kind, Run};
use wild::{Call, Known, Words};

/// Most requests that are sent again when one of them failed, to find those that matter.
const SUFFIX_MAX: usize = 256;

/// What the fuzzers begin with.
fn seeds() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds");
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !name.starts_with("parse-") {
            paths.extend(fs::read_dir(path).unwrap().map(|it| it.unwrap().path()));
        }
    }
    paths.sort();
    paths.iter().map(|it| fs::read_to_string(it).unwrap()).collect()
}

/// A server with two sites, and what is known of the first one.
pub(crate) async fn scene(server: &Server) -> (Site, Known) {
    let site = Site::with_survey(server).await;
    let other = Site::with_survey(server).await;
    let mut known = Known::default();
    for name in ["viewer", "agent", "manager", "admin", "pk", "owner"] {
        known.name(name, site.named(name));
    }
    known.name("other", other.named("admin"));
    known.name("other_pk", other.named("pk"));
    known.name("tick", server.tick_key.as_deref().unwrap_or(""));
    for (name, of) in [("sit", "site"), ("srv", "survey"), ("tch", "shop")] {
        known.name(name, site.named(of));
    }
    let furniture = include_str!("../../../fuzz/seeds/world.txt");
    for call in furniture.split("\n###\n").flat_map(wild::read) {
        let sent = callers::send(server, &known, &call).await.unwrap();
        assert!(!sent.answer.status.is_server_error(), "{call:?} {}", sent.answer.text());
        known.learn(&sent.answer.text());
    }
    (site, known)
}

/// Lets everybody call until the time is over, and proves what they left.
#[expect(clippy::print_stderr, reason = "what failed is told before it is made smaller")]
async fn run(server: &Server, seed: u64, lasting: Duration) -> Result<String, Vec<Call>> {
    let (site, known) = scene(server).await;
    let seeds = seeds();
    let words = Words::of(seeds.iter().map(String::as_str));
    let run = Run::new(words, Instant::now() + lasting);
    let kinds = [Kind::Staff, Kind::Staff, Kind::Staff, Kind::Public, Kind::Foreign, Kind::Clock];
    let callers = kinds.into_iter().enumerate().map(|(nth, kind)| {
        let chance = Chance(seed ^ (nth as u64) << 56);
        Caller::new(kind, known.clone(), chance)
    });
    let mut callers: Vec<Caller> = callers.collect();
    let [a, b, c, d, e, f] = callers.as_mut_slice() else { panic!("six callers") };
    tokio::join!(
        a.call(server, &run),
        b.call(server, &run),
        c.call(server, &run),
        d.call(server, &run),
        e.call(server, &run),
        f.call(server, &run),
    );
    if let Some(failure) = run.failure() {
        let logged = server.logged();
        let is_alarming = |it: &&str| proof::ALARMING.iter().any(|word| it.contains(word));
        let alarming: Vec<&str> = logged.lines().filter(is_alarming).collect();
        eprintln!("{failure}\n{}", alarming.join("\n"));
        return Err(run.history());
    }
    proof::proof(server, &site, &run).await;
    let sent = run.sent.load(Ordering::Relaxed);
    Ok(format!("{sent} calls in {} s: {}", lasting.as_secs(), run.told()))
}

/// The fewest of the last calls that still fail, one after the other, on a fresh server.
async fn shortest(history: &[Call]) -> Option<Vec<Call>> {
    let mut count = 1;
    while count <= SUFFIX_MAX.min(history.len()) {
        let suffix = &history[history.len() - count..];
        let server = Server::any();
        let (_, mut known) = scene(&server).await;
        for call in suffix {
            let sent = callers::send(&server, &known, call).await;
            let Ok(sent) = sent else { return Some(suffix.to_vec()) };
            if callers::fault(&sent.answer).is_some() {
                return Some(suffix.to_vec());
            }
            known.learn(&sent.answer.text());
        }
        count *= 2;
    }
    None
}

async fn hold(lasting: Duration) {
    let Some(server) = Server::ours("the property run") else { return };
    let seed = env::var("HUIYIN_SEED").ok().and_then(|it| it.parse().ok());
    let seed = seed.unwrap_or_else(|| {
        let since = std::time::UNIX_EPOCH.elapsed().unwrap();
        u64::from(since.subsec_nanos()) ^ since.as_secs()
    });
    leave_word(&format!("HUIYIN_SEED={seed} for {} s", lasting.as_secs()));
    match run(&server, seed, lasting).await {
        Ok(told) => leave_word(&told),
        Err(history) => {
            drop(server);
            let suffix = shortest(&history).await;
            let suffix = suffix.map_or_else(
                || {
                    format!("only all callers at once fail; the last:\n{}", {
                        wild::write(&history[history.len().saturating_sub(20)..])
                    })
                },
                |it| format!("these fail one after the other:\n{}", wild::write(&it)),
            );
            panic!("HUIYIN_SEED={seed}: {suffix}");
        }
    }
}

/// Past the capture of tests, so that it is seen.
fn leave_word(what: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "property run, {what}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_seconds_of_random_calls_break_nothing() {
    hold(Duration::from_secs(10)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "it takes HUIYIN_MINUTES, 10 unless told"]
async fn minutes_of_random_calls_break_nothing() {
    let minutes = env::var("HUIYIN_MINUTES").ok().and_then(|it| it.parse::<f64>().ok());
    let seconds = 60.0 * minutes.unwrap_or(10.0);
    if seconds <= 0.0 {
        leave_out("the property run, which has no time");
        return;
    }
    hold(Duration::from_secs_f64(seconds)).await;
}
