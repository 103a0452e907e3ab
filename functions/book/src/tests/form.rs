//! Booking on a page of ours, step by step.

use http::StatusCode;
use testkit::World;

use super::stage::{
    HOSTILE, at, carried, encoded, get, has, header, is_strict, lacks, link, send, service, shop,
    text,
};
use crate::handle;

const PATH: &str = "/book/sit_shop";

fn count(world: &World) -> i64 {
    world.number("select count(*) from callback")
}

/// Follows the steps to the details of ten o'clock on Monday.
fn details(world: &World, lang: &str) -> String {
    let times = get(world, &format!("{PATH}?lang={lang}"));
    get(world, &link(&times, ">10:00</time>"))
}

#[test]
fn each_step_has_an_address_and_the_last_one_books() {
    let world = shop();
    service(&world, "svc_return", "退换货 Returns", true);
    service(&world, "svc_staff", "Internal", false);
    let services = world.send(handle, &format!("GET {PATH}?lang=en&touchpoint=tch_shop"));
    is_strict(&services);
    let services = text(&services);
    has(&services, &["<html lang=\"en\"", "Book a call", "鹿鸣", "退换货 Returns", "15 minutes"]);
    lacks(&services, &["Internal"]);
    let times = world.send(handle, &format!("GET {}", link(&services, "使用咨询 Advice")));
    is_strict(&times);
    let times = text(&times);
    has(&times, &["Asia/Shanghai (UTC+08:00)", "As soon as possible", "Monday 23 November"]);
    has(&times, &["none free", "aria-current=\"date\"", ">09:00</time>", ">17:45</time>"]);
    let monday = link(&times, "24 Nov<");
    has(&get(&world, &monday), &["<h2 id=\"times\">Tuesday 24 November</h2>"]);
    let page = world.send(handle, &format!("GET {}", link(&times, ">10:00</time>")));
    is_strict(&page);
    let page = text(&page);
    has(&page, &["Monday 23 November, 10:00", "on the clocks of Asia/Shanghai (UTC+08:00)"]);
    has(&page, &["value=\"tch_shop\"", "aria-required=\"true\"", "autocomplete=\"tel\""]);
    let body = format!("{}phone=13800138000&name=&email=", carried(&world, &page));
    let taken = send(&world, PATH, &body);
    assert_eq!(taken.status(), StatusCode::SEE_OTHER, "{}", text(&taken));
    let location = header(&taken, "location").to_owned();
    assert!(location.starts_with("/b/") && location.ends_with("?lang=en&done=booked"));
    assert_eq!(header(&send(&world, PATH, &body), "location"), location, "twice is once");
    assert_eq!(count(&world), 1);
    let own = get(&world, &location);
    has(&own, &["Your call is booked.", "Monday 23 November, 10:00", "ends in 8000"]);
    let row = "select state || language || touchpoint_id || zone from callback";
    let row: String = world.database().query_row(row, [], |row| row.get(0)).unwrap();
    assert_eq!(row, "bookedentch_shopAsia/Shanghai");
}

#[test]
fn where_there_is_one_service_nobody_is_asked_which() {
    let world = shop();
    let times = get(&world, &format!("{PATH}?lang=zh"));
    has(
        &times,
        &["预约回电", "使用咨询 Advice</strong>，15 分钟", "尽快回电", "11月23日（星期一）"],
    );
    has(&times, &["所有时间均为 Asia/Shanghai (UTC+08:00) 的时间。", "个时段", "无空闲"]);
    lacks(&times, &["更换事项"]);
    let page = details(&world, "zh");
    has(&page, &["11月23日（星期一）10:00", "联系方式", "电话", "确认预约"]);
}

#[test]
fn times_are_on_the_clocks_that_were_chosen() {
    let world = shop();
    let times = get(&world, &format!("{PATH}?lang=en&tz=America/New_York"));
    // Nine in the morning there is Sunday evening here; nobody is called at night.
    has(&times, &["America/New_York (UTC-05:00)", "Sunday 22 November", ">20:00</time>"]);
    let page = get(&world, &link(&times, ">21:00</time>"));
    has(&page, &["Sunday 22 November, 21:00", "value=\"America/New_York\""]);
    let body = format!("{}phone=%2B1+212+555+0123", carried(&world, &page));
    let taken = send(&world, PATH, &body);
    assert_eq!(taken.status(), StatusCode::SEE_OTHER, "{}", text(&taken));
    assert_eq!(world.number("select count(*) from callback where zone = 'America/New_York'"), 1);
    assert_eq!(world.number("select start_ms / 3600000 % 24 from callback"), 2);
    let own = get(&world, header(&taken, "location"));
    has(&own, &["Sunday 22 November, 21:00", "America/New_York (UTC-05:00)"]);
    let unknown = get(&world, &format!("{PATH}?lang=en&tz=Moon/Base"));
    has(&unknown, &["We do not know this time zone.", "Asia/Shanghai (UTC+08:00)"]);
    let half = get(&world, &format!("{PATH}?lang=en&tz=Asia/Kathmandu"));
    has(
        &half,
        &["Asia/Kathmandu (UTC+05:45)", ">06:45</time>", "value=\"Asia/Kathmandu\" selected"],
    );
}

#[test]
fn on_the_day_of_a_change_each_time_says_which_it_is() {
    let world = shop();
    at(&world, "2026-10-29T02:00:00Z");
    // Clocks go back in New York on 1 November at 06:00 UTC, which is a Sunday: nobody works then
    // in Shanghai, unless on a day that is made up for.
    let calls = "update agent set calendar_id = 'always' where id = 'agt_lan'";
    world.database().execute(calls, []).unwrap();
    let always = r#"{ "zone": "Asia/Shanghai", "week": { "sunday": [["00:00", "24:00"]] } }"#;
    super::stage::calendar(&world, "always", always);
    let page = get(&world, &format!("{PATH}?lang=en&tz=America/New_York&day=2026-11-01"));
    has(&page, &["UTC-04:00", "UTC-05:00"]);
}

#[test]
fn whoever_wants_it_as_soon_as_possible_is_told_where_they_stand() {
    let world = shop();
    at(&world, "2026-11-23T02:00:00Z");
    let times = get(&world, &format!("{PATH}?lang=en"));
    let page = get(&world, &link(&times, "Call me as soon as possible"));
    has(&page, &["<p class=\"when\">As soon as possible</p>", "value=\"asap\""]);
    let book = |number: &str| {
        let body = format!("{}phone={number}", carried(&world, &page).replace("key=", "key=x"));
        send(&world, PATH, &body.replace("key=x", &format!("key={number}")))
    };
    let first = book("13800138001");
    assert_eq!(first.status(), StatusCode::SEE_OTHER, "{}", text(&first));
    assert!(header(&first, "location").ends_with("&done=queued"));
    let second = book("13800138002");
    let own = get(&world, header(&second, "location"));
    has(&own, &["We call you as soon as we can.", "Waiting", "1 person is before you."]);
    has(&own, &["We promise to call by Monday 23 November, 11:", "Choose a time instead"]);
    let own = get(&world, &header(&first, "location").replace("lang=en", "lang=zh"));
    has(&own, &["下一位就是您", "排队中", "我们承诺最迟于 11月23日（星期一）11:"]);
}

#[test]
fn a_time_that_is_gone_leaves_the_nearest_and_what_was_typed() {
    let world = shop();
    let (mine, theirs) = (details(&world, "en"), details(&world, "en"));
    let body = format!("{}phone=13800138000", carried(&world, &theirs));
    assert_eq!(send(&world, PATH, &body).status(), StatusCode::SEE_OTHER);
    let typed = format!("phone=13900139000&name={}&email=", encoded(HOSTILE));
    let lost = send(&world, PATH, &format!("{}{typed}", carried(&world, &mine)));
    assert_eq!(lost.status(), StatusCode::CONFLICT, "{}", text(&lost));
    is_strict(&lost);
    let page = text(&lost);
    has(&page, &["<title>Error: Book a call", "this time is gone", "href=\"#start-1\""]);
    has(&page, &["value=\"13900139000\"", "value=\"&lt;script&gt;", "The nearest free times"]);
    has(&page, &["Monday 23 November, 10:30", "name=\"start\"", "those of Asia/Shanghai"]);
    lacks(&page, &["type=\"hidden\" name=\"start\"", "Monday 23 November, 10:00</p>"]);
    // Nobody's choice is made for them.
    let none = send(&world, PATH, &format!("{}{typed}", carried(&world, &page)));
    assert_eq!(none.status(), StatusCode::UNPROCESSABLE_ENTITY);
    has(&text(&none), &["Please choose another time", "name=\"start\""]);
    let body = format!("{}{typed}&start=2026-11-23T02%3A30%3A00Z", carried(&world, &page));
    assert_eq!(send(&world, PATH, &body).status(), StatusCode::SEE_OTHER);
    assert_eq!(count(&world), 2);
}

#[test]
fn mistakes_stand_beside_their_fields_and_nothing_typed_is_lost() {
    let world = shop();
    let carried = carried(&world, &details(&world, "en"));
    let typed = "phone=12&name=%3Cb%3E&email=nobody";
    let refused = send(&world, PATH, &format!("{carried}{typed}"));
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = text(&refused);
    has(&page, &["<title>Error: ", "role=\"alert\"", "href=\"#phone\"", "href=\"#email\""]);
    has(&page, &["The number must ", "such as name@example.com", "aria-invalid=\"true\""]);
    has(&page, &["aria-describedby=\"phone-wrong phone-hint\"", "value=\"&lt;b&gt;\""]);
    has(&page, &["value=\"12\"", "value=\"nobody\"", "Monday 23 November, 10:00"]);
    let empty = send(&world, PATH, &format!("{carried}phone=").replace("lang=en", "lang=zh%2DCN"));
    has(&text(&empty), &["<title>有误：预约回电", "号码为必填项"]);
    // It is as old as it was, so it can be mended at once; and nothing has its key.
    let mended = send(&world, PATH, &format!("{carried}phone=010-62345678"));
    assert_eq!(mended.status(), StatusCode::SEE_OTHER, "{}", text(&mended));
    // After going back, what else is typed is not taken for the same.
    let other = send(&world, PATH, &format!("{carried}phone=13800138000"));
    assert_eq!(other.status(), StatusCode::CONFLICT);
    has(&text(&other), &["This form was sent already", "value=\"13800138000\""]);
    assert_eq!(count(&world), 1);
}

#[test]
fn a_time_that_nobody_can_have_leaves_others() {
    let world = shop();
    let page = details(&world, "en");
    at(&world, "2026-11-23T03:00:00Z");
    let late = send(&world, PATH, &format!("{}phone=13800138000", carried(&world, &page)));
    assert_eq!(late.status(), StatusCode::UNPROCESSABLE_ENTITY, "{}", text(&late));
    has(&text(&late), &["The nearest free times", "Monday 23 November, 14:00"]);
    // What stands in an address is no more than what it says.
    for start in ["2026-11-24T02%3A07%3A00Z", "soon", "2126-01-01T00%3A00%3A00Z"] {
        let shown = get(&world, &format!("{PATH}?lang=en&start={start}"));
        lacks(&shown, &["=soon", "\"soon"]);
    }
    assert_eq!(count(&world), 0);
}

#[test]
fn a_form_that_is_too_young_stale_or_of_another_page_is_not_taken() {
    let world = shop();
    world.set("spam", "honeypot=on age=suspicion proof=suspicion");
    let aged = carried(&world, &details(&world, "en"));
    world.wait_ms(-19_500);
    let young = send(&world, PATH, &format!("{aged}phone=13800138000"));
    assert_eq!(young.status(), StatusCode::UNPROCESSABLE_ENTITY);
    has(&text(&young), &["That was very quick", "value=\"13800138000\""]);
    world.wait_ms(19_500);
    let trapped = send(&world, PATH, &format!("{aged}phone=13800138000&website=x"));
    assert_eq!(trapped.status().as_u16(), 422);
    let forged = aged.replace("form_token=", "form_token=x");
    assert_eq!(send(&world, PATH, &format!("{forged}phone=13800138000")).status().as_u16(), 422);
    let head = format!("POST {PATH}\ncontent-type: application/x-www-form-urlencoded");
    let evil = format!("{head}\norigin: https://evil.example\n\n{aged}phone=13800138000");
    assert_eq!(world.send(handle, &evil).status(), StatusCode::FORBIDDEN);
    assert_eq!(count(&world), 0);
    world.set("rate_limit", "address=1/60");
    let limited = |body: &str| {
        let head = format!("{head}\norigin: http://huiyin.test\nspin-client-addr: 192.0.2.7:4711");
        world.send(handle, &format!("{head}\n\n{aged}{body}"))
    };
    assert_eq!(limited("phone=13800138000").status(), StatusCode::SEE_OTHER);
    let more = limited("phone=13800138001");
    assert_eq!(more.status(), StatusCode::TOO_MANY_REQUESTS);
    has(&text(&more), &["Too much is coming in", "value=\"13800138001\""]);
}

#[test]
fn a_number_that_must_not_be_called_is_said_to_be_one() {
    let world = shop();
    let page = details(&world, "zh");
    let hash = app::callback::phone_hash(testkit::SECRET_KEY, "sit_shop", "+8613800138000");
    super::stage::never_call(&world, hash);
    let refused = send(&world, PATH, &format!("{}phone=13800138000", carried(&world, &page)));
    assert_eq!(refused.status(), StatusCode::CONFLICT, "{}", text(&refused));
    has(&text(&refused), &["该号码已登记谢绝来电", "href=\"#phone\"", "11月23日（星期一）10:00"]);
    assert_eq!(count(&world), 0);
}

#[test]
fn where_nothing_can_be_booked_that_is_said() {
    let world = World::with_site();
    for path in ["/book/sit_shop", "/book/sit_none", "/book/%3Cscript%3E"] {
        let answer = world.send(handle, &format!("GET {path}?lang=en"));
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        has(&text(&answer), &["There is nothing to book here"]);
    }
    let world = shop();
    let hostile = encoded(HOSTILE);
    for name in ["service", "tz", "day", "from", "start", "mode", "touchpoint", "lang"] {
        let page = get(&world, &format!("{PATH}?{name}={hostile}"));
        lacks(&page, &["<script>alert"]);
    }
    // Far away there is nothing, and nobody gets lost there.
    has(&get(&world, &format!("{PATH}?lang=en&from=2099-01-01")), &["No time is free"]);
    has(&get(&world, &format!("{PATH}?lang=en&day=2026-11-28")), &["on this day"]);
}
