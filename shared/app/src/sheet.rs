//! CSV (RFC 4180) as rows of text, each with the line that it starts on.

use csv_core::{ReadRecordResult, Reader};

/// A row: its first line in the file, and its cells.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// The line that it starts on.
    pub line: u64,
    /// Its cells.
    pub cells: Vec<String>,
}

/// Reads every row; empty lines are no rows. `None` when the text is not UTF-8.
pub fn rows(bytes: &[u8]) -> Option<Vec<Row>> {
    // Excel marks UTF-8 with a byte order mark.
    let text = std::str::from_utf8(bytes).ok()?;
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text).as_bytes();
    let mut reader = Reader::new();
    let mut rows = Vec::new();
    let mut cells = vec![0; 4096];
    let mut ends = vec![0; 64];
    let (mut written, mut ended) = (0, 0);
    let mut line = 1;
    let mut first = 1;
    let mut starts = true;
    loop {
        if starts {
            // The reader leaves line ends for the next record, empty lines with them.
            let skipped = rest.iter().take_while(|it| matches!(it, b'\r' | b'\n')).count();
            line += lines(rest.get(..skipped));
            rest = rest.get(skipped..).unwrap_or_default();
            first = line;
            starts = false;
        }
        let room = cells.get_mut(written..).unwrap_or_default();
        let marks = ends.get_mut(ended..).unwrap_or_default();
        let (result, read, wrote, marked) = reader.read_record(rest, room, marks);
        line += lines(rest.get(..read));
        rest = rest.get(read..).unwrap_or_default();
        written += wrote;
        ended += marked;
        match result {
            // All input is here from the start: an empty rest tells the end.
            ReadRecordResult::InputEmpty => {}
            ReadRecordResult::OutputFull => cells.resize(cells.len() * 2, 0),
            ReadRecordResult::OutputEndsFull => ends.resize(ends.len() * 2, 0),
            ReadRecordResult::Record => {
                let found = split(&cells, ends.get(..ended).unwrap_or_default());
                rows.push(Row { line: first, cells: found });
                (written, ended) = (0, 0);
                starts = true;
            }
            ReadRecordResult::End => return Some(rows),
        }
    }
}

fn lines(read: Option<&[u8]>) -> u64 {
    read.unwrap_or_default().iter().map(|it| u64::from(*it == b'\n')).sum()
}

fn split(cells: &[u8], ends: &[usize]) -> Vec<String> {
    let mut start = 0;
    ends.iter()
        .map(|end| {
            let cell = cells.get(start..*end).unwrap_or_default();
            start = *end;
            String::from_utf8_lossy(cell).into_owned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_line_breaks_and_marks_are_read_as_excel_writes_them() {
        let text = "\u{feff}id,说明\r\n1,\"a, \"\"b\"\"\nc\"\r\n\r\n2,好\r\n";
        let found = rows(text.as_bytes()).unwrap();
        let row = |line, cells: [&str; 2]| Row { line, cells: cells.map(str::to_owned).to_vec() };
        // The second row takes two lines, and an empty one follows it.
        let expected = [row(1, ["id", "说明"]), row(2, ["1", "a, \"b\"\nc"]), row(5, ["2", "好"])];
        assert_eq!(found, expected);
    }

    #[test]
    fn long_rows_and_many_cells_fit() {
        let cell = "字".repeat(5000);
        let text = vec![cell.as_str(); 200].join(",");
        let found = rows(text.as_bytes()).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].cells.len(), 200);
        assert!(found[0].cells.iter().all(|it| *it == cell));
    }

    #[test]
    fn other_encodings_are_refused() {
        assert_eq!(rows(b"id\n\xc4\xe3"), None);
        assert_eq!(rows(b"").unwrap(), []);
    }
}
