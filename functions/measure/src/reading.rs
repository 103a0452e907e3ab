//! `GET /v1/measurements`: one measure over some days, of the site or of one thing, cut by things
//! or by time.

use app::period::Period;
use domain::measure::{MEASURES, Measure, Measured, SECONDS_MAX, named, standard};
use domain::score::Confidence;
use domain::touchpoint::CHANNELS;
use domain::trend::Step;
use ports::{Env, Sql};
use serde_json::{Map, Value};
use store::measures::{self, Named, Part, Span};
use store::sites::Site;
use web::field::{Query, number_rule, one_of_rule};
use web::lang::{Lang, said};
use web::problem::Place;
use web::{Problem, Request, Response, view};

use crate::{frame, show};

/// What measures are kept by, besides the site as a whole.
const GRAINS: [&str; 3] = ["touchpoint", "channel", "agent"];
/// What time is cut into.
const STEPS: [Step; 3] = [Step::Day, Step::Week, Step::Month];

/// What is asked.
struct Asked {
    measure: &'static Measure,
    period: Period,
    confidence: Confidence,
    /// The seconds to hold durations against, where the caller names them.
    standard: Option<i64>,
    /// What it is about: the grain and its key.
    grain: &'static str,
    key: String,
    by: By,
}

/// What to cut by.
enum By {
    Nothing,
    Step(Step),
    Grain(&'static str),
}

pub(crate) async fn show(
    env: &impl Env,
    request: &Request,
    site: &Site,
) -> Result<Response, Problem> {
    let zone = app::zone(&site.zone)?;
    let mut query = request.query();
    let period = Period::read(&mut query, zone.day(env.now()));
    if request.param("name").is_none() {
        query.refuse("name", said("is required", "为必填项"));
    }
    let asked = Asked::read(&mut query, period, site);
    query.done()?;
    let asked = asked?;
    let span = asked.span(site);
    let total = env.sql().fetch(measures::total(&span)).await?;
    let parts = match asked.by {
        By::Nothing => Vec::new(),
        By::Step(_) => env.sql().fetch(measures::by_day(&span)).await?,
        By::Grain(grain) => env.sql().fetch(measures::by_key(&Span { grain, ..span })).await?,
    };
    let names = names(env, site, &asked, &parts).await?;
    let mut total_measured = Measured::default();
    for (_, cell) in total.iter().flat_map(|it| &it.cells) {
        total_measured.add(*cell);
    }
    let mut shown = asked.measured(&total_measured, asked.standard(&names, &asked.key));
    asked.head(&mut shown, &total_measured, request.lang());
    match asked.by {
        By::Nothing => {}
        By::Step(step) => {
            shown.insert("parts".to_owned(), asked.steps(step, &parts, &names));
        }
        By::Grain(_) => {
            let stated = parts.iter().flat_map(|it| &it.cells);
            let stated = stated.fold(0_u64, |sum, (_, cell)| sum.saturating_add(cell.n));
            let not_stated = total_measured.n().saturating_sub(stated);
            shown.insert("parts".to_owned(), asked.parts(&parts, &names));
            shown.insert("not_stated".to_owned(), Value::from(not_stated));
        }
    }
    frame(&mut shown, period, site);
    web::response::ok_as_of(&Value::Object(shown), env.now())
}

impl Asked {
    /// Reads what is asked. Mistakes are noted in `query`; what is not kept is one by itself.
    fn read(query: &mut Query, period: Period, site: &Site) -> Result<Asked, Problem> {
        let names = MEASURES.map(|it| it.name);
        let given = query.parse("name", named, || one_of_rule(&names));
        let confidence = app::score::terms(query, site).confidence;
        let seconds =
            |text: &str| text.parse::<i64>().ok().filter(|it| (1..=SECONDS_MAX).contains(it));
        let standard = query.parse("standard", seconds, || number_rule(1, SECONDS_MAX));
        if standard.is_some() && given.is_some_and(|it| !it.is_duration) {
            query.refuse("standard", said("is for durations", "仅用于时长"));
        }
        let mut about = ("site", String::new());
        let mut filters = 0;
        for grain in GRAINS {
            let fits = |text: &str| {
                let fits = grain != "channel" || CHANNELS.contains(&text);
                (fits && !text.is_empty()).then(|| text.to_owned())
            };
            let rule = || match grain {
                "channel" => one_of_rule(&CHANNELS),
                _ => said("must be an id", "须为编号"),
            };
            if let Some(key) = query.parse(grain, fits, rule) {
                about = (grain, key);
                filters += 1;
            }
        }
        let mut words: Vec<&str> = GRAINS.to_vec();
        words.extend(STEPS.map(Step::name));
        let read = |text: &str| {
            let step = STEPS.into_iter().find(|it| it.name() == text).map(By::Step);
            step.or_else(|| GRAINS.into_iter().find(|it| *it == text).map(By::Grain))
        };
        let by = query.parse("by", read, || one_of_rule(&words)).unwrap_or(By::Nothing);
        let is_kept = filters == 0 || filters == 1 && !matches!(by, By::Grain(_));
        if !is_kept {
            return Err(refused());
        }
        // Without a name the mistake is noted, and this one is never shown.
        let measure = given.or(MEASURES.first()).ok_or_else(Problem::not_found)?;
        let (grain, key) = about;
        Ok(Asked { measure, period, confidence, standard, grain, key, by })
    }

    fn span<'a>(&'a self, site: &'a Site) -> Span<'a> {
        Span {
            site_id: &site.id,
            name: self.measure.name,
            grain: self.grain,
            key: &self.key,
            days: self.period.span(),
        }
    }

    /// The seconds that a thing may take: what the caller says, else what its touchpoint
    /// promises, else the usual ones.
    fn standard(&self, names: &[Named], key: &str) -> Option<i64> {
        let promised = || {
            let it = names.iter().find(|it| it.id == key)?;
            view::object(&it.standards)?.get(self.measure.name)?.as_i64()
        };
        self.standard.or_else(promised).or_else(|| standard(self.measure.name))
    }

    fn measured(&self, it: &Measured, standard: Option<i64>) -> Map<String, Value> {
        if self.measure.is_duration {
            show::durations(it, standard, self.confidence)
        } else {
            show::counts(it)
        }
    }

    /// Tells what was measured, and what to connect where nothing was.
    fn head(&self, shown: &mut Map<String, Value>, total: &Measured, lang: Lang) {
        let unit = if self.measure.is_duration { "seconds" } else { "count" };
        shown.insert("name".to_owned(), Value::from(self.measure.name));
        shown.insert("label".to_owned(), show::label(self.measure.label, lang));
        shown.insert("unit".to_owned(), Value::from(unit));
        shown.insert("confidence".to_owned(), Value::from(self.confidence.percent()));
        if total.n() == 0 {
            let connect = show::connect(self.measure.name);
            shown.insert("connect".to_owned(), Value::from(connect.text(lang)));
        }
    }

    /// Every key of the grain.
    fn parts(&self, parts: &[Part], names: &[Named]) -> Value {
        let mut all = Vec::with_capacity(parts.len());
        for part in parts {
            let mut measured = Measured::default();
            for (_, cell) in &part.cells {
                measured.add(*cell);
            }
            // A key may have been measured on other days alone.
            if measured.n() == 0 {
                continue;
            }
            let mut shown = self.measured(&measured, self.standard(names, &part.key));
            shown.insert("key".to_owned(), Value::from(part.key.as_str()));
            if let Some(it) = names.iter().find(|it| it.id == part.key) {
                shown.insert("name".to_owned(), Value::from(it.name.as_str()));
            }
            all.push(Value::Object(shown));
        }
        Value::Array(all)
    }

    /// Step by step, those without a measurement as well. The days come in order.
    fn steps(&self, step: Step, parts: &[Part], names: &[Named]) -> Value {
        let Period { from, to } = self.period;
        let days = parts.first().map_or(&[][..], |it| &it.cells);
        let mut all = Vec::new();
        let mut start = step.start(from);
        while start <= to {
            let next = step.next(start);
            let at = |day: i32| days.partition_point(|(it, _)| *it < i64::from(day));
            let mut measured = Measured::default();
            // Of the first step and the last, only days of the period were read.
            let own = days.get(at(start)..at(next));
            for (_, cell) in own.unwrap_or_default() {
                measured.add(*cell);
            }
            let mut shown = self.measured(&measured, self.standard(names, &self.key));
            shown.insert("key".to_owned(), Value::from(step.key(start)));
            all.push(Value::Object(shown));
            start = next;
        }
        Value::Array(all)
    }
}

/// What the things are called. A filter that names what does not exist is no empty figure.
async fn names(
    env: &impl Env,
    site: &Site,
    asked: &Asked,
    parts: &[Part],
) -> Result<Vec<Named>, Problem> {
    let is_id = |grain: &str| grain == "touchpoint" || grain == "agent";
    let mut ids: Vec<&str> = Vec::new();
    if is_id(asked.grain) {
        ids.push(&asked.key);
    }
    if matches!(asked.by, By::Grain(grain) if is_id(grain)) {
        ids.extend(parts.iter().map(|it| it.key.as_str()));
    }
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let names = env.sql().fetch(measures::names(&site.id, &view::text(&ids))).await?;
    let prefix = if asked.grain == "agent" { "agt_" } else { "tch_" };
    let is_there = asked.key.starts_with(prefix) && names.iter().any(|it| it.id == asked.key);
    if is_id(asked.grain) && !is_there {
        return Err(Problem::not_found());
    }
    Ok(names)
}

fn refused() -> Problem {
    Problem::invalid(
        Place::Parameter("by".to_owned()),
        said(
            "filters and by together must be one of: none; one of touchpoint, channel, agent, \
             alone or with by=day, week or month; no filter with by=touchpoint, channel, agent, \
             day, week or month",
            "筛选与 by 的组合须为以下之一：都没有；touchpoint、channel、agent 之一，单独或配合 by=day、week、month；\
             没有筛选而 by=touchpoint、channel、agent、day、week、month",
        ),
    )
}
