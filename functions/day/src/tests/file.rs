//! A call-back in the calendar of whom we call.

use app::callback::link_token;
use domain::id::token_hash;

use super::*;

/// The type of a file and its lines.
fn file(world: &World, request: &str) -> (String, Vec<String>) {
    let answer = world.send(handle, request);
    let text = String::from_utf8(answer.body().clone()).unwrap();
    assert_eq!(answer.status(), 200, "{text}");
    let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
    let lines = text.replace("\r\n ", "");
    (kind, lines.split("\r\n").map(str::to_owned).collect())
}

#[test]
fn a_calendar_takes_a_call_and_what_becomes_of_it() {
    let world = world();
    let id = booked(&world, 60, "李想");
    let token = link_token(SECRET_KEY, &id);
    let hash = domain::id::hex(&token_hash(&token));
    let set = format!("update callback set link_hash = x'{hash}'");
    world.database().execute(&set, []).unwrap();

    let own = format!("GET /v1/bookings/{token}/ics");
    let (kind, lines) = file(&world, &own);
    assert_eq!(kind, "text/calendar; charset=utf-8; method=REQUEST");
    let uid = format!("UID:{id}@huiyin");
    let url = format!("URL:http://huiyin.test/b/{token}");
    for line in ["METHOD:REQUEST", "SEQUENCE:0", &uid, &url] {
        assert!(lines.iter().any(|it| it == line), "{line} in {lines:?}");
    }
    let staff = format!("GET /v1/callbacks/{id}/ics\nauthorization: Bearer {{agent}}");
    assert_eq!(file(&world, &staff).1, lines);

    cancel(&world, &id);
    let (kind, lines) = file(&world, &own);
    assert_eq!(kind, "text/calendar; charset=utf-8; method=CANCEL");
    for line in ["SEQUENCE:1", "STATUS:CANCELLED", &uid] {
        assert!(lines.iter().any(|it| it == line), "{line} in {lines:?}");
    }
}

#[test]
fn nobody_else_has_it_and_what_has_no_time_is_in_no_calendar() {
    let world = world();
    let id = booked(&world, 60, "李想");
    let no_time = given(&world, "李想");
    let status = |request: &str| world.send(handle, request).status().as_u16();
    let of = |id: &str, who: &str| {
        status(&format!("GET /v1/callbacks/{id}/ics\nauthorization: Bearer {{{who}}}"))
    };
    assert_eq!(of(&no_time, "agent"), 404);
    assert_eq!(of("cbk_x", "agent"), 404);
    assert_eq!((of(&id, "other"), of(&id, "viewer")), (404, 403));
    assert_eq!(status(&format!("GET /v1/callbacks/{id}/ics")), 401);
    for token in ["", "x", &id] {
        assert_eq!(status(&format!("GET /v1/bookings/{token}/ics")), 404);
    }
    assert_eq!(status("POST /v1/bookings/x/ics"), 405);
}
