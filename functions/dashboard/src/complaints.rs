//! `GET /v1/complaint-figures`: what complaints come to, of the site or of one thing, cut by
//! things or by time.

use app::auth;
use app::case::figures as show;
use app::period::Period;
use app::score::Differences;
use domain::case::Grade;
use domain::case::count::{GRAINS, Tally};
use domain::case::ledger::{AGES, RATES};
use domain::civil;
use domain::measure::Measured;
use domain::score::{Confidence, Metric, Points, Terms};
use domain::trend::Step;
use ports::{Env, Sql};
use serde_json::{Map, Value, json};
use store::case_figures::{self, Open, Overview, Part, Span, Valued};
use store::sites::Site;
use web::field::{Query, one_of_rule};
use web::lang::{said, said_now};
use web::problem::Place;
use web::{Problem, Request, Response, view};

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
#[derive(Default)]
struct Found {
    key: String,
    tally: Tally,
    values: Vec<Valued>,
    open: Vec<Open>,
}

pub(crate) async fn show(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    let site = app::site(env, &viewer.site_id).await?;
    let today = app::zone(&site.zone)?.day(env.now());
    let mut query = request.query();
    let asked = Asked::read(&mut query, &site, today);
    query.done()?;
    let asked = asked?;
    let whole = asked.whole(env, &site, asked.period, today).await?;
    let mut shown = asked.figures(&whole, today);
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
        let before = asked.whole(env, &site, period, today).await?;
        shown.insert("compared".to_owned(), asked.compare(&whole, &before, period, today));
    }
    match asked.by {
        By::Nothing => {}
        By::Step(step) => {
            let parts = asked.steps(env, &site, step).await?;
            shown.insert("by".to_owned(), Value::from(step.name()));
            shown.insert("parts".to_owned(), asked.parts(&parts, &[], today));
        }
        By::Grain(grain) => {
            let parts = asked.things(env, &site, grain, today).await?;
            let ids: Vec<&str> = parts.iter().map(|it| it.key.as_str()).collect();
            let names = case_figures::names(&site.id, &view::text(&ids));
            let names = env.sql().fetch(names).await?;
            let stated = parts.iter().fold(0, |sum, it| sum + it.tally.received);
            let not_stated = whole.tally.received - stated;
            shown.insert("by".to_owned(), Value::from(grain));
            shown.insert("parts".to_owned(), asked.parts(&parts, &names, today));
            shown.insert("not_stated".to_owned(), Value::from(not_stated));
        }
    }
    web::response::ok_as_of(&Value::Object(shown), env.now())
}

impl Asked {
    /// Reads what is asked. Mistakes are noted in `query`; what is not kept is one by itself.
    fn read(query: &mut Query, site: &Site, today: i32) -> Result<Asked, Problem> {
        let period = Period::read(query, today);
        let compared = period.compared(query);
        let terms = app::score::terms(query, site);
        let mut about = ("site", String::new());
        let mut filters = 0;
        for grain in GRAINS.into_iter().skip(1) {
            let fits = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            let rule = || said("must not be empty", "不得为空");
            if let Some(key) = query.parse(grain, fits, rule) {
                about = (grain, key);
                filters += 1;
            }
        }
        let mut words: Vec<&str> = GRAINS.into_iter().skip(1).collect();
        words.extend(Step::ALL.map(Step::name));
        let read = |text: &str| {
            let mut grains = GRAINS.into_iter().skip(1);
            Step::parse(text).map(By::Step).or_else(|| grains.find(|it| *it == text).map(By::Grain))
        };
        let by = query.parse("by", read, || one_of_rule(&words)).unwrap_or(By::Nothing);
        if 1 < filters || filters == 1 && matches!(by, By::Grain(_)) {
            return Err(not_kept());
        }
        let (grain, key) = about;
        Ok(Asked { period, compared, terms, grain, key, by })
    }

    fn span<'a>(&'a self, site: &'a Site, period: Period) -> Span<'a> {
        Span { site_id: &site.id, grain: self.grain, key: &self.key, days: period.span() }
    }

    /// What it is about over all days.
    async fn whole(
        &self,
        env: &impl Env,
        site: &Site,
        period: Period,
        today: i32,
    ) -> Result<Found, Problem> {
        let span = self.span(site, period);
        let part = env.sql().fetch(case_figures::total(&span)).await?.into_iter().next();
        let open = case_figures::open(&site.id, self.grain, &self.key, today.into());
        Ok(Found {
            key: String::new(),
            tally: part.unwrap_or_default().tally,
            values: env.sql().fetch(case_figures::values(&span)).await?,
            open: env.sql().fetch(open).await?,
        })
    }

    /// Each thing of a grain.
    async fn things(
        &self,
        env: &impl Env,
        site: &Site,
        grain: &'static str,
        today: i32,
    ) -> Result<Vec<Found>, Problem> {
        let span = Span { grain, ..self.span(site, self.period) };
        let parts = env.sql().fetch(case_figures::by_key(&span)).await?;
        let mut found: Vec<Found> = parts.into_iter().map(Found::of).collect();
        // They come in the order of their keys.
        for it in env.sql().fetch(case_figures::values_by_key(&span)).await? {
            if let Ok(at) = found.binary_search_by(|own| own.key.cmp(&it.key))
                && let Some(own) = found.get_mut(at)
            {
                own.values.push(it);
            }
        }
        for it in env.sql().fetch(case_figures::open(&site.id, grain, "*", today.into())).await? {
            let at = found.partition_point(|own| own.key < it.key);
            if found.get(at).is_none_or(|own| own.key != it.key) {
                found.insert(at, Found { key: it.key.clone(), ..Found::default() });
            }
            if let Some(own) = found.get_mut(at) {
                own.open.push(it);
            }
        }
        Ok(found)
    }

    /// Each step of the days, those without complaints as well.
    async fn steps(&self, env: &impl Env, site: &Site, step: Step) -> Result<Vec<Found>, Problem> {
        let span = self.span(site, self.period);
        let days = env.sql().fetch(case_figures::by_day(&span)).await?;
        let mut values = env.sql().fetch(case_figures::values_by_day(&span)).await?;
        let mut found = Vec::new();
        let mut start = step.start(self.period.from);
        while start <= self.period.to {
            let next = step.next(start);
            let is_in = |day: i64| (i64::from(start)..i64::from(next)).contains(&day);
            let mut own = Found { key: step.key(start), ..Found::default() };
            for it in days.iter().filter(|it| is_in(it.day)) {
                own.tally.add(&it.tally, 1);
            }
            let (mine, rest) = values.into_iter().partition(|it| is_in(it.day));
            (own.values, values) = (mine, rest);
            found.push(own);
            start = next;
        }
        Ok(found)
    }

    /// Everything that is told of some cases.
    fn figures(&self, it: &Found, today: i32) -> Map<String, Value> {
        let mut shown = show::tally(&it.tally, self.terms.confidence);
        let values: Vec<&Valued> = it.values.iter().collect();
        show::values(&mut shown, &values, self.terms);
        // What is open by now does not depend on the days asked for.
        shown.insert("backlog".to_owned(), backlog(&it.open, today));
        shown
    }

    fn parts(&self, parts: &[Found], names: &[(String, String)], today: i32) -> Value {
        let is_step = matches!(self.by, By::Step(_));
        let show = |it: &Found| {
            let mut shown = self.figures(it, today);
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
    fn compare(&self, now: &Found, before: &Found, period: Period, today: i32) -> Value {
        let mut shown = self.figures(before, today);
        shown.remove("backlog");
        shown.insert("from".to_owned(), Value::from(civil::date(period.from)));
        shown.insert("to".to_owned(), Value::from(civil::date(period.to)));
        let mut differences = Differences::default();
        let metric = Points::new(5).map_or(Metric::Ces, Metric::Csat);
        for rate in &RATES {
            // A share is what satisfaction is: the difference of two is made the same way.
            let side = |it: &Tally| {
                let (hits, n) = (show::count((rate.hits)(it)), show::count((rate.n)(it)));
                let mut counts = [0; 11];
                (counts[5], counts[1]) = (hits, n.saturating_sub(hits));
                counts
            };
            differences.add(metric, side(&now.tally), side(&before.tally), self.terms);
        }
        let mut told = Map::new();
        for (rate, difference) in RATES.iter().zip(differences.show(self.terms)) {
            told.insert(rate.name.to_owned(), difference);
        }
        shown.insert("differences".to_owned(), Value::Object(told));
        Value::Object(shown)
    }
}

impl Found {
    fn of(part: Part) -> Found {
        Found { key: part.key, tally: part.tally, ..Found::default() }
    }
}

/// What the overview tells of complaints: what was received over its days, and what is open now.
pub(crate) fn brief(found: &Overview, confidence: Confidence) -> Value {
    let one = |key: &str| {
        let part = found.parts.iter().find(|it| it.key == key);
        let tally = part.map(|it| it.tally).unwrap_or_default();
        let open = found.open.iter().filter(|it| it.key == key);
        let (open, overdue) = open.fold((0, 0), |sum, it| (sum.0 + it.n, sum.1 + it.overdue));
        let mut rates = Map::new();
        for of in &RATES {
            let rate = show::rate((of.hits)(&tally), (of.n)(&tally), of.target, confidence);
            rates.insert(of.name.to_owned(), rate);
        }
        json!({
            "received": tally.received,
            "late": tally.late,
            "open": open,
            "overdue": overdue,
            "rates": rates,
        })
    };
    let mut shown = one("");
    let mut first_answers = Measured::default();
    found.first_answers.iter().for_each(|it| first_answers.add(*it));
    let mut by_grade = Vec::new();
    for grade in [Grade::Major, Grade::Moderate, Grade::General] {
        let mut item = one(grade.name());
        super::put(&mut item, "grade", Value::from(grade.name()));
        by_grade.push(item);
    }
    super::put(&mut shown, "first_answer", show::duration(&first_answers, confidence));
    super::put(&mut shown, "by_grade", Value::Array(by_grade));
    shown
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
fn not_kept() -> Problem {
    let grains = GRAINS.get(1..).unwrap_or_default().join(", ");
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
