//! What leads to a call and what time does, told in ticks.

mod rules;
mod time;
mod turns;

use domain::event::{Event, ORIGIN};
use ports::{Env, Sql};
use serde_json::{Value, json};
use store::callbacks::Callback;
use testkit::{TICK_KEY, World};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

fn tick(world: &World) -> Value {
    let request = format!("POST /internal/tick/callback\nauthorization: Bearer {TICK_KEY}\n\n");
    world.json(super::handle, &request)
}

/// A world with a service, `svc_1`.
fn shop(definition: &Value) -> World {
    let world = World::with_site();
    let insert = "insert into service values ('svc_1', 'sit_shop', 1, '回访', 1, ?1, 0, 0)";
    world.database().execute(insert, [definition.to_string()]).unwrap();
    let able = "update agent set calls_per_day = 10";
    world.database().execute(able, []).unwrap();
    world
}

/// Makes a rule of `svc_1`, as old as the world.
fn rule(world: &World, id: &str, event: &str, purpose: &str, definition: &Value) {
    let insert = "insert into call_rule
        values (?1, 'sit_shop', 1, ?2, ?3, 'svc_1', 1, ?4, 0, 0)";
    world.database().execute(insert, [id, event, purpose, &definition.to_string()]).unwrap();
}

/// The texts of a query, with commas between its rows.
#[track_caller]
fn list(world: &World, sql: &str) -> String {
    let sql = format!("select coalesce(group_concat(it, ','), '') from ({sql})");
    world.database().query_row(&sql, [], |row| row.get(0)).unwrap()
}

/// Gives somebody a contact.
fn contact(world: &World, owner: &str, kind: &str, value: &str) {
    let insert = "insert into contact (owner, kind, value) values (?1, ?2, ?3)";
    world.database().execute(insert, [owner, kind, value]).unwrap();
}

/// A customer with a number.
fn known(world: &World, name: &str, group: &str) -> String {
    let id = world.customer(name, group, true);
    contact(world, &id, "phone", "138 0013 8000");
    id
}

/// Writes the next event of a subject.
fn happened(world: &World, kind: &'static str, subject: &str, data: &Value) {
    let version = world.number(&format!("select count(*) from event where subject = '{subject}'"));
    let seal = store::events::seal(subject, version);
    let seal = pollster::block_on(world.sql().fetch(seal)).unwrap();
    world.run(store::events::append(&Event {
        id: domain::id::Kind::Event.id(world.now(), world.random()),
        site_id: "sit_shop".into(),
        subject: subject.into(),
        version: version + 1,
        kind,
        actor: "tick".into(),
        at: world.now(),
        data: data.to_string(),
        previous: seal.unwrap_or(ORIGIN),
    }));
}

/// A complaint of a customer.
fn complaint(world: &World, customer_id: &str) -> String {
    use app::case::{Book, Opening, open};
    pollster::block_on(async {
        let book = Book::load(world, "sit_shop").await.unwrap();
        let by = app::auth::Staff::new("sit_shop", "key:key_agent");
        let opening = Opening {
            text: format!("充电器坏了，{}", world.now()),
            customer_id: customer_id.to_owned(),
            touchpoint_id: "tch_shop".to_owned(),
            language: "zh-CN".to_owned(),
            ..Opening::default()
        };
        let opened = open(world, &book, &by, opening).await.unwrap();
        let id = opened.work.case.id.clone();
        app::write::commit(world, &by, opened.work.change(web::no_content())).await.unwrap();
        id
    })
}

/// What complaints tell of with every event.
fn of_case(more: &Value) -> Value {
    let mut data = json!({ "number": "1", "state": "solved", "grade": "none",
        "touchpoint_id": "tch_shop" });
    for (name, value) in more.as_object().unwrap() {
        data[name] = value.clone();
    }
    data
}

fn solve(world: &World, case: &str) {
    let update = "update complaint set state = 'solved', solved_at_ms = ?2 where id = ?1";
    world.database().execute(update, (case, world.now())).unwrap();
    let data = of_case(&json!({ "is_first_contact": true, "agent_id": null }));
    happened(world, "complaint.solved", case, &data);
}

fn reopen(world: &World, case: &str) {
    let update = "update complaint set state = 'open', solved_at_ms = null,
        reopened = reopened + 1 where id = ?1";
    world.database().execute(update, [case]).unwrap();
    let rounds = world.number(&format!("select reopened from complaint where id = '{case}'"));
    let data = of_case(&json!({ "state": "open", "reopened": rounds }));
    happened(world, "complaint.reopened", case, &data);
}

/// An order of a customer, completed some time ago.
fn order(world: &World, customer_id: &str, ago: i64) -> String {
    let id = domain::id::Kind::Order.id(world.now(), world.random());
    let insert = "insert into purchase values (?1, 'sit_shop', ?1, ?1, ?2, 100, 'CNY', ?3, 'web',
        'tch_shop', 'src_1', '', ?4)";
    let at = world.now() - ago;
    world.database().execute(insert, (&id, customer_id, at, world.now())).unwrap();
    let data = json!({ "source_id": "src_1", "amount": 100, "currency": "CNY",
        "completed_at": domain::civil::rfc3339(at, 0), "channel": "web",
        "touchpoint_id": "tch_shop" });
    happened(world, "order.completed", &id, &data);
    id
}

/// A call-back as it may stand anywhere, with its first event.
fn stands(world: &World, row: Callback) -> String {
    let row = Callback {
        site_id: "sit_shop".into(),
        version: 1,
        once: row.id.clone(),
        service_id: "svc_1".into(),
        zone: if row.zone.is_empty() { "Asia/Shanghai".into() } else { row.zone.clone() },
        purpose: if row.purpose.is_empty() { "request".into() } else { row.purpose.clone() },
        requested_at: world.now(),
        created_at: world.now(),
        updated_at: world.now(),
        ..row
    };
    let id = row.id.clone();
    assert!(world.number("select count(*) from callback") >= 0);
    world.run(store::callbacks::insert(&row));
    if row.state == "booked" || row.state == "held" {
        let quanta: Vec<i64> = domain::callback::quanta::of(row.from, row.until).collect();
        let quanta = json!(quanta).to_string();
        world.run(store::callbacks::take(&row.agent_id, row.lane, &quanta, &row.id));
        world.run(store::callbacks::add_call(&row.agent_id, row.day, 10));
    }
    let data = json!({ "mode": row.mode, "state": row.state, "purpose": row.purpose,
        "service_id": "svc_1", "agent_id": null, "case_id": null, "start": null, "end": null,
        "sequence": 0 });
    happened(world, "callback.booked", &id, &data);
    id
}

/// The events of a call-back but the first.
fn told(world: &World, id: &str) -> String {
    let sql = format!(
        "select substr(kind, 10) as it from event where subject = '{id}' and version > 1
         order by version"
    );
    list(world, &sql)
}

/// Whether versions, events and time that is taken agree.
#[track_caller]
fn check(world: &World) {
    let wrong = "select count(*) from callback c where version <> (
        select max(version) from event where subject = c.id)";
    assert_eq!(world.number(wrong), 0, "a version without its event");
    let wrong = "select count(*) from call_quantum q where not exists (
        select 1 from callback c where c.id = q.callback_id and c.state in ('held', 'booked'))";
    assert_eq!(world.number(wrong), 0, "time that nobody needs");
    let wrong = "select count(*) from callback where next_step_ms is not null
        and state not in ('held', 'booked', 'waiting', 'calling')";
    assert_eq!(world.number(wrong), 0, "time does something to what ended");
}

#[test]
fn only_the_tick_key_ticks() {
    let world = World::with_site();
    for auth in ["", "authorization: Bearer {admin}", "authorization: Bearer x"] {
        let answer = world.send(super::handle, &format!("POST /internal/tick/callback\n{auth}\n"));
        assert_eq!(answer.status(), 401, "{auth}");
    }
    assert_eq!(world.send(super::handle, "GET /internal/tick/callback").status(), 405);
    assert_eq!(world.send(super::handle, "POST /internal/tick/call").status(), 404);
    assert_eq!(
        tick(&world),
        json!({ "done": [], "released": 0, "reminded": 0, "missed": 0, "expired": 0,
          "cancelled": 0, "made": 0, "more": false, "next_due_at": null,
          "skipped": { "no_phone": 0, "no_consent": 0, "too_late": 0, "do_not_call": 0,
            "open": 0, "over": 0 } })
    );
    world.break_database();
    let request = format!("POST /internal/tick/callback\nauthorization: Bearer {TICK_KEY}\n");
    assert_eq!(world.send(super::handle, &request).status(), 503);
}
