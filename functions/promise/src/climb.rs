//! The ladder: what is done while the clocks of cases run out, and after.

use app::auth::Staff;
use app::case::assign::Staffing;
use app::case::batch::commit_all;
use app::case::book::Promise;
use app::case::dues::{next_step, plan};
use app::case::notice::{self, Told, Whom, about};
use app::case::{Book, Work};
use domain::case::Urgency;
use domain::clock::Clock;
use domain::ladder::{self, Deed, Plan, Step, To};
use ports::{Env, Sql, Write};
use serde_json::{Map, Value, json};
use store::case_steps;
use store::cases::Case;
use web::ladder::Ladder;
use web::{Problem, view};

use crate::ACTOR;

/// Most cases that are looked at together.
const CASES_MAX: usize = 100;
/// How often one tick does that.
const ROUNDS: usize = 6;
/// From which round on each case is committed by itself: others keep changing them.
const SINGLY: usize = 3;
/// How long a notice is held back for somebody who is not at work, before there is another look.
const AWAY_MS: i64 = 5 * 60 * 1000;
/// When there is another look at what cannot be understood.
const BROKEN_MS: i64 = 60 * 60 * 1000;

/// Takes every step that is due, and tells of how many cases.
pub(crate) async fn climb(env: &impl Env) -> Result<usize, Problem> {
    let mut number = 0;
    for round in 0..ROUNDS {
        let rows = i64::try_from(CASES_MAX).unwrap_or(i64::MAX);
        let mut left = env.sql().fetch(case_steps::due(env.now(), rows)).await?;
        let mut is_over = left.len() < CASES_MAX;
        while let Some(site_id) = left.first().map(|it| it.site_id.clone()) {
            let (own, others) = left.into_iter().partition(|it| it.site_id == site_id);
            left = others;
            match together(env, &site_id, own, SINGLY <= round).await? {
                Some(count) => number += count,
                None => is_over = false,
            }
        }
        if is_over {
            break;
        }
    }
    Ok(number)
}

/// Takes the steps of a site's cases, all in one commit; none if that was refused.
pub(crate) async fn together(
    env: &impl Env,
    site_id: &str,
    cases: Vec<Case>,
    is_singly: bool,
) -> Result<Option<usize>, Problem> {
    let book = Book::load(env, site_id).await?;
    let by = Staff::new(site_id, ACTOR);
    let mut climber = Climber {
        staffing: Staffing::load(env, &book).await?,
        promise: book.promise(),
        ladder: book.ladder(),
        book: &book,
        now: env.now(),
        climbed: Vec::new(),
        put_off: Vec::new(),
    };
    cases.into_iter().for_each(|it| climber.case(it));
    let Climber { climbed, put_off, ladder, .. } = climber;
    let mut also: Vec<Write> = Vec::new();
    if !put_off.is_empty() {
        also.push(case_steps::put_off(&view::text(&put_off)).write());
    }
    if !is_singly {
        let (works, told): (Vec<_>, Vec<_>) = climbed.into_iter().unzip();
        let number = works.len();
        let told = told.into_iter().flatten().collect();
        also.extend(notice::writes(env, &by, told, ladder.digest_from));
        return Ok(commit_all(env, &by, works, also).await?.then_some(number));
    }
    commit_all(env, &by, Vec::new(), also).await?;
    let mut number = 0;
    for (work, told) in climbed {
        let also = notice::writes(env, &by, told, ladder.digest_from);
        number += usize::from(commit_all(env, &by, vec![work], also).await?);
    }
    Ok(Some(number))
}

struct Climber<'a> {
    book: &'a Book,
    staffing: Staffing,
    promise: Promise,
    ladder: Ladder,
    now: i64,
    climbed: Vec<(Work<'a>, Vec<Told>)>,
    /// Cases at which there was nothing to do, and when there is.
    put_off: Vec<Value>,
}

impl Climber<'_> {
    fn case(&mut self, case: Case) {
        let version = case.version;
        let again = put_off(&case, version, Some(self.now + BROKEN_MS));
        let Ok(mut work) = Work::on(self.book, case, self.now) else {
            self.put_off.push(again);
            return;
        };
        let ladder = self.ladder.clone();
        let Plan { due, next } = plan(&self.promise, &ladder, &work.case, work.history(), self.now);
        let (waiting, due): (Vec<&Step>, Vec<&Step>) =
            due.into_iter().partition(|it| self.waits(it, &work.case));
        let mut told = Vec::new();
        if !due.is_empty() {
            self.take(&mut work, &due, &mut told);
        }
        self.remind(&mut work, &mut told);
        let is_changed = work.is_changed();
        work.settle();
        let by = (&self.promise, &self.ladder);
        work.case.next_step = next_step(self.book, by, &work.case, work.history(), self.now);
        if !waiting.is_empty() {
            let again = self.now + AWAY_MS;
            work.case.next_step = Some(next.map_or(again, |it| it.min(again)));
        }
        if is_changed {
            self.climbed.push((work, told));
        } else {
            let next = work.case.next_step.filter(|it| self.now < *it);
            self.put_off.push(put_off(&work.case, version, next));
        }
    }

    /// Whether a step is for somebody who is not at work.
    fn waits(&self, step: &Step, case: &Case) -> bool {
        let agent_id = match &step.to {
            To::Agent => &case.agent_id,
            To::AgentId(id) => id,
            _ => return false,
        };
        step.is_working
            && step.deed == Deed::Notify
            && !agent_id.is_empty()
            && !self.staffing.is_here(agent_id)
    }

    /// Whom a step means. Whoever works here no more is told nothing, but their department is.
    fn whom(&self, to: &To, case: &Case) -> Whom {
        let is_gone = *to == To::Agent && !self.staffing.has(&case.agent_id);
        Whom::of(if is_gone { &To::Department } else { to }, case)
    }

    /// Takes the steps that are due. Missed ones are told as one.
    fn take(&mut self, work: &mut Work<'_>, steps: &[&Step], told: &mut Vec<Told>) {
        let round = work.case.reopened + 1;
        let reached = Reached::of(steps);
        let mut data = Map::new();
        let mut acts: Vec<&str> = Vec::new();
        let mut to: Vec<Recipient> = Vec::new();
        for step in steps {
            ladder::take(&mut work.case.ladder_done, &step.key(round));
            if !acts.contains(&step.deed.name()) {
                acts.push(step.deed.name());
            }
            if step.deed == Deed::Notify {
                Recipient::add(&mut to, self.whom(&step.to, &work.case), step);
            }
        }
        let names: Vec<String> = to.iter().map(|it| it.whom.name()).collect();
        told.extend(to.into_iter().map(|it| it.told(&reached, &work.case)));
        for clock in Clock::ALL {
            if steps.iter().any(|it| it.deed == Deed::Raise && it.clock == clock) {
                let urgency = raised(&work.case.urgency);
                urgency.clone_into(&mut work.case.urgency);
                data.insert("urgency".to_owned(), urgency.into());
            }
        }
        let hand_on = steps.iter().filter(|it| it.deed == Deed::Reassign);
        if let Some(step) = hand_on.max_by_key(|it| it.percent) {
            self.reassign(work, &step.to, &mut data, told);
        }
        data.extend(reached.shown(&Clock::ALL));
        for (name, value) in [
            ("by", json!("ladder")),
            ("round", json!(round)),
            ("acts", json!(acts)),
            ("to", json!(names)),
        ] {
            data.insert(name.to_owned(), value);
        }
        work.happened("complaint.escalated", data);
    }

    /// Gives the case to somebody else; if there is nobody it stays whose it is.
    fn reassign(
        &mut self,
        work: &mut Work<'_>,
        to: &To,
        data: &mut Map<String, Value>,
        told: &mut Vec<Told>,
    ) {
        let before = json!({
            "agent_id": view::some(&work.case.agent_id),
            "department_id": view::some(&work.case.department_id),
        });
        let is_open = matches!(work.case.state.as_str(), "open" | "waiting");
        if !is_open || !work.hand_on(&mut self.staffing, to) {
            return;
        }
        data.extend(work.assigned());
        data.insert("before".to_owned(), before);
        told.push(Told {
            kind: "case.assigned",
            to: Whom::agent(&work.case.agent_id),
            subject: work.case.id.clone(),
            data: Value::Object(about(&work.case)),
            is_digest: false,
        });
    }

    /// Reminds people of what was solved, was not contested as long as it could be, and is to be
    /// closed: its cause and remedy are theirs to say.
    fn remind(&self, work: &mut Work<'_>, told: &mut Vec<Told>) {
        let key = ladder::reminder(work.case.reopened + 1);
        let at = work.case.solved_at.map(|it| it + self.book.reopen_ms());
        if work.case.state != "solved"
            || at.is_none_or(|it| self.now < it)
            || ladder::is_done(&work.case.ladder_done, &key)
        {
            return;
        }
        ladder::take(&mut work.case.ladder_done, &key);
        let whom = self.whom(&To::Agent, &work.case);
        let mut data = Map::new();
        for (name, value) in [
            ("by", json!("ladder")),
            ("round", json!(work.case.reopened + 1)),
            ("acts", json!(["remind"])),
            ("to", json!([whom.name()])),
        ] {
            data.insert(name.to_owned(), value);
        }
        told.push(Told {
            kind: "case.to_close",
            to: whom,
            subject: work.case.id.clone(),
            data: Value::Object(about(&work.case)),
            is_digest: true,
        });
        work.happened("complaint.escalated", data);
    }
}

/// The highest step of each clock that is taken.
struct Reached([Option<u16>; 3]);

impl Reached {
    fn of(steps: &[&Step]) -> Reached {
        let highest =
            |clock| steps.iter().filter(|it| it.clock == clock).map(|it| it.percent).max();
        Reached(Clock::ALL.map(highest))
    }

    /// Of some clocks, as far as they have one.
    fn among(&self, clocks: &[Clock]) -> Vec<(Clock, u16)> {
        let all = Clock::ALL.into_iter().zip(self.0).filter(|(it, _)| clocks.contains(it));
        all.filter_map(|(clock, percent)| Some((clock, percent?))).collect()
    }

    /// The furthest of some clocks.
    fn furthest(&self, clocks: &[Clock]) -> Option<(Clock, u16)> {
        // Of equals the first: an answer comes before a solution.
        let all = self.among(clocks);
        let most = all.iter().map(|it| it.1).max()?;
        all.into_iter().find(|it| it.1 == most)
    }

    /// The furthest, and each.
    fn shown(&self, clocks: &[Clock]) -> Map<String, Value> {
        let mut shown = Map::new();
        if let Some((clock, percent)) = self.furthest(clocks) {
            shown.insert("clock".to_owned(), clock.name().into());
            shown.insert("percent".to_owned(), percent.into());
        }
        let each = self.among(clocks);
        let each: Vec<Value> =
            each.iter().map(|it| json!({ "clock": it.0.name(), "percent": it.1 })).collect();
        shown.insert("steps".to_owned(), Value::Array(each));
        shown
    }
}

/// Whom some steps tell, and of which clocks.
struct Recipient {
    whom: Whom,
    clocks: Vec<Clock>,
    is_digest: bool,
}

impl Recipient {
    fn add(all: &mut Vec<Recipient>, whom: Whom, step: &Step) {
        match all.iter_mut().find(|it| it.whom == whom) {
            Some(it) => {
                it.clocks.push(step.clock);
                it.is_digest &= step.is_digest;
            }
            None => {
                all.push(Recipient { whom, clocks: vec![step.clock], is_digest: step.is_digest });
            }
        }
    }

    /// One notice of a case for each.
    fn told(self, reached: &Reached, case: &Case) -> Told {
        let mut data = about(case);
        data.extend(reached.shown(&self.clocks));
        let (clock, percent) = reached.furthest(&self.clocks).unwrap_or((Clock::Answer, 0));
        let due = [case.answer_due, case.solution_due, case.closing_due];
        let due = due.get(clock.index()).copied().flatten();
        data.insert("due".to_owned(), json!(view::time_or_null(due)));
        Told {
            kind: if percent < 100 { "case.due" } else { "case.late" },
            to: self.whom,
            subject: case.id.clone(),
            data: Value::Object(data),
            is_digest: self.is_digest,
        }
    }
}

/// What is written of a case to which nothing happened.
fn put_off(it: &Case, version: i64, next: Option<i64>) -> Value {
    let [answer, solution, closing] = [it.answer_due, it.solution_due, it.closing_due];
    json!([it.id, version, next, answer, solution, closing, it.next_due])
}

fn raised(urgency: &str) -> &'static str {
    match Urgency::parse(urgency).unwrap_or_default() {
        Urgency::Normal => Urgency::High,
        Urgency::High | Urgency::Immediate => Urgency::Immediate,
    }
    .name()
}
