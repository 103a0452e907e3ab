//! What time causes, told in ticks.

mod ladder;
mod random;

use app::auth::Staff;
use app::case::{Book, Opening, open};
use app::write::commit;
use domain::case::Source;
use serde_json::Value;
use testkit::{TICK_KEY, World};

pub(crate) const HOUR: i64 = 3_600_000;

pub(crate) fn tick(world: &World) -> Value {
    let request = format!("POST /internal/tick/promise\nauthorization: Bearer {TICK_KEY}\n\n");
    world.json(super::handle, &request)
}

/// Opens a case at the site, as a program would, and gives its id.
pub(crate) fn opened(world: &World, opening: Opening) -> String {
    pollster::block_on(async {
        let book = Book::load(world, "sit_shop").await.unwrap();
        let by = Staff::new("sit_shop", "public");
        let opening = Opening { source: Source::Api, ..opening };
        let opened = open(world, &book, &by, opening).await.unwrap();
        let id = opened.work.case.id.clone();
        commit(world, &by, opened.work.change(web::no_content())).await.unwrap();
        id
    })
}

/// A complaint that is like no other.
pub(crate) fn about(number: usize) -> Opening {
    let text = format!("第 {number} 号订单的客服回复太慢了，等了很久。");
    Opening { text, ..Opening::default() }
}

/// The texts of a query, a column each, with commas between the rows.
pub(crate) fn list(world: &World, sql: &str) -> String {
    let sql = format!("select coalesce(group_concat(it, ','), '') from ({sql})");
    world.database().query_row(&sql, [], |row| row.get(0)).unwrap()
}

/// Publishes a policy of the site.
pub(crate) fn publish(world: &World, kind: &str, definition: &str) {
    let sql = format!(
        "insert into policy values ('pol_{kind}', 'sit_shop', '{kind}', 1, '', 1, 0)
         on conflict do nothing;
         insert into policy_version values ('pol_{kind}', 1, '{definition}', {})
         on conflict do update set definition = excluded.definition;",
        ports::Env::now(world)
    );
    world.database().execute_batch(&sql).unwrap();
}

#[test]
fn only_the_tick_key_ticks() {
    let world = World::with_site();
    for auth in ["", "authorization: Bearer {admin}", "authorization: Bearer x"] {
        let answer = world.send(super::handle, &format!("POST /internal/tick/promise\n{auth}\n"));
        assert_eq!(answer.status(), 401, "{auth}");
    }
    assert_eq!(world.send(super::handle, "GET /internal/tick/promise").status(), 405);
    assert_eq!(world.send(super::handle, "GET /internal/tick").status(), 404);
    world.break_database();
    let request = format!("POST /internal/tick/promise\nauthorization: Bearer {TICK_KEY}\n");
    assert_eq!(world.send(super::handle, &request).status(), 503);
}

#[test]
fn a_tick_with_nothing_to_do_writes_nothing() {
    let world = World::with_site();
    let before = world.number("select total_changes()");
    let ticked = tick(&world);
    assert_eq!(ticked["done"], serde_json::json!([]));
    assert_eq!(world.number("select total_changes()"), before);
}

/// An event is sealed with its moment, which must be the one that is written.
#[test]
fn the_trail_is_intact_although_the_clock_goes_on() {
    let world = World::with_site();
    let id = opened(&world, about(1));
    world.wait_ms(26 * HOUR);
    world.run_clock(1);
    tick(&world);
    assert_eq!(world.number("select count(*) from event where kind = 'complaint.escalated'"), 1);
    let verify =
        async |env: &World, it: web::Request| app::audit::trail(env, &it, &id, &["verify"]).await;
    let verdict = world.json(verify, "GET /test/x\nauthorization: Bearer {viewer}");
    assert_eq!(verdict["is_intact"], true, "{verdict}");
}
