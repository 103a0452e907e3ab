//! `/desk/rules/calendars/{id}/days`: a day that is otherwise, or a whole year of holidays.

use domain::role::Role;
use ports::Env;
use serde_json::{Value, json};
use staff::form::{Input, Kind};
use staff::tell::{at, items, text};
use staff::{Call, Desk, Filled, Form, Refused, Sent, Verb};
use web::lang::Lang;
use web::{Problem, Request, Response, view};

use crate::calendar::year_of;
use crate::calendars::{PATH, title};
use crate::{draw, hours, opened};

/// Mistakes of a file that are shown.
const SHOWN: usize = 20;

/// What is shown: one of the two forms may have come back.
#[derive(Default)]
struct Both {
    day: Filled,
    file: Filled,
}

fn day_form(lang: Lang) -> Form {
    Form::new(vec![
        Input::new("date", lang.of("Day", "日期"), Kind::Date).needed(),
        Input::line("hours", lang.of("Hours", "时段"))
            .hint(lang.of("Such as 09:00-12:00; empty for closed", "例如 09:00-12:00；留空为休息")),
        Input::line("name", lang.of("What it is", "名称"))
            .hint(lang.of("Such as company day", "例如 年会")),
    ])
}

fn file_form(lang: Lang) -> Form {
    Form::new(vec![
        Input::new("file", lang.of("Days", "日期数据"), Kind::Text)
            .hint(lang.of(
                "JSON as holiday-cn publishes it for a year, or CSV with the columns date, name and \
                 is_off or hours. All of it is taken, or nothing.",
                "holiday-cn 发布的全年 JSON，或含 date、name 及 is_off 或 hours 列的 CSV。全部导入，\
                 或全部不导入。",
            ))
            .needed(),
        Input::new(
            "known_until",
            lang.of("Holidays are then known until", "导入后节假日已知至"),
            Kind::Date,
        )
        .hint(lang.of(
            "Only if the file does not say its year, or skips one",
            "仅当文件未注明年份或跨年时填写",
        )),
    ])
}

/// Both forms.
pub(crate) async fn show(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let desk = opened!(env, request, Role::Manager);
    drawn(env, request, &desk, id, Both::default()).await
}

/// Takes either form.
pub(crate) async fn take(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let desk = opened!(env, request, Role::Manager);
    let sent = match desk.sent(env, request).await {
        Ok(sent) => sent,
        Err(problem) => return desk.told(problem),
    };
    let is_file = sent.pairs.iter().any(|it| it.0 == "file");
    let taken = match is_file {
        true => load(env, request, &desk, id, &sent).await,
        false => add(env, request, &desk, id, &sent).await,
    };
    match taken {
        Ok(year) => Ok(desk.go(&format!("{PATH}/{id}?year={year}"), "saved")),
        Err(filled) if is_file => {
            let both = Both { file: filled, ..Both::default() };
            drawn(env, request, &desk, id, both).await
        }
        Err(filled) => {
            let both = Both { day: filled, ..Both::default() };
            drawn(env, request, &desk, id, both).await
        }
    }
}

/// Adds one day: as a file of one, which leaves all others as they are.
async fn add(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    id: &str,
    sent: &Sent,
) -> Result<String, Filled> {
    let (lang, form) = (desk.lang, day_form(desk.lang));
    form.read(lang, sent)?;
    let shifts = hours::meant(lang, sent.get("hours")).map_err(|rule| {
        let mut filled = Filled { pairs: sent.pairs.clone(), status: 422, ..Filled::default() };
        filled.refuse(lang, "hours", &rule);
        filled
    })?;
    let (date, name) = (sent.get("date").trim(), sent.get("name").trim());
    let body = json!({ "days": [{ "date": date, "name": name, "hours": shifts }] });
    let target = format!("/v1/calendars/{}/days", staff::word(id));
    let call = Call {
        component: "calendar",
        verb: Verb::Post,
        target: &target,
        body: &body,
        key: sent.key(),
        ..Call::default()
    };
    match desk.send(env, request, call).await {
        Ok(_) => Ok(year_of(date)),
        Err(mut refused) => {
            only(&mut refused);
            Err(Filled::refused(lang, &form, sent, &refused))
        }
    }
}

/// Has mistakes of the one day of a file point at the fields of its form.
fn only(refused: &mut Refused) {
    let Some(Value::Array(errors)) = refused.told.get_mut("errors") else { return };
    for it in errors {
        let pointer = text(it, "/pointer").replacen("/days/0", "", 1);
        if let Value::Object(it) = it {
            it.insert("pointer".to_owned(), Value::from(pointer));
        }
    }
}

/// Loads a file, of which nobody says whether it is JSON or CSV.
async fn load(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    id: &str,
    sent: &Sent,
) -> Result<String, Filled> {
    let (lang, form) = (desk.lang, file_form(desk.lang));
    form.read(lang, sent)?;
    let file = sent.get("file").trim();
    let mut target = format!("/v1/calendars/{}/days", staff::word(id));
    let known = sent.get("known_until").trim();
    if !known.is_empty() {
        target.push_str(&format!("?known_until={}", staff::word(known)));
    }
    let json = view::json(file);
    let (body, media_type) = match json {
        Value::Object(_) => (json, ""),
        _ => (Value::from(file), "text/csv"),
    };
    let key = sent.key();
    let call = Call {
        component: "calendar",
        target: &target,
        body: &body,
        key,
        media_type,
        ..Call::default()
    };
    match desk.send(env, request, call).await {
        Ok(done) => Ok(last_year(&done.told)),
        Err(refused) => {
            let mut filled = Filled::refused(lang, &form, sent, &refused);
            in_file(lang, &mut filled, &refused);
            Err(filled)
        }
    }
}

/// Tells the mistakes of a file with their places: lines of a CSV, days of JSON.
fn in_file(lang: Lang, filled: &mut Filled, refused: &Refused) {
    let told = Value::Object(refused.told.clone());
    let all = items(&told, "/errors");
    let mut count = 0;
    for it in all {
        let pointer = text(it, "/pointer").trim_start_matches('/');
        if pointer == "known_until" {
            continue;
        }
        count += 1;
        if count <= SHOWN {
            filled.refuse(lang, "file", &format!("{pointer} {}", text(it, "/detail")));
        }
    }
    if SHOWN < count {
        let more = match lang {
            Lang::En => format!("and {} more", count - SHOWN),
            Lang::Zh => format!("另有 {} 处", count - SHOWN),
        };
        filled.refuse(lang, "file", &more);
    }
    if 0 < count {
        filled.alert = String::new();
    }
}

/// The year up to which holidays are known now.
fn last_year(told: &Value) -> String {
    year_of(text(told, "/known_until"))
}

async fn drawn(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    id: &str,
    both: Both,
) -> Result<Response, Problem> {
    let lang = desk.lang;
    let target = format!("/v1/calendars/{}", staff::word(id));
    let told = match desk.read_one(env, request, ("calendar", &target)).await {
        Ok(told) => told,
        Err(refused) => return desk.refusal(&refused),
    };
    if at(&told, "/is_built_in").as_bool() == Some(true) {
        return desk.nothing();
    }
    let own = format!("{PATH}/{id}");
    let above = [(PATH, title(lang)), (own.as_str(), text(&told, "/name"))];
    let heading = lang.of("Add days or load a year", "添加日期或导入全年");
    let mut page = draw::page(desk, request, heading, &above);
    let status = if both.day.is_good() { both.file.status() } else { both.day.status() };
    let path = format!("{own}/days");
    draw::panel(&mut page.html, "one", lang.of("One day", "单个日期"));
    desk.begin_form(&mut page.html, &path, "");
    day_form(lang).draw(&mut page.html, desk, &both.day);
    draw::send(&mut page.html, lang.of("Add it", "添加"));
    page.html.close();
    page.html.close();
    draw::panel(&mut page.html, "year-file", lang.of("A year of holidays", "全年节假日"));
    let open = [
        ("type", "file"),
        ("data-into", "file"),
        ("hidden", ""),
        ("data-scripted", ""),
        ("aria-label", lang.of("Take it from a file", "从文件读取")),
        ("accept", ".json,.csv"),
    ];
    desk.begin_form(&mut page.html, &path, "");
    file_form(lang).draw(&mut page.html, desk, &both.file);
    page.html.void("input", &open);
    draw::send(&mut page.html, lang.of("Load", "导入"));
    page.html.close();
    page.html.close();
    Ok(page.answer(status))
}
