//! The times that the clocks make of a case's history.

use domain::case::Moment;
use store::cases::Case;

use super::Book;

/// Sets what is due and when, and when time does something to the case.
pub(crate) fn settle(_book: &Book, case: &mut Case, _history: &[Moment], _now: i64) {
    case.next_due =
        [case.answer_due, case.solution_due, case.closing_due].into_iter().flatten().min();
}
