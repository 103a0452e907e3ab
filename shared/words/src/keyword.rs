//! Keywords of some texts against the rest, without a dictionary.
//!
//! A text is remembered as positions: where a Chinese gram of up to four characters begins, or an
//! English phrase of up to three words. Sorted, equal grams stand together, so counts are exact
//! and memory is one entry a position; a table of all grams would need pruning, and with it luck.

use crate::fold::{fold, is_han, is_letter};
use crate::redact::mark_len;
use crate::stop::{is_empty_en, is_empty_zh};

/// Documents that a side takes.
pub const DOCUMENTS_MAX: usize = 5_000;
/// Characters of a document that are read.
pub const DOCUMENT_CHARS_MAX: usize = 1_000;
/// Characters that a side takes. Both full cost about 25 MB.
pub const CHARS_MAX: usize = 400_000;

/// Nats of surprise at both ends of a Chinese word, with many occurrences; and their share of the
/// most that few occurrences can have.
const ENTROPY_MIN: f64 = 1.6;
const ENTROPY_SHARE: f64 = 0.7;
/// A term goes into a longer one that has this share of its documents.
const ABSORBED: f64 = 0.6;
/// Below this a difference between the sides is chance.
const Z_MIN: f64 = 1.0;
/// Letters of an English word: one says nothing, and a longer one is no word.
const WORD_CHARS: std::ops::RangeInclusive<usize> = 2..=24;

/// Which side a text is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Its keywords are asked for.
    Here,
    /// It is what they are compared with.
    Rest,
}

/// A term that tells one side from the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Keyword {
    /// In lower case; English words in the singular.
    pub term: String,
    /// Documents on this side that have it.
    pub here: u32,
    /// Documents on the other side that have it.
    pub rest: u32,
    /// Standard errors of the difference; the root of `here` if there is no other side.
    pub z: f64,
}

/// A place where a term begins.
#[derive(Clone, Copy)]
struct Place {
    /// Four characters of 16 bits, 0 behind the end; or a phrase's hash.
    key: u64,
    document: u32,
    /// The characters before and behind those four; or where the phrase stands in `words`.
    note: u32,
}

/// A term that occurs often enough.
struct Term {
    key: u64,
    /// Characters or words.
    len: u32,
    text: String,
    here: u32,
    rest: u32,
}

/// Reads the length and the text of the term that some places share, by their first bits.
type Reader = fn(&Counter, &[Place], u32) -> Option<(u32, String)>;

#[derive(Default)]
struct Total {
    documents: u32,
    chars: usize,
}

/// Takes documents one by one and finds the keywords at the end.
#[derive(Default)]
pub struct Counter {
    here: Total,
    rest: Total,
    /// By document.
    is_here: Vec<bool>,
    grams: Vec<Place>,
    phrases: Vec<Place>,
    /// The English words that are no stop words, each with a space behind it.
    words: String,
}

impl Counter {
    /// Nothing counted yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a text; false if its side is full. The caller redacts it first and takes turns
    /// between the sides, or takes the newest: what comes late is what is left out.
    pub fn add(&mut self, text: &str, side: Side) -> bool {
        let total = if side == Side::Here { &mut self.here } else { &mut self.rest };
        let end = text.char_indices().nth(DOCUMENT_CHARS_MAX).map_or(text.len(), |it| it.0);
        let folded = fold(text.get(..end).unwrap_or_default());
        let chars: Vec<char> = folded.chars().collect();
        let is_full = u32::try_from(DOCUMENTS_MAX).is_ok_and(|it| it <= total.documents);
        if is_full || CHARS_MAX < total.chars + chars.len() {
            return false;
        }
        total.documents += 1;
        total.chars += chars.len();
        let document = u32::try_from(self.is_here.len()).unwrap_or(u32::MAX);
        self.is_here.push(side == Side::Here);
        self.read(&chars, document);
        true
    }

    /// Splits a text into Chinese runs and English ones.
    fn read(&mut self, mut rest: &[char], document: u32) {
        let mut run: Vec<u32> = Vec::new();
        while let Some(&first) = rest.first() {
            let is_word = is_letter(first) || first.is_ascii_digit();
            let len = match mark_len(rest) {
                0 if is_han(first) => rest.iter().take_while(|it| is_han(**it)).count(),
                0 if is_word => rest.iter().take_while(|it| is_part(**it)).count(),
                0 => 1,
                len => len,
            };
            let (piece, after) = rest.split_at_checked(len).unwrap_or_default();
            rest = after;
            if is_word {
                self.word(piece, &mut run, document);
            } else if first != ' ' {
                run.clear();
                self.han(piece, document);
            }
        }
    }

    /// Remembers where grams begin in a run of Chinese characters.
    fn han(&mut self, run: &[char], document: u32) {
        // The few beyond 16 bits become the mark of an end: a gram never spans them.
        let at = |at: usize| run.get(at).and_then(|it| u16::try_from(u32::from(*it)).ok());
        for start in 0..run.len() {
            let before = start.checked_sub(1).and_then(at).unwrap_or(0);
            let mut key = 0;
            let mut is_open = true;
            for place in start..start + 4 {
                let it = at(place).filter(|it| is_open && is_han_16(*it));
                is_open = it.is_some();
                key = key << 16 | u64::from(it.unwrap_or(0));
            }
            let behind = at(start + 4).unwrap_or(0);
            let note = u32::from(before) << 16 | u32::from(behind);
            // One character is no term.
            if key & 0xffff_0000_0000 != 0 {
                self.grams.push(Place { key, document, note });
            }
        }
    }

    /// Remembers a word, and the phrases of up to three words that end with it.
    ///
    /// Rose, Engel, Cramer & Cowley 2010 (RAKE): stop words and punctuation end a phrase.
    fn word(&mut self, piece: &[char], run: &mut Vec<u32>, document: u32) {
        let word: String = piece.iter().collect();
        let word = word.trim_end_matches(['\'', '-', '_']);
        let has_letter = word.chars().any(is_letter);
        if !has_letter || is_empty_en(word) || !WORD_CHARS.contains(&word.chars().count()) {
            run.clear();
            return;
        }
        run.push(u32::try_from(self.words.len()).unwrap_or(u32::MAX));
        push_singular(&mut self.words, word);
        self.words.push(' ');
        for (len, &note) in (1..=3_u64).zip(run.iter().rev()) {
            let at = usize::try_from(note).unwrap_or(usize::MAX);
            let phrase = self.words.get(at..).unwrap_or_default();
            self.phrases.push(Place { key: phrase_key(phrase.as_bytes(), len), document, note });
        }
    }

    /// At most `most` keywords, the strongest first.
    ///
    /// Candidates are words by their neighbours: a term is one if what stands before and behind
    /// it varies. Between the sides they are ranked by weighted log-odds with an informative
    /// Dirichlet prior (Monroe, Colaresi & Quinn 2008, "Fightin' Words", eq. 16 and 22), counted
    /// in documents, so that one long text has one voice.
    pub fn finish(mut self, most: usize) -> Vec<Keyword> {
        let mut places = std::mem::take(&mut self.grams);
        sort(&mut places);
        let mut kept = absorbed(self.terms(&places, &[16, 32, 48], Self::han_term), sub_grams);
        let mut places = std::mem::take(&mut self.phrases);
        sort(&mut places);
        let phrases = self.terms(&places, &[64], Self::phrase_term);
        kept.extend(absorbed(phrases, sub_phrases));
        let mut keywords: Vec<Keyword> =
            kept.into_iter().filter_map(|it| self.scored(it)).collect();
        keywords.sort_unstable_by(|a, b| {
            let longer = b.term.len().cmp(&a.term.len());
            b.z.total_cmp(&a.z).then(longer).then_with(|| a.term.cmp(&b.term))
        });
        keywords.truncate(most);
        keywords
    }

    /// Documents that a term needs: 8, as measured on 600, and fewer for fewer.
    fn documents_min(&self) -> u32 {
        match self.here.documents {
            0..12 => 2,
            documents => (documents / 75).clamp(3, 8),
        }
    }

    /// The terms in sorted places: those whose first bits are the same are one.
    fn terms(&self, places: &[Place], bits: &[u32], term: Reader) -> Vec<Term> {
        let least = self.documents_min();
        let mut terms = Vec::new();
        // Which group saw the document last: cheaper than to sort each group by document.
        let mut seen = vec![0_u32; self.is_here.len()];
        let mut group = 0;
        for bits in bits.iter().map(|it| if *it == 64 { 64 } else { it + 16 }) {
            let head = |it: &Place| it.key >> (64 - bits);
            for places in places.chunk_by(|a, b| head(a) == head(b)) {
                if places.len() < usize::try_from(least).unwrap_or(usize::MAX) {
                    continue;
                }
                group += 1;
                let (here, rest) = self.documents(places, &mut seen, group);
                let Some(key) = places.first().map(|it| head(it) << (64 - bits)) else {
                    continue;
                };
                if least <= here
                    && let Some((len, text)) = term(self, places, bits)
                {
                    terms.push(Term { key, len, text, here, rest });
                }
            }
        }
        terms
    }

    /// How many documents of each side have one of the places.
    fn documents(&self, places: &[Place], seen: &mut [u32], group: u32) -> (u32, u32) {
        let (mut here, mut rest) = (0, 0);
        for it in places {
            let at = usize::try_from(it.document).unwrap_or(usize::MAX);
            let Some(seen) = seen.get_mut(at).filter(|it| **it != group) else {
                continue;
            };
            *seen = group;
            if self.is_here.get(at) == Some(&true) {
                here += 1;
            } else {
                rest += 1;
            }
        }
        (here, rest)
    }

    /// A Chinese term of the first `bits`, if it is a word and says something.
    fn han_term(&self, places: &[Place], bits: u32) -> Option<(u32, String)> {
        let units = units(places.first()?.key);
        let len = bits / 16;
        let count = usize::try_from(len).ok()?;
        let text: String =
            units.iter().take(count).map_while(|it| char::from_u32(u32::from(*it))).collect();
        if units.iter().take(count).any(|it| *it == 0) || is_empty_zh(&text) {
            return None;
        }
        let before = places.iter().map(|it| low_16(it.note >> 16)).collect();
        let behind = |it: &Place| match self::units(it.key).get(count) {
            Some(it) => *it,
            None => low_16(it.note),
        };
        let is_word = is_varied(before) && is_varied(places.iter().map(behind).collect());
        is_word.then_some((len, text))
    }

    /// The English phrase of these places.
    fn phrase_term(&self, places: &[Place], _: u32) -> Option<(u32, String)> {
        let place = places.first()?;
        let len = place.key & 3;
        let words = self.words.get(usize::try_from(place.note).ok()?..)?;
        let words: Vec<&str> = words.split(' ').take(usize::try_from(len).ok()?).collect();
        Some((u32::try_from(len).ok()?, words.join(" ")))
    }

    fn scored(&self, term: Term) -> Option<Keyword> {
        let (here, rest) = (f64::from(term.here), f64::from(term.rest));
        let z = if self.rest.documents == 0 {
            here.sqrt()
        } else {
            let totals = (f64::from(self.here.documents), f64::from(self.rest.documents));
            log_odds_z((here, totals.0), (rest, totals.1))
        };
        let is_telling = self.rest.documents == 0 || Z_MIN <= z;
        let Term { text: term, here, rest, .. } = term;
        is_telling.then_some(Keyword { term, here, rest, z })
    }
}

/// One call for both, since each costs code of its own.
fn sort(places: &mut [Place]) {
    places.sort_unstable_by_key(|it| (it.key, it.document, it.note));
}

/// The weighted log-odds of `count` in `total` on one side against the other.
///
/// The prior says what both sides say together, with an eighth of their weight: a rare term does
/// not become certain by its absence on one side.
fn log_odds_z(here: (f64, f64), rest: (f64, f64)) -> f64 {
    let total = here.1 + rest.1;
    let prior = (total / 8.0).max(10.0);
    let share = (here.0 + rest.0) / total * prior;
    let odds = |(count, total): (f64, f64)| {
        // A term in every document leaves nothing over; half a document keeps it finite.
        let others = (total + prior - count - share).max(0.5);
        ((count + share) / others).ln()
    };
    (odds(here) - odds(rest)) / (1.0 / (here.0 + share) + 1.0 / (rest.0 + share)).sqrt()
}

/// Drops each term that a longer one has taken over.
fn absorbed(mut terms: Vec<Term>, subs: fn(&Term) -> Vec<(u64, u32)>) -> Vec<Term> {
    terms.sort_unstable_by_key(|it| (it.key, it.len));
    let mut is_taken = vec![false; terms.len()];
    for term in &terms {
        for sub in subs(term) {
            let Ok(at) = terms.binary_search_by_key(&sub, |it| (it.key, it.len)) else {
                continue;
            };
            let count = terms.get(at).map_or(f64::MAX, |it| f64::from(it.here));
            if let Some(taken) = is_taken.get_mut(at) {
                *taken |= ABSORBED * count <= f64::from(term.here);
            }
        }
    }
    let kept = terms.into_iter().zip(is_taken).filter(|(_, is_taken)| !is_taken);
    kept.map(|(it, _)| it).collect()
}

/// The shorter grams in a gram.
fn sub_grams(term: &Term) -> Vec<(u64, u32)> {
    let subs = |len: u32| {
        (0..=term.len.saturating_sub(len)).map(move |start| {
            let key = term.key << (16 * start) >> (64 - 16 * len) << (64 - 16 * len);
            (key, len)
        })
    };
    (2..term.len).flat_map(subs).collect()
}

/// The shorter phrases in a phrase.
fn sub_phrases(term: &Term) -> Vec<(u64, u32)> {
    let words: Vec<&str> = term.text.split(' ').collect();
    let mut subs = Vec::new();
    for len in 1..term.len {
        for phrase in words.windows(usize::try_from(len).unwrap_or(1)) {
            let mut text = phrase.join(" ");
            text.push(' ');
            subs.push((phrase_key(text.as_bytes(), u64::from(len)), len));
        }
    }
    subs
}

/// FNV-1a (Fowler, Noll & Vo), mixed once; the number of words in the last two bits.
fn phrase_key(phrase: &[u8], len: u64) -> u64 {
    let step = |hash: u64, it: &u8| (hash ^ u64::from(*it)).wrapping_mul(0x100_0000_01b3);
    let hash = phrase.iter().fold(0xcbf2_9ce4_8422_2325, step);
    (hash ^ hash >> 29).wrapping_mul(4) | len
}

/// The four characters of a key.
fn units(key: u64) -> [u16; 4] {
    let [a, b, c, d, e, f, g, h] = key.to_be_bytes();
    [[a, b], [c, d], [e, f], [g, h]].map(u16::from_be_bytes)
}

fn low_16(it: u32) -> u16 {
    let [_, _, a, b] = it.to_be_bytes();
    u16::from_be_bytes([a, b])
}

fn is_han_16(it: u16) -> bool {
    char::from_u32(u32::from(it)).is_some_and(is_han)
}

/// Whether neighbours vary as they do beside a word. An end of a run is a neighbour of its own.
fn is_varied(mut neighbours: Vec<u16>) -> bool {
    let total = u32::try_from(neighbours.len()).map_or(f64::MAX, f64::from);
    neighbours.sort_unstable();
    let mut entropy = 0.0;
    for same in neighbours.chunk_by(|a, b| a == b && *a != 0) {
        let share = u32::try_from(same.len()).map_or(0.0, f64::from) / total;
        entropy -= share * share.ln();
    }
    (ENTROPY_SHARE * total.ln()).min(ENTROPY_MIN) <= entropy
}

/// Whether `it` may stand inside an English word.
fn is_part(it: char) -> bool {
    is_letter(it) || it.is_ascii_digit() || matches!(it, '\'' | '-' | '_')
}

/// `word` without the s of a plural or a genitive.
///
/// Source: step "S" of Harman 1991, "How effective is suffixing?".
fn push_singular(words: &mut String, word: &str) {
    let word = word.strip_suffix("'s").unwrap_or(word);
    let ends = |all: &[&str]| all.iter().any(|it| word.ends_with(it));
    let (stem, end) = if word.len() < 4 || ends(&["ss", "us", "is", "as", "news"]) {
        (word, "")
    } else if ends(&["sses", "shes", "ches", "xes"]) {
        (word.strip_suffix("es").unwrap_or(word), "")
    } else if ends(&["ies"]) && 4 < word.len() {
        (word.strip_suffix("ies").unwrap_or(word), "y")
    } else {
        (word.strip_suffix('s').unwrap_or(word), "")
    };
    words.push_str(stem);
    words.push_str(end);
}

#[cfg(test)]
mod tests;
