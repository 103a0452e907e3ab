//! Surveys: what is asked, which questions a path reaches, and whether an answer answers one.
//!
//! `docs/surveys.md` is the manual of all that a definition may say.

mod answer;
mod check;
mod logic;

use std::collections::BTreeMap;

use crate::UtcMs;

pub use answer::{Class, Fault, Given, Scored, is_email, is_phone};
pub use check::{Mistake, mistakes, untranslated};
pub use logic::{Condition, Facts, Operand, Order, Path, Test};

/// Most questions that one survey may ask. Nobody finishes more.
pub const QUESTIONS_MAX: usize = 50;
/// Most options of one choice.
pub const OPTIONS_MAX: usize = 50;
/// Most rows of one matrix.
pub const ROWS_MAX: usize = 20;
/// Most hidden fields, endings or quotas of one survey.
pub const EXTRAS_MAX: usize = 20;
/// Most rules that one question may go on by.
pub const JUMPS_MAX: usize = 20;
/// Most languages of one survey.
pub const LANGUAGES_MAX: usize = 20;
/// Longest text of a question, a title or an option, in characters.
pub const TEXT_CHARS_MAX: usize = 1_000;
/// Longest open answer, in characters, unless the question says less.
pub const ANSWER_CHARS_MAX: usize = 5_000;
/// Longest words with an open option, in characters.
pub const OPEN_CHARS_MAX: usize = 500;
/// How deep conditions may stand in one another.
pub const DEPTH_MAX: usize = 5;
/// Most conditions that one rule is made of.
pub const CONDITIONS_MAX: usize = 50;

/// The dimension of a question that asks how satisfied people are with everything.
pub const OVERALL: &str = "overall";

/// A text in several languages, by BCP 47 tag.
pub type Texts = BTreeMap<String, String>;

/// A survey's questions and texts, and how it is to be put. A published one never changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Definition {
    /// The language shown where a translation is missing.
    pub default_language: String,
    /// What the survey is called.
    pub title: Texts,
    /// Said before the first question.
    pub welcome: Texts,
    /// Said after the last.
    pub thanks: Texts,
    /// The touchpoint of every question that names none; empty for none.
    pub touchpoint_id: String,
    /// The stage of the journey; empty for that of the touchpoint.
    pub stage: String,
    /// The channels on which it may be answered; empty for all.
    pub channels: Vec<String>,
    /// From when on answers are taken.
    pub opens_at: Option<UtcMs>,
    /// From when on they are not.
    pub closes_at: Option<UtcMs>,
    /// The most responses that count.
    pub response_limit: Option<i64>,
    /// Whether it is put question by question.
    pub in_steps: bool,
    /// Colours as `#rrggbb`, by what they are for; see [`COLOURS`].
    pub theme: Vec<(&'static str, String)>,
    /// The questions, in order.
    pub questions: Vec<Question>,
    /// What may be said at the end, in order.
    pub endings: Vec<Ending>,
    /// Values that the page gives and nobody is asked for.
    pub hidden: Vec<Hidden>,
    /// How many responses of a kind count.
    pub quotas: Vec<Quota>,
    /// Who is asked by a page of its own accord.
    pub sampling: Sampling,
    /// The weights of dimensions in this survey's index.
    pub weights: Vec<(String, i64)>,
    /// The targets of the customer groups.
    pub targets: Vec<(&'static str, i64)>,
}

/// What the colours of a theme are for.
pub const COLOURS: [&str; 3] = ["accent", "background", "text"];

/// One question.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Its name in answers, exports and figures.
    pub id: String,
    /// What is asked.
    pub text: Texts,
    /// A smaller text below it.
    pub help: Texts,
    /// Words under the lowest score.
    pub low: Texts,
    /// Words under the highest score.
    pub high: Texts,
    /// Whether a response must answer it, if its path reaches it.
    pub required: bool,
    /// The touchpoint it is about, if another than the survey's; empty for none.
    pub touchpoint_id: String,
    /// The dimension of satisfaction it measures; empty for none.
    pub dimension: String,
    /// What kind of answer it takes.
    pub kind: Ask,
    /// Reached only if this holds.
    pub show_if: Option<Condition>,
    /// Where to go on after it; the first whose condition holds decides.
    pub next: Vec<Jump>,
}

/// What a question asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// Would you recommend us? 0–10.
    Nps,
    /// How satisfied are you? 1–`points`.
    Rating {
        /// The number of points, 2–10.
        points: u8,
        /// One of [`DISPLAYS`].
        display: &'static str,
    },
    /// It was easy (CES 2.0): 1–7, higher is easier.
    Effort,
    /// One of the options.
    Single {
        /// The options.
        options: Vec<Choice>,
        /// Whether they are shown in random order.
        shuffle: bool,
    },
    /// Several of the options.
    Multiple {
        /// The options.
        options: Vec<Choice>,
        /// The fewest that may be chosen.
        min: usize,
        /// The most that may be chosen.
        max: usize,
        /// Whether they are shown in random order.
        shuffle: bool,
    },
    /// One answer for each of some rows.
    Matrix {
        /// The rows.
        rows: Vec<Row>,
        /// What each row is answered with.
        columns: Columns,
        /// Whether the rows are shown in random order.
        shuffle: bool,
    },
    /// The options, the best first.
    Ranking {
        /// The options.
        options: Vec<Choice>,
        /// How many are ranked.
        max: usize,
        /// Whether they are shown in random order.
        shuffle: bool,
    },
    /// Open text.
    Text {
        /// The shortest answer, in characters.
        chars_min: usize,
        /// The longest answer, in characters.
        chars_max: usize,
        /// A mask: `#` a digit, `A` a letter, `*` either, the rest itself; empty for none.
        pattern: String,
    },
    /// A number.
    Number {
        /// The least.
        min: Option<f64>,
        /// The greatest.
        max: Option<f64>,
        /// How many decimals it may have.
        decimals: u8,
        /// What it counts.
        unit: Texts,
    },
    /// A day.
    Date {
        /// The first, as days since 1970.
        min: Option<i32>,
        /// The last.
        max: Option<i32>,
    },
    /// An e-mail address, which is kept with the contacts.
    Email,
    /// A phone number, which is kept with the contacts.
    Phone,
    /// A consent, which is given or not.
    Consent,
    /// Nothing: it is only read.
    Statement,
}

/// What each row of a matrix is answered with.
#[derive(Clone, Debug, PartialEq)]
pub enum Columns {
    /// A satisfaction score, 1 to so many points.
    Points(u8),
    /// One of the options.
    Options(Vec<Choice>),
}

/// The names of the question types, as in JSON.
pub const ASKS: [&str; 14] = [
    "nps",
    "rating",
    "effort",
    "single_choice",
    "multiple_choice",
    "matrix",
    "ranking",
    "text",
    "number",
    "date",
    "email",
    "phone",
    "consent",
    "statement",
];

/// How a rating may look.
pub const DISPLAYS: [&str; 3] = ["numbers", "stars", "faces"];

/// One option of a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its name in answers and figures.
    pub id: String,
    /// What it says.
    pub text: Texts,
    /// Whether words of one's own may stand with it.
    pub open: bool,
    /// Whether no other may be chosen with it.
    pub exclusive: bool,
}

/// One row of a matrix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its name in answers.
    pub id: String,
    /// What is asked.
    pub text: Texts,
    /// The touchpoint it is about, if another than the question's; empty for none.
    pub touchpoint_id: String,
    /// The dimension it measures; empty for the question's.
    pub dimension: String,
}

/// Where to go on after a question.
#[derive(Clone, Debug, PartialEq)]
pub struct Jump {
    /// Only if this holds.
    pub when: Option<Condition>,
    /// A later question's id, `end`, or `end:` and an ending's id.
    pub to: String,
}

/// What is said at the end.
#[derive(Clone, Debug, PartialEq)]
pub struct Ending {
    /// Its name.
    pub id: String,
    /// What it says.
    pub text: Texts,
    /// An https address to go on to; empty for none.
    pub link: String,
    /// The words of that link.
    pub link_text: Texts,
    /// Said if this holds; without one, only after a jump that names it.
    pub when: Option<Condition>,
}

/// A value that the page gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// Its name in answers.
    pub id: String,
    /// The longest value, in characters.
    pub chars_max: usize,
}

/// How many responses of a kind count.
#[derive(Clone, Debug, PartialEq)]
pub struct Quota {
    /// Its name.
    pub id: String,
    /// Of which responses.
    pub when: Condition,
    /// The most that count.
    pub most: i64,
    /// `thank`, or `end:` and an ending's id.
    pub then: String,
}

/// Who is asked by a page of its own accord.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sampling {
    /// How many of a hundred visitors.
    pub percent: i64,
    /// Days of rest after this survey was shown; 0 for none.
    pub rest_survey: i64,
    /// Days of rest after any survey was shown that asks for one of the same metrics.
    pub rest_metric: i64,
    /// Days of rest after any survey was shown.
    pub rest_any: i64,
}

impl Default for Sampling {
    fn default() -> Sampling {
        Sampling { percent: 100, rest_survey: 0, rest_metric: 0, rest_any: 0 }
    }
}

/// A score that a survey asks for: a scored question, or a row of a scored matrix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scale<'a> {
    /// Its name in figures: the question's id, with a row `question.row`.
    pub name: String,
    /// `nps`, `csat` or `ces`.
    pub metric: &'static str,
    /// The highest score.
    pub points: u8,
    /// What it is about; empty for none.
    pub touchpoint_id: &'a str,
    /// What it measures; empty for none.
    pub dimension: &'a str,
}

impl Definition {
    /// The question of this id.
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == id)
    }

    /// The touchpoint that `question` is about; empty for none.
    fn touchpoint_of<'a>(&'a self, question: &'a Question) -> &'a str {
        or(&question.touchpoint_id, &self.touchpoint_id)
    }

    /// Every score that it asks for, in order.
    pub fn scales(&self) -> Vec<Scale<'_>> {
        let mut scales = Vec::with_capacity(self.questions.len());
        for question in &self.questions {
            let Some((metric, points)) = question.kind.scale() else { continue };
            let scale = |name: String, touchpoint_id, dimension| Scale {
                name,
                metric,
                points,
                touchpoint_id,
                dimension,
            };
            let touchpoint = self.touchpoint_of(question);
            if let Ask::Matrix { rows, .. } = &question.kind {
                scales.extend(rows.iter().map(|row| {
                    let name = format!("{}.{}", question.id, row.id);
                    let touchpoint = or(&row.touchpoint_id, touchpoint);
                    scale(name, touchpoint, or(&row.dimension, &question.dimension))
                }));
            } else {
                scales.push(scale(question.id.clone(), touchpoint, &question.dimension));
            }
        }
        scales
    }

    /// The question that asks for a verdict on everything, against which the other scores are
    /// weighed: the one of the dimension [`OVERALL`], or else the first that asks for an NPS.
    pub fn overall(&self) -> Option<String> {
        let scales = self.scales();
        let said = scales.iter().find(|it| it.dimension == OVERALL);
        said.or_else(|| scales.iter().find(|it| it.metric == "nps")).map(|it| it.name.clone())
    }

    /// Every language that any text is written in, the default first.
    pub fn languages(&self) -> Vec<&str> {
        let mut languages = vec![self.default_language.as_str()];
        for language in self.title.keys().chain(self.questions.iter().flat_map(|it| it.text.keys()))
        {
            if !languages.contains(&language.as_str()) {
                languages.push(language);
            }
        }
        languages
    }
}

impl Ask {
    /// The metric and the highest score, if it asks for scores.
    pub fn scale(&self) -> Option<(&'static str, u8)> {
        match self {
            Ask::Nps => Some(("nps", 10)),
            Ask::Rating { points, .. } => Some(("csat", *points)),
            Ask::Matrix { columns: Columns::Points(points), .. } => Some(("csat", *points)),
            Ask::Effort => Some(("ces", 7)),
            _ => None,
        }
    }

    /// Whether an answer is a way to reach somebody, which is kept with the contacts.
    pub fn is_contact(&self) -> bool {
        matches!(self, Ask::Email | Ask::Phone)
    }
}

fn or<'a>(text: &'a str, instead: &'a str) -> &'a str {
    if text.is_empty() { instead } else { text }
}

#[cfg(test)]
pub(crate) mod tests;
