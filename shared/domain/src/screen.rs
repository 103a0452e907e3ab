//! Screening: which responses are kept but left out of the figures, and why.
//!
//! A screen and no judge: each rule errs on the side of the customer, everything is kept with its
//! reasons, and staff overrule them.

use crate::survey::Scored;

/// Why a response is screened out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Its telling text was handed in before, letter for letter.
    Duplicate,
    /// A comment of it is an earlier one, hardly changed.
    Similar,
    /// Many questions, one answer; see [`straight_lining`].
    StraightLining,
    /// See [`too_fast`].
    TooFast,
    /// See [`no_substance`].
    NoSubstance,
    /// It filled in what people do not see; see [`crate::spam`].
    Spam,
    /// A quota, or the limit of responses, was full.
    Quota,
    /// Staff said so.
    Staff,
}

/// Every reason with its name in the API and in the database.
pub const REASONS: [(Reason, &str); 8] = [
    (Reason::Duplicate, "duplicate"),
    (Reason::Similar, "similar"),
    (Reason::StraightLining, "straight_lining"),
    (Reason::TooFast, "too_fast"),
    (Reason::NoSubstance, "no_substance"),
    (Reason::Spam, "spam"),
    (Reason::Quota, "quota"),
    (Reason::Staff, "staff"),
];

/// The fewest characters of a text that two people would not write alike. Two who both write 很好
/// are two people.
pub const TELLING_CHARS_MIN: usize = 20;

/// The fewest questions of one scale on which equal answers are a pattern.
///
/// Six independent answers on five points are equal once in 3,125 times; people who mean it are
/// more, and so such a response still counts if it also says something in words.
pub const STRAIGHT_QUESTIONS_MIN: usize = 6;

/// The least time for a Chinese character.
///
/// Typical silent reading is 255 characters a minute
/// (Trauzettel-Klosinski and Dietz 2012), four a second; this is five times as fast, since who
/// was asked before knows the question at a glance, and a customer must not be taken for a robot.
pub const HAN_MS: i64 = 50;
/// The least time for any other character.
///
/// 83 a second are about 900 English words a minute, where
/// 228 are typical (same source) and skimming is 450 (Carver 1992).
pub const LETTER_MS: i64 = 12;
/// The least time to find and make one answer after reading: simple reactions with the hand take
/// about 200 ms, and a target has to be reached as well (Card, Moran and Newell 1983).
pub const ANSWER_MS: i64 = 300;

impl Reason {
    /// Its name in the API and in the database.
    pub fn name(self) -> &'static str {
        REASONS.iter().find(|it| it.0 == self).map_or("", |it| it.1)
    }
}

/// Reasons as the database keeps them: their names, parted by commas.
pub fn stored(reasons: &[Reason]) -> String {
    let mut stored = String::new();
    for reason in reasons {
        stored = with(&stored, *reason);
    }
    stored
}

/// The names in what [`stored`] made.
pub fn reasons(stored: &str) -> Vec<&'static str> {
    let name = |it: &str| REASONS.iter().find(|known| known.1 == it).map(|known| known.1);
    stored.split(',').filter_map(name).collect()
}

/// What [`stored`] made and one reason more, unless it is there.
pub fn with(stored: &str, reason: Reason) -> String {
    let name = reason.name();
    if stored.is_empty() {
        name.to_owned()
    } else if stored.split(',').any(|it| it == name) {
        stored.to_owned()
    } else {
        format!("{stored},{name}")
    }
}

/// Whether many questions of one scale got one and the same answer from somebody who wrote nothing.
///
/// Whoever does not want to think gives every item the same point: non-differentiation, the
/// clearest trace of satisficing (Krosnick 1991; Kim et al. 2019). The ends are no exception,
/// since the first and the last column are where idle clicks go; but one who is delighted or
/// furious may mean it, and words of their own (`says_something`) are the effort that a satisficer
/// spares. Scales are looked at apart: 5 of 5 and 5 of 10 are different answers.
pub fn straight_lining(scores: &[Scored], says_something: bool) -> bool {
    !says_something
        && scores.iter().any(|first| {
            let is_peer = |it: &&Scored| it.metric == first.metric && it.points == first.points;
            let mut peers = scores.iter().filter(is_peer);
            STRAIGHT_QUESTIONS_MIN <= peers.clone().count()
                && peers.all(|it| it.value == first.value)
        })
}

/// Whether the time from seeing the form to sending it is too short to have read the `questions`
/// that were answered, even for who skims. An unknown time never is.
///
/// Such floors per word or character are the usual definition of speeding (Zhang and Conrad 2014).
pub fn too_fast<'a>(elapsed_ms: Option<i64>, questions: impl Iterator<Item = &'a str>) -> bool {
    let Some(elapsed_ms) = elapsed_ms else { return false };
    let cost = |it: char| if is_han(it) { HAN_MS } else { LETTER_MS };
    let least = questions.map(|it| it.chars().map(cost).sum::<i64>() + ANSWER_MS);
    elapsed_ms < least.sum()
}

/// Whether a response says nothing at all: no score, no choice, and no text of substance, of
/// which `texts` tells. A score with a comment "。。。" says something.
pub fn no_substance(scores: usize, choices: usize, texts: &[bool]) -> bool {
    scores == 0 && choices == 0 && !texts.contains(&true)
}

fn is_han(it: char) -> bool {
    matches!(it, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scores(values: &[u8], metric: &'static str, points: u8) -> Vec<Scored> {
        values.iter().map(|value| Scored { metric, points, value: *value }).collect()
    }

    #[test]
    fn reasons_are_kept_once_and_come_back_in_order() {
        assert_eq!(stored(&[]), "");
        assert_eq!(reasons(""), Vec::<&str>::new());
        let both = stored(&[Reason::TooFast, Reason::NoSubstance, Reason::TooFast]);
        assert_eq!(both, "too_fast,no_substance");
        assert_eq!(with(&both, Reason::Staff), "too_fast,no_substance,staff");
        assert_eq!(reasons(&both), ["too_fast", "no_substance"]);
        for (reason, name) in REASONS {
            assert_eq!(reasons(&stored(&[reason])), [name]);
        }
    }

    #[test]
    fn one_answer_to_many_questions_is_straight_lining() {
        let csat = |values: &[u8]| scores(values, "csat", 5);
        for (given, says_something, expected) in [
            (csat(&[3, 3, 3, 3, 3, 3]), false, true),
            (csat(&[5, 5, 5, 5, 5, 5]), false, true),
            (csat(&[1, 1, 1, 1, 1, 1, 1]), false, true),
            (csat(&[5, 5, 5, 5, 5, 5]), true, false),
            (csat(&[3, 3, 3, 3, 3]), false, false),
            (csat(&[3, 3, 3, 3, 3, 4]), false, false),
            (csat(&[3, 3, 3, 4, 3, 3, 3]), false, false),
            (csat(&[]), false, false),
            // Another answer on another scale makes no difference, and does not fill up.
            ([csat(&[4; 6]), scores(&[9], "nps", 10)].concat(), false, true),
            ([csat(&[4; 5]), scores(&[4], "csat", 10)].concat(), false, false),
            ([csat(&[4; 5]), scores(&[4], "ces", 7)].concat(), false, false),
            ([csat(&[4, 5, 4]), scores(&[7; 6], "ces", 7)].concat(), false, true),
        ] {
            let found = straight_lining(&given, says_something);
            assert_eq!(found, expected, "{given:?}, words: {says_something}");
        }
    }

    #[test]
    fn nobody_reads_faster_than_skimming() {
        // Four characters of Chinese and a mark of half an em: 212 ms, and 300 to answer.
        let one = ["推荐我们?"];
        for (elapsed, questions, expected) in [
            (Some(0), &one[..], true),
            (Some(511), &one[..], true),
            (Some(512), &one[..], false),
            (Some(86_400_000), &one[..], false),
            (None, &one[..], false),
            (Some(1_023), &["推荐我们?", "推荐我们?"][..], true),
            (Some(1_024), &["推荐我们?", "推荐我们?"][..], false),
            // 22 characters of English: 264 ms.
            (Some(563), &["Would you recommend us"][..], true),
            (Some(564), &["Would you recommend us"][..], false),
            (Some(0), &[][..], false),
        ] {
            let found = too_fast(elapsed, questions.iter().copied());
            assert_eq!(found, expected, "{elapsed:?} for {questions:?}");
        }
    }

    #[test]
    fn only_who_says_nothing_at_all_lacks_substance() {
        for (scores, choices, texts, expected) in [
            (0, 0, &[false][..], true),
            (0, 0, &[false, false][..], true),
            (0, 0, &[][..], true),
            (0, 0, &[false, true][..], false),
            (1, 0, &[false][..], false),
            (0, 1, &[false][..], false),
        ] {
            assert_eq!(no_substance(scores, choices, texts), expected);
        }
    }
}
