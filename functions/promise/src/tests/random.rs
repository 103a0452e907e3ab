//! Whatever happens in whatever order: nothing is done twice, nothing is lost.

use domain::case::act::Act;
use ports::{Env, Sql};
use serde_json::{Map, json};
use store::Entity;
use store::case_steps;
use store::cases::Case;

use super::*;
use crate::climb::together;

/// A small generator of our own: a failure must come again.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// Does something to a case, if that can be done where it stands.
async fn act(world: &World, id: &str, act: Act) {
    let book = Book::load(world, "sit_shop").await.unwrap();
    let case = world.sql().fetch(Case::by_id("sit_shop", id)).await.unwrap().unwrap();
    let mut work = app::case::Work::on(&book, case, world.now()).unwrap();
    if work.act(act).is_err() {
        return;
    }
    let mut data = Map::new();
    data.insert("fields".to_owned(), json!([]));
    work.happened("complaint.updated", data);
    work.settle();
    let by = Staff::new("sit_shop", "public");
    commit(world, &by, work.change(web::no_content())).await.unwrap();
}

fn check(world: &World, step: u64) {
    let wrong = |sql: &str| assert_eq!(world.number(sql), 0, "step {step}: {sql}");
    wrong(
        "select count(*) from agent a
         left join agent_load l on l.agent_id = a.id
         where coalesce(l.open, 0) <> (
           select count(*) from complaint c
           where c.agent_id = a.id and c.state in ('open', 'waiting'))",
    );
    wrong(
        "select count(*) from complaint c
         where c.version <> (select max(version) from event where subject = c.id)
           or c.version <> (select count(*) from event where subject = c.id)",
    );
    wrong(
        "select count(*) from (
           select 1 from event e, json_each(e.data, '$.steps') s
           where e.kind = 'complaint.escalated'
           group by e.subject, s.value ->> 'clock', s.value ->> 'percent', e.data ->> 'round'
           having count(*) > 1)",
    );
    // What comes back comes back to whoever had it, whatever they have by then.
    wrong(
        "select count(*) from agent_load l join agent a on a.id = l.agent_id
         where l.open > a.capacity + (
           select coalesce(sum(reopened), 0) from complaint c where c.agent_id = a.id)",
    );
}

#[test]
fn ticks_that_overlap_and_people_who_act_meanwhile_do_nothing_twice() {
    let world = World::with_site();
    let hire = "insert into agent (id, site_id, version, name, department_id, skills, is_active,
           is_specialist, capacity, created_at_ms, updated_at_ms)
         select 'agt_' || value, 'sit_shop', 1, value, '', '[]', 1, value = 'z', 9, 0, 0
         from json_each('[\"x\", \"y\", \"z\"]')";
    world.database().execute(hire, []).unwrap();
    let mut chance = Chance(2026);
    let mut ids: Vec<String> = Vec::new();
    let mut stale: Vec<Case> = Vec::new();
    for step in 0..400 {
        world.wait_ms(i64::try_from(chance.below(3 * 3_600_000)).unwrap());
        let any = usize::try_from(chance.below(1_000)).unwrap();
        let some = ids.get(any % ids.len().max(1)).cloned();
        match (chance.below(10), some) {
            (0 | 1, _) => ids.push(opened(&world, about(ids.len()))),
            (2, Some(id)) => pollster::block_on(act(&world, &id, Act::Ask)),
            (3, Some(id)) => pollster::block_on(act(&world, &id, Act::Say)),
            (4, Some(id)) => pollster::block_on(act(&world, &id, Act::Solve)),
            (5, Some(id)) => pollster::block_on(act(&world, &id, Act::Reopen)),
            (6, _) => {
                let flip = "update agent set is_active = 1 - is_active where id = 'agt_' || ?1";
                world.database().execute(flip, [["x", "y", "z"][any % 3]]).unwrap();
            }
            (7, _) => {
                let due = case_steps::due(world.now(), 100);
                stale = pollster::block_on(world.sql().fetch(due)).unwrap();
            }
            (8, _) => {
                // A tick that read before all that came since.
                let cases = std::mem::take(&mut stale);
                let is_singly = any.is_multiple_of(2);
                pollster::block_on(together(&world, "sit_shop", cases, is_singly)).unwrap();
            }
            _ => {
                tick(&world);
            }
        }
        check(&world, step);
    }
    tick(&world);
    let done = "select count(*) from event where kind = 'complaint.escalated'";
    assert!(100 < world.number(done), "{}", world.number(done));
    assert!(0 < world.number("select max(reopened) from complaint"));
    assert_eq!(
        world.number(
            "select count(*) from complaint where next_step_ms is not null
        and next_step_ms <= (select max(at_ms) from event)"
        ),
        0,
        "nothing is left undone"
    );
}
