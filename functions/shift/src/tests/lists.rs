//! All calls, a booking, and numbers that are never called.

use super::*;

fn told(target: &str) -> Option<Value> {
    if target.starts_with("callback/v1/callbacks?") {
        if target.contains("state=nonsense") {
            return None;
        }
        let own = call(|it| {
            it.state = "failed".into();
            it.agent_id = "agt_bo".into();
            it.attempts = 2;
            it.outcome = "busy".into();
            it.promise = 2;
            it.ended_at = Some(START);
        });
        return Some(json!({ "items": [own], "next": "cbk_1" }));
    }
    if target.starts_with("callback/v1/slots") {
        return Some(json!({ "service_id": "svc_any", "tz": "Asia/Shanghai", "next": null,
            "items": [{ "start": "2026-11-23T10:00:00+08:00", "end": "2026-11-23T10:15:00+08:00",
                "free": 1, "agent_id": "agt_bo" }] }));
    }
    common(target)
}

#[test]
fn the_list_has_filters_in_its_address_and_goes_on() {
    let stage = stage("agent", "agt_lan", told, |_| (200, json!({})));
    let path = "/desk/callbacks/all?lang=en&state=failed&agent_id=agt_bo&from=&x=1";
    let page = stage.page(path);
    has(
        &page,
        &[
            "<option value=\"failed\" selected=\"\">Given up",
            "<option value=\"agt_bo\" selected=\"\">Bo",
            "Promise broken",
            "Attempts: 2. Last: busy.",
            "售后",
            "/desk/callbacks/all?state=failed&amp;agent_id=agt_bo&amp;after=cbk_1&amp;lang=en",
        ],
    );
    has(&stage.page("/desk/callbacks/all?lang=zh"), &["已终止", "承诺未兑现", "共拨打 2 次"]);
    let (status, page) = stage.get("/desk/callbacks/all?lang=en&state=nonsense");
    assert_eq!(status, 404);
    has(&page, &["There is no such thing", "Service"]);
}

#[test]
fn times_are_shown_before_anything_is_booked_and_what_was_typed_stays() {
    let stage = stage("agent", "agt_lan", told, |_| (201, json!({})));
    let page = stage.page("/desk/callbacks/new?lang=en&case_id=cmp_1&customer=M1");
    has(&page, &["value=\"cmp_1\"", "value=\"M1\"", "Choose a service, then show its free times"]);
    let body = "do=times&service_id=svc_any&name=%3Cb%3E&day=2026-11-23";
    let answer = stage.post("/desk/callbacks/new?lang=en", body);
    assert_eq!(answer.status(), 200);
    has(
        &text(&answer),
        &[
            "value=\"&lt;b&gt;\"",
            "value=\"2026-11-23T10:00:00+08:00\"",
            "<option value=\"svc_any\" selected=\"\">售后",
            "As soon as possible",
        ],
    );
    assert!(stage.done.borrow().is_empty(), "nothing was booked");
}

#[test]
fn a_booking_is_one_call_and_its_link_is_told_once() {
    let stage = stage("agent", "agt_lan", told, |_| {
        (
            201,
            json!({ "id": "cbk_5", "start": "2026-11-23T10:00:00+08:00",
            "link": "https://huiyin.test/b/secret" }),
        )
    });
    let body = "do=book&service_id=svc_any&customer=M1&phone=138+0013+8000&case_id=&note=Hi\
                &start=2026-11-23T10%3A00%3A00%2B08%3A00";
    let answer = stage.post("/desk/callbacks/new?lang=en", body);
    assert_eq!(answer.status(), 201);
    has(
        &text(&answer),
        &[
            "Monday 23 November, 10:00",
            "value=\"https://huiyin.test/b/secret\"",
            "/desk/callbacks/cbk_5?lang=en",
        ],
    );
    let asked = stage.last();
    assert_eq!(asked.target, "callback/v1/callbacks");
    assert_eq!(
        asked.body,
        json!({ "service_id": "svc_any", "customer": "M1",
        "phone": "138 0013 8000", "note": "Hi", "start": "2026-11-23T10:00:00+08:00" })
    );
    assert_eq!(asked.header("idempotency-key"), "k1");
    stage.post("/desk/callbacks/new?lang=en", "do=book&service_id=svc_any&customer=M1&start=asap");
    assert_eq!(
        stage.last().body,
        json!({ "service_id": "svc_any", "customer": "M1", "mode": "asap" })
    );
}

#[test]
fn a_booking_that_is_refused_says_where() {
    let wrong = json!({ "title": "Not valid", "errors": [
        { "pointer": "/start", "detail": "is required" },
        { "pointer": "/phone", "detail": "must be a phone number" } ] });
    let refused = stage("agent", "agt_lan", told, move |_| (422, wrong.clone()));
    let body = "do=book&service_id=svc_any&phone=12ab";
    let answer = refused.post("/desk/callbacks/new?lang=en", body);
    assert_eq!(answer.status(), 422);
    has(
        &text(&answer),
        &[
            "href=\"#start\">When: is required",
            "id=\"phone-wrong\">must be a phone number",
            "value=\"12ab\"",
        ],
    );
    let open = json!({ "title": "In conflict", "detail": "this case has an open call-back already",
        "callback_id": "cbk_4" });
    let refused = stage("agent", "agt_lan", told, move |_| (409, open.clone()));
    let answer = refused.post("/desk/callbacks/new?lang=en", body);
    has(
        &text(&answer),
        &["this case has an open call-back already", "/desk/callbacks/cbk_4?lang=en"],
    );
}

#[test]
fn numbers_are_added_by_agents_and_removed_by_managers() {
    let stage = stage("agent", "agt_lan", told, |_| (201, json!({})));
    let page = stage.page("/desk/callbacks/do-not-call?lang=en");
    has(&page, &["by you", "after=dnc_1"]);
    assert!(!page.contains("Take it off the list"));
    let answer = stage.post("/desk/callbacks/do-not-call?lang=en", "phone=138+0013+8000");
    assert_eq!(answer.status(), 303);
    let asked = stage.last();
    assert_eq!(
        (asked.target.as_str(), &asked.body),
        ("service/v1/do-not-call", &json!({ "phone": "138 0013 8000" }))
    );
    let answer = stage.post("/desk/callbacks/do-not-call/dnc_1/remove?lang=en", "");
    assert_eq!(answer.status(), 403);
    assert!(stage.done.borrow().is_empty());
}

#[test]
fn a_manager_takes_a_number_off_the_list_and_a_wrong_one_is_refused() {
    let manager = stage("manager", "", told, |_| (204, Value::Null));
    has(&manager.page("/desk/callbacks/do-not-call?lang=zh"), &["移出名单", "禁呼名单"]);
    manager.post("/desk/callbacks/do-not-call/dnc_1/remove?lang=en", "");
    let asked = manager.last();
    assert_eq!((asked.verb, asked.target.as_str()), (Verb::Delete, "service/v1/do-not-call/dnc_1"));
    let wrong = json!({ "title": "Not valid", "errors": [
        { "pointer": "/phone", "detail": "must be a phone number" }] });
    let stage = stage("agent", "agt_lan", told, move |_| (422, wrong.clone()));
    let answer = stage.post("/desk/callbacks/do-not-call?lang=en", "phone=%3Ci%3E");
    assert_eq!(answer.status(), 422);
    has(&text(&answer), &["id=\"phone-wrong\">must be a phone number", "value=\"&lt;i&gt;\""]);
    stage.done.borrow_mut().clear();
    let answer = stage.post("/desk/callbacks/do-not-call?lang=zh", "phone=");
    has(&text(&answer), &["必须填写"]);
    assert!(stage.done.borrow().is_empty(), "nothing was sent");
}
