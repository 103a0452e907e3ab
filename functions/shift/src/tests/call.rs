//! One call, and what is done with it.

use super::*;

/// A survey that asks for a score, a choice and some words.
fn survey() -> Value {
    json!({
        "default_language": "zh-CN",
        "title": { "zh-CN": "回访", "en": "Call" },
        "questions": [
            { "id": "recommend", "type": "nps", "text": { "zh-CN": "推荐？", "en": "Recommend us?" },
              "required": true },
            { "id": "why", "type": "text", "text": { "zh-CN": "为什么？", "en": HOSTILE } },
            { "id": "parts", "type": "multiple_choice", "text": { "zh-CN": "哪些", "en": "Which?" },
              "options": [{ "id": "a", "text": { "zh-CN": "甲", "en": "Part A" } },
                          { "id": "b", "text": { "zh-CN": "乙", "en": "Part B" } }] },
            { "id": "rows", "type": "matrix", "text": { "zh-CN": "各项", "en": "Each" }, "points": 5,
              "rows": [{ "id": "r1", "text": { "zh-CN": "速度", "en": "Speed" } }] }
        ]
    })
}

/// The call of a stage, with all that the API tells of it.
fn shown(call: Value, survey_id: Value) -> Value {
    with(
        call,
        json!({
            "made": [{ "number": 1, "outcome": "no_answer", "agent_id": "agt_bo",
                "started_at": "2026-11-22T01:00:00Z", "duration_ms": 25_000, "note": HOSTILE,
                "at": "2026-11-22T01:00:00Z" }],
            "note": "Listen first", "contacts": { "phone": "+8613800138000", "name": HOSTILE },
            "service": { "name": "售后", "length_min": 15, "script": HOSTILE, "survey_id": survey_id,
                "quiet": { "from": "21:00", "until": "09:00" },
                "retries_min": { "no_answer": [30], "busy": [10] } }
        }),
    )
}

/// A stage with one call, in the hands of somebody if `agent_id` says of whom.
fn stand(
    role: &'static str,
    me: &'static str,
    state: &'static str,
    agent_id: &'static str,
    done: impl Fn(&str) -> (u16, Value) + 'static,
) -> Stage {
    let told = move |target: &str| {
        let path = target.split('?').next().unwrap();
        Some(match path {
            "callback/v1/callbacks/cbk_1" => {
                let own = call(|it| {
                    it.state = state.into();
                    it.agent_id = agent_id.into();
                    it.case_id = "cmp_1".into();
                    it.lease = START + 30 * 60_000;
                    it.attempts = 1;
                    it.outcome = "no_answer".into();
                });
                shown(own, json!("srv_1"))
            }
            "call/v1/callbacks/cbk_1/audit" => json!({ "items": [
                { "version": 1, "type": "callback.queued", "actor": "public",
                  "timestamp": "2026-11-22T00:00:00Z", "data": {} }], "next": null }),
            "casework/v1/complaints/cmp_1" => json!({ "id": "cmp_1", "number": "261122-7KQ2M-X",
                "grade": "major", "state": "solved" }),
            "study/v1/studies/srv_1" => json!({ "id": "srv_1", "published_version": 4,
                "definition": {} }),
            "study/v1/studies/srv_1/versions" => {
                assert!(target.ends_with("?after=3&limit=1"), "the newest one alone");
                json!({ "items": [{ "version": 4, "definition": survey() }], "next": null })
            }
            "callback/v1/slots" => {
                assert!(target.contains("service=svc_any") && target.contains("language=en"));
                assert!(target.contains("tz=Europe%2FLondon"), "{target}");
                json!({ "service_id": "svc_any", "tz": "Europe/London", "next": null, "items": [
                    { "start": "2026-11-23T10:00:00+00:00", "end": "2026-11-23T10:15:00+00:00",
                      "free": 2, "agent_id": "agt_bo" }] })
            }
            _ => return common(target),
        })
    };
    stage(role, me, told, done)
}

fn nothing(_: &str) -> (u16, Value) {
    (200, json!({}))
}

#[test]
fn a_call_says_whom_why_what_to_say_and_what_was_tried() {
    let stage = stand("agent", "agt_lan", "calling", "agt_lan", nothing);
    let page = stage.page("/desk/callbacks/cbk_1?lang=en");
    has(
        &page,
        &[
            "href=\"tel:+8613800138000\"",
            "01:30 · Europe/London (UTC+00:00)",
            "21:00–09:00",
            "/desk/complaints/cmp_1?lang=en",
            "261122-7KQ2M-X",
            "Major · Solved",
            "You have it, until ",
            "Listen first",
            "Listen first",
            "Recommend us?",
            "name=\"q.recommend\" value=\"10\"",
            "name=\"q.why\"",
            "name=\"q.parts\" value=\"b\"",
            "name=\"q.rows.r1\"",
            "value=\"do_not_call\" data-key=\"6\"",
            "No answer · 25 s",
            "A call is to be made as soon as somebody is free, or within some days.",
            "Let it go",
        ],
    );
    assert!(page.matches(ESCAPED).count() >= 4, "name, script, note and question: {page}");
    assert!(!page.contains("<script>alert") && !page.contains("style="));
    assert!(!page.contains("Take it"));
    let zh = stage.page("/desk/callbacks/cbk_1?lang=zh");
    has(&zh, &["由您处理，保留至", "当地时间", "无人接听", "话术", "重大 · 已解决"]);
}

#[test]
fn who_has_a_call_is_told_to_everybody_else() {
    let stage = stand("agent", "agt_lan", "calling", "agt_bo", nothing);
    let page = stage.page("/desk/callbacks/cbk_1?lang=en");
    has(&page, &["Bo has it, until ", "Record a call that was made already"]);
    assert!(!page.contains("Let it go") && !page.contains("name=\"q.recommend\""), "{page}");
    let free = stand("agent", "agt_lan", "waiting", "", nothing);
    has(&free.page("/desk/callbacks/cbk_1?lang=en"), &["Take it", "/move?lang=en", "Call it off"]);
    let over = stand("agent", "agt_lan", "reached", "agt_lan", nothing);
    let page = over.page("/desk/callbacks/cbk_1?lang=en");
    assert!(!page.contains("What came of it") && !page.contains("Call it off"), "{page}");
    has(&page, &["Call the next one"]);
    let (status, _) = over.get("/desk/callbacks/cbk_2?lang=en");
    assert_eq!(status, 404);
}

#[test]
fn an_outcome_is_one_call_of_the_api_with_the_answers() {
    let stage = stand("agent", "agt_lan", "calling", "agt_lan", |_| (201, json!({})));
    let body = "outcome=reached&note=%E5%A5%BD&q.recommend=9&q.parts=a&q.parts=b&q.rows.r1=4\
                &q.why=&next_at=&duration_s=240";
    let answer = stage.post("/desk/callbacks/cbk_1/attempts?lang=en", body);
    assert_eq!(answer.status(), 303, "{}", text(&answer));
    assert_eq!(answer.headers()["location"], "/desk/callbacks/cbk_1?lang=en&done=done");
    let asked = stage.last();
    assert_eq!(asked.target, "call/v1/callbacks/cbk_1/attempts");
    assert_eq!(asked.header("idempotency-key"), "k1");
    assert_eq!(asked.header("if-match"), "", "whoever may record it, the API says");
    let answers = json!({ "recommend": 9, "parts": ["a", "b"], "rows": { "r1": 4 } });
    assert_eq!(
        asked.body,
        json!({ "outcome": "reached", "note": "好", "duration_s": 240,
        "do_not_call": false, "answers": answers })
    );
    let body = "outcome=busy&next_at=2026-11-22T15:00&do_not_call=true";
    stage.post("/desk/callbacks/cbk_1/attempts?lang=en", body);
    assert_eq!(
        stage.last().body,
        json!({ "outcome": "busy", "do_not_call": true,
        "next_at": "2026-11-22T07:00:00Z" }),
        "by the clocks of the site"
    );
}

#[test]
fn what_is_wrong_stands_beside_its_field_and_what_was_typed_stays() {
    let wrong = json!({ "title": "Not valid", "errors": [
        { "pointer": "/outcome", "detail": "must be one of these" },
        { "pointer": "/next_at", "detail": "must be in the future" },
        { "pointer": "/answers/recommend", "detail": "must be 0 to 10" },
        { "pointer": "/answers", "detail": "needs the outcome reached" } ] });
    let done = move |_: &str| (422, wrong.clone());
    let stage = stand("agent", "agt_lan", "calling", "agt_lan", done);
    let body = "note=typed+%3Cb%3E&q.recommend=3&next_at=2026-11-21T10:00";
    let answer = stage.post("/desk/callbacks/cbk_1/attempts?lang=en", body);
    assert_eq!(answer.status(), 422);
    let page = text(&answer);
    has(
        &page,
        &[
            "href=\"#outcome-reached\">Outcome: must be one of these",
            "href=\"#answers/recommend\">Recommend us?: must be 0 to 10",
            "<p class=\"error\" id=\"answers/recommend-wrong\">must be 0 to 10",
            "<p class=\"error\">needs the outcome reached",
            "<p class=\"error\" id=\"next_at-wrong\">must be in the future",
            "typed &lt;b&gt;",
            "name=\"q.recommend\" value=\"3\" checked",
            "<details open=\"\">",
        ],
    );
    stage.done.borrow_mut().clear();
    let answer = stage.post("/desk/callbacks/cbk_1/attempts?lang=zh", "outcome=busy&duration_s=x");
    has(&text(&answer), &["须为整数", "value=\"x\""]);
    assert!(stage.done.borrow().is_empty(), "nothing was sent");
}

#[test]
fn a_lease_that_was_lost_is_said_kindly_and_the_note_is_kept() {
    let lost = |_: &str| (409, json!({ "title": "This cannot be done where the call stands" }));
    for (state, agent, said) in [
        ("waiting", "", "Your time with this call was over"),
        ("calling", "agt_bo", "Bo has this call now"),
        ("reached", "agt_bo", "This call is over meanwhile (reached)"),
    ] {
        let stage = stand("agent", "agt_lan", state, agent, lost);
        let body = "outcome=reached&note=kept+words";
        let answer = stage.post("/desk/callbacks/cbk_1/attempts?lang=en", body);
        assert_eq!(answer.status(), 409);
        has(&text(&answer), &[said, "kept words", "value=\"reached\" data-key=\"1\""]);
    }
}

#[test]
fn acts_are_calls_of_the_api() {
    let stage = stand("agent", "agt_lan", "waiting", "", nothing);
    for (act, component, body, sent, version) in [
        ("take", "call", "", json!({}), ""),
        ("release", "call", "", json!({}), ""),
        ("confirm", "callback", "", json!({}), ""),
        (
            "cancel",
            "callback",
            "reason=settled&version=3",
            json!({ "reason": "settled" }),
            "\"v3\"",
        ),
    ] {
        let answer = stage.post(&format!("/desk/callbacks/cbk_1/{act}?lang=en"), body);
        assert_eq!(answer.status(), 303, "{act}");
        let asked = stage.last();
        assert_eq!(asked.target, format!("{component}/v1/callbacks/cbk_1/{act}"));
        assert_eq!((asked.body.clone(), asked.header("if-match")), (sent, version));
        assert_eq!(asked.header("idempotency-key"), "k1");
    }
    let late = |_: &str| (409, json!({ "title": "It stands elsewhere" }));
    let stage = stand("agent", "agt_lan", "calling", "agt_bo", late);
    let answer = stage.post("/desk/callbacks/cbk_1/take?lang=en", "");
    assert_eq!(answer.status(), 409);
    has(&text(&answer), &["Bo was faster and has this call now."]);
    let stale = |_: &str| (412, json!({ "title": "Another version" }));
    let stage = stand("agent", "agt_lan", "waiting", "", stale);
    let answer = stage.post("/desk/callbacks/cbk_1/cancel?lang=zh", "version=2");
    has(&text(&answer), &["其间他人已更改此回电"]);
}

#[test]
fn whoever_calls_for_others_says_for_whom() {
    let stage = stand("manager", "", "waiting", "agt_bo", nothing);
    let page = stage.page("/desk/callbacks/cbk_1?lang=en");
    has(&page, &["For whom", "<option value=\"agt_bo\" selected=\"\">Bo"]);
    stage.post("/desk/callbacks/cbk_1/take?lang=en", "agent_id=agt_lan");
    assert_eq!(stage.last().body, json!({ "agent_id": "agt_lan" }));
    stage.post("/desk/callbacks/cbk_1/attempts?lang=en", "outcome=busy");
    assert_eq!(stage.last().body["agent_id"], "agt_bo");
}

#[test]
fn a_call_moves_to_a_free_time() {
    let stage = stand("agent", "agt_lan", "waiting", "", nothing);
    let page = stage.page("/desk/callbacks/cbk_1/move?lang=en&day=2026-11-23");
    has(
        &page,
        &[
            "Monday 23 November",
            "value=\"2026-11-23T10:00:00+00:00\"",
            "<span>10:00</span>",
            "Times on the customer’s clocks: Europe/London",
            "name=\"version\" value=\"3\"",
        ],
    );
    let body = "version=3&start=2026-11-23T10%3A00%3A00%2B00%3A00";
    let answer = stage.post("/desk/callbacks/cbk_1/move?lang=en", body);
    assert_eq!(answer.headers()["location"], "/desk/callbacks/cbk_1?lang=en&done=saved");
    let asked = stage.last();
    assert_eq!(asked.target, "callback/v1/callbacks/cbk_1/move");
    assert_eq!(asked.body, json!({ "start": "2026-11-23T10:00:00+00:00" }));
    assert_eq!(asked.header("if-match"), "\"v3\"");
    let gone = |_: &str| (409, json!({ "title": "Somebody else has this time" }));
    let stage = stand("agent", "agt_lan", "waiting", "", gone);
    let answer = stage.post("/desk/callbacks/cbk_1/move?lang=en", body);
    assert_eq!(answer.status(), 409);
    has(&text(&answer), &["Somebody else has this time", "<span>10:00</span>"]);
}
