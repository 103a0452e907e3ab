//! From an empty system to the first answer.

use serde_json::json;
use testkit::ADMIN_KEY;

use super::*;

/// A world without any site, whose neighbours other than `admin` have nothing.
fn empty() -> (World, Calls) {
    let world = World::new();
    world.name("owner", ADMIN_KEY);
    let calls = Calls::default();
    let noted = Rc::clone(&calls);
    world.receive(move |world, call| {
        if call.verb != Verb::Get {
            noted.borrow_mut().push(call.clone());
        }
        if call.url.starts_with("http://admin.") {
            return Ok(world.asked(configured::handle, call));
        }
        let told = match call.url.contains("/v1/policies/") {
            true => json!({ "version": 0 }),
            false => json!({ "items": [], "next": null }),
        };
        Ok(Answer { status: 200, headers: Vec::new(), body: told.to_string().into_bytes() })
    });
    (world, calls)
}

#[test]
fn an_empty_system_begins_with_a_site() {
    let (world, calls) = empty();
    let start = "/desk/start";
    let html = page(&world, "owner", start);
    has(&html, &["Set up a site", "name=\"origins\"", "Make the site"]);
    has_none(&html, &["class=\"ways\"", "Or go on with a site"]);
    has(&text(&get(&world, "owner", "/desk/start?lang=zh")), &["新建站点", "创建站点", "回音"]);
    let wrong = send(&world, "owner", (start, start), &[("name", HOSTILE), ("zone", "Mars")]);
    assert_eq!(wrong.status(), 422);
    has(&text(&wrong), &["must be an IANA zone", ESCAPED, "value=\"Mars\""]);
    let pairs =
        [("name", HOSTILE), ("zone", ""), ("origins", "https://shop.example"), ("key", "k1")];
    let there = location(&send(&world, "owner", (start, start), &pairs));
    let call = calls.borrow().last().unwrap().clone();
    assert_eq!(call.url, "http://admin.spin.internal/v1/sites");
    assert_eq!(body(&call), json!({ "name": HOSTILE, "origins": ["https://shop.example"] }));
    assert!(there.starts_with("/desk/start?site=sit_"), "{there}");
    // From there on every address names it.
    let html = text(&get(&world, "owner", &there));
    has(&html, &["1 of 11 steps are done.", ESCAPED, "Asia/Shanghai", "Created."]);
    has(&html, &["/desk/settings/touchpoints/new?lang=en&amp;site=sit_", "aria-current=\"step\""]);
    assert_eq!(html.matches("aria-current=\"step\"").count(), 1);
    has(&html, &["What ships holds", "Make one now"]);
    // A key for web pages is one button.
    let site = there.split('&').next().unwrap().to_owned();
    location(&send(&world, "owner", (&site, &site), &[("key", "k2")]));
    let call = calls.borrow().last().unwrap().clone();
    assert_eq!(body(&call), json!({ "kind": "publishable", "name": "Web pages" }));
    assert!(call.url.contains("/v1/keys?site=sit_"), "{}", call.url);
    let html = text(&get(&world, "owner", &format!("{site}&lang=en")));
    has(&html, &["2 of 11 steps are done."]);
    has_none(&html, &["Make one now"]);
    // Another site is not in the way.
    has(&page(&world, "owner", start), &["Or go on with a site", ESCAPED]);
}

#[test]
fn each_step_is_looked_up_and_what_cannot_be_is_said() {
    let (world, _) = world(|target, call| {
        assert_eq!(call.verb, Verb::Get);
        let told = match target.split('?').next().unwrap() {
            "/v1/studies" => json!({ "items": [
                { "id": "srv_draft", "published_version": null },
                { "id": "srv_live", "published_version": 2 }
            ]}),
            "/v1/studies/srv_live/sightings" => json!({ "items": [{ "origin": "https://shop" }] }),
            "/v1/policies/promise" => json!({ "version": 1 }),
            "/v1/policies/grading" => json!({ "version": 0 }),
            "/v1/events" => json!({ "items": [{ "type": "response.created" }] }),
            "/v1/calendars" => return (503, json!({ "title": "Try again" })),
            other => panic!("{other}"),
        };
        (200, told)
    });
    let html = page(&world, "admin", "/desk/start");
    has(&html, &["/desk/surveys/srv_live/tag?lang=en", "Cannot be looked up just now"]);
    // The site, a touchpoint, a survey, a key, the tag, an agent, the promise, an answer.
    has(&html, &["8 of 11 steps are done."]);
    assert_eq!(html.matches("aria-current=\"step\"").count(), 1);
    let zh = text(&get(&world, "admin", "/desk/start?lang=zh"));
    has(&zh, &["共 11 步，已完成 8 步。", "暂时无法查询", "下一步"]);
}
