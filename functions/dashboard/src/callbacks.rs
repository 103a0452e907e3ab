//! What call-backs come to: `GET /v1/callback-figures`, and the overview's block of them.

use app::case::figures as show;
use domain::callback::count::{GRAINS, RATES, Tally};
use domain::callback::{Mode, Purpose};
use domain::measure::Measured;
use domain::score::{Confidence, Terms, ratio};
use ports::Query;
use serde_json::{Map, Value, json};
use store::call_figures::{self, Overview};
use store::case_figures::{Asked, Open, Part, Span, Valued};

use super::cut::{Counted, Rate, differences, trend};

/// Call-backs, by the day on which they were asked for.
pub(crate) struct Calls;

impl Counted for Calls {
    type Tally = Tally;
    const GRAINS: &'static [&'static str] = &GRAINS;

    fn words(grain: &str) -> &'static [&'static str] {
        if grain == "purpose" { &Purpose::NAMES } else { &[] }
    }

    fn total(span: &Span<'_>) -> Query<Vec<Part<Tally>>> {
        call_figures::total(span)
    }

    fn by_day(span: &Span<'_>) -> Query<Vec<Part<Tally>>> {
        call_figures::by_day(span)
    }

    fn by_key(span: &Span<'_>) -> Query<Vec<Part<Tally>>> {
        call_figures::by_key(span)
    }

    fn values(span: &Span<'_>) -> Query<Vec<Valued>> {
        call_figures::waits(span)
    }

    fn values_by_day(span: &Span<'_>) -> Query<Vec<Valued>> {
        call_figures::waits_by_day(span)
    }

    fn values_by_key(span: &Span<'_>) -> Query<Vec<Valued>> {
        call_figures::waits_by_key(span)
    }

    fn open(site_id: &str, grain: &str, key: &str, until: i64) -> Query<Vec<Open>> {
        call_figures::open(site_id, grain, key, until)
    }

    fn names(site_id: &str, ids: &str) -> Query<Vec<(String, String)>> {
        call_figures::names(site_id, ids)
    }

    fn add(sum: &mut Tally, it: &Tally) {
        sum.add(it, 1);
    }

    fn n(it: &Tally) -> i64 {
        it.requested
    }

    fn show(it: &Tally, values: &[Valued], terms: Terms) -> Map<String, Value> {
        let mut shown = Map::new();
        for (name, n) in Tally::NAMES.into_iter().zip(it.numbers()) {
            if TOLD.contains(&name) {
                shown.insert(name.to_owned(), Value::from(n));
            }
        }
        let tries = ratio(it.attempts_to_reach.into(), show::count(it.reached), 2);
        shown.insert("attempts_per_reach".to_owned(), Value::from(tries));
        shown.insert("rates".to_owned(), rates(it, terms.confidence));
        shown.insert("waits".to_owned(), waits(values, terms.confidence));
        shown
    }

    fn rates(it: &Tally) -> Vec<Rate> {
        RATES.iter().map(|of| (of.name, (of.hits)(it), (of.n)(it))).collect()
    }
}

/// What of the counts is told as it is; the others are what rates are made of.
const TOLD: [&str; 11] = [
    "requested",
    "appointments",
    "open",
    "overdue",
    "reached",
    "failed",
    "cancelled",
    "expired",
    "no_show",
    "attempts",
    "moved",
];

/// Each rate with its interval.
fn rates(it: &Tally, confidence: Confidence) -> Value {
    let mut told = Map::new();
    for of in &RATES {
        let rate = show::rate((of.hits)(it), (of.n)(it), None, confidence);
        told.insert(of.name.to_owned(), rate);
    }
    Value::Object(told)
}

/// How long they waited until they were first called, each mode by itself.
fn waits(values: &[Valued], confidence: Confidence) -> Value {
    let mut told = Map::new();
    for name in Mode::NAMES {
        let mut measured = Measured::default();
        values.iter().filter(|it| it.name == name).for_each(|it| measured.add(it.cell));
        told.insert(name.to_owned(), show::duration(&measured, confidence));
    }
    Value::Object(told)
}

/// What the overview tells of call-backs: what was asked for over its days, and what is open now.
pub(crate) fn brief(found: &Overview, asked: &Asked<'_>, terms: Terms) -> Value {
    let (it, before) = (&found.tally, &found.before);
    let confidence = terms.confidence;
    let compared = asked.before.map(|_| {
        json!({
            "requested": before.requested,
            "reached": before.reached,
            "cancelled": before.cancelled,
            "rates": rates(before, confidence),
            "differences": differences(&Calls::rates(it), &Calls::rates(before), terms),
        })
    });
    json!({
        "requested": it.requested,
        "reached": it.reached,
        "cancelled": it.cancelled,
        "open": found.open,
        "overdue": found.overdue,
        "rates": rates(it, confidence),
        "waits": waits(&found.waits, confidence),
        "compared": compared,
        "trend": trend("requested", &found.requested, asked.cases.days, asked.until),
    })
}
