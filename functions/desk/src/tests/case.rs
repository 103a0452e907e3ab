//! The page of a case, and what is done there.

use super::told::{ESCAPED, case};
use super::*;

const PAGE: &str = "/desk/complaints/cmp_01?lang=en";

/// The case in a state.
fn standing(state: &'static str) -> impl Fn(Verb, &str) -> Option<(u16, Value)> {
    move |verb, target| {
        let is_it = verb == Verb::Get && target == "casework/v1/complaints/cmp_01";
        is_it.then(|| (200, case(state)))
    }
}

/// A refusal of whatever is done.
fn refusing(status: u16, told: &'static str) -> impl Fn(Verb, &str) -> Option<(u16, Value)> {
    move |verb, target| {
        let is_act = verb != Verb::Get && target.starts_with("casework/");
        is_act.then(|| (status, serde_json::from_str(told).unwrap()))
    }
}

#[test]
fn a_case_tells_all_that_is_known_of_it() {
    let (world, calls) = world("agent", |_, _| None);
    let html = page(&world, PAGE);
    has(
        &html,
        &[
            "<h1>261122-7KQ2M-X</h1>",
            // The clocks.
            "about 2 hours late",
            "due in about 3 hours",
            "stands still until the customer replies; about 24 hours left",
            "about 4 hours of working time allowed",
            // The grade, and the words that made it.
            "昨天晚上机<mark>着火</mark>🔥",
            "“着火”: <code>fire</code> · Major",
            "please look and grade it by hand",
            // What was said, by whom, and who reads it.
            ESCAPED,
            "among staff",
            "https://files.example/a.jpg",
            // The customer, their other cases, their answers, their calls.
            "13800000000",
            "/desk/customers/cus_1?lang=en",
            ">261121-AAAAA-5</a>",
            "<dt>Why?</dt>",
            "/desk/callbacks/cal_1?lang=en",
            "12.50 CNY",
            "links/1/revoke",
            "a specialist, has the least to do",
            // The trail and who is here.
            "· customer · came in",
            "· answered the customer",
            "· given to &lt;script&gt;",
            "· you ·",
            "is writing here",
            "data-presence=\"/v1/complaints/cmp_01/presence\" data-version=\"3\"",
        ],
    );
    lacks(&html, &["links/2/revoke", "javascript:"]);
    is_sound(&html);
    let asked: Vec<String> = calls.borrow().iter().map(|it| it.target.clone()).collect();
    assert!(asked.contains(&"casework/v1/complaints/cmp_01/audit?after=0&limit=100".to_owned()));
    assert!(asked.contains(&"callback/v1/callbacks?case_id=cmp_01&limit=20".to_owned()));
    assert!(!asked.iter().any(|it| it.starts_with("ledger/")), "only where it may be closed");
    let html = page(&world, "/desk/complaints/cmp_01?lang=zh");
    has(&html, &["定级依据", "沟通记录", "已超时约 2 小时", "等待客户回复，已暂停", "收到投诉"]);
    is_sound(&html);
}

#[test]
fn only_what_its_state_allows_is_offered() {
    let names = [
        "answer",
        "note",
        "assign",
        "escalate",
        "solve",
        "close",
        "compensate",
        "grade",
        "change",
        "reopen",
        "merge",
    ];
    for (state, allowed) in [
        ("open", "answer note assign escalate solve compensate grade change merge"),
        ("waiting", "answer note assign escalate solve compensate grade change merge"),
        ("solved", "answer note assign close compensate grade change reopen merge"),
        ("closed", "note reopen"),
        ("merged", ""),
    ] {
        let (world, _) = world("agent", standing(state));
        let html = page(&world, PAGE);
        for name in names {
            let is_there = html.contains(&format!("<details id=\"{name}\""));
            assert_eq!(is_there, allowed.split(' ').any(|it| it == name), "{name} of {state}");
        }
        is_sound(&html);
    }
    let (world, _) = world("agent", standing("solved"));
    has(&page(&world, PAGE), &["Product defect: 密封圈老化"]);
}

#[test]
fn a_neighbour_that_is_gone_is_said_in_its_place() {
    let (world, _) = world("agent", |_, target| {
        let is_gone = ["callback/", "customer/", "complaint/", "study/", "admin/v1/templates"];
        is_gone.iter().any(|it| target.starts_with(it)).then(|| (503, json!({ "title": "gone" })))
    });
    let html = page(&world, PAGE);
    has(&html, &["They cannot be told just now.", "<details id=\"answer\""]);
    let (world, _) = super::world("agent", |_, target| match target {
        "casework/v1/complaints/cmp_01" => problem(404, "not-found", "no such case"),
        _ => None,
    });
    assert_eq!(world.send(handle, &format!("GET {PAGE}")).status(), 404);
}

#[test]
fn a_number_leads_to_the_address_of_its_case() {
    let (world, _) = world("agent", |_, target| {
        (target == "casework/v1/complaints/261122-7KQ2M-X").then(|| (200, case("open")))
    });
    let answer = world.send(handle, "GET /desk/complaints/261122-7KQ2M-X?lang=en");
    assert_eq!(answer.headers()["location"], "/desk/complaints/cmp_01?lang=en");
}

#[test]
fn templates_are_chosen_from_a_list_and_without_scripts_by_a_link() {
    let (world, _) = world("agent", |_, _| None);
    let html = page(&world, PAGE);
    has(
        &html,
        &[
            "data-insert=\"answer-text\"",
            "data-text=\"Hello &lt;script&gt;",
            "?template=tpl_2&amp;lang=en#answer",
            "data-insert=\"note-text\"",
        ],
    );
    lacks(&html, &["tpl_3", "data-insert=\"solve-text\""]);
    // In the customer's language, whatever the reader's is.
    let html = page(&world, "/desk/complaints/cmp_01?lang=zh&template=tpl_2");
    has(&html, &["<details id=\"answer\" open"]);
    let form = html.split("<textarea id=\"answer-text\"").nth(1).unwrap();
    has(form.split("</textarea>").next().unwrap(), &["Hello &lt;script&gt;"]);
    has(form, &["name=\"asks\" value=\"true\" checked"]);
}

/// An act, what is typed into its form, and the body of its call.
type Typed = (&'static str, &'static str, Value);

/// What is said, and who has it.
fn said() -> Vec<Typed> {
    vec![
        (
            "answer",
            "text=%3Cb%3E&asks=true",
            json!({ "text": "<b>", "asks": true, "is_plan": false }),
        ),
        ("note", "text=psst", json!({ "text": "psst" })),
        ("assign", "to=auto&reason=", json!({ "auto": true })),
        ("assign", "to=dep_care&reason=x", json!({ "department_id": "dep_care", "reason": "x" })),
        (
            "escalate",
            "reason=hot&agent_id=&skill=legal",
            json!({ "reason": "hot", "skill": "legal" }),
        ),
        (
            "grade",
            "grade=major&tier=1&reason=r",
            json!({ "grade": "major", "tier": 1, "reason": "r" }),
        ),
        (
            "change",
            "type=&need=&urgency=high&touchpoint_id=tch_shop",
            json!({ "type": "", "need": null, "urgency": "high", "touchpoint_id": "tch_shop" }),
        ),
    ]
}

/// What ends it, or begins it again.
fn ended() -> Vec<Typed> {
    vec![
        (
            "compensate",
            "kind=coupon&amount=1,200.5&currency=cny&reference=C&reason=",
            json!({ "kind": "coupon", "amount": 120_050, "currency": "CNY", "reference": "C" }),
        ),
        (
            "solve",
            "text=done&is_first_contact=false",
            json!({ "text": "done", "is_first_contact": false }),
        ),
        (
            "close",
            "cause/kind=product_defect&cause/cause_id=cau_seal&cause/detail=d&remedy=r",
            json!({ "cause": { "kind": "product_defect", "cause_id": "cau_seal", "detail": "d" },
                "remedy": "r" }),
        ),
        ("reopen", "reason=again", json!({ "reason": "again" })),
        ("merge", "into=261121-AAAAA-5&reason=", json!({ "into": "261121-AAAAA-5" })),
    ]
}

#[test]
fn each_form_becomes_the_call_that_any_client_would_make() {
    for (act, typed, body) in said().into_iter().chain(ended()) {
        let (verb, target) = match act {
            "change" => (Verb::Patch, String::new()),
            act => (Verb::Post, format!("/{act}")),
        };
        let (world, calls) = world("agent", |_, _| None);
        let typed = format!("key=k1&version=3&{typed}");
        let answer = post(&world, &format!("/desk/complaints/cmp_01/{act}?lang=en"), &typed);
        assert_eq!(answer.status(), 303, "{act}: {}", text(&answer));
        let location = answer.headers()["location"].to_str().unwrap();
        assert!(location.starts_with("/desk/complaints/cmp_01?lang=en&done="), "{location}");
        let acts = acts(&calls);
        assert_eq!(acts.len(), 1, "{act}");
        assert_eq!((acts[0].verb, &acts[0].body), (verb, &body), "{act}");
        assert_eq!(acts[0].target, format!("casework/v1/complaints/cmp_01{target}"));
        assert_eq!(acts[0].header("idempotency-key"), "k1");
        assert_eq!(acts[0].header("if-match"), "\"v3\"");
    }
}

#[test]
fn what_is_refused_stands_beside_its_field_and_what_was_typed_is_kept() {
    let told = r#"{ "title": "t", "errors": [
        { "pointer": "/cause/cause_id", "detail": "is of another kind" },
        { "pointer": "/remedy", "detail": "is required" }] }"#;
    let (world, _) = world("agent", refusing(422, told));
    let body =
        "key=k&version=3&cause/kind=process_gap&cause/cause_id=cau_seal&cause/detail=%3Ci%3E";
    let answer = post(&world, "/desk/complaints/cmp_01/close?lang=en", body);
    assert_eq!(answer.status(), 422);
    let html = text(&answer);
    has(
        &html,
        &[
            "<h1>Error: 261122-7KQ2M-X",
            "<details id=\"close\" open",
            "href=\"#close-remedy\"",
            "Cause: is of another kind",
            "&lt;i&gt;",
            "value=\"process_gap\" selected",
        ],
    );
    is_sound(&html);
    let (world, calls) = super::world("agent", |_, _| None);
    let body = "key=k&version=3&kind=refund&amount=ten&currency=CNY&reason=why";
    let answer = post(&world, "/desk/complaints/cmp_01/compensate?lang=zh", body);
    assert_eq!(answer.status(), 422);
    has(&text(&answer), &["须为金额", "value=\"ten\"", "value=\"why\""]);
    assert!(acts(&calls).is_empty(), "nothing was sent");
}

#[test]
fn where_somebody_was_faster_the_page_tells_what_happened_and_keeps_the_text() {
    let (world, calls) = world("agent", |verb, target| match (verb, target) {
        (Verb::Get, "casework/v1/complaints/cmp_01/audit?after=2&limit=50") => {
            let mut trail = told::trail();
            let last = trail["items"].as_array_mut().unwrap().remove(2);
            Some((200, json!({ "items": [last], "next": null })))
        }
        (Verb::Get, _) => None,
        _ => problem(412, "precondition-failed", "It is not the version you named"),
    });
    let body = "key=k&version=2&text=We+are+sorry&asks=true";
    let answer = post(&world, "/desk/complaints/cmp_01/answer?lang=en", body);
    assert_eq!(answer.status(), 412);
    let html = text(&answer);
    has(
        &html,
        &[
            "Somebody was faster",
            "<h2>Meanwhile</h2>",
            // What was said since, also where it stands.
            "badge good\">new",
            "<blockquote>",
            "Sorry!",
            "We are sorry</textarea>",
            "name=\"asks\" value=\"true\" checked",
            "name=\"version\" value=\"3\"",
        ],
    );
    lacks(&html, &["Meanwhile somebody else saved"]);
    is_sound(&html);
    assert_eq!(html.matches("badge good\">new").count(), 1);
    assert_eq!(acts(&calls).len(), 1);
    // Of what is set, each field tells what they saved.
    let body = "key=k&version=2&type=quality&need=product&urgency=immediate&touchpoint_id=";
    let html = text(&post(&world, "/desk/complaints/cmp_01/change?lang=en", body));
    has(&html, &["Meanwhile somebody else saved: Safety", "else saved: 门店"]);
    assert_eq!(html.matches("Meanwhile somebody else saved").count(), 2);
}

#[test]
fn what_cannot_be_done_any_more_is_said_kindly_and_keeps_the_text() {
    let told = r#"{ "type": "/problems/wrong-state", "title": "t", "detail": "it is closed" }"#;
    let refuse = refusing(409, told);
    let closed = standing("closed");
    let (world, _) =
        world("agent", move |verb, target| refuse(verb, target).or_else(|| closed(verb, target)));
    let body = "key=k&version=3&text=One+more+thing";
    let answer = post(&world, "/desk/complaints/cmp_01/answer?lang=en", body);
    assert_eq!(answer.status(), 409);
    let html = text(&answer);
    has(&html, &["This cannot be done where the case stands now", "it is closed"]);
    has(&html, &["<details id=\"answer\" open", "One more thing</textarea>"]);
}

#[test]
fn a_private_link_is_shown_once_and_can_be_revoked() {
    let (world, calls) = world("agent", |verb, target| match (verb, target) {
        (Verb::Post, "casework/v1/complaints/cmp_01/links") => {
            Some((201, json!({ "number": 3, "url": "https://x.example/t/secret" })))
        }
        _ => None,
    });
    let answer = post(&world, "/desk/complaints/cmp_01/links?lang=en", "key=k1");
    assert_eq!(answer.status(), 201);
    let html = text(&answer);
    has(&html, &["https://x.example/t/secret", "data-copy=\"link\""]);
    is_sound(&html);
    lacks(&page(&world, PAGE), &["secret"]);
    let answer = post(&world, "/desk/complaints/cmp_01/links/1/revoke?lang=en", "key=k2");
    assert_eq!(answer.headers()["location"], "/desk/complaints/cmp_01?lang=en&done=removed");
    let acts = acts(&calls);
    assert_eq!(acts[0].header("idempotency-key"), "k1");
    assert_eq!(acts[1].verb, Verb::Delete);
    assert_eq!(acts[1].target, "casework/v1/complaints/cmp_01/links/1");
}

#[test]
fn whoever_spans_sites_names_one_in_every_call_and_address() {
    let (world, calls) = world("admin", |_, target| {
        let who = json!({ "role": "admin", "site_id": null, "actor": "admin", "agent_id": null,
            "site": { "id": "sit_shop", "name": "鹿鸣", "zone": "Asia/Shanghai" },
            "agent": null });
        target.starts_with("admin/v1/session").then_some((200, who))
    });
    // Canned answers are by path alone, so that only the addresses tell.
    let html = page(&world, "/desk/complaints?lang=en&site=sit_shop");
    has(&html, &["/desk/complaints/cmp_01?lang=en&amp;site=sit_shop", "name=\"site\""]);
    lacks(&html, &[">Mine</a>"]);
    let calls = calls.borrow();
    assert!(calls.iter().all(|it| it.target.contains("site=sit_shop")), "{calls:?}");
}
