//! Packs the time zones of 2015–2040 out of chrono-tz into `$OUT_DIR/zones.rs`.
//!
//! Linking chrono-tz would cost every component 962 kB; these years fit in a few kilobytes,
//! because links and neighbours share one list of offsets, and where clocks go on changing on
//! the same Sundays every year, a rule says so. `src/zone.rs` explains and reads the layout;
//! `tests/zones.rs` compares every zone with chrono-tz.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use chrono::{DateTime, Datelike as _, NaiveDate, Offset as _, TimeDelta, TimeZone as _};
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
    // Neighbours begin alike.
    zones.sort_unstable_by_key(|(name, _)| *name);

    let mut names: Vec<u8> = Vec::new();
    let mut before = "";
    let mut of = Vec::new();
    let mut histories = String::new();
    let mut spans: Vec<u32> = Vec::new();
    let mut known: Vec<Vec<u32>> = Vec::new();
    // The first one is none.
    let mut rules: Vec<[Yearly; 2]> = vec![[Yearly::default(); 2]];
    for (name, tz) in &zones {
        push_name(&mut names, before, name)?;
        before = name;
        let list = spans_of(*tz)?;
        let at = known.iter().position(|it| *it == list).unwrap_or(known.len());
        of.push(u8::try_from(at)?);
        if at < known.len() {
            continue;
        }
        let (len, rule) = tail(&list).unwrap_or((list.len(), [Yearly::default(); 2]));
        let rule_at = rules.iter().position(|it| *it == rule).unwrap_or(rules.len());
        if rule_at == rules.len() {
            rules.push(rule);
        }
        let first = spans.len();
        spans.extend(list.iter().take(len));
        known.push(list);
        writeln!(histories, "History {{ first: {first}, len: {len}, rule: {rule_at} }},")?;
    }

    let index = |wanted: &str| {
        zones.iter().position(|(name, _)| *name == wanted).ok_or(format!("no zone {wanted}"))
    };
    Ok(format!(
        "pub(super) const START_MIN: i64 = {START_MIN};\n\
         pub(super) const LAST_MIN: i64 = {LAST_MIN};\n\
         pub(super) const UTC: u16 = {};\n\
         pub(super) const SHANGHAI: u16 = {};\n\
         pub(super) static NAMES: [u8; {}] = {names:?};\n\
         pub(super) static OF: [u8; {}] = {of:?};\n\
         pub(super) static HISTORIES: [History; {}] = [\n{histories}];\n\
         pub(super) static SPANS: [u32; {}] = {spans:?};\n\
         pub(super) static RULES: [[Yearly; 2]; {}] = {rules:?};\n",
        index("UTC")?,
        index("Asia/Shanghai")?,
        names.len(),
        of.len(),
        known.len(),
        spans.len(),
        rules.len(),
    ))
}

/// Adds a name: how many bytes it shares with the one before, and the others, the last of them
/// marked by its highest bit.
fn push_name(names: &mut Vec<u8>, before: &str, name: &str) -> Result<(), Box<dyn Error>> {
    let shared = before.bytes().zip(name.bytes()).take_while(|(a, b)| a == b).count();
    names.push(u8::try_from(shared)?);
    names.extend(name.bytes().skip(shared));
    match names.last_mut() {
        Some(last) if name.is_ascii() && shared < name.len() => *last |= 128,
        _ => return Err(format!("{name} cannot be packed").into()),
    }
    Ok(())
}

/// A change of every year: on the first such weekday on or after a day, which is counted from
/// the first of a month and may lie before it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Yearly {
    month: u8,
    day: i8,
    weekday: u8,
    minute: u16,
    quarters: i8,
}

impl Yearly {
    /// The rule of these changes, if there is one: a minute since 1970 and an offset each.
    fn of(changes: &[(i64, i8)]) -> Option<Yearly> {
        let days: Vec<NaiveDate> = changes.iter().filter_map(|it| date(it.0)).collect();
        let (first, quarters) = (*days.first()?, changes.first()?.1);
        let minute = changes.first()?.0.rem_euclid(DAY_MIN);
        let is_same =
            changes.iter().all(|it| it.0.rem_euclid(DAY_MIN) == minute && it.1 == quarters);
        let weekday = first.weekday();
        if !is_same || days.iter().any(|it| it.weekday() != weekday) {
            return None;
        }
        // A change may be in the last days of one month in some years.
        [first.month(), first.month() % 12 + 1].into_iter().find_map(|month| {
            let begin = |it: &NaiveDate| NaiveDate::from_ymd_opt(it.year(), month, 1);
            let from_first = |it: &NaiveDate| Some((*it - begin(it)?).num_days());
            let from_first: Option<Vec<i64>> = days.iter().map(from_first).collect();
            let from_first = from_first?;
            let (least, most) = (*from_first.iter().min()?, *from_first.iter().max()?);
            (most - least < 7).then_some(Yearly {
                month: u8::try_from(month).ok()?,
                day: i8::try_from(least).ok()?,
                weekday: u8::try_from(weekday.num_days_from_monday()).ok()?,
                minute: u16::try_from(minute).ok()?,
                quarters,
            })
        })
    }

    /// When it is in a year.
    fn minute(self, year: i32) -> Option<i64> {
        let begin = NaiveDate::from_ymd_opt(year, self.month.into(), 1)?;
        let day = begin + TimeDelta::days(self.day.into());
        let ahead = i64::from(self.weekday) - i64::from(day.weekday().num_days_from_monday());
        let day = day + TimeDelta::days(ahead.rem_euclid(7));
        Some((day - DateTime::UNIX_EPOCH.date_naive()).num_minutes() + i64::from(self.minute))
    }
}

fn date(minute: i64) -> Option<NaiveDate> {
    DateTime::from_timestamp(minute * 60, 0).map(|it| it.date_naive())
}

/// How many spans have to be told one by one, and the two changes of every year that follow.
fn tail(list: &[u32]) -> Option<(usize, [Yearly; 2])> {
    let unpack = |it: &u32| {
        let [.., quarters] = it.to_be_bytes();
        (i64::from(it >> 8) + START_MIN, i8::from_be_bytes([quarters]))
    };
    (1..list.len().saturating_sub(3)).find_map(|len| {
        let rest: Vec<(i64, i8)> = list.iter().skip(len).map(unpack).collect();
        let every_other = |from| rest.iter().skip(from).step_by(2).copied().collect::<Vec<_>>();
        let rule = [Yearly::of(&every_other(0))?, Yearly::of(&every_other(1))?];
        let last = unpack(list.get(len - 1)?).0;
        let years = date(last)?.year()..=date(LAST_MIN)?.year();
        let mut again = Vec::new();
        for it in years.flat_map(|year| rule.map(|it| Some((it.minute(year)?, it.quarters)))) {
            again.extend(it.filter(|it| last < it.0 && it.0 <= LAST_MIN));
        }
        again.sort_unstable();
        (again == rest).then_some((len, rule))
    })
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
