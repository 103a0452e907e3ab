//! Alarms: touchpoints that are surely under target, and days with too many low answers.
//!
//! An alarm is raised once and stays open until the figures clear it; both are events in the
//! same commit. The database keeps two ticks from raising the same one.

use app::auth::Staff;
use app::write::{Change, commit};
use domain::alarm::surge::{Day, DayKind, Verdict, judge};
use domain::alarm::target::{cleared, under_target};
use domain::calendar::{Calendar, DayType};
use domain::civil::{date, weekday};
use domain::id::Kind;
use domain::score::{Histogram, Metric, Points, Terms, round};
use ports::{Env, Sql};
use serde_json::{Value, json};
use store::Entity;
use store::alarms::{self, Alarm};
use store::rollups::{self, Daily};
use store::scales::{self, Scale};
use store::sites::Site;
use store::touchpoints::Touchpoint;
use web::{Kind as Fault, Problem, view};

/// The days over which a touchpoint is held against its target, today included.
const TARGET_DAYS: i32 = 30;
/// The days that today is judged by: eight weeks for each weekday, and two to spare.
const HISTORY_DAYS: i32 = 70;
/// A day that stood out is no measure for this long; then it is what days are like now.
const FLAGGED_DAYS: i32 = 28;
/// Most touchpoints of a site that are watched.
const TOUCHPOINTS_MAX: i64 = 500;

/// What is out of order at the moment, and what is in order again.
#[derive(Default)]
struct Found {
    raised: Vec<(Thing, Value)>,
    /// What is surely in order, with the numbers that say so.
    cleared: Vec<(Thing, Value)>,
}

/// What an alarm is about.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Thing {
    kind: &'static str,
    metric: &'static str,
    touchpoint_id: String,
}

/// Raises and clears the alarms of a site.
pub(crate) async fn watch(env: &impl Env, site: &Site) -> Result<(), Problem> {
    let Ok(zone) = app::zone(&site.zone) else { return Ok(()) };
    let today = zone.day(env.now());
    let open = env.sql().fetch(alarms::open(&site.id)).await?;
    let page = store::Page { after: String::new(), rows: TOUCHPOINTS_MAX };
    let touchpoints = env.sql().fetch(Touchpoint::list(&site.id, &page)).await?;
    let span = (i64::from(today - TARGET_DAYS + 1), i64::from(today));
    let scales = env.sql().fetch(scales::by_key(&site.id, "touchpoint", span, None)).await?;
    let span = (i64::from(today - HISTORY_DAYS), i64::from(today));
    let daily = env.sql().fetch(rollups::daily(&site.id, span)).await?;
    let terms =
        Terms { minimum_n: u64::try_from(site.minimum_n).unwrap_or(u64::MAX), ..Terms::default() };
    let mut found = Found::default();
    for touchpoint in &touchpoints {
        found.target(touchpoint, &scales, terms);
    }
    let calendar = Calendar::of_zone(&site.zone);
    let mut series = daily.as_slice();
    while let Some(first) = series.first() {
        let same =
            |it: &Daily| it.touchpoint_id == first.touchpoint_id && it.metric == first.metric;
        let (own, rest) = series.split_at(series.partition_point(same));
        found.rise(own, today, calendar);
        series = rest;
    }
    act(env, site, found, &open).await
}

/// Commits what changed: each alarm by itself, so that one lost race harms no other.
async fn act(env: &impl Env, site: &Site, found: Found, open: &[Alarm]) -> Result<(), Problem> {
    let by = Staff::new(&site.id, "tick");
    let is = |alarm: &Alarm, thing: &Thing| {
        alarm.kind == thing.kind
            && alarm.metric == thing.metric
            && alarm.touchpoint_id == thing.touchpoint_id
    };
    for (thing, numbers) in &found.raised {
        if open.iter().any(|it| is(it, thing)) {
            continue;
        }
        let alarm = Alarm {
            id: Kind::Alarm.id(env.now(), env.random()),
            site_id: site.id.clone(),
            version: 1,
            kind: thing.kind.to_owned(),
            metric: thing.metric.to_owned(),
            touchpoint_id: thing.touchpoint_id.clone(),
            numbers: view::text(numbers),
            cleared_by: String::new(),
            raised_at: env.now(),
            cleared_at: None,
        };
        let data = told(thing, numbers);
        let change = Change::new("alarm.raised", &alarm.id, 1, data, web::no_content());
        unless_raced(commit(env, &by, change.and(alarms::raise(&alarm).guarded())).await)?;
    }
    for (thing, numbers) in &found.cleared {
        let Some(alarm) = open.iter().find(|it| is(it, thing)) else { continue };
        let data = told(thing, numbers);
        let change = Change::new("alarm.cleared", &alarm.id, 2, data, web::no_content());
        let clear = alarms::clear(&alarm.id, &view::text(numbers), env.now());
        unless_raced(commit(env, &by, change.and(clear.guarded())).await)?;
    }
    Ok(())
}

fn told(thing: &Thing, numbers: &Value) -> Value {
    json!({
        "kind": thing.kind,
        "metric": thing.metric,
        "touchpoint_id": thing.touchpoint_id,
        "numbers": numbers,
    })
}

/// Another tick that did the same just now did no harm.
fn unless_raced(done: Result<web::Response, Problem>) -> Result<(), Problem> {
    match done {
        Err(problem) if problem.kind != Fault::Conflict => Err(problem),
        _ => Ok(()),
    }
}

impl Found {
    /// Holds a touchpoint against its target, on the scale with the most answers.
    fn target(&mut self, touchpoint: &Touchpoint, scales: &[Scale], terms: Terms) {
        let n = |it: &&Scale| it.counts.iter().sum::<u64>();
        let scale = scales.iter().filter(|it| it.key == touchpoint.id).max_by_key(n);
        let metric = scale.and_then(|it| Points::new(u8::try_from(it.points).ok()?));
        let metric = metric.map(Metric::Csat);
        let answers = Histogram { counts: scale.map_or([0; 11], |it| it.counts) };
        #[expect(clippy::cast_precision_loss, reason = "a target is 0 to 100")]
        let target = touchpoint.target as f64;
        let thing =
            Thing { kind: "under_target", metric: "csat", touchpoint_id: touchpoint.id.clone() };
        let Some(metric) = metric else {
            // Nobody was asked for a month: nothing is known, and nothing is claimed.
            self.cleared.push((thing, json!({ "n": 0, "days": TARGET_DAYS })));
            return;
        };
        if let Some(it) = under_target(metric, &answers, target, terms) {
            let numbers = json!({
                "value": it.value,
                "interval": [it.interval.0, it.interval.1],
                "target": touchpoint.target,
                "n": it.n,
                "p": round(it.p, 6),
                "days": TARGET_DAYS,
            });
            self.raised.push((thing, numbers));
        } else if cleared(metric, &answers, target, terms) {
            let score = domain::score::score(metric, &answers, terms);
            let numbers = json!({
                "value": score.value,
                "interval": score.interval.map(|it| [it.0, it.1]),
                "target": touchpoint.target,
                "n": score.n,
                "days": TARGET_DAYS,
            });
            self.cleared.push((thing, numbers));
        }
    }

    /// Judges yesterday and today, as far as it has gone, by the weeks before.
    fn rise(&mut self, series: &[Daily], today: i32, calendar: Calendar) {
        let Some(first) = series.first() else { return };
        let (metric, low) = match first.metric.as_str() {
            "nps" => ("nps", 0..=6),
            _ => ("csat", 1..=2),
        };
        let thing = Thing { kind: "rise", metric, touchpoint_id: first.touchpoint_id.clone() };
        let days: Vec<(i32, u64, u64)> = (today - HISTORY_DAYS..=today)
            .map(|day| {
                let counts = series.iter().find(|it| it.day == i64::from(day));
                let answers = Histogram { counts: counts.map_or([0; 11], |it| it.counts) };
                (day, answers.count(low.clone()), answers.n())
            })
            .collect();
        let verdicts = judged(&days, calendar);
        let recent = || verdicts.iter().rev().take(2);
        let numbers = |(day, verdict): &(i32, Verdict)| {
            let of = days.iter().find(|it| it.0 == *day).copied().unwrap_or_default();
            tell(*day, of, verdict)
        };
        if let Some(worst) = recent().find(|(_, it)| it.is_alarm) {
            self.raised.push((thing, numbers(worst)));
        } else if let Some(last) = recent().next() {
            self.cleared.push((thing, numbers(last)));
        }
    }
}

fn tell(day: i32, (_, count, answers): (i32, u64, u64), verdict: &Verdict) -> Value {
    json!({
        "day": date(day),
        "low_answers": count,
        "answers": answers,
        "expected": verdict.expected,
        "limit": verdict.limit,
        "ewma": verdict.ewma,
        "ewma_limit": verdict.ewma_limit,
        "dispersion": verdict.dispersion,
        "comparable_days": verdict.weeks,
        "reason": verdict.reason.map(|it| it.name()),
    })
}

/// What is to be thought of each day, each by those before it.
fn judged(days: &[(i32, u64, u64)], calendar: Calendar) -> Vec<(i32, Verdict)> {
    let last = days.last().map_or(0, |it| it.0);
    let mut flagged = Vec::new();
    let mut verdicts = Vec::new();
    for (at, (day, count, answers)) in days.iter().enumerate() {
        let day_type = calendar.day_type(*day);
        let of = |day: i32, count: u64, answers: u64| Day {
            day,
            kind: kind(calendar, day_type, day),
            count,
            exposure: Some(answers),
            flagged: flagged.contains(&day) && last - FLAGGED_DAYS <= day,
        };
        let before: Vec<Day> =
            days.iter().take(at).map(|(day, count, answers)| of(*day, *count, *answers)).collect();
        if let Some(verdict) = judge(&before, &of(*day, *count, *answers)) {
            if verdict.is_alarm {
                flagged.push(*day);
            }
            verdicts.push((*day, verdict));
        }
    }
    verdicts
}

/// What a day is compared with, when one of a type is judged: an ordinary Monday with ordinary
/// Mondays, a holiday with days off, a worked weekend with days worked.
fn kind(calendar: Calendar, judged: DayType, day: i32) -> DayKind {
    const OFF: u8 = 7;
    const WORKED: u8 = 8;
    let usual = calendar.day_type(day) == DayType::Usual;
    DayKind(match (judged, calendar.is_off(day)) {
        (DayType::Usual, _) if usual => weekday(day),
        (DayType::Holiday, true) | (DayType::Usual, true) => OFF,
        (DayType::MakeUp, false) | (DayType::Usual, false) => WORKED,
        _ => weekday(day),
    })
}
