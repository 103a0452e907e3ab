//! Whatever happens to responses in whatever order, the rollups are what counting the facts
//! anew would give: those kept up to date by the write equal those rebuilt.

use std::collections::BTreeMap;

use domain::screen::{self, Reason};
use ports::Env;
use store::partials::{self, Partial};
use store::responses::{self, Response};
use store::{customers, rebuild};
use testkit::{Given, World};

/// What the maintained rollups have and the facts do not, or the other way round.
const DIFFERENCES: &str = "select (select count(*) from (
        select * from rollup_fact except select * from rollup))
    + (select count(*) from (select * from rollup where n <> 0 except select * from rollup_fact))";

/// The same of the cells of the tally in which responses count.
const CELLS: &str = "with counted as (
      select c.value as cell, count(*) as n from response r cross join json_each(r.cells) c
      where r.counted = 1 and r.cells <> '' group by 1),
    kept as (select cell, n from tally where cell like 'quota:%' and n <> 0)
    select (select count(*) from (select * from kept except select * from counted))
      + (select count(*) from (select * from counted except select * from kept))";

/// The quotas of the survey.
const QUOTAS: [(&str, i64); 3] = [("quota:a", 3), ("quota:b", 6), ("quota:c", 90)];

/// Some of what a response may be screened out for.
const REASONS: [&str; 7] =
    ["", "too_fast", "duplicate", "duplicate,too_fast", "duplicate,staff", "quota", "quota,staff"];

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

/// How responses come.
#[derive(Clone, Copy)]
enum How<'a> {
    /// Staff bring it.
    Import,
    /// A visitor sends it, perhaps under the key of what was saved before.
    Submit(&'a str),
    /// A visitor stayed away.
    Abandon(&'a str),
}

/// A response with one to four scores, about whatever.
fn submit(world: &World, chance: &mut Chance, how: How<'_>) -> String {
    let day = 20_770 + i64::try_from(chance.below(3)).unwrap();
    let channel = chance.of(&["web", "app", ""]);
    let group = chance.of(&["new", "core", ""]);
    let customer_id = chance.of(&["", "cus_a", "cus_b"]);
    // Some come screened, and some say what another one said, or both.
    let screened = chance.of(&["", "", "", "too_fast", "straight_lining,too_fast"]);
    let text = format!("text {}", chance.below(9));
    let fingerprint = chance.of(&["", "", &text]);
    let cells = &QUOTAS[..usize::try_from(chance.below(4)).unwrap()];
    let all = Given { day, channel, group, customer_id, screened, fingerprint, ..Given::default() };
    let all = match how {
        How::Import => all,
        How::Submit(key) => Given { key, cells, ..all },
        How::Abandon(key) => Given { key, cells, is_broken_off: true, ..all },
    };
    let mut scores = Vec::new();
    for question in ["q1", "q2", "q3", "q4"].iter().take(1 + chance.below(4) as usize) {
        let scale = [("nps", 10), ("csat", 5), ("ces", 7), ("csat", 10)];
        let scale = scale[usize::try_from(chance.below(4)).unwrap()];
        let given = Given {
            scale,
            question,
            touchpoint: chance.of(&["tch_shop", "tch_b", ""]),
            dimension: chance.of(&["speed", "quality", ""]),
            ..all
        };
        let value = 1 + chance.below(u64::from(scale.1));
        scores.push((given, u8::try_from(value).unwrap()));
    }
    match how {
        How::Import => world.answered_all(&scores),
        How::Submit(_) => world.submitted(&scores),
        How::Abandon(key) => {
            let (id, rows) = world.row(&scores);
            let later = world.now() + partials::KEPT_MS;
            world.run(partials::abandon(&rows, "sit_shop", "srv_shop", later));
            world.run(partials::forget("srv_shop", &format!("[\"{key}\"]"), later));
            id
        }
    }
}

/// Saves what a visitor answered so far, and tells where they stand.
fn save(world: &World, chance: &mut Chance, key: &str) -> &'static str {
    let at = ["q1", "q2", "q3"][usize::try_from(chance.below(3)).unwrap()];
    world.run(
        partials::save(
            &Partial {
                site_id: "sit_shop".into(),
                study_id: "srv_shop".into(),
                key: key.into(),
                study_version: 1,
                at: at.into(),
                saved_at: world.now(),
                ..Partial::default()
            },
            "[]",
            1,
            None,
            None,
        )
        .statement,
    );
    at
}

/// What the tally should say of visitors of whom something was saved.
#[derive(Default)]
struct Visitors {
    /// Where those stand who may go on.
    saved: BTreeMap<String, &'static str>,
    /// Where those stopped who stayed away.
    gone: Vec<&'static str>,
    finished: i64,
}

impl Visitors {
    fn check(&self, world: &World) {
        let mut expected = format!("finished:1 {}", self.finished);
        for at in ["q1", "q2", "q3"] {
            let stopped = self.saved.values().chain(&self.gone).filter(|it| **it == at).count();
            expected.push_str(&format!(" stopped:1:{at} {stopped}"));
        }
        let tally = "select 'finished:1 ' || coalesce(sum(n * (cell = 'finished:1')), 0)
              || ' stopped:1:q1 ' || coalesce(sum(n * (cell = 'stopped:1:q1')), 0)
              || ' stopped:1:q2 ' || coalesce(sum(n * (cell = 'stopped:1:q2')), 0)
              || ' stopped:1:q3 ' || coalesce(sum(n * (cell = 'stopped:1:q3')), 0),
            (select count(*) from partial)
            from tally";
        let found = world.database().query_row(tally, [], |row| Ok((row.get(0)?, row.get(1)?)));
        let found: (String, usize) = found.unwrap();
        assert_eq!(found, (expected, self.saved.len()));
    }
}

/// Screens a response out or overrules that, as `study` does.
fn recount(world: &World, id: &str, counted: bool) {
    let query = responses::by_id("srv_shop", id);
    let rows = pollster::block_on(ports::Sql::rows(world.sql(), query.statement)).unwrap();
    let Some(mut row): Option<Response> = (query.decode)(rows).unwrap() else { return };
    row.version += 1;
    row.counted = counted;
    if !counted {
        row.screened = screen::with(&row.screened, Reason::Staff);
    }
    world.run(responses::recount("srv_shop", &row));
}

#[test]
fn any_order_of_changes_gives_what_a_rebuild_gives() {
    let mut found = [0; REASONS.len()];
    let mut ended = [0; 3];
    for seed in 1..=12 {
        let world = World::with_site();
        let mut chance = Chance(0x9e37_79b9_7f4a_7c15 ^ seed);
        let mut ids: Vec<String> = Vec::new();
        let mut visitors = Visitors::default();
        for step in 0..100 {
            let known = ids.len() as u64;
            let saved = visitors.saved.keys().nth(chance.below(4) as usize).cloned();
            match chance.below(16) {
                0..=2 => ids.push(submit(&world, &mut chance, How::Import)),
                3 | 4 => ids.push(submit(&world, &mut chance, How::Submit(""))),
                9 | 10 => {
                    let key = format!("visitor {}", chance.below(40));
                    let at = save(&world, &mut chance, &key);
                    let is_over =
                        format!("select count(*) from response where idempotency_key = '{key}'");
                    if world.number(&is_over) == 0 {
                        visitors.saved.insert(key, at);
                    }
                }
                11 | 12 if saved.is_some() => {
                    let key = saved.unwrap();
                    ids.push(submit(&world, &mut chance, How::Submit(&key)));
                    visitors.saved.remove(&key);
                    visitors.finished += 1;
                }
                13 if saved.is_some() => {
                    let key = saved.unwrap();
                    ids.push(submit(&world, &mut chance, How::Abandon(&key)));
                    visitors.gone.extend(visitors.saved.remove(&key));
                }
                5 | 6 if 0 < known => {
                    let id = ids[usize::try_from(chance.below(known)).unwrap()].clone();
                    recount(&world, &id, false);
                }
                7 | 8 if 0 < known => {
                    let id = ids[usize::try_from(chance.below(known)).unwrap()].clone();
                    recount(&world, &id, true);
                }
                _ => world.run(customers::unlink_responses(chance.of(&["cus_a", "cus_b"]))),
            }
            assert_eq!(world.number(DIFFERENCES), 0, "seed {seed}, step {step}");
            assert_eq!(world.number(CELLS), 0, "seed {seed}, step {step}");
            visitors.check(&world);
        }
        let sum = "select sum((n + c0 + 3 * c5 + 7 * c10) * (day + length(a || b))) from rollup";
        let maintained = world.number(sum);
        for day in 20_770..20_773 {
            world.run(rebuild::clear_day("sit_shop", day));
            world.run(rebuild::count_day("sit_shop", day));
        }
        assert_eq!(world.number(sum), maintained, "seed {seed}");
        assert!(world.number("select count(*) from rollup where grain like '%driver'") > 0);
        for (at, reason) in REASONS.iter().enumerate() {
            let all = format!("select count(*) from response where screened = '{reason}'");
            found[at] += world.number(&all);
        }
        ended[0] += visitors.finished;
        ended[1] += world.number("select count(*) from response where complete = 0");
        ended[2] += world.number("select count(*) from partial");
        let wrong = "select count(*) from response where screened = '' and counted = 0";
        assert_eq!(world.number(wrong), 0, "who is left out has a reason");
    }
    assert!(found.iter().all(|it| 0 < *it), "{found:?} of {REASONS:?}");
    assert!(ended.iter().all(|it| 0 < *it), "finished, gone, under way: {ended:?}");
}

#[test]
fn a_rollup_that_is_wrong_would_be_found() {
    let world = World::with_site();
    world.answered(&Given::default(), 4);
    assert_eq!(world.number(DIFFERENCES), 0);
    world.database().execute("update rollup set c4 = 2 where grain = 'channel'", []).unwrap();
    assert_eq!(world.number(DIFFERENCES), 2, "one is missing and one is too many");
}

#[test]
fn of_equal_texts_one_counts_and_only_known_reasons_are_kept() {
    let world = World::with_site();
    let said = |screened, fingerprint| {
        world.wait_ms(1);
        world.answered(&Given { screened, fingerprint, ..Given::default() }, 4);
    };
    said("too_fast", "a");
    said("", "a");
    said("", "a");
    said("no_substance,too_fast", "a");
    let found =
        "select group_concat(screened, ' ') from (select screened from response order by id)";
    let found: String = world.database().query_row(found, [], |row| row.get(0)).unwrap();
    assert_eq!(found, "too_fast  duplicate duplicate,no_substance,too_fast");
    assert_eq!(world.number("select n from rollup where grain = 'site'"), 1);
    for wrong in ["liar", "staff,", ",staff", "staffstaff", "staff duplicate", "Staff"] {
        let update = "update response set screened = ?1";
        assert!(world.database().execute(update, [wrong]).is_err(), "{wrong}");
    }
    for (_, name) in screen::REASONS {
        world.database().execute("update response set screened = ?1", [name]).unwrap();
    }
}
