//! Complaints: what was most frequent, what causes them and what is done about it, their clocks.

use board::tell::{at, count, items, number, plain, text};
use board::{Cell, Figure, Table, Tile};
use pages::chart::{Bar, Bars, Chart, Mood, Point};
use serde_json::Value;
use web::lang::{Lang, Said, said};

use super::figures::comparison;
use super::{Part, Reader};

/// What the kinds of cause are called.
const CAUSES: [(&str, Said); 3] = [
    ("process_gap", said("process gap", "流程漏洞")),
    ("product_defect", said("product defect", "产品缺陷")),
    ("service_error", said("service error", "服务失误")),
];

fn word<'a>(words: &'a [(&str, Said)], key: &'a str, lang: Lang) -> &'a str {
    words.iter().find(|it| it.0 == key).map_or(key, |it| it.1.text(lang))
}

/// A department's own complaints.
pub(crate) fn own(reader: &mut Reader<'_>) {
    let lang = reader.lang;
    reader.heading("own", "Complaints of the department", "本部门的投诉");
    let cases = reader.cases();
    let mut tiles = vec![reader.received()];
    for (id, pointer, en, zh) in [
        ("late", "/late", "With a clock that ran out", "有超时环节"),
        ("open", "/backlog/open", "Open when this was made", "生成时未结"),
        ("overdue", "/backlog/overdue", "Of these overdue", "其中已超时"),
    ] {
        let number = number(cases, pointer);
        tiles.push(Tile {
            id,
            title: lang.of(en, zh).to_owned(),
            value: number.map(plain).unwrap_or_default(),
            number,
            ..Tile::default()
        });
    }
    reader.parts.push(Part::Tiles(tiles));
    clocks_of(reader);
}

/// The kinds of complaint and the causes that came most often.
pub(crate) fn frequent(reader: &mut Reader<'_>) {
    let lang = reader.lang;
    reader.heading("frequent", "Most frequent complaints", "最常见的投诉");
    for (of, id, en, zh) in [
        ("type", "types", "By what they are about", "按类型"),
        ("cause", "frequent_causes", "By their cause", "按原因"),
    ] {
        let found = items(reader.body, "/frequent");
        let found: Vec<&Value> = found.iter().filter(|it| text(it, "/of") == of).collect();
        let figure = most(&found, id, lang.of(en, zh), lang);
        reader.figure(figure);
    }
}

fn most(found: &[&Value], id: &'static str, title: &str, lang: Lang) -> Figure {
    let mut figure = Figure { id, title: title.to_owned(), ..Figure::default() };
    let name = |it: &Value| word(&board::TYPES, text(it, "/name"), lang).to_owned();
    let Some(first) = found.first() else {
        figure.empty = match id {
            "types" => lang.of("No complaint came in these days.", "这些天没有收到投诉。"),
            _ => lang.of(
                "No cause was found yet: name one when a complaint is closed.",
                "尚未查明原因：请在结案时登记根源。",
            ),
        }
        .to_owned();
        return figure;
    };
    let n = |it: &Value| number(it, "/n").unwrap_or(0.0);
    let (top, times) = (name(first), plain(n(first)));
    figure.summary = match lang {
        Lang::En => format!("Most of all: {top}, {times}."),
        Lang::Zh => format!("最多的是{top}，{times} 件。"),
    };
    let bar = |it: &&Value| Bar {
        name: name(it),
        point: Some(Point { value: n(it), interval: None }),
        text: plain(n(it)),
        mood: Mood::Plain,
        ..Bar::default()
    };
    figure.chart = Chart::Bars(Bars { bars: found.iter().map(bar).collect(), range: None });
    let columns = [title, lang.of("Complaints", "投诉")];
    let row = |it: &&Value| vec![Cell::text(name(it)), Cell::number(n(it), plain(n(it)))];
    figure.table = Table {
        columns: columns.map(str::to_owned).to_vec(),
        rows: found.iter().map(row).collect(),
    };
    figure
}

/// What causes complaints, who must put it right, what is done, and whether it helped.
pub(crate) fn causes(reader: &mut Reader<'_>) {
    let lang = reader.lang;
    if reader.is_department {
        reader.heading("causes", "Causes to put right", "待整改的原因");
    } else {
        reader.heading("causes", "Causes and their measures", "原因与措施");
    }
    let title = lang.of("Ledger of causes", "根源台账");
    let mut figure = Figure { id: "causes_ledger", title: title.to_owned(), ..Figure::default() };
    let found = items(reader.body, "/causes/items");
    let (known, received) = (
        count(reader.body, "/causes/known").unwrap_or(0),
        count(reader.body, "/causes/received").unwrap_or(0),
    );
    figure.summary = match lang {
        Lang::En => format!("The cause is known of {known} of {received} complaints of the site."),
        Lang::Zh => format!("全站 {received} 件投诉中，{known} 件已查明原因。"),
    };
    if found.is_empty() {
        figure.empty = lang
            .of("No cause of the ledger came in these days.", "这些天台账中没有原因出现。")
            .to_owned();
    }
    let columns = [
        lang.of("Cause", "原因"),
        lang.of("Kind", "类别"),
        lang.of("Department", "部门"),
        lang.of("Complaints", "投诉"),
        lang.of("Before", "上一期"),
        lang.of("Measure", "措施"),
        lang.of("Effect", "效果"),
    ];
    figure.table = Table {
        columns: columns.map(str::to_owned).to_vec(),
        rows: found.iter().map(|it| cause(it, lang)).collect(),
    };
    reader.figure(figure);
}

fn cause(it: &Value, lang: Lang) -> Vec<Cell> {
    let of = |pointer: &str| {
        let number = number(it, pointer).unwrap_or(0.0);
        Cell::number(number, plain(number))
    };
    let measure = match (text(it, "/measure"), text(it, "/measure_since")) {
        ("", _) => lang.of("none yet", "尚无").to_owned(),
        (measure, "") => measure.to_owned(),
        (measure, since) => match lang {
            Lang::En => format!("{measure} (since {since})"),
            Lang::Zh => format!("{measure}（自 {since} 起）"),
        },
    };
    let effect = match text(it, "/effect/verdict") {
        "fewer" => lang.of("comes less often", "减少了"),
        "more" => lang.of("comes more often", "增多了"),
        "unclear" => lang.of("may be chance", "可能是偶然"),
        "too_few" => lang.of("too early to say", "尚难判断"),
        _ => "\u{2013}",
    };
    vec![
        Cell::text(text(it, "/name")),
        Cell::text(word(&CAUSES, text(it, "/kind"), lang)),
        Cell::text(text(it, "/department/name")),
        of("/n"),
        of("/n_before"),
        Cell::text(measure),
        Cell::text(effect),
    ]
}

/// Whether complaints were answered, solved and closed in time, and by which department.
pub(crate) fn clocks(reader: &mut Reader<'_>) {
    let lang = reader.lang;
    reader.heading("clocks", "Complaint clocks", "投诉时限");
    clocks_of(reader);
    let title = lang.of("By department", "按部门");
    let mut figure = Figure { id: "departments", title: title.to_owned(), ..Figure::default() };
    let found = items(reader.body, "/complaints/departments");
    figure.summary = lang
        .of(
            "Complaints received, and the share of them whose clocks were kept.",
            "收到的投诉，以及各时限的按时比例。",
        )
        .to_owned();
    if found.is_empty() {
        figure.empty = lang
            .of("No department had complaints in these days.", "这些天各部门均无投诉。")
            .to_owned();
    }
    let columns = [
        lang.of("Department", "部门"),
        lang.of("Complaints", "投诉"),
        lang.of("Answered on time", "按时首次答复"),
        lang.of("Solution on time", "按时给出方案"),
        lang.of("Closed on time", "按时结案"),
    ];
    let row = |it: &Value| {
        let rate = |name: &str| {
            let told = at(it, &format!("/rates/{name}"));
            match number(told, "/value") {
                Some(value) => {
                    let n = count(told, "/n").unwrap_or(0);
                    Cell::number(value, format!("{}% (n {n})", plain(value)))
                }
                None => Cell::text("\u{2013}"),
            }
        };
        let name = match text(it, "/name") {
            "" => text(it, "/key"),
            name => name,
        };
        let received = number(it, "/received").unwrap_or(0.0);
        vec![
            Cell::text(name),
            Cell::number(received, plain(received)),
            rate("answered_on_time"),
            rate("solved_on_time"),
            rate("closed_on_time"),
        ]
    };
    figure.table = Table {
        columns: columns.map(str::to_owned).to_vec(),
        rows: found.iter().map(row).collect(),
    };
    reader.figure(figure);
}

fn clocks_of(reader: &mut Reader<'_>) {
    let lang = reader.lang;
    let rates = reader.rates();
    let mut figure = comparison(&rates, "clocks_table", lang);
    figure.title = lang.of("Promises kept", "承诺兑现").to_owned();
    if rates.is_empty() {
        figure.empty =
            lang.of("No complaint came in these days.", "这些天没有收到投诉。").to_owned();
    }
    reader.figure(figure);
}
