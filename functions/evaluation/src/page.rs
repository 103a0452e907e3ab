//! `/dashboard/reports`: the reports that there are, and the form that makes a special one.

use app::auth::{self, Staff};
use app::hosted::form::{self, Pairs};
use app::hosted::visit::value;
use app::write::write;
use board::{Board, Cell, Figure, Opened, Page, Signed, Table};
use domain::report::{self, Kind};
use domain::role::Role;
use http::StatusCode;
use http::header::{CACHE_CONTROL, ETAG, LOCATION};
use pages::html::{Html, when};
use pages::{Field, field};
use ports::{Env, Sql};
use serde_json::{Map, Value};
use store::Entity;
use store::departments::Department;
use store::reports::{self, Filter, Report};
use web::field::Fields;
use web::lang::Lang;
use web::problem::Place;
use web::response::set;
use web::{Kind as Fault, Problem, Request, Response};

use crate::api;
use crate::tell;

/// Reports of one page, and the most departments that can be chosen from.
const ROWS: i64 = 50;
const DEPARTMENTS_MAX: i64 = 200;
/// The fields of the form.
const NAMES: [&str; 4] = ["name", "from", "to", "department_id"];

/// What was sent and is shown again, and what was wrong with it.
#[derive(Default)]
struct Sent {
    pairs: Pairs,
    wrong: Vec<(String, String)>,
}

/// All of them.
pub(crate) async fn show(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    match board::open(env, request).await? {
        Signed::In(opened) => draw(env, request, &opened, Sent::default()).await,
        Signed::Out(answer) => Ok(answer),
    }
}

/// Takes the form.
pub(crate) async fn take(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    if request.media_type().as_deref() != Some("application/x-www-form-urlencoded") {
        return Err(Problem::new(Fault::UnsupportedMediaType));
    }
    let opened = match board::open(env, request).await? {
        Signed::In(opened) => opened,
        Signed::Out(answer) => return Ok(answer),
    };
    let pairs = form::read(request.body()?);
    let problem = match made(env, request, &opened, &pairs).await {
        Ok(answer) => return Ok(answer),
        Err(problem) => problem,
    };
    let mut wrong = Vec::new();
    for it in &problem.mistakes {
        if let Place::Pointer(pointer) = &it.place {
            let name = pointer.trim_start_matches('/').to_owned();
            wrong.push((name, it.detail.text(opened.lang).to_owned()));
        }
    }
    if problem.kind == Fault::Conflict {
        let detail = problem.detail.as_ref().map_or("", |it| it.text(opened.lang));
        wrong.push(("name".to_owned(), detail.to_owned()));
    }
    if wrong.is_empty() {
        return board::told(opened.lang, problem);
    }
    let mut answer = draw(env, request, &opened, Sent { pairs, wrong }).await?;
    *answer.status_mut() = problem.kind.status();
    answer.headers_mut().remove(ETAG);
    set(&mut answer, CACHE_CONTROL, "no-store");
    Ok(answer)
}

/// Makes the report and leads to it.
async fn made(
    env: &impl Env,
    request: &Request,
    opened: &Opened,
    pairs: &Pairs,
) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    app::csrf::check(env, request, value(pairs, app::csrf::FIELD)).await?;
    let mut members = Map::new();
    for name in NAMES {
        members.insert(name.to_owned(), Value::from(value(pairs, name).trim()));
    }
    write(env, request, &manager, async || {
        let (it, mut change) = api::special(env, &manager, Fields::new(members)).await?;
        *change.answer.status_mut() = StatusCode::SEE_OTHER;
        set(&mut change.answer, LOCATION, &opened.href(&path(&it)));
        Ok(change)
    })
    .await
}

fn path(it: &Report) -> String {
    format!("/reports/{}", it.id)
}

async fn draw(
    env: &impl Env,
    request: &Request,
    opened: &Opened,
    sent: Sent,
) -> Result<Response, Problem> {
    let lang = opened.lang;
    let staff: &Staff = &opened.viewer;
    let departments = store::Page { after: String::new(), rows: DEPARTMENTS_MAX };
    let departments = env.sql().fetch(Department::list(&staff.site_id, &departments)).await?;
    let given = |name: &str| request.param(name).unwrap_or("");
    let kind = Kind::parse(given("kind")).map_or("", Kind::name);
    // Whatever is no department of the site finds nothing.
    let department_id = given("department_id");
    let page = store::Page { after: given("after").to_owned(), rows: ROWS + 1 };
    let found = reports::list(&staff.site_id, Filter { kind, department_id }, &page);
    let mut found = env.sql().fetch(found).await?;
    let shown = usize::try_from(ROWS).unwrap_or(0);
    let is_more = shown < found.len();
    found.truncate(shown);
    let more = match found.last().filter(|_| is_more) {
        Some(it) => {
            let department = form_urlencoded(department_id);
            format!("&kind={kind}&department_id={department}&after={}", it.id)
        }
        None => String::new(),
    };
    let title = Page::Reports.name();
    let about = lang.of(
        "Made in the night after each week, month, quarter and half-year, and kept as they were. \
         Each department has a weekly one of its own.",
        "每周、每月、每季度和每半年结束后的夜间自动生成，并原样保存。每个部门另有自己的周报。",
    );
    let mut board = Board::plain(opened, Page::Reports, title.text(lang), vec![about.to_owned()]);
    board.heading("kept", lang.of("Reports that were made", "已生成的报告"));
    if opened.pass.is_none() {
        let departments = &departments;
        board.draw(move |html| choose(html, opened, departments, kind, department_id));
    }
    board.figure(list(opened, &found, kind.is_empty() && department_id.is_empty()));
    if is_more && opened.pass.is_none() {
        let href = format!("{}{more}", opened.href(Page::Reports.path()));
        board.draw(move |html| {
            html.put("a", &[("href", &href)], lang.of("Earlier ones", "更早的报告"));
        });
    }
    if Role::Manager <= opened.role {
        board.heading("special", lang.of("Make a special report", "生成专项报告"));
        board.draw(|html| special(html, opened, &departments, &sent));
    }
    board.answer(request)
}

/// A key as it stands in an address: ids alone are more than letters, digits and lines.
fn form_urlencoded(text: &str) -> String {
    text.chars().filter(|it| it.is_ascii_alphanumeric() || ['_', '-'].contains(it)).collect()
}

fn list(opened: &Opened, found: &[Report], is_all: bool) -> Figure {
    let lang = opened.lang;
    let columns = [
        lang.of("Report", "报告"),
        lang.of("Days", "日期"),
        lang.of("Department", "部门"),
        lang.of("Made at", "生成时间"),
    ];
    let row = |it: &Report| {
        let made = pages::time::moment(lang, opened.zone, it.made_at, opened.now);
        let department = match it.department.as_str() {
            "" => lang.of("Whole site", "全站"),
            name => name,
        };
        vec![
            Cell::link(tell::title(it, "", lang), opened.href(&path(it))),
            Cell::text(tell::span(tell::days(it))),
            Cell::text(department),
            Cell::text(made),
        ]
    };
    let n = found.len();
    let summary = match lang {
        Lang::En => format!("{n} shown, the newest first."),
        Lang::Zh => format!("显示 {n} 份，最新的在前。"),
    };
    let empty = match (found.is_empty(), is_all) {
        (false, _) => String::new(),
        (true, false) => lang.of("There is none of these yet.", "暂无此类报告。").to_owned(),
        (true, true) => first(opened),
    };
    Figure {
        id: "reports",
        title: lang.of("The newest first", "最新的在前").to_owned(),
        summary,
        empty,
        table: Table {
            columns: columns.map(str::to_owned).to_vec(),
            rows: found.iter().map(row).collect(),
        },
        ..Figure::default()
    }
}

/// When the first one comes.
fn first(opened: &Opened) -> String {
    let lang = opened.lang;
    let today = opened.zone.day(opened.now);
    let (weekday, date) = pages::time::day(lang, report::next_week(today), today);
    match lang {
        Lang::En => format!(
            "There is none yet. The first one comes in the night to {weekday} {date}, about \
             the week that ends then."
        ),
        Lang::Zh => {
            format!("暂无报告。第一份周报将在{date}（{weekday}）凌晨生成，内容为届时结束的一周。")
        }
    }
}

/// The form that chooses which are listed.
fn choose(
    html: &mut Html,
    opened: &Opened,
    departments: &[Department],
    kind: &str,
    department: &str,
) {
    let lang = opened.lang;
    html.open("form", &[("method", "get"), ("class", "filters")]);
    html.void("input", &[("type", "hidden"), ("name", "lang"), ("value", lang.tag())]);
    if !opened.filters.site.is_empty() {
        let site = opened.filters.site.as_str();
        html.void("input", &[("type", "hidden"), ("name", "site"), ("value", site)]);
    }
    let mut kinds = vec![("", lang.of("All", "全部"))];
    kinds.extend(Kind::ALL.map(|it| (it.name(), tell::kind_word(it, lang))));
    select(html, "kind", lang.of("Kind", "类型"), &kinds, kind);
    let mut all = vec![("", lang.of("All", "全部")), ("-", lang.of("Whole site", "全站"))];
    all.extend(departments.iter().map(|it| (it.id.as_str(), it.name.as_str())));
    select(html, "department_id", lang.of("Department", "部门"), &all, department);
    html.put("button", &[], lang.of("Show", "查看"));
    html.close();
}

fn select(html: &mut Html, name: &str, label: &str, options: &[(&str, &str)], chosen: &str) {
    html.open("label", &[]);
    html.text(label);
    html.open("select", &[("name", name)]);
    for (value, text) in options {
        let selected = when(*value == chosen, "selected");
        html.put("option", &[("value", value), (selected, "")], text);
    }
    html.close();
    html.close();
}

/// The form that makes a special report.
fn special(html: &mut Html, opened: &Opened, departments: &[Department], sent: &Sent) {
    let lang = opened.lang;
    let wrong =
        |name: &str| sent.wrong.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str());
    html.open("div", &[("class", "card")]);
    let notes: Vec<(&str, &str)> = sent.wrong.iter().map(|it| (&*it.0, &*it.1)).collect();
    if !notes.is_empty() {
        pages::notes(html, lang.of("Please check what is marked", "请检查标出的内容"), &notes);
    }
    let action = opened.href(Page::Reports.path());
    html.open("form", &[("method", "post"), ("action", &action)]);
    let csrf = opened.csrf.as_str();
    html.void("input", &[("type", "hidden"), ("name", app::csrf::FIELD), ("value", csrf)]);
    for (name, label, hint, kind) in [
        (
            "name",
            lang.of("Name", "名称"),
            lang.of("What it is about: the spring sale", "主题，例如：春季大促评估"),
            "text",
        ),
        ("from", lang.of("First day", "起始日期"), "", "date"),
        (
            "to",
            lang.of("Last day", "结束日期"),
            lang.of("Today at the latest, and within two years", "最晚为今天，跨度不超过两年"),
            "date",
        ),
    ] {
        let it = Field {
            name,
            label,
            hint,
            value: value(&sent.pairs, name),
            wrong: wrong(name),
            kind,
            autocomplete: "off",
            is_needed: true,
            ..Field::default()
        };
        field(html, &it);
    }
    let mut all = vec![("", lang.of("Whole site", "全站"))];
    all.extend(departments.iter().map(|it| (it.id.as_str(), it.name.as_str())));
    let own_wrong = wrong("department_id");
    let class = if own_wrong.is_empty() { "field" } else { "field bad" };
    // What is wrong leads here.
    html.open("div", &[("class", class), ("id", "department_id")]);
    if !own_wrong.is_empty() {
        html.put("p", &[("class", "error")], own_wrong);
    }
    let chosen = value(&sent.pairs, "department_id");
    select(html, "department_id", lang.of("About", "范围"), &all, chosen);
    html.close();
    html.put("button", &[], lang.of("Make it", "生成报告"));
    html.close();
    html.close();
}
