//! What a text looks like to a linear model: a set of hashed n-grams.
//!
//! Han characters give n-grams of one to two or three characters, because Chinese has no
//! spaces and a dictionary would weigh megabytes; other scripts give words, pairs of words and
//! pieces of words, so that "delays" is close to "delayed". Only presence counts, not how
//! often (binary features: Wang and Manning, "Baselines and Bigrams", ACL 2012).

use super::fold::{is_han, lower, narrow};

/// Characters of a text that are looked at; the rest of a longer one is ignored.
pub const MAX_CHARS: usize = 2_000;

/// Characters of a word that count; nothing shorter than this is cut in any language.
const MAX_WORD: usize = 32;

/// Letters in a piece of a word.
const PIECE: usize = 4;

/// The distinct features of `text` in ascending order; `grams` is the longest run of Han
/// characters that makes one, 1 to 3.
#[must_use]
pub fn features(text: &str, grams: u8) -> Vec<u32> {
    let mut reader = Reader { grams, ..Reader::default() };
    for c in fold(text).take(MAX_CHARS) {
        reader.read(c);
    }
    reader.end_word();
    let mut found = reader.found;
    found.sort_unstable();
    found.dedup();
    found
}

/// `text` in lower case, full-width ASCII narrowed, each run of digits as `0` and each run of
/// white space as one blank.
fn fold(text: &str) -> impl Iterator<Item = char> + '_ {
    let mut before = ' ';
    text.chars().map(|c| lower(narrow(c))).filter_map(move |c| {
        let c = match c {
            c if c.is_whitespace() => ' ',
            c if c.is_ascii_digit() => '0',
            c => c,
        };
        let again = (c == ' ' || c == '0') && c == before;
        before = c;
        (!again).then_some(c)
    })
}

/// Whether `c` says something on its own: "!", "?" and pictographs do, a comma does not.
fn is_telling(c: char) -> bool {
    matches!(c, '!' | '?') || (u32::from(c) >= 0x2600 && !matches!(u32::from(c), 0x3000..=0x303f))
}

/// Reads folded characters one by one and collects features.
#[derive(Default)]
struct Reader {
    grams: u8,
    found: Vec<u32>,
    /// The characters of the run before this one, the nearest first.
    run: [Option<char>; 2],
    word: Vec<char>,
    word_before: Option<u32>,
}

impl Reader {
    fn read(&mut self, c: char) {
        // A number among Han characters counts as one of them: "0天" is telling.
        if is_han(c) || (c == '0' && self.word.is_empty()) {
            self.end_word();
            self.word_before = None;
            self.read_han(c);
            return;
        }
        self.run = [None; 2];
        if c.is_alphanumeric() || (c == '\'' && !self.word.is_empty()) {
            if self.word.len() < MAX_WORD {
                self.word.push(c);
            }
            return;
        }
        self.end_word();
        if c != ' ' {
            self.word_before = None;
        }
        if is_telling(c) {
            self.found.push(hash(Kind::Mark, [c]));
        }
    }

    fn read_han(&mut self, c: char) {
        let [near, far] = self.run;
        self.found.push(hash(Kind::Han, [c]));
        if let Some(near) = near.filter(|_| self.grams >= 2) {
            self.found.push(hash(Kind::Han, [near, c]));
            if let Some(far) = far.filter(|_| self.grams >= 3) {
                self.found.push(hash(Kind::Han, [far, near, c]));
            }
        }
        self.run = [Some(c), near];
    }

    fn end_word(&mut self) {
        if self.word.is_empty() {
            return;
        }
        let whole = hash(Kind::Word, self.word.iter().copied());
        self.found.push(whole);
        if let Some(before) = self.word_before {
            self.found.push(before.rotate_left(7) ^ whole);
        }
        // The start of a word tells more than its end, in the languages that inflect there.
        if self.word.len() > PIECE {
            self.found.push(hash(Kind::Piece, self.word.iter().take(PIECE).copied()));
        }
        self.word_before = Some(whole);
        self.word.clear();
    }
}

/// What a hash stands for, so that a word and a piece of another do not share one.
#[derive(Clone, Copy)]
enum Kind {
    Han = 1,
    Mark = 2,
    Word = 3,
    Piece = 4,
}

/// FNV-1a over the code points, with the mixing step of `MurmurHash3` at the end, because
/// FNV leaves the upper bits of short keys alike.
fn hash(kind: Kind, chars: impl IntoIterator<Item = char>) -> u32 {
    const PRIME: u32 = 0x0100_0193;
    let mut h = (0x811c_9dc5 ^ kind as u32).wrapping_mul(PRIME);
    for c in chars {
        h = (h ^ u32::from(c)).wrapping_mul(PRIME);
    }
    h = (h ^ (h >> 16)).wrapping_mul(0x85eb_ca6b);
    h = (h ^ (h >> 13)).wrapping_mul(0xc2b2_ae35);
    h ^ (h >> 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writing_the_same_thing_otherwise_changes_no_feature() {
        let plain = features("wifi 0 bad! 等了0分钟", 2);
        assert_eq!(features("ＷＩＦＩ 23　bad！\n等了１２３分钟", 2), plain);
    }

    #[test]
    fn a_run_of_three_characters_has_six_features_and_a_comma_breaks_it() {
        assert_eq!(features("很好吃", 3).len(), 6);
        assert_eq!(features("很好吃", 2).len(), 5);
        assert_eq!(features("很，好，吃", 3).len(), 3);
    }

    #[test]
    fn not_good_differs_from_good_by_more_than_one_word() {
        let good = features("good", 2);
        let not_good = features("not good", 2);
        assert_eq!(not_good.len(), good.len() + 2);
        assert_eq!(features("not. good", 2).len(), good.len() + 1);
    }

    #[test]
    fn repeating_a_text_adds_no_feature_but_the_seam() {
        assert_eq!(features("好吃", 2).len() + 1, features("好吃好吃", 2).len());
    }

    #[test]
    fn what_stands_after_the_limit_is_not_read() {
        let long = "好".repeat(MAX_CHARS);
        assert_eq!(features(&format!("{long}坏"), 2), features(&long, 2));
    }
}
