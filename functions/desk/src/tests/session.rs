//! Signing in and out, and sessions.

use super::*;

fn sessions(verb: Verb, target: &str) -> Option<(u16, Value)> {
    match (verb, target.split('?').next().unwrap()) {
        (Verb::Get, "admin/v1/sessions") => Some((
            200,
            json!({ "items": [
            { "id": "ses_1", "device": "<b>Chrome", "opened_at": "2026-11-22T00:00:00Z",
                "expires_at": "2026-11-22T12:00:00Z", "is_current": true },
            { "id": "ses_2", "device": "", "opened_at": "2026-11-21T00:00:00Z",
                "expires_at": "2026-11-22T12:00:00Z", "is_current": false }], "next": null }),
        )),
        (Verb::Post, "admin/v1/session") => {
            Some((201, json!({ "role": "agent", "set-cookie": "huiyin_session=ses_x; HttpOnly" })))
        }
        (Verb::Delete, "admin/v1/session" | "admin/v1/sessions") => {
            Some((200, json!({ "set-cookie": "huiyin_session=; Max-Age=0" })))
        }
        _ => None,
    }
}

#[test]
fn a_key_becomes_a_session_and_leads_on_to_the_page_that_was_asked_for() {
    let (world, calls) = world("agent", sessions);
    let body = "key=+sk_1+&lang=en&next=/desk/complaints?q=x";
    let answer = post(&world, "/desk/session", body);
    assert_eq!(answer.status(), 303);
    assert_eq!(answer.headers()["location"], "/desk/complaints?q=x&lang=en");
    assert_eq!(answer.headers()["set-cookie"], "huiyin_session=ses_x; HttpOnly");
    let acts = acts(&calls);
    assert_eq!(acts.len(), 1);
    assert_eq!(acts[0].target, "admin/v1/session");
    assert_eq!(acts[0].body, json!({ "key": "sk_1" }));
    let answer = post(&world, "/desk/session", "key=sk_1&lang=en&next=//evil.example");
    assert_eq!(answer.headers()["location"], "/desk?lang=en");
}

#[test]
fn a_wrong_key_is_told_beside_its_field_and_is_not_shown_again() {
    let (world, _) = world("agent", |verb, target| match (verb, target) {
        (Verb::Post, "admin/v1/session") => problem(401, "unauthorized", "unknown"),
        _ => None,
    });
    let answer = post(&world, "/desk/session", "key=sk_wrong&lang=zh-CN&next=/desk/inbox");
    assert_eq!(answer.status(), 401);
    let page = text(&answer);
    has(&page, &["密钥不存在、已吊销或已过期", "name=\"next\" value=\"/desk/inbox\""]);
    lacks(&page, &["sk_wrong"]);
}

#[test]
fn signing_out_forgets_the_cookie_even_of_a_session_that_is_over() {
    let (world, calls) = world("agent", sessions);
    let answer = post(&world, "/desk/session/end", "lang=en");
    assert_eq!(answer.status(), 303);
    assert_eq!(answer.headers()["location"], "/desk?lang=en");
    assert_eq!(answer.headers()["set-cookie"], "huiyin_session=; Max-Age=0");
    assert_eq!(acts(&calls)[0].verb, Verb::Delete);
    let (world, _) = super::world("agent", |verb, _| match verb {
        Verb::Delete => problem(401, "unauthorized", ""),
        _ => None,
    });
    assert_eq!(post(&world, "/desk/session/end", "lang=en").status(), 303);
}

#[test]
fn everybody_begins_where_their_work_is() {
    for (role, first) in
        [("agent", "/desk/complaints?lang=en"), ("viewer", "/desk/surveys?lang=en")]
    {
        let (world, _) = world(role, |_, _| None);
        let answer = world.send(handle, "GET /desk?lang=en");
        assert_eq!(answer.headers()["location"], first);
    }
}

#[test]
fn sessions_are_listed_and_ended_one_or_all() {
    let (world, calls) = world("viewer", sessions);
    let html = page(&world, "/desk/sessions?lang=en");
    has(&html, &["&lt;b&gt;Chrome", "this one", "An unknown device", "Sign out everywhere"]);
    has(&html, &["/desk/sessions/ses_2/end", "End all others", "Sunday 22 November, 08:00"]);
    lacks(&html, &["/desk/sessions/ses_1/end"]);
    is_sound(&html);
    has(&page(&world, "/desk/sessions?lang=zh"), &["登录状态", "退出所有设备", "当前设备"]);
    let answer = post_as(&world, "/desk/sessions/ses_2/end?lang=en", "key=k1");
    assert_eq!(answer.headers()["location"], "/desk/sessions?lang=en&done=signed-out");
    post_as(&world, "/desk/sessions/end?lang=en", "key=k2&others=true");
    let answer = post_as(&world, "/desk/sessions/end?lang=en", "key=k3");
    assert_eq!(answer.headers()["location"], "/desk?lang=en");
    assert_eq!(answer.headers()["set-cookie"], "huiyin_session=; Max-Age=0");
    let targets: Vec<String> = acts(&calls).into_iter().map(|it| it.target).collect();
    assert_eq!(
        targets,
        ["admin/v1/sessions/ses_2", "admin/v1/sessions?others=true", "admin/v1/sessions"]
    );
}

/// The same as [`post`] for whoever may not take complaints down.
fn post_as(world: &World, path: &str, body: &str) -> Response {
    let form = page(world, "/desk/sessions?lang=en");
    let csrf = form.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    posted(world, path, &format!("csrf={csrf}&{body}"))
}
