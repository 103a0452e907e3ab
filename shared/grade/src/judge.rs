//! From hits to a grade.

use domain::case::{Grade, Need, Urgency};
use words::shipped::sentiment;
use words::substance::is_substantial;

use crate::engine::{Hit, Standing, hits, tags};
use crate::fold::is_han;
use crate::number::told;
use crate::source::{Scope, cue, number};
use crate::table::{Group, Policy, RULE, TYPE, scope};
use crate::text::Text;
use crate::{Facts, Grading, Match};

/// A feeling so bad that a Chinese text without any rule is a complaint all the same. In English
/// the model takes plain requests for blame.
const BAD: f32 = -0.75;

/// Characters of a text up to which it is asked whether it says anything.
const SHORT: usize = 200;

/// Sentences before and after that are nearby.
const NEARBY: usize = 2;

/// What is known of each clause, each sentence and the text: bits of sets, tags and numbers.
struct Known {
    /// What is stated.
    stated: Bits,
    /// What is stated or feared.
    feared: Bits,
}

struct Bits {
    clauses: Vec<u64>,
    sentences: Vec<u64>,
    text: u64,
}

impl Bits {
    fn new(text: &Text, given: u64) -> Bits {
        Bits {
            clauses: vec![given; text.clauses()],
            sentences: vec![given; text.sentences()],
            text: given,
        }
    }

    fn add(&mut self, text: &Text, start: usize, bits: u64) {
        let at = text.at(start);
        if let Some(it) = self.clauses.get_mut(at.clause as usize) {
            *it |= bits;
        }
        if let Some(it) = self.sentences.get_mut(at.sentence as usize) {
            *it |= bits;
        }
        self.text |= bits;
    }

    fn near(&self, text: &Text, start: usize, scope: Scope) -> u64 {
        let at = text.at(start);
        match scope {
            Scope::Clause => self.clauses.get(at.clause as usize).copied().unwrap_or_default(),
            Scope::Sentence => {
                self.sentences.get(at.sentence as usize).copied().unwrap_or_default()
            }
            Scope::Nearby => {
                let sentence = at.sentence as usize;
                let from = sentence.saturating_sub(NEARBY);
                let near = self.sentences.iter().skip(from).take(sentence + NEARBY + 1 - from);
                near.fold(0, |all, it| all | it)
            }
        }
    }
}

/// What may make a rule match: a hit or a number.
#[derive(Clone, Copy)]
struct Part {
    group: u16,
    bits: u64,
    start: usize,
    end: usize,
    standing: Standing,
    /// The next part of the group.
    next: u32,
}

/// What a number belongs to: no group.
const NO_GROUP: u16 = u16::MAX;

/// After the last part of a group.
const NO_PART: u32 = u32::MAX;

/// Links the parts of each group in the order of the text, and gives the first of each.
fn linked(policy: &Policy, parts: &mut [Part]) -> Vec<u32> {
    let mut first = vec![NO_PART; policy.groups.len()];
    for (at, part) in parts.iter_mut().enumerate().rev() {
        if let Some(first) = first.get_mut(usize::from(part.group)) {
            part.next = std::mem::replace(first, u32::try_from(at).unwrap_or(NO_PART));
        }
    }
    first
}

/// Where it stands while the rules are tried in order.
struct Trial<'a> {
    policy: &'a Policy,
    text: &'a Text,
    parts: Vec<Part>,
    /// The first part of each group.
    first: Vec<u32>,
    known: Known,
    matched: Vec<Match>,
    /// The worst grade that was denied or supposed.
    dropped: Grade,
    score: i64,
    is_danger: bool,
}

/// Grades.
pub(crate) fn judge(policy: &Policy, facts: &Facts<'_>) -> Grading {
    let text = Text::new(facts.text);
    // Nobody hits keys at random for so long, and the question is dear to ask.
    let is_something = SHORT < text.chars.len() || is_substantial(facts.text);
    let hits = if is_something { hits(policy, &text) } else { Vec::new() };
    let mut trial = Trial::new(policy, &text, &hits, facts);
    for (group, it) in policy.groups.iter().enumerate().filter(|(_, it)| it.what == RULE) {
        trial.rule(u16::try_from(group).unwrap_or(NO_GROUP), it);
    }
    trial.fields(facts);
    let mut grading = trial.decide(facts.text);
    classify(policy, &text, &hits, &mut grading);
    grading
}

impl<'a> Trial<'a> {
    fn new(policy: &'a Policy, text: &'a Text, hits: &[Hit], facts: &Facts<'_>) -> Trial<'a> {
        let given = given(policy, facts);
        let mut known = Known { stated: Bits::new(text, given), feared: Bits::new(text, given) };
        let mut parts = Vec::with_capacity(hits.len());
        for it in hits {
            let is_set = policy.groups.get(usize::from(it.group)).is_some_and(|it| it.what != RULE);
            let bits = if is_set { tags(policy, it) } else { 0 };
            let Hit { group, start, end, standing } = *it;
            parts.push(Part { group, bits, start, end, standing, next: NO_PART });
        }
        for it in told(policy, text) {
            let (start, end, standing) = (it.start, it.end, Standing::Stated);
            let (group, next) = (NO_GROUP, NO_PART);
            parts.push(Part { group, bits: it.bit, start, end, standing, next });
        }
        for it in parts.iter().filter(|it| it.bits != 0) {
            known.add(text, it);
        }
        let first = linked(policy, &mut parts);
        let matched = Vec::new();
        let (dropped, score, is_danger) = (Grade::None, 0, false);
        Trial { policy, text, parts, first, known, matched, dropped, score, is_danger }
    }

    /// Tries a rule.
    fn rule(&mut self, group: u16, rule: &Group) {
        let mut best: Option<(Grade, usize)> = None;
        let first = self.first.get(usize::from(group)).copied().unwrap_or(NO_PART);
        let mut next = if rule.has_words { first } else { 0 };
        while let Some(part) = self.parts.get(next as usize).copied() {
            let at = next as usize;
            next = if rule.has_words { part.next } else { next + 1 };
            let is_its = rule.has_words || part.bits & rule.all != 0;
            let Some(standing) = is_its.then(|| self.stands(rule, &part)).flatten() else {
                continue;
            };
            let grade = match standing {
                Standing::Stated => grade_of(rule.grade),
                Standing::Feared => grade_of(rule.grade.saturating_sub(1)),
                Standing::Supposed | Standing::Denied => {
                    self.dropped = self.dropped.max(grade_of(rule.grade));
                    continue;
                }
            };
            if rule.tags != 0 {
                let tagged = Part { bits: rule.tags, standing, ..part };
                self.known.add(self.text, &tagged);
                if let Some(it) = self.parts.get_mut(at).filter(|it| it.group == group) {
                    it.bits |= rule.tags;
                }
            }
            if best.is_none_or(|(worst, _)| worst < grade) {
                best = Some((grade, at));
            }
        }
        let Some((grade, part)) = best.and_then(|(grade, at)| Some((grade, self.parts.get(at)?)))
        else {
            return;
        };
        let weight = i64::from(rule.weight) / (1 + i64::from(grade < grade_of(rule.grade)));
        self.is_danger |= grade == Grade::Major && rule.tags & cue::DANGER != 0;
        self.score += weight;
        if 0 < rule.grade || 0 < weight {
            let span = self.text.span(part.start, part.end);
            let rule = self.policy.name(rule.name).to_owned();
            self.matched.push(Match { rule, span, weight, grade });
        }
    }

    /// How a part stands with what the rule wants around it; `None` if that is not there.
    fn stands(&self, rule: &Group, part: &Part) -> Option<Standing> {
        let scope = scope(rule.scope);
        let stated = self.known.stated.near(self.text, part.start, scope);
        let feared = self.known.feared.near(self.text, part.start, scope);
        if stated & rule.unless != 0 || feared & rule.all != rule.all {
            return None;
        }
        let is_feared = stated & rule.all != rule.all;
        let standing = if rule.is_plain { Standing::Stated } else { part.standing };
        Some(if is_feared { standing.max(Standing::Feared) } else { standing })
    }

    /// What fields add to what the text says.
    fn fields(&mut self, facts: &Facts<'_>) {
        let Some(worst) = self.matched.iter().max_by_key(|it| it.grade).cloned() else { return };
        let limits = self.policy.limits();
        let is_large = facts.amount.is_some_and(|it| i64::from(limits.loss) <= it);
        if is_large && worst.grade == Grade::Moderate {
            self.add("field.amount", &worst, Grade::Major);
        }
        if 0 < facts.earlier && worst.grade == Grade::General {
            self.add("field.earlier", &worst, Grade::Moderate);
        }
    }

    fn add(&mut self, rule: &str, of: &Match, grade: Grade) {
        let weight = i64::from(self.policy.limits().moderate);
        self.score += weight;
        self.matched.push(Match { rule: rule.to_owned(), span: of.span, weight, grade });
    }

    fn decide(mut self, given: &str) -> Grading {
        let limits = self.policy.limits();
        let worst = self.matched.iter().map(|it| it.grade).max().unwrap_or_default();
        let mut grade = worst;
        let is_asked = self.known.stated.text & cue::ASKING != 0 || is_question(self.text);
        if grade == Grade::None && i64::from(limits.general) <= self.score && !is_asked {
            grade = Grade::General;
        }
        let bar = i64::from(limits.moderate);
        if grade == Grade::General && 0 < bar && bar <= self.score {
            grade = Grade::Moderate;
        }
        let is_praised = self.known.stated.text & cue::PRAISE != 0;
        let mut needs_review =
            worst < grade || (grade < self.dropped && Grade::General < self.dropped);
        let is_silent = grade == Grade::None && self.dropped <= Grade::General;
        if is_silent && !is_asked && !is_praised && feels_bad(self.text, given) {
            grade = Grade::General;
            needs_review = true;
            let span = self.text.span(0, self.text.chars.len());
            self.matched.push(Match { rule: "feeling".to_owned(), span, weight: 0, grade });
        } else if worst < grade
            && let Some(heaviest) = self.matched.iter().max_by_key(|it| it.weight)
        {
            let (rule, span) = ("score".to_owned(), heaviest.span);
            self.matched.push(Match { rule, span, weight: 0, grade });
        }
        // Something speaks for a complaint, but not enough.
        needs_review |= grade == Grade::None && 0 < self.score;
        needs_review |= Grade::None < grade && is_praised;
        let lone = self.matched.iter().filter(|it| it.grade == grade).count() == 1;
        let is_lowered = self.matched.iter().any(|it| it.grade == grade && it.weight * 2 <= bar);
        needs_review |= Grade::Moderate <= grade && lone && is_lowered;
        let mut matched = self.matched;
        matched.retain(|it| it.grade != Grade::None || grade <= Grade::General);
        worst_first(&mut matched);
        let is_urgent = self.known.stated.text & cue::URGENT != 0;
        let urgency = match grade {
            Grade::Major if self.is_danger => Urgency::Immediate,
            Grade::Major => Urgency::High,
            Grade::Moderate if is_urgent => Urgency::High,
            _ => Urgency::Normal,
        };
        Grading { grade, score: self.score, matched, needs_review, urgency, ..Grading::default() }
    }
}

/// Whether a text ends with a question.
fn is_question(text: &Text) -> bool {
    let last = text.chars.iter().rev().map(|at| at.it).find(|it| *it != ' ');
    last.is_some_and(|it| "?吗呢".contains(it))
}

/// Whether a Chinese text sounds like a complaint, whatever it is about.
fn feels_bad(text: &Text, given: &str) -> bool {
    let han = text.chars.iter().filter(|at| is_han(at.it)).count();
    text.chars.len() < 2 * han && is_substantial(given) && sentiment(given).score < BAD
}

/// What the fields say, in bits.
fn given(policy: &Policy, facts: &Facts<'_>) -> u64 {
    let limits = policy.limits();
    let is_month = limits.days < facts.days_open;
    let is_repeated = limits.times <= facts.earlier.saturating_add(1);
    let bit = |is: bool, bit: u64| if is { bit } else { 0 };
    bit(is_month, number::MONTH)
        | bit(limits.week <= facts.days_open, number::WEEK)
        | bit(is_repeated, number::TIMES)
}

impl Known {
    fn add(&mut self, text: &Text, part: &Part) {
        if part.standing == Standing::Stated {
            self.stated.add(text, part.start, part.bits);
        }
        if part.standing <= Standing::Feared {
            self.feared.add(text, part.start, part.bits);
        }
    }
}

impl Policy {
    fn name(&self, (at, length): (u32, u16)) -> &str {
        let at = at as usize;
        self.text.get(at..at + usize::from(length)).unwrap_or_default()
    }
}

fn grade_of(number: u8) -> Grade {
    Grade::ALL.into_iter().nth(usize::from(number)).unwrap_or_default()
}

/// Orders by grade and weight; there are few, and a sort would be 5 kB.
fn worst_first(matched: &mut [Match]) {
    for end in 1..matched.len() {
        let mut at = end;
        while let Some([before, it]) = at.checked_sub(1).and_then(|from| matched.get_mut(from..=at))
        {
            if (it.grade, it.weight) <= (before.grade, before.weight) {
                break;
            }
            std::mem::swap(before, it);
            at -= 1;
        }
    }
}

/// Says of which type it is: the one with the most words, the first of equals.
fn classify(policy: &Policy, text: &Text, hits: &[Hit], grading: &mut Grading) {
    let mut best: Option<(u16, usize, &Hit)> = None;
    for kind in policy.types.iter() {
        let mut its = hits.iter().filter(|it| it.group == kind.group);
        let Some(first) = its.next() else { continue };
        let count = 1 + its.count();
        if best.is_none_or(|(_, most, _)| most < count) {
            best = Some((kind.group, count, first));
        }
    }
    let group = best.map(|(group, _, _)| group);
    let is_it = |it: &&crate::table::TypeOf| group.is_none_or(|group| it.group == group);
    let Some(kind) = policy.types.iter().rev().find(is_it) else { return };
    let name = policy.groups.get(usize::from(kind.group)).filter(|it| it.what == TYPE);
    grading.type_id = name.map_or("", |it| policy.name(it.name)).to_owned();
    grading.department = policy.name(kind.department).to_owned();
    grading.need = Need::ALL.into_iter().nth(usize::from(kind.need)).unwrap_or_default();
    grading.type_match = best.map(|(_, count, hit)| Match {
        rule: grading.type_id.clone(),
        span: text.span(hit.start, hit.end),
        weight: i64::try_from(count).unwrap_or_default(),
        grade: grading.grade,
    });
}
