//! Rounding: once, at the edge, half away from zero.

/// A fraction rounded to so many decimals, half away from zero, without a detour over binary.
///
/// `None` when there is nothing to divide by. Exact while `numerator` times ten to the
/// `decimals` stays below 2^125, which no count of answers reaches.
pub fn ratio(numerator: i128, denominator: u64, decimals: u8) -> Option<f64> {
    (0 < denominator).then(|| quotient(numerator, i128::from(denominator), decimals))
}

/// A number rounded to so many decimals, half away from zero.
///
/// 2.675 is stored as 2.67499999…; what is within two steps of a tie counts as a tie, so that
/// the answer is the 2.68 that a reader of "2.675" expects. Where the exact fraction is known,
/// `ratio` is better. Zero is never negative; what is not finite comes back unchanged.
pub fn round(value: f64, decimals: u8) -> f64 {
    let factor = 10_f64.powi(i32::from(decimals));
    let scaled = value * factor;
    if !scaled.is_finite() {
        return value;
    }
    // Far above any score two steps are visible; there the nudge stops growing.
    let nudge = (scaled * 2.0 * f64::EPSILON).clamp(-1e-3, 1e-3);
    (scaled + nudge).round() / factor + 0.0
}

/// `ratio` for a denominator above zero that may pass 2^64.
///
/// What no longer fits into 128 bits is divided as floating point.
pub(super) fn quotient(numerator: i128, denominator: i128, decimals: u8) -> f64 {
    exact(numerator, denominator, decimals)
        .unwrap_or_else(|| round(numerator as f64 / denominator as f64, decimals))
}

fn exact(numerator: i128, denominator: i128, decimals: u8) -> Option<f64> {
    let factor = 10_i128.checked_pow(u32::from(decimals))?;
    let doubled = numerator.checked_mul(factor)?.checked_mul(2)?;
    let half_away = doubled.checked_add(numerator.signum() * denominator)?;
    Some(half_away.checked_div(denominator.checked_mul(2)?)? as f64 / factor as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fraction_rounds_half_away_from_zero() {
        for (numerator, denominator, decimals, expected) in
            [(5, 2, 0, 3.0), (-5, 2, 0, -3.0), (9, 4, 1, 2.3), (-9, 4, 1, -2.3), (-1, 30, 1, 0.0)]
        {
            let rounded = ratio(numerator, denominator, decimals).unwrap();
            assert_eq!(rounded, expected, "{numerator}/{denominator}");
            assert!(rounded.is_sign_positive() || rounded < 0.0);
        }
        assert_eq!(ratio(1, 0, 1), None);
    }

    #[test]
    fn a_fraction_too_large_for_exactness_is_still_a_number() {
        assert_eq!(ratio(i128::MAX, u64::MAX, 0), Some(2_f64.powi(63)));
        assert_eq!(ratio(i128::MIN, 1, 2), Some(-2_f64.powi(127)));
        assert_eq!(ratio(1, 3, 255), Some(1.0 / 3.0));
    }

    #[test]
    fn a_number_rounds_as_it_reads() {
        for thousandths in -20_000_i32..=20_000 {
            let rounded = round(f64::from(thousandths) / 1000.0, 2);
            assert_eq!(Some(rounded), ratio(thousandths.into(), 1000, 2), "{thousandths}");
            assert!(rounded.is_sign_positive() || rounded < 0.0);
        }
        assert_eq!(round(2.675, 2), 2.68);
        assert_eq!(round(1.005, 2), 1.01);
        assert_eq!(round(2.674_999_999, 2), 2.67);
        assert_eq!(round(-0.04, 1).to_bits(), 0.0_f64.to_bits());
        assert_eq!(round(9_007_199_254_740_991.0, 0), 9_007_199_254_740_991.0);
        assert_eq!(round(f64::MAX, 2), f64::MAX);
    }
}
