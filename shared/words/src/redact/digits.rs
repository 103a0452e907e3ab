//! Which numbers are somebody's: phones, identity cards, bank cards, addresses of machines.
//!
//! People put gaps into long numbers, so a chain of groups is read, and the first whole groups of
//! it are held against each form. What follows a form never forbids it: else hiding that would
//! uncover this, and a second pass would differ.

use super::Scan;

/// Digits of a chain that are looked at. No form is longer.
const DIGITS_MAX: usize = 20;

/// Groups of a chain that are looked at.
const GROUPS_MAX: usize = 7;

/// Digits without a gap that are somebody's, whatever they are.
const NUMBER_MIN: usize = 11;

/// One group of digits.
#[derive(Clone, Copy)]
struct Group {
    len: usize,
    /// Behind its last digit in the text.
    end: usize,
    /// What stands before it.
    gap: char,
}

/// Groups of digits with small gaps between them.
struct Chain {
    digits: Vec<u8>,
    groups: Vec<Group>,
}

/// The first groups of a chain.
struct Head<'a> {
    digits: &'a [u8],
    lens: Vec<usize>,
    gaps: Vec<char>,
    end: usize,
}

impl Chain {
    /// The heads, longest first.
    fn heads(&self) -> Vec<Head<'_>> {
        let mut heads = Vec::new();
        let (mut lens, mut gaps) = (Vec::new(), Vec::new());
        for it in &self.groups {
            lens.push(it.len);
            gaps.push(it.gap);
            let digits = self.digits.get(..lens.iter().sum()).unwrap_or_default();
            // Empty if there are more digits than any form has.
            if !digits.is_empty() {
                let (lens, gaps) = (lens.clone(), gaps.clone());
                heads.push(Head { digits, lens, gaps, end: it.end });
            }
        }
        heads.reverse();
        heads
    }
}

impl Scan {
    /// Hides or keeps the number that begins here; false if none does.
    pub(super) fn number(&mut self) -> bool {
        let lead = match (self.get(self.at), self.get(self.at + 1)) {
            ('0'..='9', _) if !self.last.is_ascii_digit() => 0,
            ('+', '0'..='9') if !self.last.is_ascii_alphanumeric() => 1,
            ('(', '0'..='9') => 1,
            ('(', '+') if self.digit(self.at + 2).is_some() => 2,
            _ => return false,
        };
        let is_bracket = self.get(self.at) == '(';
        let is_plus = self.get(self.at + lead.max(1) - 1) == '+';
        let chain = self.chain(self.at + lead);
        let heads = chain.heads();
        let first_end = chain.groups.first().map_or(self.at, |it| it.end);
        if is_bracket && self.get(first_end) != ')' {
            return false;
        }
        if let Some(end) = heads.iter().find(|it| is_open(it)).map(|it| it.end) {
            self.keep_to(end);
            return true;
        }
        let is_told = self.phone_at == Some(self.at);
        let is_phone = |it: &&Head| is_phone(it, is_plus) || (is_told && is_local_phone(it));
        let phone = heads.iter().find(is_phone);
        let phone = phone.or_else(|| heads.iter().find(|it| is_plus && is_international(it)));
        if let Some(head) = phone {
            let end = self.extension(head.end, head.digits.first() == Some(&0));
            self.hide_to(end, "[phone]");
            return true;
        }
        if 0 < lead {
            return false;
        }
        if let Some((end, mark)) = heads.iter().find_map(|it| self.marked(it)) {
            self.hide_to(end, mark);
        } else if self.at + NUMBER_MIN <= first_end {
            self.hide_to(first_end, "[number]");
        } else {
            self.keep_to(first_end);
        }
        true
    }

    /// The groups of digits from `from` on, with up to three of space, dash and bracket between
    /// them, or one dot.
    fn chain(&self, from: usize) -> Chain {
        let mut chain = Chain { digits: Vec::new(), groups: Vec::new() };
        let (mut start, mut gap) = (from, ' ');
        loop {
            let end = self.run(start, |it| it.is_ascii_digit());
            let room = DIGITS_MAX.saturating_sub(chain.digits.len());
            chain.digits.extend((start..end).take(room).filter_map(|at| self.digit(at)));
            chain.groups.push(Group { len: end - start, end, gap });
            gap = self.get(end);
            let is_gap = |at: &usize| " -()".contains(self.get(*at));
            let gaps = (end..end + 3).take_while(is_gap).count();
            start = end + if gap == '.' { 1 } else { gaps };
            let is_full = DIGITS_MAX <= chain.digits.len() || GROUPS_MAX <= chain.groups.len();
            if is_full || start == end || self.digit(start).is_none() {
                return chain;
            }
        }
    }

    /// Where a phone number ends with its extension: 转801, ext. 12, x12, and -12 for fixed ones.
    fn extension(&self, end: usize, is_fixed: bool) -> usize {
        let from = self.run(end, |it| it == ' ');
        let words = ["转分机", "转", "分机", "ext", "x", "-"];
        let is_here = |it: &&&str| self.starts(from, it) && (is_fixed || **it != "-");
        let Some(word) = words.iter().find(is_here) else {
            return end;
        };
        let from = self.run(from + word.chars().count(), |it| " .:".contains(it));
        let to = self.run(from, |it| it.is_ascii_digit());
        if (1..=6).contains(&(to - from)) { to } else { end }
    }

    /// The end and the mark of what is no phone number.
    fn marked(&self, head: &Head) -> Option<(usize, &'static str)> {
        let (digits, lens) = (head.digits, head.lens.as_slice());
        if is_address(head) && !"vV本".contains(self.last) {
            return Some((head.end, "[ip]"));
        }
        let is_x = digits.len() == 17 && self.starts(head.end, "x") && is_identity(digits, true);
        if is_x && (lens.len() == 1 || lens == [6, 8, 3]) {
            return Some((head.end + 1, "[id]"));
        }
        let is_whole = matches!(lens, [18] | [6, 8, 4] | [6, 4, 4, 4] | [3, 3, 4, 4, 4]);
        if (is_whole && is_identity(digits, false)) || is_old_identity(digits, lens) {
            return Some((head.end, "[id]"));
        }
        let is_right = is_luhn(digits);
        if lens.len() == 1 {
            return ((13..=19).contains(&digits.len()) && is_right).then_some((head.end, "[card]"));
        }
        // Years stand in fours as well, and begin with 1 or 2.
        let is_issued = matches!(digits.first(), Some(3..=6 | 9));
        let is_fours = lens.len() >= 4
            && lens.iter().rev().skip(1).all(|it| *it == 4)
            && lens.last().is_some_and(|it| *it <= 4)
            && (13..=19).contains(&digits.len());
        match (is_issued && (is_fours || matches!(lens, [4, 6, 5] | [6, 13])), is_right) {
            (true, true) => Some((head.end, "[card]")),
            (true, false) if is_fours => Some((head.end, "[number]")),
            _ => None,
        }
    }
}

/// Numbers that a firm gives to everybody: 400, 800, and toll-free in North America.
fn is_open(head: &Head) -> bool {
    let (digits, lens) = match (head.digits, head.lens.as_slice()) {
        ([1, digits @ ..], [1, lens @ ..]) => (digits, lens),
        ([1, digits @ ..], [11]) => (digits, [10].as_slice()),
        (digits, lens) => (digits, lens),
    };
    if digits.len() != 10 {
        return false;
    }
    match digits {
        [4 | 8, 0, 0, ..] => matches!(lens.first(), Some(3 | 4 | 6 | 10)),
        [8, 3, 3, ..]
        | [8, 4, 4, ..]
        | [8, 5, 5, ..]
        | [8, 6, 6, ..]
        | [8, 7, 7, ..]
        | [8, 8, 8, ..] => lens == [3, 3, 4],
        _ => false,
    }
}

fn is_phone(head: &Head, is_plus: bool) -> bool {
    let (digits, lens) = (head.digits, head.lens.as_slice());
    is_mobile(digits, lens) || (!is_plus && (is_fixed(digits, lens) || is_american(head)))
}

/// A Chinese mobile number, with or without 86, 0086 or a 0 before it.
fn is_mobile(digits: &[u8], lens: &[usize]) -> bool {
    let code = match digits {
        [8, 6, 1, 3..=9, ..] if digits.len() == 13 => 2,
        [0, 0, 8, 6, 1, 3..=9, ..] if digits.len() == 15 => 4,
        [0, 1, 3..=9, ..] if digits.len() == 12 => 1,
        [1, 3..=9, ..] if digits.len() == 11 => 0,
        _ => return false,
    };
    let is_shape = |lens: &[usize]| {
        matches!(lens, [11] | [3, 8] | [7, 4] | [5, 6] | [3, 4, 4] | [4, 3, 4] | [4, 4, 3])
    };
    match lens {
        [first, rest @ ..] if *first == code => is_shape(rest),
        [first, rest @ ..] => {
            let mut lens = vec![first.saturating_sub(code)];
            lens.extend(rest);
            is_shape(&lens)
        }
        [] => false,
    }
}

/// A number with a trunk 0: Chinese area codes (010, 02x, 0xxx) and British forms; or one dialled
/// abroad with 00.
fn is_fixed(digits: &[u8], lens: &[usize]) -> bool {
    let area = match digits {
        [0, 0, 1..=9, ..] => return (12..=17).contains(&digits.len()),
        [0, 1, 0, ..] | [0, 2, ..] => 3,
        [0, 3..=9, ..] => 4,
        [0, 1, ..] => return lens == [4, 3, 4] || lens == [5, 6],
        _ => return false,
    };
    match lens {
        [all] => *all == area + 8 || *all == area + 7 && area == 4,
        [first, 7 | 8] | [first, 3 | 4, 4] => *first == area,
        [5, 6] | [5, 3, 3] => true,
        _ => false,
    }
}

/// A North American number in three groups.
fn is_american(head: &Head) -> bool {
    let (digits, lens, gaps) = match (head.digits, head.lens.as_slice(), head.gaps.as_slice()) {
        ([1, digits @ ..], [1, lens @ ..], [_, _, gaps @ ..]) => (digits, lens, gaps),
        (digits, lens, [_, gaps @ ..]) => (digits, lens, gaps),
        _ => return false,
    };
    // Round numbers with spaces between them are amounts.
    let is_round = gaps.iter().all(|it| *it == ' ') && matches!(digits, [_, _, _, _, 0, 0, ..]);
    lens == [3, 3, 4] && matches!(digits, [2..=9, ..]) && !is_round
}

/// E.164: at most 15 digits with the country's.
fn is_international(head: &Head) -> bool {
    let most = if head.digits.first() == Some(&1) { 11 } else { 15 };
    (8..=most).contains(&head.digits.len())
}

/// What is a phone number only because the text says so.
fn is_local_phone(head: &Head) -> bool {
    matches!(head.lens.as_slice(), [7..=12] | [3 | 4, 4] | [3, 3, 4])
}

/// Four numbers up to 255 with dots.
fn is_address(head: &Head) -> bool {
    let mut digits = head.digits;
    let are_bytes = head.lens.iter().all(|len| {
        let (group, rest) = digits.split_at_checked(*len).unwrap_or_default();
        digits = rest;
        *len <= 3 && group.iter().fold(0_u32, |sum, it| sum * 10 + u32::from(*it)) <= 255
    });
    head.lens.len() == 4 && head.gaps.iter().skip(1).all(|it| *it == '.') && are_bytes
}

/// GB 11643-1999: region, birthday, order, check (ISO 7064 MOD 11-2). With a mistyped X a
/// plausible birthday is enough, for nothing else ends so.
fn is_identity(digits: &[u8], is_x: bool) -> bool {
    let [1..=8, _, _, _, _, _, a, b, _, _, m1, m2, d1, d2, ..] = *digits else {
        return false;
    };
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = digits.iter().zip(weights).map(|(it, weight)| u32::from(*it) * weight).sum();
    let check = (12 - sum % 11) % 11;
    let is_right = is_x || digits.get(17).is_some_and(|it| u32::from(*it) == check);
    let century = a * 10 + b;
    is_right && (18..=20).contains(&century) && is_day(m1 * 10 + m2, d1 * 10 + d2)
}

/// The form before 1999, of 15 digits. A bank card of that length is told by its check digit.
fn is_old_identity(digits: &[u8], lens: &[usize]) -> bool {
    match *digits {
        [1..=8, _, _, _, _, _, _, _, m1, m2, d1, d2, _, _, _] => {
            lens.len() == 1 && is_day(m1 * 10 + m2, d1 * 10 + d2) && !is_luhn(digits)
        }
        _ => false,
    }
}

fn is_day(month: u8, day: u8) -> bool {
    (1..=12).contains(&month) && (1..=31).contains(&day)
}

/// ISO/IEC 7812-1, annex B: every second digit from the right doubled, cast out nines, sum to
/// tens.
fn is_luhn(digits: &[u8]) -> bool {
    let doubled = |(at, it): (usize, &u8)| match (at % 2, u32::from(*it)) {
        (0, it) => it,
        (_, it) => it * 2 / 10 + it * 2 % 10,
    };
    digits.iter().rev().enumerate().map(doubled).sum::<u32>() % 10 == 0
}
