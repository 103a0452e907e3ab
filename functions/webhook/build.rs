//! Puts the catalogue of events together and packs it, and lists the names of its types.

#[path = "catalogue/expand.rs"]
mod expand;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::{env, fs, io};

/// The least bytes that are worth a repetition.
const WORTH: usize = 4;
/// The most places that are looked at for the longest one.
const PLACES_MAX: usize = 2_000;

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=catalogue");
    let out = env::var_os("OUT_DIR").map(PathBuf::from).ok_or(io::ErrorKind::NotFound)?;
    let document = expand::document().map_err(io::Error::other)?;
    let mut types = String::new();
    for (kind, _) in document.get("webhooks").and_then(|it| it.as_object()).into_iter().flatten() {
        types.push_str(kind);
        types.push('\n');
    }
    fs::write(out.join("types.txt"), types)?;
    fs::write(out.join("catalogue.packed"), pack(document.to_string().as_bytes()))
}

/// Packs a text as `src/packed.rs` reads it: what stood before is named by its place.
fn pack(text: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    let mut places: BTreeMap<&[u8], Vec<usize>> = BTreeMap::new();
    let (mut at, mut plain_from) = (0, 0);
    while at < text.len() {
        let (length, back) = longest(text, at, &places);
        // One that begins a byte later may be longer.
        let is_worth = WORTH <= length && longest(text, at + 1, &places).0 <= length + 1;
        let step = if is_worth { length } else { 1 };
        if is_worth {
            write(&mut packed, text.get(plain_from..at).unwrap_or_default(), (length, back));
            plain_from = at + length;
        }
        for place in at..at + step {
            if let Some(key) = text.get(place..place + WORTH) {
                places.entry(key).or_default().push(place);
            }
        }
        at += step;
    }
    write(&mut packed, text.get(plain_from..).unwrap_or_default(), (0, 0));
    packed
}

/// The longest repetition of what comes at a place, and how far back it began.
fn longest(text: &[u8], at: usize, places: &BTreeMap<&[u8], Vec<usize>>) -> (usize, usize) {
    let known = text.get(at..at + WORTH).and_then(|it| places.get(it));
    let mut best = (0, 0);
    for place in known.into_iter().flatten().rev().take(PLACES_MAX) {
        let both = text.iter().skip(at).zip(text.iter().skip(*place));
        let length = both.take_while(|(a, b)| a == b).count();
        if best.0 < length {
            best = (length, at - place);
        }
    }
    best
}

fn write(packed: &mut Vec<u8>, plain: &[u8], (length, back): (usize, usize)) {
    number(packed, plain.len());
    packed.extend_from_slice(plain);
    number(packed, length);
    number(packed, back);
}

fn number(packed: &mut Vec<u8>, number: usize) {
    let mut rest = number;
    while 127 < rest {
        packed.push(u8::try_from(rest & 127).unwrap_or(0) | 128);
        rest >>= 7;
    }
    packed.push(u8::try_from(rest).unwrap_or(0));
}
