//! What other systems are told, as transcripts.

mod feed;
mod log;
mod notice;
mod replay;
mod webhook;

use domain::event::{Event, ORIGIN};
use http::Response;
use ports::{Env, Sql};
use serde_json::{Value, json};
use testkit::{START, World};

use super::handle;

/// What most tests need of a webhook.
const CRM: &str = r#"{ "name": "CRM", "url": "https://crm.example/hooks", "types": ["study.*"] }"#;

/// Makes a webhook and names it `{id}`.
fn make(world: &World, body: &str) -> Value {
    let head = "POST /v1/webhooks\nauthorization: Bearer {admin}";
    let made = world.send(handle, &format!("{head}\n\n{body}"));
    assert_eq!(world.logged_cause(), None);
    let made = self::body(&made);
    world.name("id", made["id"].as_str().unwrap());
    made
}

fn send(world: &World, who: &str, line: &str, body: &str) -> Response<Vec<u8>> {
    world.send(handle, &format!("{line}\nauthorization: Bearer {{{who}}}\n\n{body}"))
}

fn body(answer: &Response<Vec<u8>>) -> Value {
    serde_json::from_slice(answer.body()).unwrap_or(Value::Null)
}

fn get(world: &World, who: &str, path: &str) -> Value {
    world.json(handle, &format!("GET {path}\nauthorization: Bearer {{{who}}}"))
}

/// Writes the next event of a subject of a site, and returns its sequence.
fn happen(world: &World, site: &str, kind: &'static str, subject: &str, data: &Value) -> i64 {
    let version = world.number(&format!("select count(*) from event where subject = '{subject}'"));
    let seal = store::events::seal(subject, version);
    let seal = pollster::block_on(world.sql().fetch(seal)).unwrap();
    world.run(store::events::append(&Event {
        id: domain::id::Kind::Event.id(world.now(), world.random()),
        site_id: site.to_owned(),
        subject: subject.to_owned(),
        version: version + 1,
        kind,
        actor: "admin".into(),
        at: world.now(),
        data: data.to_string(),
        previous: seal.unwrap_or(ORIGIN),
    }));
    world.number("select max(seq) from event")
}

/// Writes a delivery as the sending would, with its tries as `[status, error, answer]`.
fn delivered(world: &World, sequence: i64, state: &str, tries: &Value) {
    let id = world.database().query_row("select id from webhook", [], |row| row.get(0));
    let id: String = id.unwrap();
    let text = "insert into delivery (webhook_id, sequence, subject, kind, state, tries, round,
           due_at_ms, status, updated_at_ms)
         select ?1, seq, subject, kind, ?3, json_array_length(?4), json_array_length(?4), ?5,
           coalesce(?4 ->> '$[#-1][0]', 0), ?5
         from event where seq = ?2";
    let now = world.now();
    let given = rusqlite::params![id, sequence, state, tries.to_string(), now];
    assert_eq!(world.database().execute(text, given).unwrap(), 1);
    let text = "insert into attempt (webhook_id, sequence, number, at_ms, duration_ms, status,
           error, answer)
         select ?1, ?2, it.key + 1, ?3 + it.key, 12, it.value ->> 0, it.value ->> 1,
           it.value ->> 2
         from json_each(?4) it";
    let given = rusqlite::params![id, sequence, now, tries.to_string()];
    world.database().execute(text, given).unwrap();
}

/// A text of the database.
fn text(world: &World, sql: &str) -> String {
    world.database().query_row(sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn other_paths_and_methods_are_told_so() {
    let world = World::with_site();
    make(&world, CRM);
    for (line, status, allow) in [
        ("PUT /v1/webhooks", 405, "GET, HEAD, POST"),
        ("POST /v1/webhooks/{id}", 405, "GET, HEAD, PATCH, DELETE"),
        ("GET /v1/webhooks/{id}/rotate", 405, "POST"),
        ("GET /v1/webhooks/{id}/test", 405, "POST"),
        ("GET /v1/webhooks/{id}/replay", 405, "POST"),
        ("POST /v1/webhooks/{id}/deliveries", 405, "GET, HEAD"),
        ("POST /v1/webhooks/{id}/deliveries/1", 405, "GET, HEAD"),
        ("GET /v1/webhooks/{id}/deliveries/1/retry", 405, "POST"),
        ("POST /v1/webhooks/{id}/audit", 405, "GET, HEAD"),
        ("POST /v1/events", 405, "GET, HEAD"),
        ("POST /v1/events/1", 405, "GET, HEAD"),
        ("POST /v1/notices", 405, "GET, HEAD"),
        ("GET /v1/notices/ntc_1/seen", 405, "POST"),
        ("GET /v1/webhooks/{id}/other", 404, ""),
        ("GET /v1/webhooks/{id}/deliveries/1/other", 404, ""),
        ("GET /v1/events/1/2", 404, ""),
        ("GET /v1/notices/ntc_1", 404, ""),
        ("GET /v1/other", 404, ""),
    ] {
        let answer = send(&world, "admin", line, "");
        assert_eq!(answer.status(), status, "{line}");
        let found = answer.headers().get("allow").map_or("", |it| it.to_str().unwrap());
        assert_eq!(found, allow, "{line}");
    }
}

#[test]
fn each_thing_has_its_least_role_and_is_not_there_for_another_site() {
    let world = World::with_site();
    make(&world, CRM);
    let sequence = happen(&world, "sit_shop", "study.updated", "srv_shop", &json!({}));
    delivered(&world, sequence, "dead", &json!([[500, "", "no"]]));
    world.name("sequence", &sequence.to_string());
    let replay = r#"{ "since": "2026-11-22T00:00:00Z", "dry_run": true }"#;
    for (line, body, who, less) in [
        ("GET /v1/webhooks", "", "manager", "agent"),
        ("GET /v1/webhooks/{id}", "", "manager", "agent"),
        ("GET /v1/webhooks/{id}/deliveries", "", "manager", "agent"),
        ("GET /v1/webhooks/{id}/deliveries/{sequence}", "", "manager", "agent"),
        ("POST /v1/webhooks/{id}/deliveries/{sequence}/retry", "", "manager", "agent"),
        ("POST /v1/webhooks/{id}/replay", replay, "manager", "agent"),
        ("POST /v1/webhooks", CRM, "admin", "manager"),
        ("PATCH /v1/webhooks/{id}", "{}", "admin", "manager"),
        ("POST /v1/webhooks/{id}/rotate", "", "admin", "manager"),
        ("POST /v1/webhooks/{id}/test", "", "admin", "manager"),
        ("GET /v1/events", "", "viewer", "pk"),
        ("GET /v1/events/{sequence}", "", "viewer", "pk"),
        ("GET /v1/notices", "", "viewer", "pk"),
        ("POST /v1/notices/ntc_none/seen", "", "agent", "viewer"),
        ("DELETE /v1/webhooks/{id}", "", "admin", "manager"),
    ] {
        let refused = send(&world, less, line, body).status();
        assert_eq!(refused, if less == "pk" { 401 } else { 403 }, "{line}");
        if line.contains('{') {
            assert_eq!(send(&world, "other", line, body).status(), 404, "{line}");
        }
        let found = send(&world, who, line, body).status();
        assert!(found.is_success() || line.contains("ntc_none"), "{line}: {found}");
    }
    assert_eq!(get(&world, "other", "/v1/webhooks")["items"], json!([]));
    assert_eq!(get(&world, "other", "/v1/events")["items"], json!([]));
    world.break_database();
    assert_eq!(send(&world, "viewer", "GET /v1/events", "").status(), 503);
    assert!(world.logged_cause().is_some());
    assert_eq!(START, world.now());
}
