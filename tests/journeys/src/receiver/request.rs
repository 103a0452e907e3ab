//! Reads a request as it stands on the wire.

use std::io::{self, BufRead, ErrorKind, Read as _};
use std::time::Instant;

use super::Received;

/// Longer lines are nobody's.
const LINE_BYTES_MAX: u64 = 64 * 1024;

/// The next request; an error at the end of the connection.
pub(super) fn read(stream: &mut impl BufRead) -> io::Result<Received> {
    let first = line(stream)?;
    let mut words = first.split(' ');
    let (method, path) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    let (method, path) = (method.to_owned(), path.to_owned());
    let mut headers = Vec::new();
    loop {
        let line = line(stream)?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').ok_or(ErrorKind::InvalidData)?;
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length.map_or(Ok(0), |(_, value)| value.parse::<usize>());
    let mut body = vec![0; length.map_err(|_| ErrorKind::InvalidData)?];
    stream.read_exact(&mut body)?;
    Ok(Received { at: Instant::now(), method, path, headers, body, status: None })
}

fn line(stream: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    stream.take(LINE_BYTES_MAX).read_line(&mut line)?;
    match line.strip_suffix("\r\n") {
        Some(line) => Ok(line.to_owned()),
        None => Err(ErrorKind::UnexpectedEof.into()),
    }
}
