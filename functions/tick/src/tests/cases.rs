//! Whatever is done to cases in whatever order, their counts are what counting the cases anew
//! would give.

use app::auth::Staff;
use app::case::{Book, Opening, Work};
use domain::case::act::Act;
use domain::case::{CauseKind, Grade, Need, Source, Step, Tier};
use domain::id::Kind;
use ports::{Committed, Env, Sql};
use store::Entity;
use store::cases::Case;
use store::{jobs, rebuild};
use testkit::World;

const DAY: i64 = 24 * 60 * 60 * 1000;

/// Small numbers that look random and are the same in every run (xorshift).
pub(super) struct Chance(pub(super) u64);

impl Chance {
    pub(super) fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) % most
    }

    pub(super) fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }
}

/// A site's cases, and the staff who work on them.
struct Desk {
    world: World,
    book: Book,
    by: Staff,
    ids: Vec<String>,
}

impl Desk {
    fn new() -> Desk {
        let world = World::with_site();
        let book = pollster::block_on(Book::load(&world, "sit_shop")).unwrap();
        let by = Staff {
            site_id: "sit_shop".to_owned(),
            actor: "key:key_a".to_owned(),
            agent_id: String::new(),
        };
        Desk { world, book, by, ids: Vec::new() }
    }

    /// Commits a change, but for its events, which the figures do not read.
    fn commit(world: &World, mut work: Work<'_>) {
        work.settle();
        let writes = work.change(web::no_content()).writes;
        let ended = pollster::block_on(world.sql().commit(writes)).unwrap();
        assert_eq!(ended, Committed::Done);
    }

    fn open(&mut self, chance: &mut Chance) {
        let back = i64::try_from(chance.below(3)).unwrap() * DAY;
        let opening = Opening {
            source: chance.of(&[Source::Staff, Source::Page, Source::Surge]),
            channel: chance.of(&["phone", "web", ""]).to_owned(),
            touchpoint_id: chance.of(&["tch_shop", ""]).to_owned(),
            customer_group: chance.of(&["core", "new", ""]).to_owned(),
            text: "it broke".to_owned(),
            received_at: Some(self.world.now() - back),
            ..Opening::default()
        };
        let opened = app::case::open(&self.world, &self.book, &self.by, opening);
        let mut work = pollster::block_on(opened).unwrap().work;
        work.case.agent_id = chance.of(&["agt_a", "agt_b", ""]).to_owned();
        self.ids.push(work.case.id.clone());
        Desk::commit(&self.world, work);
    }

    fn find(&self, id: &str) -> Case {
        pollster::block_on(self.world.sql().fetch(Case::by_id("sit_shop", id))).unwrap().unwrap()
    }

    /// Does anything that can be done to a case, and more.
    fn act(&self, chance: &mut Chance, id: &str) {
        let mut work = Work::on(&self.book, self.find(id), self.world.now()).unwrap();
        let act = chance.of(&Act::ALL);
        if act == Act::Close {
            chance.of(&CauseKind::NAMES).clone_into(&mut work.case.cause_kind);
            work.case.cause_id = chance.of(&["cau_a", "cau_b", ""]).to_owned();
        }
        if act == Act::Rate {
            work.case.csat = Some(1 + i64::try_from(chance.below(5)).unwrap());
            work.case.ces = Some(1 + i64::try_from(chance.below(7)).unwrap());
        }
        if work.act(act).is_err() {
            return;
        }
        match chance.below(7) {
            0 => {
                let grade = chance.of(&Grade::ALL);
                work.grade(grade, Tier::of_grade(grade));
            }
            1 => work.case.late |= chance.of(&[1, 2, 4, 7]),
            2 => work.case.agent_id = chance.of(&["agt_a", "agt_b", ""]).to_owned(),
            3 => work.case.department_id = chance.of(&["dep_a", "dep_b", ""]).to_owned(),
            4 => {
                work.case.type_id = chance.of(&["delivery", "quality", ""]).to_owned();
                chance.of(&Need::NAMES).clone_into(&mut work.case.need);
                let review = chance.of(&["{}", r#"{"needs_review":true}"#]);
                review.clone_into(&mut work.case.grading);
            }
            5 => work.step(Step::Planned),
            _ => work.case.is_repeat = !work.case.is_repeat,
        }
        work.happened("complaint.changed", serde_json::Map::new());
        Desk::commit(&self.world, work);
    }

    /// Days counted anew, and what differed.
    fn rebuild(&self) -> (i64, i64) {
        let id = Kind::Job.id(0, self.world.random());
        self.world.run(jobs::insert_rebuild(&id, "sit_shop", self.world.now()));
        super::tick(&self.world);
        let number = |name: &str| {
            self.world.number(&format!(
                "select progress ->> '{name}' from job where state = 'done' and id = '{id}'"
            ))
        };
        (number("days"), number("differences"))
    }

    fn snapshot(&self) -> i64 {
        self.world.number(
            "select (select count(*) * 1000003 + sum(received + open * 3 + closed * 7 + late * 11
                 + answer_on_time * 13 + major * 17 + day) from case_count
               where received + merged + not_complaints > 0)
             + (select coalesce(sum(n * 5 + sum + bound), 0) from case_value where n <> 0)",
        )
    }
}

#[test]
fn counts_kept_by_changes_are_those_counted_anew() {
    for seed in 1..12 {
        let mut desk = Desk::new();
        let mut chance = Chance(0x9e37_79b9_7f4a_7c15 ^ seed);
        for _ in 0..150 {
            if desk.ids.is_empty() || chance.below(6) == 0 {
                desk.open(&mut chance);
            } else {
                let at = chance.below(desk.ids.len() as u64);
                let id = desk.ids[usize::try_from(at).unwrap()].clone();
                desk.act(&mut chance, &id);
            }
            desk.world.wait_ms(i64::try_from(chance.below(4_000_000)).unwrap());
        }
        let states = desk.world.number("select count(distinct state) from complaint");
        assert!(3 <= states, "seed {seed}: {states} states");
        let all = "select count(*) from complaint where source <> 'surge'";
        let counted = "select sum(received + merged + not_complaints) from case_count
             where grain = 'site'";
        assert_eq!(desk.world.number(counted), desk.world.number(all), "seed {seed}");
        let negative = "select count(*) from case_count where min(received, open, answered, solved,
             closed, overdue, first_contact, major) < 0";
        assert_eq!(desk.world.number(negative), 0, "seed {seed}");
        let maintained = desk.snapshot();
        let (days, differences) = desk.rebuild();
        assert!(2 < days && differences == 0, "seed {seed}: {days} days, {differences} differ");
        assert_eq!(desk.snapshot(), maintained, "seed {seed}");
    }
}

#[test]
fn wrong_counts_are_found_and_mended() {
    let mut desk = Desk::new();
    let mut chance = Chance(7);
    for _ in 0..12 {
        desk.open(&mut chance);
    }
    let maintained = desk.snapshot();
    let wrong = "update case_count set open = open + 1 where grain = 'site'";
    let rows = desk.world.database().execute(wrong, []).unwrap();
    let stray = "insert into case_value values ('sit_shop', 'site', 'csat', '', 20009, 5, 1, 5)";
    desk.world.database().execute(stray, []).unwrap();
    let (_, differences) = desk.rebuild();
    assert_eq!(differences, i64::try_from(2 * rows + 1).unwrap());
    assert_eq!(desk.snapshot(), maintained);
}

#[test]
fn a_day_is_not_counted_over_a_case_that_changed_meanwhile() {
    let mut desk = Desk::new();
    desk.open(&mut Chance(7));
    let id = Kind::Job.id(0, desk.world.random());
    desk.world.run(jobs::insert_rebuild(&id, "sit_shop", desk.world.now()));
    let now = desk.world.now();
    let leased = jobs::lease(now, now + DAY, "lease", r#"["rebuild"]"#, 1);
    pollster::block_on(desk.world.sql().fetch(leased)).unwrap();
    let case = desk.find(&desk.ids[0]);
    for (versions, ended) in
        [(case.version - 1, Committed::Refused(0)), (case.version, Committed::Done)]
    {
        let at = ("sit_shop", case.received_day);
        let compare = rebuild::compare_cases(&id, "lease", at, ("[]", "[]"), versions);
        let found = pollster::block_on(desk.world.sql().commit(vec![compare.guarded()])).unwrap();
        assert_eq!(found, ended);
    }
}
