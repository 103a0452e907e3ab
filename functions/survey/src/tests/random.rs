//! Random surveys with random answers: none makes a 500, none is taken against its definition,
//! and none that keeps to it is refused.
//!
//! What may be taken is judged a second time here, by rules that are written as plainly as
//! `docs/surveys.md` says them and share no code with the product.

use serde_json::{Map, Value, json};
use testkit::World;

/// Surveys and, for each, submissions.
const SURVEYS: usize = 150;
const SUBMISSIONS: usize = 40;

/// `SplitMix64`: a seed and no crate.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % most.max(1) as u64).unwrap()
    }

    fn one_in(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        let at = self.below(list.len());
        &list[at]
    }
}

const KINDS: [&str; 15] = [
    "nps",
    "rating",
    "effort",
    "single_choice",
    "multiple_choice",
    "matrix",
    "grid",
    "ranking",
    "text",
    "number",
    "date",
    "email",
    "phone",
    "consent",
    "statement",
];

fn options(many: bool) -> Value {
    json!([{ "id": "a", "text": "甲" }, { "id": "b", "text": "乙" },
        { "id": "other", "text": "其他", "open": true },
        { "id": "none", "text": "无", "exclusive": many }])
}

fn question(dice: &mut Dice, at: usize, kind: &str, earlier: &[Value], all: usize) -> Value {
    let mut it = json!({ "id": format!("q{at}"), "type": kind, "text": "？",
        "required": dice.one_in(3) });
    let mut put = |name: &str, value: Value| {
        it[name] = value;
    };
    match kind {
        "rating" => put("points", (2 + dice.below(9)).into()),
        "single_choice" => put(
            "options",
            json!([{ "id": "a", "text": "甲" },
            { "id": "b", "text": "乙" }, { "id": "other", "text": "其他", "open": true }]),
        ),
        "multiple_choice" => {
            put("options", options(true));
            put("min", dice.below(3).into());
            put("max", (2 + dice.below(2)).into());
        }
        "matrix" | "grid" => {
            put("rows", json!([{ "id": "x", "text": "一" }, { "id": "y", "text": "二" }]));
            put("type", "matrix".into());
            if kind == "grid" {
                put("options", json!([{ "id": "a", "text": "甲" }, { "id": "b", "text": "乙" }]));
            } else {
                put("points", 5.into());
            }
        }
        "ranking" => {
            put(
                "options",
                json!([{ "id": "a", "text": "甲" }, { "id": "b", "text": "乙" },
                { "id": "c", "text": "丙" }]),
            );
            put("max", (1 + dice.below(3)).into());
        }
        "text" => {
            put("max_length", 8.into());
            if dice.one_in(3) {
                put("pattern", "A-##".into());
            }
        }
        "number" => {
            put("min", 0.into());
            put("max", 10.into());
            put("decimals", dice.below(2).into());
        }
        "date" => put("min", "2026-01-01".into()),
        _ => {}
    }
    if !earlier.is_empty() && dice.one_in(3) {
        put("show_if", condition(dice, earlier, 2));
    }
    if at + 1 < all && dice.one_in(4) {
        let to = at + 1 + dice.below(all - at);
        let to = if to == all { "end".to_owned() } else { format!("q{to}") };
        let mut before = earlier.to_vec();
        before.push(it.clone());
        it["next"] = json!([{ "if": condition(dice, &before, 2), "to": to }]);
    }
    it
}

fn condition(dice: &mut Dice, asked: &[Value], depth: usize) -> Value {
    if 0 < depth && dice.one_in(4) {
        let list = [condition(dice, asked, depth - 1), condition(dice, asked, depth - 1)];
        let name = *dice.of(&["all", "any"]);
        return json!({ name: list });
    }
    if 0 < depth && dice.one_in(6) {
        return json!({ "not": condition(dice, asked, depth - 1) });
    }
    if dice.one_in(8) {
        return json!({ "language": dice.of(&["zh", "EN", "zh-CN"]) });
    }
    if dice.one_in(8) {
        return json!({ "hidden": "plan", "is": dice.of(&["eq", "ne"]), "value": "pro" });
    }
    let it = dice.of(asked).clone();
    let id = it["id"].clone();
    let order = *dice.of(&["eq", "ne", "lt", "le", "gt", "ge"]);
    match it["type"].as_str().unwrap() {
        "nps" if dice.one_in(2) => json!({ "question": id, "is": "class", "value": "promoter" }),
        "rating" if dice.one_in(2) => {
            json!({ "question": id, "is": "class", "value": "dissatisfied" })
        }
        "nps" | "rating" | "effort" => {
            json!({ "question": id, "is": order, "value": 1 + dice.below(2) })
        }
        "number" => json!({ "question": id, "is": order, "value": 5 }),
        "date" => json!({ "question": id, "is": order, "value": "2026-05-05" }),
        "single_choice" if dice.one_in(2) => {
            json!({ "question": id, "is": dice.of(&["eq", "ne"]), "value": "other" })
        }
        "single_choice" | "multiple_choice" | "ranking" => {
            json!({ "question": id, "is": "has", "value": "a" })
        }
        "matrix" if it.get("options").is_none() => {
            json!({ "question": id, "row": "x", "is": order, "value": 3 })
        }
        "matrix" => json!({ "question": id, "row": "y", "is": "has", "value": "b" }),
        "statement" => json!({ "language": "zh" }),
        _ => json!({ "question": id, "is": "answered" }),
    }
}

fn answer(dice: &mut Dice, it: &Value) -> Value {
    if dice.one_in(30) {
        return dice
            .of(&[
                Value::Null,
                json!(true),
                json!(-1),
                json!(11),
                json!(2.5),
                json!(""),
                json!("a"),
                json!([]),
                json!({}),
                json!(["a", "a"]),
                json!({ "x": 9 }),
                json!({ "a": "b" }),
                json!(1e300),
                json!([["a"]]),
                json!("x".repeat(40)),
                json!({ "other": " " }),
                json!("2026-02-30"),
                json!([null]),
                json!({ "x": null }),
            ])
            .clone();
    }
    match it["type"].as_str().unwrap() {
        "nps" => (*dice.of(&[0, 1, 2, 3, 9, 10])).into(),
        "rating" => {
            (1 + dice.below(usize::try_from(it["points"].as_u64().unwrap()).unwrap())).into()
        }
        "effort" => (1 + dice.below(3)).into(),
        "single_choice" => {
            dice.of(&[json!("a"), json!("b"), json!("other"), json!({ "other": "窗" })]).clone()
        }
        "multiple_choice" => dice
            .of(&[
                json!(["a", "b"]),
                json!(["a"]),
                json!(["none"]),
                json!(["a", "b"]),
                json!(["a", "other"]),
                json!(["none", "a"]),
                json!(["b", { "other": "窗" }]),
                json!(["a", "b", "other"]),
            ])
            .clone(),
        "matrix" if it.get("options").is_none() => {
            dice.of(&[json!({ "x": 3, "y": 5 }), json!({ "x": 1 }), json!({ "y": 4 })]).clone()
        }
        "matrix" => dice.of(&[json!({ "x": "a", "y": "b" }), json!({ "y": "a" })]).clone(),
        "ranking" => dice.of(&[json!(["c"]), json!(["b", "a"]), json!(["a", "b", "c"])]).clone(),
        "text" => dice.of(&[json!("好"), json!("A-01"), json!("A-01"), json!("123456789")]).clone(),
        "number" => dice.of(&[json!(0), json!(5), json!(5), json!(9.5), json!(10)]).clone(),
        "date" => dice
            .of(&[
                json!("2026-05-05"),
                json!("2026-05-05"),
                json!("2025-12-31"),
                json!("2027-01-01"),
            ])
            .clone(),
        "email" => dice.of(&[json!("a@example.com"), json!("a@example.com"), json!("a@b")]).clone(),
        "phone" => dice.of(&[json!("13800138000"), json!("13800138000"), json!("123")]).clone(),
        _ => json!(true),
    }
}

// The second judge.

struct Judge<'a> {
    survey: &'a Value,
    given: &'a Map<String, Value>,
    language: &'a str,
    plan: Option<&'a str>,
}

impl Judge<'_> {
    fn questions(&self) -> &[Value] {
        self.survey["questions"].as_array().unwrap()
    }

    /// The ids that the path reaches, from the question at `at` on.
    fn reach(&self, at: usize, mut reached: Vec<String>) -> Vec<String> {
        let Some(it) = self.questions().get(at) else { return reached };
        if it.get("show_if").is_some_and(|when| !self.holds(when, &reached)) {
            return self.reach(at + 1, reached);
        }
        reached.push(it["id"].as_str().unwrap().to_owned());
        for rule in it.get("next").and_then(Value::as_array).into_iter().flatten() {
            if rule.get("if").is_none_or(|when| self.holds(when, &reached)) {
                let to = self.questions().iter().position(|it| it["id"] == rule["to"]);
                return to.map_or(reached.clone(), |to| self.reach(to, reached));
            }
        }
        self.reach(at + 1, reached)
    }

    fn holds(&self, when: &Value, reached: &[String]) -> bool {
        if let Some(all) = when.get("all") {
            return !all.as_array().unwrap().iter().any(|it| !self.holds(it, reached));
        }
        if let Some(any) = when.get("any") {
            return any.as_array().unwrap().iter().any(|it| self.holds(it, reached));
        }
        if let Some(not) = when.get("not") {
            return !self.holds(not, reached);
        }
        if let Some(tag) = when.get("language") {
            let (tag, own) = (tag.as_str().unwrap().to_lowercase(), self.language.to_lowercase());
            return own == tag || own.starts_with(&format!("{tag}-"));
        }
        if when.get("hidden").is_some() {
            return self.plan.is_some_and(|it| (it == "pro") == (when["is"] == "eq"));
        }
        let id = when["question"].as_str().unwrap();
        let Some(mut given) = self.given.get(id).filter(|it| !it.is_null()) else { return false };
        if !reached.iter().any(|it| it == id) || *given == json!([]) || *given == json!({}) {
            return false;
        }
        if let Some(row) = when.get("row") {
            match given.get(row.as_str().unwrap()) {
                Some(it) if given.is_object() => given = it,
                _ => return false,
            }
        }
        let kind = self.questions().iter().find(|it| it["id"] == id).unwrap();
        compare(kind, given, when)
    }

    fn is_right(&self) -> bool {
        let reached = self.reach(0, Vec::new());
        let is_reached = |it: &Value| reached.iter().any(|id| it["id"] == **id);
        let knows = |id: &String| self.questions().iter().any(|it| it["id"] == **id);
        !self.given.is_empty()
            && self.given.keys().all(knows)
            && self.questions().iter().all(|it| {
                match self.given.get(it["id"].as_str().unwrap()).filter(|it| !it.is_null()) {
                    Some(given) => is_reached(it) && fits(it, given),
                    None => it["required"] != true || !is_reached(it) || it["type"] == "statement",
                }
            })
    }
}

fn compare(kind: &Value, given: &Value, when: &Value) -> bool {
    let option = |it: &Value| match it {
        Value::Object(map) if map.len() == 1 => map.keys().next().cloned(),
        other => other.as_str().map(str::to_owned),
    };
    let with = &when["value"];
    match when["is"].as_str().unwrap() {
        "answered" => true,
        "has" => match given.as_array() {
            Some(list) => list.iter().any(|it| option(it).as_deref() == with.as_str()),
            None => option(given).as_deref() == with.as_str(),
        },
        "class" => given.as_i64().is_some_and(|value| {
            let points = kind.get("points").and_then(Value::as_i64).unwrap_or(0);
            match with.as_str().unwrap() {
                "promoter" => (9..=10).contains(&value),
                _ => 1 <= value && value <= if points < 4 { 1 } else { 2 } && value <= points,
            }
        }),
        order => {
            let found = match (given, with) {
                (Value::Number(a), Value::Number(b)) => a.as_f64().partial_cmp(&b.as_f64()),
                (_, Value::String(b)) => {
                    let text = if kind["type"] == "single_choice" {
                        option(given)
                    } else {
                        given.as_str().map(str::to_owned)
                    };
                    text.map(|it| it.cmp(b))
                }
                _ => None,
            };
            found.is_some_and(|it| match order {
                "eq" => it.is_eq(),
                "ne" => it.is_ne(),
                "lt" => it.is_lt(),
                "le" => it.is_le(),
                "gt" => it.is_gt(),
                _ => it.is_ge(),
            })
        }
    }
}

/// Whether an answer is one that its question takes.
fn fits(it: &Value, given: &Value) -> bool {
    let whole = |from: u64, to: u64| given.as_u64().is_some_and(|it| from <= it && it <= to);
    let words = |it: &Value| {
        it.as_str().is_some_and(|it| !it.trim().is_empty() && it.trim().chars().count() <= 500)
    };
    let choice = |given: &Value, known: &[&str]| match given {
        Value::String(id) => known.contains(&id.as_str()).then(|| id.clone()),
        Value::Object(map) if map.len() == 1 && known.contains(&"other") => {
            map.get("other").filter(|it| words(it)).map(|_| "other".to_owned())
        }
        _ => None,
    };
    let list = |known: &[&str]| -> Option<Vec<String>> {
        let found: Option<Vec<String>> =
            given.as_array()?.iter().map(|it| choice(it, known)).collect();
        found.filter(|it| it.iter().collect::<std::collections::BTreeSet<_>>().len() == it.len())
    };
    let size = |name: &str| usize::try_from(it[name].as_u64().unwrap()).unwrap();
    match it["type"].as_str().unwrap() {
        "nps" => whole(0, 10),
        "rating" => whole(1, it["points"].as_u64().unwrap()),
        "effort" => whole(1, 7),
        "single_choice" => choice(given, &["a", "b", "other"]).is_some(),
        "multiple_choice" => list(&["a", "b", "other", "none"]).is_some_and(|it| {
            it == ["none"]
                || !it.contains(&"none".to_owned())
                    && size("min") <= it.len()
                    && it.len() <= size("max")
        }),
        "ranking" => list(&["a", "b", "c"]).is_some_and(|it| it.len() == size("max")),
        "matrix" => given.as_object().is_some_and(|rows| {
            let cell = |value: &Value| match it.get("options") {
                Some(_) => choice(value, &["a", "b"]).is_some(),
                None => value.as_u64().is_some_and(|it| (1..=5).contains(&it)),
            };
            rows.iter().all(|(row, value)| ["x", "y"].contains(&row.as_str()) && cell(value))
                && (it["required"] != true || rows.len() == 2)
        }),
        "text" => given.as_str().is_some_and(|text| {
            let text = text.trim();
            let is_short = (1..=8).contains(&text.chars().count());
            is_short && (it.get("pattern").is_none() || text == "A-01")
        }),
        "number" => given.as_f64().is_some_and(|number| {
            let steps = if it["decimals"] == 1 { number * 10.0 } else { number };
            (0.0..=10.0).contains(&number) && steps.fract() == 0.0
        }),
        "date" => ["2026-05-05", "2027-01-01"].iter().any(|it| given == it),
        "email" => *given == "a@example.com",
        // A day looks like a number that somebody could call.
        "phone" => ["13800138000", "2026-02-30"].iter().any(|it| given == it),
        "consent" => *given == true,
        _ => false,
    }
}

fn publish(world: &World, version: usize, survey: &Value) {
    let insert = "insert into study_version (study_id, number, definition, published_at_ms)
        values ('srv_shop', ?1, ?2, 0)";
    let row = (i64::try_from(version).unwrap(), survey.to_string());
    world.database().execute(insert, row).unwrap();
    let update = format!("update study set published = {version}");
    world.database().execute(&update, []).unwrap();
}

#[test]
fn random_answers_are_taken_if_and_only_if_they_keep_to_the_definition() {
    let world = World::with_site();
    let mut dice = Dice(5);
    let (mut taken, mut refused) = (0, 0);
    for number in 0..SURVEYS {
        let all = 1 + dice.below(6);
        let mut questions: Vec<Value> = Vec::new();
        for at in 0..all {
            let kind = *dice.of(&KINDS);
            questions.push(question(&mut dice, at, kind, &questions.clone(), all));
        }
        let survey = json!({ "default_language": "zh-CN", "title": "随机",
            "questions": questions, "hidden": [{ "id": "plan" }] });
        publish(&world, number + 2, &survey);
        for key in 0..SUBMISSIONS {
            let mut given = Map::new();
            for it in &questions {
                if !dice.one_in(3) {
                    given.insert(it["id"].as_str().unwrap().to_owned(), answer(&mut dice, it));
                }
            }
            let plan = *dice.of(&[None, Some("pro"), Some("free")]);
            let language = *dice.of(&["zh-CN", "en", "zh"]);
            let body = json!({ "version": number + 2, "answers": given, "language": language,
                "hidden": plan.map_or(json!({}), |it| json!({ "plan": it })) });
            let request = format!(
                "POST /v1/surveys/srv_shop/responses\nauthorization: Bearer {{pk}}\n\
                 idempotency-key: {number}-{key}\n\n{body}"
            );
            let status = world.send(crate::handle, &request).status().as_u16();
            let judge = Judge { survey: &survey, given: &given, language, plan };
            let expected = if judge.is_right() { 201 } else { 422 };
            assert_eq!(status, expected, "{survey:#}\n{body:#}");
            if status == 201 { taken += 1 } else { refused += 1 }
        }
    }
    assert!(400 < taken && 400 < refused, "{taken} taken, {refused} refused: both must be tried");
    let facts = "select count(*) from (select * from rollup_fact except select * from rollup)";
    assert_eq!(world.number(facts), 0, "the figures hold what was taken");
}
