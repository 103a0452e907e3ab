//! Ticket numbers (服务单号): short, dated, not guessable, and safe to say on the phone.
//!
//! `261122-7KQ2M-X`: the day at the site, five characters out of 25 random bits, and one that
//! shows a slip of the tongue (Luhn's method modulo 32, as ISO/IEC 7812 has it modulo 10).

use crate::civil::civil;

/// Crockford's alphabet in capitals.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A new number for a day at the site.
pub fn number(day: i32, random: [u8; 16]) -> String {
    let (year, month, of_month) = civil(day);
    let mut text = String::with_capacity(14);
    for part in [year.rem_euclid(100), i32::from(month), i32::from(of_month)] {
        text.push(char::from_digit(part.unsigned_abs() / 10, 10).unwrap_or('0'));
        text.push(char::from_digit(part.unsigned_abs() % 10, 10).unwrap_or('0'));
    }
    text.push('-');
    let bits = u128::from_be_bytes(random);
    for place in 0..5 {
        text.push(letter(u32::try_from(bits >> (place * 5) & 31).unwrap_or(0)));
    }
    let check = check(&text);
    text.push('-');
    text.push(letter(check));
    text
}

/// A number as it was meant: small letters, missing hyphens, and `o`, `i`, `l` read as they look.
/// `None` if its check character says that something else is wrong.
pub fn parse(text: &str) -> Option<String> {
    let mut digits = String::with_capacity(14);
    for it in text.chars().filter(|it| !matches!(it, '-' | ' ' | '\u{2013}')) {
        let it = match it.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            it => it,
        };
        value(it)?;
        digits.push(it);
        if matches!(digits.len(), 6 | 12) {
            digits.push('-');
        }
    }
    let (rest, last) = digits.split_at_checked(12)?;
    let last = last.strip_prefix('-')?;
    if last.len() == 1 && last.chars().next().and_then(value) == Some(check(rest)) {
        Some(digits)
    } else {
        None
    }
}

/// The check character's value: every other one counts twice, from the right.
fn check(text: &str) -> u32 {
    let mut sum = 0;
    for (at, value) in text.chars().rev().filter_map(value).enumerate() {
        let part = if at % 2 == 0 { value * 2 } else { value };
        sum += part / 32 + part % 32;
    }
    (32 - sum % 32) % 32
}

fn letter(value: u32) -> char {
    let at = usize::try_from(value).unwrap_or(0);
    char::from(ALPHABET.get(at).copied().unwrap_or(b'0'))
}

fn value(letter: char) -> Option<u32> {
    let at = ALPHABET.iter().position(|it| char::from(*it) == letter)?;
    u32::try_from(at).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some() -> String {
        number(crate::civil::parse_date("2026-11-22").unwrap(), *b"0123456789abcdef")
    }

    #[test]
    fn a_number_is_dated_and_reads_back_however_it_is_typed() {
        let it = some();
        assert!(it.starts_with("261122-"), "{it}");
        assert_eq!(it.len(), 14, "{it}");
        assert_eq!(parse(&it).as_deref(), Some(it.as_str()));
        assert_eq!(parse(&it.to_lowercase().replace('-', " ")).as_deref(), Some(it.as_str()));
        assert_eq!(parse(&it.replace('1', "l").replace('0', "o")).as_deref(), Some(it.as_str()));
    }

    #[test]
    fn any_wrong_character_shows() {
        let it = some();
        for (at, was) in it.char_indices().filter(|(_, it)| *it != '-') {
            for other in ALPHABET.iter().map(|it| char::from(*it)).filter(|it| *it != was) {
                let mut wrong = it.clone();
                wrong.replace_range(at..=at, &other.to_string());
                assert_eq!(parse(&wrong), None, "{wrong}");
            }
        }
        for wrong in ["", "261122", "261122-7KQ2M", "261122-7KQ2M-XX", "何时", "261122-7U"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
