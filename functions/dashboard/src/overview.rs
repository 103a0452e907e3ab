//! `GET /v1/dashboard`: what comes first, in one answer.

use app::index::Rated;
use app::period::Period;
use app::score::{Differences, brief_of};
use app::{auth, score};
use domain::civil;
use domain::rollup::Dimension;
use domain::score::index::{difference, index};
use domain::score::{Metric, Points, Terms};
use domain::touchpoint::CHANNELS;
use ports::{Env, Sql};
use serde_json::{Map, Value, json};
use store::Entity;
use store::alarms::{self, Alarm};
use store::case_figures::{self, Span};
use store::overview::{self, Asked, Line, List, Overview};
use store::sites::Site;
use store::touchpoints::Touchpoint;
use web::{Problem, Request, Response, view};

use super::scope::Scope;
use super::{callbacks, complaints, put};

/// Most touchpoints that the overview names. A journey has a dozen.
const TOUCHPOINTS_MAX: i64 = 200;
/// Most alarms that it tells; `/v1/alarms` has all of them.
const ALARMS_MAX: usize = 20;

/// What is asked.
struct Reading {
    site: Site,
    period: Period,
    before: Option<Period>,
    terms: Terms,
    scope: Scope,
    today: i32,
}

pub(crate) async fn show(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    let site = app::site(env, &viewer.site_id).await?;
    let today = app::zone(&site.zone)?.day(env.now());
    let mut query = request.query();
    let period = Period::read(&mut query, today);
    let before = period.compared_usually(&mut query);
    let terms = score::terms(&mut query, &site);
    let scope = Scope::read(&mut query);
    query.done()?;
    let it = Reading { site, period, before, terms, scope: scope?, today };
    let names = it.scope.named(env, &it.site.id).await?;
    let found = it.figures(env).await?;
    let rated = match it.scope.has_index() {
        true => {
            // The one name of a survey's overview is the survey's.
            let (days, before) = (period.span(), it.before.map(Period::span));
            Some(app::index::read(env, &it.site, names.first(), days, before).await?)
        }
        false => None,
    };
    let touchpoints = it.touchpoints(env).await?;
    let alarms = env.sql().fetch(alarms::open(&it.site.id)).await?;
    let target = it.scope.target(&names);
    let has_touchpoints = it.scope.touchpoints().is_some();
    let has_channels = it.scope.channels().is_some();
    let mut figures = json!({
        "site": { "id": it.site.id, "name": it.site.name },
        "from": civil::date(period.from),
        "to": civil::date(period.to),
        "zone": it.site.zone,
        "confidence": terms.confidence.percent(),
        "filter": it.scope.show(),
        "compared": it.before.map(days),
        "scores": it.scores(&found, rated.as_ref(), target),
        "touchpoints": has_touchpoints.then(|| it.by_touchpoint(&found.lines, &touchpoints)),
        "channels": has_channels.then(|| by_channel(&found.lines, terms)),
        "alarms": it.alarms(&alarms, &touchpoints),
    });
    it.put_cases(env, &mut figures).await?;
    web::response::ok_as_of(&figures, env.now())
}

/// The three metrics that stand in every list.
fn metrics() -> impl Iterator<Item = (&'static str, Metric)> {
    let csat = Points::new(5).map(|points| ("csat", Metric::Csat(points)));
    [Some(("nps", Metric::Nps)), csat, Some(("ces", Metric::Ces))].into_iter().flatten()
}

fn days(period: Period) -> Value {
    json!({ "from": civil::date(period.from), "to": civil::date(period.to) })
}

impl Reading {
    async fn figures(&self, env: &impl Env) -> Result<Overview, Problem> {
        let channel = self.scope.key(Dimension::Channel);
        let which = match channel {
            "" => view::text(&CHANNELS),
            channel => view::text(&[channel]),
        };
        let channels = self.scope.channels().unwrap_or_default();
        let asked = Asked {
            site_id: &self.site.id,
            total: self.scope.total(),
            touchpoints: self.scope.touchpoints().unwrap_or_default(),
            channels: List { which: &which, ..channels },
            days: self.period.span(),
            before: self.before.map(Period::span),
        };
        Ok(env.sql().fetch(overview::overview(&asked)).await?)
    }

    /// The touchpoints that are told: all, or the one of the filter.
    async fn touchpoints(&self, env: &impl Env) -> Result<Vec<Touchpoint>, Problem> {
        let page = match self.scope.key(Dimension::Touchpoint) {
            "" => store::Page { after: String::new(), rows: TOUCHPOINTS_MAX },
            id => {
                let found = env.sql().fetch(Touchpoint::by_id(&self.site.id, id)).await?;
                return Ok(found.into_iter().collect());
            }
        };
        Ok(env.sql().fetch(Touchpoint::list(&self.site.id, &page)).await?)
    }

    /// Complaints and call-backs, as far as they are kept for the filters.
    async fn put_cases(&self, env: &impl Env, figures: &mut Value) -> Result<(), Problem> {
        let (mut of_cases, mut of_calls) = (Value::Null, Value::Null);
        if let Some((grain, key)) = self.scope.kept(&domain::case::count::GRAINS) {
            let calls = self.scope.kept(&domain::callback::count::GRAINS).map_or("", |it| it.0);
            let days = self.period.span();
            let asked = case_figures::Asked {
                cases: Span { site_id: &self.site.id, grain, key, days },
                calls,
                before: self.before.map(Period::span),
                until: self.today.into(),
            };
            let found = env.sql().fetch(case_figures::overview(&asked)).await?;
            of_cases = complaints::brief(&found, &asked, self.terms);
            if !calls.is_empty() {
                of_calls = callbacks::brief(&found.calls, &asked, self.terms);
            }
        }
        put(figures, "complaints", of_cases);
        put(figures, "callbacks", of_calls);
        Ok(())
    }

    /// Each score of what is asked for: now, against the days before, and day by day.
    fn scores(&self, found: &Overview, rated: Option<&Rated>, target: Option<i64>) -> Value {
        let terms = self.terms;
        let mut shown: Vec<(&str, Value)> = Vec::new();
        let mut differences = Differences::default();
        if let Some(rated) = rated {
            shown.push(("index", self.index(rated, &mut differences)));
        }
        for (name, metric) in metrics() {
            let days = || found.days.iter().filter(|it| it.0 == name).flat_map(|it| &it.1);
            let now = sum(days().map(|(_, counts)| counts));
            let before = of(&found.lines, ["", "", name], true);
            let trend: Vec<Value> = days()
                .map(|(day, counts)| {
                    let mut point = score::brief(metric, *counts, terms, None);
                    put(&mut point, "day", date(*day));
                    point
                })
                .collect();
            let target = target.filter(|_| name == "csat");
            let mut score = score::show(metric, now, terms, target);
            differences.add(metric, now, before, terms);
            let compared = self.before.map(|_| score::brief(metric, before, terms, None));
            put(&mut score, "compared", compared.into());
            put(&mut score, "trend", Value::Array(trend));
            shown.push((name, score));
        }
        let mut scores = Map::new();
        if rated.is_none() {
            scores.insert("index".to_owned(), Value::Null);
        }
        for ((name, mut score), difference) in shown.into_iter().zip(differences.show(terms)) {
            put_difference(&mut score, difference);
            scores.insert(name.to_owned(), score);
        }
        Value::Object(scores)
    }

    fn index(&self, rated: &Rated, differences: &mut Differences) -> Value {
        let Period { from, to } = self.period;
        let tell = |parts: &[_]| brief_of(&index(parts, self.terms).score, None);
        let (now, before) = (rated.over(from.into(), to.into()), rated.before());
        let mut shown = tell(&now);
        shown.insert("method".to_owned(), Value::from(index(&now, self.terms).score.method));
        shown.insert("compared".to_owned(), self.before.map(|_| tell(&before)).into());
        let point = |day: i64| {
            let mut point = tell(&rated.over(day, day));
            point.insert("day".to_owned(), date(day));
            Value::Object(point)
        };
        shown.insert("trend".to_owned(), rated.days().into_iter().map(point).collect());
        differences.add_made(difference(&now, &before, self.terms));
        Value::Object(shown)
    }

    /// Each touchpoint's satisfaction against its target, those furthest below it first.
    fn by_touchpoint(&self, lines: &[Line], touchpoints: &[Touchpoint]) -> Value {
        let terms = self.terms;
        let mut differences = Differences::default();
        let mut shown: Vec<(f64, Value)> = Vec::with_capacity(touchpoints.len());
        for touchpoint in touchpoints {
            let mut item = json!({
                "id": touchpoint.id,
                "name": touchpoint.name,
                "stage": touchpoint.stage,
                "is_key": touchpoint.is_key,
            });
            let mut gap = f64::INFINITY;
            for (name, metric) in metrics() {
                let wanted = ["touchpoint", &touchpoint.id, name];
                let counts = of(lines, wanted, false);
                let target = (name == "csat").then_some(touchpoint.target);
                let mut score = score::brief(metric, counts, terms, target);
                if let (Some(target), Some(value)) =
                    (target, score.get("value").and_then(Value::as_f64))
                {
                    #[expect(clippy::cast_precision_loss, reason = "a target is 0 to 100")]
                    let target = target as f64;
                    gap = value - target;
                }
                if target.is_some() && self.before.is_some() {
                    let before = of(lines, wanted, true);
                    differences.add(metric, counts, before, terms);
                    put(&mut score, "compared", score::brief(metric, before, terms, None));
                }
                put(&mut item, name, score);
            }
            shown.push((gap, item));
        }
        for ((_, item), difference) in shown.iter_mut().zip(differences.show(terms)) {
            if let Some(score) = item.get_mut("csat") {
                put_difference(score, difference);
            }
        }
        shown.sort_by(|left, right| left.0.total_cmp(&right.0));
        shown.into_iter().map(|(_, item)| item).collect()
    }

    /// What is out of order: everywhere, or at the touchpoint of the filter.
    fn alarms(&self, found: &[Alarm], touchpoints: &[Touchpoint]) -> Value {
        let wanted = self.scope.key(Dimension::Touchpoint);
        let mut shown: Vec<(i64, Value)> = Vec::new();
        for alarm in found {
            // That of a surge stands behind the type of its cases.
            let id = alarm.touchpoint_id.rsplit('@').next().unwrap_or("");
            if !wanted.is_empty() && id != wanted {
                continue;
            }
            let name = touchpoints.iter().find(|it| it.id == id).map(|it| it.name.as_str());
            let told = json!({
                "id": alarm.id,
                "kind": alarm.kind,
                "metric": alarm.metric,
                "touchpoint_id": view::some(id),
                "name": name,
                "raised_at": view::time(alarm.raised_at),
            });
            let at = shown.partition_point(|it| alarm.raised_at < it.0);
            shown.insert(at, (alarm.raised_at, told));
        }
        shown.into_iter().take(ALARMS_MAX).map(|it| it.1).collect()
    }
}

fn by_channel(lines: &[Line], terms: Terms) -> Value {
    CHANNELS
        .iter()
        .filter(|channel| lines.iter().any(|it| it.list == "channel" && it.key == **channel))
        .map(|channel| {
            let mut item = json!({ "channel": channel });
            for (name, metric) in metrics() {
                let counts = of(lines, ["channel", channel, name], false);
                put(&mut item, name, score::brief(metric, counts, terms, None));
            }
            item
        })
        .collect()
}

/// The histogram of a list, a key and a metric.
fn of(lines: &[Line], wanted: [&str; 3], is_before: bool) -> [u64; 11] {
    let is_it =
        |it: &&Line| [it.list.as_str(), &it.key, &it.metric] == wanted && it.is_before == is_before;
    lines.iter().find(is_it).map_or([0; 11], |it| it.counts)
}

fn sum<'a>(lines: impl Iterator<Item = &'a [u64; 11]>) -> [u64; 11] {
    let mut total = [0; 11];
    for counts in lines {
        for (sum, count) in total.iter_mut().zip(counts) {
            *sum += count;
        }
    }
    total
}

fn date(day: i64) -> Value {
    civil::date(i32::try_from(day).unwrap_or(0)).into()
}

/// Puts a difference beside the score that it is to; nothing where nothing is compared.
fn put_difference(score: &mut Value, difference: Value) {
    if let Some(compared) = score.get_mut("compared") {
        put(compared, "difference", difference);
    }
}
