//! From a text to the hits of a policy: words found, denials and suppositions recognised.

use crate::fold::is_han;
use crate::source::cue;
use crate::table::{NONE, OTHER, PREFIX, Policy, begins, bucket, decode};
use crate::text::{Text, is_wordy};

/// How a hit stands in its sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Standing {
    /// It is said that it happened.
    Stated,
    /// It is feared.
    Feared,
    /// It is supposed: if, in case.
    Supposed,
    /// It is denied.
    Denied,
}

/// Words of one group in a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hit {
    pub(crate) group: u16,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) standing: Standing,
}

/// A word or a word of a set, at its place.
#[derive(Clone, Copy, Debug)]
struct Found {
    /// A group, or [`OTHER`] and a class.
    what_for: u16,
    start: usize,
    end: usize,
}

/// How far apart the pieces of a pattern may be, in units.
const GAP_UNITS: u32 = 10;

/// How far before a hit a Chinese denial may stand, in characters.
const DENIAL_CHARS: usize = 6;

/// How many words may stand between a denial and a hit, light ones apart.
const DENIAL_WORDS: usize = 2;

/// Every hit, in the order of the text.
pub(crate) fn hits(policy: &Policy, text: &Text) -> Vec<Hit> {
    let found = scan(policy, text);
    let mut all = Vec::with_capacity(found.len());
    let mut marks = Marks::new(text);
    for (at, it) in found.iter().enumerate() {
        let Found { start, end, what_for } = *it;
        let standing = Standing::Stated;
        if what_for & OTHER == 0 {
            let hit = Hit { group: what_for, start, end, standing };
            if !marks.take(text, tags(policy, &hit), &hit) {
                all.push(hit);
            }
            continue;
        }
        let class = usize::from(what_for & !OTHER);
        let range = policy.starts.get(class..class + 2);
        let [from, to] = *range.unwrap_or_default() else { continue };
        let range = usize::from(from)..usize::from(to);
        for pattern in policy.patterns.get(range).unwrap_or_default() {
            let tail = usize::from(pattern.tail);
            let tail = policy.tails.get(tail..tail + usize::from(pattern.len));
            let rest = found.get(at + 1..).unwrap_or_default();
            if let Some(end) = follow(text, rest, end, tail.unwrap_or_default()) {
                all.push(Hit { group: pattern.group, start, end, standing });
            }
        }
    }
    unmask(policy, &mut all);
    stand(policy, text, &marks, &mut all);
    all
}

/// One pass over the text.
fn scan(policy: &Policy, text: &Text) -> Vec<Found> {
    let mut found = Vec::new();
    let mut before = ' ';
    for start in 0..text.chars.len() {
        let it = text.char(start);
        let is_inside = is_wordy(it) && is_wordy(before) && !is_unit(it, before);
        before = it;
        if is_inside || it == ' ' {
            continue;
        }
        let key = bucket(it, text.char(start + 1), text.char(start + 2));
        look(policy, text, start, key, &mut found);
        let single = bucket(it, NONE, NONE);
        if !is_wordy(it) && single != key {
            look(policy, text, start, single, &mut found);
        }
    }
    found
}

/// Looks for the words of a bucket at a place.
fn look(policy: &Policy, text: &Text, start: usize, bucket: usize, found: &mut Vec<Found>) {
    let range = policy.buckets.get(bucket..bucket + 2);
    let [from, to] = *range.unwrap_or_default() else { return };
    let range = usize::from(from)..usize::from(to);
    let mut words = policy.words.get(range).unwrap_or_default();
    let first = begins(text.char(start));
    while let [length, low, high, rest @ ..] = words {
        let Some((word, rest)) = rest.split_at_checked(usize::from(length & !PREFIX)) else {
            return;
        };
        words = rest;
        if word.first() != Some(&first) {
            continue;
        }
        let Some(end) = ends(text, start, word, length & PREFIX != 0) else { continue };
        let what_for = u16::from_le_bytes([*low, *high]);
        if what_for & OTHER == 0 {
            found.push(Found { what_for, start, end });
            continue;
        }
        let list = policy.uses.get(usize::from(what_for & !OTHER)..).unwrap_or_default();
        let Some((count, list)) = list.split_first() else { continue };
        let list = list.iter().take(usize::from(*count));
        found.extend(list.map(|what_for| Found { what_for: *what_for, start, end }));
    }
}

/// Where a word that begins at a place ends, if it stands there as a whole.
fn ends(text: &Text, start: usize, word: &[u8], is_prefix: bool) -> Option<usize> {
    let mut end = start;
    let mut last = ' ';
    for it in decode(word) {
        if text.char(end) != it {
            return None;
        }
        last = it;
        end += 1;
    }
    if is_wordy(last) {
        while is_prefix && is_wordy(text.char(end)) {
            end += 1;
        }
        if is_wordy(text.char(end)) && !is_unit(last, text.char(end)) {
            return None;
        }
    }
    (end <= text.chars.len()).then_some(end)
}

/// A figure ends where a letter begins, and the other way round.
fn is_unit(a: char, b: char) -> bool {
    a.is_ascii_digit() != b.is_ascii_digit()
}

/// Where a pattern ends whose next pieces are these.
fn follow(text: &Text, rest: &[Found], end: usize, tail: &[u16]) -> Option<usize> {
    let Some((class, tail)) = tail.split_first() else { return Some(end) };
    let from = text.at(end.saturating_sub(1));
    for (at, it) in rest.iter().enumerate() {
        if it.start < end {
            continue;
        }
        let to = text.at(it.start);
        if to.clause != from.clause || from.unit + GAP_UNITS < to.unit {
            return None;
        }
        if it.what_for == class | OTHER {
            let rest = rest.get(at + 1..).unwrap_or_default();
            if let Some(end) = follow(text, rest, it.end, tail) {
                return Some(end);
            }
        }
    }
    None
}

/// Drops what lies within words that only look bad.
fn unmask(policy: &Policy, all: &mut Vec<Hit>) {
    let is_mask = |it: &Hit| tags(policy, it) & cue::MASK != 0;
    let masks: Vec<(usize, usize)> =
        all.iter().filter(|it| is_mask(it)).map(|it| (it.start, it.end)).collect();
    if masks.is_empty() {
        return;
    }
    all.retain(|it| {
        let near = masks.partition_point(|mask| mask.0 + 64 < it.start);
        let mut near = masks.iter().skip(near).take_while(|mask| mask.0 < it.end);
        is_mask(it)
            || !near.any(|(start, end)| {
                let holds = it.start <= *start && *end <= it.end;
                it.start < *end && *start < it.end && !holds
            })
    });
}

pub(crate) fn tags(policy: &Policy, hit: &Hit) -> u64 {
    policy.groups.get(usize::from(hit.group)).map_or(0, |it| it.tags)
}

/// What words of no weight of their own say about those after them.
struct Marks {
    /// Of each character: whether it denies, is light, ends a denial, or only looks like one.
    of_chars: Vec<u8>,
    /// Of each clause: where the first word that supposes ends.
    supposed: Vec<usize>,
    /// Of each clause: where the first word that fears ends.
    feared: Vec<usize>,
}

const DENYING: u8 = 1;
const LIGHT: u8 = 2;
const BREAKING: u8 = 4;
const AFFIRMING: u8 = 8;

impl Marks {
    fn new(text: &Text) -> Marks {
        Marks {
            of_chars: vec![0; text.chars.len()],
            supposed: vec![usize::MAX; text.clauses()],
            feared: vec![usize::MAX; text.clauses()],
        }
    }

    /// Notes a cue; false for what is no such cue.
    fn take(&mut self, text: &Text, tags: u64, hit: &Hit) -> bool {
        let clause = text.at(hit.start).clause as usize;
        for (bit, clauses) in
            [(cue::SUPPOSING, &mut self.supposed), (cue::FEARING, &mut self.feared)]
        {
            if let Some(first) = clauses.get_mut(clause).filter(|_| tags & bit != 0) {
                *first = (*first).min(hit.end);
            }
        }
        let mark = mark(tags);
        for it in self.of_chars.get_mut(hit.start..hit.end).unwrap_or_default() {
            *it |= mark;
        }
        mark != 0 || tags & (cue::SUPPOSING | cue::FEARING) != 0
    }

    fn at(&self, at: usize) -> u8 {
        self.of_chars.get(at).copied().unwrap_or_default()
    }
}

fn mark(tags: u64) -> u8 {
    let all = [
        (cue::DENYING, DENYING),
        (cue::LIGHT, LIGHT),
        (cue::BREAKING, BREAKING),
        (cue::AFFIRMING, AFFIRMING),
    ];
    all.into_iter().filter(|(bit, _)| tags & bit != 0).fold(0, |marks, (_, it)| marks | it)
}

/// Says of each hit how it stands.
fn stand(policy: &Policy, text: &Text, marks: &Marks, all: &mut [Hit]) {
    for hit in all {
        let is_plain = policy.groups.get(usize::from(hit.group)).is_some_and(|it| it.is_plain);
        if !is_plain {
            hit.standing = standing(text, marks, hit.start);
        }
    }
}

fn standing(text: &Text, marks: &Marks, start: usize) -> Standing {
    let clause = text.at(start).clause as usize;
    let is_after = |clauses: &[usize]| clauses.get(clause).is_some_and(|end| *end <= start);
    if is_denied_zh(text, marks, start) || is_denied_en(text, marks, start) {
        Standing::Denied
    } else if is_after(&marks.feared) {
        Standing::Feared
    } else if is_after(&marks.supposed) {
        Standing::Supposed
    } else {
        Standing::Stated
    }
}

/// 没, 不, 未 and the like before a hit, with nothing but light words between.
fn is_denied_zh(text: &Text, marks: &Marks, start: usize) -> bool {
    let clause = text.at(start).clause;
    for back in 1..=DENIAL_CHARS.min(start) {
        let at = text.at(start - back);
        let is_text = is_han(at.it) || at.it == ' ';
        let mark = marks.at(start - back);
        if at.clause != clause || !is_text || mark & BREAKING != 0 {
            return false;
        }
        if mark & DENYING != 0 && mark & AFFIRMING == 0 {
            return true;
        }
        if mark & (LIGHT | AFFIRMING) == 0 && at.it != ' ' {
            return false;
        }
    }
    false
}

/// No, not, never and the like up to three words before a hit.
fn is_denied_en(text: &Text, marks: &Marks, start: usize) -> bool {
    let clause = text.at(start).clause;
    let (mut at, mut between) = (start, 0);
    loop {
        while 0 < at && text.char(at - 1) == ' ' {
            at -= 1;
        }
        let end = at;
        while 0 < at && is_wordy(text.char(at - 1)) {
            at -= 1;
        }
        let mark = marks.at(at);
        if at == end || text.at(at).clause != clause || mark & BREAKING != 0 {
            return false;
        }
        if mark & DENYING != 0 && mark & AFFIRMING == 0 {
            return true;
        }
        // `a` is light, and so is what is left of an apostrophe.
        between += usize::from(mark & LIGHT == 0 && 1 < end - at);
        if DENIAL_WORDS < between {
            return false;
        }
    }
}
