//! Reads the named columns of a CSV file.

use std::error::Error;
use std::fs;
use std::path::Path;

use csv_core::{ReadRecordResult, Reader};

/// Bytes of the largest file that is read.
const MAX_FILE: u64 = 256 * 1024 * 1024;

/// The fields of `columns` in every row of the file at `path`, which begins with the names of
/// its columns. A row that is too short has empty fields.
pub(crate) fn columns(path: &Path, columns: &[&str]) -> Result<Vec<Vec<String>>, Box<dyn Error>> {
    let shown = path.display();
    let size = fs::metadata(path).map_err(|error| format!("{shown}: {error}"))?.len();
    if size > MAX_FILE {
        return Err(format!("{shown} has {size} bytes, more than {MAX_FILE}").into());
    }
    let bytes = fs::read(path).map_err(|error| format!("{shown}: {error}"))?;
    let mut rows = records(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes)).into_iter();
    let head = rows.next().unwrap_or_default();
    let places = columns
        .iter()
        .map(|column| {
            let place = head.iter().position(|name| name == column);
            place.ok_or_else(|| format!("{shown} has no column {column}; it has {head:?}"))
        })
        .collect::<Result<Vec<usize>, String>>()?;
    Ok(rows
        .map(|row| {
            places.iter().map(|&place| row.get(place).cloned().unwrap_or_default()).collect()
        })
        .collect())
}

/// All records of a CSV file; what is not UTF-8 is replaced.
fn records(mut input: &[u8]) -> Vec<Vec<String>> {
    let mut reader = Reader::new();
    // A record is never longer than the file.
    let mut text = vec![0; input.len() + 1];
    let mut ends = vec![0; 4096];
    let (mut length, mut fields) = (0, 0);
    let mut rows = Vec::new();
    loop {
        let (result, read, wrote, ended) = reader.read_record(
            input,
            text.get_mut(length..).unwrap_or_default(),
            ends.get_mut(fields..).unwrap_or_default(),
        );
        input = input.get(read..).unwrap_or_default();
        length += wrote;
        fields += ended;
        match result {
            // With no input left the next call ends the last record.
            ReadRecordResult::InputEmpty => {}
            ReadRecordResult::OutputFull | ReadRecordResult::End => return rows,
            ReadRecordResult::OutputEndsFull => ends.resize(ends.len() * 2, 0),
            ReadRecordResult::Record => {
                let mut start = 0;
                rows.push(
                    ends.iter()
                        .take(fields)
                        .map(|&end| {
                            let field = text.get(start..end).unwrap_or_default();
                            start = end;
                            String::from_utf8_lossy(field).into_owned()
                        })
                        .collect(),
                );
                (length, fields) = (0, 0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_commas_and_a_missing_last_newline_are_read() {
        let rows = records("a,b\r\n\"好,\n\"\"x\"\"\",2\n3,4".as_bytes());
        assert_eq!(rows, [vec!["a", "b"], vec!["好,\n\"x\"", "2"], vec!["3", "4"]]);
    }
}
