//! Who is there, and what is set of each.

use super::*;

fn told(target: &str) -> Option<Value> {
    let path = target.split('?').next().unwrap();
    Some(match path {
        "day/v1/supply" => {
            assert!(target.contains("from=2026-11-23"), "{target}");
            let open = json!([{ "from": "2026-11-23T09:00:00+08:00",
                "until": "2026-11-23T12:00:00+08:00" }]);
            let mut days = vec![json!({ "date": "2026-11-23", "open": open, "calls": 3 })];
            days.extend((0..6).map(|_| json!({ "date": "2026-11-24", "open": [], "calls": 0 })));
            json!({ "next": null, "items": [{ "agent": { "id": "agt_lan", "name": HOSTILE },
                "is_active": true, "calls_per_day": 9, "tz": "Asia/Shanghai", "days": days }] })
        }
        "admin/v1/agents/agt_lan" => json!({
            "id": "agt_lan", "name": HOSTILE, "calls_per_day": 9, "languages": ["zh", "en"],
            "skills": [], "calendar_id": null, "is_active": true, "has_feed": true, "version": 4,
            "absences": [{ "from": "2026-12-01T01:00:00Z", "until": "2026-12-02T01:00:00Z" }]
        }),
        "calendar/v1/calendars" => {
            json!({ "items": [{ "id": "cal_1", "name": "夜班" }], "next": null })
        }
        _ => return common(target),
    })
}

#[test]
fn a_week_says_who_is_there_and_how_many_calls_they_have() {
    let manager = stage("manager", "", told, |_| (200, json!({})));
    let page = manager.page("/desk/supply?lang=en&from=2026-11-23");
    has(
        &page,
        &[
            ESCAPED,
            "09:00–12:00",
            "3 of 9 calls",
            "away",
            "/desk/rules/calendars?lang=en",
            "from=2026-11-30",
            "role=\"region\"",
        ],
    );
    let agent = stage("agent", "agt_lan", told, |_| (200, json!({})));
    let page = agent.page("/desk/supply?lang=zh&from=2026-11-23");
    has(&page, &["回电 3/9", "不在"]);
    assert!(!page.contains("/desk/rules/calendars"));
}

#[test]
fn a_manager_sets_what_an_agent_sees() {
    let stage = stage("manager", "", told, |_| (200, json!({})));
    let page = stage.page("/desk/supply/agt_lan?lang=en");
    has(
        &page,
        &[
            ESCAPED,
            "value=\"9\"",
            "zh\nen",
            "夜班",
            "Around the clock",
            "name=\"version\" value=\"4\"",
            "Tuesday 1 December, 09:00 – Wednesday 2 December, 09:00",
        ],
    );
    let body =
        "version=4&calls_per_day=12&calendar_id=&languages=zh%0D%0Afr&skills=&is_active=true";
    let answer = stage.post("/desk/supply/agt_lan?lang=en", body);
    assert_eq!(answer.headers()["location"], "/desk/supply/agt_lan?lang=en&done=saved");
    let asked = stage.last();
    assert_eq!((asked.verb, asked.target.as_str()), (Verb::Patch, "admin/v1/agents/agt_lan"));
    assert_eq!(
        asked.body,
        json!({ "calls_per_day": 12, "calendar_id": "",
        "languages": ["zh", "fr"], "skills": [], "is_active": true })
    );
    assert_eq!((asked.header("if-match"), asked.header("idempotency-key")), ("\"v4\"", "k1"));
}

#[test]
fn agents_see_themselves_and_set_nothing_but_their_feed() {
    let stage = stage("agent", "agt_lan", told, |_| (200, json!({})));
    let page = stage.page("/desk/supply/agt_lan?lang=en");
    has(&page, &["zh, en", "Make a new address"]);
    assert!(
        !page.contains("name=\"calls_per_day\"") && !page.contains("Add the absence"),
        "{page}"
    );
    assert_eq!(stage.get("/desk/supply/agt_bo?lang=en").0, 403);
    for path in
        ["/desk/supply/agt_lan", "/desk/supply/agt_lan/absences", "/desk/supply/agt_bo/feed"]
    {
        assert_eq!(stage.post(&format!("{path}?lang=en"), "").status(), 403, "{path}");
    }
    assert!(stage.done.borrow().is_empty());
}

#[test]
fn absences_are_added_to_those_that_are_there_and_taken_away() {
    let stage = stage("manager", "", told, |_| (200, json!({})));
    let there = json!({ "from": "2026-12-01T01:00:00Z", "until": "2026-12-02T01:00:00Z" });
    let body = "from=2026-12-24T09:00&until=2026-12-27T09:00";
    stage.post("/desk/supply/agt_lan/absences?lang=en", body);
    let asked = stage.last();
    let new = json!({ "from": "2026-12-24T01:00:00Z", "until": "2026-12-27T01:00:00Z" });
    assert_eq!(asked.body, json!({ "absences": [there, new] }), "by the clocks of the site");
    assert_eq!(asked.header("if-match"), "\"v4\"");
    let body = "from=2026-12-01T01:00:00Z&until=2026-12-02T01:00:00Z";
    stage.post("/desk/supply/agt_lan/absences/remove?lang=en", body);
    assert_eq!(stage.last().body, json!({ "absences": [] }));
    let answer = stage.post("/desk/supply/agt_lan/absences?lang=zh", "from=soon&until=");
    assert_eq!(answer.status(), 422);
    has(&text(&answer), &["须为日期和时间", "必须填写", "value=\"soon\""]);
    assert!(stage.done.borrow().is_empty(), "nothing was sent");
}

#[test]
fn an_absence_that_is_refused_says_so_at_its_field() {
    let wrong = json!({ "title": "Not valid", "errors": [
        { "pointer": "/absences/1/until", "detail": "must be after from" }] });
    let stage = stage("manager", "", told, move |_| (422, wrong.clone()));
    let body = "from=2026-12-24T09:00&until=2026-12-23T09:00";
    let answer = stage.post("/desk/supply/agt_lan/absences?lang=en", body);
    assert_eq!(answer.status(), 422);
    has(&text(&answer), &["id=\"until-wrong\">must be after from", "value=\"2026-12-23T09:00\""]);
}

#[test]
fn the_secret_address_is_told_once() {
    let url = "https://huiyin.test/feed/secret.ics";
    let stage = stage("agent", "agt_lan", told, move |_| (200, json!({ "url": url })));
    let answer = stage.post("/desk/supply/agt_lan/feed?lang=en", "");
    assert_eq!(answer.status(), 201);
    has(&text(&answer), &[url, "data-copy=\"url\""]);
    let asked = stage.last();
    assert_eq!((asked.verb, asked.target.as_str()), (Verb::Post, "admin/v1/agents/agt_lan/feed"));
    assert!(!stage.page("/desk/supply/agt_lan?lang=en").contains(url));
    stage.post("/desk/supply/agt_lan/feed/close?lang=en", "");
    assert_eq!(stage.last().verb, Verb::Delete);
}
