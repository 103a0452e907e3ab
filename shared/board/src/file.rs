//! A figure as a file: exactly what is shown, with what it is about.

use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use pages::chart;
use serde_json::{Map, Value, json};
use web::lang::Lang;
use web::problem::Place;
use web::response::{bytes, set};
use web::{Problem, Response, view};

use crate::{Cell, Figure, Opened, Table, Tile};

/// A figure as `csv`, `json` or `svg`.
pub(crate) fn answer(it: &Figure, format: &str, opened: &Opened) -> Result<Response, Problem> {
    let mut answer = match format {
        "csv" => bytes("text/csv; charset=utf-8", csv(it, opened)),
        "json" => bytes("application/json", view::text(&show(it, opened)).into_bytes()),
        "svg" => bytes("image/svg+xml", chart::file(&it.chart, &it.title, &it.summary)),
        _ => {
            let rule = web::field::one_of_rule(&["csv", "json", "svg"]);
            return Err(Problem::invalid(Place::Parameter("format".to_owned()), rule));
        }
    };
    let name = format!("attachment; filename=\"{}.{format}\"", it.id);
    set(&mut answer, CONTENT_DISPOSITION, &name);
    set(&mut answer, CACHE_CONTROL, "private, no-cache");
    Ok(answer)
}

/// Tiles as one table.
pub(crate) fn of_tiles(tiles: &[Tile], title: &str, lang: Lang) -> Figure {
    let columns = [
        lang.of("Figure", "指标"),
        lang.of("Value", "数值"),
        lang.of("Interval", "区间"),
        "n",
        lang.of("Target", "目标"),
        lang.of("Change", "变化"),
        lang.of("Note", "说明"),
    ];
    let row = |it: &Tile| {
        #[expect(clippy::cast_precision_loss, reason = "nobody asks 2^53 times")]
        let n = it.n.map(|n| Cell::number(n as f64, n.to_string()));
        vec![
            Cell::text(it.title.as_str()),
            Cell { text: it.value.clone(), number: it.number, href: String::new() },
            Cell::text(it.interval.as_str()),
            n.unwrap_or_default(),
            Cell::text(it.target.as_str()),
            Cell::text(it.change.as_str()),
            Cell::text(it.note.as_str()),
        ]
    };
    let table = Table {
        columns: columns.map(str::to_owned).to_vec(),
        rows: tiles.iter().map(row).collect(),
    };
    Figure { id: "tiles", title: title.to_owned(), table, ..Figure::default() }
}

fn show(it: &Figure, opened: &Opened) -> Value {
    let rows: Vec<Value> = it
        .table
        .rows
        .iter()
        .map(|row| {
            row.iter().map(|it| it.number.map_or_else(|| json!(it.text), Value::from)).collect()
        })
        .collect();
    let date = |day: Option<i32>| json!(day.map(domain::civil::date));
    let (from, to) = opened.span();
    let mut shown = Map::new();
    for (name, value) in [
        ("site", json!(opened.site.name)),
        ("title", json!(it.title)),
        ("summary", json!(if it.empty.is_empty() { &it.summary } else { &it.empty })),
        ("about", json!(opened.about())),
        ("from", date(from)),
        ("to", date(to)),
        ("zone", json!(opened.zone.name())),
        ("columns", json!(it.table.columns)),
        ("rows", Value::Array(rows)),
    ] {
        shown.insert(name.to_owned(), value);
    }
    Value::Object(shown)
}

/// What it is about stands in the first lines, so that a file that was sent on still says it.
fn csv(it: &Figure, opened: &Opened) -> Vec<u8> {
    // A byte order mark: without one, spreadsheets read Chinese as something else.
    let mut text = "\u{feff}".to_owned();
    for row in [vec![it.title.clone()], vec![opened.about()], it.table.columns.clone()] {
        for (at, field) in row.iter().enumerate() {
            begin(&mut text, at);
            web::csv::push(&mut text, field);
        }
        text.push_str("\r\n");
    }
    for row in &it.table.rows {
        for (at, cell) in row.iter().enumerate() {
            begin(&mut text, at);
            match cell.number {
                // As JSON has it: another way to write numbers is 20 kB of code.
                Some(number) => text.push_str(view::text(&number).trim_end_matches(".0")),
                None => web::csv::push(&mut text, &cell.text),
            }
        }
        text.push_str("\r\n");
    }
    text.into_bytes()
}

fn begin(text: &mut String, at: usize) {
    if at != 0 {
        text.push(',');
    }
}
