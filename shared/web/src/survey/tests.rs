//! Definitions and answers as JSON.

use domain::survey::Definition;
use serde_json::{Value, json};

use super::*;
use crate::field::Fields;
use crate::problem::{Place, Problem};

fn fields(value: Value) -> Fields {
    let Value::Object(members) = value else { panic!() };
    Fields::new(members)
}

/// Where a problem's mistakes are.
fn pointers(problem: Problem) -> Vec<String> {
    let mistakes = problem.into_parts().mistakes.into_iter();
    let mut pointers: Vec<String> = mistakes
        .map(|it| match it.place {
            Place::Pointer(pointer) => pointer,
            other => panic!("{other:?}"),
        })
        .collect();
    pointers.dedup();
    pointers
}

fn definition() -> Value {
    json!({
        "default_language": "zh-CN",
        "title": { "zh-CN": "订单回访", "en": "Your order" },
        "thanks": "谢谢",
        "touchpoint_id": "tch_1",
        "questions": [
            { "id": "recommend", "type": "nps", "text": "推荐吗？", "required": true },
            { "id": "quality", "type": "rating", "text": "质量", "dimension": "quality" },
            { "id": "effort", "type": "effort", "text": "方便吗？", "low": "难", "high": "易" },
            { "id": "reason", "type": "single_choice", "text": "原因", "options": [
                { "id": "price", "text": "价格" }, { "id": "taste", "text": "口味" } ] },
            { "id": "many", "type": "multiple_choice", "text": "哪些", "max": 1, "options": [
                { "id": "a", "text": "甲" }, { "id": "b", "text": "乙" } ] },
            { "id": "why", "type": "text", "text": "为什么？", "max_length": 9 },
        ],
    })
}

#[test]
fn a_definition_reads_what_it_shows() {
    let mut given = fields(definition());
    let first = read(&mut given);
    given.done().unwrap();
    let mut again = fields(show(&first));
    assert_eq!(read(&mut again), first);
    again.done().unwrap();
    assert_eq!(first.languages(), ["zh-CN", "en"]);
}

#[test]
fn the_public_side_does_not_see_what_questions_are_for() {
    let shown = show_public("srv_1", 2, &read(&mut fields(definition()))).to_string();
    assert!(!shown.contains("tch_1") && !shown.contains("dimension"), "{shown}");
}

#[test]
fn every_mistake_of_a_definition_has_a_pointer() {
    let mut given = fields(json!({
        "default_language": "Chinese!",
        "title": {},
        "questions": [
            { "id": "Q 1", "type": "nps", "text": "x", "colour": "red" },
            { "id": "q", "type": "stars", "text": { "en": "x" } },
            { "id": "q", "type": "single_choice", "text": "x", "options": [] },
            3,
        ],
    }));
    read(&mut given);
    let pointers = pointers(given.done().unwrap_err());
    for expected in [
        "/default_language",
        "/title",
        "/questions/0/id",
        "/questions/0/colour",
        "/questions/1/type",
        "/questions/2/id",
        "/questions/2/options",
        "/questions/3",
    ] {
        assert!(pointers.iter().any(|it| it == expected), "{expected} in {pointers:?}");
    }
}

#[test]
fn answers_are_checked_question_by_question() {
    let definition = read(&mut fields(definition()));
    let mut good = fields(json!({
        "recommend": 9, "quality": 4, "reason": "price", "many": ["b"], "why": "好",
    }));
    let answers = super::answers(&definition, &Told::default(), &mut good);
    good.done().unwrap();
    assert_eq!(answers.scores.len(), 2);
    assert_eq!(answers.given.len(), 5);

    let mut bad = fields(json!({
        "quality": 6, "effort": "7", "reason": "x", "many": ["a", "b"], "why": "", "who": 1,
    }));
    super::answers(&definition, &Told::default(), &mut bad);
    assert_eq!(bad.done().unwrap_err().mistakes.len(), 7);
}

/// Everything that a definition may say.
fn full() -> Value {
    let detractor = json!({ "question": "recommend", "is": "class", "value": "detractor" });
    json!({
        "default_language": "zh-CN",
        "title": "订单回访",
        "stage": "after_sale",
        "channels": ["web", "app"],
        "opens_at": "2026-12-01T00:00:00Z",
        "closes_at": "2026-12-31T16:00:00Z",
        "response_limit": 5000,
        "layout": "steps",
        "theme": { "accent": "#0B5F5B", "text": "#15211f" },
        "questions": [
            { "id": "hello", "type": "statement", "text": "您好", "help": "只要一分钟" },
            { "id": "recommend", "type": "nps", "text": "推荐吗？", "required": true },
            { "id": "stars", "type": "rating", "text": "几颗星？", "points": 5,
                "display": "stars", "show_if": { "language": "zh" },
                "next": [
                    { "if": { "all": [detractor.clone(), { "not": { "hidden": "plan", "is": "eq",
                        "value": "pro" } }] }, "to": "why" },
                    { "to": "parts" },
                ] },
            { "id": "parts", "type": "matrix", "text": "各方面", "points": 5, "rows": [
                { "id": "speed", "text": "速度", "dimension": "speed" },
                { "id": "price", "text": "价格", "touchpoint_id": "tch_2" } ] },
            { "id": "who", "type": "matrix", "text": "谁", "rows": [{ "id": "x", "text": "甲" }],
                "options": [{ "id": "a", "text": "一" }, { "id": "b", "text": "二" }] },
            { "id": "why", "type": "text", "text": "为什么？", "max_length": 9, "min_length": 2,
                "show_if": { "any": [detractor.clone(),
                    { "question": "stars", "is": "le", "value": 2 }] } },
            { "id": "order", "type": "text", "text": "单号", "pattern": "AA-####" },
            { "id": "some", "type": "multiple_choice", "text": "哪些", "max": 2, "shuffle": true,
                "options": [
                    { "id": "a", "text": "甲" }, { "id": "other", "text": "其他", "open": true },
                    { "id": "none", "text": "都不是", "exclusive": true } ] },
            { "id": "best", "type": "ranking", "text": "排序", "max": 2, "options": [
                { "id": "a", "text": "甲" }, { "id": "b", "text": "乙" },
                { "id": "c", "text": "丙" } ] },
            { "id": "spent", "type": "number", "text": "多少钱", "min": 0, "max": 99.5,
                "decimals": 2, "unit": "元" },
            { "id": "day", "type": "date", "text": "哪天", "min": "2026-01-01" },
            { "id": "mail", "type": "email", "text": "邮箱" },
            { "id": "call", "type": "phone", "text": "电话" },
            { "id": "agree", "type": "consent", "text": "同意", "required": true },
        ],
        "endings": [{ "id": "sorry", "text": "抱歉", "link": "https://example.com/help",
            "link_text": "帮助", "if": detractor }],
        "hidden": [{ "id": "plan", "max_length": 20 }],
        "quotas": [{ "id": "core", "most": 10, "then": "end:sorry",
            "if": { "all": [{ "group": "core" }, { "channel": "app" }] } }],
        "sampling": { "percent": 25, "rest_days": { "survey": 90, "metric": 30, "any": 7 } },
        "weights": { "speed": 3 },
        "targets": { "new": 80, "core": 95 },
    })
}

#[test]
fn everything_that_a_definition_says_is_read_and_shown() {
    let mut given = fields(full());
    let first = read(&mut given);
    check(&first, &mut given);
    given.done().unwrap();
    let shown = show(&first);
    let mut again = fields(shown.clone());
    assert_eq!(read(&mut again), first);
    again.done().unwrap();
    // Nothing is lost: each member that was given is shown again, whatever stands beside it.
    fn within(part: &Value, whole: &Value) -> bool {
        match (part, whole) {
            (Value::Object(part), Value::Object(whole)) => {
                part.iter().all(|(name, it)| whole.get(name).is_some_and(|other| within(it, other)))
            }
            (Value::Array(part), Value::Array(whole)) => {
                part.len() == whole.len() && part.iter().zip(whole).all(|(a, b)| within(a, b))
            }
            (Value::String(text), Value::Object(texts)) => texts["zh-CN"] == **text,
            (Value::String(text), Value::String(other)) => text.eq_ignore_ascii_case(other),
            _ => part == whole,
        }
    }
    assert!(within(&full(), &shown), "{shown:#}");
    let public = show_public("srv_1", 1, &first).to_string();
    for inner in ["tch_2", "dimension", "quotas", "sampling", "targets", "weights", "limit"] {
        assert!(!public.contains(inner), "{inner}");
    }
}

fn told() -> Told {
    Told { language: "zh-CN".into(), ..Told::default() }
}

fn answer(definition: &Definition, told: &Told, given: Value) -> Result<Answers, Vec<String>> {
    let mut given = fields(given);
    let answers = answers(definition, told, &mut given);
    given.done().map_err(pointers).map(|()| answers)
}

#[test]
fn every_type_is_answered() {
    let definition = read(&mut fields(full()));
    let answers = answer(
        &definition,
        &Told { hidden: vec![("plan".into(), "basic".into())], ..told() },
        json!({
            "recommend": 9, "stars": 2, "parts": { "speed": 4, "price": 1 }, "who": { "x": "b" },
            "why": "很好", "order": "SH-2024", "some": ["a", { "other": "窗" }],
            "best": ["c", "a"], "spent": 12.35, "day": "2026-05-01", "mail": " a@example.com ",
            "call": "138 0013 8000", "agree": true,
        }),
    )
    .unwrap();
    let scores: Vec<(&str, u8)> =
        answers.scores.iter().map(|it| (it.0.as_str(), it.1.value)).collect();
    let expected = [("recommend", 9), ("stars", 2), ("parts.speed", 4), ("parts.price", 1)];
    assert_eq!(scores, expected);
    assert_eq!(
        answers.contacts,
        [
            ("email", "mail".to_owned(), "a@example.com".to_owned()),
            ("phone", "call".to_owned(), "138 0013 8000".to_owned())
        ]
    );
    assert_eq!(answers.given["mail"], true);
    assert_eq!(answers.given["plan"], "basic");
    assert!(!Value::Object(answers.given).to_string().contains("example"));
}

#[test]
fn the_path_says_what_must_and_may_be_answered() {
    let definition = read(&mut fields(full()));
    // A detractor who is asked for stars goes from there to why.
    let some = json!({ "recommend": 3, "stars": 5, "parts": { "speed": 4 }, "why": "慢了",
        "agree": true });
    assert_eq!(answer(&definition, &told(), some).unwrap_err(), ["/parts"]);
    let none = json!({ "recommend": 3, "why": "x" });
    assert_eq!(answer(&definition, &told(), none).unwrap_err(), ["/why", "/agree"]);
    let ended = answer(&definition, &told(), json!({ "recommend": 3, "agree": true })).unwrap();
    assert_eq!(ended.ending, "sorry");
    let open = Told { is_partial: true, ..told() };
    answer(&definition, &open, json!({ "recommend": 3 })).unwrap();
    let quota = Told { group: "core".into(), channel: "app".into(), ..told() };
    let full = answer(&definition, &quota, json!({ "recommend": 9, "agree": true })).unwrap();
    assert_eq!(full.quotas.len(), 1);
}

#[test]
fn mistakes_between_the_parts_have_pointers_too() {
    let mut wrong = full();
    wrong["questions"][2]["next"][1]["to"] = "recommend".into();
    wrong["questions"][5]["show_if"]["any"][1]["question"] = "spent".into();
    wrong["questions"][13]["type"] = "email".into();
    wrong["quotas"][0]["then"] = "end:x".into();
    wrong["endings"][0]["if"] = json!({ "colour": "red" });
    let mut given = fields(wrong);
    let definition = read(&mut given);
    check(&definition, &mut given);
    let mut found = pointers(given.done().unwrap_err());
    found.sort();
    assert_eq!(
        found,
        [
            "/endings/0/if",
            "/questions/13/type",
            "/questions/2/next/1/to",
            "/questions/5/show_if/any/1/question",
            "/quotas/0/then",
        ]
    );
    let missing = warnings(&read(&mut fields(definition_in_two())), crate::lang::Lang::En);
    assert_eq!(missing.len(), 1);
    assert_eq!(missing[0]["pointer"], "/questions/0/text");
}

fn definition_in_two() -> Value {
    json!({ "title": { "zh-CN": "一", "en": "One" },
        "questions": [{ "id": "q", "type": "nps", "text": "二" }] })
}

#[test]
fn conditions_end_somewhere() {
    let mut deep = json!({ "language": "zh" });
    for _ in 0..9 {
        deep = json!({ "not": deep });
    }
    let mut survey = definition_in_two();
    survey["questions"][0]["show_if"] = deep;
    let mut given = fields(survey);
    read(&mut given);
    let found = pointers(given.done().unwrap_err());
    assert_eq!(found, ["/questions/0/show_if/not/not/not/not/not"]);
}

/// The widget runs the same table: the two implementations of the logic cannot differ.
#[test]
fn the_table_of_cases_holds() {
    let table = include_str!("../../../../tests/golden/logic.json");
    let cases: Vec<Value> = serde_json::from_str(table).unwrap();
    assert!(60 <= cases.len());
    for case in cases {
        let definition = read(&mut fields(case["survey"].clone()));
        let mut told = Told { language: case["language"].as_str().unwrap().into(), ..told() };
        for (id, value) in case["hidden"].as_object().unwrap() {
            told.hidden.push((id.clone(), value.as_str().unwrap().into()));
        }
        let path = path(&definition, &told, case["answers"].as_object().unwrap());
        let questions = definition.questions.iter().zip(&path.reached);
        let reached: Vec<&str> = questions.filter(|it| *it.1).map(|it| it.0.id.as_str()).collect();
        assert_eq!(json!(reached), case["reached"], "{}", case["name"]);
        let ending = if path.ending.is_empty() { Value::Null } else { path.ending.into() };
        assert_eq!(ending, case["ending"], "{}", case["name"]);
    }
}
