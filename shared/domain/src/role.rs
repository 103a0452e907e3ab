//! Roles: what the people and systems that hold a key may do.

/// A role. Each one may do all that the ones before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Reads figures and configuration.
    Viewer,
    /// Works on cases and customers, keys in answers.
    Agent,
    /// Runs surveys, touchpoints and people.
    Manager,
    /// Runs the site and its keys.
    Admin,
}

impl Role {
    /// Every role, from the least to the most.
    pub const ALL: [Role; 4] = [Role::Viewer, Role::Agent, Role::Manager, Role::Admin];
    /// Their names, in the same order.
    pub const NAMES: [&str; 4] = ["viewer", "agent", "manager", "admin"];

    /// The role of this name.
    pub fn parse(name: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.name() == name)
    }

    /// Its name in JSON and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Role::Viewer => "viewer",
            Role::Agent => "agent",
            Role::Manager => "manager",
            Role::Admin => "admin",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_order_agree() {
        for (role, name) in Role::ALL.into_iter().zip(Role::NAMES) {
            assert_eq!(role.name(), name);
            assert_eq!(Role::parse(name), Some(role));
        }
        assert!(Role::Viewer < Role::Agent && Role::Manager < Role::Admin);
        assert_eq!(Role::parse("root"), None);
    }
}
