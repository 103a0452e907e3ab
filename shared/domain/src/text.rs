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

/// Whether a text shows nothing: spaces, and characters that have no width or only steer others.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|it| {
        it.is_whitespace()
            || it.is_control()
            || matches!(it, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}'
                | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
                | '\u{e0000}'..='\u{e007f}')
    })
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
    fn what_shows_nothing_is_blank() {
        for blank in ["", " \u{3000}\n", "\u{200b}\u{200d}\u{feff}", "\u{202e}\u{2066}", "\u{3164}"] {
            assert!(is_blank(blank), "{blank:?}");
        }
        for shown in ["a", "回", "😡", "?", "\u{200b}a", "1"] {
            assert!(!is_blank(shown), "{shown:?}");
        }
    }
}
