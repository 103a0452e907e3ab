//! The policy of grading as JSON: words, rules, types and limits; see `shared/grade/README.md`.
//!
//! What is left out of `limits` is as it ships; sets, rules and types are all there is.

use grade::source::{CUES, Kind, Limits, Patterns, Rule, Scope, Set, Source};
use grade::{Fault, FaultKind, MAX_NAMES, MAX_PATTERNS, MAX_PIECES, MAX_RULES, Policy};

use crate::field::Fields;
use crate::lang::{Said, said, said_now};

/// Characters of a name.
const NAME_CHARS_MAX: usize = 40;
/// Characters of a word or a pattern.
const WORD_CHARS_MAX: usize = 60;
/// More than any list of a rule has.
const NAMES_MAX: usize = 16;
/// The largest weight.
const WEIGHT_MAX: i64 = 1_000;
/// More than any limit is.
const LIMIT_MAX: i64 = 100_000_000;
/// Mistakes of one policy that are told; after so many the rest is more of the same.
const TOLD_MAX: usize = 50;

const GRADES: [&str; 4] = ["none", "general", "moderate", "major"];
const NEEDS: [&str; 4] = ["", "product", "service", "experience"];

/// Reads a policy and compiles it; what is wrong stands in `fields` afterwards.
pub fn read(fields: &mut Fields) -> Option<Policy> {
    let source = source(fields);
    match Policy::compile(&source) {
        Ok(policy) => Some(policy),
        Err(faults) => {
            for it in faults.iter().take(TOLD_MAX) {
                let place = it.place.strip_prefix('/').unwrap_or(&it.place);
                fields.refuse(place, told(it));
            }
            None
        }
    }
}

/// A policy that was stored; `None` if it is none.
pub fn stored(definition: &str) -> Option<Policy> {
    let mut fields = Fields::new(crate::view::object(definition)?);
    read(&mut fields).filter(|_| fields.done().is_ok())
}

fn source(fields: &mut Fields) -> Source {
    let limits = limits(fields);
    let mut source = Source { limits, ..Source::default() };
    for mut it in fields.objects("sets", 0, MAX_RULES) {
        let name = it.text("name", 1, NAME_CHARS_MAX, "");
        source.sets.push(Set { name, patterns: patterns(&mut it) });
        fields.absorb(it);
    }
    for mut it in fields.objects("rules", 1, MAX_RULES) {
        source.rules.push(rule(&mut it));
        fields.absorb(it);
    }
    for mut it in fields.objects("types", 1, MAX_RULES) {
        source.types.push(Kind {
            id: it.text("id", 1, NAME_CHARS_MAX, ""),
            need: it.one_of_or_none("need", &NEEDS, ""),
            department: it.text("department", 0, NAME_CHARS_MAX, ""),
            patterns: patterns(&mut it),
        });
        fields.absorb(it);
    }
    source
}

fn limits(fields: &mut Fields) -> Limits {
    let mut limits = Limits::default();
    let Some(mut it) = fields.object("limits") else { return limits };
    for (name, least, value) in [
        ("loss", 1, &mut limits.loss),
        ("many", 2, &mut limits.many),
        ("times", 2, &mut limits.times),
        ("days", 1, &mut limits.days),
        ("week", 1, &mut limits.week),
        ("general", 1, &mut limits.general),
        ("moderate", 0, &mut limits.moderate),
    ] {
        let number = it.integer(name, least, LIMIT_MAX, Some(i64::from(*value)));
        *value = u32::try_from(number).unwrap_or(*value);
    }
    fields.absorb(it);
    limits
}

fn rule(it: &mut Fields) -> Rule {
    let id = it.text("id", 1, NAME_CHARS_MAX, "");
    let grade = it.one_of("grade", &GRADES, "");
    let grade = GRADES.iter().position(|name| *name == grade).unwrap_or(0);
    let weight = it.integer("weight", 0, WEIGHT_MAX, None);
    let scope = it.one_of("scope", &Scope::NAMES, Scope::default().name());
    Rule {
        id,
        grade: u8::try_from(grade).unwrap_or(0),
        weight: i32::try_from(weight).unwrap_or(0),
        patterns: patterns(it),
        all: names(it, "all"),
        unless: names(it, "unless"),
        tags: names(it, "tags"),
        scope: Scope::parse(&scope).unwrap_or_default(),
        plain: it.flag("plain", false),
    }
}

fn patterns(it: &mut Fields) -> Patterns {
    Patterns { zh: words(it, "zh"), en: words(it, "en") }
}

fn words(it: &mut Fields, name: &str) -> Vec<String> {
    let fits = |word: &str| (1..=WORD_CHARS_MAX).contains(&word.chars().count());
    let rule = || {
        said_now(
            format!("must be a text of 1 to {WORD_CHARS_MAX} characters"),
            format!("须为 1 到 {WORD_CHARS_MAX} 个字符的文本"),
        )
    };
    it.texts(name, MAX_PATTERNS, fits, &rule).unwrap_or_default()
}

fn names(it: &mut Fields, name: &str) -> Vec<String> {
    let fits = |word: &str| (1..=NAME_CHARS_MAX).contains(&word.chars().count());
    let rule = || said("must be the name of a set or tag", "须为词组或标签的名称");
    it.texts(name, NAMES_MAX, fits, &rule).unwrap_or_default()
}

/// What to say of a fault.
fn told(fault: &Fault) -> Said {
    match fault.kind {
        FaultKind::Short => said(
            "is too short: two Chinese characters or letters, three letters before *",
            "太短：至少两个汉字或字母，* 之前至少三个字母",
        ),
        FaultKind::Unknown => said_now(
            format!(
                "names no set, no tag of a rule before it, and none of large_sum, many, times, \
                 month, week or {}",
                CUES.join(", ")
            ),
            format!(
                "不是词组、前面规则的标签，也不是 large_sum、many、times、month、week、{}",
                CUES.join("、")
            ),
        ),
        FaultKind::Twice => said("must differ from those before it", "不得与前面的重复"),
        FaultKind::Many => said_now(
            format!(
                "is too much: at most {MAX_RULES} rules, sets and types, {MAX_PATTERNS} words, \
                 {MAX_PIECES} pieces of a pattern and {MAX_NAMES} names that rules refer to"
            ),
            format!(
                "过多：规则、词组和类型最多 {MAX_RULES} 个，词语最多 {MAX_PATTERNS} 个，\
                 一个模式最多 {MAX_PIECES} 段，规则引用的名称最多 {MAX_NAMES} 个"
            ),
        ),
        FaultKind::Empty => said("must have zh, en or all", "须有 zh、en 或 all"),
    }
}

#[cfg(test)]
mod tests {
    use grade::{Facts, grade};
    use serde_json::{Value, json};

    use super::*;

    fn fields(value: Value) -> Fields {
        let Value::Object(members) = value else { panic!("an object") };
        Fields::new(members)
    }

    #[test]
    fn what_ships_reads_as_what_was_compiled() {
        let policy = stored(grade::shipped_json()).unwrap();
        assert_eq!(format!("{policy:?}"), format!("{:?}", Policy::shipped()));
    }

    #[test]
    fn an_operator_s_own_rules_decide() {
        let mut own = fields(json!({
            "limits": { "loss": 100 },
            "sets": [{ "name": "denying", "zh": ["不", "没"], "en": ["not"] },
                { "name": "light", "zh": ["有"] }, { "name": "loss", "zh": ["扣了"] }],
            "rules": [
                { "id": "squeak", "grade": "major", "weight": 50, "zh": ["吱吱"], "en": ["squeak*"] },
                { "id": "sum", "grade": "moderate", "weight": 60, "all": ["large_sum", "loss"] }],
            "types": [{ "id": "noise", "need": "product", "department": "lab", "zh": ["吱吱"] }],
        }));
        let policy = read(&mut own).unwrap();
        assert!(own.done().is_ok());
        let graded = |text| grade(&policy, &Facts { text, ..Facts::default() });
        for (text, name) in [
            ("椅子吱吱响", "major"),
            ("椅子没有吱吱响", "none"),
            ("It squeaks", "major"),
            ("扣了150元", "moderate"),
            ("着火了", "none"),
        ] {
            assert_eq!(graded(text).grade.name(), name, "{text}");
        }
        assert_eq!(graded("吱吱").department, "lab");
    }

    #[test]
    fn every_mistake_is_told_where_it_is() {
        let mut wrong = fields(json!({
            "limits": { "loss": 0, "x": 1 },
            "sets": [{ "name": "a", "zh": ["好的"] }, { "name": "a", "en": [3] }],
            "rules": [{ "id": "r", "grade": "bad", "weight": 5, "all": ["a", "nobody"] },
                { "id": "r", "grade": "major", "weight": 5000, "zh": ["火"] },
                { "id": "s", "grade": "general", "weight": 1, "scope": "far" }],
            "types": [{ "id": "t", "need": "none", "zh": ["{gone}~坏"] }],
        }));
        assert!(read(&mut wrong).is_none());
        let problem = wrong.done().unwrap_err();
        let places: Vec<String> = problem
            .mistakes
            .iter()
            .map(|it| match &it.place {
                crate::problem::Place::Pointer(pointer) => pointer.clone(),
                other => panic!("{other:?}"),
            })
            .collect();
        for place in [
            "/limits/loss",
            "/limits/x",
            "/sets/1/en/0",
            "/sets/1/name",
            "/rules/0/grade",
            "/rules/0/all/1",
            "/rules/1/id",
            "/rules/1/weight",
            "/rules/1/zh/0",
            "/rules/2/scope",
            "/rules/2",
            "/types/0/need",
            "/types/0/zh/0",
        ] {
            assert!(places.iter().any(|it| it == place), "{place} of {places:?}");
        }
    }
}
