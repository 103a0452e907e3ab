//! However measurements come, repeated and mixed, the measures kept by the write are those that
//! counting the facts anew gives.

use std::collections::BTreeMap;

use app::measure::{Batch, Measurement};
use domain::measure::{MEASURES, bound};
use ports::{Committed, Env, Sql};
use store::rebuild;
use testkit::World;

/// What the maintained measures have and the facts do not, or the other way round.
const DIFFERENCES: &str = "with counted as (
      select site_id, 'site', name, '' as a, day, bound, count(*), sum(value) from measurement
      group by 1, 3, 5, 6
      union all
      select site_id, 'touchpoint', name, touchpoint_id, day, bound, count(*), sum(value)
      from measurement where touchpoint_id <> '' group by 1, 3, 4, 5, 6
      union all
      select site_id, 'channel', name, channel, day, bound, count(*), sum(value)
      from measurement where channel <> '' group by 1, 3, 4, 5, 6
      union all
      select site_id, 'agent', name, agent_id, day, bound, count(*), sum(value)
      from measurement where agent_id <> '' group by 1, 3, 4, 5, 6)
    select (select count(*) from (select * from counted except select * from measure))
      + (select count(*) from (select * from measure except select * from counted))";

/// Small numbers that look random and are the same in every run (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) % most
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[usize::try_from(self.below(words.len() as u64)).unwrap()]
    }
}

fn measurement(chance: &mut Chance) -> Measurement {
    let name = MEASURES[usize::try_from(chance.below(20)).unwrap()].name;
    let longest = 1 << (1 + chance.below(20));
    let day = 20_770 + i32::try_from(chance.below(3)).unwrap();
    Measurement {
        // Few enough that most come again, in the same batch too.
        key: format!("key {}", chance.below(300)),
        name: name.into(),
        value: i64::try_from(chance.below(longest)).unwrap(),
        at: i64::from(day) * domain::civil::DAY_MS,
        day,
        touchpoint_id: chance.of(&["", "tch_a", "tch_b"]).into(),
        channel: chance.of(&["", "phone", "web"]).into(),
        agent_id: chance.of(&["", "agt_lan", "agt_b"]).into(),
    }
}

fn commit(world: &World, all: &[&Measurement], is_all_new: bool) -> Committed {
    let batch = Batch::new("sit_shop", world.now(), world.random(), all, is_all_new);
    pollster::block_on(world.sql().commit(vec![batch.write])).unwrap()
}

#[test]
fn any_order_of_batches_gives_what_a_rebuild_gives() {
    for seed in 1..=12 {
        let world = World::with_site();
        let mut chance = Chance(0x9e37_79b9_7f4a_7c15 ^ seed);
        // Of each key what came first.
        let mut first: BTreeMap<String, Measurement> = BTreeMap::new();
        for step in 0..40 {
            let n = chance.below(30);
            let all: Vec<Measurement> = (0..n).map(|_| measurement(&mut chance)).collect();
            let shown: Vec<&Measurement> = all.iter().collect();
            let is_all_new = chance.below(4) == 0;
            let has_old = all.iter().any(|it| first.contains_key(&it.key));
            let ended = commit(&world, &shown, is_all_new);
            let refused = is_all_new && has_old;
            assert_eq!(ended != Committed::Done, refused, "seed {seed}, step {step}");
            for it in all.into_iter().filter(|_| !refused) {
                first.entry(it.key.clone()).or_insert(it);
            }
            assert_eq!(world.number(DIFFERENCES), 0, "seed {seed}, step {step}");
        }
        let facts = "select count(*) * 1000003 + sum(value * 7 + bound + day) from measurement";
        let expected: i64 = first
            .values()
            .map(|it| {
                let is_duration = domain::measure::named(&it.name).unwrap().is_duration;
                let bound = if is_duration { bound(it.value) } else { 0 };
                it.value * 7 + bound + i64::from(it.day) + 1_000_003
            })
            .sum();
        assert_eq!(world.number(facts), expected, "seed {seed}");
        let site = "select sum(n) * 1000003 + sum(sum) from measure where grain = 'site'";
        let sum: i64 = first.values().map(|it| it.value + 1_000_003).sum();
        assert_eq!(world.number(site), sum, "seed {seed}");
        let rows = "select count(*) * 1000003 + sum(n * 5 + sum + day) from measure";
        let maintained = world.number(rows);
        for day in 20_770..20_773 {
            world.run(rebuild::clear_measures("sit_shop", day));
        }
        assert_eq!(world.number("select count(*) from measure"), 0);
        for day in 20_770..20_773 {
            world.run(rebuild::count_measures("sit_shop", day));
        }
        assert_eq!((world.number(rows), world.number(DIFFERENCES)), (maintained, 0));
    }
}

#[test]
fn a_measure_that_is_wrong_would_be_found() {
    let world = World::with_site();
    let mut chance = Chance(7);
    let it = measurement(&mut chance);
    assert_eq!(commit(&world, &[&it, &it], true), Committed::Done);
    assert_eq!(world.number(DIFFERENCES), 0);
    world.database().execute("update measure set n = 2 where grain = 'site'", []).unwrap();
    assert_eq!(world.number(DIFFERENCES), 2, "one is missing and one is too many");
}

#[test]
fn the_same_key_at_another_site_is_another_measurement() {
    let world = World::with_site();
    let it = measurement(&mut Chance(7));
    assert_eq!(commit(&world, &[&it], true), Committed::Done);
    let other = Batch::new("sit_other", world.now(), world.random(), &[&it], true);
    let ended = pollster::block_on(world.sql().commit(vec![other.write])).unwrap();
    assert_eq!(ended, Committed::Done);
    assert_eq!(world.number("select count(*) from measurement"), 2);
}
