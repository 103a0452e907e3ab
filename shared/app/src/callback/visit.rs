//! A visit: a call that a rule makes, of somebody who did not ask for it.

use domain::callback::visit::window;
use domain::callback::{Mode, State};
use domain::phone::{Region, e164};
use domain::zone::Zone;
use ports::Env;
use serde_json::{Map, Value};
use store::call_rules::CallRule;
use store::call_scan::Subject;
use store::callbacks::Callback;
use web::call_rule::CallRule as Wanted;
use web::service::Offered;
use web::view;

use super::{Work, phone_hash};

/// A rule, and how its calls are made.
#[derive(Clone, Debug)]
pub struct Rule {
    /// As it is stored.
    pub rule: CallRule,
    /// What it says.
    pub wanted: Wanted,
    /// How the call is made.
    pub offered: Offered,
}

/// Where a rule looks.
pub struct Scene<'a> {
    /// The zone of the site.
    pub zone: Zone,
    /// When.
    pub now: i64,
    /// What links and numbers are hashed with.
    pub secret: &'a str,
}

/// Why nobody is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skipped {
    /// We have no number, or none that can be called.
    NoPhone,
    /// They do not want to be asked.
    NoConsent,
    /// Its time is over.
    TooLate,
}

/// The waiting row of a visit, and the number to call in E.164. The case, if it is about one, is
/// the caller's to fill.
pub fn row(
    scene: &Scene<'_>,
    it: &Rule,
    id: String,
    subject: &Subject,
    once: String,
) -> Result<(Callback, String), Skipped> {
    if !subject.has_consent {
        return Err(Skipped::NoConsent);
    }
    let zone = Zone::parse(&subject.zone).unwrap_or(scene.zone);
    let phone = [zone, scene.zone]
        .iter()
        .find_map(|it| e164(&subject.phone, Region::of_zone(&it.name())).ok())
        .ok_or(Skipped::NoPhone)?;
    let minutes = (it.wanted.delay_min, it.wanted.within_min);
    let (due, until) = window(subject.at, minutes, it.offered.service.quiet, zone, scene.now)
        .ok_or(Skipped::TooLate)?;
    let touchpoint = Some(&subject.touchpoint_id).filter(|it| !it.is_empty());
    let site_id = it.rule.site_id.clone();
    let row = Callback {
        phone_hash: phone_hash(scene.secret, &site_id, &phone).to_vec(),
        id,
        site_id,
        once,
        mode: Mode::Visit.name().to_owned(),
        state: State::Waiting.name().to_owned(),
        purpose: it.rule.purpose.clone(),
        service_id: it.rule.service_id.clone(),
        customer_id: subject.customer_id.clone(),
        response_id: subject.response_id.clone(),
        touchpoint_id: touchpoint.unwrap_or(&it.offered.touchpoint_id).clone(),
        agent_id: subject.agent_id.clone(),
        language: subject.language.clone(),
        zone: zone.name(),
        place: due,
        due,
        due_by: until,
        expires: until,
        requested_at: scene.now,
        requested_day: scene.zone.day(scene.now).into(),
        created_at: scene.now,
        ..Callback::default()
    };
    Ok((row, phone))
}

/// Begins a visit, settled and ready to be committed with others.
pub fn begin<'a>(
    scene: &Scene<'_>,
    it: &'a Rule,
    subject: &Subject,
    (row, phone): (Callback, &str),
) -> Work<'a> {
    let mut work = Work::new(&it.offered, row, scene.now);
    work.link(scene.secret);
    // Ours, whatever the customer's own number becomes: this one was looked up among those that
    // are never to be called.
    work.contact("phone", phone);
    work.contact("name", &subject.name);
    let mut data = Map::new();
    data.insert("due_at".to_owned(), view::time(work.row.due).into());
    data.insert("rule_id".to_owned(), Value::from(it.rule.id.as_str()));
    work.happened("callback.queued", data);
    work.settle();
    work
}

/// An id for a visit.
pub fn id(env: &impl Env, now: i64) -> String {
    domain::id::Kind::Callback.id(now, env.random())
}
