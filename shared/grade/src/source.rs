//! A policy as a person writes it, before it is compiled.

/// Words of both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patterns {
    /// Chinese.
    pub zh: Vec<String>,
    /// English, and other languages with spaces.
    pub en: Vec<String>,
}

impl Patterns {
    /// Every one of both.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.zh.iter().chain(&self.en).map(String::as_str)
    }
}

/// Words under a name, which rules and patterns refer to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Set {
    /// Its name.
    pub name: String,
    /// The words.
    pub patterns: Patterns,
}

/// How far apart the parts of a rule may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Between two commas.
    Clause,
    /// Between two full stops.
    #[default]
    Sentence,
    /// Within two sentences before and after: long letters speak of many matters.
    Nearby,
}

impl Scope {
    /// Every one, in order.
    pub const ALL: [Scope; 3] = [Scope::Clause, Scope::Sentence, Scope::Nearby];
    /// Their names, in the same order.
    pub const NAMES: [&str; 3] = ["clause", "sentence", "nearby"];

    /// The one of this name.
    pub fn parse(name: &str) -> Option<Scope> {
        Self::ALL.into_iter().zip(Self::NAMES).find(|(_, it)| *it == name).map(|(it, _)| it)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Scope::Clause => "clause",
            Scope::Sentence => "sentence",
            Scope::Nearby => "nearby",
        }
    }
}

/// What makes a grade.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    /// Its name in answers.
    pub id: String,
    /// The grade, as its place in the order: 0 none to 3 major.
    pub grade: u8,
    /// What it adds to the score.
    pub weight: i32,
    /// Its words. Without any, it is about what `all` names.
    pub patterns: Patterns,
    /// Sets and tags that must be in the scope, too.
    pub all: Vec<String>,
    /// Sets and tags that must not be in the scope.
    pub unless: Vec<String>,
    /// What later rules may ask for by `all` and `unless`.
    pub tags: Vec<String>,
    /// How far apart.
    pub scope: Scope,
    /// It counts as it stands: neither denied, nor supposed, nor feared.
    pub plain: bool,
}

/// A type of complaint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kind {
    /// Its name in answers.
    pub id: String,
    /// The need behind it: `product`, `service` or `experience`.
    pub need: String,
    /// The tag of the department that is responsible.
    pub department: String,
    /// Its words.
    pub patterns: Patterns,
}

/// Where numbers begin to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// A loss of so many yuan is `large_sum`.
    pub loss: u32,
    /// So many people or households are `many`.
    pub many: u32,
    /// The complaint of this number about one matter is `times`.
    pub times: u32,
    /// More days than these are `month`.
    pub days: u32,
    /// So many days are `week`.
    pub week: u32,
    /// A score from here on is at least general.
    pub general: u32,
    /// A score from here on lifts a general complaint to moderate; 0 never does.
    pub moderate: u32,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { loss: 5_000, many: 10, times: 3, days: 30, week: 7, general: 10, moderate: 100 }
    }
}

/// All of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// Named words.
    pub sets: Vec<Set>,
    /// Rules in the order in which they are tried.
    pub rules: Vec<Rule>,
    /// Types in the order in which ties are broken; the last is for what no other has.
    pub types: Vec<Kind>,
    /// Where numbers count.
    pub limits: Limits,
}

/// Names of sets with a meaning of their own, in the order of [`cue`].
pub const CUES: [&str; 11] = [
    "mask",
    "affirming",
    "breaking",
    "supposing",
    "fearing",
    "urgent",
    "praise",
    "danger",
    "asking",
    "denying",
    "light",
];

/// Names that numbers and fields stand behind, in the order of [`number`].
pub const NUMBERS: [&str; 5] = ["large_sum", "many", "times", "month", "week"];

/// The bits of [`NUMBERS`].
pub mod number {
    /// A sum of money.
    pub const LARGE_SUM: u64 = 1;
    /// People or households.
    pub const MANY: u64 = 1 << 1;
    /// The third time.
    pub const TIMES: u64 = 1 << 2;
    /// Over thirty days.
    pub const MONTH: u64 = 1 << 3;
    /// Over a week.
    pub const WEEK: u64 = 1 << 4;
}

/// The bits of [`CUES`].
pub mod cue {
    /// Words that look bad and are not: what lies within them does not count.
    pub const MASK: u64 = 1 << 5;
    /// What looks like a denial and is none.
    pub const AFFIRMING: u64 = 1 << 6;
    /// Where a denial ends.
    pub const BREAKING: u64 = 1 << 7;
    /// What follows is supposed.
    pub const SUPPOSING: u64 = 1 << 8;
    /// What follows is feared.
    pub const FEARING: u64 = 1 << 9;
    /// It cannot wait.
    pub const URGENT: u64 = 1 << 10;
    /// Good words.
    pub const PRAISE: u64 = 1 << 11;
    /// A tag: people are in danger.
    pub const DANGER: u64 = 1 << 12;
    /// A question or a request.
    pub const ASKING: u64 = 1 << 13;
    /// What denies what follows.
    pub const DENYING: u64 = 1 << 14;
    /// What may stand between a denial and what it denies.
    pub const LIGHT: u64 = 1 << 15;
}
