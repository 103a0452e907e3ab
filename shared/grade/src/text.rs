//! A text as rules see it: one spelling for what people type in many, cut into clauses and
//! sentences, with the way back to the text as given.

use crate::fold::{is_han, is_invisible, is_letter, lower, narrow};
use crate::simple::simple;

/// What a Han character, a figure and a word of a spaced language are apart, in units.
const WORD_UNITS: u32 = 2;

/// Characters of a clause at most: a text without any comma must not cost more than others.
const CLAUSE_MAX: u32 = 120;

/// One folded character.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At {
    /// The character.
    pub(crate) it: char,
    /// Its place in the text as given.
    pub(crate) place: u32,
    /// How far from the beginning, in units.
    pub(crate) unit: u32,
    /// The clause it is in.
    pub(crate) clause: u32,
    /// The sentence it is in.
    pub(crate) sentence: u32,
}

/// A folded text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Text {
    /// Its characters.
    pub(crate) chars: Vec<At>,
}

/// Letters and figures of scripts with spaces.
#[inline]
pub(crate) fn is_wordy(it: char) -> bool {
    it.is_ascii_alphanumeric() || (!it.is_ascii() && !is_han(it) && is_letter(it))
}

/// What one of the characters becomes; `None` shows nothing.
fn spelled(it: char) -> Option<char> {
    // The two that nearly all texts are of, on a short way.
    if it.is_ascii() {
        return match it {
            '\0' => None,
            '\n' | '\r' => Some('\n'),
            it if it.is_ascii_control() => Some(' '),
            it => Some(it.to_ascii_lowercase()),
        };
    }
    if ('\u{4e00}'..='\u{9fff}').contains(&it) {
        return Some(simple(it));
    }
    if is_invisible(it) {
        return None;
    }
    let it = match narrow(it) {
        it if it.is_whitespace() || it.is_control() => ' ',
        '\u{ffe5}' | '\u{a5}' => '¥',
        '\u{ffe1}' => '£',
        '、' => ' ',
        it => it,
    };
    Some(lower(it))
}

impl Text {
    /// Of a text as given.
    pub(crate) fn new(text: &str) -> Text {
        let mut folded = Text { chars: Vec::with_capacity(text.len() / 2) };
        let mut chars = text.chars().enumerate().filter_map(|(place, it)| {
            Some((u32::try_from(place).unwrap_or(u32::MAX), spelled(it)?))
        });
        let mut next = chars.next();
        let mut state = State::default();
        while let Some((place, it)) = next {
            next = chars.next();
            let after = next.map_or(' ', |(_, it)| it);
            folded.push(&mut state, place, it, after);
        }
        folded
    }

    fn push(&mut self, state: &mut State, place: u32, it: char, after: char) {
        let before = self.last().unwrap_or(' ');
        if it == '\'' && is_wordy(before) && is_wordy(after) {
            return;
        }
        let is_joint = it == '-' && is_wordy(before) && is_wordy(after);
        if it == ' ' || is_joint {
            if before == ' ' || self.chars.is_empty() || after == ' ' {
                return;
            }
            if is_han(before) && is_han(after) {
                // One character at a time is a way to hide words; else a space is a comma.
                let second = self.chars.iter().rev().nth(1).map(|at| at.it);
                let was_alone = state.was_spaced || second.is_none_or(|it| !is_han(it));
                state.was_spaced = was_alone;
                if was_alone {
                    return;
                }
                state.clause += 1;
            }
            self.add(state, place, ' ');
            return;
        }
        if is_han(it) && is_han(before) && self.is_beside(place) {
            state.was_spaced = false;
        }
        let in_number =
            matches!(it, ',' | '.') && before.is_ascii_digit() && after.is_ascii_digit();
        let cut = if in_number { Cut::None } else { cut(it) };
        if cut == Cut::None {
            state.unit += match it {
                it if is_wordy(it) && is_wordy(before) => 0,
                it if it.is_ascii_digit() => 1,
                it if is_wordy(it) => WORD_UNITS,
                it if is_han(it) => 1,
                _ => 0,
            };
        }
        self.add(state, place, it);
        state.length += 1;
        if cut != Cut::None || CLAUSE_MAX < state.length {
            state.clause += 1;
            state.length = 0;
        }
        if cut == Cut::Sentence {
            state.sentence += 1;
        }
    }

    fn is_beside(&self, place: u32) -> bool {
        self.chars.last().is_some_and(|at| at.place + 1 == place)
    }

    fn last(&self) -> Option<char> {
        self.chars.last().map(|at| at.it)
    }

    fn add(&mut self, state: &State, place: u32, it: char) {
        let State { unit, clause, sentence, .. } = *state;
        self.chars.push(At { it, place, unit, clause, sentence });
    }

    /// The character at a place, a space beyond the ends.
    #[inline]
    pub(crate) fn char(&self, at: usize) -> char {
        self.chars.get(at).map_or(' ', |at| at.it)
    }

    /// What is known of a place.
    #[inline]
    pub(crate) fn at(&self, at: usize) -> At {
        let none = At { it: ' ', place: 0, unit: 0, clause: 0, sentence: 0 };
        self.chars.get(at).copied().unwrap_or(none)
    }

    /// Where folded characters are in the text as given, in characters.
    pub(crate) fn span(&self, start: usize, end: usize) -> (usize, usize) {
        let place = |at: usize| self.chars.get(at).map_or(0, |at| at.place as usize);
        (place(start), place(end.saturating_sub(1)) + 1)
    }

    /// How many sentences there are.
    pub(crate) fn sentences(&self) -> usize {
        self.chars.last().map_or(0, |at| at.sentence as usize + 1)
    }

    /// How many clauses there are.
    pub(crate) fn clauses(&self) -> usize {
        self.chars.last().map_or(0, |at| at.clause as usize + 1)
    }
}

#[derive(Default)]
struct State {
    unit: u32,
    clause: u32,
    sentence: u32,
    /// Characters of the clause so far.
    length: u32,
    was_spaced: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Cut {
    None,
    Clause,
    Sentence,
}

fn cut(it: char) -> Cut {
    match it {
        '。' | '!' | '?' | ';' | '.' | '…' | '｡' => Cut::Sentence,
        ',' | '\n' | ':' | '(' | ')' | '~' | '【' | '】' | '《' | '》' | '|' => Cut::Clause,
        it if u32::from(it) >= 0x1f000 || ('\u{2600}'..='\u{27bf}').contains(&it) => Cut::Clause,
        _ => Cut::None,
    }
}

/// A word of a policy, spelled as texts are.
pub(crate) fn fold(word: &str) -> String {
    Text::new(word.trim()).chars.iter().map(|at| at.it).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_stands_for_all() {
        let cases = [
            ("", ""),
            ("  ＡＢＣ　１２　", "abc 12"),
            ("Don’t  re-open\tit", "dont re open it"),
            ("電動車\u{200b}爆炸", "电动车爆炸"),
            ("充 电 宝 爆 炸", "充电宝爆炸"),
            ("太差 不推荐", "太差 不推荐"),
            ("￥1,500.50，好", "¥1,500.50,好"),
        ];
        for (text, folded) in cases {
            assert_eq!(fold(text), folded, "{text:?}");
            assert_eq!(fold(folded), folded, "twice: {text:?}");
        }
    }

    #[test]
    fn places_lead_back_to_the_text_as_given() {
        let given = "\u{200b}A 電\u{200b}動車!";
        let text = Text::new(given);
        let at = text.chars.iter().position(|at| at.it == '电').unwrap();
        let (start, end) = text.span(at, at + 3);
        let back: String = given.chars().skip(start).take(end - start).collect();
        assert_eq!(back, "電\u{200b}動車");
    }

    #[test]
    fn commas_cut_clauses_and_stops_cut_sentences() {
        let text = Text::new("1,500.5 yuan, gone. 三天没到，急！");
        assert_eq!((text.clauses(), text.sentences()), (4, 2));
        assert_eq!(text.at(9).clause, 0);
    }
}
