//! Text as people write it: trimmed, counted in characters, free of control characters.

/// Why a text is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Fewer characters than asked for.
    TooShort,
    /// More characters than allowed.
    TooLong,
    /// A control character other than tab and line breaks.
    Control,
}

/// Trims `text` and checks its length in characters.
pub fn clean(text: &str, chars_min: usize, chars_max: usize) -> Result<&str, Fault> {
    let text = text.trim();
    if text.chars().any(|it| it.is_control() && !matches!(it, '\n' | '\r' | '\t')) {
        return Err(Fault::Control);
    }
    let chars = text.chars().count();
    if chars < chars_min {
        return Err(Fault::TooShort);
    }
    if chars_max < chars {
        return Err(Fault::TooLong);
    }
    Ok(text)
}

/// A text without what nobody sees: characters of no width, and those that turn its direction.
///
/// What joins the parts of an emoji or of a word stays, unless there is nothing else.
pub fn visible(text: &str) -> String {
    let is_hidden = |it: char| {
        matches!(it, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}' | '\u{ad}' | '\u{180e}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{e0000}'..='\u{e007f}')
    };
    let joins = |it: char| matches!(it, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}');
    let seen: String = text.chars().filter(|it| !is_hidden(*it)).collect();
    if seen.chars().all(|it| joins(it) || it.is_whitespace()) { String::new() } else { seen }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_counts_characters_and_not_bytes() {
        assert_eq!(clean("  回音  ", 1, 2), Ok("回音"));
        assert_eq!(clean("回音壁", 1, 2), Err(Fault::TooLong));
        assert_eq!(clean(" \u{3000} ", 1, 2), Err(Fault::TooShort));
        assert_eq!(clean("a\0b", 1, 9), Err(Fault::Control));
        assert_eq!(clean("a\r\n\tb", 1, 9), Ok("a\r\n\tb"));
    }

    #[test]
    fn what_nobody_sees_is_no_text() {
        assert_eq!(visible("投\u{200b}诉\u{feff}\u{202e}!"), "投诉!");
        assert_eq!(visible("👩\u{200d}👧 \u{2764}\u{fe0f}"), "👩\u{200d}👧 \u{2764}\u{fe0f}");
        assert_eq!(visible(" \u{200d}\u{200b}\n\u{fe0f}"), "");
        assert_eq!(visible("a\0b"), "a\0b", "control characters are refused and not hidden");
    }
}
