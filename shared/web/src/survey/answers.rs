//! The answers to a survey, checked against the version that they claim to answer.

use domain::survey::{Ask, Definition, Facts, Fault, Given, Path, Question, Quota, Scored};
use serde_json::{Map, Value};

use crate::field::{Fields, number_rule, one_of_rule, text_rule};
use crate::lang::{Said, said, said_now};

/// The answers of one response, checked against its definition.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// What was answered, as JSON, and the hidden fields; contacts are only said to be there.
    pub given: Map<String, Value>,
    /// The name and the score of each scored answer, in the survey's order.
    pub scores: Vec<(String, Scored)>,
    /// Ways to reach who answered: `email` or `phone`, the question, and the value.
    pub contacts: Vec<(&'static str, String, String)>,
    /// The id of the ending; empty for the thanks.
    pub ending: String,
    /// The quotas that it falls into.
    pub quotas: Vec<Quota>,
}

/// What is told beside the answers, and what conditions look at.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// The hidden fields.
    pub hidden: Vec<(String, String)>,
    /// The language.
    pub language: String,
    /// The customer's group; empty if not known.
    pub group: String,
    /// The channel; empty if not known.
    pub channel: String,
    /// Whether questions may still be open: the response is not finished.
    pub is_partial: bool,
}

/// Takes the hidden fields out of `fields`, whose members they are.
pub fn hidden(definition: &Definition, fields: &mut Fields) -> Vec<(String, String)> {
    let mut hidden = Vec::with_capacity(definition.hidden.len());
    for field in &definition.hidden {
        let value = fields.text(&field.id, 0, field.chars_max, "");
        if !value.is_empty() {
            hidden.push((field.id.clone(), value));
        }
    }
    hidden
}

/// Reads the answers out of `fields`, whose members are questions.
///
/// Answers to questions that the path does not reach are refused, and required is what it reaches.
pub fn answers(definition: &Definition, told: &Told, fields: &mut Fields) -> Answers {
    let questions = &definition.questions;
    let values: Vec<Option<Value>> = questions.iter().map(|it| fields.take(&it.id)).collect();
    let facts = facts(definition, told, |at| values.get(at).and_then(Option::as_ref));
    let path = definition.path(&facts);
    let mut answers = Answers::default();
    for (at, question) in questions.iter().enumerate() {
        let is_reached = path.reached.get(at) == Some(&true);
        let found = facts.answers.iter().find(|it| it.0 == question.id).map(|it| &it.1);
        let Some(value) = values.get(at).and_then(Option::as_ref) else {
            let asks = !matches!(question.kind, Ask::Statement);
            if question.required && is_reached && asks && !told.is_partial {
                fields.refuse(&question.id, said("needs an answer", "需要回答"));
            }
            continue;
        };
        if !is_reached {
            let rule = said("is not asked for after these answers", "按这些回答不会问到此题");
            fields.refuse(&question.id, rule);
            continue;
        }
        let Some(found) = found else {
            fields.refuse(&question.id, said("is no answer we know", "无法识别的回答"));
            continue;
        };
        match question.accept(found) {
            Ok(scores) => {
                for (row, scored) in scores {
                    let name = match row {
                        "" => question.id.clone(),
                        row => format!("{}.{row}", question.id),
                    };
                    answers.scores.push((name, scored));
                }
                answers.keep(question, value);
            }
            // A row that is still open is no mistake before the end.
            Err(Fault::RowMissing(_)) if told.is_partial => {
                answers.keep(question, value);
            }
            Err(fault) => refuse(fields, &question.id, fault),
        }
    }
    answers.quotas.extend(definition.quotas_of(&facts, &path).into_iter().cloned());
    answers.ending = path.ending;
    for (id, value) in &told.hidden {
        answers.given.insert(id.clone(), value.as_str().into());
    }
    answers
}

/// The way that answers take, right or wrong, which are the members of an object.
pub fn path(definition: &Definition, told: &Told, given: &Map<String, Value>) -> Path {
    let value = |at| definition.questions.get(at).and_then(|it: &Question| given.get(&it.id));
    definition.path(&facts(definition, told, value))
}

fn facts<'a>(
    definition: &'a Definition,
    told: &'a Told,
    value: impl Fn(usize) -> Option<&'a Value>,
) -> Facts<'a> {
    let mut facts = Facts {
        language: &told.language,
        group: &told.group,
        channel: &told.channel,
        ..Facts::default()
    };
    for (at, question) in definition.questions.iter().enumerate() {
        if let Some(given) = value(at).and_then(given) {
            facts.answers.push((&question.id, given));
        }
    }
    facts.hidden.extend(told.hidden.iter().map(|(id, value)| (id.as_str(), value.as_str())));
    facts
}

impl Answers {
    fn keep(&mut self, question: &Question, value: &Value) {
        let contact = match question.kind {
            Ask::Email => "email",
            Ask::Phone => "phone",
            _ => "",
        };
        let kept = match value.as_str().filter(|_| !contact.is_empty()) {
            Some(text) => {
                let value = text.trim().to_owned();
                self.contacts.push((contact, question.id.clone(), value));
                Value::Bool(true)
            }
            None => value.clone(),
        };
        self.given.insert(question.id.clone(), kept);
    }
}

fn given(value: &Value) -> Option<Given<'_>> {
    Some(match value {
        Value::String(text) => Given::Text(text),
        Value::Bool(flag) => Given::Flag(*flag),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => Given::Whole(whole),
            None => Given::Decimal(number.as_f64()?),
        },
        Value::Array(list) => {
            let mut read = Vec::with_capacity(list.len());
            for it in list {
                read.push(given(it)?);
            }
            Given::List(read)
        }
        Value::Object(map) => {
            let mut read = Vec::with_capacity(map.len());
            for (name, it) in map {
                read.push((name.as_str(), given(it)?));
            }
            Given::Map(read)
        }
        Value::Null => return None,
    })
}

fn refuse(fields: &mut Fields, id: &str, fault: Fault) {
    match fault {
        Fault::Row(row, fault) => fields.refuse(&format!("{id}/{row}"), rule(*fault)),
        Fault::RowMissing(row) => {
            fields.refuse(&format!("{id}/{row}"), said("needs an answer", "需要回答"));
        }
        fault => fields.refuse(id, rule(fault)),
    }
}

fn rule(fault: Fault) -> Said {
    match fault {
        Fault::Score(min, max) => number_rule(min, max),
        Fault::OneOf(ids) => one_of_rule(&ids),
        Fault::SomeOf(ids) => said_now(
            format!("must be a list of {}", ids.join(", ")),
            format!("须为以下选项的列表：{}", ids.join("、")),
        ),
        Fault::Count(min, max) => said_now(
            format!("must name {min} to {max} options, each once"),
            format!("须选择 {min} 到 {max} 项，且不得重复"),
        ),
        Fault::Alone(id) => said_now(
            format!("must not name others beside {id}"),
            format!("选择 {id} 时不得同时选择其他项"),
        ),
        Fault::Text(fault, min, max) => text_rule(fault, min, max),
        Fault::NotText => said("must be a text", "须为文本"),
        Fault::Pattern(mask) => said_now(
            format!("must look like {mask}: # a digit, A a letter, * either"),
            format!("须符合 {mask}：# 为数字，A 为字母，* 为二者之一"),
        ),
        Fault::Number(min, max, decimals) => number_fault(min, max, decimals),
        Fault::Date(min, max) => {
            let show = |it: Option<i32>| it.map_or_else(|| "…".to_owned(), domain::civil::date);
            let (min, max) = (show(min), show(max));
            said_now(
                format!("must be a day such as 2026-11-22, from {min} to {max}"),
                format!("须为日期，例如 2026-11-22，从 {min} 到 {max}"),
            )
        }
        Fault::Email => said("must be an e-mail address", "须为电子邮箱地址"),
        Fault::Phone => said("must be a phone number", "须为电话号码"),
        Fault::Consent => said("must be true, or absent", "须为 true，或不填"),
        Fault::NoAnswer => said("takes no answer", "无需回答"),
        Fault::Rows(ids) => said_now(
            format!("must be an object of {}", ids.join(", ")),
            format!("须为以下各行的对象：{}", ids.join("、")),
        ),
        Fault::Row(_, fault) => rule(*fault),
        Fault::RowMissing(_) => said("needs an answer", "需要回答"),
    }
}

fn number_fault(min: Option<f64>, max: Option<f64>, decimals: u8) -> Said {
    let show = |it: Option<f64>| {
        it.map_or_else(|| "…".to_owned(), |it| crate::view::text(&super::show::number(it)))
    };
    let (min, max) = (show(min), show(max));
    said_now(
        format!("must be a number from {min} to {max} with {decimals} decimals at most"),
        format!("须为 {min} 到 {max} 的数字，最多 {decimals} 位小数"),
    )
}
