//! How long the clocks of a case take, without a component around them.

use std::hint::black_box;
use std::time::Instant;

use domain::case::{Grade, Moment, Step, Tier};
use domain::clock::{Clock, Terms, clock};
use domain::hours::Hours;
use domain::zone::Zone;

const ROUNDS: usize = 5;
const TIMES: u32 = 2_000;
const HOUR_MS: i64 = 3_600_000;
/// Friday, 2026-02-13, 17:30 in Shanghai: the Spring Festival lies ahead.
const BEGUN: i64 = 1_770_975_000_000;

/// Microseconds for all three clocks of a case that was regraded, waited for and resumed, in
/// working time over a festival.
pub(crate) fn micros() -> Vec<f64> {
    let hours = Hours::office(Zone::SHANGHAI);
    let terms = Terms::shipped();
    let at = |hours: i64, step| Moment { at: BEGUN + hours * HOUR_MS, step };
    let history = [
        at(0, Step::Started(Grade::General, Tier::None)),
        at(2, Step::Answered),
        at(3, Step::Waiting),
        at(20, Step::Resumed),
        at(21, Step::Graded(Grade::Moderate, Tier::Two)),
        at(40, Step::Waiting),
        at(90, Step::Resumed),
    ];
    let now = BEGUN + 120 * HOUR_MS;
    let round = |_| {
        let begun = Instant::now();
        for _ in 0..TIMES {
            for it in Clock::ALL {
                black_box(clock(&hours, &terms, black_box(&history), it, now));
            }
        }
        begun.elapsed().as_secs_f64() * 1e6 / f64::from(TIMES)
    };
    (0..ROUNDS).map(round).collect()
}
