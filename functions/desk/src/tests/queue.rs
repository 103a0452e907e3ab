//! The queue, many at once, and taking down.

use super::told::{ESCAPED, row};
use super::*;

/// What the list was asked for last.
fn asked(calls: &Calls) -> String {
    let calls = calls.borrow();
    let is_list = |it: &&Heard| it.target.starts_with("complaint/v1/complaints");
    calls.iter().rev().find(is_list).unwrap().target.clone()
}

#[test]
fn the_queue_tells_the_clock_in_plain_words_and_each_row_whose_it_is() {
    let (world, calls) = world("agent", |_, _| None);
    let html = page(&world, "/desk/complaints?lang=en");
    has(
        &html,
        &[
            ">261122-7KQ2M-X</a>",
            "href=\"/desk/complaints/cmp_01?lang=en\" data-row=\"\"",
            "badge bad\">Major",
            "Answer: about 2 hours late",
            ESCAPED,
            "周岚 · 李想 · 门店",
            "Sunday 22 November, 08:30",
            "value=\"cmp_01.261122-7KQ2M-X\" form=\"bulk\"",
            "after=1.cmp_02",
            "data-key=\"/\"",
            "footer class=\"board-foot\" data-tag",
        ],
    );
    is_sound(&html);
    assert_eq!(asked(&calls), "complaint/v1/complaints?agent_id=me");
    let html = page(&world, "/desk/complaints?lang=zh");
    has(&html, &["答复：已超时约 2 小时", "重大", "我的", "本部门", "批量处理所选投诉"]);
    is_sound(&html);
}

#[test]
fn filters_and_tabs_stand_in_the_address() {
    let (world, calls) = world("agent", |_, _| None);
    let path = "/desk/complaints?lang=en&agent_id=&grade=major&is_late=true&sort=newest&x=1";
    let html = page(&world, path);
    assert_eq!(asked(&calls), "complaint/v1/complaints?grade=major&is_late=true&sort=newest");
    has(
        &html,
        &[
            "value=\"major\" selected",
            "?grade=major&amp;is_late=true&amp;sort=newest&amp;agent_id=me&amp;lang=en",
            "department_id=dep_care",
            "aria-current=\"page\">All",
            "agent_id=&amp;grade=major",
        ],
    );
    page(&world, "/desk/complaints?department_id=dep_care&agent_id=");
    assert_eq!(asked(&calls), "complaint/v1/complaints?department_id=dep_care");
    page(&world, "/desk/complaints?customer_id=cus_1");
    assert_eq!(asked(&calls), "complaint/v1/complaints?customer_id=cus_1");
    page(&world, "/desk/complaints?q=%3Cb%3E%26x");
    assert_eq!(asked(&calls), "complaint/v1/complaints?q=%3Cb%3E%26x");
}

#[test]
fn a_ticket_number_leads_straight_to_its_case() {
    let number = domain::case::number::number(20_779, [7; 16]);
    let found = number.clone();
    let one = move |_: Verb, target: &str| {
        let list = json!({ "items": [row("cmp_01", &found)], "next": null });
        target.starts_with("complaint/").then_some((200, list))
    };
    let (world, _) = world("agent", one);
    let typed = number.to_lowercase().replace('-', "");
    let answer = world.send(handle, &format!("GET /desk/complaints?lang=en&q={typed}"));
    assert_eq!(answer.status(), 303, "{}", text(&answer));
    assert_eq!(answer.headers()["location"], "/desk/complaints/cmp_01?lang=en");
    // Words that find one case show it in its place.
    has(&page(&world, "/desk/complaints?lang=en&q=fire"), &[&number]);
}

#[test]
fn an_empty_queue_says_what_brings_something_there() {
    let none = |_: Verb, target: &str| {
        let is_list = target.starts_with("complaint/");
        is_list.then(|| (200, json!({ "items": [], "next": null })))
    };
    let (world, _) = world("agent", none);
    has(&page(&world, "/desk/complaints?lang=en"), &["Nothing waits for you"]);
    let html = page(&world, "/desk/complaints?lang=en&q=x");
    has(&html, &["Nothing was found"]);
    lacks(&html, &["id=\"bulk\""]);
    has(&page(&world, "/desk/complaints?agent_id=&lang=zh"), &["这里没有投诉"]);
}

#[test]
fn a_filter_that_the_api_refuses_is_told_on_the_page() {
    let (world, _) = world("agent", |_, target| match target {
        it if it.starts_with("complaint/") => problem(422, "invalid-fields", "due is not for it"),
        _ => None,
    });
    let html = page(&world, "/desk/complaints?lang=en&state=closed&sort=due");
    has(&html, &["due is not for it", "value=\"closed\" selected"]);
}

#[test]
fn many_are_handed_over_in_one_call_and_the_outcome_of_each_is_told() {
    let (world, calls) = world("agent", |verb, target| match (verb, target) {
        (Verb::Post, "casework/v1/complaints/bulk") => Some((
            200,
            json!({ "done": 1, "outcomes": [
            { "id": "cmp_01", "status": 200 },
            { "id": "cmp_02", "status": 409, "title": "t", "detail": "it was <b>merged" }] }),
        )),
        _ => None,
    });
    let body = "key=k1&act=assign&assign/to=agt_wu&assign/reason=ill&close/remedy=&note/text=\
                &id=cmp_01.261122-7KQ2M-X&id=cmp_02.261121-AAAAA-5&back=?grade=major%26agent_id=";
    let answer = post(&world, "/desk/complaints/bulk?lang=en", body);
    assert_eq!(answer.status(), 200);
    let html = text(&answer);
    has(&html, &["Done with 1 of 2", "it was &lt;b&gt;merged", "261121-AAAAA-5"]);
    is_sound(&html);
    assert_eq!(asked(&calls), "complaint/v1/complaints?grade=major");
    let acts = acts(&calls);
    let sent = json!({ "ids": ["cmp_01", "cmp_02"], "act": "assign", "agent_id": "agt_wu",
        "reason": "ill" });
    assert_eq!(acts[0].body, sent);
    assert_eq!(acts[0].header("idempotency-key"), "k1");
    post(&world, "/desk/complaints/bulk", "key=k2&act=assign&assign/to=dep_care&id=cmp_01.1");
    post(&world, "/desk/complaints/bulk", "key=k3&act=assign&assign/to=auto&id=cmp_01.1");
    let bodies: Vec<Value> = super::acts(&calls).into_iter().map(|it| it.body).collect();
    assert_eq!(bodies[1]["department_id"], "dep_care");
    assert_eq!(bodies[2]["auto"], true);
}

#[test]
fn many_that_are_refused_keep_their_ticks_and_what_was_typed() {
    let (world, calls) = world("agent", |verb, target| match (verb, target) {
        (Verb::Post, "casework/v1/complaints/bulk") => Some((
            422,
            json!({ "title": "t", "errors": [
            { "pointer": "/cause", "detail": "is required" },
            { "pointer": "/remedy", "detail": "is too short" }] }),
        )),
        _ => None,
    });
    let body = "key=k1&act=close&close/cause/detail=old+seal&close/remedy=&id=cmp_02.2";
    let answer = post(&world, "/desk/complaints/bulk?lang=en", body);
    assert_eq!(answer.status(), 422);
    let html = text(&answer);
    has(&html, &["is too short", "old seal", "href=\"#many-close-close/remedy\"", "is required"]);
    let tick = "value=\"cmp_02.261121-AAAAA-5\" form=\"bulk\"";
    let tick = html.split(tick).nth(1).unwrap();
    has(tick.split('>').next().unwrap(), &["aria-label=\"Tick 261121-AAAAA-5\" checked"]);
    assert_eq!(acts(&calls)[0].body["cause"], json!({ "detail": "old seal" }));
    let answer = post(&world, "/desk/complaints/bulk?lang=en", "act=note&note/text=&id=cmp_02.2");
    has(&text(&answer), &["must be filled in"]);
    assert_eq!(acts(&calls).len(), 1, "nothing was sent");
}

#[test]
fn a_call_is_taken_down_and_its_link_is_shown_once() {
    let (world, calls) = world("agent", |verb, target| match (verb, target) {
        (Verb::Post, "complaint/v1/complaints") => {
            let mut case = row("cmp_09", "261122-NEW");
            case["is_joined"] = false.into();
            case["link"] = "https://x.example/t/secret".into();
            Some((201, case))
        }
        (Verb::Post, "grader/v1/complaints/grade") => Some((200, row("", ""))),
        _ => None,
    });
    let html = page(&world, "/desk/complaints/new?lang=en&customer=M%221");
    has(&html, &["value=\"phone\" selected", "M&quot;1", "data-draft"]);
    is_sound(&html);
    let body = "key=k1&text=%E7%9D%80%E7%81%AB&channel=phone&touchpoint_id=tch_shop\
                &customer/external_id=M1&customer/phone=138&language=zh-CN&type=";
    let answer = post(&world, "/desk/complaints/new?lang=en", body);
    assert_eq!(answer.status(), 201);
    has(&text(&answer), &["https://x.example/t/secret", "/desk/complaints/cmp_09?lang=en"]);
    let acts = acts(&calls);
    assert_eq!(
        acts[0].body,
        json!({ "text": "着火", "channel": "phone", "touchpoint_id": "tch_shop",
            "customer": { "external_id": "M1", "phone": "138" }, "language": "zh-CN" })
    );
    assert_eq!(acts[0].header("idempotency-key"), "k1");
    // A preview opens nothing and keeps what was typed.
    let body = "key=k2&try=1&text=my+phone+caught+fire&customer/name=Li";
    let answer = post(&world, "/desk/complaints/new?lang=en", body);
    let html = text(&answer);
    has(&html, &["It would be graded", "<mark>", "value=\"Li\"", "caught fire"]);
    is_sound(&html);
    let acts = super::acts(&calls);
    assert_eq!(acts.len(), 2);
    assert_eq!(acts[1].target, "grader/v1/complaints/grade");
    let answer = post(&world, "/desk/complaints/new?lang=zh", "key=k3&text=&customer/name=Li");
    assert_eq!(answer.status(), 422);
    has(&text(&answer), &["必须填写", "value=\"Li\""]);
}
