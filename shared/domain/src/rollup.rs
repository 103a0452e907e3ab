//! Grains: the cuts by which figures are kept, so that reading never counts.

/// What a figure can be cut by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dimension {
    /// The touchpoint that the question is about.
    Touchpoint,
    /// The channel on which the answer came.
    Channel,
    /// The customer's group.
    Group,
    /// The survey.
    Survey,
    /// The question, across surveys.
    Question,
    /// The person who served the customer.
    Agent,
    /// What about the service is rated: its speed, its kindness.
    Aspect,
}

impl Dimension {
    /// Every dimension.
    pub const ALL: [Dimension; 7] = [
        Dimension::Touchpoint,
        Dimension::Channel,
        Dimension::Group,
        Dimension::Survey,
        Dimension::Question,
        Dimension::Agent,
        Dimension::Aspect,
    ];
    /// Their names, in the same order.
    pub const NAMES: [&str; 7] =
        ["touchpoint", "channel", "group", "survey", "question", "agent", "dimension"];

    /// The dimension of this name.
    pub fn parse(name: &str) -> Option<Dimension> {
        Dimension::ALL.into_iter().find(|it| it.name() == name)
    }

    /// Its name in URLs and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Dimension::Touchpoint => "touchpoint",
            Dimension::Channel => "channel",
            Dimension::Group => "group",
            Dimension::Survey => "survey",
            Dimension::Question => "question",
            Dimension::Agent => "agent",
            Dimension::Aspect => "dimension",
        }
    }
}

/// A cut that is kept: its name in the database and its dimensions, in the order of its keys.
#[derive(Debug, PartialEq, Eq)]
pub struct Grain {
    /// Its name in the database.
    pub name: &'static str,
    /// What it is cut by: none, one or two dimensions.
    pub dimensions: &'static [Dimension],
}

/// Every grain that is kept. Migration 1 says the same to the database.
pub const GRAINS: [Grain; 13] = {
    use Dimension::{Agent, Aspect, Channel, Group, Question, Survey, Touchpoint};
    [
        Grain { name: "site", dimensions: &[] },
        Grain { name: "touchpoint", dimensions: &[Touchpoint] },
        Grain { name: "channel", dimensions: &[Channel] },
        Grain { name: "group", dimensions: &[Group] },
        Grain { name: "survey", dimensions: &[Survey] },
        Grain { name: "question", dimensions: &[Question] },
        Grain { name: "agent", dimensions: &[Agent] },
        Grain { name: "dimension", dimensions: &[Aspect] },
        Grain { name: "touchpoint_channel", dimensions: &[Touchpoint, Channel] },
        Grain { name: "touchpoint_group", dimensions: &[Touchpoint, Group] },
        Grain { name: "survey_question", dimensions: &[Survey, Question] },
        Grain { name: "survey_group", dimensions: &[Survey, Group] },
        Grain { name: "agent_channel", dimensions: &[Agent, Channel] },
    ]
};

impl Grain {
    /// The grain of exactly these dimensions, in any order.
    pub fn of(dimensions: &[Dimension]) -> Option<&'static Grain> {
        GRAINS.iter().find(|grain| {
            grain.dimensions.len() == dimensions.len()
                && grain.dimensions.iter().all(|it| dimensions.contains(it))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grain_is_found_in_either_order_and_no_other_exists() {
        use Dimension::{Channel, Group, Touchpoint};
        assert_eq!(Grain::of(&[]).unwrap().name, "site");
        assert_eq!(Grain::of(&[Channel, Touchpoint]).unwrap().name, "touchpoint_channel");
        assert_eq!(Grain::of(&[Channel, Group]), None);
        assert_eq!(Grain::of(&[Channel, Channel]), None);
        assert_eq!(Grain::of(&[Touchpoint, Channel, Group]), None);
    }

    #[test]
    fn names_and_dimensions_agree() {
        for (dimension, name) in Dimension::ALL.into_iter().zip(Dimension::NAMES) {
            assert_eq!(Dimension::parse(name), Some(dimension));
        }
    }
}
