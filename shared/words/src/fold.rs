//! One spelling for what people type in many: width, case and spaces; and classes of characters.

/// The half-width form of a full-width character, a plain space or dash for its variants.
///
/// Source: Unicode block "Halfwidth and Fullwidth Forms"; U+FF01 to U+FF5E repeat ASCII in order.
pub fn narrow(it: char) -> char {
    match it {
        '\u{ff01}'..='\u{ff5e}' => shifted(it, -0xfee0),
        '\u{3000}' | '\u{a0}' | '\u{2002}'..='\u{200a}' | '\u{202f}' => ' ',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{2018}' | '\u{2019}' => '\'',
        _ => it,
    }
}

/// `it` in lower case, for Latin-1, Greek and Cyrillic.
///
/// Arithmetic and not `char::to_lowercase`, whose tables would weigh more than this crate's code;
/// always one character for one, so positions stay the same.
pub fn lower(it: char) -> char {
    match it {
        'A'..='Z' => it.to_ascii_lowercase(),
        '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{de}' => shifted(it, 32),
        '\u{391}'..='\u{3a1}' | '\u{3a3}'..='\u{3a9}' | '\u{410}'..='\u{42f}' => shifted(it, 32),
        '\u{400}'..='\u{40f}' => shifted(it, 80),
        _ => it,
    }
}

fn shifted(it: char, by: i32) -> char {
    u32::from(it).checked_add_signed(by).and_then(char::from_u32).unwrap_or(it)
}

/// `text` in half width and lower case, with one space for each run of white space and none at
/// the ends. Characters that show nothing are dropped; digits and punctuation are kept.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut is_apart = false;
    for it in text.chars().filter(|it| !is_invisible(*it)).map(|it| lower(narrow(it))) {
        if it.is_whitespace() {
            is_apart = true;
            continue;
        }
        if is_apart && !folded.is_empty() {
            folded.push(' ');
        }
        is_apart = false;
        folded.push(it);
    }
    folded
}

/// Whether `it` is a Chinese character.
///
/// Source: Unicode blocks "CJK Unified Ideographs" and extensions A to H, the compatibility
/// ideographs, and the two marks that stand for a character (々 and 〇).
pub fn is_han(it: char) -> bool {
    matches!(it,
        '\u{4e00}'..='\u{9fff}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{323af}'
        | '\u{3005}'
        | '\u{3007}')
}

/// Whether `it` is a letter of a script that puts spaces between words.
pub fn is_letter(it: char) -> bool {
    it.is_ascii_alphabetic() || (!it.is_ascii() && it.is_alphabetic() && !is_han(it))
}

/// Whether `it` shows nothing: joiners, marks of direction, selectors of a variant, the byte
/// order mark.
pub fn is_invisible(it: char) -> bool {
    matches!(it,
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_stands_for_all() {
        let cases = [
            ("", ""),
            (" \u{3000}\t ", ""),
            ("ＡＢＣ　１２３！", "abc 123!"),
            ("  很好  \r\n 不错 ", "很好 不错"),
            ("ÀÉ×ß ΑΩ ЖЁ", "àé×ß αω жё"),
            ("a\u{200b}b\u{feff}", "ab"),
            ("don’t – wait", "don't - wait"),
            ("2023年5月", "2023年5月"),
            ("，。！", ",。!"),
        ];
        for (text, folded) in cases {
            assert_eq!(fold(text), folded, "{text:?}");
            assert_eq!(fold(folded), folded, "twice: {text:?}");
        }
    }

    #[test]
    fn a_character_has_one_class() {
        for it in "汉字々〇㐀\u{20000}".chars() {
            assert!(is_han(it) && !is_letter(it), "{it}");
        }
        for it in "aZéßяあ한".chars() {
            assert!(is_letter(it) && !is_han(it), "{it}");
        }
        for it in "1，。 !😀".chars() {
            assert!(!is_letter(it) && !is_han(it), "{it}");
        }
    }
}
