//! What a change of a call-back does to the figures.

use ports::Write;
use store::callbacks::Callback;

/// The statements that keep them right.
pub(crate) fn writes(_before: Option<&Callback>, _after: &Callback) -> Vec<Write> {
    Vec::new()
}
