//! Figures from what the API tells of scores: their course, how answers spread, one beside another.

use board::{Cell, Figure, Opened, Table, tell};
use domain::civil;
use pages::chart::{Bar, Bars, Chart, Line, Mood, Point, Trend};
use serde_json::Value;
use web::lang::Lang;

use crate::tiles::{Metric, no_answers};
use crate::words::{self, many, none, with};

/// The longest period whose course is told day by day; of a longer one it is by week.
pub(crate) const DAYS_MAX: i32 = 45;
/// Most bars of one chart; its table has all of them.
const BARS_MAX: usize = 24;
/// The confidence that charts are drawn with is the API's usual one.
static NOTHING: Value = Value::Null;

/// Goes through the days of the page, with what is told of each; null for nothing.
pub(crate) fn by_day<'a>(
    trend: &'a [Value],
    opened: &Opened,
    mut each: impl FnMut(i32, &'a Value),
) {
    let mut told = trend.iter().peekable();
    for day in opened.filters.from..=opened.filters.to {
        let of = |it: &&Value| civil::parse_date(tell::text(it, "/day")).unwrap_or(i32::MIN);
        while told.peek().is_some_and(|it| of(it) < day) {
            told.next();
        }
        each(day, told.next_if(|it| of(it) == day).unwrap_or(&NOTHING));
    }
}

/// Whether courses are told by week.
pub(crate) fn is_long(opened: &Opened) -> bool {
    DAYS_MAX <= opened.filters.to - opened.filters.from
}

/// The value and the interval of a figure, if it has any.
pub(crate) fn point(told: &Value) -> Option<Point> {
    let value = tell::number(told, "/value")?;
    let ends = (tell::number(told, "/interval/0"), tell::number(told, "/interval/1"));
    let interval = if let (Some(low), Some(high)) = ends { Some((low, high)) } else { None };
    Some(Point { value, interval })
}

/// The course of a score. `told` is the score; `weeks` its parts, where it is told by week.
pub(crate) fn trend(
    id: &'static str,
    metric: &Metric,
    told: &Value,
    weeks: Option<&Value>,
    opened: &Opened,
) -> Figure {
    let lang = opened.lang;
    let title = course_title(metric, lang);
    if let Some(why) = why_none(metric, told, lang) {
        return none(id, &title, why);
    }
    let mut labels = Vec::new();
    let mut points = Vec::new();
    let mut rows = Vec::new();
    let mut add = |label: String, name: String, told: &Value| {
        labels.push(label);
        points.push(point(told));
        rows.push(row(name, told, metric.unit, lang));
    };
    if let Some(weeks) = weeks {
        for it in tell::items(weeks, "/parts") {
            let from = tell::text(it, "/from");
            let name = format!("{} ({from})", tell::text(it, "/key"));
            add(short(from), name, it);
        }
    } else {
        let days = tell::items(told, "/trend");
        by_day(days, opened, |day, it| add(short(&civil::date(day)), civil::date(day), it));
    }
    if points.iter().all(Option::is_none) {
        let why = match tell::at(told, "/trend").is_null() && weeks.is_none() {
            true => words::not_kept(lang),
            false => lang.of(
                "Too few answers on any one day to draw a course: choose more days.",
                "每天的回答都太少，无法绘制走势，请选择更长的时间段。",
            ),
        };
        return none(id, &title, why);
    }
    let mut lines = Vec::new();
    let before = tell::number(told, "/compared/value");
    let name = metric.title.text(lang).to_owned();
    lines.push(Line { name, points, is_faint: false });
    if let Some(value) = before {
        let point = Some(Point { value, interval: None });
        let points = vec![point; labels.len()];
        let name = match opened.filters.compare {
            "year" => lang.of("A year before, as a whole", "去年同期整体"),
            _ => lang.of("The period before, as a whole", "上一期整体"),
        };
        let name = name.to_owned();
        lines.push(Line { name, points, is_faint: true });
    }
    let target = tell::number(told, "/target");
    let chart = Chart::Trend(Trend { labels, lines, target, range: None });
    let summary = sentence(metric, told, lang);
    let first = if weeks.is_some() { lang.of("Week", "周") } else { lang.of("Day", "日期") };
    let table = Table { columns: columns(first, metric, lang), rows };
    Figure { id, title, summary, chart, table, empty: String::new() }
}

fn course_title(metric: &Metric, lang: Lang) -> String {
    let name = metric.title.text(lang);
    match lang {
        Lang::En => format!("{name} over time"),
        Lang::Zh => format!("{name}走势"),
    }
}

/// Why a score has no value; `None` if it has one.
fn why_none(metric: &Metric, told: &Value, lang: Lang) -> Option<String> {
    if told.is_null() {
        return Some(words::not_kept(lang).to_owned());
    }
    match tell::count(told, "/n") {
        None | Some(0) => Some(no_answers(metric, lang)),
        _ if tell::number(told, "/value").is_none() => Some(tell::caution(told, lang).to_owned()),
        _ => None,
    }
}

/// `11-21` of `2026-11-21`.
fn short(date: &str) -> String {
    date.get(5..).unwrap_or(date).to_owned()
}

/// A table with these columns.
pub(crate) fn table(columns: &[&str], rows: Vec<Vec<Cell>>) -> Table {
    Table { columns: columns.iter().map(|it| (*it).to_owned()).collect(), rows }
}

fn columns(first: &str, metric: &Metric, lang: Lang) -> Vec<String> {
    let name = metric.title.text(lang);
    [first, name, lang.of("Interval", "区间"), "n"].map(str::to_owned).to_vec()
}

/// A row of a table: name, value, interval, n.
fn row(name: String, told: &Value, unit: &str, lang: Lang) -> Vec<Cell> {
    vec![
        Cell::text(name),
        number(told, unit, lang),
        Cell::text(tell::interval(tell::at(told, "/interval"))),
        count(told, "/n"),
    ]
}

/// The value of a figure in a table, or why there is none.
pub(crate) fn number(told: &Value, unit: &str, lang: Lang) -> Cell {
    match tell::number(told, "/value") {
        Some(value) => Cell::number(value, with(value, unit)),
        None if tell::at(told, "/suppressed").as_bool() == Some(true)
            && tell::count(told, "/n") != Some(0) =>
        {
            Cell::text(lang.of("withheld", "不予显示"))
        }
        None => Cell::text("\u{2013}"),
    }
}

/// A count in a table.
pub(crate) fn count(told: &Value, pointer: &str) -> Cell {
    match tell::number(told, pointer) {
        Some(it) => Cell::number(it, tell::plain(it)),
        None => Cell::text("\u{2013}"),
    }
}

/// How a score is, in a sentence.
pub(crate) fn sentence(metric: &Metric, told: &Value, lang: Lang) -> String {
    let Some(value) = tell::number(told, "/value") else {
        return tell::caution(told, lang).to_owned();
    };
    let (name, means) = (metric.title.text(lang), metric.means.text(lang));
    let value = with(value, metric.unit);
    let interval = tell::interval(tell::at(told, "/interval"));
    let n = many(told, "/n");
    let mut text = match lang {
        Lang::En => format!("{name} ({means}): {value}, surely {interval}, of {n} answers."),
        Lang::Zh => format!("{name}（{means}）：{value}，区间 {interval}，共 {n} 条回答。"),
    };
    let change = tell::change(tell::at(told, "/compared/difference"), lang);
    if !change.is_empty() {
        text.push_str(&match lang {
            Lang::En => format!(" Change: {change}."),
            Lang::Zh => format!("变化：{change}。"),
        });
    }
    let caution = tell::caution(told, lang);
    if !caution.is_empty() {
        text.push_str(if lang == Lang::En { " " } else { "" });
        text.push_str(caution);
    }
    text
}

/// How often each answer was given.
pub(crate) fn spread(id: &'static str, metric: &Metric, told: &Value, opened: &Opened) -> Figure {
    let lang = opened.lang;
    let name = metric.title.text(lang);
    let title = match lang {
        Lang::En => format!("{name}: which answers were given"),
        Lang::Zh => format!("{name}回答分布"),
    };
    if let Some(why) = why_none(metric, told, lang) {
        return none(id, &title, why);
    }
    let Some(given) = tell::at(told, "/distribution").as_object() else {
        return none(id, &title, words::not_kept(lang));
    };
    let mut bars = Vec::new();
    let mut rows = Vec::new();
    for answer in 0..=10_u8 {
        let key = answer.to_string();
        let Some(n) = given.get(&key).and_then(Value::as_f64) else { continue };
        let (mood, side) = side(metric, answer, lang);
        rows.push(vec![
            Cell::text(key.as_str()),
            Cell::text(side),
            Cell::number(n, tell::plain(n)),
        ]);
        bars.push(Bar {
            name: key,
            point: Some(Point { value: n, interval: None }),
            text: tell::plain(n),
            mood,
            ..Bar::default()
        });
    }
    let columns = [lang.of("Answer", "回答"), lang.of("Says", "含义"), lang.of("Times", "次数")];
    let table = table(&columns, rows);
    let summary = sides(metric, told, lang);
    Figure { id, title, summary, chart: Chart::Spread(bars), table, empty: String::new() }
}

/// What an answer says.
fn side(metric: &Metric, answer: u8, lang: Lang) -> (Mood, &'static str) {
    match (metric.name, answer) {
        ("nps", 9..) => (Mood::Good, lang.of("promoter", "推荐者")),
        ("nps", 7 | 8) => (Mood::Plain, lang.of("passive", "中立者")),
        ("nps", _) => (Mood::Bad, lang.of("detractor", "贬损者")),
        ("csat", 4..) => (Mood::Good, lang.of("satisfied", "满意")),
        ("csat", 3) => (Mood::Plain, lang.of("neither", "一般")),
        ("csat", _) => (Mood::Bad, lang.of("dissatisfied", "不满意")),
        (_, 5..) => (Mood::Good, lang.of("easy", "轻松")),
        (_, 4) => (Mood::Plain, lang.of("neither", "一般")),
        _ => (Mood::Bad, lang.of("hard", "费力")),
    }
}

/// The shares that the API tells beside a score.
fn sides(metric: &Metric, told: &Value, lang: Lang) -> String {
    let parts: &[(&str, &str, &str)] = match metric.name {
        "nps" => &[
            ("promoters", "Promoters (9 and 10)", "推荐者（9、10）"),
            ("passives", "passives (7 and 8)", "中立者（7、8）"),
            ("detractors", "detractors (0 to 6)", "贬损者（0–6）"),
        ],
        "csat" => &[("very_satisfied", "Very satisfied", "非常满意")],
        _ => &[],
    };
    let mut text = String::new();
    for (name, en, zh) in parts {
        let share = tell::at(told, &format!("/{name}"));
        let Some(value) = tell::number(share, "/value") else { continue };
        if !text.is_empty() {
            text.push_str(lang.of(", ", "，"));
        }
        let interval = tell::interval(tell::at(share, "/interval"));
        text.push_str(lang.of(en, zh));
        text.push_str(&format!(" {} ({interval})", with(value, "%")));
    }
    if text.is_empty() {
        return sentence(metric, told, lang);
    }
    format!("{text}{}", lang.of(".", "。"))
}

/// One thing among others.
pub(crate) struct Item<'a> {
    /// What it is called.
    pub name: String,
    /// The page about it; empty for none.
    pub href: String,
    /// Its score.
    pub told: &'a Value,
    /// Further scores for the table.
    pub more: Vec<Cell>,
}

/// Scores of things beside each other, the first uppermost.
pub(crate) fn bars(
    (id, title): (&'static str, &str),
    metric: &Metric,
    first: &str,
    more: &[&str],
    items: Vec<Item<'_>>,
    opened: &Opened,
) -> Figure {
    let lang = opened.lang;
    let mut bars = Vec::new();
    let mut rows = Vec::new();
    for it in items {
        let mut cells = row(it.name.clone(), it.told, metric.unit, lang);
        if let Some(cell) = cells.first_mut() {
            cell.href.clone_from(&it.href);
        }
        cells.push(target(it.told, metric.unit));
        cells.push(Cell::text(met(it.told, lang)));
        cells.push(Cell::text(tell::change(tell::at(it.told, "/compared/difference"), lang)));
        cells.extend(it.more);
        rows.push(cells);
        if bars.len() < BARS_MAX && tell::count(it.told, "/n").is_some_and(|n| 0 < n) {
            bars.push(bar(it.name, it.href, it.told, metric, lang));
        }
    }
    if bars.is_empty() {
        return none(id, title, words::no_answers(lang));
    }
    let mut columns = columns(first, metric, lang);
    let further =
        [lang.of("Target", "目标"), lang.of("Reached", "达标"), lang.of("Change", "变化")];
    columns.extend(further.iter().chain(more).map(|it| (*it).to_owned()));
    let summary = reached(&rows, metric, lang);
    let chart = Chart::Bars(Bars { bars, range: Some(metric.range) });
    let table = Table { columns, rows };
    Figure { id, title: title.to_owned(), summary, chart, table, empty: String::new() }
}

fn bar(name: String, href: String, told: &Value, metric: &Metric, lang: Lang) -> Bar {
    let n = many(told, "/n");
    let mood = match tell::at(told, "/met").as_bool() {
        Some(true) => Mood::Good,
        Some(false) => Mood::Bad,
        None if tell::number(told, "/value").is_none() => Mood::Faint,
        None => Mood::Plain,
    };
    let text = format!("{} (n {n})", number(told, metric.unit, lang).text);
    Bar { name, href, point: point(told), text, target: tell::number(told, "/target"), mood }
}

fn target(told: &Value, unit: &str) -> Cell {
    tell::number(told, "/target").map_or_else(Cell::default, |it| Cell::number(it, with(it, unit)))
}

fn met(told: &Value, lang: Lang) -> &'static str {
    match tell::at(told, "/met").as_bool() {
        Some(true) => lang.of("yes", "是"),
        Some(false) => lang.of("no", "否"),
        None => "",
    }
}

/// Which rows lie under their target, in a sentence.
fn reached(rows: &[Vec<Cell>], metric: &Metric, lang: Lang) -> String {
    let is = |row: &&Vec<Cell>, text: &str| row.get(5).is_some_and(|it| it.text == text);
    let no = lang.of("no", "否");
    let under: Vec<&str> = rows
        .iter()
        .filter(|it| is(it, no))
        .filter_map(|it| it.first())
        .map(|it| it.text.as_str())
        .collect();
    let known = rows.iter().filter(|it| is(it, no) || is(it, lang.of("yes", "是"))).count();
    let means = metric.means.text(lang);
    match (known, under.is_empty(), lang) {
        (0, _, Lang::En) => format!("{}: {means}.", metric.title.text(lang)),
        (0, _, Lang::Zh) => format!("{}：{means}。", metric.title.text(lang)),
        (_, true, _) => lang.of("All reach their target.", "全部达标。").to_owned(),
        (_, _, Lang::En) => {
            format!("{} of {known} under target: {}.", under.len(), under.join(", "))
        }
        (_, _, Lang::Zh) => {
            format!("{known} 个中有 {} 个未达标：{}。", under.len(), under.join("、"))
        }
    }
}
