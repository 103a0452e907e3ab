//! Personal data out of free text: what identifies a person becomes a mark such as `[phone]`.
//!
//! Best effort by form, without a dictionary: numbers and addresses have forms, names only where
//! the text itself announces one. Places, ages and names in running text stay.
//!
//! One pass reads from left to right. What lies to the left is judged as it was written out, so a
//! second pass sees the same; what lies to the right may have become a mark in between, and
//! [`redact`] therefore repeats until nothing changes.

mod digits;
mod names;

use crate::fold::{lower, narrow};

/// All marks. They are words of no language's text, so they read the same everywhere.
pub const MARKS: [&str; 11] = [
    "[account]",
    "[card]",
    "[email]",
    "[id]",
    "[ip]",
    "[name]",
    "[number]",
    "[phone]",
    "[plate]",
    "[query]",
    "[user]",
];

/// Passes at most. Three do, the last of which changes nothing: only a plate, a passport or an
/// account can be uncovered by a mark on its right, and none of them uncovers another.
const PASSES_MAX: usize = 4;

/// `text` with personal data replaced by [`MARKS`]; the rest as it was.
///
/// | mark | stands for |
/// |---|---|
/// | `[phone]` | mobile and fixed numbers, Chinese and international, with their extension |
/// | `[email]` | an e-mail address |
/// | `[id]` | a Chinese identity card (GB 11643: birthday, ISO 7064 check), a passport |
/// | `[card]` | 13 to 19 digits with a right check digit (ISO/IEC 7812, Luhn) |
/// | `[number]` | any other 11 digits or more without a gap |
/// | `[account]` | what follows 微信, wechat, wx, vx, QQ, Skype or Telegram |
/// | `[plate]` | a Chinese licence plate (GA 36) |
/// | `[ip]` | an IPv4 address |
/// | `[user]`, `[query]` | the user, the query of an address in the Web (RFC 3986) |
/// | `[name]` | a name after 姓名：, 我叫, 我姓, Mr, Ms, my name is; before 先生, 女士, 小姐 |
///
/// Numbers that everybody may call stay: 400, 800 and North American toll-free ones, and short
/// ones such as 12315. Takes time linear in the text, and `redact(&redact(x)) == redact(x)`.
pub fn redact(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..PASSES_MAX {
        let next = Scan::new(&text).pass();
        if next == text {
            break;
        }
        text = next;
    }
    text
}

/// How many characters the mark takes that `chars` begins with; 0 if it begins with none.
pub(crate) fn mark_len(chars: &[char]) -> usize {
    if chars.first() != Some(&'[') {
        return 0;
    }
    let is_here = |mark: &&&str| {
        mark.chars().count() <= chars.len() && mark.chars().zip(chars).all(|(a, b)| a == *b)
    };
    MARKS.iter().find(is_here).map_or(0, |it| it.len())
}

/// One pass over a text.
struct Scan {
    /// As written.
    chars: Vec<char>,
    /// What is read next.
    at: usize,
    out: String,
    /// The last character written, in half width.
    last: char,
    /// Whether an address in the Web has begun and not ended.
    is_web: bool,
    /// Up to here it is known that no e-mail address begins.
    no_email_until: usize,
    /// Up to here it is known that no fragment has parameters.
    no_fragment_until: usize,
    /// A number that begins here was announced as one to call.
    phone_at: Option<usize>,
}

/// Announce an account; those of letters must be a word of their own.
const ACCOUNTS: [&str; 14] = [
    "微信",
    "薇信",
    "加微",
    "加v",
    "wechat",
    "weixin",
    "wx",
    "vx",
    "qq",
    "skype",
    "telegram",
    "tg",
    "企鹅号",
    "扣扣",
];

/// Announce a number to call.
const PHONES: [&str; 17] = [
    "电话",
    "手机",
    "座机",
    "固话",
    "传真",
    "联系方式",
    "致电",
    "拨打",
    "tel",
    "phone",
    "mobile",
    "cell",
    "fax",
    "telephone",
    "call",
    "whatsapp",
    "hotline",
];

/// Abbreviations of provinces, as plates begin.
const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";

/// How far an announcement reaches over spaces, colons and the like.
const GAP_MAX: usize = 8;

impl Scan {
    fn new(text: &str) -> Self {
        Self {
            chars: text.chars().collect(),
            at: 0,
            out: String::with_capacity(text.len()),
            last: ' ',
            is_web: false,
            no_email_until: 0,
            no_fragment_until: 0,
            phone_at: None,
        }
    }

    fn pass(mut self) -> String {
        while self.at < self.chars.len() {
            let is_done = self.mark() || self.web() || self.email() || self.number() || self.word();
            if !is_done {
                self.keep_to(self.at + 1);
            }
        }
        self.out
    }

    /// The character as written; NUL, which belongs to no class, behind the end.
    fn raw(&self, at: usize) -> char {
        self.chars.get(at).copied().unwrap_or('\0')
    }

    /// The character in half width.
    fn get(&self, at: usize) -> char {
        narrow(self.raw(at))
    }

    fn digit(&self, at: usize) -> Option<u8> {
        self.get(at).to_digit(10).and_then(|it| u8::try_from(it).ok())
    }

    fn starts(&self, at: usize, word: &str) -> bool {
        word.chars().zip(at..).all(|(it, at)| lower(self.get(at)) == it)
    }

    /// The end of the run of characters that `is` holds for.
    fn run(&self, from: usize, is: fn(char) -> bool) -> usize {
        let rest = self.chars.get(from..).unwrap_or_default();
        from + rest.iter().take_while(|it| is(narrow(**it))).count()
    }

    fn keep_to(&mut self, to: usize) {
        for &it in self.chars.get(self.at..to).unwrap_or_default() {
            self.out.push(it);
            self.last = narrow(it);
            self.is_web &= is_web(it);
        }
        self.at = to;
    }

    fn hide_to(&mut self, to: usize, mark: &str) {
        self.out.push_str(mark);
        self.last = ']';
        self.at = to;
    }

    fn mark(&mut self) -> bool {
        let len = mark_len(self.chars.get(self.at..).unwrap_or_default());
        self.keep_to(self.at + len);
        0 < len
    }

    /// `//user@` and `?query` of an address in the Web. The path stays: it tells which page.
    fn web(&mut self) -> bool {
        match self.raw(self.at) {
            ':' if self.starts(self.at, "://") && self.last.is_ascii_alphabetic() => {
                self.keep_to(self.at + 3);
                self.is_web = true;
                let rest = self.chars.get(self.at..).unwrap_or_default();
                let authority = rest.iter().take_while(|it| is_web(**it) && !"/?#".contains(**it));
                let user = authority.enumerate().filter(|(_, it)| **it == '@').last();
                if let Some((user, _)) = user {
                    self.hide_to(self.at + user, "[user]");
                }
                true
            }
            '?' if self.is_web => {
                let to = self.web_end();
                let mut rest = self.chars.get(self.at..to).unwrap_or_default().iter();
                if rest.any(char::is_ascii_alphanumeric) {
                    self.keep_to(self.at + 1);
                    self.hide_to(to, "[query]");
                } else {
                    self.keep_to(to);
                }
                true
            }
            // Many pages are told by a fragment; with = it has parameters.
            '#' if self.is_web && self.no_fragment_until <= self.at => {
                let to = self.web_end();
                let is_query = self.chars.get(self.at..to).is_some_and(|it| it.contains(&'='));
                self.no_fragment_until = to;
                self.keep_to(self.at + 1);
                if is_query {
                    self.hide_to(to, "[query]");
                }
                true
            }
            _ => false,
        }
    }

    /// Where the address in the Web ends.
    fn web_end(&self) -> usize {
        let rest = self.chars.get(self.at..).unwrap_or_default();
        self.at + rest.iter().take_while(|it| is_web(**it)).count()
    }

    fn email(&mut self) -> bool {
        if self.at < self.no_email_until || !self.get(self.at).is_ascii_alphanumeric() {
            return false;
        }
        self.no_email_until = self.run(self.at, is_local);
        match self.email_end(self.at) {
            Some(to) => self.hide_to(to, "[email]"),
            None => return false,
        }
        true
    }

    /// Where the e-mail address ends that begins at `at`: a host with a dot, and behind the last
    /// dot that has them two letters or more.
    fn email_end(&self, at: usize) -> Option<usize> {
        let mut from = self.run(at, is_local);
        if self.get(from) != '@' {
            return None;
        }
        let (mut end, mut is_first) = (None, true);
        loop {
            from += 1;
            let to = self.run(from, |it| it.is_ascii_alphanumeric() || it == '-');
            let letters = self.run(from, |it| it.is_ascii_alphabetic());
            if !is_first && from + 2 <= letters {
                end = Some(letters);
            }
            is_first = false;
            if to == from || self.get(to) != '.' {
                return end;
            }
            from = to;
        }
    }

    /// What begins with a word or a Chinese character: accounts, plates, passports, names.
    fn word(&mut self) -> bool {
        let it = self.get(self.at);
        let is_token = it.is_ascii_alphanumeric() && !self.last.is_ascii_alphanumeric();
        if it.is_ascii() && !is_token {
            return false;
        }
        if is_token && self.starts(self.at, "www.") {
            self.keep_to(self.at + 4);
            self.is_web = true;
            return true;
        }
        if !is_token && !is_lead(it) {
            return self.plate() || self.titled_name();
        }
        self.announce_phone();
        self.account() || self.passport() || self.plate() || self.name()
    }

    /// Whether `marker` stands here, as a whole word if it is of letters.
    fn announces(&self, marker: &str) -> bool {
        let to = self.at + marker.chars().count();
        let is_open = marker.ends_with(|it: char| it.is_ascii_alphabetic())
            && self.get(to).is_ascii_alphabetic();
        self.starts(self.at, marker) && !is_open
    }

    /// The end of what may stand between an announcement and what it announces, and whether that
    /// says outright that something follows.
    fn gap(&self, from: usize) -> (usize, bool) {
        let is_gap = |it: char| " :.=(号码是为有".contains(it);
        let rest = self.chars.get(from..).unwrap_or_default();
        let rest = rest.iter().take(GAP_MAX).map(|it| narrow(*it));
        let gap: Vec<char> = rest.take_while(|it| is_gap(*it)).collect();
        (from + gap.len(), gap.iter().any(|it| ":=号是为".contains(*it)))
    }

    fn announce_phone(&mut self) {
        if let Some(marker) = PHONES.iter().find(|it| self.announces(it)) {
            let (mut to, _) = self.gap(self.at + marker.chars().count());
            for it in ["number", "no", "is", "me", "at", "on"] {
                if self.starts(to, it) {
                    to = self.gap(to + it.len()).0;
                }
            }
            self.phone_at = Some(to);
        }
    }

    fn account(&mut self) -> bool {
        let Some(marker) = ACCOUNTS.iter().find(|it| self.announces(it)) else {
            return false;
        };
        let (from, is_told) = self.gap(self.at + marker.chars().count());
        let is_part = |it: char| it.is_ascii_alphanumeric() || it == '_' || it == '-';
        let has_mix = |it: char| it.is_ascii_digit() || it == '_';
        // Only what can begin an account is read on, or repeated announcements cost their square.
        let to = match self.get(from) {
            // WeChat names begin with a letter: what begins with a digit is a phone number.
            '0'..='9' if ["qq", "企鹅号", "扣扣"].contains(marker) => {
                self.run(from, |it| it.is_ascii_digit())
            }
            'a'..='z' | 'A'..='Z' | '_' => {
                let to = self.run(from, is_part);
                let is_account = is_told || (from..to).any(|at| has_mix(self.get(at)));
                if is_account { to } else { from }
            }
            _ => from,
        };
        let may_mail = self.no_email_until <= from;
        if to < from + 5 || (may_mail && self.email_end(from).is_some()) {
            return false;
        }
        self.keep_to(from);
        self.hide_to(to, "[account]");
        true
    }

    fn passport(&mut self) -> bool {
        let is_alnum = |it: char| it.is_ascii_alphanumeric();
        if let Some(marker) = ["护照", "passport"].iter().find(|it| self.announces(it)) {
            let mut from = self.gap(self.at + marker.chars().count()).0;
            for it in ["number", "no", "is"] {
                if self.starts(from, it) {
                    from = self.gap(from + it.len()).0;
                }
            }
            let to = self.run(from, is_alnum);
            let digits = (from..to).filter(|at| self.digit(*at).is_some()).count();
            if 5 <= digits && 7 <= to - from {
                self.keep_to(from);
                self.hide_to(to, "[id]");
                return true;
            }
        }
        let to = self.run(self.at, is_alnum);
        // GA 2019: E and eight digits, or E, a letter and seven; G before 2012.
        let is_second = |it: char| it.is_ascii_digit() || it.is_ascii_uppercase();
        let is_digits = |from: usize| (from..to).all(|at| self.digit(at).is_some());
        let is_passport = matches!(self.get(self.at), 'E' | 'G')
            && to == self.at + 9
            && is_second(self.get(self.at + 1))
            && is_digits(self.at + 2);
        if is_passport {
            self.hide_to(to, "[id]");
        }
        is_passport
    }

    /// GA 36: a province, a letter, then five letters or digits, six for electric cars.
    fn plate(&mut self) -> bool {
        let letter = self.get(self.at + 1);
        if !letter.is_ascii_alphabetic() || !PROVINCES.contains(self.get(self.at)) {
            return false;
        }
        let is_gap = "·•.- ".contains(self.get(self.at + 2));
        let from = self.at + 2 + usize::from(is_gap);
        let mut to = self.run(from, |it| it.is_ascii_alphanumeric());
        let len = to - from;
        let digits = (from..to).filter(|at| self.digit(*at).is_some()).count();
        // A product such as 新Mate40 has fewer digits, and small letters.
        let is_small = (self.at + 1..to).any(|at| self.get(at).is_ascii_lowercase());
        let has_digits = 3 <= digits && (!is_small || digits == len);
        if len == 4 && "学警挂港澳领".contains(self.get(to)) {
            to += 1;
        } else if len != 5 && len != 6 {
            return false;
        }
        if has_digits {
            self.hide_to(to, "[plate]");
        }
        has_digits
    }
}

/// Whether an announcement begins with this Chinese character. Few do, and asking here first
/// makes a pass three times as fast.
fn is_lead(it: char) -> bool {
    matches!(
        it,
        '微' | '薇'
            | '加'
            | '企'
            | '扣'
            | '电'
            | '手'
            | '座'
            | '固'
            | '传'
            | '联'
            | '致'
            | '拨'
            | '护'
            | '姓'
            | '收'
            | '投'
            | '反'
            | '客'
            | '寄'
            | '办'
            | '我'
            | '名'
    )
}

/// Whether `it` may stand in an address in the Web. Full width ends it, as in running text.
fn is_web(it: char) -> bool {
    it.is_ascii_graphic() && !"\"<>`{}|\\^".contains(it)
}

/// Whether `it` may stand before the @ of an e-mail address.
fn is_local(it: char) -> bool {
    it.is_ascii_alphanumeric() || "._%+-".contains(it)
}

#[cfg(test)]
mod tests;
