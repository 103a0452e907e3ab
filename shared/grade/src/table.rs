//! A policy compiled to tables: every word is found in one pass over a text, whatever their
//! number.

use std::borrow::Cow;

use crate::fold::is_han;
use crate::source::{CUES, Kind, Limits, NUMBERS, Patterns, Rule, Scope, Set, Source, cue};
use crate::text::{fold, is_wordy};

/// Buckets of the index of words; a power of two.
pub(crate) const BUCKETS: usize = 2_048;

/// In the length of a word: it is only the beginning of one.
pub(crate) const PREFIX: u8 = 0x80;

/// In what a word is for: not a group by itself, but a class of pieces, or a list.
pub(crate) const OTHER: u16 = 0x8000;

/// Bytes of a word at most.
const MAX_WORD: usize = 0x7f;

/// What follows a class in a pattern.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pattern {
    pub(crate) group: u16,
    pub(crate) tail: u16,
    pub(crate) len: u8,
}

/// A set, a rule or a type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Group {
    pub(crate) name: (u32, u16),
    pub(crate) what: u8,
    pub(crate) grade: u8,
    pub(crate) weight: i32,
    pub(crate) all: u64,
    pub(crate) unless: u64,
    pub(crate) tags: u64,
    pub(crate) scope: u8,
    pub(crate) is_plain: bool,
    pub(crate) has_words: bool,
}

/// The kinds of groups.
pub(crate) const SET: u8 = 0;
/// A rule.
pub(crate) const RULE: u8 = 1;
/// A type.
pub(crate) const TYPE: u8 = 2;

/// What a type says beside its name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TypeOf {
    pub(crate) group: u16,
    pub(crate) need: u8,
    pub(crate) department: (u32, u16),
}

/// A policy, ready to grade.
#[derive(Clone, Debug)]
pub struct Policy {
    pub(crate) text: Cow<'static, str>,
    /// The words by bucket: the length in bytes and [`PREFIX`], what for, and the characters
    /// as [`encode`] writes them. What for is a group, or [`OTHER`] and a place in `uses`.
    pub(crate) words: Cow<'static, [u8]>,
    /// Where the words of each bucket begin.
    pub(crate) buckets: Cow<'static, [u16]>,
    /// Lists of what a word is for: their length, then groups, or [`OTHER`] and a class.
    pub(crate) uses: Cow<'static, [u16]>,
    /// Which patterns begin with a class.
    pub(crate) starts: Cow<'static, [u16]>,
    pub(crate) patterns: Cow<'static, [Pattern]>,
    pub(crate) tails: Cow<'static, [u16]>,
    pub(crate) groups: Cow<'static, [Group]>,
    pub(crate) types: Cow<'static, [TypeOf]>,
    pub(crate) limits: [u32; 7],
}

/// What is wrong with a policy, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// As a JSON Pointer into the policy.
    pub place: String,
    /// What.
    pub kind: FaultKind,
}

/// What may be wrong with a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// A word has less than two Han characters or letters.
    Short,
    /// It refers to a set or tag that there is not.
    Unknown,
    /// A name is there twice.
    Twice,
    /// More rules, words, names or pieces than fit, or a word too long.
    Many,
    /// A rule has neither words nor `all`.
    Empty,
}

/// Patterns at most.
pub const MAX_PATTERNS: usize = 5_000;

/// Pieces of a pattern at most: each one more is that much more to look for.
pub const MAX_PIECES: usize = 3;

/// Rules at most, sets and types included.
pub const MAX_RULES: usize = 400;

/// Names of sets and tags that rules refer to at most.
pub const MAX_NAMES: usize = 64;

/// Stands for the second character of a word of one.
pub(crate) const NONE: char = '\0';

/// The key of the index: the first characters of a word.
pub(crate) fn bucket(a: char, b: char, c: char) -> usize {
    let c = if is_wordy(a) && is_wordy(b) && is_wordy(c) { u32::from(c) } else { 0 };
    let key = u32::from(a)
        .wrapping_mul(0x9e37_79b1)
        .wrapping_add(u32::from(b).wrapping_mul(0x85eb_ca77))
        .wrapping_add(c.wrapping_mul(0xc2b2_ae3d));
    ((key ^ (key >> 15)).wrapping_mul(0x2c1b_3c6d) >> 16) as usize % BUCKETS
}

/// The bit of a name among those that rules refer to.
#[derive(Default)]
struct Names {
    all: Vec<String>,
}

impl Names {
    fn bit(&self, name: &str) -> Option<u64> {
        self.all.iter().position(|it| it == name).map(|at| 1 << at)
    }

    fn add(&mut self, name: &str) {
        if self.bit(name).is_none() {
            self.all.push(name.to_owned());
        }
    }
}

/// A word while it is compiled.
struct Literal {
    text: String,
    is_prefix: bool,
    uses: Vec<u16>,
}

/// A pattern of more than one piece while it is compiled.
struct Draft {
    class: u16,
    group: u16,
    tail: Vec<u16>,
}

/// Compiles; what it collects is sorted into tables by [`Compiler::finish`].
struct Compiler<'s> {
    source: &'s Source,
    names: Names,
    /// The words by bucket.
    literals: Vec<Vec<Literal>>,
    /// The class of each set that a pattern names.
    set_classes: Vec<Option<u16>>,
    drafts: Vec<Draft>,
    groups: Vec<Group>,
    types: Vec<TypeOf>,
    text: String,
    /// The next class of a word.
    classes: u16,
    faults: Vec<Fault>,
    count: usize,
}

impl Policy {
    /// Compiles a policy, or says everything that is wrong with it.
    pub fn compile(source: &Source) -> Result<Policy, Vec<Fault>> {
        let mut compiler = Compiler::new(source);
        compiler.name_all();
        for (at, set) in source.sets.iter().enumerate() {
            compiler.set(at, &set.name, &set.patterns);
        }
        for (at, rule) in source.rules.iter().enumerate() {
            compiler.rule(at, rule);
        }
        for (at, kind) in source.types.iter().enumerate() {
            compiler.kind(at, kind);
        }
        compiler.finish()
    }

    /// Its limits.
    pub fn limits(&self) -> Limits {
        let [loss, many, times, days, week, general, moderate] = self.limits;
        Limits { loss, many, times, days, week, general, moderate }
    }
}

impl<'s> Compiler<'s> {
    fn new(source: &'s Source) -> Compiler<'s> {
        Compiler {
            source,
            names: Names::default(),
            literals: std::iter::repeat_with(Vec::new).take(BUCKETS).collect(),
            set_classes: set_classes(source),
            drafts: Vec::new(),
            groups: Vec::new(),
            types: Vec::new(),
            text: String::new(),
            classes: small(source.sets.len()),
            faults: Vec::new(),
            count: 0,
        }
    }

    fn fault(&mut self, place: String, kind: FaultKind) {
        self.faults.push(Fault { place, kind });
    }

    /// Gives a bit to every name that a rule refers to, and to those that the code does.
    fn name_all(&mut self) {
        let source = self.source;
        NUMBERS.iter().chain(&CUES).for_each(|it| self.names.add(it));
        for it in source.rules.iter().flat_map(|it| it.all.iter().chain(&it.unless)) {
            self.names.add(it);
        }
        if MAX_NAMES < self.names.all.len() {
            self.fault("/rules".to_owned(), FaultKind::Many);
            self.names.all.truncate(MAX_NAMES);
        }
        if MAX_RULES < source.rules.len() + source.sets.len() + source.types.len() {
            self.fault("/rules".to_owned(), FaultKind::Many);
        }
    }

    fn store(&mut self, text: &str) -> (u32, u16) {
        let at = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        self.text.push_str(text);
        (at, u16::try_from(text.len()).unwrap_or(u16::MAX))
    }

    fn set(&mut self, at: usize, name: &str, patterns: &Patterns) {
        let place = format!("/sets/{at}");
        if self.source.sets.iter().take(at).any(|it| it.name == name) {
            self.fault(format!("{place}/name"), FaultKind::Twice);
        }
        let group = Group {
            name: self.store(name),
            what: SET,
            grade: 0,
            weight: 0,
            all: 0,
            unless: 0,
            tags: self.names.bit(name).unwrap_or(0),
            scope: 0,
            is_plain: name == "mask",
            has_words: true,
        };
        let class = self.set_classes.get(at).copied().flatten();
        self.group(group, class, &place, patterns);
    }

    fn rule(&mut self, at: usize, rule: &Rule) {
        let place = format!("/rules/{at}");
        if self.source.rules.iter().take(at).any(|it| it.id == rule.id) {
            self.fault(format!("{place}/id"), FaultKind::Twice);
        }
        if rule.all.is_empty() && rule.patterns.all().next().is_none() {
            self.fault(place.clone(), FaultKind::Empty);
        }
        let bits = |names: &[String]| {
            names.iter().filter_map(|it| self.names.bit(it)).fold(0, |all, it| all | it)
        };
        let (all, unless, tags) = (bits(&rule.all), bits(&rule.unless), bits(&rule.tags));
        for (list, names) in [("all", &rule.all), ("unless", &rule.unless)] {
            for (nth, name) in names.iter().enumerate() {
                if !self.is_known(at, name) {
                    self.fault(format!("{place}/{list}/{nth}"), FaultKind::Unknown);
                }
            }
        }
        let group = Group {
            name: self.store(&rule.id),
            what: RULE,
            grade: rule.grade,
            weight: rule.weight,
            all,
            unless,
            tags,
            scope: rule.scope as u8,
            is_plain: rule.plain,
            has_words: rule.patterns.all().next().is_some(),
        };
        self.group(group, None, &place, &rule.patterns);
    }

    /// Whether `all` and `unless` of the rule at `at` may name this.
    fn is_known(&self, at: usize, name: &str) -> bool {
        let is_tag = |it: &Rule| it.tags.iter().any(|it| it == name);
        NUMBERS.contains(&name)
            || self.source.sets.iter().any(|it| it.name == name)
            || self.source.rules.iter().take(at).any(is_tag)
    }

    fn kind(&mut self, at: usize, kind: &Kind) {
        let place = format!("/types/{at}");
        if self.source.types.iter().take(at).any(|it| it.id == kind.id) {
            self.fault(format!("{place}/id"), FaultKind::Twice);
        }
        let department = self.store(&kind.department);
        let need = match kind.need.as_str() {
            "product" => 1,
            "service" => 2,
            "experience" => 3,
            _ => 0,
        };
        let group = u16::try_from(self.groups.len()).unwrap_or(u16::MAX);
        self.types.push(TypeOf { group, need, department });
        let group = Group {
            name: self.store(&kind.id),
            what: TYPE,
            grade: 0,
            weight: 0,
            all: 0,
            unless: 0,
            tags: 0,
            scope: 0,
            is_plain: true,
            has_words: true,
        };
        self.group(group, None, &place, &kind.patterns);
    }

    fn group(&mut self, group: Group, class: Option<u16>, place: &str, patterns: &Patterns) {
        let id = u16::try_from(self.groups.len()).unwrap_or(u16::MAX);
        self.groups.push(group);
        for (list, words) in [("zh", &patterns.zh), ("en", &patterns.en)] {
            for (nth, word) in words.iter().enumerate() {
                self.count += 1;
                self.pattern(id, class, word, &format!("{place}/{list}/{nth}"));
            }
        }
    }

    /// A pattern: words and `{sets}` with `~` between them.
    fn pattern(&mut self, group: u16, set: Option<u16>, pattern: &str, place: &str) {
        if !pattern.contains('~') {
            let uses = std::iter::once(group).chain(set.map(|class| class | OTHER));
            // What stands between is short: 不, 是.
            let cues = cue::DENYING | cue::LIGHT;
            let is_cue = self.groups.last().is_some_and(|it| it.tags & cues != 0);
            let least = if is_cue { 1 } else { 2 };
            if let Err(kind) = self.word(pattern, least, &uses.collect::<Vec<u16>>()) {
                self.fault(place.to_owned(), kind);
            }
            return;
        }
        let mut pieces = Vec::new();
        for piece in pattern.split('~') {
            match self.piece(piece.trim()) {
                Ok(class) => pieces.push(class),
                Err(kind) => self.fault(place.to_owned(), kind),
            }
        }
        if MAX_PIECES < pieces.len() {
            self.fault(place.to_owned(), FaultKind::Many);
        }
        let Some((class, tail)) = pieces.split_first() else { return };
        self.drafts.push(Draft { class: *class, group, tail: tail.to_vec() });
    }

    /// The class of a piece.
    fn piece(&mut self, piece: &str) -> Result<u16, FaultKind> {
        if let Some(name) = piece.strip_prefix('{').and_then(|it| it.strip_suffix('}')) {
            let at = self.source.sets.iter().position(|it| it.name == name);
            let class = at.and_then(|at| self.set_classes.get(at).copied().flatten());
            return class.ok_or(FaultKind::Unknown);
        }
        // A single character says too little by itself, but enough beside another piece.
        let class = self.word(piece, 1, &[])?;
        if class == self.classes {
            self.classes = self.classes.saturating_add(1);
        }
        Ok(class)
    }

    /// Enters a word and what it is for; without that, gives the class that it has or gets.
    fn word(&mut self, word: &str, least: usize, uses: &[u16]) -> Result<u16, FaultKind> {
        let (word, is_prefix) = match word.strip_suffix('*') {
            Some(word) => (word, true),
            None => (word, false),
        };
        let text = fold(word);
        let mut chars = text.chars();
        let mut next = || chars.next().unwrap_or(NONE);
        let (first, bucket) = (text.chars().next(), bucket(next(), next(), next()));
        let least = match first {
            Some(it) if is_wordy(it) => 2 + usize::from(is_prefix),
            Some(it) if is_han(it) => least,
            _ => 1,
        };
        if text.chars().count() < least {
            return Err(FaultKind::Short);
        }
        if MAX_WORD < encode(&text).len() {
            return Err(FaultKind::Many);
        }
        let Some(bucket) = self.literals.get_mut(bucket) else { return Err(FaultKind::Many) };
        let at = bucket.iter().position(|it| it.text == text && it.is_prefix == is_prefix);
        let at = at.unwrap_or(bucket.len());
        if at == bucket.len() {
            bucket.push(Literal { text, is_prefix, uses: Vec::new() });
        }
        let Some(literal) = bucket.get_mut(at) else { return Err(FaultKind::Many) };
        for it in uses {
            if !literal.uses.contains(it) {
                literal.uses.push(*it);
            }
        }
        if !uses.is_empty() {
            return Ok(0);
        }
        // Classes of sets are shared by their words; one from here on is of this word alone.
        let least = small(self.source.sets.len()) | OTHER;
        if let Some(class) = literal.uses.iter().find(|it| least <= **it) {
            return Ok(class & !OTHER);
        }
        literal.uses.push(self.classes | OTHER);
        Ok(self.classes)
    }

    fn finish(mut self) -> Result<Policy, Vec<Fault>> {
        let (words, buckets, uses) = self.words();
        if MAX_PATTERNS < self.count || usize::from(u16::MAX) < words.len() {
            self.fault("/rules".to_owned(), FaultKind::Many);
        }
        if !self.faults.is_empty() {
            return Err(self.faults);
        }
        let mut starts = Vec::new();
        let mut patterns = Vec::new();
        let mut tails = Vec::new();
        for class in 0..=self.classes {
            starts.push(small(patterns.len()));
            for it in self.drafts.iter().filter(|it| it.class == class) {
                let len = u8::try_from(it.tail.len()).unwrap_or(u8::MAX);
                patterns.push(Pattern { group: it.group, tail: small(tails.len()), len });
                tails.extend_from_slice(&it.tail);
            }
        }
        starts.push(small(patterns.len()));
        let Limits { loss, many, times, days, week, general, moderate } = self.source.limits;
        Ok(Policy {
            text: self.text.into(),
            words: words.into(),
            buckets: buckets.into(),
            uses: uses.into(),
            starts: starts.into(),
            patterns: patterns.into(),
            tails: tails.into(),
            groups: self.groups.into(),
            types: self.types.into(),
            limits: [loss, many, times, days, week, general, moderate],
        })
    }

    fn words(&self) -> (Vec<u8>, Vec<u16>, Vec<u16>) {
        let (mut words, mut buckets, mut uses) = (Vec::new(), Vec::new(), Vec::new());
        for bucket in &self.literals {
            buckets.push(small(words.len()));
            for it in bucket {
                let text = encode(&it.text);
                let prefix = if it.is_prefix { PREFIX } else { 0 };
                words.push(u8::try_from(text.len()).unwrap_or(0) | prefix);
                let what_for = match it.uses.as_slice() {
                    [group] if group & OTHER == 0 => *group,
                    list => {
                        let at = small(uses.len());
                        uses.push(small(list.len()));
                        uses.extend_from_slice(list);
                        at | OTHER
                    }
                };
                words.extend(what_for.to_le_bytes());
                words.extend(text);
            }
        }
        buckets.push(small(words.len()));
        (words, buckets, uses)
    }
}

/// The classes of those sets that stand in patterns; the others need none.
fn set_classes(source: &Source) -> Vec<Option<u16>> {
    let patterns = source.sets.iter().map(|it| &it.patterns);
    let patterns = patterns.chain(source.rules.iter().map(|it| &it.patterns));
    let patterns: Vec<&Patterns> =
        patterns.chain(source.types.iter().map(|it| &it.patterns)).collect();
    let is_named = |set: &Set| {
        let piece = format!("{{{}}}", set.name);
        patterns.iter().any(|it| it.all().any(|it| it.contains(&piece)))
    };
    let sets = source.sets.iter().enumerate();
    sets.map(|(at, set)| is_named(set).then(|| small(at))).collect()
}

/// A folded word in bytes: one for ASCII, two for most Chinese characters, else four.
fn encode(word: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(word.len());
    for it in word.chars() {
        let code = u32::from(it);
        match u16::try_from(code.wrapping_sub(HAN)) {
            Ok(han) if han < HAN_COUNT => bytes.extend((han | OTHER).to_be_bytes()),
            _ if code < 0x80 => bytes.extend(u8::try_from(code)),
            _ => bytes.extend((code | RARE).to_be_bytes()),
        }
    }
    bytes
}

/// The first byte of words that begin with this character.
pub(crate) fn begins(it: char) -> u8 {
    let code = u32::from(it);
    let byte = match code {
        0..0x80 => code,
        HAN..0xa000 => (code - HAN) >> 8 | 0x80,
        _ => RARE >> 24,
    };
    u8::try_from(byte).unwrap_or_default()
}

/// Reads what [`encode`] wrote.
pub(crate) fn decode(bytes: &[u8]) -> impl Iterator<Item = char> + '_ {
    let mut bytes = bytes.iter().map(|it| u32::from(*it));
    std::iter::from_fn(move || {
        let mut code = bytes.next()?;
        if 0x80 <= code {
            code = code << 8 | bytes.next()?;
            if RARE >> 16 <= code {
                code = code << 16 | bytes.next()? << 8 | bytes.next()?;
                code ^= RARE;
            } else {
                code = (code ^ u32::from(OTHER)) + HAN;
            }
        }
        Some(char::from_u32(code).unwrap_or(NONE))
    })
}

/// The first of the Chinese characters that take two bytes, and how many there are.
const HAN: u32 = 0x4e00;
const HAN_COUNT: u16 = 0x5200;

/// Marks a character of four bytes.
const RARE: u32 = 0xf000_0000;

/// Tables have far less than 65,536 rows: there are 4,000 patterns at most.
fn small(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}

/// The scope of this number.
pub(crate) fn scope(number: u8) -> Scope {
    Scope::ALL.into_iter().nth(usize::from(number)).unwrap_or_default()
}
