//! Numbers, figures and tables as they stand in a page.

use pages::chart::{self, Chart};
use pages::html::{Html, when};

use crate::{Figure, Opened, Table, Tile};

/// Numbers that stand alone. `heading` is the element of their titles.
pub(crate) fn tiles(html: &mut Html, tiles: &[Tile], heading: &'static str, opened: &Opened) {
    if tiles.is_empty() {
        return;
    }
    html.open("ul", &[("class", "tiles")]);
    for it in tiles {
        tile(html, it, heading, opened);
    }
    html.close();
    let title = opened.lang.of("these numbers", "以上数字");
    files(html, "tiles", title, &["csv", "json"], opened);
}

fn tile(html: &mut Html, it: &Tile, heading: &'static str, opened: &Opened) {
    let lang = opened.lang;
    html.open("li", &[("class", "tile"), ("id", it.id)]);
    html.open(heading, &[]);
    if it.href.is_empty() {
        html.text(&it.title);
    } else {
        html.put("a", &[("href", &it.href)], &it.title);
    }
    html.close();
    html.open("div", &[("class", "now")]);
    if it.value.is_empty() {
        html.open("p", &[("class", "value")]);
        html.put("span", &[("aria-hidden", "true")], "\u{2013}");
        html.put("span", &[("class", "away")], lang.of("no value", "无数值"));
        html.close();
    } else {
        html.put("p", &[("class", "value")], &it.value);
    }
    chart::spark(html, &it.course);
    html.close();
    if !it.change.is_empty() {
        let (class, word) = match it.is_better {
            Some(true) => ("change good", lang.of(" · better", " · 向好")),
            Some(false) => ("change bad", lang.of(" · worse", " · 变差")),
            None => ("change soft", ""),
        };
        html.open("p", &[("class", class)]);
        let sign = match it.change.chars().next() {
            Some('+') => "\u{25b2} ",
            Some('\u{2212}' | '-') => "\u{25bc} ",
            _ => "",
        };
        html.put("span", &[("aria-hidden", "true")], sign);
        html.text(&it.change);
        html.text(word);
        html.close();
    }
    if !it.target.is_empty() {
        let (class, sign, word) = match it.is_met {
            Some(true) => ("goal good", "\u{2713} ", lang.of(": met", "：已达标")),
            Some(false) => ("goal bad", "\u{2717} ", lang.of(": not met", "：未达标")),
            None => ("goal soft", "", ""),
        };
        html.open("p", &[("class", class)]);
        html.put("span", &[("aria-hidden", "true")], sign);
        html.text(lang.of("Target ", "目标 "));
        html.text(&it.target);
        html.text(word);
        html.close();
    }
    let mut sure = String::new();
    if !it.interval.is_empty() {
        sure = format!("{}{}", lang.of("Interval ", "区间 "), it.interval);
    }
    if let Some(n) = it.n {
        sure.push_str(if sure.is_empty() { "" } else { " · " });
        sure.push_str(&format!("n {n}"));
    }
    for (class, text) in [("sure", &sure), ("note", &it.note)] {
        if !text.is_empty() {
            html.put("p", &[("class", class)], text);
        }
    }
    html.close();
}

/// A figure: its title, what it says, the drawing, the table, and the ways to its files.
pub(crate) fn figure(html: &mut Html, it: &Figure, heading: &'static str, opened: &Opened) {
    let lang = opened.lang;
    let is_wide = matches!(&it.chart, Chart::Heat(heat) if 5 <= heat.columns.len());
    let has_table = it.empty.is_empty() && !it.table.rows.is_empty();
    // What nothing is drawn of is read as a table.
    let is_drawn = it.empty.is_empty() && !it.chart.is_empty();
    let is_wide = is_wide || has_table && !is_drawn && 3 < it.table.columns.len();
    html.open("figure", &[("id", it.id), ("class", if is_wide { "fig broad" } else { "fig" })]);
    html.open("figcaption", &[]);
    html.put(heading, &[], &it.title);
    if it.empty.is_empty() {
        html.put("p", &[], &it.summary);
    } else {
        html.put("p", &[("class", "empty")], &it.empty);
    }
    html.close();
    if is_drawn {
        chart::draw(html, &it.chart, it.id, &it.title, &it.summary);
    }
    if has_table && is_drawn {
        html.open("details", &[]);
        html.put("summary", &[], lang.of("As a table", "查看表格"));
    }
    if has_table {
        table(html, &it.table, &it.title);
        if is_drawn {
            html.close();
        }
        let formats = if is_drawn { &["csv", "json", "svg"][..] } else { &["csv", "json"] };
        files(html, it.id, &it.title, formats, opened);
    }
    html.close();
}

/// The ways to the files of what a page draws itself.
pub(crate) fn files_of(html: &mut Html, it: &Figure, _heading: &'static str, opened: &Opened) {
    files(html, it.id, &it.title, &["csv", "json"], opened);
}

/// A table that scrolls within itself, where it must.
fn table(html: &mut Html, table: &Table, title: &str) {
    // What scrolls can be reached by keyboard, and says what it is.
    let attributes =
        [("class", "scroll"), ("tabindex", "0"), ("role", "group"), ("aria-label", title)];
    html.open("div", &attributes);
    html.open("table", &[]);
    html.open("thead", &[]);
    html.open("tr", &[]);
    for (at, it) in table.columns.iter().enumerate() {
        let class = (when(is_number(table, at), "class"), "num");
        html.put("th", &[("scope", "col"), class], it);
    }
    html.close();
    html.close();
    html.open("tbody", &[]);
    for row in &table.rows {
        html.open("tr", &[]);
        for (at, cell) in row.iter().enumerate() {
            let class = (when(is_number(table, at), "class"), "num");
            let scope = (when(at == 0, "scope"), "row");
            html.open(if at == 0 { "th" } else { "td" }, &[scope, class]);
            if cell.href.is_empty() {
                html.text(&cell.text);
            } else {
                html.put("a", &[("href", &cell.href)], &cell.text);
            }
            html.close();
        }
        html.close();
    }
    html.close();
    html.close();
    html.close();
}

/// Whether a column holds numbers, which stand below each other by their ends.
fn is_number(table: &Table, at: usize) -> bool {
    table.rows.iter().any(|it| it.get(at).is_some_and(|it| it.number.is_some()))
}

/// The ways to the files of a figure. Whoever reads it in another page has none.
fn files(html: &mut Html, id: &str, title: &str, formats: &[&str], opened: &Opened) {
    let lang = opened.lang;
    if opened.pass.as_ref().is_some_and(|it| it.is_embedded) {
        return;
    }
    html.open("p", &[("class", "downloads no-print")]);
    html.text(lang.of("Download: ", "下载："));
    for format in formats {
        let href = opened.here(lang, &format!("&card={id}&format={format}"));
        html.open("a", &[("href", &href), ("download", ""), ("data-format", format)]);
        html.text(&format.to_ascii_uppercase());
        html.put("span", &[("class", "away")], &format!(" – {title}"));
        html.close();
        html.text(" ");
    }
    html.close();
}
