//! Many cases alike: one alarm, and one parent that the others belong to (同因群诉).

use app::auth::Staff;
use app::case::batch::commit_all;
use app::case::notice::{self, Told, Whom, about};
use app::case::{Book, Opening, Work, open};
use app::write::{Change, commit, first_event};
use domain::case::{Grade, Source, Tier};
use domain::civil::DAY_MS;
use domain::id::Kind;
use domain::ladder::DIGEST_FROM;
use ports::{Env, Sql};
use serde_json::{Map, Value, json};
use store::alarms::{self, Alarm};
use store::case_scan::{self, Group};
use store::cases::{self, Case};
use web::intake::{Intake, Surge};
use web::{Fields, Kind as Fault, Problem, view};
use words::similar::{ALIKE, groups, jaccard};

use crate::ACTOR;

const HOUR_MS: i64 = 60 * 60 * 1000;
/// By what was usual before so long a time a surge is told.
const USUAL_MS: i64 = 28 * DAY_MS;
/// Sites at which nothing came in for so long have no new surge.
const STIRRED_MS: i64 = 2 * HOUR_MS;
/// Most cases that join their parent at once.
const CHILDREN_MAX: i64 = 300;

/// Raises, follows and clears the surges of all sites, and tells how many cases were part of one.
pub(crate) async fn watch(env: &impl Env) -> Result<usize, Problem> {
    let since = Kind::Case.id(env.now() - STIRRED_MS, [0; 16]);
    let mut number = 0;
    for site_id in env.sql().fetch(case_scan::stirred(&since)).await? {
        number += site(env, &site_id).await?;
    }
    Ok(number)
}

/// A site, and what a surge is there.
struct Watch<'a, E> {
    env: &'a E,
    book: &'a Book,
    by: Staff,
    policy: Surge,
    now: i64,
}

async fn site(env: &impl Env, site_id: &str) -> Result<usize, Problem> {
    let book = Book::load(env, site_id).await?;
    let stored = book.policy("intake").and_then(|it| view::object(&it.definition));
    let policy = stored.map(|it| Intake::read(&mut Fields::new(it)).surge).unwrap_or_default();
    let watch = Watch::new(env, &book, policy);
    let found = env.sql().fetch(case_scan::groups(site_id, &watch.since(watch.now))).await?;
    let mut open = env.sql().fetch(alarms::open(site_id)).await?;
    open.retain(|it| it.kind == "surge");
    let mut number = 0;
    for alarm in &open {
        number += watch.follow(alarm, &found).await?;
    }
    for group in &found {
        let is_new = !open.iter().any(|it| it.touchpoint_id == key(group));
        if policy.is_on && is_new && policy.at_least <= group.count {
            number += watch.raise(group).await?;
        }
    }
    Ok(number)
}

/// What an alarm is about, among those of its kind.
fn key(group: &Group) -> String {
    format!("{}@{}", group.type_id, group.touchpoint_id)
}

/// The least id of a case that came in within the window before an instant.
fn since(policy: &Surge, at: i64) -> String {
    Kind::Case.id(at - policy.within_hours * HOUR_MS, [0; 16])
}

impl<'a, E: Env> Watch<'a, E> {
    fn new(env: &'a E, book: &'a Book, policy: Surge) -> Watch<'a, E> {
        Watch { env, book, by: Staff::new(&book.site.id, ACTOR), policy, now: env.now() }
    }

    fn since(&self, at: i64) -> String {
        since(&self.policy, at)
    }

    /// Lets later ones join while it goes on, and clears the alarm once it is over.
    async fn follow(&self, alarm: &Alarm, found: &[Group]) -> Result<usize, Problem> {
        let group = found.iter().find(|it| key(it) == alarm.touchpoint_id);
        let count = group.map_or(0, |it| it.count);
        // Half as many are no surge any more: a limit of its own, so that it does not flicker.
        if let Some(group) =
            group.filter(|it| self.policy.is_on && self.policy.at_least <= 2 * it.count)
        {
            let once = format!("surge:{}", alarm.id);
            let parent = self.env.sql().fetch(cases::by_once(&self.by.site_id, &once)).await?;
            let Some(parent) =
                parent.filter(|it| !matches!(it.state.as_str(), "closed" | "merged"))
            else {
                return Ok(0);
            };
            let since = self.since(alarm.raised_at);
            let orphans = case_scan::orphans(&self.by.site_id, group, &since, CHILDREN_MAX);
            let mut orphans = self.env.sql().fetch(orphans).await?;
            if group.type_id.is_empty() && !orphans.is_empty() {
                let text = self.env.sql().fetch(case_scan::child_text(&parent.id)).await?;
                let text = text.unwrap_or_default();
                orphans.retain(|(_, own)| ALIKE <= jaccard(own, &text));
            }
            let orphans = orphans.into_iter().map(|(case, _)| case).collect();
            return self.join(&parent.id, orphans).await;
        }
        let numbers = json!({ "count": count, "within_hours": self.policy.within_hours });
        let was = view::json(&alarm.numbers);
        let data = json!({
            "kind": "surge",
            "metric": "complaints",
            "touchpoint_id": was.get("touchpoint_id").and_then(Value::as_str).unwrap_or(""),
            "numbers": numbers,
        });
        let clear = alarms::clear(&alarm.id, &view::text(&numbers), self.now).guarded();
        let change = Change::new("alarm.cleared", &alarm.id, 2, data, web::no_content()).and(clear);
        unless_raced(commit(self.env, &self.by, change).await)?;
        Ok(0)
    }

    /// Raises the alarm if it is far more than usual, opens the parent, and has the others join.
    async fn raise(&self, group: &Group) -> Result<usize, Problem> {
        let usual = self.usual(group).await?;
        #[expect(clippy::cast_precision_loss, reason = "counts of cases are small")]
        let is_usual = (group.count as f64) < usual * self.policy.times_usual as f64;
        if is_usual {
            return Ok(0);
        }
        let since = self.since(self.now);
        let orphans = case_scan::orphans(&self.by.site_id, group, &since, CHILDREN_MAX);
        let orphans = self.env.sql().fetch(orphans).await?;
        let children = if group.type_id.is_empty() { alike(orphans) } else { bare(orphans) };
        let count = i64::try_from(children.len()).unwrap_or(0);
        if count < self.policy.at_least {
            return Ok(0);
        }
        let alarm_id = Kind::Alarm.id(self.now, self.env.random());
        let mut work = self.parent(group, &alarm_id, count).await?;
        let parent_id = work.case.id.clone();
        let numbers = json!({
            "type": group.type_id,
            "touchpoint_id": group.touchpoint_id,
            "count": count,
            "within_hours": self.policy.within_hours,
            "usual": usual,
            "at_least": self.policy.at_least,
            "times_usual": self.policy.times_usual,
            "parent_id": parent_id,
            "number": work.case.number,
        });
        let data = json!({
            "kind": "surge",
            "metric": "complaints",
            "touchpoint_id": group.touchpoint_id,
            "numbers": numbers,
        });
        let alarm = Alarm {
            id: alarm_id,
            site_id: self.by.site_id.clone(),
            version: 1,
            kind: "surge".to_owned(),
            metric: "complaints".to_owned(),
            touchpoint_id: key(group),
            numbers: view::text(&numbers),
            cleared_by: String::new(),
            raised_at: self.now,
            cleared_at: None,
        };
        work.also(alarms::raise(&alarm).guarded());
        work.also(first_event(self.env, &self.by, &alarm.id, "alarm.raised", &data));
        let mut data = about(&work.case);
        data.insert("alarm_id".to_owned(), Value::from(alarm.id.as_str()));
        data.insert("customers".to_owned(), count.into());
        let told = Told {
            kind: "case.surge",
            to: Whom::managers(),
            subject: parent_id.clone(),
            data: Value::Object(data),
            is_digest: false,
        };
        for write in notice::writes(self.env, &self.by, vec![told], DIGEST_FROM) {
            work.also(write);
        }
        // Another tick that raised it just now did no harm; its parent takes them in.
        match commit(self.env, &self.by, work.change(web::no_content())).await {
            Err(problem) if problem.kind == Fault::Conflict => Ok(0),
            Err(problem) => Err(problem),
            Ok(_) => self.join(&parent_id, children).await,
        }
    }

    /// How many of a group come in within a window otherwise.
    async fn usual(&self, group: &Group) -> Result<f64, Problem> {
        let window = self.policy.within_hours * HOUR_MS;
        let until = self.now - window;
        let from = (until - USUAL_MS).max(self.book.site.created_at);
        if until <= from {
            return Ok(0.0);
        }
        let id = |at: i64| Kind::Case.id(at, [0; 16]);
        let before = case_scan::count(&self.by.site_id, group, &id(from), &id(until));
        let before = self.env.sql().fetch(before).await?;
        #[expect(clippy::cast_precision_loss, reason = "four weeks and their cases are small")]
        let usual = before as f64 * window as f64 / (until - from).max(window) as f64;
        Ok(domain::score::round(usual, 2))
    }

    /// The parent: "same cause, n customers". Many who are hit are a major complaint.
    async fn parent(&self, group: &Group, alarm_id: &str, count: i64) -> Result<Work<'_>, Problem> {
        let hours = self.policy.within_hours;
        let text = format!(
            "同因群诉：{count} 位客户在 {hours} 小时内投诉同一问题。\n\
             Same cause, {count} customers within {hours} hours."
        );
        let opening = Opening {
            once: format!("surge:{alarm_id}"),
            source: Source::Surge,
            touchpoint_id: group.touchpoint_id.clone(),
            text,
            ..Opening::default()
        };
        let mut work = open(self.env, self.book, &self.by, opening).await?.work;
        group.type_id.clone_into(&mut work.case.type_id);
        work.grade(Grade::Major, Tier::One);
        let mut data = Map::new();
        for (name, value) in [
            ("by", json!("surge")),
            ("tier", json!(work.case.tier)),
            ("type", json!(view::some(&work.case.type_id))),
            ("need", json!(view::some(&work.case.need))),
            ("urgency", json!(work.case.urgency)),
        ] {
            data.insert(name.to_owned(), value);
        }
        work.happened("complaint.graded", data);
        work.settle();
        Ok(work)
    }

    /// Has cases belong to their parent; those that others change meanwhile follow later.
    async fn join(&self, parent_id: &str, children: Vec<Case>) -> Result<usize, Problem> {
        let mut works = Vec::with_capacity(children.len());
        for case in children {
            let Ok(mut work) = Work::on(self.book, case, self.now) else { continue };
            parent_id.clone_into(&mut work.case.parent_id);
            let mut data = Map::new();
            data.insert("fields".to_owned(), json!(["parent_id"]));
            data.insert("parent_id".to_owned(), Value::from(parent_id));
            work.happened("complaint.updated", data);
            work.settle();
            works.push(work);
        }
        let number = works.len();
        let is_done = commit_all(self.env, &self.by, works, Vec::new()).await?;
        Ok(if is_done { number } else { 0 })
    }
}

fn bare(cases: Vec<(Case, String)>) -> Vec<Case> {
    cases.into_iter().map(|(case, _)| case).collect()
}

/// Of cases whose type nobody knows, the most that say nearly the same.
fn alike(cases: Vec<(Case, String)>) -> Vec<Case> {
    let texts: Vec<&str> = cases.iter().map(|(_, text)| text.as_str()).collect();
    let most = groups(&texts).into_iter().max_by_key(|it| it.members.len());
    let members = most.map(|it| it.members).unwrap_or_default();
    let numbered = cases.into_iter().enumerate();
    numbered.filter(|(at, _)| members.contains(at)).map(|(_, (case, _))| case).collect()
}

/// Raises the alarm of a group that another tick may have raised.
#[cfg(test)]
pub(crate) async fn raise_once(
    env: &impl Env,
    book: &Book,
    group: &Group,
) -> Result<usize, Problem> {
    Watch::new(env, book, Surge::default()).raise(group).await
}

fn unless_raced(done: Result<web::Response, Problem>) -> Result<(), Problem> {
    match done {
        Err(problem) if problem.kind != Fault::Conflict => Err(problem),
        _ => Ok(()),
    }
}
