//! A policy compiled to tables: every word is found in one pass over a text, whatever their
//! number.

use std::borrow::Cow;

use crate::source::{CUES, Kind, Limits, NUMBERS, Patterns, Rule, Scope, Source};
use crate::text::{fold, is_wordy};

/// Buckets of the index of words; a power of two.
pub(crate) const BUCKETS: usize = 2_048;

/// A word, or the beginning of one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word {
    pub(crate) at: u32,
    pub(crate) len: u16,
    pub(crate) uses: u16,
    pub(crate) count: u16,
    pub(crate) is_prefix: bool,
}

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
    pub(crate) words: Cow<'static, [Word]>,
    pub(crate) buckets: Cow<'static, [u16]>,
    pub(crate) uses: Cow<'static, [u16]>,
    pub(crate) starts: Cow<'static, [u16]>,
    pub(crate) patterns: Cow<'static, [Pattern]>,
    pub(crate) tails: Cow<'static, [u16]>,
    pub(crate) groups: Cow<'static, [Group]>,
    pub(crate) types: Cow<'static, [TypeOf]>,
    pub(crate) deny_zh: Cow<'static, str>,
    pub(crate) deny_en: Cow<'static, str>,
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
    /// More rules, words or names than fit.
    Many,
    /// A rule has neither words nor `all`.
    Empty,
}

/// Patterns at most.
pub const MAX_PATTERNS: usize = 5_000;

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

struct Literal {
    text: String,
    is_prefix: bool,
    class: u16,
    uses: Vec<u16>,
}

struct Draft {
    class: u16,
    group: u16,
    tail: Vec<u16>,
}

/// Compiles; what it collects is sorted into tables by [`Compiler::finish`].
struct Compiler<'s> {
    source: &'s Source,
    names: Names,
    literals: Vec<Literal>,
    drafts: Vec<Draft>,
    groups: Vec<Group>,
    types: Vec<TypeOf>,
    text: String,
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
            literals: Vec::new(),
            drafts: Vec::new(),
            groups: Vec::new(),
            types: Vec::new(),
            text: String::new(),
            // Each set has the class of its own place.
            classes: u16::try_from(source.sets.len()).unwrap_or(u16::MAX),
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
        let class = u16::try_from(at).unwrap_or(u16::MAX);
        self.group(group, Some(class), &place, patterns);
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
        let mut pieces = Vec::new();
        // A single character says too little by itself, but enough beside another piece.
        let least = if pattern.contains('~') { 1 } else { 2 };
        for piece in pattern.split('~') {
            match self.piece(piece.trim(), set, least) {
                Ok(class) => pieces.push(class),
                Err(kind) => self.fault(place.to_owned(), kind),
            }
        }
        let Some((class, tail)) = pieces.split_first() else { return };
        self.drafts.push(Draft { class: *class, group, tail: tail.to_vec() });
    }

    /// The class of a piece.
    fn piece(&mut self, piece: &str, set: Option<u16>, least: usize) -> Result<u16, FaultKind> {
        if let Some(name) = piece.strip_prefix('{').and_then(|it| it.strip_suffix('}')) {
            let at = self.source.sets.iter().position(|it| it.name == name);
            return at.and_then(|at| u16::try_from(at).ok()).ok_or(FaultKind::Unknown);
        }
        let (word, is_prefix) = match piece.strip_suffix('*') {
            Some(word) => (word, true),
            None => (piece, false),
        };
        let text = fold(word);
        let is_spaced = text.chars().next().is_some_and(is_wordy);
        let least = if is_spaced { 2 + usize::from(is_prefix) } else { least };
        if text.chars().count() < least {
            return Err(FaultKind::Short);
        }
        let same = |it: &&mut Literal| it.text == text && it.is_prefix == is_prefix;
        if let Some(it) = self.literals.iter_mut().find(same) {
            it.uses.extend(set.filter(|set| !it.uses.contains(set)));
            return Ok(it.class);
        }
        let class = self.classes;
        self.classes = self.classes.saturating_add(1);
        let uses = std::iter::once(class).chain(set).collect();
        self.literals.push(Literal { text, is_prefix, class, uses });
        Ok(class)
    }

    fn finish(mut self) -> Result<Policy, Vec<Fault>> {
        if MAX_PATTERNS < self.count {
            self.fault("/rules".to_owned(), FaultKind::Many);
        }
        if !self.faults.is_empty() {
            return Err(self.faults);
        }
        let (words, buckets, uses) = self.words();
        let mut starts = Vec::new();
        let mut patterns = Vec::new();
        let mut tails = Vec::new();
        self.drafts.sort_by_key(|it| it.class);
        for class in 0..=self.classes {
            starts.push(small(patterns.len()));
            let of = self.drafts.partition_point(|it| it.class < class);
            for it in self.drafts.iter().skip(of).take_while(|it| it.class == class) {
                let len = u8::try_from(it.tail.len()).unwrap_or(u8::MAX);
                patterns.push(Pattern { group: it.group, tail: small(tails.len()), len });
                tails.extend_from_slice(&it.tail);
            }
        }
        starts.push(small(patterns.len()));
        let Limits { loss, many, times, days, week, general, moderate } = self.source.limits;
        let denying = &self.source.denying;
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
            deny_zh: denying.zh.concat().into(),
            deny_en: format!(" {} ", denying.en.join(" ")).into(),
            limits: [loss, many, times, days, week, general, moderate],
        })
    }

    fn words(&mut self) -> (Vec<Word>, Vec<u16>, Vec<u16>) {
        let literals = std::mem::take(&mut self.literals);
        let mut keyed: Vec<(usize, Literal)> = Vec::with_capacity(literals.len());
        for it in literals {
            let mut chars = it.text.chars();
            let mut next = || chars.next().unwrap_or(NONE);
            keyed.push((bucket(next(), next(), next()), it));
        }
        keyed.sort_by_key(|(bucket, _)| *bucket);
        let (mut words, mut buckets, mut uses) = (Vec::new(), Vec::new(), Vec::new());
        for (bucket, it) in keyed {
            while buckets.len() <= bucket {
                buckets.push(small(words.len()));
            }
            let (at, len) = self.store(&it.text);
            let count = small(it.uses.len());
            words.push(Word { at, len, uses: small(uses.len()), count, is_prefix: it.is_prefix });
            uses.extend(it.uses);
        }
        while buckets.len() <= BUCKETS {
            buckets.push(small(words.len()));
        }
        (words, buckets, uses)
    }
}

/// Tables have far less than 65,536 rows: there are 4,000 patterns at most.
fn small(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}

/// The scope of this number.
pub(crate) fn scope(number: u8) -> Scope {
    Scope::ALL.into_iter().nth(usize::from(number)).unwrap_or_default()
}
