//! Whether an answer answers its question.

use super::{Ask, Choice, Columns, OPEN_CHARS_MAX, Question, Row};
use crate::{civil, text};

/// An answer as it came.
#[derive(Clone, Debug, PartialEq)]
pub enum Given<'a> {
    /// A whole number.
    Whole(i64),
    /// Another number.
    Decimal(f64),
    /// A text.
    Text(&'a str),
    /// True or false.
    Flag(bool),
    /// Several.
    List(Vec<Given<'a>>),
    /// Several by name.
    Map(Vec<(&'a str, Given<'a>)>),
}

/// Why an answer is refused.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// It must be a whole number from the first to the second.
    Score(i64, i64),
    /// It must be one of these.
    OneOf(Vec<String>),
    /// It must be a list of these.
    SomeOf(Vec<String>),
    /// It must name from the first to the second number of options, each once.
    Count(usize, usize),
    /// This option stands alone.
    Alone(String),
    /// It must be a text of so many characters.
    Text(text::Fault, usize, usize),
    /// It must be a text at all.
    NotText,
    /// It must fit this mask.
    Pattern(String),
    /// It must be a number in these bounds with so many decimals.
    Number(Option<f64>, Option<f64>, u8),
    /// It must be a day, not before the first and not after the second.
    Date(Option<i32>, Option<i32>),
    /// It must be an e-mail address.
    Email,
    /// It must be a phone number.
    Phone,
    /// It must be true, or absent.
    Consent,
    /// It takes no answer.
    NoAnswer,
    /// It must be an object of these rows.
    Rows(Vec<String>),
    /// An answer to this row is wrong.
    Row(String, Box<Fault>),
    /// This row needs an answer.
    RowMissing(String),
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

/// The class of a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// `detractor`, `dissatisfied`, `hard`.
    Low,
    /// `passive`, `neutral`.
    Middle,
    /// `promoter`, `satisfied`, `easy`.
    High,
}

impl Class {
    /// The names of the classes of a metric, from low to high.
    pub fn names(metric: &str) -> [&'static str; 3] {
        match metric {
            "nps" => ["detractor", "passive", "promoter"],
            "ces" => ["hard", "neutral", "easy"],
            _ => ["dissatisfied", "neutral", "satisfied"],
        }
    }

    /// The class that a metric calls so.
    pub fn named(metric: &str, name: &str) -> Option<Class> {
        let at = Class::names(metric).iter().position(|it| *it == name)?;
        [Class::Low, Class::Middle, Class::High].get(at).copied()
    }
}

impl Scored {
    /// Its class. The top of two or three points is one point, as in CSAT.
    pub fn class(&self) -> Class {
        let (low, high) = match self.metric {
            "nps" => (6, 9),
            "ces" => (3, 5),
            _ if self.points <= 3 => (1, self.points),
            _ => (2, self.points.saturating_sub(1)),
        };
        if high <= self.value {
            Class::High
        } else if self.value <= low {
            Class::Low
        } else {
            Class::Middle
        }
    }
}

impl Given<'_> {
    /// Whether there is anything: an empty list or object is no answer.
    pub fn is_answer(&self) -> bool {
        match self {
            Given::List(list) => !list.is_empty(),
            Given::Map(map) => !map.is_empty(),
            _ => true,
        }
    }

    /// The option that this names: its id, or `{"id": "words"}`.
    pub(super) fn option(&self) -> Option<(&str, Option<&Given<'_>>)> {
        match self {
            Given::Text(id) => Some((id, None)),
            Given::Map(map) => match map.as_slice() {
                [(id, words)] => Some((id, Some(words))),
                _ => None,
            },
            _ => None,
        }
    }
}

impl Question {
    /// Checks an answer; a scored question yields its score, a scored matrix one for each row
    /// that is answered, with the row's id.
    pub fn accept(&self, given: &Given<'_>) -> Result<Vec<(&str, Scored)>, Fault> {
        if let Ask::Matrix { rows, columns, .. } = &self.kind {
            return matrix(rows, columns, self.required, given);
        }
        if let Some((metric, points)) = self.kind.scale() {
            return score(metric, points, given).map(|it| vec![("", it)]);
        }
        match &self.kind {
            Ask::Single { options, .. } => single(options, given),
            Ask::Multiple { options, min, max, .. } => multiple(options, *min, *max, given),
            Ask::Ranking { options, max, .. } => multiple(options, *max, *max, given),
            Ask::Text { chars_min, chars_max, pattern } => {
                open(given, (*chars_min).max(1), *chars_max, pattern)
            }
            Ask::Number { min, max, decimals, .. } => number(*min, *max, *decimals, given),
            Ask::Date { min, max } => date(*min, *max, given),
            Ask::Email => word(given, is_email).ok_or(Fault::Email),
            Ask::Phone => word(given, is_phone).ok_or(Fault::Phone),
            Ask::Consent if *given == Given::Flag(true) => Ok(()),
            Ask::Consent => Err(Fault::Consent),
            _ => Err(Fault::NoAnswer),
        }
        .map(|()| Vec::new())
    }
}

pub(super) fn score(metric: &'static str, points: u8, given: &Given<'_>) -> Result<Scored, Fault> {
    let lowest = u8::from(metric != "nps");
    if let Given::Whole(number) = given
        && let Ok(value) = u8::try_from(*number)
        && lowest <= value
        && value <= points
    {
        return Ok(Scored { metric, points, value });
    }
    Err(Fault::Score(i64::from(lowest), i64::from(points)))
}

fn matrix<'a>(
    rows: &'a [Row],
    columns: &Columns,
    required: bool,
    given: &Given<'_>,
) -> Result<Vec<(&'a str, Scored)>, Fault> {
    let all = || Fault::Rows(rows.iter().map(|it| it.id.clone()).collect());
    let Given::Map(map) = given else { return Err(all()) };
    if map.iter().any(|(id, _)| !rows.iter().any(|row| row.id == *id)) {
        return Err(all());
    }
    let mut scores = Vec::new();
    for row in rows {
        let Some((_, given)) = map.iter().find(|(id, _)| *id == row.id) else {
            if required {
                return Err(Fault::RowMissing(row.id.clone()));
            }
            continue;
        };
        let wrong = |it| Fault::Row(row.id.clone(), Box::new(it));
        match columns {
            Columns::Points(points) => {
                scores.push((row.id.as_str(), score("csat", *points, given).map_err(wrong)?));
            }
            Columns::Options(options) => single(options, given).map_err(wrong)?,
        }
    }
    Ok(scores)
}

fn single(options: &[Choice], given: &Given<'_>) -> Result<(), Fault> {
    chosen(options, given)?.map(|_| ()).ok_or_else(|| Fault::OneOf(ids(options)))
}

/// The option that is chosen, if it is one; its words are checked.
fn chosen<'a>(options: &'a [Choice], given: &Given<'_>) -> Result<Option<&'a Choice>, Fault> {
    let Some((id, words)) = given.option() else { return Ok(None) };
    let found = options.iter().find(|it| it.id == id);
    match (found, words) {
        (Some(it), Some(words)) if it.open => {
            open(words, 1, OPEN_CHARS_MAX, "")?;
            Ok(found)
        }
        (_, Some(_)) => Ok(None),
        _ => Ok(found),
    }
}

fn multiple(options: &[Choice], min: usize, max: usize, given: &Given<'_>) -> Result<(), Fault> {
    let Given::List(list) = given else { return Err(Fault::SomeOf(ids(options))) };
    let mut taken: Vec<&Choice> = Vec::with_capacity(list.len().min(options.len()));
    for given in list {
        let Some(option) = chosen(options, given)? else {
            return Err(Fault::SomeOf(ids(options)));
        };
        if taken.iter().any(|it| it.id == option.id) {
            return Err(Fault::Count(min, max));
        }
        taken.push(option);
    }
    if let Some(alone) = taken.iter().find(|it| it.exclusive) {
        // None of them is a whole answer, whatever the least number of the others is.
        return if taken.len() == 1 { Ok(()) } else { Err(Fault::Alone(alone.id.clone())) };
    }
    if taken.len() < min || max < taken.len() {
        return Err(Fault::Count(min, max));
    }
    Ok(())
}

fn open(given: &Given<'_>, min: usize, max: usize, pattern: &str) -> Result<(), Fault> {
    let Given::Text(answer) = given else { return Err(Fault::NotText) };
    let answer = text::clean(answer, min, max).map_err(|it| Fault::Text(it, min, max))?;
    if pattern.is_empty() || fits(answer, pattern) {
        return Ok(());
    }
    Err(Fault::Pattern(pattern.to_owned()))
}

/// Whether a text fits a mask: `#` a digit, `A` a letter, `*` either, the rest itself.
fn fits(text: &str, mask: &str) -> bool {
    let fits = |(it, mask): (char, char)| match mask {
        '#' => it.is_ascii_digit(),
        'A' => it.is_ascii_alphabetic(),
        '*' => it.is_ascii_alphanumeric(),
        _ => it == mask,
    };
    text.chars().count() == mask.chars().count() && text.chars().zip(mask.chars()).all(fits)
}

fn number(
    min: Option<f64>,
    max: Option<f64>,
    decimals: u8,
    given: &Given<'_>,
) -> Result<(), Fault> {
    let fault = Fault::Number(min, max, decimals);
    let number = match given {
        #[expect(clippy::cast_precision_loss, reason = "beyond 2^53 no bound is that exact")]
        Given::Whole(number) => *number as f64,
        Given::Decimal(number) => *number,
        _ => return Err(fault),
    };
    let scaled = number * 10_f64.powi(i32::from(decimals));
    // A decimal fraction is seldom a binary one: 0.1 is a little more.
    let is_round = (scaled - scaled.round()).abs() < 1e-6;
    if is_round && min.is_none_or(|it| it <= number) && max.is_none_or(|it| number <= it) {
        return Ok(());
    }
    Err(fault)
}

fn date(min: Option<i32>, max: Option<i32>, given: &Given<'_>) -> Result<(), Fault> {
    if let Given::Text(text) = given
        && let Some(day) = civil::parse_date(text)
        && min.is_none_or(|it| it <= day)
        && max.is_none_or(|it| day <= it)
    {
        return Ok(());
    }
    Err(Fault::Date(min, max))
}

fn word(given: &Given<'_>, fits: fn(&str) -> bool) -> Option<()> {
    match given {
        Given::Text(text) if fits(text.trim()) => Some(()),
        _ => None,
    }
}

/// Whether a text looks like an e-mail address; only mail that arrives proves more.
pub fn is_email(text: &str) -> bool {
    let Some((name, domain)) = text.rsplit_once('@') else { return false };
    let is_label = |it: &str| !it.is_empty() && !it.starts_with('-') && !it.ends_with('-');
    text.len() <= 254
        && (1..=64).contains(&name.len())
        && domain.contains('.')
        && domain.split('.').all(is_label)
        && !text.chars().any(|it| it.is_whitespace() || it.is_control())
        && !name.contains(['@', ',', ';', '<', '>'])
        && !domain.contains(['@', ',', ';', '<', '>'])
}

/// Whether a text looks like a phone number: 5 to 15 digits (ITU-T E.164), as people part them.
pub fn is_phone(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let rest = text.strip_prefix('+').unwrap_or(text);
    text.len() <= 32
        && (5..=15).contains(&digits)
        && rest.chars().all(|it| it.is_ascii_digit() || matches!(it, ' ' | '-' | '(' | ')' | '.'))
}

fn ids(options: &[Choice]) -> Vec<String> {
    options.iter().map(|it| it.id.clone()).collect()
}
