//! What the score engine promises, by example and over every small histogram.

use super::*;

/// Detractors, passives and promoters.
fn promoters(detractors: u64, passives: u64, promoters: u64) -> Histogram {
    Histogram::of(&[(0, detractors), (7, passives), (10, promoters)])
}

fn of(metric: Metric, answers: &Histogram) -> Score {
    score(metric, answers, Terms::default())
}

/// Name, value and interval of every extra.
#[track_caller]
fn check_extras(score: &Score, expected: &[(&str, f64, (f64, f64))]) {
    let told = score.extras.iter();
    let told = told.map(|extra| (extra.name, extra.value, extra.interval.unwrap()));
    assert_eq!(told.collect::<Vec<_>>(), expected);
}

#[test]
fn one_answer_is_bad_good_or_neither() {
    use Verdict::{High, Low, Middle};
    for (metric, expected) in [
        (Metric::Nps, vec![Low, Low, Low, Low, Low, Low, Middle, Middle, High, High]),
        (Metric::Ces, vec![Low, Low, Middle, Middle, Middle, High, High]),
        (Metric::csat(5).unwrap(), vec![Low, Low, Middle, High, High]),
        (Metric::csat(2).unwrap(), vec![Low, High]),
        (Metric::csat(3).unwrap(), vec![Low, Middle, High]),
        (Metric::csat(4).unwrap(), vec![Low, Middle, Middle, High]),
        (
            Metric::csat(10).unwrap(),
            vec![Low, Low, Low, Low, Middle, Middle, Middle, High, High, High],
        ),
    ] {
        let points = u8::try_from(expected.len()).unwrap();
        let found: Vec<Verdict> = (1..=points).map(|it| metric.verdict(it)).collect();
        assert_eq!(found, expected, "{metric:?}");
    }
    assert_eq!(Metric::Nps.verdict(0), Low);
}

#[test]
fn nps_is_promoters_minus_detractors() {
    let score = of(Metric::Nps, &promoters(20, 30, 50));
    assert_eq!(score.value, Some(30.0));
    assert_eq!(score.interval, Some((14.1, 44.2)));
    assert_eq!((score.n, score.method), (100, "nps-adjusted-wald"));
    assert!(!score.suppressed && !score.small);
    check_extras(
        &score,
        &[
            ("promoters", 50.0, (40.4, 59.6)),
            ("passives", 30.0, (21.9, 39.6)),
            ("detractors", 20.0, (13.3, 28.9)),
        ],
    );
    // 2/36 is 5.5556 %.
    assert_eq!(of(Metric::Nps, &promoters(13, 8, 15)).value, Some(5.6));
    assert_eq!(of(Metric::Nps, &promoters(15, 8, 13)).value, Some(-5.6));
}

#[test]
fn each_answer_from_0_to_10_has_its_side() {
    for value in 0..=10 {
        let expected = match value {
            0..=6 => -100.0,
            7..=8 => 0.0,
            _ => 100.0,
        };
        assert_eq!(of(Metric::Nps, &Histogram::of(&[(value, 5)])).value, Some(expected));
    }
}

#[test]
fn ten_promoters_alone_are_not_certain() {
    let score = of(Metric::Nps, &promoters(0, 0, 10));
    assert_eq!(score.value, Some(100.0));
    assert_eq!(score.interval, Some((47.5, 100.0)));
}

#[test]
fn csat_counts_the_top_two_boxes_or_one_on_a_short_scale() {
    for (points, method, expected) in [
        (2, "csat-top1-wilson", 50.0),
        (3, "csat-top1-wilson", 33.3),
        (4, "csat-top2-wilson", 50.0),
        (5, "csat-top2-wilson", 40.0),
        (7, "csat-top2-wilson", 28.6),
        (10, "csat-top2-wilson", 20.0),
    ] {
        // Zero answers nothing here, and what is above the scale is not on it.
        let score = of(Metric::csat(points).unwrap(), &Histogram { counts: [10; 11] });
        assert_eq!((score.method, score.value), (method, Some(expected)), "{points} points");
        assert_eq!(score.n, u64::from(points) * 10);
        let told = score.extras.iter().map(|extra| (extra.name, extra.value));
        let best = round(100.0 / f64::from(points), 1);
        assert!(told.eq([("mean", f64::from(points + 1) / 2.0), ("very_satisfied", best)]));
    }
    for points in [0, 1, 11, 255] {
        assert_eq!(Metric::csat(points), None);
    }
}

#[test]
fn csat_is_a_share_with_a_wilson_interval() {
    // 960 of 1200. The 77.8–82.1 that suptask.com prints for it is not Wilson's.
    let score = of(Metric::csat(5).unwrap(), &Histogram::of(&[(2, 240), (4, 480), (5, 480)]));
    assert_eq!(score.value, Some(80.0));
    assert_eq!(score.interval, Some((77.6, 82.2)));
}

#[test]
fn ces_is_a_mean_and_tells_the_other_two_calculations() {
    let answers =
        Histogram::of(&[(1, 50), (2, 60), (3, 90), (4, 110), (5, 120), (6, 240), (7, 330)]);
    let score = of(Metric::Ces, &answers);
    assert_eq!(score.value, Some(5.23));
    check_extras(&score, &[("percent_5_to_7", 69.0, (66.1, 71.8)), ("index", 37.0, (32.0, 41.8))]);
    // The variance is 3.3204, so this is 5.23 ± 1.96 × 0.0576.
    assert_eq!(score.interval, Some((5.12, 5.34)));
    assert_eq!(score.method, "ces2-mean");
}

#[test]
fn a_satisfaction_score_tells_its_mean_and_its_best_answer() {
    let score = of(Metric::csat(5).unwrap(), &Histogram::of(&[(2, 240), (4, 480), (5, 480)]));
    // The variance is 1.20100 (1440/1199): 4 ± 1.96193 × 0.031636.
    check_extras(&score, &[("mean", 4.0, (3.94, 4.06)), ("very_satisfied", 40.0, (37.3, 42.8))]);
}

#[test]
fn answers_that_all_agree_are_not_certain() {
    // 40 of 40 is a share of 91.2 % to 100 %, and 1 + 6 × 0.9124 = 6.47.
    let score = of(Metric::Ces, &Histogram::of(&[(7, 40)]));
    assert_eq!((score.value, score.interval), (Some(7.0), Some((6.47, 7.0))));
    let terms = Terms { minimum_n: 0, ..Terms::default() };
    let alone = super::score(Metric::Ces, &Histogram::of(&[(3, 1)]), terms);
    assert_eq!((alone.value, alone.interval), (Some(3.0), Some((1.15, 6.43))));
    // Two answers have one degree of freedom: 4 ± 12.7 × 1 reaches beyond the scale.
    let two = super::score(Metric::Ces, &Histogram::of(&[(3, 1), (5, 1)]), terms);
    assert_eq!((two.value, two.interval), (Some(4.0), Some((1.0, 7.0))));
}

#[test]
fn too_few_answers_are_counted_but_not_scored() {
    for metric in [Metric::Nps, Metric::csat(5).unwrap(), Metric::Ces] {
        for n in [0, 1, 4, 5, 29, 30] {
            let score = of(metric, &Histogram::of(&[(1, n / 2), (5, n - n / 2)]));
            assert_eq!((score.n, score.suppressed, score.small), (n, n < 5, n < 30));
            let told = (score.value.is_some(), score.interval.is_some());
            assert_eq!((told, score.extras.is_empty()), ((5 <= n, 5 <= n), n < 5));
        }
        let terms = Terms { minimum_n: 0, ..Terms::default() };
        let nothing = super::score(metric, &Histogram::default(), terms);
        assert_eq!((nothing.value, nothing.suppressed), (None, false));
    }
}

#[test]
fn a_histogram_adds_up_and_refuses_what_it_cannot_hold() {
    let mut answers = Histogram::default();
    assert!(answers.add(0) && answers.add(10) && answers.add(10));
    assert!(!answers.add(11));
    let mut twice = answers;
    twice.merge(&answers);
    assert_eq!(twice, Histogram::of(&[(0, 2), (10, 4)]));
    assert_eq!((answers.n(), twice.n(), twice.count(1..=10)), (3, 6, 4));
    // No count is so large that it traps.
    let full = Histogram { counts: [u64::MAX; 11] };
    twice.merge(&full);
    for metric in [Metric::Nps, Metric::csat(10).unwrap(), Metric::Ces] {
        assert!(of(metric, &twice).value.unwrap().is_finite());
    }
}

/// A value and its interval, between these ends and with no more decimals.
#[track_caller]
fn check_extra(extra: &Extra) {
    let (low, high) = extra.interval.unwrap();
    let (worst, best) = match extra.name {
        "nps" | "index" => (-100.0, 100.0),
        "ces" => (1.0, 7.0),
        "mean" => (1.0, 10.0),
        _ => (0.0, 100.0),
    };
    assert!(worst <= low && low <= extra.value, "{extra:?}");
    assert!(extra.value <= high && high <= best, "{extra:?}");
    let decimals = if best < 100.0 { 2 } else { 1 };
    for number in [low, extra.value, high] {
        assert_eq!(round(number, decimals).to_bits(), number.to_bits(), "{extra:?}");
    }
}

fn check_whole(metric: Metric, name: &'static str, answers: &Histogram) {
    for confidence in [Confidence::P90, Confidence::P95, Confidence::P99] {
        let score = super::score(metric, answers, Terms { confidence, minimum_n: 1 });
        if let Some(value) = score.value {
            check_extra(&Extra { name, value, interval: score.interval });
        }
        score.extras.iter().for_each(check_extra);
        assert_eq!(score.value.is_none(), score.n == 0);
    }
}

#[test]
fn every_interval_holds_its_value_and_keeps_to_the_scale() {
    let csat = Metric::csat(5).unwrap();
    for (a, b, c) in (0..7 * 7 * 7).map(|i| (i / 49, i / 7 % 7, i % 7)) {
        check_whole(Metric::Nps, "nps", &promoters(a, b, c));
        check_whole(csat, "csat", &Histogram::of(&[(1, a), (3, b), (5, c)]));
        check_whole(Metric::Ces, "ces", &Histogram::of(&[(1, a), (4, b), (7, c)]));
    }
}

#[test]
fn no_count_is_so_large_that_a_score_is_not_a_number() {
    let extremes = [0, 1, 29, (1 << 53) + 1, u64::MAX - 1, u64::MAX];
    for value in 0..=10 {
        for (own, rest) in (0..36).map(|i| (extremes[i / 6], extremes[i % 6])) {
            let mut answers = Histogram { counts: [rest; 11] };
            answers.counts[value] = own;
            check_whole(Metric::Nps, "nps", &answers);
            for points in [2, 3, 5, 10] {
                check_whole(Metric::csat(points).unwrap(), "csat", &answers);
            }
            check_whole(Metric::Ces, "ces", &answers);
        }
    }
}

#[test]
fn confidence_is_90_95_or_99_percent() {
    let known = (0..=u8::MAX).filter_map(Confidence::from_percent);
    assert!(known.map(Confidence::percent).eq([90, 95, 99]));
}
