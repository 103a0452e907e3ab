//! What a text can be found by: Chinese as pairs of neighbouring characters, everything else as
//! words in small letters.
//!
//! Pairs need no dictionary and miss nothing: every word of two characters or more is made of
//! them. What is asked for is cut up in the same way, and a text has it that has all of its parts.

use std::collections::BTreeSet;

use crate::fold::{is_han, is_invisible, lower, narrow};

/// Characters of a word that count.
const WORD_CHARS_MAX: usize = 40;

/// What a text can be found by, each once.
///
/// A character that stands alone between others is one of them, too.
pub fn parts(text: &str) -> BTreeSet<String> {
    let mut parts = BTreeSet::new();
    let (mut word, mut run) = (String::new(), String::new());
    for it in text.chars().filter(|it| !is_invisible(*it)).map(|it| lower(narrow(it))) {
        if is_paired(it) {
            take_word(&mut word, &mut parts);
            run.push(it);
        } else {
            take_run(&mut run, &mut parts);
            if it.is_alphanumeric() {
                word.push(it);
            } else {
                take_word(&mut word, &mut parts);
            }
        }
    }
    take_run(&mut run, &mut parts);
    take_word(&mut word, &mut parts);
    parts
}

/// What is asked for: of characters that stand alone no text is made, so they count only where
/// there is nothing else.
pub fn asked(text: &str) -> BTreeSet<String> {
    let mut parts = parts(text);
    let is_lone = |it: &String| it.chars().all(is_paired) && it.chars().count() == 1;
    if !parts.iter().all(is_lone) {
        parts.retain(|it| !is_lone(it));
    }
    parts
}

/// Whether it is of a script without spaces between words.
fn is_paired(it: char) -> bool {
    is_han(it) || matches!(it, '\u{3041}'..='\u{30ff}')
}

fn take_word(word: &mut String, parts: &mut BTreeSet<String>) {
    if !word.is_empty() {
        parts.insert(word.chars().take(WORD_CHARS_MAX).collect());
        word.clear();
    }
}

fn take_run(run: &mut String, parts: &mut BTreeSet<String>) {
    let mut before = None;
    for it in run.chars() {
        if let Some(before) = before {
            parts.insert([before, it].iter().collect());
        }
        before = Some(it);
    }
    if run.chars().nth(1).is_none() && !run.is_empty() {
        parts.insert(std::mem::take(run));
    }
    run.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(parts: &BTreeSet<String>) -> String {
        parts.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn chinese_is_pairs_and_the_rest_is_words_in_small_letters() {
        for (given, expected) in [
            ("退款太慢", "太慢 款太 退款"),
            ("订单A1024还没退款，退款！", "a1024 没退 订单 还没 退款"),
            ("Ｒｅｆｕｎｄ my ORDER-7", "7 my order refund"),
            ("好", "好"),
            ("a好b", "a b 好"),
            ("re\u{200b}fund", "refund"),
            ("…！ ", ""),
            ("", ""),
        ] {
            assert_eq!(text(&parts(given)), expected, "{given}");
        }
        let long = "x".repeat(100);
        assert_eq!(text(&parts(&long)).len(), WORD_CHARS_MAX);
    }

    #[test]
    fn what_is_asked_for_is_in_every_text_that_has_it() {
        let said = "快递晚了三天，客服 Lily 一直没有回复我";
        for asked_for in ["客服", "没有回复", "lily 回复", "三天 客服", "我 回复"] {
            assert!(asked(asked_for).is_subset(&parts(said)), "{asked_for}");
        }
        for asked_for in ["退款", "复回", "lil", "客服 tom"] {
            assert!(!asked(asked_for).is_subset(&parts(said)), "{asked_for}");
        }
        assert_eq!(text(&asked("我")), "我");
    }
}
