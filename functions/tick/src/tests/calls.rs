//! Whatever is done to call-backs in whatever order, their figures are what counting them anew
//! would give.

use app::callback::{Place, Work};
use domain::callback::quanta::QUANTUM_MS;
use domain::callback::{Act, Mode, Outcome, Purpose, State};
use domain::id::Kind;
use ports::{Committed, Env, Sql};
use serde_json::Map;
use store::agents::{self, Agent};
use store::callbacks::Callback;
use store::services::Service;
use store::{Entity, call_counts, jobs};
use testkit::World;
use web::service::Offered;

use super::cases::Chance;

const DAY: i64 = 24 * 60 * 60 * 1000;
const ACTS: [Act; 12] = [
    Act::Confirm,
    Act::Move,
    Act::Cancel,
    Act::Take,
    Act::Release,
    Act::Expire,
    Act::Attempt(Outcome::Reached),
    Act::Attempt(Outcome::NoAnswer),
    Act::Attempt(Outcome::Busy),
    Act::Attempt(Outcome::WrongNumber),
    Act::Attempt(Outcome::Refused),
    Act::Attempt(Outcome::DoNotCall),
];

/// A site's call-backs.
struct Calls {
    world: World,
    offered: Offered,
    ids: Vec<String>,
    /// Changes that found the time taken.
    refused: usize,
}

impl Calls {
    fn new() -> Calls {
        let world = World::with_site();
        for id in ["svc_a", "svc_b"] {
            let service = Service {
                id: id.to_owned(),
                site_id: "sit_shop".to_owned(),
                version: 1,
                name: id.to_owned(),
                is_active: true,
                definition: "{}".to_owned(),
                ..Service::default()
            };
            world.run(store::services::insert(&service));
        }
        let found = world.sql().fetch(Agent::by_id("sit_shop", "agt_lan"));
        let found = pollster::block_on(found).unwrap().unwrap();
        world.run(agents::insert(&Agent { id: "agt_mo".to_owned(), ..found }));
        Calls { world, offered: Offered::default(), ids: Vec::new(), refused: 0 }
    }

    /// Commits a change, but for its events, which the figures do not read.
    fn commit(world: &World, mut work: Work<'_>) -> bool {
        work.happened("callback.updated", Map::new());
        work.settle();
        let writes = work.change(web::no_content()).writes;
        pollster::block_on(world.sql().commit(writes)).unwrap() == Committed::Done
    }

    fn place(&self, chance: &mut Chance) -> Place {
        let now = self.world.now();
        let ahead = i64::try_from(chance.below(60)).unwrap() * QUANTUM_MS;
        let start = now - now.rem_euclid(QUANTUM_MS) + ahead;
        Place {
            agent_id: chance.of(&["agt_lan", "agt_mo"]).to_owned(),
            lane: 0,
            start,
            day: start / DAY,
            cap: 9,
        }
    }

    fn open(&mut self, chance: &mut Chance) {
        let now = self.world.now();
        let id = Kind::Callback.id(now, self.world.random());
        let back = i64::try_from(chance.below(3)).unwrap() * DAY;
        let mode = chance.of(&Mode::ALL);
        let row = Callback {
            id: id.clone(),
            site_id: "sit_shop".to_owned(),
            once: id.clone(),
            mode: mode.name().to_owned(),
            purpose: chance.of(&Purpose::ALL).name().to_owned(),
            service_id: chance.of(&["svc_a", "svc_b"]).to_owned(),
            zone: "Asia/Shanghai".to_owned(),
            place: now - back,
            due_by: now + DAY,
            expires: now + 2 * DAY,
            requested_at: now - back,
            requested_day: (now - back) / DAY,
            ..Callback::default()
        };
        let mut work = Work::new(&self.offered, row, now);
        let state = match mode {
            Mode::Appointment => chance.of(&[State::Held, State::Booked]),
            _ => State::Waiting,
        };
        work.enter(state);
        if mode == Mode::Appointment {
            work.place(&self.place(chance));
        }
        if state == State::Held {
            work.row.lease = now + 300_000;
        }
        match Calls::commit(&self.world, work) {
            true => self.ids.push(id),
            false => self.refused += 1,
        }
    }

    /// Does anything that can be done to a call-back.
    fn act(&mut self, chance: &mut Chance, id: &str) {
        let found = self.world.sql().fetch(Callback::by_id("sit_shop", id));
        let found = pollster::block_on(found).unwrap().unwrap();
        let mut work = Work::on(&self.offered, found, self.world.now());
        let (act, is_held) = (chance.of(&ACTS), work.state() == State::Held);
        let lease = work.row.lease;
        if work.act(act).is_err() {
            return;
        }
        let now = work.now;
        match act {
            Act::Move => {
                work.place(&self.place(chance));
                work.row.lease = if is_held { lease } else { 0 };
            }
            Act::Take => {
                work.row.lease = now + 30 * 60_000;
                work.row.agent_id = chance.of(&["agt_lan", "agt_mo"]).to_owned();
            }
            Act::Attempt(outcome) => {
                outcome.name().clone_into(&mut work.row.outcome);
                work.row.attempts += 1;
                if work.row.first_attempt.is_none() {
                    work.row.first_attempt = Some(now);
                    work.row.is_no_show = outcome == Outcome::NoAnswer;
                }
                // Tried again, later, by whoever is free then.
                work.row.place = now + DAY;
                if work.state() == State::Waiting {
                    work.row.agent_id.clear();
                }
                if work.row.promise == 0 {
                    work.row.promise = if now <= work.row.due_by { 1 } else { 2 };
                }
            }
            Act::Expire => work.row.promise = work.row.promise.max(chance.of(&[0, 2])),
            _ => {}
        }
        if !Calls::commit(&self.world, work) {
            self.refused += 1;
        }
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
            "select (select coalesce(sum(requested * 1000003 + appointments * 3 + open * 5
                 + overdue * 7 + reached * 11 + failed * 13 + cancelled * 17 + expired * 19
                 + decided * 23 + kept * 29 + called * 31 + reached_first * 37 + shown * 41
                 + no_show * 43 + attempts * 47 + attempts_to_reach * 53 + moved * 59
                 + length(a) * day), 0) from call_count where requested > 0)
             + (select coalesce(sum(n * 5 + sum + bound), 0) from call_value where n <> 0)
             + (select coalesce(sum(calls * (day + length(agent_id))), 0) from call_day)",
        )
    }
}

#[test]
fn figures_kept_by_changes_are_those_counted_anew() {
    let (mut refused, mut held) = (0, 0);
    for seed in 1..12 {
        let mut calls = Calls::new();
        let mut chance = Chance(0x9e37_79b9_7f4a_7c15 ^ seed);
        for _ in 0..250 {
            if calls.ids.is_empty() || chance.below(4) == 0 {
                calls.open(&mut chance);
            } else {
                let at = chance.below(calls.ids.len() as u64);
                let id = calls.ids[usize::try_from(at).unwrap()].clone();
                calls.act(&mut chance, &id);
            }
            calls.world.wait_ms(i64::try_from(chance.below(2_000_000)).unwrap());
        }
        let states = calls.world.number("select count(distinct state) from callback");
        assert!(6 <= states, "seed {seed}: {states} states");
        let all = "select count(*) from callback
             where state not in ('held', 'cancelled', 'expired')";
        let ended = "select count(*) from callback where state in ('cancelled', 'expired')";
        let counted = "select sum(requested) from call_count where grain = 'site'";
        let only_held =
            calls.world.number(all) + calls.world.number(ended) - calls.world.number(counted);
        let lapsed = "select count(*) from callback
             where lease_ms <> 0 and state in ('cancelled', 'expired')";
        assert_eq!(calls.world.number(lapsed), only_held, "seed {seed}");
        let negative = "select count(*) from call_count where min(requested, appointments, open,
             overdue, reached, failed, cancelled, expired, decided, kept, called, reached_first,
             shown, no_show, attempts, attempts_to_reach, moved) < 0";
        assert_eq!(calls.world.number(negative), 0, "seed {seed}");
        let frozen = "select count(*) from callback
             where since_mode = 'asap' and first_attempt_ms < since_ms";
        assert_eq!(calls.world.number(frozen), 0, "seed {seed}: later places change no wait");
        let maintained = calls.snapshot();
        let (days, differences) = calls.rebuild();
        assert!(2 < days && differences == 0, "seed {seed}: {days} days, {differences} differ");
        assert_eq!(calls.snapshot(), maintained, "seed {seed}");
        refused += calls.refused;
        held += only_held;
    }
    assert!(8 < refused && 20 < held, "{refused} were refused, {held} only held");
}

#[test]
fn wrong_figures_are_found_and_mended() {
    let mut calls = Calls::new();
    let mut chance = Chance(7);
    for _ in 0..60 {
        calls.open(&mut chance);
        let id = calls.ids.last().cloned().unwrap_or_default();
        if !id.is_empty() {
            calls.act(&mut chance, &id);
        }
    }
    let maintained = calls.snapshot();
    let change = |text: &str| calls.world.database().execute(text, []).unwrap();
    let wrong = change("update call_count set reached = reached + 1 where grain = 'site'")
        + change("update call_value set n = n + 1 where grain = 'purpose'")
        + change("update call_day set calls = calls + 1 where calls > 0");
    let stray =
        change("insert into call_value values ('sit_shop', 'site', 'asap', '', 1, 5, 1, 5)")
            + change("insert into call_day values ('agt_lan', 1, 3)");
    let (_, differences) = calls.rebuild();
    assert_eq!(differences, i64::try_from(2 * wrong + stray).unwrap());
    assert_eq!(calls.snapshot(), maintained);
}

#[test]
fn a_day_is_not_counted_over_a_call_that_changed_meanwhile() {
    let mut calls = Calls::new();
    while calls.ids.is_empty() {
        calls.open(&mut Chance(7));
    }
    let id = Kind::Job.id(0, calls.world.random());
    calls.world.run(jobs::insert_rebuild(&id, "sit_shop", calls.world.now()));
    let now = calls.world.now();
    let leased = jobs::lease(now, now + DAY, "lease", r#"["rebuild"]"#, 1);
    pollster::block_on(calls.world.sql().fetch(leased)).unwrap();
    let found = calls.world.sql().fetch(Callback::by_id("sit_shop", &calls.ids[0]));
    let call = pollster::block_on(found).unwrap().unwrap();
    for (versions, ended) in
        [(call.version - 1, Committed::Refused(0)), (call.version, Committed::Done)]
    {
        let at = ("sit_shop", call.requested_day);
        let compare = call_counts::compare(&id, "lease", at, ("[]", "[]"), versions);
        let found = pollster::block_on(calls.world.sql().commit(vec![compare.guarded()])).unwrap();
        assert_eq!(found, ended);
    }
}
