//! Call-backs, told in requests and answers. It is Sunday, 2026-11-22, half past nine in Shanghai.

mod book;
mod change;
mod lists;
mod race;
mod random;

use serde_json::{Value, json};
use store::agents::{self, Agent};
use store::services::{self, Service};
use testkit::World;

/// A slot of Monday.
const TEN: &str = "2026-11-23T10:00";

/// A world where three people make calls in office hours, and customers book `svc_talk`; `svc_own`
/// is for staff.
fn world() -> World {
    let world = World::with_site();
    for name in ["ann", "bo", "cai"] {
        agent(&world, name, &json!({}));
    }
    service(&world, "svc_talk", &json!({ "is_public": true }));
    service(&world, "svc_own", &json!({}));
    world
}

fn agent(world: &World, name: &str, with: &Value) {
    let text = |name: &str, absent: &str| {
        with.get(name).map_or_else(|| absent.to_owned(), |it| it.to_string())
    };
    world.run(agents::insert(&Agent {
        id: format!("agt_{name}"),
        site_id: "sit_shop".into(),
        version: 1,
        name: name.into(),
        department_id: String::new(),
        skills: text("skills", "[]"),
        is_active: true,
        capacity: 20,
        is_specialist: false,
        calendar_id: with["calendar_id"].as_str().unwrap_or("office").into(),
        absences: text("absences", "[]"),
        languages: text("languages", "[]"),
        calls_per_day: with["calls_per_day"].as_i64().unwrap_or(50),
        feed: 0,
        created_at: 0,
        updated_at: 0,
    }));
}

fn service(world: &World, id: &str, definition: &Value) {
    world.run(services::insert(&Service {
        id: id.into(),
        site_id: "sit_shop".into(),
        version: 1,
        name: "回电".into(),
        is_active: true,
        definition: definition.to_string(),
        created_at: 0,
        updated_at: 0,
    }));
}

/// Sends a request of somebody, of nobody if `who` is empty.
fn send(world: &World, who: &str, request: &str, body: &Value) -> http::Response<Vec<u8>> {
    let key =
        if who.is_empty() { String::new() } else { format!("\nauthorization: Bearer {{{who}}}") };
    let body = if body.is_null() { String::new() } else { format!("\n\n{body}") };
    world.send(super::handle, &format!("{request}{key}{body}"))
}

/// Sends one that must succeed.
#[track_caller]
fn done(world: &World, who: &str, request: &str, body: &Value) -> Value {
    let answer = send(world, who, request, body);
    let text = String::from_utf8_lossy(answer.body()).into_owned();
    assert!(answer.status().is_success(), "{request}: {} {text}", answer.status());
    serde_json::from_str(&text).unwrap_or(Value::Null)
}

/// Sends one that must fail and gives its kind and the whole problem.
#[track_caller]
fn refused(world: &World, who: &str, request: &str, body: &Value) -> (String, Value) {
    let answer = send(world, who, request, body);
    let text = String::from_utf8_lossy(answer.body()).into_owned();
    assert!(!answer.status().is_success(), "{request}: {} {text}", answer.status());
    let problem: Value = serde_json::from_str(&text).unwrap();
    let kind = problem["type"].as_str().unwrap().trim_start_matches("/problems/").to_owned();
    (kind, problem)
}

/// What is booked, with some members more or other ones.
fn with(members: &Value) -> Value {
    let mut body = json!({ "service_id": "svc_talk", "start": TEN, "phone": "138 0013 8000" });
    for (name, value) in members.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// Books for staff what must be free.
#[track_caller]
fn booked(world: &World, members: &Value) -> Value {
    done(world, "agent", "POST /v1/callbacks", &with(members))
}

/// The token of an answer's private link.
fn token(shown: &Value) -> String {
    shown["link"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()
}

/// The pointers, or parameters, of what is wrong.
fn wrong(problem: &Value) -> Vec<String> {
    let place =
        |it: &Value| it["pointer"].as_str().or(it["parameter"].as_str()).unwrap().to_owned();
    problem["errors"].as_array().into_iter().flatten().map(place).collect()
}

/// The types of a call-back's events, without their family.
fn trail(world: &World, id: &str) -> Vec<String> {
    let sql = "select substr(kind, 10) from event where subject = ?1 order by version";
    let database = world.database();
    let mut prepared = database.prepare(sql).unwrap();
    let kinds = prepared.query_map([id], |row| row.get(0)).unwrap();
    kinds.map(|it| it.unwrap()).collect()
}

/// What is sold is what call-backs have: no piece twice, none too many, none too few; and days
/// count as many calls as there are.
#[track_caller]
fn check(world: &World) {
    let own = "select agent_id, lane, it.value as quantum, id
         from callback,
           (with recursive n(value) as (
              select (select min(from_ms) from callback where from_ms > 0) / 300000
              union all select value + 1 from n
              where value < (select max(until_ms) from callback) / 300000)
            select value from n) it
         where state in ('held', 'booked') and from_ms / 300000 <= it.value
           and it.value < (until_ms + 299999) / 300000";
    let sold = "select agent_id, lane, quantum, callback_id from call_quantum";
    for (a, b) in [(own, sold), (sold, own)] {
        let left = format!("select count(*) from (select * from ({a}) except select * from ({b}))");
        assert_eq!(world.number(&left), 0, "{left}");
    }
    let twice = format!(
        "select count(*) from (select 1 from ({own}) group by agent_id, lane, quantum
         having 1 < count(*))"
    );
    assert_eq!(world.number(&twice), 0);
    let calls = "select agent_id, day, count(*) from callback where 0 < start_ms
           and (state in ('held', 'booked', 'calling') or 0 < attempts)
         group by agent_id, day";
    let days = "select agent_id, day, calls from call_day where calls <> 0";
    for (a, b) in [(calls, days), (days, calls)] {
        let left = format!("select count(*) from (select * from ({a}) except select * from ({b}))");
        assert_eq!(world.number(&left), 0, "{left}");
    }
}
