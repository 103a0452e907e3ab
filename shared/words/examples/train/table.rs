//! One table of every set: how well the shipped models and the trainer do on real texts.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use words::model::Model;
use words::shipped::{SENTIMENT, TOPIC};
use words::train::{Options, Review, train};

use crate::csv;

/// The share of answers that must be right.
const BAR: f64 = 0.8;

/// A set with feelings: its name, file, columns of text and label, the labels that mean good
/// and bad, and the share that must be answered, 0 where the set is for information.
type Feelings = (&'static str, &'static str, [&'static str; 2], [&'static str; 2], f64);

const FEELINGS: [Feelings; 4] = [
    ("os10", "zh/os10_dev.csv", ["review", "label"], ["1", "0"], 0.7),
    ("waimai", "zh/waimai_dev.csv", ["review", "label"], ["1", "0"], 0.7),
    ("eprstmt", "zh/eprstmt_dev.csv", ["sentence", "label"], ["Positive", "Negative"], 0.7),
    (
        "airline (English)",
        "en/airline_tweets_dev.csv",
        ["text", "airline_sentiment"],
        ["positive", "negative"],
        0.0,
    ),
];

/// A set with classes of which some are topics of ours: its name, file, columns of text and
/// label, and pairs of its label and our topic. The sets were not made for these topics, so
/// what they say is for information.
type Topics =
    (&'static str, &'static str, [&'static str; 2], &'static [(&'static str, &'static str)]);

const TOPICS: [Topics; 2] = [
    (
        "cocc, 4 of 8 classes",
        "zh/cocc_dev.csv",
        ["text", "label"],
        &[
            ("费用问题", "billing"),
            ("服务问题", "service"),
            ("信息安全问题", "safety"),
            ("网络问题", "quality"),
        ],
    ),
    (
        "airline, 4 of 10 reasons",
        "en/airline_tweets_dev.csv",
        ["text", "negativereason"],
        &[
            ("Late Flight", "waiting"),
            ("Customer Service Issue", "service"),
            ("Lost Luggage", "delivery"),
            ("Flight Booking Problems", "ease_of_use"),
        ],
    ),
];

/// A set with classes: its name, file, columns of text and label, and the share that must be
/// answered, 0 where the set is for information.
type Classes = (&'static str, &'static str, [&'static str; 2], f64);

const CLASSES: [Classes; 4] = [
    ("cocc, 8 classes", "zh/cocc_dev.csv", ["text", "label"], 0.9),
    ("os10, 10 topics", "zh/os10_dev.csv", ["review", "cat"], 0.9),
    ("car, 10 subjects", "zh/car_voice_dev.csv", ["content", "subject"], 0.0),
    ("gov, 7 topics", "zh/gov_hotline_dev.csv", ["留言详情", "一级分类"], 0.0),
];

/// The table for the sets in `folder`.
pub(crate) fn table(folder: &Path) -> Result<String, Box<dyn Error>> {
    if !folder.is_dir() {
        return Err(format!("{} is absent; nothing was measured", folder.display()).into());
    }
    let mut text = String::from(
        "| what | set | texts | all answered | answered | of which right | bar |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for (set, file, columns, labels, share) in FEELINGS {
        let line = match csv::columns(&folder.join(file), &columns) {
            Ok(rows) => {
                let pairs = [(labels[0], "positive"), (labels[1], "negative")];
                shipped(SENTIMENT, &rows, &pairs)?.line("shipped sentiment", set, share)
            }
            Err(error) => format!("| shipped sentiment | {set} | – | {error} | | | |"),
        };
        writeln!(text, "{line}")?;
    }
    for (set, file, columns, pairs) in TOPICS {
        let line = match csv::columns(&folder.join(file), &columns) {
            Ok(rows) => shipped(TOPIC, &rows, pairs)?.line("shipped topics", set, 0.0),
            Err(error) => format!("| shipped topics | {set} | – | {error} | | | |"),
        };
        writeln!(text, "{line}")?;
    }
    let start = Instant::now();
    for (set, file, columns, share) in CLASSES {
        let line = match csv::columns(&folder.join(file), &columns) {
            Ok(rows) => classes(&rows)?.line("trainer, other half", set, share),
            Err(error) => format!("| trainer, other half | {set} | – | {error} | | | |"),
        };
        writeln!(text, "{line}")?;
    }
    writeln!(text, "\nfitting and measuring the trainer took {:.1?}", start.elapsed())?;
    Ok(text)
}

/// What was counted on a set.
#[derive(Default)]
struct Tally {
    texts: u32,
    right: u32,
    answered: u32,
    answered_right: u32,
}

impl Tally {
    fn add(&mut self, right: bool, needs_review: bool) {
        self.texts += 1;
        self.right += u32::from(right);
        self.answered += u32::from(!needs_review);
        self.answered_right += u32::from(right && !needs_review);
    }

    /// A line of the table; `share` must be answered and [`BAR`] of that be right.
    fn line(&self, what: &str, set: &str, share: f64) -> String {
        let of = |n: u32, all: u32| f64::from(n) / f64::from(all.max(1));
        let all = of(self.right, self.texts);
        let answered = of(self.answered, self.texts);
        let right = of(self.answered_right, self.answered);
        let bar = match share {
            0.0 => "for information".to_owned(),
            _ if right >= BAR && answered >= share => format!("{BAR:.2} at {share:.2}: met"),
            _ => format!(
                "{BAR:.2} at {share:.2}: missed by {:.3} right, {:.3} answered",
                (BAR - right).max(0.0),
                (share - answered).max(0.0)
            ),
        };
        format!(
            "| {what} | {set} | {} | {all:.3} | {answered:.3} | {right:.3} | {bar} |",
            self.texts
        )
    }
}

/// How a shipped model does; rows whose label is in no pair are left out.
fn shipped(
    model: &[u8],
    rows: &[Vec<String>],
    pairs: &[(&str, &str)],
) -> Result<Tally, Box<dyn Error>> {
    let model = Model::parse(model).ok_or("the shipped model cannot be read")?;
    let mut tally = Tally::default();
    for row in rows {
        let [text, label] = row.as_slice() else { continue };
        let Some((_, expected)) = pairs.iter().find(|(theirs, _)| theirs == label) else {
            continue;
        };
        let verdict = model.classify(text);
        tally.add(verdict.label == *expected, verdict.needs_review);
    }
    Ok(tally)
}

/// How a model fitted to one half of the rows does on the other. A text belongs to a half by
/// its hash, so that copies of one text are never on both sides.
fn classes(rows: &[Vec<String>]) -> Result<Tally, Box<dyn Error>> {
    let pairs = rows.iter().filter_map(|row| match row.as_slice() {
        [text, label] if !label.is_empty() => Some((text.as_str(), label.as_str())),
        _ => None,
    });
    let (one, other): (Vec<_>, Vec<_>) = pairs.partition(|(text, _)| half(text));
    // A little above the bar, because what was held out differs from what was fitted.
    let review = Review::Calibrated { folds: 5, coverage: 0.95, accuracy: 1.0 };
    let trained = train(&one, &Options { review, ..Options::default() })?;
    let model = Model::parse(&trained.bytes).ok_or("the trained model cannot be read")?;
    let mut tally = Tally::default();
    for (text, label) in other {
        let verdict = model.classify(text);
        tally.add(verdict.label == label, verdict.needs_review);
    }
    Ok(tally)
}

/// Which half a text belongs to: a bit of its FNV-1a hash, mixed as `SplitMix64` does because
/// texts that differ near their end would otherwise share it.
fn half(text: &str) -> bool {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (hash >> 63) == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_far_the_bar_is_missed() {
        let mut tally = Tally::default();
        for (right, needs_review) in [(true, false), (false, false), (true, true), (true, true)] {
            tally.add(right, needs_review);
        }
        let line = tally.line("x", "set", 0.7);
        assert_eq!(
            line,
            "| x | set | 4 | 0.750 | 0.500 | 0.500 | \
             0.80 at 0.70: missed by 0.300 right, 0.200 answered |"
        );
    }

    #[test]
    fn about_half_of_all_texts_are_in_each_half() {
        let ones = (0..1_000).filter(|n| half(&format!("文本{n}"))).count();
        assert!((450..550).contains(&ones), "{ones}");
    }
}
