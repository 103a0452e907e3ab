//! The site, touchpoints, departments, agents and templates.

use ports::Verb;
use serde_json::{Value, json};

use super::*;

const NEW: (&str, &str) = ("/desk/settings/touchpoints/new", "/desk/settings/touchpoints/new");
const SHOP: (&str, &str) =
    ("/desk/settings/touchpoints/tch_shop", "/desk/settings/touchpoints/tch_shop");

/// A whole form of a touchpoint.
fn filled(name: &str) -> Vec<(&str, &str)> {
    vec![
        ("name", name),
        ("stage", "after_sale"),
        ("lifecycle", ""),
        ("channels", "web"),
        ("channels", "phone"),
        ("is_key", "true"),
        ("target", ""),
        ("standards/human_pick_up", "90 s"),
        ("standards/ordinary_problem_solved", "2 天"),
    ]
}

#[test]
fn a_touchpoint_is_made_by_one_call_and_read_back() {
    let (world, calls) = plain();
    let form = page(&world, "manager", NEW.0);
    has(&form, &["Human pick-up", "Usual: 5 min", "name=\"channels\" value=\"web\" checked"]);
    let mut pairs = filled("售后热线");
    pairs.push(("key", "k1"));
    let answer = send(&world, "manager", NEW, &pairs);
    let there = location(&answer);
    assert!(there.ends_with("?lang=en&done=created"), "{there}");
    let calls = calls.borrow();
    let [call] = calls.as_slice() else { panic!("{calls:?}") };
    assert_eq!((call.verb, header(call, "idempotency-key")), (Verb::Post, "k1"));
    assert_eq!(call.url, "http://admin.spin.internal/v1/touchpoints");
    assert_eq!(
        body(call),
        json!({
            "name": "售后热线", "stage": "after_sale", "lifecycle": null,
            "channels": ["web", "phone"], "is_key": true,
            "standards": { "human_pick_up": 90, "ordinary_problem_solved": 172_800 }
        })
    );
    let there = there.split('?').next().unwrap().to_owned();
    let shown = page(&world, "manager", &format!("{there}?done=created"));
    has(
        &shown,
        &["value=\"售后热线\"", "value=\"90 s\"", "value=\"48 h\"", "value=\"95\"", "Created."],
    );
    let zh = text(&get(&world, "viewer", &format!("{there}?lang=zh")));
    has(&zh, &["服务标准：人工接入", "90 秒", "48 小时", "售后服务", "网站、电话", "<dd>是</dd>"]);
}

#[test]
fn a_list_has_names_states_and_a_way_to_more() {
    let (world, _) = plain();
    for number in 0..50 {
        let name = format!("触点 {number}");
        let insert = format!(
            "insert into touchpoint select 'tch_{number:03}', site_id, 1, '{name}', stage, \
             lifecycle, channels, 1, target, standards, created_at_ms, updated_at_ms \
             from touchpoint where id = 'tch_shop'"
        );
        world.database().execute(&insert, []).unwrap();
    }
    let list = page(&world, "viewer", "/desk/settings/touchpoints");
    has(
        &list,
        &["触点 0", "触点 49", "Purchase · target 85", "rel=\"next\"", "after=tch_049", ">Key<"],
    );
    has_none(&list, &["门店", "New touchpoint"]);
    let more = page(&world, "viewer", "/desk/settings/touchpoints?after=tch_049");
    has(&more, &["门店", "/desk/settings/touchpoints/tch_shop?lang=en"]);
    has_none(&more, &["rel=\"next\"", "触点 49"]);
    has(&page(&world, "manager", "/desk/settings/touchpoints"), &["New touchpoint"]);
    has(&page(&world, "manager", "/desk/settings/departments"), &["There is none yet"]);
}

#[test]
fn whoever_may_only_look_gets_no_form_and_can_send_none() {
    let (world, calls) = plain();
    let shown = page(&world, "viewer", SHOP.0);
    has(&shown, &["<dt>Name</dt><dd>门店</dd>", "<dt>Target score, 0 to 100</dt><dd>85</dd>"]);
    has_none(&shown, &["name=\"name\"", ">Save<"]);
    for (role, path) in [
        ("viewer", "/desk/settings/touchpoints/new"),
        ("viewer", "/desk/settings/templates"),
        ("manager", "/desk/settings/keys"),
        ("manager", "/desk/settings/webhooks/new"),
        ("agent", "/desk/settings/webhooks"),
        ("manager", "/desk/start"),
    ] {
        let answer = get(&world, role, &format!("{path}?lang=en"));
        assert_eq!(answer.status(), 403, "{role} {path}");
        has(&text(&answer), &["needs a key with the role"]);
    }
    let answer = send(&world, "viewer", SHOP, &[("name", "x")]);
    assert_eq!(answer.status(), 403);
    // A site is an admin's to change; a manager reads it.
    let site = page(&world, "manager", "/desk/settings/site");
    has(&site, &["<dt>Time zone</dt><dd>Asia/Shanghai</dd>", "https://shop.example"]);
    has_none(&site, &[">Save<"]);
    assert!(calls.borrow().is_empty());
}

#[test]
fn what_is_wrong_stands_beside_its_field_and_what_was_typed_stays() {
    let (world, calls) = plain();
    let mut pairs = filled(HOSTILE);
    pairs.extend([("target", "many"), ("standards/customer_told", "soon")]);
    pairs.retain(|it| *it != ("target", ""));
    let answer = send(&world, "manager", NEW, &pairs);
    assert_eq!(answer.status(), 422);
    let html = text(&answer);
    has(&html, &[ESCAPED, "value=\"many\"", "must be a whole number", "value=\"soon\""]);
    has(&html, &["must be a number with its unit", "href=\"#standards/customer_told\""]);
    assert!(calls.borrow().is_empty(), "nothing was sent");
    // What only the API knows is told the same way.
    let long = "长".repeat(81);
    let mut pairs = filled(&long);
    pairs.extend([("target", "101"), ("standards/customer_told", "400 d")]);
    pairs.retain(|it| *it != ("target", ""));
    let answer = send(&world, "manager", NEW, &pairs);
    assert_eq!(answer.status(), 422);
    let html = text(&answer);
    has(&html, &["href=\"#name\"", "href=\"#target\"", "href=\"#standards/customer_told\"", &long]);
    assert_eq!(html.matches("aria-invalid").count(), 3);
    let zh = "/desk/settings/touchpoints/new?lang=zh";
    let answer = send(&world, "manager", (NEW.0, zh), &pairs);
    has(&text(&answer), &["请检查标出的内容", "须"]);
}

#[test]
fn a_form_of_another_page_does_nothing() {
    let (world, calls) = plain();
    for path in [SHOP.0, "/desk/settings/keys/key_pk/revoke", "/desk/start"] {
        let head = "authorization: Bearer {admin}\nsec-fetch-site: same-origin\n\
                    content-type: application/x-www-form-urlencoded";
        let answer =
            world.send(handle, &format!("POST {path}?lang=en\n{head}\n\ncsrf=forged&name=A"));
        assert_eq!(answer.status(), 403, "{path}");
    }
    assert!(calls.borrow().is_empty());
}

#[test]
fn who_changed_what_is_told_in_words() {
    let (world, calls) = plain();
    let there = location(&send(&world, "manager", NEW, &filled("售后")));
    let there = there.split('?').next().unwrap().to_owned();
    let mut pairs = filled(HOSTILE);
    pairs.retain(|it| !["is_key", "standards/human_pick_up", "target"].contains(&it.0));
    pairs.extend([("version", "1"), ("standards/human_pick_up", "5 min"), ("target", "90")]);
    let saved = send(&world, "manager", (&there, &there), &pairs);
    assert_eq!(location(&saved), format!("{there}?lang=en&done=saved"));
    assert_eq!(header(calls.borrow().last().unwrap(), "if-match"), "\"v1\"");
    let html = page(&world, "viewer", &format!("{there}/history"));
    has(
        &html,
        &["A touchpoint was made.", "A touchpoint was changed.", "manager", "All seals hold"],
    );
    has(&html, &["<dt>Stage of the journey</dt><dd>After-sale service</dd>"]);
    has(&html, &["<dt>A key touchpoint</dt><dd>no (was: yes)</dd>"]);
    has(&html, &["<dt>Standard: Human pick-up</dt><dd>5 min (was: 90 s)</dd>"]);
    has(&html, &["<dt>Target score, 0 to 100</dt><dd>90 (was: 95)</dd>", ESCAPED]);
    // What stayed is not told again.
    assert_eq!(html.matches("<dt>Stage of the journey</dt>").count(), 1);
    let zh = text(&get(&world, "viewer", &format!("{there}/history?lang=zh")));
    has(&zh, &["5 分钟（原为：90 秒）", "修改了触点。", "未被篡改"]);
    let own = text(&get(&world, "manager", &format!("{there}/history?lang=en")));
    has(&own, &["you"]);
}

#[test]
fn where_somebody_else_was_faster_ones_own_is_kept() {
    let (world, _) = plain();
    let there = location(&send(&world, "manager", NEW, &filled("门店")));
    let there = there.split('?').next().unwrap();
    let pairs = |name| [("name", name), ("version", "1"), ("stage", "purchase"), ("target", "85")];
    location(&send(&world, "manager", (there, there), &pairs("theirs")));
    let answer = send(&world, "manager", (there, there), &pairs("mine"));
    assert_eq!(answer.status(), 412);
    let html = text(&answer);
    has(&html, &["Meanwhile somebody else saved: theirs", "value=\"mine\"", "value=\"2\""]);
}

#[test]
fn an_agent_has_absences_in_days_and_a_department_of_the_site() {
    let (world, calls) =
        world(|_, _| (200, json!({ "items": [{ "id": "cal_a", "name": "早班" }], "next": null })));
    let made = send(
        &world,
        "manager",
        ("/desk/settings/departments/new", "/desk/settings/departments/new"),
        &[("name", HOSTILE)],
    );
    let department = location(&made);
    let id = department.split('?').next().unwrap().rsplit('/').next().unwrap().to_owned();
    let fresh = "/desk/settings/agents/new";
    let there = location(&send(&world, "manager", (fresh, fresh), &[("name", "周岚")]));
    let there = there.split('?').next().unwrap();
    let form = page(&world, "manager", there);
    has(&form, &["早班", "Around the clock", ESCAPED, &id]);
    let pairs = [
        ("name", "周岚"),
        ("version", "1"),
        ("department_id", &id),
        ("skills", "退款\r\n安装"),
        ("capacity", "12"),
        ("calendar_id", ""),
        ("absences", "2026-12-24 – 2026-12-26"),
        ("is_active", "true"),
    ];
    location(&send(&world, "manager", (there, there), &pairs));
    assert_eq!(
        body(calls.borrow().last().unwrap()),
        json!({
            "name": "周岚", "department_id": id, "skills": ["退款", "安装"], "languages": [],
            "capacity": 12, "is_specialist": false, "calendar_id": "", "is_active": true,
            "absences": [{ "from": "2026-12-23T16:00:00Z", "until": "2026-12-26T16:00:00Z" }]
        })
    );
    let list = page(&world, "viewer", "/desk/settings/agents");
    has(&list, &["周岚", ESCAPED, "退款, 安装", "12 cases at most"]);
    has(
        &page(&world, "admin", there),
        &["role=agent&amp;agent_id=agt_", "2026-12-24 – 2026-12-26"],
    );
    has_none(&page(&world, "manager", there), &["agent_id=agt_"]);
    let url = send(&world, "manager", (there, &format!("{there}/feed")), &[("version", "2")]);
    assert_eq!(url.status(), 201);
    has(&text(&url), &["/feed/", ".ics", "shown this once"]);
    let wrong = [("name", "周岚"), ("absences", "tomorrow")];
    let answer = send(&world, "manager", (there, there), &wrong);
    assert_eq!(answer.status(), 422);
    has(&text(&answer), &["this is none: tomorrow", ">\ntomorrow</textarea>"]);
}

/// What the API tells of a site that has languages and retention, and of a template.
fn told(target: &str) -> (u16, Value) {
    let path = target.split('?').next().unwrap();
    let told = match path {
        "/v1/sites/sit_shop" => json!({
            "id": "sit_shop", "name": "鹿鸣", "zone": "Asia/Shanghai", "version": 3,
            "origins": ["https://shop.example"], "minimum_n": 5, "weights": { "speed": 3 },
            "languages": ["zh-CN", "pt-BR"], "retention": { "responses": 400 }
        }),
        "/v1/templates/tpl_a" => json!({
            "id": "tpl_a", "name": "补发", "kind": "plan", "version": 2, "is_active": false,
            "texts": { "zh-CN": "今天补发。", "fr": HOSTILE }
        }),
        "/v1/templates" => json!({ "next": null, "items": [
            { "id": "tpl_a", "name": HOSTILE, "kind": "plan", "is_active": false, "texts": {} }
        ]}),
        "/v1/session" => json!({
            "role": "admin", "site_id": "sit_shop", "actor": "admin", "agent": null,
            "site": { "id": "sit_shop", "name": "鹿鸣", "zone": "Asia/Shanghai" }
        }),
        _ => return (404, json!({ "title": "There is no such thing" })),
    };
    (200, told)
}

/// A world where all neighbours are canned, and what changes something is noted.
fn canned() -> (World, Calls) {
    let (world, calls) = plain();
    let noted = Rc::clone(&calls);
    world.receive(move |_, call| {
        if call.verb != Verb::Get {
            noted.borrow_mut().push(call.clone());
        }
        let (_, target) = call.url.split_once(".spin.internal").unwrap();
        let (status, told) = told(target);
        Ok(Answer { status, headers: Vec::new(), body: told.to_string().into_bytes() })
    });
    (world, calls)
}

#[test]
fn a_site_has_languages_and_says_how_long_personal_data_is_kept() {
    let (world, calls) = canned();
    let there = "/desk/settings/site";
    let html = page(&world, "admin", there);
    has(&html, &["zh-CN\npt-BR</textarea>", "name=\"retention/responses\"", "value=\"400\""]);
    has(&html, &["Scores, grades and counts stay", "speed = 3", "/desk/settings/site/history"]);
    let pairs = [
        ("name", "鹿鸣"),
        ("zone", "Asia/Shanghai"),
        ("origins", "https://shop.example\r\nhttps://m.shop.example"),
        ("languages", "en\r\nzh-CN"),
        ("minimum_n", "7"),
        ("weights", "speed = 3\r\nquality = 2"),
        ("retention/responses", ""),
        ("retention/messages", "30"),
        ("version", "3"),
    ];
    let answer = send(&world, "admin", (there, there), &pairs);
    assert_eq!(location(&answer), "/desk/settings/site?lang=en&done=saved");
    let calls = calls.borrow();
    let [call] = calls.as_slice() else { panic!("{calls:?}") };
    assert_eq!((call.verb, header(call, "if-match")), (Verb::Patch, "\"v3\""));
    assert_eq!(call.url, "http://admin.spin.internal/v1/sites/sit_shop");
    let origins = ["https://shop.example", "https://m.shop.example"];
    let retention =
        json!({ "responses": null, "complaints": null, "callbacks": null, "messages": 30 });
    let expected = json!({
        "name": "鹿鸣", "zone": "Asia/Shanghai", "minimum_n": 7, "languages": ["en", "zh-CN"],
        "origins": origins, "weights": { "speed": 3, "quality": 2 }, "retention": retention
    });
    assert_eq!(body(call), expected);
    let zh = text(&get(&world, "admin", "/desk/settings/site?lang=zh"));
    has(&zh, &["问卷答复：个人数据保留天数", "评分、等级与计数保留", "第一行为默认语言"]);
}

#[test]
fn a_template_has_a_text_in_each_language_of_the_site_and_keeps_those_it_has() {
    let (world, calls) = canned();
    let there = "/desk/settings/templates/tpl_a";
    let html = page(&world, "admin", there);
    has(&html, &["name=\"texts/zh-CN\"", "name=\"texts/pt-BR\"", "name=\"texts/fr\"", ESCAPED]);
    has(&html, &["Text in pt-BR", "Inactive", "今天补发。</textarea>"]);
    has(&page(&world, "admin", "/desk/settings/templates"), &[ESCAPED, "Inactive", "Plan"]);
    let fresh = "/desk/settings/templates/new";
    let pairs = [("name", "A"), ("kind", "note"), ("texts/pt-BR", "Olá\r\nobrigado")];
    send(&world, "admin", (fresh, fresh), &pairs);
    send(&world, "admin", (fresh, fresh), &pairs[..2]);
    let calls = calls.borrow();
    let expected = json!({
        "name": "A", "kind": "note", "is_active": false, "texts": { "pt-BR": "Olá\nobrigado" }
    });
    assert_eq!(body(&calls[0]), expected);
    assert_eq!(body(&calls[1])["texts"], json!({}), "the API says what is missing");
}
