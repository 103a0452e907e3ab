//! A report as Markdown, with the tables that GitHub gave it. Everything is text there: whatever
//! could mean something to Markdown or to HTML is escaped.

use board::{Cell, Table, Tile};

use crate::tell::{Part, Told};

/// The report as a text.
pub(crate) fn text(told: &Told) -> String {
    let mut out = String::with_capacity(8 * 1024);
    heading(&mut out, 1, &told.title);
    for line in &told.about {
        paragraph(&mut out, line);
    }
    for part in &told.parts {
        match part {
            Part::Heading(_, text) => heading(&mut out, 2, text),
            Part::Say(text) => paragraph(&mut out, text),
            Part::List(title, lines) => {
                heading(&mut out, 3, title);
                list(&mut out, lines);
            }
            Part::Tiles(tiles) => tiles_table(&mut out, tiles, told),
            Part::Figure(figure) => {
                heading(&mut out, 3, &figure.title);
                let said = if figure.empty.is_empty() { &figure.summary } else { &figure.empty };
                paragraph(&mut out, said);
                if figure.empty.is_empty() {
                    table(&mut out, &figure.table);
                }
            }
        }
    }
    out
}

fn heading(out: &mut String, level: usize, text: &str) {
    for _ in 0..level {
        out.push('#');
    }
    out.push(' ');
    escape(out, text);
    out.push_str("\n\n");
}

fn paragraph(out: &mut String, text: &str) {
    if !text.is_empty() {
        escape(out, text);
        out.push_str("\n\n");
    }
}

fn list(out: &mut String, lines: &[String]) {
    for line in lines {
        out.push_str("- ");
        escape(out, line);
        out.push('\n');
    }
    if !lines.is_empty() {
        out.push('\n');
    }
}

fn tiles_table(out: &mut String, tiles: &[Tile], told: &Told) {
    let columns = told.columns.map(str::to_owned).to_vec();
    let row = |it: &Tile| {
        let value = if it.value.is_empty() { "\u{2013}" } else { &it.value };
        let n = it.n.map(|n| n.to_string()).unwrap_or_default();
        [&it.title, value, &it.interval, &n, &it.target, &it.change, &it.note]
            .map(|text| Cell::text(text.to_owned()))
            .to_vec()
    };
    table(out, &Table { columns, rows: tiles.iter().map(row).collect() });
}

fn table(out: &mut String, table: &Table) {
    if table.columns.is_empty() {
        return;
    }
    row(out, table.columns.iter().map(String::as_str));
    out.push('|');
    for _ in &table.columns {
        out.push_str("---|");
    }
    out.push('\n');
    for cells in &table.rows {
        row(out, cells.iter().map(|it| it.text.as_str()));
    }
    out.push('\n');
}

fn row<'a>(out: &mut String, cells: impl Iterator<Item = &'a str>) {
    out.push('|');
    for cell in cells {
        out.push(' ');
        escape(out, cell);
        out.push_str(" |");
    }
    out.push('\n');
}

/// Writes a text so that it reads as it is: one line, no markup, no link.
fn escape(out: &mut String, text: &str) {
    let mut is_start = true;
    let mut chars = text.trim().chars().peekable();
    let mut before = ' ';
    while let Some(it) = chars.next() {
        match it {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '!' | '$' | '{' | '}' => {
                out.push('\\');
                out.push(it);
            }
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // Bare addresses become links with many readers.
            ':' if chars.peek() == Some(&'/') => out.push_str("&#58;"),
            '@' => out.push_str("&#64;"),
            '.' if before == 'w' || before == 'W' => out.push_str("&#46;"),
            // At the start of a line these make lists, headings and rules.
            '-' | '+' | '=' if is_start => {
                out.push('\\');
                out.push(it);
            }
            '.' | ')' if chars.peek().is_none_or(|it| *it == ' ') && is_number_so_far(out) => {
                out.push('\\');
                out.push(it);
            }
            it if it.is_control() || it == '\u{2028}' || it == '\u{2029}' => out.push(' '),
            it => out.push(it),
        }
        is_start = false;
        before = it;
    }
}

/// Whether the line has nothing but digits so far: with a full stop it would be an item of a list.
fn is_number_so_far(out: &str) -> bool {
    let line = out.rsplit('\n').next().unwrap_or("");
    let line = line.strip_prefix("- ").unwrap_or(line);
    !line.is_empty() && line.bytes().all(|it| it.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(text: &str) -> String {
        let mut out = String::new();
        escape(&mut out, text);
        out
    }

    #[test]
    fn no_text_means_anything_to_markdown() {
        for (text, written) in [
            ("86.4 (82.1–89.7)", "86.4 (82.1–89.7)"),
            ("a|b", "a\\|b"),
            ("`rm`", "\\`rm\\`"),
            ("[x](javascript:alert(1))", "\\[x\\](javascript:alert(1))"),
            ("![x](http://evil.example/p.png)", "\\!\\[x\\](http&#58;//evil.example/p.png)"),
            ("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"),
            ("www.evil.example", "www&#46;evil.example"),
            ("a@b.example", "a&#64;b.example"),
            ("# no heading\n\n- no list", "\\# no heading  - no list"),
            ("- x", "\\- x"),
            ("+3.2", "\\+3.2"),
            ("12. x", "12\\. x"),
            ("2) x", "2\\) x"),
            ("&lt;", "&amp;lt;"),
            ("a\\|b", "a\\\\\\|b"),
            ("满意度_高*", "满意度\\_高\\*"),
        ] {
            assert_eq!(escaped(text), written, "{text}");
        }
    }
}
