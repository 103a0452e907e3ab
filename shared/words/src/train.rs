//! Fits a model to labelled texts and writes it as a file for [`crate::model`].
//!
//! One linear support vector machine per label against the rest, with squared hinge loss, by
//! dual coordinate descent (Hsieh et al., ICML 2008, algorithm 1; it is what LIBLINEAR does).
//! The features with the largest weights are kept and the machines fitted to them again. Only
//! sums, products and square roots are used, so the same texts give the same bytes everywhere.

use std::collections::BTreeSet;
use std::fmt;

use crate::features::{MAX_CHARS, features};
use crate::model::{MAGIC, MAX_LABEL, MAX_LABELS, Model};

/// Examples that a model is fitted to at most.
pub const MAX_EXAMPLES: usize = 20_000;

/// Characters of all examples together, counting no more than [`MAX_CHARS`] of each. It keeps
/// what fitting needs below some 100 MB, so that a component can do it.
pub const MAX_TOTAL_CHARS: usize = 2_000_000;

/// Features that are weighed at most before the best are kept; the rarest go first.
pub const MAX_VOCABULARY: usize = 200_000;

/// Features that a model keeps at most.
pub const MAX_FEATURES: usize = 50_000;

/// Passes over the examples at most.
pub const MAX_PASSES: u32 = 100;

/// How to fit.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The longest run of Han characters that makes a feature, 1 to 3.
    pub grams: u8,
    /// Features to keep, up to [`MAX_FEATURES`].
    pub features: usize,
    /// A feature that fewer examples have is not looked at.
    pub min_examples: usize,
    /// What an example on the wrong side costs: more follows the examples more closely.
    pub cost: f32,
    /// Passes over the examples, up to [`MAX_PASSES`].
    pub passes: u32,
    /// When a verdict needs a person.
    pub review: Review,
}

/// When a verdict needs a person.
#[derive(Clone, Copy, Debug)]
pub enum Review {
    /// Below this margin.
    Margin(f32),
    /// Below the margin at which the rest has `accuracy`, but for at most `1 - coverage` of the
    /// texts, both of 0 to 1, as found by cross-validation in `folds` parts (2 to 10).
    Calibrated {
        /// Parts that take turns at being judged by a model that the others made.
        folds: usize,
        /// The share of texts that must be answered without a person.
        coverage: f32,
        /// The share of answers that should be right.
        accuracy: f32,
    },
}

impl Default for Options {
    /// What does well on some hundreds to some thousands of tickets in up to a dozen classes.
    fn default() -> Self {
        Self {
            grams: 2,
            features: 4_000,
            min_examples: 2,
            cost: 1.0,
            passes: 12,
            review: Review::Calibrated { folds: 5, coverage: 0.9, accuracy: 0.95 },
        }
    }
}

/// A fitted model.
#[derive(Clone, Debug)]
pub struct Trained {
    /// The file.
    pub bytes: Vec<u8>,
    /// What cross-validation found, if it was asked for.
    pub found: Option<Found>,
}

/// What cross-validation found. Shares are of 0 to 1.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// The share of all texts that were labelled right.
    pub accuracy: f32,
    /// The share that was answered without review.
    pub coverage: f32,
    /// The share of those answers that was right.
    pub answered_accuracy: f32,
}

/// Why no model was fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// More than [`MAX_EXAMPLES`] examples.
    Examples,
    /// More than [`MAX_TOTAL_CHARS`] characters.
    Chars,
    /// Fewer than 2 labels or more than [`MAX_LABELS`].
    Labels,
    /// A label is empty or longer than [`MAX_LABEL`] bytes.
    Label,
    /// An option is out of its range.
    Option,
    /// No feature occurs often enough.
    Features,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Examples => write!(f, "more than {MAX_EXAMPLES} examples"),
            Self::Chars => write!(f, "more than {MAX_TOTAL_CHARS} characters in all"),
            Self::Labels => write!(f, "between 2 and {MAX_LABELS} labels are needed"),
            Self::Label => write!(f, "a label has 1 to {MAX_LABEL} bytes"),
            Self::Option => write!(f, "an option is out of its range"),
            Self::Features => write!(f, "the texts have too little in common"),
        }
    }
}

impl std::error::Error for Refused {}

/// The model that tells the labels of `examples`, pairs of a text and its label, apart.
///
/// # Errors
///
/// [`Refused`] when a limit is passed or there is nothing to learn from.
pub fn train(examples: &[(&str, &str)], options: &Options) -> Result<Trained, Refused> {
    check(examples, options)?;
    let names: Vec<&str> =
        examples.iter().map(|(_, label)| *label).collect::<BTreeSet<_>>().into_iter().collect();
    if !(2..=MAX_LABELS).contains(&names.len()) {
        return Err(Refused::Labels);
    }
    if names.iter().any(|name| name.is_empty() || name.len() > MAX_LABEL) {
        return Err(Refused::Label);
    }
    let set: Vec<Example> = examples
        .iter()
        .map(|(text, label)| Example {
            hashes: features(text, options.grams),
            label: names.binary_search(label).unwrap_or_default(),
        })
        .collect();
    let all: Vec<&Example> = set.iter().collect();
    let (threshold, found) = match options.review {
        Review::Margin(threshold) => (threshold, None),
        Review::Calibrated { folds, coverage, accuracy } => {
            let judged = cross_validate(&all, &names, options, folds)?;
            let (threshold, found) = calibrate(judged, coverage, accuracy);
            (threshold, Some(found))
        }
    };
    Ok(Trained { bytes: fit(&all, &names, options, threshold)?, found })
}

/// Whether the options are in their ranges.
fn check(examples: &[(&str, &str)], options: &Options) -> Result<(), Refused> {
    if examples.len() > MAX_EXAMPLES {
        return Err(Refused::Examples);
    }
    let chars = examples.iter().map(|(text, _)| text.chars().take(MAX_CHARS).count());
    if chars.sum::<usize>() > MAX_TOTAL_CHARS {
        return Err(Refused::Chars);
    }
    let share = 0.0..=1.0;
    let review = match options.review {
        Review::Margin(margin) => margin.is_finite() && margin >= 0.0,
        Review::Calibrated { folds, coverage, accuracy } => {
            (2..=10).contains(&folds) && share.contains(&coverage) && share.contains(&accuracy)
        }
    };
    let fine = review
        && (1..=3).contains(&options.grams)
        && (1..=MAX_FEATURES).contains(&options.features)
        && (1..=MAX_PASSES).contains(&options.passes)
        && (0.000_1..=10_000.0).contains(&options.cost);
    if fine { Ok(()) } else { Err(Refused::Option) }
}

/// A text as its features, and the place of its label.
struct Example {
    hashes: Vec<u32>,
    label: usize,
}

/// Margin and correctness of every example, judged by models that have not seen it.
fn cross_validate(
    all: &[&Example],
    names: &[&str],
    options: &Options,
    folds: usize,
) -> Result<Vec<(f32, bool)>, Refused> {
    // Shuffled within each label, so that every part has its share of all labels.
    let mut order: Vec<&Example> = all.to_vec();
    shuffle(&mut order, 5);
    order.sort_by_key(|example| example.label);
    let mut judged = Vec::with_capacity(order.len());
    for fold in 0..folds {
        let (apart, rest): (Vec<_>, Vec<_>) =
            order.iter().enumerate().partition(|(at, _)| at % folds == fold);
        let rest: Vec<&Example> = rest.into_iter().map(|(_, example)| *example).collect();
        let bytes = fit(&rest, names, options, 0.0)?;
        let Some(model) = Model::parse(&bytes) else { return Err(Refused::Features) };
        judged.extend(apart.into_iter().map(|(_, example)| {
            let verdict = model.judge(&example.hashes);
            (verdict.margin, names.get(example.label) == Some(&verdict.label))
        }));
    }
    Ok(judged)
}

/// The threshold that [`Review::Calibrated`] asks for, and what it does.
fn calibrate(mut judged: Vec<(f32, bool)>, coverage: f32, accuracy: f32) -> (f32, Found) {
    judged.sort_by(|a, b| a.0.total_cmp(&b.0));
    let total = judged.len().max(1) as f32;
    let right = judged.iter().filter(|(_, right)| *right).count() as f32;
    let mut found =
        Found { accuracy: right / total, coverage: 1.0, answered_accuracy: right / total };
    let mut threshold = 0.0;
    let (mut left, mut left_right) = (total, right);
    // Copies of a text have the same margin and stay together.
    for same in judged.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        let fewer = left - same.len() as f32;
        if found.answered_accuracy >= accuracy || fewer / total < coverage {
            break;
        }
        left = fewer;
        left_right -= same.iter().filter(|(_, right)| *right).count() as f32;
        threshold = same.first().map_or(threshold, |(margin, _)| margin.next_up());
        found.coverage = left / total;
        found.answered_accuracy = left_right / left.max(1.0);
    }
    (threshold, found)
}

/// The file of the model for `examples`.
fn fit(
    examples: &[&Example],
    names: &[&str],
    options: &Options,
    threshold: f32,
) -> Result<Vec<u8>, Refused> {
    let vocabulary = vocabulary(examples, options.min_examples);
    let rows = if names.len() == 2 { 1 } else { names.len() };
    let first = fit_rows(examples, &vocabulary, rows, options);
    let kept = strongest(&vocabulary, &first, options.features);
    if kept.is_empty() {
        return Err(Refused::Features);
    }
    let second = fit_rows(examples, &kept, rows, options);
    Ok(write(&kept, &second, names, options.grams, threshold))
}

/// The hashes that at least `min` examples have, ascending.
fn vocabulary(examples: &[&Example], min: usize) -> Vec<u32> {
    let mut all: Vec<u32> =
        examples.iter().flat_map(|example| example.hashes.iter().copied()).collect();
    all.sort_unstable();
    let mut counted: Vec<(usize, u32)> = all
        .chunk_by(|a, b| a == b)
        .filter(|same| same.len() >= min)
        .filter_map(|same| Some((same.len(), *same.first()?)))
        .collect();
    if counted.len() > MAX_VOCABULARY {
        counted.sort_unstable_by(|a, b| b.cmp(a));
        counted.truncate(MAX_VOCABULARY);
    }
    let mut hashes: Vec<u32> = counted.into_iter().map(|(_, hash)| hash).collect();
    hashes.sort_unstable();
    hashes
}

/// The `count` hashes whose weight in some row is the largest, ascending.
fn strongest(vocabulary: &[u32], rows: &[Row], count: usize) -> Vec<u32> {
    let mut ranked: Vec<(f32, u32)> = vocabulary
        .iter()
        .enumerate()
        .map(|(at, &hash)| {
            let weights = rows.iter().filter_map(|row| row.weights.get(at));
            (weights.fold(0.0_f32, |most, weight| most.max(weight.abs())), hash)
        })
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    ranked.truncate(count);
    let mut hashes: Vec<u32> = ranked.into_iter().map(|(_, hash)| hash).collect();
    hashes.sort_unstable();
    hashes
}

/// What one label against the rest, or the second of two labels against the first, weighs.
struct Row {
    weights: Vec<f32>,
    bias: f32,
}

/// An example as places in a vocabulary.
struct Placed {
    places: Vec<u32>,
    /// One over the square root of the number of all its features, known or not.
    unit: f32,
    label: usize,
}

fn fit_rows(examples: &[&Example], vocabulary: &[u32], rows: usize, o: &Options) -> Vec<Row> {
    let placed: Vec<Placed> = examples
        .iter()
        .map(|example| Placed {
            places: example
                .hashes
                .iter()
                .filter_map(|hash| u32::try_from(vocabulary.binary_search(hash).ok()?).ok())
                .collect(),
            unit: 1.0 / (example.hashes.len().max(1) as f32).sqrt(),
            label: example.label,
        })
        .collect();
    // Where there are two labels, the one row stands for the second.
    let target = |row| if rows == 1 { 1 } else { row };
    (0..rows).map(|row| fit_row(&placed, vocabulary.len(), target(row), o)).collect()
}

/// One machine: the examples labelled `target` against all others.
fn fit_row(placed: &[Placed], width: usize, target: usize, options: &Options) -> Row {
    let own = placed.iter().filter(|example| example.label == target).count() as f32;
    let others = placed.len() as f32 - own;
    // A rare label's examples count for more, by the root so that a few do not rule.
    let costs = [own, others].map(|n| options.cost * (placed.len() as f32 / (2.0 * n)).sqrt());
    let mut row = Row { weights: vec![0.0; width], bias: 0.0 };
    let mut duals = vec![0.0_f32; placed.len()];
    let mut order: Vec<usize> = (0..placed.len()).collect();
    for pass in 0..options.passes {
        shuffle(&mut order, u64::from(pass));
        for &at in &order {
            let (Some(example), Some(dual)) = (placed.get(at), duals.get_mut(at)) else { continue };
            let is_own = example.label == target;
            let sign = if is_own { 1.0 } else { -1.0 };
            let slack = 0.5 / if is_own { costs[0] } else { costs[1] };
            let mut sum = 0.0;
            for &place in &example.places {
                sum += row.weights.get(place as usize).copied().unwrap_or_default();
            }
            let gradient = sign * (sum * example.unit + row.bias) - 1.0 + slack * *dual;
            // The norm of an example and of the bias's constant 1.
            let square = example.places.len() as f32 * example.unit * example.unit + 1.0;
            let before = *dual;
            *dual = (before - gradient / (square + slack)).max(0.0);
            let step = (*dual - before) * sign;
            if step == 0.0 {
                continue;
            }
            row.bias += step;
            let step = step * example.unit;
            for &place in &example.places {
                if let Some(weight) = row.weights.get_mut(place as usize) {
                    *weight += step;
                }
            }
        }
    }
    row
}

/// The file of `rows` over `hashes`.
fn write(hashes: &[u32], rows: &[Row], names: &[&str], grams: u8, threshold: f32) -> Vec<u8> {
    let small = |n: usize| u8::try_from(n).unwrap_or(u8::MAX);
    let mut file = MAGIC.to_vec();
    file.extend([grams, small(names.len()), 0, 0]);
    file.extend(u32::try_from(hashes.len()).unwrap_or(u32::MAX).to_le_bytes());
    file.extend(threshold.to_le_bytes());
    let units: Vec<f32> = rows
        .iter()
        .map(|row| row.weights.iter().fold(0.0_f32, |most, weight| most.max(weight.abs())) / 127.0)
        .collect();
    for (row, unit) in rows.iter().zip(&units) {
        file.extend(unit.to_le_bytes());
        file.extend(row.bias.to_le_bytes());
    }
    for name in names {
        file.push(small(name.len()));
        file.extend(name.as_bytes());
    }
    file.extend(hashes.iter().flat_map(|hash| hash.to_le_bytes()));
    for place in 0..hashes.len() {
        file.extend(rows.iter().zip(&units).map(|(row, unit)| {
            let weight = row.weights.get(place).copied().unwrap_or_default();
            quantise(if *unit > 0.0 { weight / unit } else { 0.0 })
        }));
    }
    file
}

/// `weight`, of at most ±127, in a byte.
#[expect(clippy::cast_possible_truncation, reason = "the value is clamped to what fits")]
fn quantise(weight: f32) -> u8 {
    (weight.round().clamp(-127.0, 127.0) as i8).cast_unsigned()
}

/// Puts `items` in an order that depends on `seed` only (Fisher and Yates, with the generator
/// `SplitMix64` of Steele, Lea and Flood, 2014).
pub(crate) fn shuffle<T>(items: &mut [T], seed: u64) {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(1);
    for end in (1..items.len()).rev() {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        let at = usize::try_from(z % (end as u64 + 1)).unwrap_or_default();
        items.swap(at, end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts that anyone can tell apart, none twice.
    fn toys(count: usize) -> Vec<(String, &'static str)> {
        let kinds = [
            ("food", ["好吃", "难吃", "soup was cold", "汤太咸"]),
            ("money", ["多扣了钱", "账单不对", "charged twice", "退钱"]),
            ("post", ["快递太慢", "包裹丢了", "parcel is late", "没送到"]),
        ];
        (0..count)
            .map(|n| {
                let (label, phrases) = kinds[n % kinds.len()];
                let place = char::from_u32(0x4e00 + u32::try_from(n).unwrap()).unwrap();
                (format!("{place}店 {}，{n}号", phrases[n / 3 % 4]), label)
            })
            .collect()
    }

    fn borrowed<'a>(texts: &'a [(String, &'static str)]) -> Vec<(&'a str, &'static str)> {
        texts.iter().map(|(text, label)| (text.as_str(), *label)).collect()
    }

    const PLAIN: Options = Options {
        grams: 2,
        features: 500,
        min_examples: 1,
        cost: 1.0,
        passes: 20,
        review: Review::Margin(0.1),
    };

    #[test]
    fn labels_that_can_be_told_apart_are() {
        let texts = toys(60);
        let trained = train(&borrowed(&texts), &PLAIN).unwrap();
        let model = Model::parse(&trained.bytes).unwrap();
        assert_eq!(model.labels().collect::<Vec<_>>(), ["food", "money", "post"]);
        for (text, label) in [("汤难吃", "food"), ("又扣钱", "money"), ("包裹慢", "post")]
        {
            let verdict = model.classify(text);
            assert_eq!((verdict.label, verdict.needs_review), (label, false), "{text}");
        }
        let two: Vec<_> = borrowed(&texts).into_iter().filter(|(_, it)| *it != "post").collect();
        let trained = train(&two, &PLAIN).unwrap();
        let model = Model::parse(&trained.bytes).unwrap();
        assert_eq!(model.classify("账单").label, "money", "two labels share one row");
        assert_eq!(model.classify("太咸").label, "food", "two labels share one row");
    }

    #[test]
    fn the_same_texts_give_the_same_bytes() {
        let texts = toys(90);
        let options = Options::default();
        let once = train(&borrowed(&texts), &options).unwrap();
        assert_eq!(once.bytes, train(&borrowed(&texts), &options).unwrap().bytes);
    }

    #[test]
    fn weights_of_eight_bits_change_few_labels() {
        let texts = toys(300);
        let set: Vec<Example> = texts
            .iter()
            .enumerate()
            // Half of the labels are noise, so that many texts are close to a border.
            .map(|(n, (text, _))| Example {
                hashes: features(text, 2),
                label: if n % 2 == 0 { n % 3 } else { n / 7 % 3 },
            })
            .collect();
        let all: Vec<&Example> = set.iter().collect();
        let vocabulary = vocabulary(&all, 1);
        let rows = fit_rows(&all, &vocabulary, 3, &PLAIN);
        let file = write(&vocabulary, &rows, &["0", "1", "2"], 2, 0.0);
        let model = Model::parse(&file).unwrap();
        let changed = set
            .iter()
            .filter(|example| {
                let norm = (example.hashes.len() as f32).sqrt();
                let scores: Vec<f32> = rows
                    .iter()
                    .map(|row| {
                        let places = example.hashes.iter().map(|h| vocabulary.binary_search(h));
                        let sum: f32 = places.map(|at| row.weights[at.unwrap()]).sum();
                        sum / norm + row.bias
                    })
                    .collect();
                let exact = crate::model::ahead(&scores).0;
                model.judge(&example.hashes).label != exact.to_string()
            })
            .count();
        assert!(changed <= 3, "{changed} of 300");
    }

    #[test]
    fn the_threshold_leaves_out_the_least_certain_and_no_more_than_it_may() {
        // Wrong where the margin is below 3.
        let judged: Vec<_> = (0..10_u8).map(|n| (f32::from(n), n >= 3)).collect();
        let (threshold, found) = calibrate(judged.clone(), 0.5, 1.0);
        assert!(threshold > 2.0 && threshold < 2.001);
        assert_eq!((found.coverage, found.answered_accuracy, found.accuracy), (0.7, 1.0, 0.7));
        let (threshold, found) = calibrate(judged.clone(), 0.9, 1.0);
        assert!(threshold > 0.0 && threshold < 0.001);
        assert_eq!(found.coverage, 0.9);
        assert_eq!(calibrate(judged, 0.0, 0.7).0, 0.0, "accurate enough as it is");
        let copies = vec![(1.0, false); 10];
        assert_eq!(calibrate(copies, 0.9, 1.0).0, 0.0, "equal margins stay together");
    }

    #[test]
    fn what_cross_validation_says_is_about_what_new_texts_get() {
        let texts = toys(150);
        let found = train(&borrowed(&texts), &Options::default()).unwrap().found.unwrap();
        assert!(found.accuracy > 0.95, "{found:?}");
        assert!(found.coverage >= 0.9, "{found:?}");
    }

    #[test]
    fn limits_are_refused_by_name() {
        let fine = [("a b", "x"), ("c d", "y")];
        assert!(train(&fine, &PLAIN).is_ok());
        assert_eq!(train(&[], &PLAIN).unwrap_err(), Refused::Labels);
        assert_eq!(train(&[("a", "x")], &PLAIN).unwrap_err(), Refused::Labels);
        assert_eq!(train(&[("a", ""), ("b", "x")], &PLAIN).unwrap_err(), Refused::Label);
        let many = vec![("a", "x"); MAX_EXAMPLES + 1];
        assert_eq!(train(&many, &PLAIN).unwrap_err(), Refused::Examples);
        let long = "好".repeat(MAX_CHARS + 9);
        let much = vec![(long.as_str(), "x"); MAX_TOTAL_CHARS / MAX_CHARS + 1];
        assert_eq!(train(&much, &PLAIN).unwrap_err(), Refused::Chars);
        let names: Vec<String> = (0..=MAX_LABELS).map(|n| n.to_string()).collect();
        let wide: Vec<_> = names.iter().map(|name| ("a", name.as_str())).collect();
        assert_eq!(train(&wide, &PLAIN).unwrap_err(), Refused::Labels);
        assert_eq!(train(&[("…", "x"), ("—", "y")], &PLAIN).unwrap_err(), Refused::Features);
        for options in [
            Options { grams: 4, ..PLAIN },
            Options { cost: f32::NAN, ..PLAIN },
            Options { passes: 0, ..PLAIN },
            Options { features: MAX_FEATURES + 1, ..PLAIN },
            Options { review: Review::Margin(-1.0), ..PLAIN },
        ] {
            assert_eq!(train(&fine, &options).unwrap_err(), Refused::Option, "{options:?}");
        }
    }

    #[test]
    fn odd_texts_never_panic() {
        let odd = ["", "\0", "\u{ffff}", "🙂🙃", "a'b''", "０９", "ﬀ", "\u{1f}x", "'"];
        let texts: Vec<(&str, &str)> =
            odd.iter().enumerate().map(|(n, text)| (*text, ["x", "y", "z"][n % 3])).collect();
        let trained = train(&texts, &Options { min_examples: 0, ..PLAIN }).unwrap();
        let model = Model::parse(&trained.bytes).unwrap();
        for text in odd {
            assert!(!model.classify(text).margin.is_nan());
        }
    }
}
