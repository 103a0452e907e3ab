//! What an agent's days hold, told in requests and answers.

mod feed;
mod file;
mod page;
mod shown;
mod supply;

use app::auth::Staff;
use app::callback::{Place, Work, phone_hash};
use domain::callback::{Act, MINUTE_MS, Outcome, State};
use domain::civil::DAY_MS;
use ports::{Env, Sql};
use serde_json::Map;
use store::Entity;
use store::call_attempts::{self, Attempt};
use store::callbacks::Callback;
use store::services;
use testkit::{SECRET_KEY, START, World};
use web::service::Offered;

pub(crate) use super::handle;

/// Text that tries to be more than text.
pub(crate) const HOSTILE: &str = "<script>alert(1)</script>\r\nEND:VEVENT '\"&; , \\ \u{202e}x";

/// A site with a service, and the agent `agt_lan`, whose key `{agent}` is. It is Sunday, half past
/// nine in Shanghai.
pub(crate) fn world() -> World {
    let world = World::with_site();
    let key = "update api_key set agent_id = 'agt_lan' where id = 'key_agent'";
    assert_eq!(world.database().execute(key, []).unwrap(), 1);
    let calls = "update agent set calls_per_day = 9";
    world.database().execute(calls, []).unwrap();
    world.run(services::insert(&services::Service {
        id: "svc_any".into(),
        site_id: "sit_shop".into(),
        version: 1,
        name: "售后; 退货".into(),
        is_active: true,
        definition: r#"{ "script": "您好，<这里>是鹿鸣" }"#.into(),
        created_at: START,
        updated_at: START,
    }));
    world
}

/// Minutes after the world begins.
pub(crate) fn at(minutes: i64) -> i64 {
    START + minutes * MINUTE_MS
}

/// An appointment of `agt_lan`, so many minutes after the world begins, with somebody of this
/// name.
pub(crate) fn booked(world: &World, minutes: i64, name: &str) -> String {
    made(world, name, Some(minutes))
}

/// A call that waits for `agt_lan`.
pub(crate) fn given(world: &World, name: &str) -> String {
    made(world, name, None)
}

fn made(world: &World, name: &str, minutes: Option<i64>) -> String {
    let now = world.now();
    let id = domain::id::Kind::Callback.id(now, world.random());
    let row = Callback {
        id: id.clone(),
        site_id: "sit_shop".into(),
        once: id.clone(),
        mode: "visit".into(),
        state: "waiting".into(),
        purpose: "solved_case".into(),
        service_id: "svc_any".into(),
        agent_id: "agt_lan".into(),
        language: "zh-CN".into(),
        zone: "Europe/London".into(),
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
    let offered = Offered::default();
    let mut work = Work::new(&offered, row, now);
    let mut data = Map::new();
    let mut kind = "callback.queued";
    if let Some(minutes) = minutes {
        kind = "callback.booked";
        work.enter(State::Booked);
        let (agent_id, start) = ("agt_lan".into(), at(minutes));
        work.place(&Place { agent_id, lane: 0, start, day: 20_779, cap: 90 });
    } else {
        data.insert("due_at".into(), web::view::time(now).into());
    }
    work.contact("phone", "+8613800138000\" onclick=\"x");
    work.contact("name", name);
    work.happened(kind, data);
    commit(world, work);
    id
}

fn commit(world: &World, mut work: Work<'_>) {
    work.settle();
    let by = Staff::new("sit_shop", "key:key_agent");
    let change = work.change(web::no_content());
    pollster::block_on(app::write::commit(world, &by, change)).unwrap();
}

fn work<'a>(world: &World, offered: &'a Offered, id: &str) -> Work<'a> {
    let found = world.sql().fetch(Callback::by_id("sit_shop", id));
    Work::on(offered, pollster::block_on(found).unwrap().unwrap(), world.now())
}

/// An attempt of `agt_lan` that reached them.
pub(crate) fn reached(world: &World, id: &str, note: &str) {
    let offered = Offered::default();
    let mut work = work(world, &offered, id);
    work.act(Act::Attempt(Outcome::Reached)).unwrap();
    work.row.attempts += 1;
    work.row.outcome = "reached".into();
    work.also(
        call_attempts::insert(&Attempt {
            callback_id: id.into(),
            number: work.row.attempts,
            outcome: "reached".into(),
            actor: "key:key_agent".into(),
            agent_id: "agt_lan".into(),
            started_at: world.now(),
            duration_ms: 90_000,
            note: note.into(),
            salt: Vec::new(),
            at: world.now(),
        })
        .guarded(),
    );
    let mut data = Map::new();
    data.insert("response_id".into(), serde_json::Value::Null);
    work.happened("callback.reached", data);
    commit(world, work);
}

/// Calls one off.
pub(crate) fn cancel(world: &World, id: &str) {
    let offered = Offered::default();
    let mut work = work(world, &offered, id);
    work.act(Act::Cancel).unwrap();
    let mut data = Map::new();
    data.insert("by".into(), "staff".into());
    work.happened("callback.cancelled", data);
    commit(world, work);
}

/// The body of an answer.
pub(crate) fn text(world: &World, request: &str) -> String {
    String::from_utf8(world.send(handle, request).into_body()).unwrap()
}
