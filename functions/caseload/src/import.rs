//! `POST /v1/complaints/import`: a file becomes cases. Rows that were taken before are told and not
//! taken again; one bad row never fails its neighbours.

use app::auth::{self, Staff};
use app::case::batch::bring_all;
use app::case::{Book, Work};
use app::grading::{Asked, grade_all};
use app::sheet;
use app::write::{Change, first_event, write};
use domain::asking::who;
use domain::id::{Kind, derived};
use ports::{Env, Sql, Write};
use serde::Serialize;
use serde_json::{Map, Value, json};
use store::{agents, cases, customers, departments, touchpoints};
use web::lang::{Lang, said, said_now};
use web::problem::{Mistake, Place};
use web::{Problem, Request, Response, view};

use crate::row::{COLUMNS, Known, Past};

/// The largest file of one request.
#[cfg_attr(not(target_family = "wasm"), expect(dead_code, reason = "the host reads with it"))]
pub(crate) const BYTES_MAX: usize = 8 * 1024 * 1024;
/// The most rows of one file.
const ROWS_MAX: usize = 1_000;
/// Rows of one commit.
const ROWS_PER_COMMIT: usize = 250;
/// Refused rows that are told one by one; all are counted.
const REFUSALS_TOLD_MAX: usize = 100;
/// How often a commit is tried that loses a race.
const TRIES: usize = 3;

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
}

#[derive(Serialize)]
struct Refusal {
    line: u64,
    errors: Vec<Value>,
}

/// A row as it stands in the file: its line, and its cells by the names of their columns.
pub(crate) struct Raw {
    pub(crate) line: u64,
    pub(crate) cells: Map<String, Value>,
}

pub(crate) async fn import(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    request.no_query()?;
    write(env, request, &manager, async || {
        let rows = read(request)?;
        let report = take(env, &manager, rows, request.lang()).await?;
        // The cases are in, each with its events; this one tells that a file was brought.
        let event = json!({
            "taken": report.taken, "repeated": report.repeated, "refused": report.refused,
        });
        let subject = Kind::Job.id(env.now(), env.random());
        Ok(Change::new("complaint.imported", &subject, 1, event, web::ok(&report)?))
    })
    .await
}

fn read(request: &Request) -> Result<Vec<Raw>, Problem> {
    let body = request.body()?;
    let rows = match request.media_type().as_deref() {
        Some("text/csv") => of_csv(body)?,
        Some("application/jsonl" | "application/x-ndjson" | "application/x-jsonlines") => {
            of_lines(body)?
        }
        _ => {
            return Err(Problem::new(web::Kind::UnsupportedMediaType).with(said(
                "send content-type: text/csv or application/jsonl",
                "请使用 content-type: text/csv 或 application/jsonl",
            )));
        }
    };
    if ROWS_MAX < rows.len() {
        return Err(Problem::new(web::Kind::BodyTooLarge).with(said_now(
            format!("a file may have at most {ROWS_MAX} rows; send several"),
            format!("单个文件最多 {ROWS_MAX} 行；请分批发送"),
        )));
    }
    Ok(rows)
}

fn of_csv(body: &[u8]) -> Result<Vec<Raw>, Problem> {
    let rows = sheet::rows(body).ok_or_else(not_utf8)?;
    let mut rows = rows.into_iter();
    let names: Vec<String> = rows
        .next()
        .map(|it| it.cells.iter().map(|it| it.trim().to_owned()).collect())
        .unwrap_or_default();
    let is_known = |it: &&String| COLUMNS.contains(&it.as_str());
    let mut strange: Vec<&str> =
        names.iter().filter(|it| !is_known(it)).map(String::as_str).collect();
    let lacking = ["reference", "text", "received_at"];
    let lacking: Vec<&str> =
        lacking.into_iter().filter(|it| !names.iter().any(|name| name == it)).collect();
    strange.truncate(20);
    if !strange.is_empty() || !lacking.is_empty() {
        let (strange, lacking) = (strange.join(", "), lacking.join(", "));
        return Err(Problem::new(web::Kind::InvalidFields).with(said_now(
            format!(
                "columns that we do not know: [{strange}]; columns that are missing: [{lacking}]"
            ),
            format!("未知列：[{strange}]；缺少列：[{lacking}]"),
        )));
    }
    let raw = |row: sheet::Row| {
        let mut cells = Map::new();
        for (name, cell) in names.iter().zip(&row.cells) {
            cells.insert(name.clone(), web::csv::restore(cell.trim()).into());
        }
        Raw { line: row.line, cells }
    };
    Ok(rows.map(raw).collect())
}

fn of_lines(body: &[u8]) -> Result<Vec<Raw>, Problem> {
    let text = std::str::from_utf8(body).map_err(|_| not_utf8())?;
    let mut rows = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        if text.trim().is_empty() {
            continue;
        }
        let cells = view::object(text).ok_or_else(|| {
            Problem::new(web::Kind::MalformedBody).with(said_now(
                format!("line {line} is not a JSON object"),
                format!("第 {line} 行不是 JSON 对象"),
            ))
        })?;
        rows.push(Raw { line, cells });
        if ROWS_MAX < rows.len() {
            break;
        }
    }
    Ok(rows)
}

fn not_utf8() -> Problem {
    Problem::new(web::Kind::MalformedBody)
        .with(said("save the file as UTF-8", "请将文件另存为 UTF-8 编码"))
}

/// Takes the rows of a file, so many in a commit.
async fn take(
    env: &impl Env,
    manager: &Staff,
    rows: Vec<Raw>,
    lang: Lang,
) -> Result<Report, Problem> {
    let book = Book::load(env, &manager.site_id).await?;
    let mut report = Report { rows: rows.len(), ..Report::default() };
    let known = known(env, &book, &rows).await?;
    let mut seen: Vec<String> = Vec::with_capacity(rows.len());
    let mut read: Vec<Box<Past>> = Vec::with_capacity(rows.len());
    for raw in rows {
        let line = raw.line;
        match Past::read(raw, &book, &known, env.now()) {
            Ok(past) if seen.contains(&past.opening.once) => report.repeated += 1,
            Ok(past) => {
                seen.push(past.opening.once.clone());
                // The earliest first, so that a later one of the same customer knows of it.
                let at = past.opening.received_at;
                let at = read.partition_point(|it| it.opening.received_at <= at);
                read.insert(at, Box::new(past));
            }
            Err(mistakes) => report.refuse(line, &mistakes, lang),
        }
    }
    let mut rest = read.as_mut_slice();
    while !rest.is_empty() {
        let (chunk, behind) = rest.split_at_mut(rest.len().min(ROWS_PER_COMMIT));
        bring(env, manager, &book, chunk, &mut report).await?;
        rest = behind;
    }
    Ok(report)
}

/// Takes some rows in one commit. Whoever comes between makes us look again at what is there.
async fn bring(
    env: &impl Env,
    by: &Staff,
    book: &Book,
    rows: &mut [Box<Past>],
    report: &mut Report,
) -> Result<(), Problem> {
    let asked: Vec<Asked<'_>> = rows
        .iter()
        .map(|it| Asked { text: &it.opening.text, amount: it.opening.amount, earlier: 0 })
        .collect();
    let found = grade_all(env, &book.site.id, &asked).await?;
    for (row, found) in rows.iter_mut().zip(found) {
        row.found = found;
    }
    for _ in 0..TRIES {
        let onces: Vec<&str> = rows.iter().map(|it| it.opening.once.as_str()).collect();
        let there = cases::known(&book.site.id, &view::text(&onces));
        let there = env.sql().fetch(there).await?;
        let writes = meet(env, by, rows).await?;
        let whos: Vec<String> = rows.iter().map(|it| name(book, it)).collect();
        let mut earlier = env.sql().fetch(cases::of_whos(&view::text(&whos))).await?;
        let mut works: Vec<Work<'_>> = Vec::with_capacity(rows.len());
        for row in rows.iter().filter(|it| !there.contains(&it.opening.once)) {
            let mut work = row.work(env, book, by)?;
            let (own, since) = (work.case.received_at, work.case.received_at - book.repeat_ms());
            work.case.is_repeat = earlier.iter().any(|(who, type_id, at)| {
                *who == work.case.who
                    && !who.is_empty()
                    && *type_id == work.case.type_id
                    && (since..own).contains(at)
            });
            earlier.push((work.case.who.clone(), work.case.type_id.clone(), own));
            work.settle();
            works.push(work);
        }
        let taken = works.len();
        if taken == 0 || bring_all(env, by, works, writes).await? {
            report.taken += taken;
            report.repeated += rows.len() - taken;
            return Ok(());
        }
    }
    Err(web::problem::lost_race())
}

/// Finds the customers that rows name, and makes those who are new.
async fn meet(env: &impl Env, by: &Staff, rows: &mut [Box<Past>]) -> Result<Vec<Write>, Problem> {
    let named: Vec<&str> = rows.iter().map(|it| it.customer.as_str()).collect();
    let found = env.sql().fetch(customers::ids(&by.site_id, &view::text(&named))).await?;
    let (now, seed) = (env.now(), env.random());
    let mut made: Vec<(String, String)> = Vec::new();
    let mut writes = Vec::new();
    for row in rows.iter_mut().filter(|it| !it.customer.is_empty()) {
        if let Some((_, id, group)) = found.iter().find(|it| it.0 == row.customer) {
            row.opening.customer_id.clone_from(id);
            row.opening.customer_group.clone_from(group);
            continue;
        }
        if !made.iter().any(|it| it.1 == row.customer) {
            let id = Kind::Customer.id(now, derived(seed, made.len()));
            let data = json!({ "fields": ["external_id"] });
            writes.push(first_event(env, by, &id, "customer.created", &data));
            made.push((id, row.customer.clone()));
        }
        if let Some((id, _)) = made.iter().find(|it| it.1 == row.customer) {
            row.opening.customer_id.clone_from(id);
            "new".clone_into(&mut row.opening.customer_group);
        }
    }
    if !made.is_empty() {
        writes.push(customers::insert_new(&by.site_id, now, &view::text(&made)).write());
    }
    // Somebody else may have made or erased one of them meanwhile.
    let ids: Vec<&str> = rows.iter().map(|it| it.opening.customer_id.as_str()).collect();
    let ids: Vec<&str> = ids.into_iter().filter(|it| !it.is_empty()).collect();
    writes.push(customers::are_there(&by.site_id, &view::text(&ids)).guarded());
    Ok(writes)
}

/// Under which name the customer of a row is known.
fn name(book: &Book, row: &Past) -> String {
    let id = &row.opening.customer_id;
    if id.is_empty() { String::new() } else { who(&book.site.id, "customer", id) }
}

/// Looks up what the rows name.
async fn known(env: &impl Env, book: &Book, rows: &[Raw]) -> Result<Known, Problem> {
    let named = |column: &str| {
        let mut names: Vec<&str> = Vec::new();
        for row in rows {
            let name = row.cells.get(column).and_then(Value::as_str).unwrap_or_default();
            if !name.is_empty() && !names.contains(&name) {
                names.push(name);
            }
        }
        view::text(&names)
    };
    let site_id = &book.site.id;
    let sql = env.sql();
    Ok(Known {
        strange_touchpoints: sql
            .fetch(touchpoints::unknown(site_id, &named("touchpoint_id")))
            .await?,
        departments: sql.fetch(departments::known(site_id, &named("department_id"))).await?,
        agents: sql.fetch(agents::known(site_id, &named("agent_id"))).await?,
        causes: sql.fetch(cases::cause_kinds(site_id, &named("cause_id"))).await?,
    })
}

impl Report {
    fn refuse(&mut self, line: u64, mistakes: &[Mistake], lang: Lang) {
        self.refused += 1;
        if self.refusals.len() < REFUSALS_TOLD_MAX {
            let errors = mistakes.iter().map(|it| error(it, lang)).collect();
            self.refusals.push(Refusal { line, errors });
        }
    }
}

fn error(mistake: &Mistake, lang: Lang) -> Value {
    let place = match &mistake.place {
        Place::Pointer(place) | Place::Parameter(place) => place.trim_start_matches('/'),
        Place::Header(name) => name,
    };
    json!({ "field": place, "detail": mistake.detail.text(lang) })
}
