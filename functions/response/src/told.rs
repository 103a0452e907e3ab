//! A response in words: what was asked and what was answered, in the language of whoever reads.

use domain::score::{Metric, Verdict};
use domain::screen::reasons;
use domain::survey::{Ask, Choice, Columns, Definition, Question, Texts};
use serde_json::{Value, json};
use store::looks::{Asked, Look};
use web::field::Fields;
use web::lang::Lang;
use web::view;

/// A version of a survey that responses answer.
pub(crate) struct Survey {
    asked: Asked,
    definition: Definition,
}

impl Survey {
    /// Reads what was published; what cannot be read has no words.
    pub(crate) fn read(asked: Asked) -> Survey {
        let read = |members| web::survey::read(&mut Fields::new(members));
        let definition = view::object(&asked.definition).map(read).unwrap_or_default();
        Survey { asked, definition }
    }

    fn is_of(&self, it: &Look) -> bool {
        self.asked.study_id == it.study_id && self.asked.number == it.study_version
    }

    /// A text in the language of the reader, or else of the survey.
    fn text<'a>(&self, texts: &'a Texts, lang: Lang) -> &'a str {
        let near = match lang {
            Lang::En => "en",
            Lang::Zh => "zh",
        };
        let found = texts.get(lang.tag());
        let found = found.or_else(|| {
            texts.iter().find(|(tag, _)| tag.split('-').next() == Some(near)).map(|it| it.1)
        });
        found.or_else(|| texts.get(&self.definition.default_language)).map_or("", String::as_str)
    }

    /// What a score was given for: its question, and the row of a matrix.
    fn scored(&self, name: &str, lang: Lang) -> String {
        let (id, row) = name.split_once('.').unwrap_or((name, ""));
        let Some(question) = self.definition.question(id) else { return name.to_owned() };
        let text = self.text(&question.text, lang).to_owned();
        match &question.kind {
            Ask::Matrix { rows, .. } => match rows.iter().find(|it| it.id == row) {
                Some(row) => format!("{text} · {}", self.text(&row.text, lang)),
                None => text,
            },
            _ => text,
        }
    }

    /// An option in words, with those that its customer added.
    fn option(&self, options: &[Choice], given: &Value, lang: Lang) -> String {
        let (id, words) = match given {
            Value::String(id) => (id.as_str(), ""),
            given => {
                let text = |name: &str| given.get(name).and_then(Value::as_str).unwrap_or("");
                (text("option"), text("text"))
            }
        };
        let found = options.iter().find(|it| it.id == id);
        let name = found.map_or(id, |it| self.text(&it.text, lang));
        if words.is_empty() { name.to_owned() } else { format!("{name} ({words})") }
    }

    /// What was answered, in words; empty for what is a score or a way to reach somebody.
    fn answer(&self, question: &Question, given: &Value, lang: Lang) -> String {
        let several = |options: &[Choice]| {
            let all = given.as_array().map_or(&[][..], Vec::as_slice);
            let all: Vec<String> = all.iter().map(|it| self.option(options, it, lang)).collect();
            all.join(lang.of(", ", "、"))
        };
        match &question.kind {
            Ask::Single { options, .. } => self.option(options, given, lang),
            Ask::Multiple { options, .. } | Ask::Ranking { options, .. } => several(options),
            Ask::Matrix { rows, columns: Columns::Options(options), .. } => {
                let mut all = Vec::with_capacity(rows.len());
                for row in rows {
                    if let Some(given) = given.get(&row.id) {
                        let name = self.text(&row.text, lang);
                        all.push(format!("{name}: {}", self.option(options, given, lang)));
                    }
                }
                all.join("; ")
            }
            Ask::Text { .. } | Ask::Date { .. } => given.as_str().unwrap_or("").to_owned(),
            Ask::Number { unit, .. } => {
                let number = view::text(given);
                match self.text(unit, lang) {
                    "" => number,
                    unit => format!("{number} {unit}"),
                }
            }
            Ask::Consent => lang.of("yes", "同意").to_owned(),
            Ask::Nps | Ask::Rating { .. } | Ask::Effort | Ask::Matrix { .. } => String::new(),
            Ask::Email | Ask::Phone | Ask::Statement => String::new(),
        }
    }
}

/// What somebody who looks at a response is told.
pub(crate) fn show(it: &Look, surveys: &[Survey], lang: Lang) -> Value {
    let survey = surveys.iter().find(|survey| survey.is_of(it));
    let given = view::json(&it.answers);
    let mut answers = Vec::new();
    for question in survey.map_or(&[][..], |it| it.definition.questions.as_slice()) {
        let (Some(survey), Some(given)) = (survey, given.get(&question.id)) else { continue };
        let answer = survey.answer(question, given, lang);
        if !answer.is_empty() {
            answers.push(json!({
                "question_id": question.id,
                "question": survey.text(&question.text, lang),
                "is_text": matches!(question.kind, Ask::Text { .. }),
                "answer": answer,
            }));
        }
    }
    let or_null = |text: &str| json!(view::some(text));
    json!({
        "id": it.id,
        "survey": {
            "id": it.study_id,
            "name": survey.map_or("", |it| it.asked.name.as_str()),
            "version": it.study_version,
        },
        "source": it.source,
        "channel": or_null(&it.channel),
        "group": or_null(&it.group),
        "language": it.language,
        "agent_id": or_null(&it.agent_id),
        "customer": customer(it),
        "scores": scores(it, survey, lang),
        "answers": answers,
        "case": match it.case_id.as_str() {
            "" => Value::Null,
            id => json!({ "id": id, "number": it.case_number }),
        },
        "answered_at": view::time(it.answered_at),
        "received_at": view::time(it.received_at),
        "is_complete": it.complete,
        "is_counted": it.counted,
        "screened": reasons(&it.screened),
        "looked_at": view::time_or_null(it.looked_at),
        "version": it.version,
    })
}

fn customer(it: &Look) -> Value {
    if it.customer_id.is_empty() {
        return Value::Null;
    }
    json!({
        "id": it.customer_id,
        "external_id": view::some(&it.external_id),
        "name": view::some(&it.customer_name),
    })
}

/// Its scores, the low ones first.
fn scores(it: &Look, survey: Option<&Survey>, lang: Lang) -> Vec<Value> {
    let (mut low, mut rest) = (Vec::new(), Vec::new());
    for score in view::json(&it.scores).as_array().map_or(&[][..], Vec::as_slice) {
        let text = |at: usize| score.get(at).and_then(Value::as_str).unwrap_or("");
        let number = |at: usize| score.get(at).and_then(Value::as_u64);
        let small = |at: usize| number(at).and_then(|it| u8::try_from(it).ok()).unwrap_or(0);
        let verdict = metric(text(1), small(2)).map(|it| it.verdict(small(3)));
        let is_low = verdict == Some(Verdict::Low);
        let question = survey.map_or_else(|| text(0).to_owned(), |it| it.scored(text(0), lang));
        let touchpoint = match text(4) {
            "" => Value::Null,
            id => json!({ "id": id, "name": text(5) }),
        };
        let shown = json!({
            "question_id": text(0),
            "question": question,
            "metric": text(1),
            "points": number(2),
            "value": number(3),
            "is_low": is_low,
            "touchpoint": touchpoint,
        });
        if is_low { low.push(shown) } else { rest.push(shown) }
    }
    low.extend(rest);
    low
}

pub(crate) fn metric(name: &str, points: u8) -> Option<Metric> {
    match name {
        "nps" => Some(Metric::Nps),
        "ces" => Some(Metric::Ces),
        _ => Metric::csat(points),
    }
}
