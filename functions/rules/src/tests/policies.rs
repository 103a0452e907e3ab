//! Policies: told, drafted as forms and as JSON, tried, published, compared.

use ports::Verb;
use serde_json::{Value, json};
use store::case_texts::{self, Text};
use store::cases::{self, Case};

use super::{ESCAPED, HOSTILE, Stage, has, has_not, location, text};

/// The fields of the promise that ships, as a browser sends them.
fn promise() -> Vec<(&'static str, &'static str)> {
    vec![
        ("grades/general/answer", "24"),
        ("unit/grades/general/answer", "hours"),
        ("grades/general/solution", "16"),
        ("unit/grades/general/solution", "working"),
        ("grades/general/closing", "3"),
        ("unit/grades/general/closing", "working_days"),
        ("grades/major/answer", "30"),
        ("unit/grades/major/answer", "minutes"),
        ("grades/moderate/answer", ""),
        ("unit/grades/moderate/answer", ""),
        ("pauses", "solution"),
        ("calendar_id", "china_office"),
        ("reopen_days", "14"),
        ("repeat_days", "60"),
    ]
}

#[test]
fn every_kind_says_what_is_in_force_in_both_languages() {
    let stage = Stage::new("manager");
    for (kind, en, zh) in [
        ("promise", "working days", "个工作日"),
        ("ladder", "whoever has the case", "经办人"),
        ("assignment", "There is no route", "没有路由"),
        ("intake", "10 alike or more within 24 hours", "24 小时内同类投诉达到 10 件"),
        ("work", "up to 200.00 CNY", "至多 200.00 CNY"),
        ("grading", "Sets of words", "词组"),
    ] {
        let page = stage.page(&format!("/desk/rules/{kind}?lang=en"));
        has(
            &page,
            &["In force: what ships", en, "What ships", &format!("/desk/rules/{kind}/json")],
        );
        has_not(&page, &["/publish?", "/simulate?"]);
        has(&stage.page(&format!("/desk/rules/{kind}?lang=zh")), &["现行：内置规则", zh]);
        if kind != "grading" {
            stage.page(&format!("/desk/rules/{kind}/edit?lang=en"));
        }
        stage.page(&format!("/desk/rules/{kind}/json?lang=en"));
    }
}

#[test]
fn what_ships_comes_back_from_its_form_as_it_is() {
    let stage = Stage::new("manager");
    let work = stage.page(&format!("{}/edit?lang=en", "/desk/rules/work"));
    has_not(&work, &["<fieldset", "more rows"]);
    has(&stage.page("/desk/rules/intake/edit?lang=en"), &["Rule 2", "more rows"]);
    for kind in ["promise", "ladder", "assignment", "intake", "work"] {
        let path = format!("/desk/rules/{kind}/edit?lang=en");
        let filled = fields(&stage.page(&path));
        let filled: Vec<(&str, &str)> = filled.iter().map(|it| (&*it.0, &*it.1)).collect();
        let answer = stage.post(&path, &path, &filled);
        assert_eq!(answer.status(), 303, "{kind} {}", text(&answer));
        let (verb, target, _) = stage.last();
        assert_eq!((verb, target), (Verb::Put, format!("/v1/policies/{kind}/draft")));
        let page = stage.page(&format!("/desk/rules/{kind}?lang=en"));
        has(&page, &["Nothing differs.", &format!("/desk/rules/{kind}/publish?lang=en")]);
    }
}

/// What stands in the fields of a page, as a browser would send it back.
fn fields(page: &str) -> Vec<(String, String)> {
    let form = page.split("<main").nth(1).unwrap();
    let mut found = Vec::new();
    let attribute = |tag: &str, name: &str| {
        let rest = tag.split(&format!(" {name}=\"")).nth(1)?;
        Some(rest.split('"').next().unwrap().to_owned())
    };
    for it in form.split("<input").skip(1) {
        let tag = it.split('>').next().unwrap();
        let kind = attribute(tag, "type").unwrap();
        let is_off = kind == "checkbox" && !tag.contains(" checked");
        if kind != "hidden" && !is_off {
            found.push((attribute(tag, "name").unwrap(), attribute(tag, "value").unwrap()));
        }
    }
    for it in form.split("<select").skip(1) {
        let (tag, options) = it.split_once('>').unwrap();
        let options = options.split("</select>").next().unwrap();
        let chosen = options.split("<option").skip(1);
        let chosen: Vec<&str> = chosen.map(|it| it.split('>').next().unwrap()).collect();
        let one = chosen.iter().find(|it| it.contains(" selected")).or(chosen.first()).unwrap();
        found.push((attribute(tag, "name").unwrap(), attribute(one, "value").unwrap()));
    }
    found
}

#[test]
fn the_promise_is_typed_as_a_table_and_published_after_a_look() {
    let stage = Stage::new("manager");
    let edit = "/desk/rules/promise/edit?lang=en";
    let answer = stage.post(edit, edit, &promise());
    assert_eq!(location(&answer), "/desk/rules/promise?lang=en&done=drafted", "{}", text(&answer));
    let (_, _, body) = stage.last();
    assert_eq!(
        body,
        json!({
            "grades": {
                "general": { "answer": { "hours": 24 }, "closing": { "working_days": 3 },
                    "solution": { "hours": 16, "time": "working" } },
                "major": { "answer": { "minutes": 30 } }, "moderate": {}
            },
            "tiers": { "1": {}, "2": {} }, "pauses": ["solution"], "calendar_id": "china_office",
            "reopen_days": 14, "repeat_days": 60
        })
    );
    let page = stage.page("/desk/rules/promise?lang=en");
    has(&page, &["What the draft changes", "<code>/reopen_days</code>", "<td>30</td><td>14</td>"]);
    let page = stage.page("/desk/rules/promise/publish?lang=en");
    has(
        &page,
        &["What will be different", "Open cases follow it", "30 minutes", "16 working hours"],
    );
    let path = "/desk/rules/promise/publish?lang=en";
    let answer = stage.post(path, path, &[]);
    assert_eq!(location(&answer), "/desk/rules/promise?lang=en&done=published");
    assert_eq!(stage.header("if-match").as_deref(), Some("\"v1\""));
    let page = stage.page("/desk/rules/promise?lang=en");
    has(&page, &["In force: version 1, since", "Office hours in China", "A policy was published"]);
    let page = stage.page("/desk/rules/promise/versions/1?lang=en");
    has(&page, &["Version 1", "What ships", "<td>30</td><td>14</td>", "value=\"0\""]);
    let page = stage.page("/desk/rules/promise/versions/1?lang=en&with=7");
    has(&page, &["there is no such version"]);
}

#[test]
fn mistakes_of_the_promise_stand_in_their_cells() {
    let stage = Stage::new("manager");
    let edit = "/desk/rules/promise/edit?lang=en";
    let with = |name: &str, value: &'static str| {
        let mut fields = promise();
        let at = fields.iter().position(|it| it.0 == name).unwrap();
        fields[at].1 = value;
        fields
    };
    let page = text(&stage.post(edit, edit, &with("unit/grades/major/answer", "")));
    has(&page, &["Major · Answer: must have a unit", "href=\"#grades/major/answer\""]);
    let page = text(&stage.post(edit, edit, &with("grades/major/answer", "")));
    has(&page, &["Major · Answer: must have a number"]);
    assert!(stage.made.borrow().is_empty());
    let mut late = with("grades/major/answer", "40");
    late.iter_mut().find(|it| it.0 == "unit/grades/major/answer").unwrap().1 = "hours";
    let answer = stage.post(edit, edit, &late);
    assert_eq!(answer.status(), 422);
    has(&text(&answer), &["a major case never waits longest", "value=\"40\""]);
    let page = text(&stage.post(edit, edit, &with("reopen_days", "-1")));
    has(&page, &["value=\"-1\"", "must be a whole number from 0 to 365"]);
    super::sound(&page);
}

#[test]
fn rows_are_added_ordered_and_taken_away_and_their_mistakes_stand_where_they_were_typed() {
    let stage = Stage::new("manager");
    let edit = "/desk/rules/assignment/edit?lang=en";
    let filled = [
        ("is_automatic", "true"),
        ("routes/0/type", HOSTILE),
        ("routes/0/nth", "2"),
        ("routes/1/type", "refund"),
        ("routes/1/remove", "true"),
        ("routes/2/need", ""),
        ("routes/3/type", "safety"),
        ("routes/3/touchpoint_id", "tch_shop"),
        ("routes/3/skills", "fire\nwater"),
        ("routes/3/nth", "1"),
    ];
    let answer = stage.post(edit, edit, &filled);
    assert_eq!(answer.status(), 303, "{}", text(&answer));
    let (_, _, body) = stage.last();
    let safety =
        json!({ "type": "safety", "touchpoint_id": "tch_shop", "skills": ["fire", "water"] });
    let hostile = json!({ "type": HOSTILE, "skills": [] });
    assert_eq!(body, json!({ "is_automatic": true, "routes": [safety, hostile] }));
    let page = stage.page(edit);
    has(&page, &["Route 2", "Route 4", "(new, may stay empty)", ESCAPED]);

    let mut wrong = filled.to_vec();
    wrong.push(("routes/3/department_id", "dep_gone"));
    let answer = stage.post(edit, edit, &wrong);
    assert_eq!(answer.status(), 422);
    let page = text(&answer);
    has(&page, &["href=\"#routes/3/department_id\"", "is not one of this site", "fire\nwater"]);
    // The box that takes a row away stays ticked, too.
    has(
        &page,
        &["name=\"routes/1/remove\" value=\"true\" aria-describedby", ESCAPED]
            .map(|it| it.strip_suffix(" aria-describedby").unwrap_or(it)),
    );
}

#[test]
fn steps_of_the_ladder_name_people_and_a_step_that_is_there_twice_is_told() {
    let stage = Stage::new("manager");
    let edit = "/desk/rules/ladder/edit?lang=en";
    has(
        &stage.page(edit),
        &["value=\"agent_id:agt_lan\"", "周岚", "value=\"role:manager\" selected"],
    );
    let step = |number: usize, to: &str| -> Vec<(String, String)> {
        [("clock", "answer"), ("percent", "75"), ("do", "notify"), ("to", to), ("working", "true")]
            .map(|(name, value)| (format!("steps/{number}/{name}"), value.to_owned()))
            .to_vec()
    };
    let send = |rows: Vec<(String, String)>| {
        let mut filled: Vec<(&str, &str)> = vec![("digest_from", "4")];
        filled.extend(rows.iter().map(|it| (&*it.0, &*it.1)));
        stage.post(edit, edit, &filled)
    };
    let answer = send([step(0, "agent_id:agt_lan"), step(2, "role:manager")].concat());
    assert_eq!(answer.status(), 303, "{}", text(&answer));
    let (_, _, body) = stage.last();
    let to = |to: Value| {
        json!({ "clock": "answer", "percent": 75, "do": "notify", "to": to, "time": "working",
            "digest": false })
    };
    let steps = [to(json!({ "agent_id": "agt_lan" })), to(json!({ "role": "manager" }))];
    assert_eq!(body, json!({ "digest_from": 4, "steps": steps }));
    has(&stage.page("/desk/rules/ladder/publish?lang=en"), &["tell 周岚", "in working time"]);
    let answer = send([step(0, "agent"), step(3, "agent")].concat());
    assert_eq!(answer.status(), 422);
    has(&text(&answer), &["must differ from the steps before it", "href=\"#steps/3/clock\""]);
}

#[test]
fn json_is_taken_for_every_kind_and_each_mistake_is_told_with_its_place() {
    let stage = Stage::new("manager");
    let path = "/desk/rules/grading/json?lang=en";
    let typed = json!({
        "rules": [{ "id": HOSTILE, "grade": "bad", "weight": 5, "zh": ["吱吱"] }],
        "types": [{ "id": "t", "zh": ["坏"] }]
    });
    let answer = stage.post(path, path, &[("definition", &typed.to_string())]);
    assert_eq!(answer.status(), 422);
    let page = text(&answer);
    has(
        &page,
        &["<code>/rules/0/grade</code>", "<code>/types/0/zh/0</code>", "alert(1)&lt;/script&gt;"],
    );
    super::sound(&page);
    let before = stage.made.borrow().len();
    let answer = stage.post(path, path, &[("definition", "{ \"rules\": [\n  oops ] }")]);
    assert_eq!(answer.status(), 422);
    has(&text(&answer), &["must be JSON", "2 · oops ] }"]);
    assert_eq!(stage.made.borrow().len(), before);
}

#[test]
fn a_draft_that_somebody_else_saved_meanwhile_is_not_overwritten_unseen() {
    let stage = Stage::new("manager");
    let draft = format!("PUT {}/draft", "/v1/policies/work");
    for agent in [1, 7] {
        let body = json!({ "compensation": { "agent": agent, "manager": 9 } });
        stage.api(&draft, &body.to_string());
    }
    let at = |name: &str| format!("{}/{name}?lang=en", "/desk/rules/work");
    let edit = &at("edit");
    let filled = [
        ("version", "1"),
        ("compensation/currency", "CNY"),
        ("compensation/agent", "3"),
        ("compensation/manager", "9"),
    ];
    let answer = stage.post(edit, edit, &filled);
    assert_eq!(answer.status(), 412);
    let page = text(&answer);
    has(
        &page,
        &["Meanwhile somebody else saved: 7", "value=\"3\"", "name=\"version\" value=\"2\""],
    );
    assert_eq!(page.matches("Meanwhile somebody else saved: ").count(), 2, "currency and agent");
    let path = &at("json");
    let typed = r#"{ "compensation": { "agent": 3, "manager": 9 } }"#;
    let answer = stage.post(path, path, &[("version", "1"), ("definition", typed)]);
    assert_eq!(answer.status(), 412);
    has(&text(&answer), &["/compensation/agent 7", "name=\"version\" value=\"2\""]);
    let path = &at("publish");
    let answer = stage.post(path, path, &[("version", "1")]);
    assert_eq!(answer.status(), 409);
    has(
        &text(&answer),
        &["Somebody else changed the draft meanwhile", "name=\"version\" value=\"2\""],
    );
    let shown = stage.api("GET /v1/policies/work", "");
    assert_eq!(shown["version"], 0, "nothing was published");
}

#[test]
fn there_is_nothing_to_publish_without_a_draft() {
    let stage = Stage::new("manager");
    let path = "/desk/rules/promise/publish?lang=en";
    let page = stage.page(path);
    has(&page, &["There is no draft: edit the policy first."]);
    has_not(&page, &["Publish it now"]);
    let answer = stage.post(path, path, &[]);
    assert_eq!(answer.status(), 409);
}

/// By which only squeaks are bad.
const SQUEAKS: &str = r#"{ "rules": [
    { "id": "squeak", "grade": "major", "weight": 90, "zh": ["吱吱"], "en": ["squeak*"] }],
    "types": [{ "id": "noise", "need": "product", "department": "lab", "zh": ["吱吱"] }] }"#;

fn case(stage: &Stage, id: &str, words: &str) {
    stage.world.run(cases::insert(&Case {
        id: id.to_owned(),
        site_id: "sit_shop".to_owned(),
        version: 1,
        number: format!("n-{id}"),
        once: id.to_owned(),
        state: "open".to_owned(),
        grade: "general".to_owned(),
        urgency: "normal".to_owned(),
        source: "staff".to_owned(),
        grading: "{}".to_owned(),
        assigned: "{}".to_owned(),
        received_day: 20_000,
        ..Case::default()
    }));
    stage.world.run(case_texts::insert(&Text {
        case_id: id.to_owned(),
        id: format!("nte_{id}"),
        kind: "complaint".to_owned(),
        text: words.to_owned(),
        files: "[]".to_owned(),
        ..Text::default()
    }));
}

#[test]
fn a_draft_of_grading_is_tried_on_past_cases() {
    let stage = Stage::new("manager");
    let path = "/desk/rules/grading/simulate?lang=en";
    has(&stage.page(path), &["Nothing is changed."]);
    let answer = stage.post(path, path, &[]);
    assert_eq!(answer.status(), 409);
    has(&text(&answer), &["there is no draft"]);
    stage.api("PUT /v1/policies/grading/draft", SQUEAKS);
    has(&stage.page("/desk/rules/grading?lang=en"), &["Try the draft on past cases"]);
    let page = text(&stage.post(path, path, &[]));
    has(&page, &["There is no case in these days."]);
    case(&stage, "cmp_a", "椅子吱吱响");
    case(&stage, "cmp_b", "充电器起火，烧伤了我的手");
    case(&stage, "cmp_c", "谢谢");
    let answer = stage.post(path, path, &[("since", "2020-01-01"), ("limit", "100")]);
    assert_eq!(answer.status(), 200, "{}", text(&answer));
    let (_, target, body) = stage.last();
    assert_eq!(target, "/v1/policies/grading/simulate");
    assert_eq!(body, json!({ "since": "2020-01-01", "limit": 100 }));
    let page = text(&answer);
    super::sound(&page);
    has(&page, &["2 of 3 cases would have another grade (66.6 %): 1 a worse one, 1 a milder one."]);
    has(&page, &["href=\"/desk/complaints/cmp_a?lang=en\"", "n-cmp_b", "→ squeak"]);
    let page = text(&stage.post(path, "/desk/rules/grading/simulate?lang=zh", &[]));
    has(&page, &["3 件投诉中有 2 件等级会改变（66.6 %）：1 件升高，1 件降低。"]);
    let page = text(&stage.post(path, path, &[("since", "2026-01-02"), ("until", "2026-01-01")]));
    has(&page, &["must not be before since", "value=\"2026-01-02\""]);
}

#[test]
fn a_text_is_graded_with_its_words_marked_and_stays_a_text() {
    let stage = Stage::new("agent");
    stage.api("PUT /v1/policies/grading/draft", SQUEAKS);
    let path = "/desk/rules/grading/try?lang=en";
    stage.page(path);
    let words = format!("椅子吱吱响\r\n{HOSTILE}");
    let answer = stage.post(path, path, &[("text", &words), ("policy", "draft")]);
    assert_eq!(answer.status(), 200, "{}", text(&answer));
    let page = text(&answer);
    super::sound(&page);
    has(&page, &["椅子<mark>吱吱</mark>响", "<dd>Major</dd>", "squeak", "<td>90</td>", ESCAPED]);
    let (_, _, body) = stage.last();
    assert_eq!(body, json!({ "text": format!("椅子吱吱响\n{HOSTILE}"), "policy": "draft" }));
    let page = text(&stage.post(path, path, &[("text", "谢谢"), ("policy", "published")]));
    has(&page, &["No rule found anything in it.", "<dd>No complaint</dd>"]);
    let answer = stage.post(path, path, &[("text", ""), ("amount", "lots")]);
    assert_eq!(answer.status(), 422);
    has(&text(&answer), &["must be filled in", "must be a whole number", "value=\"lots\""]);
}
