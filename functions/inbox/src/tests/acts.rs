//! What the forms of the inbox do: one call each, as any other client would make it.

use serde_json::{Value, json};
use testkit::{Given, World};

use super::{ESCAPED, LOW, has, post, text, world};
use crate::handle;

fn location(answer: &web::Response) -> &str {
    answer.headers()["location"].to_str().unwrap()
}

fn screened(world: &World) -> String {
    world.answered_all(&[(Given { screened: "too_fast", ..LOW }, 3)])
}

#[test]
fn a_notice_is_seen_and_so_are_all_that_are_shown() {
    let (world, calls) = world(|asked| asked.contains("/seen").then(|| (200, json!({}))));
    let done = post(&world, "agent", "/desk/inbox/notices?lang=en", "seen=ntc_1&back=");
    assert_eq!(
        (done.status().as_u16(), location(&done)),
        (303, "/desk/inbox/notices?lang=en&done=seen")
    );
    let sent = calls.borrow().last().unwrap().clone();
    assert_eq!(sent.call, "POST webhook/v1/notices/ntc_1/seen");
    assert_eq!((sent.header("idempotency-key"), &sent.body), ("k1.ntc_1", &Value::Null));
    assert_eq!(sent.header("sec-fetch-site"), "same-origin");
    let form = "shown=ntc_1&shown=ntc_2";
    post(&world, "agent", "/desk/inbox/notices?lang=en", form);
    let sent = calls.borrow().last().unwrap().clone();
    assert_eq!(sent.call, "POST webhook/v1/notices/seen");
    assert_eq!(sent.body, json!({ "ids": ["ntc_1", "ntc_2"] }));
    let done = post(&world, "agent", "/desk/inbox/notices?lang=en", "seen=ntc_1&back=inbox");
    assert_eq!(location(&done), "/desk/inbox?lang=en&done=seen");
    // An id is a word of an address and nothing more.
    post(&world, "agent", "/desk/inbox/notices?lang=en", "seen=../x?y");
    assert_eq!(calls.borrow().last().unwrap().call, "POST webhook/v1/notices/..%2Fx%3Fy/seen");
}

#[test]
fn a_low_score_that_is_put_aside_leaves_the_list() {
    let (world, calls) = world(|_| None);
    let id = world.answered_all(&[(LOW, 3)]);
    let list = "/desk/inbox/low?lang=en";
    has(&super::page(&world, "agent", list), &[&format!("name=\"aside\" value=\"{id}\"")]);
    let done = post(&world, "agent", list, &format!("aside={id}"));
    assert_eq!(location(&done), "/desk/inbox/low?lang=en&done=seen");
    let sent = calls.borrow().last().unwrap().clone();
    assert_eq!(sent.call, format!("POST response/v1/responses/{id}/looked-at"));
    assert_eq!(sent.header("idempotency-key"), format!("k1.{id}"));
    has(&super::page(&world, "agent", list), &["No low score waits"]);
    has(
        &super::page(&world, "agent", &format!("/desk/inbox/low/{id}?lang=en")),
        &["Put aside: <time"],
    );
    let refused = post(&world, "agent", list, "aside=rsp_none");
    assert_eq!(refused.status(), 404);
    has(&text(&refused), &["role=\"alert\"", "<h1"]);
}

#[test]
fn a_complaint_is_made_of_a_low_score_in_the_customers_words() {
    let (world, calls) = world(|asked| {
        let told = json!({ "id": "cmp_7", "is_joined": false });
        (asked == "POST complaint/v1/complaints").then_some((201, told))
    });
    let id = world.answered_all(&[(LOW, 3)]);
    let path = format!("/desk/inbox/low/{id}?lang=en");
    let page = super::page(&world, "agent", &path);
    has(&page, &["NPS 3 of 10 · 推荐吗？", "甲, 乙", "为什么？", &format!("{ESCAPED}</textarea>")]);
    let done = post(&world, "agent", &path, "text=It+burned");
    assert_eq!(location(&done), "/desk/complaints/cmp_7?lang=en&done=created");
    let sent = calls.borrow().last().unwrap().clone();
    assert_eq!(sent.call, "POST complaint/v1/complaints");
    let body = json!({ "text": "It burned", "response_id": id, "touchpoint_id": "tch_shop" });
    assert_eq!((sent.header("idempotency-key"), &sent.body), ("k1", &body));
    let sent = calls.borrow().len();
    let refused = post(&world, "agent", &path, "text=");
    assert_eq!((refused.status().as_u16(), calls.borrow().len()), (422, sent));
    has(&text(&refused), &["must be filled in", "href=\"#text\""]);
}

#[test]
fn a_complaint_that_is_refused_says_why_and_keeps_what_was_typed() {
    let (world, _) = world(|asked| {
        let errors = json!([
            { "pointer": "/text", "detail": "must be shorter" },
            { "pointer": "/response_id", "detail": "this response has a complaint already" }
        ]);
        (asked == "POST complaint/v1/complaints")
            .then(|| (422, json!({ "title": "Some fields are not valid", "errors": errors })))
    });
    let id = world.answered_all(&[(LOW, 3)]);
    let path = format!("/desk/inbox/low/{id}?lang=en");
    let refused = post(&world, "agent", &path, "text=%3Cb%3Ewhat+I+typed");
    assert_eq!(refused.status(), 422);
    has(
        &text(&refused),
        &[
            "this response has a complaint already",
            "must be shorter",
            "&lt;b&gt;what I typed</textarea>",
            "aria-invalid",
        ],
    );
}

#[test]
fn managers_overrule_what_was_screened_or_confirm_it() {
    let (world, calls) = world(|_| None);
    let (one, other) = (screened(&world), screened(&world));
    let list = "/desk/inbox/screened?lang=en";
    let form = |id: &str, act: &str| format!("id={id}&survey=srv_shop&version=1&do={act}");
    let refused = post(&world, "agent", list, &form(&one, "count"));
    assert_eq!(refused.status(), 403);
    has(&text(&refused), &["role=\"alert\""]);
    let done = post(&world, "manager", list, &form(&one, "count"));
    assert_eq!(location(&done), "/desk/inbox/screened?lang=en&done=done");
    let sent = calls.borrow().last().unwrap().clone();
    assert_eq!(sent.call, format!("PATCH study/v1/studies/srv_shop/responses/{one}"));
    assert_eq!(sent.body, json!({ "is_counted": true }));
    assert_eq!(sent.header("if-match"), "\"v1\"");
    assert_eq!(sent.header("idempotency-key"), format!("k1.{one}"));
    post(&world, "manager", list, &form(&other, "leave"));
    assert_eq!(calls.borrow().last().unwrap().body, json!({ "is_counted": false }));
    has(&super::page(&world, "manager", list), &["Nothing that was screened out waits"]);
    assert_eq!(world.number("select count(*) from response where counted = 1"), 1);
    // What counts again is low as well, and nobody looked at that yet.
    has(&super::page(&world, "manager", "/desk/inbox/low?lang=en"), &[&one]);
    let again = post(&world, "manager", list, &form(&one, "count"));
    assert_eq!(again.status(), 303, "the same form twice does one thing");
    let late = post(&world, "manager", list, &format!("key=k2&{}", form(&one, "leave")));
    assert_eq!(late.status(), 412);
    has(&text(&late), &["Somebody else did something with this meanwhile"]);
}

#[test]
fn one_button_labels_a_text_and_the_next_one_comes() {
    let (world, calls) = world(|_| None);
    let comment = |id: &str| json!({ "response_id": id, "needs_review": 1, "text": id });
    world.commented(&[comment("rsp_a"), comment("rsp_b")]);
    let path = "/desk/inbox/texts?lang=en";
    let form = "id=rsp_b.why&version=1&after=&sentiment=negative&topic=delivery";
    let done = post(&world, "agent", path, form);
    assert_eq!(location(&done), "/desk/inbox/texts?lang=en&done=saved");
    let sent = calls.borrow().last().unwrap().clone();
    assert_eq!(sent.call, "PATCH voice/v1/comments/rsp_b.why");
    assert_eq!(sent.body, json!({ "topic": "delivery", "sentiment": "negative" }));
    assert_eq!(
        (sent.header("if-match"), sent.header("idempotency-key")),
        ("\"v1\"", "k1.rsp_b.why")
    );
    has(&super::page(&world, "agent", path), &["1 left", ">rsp_a</p>"]);
    let form = "id=rsp_a.why&version=1&after=rsp_b.why&sentiment=positive&only=sentiment";
    let done = post(&world, "agent", path, form);
    assert_eq!(location(&done), "/desk/inbox/texts?after=rsp_b.why&lang=en&done=saved");
    assert_eq!(calls.borrow().last().unwrap().body, json!({ "sentiment": "positive" }));
    has(&super::page(&world, "agent", path), &["No text wants review"]);
    let late = post(&world, "agent", path, "key=k2&id=rsp_a.why&version=1&topic=delivery");
    assert_eq!(late.status(), 412);
    has(&text(&late), &["Somebody else did something with this meanwhile"]);
}

#[test]
fn managers_have_a_model_learn_and_are_told_what_it_needs() {
    let (world, calls) = world(|asked| match asked {
        "POST voice/v1/models/topic/train" => {
            Some((202, json!({ "id": "job_1", "state": "due", "examples": 120 })))
        }
        "POST voice/v1/models/sentiment/train" => {
            Some((422, json!({ "title": "x", "detail": "a model needs 20 comments or more" })))
        }
        _ => None,
    });
    let path = "/desk/inbox/texts?lang=en";
    let done = post(&world, "manager", path, "train=topic");
    assert_eq!(location(&done), "/desk/inbox/texts?learning=topic&examples=120&lang=en");
    let sent = calls.borrow().last().unwrap().clone();
    assert_eq!((sent.header("idempotency-key"), &sent.body), ("k1.topic", &Value::Null));
    let page = super::page(&world, "manager", location(&done));
    has(&page, &["“What it is about” now learns from 120 texts"]);
    let refused = post(&world, "manager", path, "train=sentiment");
    assert_eq!(refused.status(), 422);
    has(&text(&refused), &["a model needs 20 comments or more"]);
}

#[test]
fn a_form_of_another_page_is_refused_and_nothing_is_sent() {
    let (world, calls) = world(|_| None);
    for path in ["notices", "low", "low/rsp_1", "screened", "texts"] {
        let head = format!(
            "POST /desk/inbox/{path}\nauthorization: Bearer {{manager}}\n\
             sec-fetch-site: same-origin\ncontent-type: application/x-www-form-urlencoded\n\n"
        );
        let answer = world.send(handle, &format!("{head}csrf=forged&aside=rsp_1&seen=ntc_1"));
        assert_eq!(answer.status(), 403, "{path}");
    }
    assert!(calls.borrow().is_empty());
}
