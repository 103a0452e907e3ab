//! What is promised: how long each clock may run, by grade and tier.

use crate::case::{Grade, Tier};

const HOUR_MS: i64 = 3_600_000;

/// What a customer waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// A first answer.
    Answer,
    /// A clear plan, or the solution itself.
    Solution,
    /// The end of it, with cause and remedy.
    Closing,
}

impl Clock {
    /// Every one, in order.
    pub const ALL: [Clock; 3] = [Clock::Answer, Clock::Solution, Clock::Closing];
    /// Their names, in the same order.
    pub const NAMES: [&str; 3] = ["answer", "solution", "closing"];

    /// The one of this name.
    pub fn parse(name: &str) -> Option<Clock> {
        Clock::ALL.into_iter().find(|it| it.name() == name)
    }

    /// Its name in JSON and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Clock::Answer => "answer",
            Clock::Solution => "solution",
            Clock::Closing => "closing",
        }
    }

    /// Its place in lists by clock.
    pub const fn index(self) -> usize {
        self as usize
    }
}

/// How long a clock may run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowance {
    /// Milliseconds of anybody's time.
    Wall(i64),
    /// Milliseconds during which people are at work.
    Working(i64),
    /// Until the close of that many working days after the day it starts on, one at least.
    WorkingDays(u16),
}

/// The terms of a promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// By grade, from none to major, then by clock. What is missing is as for general.
    pub grades: [[Option<Allowance>; 3]; 4],
    /// What tiers one and two put in their place, by clock.
    pub tiers: [[Option<Allowance>; 3]; 2],
    /// By clock: whether it stands still while the customer has to act.
    pub pauses: [bool; 3],
}

impl Terms {
    /// The terms that hold until somebody publishes others.
    pub fn shipped() -> Terms {
        let hours = |hours: [i64; 3]| hours.map(|it| Some(Allowance::Wall(it * HOUR_MS)));
        Terms {
            grades: [[None; 3], hours([24, 48, 48]), hours([12, 72, 72]), hours([1, 72, 7 * 24])],
            tiers: [
                [Some(Allowance::Wall(HOUR_MS)), None, None],
                [None, Some(Allowance::WorkingDays(2)), None],
            ],
            pauses: [false, true, true],
        }
    }

    /// What a clock is allowed: what the tier says, else what the grade says.
    ///
    /// A major case must never wait longest: there the tier counts only if it is surely no later.
    pub fn allowance(&self, grade: Grade, tier: Tier, clock: Clock) -> Option<Allowance> {
        let [_, general, ..] = &self.grades;
        let of = |row: &[Option<Allowance>; 3]| row.get(clock.index()).copied().flatten();
        let own = self.grades.get(grade as usize).and_then(of).or_else(|| of(general));
        let [one, two] = &self.tiers;
        let tiers = match tier {
            Tier::None => None,
            Tier::One => of(one),
            Tier::Two => of(two),
        };
        match (own, tiers) {
            (Some(own), Some(tiers)) if grade == Grade::Major && !is_no_later(tiers, own) => {
                Some(own)
            }
            (own, tiers) => tiers.or(own),
        }
    }
}

impl Terms {
    /// Whether a major case is surely answered no later than any other.
    pub fn is_major_first(&self) -> bool {
        let answer = |grade| self.allowance(grade, Tier::None, Clock::Answer);
        [Grade::General, Grade::Moderate].into_iter().all(|grade| {
            match (answer(Grade::Major), answer(grade)) {
                (_, None) => true,
                (Some(major), Some(other)) => is_no_later(major, other),
                (None, Some(_)) => false,
            }
        })
    }
}

/// Whether one allowance ends no later than another in every calendar.
fn is_no_later(one: Allowance, other: Allowance) -> bool {
    match (one, other) {
        (Allowance::Wall(one), Allowance::Wall(other) | Allowance::Working(other))
        | (Allowance::Working(one), Allowance::Working(other)) => one <= other,
        (Allowance::WorkingDays(one), Allowance::WorkingDays(other)) => one <= other,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_terms_are_those_of_the_policy() {
        use Allowance::{Wall, WorkingDays};
        let terms = Terms::shipped();
        for (grade, tier, hours) in [
            (Grade::None, Tier::None, [24, 48, 48]),
            (Grade::General, Tier::None, [24, 48, 48]),
            (Grade::Moderate, Tier::None, [12, 72, 72]),
            (Grade::Major, Tier::None, [1, 72, 168]),
            (Grade::Major, Tier::One, [1, 72, 168]),
            (Grade::General, Tier::One, [1, 48, 48]),
            // Two working days over a holiday would be later than 72 hours.
            (Grade::Major, Tier::Two, [1, 72, 168]),
        ] {
            for (clock, hours) in Clock::ALL.into_iter().zip(hours) {
                let expected = Some(Wall(hours * HOUR_MS));
                assert_eq!(terms.allowance(grade, tier, clock), expected, "{grade:?} {clock:?}");
            }
        }
        let solution = terms.allowance(Grade::Moderate, Tier::Two, Clock::Solution);
        assert_eq!(solution, Some(WorkingDays(2)));
        assert_eq!(Clock::ALL.map(|it| terms.pauses[it.index()]), [false, true, true]);
    }

    #[test]
    fn only_a_tier_that_is_surely_no_later_replaces_what_a_major_case_has() {
        use Allowance::{Wall, Working, WorkingDays};
        for (own, tier, expected) in [
            (Wall(5), Wall(4), Wall(4)),
            (Wall(5), Wall(6), Wall(5)),
            (Working(5), Wall(5), Wall(5)),
            (Working(5), Working(4), Working(4)),
            (Wall(5), Working(4), Wall(5)),
            (WorkingDays(2), WorkingDays(1), WorkingDays(1)),
            (WorkingDays(2), Wall(1), WorkingDays(2)),
        ] {
            let mut terms = Terms::shipped();
            terms.grades[3][1] = Some(own);
            terms.tiers[0][1] = Some(tier);
            let found = terms.allowance(Grade::Major, Tier::One, Clock::Solution);
            assert_eq!(found, Some(expected), "{own:?} {tier:?}");
            let found = terms.allowance(Grade::Moderate, Tier::One, Clock::Solution);
            assert_eq!(found, Some(tier));
        }
        let terms = Terms { grades: [[None; 3]; 4], tiers: [[None; 3]; 2], pauses: [true; 3] };
        assert_eq!(terms.allowance(Grade::Major, Tier::One, Clock::Answer), None);
    }

    #[test]
    fn a_major_case_is_answered_first() {
        let mut terms = Terms::shipped();
        assert!(terms.is_major_first());
        terms.grades[3][0] = Some(Allowance::Wall(13 * HOUR_MS));
        assert!(!terms.is_major_first(), "moderate ones have 12 hours");
        terms.grades[3][0] = None;
        assert!(!terms.is_major_first(), "as general ones");
        terms.grades[2][0] = None;
        assert!(terms.is_major_first());
    }

    #[test]
    fn clocks_have_names() {
        for (clock, name) in Clock::ALL.into_iter().zip(Clock::NAMES) {
            assert_eq!(Clock::parse(name), Some(clock));
        }
        assert_eq!(Clock::parse("Answer"), None);
    }
}
