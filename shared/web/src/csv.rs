//! Cells of a CSV (RFC 4180) that no spreadsheet takes for a formula, and the way back.
//!
//! A spreadsheet runs `=HYPERLINK(…)` of whoever filled in a survey as if its user had typed it.
//! A quotation mark in front makes it a text, as it does when people type it; [`restore`] takes
//! exactly that mark away, so that what is exported can be imported as it was.

/// What makes a text of everything behind it.
const MARK: char = '\'';

/// Writes a cell, marked if it needs that and quoted if it needs that.
pub fn push(line: &mut String, text: &str) {
    let is_quoted = text.contains([',', '"', '\r', '\n']);
    if is_quoted {
        line.push('"');
    }
    if is_marked(text) {
        line.push(MARK);
    }
    for it in text.chars() {
        if it == '"' {
            line.push('"');
        }
        line.push(it);
    }
    if is_quoted {
        line.push('"');
    }
}

/// A cell that was read, without the mark that [`push`] writes.
pub fn restore(cell: &str) -> &str {
    cell.strip_prefix(MARK).filter(|it| is_marked(it)).unwrap_or(cell)
}

/// Whether a text is marked: it may begin a formula, or begin like a text that is marked.
///
/// Blanks do not count, because readers drop them; East Asian spreadsheets take the signs in
/// full width for the same (OWASP, CSV injection).
fn is_marked(text: &str) -> bool {
    match text.trim_start().chars().next() {
        None => false,
        Some(MARK | '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠') => true,
        Some(_) => text.starts_with(['\t', '\r', '\n']),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str) -> String {
        let mut line = String::new();
        push(&mut line, text);
        line
    }

    /// What a reader of RFC 4180 makes of a cell.
    fn unquoted(cell: &str) -> String {
        match cell.strip_prefix('"').and_then(|it| it.strip_suffix('"')) {
            Some(inner) => inner.replace("\"\"", "\""),
            None => cell.to_owned(),
        }
    }

    #[test]
    fn formulas_become_texts_and_everything_else_stays() {
        for text in ["=1+1", "+86", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "'x", "＝1", "  =1"] {
            assert!(unquoted(&cell(text)).starts_with('\''), "{text:?}");
        }
        for text in ["", "9", "好", "a=b", "a'b", "a;b", " ", "\t", "2026-11-21 09:30:00"] {
            assert_eq!(cell(text), text);
        }
        assert_eq!(cell("=a,\"b\"\r\nc"), "\"'=a,\"\"b\"\"\r\nc\"");
        assert_eq!(restore("'tis"), "'tis", "a mark of the writer's own stays");
    }

    #[test]
    fn what_is_written_is_read_again_whatever_it_is() {
        let pieces = ["'", "=", "-", "+", "@", "\t", "\r", "\n", " ", "\"", ",", "a", "好", "＝"];
        let mut texts = vec![String::new()];
        let mut from = 0;
        for _ in 0..4 {
            let longer = texts.len();
            for at in from..longer {
                for piece in pieces {
                    texts.push(format!("{}{piece}", texts[at]));
                }
            }
            from = longer;
        }
        assert_eq!(texts.len(), 1 + 14 + 14 * 14 + 14 * 14 * 14 + 14 * 14 * 14 * 14);
        for text in &texts {
            let read = unquoted(&cell(text));
            assert_eq!(restore(&read), text, "{text:?}");
            // An import drops the blanks around a cell, and so does whoever takes an answer.
            assert_eq!(restore(read.trim()).trim(), text.trim(), "{text:?}");
            let first = read.chars().next();
            let is_formula = matches!(first, Some('=' | '+' | '-' | '@' | '＝'));
            assert!(!is_formula, "{text:?}");
        }
    }
}
