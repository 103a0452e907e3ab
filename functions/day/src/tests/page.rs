//! The day as a page.

use super::*;

const FORM: &str = "POST /day/session\ncontent-type: application/x-www-form-urlencoded";

/// Signs in with a key, and gives the cookie.
fn signed_in(world: &World, key: &str) -> String {
    let form = format!("{FORM}\norigin: http://huiyin.test\n\nlang=en&key={{{key}}}");
    let response = world.send(handle, &form);
    assert_eq!(response.status(), 303, "{}", String::from_utf8_lossy(response.body()));
    assert_eq!(response.headers()["location"], "/day?lang=en");
    let cookie = response.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("; Path=/; HttpOnly; SameSite=Lax"), "{cookie}");
    cookie.split(';').next().unwrap().to_owned()
}

#[test]
fn whoever_is_not_signed_in_gets_a_form_and_then_their_day() {
    let world = world();
    let response = world.send(handle, "GET /day?lang=en");
    assert_eq!(response.status(), 401);
    let form = String::from_utf8(response.into_body()).unwrap();
    assert!(form.contains("<form method=\"post\" action=\"/day/session\">"), "{form}");
    assert!(form.contains("type=\"password\""));
    let cookie = signed_in(&world, "agent");
    let day = text(&world, &format!("GET /day?lang=en\ncookie: {cookie}"));
    assert!(day.contains("<h1>周岚 · 2026-11-22</h1>"), "{day}");
    assert!(day.contains("Asia/Shanghai (UTC+08:00)"));
    assert!(day.contains("href=\"/desk/callbacks?lang=en\""), "{day}");
    let form = day.split("action=\"/desk/session/end\"").nth(1).unwrap();
    assert!(form.contains("name=\"csrf\" value=\"") && form.contains("Sign out"), "{form}");
    assert!(day.contains("No working hours on this day.") && day.contains("Nothing on this day."));
    assert!(day.contains("/day?lang=en&amp;agent=agt_lan&amp;date=2026-11-23"));
    let zh =
        text(&world, &format!("GET /day?date=2026-11-23\naccept-language: zh\ncookie: {cookie}"));
    assert!(zh.contains("工作时间：09:00–12:00, 13:00–18:00"), "{zh}");
    assert_eq!(world.number("select count(*) from event where kind = 'session.opened'"), 1);
}

#[test]
fn wrong_keys_and_other_pages_sign_nobody_in() {
    let world = world();
    let send = |rest: &str| world.send(handle, &format!("{FORM}\n{rest}"));
    let here = "origin: http://huiyin.test\n\n";
    for key in ["", "key=", "key=sk_x", "key={viewer}", "key={pk}"] {
        let response = send(&format!("{here}lang=zh-CN&{key}"));
        assert_eq!(response.status(), 401, "{key}");
        let page = String::from_utf8(response.into_body()).unwrap();
        assert!(page.contains("密钥不存在") && page.contains("aria-invalid"), "{page}");
    }
    for origin in
        ["origin: https://evil.example\n\n", "\nlang=en&", "sec-fetch-site: cross-site\n\n"]
    {
        let response = send(&format!("{origin}key={{agent}}"));
        assert_eq!(response.status(), 403, "{origin}");
        assert!(!response.headers().contains_key("set-cookie"));
    }
    assert_eq!(send("sec-fetch-site: same-origin\n\nkey={agent}").status(), 303);
    let json = "POST /day/session\norigin: http://huiyin.test\n\n{\"key\":\"{agent}\"}";
    assert_eq!(world.send(handle, json).status(), 415);
    assert_eq!(world.send(handle, "GET /day/session").status(), 405);
    assert_eq!(world.send(handle, "POST /day").status(), 405);
}

#[test]
fn whatever_people_are_called_it_stays_a_text() {
    let world = world();
    let one = booked(&world, 60, HOSTILE);
    given(&world, "陈");
    reached(&world, &one, HOSTILE);
    let cookie = signed_in(&world, "agent");
    let page = text(&world, &format!("GET /day?lang=en\ncookie: {cookie}"));
    assert!(!page.contains("<script") && !page.contains("\" onclick"), "{page}");
    assert_eq!(page.matches("&lt;script&gt;alert(1)").count(), 4, "twice the name and the note");
    assert!(page.contains("href=\"tel:+8613800138000\""), "{page}");
    assert!(page.contains("10:30–10:45") && page.contains("from 09:30"), "{page}");
    assert!(page.contains("After a solved complaint · 售后; 退货 · appointment · reached"));
    assert!(page.contains("<details><summary>What to say</summary>"));
    assert!(page.contains("您好，&lt;这里&gt;是鹿鸣"));
    let response = world.send(handle, &format!("GET /day\ncookie: {cookie}"));
    let policy = response.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'self'"), "{policy}");
    assert_eq!(response.headers()["cache-control"], "no-store");
}

#[test]
fn managers_choose_and_agents_see_themselves() {
    let world = world();
    let manager = signed_in(&world, "manager");
    let choice = text(&world, &format!("GET /day?lang=en\ncookie: {manager}"));
    assert!(choice.contains("href=\"/day?lang=en&amp;agent=agt_lan\">周岚</a>"), "{choice}");
    let day = text(&world, &format!("GET /day?lang=en&agent=agt_lan\ncookie: {manager}"));
    assert!(day.contains("<h1>周岚"));
    let agent = signed_in(&world, "agent");
    let other = world.send(handle, &format!("GET /day?agent=agt_x&lang=en\ncookie: {agent}"));
    assert_eq!(other.status(), 403);
    assert!(String::from_utf8_lossy(other.body()).contains("other people&#39;s days"));
    let wrong = world.send(handle, &format!("GET /day?date=2026-13-01\ncookie: {agent}"));
    assert_eq!(wrong.status(), 422);
    // The admin key spans sites, and names one.
    world.name("owner", testkit::ADMIN_KEY);
    let owner = signed_in(&world, "owner");
    assert_eq!(world.send(handle, &format!("GET /day\ncookie: {owner}")).status(), 422);
    let path = "/day?site=sit_shop&agent=agt_lan&lang=en";
    let page = text(&world, &format!("GET {path}\ncookie: {owner}"));
    assert!(page.contains("&amp;site=sit_shop"), "{page}");
    world.break_database();
    assert_eq!(world.send(handle, &format!("GET /day\ncookie: {agent}")).status(), 503);
}
