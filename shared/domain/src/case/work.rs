//! What those who work on cases may do: how much they may give, and what a closing needs.

use super::{Grade, Source};
use crate::role::Role;

/// What a site lets people do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The currency of the limits.
    pub currency: String,
    /// How much the compensations of one case may come to that agents give, in its smallest unit.
    pub agent: i64,
    /// The same where managers give.
    pub manager: i64,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules { currency: "CNY".to_owned(), agent: 20_000, manager: 500_000 }
    }
}

impl Rules {
    /// How much all compensations of a case may come to when somebody of this role gives one;
    /// nothing for no limit.
    pub const fn limit(&self, role: Role) -> Option<i64> {
        match role {
            Role::Viewer => Some(0),
            Role::Agent => Some(self.agent),
            Role::Manager => Some(self.manager),
            Role::Admin => None,
        }
    }
}

/// Whether a case cannot be closed without its cause and what was done about it. What was no
/// complaint has no cause, and the parent of a surge has those of its cases.
pub const fn needs_cause(grade: Grade, source: Source) -> bool {
    !matches!(grade, Grade::None) && !matches!(source, Source::Surge)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_a_larger_role_may_give_more() {
        let rules = Rules::default();
        let limits = Role::ALL.map(|it| rules.limit(it));
        assert_eq!(limits, [Some(0), Some(20_000), Some(500_000), None]);
    }

    #[test]
    fn every_complaint_needs_a_cause() {
        for grade in Grade::ALL {
            for source in Source::ALL {
                let is_none = grade == Grade::None || source == Source::Surge;
                assert_eq!(needs_cause(grade, source), !is_none, "{grade:?} {source:?}");
            }
        }
    }
}
