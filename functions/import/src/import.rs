//! `POST /v1/studies/{id}/import`: a CSV becomes responses. Rows that were taken before are
//! told and not taken again; one bad row never fails its neighbours.

use app::auth::{self, Staff};
use app::mapping::{self, Mapping, Source};
use app::response::{Desk, Draft, row, taken_before};
use app::sheet::{self, Row};
use app::write::{Change, write};
use app::{answered, entity};
use domain::civil;
use domain::id::{derived_pair, hex};
use domain::survey::{Ask, Choice, Columns as Answered, Definition};
use domain::touchpoint::{CHANNELS, GROUPS};
use domain::zone::Zone;
use ports::{Env, Sql};
use serde::Serialize;
use serde_json::{Map, Value, json};
use store::responses::{self, Submission};
use store::studies::{self, Study};
use store::{agents, customers};
use web::field::{Fields, one_of_rule};
use web::lang::{Lang, said, said_now};
use web::problem::{Kind, Mistake, Place};
use web::survey::{Answers, Told, answers, hidden, is_language, language_rule};
use web::{Problem, Request, Response, view};

use crate::foreign::{self, FORMATS, Foreign, Format};

/// The largest CSV of one request; more comes in several files.
#[cfg_attr(not(target_family = "wasm"), expect(dead_code, reason = "the host reads with it"))]
pub(crate) const CSV_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Rows of one statement. Each is one commit; readers see none of it half.
const ROWS_PER_STATEMENT: usize = 500;
/// Refused rows that are told one by one; all are counted.
const REFUSALS_TOLD_MAX: usize = 100;

/// What became of a file.
#[derive(Serialize, Default)]
struct Report {
    /// Rows in the file, the heading not counted.
    rows: usize,
    taken: usize,
    /// Rows that were there already, from this file or an earlier import of it.
    repeated: usize,
    refused: usize,
    /// The first refused rows, with their lines in the file.
    refusals: Vec<Refusal>,
    /// The columns of a file that others wrote which are no part of a response here.
    #[serde(skip_serializing_if = "Option::is_none")]
    left_out: Option<Vec<String>>,
}

#[derive(Serialize)]
struct Refusal {
    line: u64,
    errors: Vec<Value>,
}

/// A row that was read, before it is stored.
struct Read {
    line: u64,
    draft: Draft,
}

pub(crate) async fn import(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    let format = format(request)?;
    if request.media_type().as_deref() != Some("text/csv") {
        return Err(Problem::new(Kind::UnsupportedMediaType)
            .with(said("send content-type: text/csv", "请使用 content-type: text/csv")));
    }
    write(env, request, &manager, async || {
        let report = take(env, request, &manager, id, format).await?;
        // The responses are in, each with its event; this one tells that a file was brought.
        let event = json!({ "survey_id": id, "taken": report.taken, "refused": report.refused });
        let subject = domain::id::Kind::Job.id(env.now(), env.random());
        Ok(Change::new("study.imported", &subject, 1, event, web::ok(&report)?))
    })
    .await
}

/// Whose file it is, if not one for a mapping, and the zone of its times. Others write UTC unless
/// they were told otherwise.
fn format(request: &Request) -> Result<Option<(Format, Zone)>, Problem> {
    let mut query = request.query();
    let format = query.parse("format", Format::parse, || one_of_rule(&FORMATS));
    let rule =
        || said("must be an IANA zone such as Asia/Shanghai", "须为 IANA 时区，例如 Asia/Shanghai");
    let zone = query.parse("zone", Zone::parse, rule);
    if zone.is_some() && format.is_none() {
        query.refuse("zone", said("needs format", "须与 format 同用"));
    }
    query.done()?;
    Ok(format.map(|it| (it, zone.unwrap_or(Zone::UTC))))
}

/// Takes the rows of a file, one statement for every [`ROWS_PER_STATEMENT`] of them.
async fn take(
    env: &impl Env,
    request: &Request,
    manager: &Staff,
    id: &str,
    format: Option<(Format, Zone)>,
) -> Result<Report, Problem> {
    let study: Study = entity::find(env, manager, id).await?;
    let public = env.sql().fetch(studies::public(id, 0)).await?;
    let public = public.ok_or_else(|| Problem::new(Kind::NotPublished))?;
    let definition = mapping::definition(&public.definition)
        .ok_or_else(|| ports::Corrupt("a published definition is not JSON".to_owned()))?;
    let rows = sheet::rows(request.body()?).ok_or_else(|| {
        Problem::new(Kind::MalformedBody)
            .with(said("save the file as UTF-8", "请将文件另存为 UTF-8 编码"))
    })?;
    let (mapping, foreign) = match format {
        None => (read_mapping(&study.mapping, &definition)?, None),
        Some((format, zone)) => {
            let (mapping, foreign) = foreign::mapping(format, zone, &rows, &definition)?;
            (mapping, Some(foreign))
        }
    };
    let desk = Desk {
        site_id: &manager.site_id,
        zone: app::zone(&public.zone)?,
        study_id: id,
        version: public.published,
        definition: &definition,
        actor: &manager.actor,
        received_at: env.now(),
    };
    let columns = Columns::of(rows.first(), &mapping, foreign)?;
    let mut report = Report { rows: rows.len().saturating_sub(1), ..Report::default() };
    report.left_out = columns.foreign.as_ref().map(|it| it.left_out.clone());
    let mut seen = Map::new();
    let lang = request.lang();
    for chunk in rows.get(1..).unwrap_or_default().chunks(ROWS_PER_STATEMENT) {
        let known = known(env, &desk, &mapping, &columns, chunk).await?;
        let mut read = Vec::with_capacity(chunk.len());
        for row in chunk {
            match read_row(row, &desk, &mapping, &columns, &known, &mut seen) {
                Ok(draft) => read.push(Read { line: row.line, draft }),
                Err(mistakes) => report.refuse(row.line, &mistakes, lang),
            }
        }
        store(env, &desk, read, &mut report, lang).await?;
    }
    Ok(report)
}

/// Takes the rows of one chunk in one statement.
async fn store(
    env: &impl Env,
    desk: &Desk<'_>,
    read: Vec<Read>,
    report: &mut Report,
    lang: Lang,
) -> Result<(), Problem> {
    if read.is_empty() {
        return Ok(());
    }
    // The line, the id, the hash and the key of each row that is sent.
    let mut sent: Vec<(u64, String, [u8; 32], String)> = Vec::with_capacity(read.len());
    let mut rows = Vec::with_capacity(read.len());
    let seed = env.random();
    for Read { line, draft } in read {
        let (key, hash) = (draft.key.clone(), draft.request_hash);
        // A row whose id stands twice in the chunk is judged against the first of them.
        if let Some((_, _, first, _)) = sent.iter().find(|it| it.3 == key) {
            if *first == hash {
                report.repeated += 1
            } else {
                report.refuse_changed(line, lang)
            }
            continue;
        }
        let (id, row) = row(desk, draft, derived_pair(seed, rows.len()));
        sent.push((line, id, hash, key));
        rows.push(row);
    }
    let submission = Submission {
        rows: view::text(&rows),
        site_id: desk.site_id,
        study_id: desk.study_id,
        source: "import",
        actor: desk.actor,
    };
    let rows = env.sql().rows(responses::import(&submission)).await?;
    let before = responses::taken_before(rows)?.ok_or_else(|| Problem::new(Kind::NotPublished))?;
    report.taken += sent.len();
    // Both are in the order of the file, so one walk finds all of them.
    let mut sent = sent.iter();
    for taken in taken_before(&before) {
        let Some((line, _, hash, _)) = sent.find(|it| it.1 == taken.instead_of) else {
            continue;
        };
        report.taken -= 1;
        if taken.request_hash == hex(hash) {
            report.repeated += 1;
        } else {
            report.refuse_changed(*line, lang);
        }
    }
    Ok(())
}

impl Report {
    fn refuse(&mut self, line: u64, mistakes: &[Mistake], lang: Lang) {
        self.refused += 1;
        if self.refusals.len() < REFUSALS_TOLD_MAX {
            let errors = mistakes.iter().map(|it| error(it, lang)).collect();
            self.refusals.push(Refusal { line, errors });
        }
    }

    fn refuse_changed(&mut self, line: u64, lang: Lang) {
        let detail = said(
            "a row with this id and other values was taken before",
            "此前已导入过相同编号而内容不同的行",
        );
        self.refuse(line, &[Mistake { place: Place::Pointer("/id".to_owned()), detail }], lang);
    }
}

fn error(mistake: &Mistake, lang: Lang) -> Value {
    let place = match &mistake.place {
        Place::Pointer(place) | Place::Parameter(place) => place.trim_start_matches('/'),
        Place::Header(name) => name,
    };
    json!({ "field": place, "detail": mistake.detail.text(lang) })
}

fn read_mapping(text: &str, definition: &Definition) -> Result<Mapping, Problem> {
    let Some(members) = view::object(text) else {
        return Err(Problem::new(Kind::Conflict).with(said(
            "PUT a mapping to this study first: …/mapping",
            "请先为该调研保存列映射：PUT …/mapping",
        )));
    };
    let mut fields = Fields::new(members);
    let mapping = mapping::read(&mut fields, definition);
    // A newer version may have dropped a question that the mapping names.
    fields.done()?;
    Ok(mapping)
}

/// Where each column that the mapping names stands.
struct Columns {
    at: Map<String, Value>,
    /// What is different where others wrote the file.
    foreign: Option<Foreign>,
}

impl Columns {
    fn of(
        heading: Option<&Row>,
        mapping: &Mapping,
        foreign: Option<Foreign>,
    ) -> Result<Columns, Problem> {
        let cells = heading.map(|it| it.cells.as_slice()).unwrap_or_default();
        let mut columns = Map::new();
        for (at, cell) in cells.iter().enumerate() {
            columns.insert(cell.trim().to_owned(), at.into());
        }
        let parts = mapping.parts.iter().map(|(_, it)| it);
        let mut missing = Vec::new();
        for Source { column, .. } in parts.chain(mapping.answers.iter().map(|(_, it)| it)) {
            if !column.is_empty() && !columns.contains_key(column) && !missing.contains(column) {
                missing.push(column.clone());
            }
        }
        if missing.is_empty() {
            return Ok(Columns { at: columns, foreign });
        }
        Err(Problem::new(Kind::InvalidFields).with(said_now(
            format!("the first line lacks the columns {}", missing.join(", ")),
            format!("首行缺少以下列：{}", missing.join("、")),
        )))
    }

    /// The value of a source in a row; empty for none.
    fn value(&self, source: &Source, row: &Row) -> String {
        if source.column.is_empty() {
            return source.value.clone();
        }
        let at = self.at.get(&source.column).and_then(Value::as_u64);
        let at = at.and_then(|at| usize::try_from(at).ok());
        let cell = at.and_then(|at| row.cells.get(at));
        let cell = cell.map_or("", |it| web::csv::restore(it.trim()));
        if source.not_applicable.iter().any(|it| it == cell) {
            return String::new();
        }
        source.words.get(cell).cloned().unwrap_or_else(|| cell.to_owned())
    }

    fn part(&self, mapping: &Mapping, name: &str, row: &Row) -> String {
        mapping.part(name).map_or_else(String::new, |source| self.value(source, row))
    }
}

/// The customers and agents that a chunk names and that exist.
struct Known {
    /// Their external id, id and group.
    customers: Vec<(String, String, String)>,
    agents: Vec<String>,
}

async fn known(
    env: &impl Env,
    desk: &Desk<'_>,
    mapping: &Mapping,
    columns: &Columns,
    chunk: &[Row],
) -> Result<Known, Problem> {
    let named = |part: &str| {
        let mut found = Vec::new();
        for row in chunk {
            let name = columns.part(mapping, part, row);
            if !found.contains(&name) {
                found.push(name);
            }
        }
        view::text(&found)
    };
    let mut known = Known { customers: Vec::new(), agents: Vec::new() };
    if mapping.part("customer").is_some() {
        let query = customers::ids(desk.site_id, &named("customer"));
        known.customers = env.sql().fetch(query).await?;
    }
    if mapping.part("agent").is_some() {
        let query = agents::known(desk.site_id, &named("agent"));
        known.agents = env.sql().fetch(query).await?;
    }
    Ok(known)
}

fn read_row(
    row: &Row,
    desk: &Desk<'_>,
    mapping: &Mapping,
    columns: &Columns,
    known: &Known,
    seen: &mut Map<String, Value>,
) -> Result<Draft, Vec<Mistake>> {
    let part = |name: &str| columns.part(mapping, name, row);
    let mut fields = Fields::default();
    let channel = word(&mut fields, "channel", part("channel"), &CHANNELS);
    let mut group = word(&mut fields, "group", part("group"), &GROUPS);
    let mut language = part("language");
    if language.is_empty() {
        language.clone_from(&desk.definition.default_language);
    } else if !is_language(&language) {
        fields.refuse("language", language_rule());
    }
    let (text, zone) = time(part("answered_at"), columns, desk);
    let answered_at = answered::read(&mut fields, &text, zone, desk.received_at, None);
    if let Some(foreign) = columns.foreign.as_ref().filter(|it| !it.survey_type.is_empty()) {
        let wanted = foreign.survey_type;
        if !part("survey_type").eq_ignore_ascii_case(wanted) {
            fields.refuse("survey_type", one_of_rule(&[wanted]));
        }
    }
    let mut customer_id = String::new();
    let customer = part("customer");
    if let Some((_, id, their_group)) = known.customers.iter().find(|(name, ..)| *name == customer)
    {
        customer_id.clone_from(id);
        if group.is_empty() {
            group.clone_from(their_group);
        }
    } else if !customer.is_empty() {
        fields.refuse(
            "customer",
            said("must be the external id of a customer", "须为已有客户的外部编号"),
        );
    }
    let agent_id = part("agent");
    if !agent_id.is_empty() && !known.agents.contains(&agent_id) {
        fields.refuse("agent", said("must be the id of an agent", "须为已有员工的编号"));
    }
    // Others did not ask all that is asked here, and tell what was never finished as well.
    let is_partial = columns.foreign.is_some();
    let told = Told { group, language, channel, is_partial, ..Told::default() };
    let (given, told) = given(row, desk, mapping, columns, told, &mut fields);
    fields.done().map_err(|problem| problem.into_parts().mistakes)?;
    let request_hash = domain::id::token_hash(&row.cells.join("\u{1f}"));
    let key = key(desk.study_id, &part("id"), request_hash, seen);
    Ok(Draft {
        key,
        request_hash,
        channel: told.channel,
        group: told.group,
        language: told.language,
        customer_id,
        agent_id,
        // Staff know what they bring.
        fingerprint: String::new(),
        screened: Vec::new(),
        answers: given,
        answered_at,
    })
}

/// What a row answers, and the hidden fields that it tells.
fn given(
    row: &Row,
    desk: &Desk<'_>,
    mapping: &Mapping,
    columns: &Columns,
    mut told: Told,
    fields: &mut Fields,
) -> (Answers, Told) {
    let (mut members, mut extras) = (Map::new(), Map::new());
    for (question, source) in &mapping.answers {
        let text = columns.value(source, row);
        if text.is_empty() {
            continue;
        }
        let is_foreign = columns.foreign.is_some();
        if desk.definition.hidden.iter().any(|it| it.id == *question) {
            extras.insert(question.clone(), text.into());
            continue;
        }
        let (question, row) = question.split_once('.').unwrap_or((question, ""));
        let mut value = answer(desk.definition, question, text, is_foreign);
        if !row.is_empty() {
            let mut rows = match members.remove(question) {
                Some(Value::Object(rows)) => rows,
                _ => Map::new(),
            };
            rows.insert(row.to_owned(), value);
            value = Value::Object(rows);
        }
        members.insert(question.to_owned(), value);
    }
    if members.is_empty() {
        fields.refuse("answers", said("needs at least one answer", "至少需要一个回答"));
    }
    let mut nested = Fields::new(extras);
    told.hidden = hidden(desk.definition, &mut nested);
    fields.absorb(nested);
    let mut nested = Fields::new(members);
    let given = answers(desk.definition, &told, &mut nested);
    fields.absorb(nested);
    (given, told)
}

/// What names a row for good: its id, or else its content and how often that came before.
fn key(study_id: &str, id: &str, hash: [u8; 32], seen: &mut Map<String, Value>) -> String {
    if !id.is_empty() {
        return format!("import:{study_id}:id:{id}");
    }
    let hash = domain::id::hex(&hash);
    let times = seen.get(&hash).and_then(Value::as_u64).unwrap_or(0) + 1;
    let key = format!("import:{study_id}:row:{hash}:{times}");
    seen.insert(hash, times.into());
    key
}

/// When a row was answered, and the zone of the clock that says so.
fn time(text: String, columns: &Columns, desk: &Desk<'_>) -> (String, Zone) {
    let Some(foreign) = &columns.foreign else { return (text, desk.zone) };
    if let Some(seconds) = text.parse::<i64>().ok().filter(|it| 1_000_000_000 <= *it) {
        return (civil::rfc3339(seconds.saturating_mul(1000), 0), foreign.zone);
    }
    // Some clocks show the first hour of a day as its 24th; a day alone is one of the site.
    let is_day = text.len() <= 10;
    (text.replace(" 24:", " 00:"), if is_day { desk.zone } else { foreign.zone })
}

/// A cell as the answer to a question, or to a row of it.
fn answer(definition: &Definition, question: &str, text: String, is_foreign: bool) -> Value {
    let choice = |options: &[Choice], text: &str| mapping::choice(options, text, is_foreign);
    match definition.question(question).map(|it| &it.kind) {
        Some(Ask::Consent) => {
            Value::Bool(matches!(text.as_str(), "true" | "yes" | "1" | "是" | "accepted"))
        }
        // What has more parts than a cell stands there as the JSON that the export wrote.
        Some(kind) if !matches!(kind, Ask::Text { .. }) && text.starts_with(['{', '[']) => {
            view::json(&text)
        }
        Some(Ask::Matrix { columns: Answered::Options(options), .. }) => choice(options, &text),
        Some(Ask::Nps | Ask::Rating { .. } | Ask::Effort | Ask::Matrix { .. }) => {
            text.parse::<i64>().map_or(Value::String(text), Value::from)
        }
        Some(Ask::Number { .. }) => match view::json(&text) {
            Value::Number(number) => Value::Number(number),
            _ => Value::String(text),
        },
        Some(Ask::Single { options, .. }) => choice(options, &text),
        // Several choices stand in one cell, parted by semicolons.
        Some(Ask::Multiple { options, .. } | Ask::Ranking { options, .. }) => text
            .split([';', '；'])
            .map(str::trim)
            .filter(|it| !it.is_empty())
            .map(|it| choice(options, it))
            .collect(),
        _ => Value::String(text),
    }
}

fn word(fields: &mut Fields, name: &str, word: String, words: &[&str]) -> String {
    if !word.is_empty() && !words.contains(&word.as_str()) {
        fields.refuse(name, one_of_rule(words));
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_rows_without_an_id_are_different_responses() {
        let mut seen = Map::new();
        let first = key("srv_1", "", [1; 32], &mut seen);
        let second = key("srv_1", "", [1; 32], &mut seen);
        assert_ne!(first, second);
        assert_eq!(key("srv_1", "7", [1; 32], &mut seen), key("srv_1", "7", [2; 32], &mut seen));
    }
}
