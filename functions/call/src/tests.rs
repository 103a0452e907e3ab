//! What an agent does with calls, told in requests and answers.

mod attempts;
mod next;

use app::auth::Staff;
use app::callback::{Place, Work, phone_hash};
use domain::callback::MINUTE_MS;
use domain::callback::State;
use domain::civil::DAY_MS;
use ports::{Env, Sql};
use serde_json::{Map, Value, json};
use store::Entity;
use store::callbacks::Callback;
use store::services;
use testkit::{SECRET_KEY, START, World};
use web::service::Offered;

pub(crate) use super::handle;

/// The head of a request of the agent `agt_lan`, with a key of her own.
pub(crate) const LAN: &str = "\nauthorization: Bearer {agent}";

/// A site with services and two agents: `agt_lan`, with the key `{agent}`, and `agt_bo`, with
/// `{viewer}`, who became an agent.
pub(crate) fn world() -> World {
    let world = World::with_site();
    let sql = "insert into agent (id, site_id, version, name, department_id, skills, is_active,
       created_at_ms, updated_at_ms, capacity, is_specialist, calendar_id, absences, languages,
       calls_per_day)
     select 'agt_bo', site_id, 1, '博', '', '[\"vip\"]', 1, 0, 0, 20, 0, '', '[]', '[\"en\"]', 9
     from agent where id = 'agt_lan'";
    world.database().execute(sql, []).unwrap();
    let keys = "update api_key set role = 'agent',
       agent_id = case id when 'key_agent' then 'agt_lan' else 'agt_bo' end
     where id in ('key_agent', 'key_viewer')";
    assert_eq!(world.database().execute(keys, []).unwrap(), 2);
    offer(&world, "svc_any", json!({ "script": "您好", "survey_id": "srv_shop" }));
    offer(&world, "svc_vip", json!({ "skills": ["vip"], "quiet": null }));
    world
}

/// A service of the site.
pub(crate) fn offer(world: &World, id: &str, definition: Value) {
    let now = world.now();
    world.run(services::insert(&services::Service {
        id: id.into(),
        site_id: "sit_shop".into(),
        version: 1,
        name: "售后".into(),
        is_active: true,
        definition: definition.to_string(),
        created_at: now,
        updated_at: now,
    }));
}

pub(crate) fn at(minutes: i64) -> i64 {
    START + minutes * MINUTE_MS
}

/// A call in the queue, changed by `change`; its id.
pub(crate) fn queued(world: &World, change: impl FnOnce(&mut Callback)) -> String {
    made(world, "callback.queued", None, change)
}

/// An appointment of `agt_lan` so many minutes from the start of the world.
pub(crate) fn booked(world: &World, minutes: i64) -> String {
    made(world, "callback.booked", Some(minutes), |_| {})
}

fn made(
    world: &World,
    kind: &'static str,
    minutes: Option<i64>,
    change: impl FnOnce(&mut Callback),
) -> String {
    let now = world.now();
    let id = domain::id::Kind::Callback.id(now, world.random());
    let mut row = Callback {
        id: id.clone(),
        site_id: "sit_shop".into(),
        once: id.clone(),
        mode: "asap".into(),
        state: "waiting".into(),
        purpose: "request".into(),
        service_id: "svc_any".into(),
        language: "zh-CN".into(),
        zone: "Asia/Shanghai".into(),
        phone_hash: phone_hash(SECRET_KEY, "sit_shop", "+8613800138000").to_vec(),
        place: now,
        due: now,
        due_by: now + 60 * MINUTE_MS,
        expires: now + 7 * DAY_MS,
        requested_at: now,
        requested_day: 20_779,
        created_at: now,
        ..Callback::default()
    };
    change(&mut row);
    let offered = Offered::default();
    let mut work = Work::new(&offered, row, now);
    if let Some(minutes) = minutes {
        work.enter(State::Booked);
        work.place(&Place {
            agent_id: "agt_lan".into(),
            lane: 0,
            start: at(minutes),
            day: 20_779,
            cap: 9,
        });
    }
    work.contact("phone", "+8613800138000");
    work.contact("name", "林 <b>小</b>姐");
    let mut data = Map::new();
    if kind == "callback.queued" {
        data.insert("due_at".into(), web::view::time(work.row.due).into());
    }
    work.happened(kind, data);
    work.settle();
    let by = Staff::new("sit_shop", "key:key_agent");
    let change = work.change(web::no_content());
    pollster::block_on(app::write::commit(world, &by, change)).unwrap();
    id
}

pub(crate) fn row(world: &World, id: &str) -> Callback {
    let found = world.sql().fetch(Callback::by_id("sit_shop", id));
    pollster::block_on(found).unwrap().unwrap()
}

/// The kinds of the events of something, in their order, joined.
pub(crate) fn events(world: &World, subject: &str) -> String {
    let sql = "select group_concat(kind, ' ' order by version) from event where subject = ?1";
    world.database().query_row(sql, [subject], |row| row.get(0)).unwrap()
}

/// The request of an agent, with a body.
pub(crate) fn ask(path: &str, who: &str, body: &str) -> String {
    format!("POST /v1/callbacks/{path}\nauthorization: Bearer {{{who}}}\n\n{body}")
}

/// The status of it.
pub(crate) fn status(world: &World, path: &str, who: &str, body: &str) -> u16 {
    world.send(handle, &ask(path, who, body)).status().as_u16()
}
