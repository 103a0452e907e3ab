//! Packs the time zones of 2015–2040 out of chrono-tz into `$OUT_DIR/zones.rs`.
//!
//! Linking chrono-tz would cost every component 962 kB; these years fit in a few tens of
//! kilobytes, because links and neighbours share one list of offsets. `src/zone.rs` explains
//! and reads the layout; `tests/zones.rs` compares every zone with chrono-tz.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use chrono::{DateTime, Offset as _, TimeZone as _};
use chrono_tz::{TZ_VARIANTS, Tz};

/// 2015-01-01T00:00:00Z in minutes since 1970: minute 0 of the table.
const START_MIN: i64 = 1_420_070_400 / 60;

/// 2040-12-31T23:59:00Z, the last minute that is looked at.
const LAST_MIN: i64 = 2_240_524_800 / 60 - 1;

const DAY_MIN: i64 = 24 * 60;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let path = Path::new(&env::var("OUT_DIR")?).join("zones.rs");
    Ok(fs::write(path, table()?)?)
}

/// The table as Rust source.
fn table() -> Result<String, Box<dyn Error>> {
    let mut zones: Vec<(&str, Tz)> = TZ_VARIANTS.iter().map(|tz| (tz.name(), *tz)).collect();
    // `Zone::parse` searches by halves.
    zones.sort_unstable_by_key(|(name, _)| *name);

    let mut names = String::new();
    let mut rows = String::new();
    let mut spans: Vec<u32> = Vec::new();
    let mut known: BTreeMap<Vec<u32>, usize> = BTreeMap::new();
    for (name, tz) in &zones {
        let list = spans_of(*tz)?;
        let len = list.len();
        let first = *known.entry(list).or_insert_with_key(|list| {
            spans.extend(list);
            spans.len() - len
        });
        names.push_str(name);
        writeln!(rows, "Row {{ name_end: {}, first: {first}, len: {len} }},", names.len())?;
    }

    let index = |wanted: &str| {
        zones.iter().position(|(name, _)| *name == wanted).ok_or(format!("no zone {wanted}"))
    };
    Ok(format!(
        "pub(super) const START_MIN: i64 = {START_MIN};\n\
         pub(super) const UTC: u16 = {};\n\
         pub(super) const SHANGHAI: u16 = {};\n\
         pub(super) static NAMES: &str = {names:?};\n\
         pub(super) static ROWS: [Row; {}] = [\n{rows}];\n\
         pub(super) static SPANS: [u32; {}] = {spans:?};\n",
        index("UTC")?,
        index("Asia/Shanghai")?,
        zones.len(),
        spans.len(),
    ))
}

/// Every offset of one zone with the minute from which it holds.
fn spans_of(tz: Tz) -> Result<Vec<u32>, Box<dyn Error>> {
    let mut minute = START_MIN;
    let mut spans = vec![pack(minute, offset_s(tz, minute)?)?];
    let mut last_change = START_MIN - 2 * DAY_MIN;
    while minute < LAST_MIN {
        // No zone changes its mind and back within a day.
        let next = LAST_MIN.min(minute + DAY_MIN);
        if offset_s(tz, next)? == offset_s(tz, minute)? {
            minute = next;
            continue;
        }
        minute = first_change(tz, minute, next)?;
        // `Zone::to_utc` looks one day to either side and expects one change at most.
        if minute - last_change < 2 * DAY_MIN {
            return Err(format!("{tz} changes twice within two days").into());
        }
        last_change = minute;
        spans.push(pack(minute, offset_s(tz, minute)?)?);
    }
    Ok(spans)
}

/// The first minute after `low` whose offset is another, given that `high`'s is.
fn first_change(tz: Tz, mut low: i64, mut high: i64) -> Result<i64, Box<dyn Error>> {
    let before = offset_s(tz, low)?;
    while low + 1 < high {
        let middle = i64::midpoint(low, high);
        if offset_s(tz, middle)? == before {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok(high)
}

fn offset_s(tz: Tz, minute: i64) -> Result<i32, Box<dyn Error>> {
    let at = DateTime::from_timestamp(minute * 60, 0).ok_or("minute out of range")?;
    Ok(tz.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc())
}

/// 24 bits of minutes since the start (they last until 2046), 8 bits of quarter hours.
fn pack(minute: i64, offset_s: i32) -> Result<u32, Box<dyn Error>> {
    if offset_s % 900 != 0 {
        return Err(format!("{offset_s} s is not a whole number of quarter hours").into());
    }
    let [quarters] = i8::try_from(offset_s / 900)?.to_be_bytes();
    let since_start = u32::try_from(minute - START_MIN)?;
    if since_start >> 24 != 0 {
        return Err("the years do not fit into 24 bits of minutes".into());
    }
    Ok(since_start << 8 | u32::from(quarters))
}
