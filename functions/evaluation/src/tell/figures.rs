//! Scores, their course, touchpoints, what is lowest, and what customers say.

use board::tell::{at, caution, change, count, interval, items, number, plain, text};
use board::{Cell, Figure, Table};
use pages::chart::{Bar, Bars, Chart, Line as Course, Mood, Point, Term, Trend};
use serde_json::Value;
use web::lang::Lang;

use super::line::Line;
use super::{Part, Reader};

/// Most words of a cloud.
const WORDS_MAX: usize = 20;

/// The numbers that stand alone, and the same beside those of other days.
pub(crate) fn scores(reader: &mut Reader<'_>) {
    let lang = reader.lang;
    if reader.is_department {
        reader.heading("voice", "The customers' voice, of the whole site", "全站客户之声");
    } else {
        reader.heading("figures", "Figures", "主要指标");
    }
    let mut lines = reader.scores();
    let mut tiles: Vec<board::Tile> = lines.iter().map(|it| it.tile(lang)).collect();
    if !reader.is_department {
        tiles.push(reader.received());
        let rates = reader.rates();
        let promises = rates.iter().filter(|it| it.id.ends_with("on_time"));
        tiles.extend(promises.map(|it| it.tile(lang)));
        let calls = reader.calls();
        tiles.extend(calls.iter().map(|it| it.tile(lang)));
        lines.extend(calls);
    }
    reader.parts.push(Part::Tiles(tiles));
    let figure = comparison(&lines, "comparison", lang);
    reader.figure(figure);
}

/// Figures beside those of the period before and of a year before.
pub(crate) fn comparison(lines: &[Line<'_>], id: &'static str, lang: Lang) -> Figure {
    let columns = [
        lang.of("Figure", "指标"),
        lang.of("Now", "本期"),
        lang.of("Period before", "上一期"),
        lang.of("Change", "变化"),
        lang.of("A year before", "去年同期"),
        lang.of("Change", "变化"),
    ];
    let row = |it: &Line<'_>| {
        let cell = |text: String| {
            if text.is_empty() { Cell::text("\u{2013}") } else { Cell::text(text) }
        };
        vec![
            Cell::text(it.name(lang)),
            match number(it.now, "/value") {
                Some(value) => Cell::number(value, it.value()),
                None => cell(String::new()),
            },
            cell(it.then(it.before)),
            cell(change(it.before.difference, lang)),
            cell(it.then(it.year)),
            cell(change(it.year.difference, lang)),
        ]
    };
    Figure {
        id,
        title: lang.of("Now and then", "与过去对比").to_owned(),
        summary: lang
            .of(
                "A change that may be chance is none to act upon.",
                "“可能是偶然”的变化不足以作为行动依据。",
            )
            .to_owned(),
        table: Table {
            columns: columns.map(str::to_owned).to_vec(),
            rows: lines.iter().map(row).collect(),
        },
        ..Figure::default()
    }
}

/// How the scores and the complaints went, step by step.
pub(crate) fn course(reader: &mut Reader<'_>) {
    let lang = reader.lang;
    reader.heading("course", "Course", "走势");
    let of = [
        ("course_csat", "/course/csat", lang.of("CSAT", "CSAT")),
        ("course_nps", "/course/nps", "NPS"),
        ("course_complaints", "/course/complaints", lang.of("Complaints received", "收到的投诉")),
    ];
    for (id, pointer, name) in of {
        let figure = trend(items(reader.body, pointer), id, name, lang);
        reader.figure(figure);
    }
}

fn trend(parts: &[Value], id: &'static str, name: &str, lang: Lang) -> Figure {
    let is_count = id == "course_complaints";
    let value = if is_count { "/received" } else { "/value" };
    let point = |it: &Value| {
        let interval = number(it, "/interval/0").zip(number(it, "/interval/1"));
        number(it, value).map(|value| Point { value, interval })
    };
    let points: Vec<Option<Point>> = parts.iter().map(point).collect();
    let known: Vec<f64> = points.iter().flatten().map(|it| it.value).collect();
    let mut figure = Figure { id, title: name.to_owned(), ..Figure::default() };
    let (Some(first), Some(last)) = (known.first(), known.last()) else {
        figure.empty = lang
            .of("Too few answers for a course in these days.", "这些天的回答太少，无法显示走势。")
            .to_owned();
        return figure;
    };
    let (low, high) =
        known.iter().fold((*first, *first), |(low, high), it| (low.min(*it), high.max(*it)));
    let [first, last, low, high] = [*first, *last, low, high].map(plain);
    figure.summary = match lang {
        Lang::En => format!("From {first} to {last}; at least {low}, at most {high}."),
        Lang::Zh => format!("由 {first} 到 {last}；最低 {low}，最高 {high}。"),
    };
    let labels: Vec<String> = parts.iter().map(|it| text(it, "/key").to_owned()).collect();
    let row = |(it, label): (&Value, &String)| {
        let told = match number(it, value) {
            Some(number) => Cell::number(number, plain(number)),
            None => Cell::text("\u{2013}"),
        };
        let mut row = vec![Cell::text(label.as_str()), told];
        if !is_count {
            row.push(Cell::text(interval(at(it, "/interval"))));
            row.push(Cell::text(count(it, "/n").unwrap_or(0).to_string()));
        }
        row
    };
    let mut columns = vec![lang.of("Days", "时间"), name];
    if !is_count {
        columns.extend([lang.of("Interval", "区间"), "n"]);
    }
    figure.table = Table {
        columns: columns.into_iter().map(str::to_owned).collect(),
        rows: parts.iter().zip(&labels).map(row).collect(),
    };
    let line = Course { name: name.to_owned(), points, is_faint: false };
    figure.chart = Chart::Trend(Trend { labels, lines: vec![line], target: None, range: None });
    figure
}

/// Each touchpoint's satisfaction against its target, those furthest below it first.
pub(crate) fn touchpoints(reader: &mut Reader<'_>) {
    let lang = reader.lang;
    reader.heading("touchpoints", "Touchpoints against their targets", "触点与目标");
    let all = items(reader.body, "/dashboard/touchpoints");
    let rated: Vec<&Value> = all.iter().filter(|it| number(it, "/csat/value").is_some()).collect();
    let title = lang.of("CSAT by touchpoint", "各触点 CSAT");
    let mut figure =
        Figure { id: "touchpoints_csat", title: title.to_owned(), ..Figure::default() };
    if rated.is_empty() {
        figure.empty = lang
            .of(
                "No touchpoint has enough answers in these days. Put a survey where customers are.",
                "这些天没有触点获得足够的回答。请在客户所到之处放置问卷。",
            )
            .to_owned();
        reader.figure(figure);
        return;
    }
    let below = rated.iter().filter(|it| at(it, "/csat/met").as_bool() == Some(false)).count();
    let n = rated.len();
    figure.summary = match lang {
        Lang::En => format!("{below} of {n} are under their target."),
        Lang::Zh => format!("{n} 个触点中有 {below} 个低于目标。"),
    };
    let link = reader.link;
    let href = |it: &Value| link(&format!("/touchpoints/{}", text(it, "/id")));
    let bars = rated.iter().map(|it| bar(it, href(it))).collect();
    figure.chart = Chart::Bars(Bars { bars, range: Some((0.0, 100.0)) });
    let columns = [
        lang.of("Touchpoint", "触点"),
        "CSAT",
        lang.of("Interval", "区间"),
        "n",
        lang.of("Target", "目标"),
        lang.of("Note", "说明"),
    ];
    let row = |it: &&Value| {
        let score = at(it, "/csat");
        let value = number(score, "/value").unwrap_or(0.0);
        vec![
            Cell::link(text(it, "/name"), href(it)),
            Cell::number(value, plain(value)),
            Cell::text(interval(at(score, "/interval"))),
            Cell::text(count(score, "/n").unwrap_or(0).to_string()),
            Cell::text(number(score, "/target").map(plain).unwrap_or_default()),
            Cell::text(caution(score, lang)),
        ]
    };
    figure.table = Table {
        columns: columns.map(str::to_owned).to_vec(),
        rows: rated.iter().map(row).collect(),
    };
    reader.figure(figure);
}

fn bar(it: &Value, href: String) -> Bar {
    let score = at(it, "/csat");
    let value = number(score, "/value").unwrap_or(0.0);
    let interval = number(score, "/interval/0").zip(number(score, "/interval/1"));
    let mood = match at(score, "/met").as_bool() {
        _ if at(score, "/small").as_bool() == Some(true) => Mood::Faint,
        Some(true) => Mood::Good,
        Some(false) => Mood::Bad,
        None => Mood::Plain,
    };
    Bar {
        name: text(it, "/name").to_owned(),
        href,
        point: Some(Point { value, interval }),
        text: format!("{} (n {})", plain(value), count(score, "/n").unwrap_or(0)),
        target: number(score, "/target"),
        mood,
    }
}

/// What scores lowest.
pub(crate) fn lowest(reader: &mut Reader<'_>) {
    let lang = reader.lang;
    let lows = items(reader.body, "/lowest");
    let mut figure = Figure {
        id: "lowest",
        title: lang.of("Lowest items", "得分最低的项目").to_owned(),
        summary: lang
            .of(
                "Touchpoints by how far they are from their target, dimensions by their score.",
                "触点按与目标的差距排列，维度按得分排列。",
            )
            .to_owned(),
        ..Figure::default()
    };
    if lows.is_empty() {
        figure.empty = lang
            .of("Nothing has enough answers to be compared.", "回答太少，无法比较。")
            .to_owned();
    }
    let columns = [
        lang.of("Item", "项目"),
        lang.of("What it is", "类别"),
        lang.of("Score", "得分"),
        lang.of("Target", "目标"),
        lang.of("Gap", "差距"),
        "n",
    ];
    let row = |it: &Value| {
        let of = |pointer: &str| match number(it, pointer) {
            Some(number) => Cell::number(number, plain(number)),
            None => Cell::text("\u{2013}"),
        };
        let is_touchpoint = text(it, "/of") == "touchpoint";
        let kind = match is_touchpoint {
            true => lang.of("touchpoint", "触点"),
            false => lang.of("dimension", "维度"),
        };
        let href = match is_touchpoint {
            true => (reader.link)(&format!("/touchpoints/{}", text(it, "/id"))),
            false => String::new(),
        };
        vec![
            Cell::link(text(it, "/name"), href),
            Cell::text(kind),
            of("/value"),
            of("/target"),
            of("/gap"),
            Cell::text(count(it, "/n").unwrap_or(0).to_string()),
        ]
    };
    figure.table = Table {
        columns: columns.map(str::to_owned).to_vec(),
        rows: lows.iter().map(row).collect(),
    };
    reader.figure(figure);
}

/// The words that stand out in bad comments, and in good ones.
pub(crate) fn words(reader: &mut Reader<'_>) {
    let lang = reader.lang;
    reader.heading("words", "What customers say", "客户怎么说");
    let told = at(reader.body, "/keywords");
    if !told.is_object() {
        let none = lang.of(
            "No comments of these days were read when this report was made.",
            "生成本报告时，这些天没有可读取的评论。",
        );
        reader.parts.push(Part::Say(none.to_owned()));
        return;
    }
    let (from, to) = (text(told, "/from"), text(told, "/to"));
    let comments = count(told, "/comments").unwrap_or(0);
    let about = match lang {
        Lang::En => format!("Of {comments} comments from {from} to {to}."),
        Lang::Zh => format!("基于 {from} 至 {to} 的 {comments} 条评论。"),
    };
    reader.parts.push(Part::Say(about));
    for (id, pointer, en, zh, mood) in [
        ("words_low", "/low", "Words of bad comments", "差评中的词", Mood::Bad),
        ("words_high", "/high", "Words of good comments", "好评中的词", Mood::Good),
    ] {
        let figure = cloud(items(told, pointer), id, lang.of(en, zh), mood, lang);
        reader.figure(figure);
    }
}

fn cloud(found: &[Value], id: &'static str, title: &str, mood: Mood, lang: Lang) -> Figure {
    let found = found.get(..WORDS_MAX.min(found.len())).unwrap_or_default();
    let mut figure = Figure { id, title: title.to_owned(), ..Figure::default() };
    if found.is_empty() {
        figure.empty = lang.of("No word stands out.", "没有突出的词。").to_owned();
        return figure;
    }
    let z = |it: &Value| number(it, "/z").unwrap_or(0.0);
    let most = found.iter().map(z).fold(1.0, f64::max);
    let first: Vec<&str> = found.iter().take(3).map(|it| text(it, "/term")).collect();
    let colon = lang.of("Most of all: ", "最突出：");
    let end = lang.of(".", "。");
    figure.summary = format!("{colon}{}{end}", first.join(lang.of(", ", "、")));
    let here = lang.of("Comments that have it", "含该词的评论");
    let term = |it: &Value| Term {
        text: text(it, "/term").to_owned(),
        weight: z(it) / most,
        mood,
        title: format!("{here}{}{}", lang.of(": ", "："), count(it, "/here").unwrap_or(0)),
    };
    figure.chart = Chart::Cloud(found.iter().map(term).collect());
    let columns = [lang.of("Word", "词"), here, lang.of("Others that have it", "其他评论")];
    let cell = |it: &Value, pointer: &str| {
        let number = number(it, pointer).unwrap_or(0.0);
        Cell::number(number, plain(number))
    };
    let row =
        |it: &Value| vec![Cell::text(text(it, "/term")), cell(it, "/here"), cell(it, "/rest")];
    figure.table = Table {
        columns: columns.map(str::to_owned).to_vec(),
        rows: found.iter().map(row).collect(),
    };
    figure
}
