//! `/v1/calendars/{id}/days`: the days of a year that are not as their weekday says, and files of
//! them, CSV or JSON.
//!
//! A CSV has the columns `date`, `name` and one of `is_off` and `hours`
//! (`09:00-12:00 13:00-18:00`). JSON is what github.com/NateScarlet/holiday-cn publishes for a
//! year, `{"year": 2027, "days": [{"date", "name", "isOffDay"}]}`, where a day has `hours` as well
//! if it is to have others than a make-up day. All days are taken, or none.

use app::write::{check_version, write};
use app::{auth, entity, sheet};
use domain::civil::{YEAR_MAX, YEAR_MIN, civil, day_number, parse_date};
use domain::hours::{Place as At, Span, Wrong};
use ports::Env;
use serde_json::{Map, Value, json};
use store::calendars::Calendar;
use web::field::{Fields, number_rule};
use web::hours::{self, EXCEPTIONS_MAX, NAME_CHARS_MAX, WorkingHours};
use web::lang::{Said, said, said_now};
use web::problem::{Kind, Mistake, Place};
use web::{Problem, Request, Response};

use super::{BYTES_MAX, calendar};

/// The most mistakes of a file that are told one by one.
const MISTAKES_MAX: usize = 100;

/// A day that a file names.
struct Day {
    /// Where it stands there, for mistakes.
    at: String,
    day: i32,
    name: String,
    hours: Vec<Span>,
}

/// What a file says.
#[derive(Default)]
struct File {
    days: Vec<Day>,
    /// The year that it is all of, if it says so.
    year: Option<i32>,
    mistakes: Vec<Mistake>,
}

impl File {
    fn refuse(&mut self, at: String, detail: Said) {
        self.mistakes.push(Mistake { place: Place::Pointer(at), detail });
    }
}

/// The days of a year that have other hours than their weekday, with why they do.
pub(crate) async fn show(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    let mut query = request.query();
    let year = query.parse(
        "year",
        |it| it.parse::<i32>().ok().filter(|it| (YEAR_MIN..=YEAR_MAX).contains(it)),
        || number_rule(YEAR_MIN.into(), YEAR_MAX.into()),
    );
    query.done()?;
    let it = calendar::hours(env, &viewer, id).await?;
    let year = year.unwrap_or_else(|| civil(it.hours.zone.day(env.now())).0);
    let of = |year: i32| day_number(year, 1, 1).unwrap_or_default();
    let (first, next) = (of(year), of(year + 1));
    let is_known = it.hours.known_until.is_none_or(|known| next <= known + 1);
    let days: Vec<Value> =
        (first..next).filter_map(|day| it.other(day)).map(Value::Object).collect();
    web::response::ok(&json!({ "year": year, "is_known": is_known, "days": days }))
}

pub(crate) async fn load(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    let mut query = request.query();
    let known = query.text("known_until", 10);
    query.done()?;
    write(env, request, &manager, async || {
        let it = entity::find::<Calendar>(env, &manager, id).await?;
        check_version(request, it.version)?;
        let mut hours = calendar::stored(&it)?;
        let mut file = match request.media_type().as_deref() {
            Some("text/csv") => csv(request.body()?, &hours)?,
            Some("application/json") => json(request.fields_up_to(BYTES_MAX)?, &hours)?,
            _ => {
                return Err(Problem::new(Kind::UnsupportedMediaType).with(said(
                    "send content-type: text/csv or application/json",
                    "请使用 content-type: text/csv 或 application/json",
                )));
            }
        };
        take(&mut file, &mut hours);
        if !file.mistakes.is_empty() {
            file.mistakes.truncate(MISTAKES_MAX);
            return Err(Problem::mistakes(file.mistakes));
        }
        let known = known.clone().or_else(|| year_known(&file, &hours));
        let mut fields = Map::new();
        fields.extend(known.map(|it| ("known_until".to_owned(), Value::from(it))));
        let mut fields = Fields::new(fields);
        let hours = WorkingHours::read(&mut fields, Some(hours));
        fields.done()?;
        calendar::changed(env, it, &hours)
    })
    .await
}

/// Puts the days of a file into a calendar and checks what comes out.
fn take(file: &mut File, hours: &mut WorkingHours) {
    let mut fits = true;
    let mut places: Vec<(i32, String)> = Vec::with_capacity(file.days.len());
    for it in std::mem::take(&mut file.days) {
        if places.iter().any(|(day, _)| *day == it.day) {
            let rule = said("must differ from that of every other", "日期不得重复");
            file.refuse(format!("{}/date", it.at), rule);
            continue;
        }
        fits &= hours.except(it.day, it.hours, &it.name);
        places.push((it.day, it.at));
    }
    if !fits {
        let rule = said_now(
            format!("a calendar has at most {EXCEPTIONS_MAX} exceptions"),
            format!("一个日历最多有 {EXCEPTIONS_MAX} 个例外日"),
        );
        file.refuse(String::new(), rule);
    }
    if places.is_empty() && file.mistakes.is_empty() {
        let rule = said(
            "names no day: a year that is not announced is not known",
            "没有任何日期：尚未公布的年份不能视为已知",
        );
        file.refuse("/days".to_owned(), rule);
    }
    for wrong in hours.hours.check().err().into_iter().flatten() {
        let (Wrong::Span(At::Exception(at), _) | Wrong::Overlap(At::Exception(at), _)) = wrong
        else {
            continue;
        };
        let day = hours.hours.exceptions.get(at).map(|(day, _)| *day);
        if let Some((_, place)) = places.iter().find(|(it, _)| Some(*it) == day) {
            let rule = said(
                "must have shifts that end after they begin and do not overlap",
                "班次的结束须晚于开始，且不得重叠",
            );
            file.refuse(format!("{place}/hours"), rule);
        }
    }
    file.days.extend(places.into_iter().map(|(day, at)| Day {
        at,
        day,
        name: String::new(),
        hours: Vec::new(),
    }));
}

/// Until when holidays are known with the file of a whole year: the year after those before.
fn year_known(file: &File, hours: &WorkingHours) -> Option<String> {
    let year = file.year?;
    let (known, ..) = civil(hours.hours.known_until?);
    let is_in = |it: &Day| civil(it.day).0 == year;
    let last = day_number(year, 12, 31).map(domain::civil::date);
    last.filter(|_| year == known + 1 && file.days.iter().any(is_in))
}

/// The shifts of a make-up day.
fn make_up(hours: &WorkingHours) -> Option<Vec<Span>> {
    let [monday, ..] = &hours.hours.week;
    let spans = if hours.hours.make_up.is_empty() { monday } else { &hours.hours.make_up };
    (!spans.is_empty()).then(|| spans.clone())
}

fn json(mut fields: Fields, hours: &WorkingHours) -> Result<File, Problem> {
    let mut file = File::default();
    // What else such files have says nothing of days.
    for name in ["$schema", "$id", "papers"] {
        fields.take(name);
    }
    if fields.has("year") {
        let year = fields.integer("year", 1970, 2100, None);
        file.year = i32::try_from(year).ok();
    }
    for (at, mut it) in fields.objects("days", 0, EXCEPTIONS_MAX).into_iter().enumerate() {
        let text = it.text("date", 1, 10, "");
        let day = parse_date(&text);
        if day.is_none() && !text.is_empty() {
            it.refuse("date", hours::date_rule());
        }
        let name = it.text("name", 0, NAME_CHARS_MAX, "");
        let found = if let Some(list) = it.take("hours") {
            it.take("isOffDay");
            hours::spans(&mut it, "hours", list)
        } else if !it.has("isOffDay") {
            it.refuse("isOffDay", said("is required", "为必填项"));
            None
        } else if it.flag("isOffDay", true) {
            Some(Vec::new())
        } else {
            let hours = make_up(hours);
            if hours.is_none() {
                it.refuse("isOffDay", make_up_rule());
            }
            hours
        };
        fields.absorb(it);
        if let Some((day, hours)) = day.zip(found) {
            file.days.push(Day { at: format!("/days/{at}"), day, name, hours });
        }
    }
    fields.done()?;
    Ok(file)
}

/// Mistakes of a CSV are told by line and column: `/3/date`.
fn csv(bytes: &[u8], hours: &WorkingHours) -> Result<File, Problem> {
    let rows = sheet::rows(bytes).ok_or_else(|| {
        let detail = said("the file must be UTF-8", "文件须为 UTF-8 编码");
        Problem::new(Kind::MalformedBody).with(detail)
    })?;
    let mut file = File::default();
    let Some((head, rows)) = rows.split_first() else { return Ok(file) };
    let column = |name: &str| head.cells.iter().position(|it| it.trim().eq_ignore_ascii_case(name));
    let (date, name) = (column("date"), column("name"));
    let (is_off, shifts) = (column("is_off"), column("hours"));
    if date.is_none() || is_off.is_none() && shifts.is_none() {
        let rule = said(
            "must have the column date, and is_off or hours",
            "须有 date 列，以及 is_off 列或 hours 列",
        );
        file.refuse(format!("/{}", head.line), rule);
        return Ok(file);
    }
    for row in rows {
        let cell = |at: Option<usize>| {
            let cell = at.and_then(|at| row.cells.get(at));
            cell.map_or("", |it| web::csv::restore(it.trim()))
        };
        let at = format!("/{}", row.line);
        let day = parse_date(cell(date));
        if day.is_none() {
            file.refuse(format!("{at}/date"), hours::date_rule());
        }
        let name = cell(name);
        if NAME_CHARS_MAX < name.chars().count() {
            let fault = domain::text::Fault::TooLong;
            let rule = web::field::text_rule(fault, 0, NAME_CHARS_MAX);
            file.refuse(format!("{at}/name"), rule);
        }
        match cell_hours(cell(shifts), cell(is_off), hours) {
            Ok(hours) => {
                let name = name.to_owned();
                file.days.extend(day.map(|day| Day { at, day, name, hours }));
            }
            Err((column, rule)) => file.refuse(format!("{at}/{column}"), rule),
        }
    }
    Ok(file)
}

/// The shifts that a row says: its hours, or else whether it is off.
fn cell_hours(
    shifts: &str,
    is_off: &str,
    hours: &WorkingHours,
) -> Result<Vec<Span>, (&'static str, Said)> {
    if !shifts.is_empty() {
        let read = |it: &str| {
            let (from, to) = it.split_once('-')?;
            Some(Span::new(hours::minute(from)?, hours::minute(to)?))
        };
        let mut spans = Vec::new();
        for it in shifts.split([' ', ';']).filter(|it| !it.is_empty()) {
            let rule = || {
                said(
                    "must be shifts such as 09:00-12:00 13:00-18:00",
                    "须为班次，例如 09:00-12:00 13:00-18:00",
                )
            };
            spans.push(read(it).ok_or_else(|| ("hours", rule()))?);
        }
        return Ok(spans);
    }
    match is_off {
        "true" | "1" | "yes" => Ok(Vec::new()),
        "false" | "0" | "no" => make_up(hours).ok_or_else(|| ("is_off", make_up_rule())),
        _ => Err(("is_off", said("must be true or false", "须为 true 或 false"))),
    }
}

fn make_up_rule() -> Said {
    said(
        "the calendar has no hours for a make-up day: give hours, or change make_up first",
        "日历没有补班日的班次：请给出 hours，或先设置 make_up",
    )
}
