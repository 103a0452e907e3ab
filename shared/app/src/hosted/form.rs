//! A sent form as the answers that a widget would send.
//!
//! Controls are named `q.ID`, `q.ID.ROW` (a row of a matrix), `q.ID.1` (the first place of a
//! ranking) and `w.ID.OPTION` (the words with an open option). No id holds a dot.

use domain::survey::{Ask, Choice, Columns, Definition, Question};
use serde_json::{Map, Value};
use web::survey::Told;

use super::visit::{Visit, value};

/// What was sent, by name.
pub type Pairs = Vec<(String, String)>;

/// The name of the control of a question.
pub fn name(question: &Question) -> String {
    format!("q.{}", question.id)
}

/// The name of the control of a part of a question: a row or a place.
pub fn part_name(question: &Question, part: &str) -> String {
    format!("q.{}.{part}", question.id)
}

/// The name of the words with an option.
pub fn words_name(question: &Question, option: &Choice) -> String {
    format!("w.{}.{}", question.id, option.id)
}

/// Reads the pairs of a form.
pub fn read(body: &[u8]) -> Pairs {
    form_urlencoded::parse(body).into_owned().collect()
}

/// The answers to the questions that the path reaches. Without scripts nothing could hide the
/// others, so what they say is left out instead of refused.
pub fn answers(definition: &Definition, visit: &Visit, pairs: &Pairs) -> Map<String, Value> {
    let mut answers = Map::new();
    for question in &definition.questions {
        if let Some(answer) = answer(question, pairs) {
            answers.insert(question.id.clone(), answer);
        }
    }
    let path = web::survey::path(definition, &told(visit), &answers);
    for (at, question) in definition.questions.iter().enumerate() {
        if path.reached.get(at) != Some(&true) {
            answers.remove(&question.id);
        }
    }
    answers
}

/// What conditions look at beside the answers.
pub fn told(visit: &Visit) -> Told {
    Told {
        hidden: visit.hidden.clone(),
        language: visit.language.clone(),
        channel: visit.channel.clone(),
        ..Told::default()
    }
}

/// What a form says about one question.
fn answer(question: &Question, pairs: &Pairs) -> Option<Value> {
    let name = name(question);
    let text = || Some(value(pairs, &name).trim()).filter(|it| !it.is_empty());
    match &question.kind {
        Ask::Nps | Ask::Rating { .. } | Ask::Effort => text().map(number),
        Ask::Single { options, .. } => {
            let picked = chosen(question, options, pairs);
            // Words beside another choice were meant before it was made.
            let ticked = value(pairs, &name);
            let of = |it: &&(String, Value)| it.0 == ticked;
            picked.iter().find(of).or_else(|| picked.first()).map(|it| it.1.clone())
        }
        Ask::Multiple { options, .. } => {
            let picked = chosen(question, options, pairs);
            (!picked.is_empty()).then(|| picked.into_iter().map(|it| it.1).collect())
        }
        Ask::Matrix { rows, columns, .. } => {
            let mut given = Map::new();
            for row in rows {
                let cell = value(pairs, &part_name(question, &row.id)).trim();
                if !cell.is_empty() {
                    let is_score = matches!(columns, Columns::Points(_));
                    let cell = if is_score { number(cell) } else { cell.into() };
                    given.insert(row.id.clone(), cell);
                }
            }
            (!given.is_empty()).then(|| given.into())
        }
        Ask::Ranking { max, .. } => {
            let mut places = Vec::with_capacity(*max);
            for place in 1..=*max {
                let it = value(pairs, &part_name(question, &place.to_string()));
                if !it.is_empty() {
                    places.push(Value::from(it));
                }
            }
            (!places.is_empty()).then(|| places.into())
        }
        // A browser ends lines as mail does, whatever the system.
        Ask::Text { .. } => text().map(|it| it.replace("\r\n", "\n").into()),
        Ask::Number { .. } => text().map(number),
        Ask::Date { .. } | Ask::Email | Ask::Phone => text().map(Value::from),
        Ask::Consent => text().map(|_| Value::Bool(true)),
        Ask::Statement => None,
    }
}

/// The options that are ticked, or that have words of their own; each as its answer.
fn chosen(question: &Question, options: &[Choice], pairs: &Pairs) -> Vec<(String, Value)> {
    let name = name(question);
    let mut chosen = Vec::with_capacity(options.len());
    for option in options {
        let is_ticked = pairs.iter().any(|it| it.0 == name && it.1 == option.id);
        let words = if option.open { value(pairs, &words_name(question, option)) } else { "" };
        let words = words.trim();
        if !words.is_empty() {
            let mut own = Map::new();
            own.insert(option.id.clone(), words.into());
            chosen.push((option.id.clone(), own.into()));
        } else if is_ticked {
            chosen.push((option.id.clone(), option.id.as_str().into()));
        }
    }
    chosen
}

/// A number as JSON knows it; anything else stays the text that it is, and is refused later.
fn number(text: &str) -> Value {
    // The reader of JSON is there anyway; another one of numbers would be 10 kB more.
    match web::view::json(text) {
        number @ Value::Number(_) => number,
        _ => text.into(),
    }
}

/// Whether a form says anything about a question.
pub fn is_answered(question: &Question, pairs: &Pairs) -> bool {
    answer(question, pairs).is_some()
}
