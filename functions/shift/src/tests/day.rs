//! The day, and the button for the next call.

use super::*;

fn told(target: &str) -> Option<Value> {
    if target.starts_with("day/v1/day") {
        assert!(target.contains("agent=agt_lan"), "{target}");
        let shown = json!({ "service": "售后", "name": HOSTILE, "phone": "+86138\" onclick=\"x",
            "case_number": "261122-7KQ2M-X", "script": null, "tried": [] });
        let booked = call(|it| {
            it.state = "booked".into();
            it.start = START + 3_600_000;
            it.end = START + 4_500_000;
        });
        let again = call(|it| {
            it.id = "cbk_2".into();
            it.attempts = 1;
            it.outcome = "no_answer".into();
            it.due = START + 30 * 60_000;
            it.promise = 1;
        });
        return Some(json!({
            "agent": { "id": "agt_lan", "name": "周岚" }, "date": "2026-11-22",
            "tz": "Asia/Shanghai",
            "open": [{ "from": "2026-11-22T09:00:00+08:00", "until": "2026-11-22T12:00:00+08:00" }],
            "appointments": [with(booked, shown.clone())],
            "waiting": [with(again, shown)],
            "done": [{ "number": 1, "outcome": "busy", "agent_id": "agt_lan",
                "started_at": "2026-11-22T01:00:00Z", "duration_ms": 0, "note": HOSTILE,
                "at": "2026-11-22T01:00:00Z", "callback_id": "cbk_9", "purpose": "request",
                "name": null, "phone": null }]
        }));
    }
    if target.starts_with("callback/v1/callbacks?order=queue") {
        let late = call(|it| {
            it.id = "cbk_3".into();
            it.due_by = START - 3 * 3_600_000;
        });
        return Some(json!({ "items": [late], "next": null }));
    }
    common(target)
}

#[test]
fn a_day_says_what_is_next_and_who_waits() {
    let stage = stage("agent", "agt_lan", told, |_| (200, json!({})));
    let page = stage.page("/desk/callbacks?lang=en");
    has(
        &page,
        &[
            "Call the next one",
            "data-key=\"n\"",
            "At work: 09:00–12:00",
            "/desk/callbacks/cbk_1?lang=en",
            "10:30 · ",
            ESCAPED,
            "href=\"tel:+86138\"",
            "Promise: due in about 60 minutes",
            "Attempt 2, from Sunday 22 November, 10:00. Last time: no answer.",
            "Promise kept",
            "for whoever is free",
            "Promise: about 3 hours late",
            "09:00 · Busy",
            "data-tag=",
        ],
    );
    assert!(!page.contains("<script>alert") && !page.contains("\" onclick"), "{page}");
    assert!(!page.contains("name=\"agent\""), "an agent chooses nobody");
    let zh = stage.page("/desk/callbacks?lang=zh");
    has(
        &zh,
        &[
            "拨打下一个",
            "第 2 次拨打，11月22日（星期日）10:00 起。上次：无人接听。",
            "已超时约 3 小时",
        ],
    );
}

#[test]
fn managers_choose_whose_day_and_a_key_without_an_agent_is_told_what_to_do() {
    let manager = stage("manager", "", told, |_| (200, json!({})));
    let page = manager.page("/desk/callbacks?lang=en");
    has(&page, &["Whose day", "<option value=\"agt_lan\">周岚", "This key is no agent"]);
    assert!(!page.contains("Call the next one"));
    let page = manager.page("/desk/callbacks?lang=en&agent=agt_lan");
    has(&page, &["Next call for 周岚", "name=\"agent_id\" value=\"agt_lan\""]);
    let agent = stage("agent", "", told, |_| (200, json!({})));
    has(&agent.page("/desk/callbacks?lang=zh"), &["请向管理员索取绑定本人的密钥"]);
}

#[test]
fn the_next_call_is_taken_and_shown() {
    let done = |_: &str| (200, json!({ "callback": { "id": "cbk_7" } }));
    let stage = stage("agent", "agt_lan", told, done);
    let answer = stage.post("/desk/callbacks/next?lang=en", "agent_id=agt_lan");
    assert_eq!(answer.status(), 303);
    assert_eq!(answer.headers()["location"], "/desk/callbacks/cbk_7?lang=en");
    let asked = stage.last();
    assert_eq!((asked.verb, asked.target.as_str()), (Verb::Post, "call/v1/callbacks/next"));
    assert_eq!(asked.body, json!({ "agent_id": "agt_lan" }));
    assert_eq!(asked.header("idempotency-key"), "k1");
}

#[test]
fn where_nobody_is_to_be_called_it_says_when_somebody_will_be() {
    let due =
        stage("agent", "agt_lan", told, |_| (204, json!({ "next-due": "2026-11-22T02:01:00Z" })));
    let answer = due.post("/desk/callbacks/next?lang=en", "");
    let to = answer.headers()["location"].to_str().unwrap().to_owned();
    assert_eq!(to, "/desk/callbacks?due=2026-11-22T02%3A01%3A00Z&lang=en");
    has(
        &due.page(&to),
        &["The next call is due on Sunday 22 November, 10:01, in about 31 minutes"],
    );
    let none = stage("agent", "agt_lan", told, |_| (204, Value::Null));
    let answer = none.post("/desk/callbacks/next?lang=en", "");
    let to = answer.headers()["location"].to_str().unwrap().to_owned();
    has(&none.page(&to), &["Nobody is waiting for you."]);
    assert!(!none.page("/desk/callbacks?lang=en&due=%3Cb%3E").contains("&lt;b&gt;"));
    let wrong = json!({ "title": "Not valid", "errors": [
        { "pointer": "/agent_id", "detail": "this key is no agent's" }] });
    let refused = stage("agent", "agt_lan", told, move |_| (422, wrong.clone()));
    let answer = refused.post("/desk/callbacks/next?lang=en", "");
    assert_eq!(answer.status(), 422);
    has(&text(&answer), &["role=\"alert\">this key is no agent&#39;s", "Call the next one"]);
}

#[test]
fn a_queue_that_cannot_be_had_is_said_in_its_place() {
    let stage = stage(
        "agent",
        "agt_lan",
        |target| if target.contains("order=queue") { None } else { told(target) },
        |_| (200, json!({})),
    );
    has(&stage.page("/desk/callbacks?lang=en"), &["There is no such thing", "Appointments"]);
}
