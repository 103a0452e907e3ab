//! `GET /v1/figures`: every service standard, of the site and by touchpoint, and the rates.

use app::period::Period;
use domain::case::count::Tally;
use domain::measure::{
    HANDLING_SECONDS, MEASURES, Measured, RATES, Rate, named, of_cases, share, standard,
};
use domain::score::{Confidence, SMALL_N};
use domain::touchpoint::STANDARDS;
use ports::{Env, Sql};
use serde_json::{Map, Value, json};
use store::case_figures::{self, Span};
use store::measures::{self, Named, Part};
use store::sites::Site;
use web::lang::Lang;
use web::{Problem, Request, Response, view};

use crate::{frame, show};

/// Everything that was measured over the days asked for.
struct Figures {
    parts: Vec<Part>,
    /// The complaints that were received on them.
    cases: Tally,
    confidence: Confidence,
    lang: Lang,
}

pub(crate) async fn show(
    env: &impl Env,
    request: &Request,
    site: &Site,
) -> Result<Response, Problem> {
    let zone = app::zone(&site.zone)?;
    let mut query = request.query();
    let period = Period::read(&mut query, zone.day(env.now()));
    let confidence = app::score::terms(&mut query, site).confidence;
    query.done()?;
    let names = view::text(&MEASURES.map(|it| it.name));
    let standards = view::text(&STANDARDS.map(|it| it.name));
    let read = measures::figures(&site.id, period.span(), &names, &standards);
    let parts = env.sql().fetch(read).await?;
    let touchpoints = env.sql().fetch(measures::touchpoints(&site.id)).await?;
    let whole = Span { site_id: &site.id, grain: "site", key: "", days: period.span() };
    let cases = env.sql().fetch(case_figures::total(&whole)).await?.into_iter().next();
    let cases = cases.unwrap_or_default().tally;
    let figures = Figures { parts, cases, confidence, lang: request.lang() };
    let mut shown = Map::new();
    shown.insert("confidence".to_owned(), Value::from(confidence.percent()));
    shown.insert("durations".to_owned(), figures.durations());
    shown.insert("touchpoints".to_owned(), figures.touchpoints(&touchpoints));
    shown.insert("rates".to_owned(), figures.rates());
    frame(&mut shown, period, site);
    web::response::ok_as_of(&Value::Object(shown), env.now())
}

impl Figures {
    /// What was measured of a touchpoint, or of the site if that is empty.
    fn measured(&self, key: &str, name: &str) -> Measured {
        let mut measured = Measured::default();
        let part = self.parts.iter().find(|it| it.key == key && it.name == name);
        for (_, cell) in part.iter().flat_map(|it| &it.cells) {
            measured.add(*cell);
        }
        measured
    }

    /// Every duration of the site, against the usual standards.
    fn durations(&self) -> Value {
        let durations = MEASURES.iter().filter(|it| it.is_duration);
        durations.map(|it| self.duration("", it.name, standard(it.name))).collect()
    }

    /// The service standards of each touchpoint, against what it promises.
    fn touchpoints(&self, touchpoints: &[Named]) -> Value {
        let mut all = Vec::with_capacity(touchpoints.len());
        for it in touchpoints {
            let promised = view::object(&it.standards).unwrap_or_default();
            let mut standards = Vec::with_capacity(STANDARDS.len());
            for usual in &STANDARDS {
                let seconds = promised.get(usual.name).and_then(Value::as_i64);
                let seconds = seconds.unwrap_or(usual.seconds);
                standards.push(self.duration(&it.id, usual.name, Some(seconds)));
            }
            all.push(json!({ "id": it.id, "name": it.name, "standards": standards }));
        }
        Value::Array(all)
    }

    fn duration(&self, key: &str, name: &str, standard: Option<i64>) -> Value {
        let measured = self.measured(key, name);
        let mut shown = show::durations(&measured, standard, self.confidence);
        if name == "handling" {
            // What it should be is its mean.
            let longest = HANDLING_SECONDS as f64;
            let met = measured.mean().map(|it| it <= longest);
            shown.insert("mean_target".to_owned(), Value::from(HANDLING_SECONDS));
            shown.insert("mean_met".to_owned(), Value::from(met));
        }
        shown.insert("name".to_owned(), Value::from(name));
        if let Some(it) = named(name) {
            shown.insert("label".to_owned(), show::label(it.label, self.lang));
        }
        if measured.n() == 0 {
            let connect = show::connect(name);
            shown.insert("connect".to_owned(), Value::from(connect.text(self.lang)));
        }
        Value::Object(shown)
    }

    fn rates(&self) -> Value {
        RATES.iter().map(|it| self.rate(it)).collect()
    }

    /// A count; `None` of what was never brought. Complaints are counted where they are worked on,
    /// so that none is none.
    fn count(&self, name: &str) -> Option<u64> {
        let measured = || Some(self.measured("", name)).filter(|it| 0 < it.n());
        of_cases(name, &self.cases).or_else(|| measured().map(|it| it.sum()))
    }

    /// A rate, or what to connect. A count that was never brought is no zero.
    fn rate(&self, rate: &Rate) -> Value {
        let counts = [rate.numerator, rate.denominator].map(|it| (it, self.count(it)));
        let mut connect: Vec<Value> = Vec::new();
        for (name, _) in counts.iter().filter(|(_, count)| count.is_none()) {
            connect.push(Value::from(show::connect(name).text(self.lang)));
        }
        let [(_, hits), (_, n)] = counts.map(|(name, count)| (name, count.unwrap_or(0)));
        let found = share(hits, n, self.confidence).filter(|_| connect.is_empty());
        let mut shown = Map::new();
        shown.insert("name".to_owned(), Value::from(rate.name));
        shown.insert("label".to_owned(), show::label(rate.label, self.lang));
        shown.insert("value".to_owned(), Value::from(found.map(|it| it.value)));
        shown.insert("interval".to_owned(), found.map_or(Value::Null, show::interval));
        shown.insert("small".to_owned(), Value::from(n < SMALL_N));
        for (name, (of, sum)) in ["numerator", "denominator"].into_iter().zip(counts) {
            shown.insert(name.to_owned(), json!({ "name": of, "sum": sum }));
        }
        let target = rate.target.map(domain::measure::Target::number);
        // More than all of them tells that one of the counts is not whole.
        let sound = found.filter(|it| it.interval.is_some());
        let met = rate.target.zip(sound).map(|(target, it)| target.is_met(it.value));
        shown.insert("target".to_owned(), Value::from(target));
        shown.insert("met".to_owned(), Value::from(met));
        if !connect.is_empty() {
            shown.insert("connect".to_owned(), Value::Array(connect));
        }
        Value::Object(shown)
    }
}
