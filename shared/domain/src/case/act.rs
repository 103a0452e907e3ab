//! What may be done to a case, and where it stands afterwards.

use super::State;

/// Something that somebody does to a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Staff answer the customer.
    Answer,
    /// Staff answer and ask something: it is the customer's turn.
    Ask,
    /// Staff note something among themselves.
    Note,
    /// The customer says more. If it was their turn, it is ours again.
    Say,
    /// The grade, the tier, the type, the need or the urgency is set.
    Classify,
    /// Somebody else gets it.
    Assign,
    /// An expert is called in, or the ladder raises it.
    Escalate,
    /// The customer gets a coupon or money back.
    Compensate,
    /// It is solved.
    Solve,
    /// The customer does not agree.
    Appeal,
    /// It is closed.
    Close,
    /// The customer, or staff, open it again.
    Reopen,
    /// The customer rates how it was handled.
    Rate,
    /// It becomes part of another.
    Merge,
}

impl Act {
    /// Every act.
    pub const ALL: [Act; 14] = [
        Act::Answer,
        Act::Ask,
        Act::Note,
        Act::Say,
        Act::Classify,
        Act::Assign,
        Act::Escalate,
        Act::Compensate,
        Act::Solve,
        Act::Appeal,
        Act::Close,
        Act::Reopen,
        Act::Rate,
        Act::Merge,
    ];

    /// Where a case in `state` stands afterwards; `None` if it cannot be done there.
    pub const fn from(self, state: State) -> Option<State> {
        use State::{Closed, Merged, Open, Solved, Waiting};
        match (self, state) {
            // What was merged is told of in the other case.
            (_, Merged) => None,
            (Act::Note, state) => Some(state),
            (Act::Answer | Act::Compensate, Open | Waiting | Solved) => Some(state),
            (Act::Ask, Open | Waiting) => Some(Waiting),
            (Act::Say, Open | Waiting) => Some(Open),
            (Act::Say, Solved) => Some(Solved),
            (Act::Classify, Open | Waiting | Solved) => Some(state),
            (Act::Assign | Act::Escalate, Open | Waiting) => Some(state),
            (Act::Assign, Solved) => Some(Solved),
            (Act::Solve, Open | Waiting) => Some(Solved),
            (Act::Appeal, Solved) => Some(Open),
            (Act::Close, Solved) => Some(Closed),
            (Act::Reopen, Solved | Closed) => Some(Open),
            (Act::Rate, Solved | Closed) => Some(state),
            (Act::Merge, Open | Waiting | Solved) => Some(Merged),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_done_to_what_was_merged() {
        assert!(Act::ALL.iter().all(|it| it.from(State::Merged).is_none()));
    }

    #[test]
    fn a_case_is_closed_only_once_it_is_solved() {
        for state in State::ALL {
            assert_eq!(Act::Close.from(state).is_some(), state == State::Solved, "{state:?}");
            assert_eq!(
                Act::Solve.from(state).is_some(),
                matches!(state, State::Open | State::Waiting),
                "{state:?}"
            );
        }
        assert_eq!(Act::Reopen.from(State::Closed), Some(State::Open));
        assert_eq!(Act::Reopen.from(State::Open), None);
        assert_eq!(Act::Say.from(State::Waiting), Some(State::Open));
        assert_eq!(Act::Say.from(State::Closed), None);
    }
}
