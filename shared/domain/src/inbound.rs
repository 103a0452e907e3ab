//! What other systems tell us: how they prove who they are, and what becomes of it.

use crate::UtcMs;
use crate::civil::DAY_MS;

/// How a source signs.
pub const SCHEMES: [&str; 4] = ["standard", "stripe", "github", "token"];

/// The states of a message.
pub const STATES: [&str; 4] = ["new", "mapped", "ignored", "failed"];

/// How long a secret that was replaced is still good.
pub const OVERLAP_MS: UtcMs = DAY_MS;

/// How long a message is kept.
pub const KEPT_DAYS: UtcMs = 30;

/// How long one is kept that failed, so that there is time to mend its rules.
pub const KEPT_FAILED_DAYS: UtcMs = 90;

/// The largest amount, in the smallest unit: a thousand of them still add up exactly.
pub const AMOUNT_MAX: i64 = 1_000_000_000_000;

/// What a message becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// An order that a customer completed.
    Order,
    /// Something that a customer asks to be done.
    Ticket,
    /// Something that a customer says.
    Message,
    /// A response to a survey.
    Rating,
    /// A count or a duration.
    Measurement,
}

impl Target {
    /// Every target.
    pub const ALL: [Target; 5] =
        [Target::Order, Target::Ticket, Target::Message, Target::Rating, Target::Measurement];
    /// Their names, in the same order.
    pub const NAMES: [&str; 5] = ["order", "ticket", "message", "rating", "measurement"];

    /// The target of a name.
    pub fn parse(name: &str) -> Option<Target> {
        Target::ALL.into_iter().find(|it| it.name() == name)
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Target::Order => "order",
            Target::Ticket => "ticket",
            Target::Message => "message",
            Target::Rating => "rating",
            Target::Measurement => "measurement",
        }
    }

    /// Its fields, each with whether it must be mapped. A rating has `answers.…` beside them.
    pub const fn fields(self) -> &'static [(&'static str, bool)] {
        match self {
            Target::Order => &[
                ("external_id", true),
                ("customer", true),
                ("amount", true),
                ("currency", true),
                ("completed_at", true),
                ("channel", false),
                ("touchpoint_id", false),
            ],
            Target::Ticket | Target::Message => &[
                ("external_id", true),
                ("text", true),
                ("customer", false),
                ("channel", false),
                ("touchpoint_id", false),
                ("subject", false),
                ("created_at", false),
            ],
            Target::Rating => &[
                ("survey_id", true),
                ("customer", false),
                ("agent_id", false),
                ("channel", false),
                ("answered_at", false),
                ("external_id", false),
            ],
            Target::Measurement => &[
                ("name", true),
                ("at", false),
                ("seconds", false),
                ("count", false),
                ("touchpoint_id", false),
                ("channel", false),
                ("agent_id", false),
                ("key", false),
            ],
        }
    }
}

/// Until when a message is kept that came then.
pub fn kept_until(received_at: UtcMs, has_failed: bool) -> UtcMs {
    received_at + DAY_MS * if has_failed { KEPT_FAILED_DAYS } else { KEPT_DAYS }
}

/// A currency: three capital letters (ISO 4217).
pub fn is_currency(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|it| it.is_ascii_uppercase())
}

/// Whether a text is a JSON Pointer (RFC 6901), or one into the whole, `^/…`.
pub fn is_pointer(text: &str) -> bool {
    let text = text.strip_prefix('^').unwrap_or(text);
    let escapes = text.split('~').skip(1).all(|it| it.starts_with(['0', '1']));
    (text.is_empty() || text.starts_with('/')) && escapes
}

/// An instant that other systems write as a number: seconds since 1970, or milliseconds where
/// seconds would be thousands of years away.
pub fn instant(number: i64) -> Option<UtcMs> {
    const MILLISECONDS_FROM: i64 = 100_000_000_000;
    match number {
        0..MILLISECONDS_FROM => Some(number * 1000),
        MILLISECONDS_FROM..=4_102_444_800_000 => Some(number),
        _ => None,
    }
}

/// A decimal number times a scale, written without an exponent: exactly, or not at all.
pub fn scaled(text: &str, scale: &str) -> Option<String> {
    let (number, decimals) = decimal(text)?;
    let (scale, more) = decimal(scale)?;
    let mut product = number.checked_mul(scale)?;
    let mut decimals = decimals + more;
    while 0 < decimals && product % 10 == 0 {
        product /= 10;
        decimals -= 1;
    }
    let sign = if product < 0 { "-" } else { "" };
    let digits = product.unsigned_abs().to_string();
    let digits = format!("{digits:0>width$}", width = decimals + 1);
    let (whole, fraction) = digits.split_at_checked(digits.len() - decimals)?;
    let point = if fraction.is_empty() { "" } else { "." };
    Some([sign, whole, point, fraction].concat())
}

/// The digits of a decimal number, and how many of them stand behind the point.
fn decimal(text: &str) -> Option<(i128, usize)> {
    const DIGITS_MAX: usize = 18;
    let text = text.trim();
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_number = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) || DIGITS_MAX < whole.len() + fraction.len() {
        return None;
    }
    let number: i128 = [whole, fraction].concat().parse().ok()?;
    Some((if digits.len() < text.len() { -number } else { number }, fraction.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_targets_agree() {
        for (target, name) in Target::ALL.into_iter().zip(Target::NAMES) {
            assert_eq!((target.name(), Target::parse(name)), (name, Some(target)));
        }
        assert_eq!(Target::parse("refund"), None);
    }

    #[test]
    fn pointers_begin_with_a_slash_and_escape_in_two_ways() {
        for right in ["", "/", "/a", "/a/0", "/a~1b", "/m~0n", "/中/文", "^", "^/a", "//"] {
            assert!(is_pointer(right), "{right:?}");
        }
        for wrong in ["a", "a/b", "/a~", "/a~2", "~0", "#/a", "^a", "^^/a", "$.a", "/~~0"] {
            assert!(!is_pointer(wrong), "{wrong:?}");
        }
    }

    #[test]
    fn amounts_are_scaled_exactly() {
        for (text, scale, expected) in [
            ("12.34", "100", Some("1234")),
            ("0.29", "100", Some("29")),
            ("1.005", "1000", Some("1005")),
            ("12.345", "100", Some("1234.5")),
            ("12", "100", Some("1200")),
            ("-0.5", "100", Some("-50")),
            ("1500", "0.001", Some("1.5")),
            ("7", "0.001", Some("0.007")),
            ("0", "100", Some("0")),
            (" 8.00 ", "1", Some("8")),
            ("1e3", "100", None),
            ("1,200.00", "100", None),
            ("", "100", None),
            (".5", "100", None),
            ("5.", "100", None),
            ("99999999999999999.99", "100", None),
        ] {
            assert_eq!(scaled(text, scale).as_deref(), expected, "{text} × {scale}");
        }
    }

    #[test]
    fn numbers_are_seconds_or_milliseconds() {
        assert_eq!(instant(1_795_311_000), Some(1_795_311_000_000));
        assert_eq!(instant(1_795_311_000_000), Some(1_795_311_000_000));
        assert_eq!((instant(-1), instant(i64::MAX)), (None, None));
    }

    #[test]
    fn currencies_are_three_capitals() {
        assert!(is_currency("CNY") && is_currency("USD"));
        for wrong in ["", "cny", "CNYX", "¥", "C1Y"] {
            assert!(!is_currency(wrong), "{wrong}");
        }
    }
}
