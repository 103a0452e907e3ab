//! Intervals of 95 % hold the truth that often: summed exactly over every outcome, and simulated.
//!
//! Judged is the interval as it is published, rounded and clipped. Run with `--nocapture` for
//! the figures.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic, and most of this one is helpers"
)]

use domain::score::compare::difference;
use domain::score::{Histogram, Metric, Points, Terms, score};

/// Bars for the mean over a grid and for every point of it.
const MEAN: std::ops::RangeInclusive<f64> = 0.945..=0.955;
const LEAST: f64 = 0.92;

/// Coverages of a grid: what they are of, the mean and the least.
struct Grid {
    name: String,
    sum: f64,
    points: u32,
    least: f64,
    at: String,
}

impl Grid {
    fn new(name: String) -> Grid {
        Grid { name, sum: 0.0, points: 0, least: 1.0, at: String::new() }
    }

    fn add(&mut self, coverage: f64, at: String) {
        self.sum += coverage;
        self.points += 1;
        if coverage < self.least {
            (self.least, self.at) = (coverage, at);
        }
    }

    #[expect(clippy::print_stdout, reason = "the figures are what the test is for")]
    fn mean(&self) -> f64 {
        let mean = self.sum / f64::from(self.points);
        println!(
            "{}: mean {:.2} %, least {:.2} % at {} ({} points)",
            self.name,
            100.0 * mean,
            100.0 * self.least,
            self.at,
            self.points
        );
        mean
    }

    #[track_caller]
    fn check(&self) {
        let mean = self.mean();
        assert!(MEAN.contains(&mean) && LEAST <= self.least, "{}", self.name);
    }
}

/// Logarithms of the factorials up to `n`.
fn factorials(n: usize) -> Vec<f64> {
    let mut logarithms = vec![0.0];
    for i in 1..=n {
        logarithms.push(logarithms[i - 1] + (i as f64).ln());
    }
    logarithms
}

/// `C(n, k) p^k (1 − p)^(n − k)` for every `k`.
fn binomial(n: usize, p: f64, factorials: &[f64]) -> Vec<f64> {
    let weight = |k: usize| {
        if p == 1.0 {
            return if k == n { 1.0 } else { 0.0 };
        }
        let ways = factorials[n] - factorials[k] - factorials[n - k];
        (ways + k as f64 * p.ln() + (n - k) as f64 * (1.0 - p).ln()).exp()
    };
    (0..=n).map(weight).collect()
}

fn csat() -> Metric {
    Metric::Csat(Points::new(5).unwrap())
}

fn satisfied(hits: usize, n: usize) -> Histogram {
    let mut answers = Histogram::default();
    answers.counts[5] = u64::try_from(hits).unwrap();
    answers.counts[1] = u64::try_from(n - hits).unwrap();
    answers
}

fn promoters(detractors: usize, promoters: usize, n: usize) -> Histogram {
    let mut answers = Histogram::default();
    answers.counts[0] = u64::try_from(detractors).unwrap();
    answers.counts[10] = u64::try_from(promoters).unwrap();
    answers.counts[7] = u64::try_from(n - detractors - promoters).unwrap();
    answers
}

fn interval(metric: Metric, answers: &Histogram) -> (f64, f64) {
    score(metric, answers, Terms::default()).interval.unwrap()
}

fn holds((low, high): (f64, f64), truth: i32) -> bool {
    (low..=high).contains(&f64::from(truth))
}

#[test]
fn satisfaction_is_held_exactly_as_often_as_told() {
    let mut coarse = Grid::new("CSAT, 30 to 300 answers, by 5 %".to_owned());
    for n in [30, 50, 100, 300] {
        let factorials = factorials(n);
        let outcomes = (0..=n).map(|hits| interval(csat(), &satisfied(hits, n)));
        let outcomes = outcomes.collect::<Vec<_>>();
        let mut fine = Grid::new(format!("CSAT, {n} answers, by 1 %"));
        for percent in 5..=95 {
            let weights = binomial(n, f64::from(percent) / 100.0, &factorials);
            let held = weights.iter().zip(&outcomes).filter(|(_, it)| holds(**it, percent));
            let coverage = held.map(|(weight, _)| weight).sum();
            fine.add(coverage, format!("{percent} %"));
            if percent % 5 == 0 {
                coarse.add(coverage, format!("{percent} % of {n}"));
            }
        }
        fine.check();
    }
    coarse.check();
}

/// How often the interval holds, by the number of promoters and detractors together and, given
/// that, the number of promoters. Outcomes left out are rarer than 1e-9 together.
fn nps_coverage(n: usize, det: i32, pro: i32, factorials: &[f64], held: &[Vec<(f64, f64)>]) -> f64 {
    let either = f64::from(det + pro) / 100.0;
    let share = f64::from(pro) / f64::from(det + pro);
    let mut coverage = 0.0;
    for (voiced, weight) in binomial(n, either, factorials).into_iter().enumerate() {
        if weight < 1e-12 {
            continue;
        }
        let weights = binomial(voiced, share, factorials);
        let held = weights.iter().zip(&held[voiced]).filter(|(_, it)| holds(**it, pro - det));
        coverage += weight * held.map(|(weight, _)| weight).sum::<f64>();
    }
    coverage
}

#[test]
fn nps_is_held_exactly_as_often_as_told() {
    for (n, step) in [(30, 5), (50, 5), (100, 5), (300, 10)] {
        let factorials = factorials(n);
        // By promoters and detractors together, then by promoters.
        let outcomes = (0..=n).map(|voiced| {
            let of = |pro: usize| interval(Metric::Nps, &promoters(voiced - pro, pro, n));
            (0..=voiced).map(of).collect::<Vec<_>>()
        });
        let outcomes = outcomes.collect::<Vec<_>>();
        let mut grid = Grid::new(format!("NPS, {n} answers, by {step} %"));
        for det in (5..=90).step_by(step) {
            for pro in (5..=90).step_by(step).filter(|pro| det + pro <= 100) {
                let coverage = nps_coverage(n, det, pro, &factorials, &outcomes);
                grid.add(coverage, format!("{det} % detractors, {pro} % promoters"));
            }
        }
        grid.check();
    }
}

/// Xorshift: the same surveys in every run.
struct Dice(u64);

impl Dice {
    /// From 0 to 99.
    fn percent(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) % 100
    }

    /// So many answers drawn from percentages of 1, 2, 3 and so on.
    fn survey(&mut self, shares: &[u64], n: usize) -> Histogram {
        let mut answers = Histogram::default();
        for _ in 0..n {
            let (mut value, mut rest) = (1_u8, self.percent());
            for share in shares {
                if rest < *share {
                    break;
                }
                rest -= share;
                value += 1;
            }
            answers.add(value);
        }
        answers
    }
}

/// Percentages of the answers 1 to 7, from even to lopsided.
const EFFORTS: [[u64; 7]; 5] = [
    [14, 14, 14, 16, 14, 14, 14],
    [5, 6, 9, 11, 12, 24, 33],
    [2, 3, 5, 10, 20, 30, 30],
    [40, 5, 3, 4, 3, 5, 40],
    [3, 2, 3, 4, 8, 20, 60],
];

#[test]
fn the_mean_effort_is_held_about_as_often_as_told() {
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    for (n, lowest_mean, least) in [(10, 0.92, 0.86), (30, 0.935, 0.91), (100, 0.945, 0.94)] {
        let mut grid = Grid::new(format!("CES, {n} answers, simulated"));
        for shares in EFFORTS {
            let sum = (1..).zip(shares).map(|(value, share)| value * share).sum::<u64>();
            let truth = sum as f64 / 100.0;
            let held = (0..2000).filter(|_| {
                let (low, high) = interval(Metric::Ces, &dice.survey(&shares, n));
                (low..=high).contains(&truth)
            });
            grid.add(held.count() as f64 / 2000.0, format!("{shares:?}"));
        }
        // Lopsided answers, ten of them, are what Student's distribution is worst at.
        let mean = grid.mean();
        assert!((lowest_mean..=0.96).contains(&mean) && least <= grid.least, "{n}");
    }
}

#[test]
fn a_simulation_agrees_with_the_sums() {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut grid = Grid::new("NPS and CSAT, 30 and 100 answers, simulated".to_owned());
    for n in [30, 100] {
        for (det, pro) in [(10, 30), (10, 60), (30, 30), (50, 20), (5, 85)] {
            // Detractors answer 1, passives 7 or 8 and promoters 9.
            let shares = [det, 0, 0, 0, 0, 0, 50 - (det + pro) / 2, 50 - (det + pro) / 2, 100];
            let truth = i32::try_from(pro).unwrap() - i32::try_from(det).unwrap();
            let held =
                (0..3000).filter(|_| holds(interval(Metric::Nps, &dice.survey(&shares, n)), truth));
            grid.add(held.count() as f64 / 3000.0, format!("NPS {det}, {pro} of {n}"));
        }
        for percent in [10_u64, 40, 60, 85, 95] {
            let held = (0..3000).filter(|_| {
                let answers = dice.survey(&[100 - percent, 0, 0, 0], n);
                holds(interval(csat(), &answers), i32::try_from(percent).unwrap())
            });
            grid.add(held.count() as f64 / 3000.0, format!("CSAT {percent} % of {n}"));
        }
    }
    grid.check();
}

#[test]
fn differences_of_shares_are_held_exactly_about_as_often_as_told() {
    let mut grid = Grid::new("CSAT differences, 30 against 40 answers".to_owned());
    let mut false_finds: f64 = 0.0;
    let (n_1, n_2) = (30, 40);
    let factorials = factorials(n_2);
    let of = |hits_1, hits_2| {
        let (now, before) = (satisfied(hits_1, n_1), satisfied(hits_2, n_2));
        difference(csat(), &now, &before, Terms::default()).unwrap()
    };
    let found = (0..=n_1).map(|hits| (0..=n_2).map(|other| of(hits, other)).collect::<Vec<_>>());
    let found = found.collect::<Vec<_>>();
    for (now, before) in (0..100).map(|i| (5 + i / 10 * 10, 5 + i % 10 * 10)) {
        let weights_1 = binomial(n_1, f64::from(now) / 100.0, &factorials);
        let weights_2 = binomial(n_2, f64::from(before) / 100.0, &factorials);
        let (mut coverage, mut rejected) = (0.0, 0.0);
        for (row, weight_1) in found.iter().zip(weights_1) {
            for (found, weight_2) in row.iter().zip(&weights_2) {
                let weight = weight_1 * weight_2;
                coverage += if holds(found.interval, now - before) { weight } else { 0.0 };
                rejected += if found.p < 0.05 { weight } else { 0.0 };
            }
        }
        grid.add(coverage, format!("{now} % and {before} %"));
        if now == before {
            false_finds = false_finds.max(rejected);
        }
    }
    // Newcombe's interval errs on the side of width where both shares are extreme.
    let mean = grid.mean();
    assert!((0.945..=0.965).contains(&mean) && LEAST <= grid.least);
    assert!(false_finds < 0.065, "{false_finds}");
}

#[test]
fn differences_of_nps_are_held_exactly_about_as_often_as_told() {
    let mut grid = Grid::new("NPS differences, 12 against 15 answers".to_owned());
    let mut false_finds: f64 = 0.0;
    let (n_1, n_2) = (12, 15);
    let outcomes = |n: usize| {
        let pairs = (0..=n).flat_map(move |det| (0..=n - det).map(move |pro| (det, pro)));
        pairs.collect::<Vec<_>>()
    };
    let found = outcomes(n_1).into_iter().map(|(det, pro)| {
        let against = |(det_2, pro_2)| {
            let (now, before) = (promoters(det, pro, n_1), promoters(det_2, pro_2, n_2));
            difference(Metric::Nps, &now, &before, Terms::default()).unwrap()
        };
        outcomes(n_2).into_iter().map(against).collect::<Vec<_>>()
    });
    let found = found.collect::<Vec<_>>();
    let logarithms = factorials(n_2);
    let weigh = |n: usize, (det, pro): (i32, i32)| {
        let either = binomial(n, f64::from(det + pro) / 100.0, &logarithms);
        let share = f64::from(pro) / f64::from(det + pro);
        let weigh = |(det, pro): (usize, usize)| {
            either[det + pro] * binomial(det + pro, share, &logarithms)[pro]
        };
        outcomes(n).into_iter().map(weigh).collect::<Vec<_>>()
    };
    let populations = [(10, 20), (10, 60), (30, 30), (5, 90), (20, 50), (40, 10), (70, 15)];
    for (now, before) in (0..49).map(|i| (populations[i / 7], populations[i % 7])) {
        let truth = now.1 - now.0 - before.1 + before.0;
        let (weights_1, weights_2) = (weigh(n_1, now), weigh(n_2, before));
        let (mut coverage, mut rejected) = (0.0, 0.0);
        for (row, weight_1) in found.iter().zip(weights_1) {
            for (found, weight_2) in row.iter().zip(&weights_2) {
                let weight = weight_1 * weight_2;
                coverage += if holds(found.interval, truth) { weight } else { 0.0 };
                rejected += if found.p < 0.05 { weight } else { 0.0 };
            }
        }
        grid.add(coverage, format!("{now:?} and {before:?}"));
        if now == before {
            false_finds = false_finds.max(rejected);
        }
    }
    grid.check();
    assert!(false_finds < 0.065, "{false_finds}");
}
