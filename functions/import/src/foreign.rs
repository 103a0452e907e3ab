//! Files as other products write them: their headings stand in for a mapping.
//!
//! * Formbricks (its `apps/web/lib/response/utils.ts`): `Response ID` and `Timestamp` among
//!   others, then a column for each question, `3. Why?`, for each row of a matrix,
//!   `4. How was … - The food`, and one for each hidden field. Choices are told by their texts.
//! * Delighted, which is gone and left no description of its files: the names of its API, with
//!   blanks or low lines and in any case; see `NAMES`. Further questions have their text as
//!   heading.
//!
//! What no heading here asks for is left out, and told: names, addresses, browsers, notes.

use app::mapping::{Mapping, Source};
use domain::survey::{Ask, Definition};
use domain::zone::Zone;
use web::Problem;
use web::lang::said;
use web::problem::Kind;

use app::sheet::Row;

/// Whose file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Formbricks,
    Delighted,
}

/// The names of the formats, as in the query.
pub(crate) const FORMATS: [&str; 2] = ["formbricks", "delighted"];

/// What is different about rows that others wrote.
#[derive(Debug)]
pub(crate) struct Foreign {
    /// The zone of times that name none.
    pub(crate) zone: Zone,
    /// What all scores of the file are, as it calls that; empty if it does not say.
    pub(crate) survey_type: &'static str,
    /// The columns that are no part of a response here.
    pub(crate) left_out: Vec<String>,
}

/// What Delighted calls the parts, the best one first.
const NAMES: [(&str, &[&str]); 3] = [
    ("id", &["response id", "survey response id", "id", "permalink"]),
    ("answered_at", &["created at", "response date", "responded at", "date"]),
    ("survey_type", &["survey type"]),
];

/// What Delighted tells of persons, which is none of a survey's business.
const PERSONAL: [&str; 3] = ["name", "email", "phone number"];

/// Delighted's types whose scales are ours: its name, our metric and points.
const TYPES: [(&str, &str, u8); 3] = [("nps", "nps", 10), ("csat", "csat", 5), ("ces7", "ces", 7)];

impl Format {
    /// The format of a name.
    pub(crate) fn parse(name: &str) -> Option<Format> {
        let at = FORMATS.iter().position(|it| *it == name)?;
        [Format::Formbricks, Format::Delighted].get(at).copied()
    }
}

/// The mapping that the headings of a file are.
pub(crate) fn mapping(
    format: Format,
    zone: Zone,
    rows: &[Row],
    definition: &Definition,
) -> Result<(Mapping, Foreign), Problem> {
    let heading = rows.first().map(|it| it.cells.as_slice()).unwrap_or_default();
    let mut mapping = Mapping::default();
    let mut foreign = Foreign { zone, survey_type: "", left_out: Vec::new() };
    if format == Format::Formbricks {
        let parts = [("id", "Response ID"), ("answered_at", "Timestamp")];
        for (part, column) in parts.iter().filter(|it| heading.iter().any(|cell| cell == it.1)) {
            mapping.parts.push((part, source(column)));
        }
    } else {
        for (part, names) in NAMES {
            if let Some(at) = names.iter().find_map(|name| position(heading, name)) {
                mapping.parts.push((part, source(heading.get(at).map_or("", |it| it))));
            }
        }
        let first = mapping.part("survey_type").map(|it| it.column.trim());
        let at = first.and_then(|first| heading.iter().position(|it| it.trim() == first));
        let told = at.and_then(|at| rows.get(1)?.cells.get(at));
        foreign.survey_type = scores(&mut mapping, heading, told, definition)?;
    }
    for cell in heading {
        let column = cell.trim();
        let mut used = mapping.parts.iter().map(|(_, it)| it);
        if used.any(|it| it.column == column) || column.ends_with(" - Option ID") {
            continue;
        }
        let is_personal = format == Format::Delighted && PERSONAL.iter().any(|it| is(column, it));
        let name = asked(definition, web::csv::restore(column)).filter(|_| !is_personal);
        let is_new = |name: &String| mapping.answers.iter().all(|(it, _)| it != name);
        if let Some(name) = name.filter(is_new) {
            let mut source = source(column);
            if definition.question(&name).is_some_and(|it| matches!(it.kind, Ask::Consent)) {
                source.not_applicable.push("dismissed".to_owned());
            }
            mapping.answers.push((name, source));
        } else if mapping.answers.iter().all(|(_, it)| it.column != column) {
            foreign.left_out.push(column.to_owned());
        }
    }
    if mapping.answers.is_empty() {
        return Err(Problem::new(Kind::InvalidFields).with(said(
            "no column is called as a question of this survey",
            "没有任何一列与该问卷的题目同名",
        )));
    }
    Ok((mapping, foreign))
}

/// Maps Delighted's score and comment. Yields the type of the scores, as the file calls it.
fn scores(
    mapping: &mut Mapping,
    heading: &[String],
    told: Option<&String>,
    definition: &Definition,
) -> Result<&'static str, Problem> {
    let wanted = told.map_or("nps", |it| it);
    let known = TYPES.iter().find(|it| it.0.eq_ignore_ascii_case(wanted));
    let scales = definition.scales();
    let fits = known.and_then(|(_, metric, points)| {
        let mut whole = scales.iter().filter(|it| definition.question(&it.name).is_some());
        whole.find(|it| it.metric == *metric && it.points == *points)
    });
    if let (Some(at), Some(scale)) = (position(heading, "score"), fits) {
        mapping.answers.push((scale.name.clone(), source(heading.get(at).map_or("", |it| it))));
    } else {
        return Err(Problem::new(Kind::InvalidFields).with(said(
            "there must be a score of the type nps, csat or ces7, and a question that takes it",
            "须有 nps、csat 或 ces7 类型的 score 列，且问卷中有对应的题目",
        )));
    }
    let mut texts = definition.questions.iter();
    let text = texts.find(|it| matches!(it.kind, Ask::Text { .. }));
    if let (Some(at), Some(text)) = (position(heading, "comment"), text) {
        mapping.answers.push((text.id.clone(), source(heading.get(at).map_or("", |it| it))));
    }
    Ok(if told.is_some() { known.map_or("", |it| it.0) } else { "" })
}

fn source(column: &str) -> Source {
    Source { column: column.trim().to_owned(), ..Source::default() }
}

/// Where a heading stands that is called so.
fn position(heading: &[String], name: &str) -> Option<usize> {
    heading.iter().position(|it| is(it.trim(), name))
}

/// Whether a heading is called so, give or take case and low lines.
fn is(heading: &str, name: &str) -> bool {
    let plain = |it: u8| if it == b'_' { b' ' } else { it.to_ascii_lowercase() };
    heading.bytes().map(plain).eq(name.bytes())
}

/// The question or hidden field that a heading is called as: by its id or by its text in any
/// language, with a number before it or without. A row of a matrix is `question.row`.
///
/// Addresses are not taken from files of others: nobody gave them to us.
fn asked(definition: &Definition, heading: &str) -> Option<String> {
    let is_number = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    let numbered = heading.split_once(". ").filter(|(number, _)| is_number(number));
    let heading = numbered.map_or(heading, |(_, text)| text).trim();
    for question in &definition.questions {
        if question.kind.is_contact() || matches!(question.kind, Ask::Statement) {
            continue;
        }
        if let Ask::Matrix { rows, .. } = &question.kind {
            let mut texts = question.text.values();
            let rest = texts.find_map(|it| heading.strip_prefix(it.trim())?.strip_prefix(" - "));
            let row = rest.and_then(|rest| {
                rows.iter().find(|it| it.text.values().any(|text| text.trim() == rest))
            });
            if let Some(row) = row {
                return Some(format!("{}.{}", question.id, row.id));
            }
        } else if question.id == heading || question.text.values().any(|it| it.trim() == heading) {
            return Some(question.id.clone());
        }
    }
    let hidden = definition.hidden.iter().find(|it| it.id == heading)?;
    Some(hidden.id.clone())
}

#[cfg(test)]
mod tests;
