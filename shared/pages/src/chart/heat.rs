//! Values in rows and columns.

use super::pen::{Pen, SMALL, TEXT, count, fit, wide, wrap};
use super::{Heat, HeatRow, Warm};

/// How high a field is.
const FIELD: f64 = 26.0;
/// Where there is room for it, the column of the names.
const NAMES: f64 = 200.0;

/// From far on the bad side to far on the good one.
const LOOKS: [&str; 7] = ["h0", "h1", "h2", "h3", "h4", "h5", "h6"];
const TEXTS: [&str; 7] = ["s m t0", "s m t1", "s m t2", "s m t3", "s m t4", "s m t5", "s m t6"];

fn step(warmth: f64) -> usize {
    match warmth {
        ..-0.7 => 0,
        -0.7..-0.35 => 1,
        -0.35..-0.08 => 2,
        0.7.. => 6,
        0.35.. => 5,
        0.08.. => 4,
        _ => 3,
    }
}

/// Draws them: the names at the side where there is room, otherwise above their fields. Columns
/// that have no room beside each other go on below.
pub(super) fn draw(pen: &mut Pen, it: &Heat) {
    let columns = it.rows.iter().map(|it| it.fields.len()).max().unwrap_or(0);
    let columns = columns.max(it.columns.len()).max(1);
    let is_wide = NAMES * 3.0 < pen.width;
    let left = if is_wide { NAMES } else { 0.0 };
    let fields = it.rows.iter().flat_map(|it| it.fields.iter().flatten());
    let widest = fields.map(|it| wide(&it.text, SMALL)).fold(20.0, f64::max);
    let room = pen.width - left;
    let mut block = 1;
    while block < columns && (widest + 5.0) * count(block + 1) <= room {
        block += 1;
    }
    // Blocks of nearly the same width read better than one and a rest.
    let block = columns.div_ceil(columns.div_ceil(block));
    let each = (room / count(block)).min(120.0);
    let mut y = 0.0;
    for from in (0..columns).step_by(block) {
        let names = it.columns.get(from..).unwrap_or_default();
        heads(pen, names.get(..block).unwrap_or(names), left, each, y);
        y += 22.0;
        for row in &it.rows {
            pen.begin("row", &row.href, if is_wide { &row.name } else { "" });
            let mut high = FIELD;
            let way = if row.href.is_empty() { "" } else { "way" };
            if is_wide {
                let lines = wrap(&row.name, NAMES - 10.0, TEXT, 2);
                high = high.max(count(lines.len()) * 16.0 + 2.0);
                pen.rect("area", [0.0, y, left, high]);
                let base = y + high / 2.0 + 4.0 - 8.0 * count(lines.len().max(1) - 1);
                for (at, line) in lines.iter().enumerate() {
                    pen.text(way, 0.0, base + 16.0 * count(at), line);
                }
            } else {
                // A phone draws it a little smaller than it is here.
                pen.rect("area", [0.0, y, pen.width, 27.0]);
                for line in wrap(&row.name, pen.width, TEXT, 2) {
                    pen.text(way, 0.0, y + 16.0, &line);
                    y += 18.0;
                }
                y += 3.0;
            }
            pen.end();
            let names = it.columns.get(from..).unwrap_or_default();
            for at in 0..block.min(columns - from) {
                let place = [left + each * count(at) + 1.0, y, each - 2.0, high - 2.0];
                let column = names.get(at).map_or("", String::as_str);
                field(pen, row, column, row.fields.get(from + at).unwrap_or(&None).as_ref(), place);
            }
            y += high + if is_wide { 0.0 } else { 6.0 };
        }
        y += 10.0;
    }
    pen.height = y;
}

/// As many names of columns as there is room for.
fn heads(pen: &mut Pen, names: &[String], left: f64, each: f64, y: f64) {
    let room = pen.width - left;
    let said: Vec<String> = names.iter().map(|it| fit(it, room, SMALL)).collect();
    let widest = said.iter().map(|it| wide(it, SMALL)).fold(0.0, f64::max) + 8.0;
    let every = (1..=names.len()).find(|it| widest <= each * count(*it)).unwrap_or(names.len());
    for (at, name) in said.iter().enumerate().step_by(every.max(1)) {
        let half = wide(name, SMALL) / 2.0;
        let x = left + each * (count(at) + 0.5);
        let (least, most) = (left + half, (pen.width - half).max(left + half));
        pen.text("s m", x.max(least).min(most), y + 15.0, name);
    }
}

fn field(pen: &mut Pen, row: &HeatRow, column: &str, it: Option<&Warm>, place: [f64; 4]) {
    let [x, y, width, height] = place;
    let (middle, base) = (x + width / 2.0, y + height / 2.0 + 4.5);
    let Some(it) = it else {
        pen.rect("none", [x + 0.5, y + 0.5, width - 1.0, height - 1.0]);
        return pen.text("s m", middle, base, "\u{2013}");
    };
    let mut title = format!("{} · {column}: {}", row.name, it.text);
    if !it.title.is_empty() {
        title.push_str(" · ");
        title.push_str(&it.title);
    }
    pen.begin("hit", "", &title);
    let step = step(it.warmth);
    let (look, text) = (LOOKS.get(step), TEXTS.get(step));
    pen.rect(look.unwrap_or(&"h3"), place);
    if step < 2 {
        // Dark is far off on both sides when it is printed: the bad side has a bar below.
        let bar = if step == 0 { "t0" } else { "t1" };
        pen.rect(bar, [x + 4.0, y + height - 4.0, width - 8.0, 2.0]);
    }
    let said = fit(&it.text, width, SMALL);
    pen.text(text.unwrap_or(&"s m"), middle, base - if step < 2 { 1.5 } else { 0.0 }, &said);
    pen.end();
}
