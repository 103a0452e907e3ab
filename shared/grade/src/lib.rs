//! How bad a complaint is, by rules that say why: none, general, moderate or major.
//!
//! Pure functions over a text and a [`Policy`]; `policy/default.json` is the one that ships, and
//! `README.md` says how rules work. Nothing here performs I/O, reads a clock or ends a program.

mod engine;
mod judge;
mod number;
mod simple;
pub mod source;
mod table;
mod text;

use domain::case::{Grade, Need, Urgency};
use words::fold;

pub use table::{Fault, FaultKind, MAX_NAMES, MAX_PATTERNS, MAX_PIECES, MAX_RULES, Policy};

use table::{Group, Pattern, TypeOf};

include!(concat!(env!("OUT_DIR"), "/shipped.rs"));

/// Characters of a text that callers take; longer ones are refused before they come here.
pub const MAX_CHARS: usize = 10_000;

/// The policy that ships, as JSON.
///
/// A function, so that only what shows it carries it.
pub fn shipped_json() -> &'static str {
    include_str!(concat!(env!("OUT_DIR"), "/shipped.json"))
}

impl Policy {
    /// The policy that ships.
    pub fn shipped() -> &'static Policy {
        &SHIPPED
    }
}

/// What is known of a complaint.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Facts<'a> {
    /// What the customer says.
    pub text: &'a str,
    /// The money at stake in yuan, as a field told it.
    pub amount: Option<i64>,
    /// How often the same matter was complained of before.
    pub earlier: u32,
    /// For how many days it has been open.
    pub days_open: u32,
}

/// A rule that matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// Its id.
    pub rule: String,
    /// Where, in characters of the text as given: the first, and the one after the last.
    pub span: (usize, usize),
    /// What it added to the score.
    pub weight: i64,
    /// The grade that it makes; one lower than the rule's where it is only feared.
    pub grade: Grade,
}

/// What a text was graded, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grading {
    /// The grade.
    pub grade: Grade,
    /// The sum of the weights.
    pub score: i64,
    /// Each rule that matched, once, the worst first.
    pub matched: Vec<Match>,
    /// A person should look: the rules disagree or found little.
    pub needs_review: bool,
    /// The type of complaint.
    pub type_id: String,
    /// The tag of the department responsible.
    pub department: String,
    /// The need behind it.
    pub need: Need,
    /// How soon somebody must look.
    pub urgency: Urgency,
    /// Why this type.
    pub type_match: Option<Match>,
}

/// Grades a complaint.
pub fn grade(policy: &Policy, facts: &Facts<'_>) -> Grading {
    judge::judge(policy, facts)
}
