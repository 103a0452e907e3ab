//! `GET /v1/studies/{id}/export`.
//!
//! Each page is a statement of its own, so there is no one moment that a file shows: what came in
//! or was screened out while it was written may be in it or not. No response is in it twice, and
//! none is left out that was there when it began.
//!
//! Each file is an event of its study, written before its first byte goes out, and so raises the
//! study's version: whoever is about to change the study may be asked to look again.

use app::auth::{self, Staff};
use app::entity;
use app::period::Period;
use app::write::{Change, commit};
use domain::id::Kind;
use domain::zone::Zone;
use domain::{UtcMs, civil};
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use ports::{Corrupt, Env, Sql};
use serde::Serialize;
use serde_json::{Map, Value, json};
use store::responses::{self, Response as Row};
use store::studies::{self, Study};
use web::field::one_of_rule;
use web::lang::said;
use web::{Problem, Request, Rest, Streamed, csv, view};
use words::redact::redact;

use crate::columns::{self, Columns};

/// Responses of one page. The largest that an import takes have a megabyte each, and the host
/// gives a statement 128.
const ROWS: i64 = 100;

/// The columns before the questions.
const PARTS: [&str; 12] = [
    "id",
    "survey_version",
    "source",
    "channel",
    "group",
    "language",
    "customer_id",
    "agent_id",
    "answered_at",
    "received_at",
    "counted",
    "screened",
];
/// The columns that are read by the site's clock, which their headings name.
const TIMES: [&str; 2] = ["answered_at", "received_at"];

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Csv,
    Lines,
    /// With the answers as they are stored, byte for byte.
    RawLines,
}

/// A file as far as it is written.
#[derive(Debug)]
pub struct Export {
    study_id: String,
    format: Format,
    zone: Zone,
    /// The first and the last day.
    days: (i64, i64),
    columns: Columns,
    /// The last response that was read.
    after: String,
    is_done: bool,
}

pub(crate) async fn export(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Streamed<Export>, Problem> {
    let staff = reader(env, request).await?;
    let (format, days) = asked(request)?;
    let mut study: Study = entity::find(env, &staff, id).await?;
    let zone = app::zone(&app::site(env, &staff.site_id).await?.zone)?;
    let columns = columns::read(env, &study.id).await?;
    let mut rest = Export {
        study_id: study.id.clone(),
        format,
        zone,
        days: days.span(),
        columns,
        after: start(days.from),
        is_done: false,
    };
    let mut body = rest.heading().into_bytes();
    body.extend(rest.next(env).await?.unwrap_or_default());
    let (media_type, name, suffix) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "csv", ".csv"),
        Format::Lines => ("application/jsonl", "jsonl", ".jsonl"),
        Format::RawLines => ("application/jsonl", "jsonl", "-raw.jsonl"),
    };
    let mut first = web::response::bytes(media_type, body);
    let today = civil::date(zone.day(env.now()));
    let attachment = format!("attachment; filename=\"{}-{today}{suffix}\"", rest.study_id);
    web::response::set(&mut first, CONTENT_DISPOSITION, &attachment);
    // What customers said in confidence stays in no cache.
    let no_store = HeaderValue::from_static("private, no-store");
    first.headers_mut().insert(CACHE_CONTROL, no_store);
    study.version += 1;
    let data = json!({
        "format": name,
        "raw": format == Format::RawLines,
        "from": date(days.from),
        "to": date(days.to),
    });
    // Nothing leaves unless the trail says so.
    let change = Change::new("study.exported", id, study.version, data, first);
    let first = commit(env, &staff, change.and(studies::update(&study).guarded())).await?;
    Ok(Streamed { first, rest: if rest.is_done { None } else { Some(rest) } })
}

/// A day, or null where a period has no end.
fn date(day: i32) -> Option<String> {
    (![i32::MIN, i32::MAX].contains(&day)).then(|| civil::date(day))
}

/// Agents read comments with personal data hidden; managers may read what was written.
async fn reader(env: &impl Env, request: &Request) -> Result<Staff, Problem> {
    if request.param("raw").is_some() {
        let manager = auth::manager(env, request).await?;
        return Ok(Staff::clone(&manager));
    }
    let agent = auth::agent(env, request).await?;
    Ok(Staff::clone(&agent))
}

fn asked(request: &Request) -> Result<(Format, Period), Problem> {
    let mut query = request.query();
    let formats = ["csv", "jsonl"];
    let known = |it: &str| formats.iter().position(|name| *name == it);
    let is_lines = query.parse("format", known, || one_of_rule(&formats)) == Some(1);
    let raw = query.parse("raw", |it| (it == "1").then_some(()), || one_of_rule(&["1"]));
    if raw.is_some() && !is_lines {
        query.refuse("raw", said("needs format=jsonl", "须与 format=jsonl 同用"));
    }
    let days = Period::read_open(&mut query);
    query.done()?;
    let format = match (is_lines, raw) {
        (false, _) => Format::Csv,
        (true, None) => Format::Lines,
        (true, Some(())) => Format::RawLines,
    };
    Ok((format, days))
}

/// Before the ids of all responses that count on a day or later.
///
/// Nobody answers after it came in, and ids begin with when that was. So years of responses
/// before the day are not even read. Two days make up for clocks of any zone.
fn start(day: i32) -> String {
    let from_ms = i64::from(day).saturating_sub(2).saturating_mul(civil::DAY_MS);
    if from_ms <= 0 {
        return String::new();
    }
    Kind::Response.id(from_ms, [0; 16])
}

impl Rest for Export {
    async fn next(&mut self, env: &impl Env) -> Result<Option<Vec<u8>>, Problem> {
        while !self.is_done {
            let query = responses::page_after(&self.study_id, &self.after, self.days, ROWS);
            let rows = env.sql().fetch(query).await?;
            self.is_done = i64::try_from(rows.len()) != Ok(ROWS);
            let mut part = String::new();
            for row in &rows {
                // Of a version that was published meanwhile, some questions have no column.
                if row.study_version <= self.columns.newest {
                    self.write(row, &mut part)?;
                }
            }
            if let Some(last) = rows.last() {
                self.after.clone_from(&last.id);
            }
            if !part.is_empty() {
                return Ok(Some(part.into_bytes()));
            }
        }
        Ok(None)
    }
}

impl Export {
    /// The first line of a CSV.
    fn heading(&self) -> String {
        if self.format != Format::Csv {
            return String::new();
        }
        // Spreadsheets take a file without the mark for the encoding of their own country.
        let mut line = "\u{feff}".to_owned();
        for part in PARTS {
            if TIMES.contains(&part) {
                cell(&mut line, &format!("{part} ({})", self.zone.name()));
            } else {
                cell(&mut line, part);
            }
        }
        for column in &self.columns.list {
            // A question may be called as a part is, and an import looks for one of a name.
            if PARTS.contains(&column.id.as_str()) {
                cell(&mut line, &format!("answers.{}", column.id));
            } else {
                cell(&mut line, &column.id);
            }
        }
        end(&mut line);
        line
    }

    fn write(&self, row: &Row, out: &mut String) -> Result<(), Corrupt> {
        match self.format {
            Format::Csv => self.write_cells(row, out),
            Format::Lines => {
                let mut answers = answers(row)?;
                for (question, answer) in &mut answers {
                    hide(answer, self.columns.is_open(question));
                }
                write_line(row, &view::text(&answers), out);
                Ok(())
            }
            Format::RawLines => {
                write_line(row, &row.answers, out);
                Ok(())
            }
        }
    }

    fn write_cells(&self, row: &Row, out: &mut String) -> Result<(), Corrupt> {
        let mut answers = answers(row)?;
        let parts: [&str; PARTS.len()] = [
            &row.id,
            &row.study_version.to_string(),
            &row.source,
            &row.channel,
            &row.group,
            &row.language,
            &row.customer_id,
            &row.agent_id,
            &clock(row.answered_at, self.zone),
            &clock(row.received_at, self.zone),
            if row.counted { "true" } else { "false" },
            &row.screened,
        ];
        for part in parts {
            cell(out, part);
        }
        for column in &self.columns.list {
            let mut answer = answers.remove(&column.id).unwrap_or_default();
            hide(&mut answer, !column.is_choice);
            cell(out, &plain(&answer));
        }
        end(out);
        Ok(())
    }
}

/// A response but for its id and its answers, which stand before it in its line.
#[derive(Serialize)]
struct Line<'a> {
    survey_version: i64,
    source: &'a str,
    channel: Option<&'a str>,
    group: Option<&'a str>,
    language: &'a str,
    customer_id: Option<&'a str>,
    agent_id: Option<&'a str>,
    answered_at: String,
    received_at: String,
    counted: bool,
    screened: Option<&'a str>,
}

/// A line of JSON Lines. The answers are put in as text, so that they stay what they are.
fn write_line(row: &Row, answers: &str, out: &mut String) {
    let line = view::text(&Line {
        survey_version: row.study_version,
        source: &row.source,
        channel: view::some(&row.channel),
        group: view::some(&row.group),
        language: &row.language,
        customer_id: view::some(&row.customer_id),
        agent_id: view::some(&row.agent_id),
        answered_at: view::time(row.answered_at),
        received_at: view::time(row.received_at),
        counted: row.counted,
        screened: view::some(&row.screened),
    });
    let line = line.strip_prefix('{').unwrap_or(&line);
    for part in ["{\"id\":\"", &row.id, "\",\"answers\":", answers, ",", line, "\n"] {
        out.push_str(part);
    }
}

/// The answers by question. An export that left some out would not be one.
fn answers(row: &Row) -> Result<Map<String, Value>, Corrupt> {
    let damaged = || Corrupt(format!("the answers of {} are not a JSON object", row.id));
    view::object(&row.answers).ok_or_else(damaged)
}

/// Hides personal data in what somebody wrote: open answers, and words beside an option.
fn hide(answer: &mut Value, is_open: bool) {
    match answer {
        Value::String(text) if is_open => *text = redact(text),
        Value::Array(list) => list.iter_mut().for_each(|it| hide(it, is_open)),
        Value::Object(map) => map.iter_mut().for_each(|(_, it)| hide(it, true)),
        _ => {}
    }
}

/// An answer as a person writes it into a cell; several choices are parted by semicolons.
fn plain(answer: &Value) -> String {
    match answer {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(list) if list.iter().all(Value::is_string) => {
            let chosen: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
            chosen.join(";")
        }
        other => view::text(other),
    }
}

/// An instant by the clock of a zone, such as `2026-11-21 09:30:00`, which spreadsheets know.
fn clock(at: UtcMs, zone: Zone) -> String {
    let text = civil::rfc3339(at, zone.offset_s(at));
    text.get(..19).unwrap_or(&text).replace('T', " ")
}

/// Adds a cell to a line and parts it from the next one.
fn cell(line: &mut String, text: &str) {
    csv::push(line, text);
    line.push(',');
}

/// Ends a line of cells.
fn end(line: &mut String) {
    line.pop();
    line.push_str("\r\n");
}
