//! What happened since the last look, and whose turn it is today.

use app::auth::Staff;
use app::callback::visit::{Rule, Scene};
use domain::callback::visit::is_disappointed;
use domain::civil::parse_rfc3339;
use domain::id::Kind;
use ports::{Env, Sql};
use serde_json::Value;
use store::call_rules::CallRule;
use store::call_scan::{self, Cursor, Place, Subject};
use store::events::{self, Told, Wanted};
use store::{Entity, Page, services};
use web::service::Offered;
use web::{Problem, view};

use crate::made::{End, Hit, Step};
use crate::{ACTOR, Did};

/// Most sites that are read together, and rules of a site.
const SITES_MAX: i64 = 200;
const RULES_MAX: i64 = 200;
/// Most events that are looked at together, and of them become something.
const LOOK_MAX: i64 = 500;
const TAKEN_MAX: usize = 50;
/// Most customers that are looked at together.
pub(crate) const CUSTOMERS_MAX: i64 = 50;
/// So many periodic visits a day are made at least, whatever agents can make.
const FEWEST: i64 = 20;
/// How long a site is looked at.
const LOOK_MS: i64 = 3_000;
/// So many events that mean nothing are passed over without a write.
const IDLE_MAX: i64 = 100;
/// All customers of a group, or of all.
const ALL: &str = "~";
const EVENTS: &str = r#"["complaint.solved","complaint.reopened","complaint.merged",
  "order.completed","response.created"]"#;

/// Looks at every site that has rules, and tells whether something is left.
pub(crate) async fn look(env: &impl Env, did: &mut Did) -> Result<bool, Problem> {
    let secret = env.setting("secret_key").await.unwrap_or_default();
    let (mut after, mut has_more) = (String::new(), false);
    loop {
        let cursors = env.sql().fetch(call_scan::cursors(&after, SITES_MAX)).await?;
        for cursor in &cursors {
            has_more |= Box::pin(site(env, cursor, &secret, did)).await?;
        }
        let is_full = i64::try_from(cursors.len()).unwrap_or(0) == SITES_MAX;
        match cursors.last().filter(|_| is_full) {
            Some(last) => last.site_id.clone_into(&mut after),
            None => return Ok(has_more),
        }
    }
}

async fn site(
    env: &impl Env,
    cursor: &Cursor,
    secret: &str,
    did: &mut Did,
) -> Result<bool, Problem> {
    let site_id = cursor.site_id.as_str();
    let place = match &cursor.place {
        Some(place) => place.clone(),
        None => {
            let first = Kind::Event.id(cursor.began_at, [0; 16]);
            env.sql().rows(call_scan::begin(site_id, &first)).await?;
            env.sql().fetch(call_scan::place(site_id)).await?.unwrap_or_default()
        }
    };
    let zone = app::zone(&cursor.zone)?;
    let look = Look {
        env,
        by: Staff::new(site_id, ACTOR),
        rules: rules(env, site_id).await?,
        scene: Scene { zone, now: env.now(), secret },
        ended: Offered::default(),
    };
    let has_events = look.events(place.sequence, did).await?;
    Ok(look.customers(place, did).await? || has_events)
}

/// The rules of a site that are followed at present.
async fn rules(env: &impl Env, site_id: &str) -> Result<Vec<Rule>, Problem> {
    let page = Page { after: String::new(), rows: RULES_MAX };
    let found = env.sql().fetch(CallRule::list(site_id, &page)).await?;
    let ids: Vec<&str> = found.iter().map(|it| it.service_id.as_str()).collect();
    let services = env.sql().fetch(services::of_ids(&view::text(&ids))).await?;
    let mut rules = Vec::with_capacity(found.len());
    for rule in found.into_iter().filter(|it| it.is_active) {
        let service = services.iter().find(|it| it.id == rule.service_id && it.is_active);
        let Some(service) = service else { continue };
        let wanted = web::call_rule::CallRule::stored(&rule.definition);
        let offered = Offered::stored(&service.definition);
        rules.push(Rule { rule, wanted, offered });
    }
    Ok(rules)
}

/// A site that is looked at.
pub(crate) struct Look<'a, E> {
    pub(crate) env: &'a E,
    pub(crate) by: Staff,
    pub(crate) rules: Vec<Rule>,
    pub(crate) scene: Scene<'a>,
    /// What it offers does not matter to what ends.
    pub(crate) ended: Offered,
}

impl<E: Env> Look<'_, E> {
    fn is_over(&self) -> bool {
        LOOK_MS < self.env.now() - self.scene.now
    }

    /// Looks at events after one, a page after the other; true if some are left.
    async fn events(&self, mut after: i64, did: &mut Did) -> Result<bool, Problem> {
        let site_id = self.by.site_id.as_str();
        while !self.is_over() {
            let wanted = Wanted { after, types: EVENTS, look: LOOK_MAX, rows: LOOK_MAX };
            let page = self.env.sql().fetch(events::feed(site_id, &wanted)).await?;
            let (mut hits, mut ends, mut cut) = (Vec::new(), Vec::new(), None);
            for event in &page.events {
                self.read(event, &mut hits, &mut ends);
                if TAKEN_MAX <= hits.len() + ends.len() {
                    cut = Some(event.sequence);
                    break;
                }
            }
            let until = cut.or(page.until).unwrap_or(after);
            let is_idle = hits.is_empty() && ends.is_empty();
            if until <= after || is_idle && page.looked_at < IDLE_MAX {
                return Ok(false);
            }
            if is_idle {
                let moved = self.env.sql().rows(call_scan::go_on(site_id, after, until)).await?;
                if moved.is_empty() {
                    return Ok(false);
                }
            } else if !self.take(&Step::Events { after, until, hits, ends }, did).await? {
                return Ok(false);
            }
            if cut.is_none() && page.looked_at < LOOK_MAX {
                return Ok(false);
            }
            after = until;
        }
        Ok(true)
    }

    /// What an event leads to.
    fn read(&self, event: &Told, hits: &mut Vec<Hit>, ends: &mut Vec<End>) {
        let data = view::json(&event.data);
        let number = |name: &str| data.get(name).and_then(Value::as_i64);
        match event.kind.as_str() {
            "complaint.reopened" => {
                ends.push(End { case_id: event.subject.clone(), round: number("reopened") });
                return;
            }
            "complaint.merged" => {
                ends.push(End { case_id: event.subject.clone(), round: None });
                return;
            }
            _ => {}
        }
        for (at, rule) in self.rules.iter().enumerate() {
            // What happened before a rule was made is not for it.
            if rule.rule.event != event.kind || event.at < rule.rule.created_at {
                continue;
            }
            let hit = Hit {
                rule: at,
                id: event.subject.clone(),
                survey_id: String::new(),
                touchpoint_id: String::new(),
                at: None,
            };
            if event.kind == "response.created" {
                hits.extend(disappointed(rule, &data, hit));
            } else {
                hits.push(hit);
            }
        }
    }

    /// Looks at customers whose turn it is today; true if some are left.
    async fn customers(&self, place: Place, did: &mut Did) -> Result<bool, Problem> {
        let today = i64::from(self.scene.zone.day(self.scene.now));
        let groups = self.groups();
        let is_today = place.day == today;
        if groups.is_empty() || today < place.day || is_today && place.customer == ALL {
            return Ok(false);
        }
        let site_id = self.by.site_id.as_str();
        let mut from = (place.day, place.customer.clone());
        let mut done = if is_today { place.customer } else { String::new() };
        let (calls, made) = self.env.sql().fetch(call_scan::room(site_id, today)).await?;
        // A rule that is new must not promise in a day what takes its agents months.
        let mut left = usize::try_from(calls.max(FEWEST) - made).unwrap_or(0);
        while let Some((group, after)) = next(&groups, &done).filter(|_| 0 < left) {
            if self.is_over() {
                return Ok(true);
            }
            let page = call_scan::customers(site_id, group, &after, CUSTOMERS_MAX);
            let page = self.env.sql().fetch(page).await?;
            let is_last = i64::try_from(page.len()).unwrap_or(0) < CUSTOMERS_MAX;
            let until = page.last().map_or_else(|| after.clone(), |it| it.id.clone());
            done = format!("{group}:{}", if is_last { ALL } else { &until });
            if page.iter().any(|it| !self.due(group, it, today).is_empty()) {
                let to = (today, done.clone());
                let range = (after, until);
                let group = group.to_owned();
                let (from_now, to_now) = (from.clone(), to.clone());
                let step = Step::Customers { group, range, from: from_now, to: to_now, left };
                let before = did.of("made");
                if !self.take(&step, did).await? {
                    return Ok(false);
                }
                left = left.saturating_sub(did.of("made") - before);
                from = to;
            }
        }
        let from = (from.0, from.1.as_str());
        self.env.sql().rows(call_scan::go_on_with(site_id, from, (today, ALL))).await?;
        Ok(false)
    }

    /// The groups whose customers are called now and then, in order.
    fn groups(&self) -> Vec<&str> {
        let mut groups: Vec<&str> = Vec::new();
        for rule in self.rules.iter().filter(|it| is_periodic(it)) {
            for group in called(rule) {
                if !groups.contains(&group) {
                    groups.push(group);
                }
            }
        }
        groups.sort_unstable();
        groups
    }

    /// The rules by which it is the turn of a customer.
    pub(crate) fn due(&self, group: &str, it: &Subject, today: i64) -> Vec<usize> {
        let rules = self.rules.iter().enumerate();
        let rules = rules.filter(|(_, rule)| {
            let is_own = is_periodic(rule) && called(rule).any(|own| own == group);
            is_own && (it.number < 0 || it.number + rule.wanted.every_days <= today)
        });
        rules.map(|it| it.0).collect()
    }
}

/// The day of the last visit is looked up by its purpose: without it they would be called daily.
fn is_periodic(it: &Rule) -> bool {
    it.rule.event == "customer" && it.rule.purpose == "core_visit"
}

/// Whom a periodic rule calls: core customers, unless it says otherwise.
fn called(it: &Rule) -> impl Iterator<Item = &str> {
    let groups = it.wanted.groups.iter().map(String::as_str);
    groups.chain(it.wanted.groups.is_empty().then_some("core"))
}

/// The group to go on with, and after which customer.
fn next<'a>(groups: &[&'a str], done: &str) -> Option<(&'a str, String)> {
    let (group, id) = done.split_once(':').unwrap_or((done, ALL));
    let same = groups.iter().find(|it| **it == group && id != ALL);
    let found = same.map(|it| (*it, id.to_owned()));
    found.or_else(|| groups.iter().find(|it| group < **it).map(|it| (*it, String::new())))
}

/// Whether an answer tells that somebody was disappointed: with when, and where.
fn disappointed(rule: &Rule, data: &Value, hit: Hit) -> Option<Hit> {
    let text = |name: &str| data.get(name).and_then(Value::as_str).unwrap_or("");
    let is_counted = data.get("screened").and_then(Value::as_array).is_some_and(Vec::is_empty);
    if !is_counted {
        return None;
    }
    let limits = (rule.wanted.nps_max, rule.wanted.csat_max);
    let mut scores = data.get("scores").and_then(Value::as_array).into_iter().flatten();
    let low = scores.find(|it| {
        let word = it.get("metric").and_then(Value::as_str).unwrap_or("");
        let number = |name: &str| it.get(name).and_then(Value::as_i64);
        match (number("points"), number("value")) {
            (Some(points), Some(value)) => is_disappointed(word, points, value, limits),
            _ => false,
        }
    })?;
    let touchpoint = low.get("touchpoint_id").and_then(Value::as_str).unwrap_or("");
    Some(Hit {
        survey_id: text("survey_id").to_owned(),
        touchpoint_id: touchpoint.to_owned(),
        at: parse_rfc3339(text("answered_at")),
        ..hit
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_follow_each_other_and_end() {
        let groups = ["core", "existing"];
        for (done, expected) in [
            ("", Some(("core", ""))),
            ("core:cus_1", Some(("core", "cus_1"))),
            ("core:~", Some(("existing", ""))),
            ("existing:~", None),
            ("~", None),
            // Its rule was taken back meanwhile.
            ("new:cus_1", None),
            ("abc:cus_1", Some(("core", ""))),
        ] {
            let expected = expected.map(|(group, id)| (group, id.to_owned()));
            assert_eq!(next(&groups, done), expected, "{done}");
        }
    }
}
