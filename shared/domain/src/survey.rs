//! Surveys: what is asked, and whether an answer answers it.

use std::collections::BTreeMap;

use crate::text;

/// Most questions that one survey may ask. Nobody finishes more.
pub const QUESTIONS_MAX: usize = 50;
/// Most options of one choice.
pub const OPTIONS_MAX: usize = 50;
/// Most languages of one survey.
pub const LANGUAGES_MAX: usize = 20;
/// Longest text of a question, a title or an option, in characters.
pub const TEXT_CHARS_MAX: usize = 1_000;
/// Longest open answer, in characters, unless the question says less.
pub const ANSWER_CHARS_MAX: usize = 5_000;

/// The dimension of a question that asks how satisfied people are with everything.
pub const OVERALL: &str = "overall";

/// A text in several languages, by BCP 47 tag.
pub type Texts = BTreeMap<String, String>;

/// A survey's questions and texts. A published one never changes.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// The questions, in order.
    pub questions: Vec<Question>,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Its name in answers, exports and figures.
    pub id: String,
    /// What is asked.
    pub text: Texts,
    /// Words under the lowest score.
    pub low: Texts,
    /// Words under the highest score.
    pub high: Texts,
    /// Whether a response must answer it.
    pub required: bool,
    /// The touchpoint it is about, if another than the survey's; empty for none.
    pub touchpoint_id: String,
    /// The dimension of satisfaction it measures; empty for none.
    pub dimension: String,
    /// What kind of answer it takes.
    pub kind: Ask,
}

/// What a question asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Would you recommend us? 0–10.
    Nps,
    /// How satisfied are you? 1–`points`.
    Rating {
        /// The number of points, 2–10.
        points: u8,
    },
    /// It was easy (CES 2.0): 1–7, higher is easier.
    Effort,
    /// One of the options.
    Single {
        /// The options.
        options: Vec<Choice>,
    },
    /// Several of the options.
    Multiple {
        /// The options.
        options: Vec<Choice>,
        /// The fewest that may be chosen.
        min: usize,
        /// The most that may be chosen.
        max: usize,
    },
    /// Open text.
    Text {
        /// The longest answer, in characters.
        chars_max: usize,
    },
}

/// The names of the question types, as in JSON.
pub const ASKS: [&str; 6] = ["nps", "rating", "effort", "single_choice", "multiple_choice", "text"];

/// One option of a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its name in answers and figures.
    pub id: String,
    /// What it says.
    pub text: Texts,
}

/// An answer as it came.
#[derive(Clone, Debug, PartialEq)]
pub enum Given<'a> {
    /// A whole number.
    Number(i64),
    /// A text.
    Text(&'a str),
    /// Several texts.
    List(Vec<&'a str>),
    /// Anything else.
    Other,
}

/// Why an answer is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It must be a whole number from the first to the second.
    Score(i64, i64),
    /// It must be one of these.
    OneOf(Vec<String>),
    /// It must be a list of these.
    SomeOf(Vec<String>),
    /// It must name from the first to the second number of options, each once.
    Count(usize, usize),
    /// It must be a text.
    Text(text::Fault, usize),
    /// It must be a text at all.
    NotText,
}

/// A score: the part of an answer that figures are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scored {
    /// `nps`, `csat` or `ces`.
    pub metric: &'static str,
    /// The points of its scale; the highest score.
    pub points: u8,
    /// The score itself.
    pub value: u8,
}

impl Definition {
    /// The question of this id.
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == id)
    }

    /// The touchpoint that `question` is about; empty for none.
    pub fn touchpoint_of<'a>(&'a self, question: &'a Question) -> &'a str {
        if question.touchpoint_id.is_empty() {
            &self.touchpoint_id
        } else {
            &question.touchpoint_id
        }
    }

    /// The question that asks for a verdict on everything, against which the other scores are
    /// weighed: the one of the dimension [`OVERALL`], or else the first that asks for an NPS.
    pub fn overall(&self) -> Option<&str> {
        let is_scored =
            |it: &&Question| matches!(it.kind, Ask::Nps | Ask::Rating { .. } | Ask::Effort);
        let mut scored = self.questions.iter().filter(is_scored);
        let said = scored.clone().find(|it| it.dimension == OVERALL);
        let nps = || scored.find(|it| it.kind == Ask::Nps);
        said.or_else(nps).map(|it| it.id.as_str())
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

impl Question {
    /// Checks an answer; a scored question yields its score.
    pub fn accept(&self, given: &Given<'_>) -> Result<Option<Scored>, Fault> {
        match &self.kind {
            Ask::Nps => score("nps", 0, 10, given),
            Ask::Rating { points } => score("csat", 1, *points, given),
            Ask::Effort => score("ces", 1, 7, given),
            Ask::Single { options } => match given {
                Given::Text(id) if options.iter().any(|it| it.id == *id) => Ok(None),
                _ => Err(Fault::OneOf(ids(options))),
            },
            Ask::Multiple { options, min, max } => {
                let Given::List(chosen) = given else { return Err(Fault::SomeOf(ids(options))) };
                if chosen.iter().any(|id| !options.iter().any(|it| it.id == *id)) {
                    return Err(Fault::SomeOf(ids(options)));
                }
                let twice = chosen
                    .iter()
                    .enumerate()
                    .any(|(at, id)| chosen.iter().skip(at + 1).any(|later| later == id));
                if twice || chosen.len() < *min || *max < chosen.len() {
                    return Err(Fault::Count(*min, *max));
                }
                Ok(None)
            }
            Ask::Text { chars_max } => {
                let Given::Text(answer) = given else { return Err(Fault::NotText) };
                text::clean(answer, 1, *chars_max)
                    .map(|_| None)
                    .map_err(|fault| Fault::Text(fault, *chars_max))
            }
        }
    }
}

fn score(
    metric: &'static str,
    lowest: u8,
    points: u8,
    given: &Given<'_>,
) -> Result<Option<Scored>, Fault> {
    if let Given::Number(number) = given
        && let Ok(value) = u8::try_from(*number)
        && lowest <= value
        && value <= points
    {
        return Ok(Some(Scored { metric, points, value }));
    }
    Err(Fault::Score(i64::from(lowest), i64::from(points)))
}

fn ids(options: &[Choice]) -> Vec<String> {
    options.iter().map(|it| it.id.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(kind: Ask) -> Question {
        Question {
            id: "q".into(),
            text: Texts::new(),
            low: Texts::new(),
            high: Texts::new(),
            required: false,
            touchpoint_id: String::new(),
            dimension: String::new(),
            kind,
        }
    }

    fn options() -> Vec<Choice> {
        ["a", "b", "c"].map(|id| Choice { id: id.into(), text: Texts::new() }).to_vec()
    }

    #[test]
    fn scores_keep_to_their_scales() {
        let cases = [
            (Ask::Nps, 0, 10, "nps"),
            (Ask::Rating { points: 5 }, 1, 5, "csat"),
            (Ask::Rating { points: 10 }, 1, 10, "csat"),
            (Ask::Effort, 1, 7, "ces"),
        ];
        for (kind, lowest, highest, metric) in cases {
            let question = question(kind);
            for number in -300..300 {
                let accepted = question.accept(&Given::Number(number));
                if (lowest..=highest).contains(&number) {
                    let scored = accepted.unwrap().unwrap();
                    assert_eq!(i64::from(scored.value), number);
                    assert_eq!((scored.metric, i64::from(scored.points)), (metric, highest));
                } else {
                    assert_eq!(accepted, Err(Fault::Score(lowest, highest)));
                }
            }
            assert!(question.accept(&Given::Text("5")).is_err());
            assert!(question.accept(&Given::Other).is_err());
        }
    }

    #[test]
    fn choices_name_options_that_exist_each_once() {
        let single = question(Ask::Single { options: options() });
        assert_eq!(single.accept(&Given::Text("b")), Ok(None));
        assert!(single.accept(&Given::Text("d")).is_err());
        assert!(single.accept(&Given::List(vec!["a"])).is_err());
        let many = question(Ask::Multiple { options: options(), min: 1, max: 2 });
        assert_eq!(many.accept(&Given::List(vec!["c", "a"])), Ok(None));
        assert_eq!(many.accept(&Given::List(vec![])), Err(Fault::Count(1, 2)));
        assert_eq!(many.accept(&Given::List(vec!["a", "a"])), Err(Fault::Count(1, 2)));
        assert_eq!(many.accept(&Given::List(vec!["a", "b", "c"])), Err(Fault::Count(1, 2)));
        assert!(matches!(many.accept(&Given::List(vec!["x"])), Err(Fault::SomeOf(_))));
    }

    #[test]
    fn the_overall_verdict_is_named_or_the_first_nps() {
        let mut asked = Vec::new();
        for (id, kind, dimension) in [
            ("why", Ask::Text { chars_max: 9 }, OVERALL),
            ("speed", Ask::Rating { points: 5 }, "speed"),
            ("recommend", Ask::Nps, ""),
            ("all", Ask::Rating { points: 5 }, OVERALL),
        ] {
            let question = question(kind);
            asked.push(Question { id: id.into(), dimension: dimension.into(), ..question });
        }
        let survey = |questions: &[Question]| Definition {
            default_language: "en".into(),
            title: Texts::new(),
            welcome: Texts::new(),
            thanks: Texts::new(),
            touchpoint_id: String::new(),
            questions: questions.to_vec(),
        };
        assert_eq!(survey(&asked).overall(), Some("all"));
        assert_eq!(survey(&asked[..3]).overall(), Some("recommend"));
        assert_eq!(survey(&asked[..2]).overall(), None);
    }

    #[test]
    fn open_text_is_counted_in_characters() {
        let text = question(Ask::Text { chars_max: 3 });
        assert_eq!(text.accept(&Given::Text("很满意")), Ok(None));
        assert!(text.accept(&Given::Text("非常满意")).is_err());
        assert!(text.accept(&Given::Text("  ")).is_err());
        assert!(text.accept(&Given::Number(3)).is_err());
    }
}
