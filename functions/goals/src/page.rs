//! The board of goals as a page.

use app::period::Period;
use board::tell::{at, change, interval, items, number, plain, signed, text};
use board::{Board, Cell, Figure, Opened, Page, Signed, Table};
use domain::goal::Area;
use pages::chart;
use pages::html::Html;
use ports::Env;
use serde_json::Value;
use web::lang::Lang;
use web::{Problem, Request, Response};

use crate::answers::Asked;

pub(crate) async fn show(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let opened = match board::open(env, request).await? {
        Signed::In(opened) => opened,
        Signed::Out(answer) => return Ok(answer),
    };
    let filters = &opened.filters;
    let asked = Asked {
        period: Period { from: filters.from, to: filters.to },
        compare: filters.compare,
        site: filters.site.clone(),
    };
    let goals = crate::told(env, request, opened.lang, (&asked, &opened.site.zone)).await;
    draw(&opened, &goals).answer(request)
}

/// An area's anchor.
const fn anchor(area: Area) -> &'static str {
    match area {
        Area::Satisfaction => "goals-satisfaction",
        Area::Loyalty => "goals-loyalty",
        Area::Complaints => "goals-complaints",
        Area::Service => "goals-service",
        Area::Calls => "goals-calls",
        Area::Coverage => "goals-coverage",
    }
}

fn draw<'a>(opened: &'a Opened, goals: &'a Value) -> Board<'a> {
    let lang = opened.lang;
    let mut board = Board::new(opened, Page::Goals, lang.of("Goals", "指标"), &[]);
    let all = items(goals, "/items");
    board.say(summary(all, lang));
    for area in Area::ALL {
        let (en, zh) = area.label();
        board.heading(anchor(area), lang.of(en, zh));
        board.draw(move |html| {
            let own = all.iter().filter(|it| text(it, "/area") == area.name());
            list(html, own, lang);
        });
    }
    board.files(figure(all, lang));
    board
}

/// How it stands, in a sentence.
fn summary(all: &[Value], lang: Lang) -> String {
    let count = |wanted: State| all.iter().filter(|it| State::of(it) == wanted).count();
    let (met, missed) = (count(State::Met), count(State::Missed));
    let (open, unknown) = (count(State::Open), count(State::Unknown));
    match lang {
        Lang::En => format!(
            "{met} met, {missed} not met, {open} without a target to hold against, {unknown} \
             without data."
        ),
        Lang::Zh => format!(
            "{met} 项达标，{missed} 项未达标，{open} 项没有可对照的目标，{unknown} 项暂无数据。"
        ),
    }
}

/// How a goal stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Met,
    Missed,
    /// There is a figure, and nothing to hold it against.
    Open,
    Unknown,
}

impl State {
    fn of(it: &Value) -> State {
        match (number(it, "/value"), at(it, "/met").as_bool()) {
            (None, _) => State::Unknown,
            (_, Some(true)) => State::Met,
            (_, Some(false)) => State::Missed,
            (_, None) => State::Open,
        }
    }

    /// In a sign and in words.
    const fn words(self, lang: Lang) -> &'static str {
        match self {
            State::Met => lang.of("✓ met", "✓ 达标"),
            State::Missed => lang.of("✗ not met", "✗ 未达标"),
            State::Open => lang.of("· no target", "· 暂无目标"),
            State::Unknown => lang.of("○ no data", "○ 暂无数据"),
        }
    }

    const fn class(self) -> &'static str {
        match self {
            State::Met => "aim met",
            State::Missed => "aim missed",
            State::Open | State::Unknown => "aim",
        }
    }
}

/// A number with its unit.
fn told(number: f64, unit: &str, lang: Lang) -> String {
    let plain = plain(number);
    match unit {
        "percent" => format!("{plain}%"),
        "of_5" => format!("{plain} / 5"),
        "of_7" => format!("{plain} / 7"),
        "minutes" => format!("{plain} {}", lang.of("min", "分钟")),
        "hours" => format!("{plain} {}", lang.of("h", "小时")),
        _ => plain,
    }
}

fn value(it: &Value, lang: Lang) -> String {
    number(it, "/value").map_or_else(String::new, |value| told(value, text(it, "/unit"), lang))
}

fn target(it: &Value, lang: Lang) -> String {
    let sign = if text(it, "/direction") == "at_most" { '≤' } else { '≥' };
    let target = number(it, "/target");
    target.map_or_else(String::new, |it_is| {
        format!("{sign} {}", told(it_is, text(it, "/unit"), lang))
    })
}

fn gap(it: &Value) -> String {
    number(it, "/gap").map_or_else(String::new, signed)
}

/// Out of how many, and between what it surely lies.
fn sureness(it: &Value, lang: Lang) -> String {
    let mut parts = Vec::with_capacity(2);
    let interval = interval(at(it, "/interval"));
    if !interval.is_empty() {
        parts.push(format!("{}{interval}", lang.of("surely ", "区间 ")));
    }
    if let (Some(_), Some(n)) = (number(it, "/value"), number(it, "/n")) {
        parts.push(format!("n {}", plain(n)));
    }
    parts.join(" · ")
}

/// How it changed, and since when.
fn changed(it: &Value, lang: Lang) -> String {
    let change = change(at(it, "/change"), lang);
    let since = match text(it, "/against") {
        _ if change.is_empty() => return change,
        "year" => lang.of("against a year before: ", "较去年同期："),
        _ => lang.of("against the period before: ", "较上一期："),
    };
    format!("{since}{change}")
}

fn list<'a>(html: &mut Html, all: impl Iterator<Item = &'a Value>, lang: Lang) {
    html.open("ul", &[("class", "aims")]);
    for it in all {
        aim(html, it, lang);
    }
    html.close();
}

const fn heads(lang: Lang) -> [&'static str; 8] {
    [
        lang.of("Goal", "指标"),
        lang.of("Figure", "当前值"),
        lang.of("Target", "目标"),
        lang.of("Gap", "差距"),
        lang.of("State", "状态"),
        lang.of("How sure", "区间与样本"),
        lang.of("Formula", "计算公式"),
        lang.of("Note", "说明"),
    ]
}

fn aim(html: &mut Html, it: &Value, lang: Lang) {
    let state = State::of(it);
    html.open("li", &[("class", state.class())]);
    html.open("div", &[("class", "what")]);
    html.put("h3", &[], text(it, "/label"));
    html.open("details", &[]);
    html.put("summary", &[], lang.of("Formula", "计算公式"));
    html.put("p", &[], text(it, "/formula"));
    html.close();
    html.close();
    html.open("div", &[]);
    let shown = value(it, lang);
    let dash = if shown.is_empty() { "\u{2013}" } else { &shown };
    html.put("p", &[("class", "value")], dash);
    for text in [sureness(it, lang), changed(it, lang)] {
        if !text.is_empty() {
            html.put("p", &[("class", "sure")], &text);
        }
    }
    html.close();
    html.open("div", &[]);
    html.put("p", &[("class", "state-word")], state.words(lang));
    for (label, text) in
        [(lang.of("Target ", "目标 "), target(it, lang)), (lang.of("Gap ", "差距 "), gap(it))]
    {
        if !text.is_empty() {
            html.put("p", &[], &format!("{label}{text}"));
        }
    }
    html.close();
    html.open("div", &[("class", "course-of")]);
    let course: Vec<Option<f64>> =
        items(it, "/trend").iter().map(|it| number(it, "/value")).collect();
    chart::spark(html, &course);
    html.close();
    let connect = lang.of("To connect: ", "如何接入：");
    for (label, text) in [("", text(it, "/note")), (connect, text(it, "/connect"))] {
        if !text.is_empty() {
            html.put("p", &[("class", "note")], &format!("{label}{text}"));
        }
    }
    html.close();
}

/// All of them as one table, for files.
fn figure(all: &[Value], lang: Lang) -> Figure {
    let columns = heads(lang).map(str::to_owned).to_vec();
    let row = |it: &Value| {
        let number_cell = |pointer: &str, text: String| match number(it, pointer) {
            Some(number) => Cell::number(number, text),
            None => Cell::text(text),
        };
        let note = [text(it, "/note"), text(it, "/connect")].join(" ");
        vec![
            Cell::text(text(it, "/label")),
            number_cell("/value", value(it, lang)),
            number_cell("/target", target(it, lang)),
            number_cell("/gap", gap(it)),
            Cell::text(State::of(it).words(lang)),
            Cell::text(sureness(it, lang)),
            Cell::text(text(it, "/formula")),
            Cell::text(note.trim()),
        ]
    };
    Figure {
        id: "goals",
        title: lang.of("Every goal", "全部指标").to_owned(),
        summary: summary(all, lang),
        table: Table { columns, rows: all.iter().map(row).collect() },
        ..Figure::default()
    }
}
