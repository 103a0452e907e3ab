//! Readings of figures: of the site or of one thing, cut by things or by time, and compared with
//! other days. What is counted, and how it is told, each of them says itself.

use app::case::figures::count;
use app::period::Period;
use app::score::Differences;
use app::{auth, filters};
use domain::case::ledger::AGES;
use domain::civil;
use domain::score::{Metric, Points, Terms};
use domain::trend::Step;
use ports::{Env, Query as Fetch, Sql};
use serde_json::{Map, Value, json};
use store::case_figures::{Open, Part, Span, Valued};
use store::sites::Site;
use web::field::{Query, one_of_rule};
use web::lang::said_now;
use web::problem::Place;
use web::{Problem, Request, Response, view};

/// Things that are counted by the day on which they came.
pub(crate) trait Counted {
    /// What is counted of them.
    type Tally: Default;
    /// What they are kept by; the site comes first.
    const GRAINS: &'static [&'static str];

    /// What the keys of a grain can be; nothing where they are ids.
    fn words(grain: &str) -> &'static [&'static str];
    fn total(span: &Span<'_>) -> Fetch<Vec<Part<Self::Tally>>>;
    fn by_day(span: &Span<'_>) -> Fetch<Vec<Part<Self::Tally>>>;
    fn by_key(span: &Span<'_>) -> Fetch<Vec<Part<Self::Tally>>>;
    fn values(span: &Span<'_>) -> Fetch<Vec<Valued>>;
    fn values_by_day(span: &Span<'_>) -> Fetch<Vec<Valued>>;
    fn values_by_key(span: &Span<'_>) -> Fetch<Vec<Valued>>;
    fn open(site_id: &str, grain: &str, key: &str, until: i64) -> Fetch<Vec<Open>>;
    fn names(site_id: &str, ids: &str) -> Fetch<Vec<(String, String)>>;
    /// Adds what another tally has.
    fn add(sum: &mut Self::Tally, it: &Self::Tally);
    /// How many came.
    fn n(it: &Self::Tally) -> i64;
    /// Everything that is told of some of them.
    fn show(it: &Self::Tally, values: &[Valued], terms: Terms) -> Map<String, Value>;
    fn rates(it: &Self::Tally) -> Vec<Rate>;
}

/// What to cut by.
#[derive(Clone, Copy)]
enum By {
    Nothing,
    Step(Step),
    Grain(&'static str),
}

/// What is asked.
struct Asked {
    period: Period,
    compared: Option<Period>,
    terms: Terms,
    /// What it is about: the grain and its key.
    grain: &'static str,
    key: String,
    by: By,
}

/// What was found of one key or one step.
struct Found<T> {
    key: String,
    tally: T,
    values: Vec<Valued>,
    open: Vec<Open>,
}

/// Answers `GET` of such figures.
pub(crate) async fn show<C: Counted>(
    env: &impl Env,
    request: &Request,
) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    let site = app::site(env, &viewer.site_id).await?;
    let today = app::zone(&site.zone)?.day(env.now());
    let mut query = request.query();
    let asked = Asked::read::<C>(&mut query, &site, today);
    query.done()?;
    let asked = asked?;
    let whole = asked.whole::<C>(env, &site, asked.period, today).await?;
    let mut shown = asked.figures::<C>(&whole, today);
    for (name, value) in [
        ("from", Value::from(civil::date(asked.period.from))),
        ("to", Value::from(civil::date(asked.period.to))),
        ("zone", Value::from(site.zone.as_str())),
        ("confidence", Value::from(asked.terms.confidence.percent())),
    ] {
        shown.insert(name.to_owned(), value);
    }
    if asked.grain != "site" {
        shown.insert(asked.grain.to_owned(), Value::from(asked.key.as_str()));
    }
    if let Some(period) = asked.compared {
        let before = asked.whole::<C>(env, &site, period, today).await?;
        shown.insert("compared".to_owned(), asked.compare::<C>(&whole, &before, period, today));
    }
    match asked.by {
        By::Nothing => {}
        By::Step(step) => {
            let parts = asked.steps::<C>(env, &site, step).await?;
            shown.insert("by".to_owned(), Value::from(step.name()));
            shown.insert("parts".to_owned(), asked.parts::<C>(&parts, &[], today));
        }
        By::Grain(grain) => {
            let parts = asked.things::<C>(env, &site, grain, today).await?;
            let ids: Vec<&str> = parts.iter().map(|it| it.key.as_str()).collect();
            let names = C::names(&site.id, &view::text(&ids));
            let names = env.sql().fetch(names).await?;
            let stated = parts.iter().fold(0, |sum, it| sum + C::n(&it.tally));
            let not_stated = C::n(&whole.tally) - stated;
            shown.insert("by".to_owned(), Value::from(grain));
            shown.insert("parts".to_owned(), asked.parts::<C>(&parts, &names, today));
            shown.insert("not_stated".to_owned(), Value::from(not_stated));
        }
    }
    web::response::ok_as_of(&Value::Object(shown), env.now())
}

impl Asked {
    /// Reads what is asked. Mistakes are noted in `query`; what is not kept is one by itself.
    fn read<C: Counted>(query: &mut Query, site: &Site, today: i32) -> Result<Asked, Problem> {
        let grains = C::GRAINS.get(1..).unwrap_or_default();
        let period = Period::read(query, today);
        let compared = period.compared(query);
        let terms = app::score::terms(query, site);
        let mut about = ("site", String::new());
        let mut given = 0;
        for grain in grains {
            if let Some(key) = filters::value(query, grain, C::words(grain)) {
                about = (grain, key);
                given += 1;
            }
        }
        let mut words = grains.to_vec();
        words.extend(Step::ALL.map(Step::name));
        let read = |text: &str| {
            let grain = || grains.iter().find(|it| **it == text).copied();
            Step::parse(text).map(By::Step).or_else(|| grain().map(By::Grain))
        };
        let by = query.parse("by", read, || one_of_rule(&words)).unwrap_or(By::Nothing);
        if 1 < given || given == 1 && matches!(by, By::Grain(_)) {
            return Err(not_kept(grains));
        }
        let (grain, key) = about;
        Ok(Asked { period, compared, terms, grain, key, by })
    }

    fn span<'a>(&'a self, site: &'a Site, period: Period) -> Span<'a> {
        Span { site_id: &site.id, grain: self.grain, key: &self.key, days: period.span() }
    }

    /// What it is about over all days.
    async fn whole<C: Counted>(
        &self,
        env: &impl Env,
        site: &Site,
        period: Period,
        today: i32,
    ) -> Result<Found<C::Tally>, Problem> {
        let span = self.span(site, period);
        let part = env.sql().fetch(C::total(&span)).await?.into_iter().next();
        let open = C::open(&site.id, self.grain, &self.key, today.into());
        Ok(Found {
            key: String::new(),
            tally: part.map(|it| it.tally).unwrap_or_default(),
            values: env.sql().fetch(C::values(&span)).await?,
            open: env.sql().fetch(open).await?,
        })
    }

    /// Each thing of a grain.
    async fn things<C: Counted>(
        &self,
        env: &impl Env,
        site: &Site,
        grain: &'static str,
        today: i32,
    ) -> Result<Vec<Found<C::Tally>>, Problem> {
        let span = Span { grain, ..self.span(site, self.period) };
        let parts = env.sql().fetch(C::by_key(&span)).await?;
        let mut found: Vec<Found<C::Tally>> =
            parts.into_iter().map(|it| Found::of(it.key, it.tally)).collect();
        // They come in the order of their keys.
        for it in env.sql().fetch(C::values_by_key(&span)).await? {
            if let Ok(at) = found.binary_search_by(|own| own.key.cmp(&it.key))
                && let Some(own) = found.get_mut(at)
            {
                own.values.push(it);
            }
        }
        for it in env.sql().fetch(C::open(&site.id, grain, "*", today.into())).await? {
            let at = found.partition_point(|own| own.key < it.key);
            if found.get(at).is_none_or(|own| own.key != it.key) {
                found.insert(at, Found::of(it.key.clone(), C::Tally::default()));
            }
            if let Some(own) = found.get_mut(at) {
                own.open.push(it);
            }
        }
        Ok(found)
    }

    /// Each step of the days, those on which none came as well.
    async fn steps<C: Counted>(
        &self,
        env: &impl Env,
        site: &Site,
        step: Step,
    ) -> Result<Vec<Found<C::Tally>>, Problem> {
        let span = self.span(site, self.period);
        let days = env.sql().fetch(C::by_day(&span)).await?;
        let mut values = env.sql().fetch(C::values_by_day(&span)).await?;
        let mut found = Vec::new();
        let mut start = step.start(self.period.from);
        while start <= self.period.to {
            let next = step.next(start);
            let is_in = |day: i64| (i64::from(start)..i64::from(next)).contains(&day);
            let mut own = Found::of(step.key(start), C::Tally::default());
            for it in days.iter().filter(|it| is_in(it.day)) {
                C::add(&mut own.tally, &it.tally);
            }
            let (mine, rest) = values.into_iter().partition(|it| is_in(it.day));
            (own.values, values) = (mine, rest);
            found.push(own);
            start = next;
        }
        Ok(found)
    }

    /// Everything that is told of some of them.
    fn figures<C: Counted>(&self, it: &Found<C::Tally>, today: i32) -> Map<String, Value> {
        let mut shown = C::show(&it.tally, &it.values, self.terms);
        // What is open by now does not depend on the days asked for.
        shown.insert("backlog".to_owned(), backlog(&it.open, today));
        shown
    }

    fn parts<C: Counted>(
        &self,
        parts: &[Found<C::Tally>],
        names: &[(String, String)],
        today: i32,
    ) -> Value {
        let is_step = matches!(self.by, By::Step(_));
        let show = |it: &Found<C::Tally>| {
            let mut shown = self.figures::<C>(it, today);
            shown.insert("key".to_owned(), Value::from(it.key.as_str()));
            if is_step {
                shown.remove("backlog");
            } else {
                let name = names.iter().find(|(id, _)| *id == it.key).map(|it| it.1.as_str());
                shown.insert("name".to_owned(), Value::from(name));
            }
            Value::Object(shown)
        };
        parts.iter().map(show).collect()
    }

    /// The same figures of other days, and by how much each rate differs.
    fn compare<C: Counted>(
        &self,
        now: &Found<C::Tally>,
        before: &Found<C::Tally>,
        period: Period,
        today: i32,
    ) -> Value {
        let mut shown = self.figures::<C>(before, today);
        shown.remove("backlog");
        shown.insert("from".to_owned(), Value::from(civil::date(period.from)));
        shown.insert("to".to_owned(), Value::from(civil::date(period.to)));
        let told = differences(&C::rates(&now.tally), &C::rates(&before.tally), self.terms);
        shown.insert("differences".to_owned(), told);
        Value::Object(shown)
    }
}

impl<T> Found<T> {
    fn of(key: String, tally: T) -> Found<T> {
        Found { key, tally, values: Vec::new(), open: Vec::new() }
    }
}

/// A rate: its name, its hits and of how many.
pub(crate) type Rate = (&'static str, i64, i64);

/// By how much each rate differs from before, all corrected together.
pub(crate) fn differences(now: &[Rate], before: &[Rate], terms: Terms) -> Value {
    let mut differences = Differences::default();
    let metric = Points::new(5).map_or(Metric::Ces, Metric::Csat);
    for (now, before) in now.iter().zip(before) {
        // A share is what satisfaction is: the difference of two is made the same way.
        let side = |&(_, hits, n): &Rate| {
            let (hits, n) = (count(hits), count(n));
            let mut counts = [0; 11];
            (counts[5], counts[1]) = (hits, n.saturating_sub(hits));
            counts
        };
        differences.add(metric, side(now), side(before), terms);
    }
    let mut told = Map::new();
    for ((name, ..), difference) in now.iter().zip(differences.show(terms)) {
        told.insert((*name).to_owned(), difference);
    }
    Value::Object(told)
}

/// How many came on each day up to `until`; on days without any, none did.
pub(crate) fn trend(name: &str, found: &[(i64, i64)], days: (i64, i64), until: i64) -> Value {
    let show = |day: i64| {
        let n = found.iter().find(|it| it.0 == day).map_or(0, |it| it.1);
        let mut point = json!({ "day": civil::date(i32::try_from(day).unwrap_or(0)) });
        super::put(&mut point, name, Value::from(n));
        point
    };
    (days.0..=days.1.min(until)).map(show).collect()
}

/// What is open, by how many days ago it was received.
fn backlog(open: &[Open], today: i32) -> Value {
    let mut ages = Vec::with_capacity(AGES.len());
    for (first, last) in AGES {
        let is_of = |it: &&Open| (first..=last).contains(&(i64::from(today) - it.day).max(0));
        let n = open.iter().filter(is_of).fold(0, |sum, it| sum + it.n);
        let last = (last != i64::MAX).then_some(last);
        ages.push(json!({ "from_days": first, "to_days": last, "n": n }));
    }
    let (n, overdue) = open.iter().fold((0, 0), |sum, it| (sum.0 + it.n, sum.1 + it.overdue));
    json!({ "open": n, "overdue": overdue, "ages": ages })
}

/// What to answer where no counts are kept.
fn not_kept(grains: &[&str]) -> Problem {
    let grains = grains.join(", ");
    Problem::invalid(
        Place::Parameter("by".to_owned()),
        said_now(
            format!(
                "no such figures are kept: ask for one of {grains} at a time, \
                 by day, week, month or quarter; or for the site by any of them"
            ),
            format!(
                "不统计这种组合：可以按其中一项（{grains}）查看，并按 day、week、month 或 quarter 细分；\
                 也可以按其中任一项细分全站"
            ),
        ),
    )
}
