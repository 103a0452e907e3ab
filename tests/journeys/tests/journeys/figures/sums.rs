//! Scores as a textbook has them, in floating point, and how they are compared with what is told.

use serde_json::Value;

/// The normal quantile of 95 %.
const Z: f64 = 1.959_963_984_540_054;
/// Answers below which nothing is told.
const MINIMUM_N: usize = 5;

/// A score: its value and, where this module knows how, its interval.
#[derive(Clone, Debug)]
pub(super) struct Score {
    pub(super) n: usize,
    pub(super) value: Option<f64>,
    pub(super) interval: Option<(f64, f64)>,
}

/// The score of some answers; satisfaction on five points.
pub(super) fn score(metric: &str, values: &[i64]) -> Score {
    let n = values.len();
    if n < MINIMUM_N {
        return Score { n, value: None, interval: None };
    }
    let many = |fits: &dyn Fn(i64) -> bool| values.iter().filter(|it| fits(**it)).count() as f64;
    let size = n as f64;
    let (value, interval) = match metric {
        "nps" => {
            let (promoters, detractors) = (many(&|it| 9 <= it), many(&|it| it <= 6));
            let all = size + 3.0;
            let (high, low) = ((promoters + 0.75) / all, (detractors + 0.75) / all);
            let middle = high - low;
            let margin = Z * ((high + low - middle * middle) / all).sqrt();
            let interval = (100.0 * (middle - margin), 100.0 * (middle + margin));
            (100.0 * (promoters - detractors) / size, Some(interval))
        }
        "csat" => share(many(&|it| 4 <= it), size),
        _ => (values.iter().sum::<i64>() as f64 / size, None),
    };
    Score { n, value: Some(value), interval }
}

/// A percentage with Wilson's interval.
pub(super) fn share(hits: f64, n: f64) -> (f64, Option<(f64, f64)>) {
    let share = hits / n;
    let (middle, under) = (share + Z * Z / (2.0 * n), 1.0 + Z * Z / n);
    let margin = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    let interval = (100.0 * (middle - margin) / under, 100.0 * (middle + margin) / under);
    (100.0 * share, Some(interval))
}

/// The mean of the dimensions with enough answers, each from 0 to 100.
pub(super) fn index(dimensions: &[(i64, Vec<i64>)]) -> Score {
    let counted = || dimensions.iter().filter(|it| MINIMUM_N <= it.1.len());
    let scaled = counted().map(|(points, values)| {
        let mean = values.iter().sum::<i64>() as f64 / values.len() as f64;
        100.0 * (mean - 1.0) / (points - 1) as f64
    });
    let sum: f64 = scaled.sum();
    let value = (counted().count() != 0).then(|| sum / counted().count() as f64);
    let of = |it: &(i64, Vec<i64>)| it.1.len();
    let n = if value.is_some() { counted().map(of).sum() } else { dimensions.iter().map(of).sum() };
    Score { n, value, interval: None }
}

/// Checks that what is told is the number, rounded to so many decimals.
#[track_caller]
pub(super) fn check_number(told: &Value, own: Option<f64>, decimals: i32, what: &str) {
    let half = 0.5 / 10_f64.powi(decimals) + 1e-9;
    match (told.as_f64(), own) {
        (None, None) => {}
        (Some(told), Some(own)) => assert!((told - own).abs() <= half, "{what}: {told}, not {own}"),
        _ => panic!("{what}: {told}, not {own:?}"),
    }
}

/// Checks a score with its `n`, its value and its interval.
#[track_caller]
pub(super) fn check(told: &Value, metric: &str, own: &Score, what: &str) {
    let decimals = if metric == "ces" { 2 } else { 1 };
    assert_eq!(told["n"], own.n, "{what} {metric}: n of {told}");
    check_number(&told["value"], own.value, decimals, &format!("{what} {metric}"));
    if let Some((low, high)) = own.interval {
        // It is kept to the scale and about the value.
        let scale = if metric == "nps" { (-100.0, 100.0) } else { (0.0, 100.0) };
        let value = own.value.unwrap();
        let (low, high) = (low.min(value), high.max(value));
        let at = |place: usize| format!("{what} {metric}: interval {place} of {told}");
        check_number(&told["interval"][0], Some(low.max(scale.0)), decimals, &at(0));
        check_number(&told["interval"][1], Some(high.min(scale.1)), decimals, &at(1));
    }
}
