//! Phone numbers as people write them, read into E.164.
//!
//! A small table knows Chinese and North American numbers; of others the form alone is checked:
//! `+` and 7 to 15 digits. Whoever gives an extension is asked for another number, because nobody
//! could be reached by what is left without it. Chinese 400, 800 and 95xxx numbers are refused:
//! they are no customer's own, and abroad nobody can dial them; so are North American 900 numbers,
//! which charge whoever calls.

use crate::calendar::Calendar;

/// The fewest and the most digits behind the plus (ITU-T E.164).
const DIGITS_MIN: usize = 7;
const DIGITS_MAX: usize = 15;
/// Longest text that is looked at, in characters.
const CHARS_MAX: usize = 64;

/// Where numbers come from that are written without a country code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Region {
    /// The mainland of China, country code 86.
    China,
    /// Country code 1: the United States, Canada and parts of the Caribbean.
    NorthAmerica,
    /// Nowhere that we know: a number needs its country code.
    Elsewhere,
}

/// Cities that the zones of the United States and Canada are named for.
const NORTH_AMERICA: [&str; 42] = [
    "Adak",
    "Anchorage",
    "Atikokan",
    "Boise",
    "Cambridge_Bay",
    "Chicago",
    "Coral_Harbour",
    "Dawson",
    "Dawson_Creek",
    "Denver",
    "Detroit",
    "Edmonton",
    "Fort_Nelson",
    "Fort_Wayne",
    "Glace_Bay",
    "Goose_Bay",
    "Halifax",
    "Indianapolis",
    "Inuvik",
    "Iqaluit",
    "Juneau",
    "Los_Angeles",
    "Louisville",
    "Menominee",
    "Moncton",
    "Montreal",
    "New_York",
    "Nipigon",
    "Nome",
    "Pangnirtung",
    "Phoenix",
    "Puerto_Rico",
    "Rainy_River",
    "Rankin_Inlet",
    "Regina",
    "Shiprock",
    "Sitka",
    "St_Johns",
    "Toronto",
    "Vancouver",
    "Whitehorse",
    "Winnipeg",
];

impl Region {
    /// The one that goes with an IANA zone.
    pub fn of_zone(zone: &str) -> Region {
        if Calendar::of_zone(zone) == Calendar::China {
            return Region::China;
        }
        let is_american = match zone.split_once('/') {
            Some(("US" | "Canada", _)) => true,
            Some(("America", place)) => {
                let state = place.split('/').next().unwrap_or_default();
                NORTH_AMERICA.contains(&place)
                    || matches!(state, "Indiana" | "Kentucky" | "North_Dakota")
            }
            _ => matches!(zone, "Pacific/Honolulu" | "EST5EDT" | "CST6CDT" | "MST7MDT" | "PST8PDT"),
        };
        if is_american { Region::NorthAmerica } else { Region::Elsewhere }
    }
}

/// Why a text is no number that can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It holds no digit.
    Empty,
    /// It holds what no number has.
    Characters,
    /// It names an extension.
    Extension,
    /// It has fewer than 7 or more than 15 digits.
    Length,
    /// It says neither its country code nor, by where it comes from, which it has.
    Country,
    /// A Chinese landline without its area code.
    Area,
    /// No Chinese mobile has it and no landline.
    China,
    /// It breaks a rule of North American numbers.
    NorthAmerica,
    /// A service's, such as 400, 95xxx or 110, or one that charges its callers.
    Service,
}

/// Reads a number into E.164, such as `+8613800138000`.
pub fn e164(text: &str, region: Region) -> Result<String, Fault> {
    let written = plain(text)?;
    let (is_international, digits) = digits(&written, region);
    if digits.is_empty() {
        return Err(Fault::Empty);
    }
    let (code, national) = if is_international {
        if let Some(rest) = digits.strip_prefix("86") {
            ("86", china(rest)?)
        } else if let Some(rest) = digits.strip_prefix('1') {
            ("1", north_america(rest)?)
        } else {
            ("", elsewhere(&digits)?)
        }
    } else {
        match region {
            Region::China => ("86", china_at_home(&digits)?),
            Region::NorthAmerica if digits.len() == 11 => {
                ("1", north_america(digits.strip_prefix('1').ok_or(Fault::NorthAmerica)?)?)
            }
            Region::NorthAmerica => ("1", north_america(&digits)?),
            Region::Elsewhere => return Err(Fault::Country),
        }
    };
    Ok(format!("+{code}{national}"))
}

/// The digits, the plus and the brackets of what is written, in ASCII.
fn plain(text: &str) -> Result<String, Fault> {
    let text = text.trim();
    let rest = text.get(..4).filter(|it| it.eq_ignore_ascii_case("tel:"));
    let text = rest.and_then(|it| text.get(it.len()..)).unwrap_or(text);
    let mut plain = String::new();
    for (at, it) in text.chars().enumerate() {
        if CHARS_MAX <= at {
            return Err(Fault::Length);
        }
        match it {
            '0'..='9' | '(' | ')' => plain.push(it),
            '\u{ff10}'..='\u{ff19}' => plain.push(digit(it, 0xff10)),
            '\u{0660}'..='\u{0669}' => plain.push(digit(it, 0x0660)),
            '\u{06f0}'..='\u{06f9}' => plain.push(digit(it, 0x06f0)),
            '\u{ff08}' | '[' | '\u{3010}' => plain.push('('),
            '\u{ff09}' | ']' | '\u{3011}' => plain.push(')'),
            '+' | '\u{ff0b}' if !plain.contains(|it: char| it == '+' || it.is_ascii_digit()) => {
                plain.push('+');
            }
            '#' | '*' | ',' | ';' | '\u{ff03}' | '\u{8f6c}' | '\u{8f49}' | '\u{5206}'
            | '\u{ff0c}' | 'x' | 'X' | 'e' | 'E'
                if plain.contains(|it: char| it.is_ascii_digit()) =>
            {
                return Err(Fault::Extension);
            }
            _ if is_between(it) => {}
            _ => return Err(Fault::Characters),
        }
    }
    Ok(plain)
}

/// A digit of another script, of which `zero` is the first.
fn digit(it: char, zero: u32) -> char {
    char::from_digit(u32::from(it) - zero, 10).unwrap_or('0')
}

/// What people, and phones that copy a number, put between digits.
fn is_between(it: char) -> bool {
    it.is_whitespace()
        || matches!(
            it,
            '-' | '.' | '/' | '\u{00b7}' | '\u{30fb}' | '\u{ff0e}' | '\u{2022}' | '\u{3002}'
            // Dashes, in full width as well.
            | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff0d}' | '\u{fe63}'
            // What nobody sees: marks of direction, joiners, an order of bytes.
            | '\u{00ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
        )
}

/// Whether a country code leads them, and the digits from it on.
fn digits(written: &str, region: Region) -> (bool, String) {
    let only = |it: &str| -> String { it.chars().filter(char::is_ascii_digit).collect() };
    let all = only(written);
    let is_home = !written.contains('+');
    let from = match all.as_str() {
        _ if !is_home => Some(0),
        it if it.starts_with("00") => Some(2),
        it if it.starts_with("011") && region == Region::NorthAmerica => Some(3),
        // Nobody is called 86… at home: it is the country code, whose plus was left out.
        it if it.starts_with("86") && region == Region::China && 11 < it.len() => Some(0),
        _ => None,
    };
    let Some(from) = from else { return (false, all) };
    let code = all.get(from..).unwrap_or_default();
    // In `+44 (0)20` the zero is for those at home; Italy's is part of the number.
    if !code.starts_with("39")
        && let Some((before, after)) = written.split_once("(0)")
        && 1 < only(before).len().saturating_sub(from)
    {
        let whole = only(before) + &only(after);
        return (true, whole.get(from..).unwrap_or_default().to_owned());
    }
    (true, code.to_owned())
}

fn elsewhere(digits: &str) -> Result<&str, Fault> {
    if digits.starts_with('0') {
        return Err(Fault::Country);
    }
    let fits = (DIGITS_MIN..=DIGITS_MAX).contains(&digits.len());
    if fits { Ok(digits) } else { Err(Fault::Length) }
}

/// As it is dialled in China.
fn china_at_home(digits: &str) -> Result<&str, Fault> {
    let is_mobile = digits.len() == 11 && digits.starts_with('1');
    if digits.starts_with('0') || is_mobile || is_service(digits) {
        return china(digits);
    }
    // A zero leads to another city; without it these digits are the same city's own.
    Err(if matches!(digits.len(), 7 | 8) { Fault::Area } else { Fault::China })
}

/// What stands behind +86, or behind the zero of another city.
fn china(digits: &str) -> Result<&str, Fault> {
    let national = digits.strip_prefix('0').unwrap_or(digits);
    if is_service(national) {
        return Err(Fault::Service);
    }
    let bytes = national.as_bytes();
    let is_mobile = matches!(bytes, [b'1', b'3'..=b'9', rest @ ..] if rest.len() == 9);
    let subscriber = match bytes {
        [b'1', b'0', rest @ ..] | [b'2', _, rest @ ..] => rest,
        [b'3'..=b'9', _, _, rest @ ..] => rest,
        _ => &[],
    };
    let is_landline = matches!(subscriber, [b'2'..=b'9', rest @ ..] if matches!(rest.len(), 6 | 7));
    if is_mobile || is_landline { Ok(national) } else { Err(Fault::China) }
}

/// 110, 12345, 10086, 95588, 400 and 800.
fn is_service(digits: &str) -> bool {
    let is_short = (3..=6).contains(&digits.len());
    let is_firm = digits.starts_with("95") || digits.starts_with("96");
    let is_free = digits.starts_with("400") || digits.starts_with("800");
    is_short || is_firm && digits.len() <= 8 || is_free && digits.len() == 10
}

/// Ten digits: an area and an exchange, neither of which begins with 0 or 1 or is such as 911.
fn north_america(digits: &str) -> Result<&str, Fault> {
    let is_three = |it: &[u8]| matches!(it, [b'2'..=b'9', b, c] if (b, c) != (&b'1', &b'1'));
    match digits.as_bytes() {
        [b'9', b'0', b'0', rest @ ..] if rest.len() == 7 => Err(Fault::Service),
        [a, b, c, d, e, f, rest @ ..]
            if rest.len() == 4 && is_three(&[*a, *b, *c]) && is_three(&[*d, *e, *f]) =>
        {
            Ok(digits)
        }
        _ => Err(Fault::NorthAmerica),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(region: Region, table: &[(&str, Result<&str, Fault>)]) {
        for (text, expected) in table {
            let expected = expected.map(str::to_owned);
            assert_eq!(e164(text, region), expected, "{text:?} of {region:?}");
        }
    }

    #[test]
    fn chinese_numbers_are_read_in_every_shape() {
        let (mobile, beijing) = (Ok("+8613800138000"), Ok("+861065529988"));
        check(
            Region::China,
            &[
                ("13800138000", mobile),
                ("138 0013 8000", mobile),
                ("138-0013-8000", mobile),
                ("138.0013.8000", mobile),
                ("１３８ ００１３ ８０００", mobile),
                ("１３８－００１３－８０００", mobile),
                ("+86 138 0013 8000", mobile),
                ("＋８６（１３８）００１３８０００", mobile),
                ("(+86) 138 0013 8000", mobile),
                ("+86 (0)138 0013 8000", mobile),
                ("0086 138 0013 8000", mobile),
                ("00 86 13800138000", mobile),
                ("8613800138000", mobile),
                ("86-138-0013-8000", mobile),
                ("013800138000", mobile),
                ("tel:+86-138-0013-8000", mobile),
                ("\u{202d}+86 138 0013 8000\u{202c}", mobile),
                ("138\u{a0}0013\u{3000}8000", mobile),
                ("+86 (0)10-6552 9988", beijing),
                ("+86 10 6552 9988", beijing),
                ("+86 010 6552 9988", beijing),
                ("010-65529988", beijing),
                ("（010）6552-9988", beijing),
                ("(010) 6552 9988", beijing),
                ("0086-10-65529988", beijing),
                ("861065529988", beijing),
                ("021 5888 1234", Ok("+862158881234")),
                ("0755-8266 1234", Ok("+8675582661234")),
                ("0571 8765432", Ok("+865718765432")),
                ("0992-3456789", Ok("+869923456789")),
                ("19912345678", Ok("+8619912345678")),
                ("+1 212 555 0123", Ok("+12125550123")),
                ("+852 2123 4567", Ok("+85221234567")),
                ("00852 2123 4567", Ok("+85221234567")),
            ],
        );
    }

    #[test]
    fn what_is_no_chinese_number_says_why() {
        check(
            Region::China,
            &[
                ("", Err(Fault::Empty)),
                (" - ", Err(Fault::Empty)),
                ("+", Err(Fault::Empty)),
                ("65529988", Err(Fault::Area)),
                ("6552998", Err(Fault::Area)),
                ("1380013800", Err(Fault::China)),
                ("138001380000", Err(Fault::China)),
                ("12345678901", Err(Fault::China)),
                ("10065529988", Err(Fault::China)),
                ("010-655299888", Err(Fault::China)),
                ("010 1552 9988", Err(Fault::China)),
                ("0755-123", Err(Fault::Service)),
                ("110", Err(Fault::Service)),
                ("12345", Err(Fault::Service)),
                ("10086", Err(Fault::Service)),
                ("95588", Err(Fault::Service)),
                ("+86 95588", Err(Fault::Service)),
                ("95123456", Err(Fault::Service)),
                ("400-810-8888", Err(Fault::Service)),
                ("+86 400 810 8888", Err(Fault::Service)),
                ("800 810 8888", Err(Fault::Service)),
                ("+860", Err(Fault::China)),
                ("010-65529988-1234", Err(Fault::China)),
                ("010-65529988转801", Err(Fault::Extension)),
                ("010-65529988 分机 801", Err(Fault::Extension)),
                ("010-65529988#801", Err(Fault::Extension)),
                ("010-65529988 ext. 801", Err(Fault::Extension)),
                ("010-65529988,801", Err(Fault::Extension)),
                ("138OO138000", Err(Fault::Characters)),
                ("一三八〇〇一三八〇〇〇", Err(Fault::Characters)),
                ("138 0013 8000 李想", Err(Fault::Characters)),
                ("138+0013", Err(Fault::Characters)),
                ("++8613800138000", Err(Fault::Characters)),
                ("138\u{0}00138000", Err(Fault::Characters)),
            ],
        );
    }

    #[test]
    fn north_american_numbers_keep_to_their_plan() {
        let expected = Ok("+12125550123");
        check(
            Region::NorthAmerica,
            &[
                ("(212) 555-0123", expected),
                ("212.555.0123", expected),
                ("2125550123", expected),
                ("1-212-555-0123", expected),
                ("+1 (212) 555-0123", expected),
                ("001 212 555 0123", expected),
                ("011 86 138 0013 8000", Ok("+8613800138000")),
                ("+44 (0)20 7946 0958", Ok("+442079460958")),
                ("800 555 0199", Ok("+18005550199")),
                ("112 555 0123", Err(Fault::NorthAmerica)),
                ("012 555 0123", Err(Fault::NorthAmerica)),
                ("911 555 0123", Err(Fault::NorthAmerica)),
                ("212 155 0123", Err(Fault::NorthAmerica)),
                ("212 911 0123", Err(Fault::NorthAmerica)),
                ("555-0123", Err(Fault::NorthAmerica)),
                ("2 212 555 0123", Err(Fault::NorthAmerica)),
                ("+1 212 555 012", Err(Fault::NorthAmerica)),
                ("900 555 0123", Err(Fault::Service)),
                ("212 555 0123 x45", Err(Fault::Extension)),
            ],
        );
    }

    #[test]
    fn elsewhere_a_number_needs_its_country_code() {
        check(
            Region::Elsewhere,
            &[
                ("+49 30 901820", Ok("+4930901820")),
                ("0049 30 901820", Ok("+4930901820")),
                ("+39 06 698 12345", Ok("+390669812345")),
                ("+39 (0)6 698 12345", Ok("+390669812345")),
                ("+61 (0) 2 9876 5432", Ok("+61298765432")),
                ("+81・3・1234・5678", Ok("+81312345678")),
                ("+٩٧١ ٥٠ ١٢٣ ٤٥٦٧", Ok("+971501234567")),
                ("030 901820", Err(Fault::Country)),
                ("13800138000", Err(Fault::Country)),
                ("+0 30 901820", Err(Fault::Country)),
                ("+49 301", Err(Fault::Length)),
                ("+49 30 9018 2012 3456 78", Err(Fault::Length)),
                (&"+49".repeat(40), Err(Fault::Characters)),
                (&" ".repeat(99), Err(Fault::Empty)),
                (&format!("+49{}30901820", " ".repeat(99)), Err(Fault::Length)),
            ],
        );
    }

    #[test]
    fn zones_tell_the_region() {
        for (zone, region) in [
            ("Asia/Shanghai", Region::China),
            ("Asia/Urumqi", Region::China),
            ("America/New_York", Region::NorthAmerica),
            ("America/Indiana/Knox", Region::NorthAmerica),
            ("America/Argentina/Salta", Region::Elsewhere),
            ("Canada/Pacific", Region::NorthAmerica),
            ("Pacific/Honolulu", Region::NorthAmerica),
            ("America/Mexico_City", Region::Elsewhere),
            ("Asia/Hong_Kong", Region::Elsewhere),
            ("UTC", Region::Elsewhere),
        ] {
            assert_eq!(Region::of_zone(zone), region, "{zone}");
        }
        for city in NORTH_AMERICA {
            let zone = format!("America/{city}");
            assert!(crate::zone::Zone::parse(&zone).is_some(), "{zone}");
        }
    }

    /// Texts out of what numbers are made of, and of what they are not, at random from a seed.
    #[test]
    fn whatever_is_accepted_is_e164_and_reads_to_itself_again() {
        let parts: Vec<char> =
            "00112233445566778899+86+1 -.()（）１３８　＋０转x#٣۴\u{202d}\u{0}李a/"
                .chars()
                .collect();
        let starts = ["", "+86", "+1", "0086", "011", "13", "010", "+", "(0)", "+86(0)", "+39(0)"];
        let mut seed = 7_u64;
        let mut next = |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) as usize % below
        };
        let mut accepted = 0;
        for _ in 0..200_000 {
            let mut text = starts[next(starts.len())].to_owned();
            for _ in 0..next(18) {
                let digits = if next(4) == 0 { parts.len() } else { 20 };
                text.push(parts[next(digits)]);
            }
            for region in [Region::China, Region::NorthAmerica, Region::Elsewhere] {
                let Ok(number) = e164(&text, region) else { continue };
                accepted += 1;
                let digits = number.strip_prefix('+').unwrap();
                assert!((7..=15).contains(&digits.len()), "{text:?} {number}");
                assert!(digits.bytes().all(|it| it.is_ascii_digit()), "{text:?} {number}");
                assert!(!digits.starts_with('0'), "{text:?} {number}");
                for again in [Region::China, Region::NorthAmerica, Region::Elsewhere] {
                    assert_eq!(e164(&number, again).as_ref(), Ok(&number), "{text:?}");
                }
            }
        }
        assert!(10_000 < accepted, "{accepted}");
    }
}
