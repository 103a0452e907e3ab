//! From a text to the hits of a policy: words found, denials and suppositions recognised.

use crate::fold::is_han;
use crate::source::cue;
use crate::table::{NONE, OTHER, PREFIX, Policy, bucket, decode};
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

/// How many words may stand between a denial and a hit.
const DENIAL_WORDS: usize = 2;

/// Between a denial and what it denies, these may stand.
const LIGHT: &str = "有人会是能算可以应该存在再太怎么要想得过被敢打任何发生出现造成什么一点丝毫受到感\
    觉说曾经从来让给对我你们他自己家孩子老真的地严重大小现任那这种到引起产导致员身进行";

/// Words that do not count between a denial and a hit.
const LIGHT_EN: &str = " a an the is are was were be been being to of any really actually seriously \
    single or nor ever even get got getting have has had at all badly in ";

/// Words of a denial's clause that end it.
const BREAKS_EN: &str = " but and because until so then since why how that which who when after ";

/// Every hit, in the order of the text.
pub(crate) fn hits(policy: &Policy, text: &Text) -> Vec<Hit> {
    let found = scan(policy, text);
    let mut all = Vec::with_capacity(found.len());
    for (at, it) in found.iter().enumerate() {
        let Found { start, end, what_for } = *it;
        let standing = Standing::Stated;
        if what_for & OTHER == 0 {
            all.push(Hit { group: what_for, start, end, standing });
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
    stand(policy, text, &mut all);
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
    while let [length, low, high, rest @ ..] = words {
        let Some((word, rest)) = rest.split_at_checked(usize::from(length & !PREFIX)) else {
            return;
        };
        words = rest;
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

/// Says of each hit how it stands.
fn stand(policy: &Policy, text: &Text, all: &mut [Hit]) {
    let every = cue::AFFIRMING | cue::BREAKING | cue::SUPPOSING | cue::FEARING;
    let cues: Vec<(u64, Hit)> = all
        .iter()
        .map(|it| (tags(policy, it) & every, *it))
        .filter(|(bits, _)| *bits != 0)
        .collect();
    for hit in all.iter_mut() {
        let is_plain = policy.groups.get(usize::from(hit.group)).is_some_and(|it| it.is_plain);
        if !is_plain {
            hit.standing = standing(policy, text, &cues, hit);
        }
    }
}

fn standing(policy: &Policy, text: &Text, cues: &[(u64, Hit)], hit: &Hit) -> Standing {
    let clause = text.at(hit.start).clause;
    let from = cues.partition_point(|(_, it)| text.at(it.start).clause < clause);
    let before = cues.iter().skip(from).take_while(|(_, it)| it.start < hit.start);
    let (mut is_supposed, mut is_feared) = (false, false);
    for (bits, it) in before.filter(|(_, it)| it.end <= hit.start) {
        let _ = it;
        is_supposed |= bits & cue::SUPPOSING != 0;
        is_feared |= bits & cue::FEARING != 0;
    }
    let same = cues.get(from..).unwrap_or_default();
    if is_denied_zh(policy, text, same, hit) || is_denied_en(policy, text, same, hit) {
        Standing::Denied
    } else if is_feared {
        Standing::Feared
    } else if is_supposed {
        Standing::Supposed
    } else {
        Standing::Stated
    }
}

/// Whether a character is part of words that deny nothing.
fn is_affirming(cues: &[(u64, Hit)], at: usize) -> bool {
    cues.iter()
        .take_while(|(_, it)| it.start <= at)
        .any(|(bits, it)| bits & cue::AFFIRMING != 0 && it.start <= at && at < it.end)
}

/// 没, 不, 未 and the like before the hit, with nothing but light words between.
fn is_denied_zh(policy: &Policy, text: &Text, cues: &[(u64, Hit)], hit: &Hit) -> bool {
    let clause = text.at(hit.start).clause;
    for back in 1..=DENIAL_CHARS.min(hit.start) {
        let at = hit.start - back;
        let it = text.at(at);
        let breaks = |(bits, cue): &(u64, Hit)| bits & cue::BREAKING != 0 && cue.end == at + 1;
        if it.clause != clause || !(is_han(it.it) || it.it == ' ') {
            return false;
        }
        if cues.iter().take_while(|(_, cue)| cue.start <= at).any(breaks) {
            return false;
        }
        if policy.deny_zh.contains(it.it) {
            if !is_affirming(cues, at) {
                return true;
            }
        } else if !LIGHT.contains(it.it) && it.it != ' ' {
            return false;
        }
    }
    false
}

/// No, not, never and the like up to three words before the hit.
fn is_denied_en(policy: &Policy, text: &Text, cues: &[(u64, Hit)], hit: &Hit) -> bool {
    let clause = text.at(hit.start).clause;
    let (mut at, mut between) = (hit.start, 0);
    loop {
        while 0 < at && text.char(at - 1) == ' ' {
            at -= 1;
        }
        let end = at;
        while 0 < at && is_wordy(text.char(at - 1)) && end - at < 24 {
            at -= 1;
        }
        if at == end || text.at(at).clause != clause {
            return false;
        }
        let mut word = String::from(" ");
        word.extend((at..end).map(|at| text.char(at)));
        word.push(' ');
        if policy.deny_en.contains(&word) && !is_affirming(cues, at) {
            return true;
        }
        if BREAKS_EN.contains(&word) {
            return false;
        }
        between += usize::from(!LIGHT_EN.contains(&word));
        if DENIAL_WORDS < between {
            return false;
        }
    }
}
