//! Tails of the normal distribution and of Student's: how rare a deviation is.

use std::f64::consts::{PI, TAU};

/// Degrees of freedom beyond which Student's distribution is taken from the normal one.
///
/// The formulas used there err in the inverse square of this, far from the middle most: at
/// five standard deviations by a ten-millionth of the tail.
const MANY: f64 = 1e5;

/// Degrees of freedom from which the quantile of Student's distribution is taken from a series.
const FEW: f64 = 30.0;

/// Probability that a standard normal variable exceeds `z`.
///
/// Up to 3 by the series `½ − φ(z) (z + z³/3 + z⁵/(3·5) + …)` of Marsaglia (2004), "Evaluating
/// the normal distribution", *Journal of Statistical Software* 11(4); beyond by the continued
/// fraction `φ(z)/(z + 1/(z + 2/(z + 3/…)))` of Laplace (Abramowitz & Stegun 26.2.14), which
/// keeps its digits however small the tail is.
pub(crate) fn normal_above(z: f64) -> f64 {
    if z < 0.0 {
        return 1.0 - normal_above(-z);
    }
    let density = (-0.5 * z * z).exp() / TAU.sqrt();
    if 3.0 < z {
        return density / (1..80).rev().fold(z, |rest, k| z + f64::from(k) / rest);
    }
    let (mut term, mut sum) = (z, z);
    for k in 1..40 {
        term *= z * z / f64::from(2 * k + 1);
        sum += term;
    }
    0.5 - density * sum
}

/// Probability that Student's variable of so many degrees of freedom, at least 1, exceeds `t`.
///
/// With `ν` degrees and `t > 0` it is `½ I(ν/(ν + t²); ν/2, ½)` (Abramowitz & Stegun 26.7.1),
/// where `I` is the incomplete beta function. For very many degrees `t` turns into the normal
/// `z = t (1 − 1/4ν) / √(1 + t²/2ν)` (26.7.8).
pub(crate) fn student_above(t: f64, degrees: f64) -> f64 {
    if t < 0.0 {
        return 1.0 - student_above(-t, degrees);
    }
    let square = t * t;
    if MANY < degrees || !square.is_finite() {
        // Of an endless `t` the tail is nil either way.
        let flat = (1.0 + square / (2.0 * degrees)).sqrt();
        return if flat.is_finite() {
            normal_above(t * (1.0 - 0.25 / degrees) / flat)
        } else {
            0.0
        };
    }
    let half = degrees / 2.0;
    // x^(ν/2) (1 − x)^½ / B(ν/2, ½), where 1 − x is taken without a subtraction.
    let power = (-half * (square / degrees).ln_1p()).exp();
    let front = power * (square / (degrees + square)).sqrt() * gammas(half) / PI.sqrt();
    // The fraction converges fast on the near side of the mean of the beta distribution.
    let x = degrees / (degrees + square);
    if x < (half + 1.0) / (half + 2.5) {
        0.5 * front * beta_fraction(half, 0.5, x) / half
    } else {
        0.5 - front * beta_fraction(0.5, half, square / (degrees + square))
    }
}

/// What Student's variable of so many degrees of freedom exceeds as seldom as a normal one
/// exceeds `z`, which is positive.
///
/// From [`FEW`] degrees on by the series in `1/ν` of Fisher & Cornish (Abramowitz & Stegun
/// 26.7.5), good to six digits there: a curve of ninety days asks for ninety of them. Below by
/// Newton's steps from `z`: Student's tail is the heavier one and falls ever more slowly, so
/// that every step stops short of the answer and none overshoots.
pub(crate) fn student_quantile(z: f64, degrees: f64) -> f64 {
    if FEW <= degrees {
        let s = z * z;
        let terms = [
            ((((79.0 * s + 776.0) * s + 1482.0) * s - 1920.0) * s - 945.0) / 92_160.0,
            (((3.0 * s + 19.0) * s + 17.0) * s - 15.0) / 384.0,
            ((5.0 * s + 16.0) * s + 3.0) / 96.0,
            (s + 1.0) / 4.0,
            1.0,
        ];
        return z * terms.iter().fold(0.0, |sum, term| sum / degrees + term);
    }
    let degrees = degrees.max(1.0);
    let tail = normal_above(z);
    let height = gammas(degrees / 2.0) / (degrees * PI).sqrt();
    let mut t = z;
    for _ in 0..60 {
        let density = height * (-0.5 * (degrees + 1.0) * (t * t / degrees).ln_1p()).exp();
        let step = (student_above(t, degrees) - tail) / density;
        t += step;
        if step < t * 1e-12 {
            break;
        }
    }
    t
}

/// `Γ(a + ½) / Γ(a)`, for `a` of a half or more.
///
/// The series in `1/a` of Tricomi & Erdélyi (1951), "The asymptotic expansion of a ratio of
/// gamma functions", good to 13 digits from 20 on; what is below climbs there by
/// `Γ(a + 1) = a Γ(a)`.
fn gammas(a: f64) -> f64 {
    let (mut a, mut climbed) = (a, 1.0);
    while a < 20.0 {
        climbed *= a / (a + 0.5);
        a += 1.0;
    }
    let first = [39_325.0 / 33_554_432.0, 869.0 / 4_194_304.0, -399.0 / 262_144.0];
    let rest = [-21.0 / 32_768.0, 5.0 / 1024.0, 1.0 / 128.0, -0.125, 1.0];
    climbed * a.sqrt() * first.iter().chain(&rest).fold(0.0, |sum, term| sum / a + term)
}

/// The continued fraction of the incomplete beta function (Abramowitz & Stegun 26.5.8).
///
/// `I(x; a, b) = x^a (1 − x)^b / (a B(a, b))` times this. By Lentz's method; the smallest
/// denominator stands in for zero.
fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / away(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for m in 1..1000 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let before = fraction;
        for term in [even, odd] {
            d = 1.0 / away(1.0 + term * d);
            c = away(1.0 + term / c);
            fraction *= c * d;
        }
        if (fraction - before).abs() <= fraction.abs() * 1e-15 {
            break;
        }
    }
    fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    const Z: [f64; 3] = [1.644_853_626_951_472_2, 1.959_963_984_540_054, 2.575_829_303_548_900_4];

    #[test]
    fn the_normal_tail_is_that_of_the_tables() {
        // Abramowitz & Stegun, tables 26.1 and 26.2.
        for (z, tail) in [
            (0.0, 0.5),
            (1.0, 0.158_655_253_931_457),
            (2.0, 0.022_750_131_948_179),
            (3.0, 0.001_349_898_031_630),
            (5.0, 2.866_515_718_791_9e-7),
            (10.0, 7.619_853_024_160_5e-24),
        ] {
            let actual = normal_above(z);
            assert!((actual / tail - 1.0).abs() < 1e-11, "{z}: {actual}");
            assert!((normal_above(-z) + actual - 1.0).abs() < 1e-15);
        }
        // Both formulas meet.
        assert!((normal_above(3.0) / normal_above(3.0_f64.next_up()) - 1.0).abs() < 1e-11);
        assert_eq!((normal_above(1e200), normal_above(f64::INFINITY)), (0.0, 0.0));
        for (z, tail) in Z.into_iter().zip([0.05, 0.025, 0.005]) {
            assert!((normal_above(z) - tail).abs() < 1e-15);
        }
    }

    #[test]
    fn quantiles_of_student_are_those_of_the_tables() {
        // NIST/SEMATECH e-Handbook 1.3.6.7.2, columns 0.95, 0.975 and 0.995.
        for (degrees, quantiles) in [
            (1.0, [6.314, 12.706, 63.657]),
            (2.0, [2.920, 4.303, 9.925]),
            (3.0, [2.353, 3.182, 5.841]),
            (4.0, [2.132, 2.776, 4.604]),
            (5.0, [2.015, 2.571, 4.032]),
            (10.0, [1.812, 2.228, 3.169]),
            (15.0, [1.753, 2.131, 2.947]),
            (29.0, [1.699, 2.045, 2.756]),
            (30.0, [1.697, 2.042, 2.750]),
            (60.0, [1.671, 2.000, 2.660]),
            (100.0, [1.660, 1.984, 2.626]),
            (f64::INFINITY, [1.645, 1.960, 2.576]),
        ] {
            for (z, expected) in Z.into_iter().zip(quantiles) {
                let actual = student_quantile(z, degrees);
                assert!((actual - expected).abs() < 0.000_51, "{degrees}: {actual} {expected}");
            }
        }
    }

    #[test]
    fn one_and_two_degrees_agree_with_their_closed_forms() {
        for z in Z {
            let share = 1.0 - 2.0 * normal_above(z);
            let one = (share * PI / 2.0).tan();
            assert!((student_quantile(z, 1.0) / one - 1.0).abs() < 1e-9, "{one}");
            let two = share * (2.0 / (1.0 - share * share)).sqrt();
            assert!((student_quantile(z, 2.0) / two - 1.0).abs() < 1e-9, "{two}");
        }
        for t in [0.0, 0.1, 0.7, 1.0, 3.0, 40.0, 1e6, 1e100, f64::INFINITY] {
            let one = (1.0 / t).atan() / PI;
            assert!((student_above(t, 1.0) - one).abs() <= 1e-12 * one, "{t}");
        }
    }

    #[test]
    fn tail_and_quantile_undo_each_other_for_any_degrees() {
        let mut degrees = 1.0;
        while degrees < 1e7 {
            for z in Z {
                let tail = student_above(student_quantile(z, degrees), degrees);
                let wrong = if degrees < FEW { 1e-8 } else { 1e-6 };
                assert!((tail / normal_above(z) - 1.0).abs() < wrong, "{degrees}, {z}: {tail}");
            }
            degrees *= 1.37;
        }
    }

    #[test]
    fn many_degrees_join_the_few_without_a_step() {
        for t in [0.1, 1.0, 2.0, 5.0] {
            let (few, many) = (student_above(t, MANY), student_above(t, MANY.next_up()));
            assert!((few / many - 1.0).abs() < 2e-7, "{few} {many}");
        }
        for z in Z {
            let (few, many) = (student_quantile(z, FEW.next_down()), student_quantile(z, FEW));
            assert!((few - many).abs() < 1e-6, "{few} {many}");
        }
    }
}
