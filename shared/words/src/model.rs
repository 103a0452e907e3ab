//! A linear classifier that is read where it lies: a table of bytes, with no start-up cost.
//!
//! Numbers are little-endian. With `N` features, `C` labels, and `R` rows (1 where there are two
//! labels, otherwise `C`), a file is exactly:
//!
//! | bytes | what |
//! |---|---|
//! | 4 | `HYW1`: the kind of file and its version |
//! | 1 | the longest run of Han characters that makes a feature, 1 to 3 |
//! | 1 | `C`, 2 to 64 |
//! | 2 | zero |
//! | 4 | `N` |
//! | 4 | the margin below which a person should look, f32 |
//! | 8 `R` | per row: what one unit of weight is worth, and the bias, f32 each |
//! | – | per label: its length in one byte, and its UTF-8 |
//! | 4 `N` | the features' hashes in ascending order |
//! | `N` `R` | per feature and row: a weight, i8 |
//!
//! A row's score is `bias + unit * (sum of the weights) / sqrt(features of the text)`. Weights
//! of eight bits cost no accuracy where every row has its own unit, and naming the features
//! leaves unseen words at exactly nothing, where a plain hashed table would give them the
//! weight of some other word.

use crate::features::features;

/// The first bytes of a file.
pub const MAGIC: [u8; 4] = *b"HYW1";

/// Labels that a model can tell apart at most.
pub const MAX_LABELS: usize = 64;

/// Bytes of the longest label.
pub const MAX_LABEL: usize = 64;

/// Bytes before the rows.
const HEAD: usize = 16;

/// A classifier over the bytes of a file.
#[derive(Clone, Copy, Debug)]
pub struct Model<'b> {
    grams: u8,
    threshold: f32,
    count: usize,
    rows: &'b [[u8; 8]],
    labels: &'b [u8],
    hashes: &'b [[u8; 4]],
    weights: &'b [u8],
}

/// What a model makes of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict<'b> {
    /// The likeliest label.
    pub label: &'b str,
    /// How far it is ahead: of zero where there are two labels, of the next label where there
    /// are more. About 1 is certain, 0 a guess; it is not a probability.
    pub margin: f32,
    /// The margin is too small to act on without a person.
    pub needs_review: bool,
}

impl<'b> Model<'b> {
    /// The model in `bytes`, if they are one. The order of the hashes is not checked, because
    /// that would be a pass over the file; out of order, features are missed and nothing else.
    #[must_use]
    pub fn parse(bytes: &'b [u8]) -> Option<Self> {
        let (head, rest) = bytes.split_at_checked(HEAD)?;
        let [m0, m1, m2, m3, grams, count, 0, 0, n0, n1, n2, n3, t0, t1, t2, t3] = *head else {
            return None;
        };
        let count = usize::from(count);
        let threshold = f32::from_le_bytes([t0, t1, t2, t3]);
        let known = [m0, m1, m2, m3] == MAGIC
            && (1..=3).contains(&grams)
            && (2..=MAX_LABELS).contains(&count)
            && threshold.is_finite()
            && threshold >= 0.0;
        if !known {
            return None;
        }
        let row_count = if count == 2 { 1 } else { count };
        let features = usize::try_from(u32::from_le_bytes([n0, n1, n2, n3])).ok()?;

        let (rows, rest) = rest.split_at_checked(8 * row_count)?;
        let (rows, _) = rows.as_chunks();
        if !rows.iter().all(|row| unit_and_bias(row).is_some()) {
            return None;
        }
        let (labels, rest) = split_labels(rest, count)?;
        let (hashes, weights) = rest.split_at_checked(features.checked_mul(4)?)?;
        let (hashes, _) = hashes.as_chunks();
        let whole = weights.len() == features.checked_mul(row_count)?;
        whole.then_some(Self { grams, threshold, count, rows, labels, hashes, weights })
    }

    /// The labels, in the order of the file.
    pub fn labels(&self) -> impl Iterator<Item = &'b str> {
        let mut rest = self.labels;
        (0..self.count).map_while(move |_| {
            let (label, after) = split_label(rest)?;
            rest = after;
            Some(label)
        })
    }

    /// The margin below which a verdict needs a person.
    #[must_use]
    pub fn threshold(&self) -> f32 {
        self.threshold
    }

    /// The likeliest label of `text`. A text without any feature that the model knows needs
    /// review whatever the threshold.
    #[must_use]
    pub fn classify(&self, text: &str) -> Verdict<'b> {
        self.judge(&features(text, self.grams))
    }

    /// As [`Self::classify`], for features that are at hand.
    #[must_use]
    pub fn judge(&self, found: &[u32]) -> Verdict<'b> {
        let (scores, known) = self.scores(found);
        let (best, margin) = match self.rows.len() {
            1 => {
                let score = scores.first().copied().unwrap_or_default();
                (usize::from(score > 0.0), score.abs())
            }
            rows => ahead(scores.get(..rows).unwrap_or_default()),
        };
        let needs_review = !known || margin < self.threshold;
        let label = self.labels().nth(best).unwrap_or_default();
        Verdict { label, margin, needs_review }
    }

    /// The score of every row, and whether any feature was known.
    fn scores(&self, found: &[u32]) -> ([f32; MAX_LABELS], bool) {
        let mut sums = [0_i32; MAX_LABELS];
        let mut known = false;
        for hash in found {
            let at = self.hashes.binary_search_by_key(hash, |bytes| u32::from_le_bytes(*bytes));
            let Ok(at) = at else { continue };
            let rows = self.rows.len();
            let weights = self.weights.get(at * rows..(at + 1) * rows).unwrap_or_default();
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += i32::from(weight.cast_signed());
            }
            known = true;
        }
        let norm = (found.len().max(1) as f32).sqrt();
        let mut scores = [0.0; MAX_LABELS];
        for ((score, row), sum) in scores.iter_mut().zip(self.rows).zip(sums) {
            let (unit, bias) = unit_and_bias(row).unwrap_or_default();
            *score = bias + unit * sum as f32 / norm;
        }
        (scores, known)
    }
}

/// The place of the greatest score and by how much it leads.
pub(crate) fn ahead(scores: &[f32]) -> (usize, f32) {
    let mut best = (0, f32::NEG_INFINITY);
    let mut second = f32::NEG_INFINITY;
    for (at, &score) in scores.iter().enumerate() {
        if score > best.1 {
            second = best.1;
            best = (at, score);
        } else {
            second = second.max(score);
        }
    }
    let margin = best.1 - second;
    (best.0, if margin.is_finite() { margin } else { 0.0 })
}

/// What a unit of weight is worth in a row, and the row's bias.
fn unit_and_bias(row: &[u8; 8]) -> Option<(f32, f32)> {
    let [a, b, c, d, e, f, g, h] = *row;
    let (unit, bias) = (f32::from_le_bytes([a, b, c, d]), f32::from_le_bytes([e, f, g, h]));
    (unit.is_finite() && bias.is_finite()).then_some((unit, bias))
}

/// The bytes of `count` labels, and what follows them.
fn split_labels(bytes: &[u8], count: usize) -> Option<(&[u8], &[u8])> {
    let mut rest = bytes;
    for _ in 0..count {
        (_, rest) = split_label(rest)?;
    }
    bytes.split_at_checked(bytes.len() - rest.len())
}

/// The first label, and what follows it.
fn split_label(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let (&length, rest) = bytes.split_first()?;
    let length = usize::from(length);
    if length > MAX_LABEL {
        return None;
    }
    let (label, rest) = rest.split_at_checked(length)?;
    Some((std::str::from_utf8(label).ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A model of two labels that knows the word "ok".
    fn small() -> Vec<u8> {
        let mut file = MAGIC.to_vec();
        file.extend([2, 2, 0, 0, 1, 0, 0, 0]);
        file.extend(0.5_f32.to_le_bytes());
        file.extend(0.01_f32.to_le_bytes());
        file.extend((-0.25_f32).to_le_bytes());
        file.extend(b"\x02no\x03yes");
        file.extend(features("ok", 2).into_iter().flat_map(u32::to_le_bytes));
        file.push(100);
        file
    }

    #[test]
    fn a_score_is_the_bias_and_the_weights_in_their_unit() {
        let file = small();
        let model = Model::parse(&file).unwrap();
        assert_eq!(model.labels().collect::<Vec<_>>(), ["no", "yes"]);
        let verdict = model.classify("OK");
        assert_eq!(verdict, Verdict { label: "yes", margin: 0.75, needs_review: false });
        assert_eq!(model.classify("").label, "no");
        assert!(model.classify("").needs_review, "nothing known");
    }

    #[test]
    fn a_file_that_is_longer_shorter_or_of_another_version_is_refused() {
        let file = small();
        for length in 0..file.len() {
            assert!(Model::parse(&file[..length]).is_none(), "{length} bytes");
        }
        let mut longer = file.clone();
        longer.push(0);
        assert!(Model::parse(&longer).is_none());
        let mut later = file;
        later[3] = b'2';
        assert!(Model::parse(&later).is_none());
    }

    #[test]
    fn random_bytes_never_panic() {
        let mut state = 7_u64;
        let mut next = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(99);
            u8::try_from(state >> 56).unwrap()
        };
        for _ in 0..20_000 {
            let bytes: Vec<u8> = (0..next()).map(|_| next()).collect();
            let _ = Model::parse(&bytes).map(|model| model.classify("ok 好"));
            // Most of a real file with some bytes changed gets further than noise does.
            let mut file = small();
            for _ in 0..=next() % 4 {
                let at = usize::from(next()) % file.len();
                file[at] = next();
            }
            if let Some(model) = Model::parse(&file) {
                let verdict = model.classify("ok 好");
                assert!(!verdict.margin.is_nan());
                assert!(model.labels().any(|label| label == verdict.label));
            }
        }
    }

    #[test]
    fn the_greatest_score_leads_by_its_distance_to_the_next() {
        assert_eq!(ahead(&[-1.0, 0.5, 0.25]), (1, 0.25));
        assert_eq!(ahead(&[2.0, 2.0]), (0, 0.0));
        assert_eq!(ahead(&[f32::MAX, f32::MIN]), (0, 0.0), "no infinite margin");
    }
}
