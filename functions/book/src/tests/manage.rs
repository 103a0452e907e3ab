//! The customer's own page, and what they do there.

use app::callback::view;
use domain::callback::Outcome;
use http::StatusCode;
use ports::{Env, Sql};
use store::callbacks::{self, Callback};
use testkit::World;
use web::Response;

use super::stage::{
    HOSTILE, at, carried, encoded, get, has, header, is_strict, lacks, link, send, shop, text, told,
};
use crate::handle;

const SITE: &str = "/v1/sites/sit_shop/callbacks";

/// Books by JSON and gives the path of the private link.
fn booked(world: &World, members: &str) -> String {
    world.set("spam", "off");
    let body = format!("{{ \"service_id\": \"svc_call\", \"name\": \"王\", {members} }}");
    let head = format!("POST {SITE}\nauthorization: Bearer {{pk}}");
    let answer = world.send(handle, &format!("{head}\n\n{body}"));
    assert_eq!(answer.status(), StatusCode::CREATED, "{}", text(&answer));
    told(&answer)["link"].as_str().unwrap().replace("http://huiyin.test", "")
}

/// An appointment at an hour of Monday in Shanghai.
fn monday(world: &World, clock: &str, members: &str) -> String {
    let start = format!("\"start\": \"2026-11-23T{clock}:00+08:00\", \"tz\": \"Asia/Shanghai\"");
    booked(
        world,
        &format!("{start}, \"phone\": \"+86 138 0013 8000\", {members}\"language\": \"en\""),
    )
}

fn asap(world: &World) -> String {
    booked(world, "\"mode\": \"asap\", \"phone\": \"+86 138 0013 8000\", \"language\": \"en\"")
}

fn row(world: &World, path: &str) -> Callback {
    let token = path.strip_prefix("/b/").unwrap();
    let found = callbacks::by_link(domain::id::token_hash(token));
    pollster::block_on(world.sql().fetch(found)).unwrap().unwrap()
}

/// Makes of it what agents and time would.
fn becomes(world: &World, path: &str, change: impl Fn(&mut Callback)) {
    let mut it = row(world, path);
    let before = it.version;
    change(&mut it);
    it.version += 1;
    world.run(callbacks::update(&it, before));
}

fn post(world: &World, path: &str, page: &str, more: &str) -> Response {
    send(world, path, &format!("{}{more}", carried(world, page)))
}

#[track_caller]
fn leads_to(response: &Response, location: &str) {
    assert_eq!(response.status(), StatusCode::SEE_OTHER, "{}", text(response));
    assert_eq!(header(response, "location"), location);
}

#[test]
fn what_was_agreed_is_told_in_their_zone_in_both_languages() {
    let world = shop();
    let path = monday(&world, "10:00", "");
    let english = world.send(handle, &format!("GET {path}?lang=en"));
    is_strict(&english);
    assert_eq!(header(&english, "referrer-policy"), "same-origin");
    let page = text(&english);
    has(&page, &["<html lang=\"en\"", "<title>Your call", "鹿鸣", "使用咨询 Advice"]);
    has(&page, &["Monday 23 November, 10:00", "15 minutes", "Asia/Shanghai (UTC+08:00)"]);
    has(&page, &["Booked", "Please take 15 minutes for it.", "ends in 8000"]);
    has(&page, &["Add it to your calendar", "Choose another time", "Cancel the call"]);
    lacks(&page, &["13800138000", "周岚", "agt_", "王"]);
    let chinese = get(&world, &format!("{path}?lang=zh&tz=America/New_York"));
    has(&chinese, &["<html lang=\"zh-CN\"", "11月22日（星期日）21:00", "您的回电", "已预约"]);
    has(&chinese, &["America/New_York (UTC-05:00)", "15 分钟", "尾号为 8000", "添加到日历"]);
    has(&chinese, &["?lang=en&amp;tz=America%2FNew_York"]);
}

#[test]
fn a_link_that_opens_nothing_and_one_of_somebody_erased_look_alike() {
    let world = shop();
    let path = monday(&world, "10:00", "");
    let unknown = world.send(handle, "GET /b/0123456789abcdefghjkmnpqrs?lang=en");
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
    is_strict(&unknown);
    has(&text(&unknown), &["This link opens nothing"]);
    becomes(&world, &path, |it| it.phone_hash.clear());
    for (target, body) in [
        (format!("GET {path}?lang=en"), ""),
        (format!("GET {path}/call.ics?lang=en"), ""),
        (format!("POST {path}/cancel\ncontent-type: application/x-www-form-urlencoded"), "lang=en"),
        (format!("GET /b/{}?lang=en", encoded(HOSTILE)), ""),
    ] {
        let answer = world.send(handle, &format!("{target}\n\n{body}"));
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{target}");
        assert_eq!(answer.body(), unknown.body(), "{target}");
    }
}

#[test]
fn a_held_slot_is_confirmed_while_it_is_held() {
    let world = shop();
    let path = monday(&world, "10:00", "\"hold\": true, ");
    let page = get(&world, &format!("{path}?lang=en"));
    has(&page, &["Held for you, not booked yet", "kept for you for 5 minutes", "Confirm the call"]);
    lacks(&page, &["Add it to your calendar"]);
    world.wait_ms(3 * 60_000 + 1);
    let page = get(&world, &format!("{path}?lang=zh"));
    has(&page, &["为您保留 2 分钟", "确认回电"]);
    let body = carried(&world, &page);
    let confirm = format!("{path}/confirm");
    leads_to(&send(&world, &confirm, &body), &format!("{path}?lang=zh-CN&done=confirm"));
    leads_to(&send(&world, &confirm, &body), &format!("{path}?lang=zh-CN&done=confirm"));
    has(&get(&world, &format!("{path}?lang=zh-CN&done=confirm")), &["回电已确认。", "已预约"]);
    let lapsed = monday(&world, "11:00", "\"hold\": true, ");
    let page = get(&world, &format!("{lapsed}?lang=en"));
    world.wait_ms(5 * 60_000);
    let late = post(&world, &format!("{lapsed}/confirm"), &page, "");
    assert_eq!(late.status(), StatusCode::GONE, "{}", text(&late));
    has(&text(&late), &["was not confirmed", "Expired", "Book another call"]);
    lacks(&text(&late), &["Confirm the call"]);
}

#[test]
fn it_is_moved_to_another_free_time_in_two_steps() {
    let world = shop();
    let path = monday(&world, "10:00", "");
    monday(&world, "14:00", "");
    let page = get(&world, &format!("{path}?lang=en"));
    let times = world.send(handle, &format!("GET {}", link(&page, "Choose another time")));
    is_strict(&times);
    let times = text(&times);
    // Its own time counts as free, that of others does not.
    has(&times, &[">10:00</time>", ">11:00</time>", "Leave it as it is"]);
    lacks(&times, &[">14:00</time>", "Cancel the call"]);
    let asked = get(&world, &link(&times, ">11:00</time>"));
    has(&asked, &["Move the call to this time", "Monday 23 November, 11:00"]);
    let body = carried(&world, &asked);
    let go = format!("{path}/move");
    leads_to(&send(&world, &go, &body), &format!("{path}?lang=en&done=move"));
    leads_to(&send(&world, &go, &body), &format!("{path}?lang=en&done=move"));
    let page = get(&world, &format!("{path}?lang=en&done=move"));
    has(&page, &["Your call has its new time.", "Monday 23 November, 11:00"]);
    assert_eq!(row(&world, &path).sequence, 1, "once");
}

#[test]
fn a_time_that_is_gone_leaves_the_call_where_it_was_and_offers_others() {
    let world = shop();
    let path = monday(&world, "10:00", "");
    let asked = get(&world, &format!("{path}?lang=en&ask=move&start=2026-11-23T06:00:00Z"));
    monday(&world, "14:00", "");
    let lost = post(&world, &format!("{path}/move"), &asked, "");
    assert_eq!(lost.status(), StatusCode::CONFLICT, "{}", text(&lost));
    is_strict(&lost);
    let page = text(&lost);
    has(&page, &["<title>Error: ", "Your call stays as it was", "Monday 23 November, 10:00"]);
    has(&page, &["The nearest free times", "Monday 23 November, 14:30", "href=\"#start-1\""]);
    let none = post(&world, &format!("{path}/move"), &page, "");
    assert_eq!(none.status(), StatusCode::UNPROCESSABLE_ENTITY);
    has(&text(&none), &["Please choose a time", ">09:30</time>"]);
    let moved = post(&world, &format!("{path}/move"), &page, "start=2026-11-23T06%3A30%3A00Z");
    leads_to(&moved, &format!("{path}?lang=en&done=move"));
    let wrong = get(&world, &format!("{path}?lang=en&ask=move&start=2026-11-20T06:00:00Z"));
    let past = post(&world, &format!("{path}/move"), &wrong, "");
    assert_eq!(past.status(), StatusCode::CONFLICT, "{}", text(&past));
    has(&text(&past), &["This time cannot be had any more", "The nearest free times"]);
}

#[test]
fn it_is_called_off_after_one_more_question() {
    let world = shop();
    let path = monday(&world, "10:00", "");
    let page = get(&world, &format!("{path}?lang=en"));
    let asked = get(&world, &link(&page, "Cancel the call"));
    has(&asked, &["Cancel the call?", "Yes, cancel it", "No, keep it"]);
    let other = get(&world, &format!("{path}?lang=en&ask=move&start=2026-11-23T06:30:00Z"));
    let body = carried(&world, &asked);
    let off = format!("{path}/cancel");
    leads_to(&send(&world, &off, &body), &format!("{path}?lang=en&done=cancel"));
    leads_to(&send(&world, &off, &body), &format!("{path}?lang=en&done=cancel"));
    let page = get(&world, &format!("{path}?lang=en&done=cancel&ask=cancel"));
    has(&page, &["Your call is cancelled.", "Cancelled", "Nobody will call you.", "Book another"]);
    lacks(&page, &["Yes, cancel it", "Choose another time"]);
    // Whoever left the page open is told that it is over.
    let moved = post(&world, &format!("{path}/move"), &other, "");
    assert_eq!(moved.status(), StatusCode::CONFLICT, "{}", text(&moved));
    has(&text(&moved), &["the call has moved on meanwhile"]);
}

#[test]
fn only_our_own_forms_are_taken_and_not_too_many() {
    let world = shop();
    let path = monday(&world, "10:00", "");
    let asked = get(&world, &format!("{path}?lang=en&ask=cancel"));
    let body = carried(&world, &asked);
    let stale = send(&world, &format!("{path}/cancel"), "lang=en&key=x");
    assert_eq!(stale.status(), StatusCode::UNPROCESSABLE_ENTITY);
    has(&text(&stale), &["could not be read", "Yes, cancel it"]);
    let form = format!("POST {path}/cancel\ncontent-type: application/x-www-form-urlencoded");
    let evil = world.send(handle, &format!("{form}\norigin: https://evil.example\n\n{body}"));
    assert_eq!(evil.status(), StatusCode::FORBIDDEN);
    world.set("rate_limit", "address=1/60");
    let limited = |body: &str| {
        let head = format!("{form}\nspin-client-addr: 192.0.2.7:4711");
        world.send(handle, &format!("{head}\n\n{body}"))
    };
    assert_eq!(limited(&body).status(), StatusCode::SEE_OTHER);
    let busy = limited(&body);
    assert_eq!(busy.status(), StatusCode::TOO_MANY_REQUESTS, "{}", text(&busy));
    has(&text(&busy), &["Too much is coming in"]);
}

#[test]
fn whoever_waits_sees_their_place_and_may_choose_a_time_instead() {
    let world = shop();
    at(&world, "2026-11-23T02:00:00Z");
    let path = asap(&world);
    let page = get(&world, &format!("{path}?lang=en"));
    has(&page, &["Waiting", "you are next", "We promise to call by Monday 23 November, 11:00"]);
    lacks(&page, &["Add it to your calendar"]);
    let times = get(&world, &link(&page, "Choose a time instead"));
    let asked = get(&world, &link(&times, ">14:00</time>"));
    let moved = post(&world, &format!("{path}/move"), &asked, "");
    leads_to(&moved, &format!("{path}?lang=en&done=move"));
    has(&get(&world, &format!("{path}?lang=en")), &["Booked", "Monday 23 November, 14:00"]);
    let late = asap(&world);
    at(&world, "2026-11-23T05:00:00Z");
    has(&get(&world, &format!("{late}?lang=en")), &["class=\"promise late\"", "We are sorry."]);
    has(&get(&world, &format!("{late}?lang=zh")), &["但尚未做到，非常抱歉"]);
}

#[test]
fn what_came_of_it_is_told_without_who_called() {
    let world = shop();
    let path = monday(&world, "10:00", "");
    let now = world.now();
    let ends = |state: &str, outcome: Option<Outcome>, attempts: i64| {
        becomes(&world, &path, |it| {
            it.state = state.to_owned();
            it.outcome = outcome.map_or("", Outcome::name).to_owned();
            it.attempts = attempts;
            it.ended_at = Some(it.start + 900_000);
        });
        ["en", "zh"].map(|lang| get(&world, &format!("{path}?lang={lang}")))
    };
    for (state, outcome, attempts, english, chinese) in [
        ("calling", None, 0, "Please pick up your phone", "请留意来电"),
        ("waiting", Some(Outcome::NoAnswer), 2, "We called you 2 times", "我们已致电 2 次"),
        ("reached", Some(Outcome::Reached), 1, "We talked on Monday", "与您通话"),
        ("failed", Some(Outcome::Busy), 1, "We do not try again", "不再继续拨打"),
        ("failed", Some(Outcome::WrongNumber), 1, "is not yours", "不是您本人的"),
        ("failed", Some(Outcome::Refused), 1, "do not want this call", "不需要此次回电"),
        ("failed", Some(Outcome::DoNotCall), 1, "not call this number any more", "不会再拨打"),
        ("expired", None, 0, "did not come about in time", "未能如期进行"),
    ] {
        let [en, zh] = ends(state, outcome, attempts);
        has(&en, &[english]);
        has(&zh, &[chinese]);
        lacks(&en, &["周岚", "agt_lan"]);
        let is_open = ["calling", "waiting"].contains(&state);
        assert_eq!(en.contains("Book another call"), !is_open, "{state}");
        assert_eq!(en.contains("Cancel the call"), is_open, "{state}");
    }
    let visit = |it: &mut Callback| {
        it.state = "waiting".into();
        it.mode = "visit".into();
        (it.outcome, it.attempts) = (String::new(), 0);
        (it.start, it.due, it.expires, it.ended_at) = (0, now, now + 86_400_000, None);
    };
    becomes(&world, &path, visit);
    has(&get(&world, &format!("{path}?lang=en")), &["We call you between Sunday 22 November"]);
    has(&get(&world, &format!("{path}?lang=zh")), &["已安排", "之间致电"]);
}

#[test]
fn a_call_goes_into_a_calendar_and_out_of_it_again() {
    let world = shop();
    let path = monday(&world, "10:00", "\"email\": \"guest@example.com\", ");
    let file = world.send(handle, &format!("GET {path}/call.ics"));
    assert_eq!(file.status(), StatusCode::OK);
    assert!(header(&file, "content-type").starts_with("text/calendar"), "{file:?}");
    assert_eq!(header(&file, "cache-control"), "no-store");
    let calendar = text(&file).replace("\r\n ", "");
    has(&calendar, &["METHOD:REQUEST", "DTSTART:20261123T020000Z", "SEQUENCE:0"]);
    has(&calendar, &["mailto:guest@example.com", &format!("http://huiyin.test{path}")]);
    let asked = get(&world, &format!("{path}?lang=en&ask=cancel"));
    post(&world, &format!("{path}/cancel"), &asked, "");
    let calendar = text(&world.send(handle, &format!("GET {path}/call.ics")));
    has(&calendar, &["METHOD:CANCEL", "STATUS:CANCELLED"]);
    at(&world, "2026-11-23T02:00:00Z");
    let untimed = world.send(handle, &format!("GET {}/call.ics", asap(&world)));
    assert_eq!(untimed.status(), StatusCode::NOT_FOUND);
}

#[test]
fn whatever_they_wrote_stays_a_text() {
    let world = shop();
    world.database().execute("update site set name = ?1", [HOSTILE]).unwrap();
    world.database().execute("update service set name = substr(?1, 1, 80)", [HOSTILE]).unwrap();
    let path = monday(&world, "10:00", "");
    let hostile = encoded(HOSTILE);
    for name in ["ask", "tz", "day", "from", "start", "done", "lang"] {
        let page = get(&world, &format!("{path}?{name}={hostile}"));
        lacks(&page, &["<script>alert"]);
        has(&page, &["&lt;script&gt;alert(1)&lt;/script&gt;"]);
    }
    let zone = view::zone(&row(&world, &path)).name();
    has(
        &get(&world, &format!("{path}?lang=en&tz=Moon/Base")),
        &["do not know this time zone", &zone],
    );
}
