//! Where somebody is signed in.

use serde_json::Value;
use testkit::World;

use super::super::handle;

const CHROME: &str = "Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/126.0.0.0 Mobile Safari/537";
const HOUR: i64 = 60 * 60 * 1000;

/// Signs in and gives the cookie.
fn signed_in(world: &World, key: &str, user_agent: &str) -> String {
    let request =
        format!("POST /v1/session\nuser-agent: {user_agent}\n\n{{\"key\": \"{{{key}}}\"}}");
    let opened = world.send(handle, &request);
    assert_eq!(opened.status(), 201);
    let cookie = opened.headers()["set-cookie"].to_str().unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

fn listed(world: &World, target: &str, cookie: &str) -> Value {
    world.json(handle, &format!("GET {target}\ncookie: {cookie}"))
}

fn delete(world: &World, target: &str, cookie: &str) -> web::Response {
    world.send(handle, &format!("DELETE {target}\ncookie: {cookie}\nsec-fetch-site: same-origin"))
}

fn status(world: &World, cookie: &str) -> u16 {
    world.send(handle, &format!("GET /v1/sessions\ncookie: {cookie}")).status().as_u16()
}

#[test]
fn whoever_is_signed_in_sees_the_live_sessions_of_their_key_and_no_others() {
    let world = World::with_site();
    signed_in(&world, "agent", "curl/8");
    world.wait_ms(HOUR);
    let cookie = signed_in(&world, "agent", CHROME);
    signed_in(&world, "manager", CHROME);
    let told = listed(&world, "/v1/sessions", &cookie);
    let items = told["items"].as_array().unwrap();
    assert_eq!(items.len(), 2, "{told}");
    assert_eq!(items[0]["device"], "Chrome, Android");
    assert_eq!(items[0]["is_current"], true);
    assert_eq!(items[0]["opened_at"], "2026-11-22T02:30:00Z");
    assert_eq!(items[0]["expires_at"], "2026-11-22T14:30:00Z");
    assert!(items[1]["device"].is_null() && items[1]["is_current"] == false);
    let first = listed(&world, "/v1/sessions?limit=1", &cookie);
    let next = first["next"].as_str().unwrap();
    let second = listed(&world, &format!("/v1/sessions?limit=1&after={next}"), &cookie);
    assert_eq!(second["items"][0], items[1]);
    assert!(second["next"].is_null());
    // Neither what is over nor what stands from before sessions had names.
    let unnamed = "insert into session (hash, key_id, created_at_ms, expires_at_ms)
                   values (zeroblob(32), 'key_agent', 0, 9000000000000)";
    world.database().execute(unnamed, []).unwrap();
    world.wait_ms(12 * HOUR - HOUR);
    assert_eq!(listed(&world, "/v1/sessions", &cookie)["items"].as_array().unwrap().len(), 1);
    let bearer = "GET /v1/sessions\nauthorization: Bearer {agent}";
    assert_eq!(world.json(handle, bearer)["items"][0]["is_current"], false);
}

#[test]
fn one_session_is_closed_by_its_id_and_only_by_its_own_key() {
    let world = World::with_site();
    let old = signed_in(&world, "agent", CHROME);
    let id = listed(&world, "/v1/sessions", &old)["items"][0]["id"].as_str().unwrap().to_owned();
    let own = signed_in(&world, "agent", CHROME);
    let theirs = signed_in(&world, "manager", CHROME);
    let path = format!("/v1/sessions/{id}");
    assert_eq!(delete(&world, &path, &theirs).status(), 404);
    let foreign = format!("DELETE {path}\ncookie: {own}\norigin: https://evil.example");
    assert_eq!(world.send(handle, &foreign).status(), 403);
    let closed = delete(&world, &path, &own);
    assert_eq!(closed.status(), 204);
    assert!(!closed.headers().contains_key("set-cookie"));
    assert_eq!((status(&world, &old), status(&world, &own)), (401, 200));
    assert_eq!(delete(&world, &path, &own).status(), 404);
    assert_eq!(world.number("select count(*) from event where kind = 'session.closed'"), 1);
}

#[test]
fn signing_out_everywhere_closes_all_of_the_key_or_all_but_this_one() {
    let world = World::with_site();
    let cookies: Vec<String> = (0..3).map(|_| signed_in(&world, "agent", CHROME)).collect();
    let theirs = signed_in(&world, "manager", CHROME);
    let kept = delete(&world, "/v1/sessions?others=true", &cookies[1]);
    assert_eq!(kept.status(), 204);
    assert!(!kept.headers().contains_key("set-cookie"));
    let of =
        |cookies: &[String]| -> Vec<u16> { cookies.iter().map(|it| status(&world, it)).collect() };
    assert_eq!(of(&cookies), [401, 200, 401]);
    assert_eq!(status(&world, &theirs), 200);
    assert_eq!(world.number("select count(*) from event where kind = 'session.closed'"), 2);
    // One from before sessions had names goes, too.
    let unnamed = "insert into session (hash, key_id, created_at_ms, expires_at_ms)
                   values (zeroblob(32), 'key_agent', 0, 9000000000000)";
    world.database().execute(unnamed, []).unwrap();
    let gone = delete(&world, "/v1/sessions", &cookies[1]);
    assert_eq!(gone.status(), 204);
    assert!(gone.headers()["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    assert_eq!(of(&cookies), [401, 401, 401]);
    assert_eq!(world.number("select count(*) from session where key_id = 'key_agent'"), 0);
    let broken = world.number(
        "select count(*) from event e where kind = 'session.closed' and not exists (
           select 1 from event o where o.subject = e.subject and o.kind = 'session.opened')",
    );
    assert_eq!(broken, 0);
    let wrong = delete(&world, "/v1/sessions?others=maybe", &theirs);
    assert_eq!(wrong.status(), 422);
}

#[test]
fn the_admin_key_sees_its_own_sessions() {
    let world = World::with_site();
    world.name("owner", testkit::ADMIN_KEY);
    signed_in(&world, "agent", CHROME);
    let cookie = signed_in(&world, "owner", CHROME);
    assert_eq!(listed(&world, "/v1/sessions", &cookie)["items"].as_array().unwrap().len(), 1);
    assert_eq!(delete(&world, "/v1/sessions", &cookie).status(), 204);
    assert_eq!(world.number("select count(*) from session"), 1);
}
