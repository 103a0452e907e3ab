//! What a look found, made into visits in one commit, and visits that cases called off.

use app::callback::visit::{self, Rule, Skipped};
use app::callback::{Work, commit_all};
use domain::callback::Act;
use domain::id::hex;
use ports::{Env, Sql, Write};
use serde_json::{Map, Value, json};
use store::call_scan::{self, Subject};
use store::callbacks::Callback;
use store::{call_steps, inbound};
use web::{Problem, view};

use crate::Did;
use crate::scan::{CUSTOMERS_MAX, Look};

/// How often that is tried when others come between.
const TRIES: usize = 4;

/// An event that a rule waited for.
#[derive(Clone, Debug)]
pub(crate) struct Hit {
    /// The number of the rule.
    pub(crate) rule: usize,
    /// The case, order or response.
    pub(crate) id: String,
    /// The survey of a response, and where and when it was.
    pub(crate) survey_id: String,
    pub(crate) touchpoint_id: String,
    pub(crate) at: Option<i64>,
}

/// A case that is not solved any more.
#[derive(Clone, Debug)]
pub(crate) struct End {
    pub(crate) case_id: String,
    /// Visits of rounds before this one are called off; of all if there is none.
    pub(crate) round: Option<i64>,
}

/// What is taken in one commit, and how far the site was looked at then.
pub(crate) enum Step {
    Events {
        after: i64,
        until: i64,
        hits: Vec<Hit>,
        ends: Vec<End>,
    },
    Customers {
        group: String,
        /// After which one, and up to which.
        range: (String, String),
        from: (i64, String),
        to: (i64, String),
        /// How many more visits are made today.
        left: usize,
    },
}

/// Whom a rule calls, under which name.
struct Candidate {
    rule: usize,
    subject: Subject,
    case_id: String,
    once: String,
}

impl<E: Env> Look<'_, E> {
    /// Makes what is to be made and moves on; false if another tick was first.
    pub(crate) async fn take(&self, step: &Step, did: &mut Did) -> Result<bool, Problem> {
        for _ in 0..TRIES {
            let (works, done) = self.plan(step).await?;
            let mut guards = vec![self.advance(step).guarded()];
            guards.extend(alive(&works));
            if commit_all(self.env, &self.by, works, guards).await? {
                did.take(done);
                return Ok(true);
            }
            if !self.is_here(step).await? {
                return Ok(false);
            }
        }
        // Others keep coming between: each by itself, so that one does not hold back all.
        let (works, done) = self.plan(step).await?;
        for work in works {
            let guards = alive(std::slice::from_ref(&work)).into_iter().collect();
            let what = if work.state().is_open() { "made" } else { "cancelled" };
            if commit_all(self.env, &self.by, vec![work], guards).await? {
                did.add(what, 1);
            }
        }
        did.take(done.skipped());
        Ok(!self.env.sql().rows(self.advance(step)).await?.is_empty())
    }

    fn advance(&self, step: &Step) -> ports::Statement {
        let site_id = self.by.site_id.as_str();
        match step {
            Step::Events { after, until, .. } => call_scan::go_on(site_id, *after, *until),
            Step::Customers { from, to, .. } => {
                call_scan::go_on_with(site_id, (from.0, &from.1), (to.0, &to.1))
            }
        }
    }

    /// Whether nobody else moved on.
    async fn is_here(&self, step: &Step) -> Result<bool, Problem> {
        let place = self.env.sql().fetch(call_scan::place(&self.by.site_id)).await?;
        let place = place.unwrap_or_default();
        Ok(match step {
            Step::Events { after, .. } => place.sequence == *after,
            Step::Customers { from, .. } => (place.day, place.customer) == *from,
        })
    }

    async fn plan(&self, step: &Step) -> Result<(Vec<Work<'_>>, Did), Problem> {
        let mut did = Did::default();
        let mut works = match step {
            Step::Events { ends, .. } if !ends.is_empty() => self.call_off(ends).await?,
            _ => Vec::new(),
        };
        did.add("cancelled", works.len());
        let ended: Vec<String> = works.iter().map(|it| it.row.id.clone()).collect();
        let mut rows = Vec::new();
        let mut taken: Vec<(String, String)> = Vec::new();
        for it in self.candidates(step).await? {
            let (case, whose) = (it.case_id.clone(), it.subject.customer_id.clone());
            match self.row(&it, &ended) {
                Ok((row, phone)) => {
                    // One call of a kind is enough, and a case has one at a time.
                    let what = if case.is_empty() {
                        (whose, row.purpose.clone())
                    } else {
                        (case, String::new())
                    };
                    if !what.0.is_empty() && taken.contains(&what) {
                        did.add("open", 1);
                        continue;
                    }
                    taken.push(what);
                    rows.push((it, row, phone));
                }
                Err(why) => did.add(why, 1),
            }
        }
        let (known, blocked) = self.look_up(&rows).await?;
        let most = if let Step::Customers { left, .. } = step { *left } else { usize::MAX };
        for (it, row, phone) in rows {
            if most <= did.of("made") {
                break;
            }
            let Some(rule) = self.rules.get(it.rule) else { continue };
            if known.contains(&row.once) {
                continue;
            }
            if blocked.contains(&hex(&row.phone_hash)) {
                did.add("do_not_call", 1);
                continue;
            }
            works.push(visit::begin(&self.scene, rule, &it.subject, (row, &phone)));
            did.add("made", 1);
        }
        Ok((works, did))
    }

    /// Which of them there are already, and which numbers are never called.
    async fn look_up(
        &self,
        rows: &[(Candidate, Callback, String)],
    ) -> Result<(Vec<String>, Vec<String>), Problem> {
        if rows.is_empty() {
            return Ok((Vec::new(), Vec::new()));
        }
        let site_id = self.by.site_id.as_str();
        let names: Vec<&str> = rows.iter().map(|it| it.1.once.as_str()).collect();
        let known = call_scan::known(site_id, &view::text(&names));
        let hashes: Vec<String> = rows.iter().map(|it| hex(&it.1.phone_hash)).collect();
        let blocked = call_scan::blocked(site_id, &view::text(&hashes));
        Ok((self.env.sql().fetch(known).await?, self.env.sql().fetch(blocked).await?))
    }

    /// The row of a visit, or why there is none.
    fn row(&self, it: &Candidate, ended: &[String]) -> Result<(Callback, String), &'static str> {
        let rule = self.rules.get(it.rule).ok_or("over")?;
        let subject = &it.subject;
        if subject.is_over {
            return Err("over");
        }
        let mut open = subject.open.split(',').filter(|it| !it.is_empty());
        let is_open = if it.case_id.is_empty() {
            open.any(|it| it == rule.rule.purpose)
        } else {
            open.any(|it| !ended.iter().any(|own| own == it))
        };
        if is_open {
            return Err("open");
        }
        let id = visit::id(self.env, self.scene.now);
        let made = visit::row(&self.scene, rule, id, subject, it.once.clone());
        let (mut row, phone) = made.map_err(|why| match why {
            Skipped::NoPhone => "no_phone",
            Skipped::NoConsent => "no_consent",
            Skipped::TooLate => "too_late",
        })?;
        row.case_id.clone_from(&it.case_id);
        Ok((row, phone))
    }

    async fn candidates(&self, step: &Step) -> Result<Vec<Candidate>, Problem> {
        match step {
            Step::Events { hits, .. } => self.of_events(hits).await,
            Step::Customers { group, range, to, .. } => self.of_group(group, range, to.0).await,
        }
    }

    async fn of_events(&self, hits: &[Hit]) -> Result<Vec<Candidate>, Problem> {
        let site_id = self.by.site_id.as_str();
        let (mut cases, mut orders, mut responses) = (Vec::new(), Vec::new(), Vec::new());
        for it in hits {
            match self.event(it) {
                "complaint.solved" => cases.push(it.id.as_str()),
                "order.completed" => orders.push(it.id.as_str()),
                _ => responses.push(json!([it.survey_id, it.id])),
            }
        }
        let mut found = Vec::new();
        if !cases.is_empty() {
            let cases = call_scan::cases(site_id, &view::text(&cases));
            found.extend(self.env.sql().fetch(cases).await?);
        }
        if !orders.is_empty() {
            let orders = call_scan::orders(site_id, &view::text(&orders));
            found.extend(self.env.sql().fetch(orders).await?);
        }
        if !responses.is_empty() {
            let responses = call_scan::responses(site_id, &view::text(&responses));
            found.extend(self.env.sql().fetch(responses).await?);
        }
        let candidate = |it: &Hit| {
            let mut subject = found.iter().find(|own| own.id == it.id)?.clone();
            subject.at = it.at.unwrap_or(subject.at);
            if !it.touchpoint_id.is_empty() {
                subject.touchpoint_id.clone_from(&it.touchpoint_id);
            }
            let Rule { rule, wanted, .. } = self.rules.get(it.rule)?;
            if !wanted.groups.is_empty() && !wanted.groups.contains(&subject.group) {
                return None;
            }
            let is_case = rule.event == "complaint.solved";
            let mut once = format!("{}:{}", rule.id, it.id);
            if is_case {
                once = format!("{once}:{}", subject.number);
            }
            let case_id = if is_case { it.id.clone() } else { String::new() };
            Some(Candidate { rule: it.rule, subject, case_id, once })
        };
        let mut all: Vec<Candidate> = Vec::with_capacity(hits.len());
        for it in hits.iter().filter_map(candidate) {
            // Solved, opened and solved again since the last look: that is one.
            if !all.iter().any(|own| own.once == it.once) {
                all.push(it);
            }
        }
        Ok(all)
    }

    fn event(&self, hit: &Hit) -> &str {
        self.rules.get(hit.rule).map_or("", |it| it.rule.event.as_str())
    }

    async fn of_group(
        &self,
        group: &str,
        (after, until): &(String, String),
        today: i64,
    ) -> Result<Vec<Candidate>, Problem> {
        let page = call_scan::customers(&self.by.site_id, group, after, CUSTOMERS_MAX);
        let mut all = Vec::new();
        for mut subject in self.env.sql().fetch(page).await? {
            if *until < subject.id {
                break;
            }
            subject.at = self.scene.now;
            for rule in self.due(group, &subject, today) {
                let Some(id) = self.rules.get(rule).map(|it| it.rule.id.as_str()) else { continue };
                let once = format!("{id}:{}:{today}", subject.id);
                let subject = subject.clone();
                all.push(Candidate { rule, subject, case_id: String::new(), once });
            }
        }
        Ok(all)
    }

    /// Calls off the visits about cases that are open again or became part of another.
    async fn call_off(&self, ends: &[End]) -> Result<Vec<Work<'_>>, Problem> {
        let ids: Vec<&str> = ends.iter().map(|it| it.case_id.as_str()).collect();
        let found = call_steps::unbegun(&self.by.site_id, &view::text(&ids));
        let mut works = Vec::new();
        for row in self.env.sql().fetch(found).await? {
            let round = row.once.rsplit(':').next().and_then(|it| it.parse::<i64>().ok());
            let is_ended = ends.iter().any(|it| {
                it.case_id == row.case_id
                    && it.round.is_none_or(|end| round.is_some_and(|it| it < end))
            });
            if !is_ended {
                continue;
            }
            let mut work = Work::on(&self.ended, row, self.scene.now);
            work.act(Act::Cancel)?;
            let mut data = Map::new();
            data.insert("by".to_owned(), Value::from("staff"));
            work.happened("callback.cancelled", data);
            work.settle();
            works.push(work);
        }
        Ok(works)
    }
}

impl Did {
    /// What was not made, and why.
    fn skipped(self) -> Did {
        Did(self.0.into_iter().filter(|it| !matches!(it.0, "made" | "cancelled")).collect())
    }
}

/// Nobody of them was erased meanwhile.
fn alive(works: &[Work<'_>]) -> Option<Write> {
    let new = works.iter().filter(|it| it.state().is_open() && !it.row.customer_id.is_empty());
    let whose: Vec<Value> = new.map(|it| json!(["customer", it.row.customer_id])).collect();
    (!whose.is_empty()).then(|| inbound::check("", &view::text(&whose)).guarded())
}
