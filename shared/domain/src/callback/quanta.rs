//! The pieces in which somebody's time is sold.

use std::ops::Range;

use crate::UtcMs;

/// Minutes of a piece. Every offset from UTC is a multiple of it.
pub const MINUTES: i64 = 5;
/// The same in milliseconds.
pub const QUANTUM_MS: i64 = MINUTES * super::MINUTE_MS;

/// The pieces that a stretch of time touches.
pub fn of(from: UtcMs, until: UtcMs) -> Range<i64> {
    let end = until.div_euclid(QUANTUM_MS) + i64::from(until.rem_euclid(QUANTUM_MS) != 0);
    from.div_euclid(QUANTUM_MS)..end
}

/// Which piece becomes which when an appointment of as many pieces moves along the same line: what
/// it has before and afterwards stays as it is, so that it never stands in its own way.
pub fn moved(from: Range<i64>, to: Range<i64>) -> Vec<(i64, i64)> {
    let given = from.clone().filter(|it| !to.contains(it));
    let wanted = to.clone().filter(|it| !from.contains(it));
    given.zip(wanted).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_has_every_piece_that_it_touches() {
        assert_eq!(of(0, QUANTUM_MS), 0..1);
        assert_eq!(of(1, QUANTUM_MS + 1), 0..2);
        assert_eq!(of(-1, 1), -1..1);
        assert_eq!(of(QUANTUM_MS, QUANTUM_MS), 1..1);
    }

    #[test]
    fn what_moves_keeps_what_it_can_and_takes_as_much_as_it_gives() {
        assert_eq!(moved(0..3, 1..4), [(0, 3)]);
        assert_eq!(moved(0..2, 5..7), [(0, 5), (1, 6)]);
        assert_eq!(moved(4..6, 3..5), [(5, 3)]);
        assert_eq!(moved(4..6, 4..6), []);
    }
}
