//! `/v1/causes/ranking` and `/v1/reviews/ranking`: causes by how often they come, whether their
//! measure helped, and by the harm that they do.

use app::auth;
use app::case::figures as show;
use app::period::Period;
use domain::case::count::Tally;
use domain::case::ledger::{EFFECT_DAYS, Effect, HARM, Side, effect, harm};
use domain::civil;
use domain::score::compare::{holm, significant};
use domain::score::{Confidence, round};
use domain::trend::Step;
use ports::{Env, Sql};
use serde_json::{Map, Value, json};
use store::case_figures::{self, Part, Span};
use store::causes::{self, Cause};
use store::reviews;
use store::sites::Site;
use web::field::Query;
use web::lang::{Lang, Said, said};
use web::{Problem, Request, Response, view};

use crate::{date, quarter_rule, review, span};

/// The largest weight of a grade.
const WEIGHT_MAX: i64 = 1000;

/// What is counted of a cause, its row, and the name of its department.
type Ranked = (Part, Cause, String);

/// What a ranking is made of.
struct Ranking {
    site: Site,
    today: i32,
    period: Period,
    before: Period,
    confidence: Confidence,
    lang: Lang,
    /// The site as a whole.
    total: Tally,
    /// Each cause that has cases now.
    causes: Vec<Ranked>,
    /// Those of the period before.
    earlier: Vec<Part>,
}

/// What was asked for: the days, those before, and how harm is weighed.
struct Asked {
    period: Period,
    before: Period,
    weights: [i64; 3],
}

impl Ranking {
    async fn load(
        env: &impl Env,
        request: &Request,
        read: fn(&mut Query, i32) -> Asked,
    ) -> Result<(Ranking, [i64; 3]), Problem> {
        let viewer = auth::viewer(env, request).await?;
        let site = app::site(env, &viewer.site_id).await?;
        let today = app::zone(&site.zone)?.day(env.now());
        let mut query = request.query();
        let Asked { period, before, weights } = read(&mut query, today);
        let confidence = app::score::terms(&mut query, &site).confidence;
        query.done()?;
        let of = |grain, days| Span { site_id: &site.id, grain, key: "", days };
        let total = env.sql().fetch(case_figures::total(&of("site", period.span()))).await?;
        let parts = env.sql().fetch(case_figures::by_key(&of("cause_id", period.span()))).await?;
        let earlier = env.sql().fetch(case_figures::by_key(&of("cause_id", before.span()))).await?;
        let ids: Vec<&str> = parts.iter().map(|it| it.key.as_str()).collect();
        let mut rows = env.sql().fetch(causes::some(&site.id, &view::text(&ids))).await?;
        let mut causes = Vec::with_capacity(parts.len());
        for part in parts.into_iter().filter(|it| 0 < it.tally.received) {
            if let Some(at) = rows.iter().position(|(it, _)| it.id == part.key) {
                let (cause, department) = rows.swap_remove(at);
                causes.push((part, cause, department));
            }
        }
        let total = total.into_iter().next().unwrap_or_default().tally;
        let lang = request.lang();
        let ranking =
            Ranking { site, today, period, before, confidence, lang, total, causes, earlier };
        Ok((ranking, weights))
    }

    /// How often a cause came in the period before.
    fn earlier(&self, id: &str) -> i64 {
        self.earlier.iter().find(|it| it.key == id).map_or(0, |it| it.tally.received)
    }

    /// Cases whose cause is known, listed in the ledger or not.
    fn known(&self) -> i64 {
        self.total.process_gap + self.total.product_defect + self.total.service_error
    }

    /// The days, and what is not in the list.
    fn frame(&self, items: Vec<Value>) -> Map<String, Value> {
        let mut listed = Tally::default();
        for (part, ..) in &self.causes {
            listed.add(&part.tally, 1);
        }
        let mut rest = self.total;
        rest.add(&listed, -1);
        let mut shown = Map::new();
        for (name, value) in [
            ("from", Value::from(civil::date(self.period.from))),
            ("to", Value::from(civil::date(self.period.to))),
            ("zone", Value::from(self.site.zone.as_str())),
            (
                "compared",
                json!({
                    "from": civil::date(self.before.from), "to": civil::date(self.before.to),
                }),
            ),
            ("confidence", Value::from(self.confidence.percent())),
            ("received", Value::from(self.total.received)),
            ("known", Value::from(self.known())),
            // What is still open has no cause yet.
            ("unknown", Value::from(self.total.received - self.known())),
            ("not_listed", show::causes(&rest)),
            ("items", Value::Array(items)),
        ] {
            shown.insert(name.to_owned(), value);
        }
        shown
    }

    /// What both rankings tell of a cause.
    fn item(&self, (part, cause, department): &Ranked) -> Map<String, Value> {
        let n = part.tally.received;
        let department =
            view::some(&cause.department_id).map(|id| json!({ "id": id, "name": department }));
        let mut shown = Map::new();
        for (name, value) in [
            ("id", json!(cause.id)),
            ("kind", json!(cause.kind)),
            ("name", json!(cause.name)),
            ("department", json!(department)),
            ("is_active", json!(cause.is_active)),
            ("n", json!(n)),
            ("n_before", json!(self.earlier(&cause.id))),
            ("share", show::rate(n, self.known(), None, self.confidence)),
            ("grades", show::grades(&part.tally)),
            ("measure", json!(view::some(&cause.measure))),
            ("measure_since", json!(date(cause.measure_day))),
        ] {
            shown.insert(name.to_owned(), value);
        }
        shown
    }
}

/// Causes by how often they come.
pub(crate) async fn causes(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let mut ranking = Ranking::load(env, request, months).await?.0;
    rank(&mut ranking.causes, |it| it.received);
    let with_measure = ranking.causes.iter().filter(|it| it.1.measure_day.is_some());
    let ids: Vec<&str> = with_measure.map(|it| it.1.id.as_str()).collect();
    let until = i64::from(ranking.today);
    let sides = causes::sides(&ranking.site.id, &view::text(&ids), until);
    let sides = env.sql().fetch(sides).await?;
    let effects = Effects::of(&sides, ranking.confidence);
    let mut items = Vec::with_capacity(ranking.causes.len());
    for (at, it) in ranking.causes.iter().enumerate() {
        let mut shown = ranking.item(it);
        shown.insert("rank".to_owned(), Value::from(at + 1));
        shown.insert("effect".to_owned(), effects.show(&it.1.id, &ranking));
        items.push(Value::Object(shown));
    }
    web::response::ok_as_of(&Value::Object(ranking.frame(items)), env.now())
}

/// A month, or any days; this month by default.
fn months(query: &mut Query, today: i32) -> Asked {
    let rule = || said("must be a month such as 2026-11", "须为月份，例如 2026-11");
    let month = query.parse("month", |text| span(Step::Month, text), rule);
    if month.is_none() && query.has_any(&["from", "to"]) {
        let period = Period::read(query, today);
        return Asked { period, before: period.before(false), weights: HARM };
    }
    let first = month.map_or(Step::Month.start(today), |it| it.0);
    step(Step::Month, first, HARM)
}

/// Whether the measures against causes helped, told together: many are looked at, and one in
/// twenty of those that changed nothing would seem to.
struct Effects<'a> {
    sides: &'a [(String, [Side; 2])],
    effects: Vec<Option<(Effect, f64)>>,
}

impl<'a> Effects<'a> {
    fn of(sides: &'a [(String, [Side; 2])], confidence: Confidence) -> Effects<'a> {
        let found: Vec<Option<Effect>> =
            sides.iter().map(|(_, [before, since])| effect(before, since, confidence)).collect();
        let p: Vec<f64> = found.iter().flatten().map(|it| it.p).collect();
        let mut corrected = holm(&p).into_iter();
        let effects =
            found.into_iter().map(|it| it.map(|it| (it, corrected.next().unwrap_or(1.0))));
        Effects { sides, effects: effects.collect() }
    }

    /// Null where no measure is in force.
    fn show(&self, id: &str, ranking: &Ranking) -> Value {
        let Some(at) = self.sides.iter().position(|it| it.0 == id) else { return Value::Null };
        let Some((_, sides)) = self.sides.get(at) else { return Value::Null };
        let found = self.effects.get(at).copied().flatten();
        let [before, since] = sides.map(|it| {
            json!({ "days": it.days, "n": it.n, "received": it.received, "known": it.known,
                "per_month": it.per_month() })
        });
        let (verdict, words) = verdict(found, ranking.confidence);
        let p = |it: f64| app::score::chance(it);
        json!({
            "before": before,
            "since": since,
            "days_max": EFFECT_DAYS,
            "ratio": found.and_then(|(it, _)| it.ratio),
            "interval": found.map(|(it, _)| json!([it.interval.0, it.interval.1])),
            "p": found.map(|(it, _)| p(it.p)),
            "p_corrected": found.map(|(_, corrected)| p(corrected)),
            "method": "conditional-poisson-score",
            "verdict": verdict,
            "says": words.text(ranking.lang),
        })
    }
}

/// What the numbers allow to say.
fn verdict(found: Option<(Effect, f64)>, confidence: Confidence) -> (&'static str, Said) {
    let Some((it, corrected)) = found else {
        let words = said(
            "too few cases or days to say whether the measure helped",
            "案例或天数太少，尚不能判断措施是否有效",
        );
        return ("too_few", words);
    };
    if !significant(corrected, confidence) {
        let words = said(
            "the change may be chance: it is not known whether the measure helped",
            "变化可能出于偶然，尚不能判断措施是否有效",
        );
        return ("unclear", words);
    }
    if it.ratio.is_some_and(|ratio| ratio < 1.0) {
        return ("fewer", said("it comes less often since the measure", "措施之后发生得更少"));
    }
    ("more", said("it comes more often since the measure", "措施之后发生得更多"))
}

/// Causes by how often they come times the harm that they do, each with its review.
pub(crate) async fn reviews(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let (mut ranking, weights) = Ranking::load(env, request, quarters).await?;
    rank(&mut ranking.causes, |it| harm(it, weights));
    let quarter = Step::Quarter.key(ranking.period.from);
    let known = env.sql().fetch(reviews::of_quarter(&ranking.site.id, &quarter)).await?;
    let mut items = Vec::with_capacity(ranking.causes.len());
    for (at, it) in ranking.causes.iter().enumerate() {
        let mut shown = ranking.item(it);
        let (n, risk) = (it.0.tally.received, harm(&it.0.tally, weights));
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
        let mean = round(risk as f64 / n as f64, 2);
        shown.insert("rank".to_owned(), Value::from(at + 1));
        shown.insert("harm".to_owned(), Value::from(mean));
        shown.insert("risk".to_owned(), Value::from(risk));
        let found = known.iter().find(|review| review.cause_id == it.1.id);
        shown.insert("review".to_owned(), json!(found.map(review::show_one)));
        items.push(Value::Object(shown));
    }
    let mut shown = ranking.frame(items);
    shown.insert("quarter".to_owned(), Value::from(quarter));
    let [general, moderate, major] = weights;
    let weights = json!({ "general": general, "moderate": moderate, "major": major });
    shown.insert("weights".to_owned(), weights);
    web::response::ok_as_of(&Value::Object(shown), env.now())
}

/// A quarter; this one by default.
fn quarters(query: &mut Query, today: i32) -> Asked {
    let quarter = query.parse("quarter", |text| span(Step::Quarter, text), quarter_rule);
    let first = quarter.map_or(Step::Quarter.start(today), |it| it.0);
    let rule = || {
        said(
            "must be three whole numbers of 0 to 1000 such as 1,3,10",
            "须为三个 0 到 1000 的整数，例如 1,3,10",
        )
    };
    let weights = query.parse("harm", read_weights, rule).unwrap_or(HARM);
    step(Step::Quarter, first, weights)
}

/// A whole month or quarter, and the one before.
fn step(step: Step, first: i32, weights: [i64; 3]) -> Asked {
    Asked {
        period: Period { from: first, to: step.next(first) - 1 },
        before: Period { from: step.back(first, 1), to: first - 1 },
        weights,
    }
}

/// The causes with the most first; among equals the oldest, as they come.
fn rank(causes: &mut Vec<Ranked>, most: impl Fn(&Tally) -> i64) {
    // By inserting, not sorting: there are few causes, and a sort is much code.
    let found = std::mem::take(causes);
    for it in found {
        let own = most(&it.0.tally);
        let at = causes.partition_point(|other| own <= most(&other.0.tally));
        causes.insert(at, it);
    }
}

fn read_weights(text: &str) -> Option<[i64; 3]> {
    let mut parts = text.split(',');
    let mut next = || {
        let weight = parts.next()?.trim().parse().ok()?;
        (0..=WEIGHT_MAX).contains(&weight).then_some(weight)
    };
    let weights = [next()?, next()?, next()?];
    parts.next().is_none().then_some(weights)
}
