//! The company's targets: which are met, and how far the others are off.

use board::tell::{at, count, items, number, plain, signed, text};
use board::{Cell, Figure, Table};
use serde_json::Value;
use web::lang::Lang;

use super::Reader;

/// Tells each goal that has a figure; nothing where nobody knew of goals.
pub(crate) fn tell(reader: &mut Reader<'_>) {
    let lang = reader.lang;
    let all = items(reader.body, "/goals");
    let with_figure = |it: &&Value| number(it, "/value").is_some();
    let found: Vec<&Value> = all.iter().filter(with_figure).collect();
    if found.is_empty() {
        return;
    }
    reader.heading("goals", "Targets", "目标达成");
    let is = |it: &Value, met: bool| at(it, "/met").as_bool() == Some(met);
    let met = found.iter().filter(|it| is(it, true)).count();
    let known = met + found.iter().filter(|it| is(it, false)).count();
    let summary = match lang {
        Lang::En => format!("{met} of {known} targets are met."),
        Lang::Zh => format!("{known} 项目标中已达成 {met} 项。"),
    };
    let columns = [
        lang.of("Goal", "指标"),
        lang.of("Value", "数值"),
        lang.of("Target", "目标"),
        lang.of("Gap", "差距"),
        "n",
        lang.of("Met", "达成"),
    ];
    let figure = Figure {
        id: "goals_table",
        title: lang.of("Every target with a figure", "有数据的各项目标").to_owned(),
        summary,
        table: Table {
            columns: columns.map(str::to_owned).to_vec(),
            rows: found.into_iter().map(|it| row(it, lang)).collect(),
        },
        ..Figure::default()
    };
    reader.figure(figure);
}

fn row(it: &Value, lang: Lang) -> Vec<Cell> {
    let unit = match text(it, "/unit") {
        "percent" => "%",
        "minutes" => lang.of(" min", " 分钟"),
        "hours" => lang.of(" h", " 小时"),
        _ => "",
    };
    let value = |number: f64| Cell::number(number, format!("{}{unit}", plain(number)));
    let sign = match text(it, "/direction") {
        "at_least" => "\u{2265} ",
        "at_most" => "\u{2264} ",
        _ => "",
    };
    let target = number(it, "/target").map(|it| format!("{sign}{}{unit}", plain(it)));
    let met = match at(it, "/met").as_bool() {
        Some(true) => lang.of("yes", "是"),
        Some(false) => lang.of("no", "否"),
        None => "\u{2013}",
    };
    vec![
        Cell::text(text(it, lang.of("/label/en", "/label/zh"))),
        number(it, "/value").map(value).unwrap_or_default(),
        Cell::text(target.unwrap_or_default()),
        number(it, "/gap").map(|it| Cell::number(it, signed(it))).unwrap_or_default(),
        Cell::text(count(it, "/n").map(|it| it.to_string()).unwrap_or_default()),
        Cell::text(met),
    ]
}
