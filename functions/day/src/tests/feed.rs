//! The calendar that an agent's program subscribes to.

use icalendar::parser::{read_calendar, unfold};

use super::*;

/// Sets the address of `agt_lan`'s calendar.
fn subscribed(world: &World) {
    let hash = domain::id::token_hash("feed_of_lan");
    world.run(store::call_feeds::set("agt_lan", hash));
}

#[test]
fn a_calendar_says_when_and_what_for_and_nothing_of_whom() {
    let world = world();
    subscribed(&world);
    booked(&world, -30 * 1440, "旧");
    booked(&world, -27 * 1440, "上月");
    booked(&world, 60, HOSTILE);
    booked(&world, 100 * 1440, "以后");
    let gone = booked(&world, 120, "取消");
    cancel(&world, &gone);
    let response = world.send(handle, "GET /feed/feed_of_lan.ics?lang=en");
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/calendar; charset=utf-8; method=PUBLISH");
    let text = String::from_utf8(response.body().clone()).unwrap();
    for secret in ["138", "script", "上月", "ATTENDEE"] {
        assert!(!text.contains(secret), "{secret}");
    }
    let unfolded = unfold(&text);
    let parsed = read_calendar(&unfolded).unwrap();
    let value = |at: usize, name: &str| {
        let found = parsed.components[at].properties.iter().find(|it| it.name == name);
        found.unwrap().val.to_string()
    };
    assert_eq!(parsed.components.len(), 3);
    assert_eq!(value(0, "DTSTART"), "20261026T013000Z");
    assert_eq!(value(1, "DTSTART"), "20261122T023000Z");
    assert_eq!(value(1, "DTEND"), "20261122T024500Z");
    assert_eq!(value(1, "SUMMARY"), "After a solved complaint: 售后; 退货");
    assert_eq!(value(1, "ORGANIZER"), "mailto:noreply@huiyin.test");
    assert!(value(1, "UID").starts_with("cbk_") && value(1, "STATUS") == "CONFIRMED");
    assert_eq!(value(2, "DTSTART"), "20270302T013000Z");
    let zh = super::text(&world, "GET /feed/feed_of_lan.ics\naccept-language: zh-CN");
    assert!(zh.contains("NAME:回电日程\r\n"));
}

#[test]
fn an_unchanged_calendar_is_not_sent_again() {
    let world = world();
    subscribed(&world);
    booked(&world, 60, "林");
    let first = world.send(handle, "GET /feed/feed_of_lan.ics");
    let tag = first.headers()["etag"].to_str().unwrap().to_owned();
    world.wait_ms(MINUTE_MS);
    let ask = format!("GET /feed/feed_of_lan.ics\nif-none-match: {tag}");
    assert_eq!(world.send(handle, &ask).status(), 304);
    booked(&world, 120, "陈");
    assert_eq!(world.send(handle, &ask).status(), 200);
}

#[test]
fn unknown_addresses_lead_nowhere() {
    let world = world();
    subscribed(&world);
    let get = |path: &str| world.send(handle, &format!("GET {path}")).status().as_u16();
    assert_eq!(get("/feed/feed_of_lan.ics"), 200);
    for path in ["/feed/x.ics", "/feed/feed_of_lan", "/feed/.ics", "/feed/agt_lan.ics", "/feed"] {
        assert_eq!(get(path), 404, "{path}");
    }
    assert_eq!(world.send(handle, "POST /feed/feed_of_lan.ics").status(), 405);
    world.database().execute("update agent set is_active = 0", []).unwrap();
    assert_eq!(get("/feed/feed_of_lan.ics"), 404, "who has left");
}
