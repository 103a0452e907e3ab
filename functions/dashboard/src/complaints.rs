//! What complaints come to: `GET /v1/complaint-figures`, and the overview's block of them.

use app::case::figures as show;
use domain::case::count::{GRAINS, Tally};
use domain::case::ledger::RATES;
use domain::case::{CauseKind, Grade, Need};
use domain::measure::Measured;
use domain::score::{Confidence, Terms};
use domain::touchpoint::{CHANNELS, GROUPS};
use ports::Query;
use serde_json::{Map, Value, json};
use store::case_figures::{self, Asked, Open, Overview, Part, Span, Valued};

use super::cut::{Counted, Rate, differences, trend};

/// Complaints, by the day on which they were received.
pub(crate) struct Complaints;

impl Counted for Complaints {
    type Tally = Tally;
    const GRAINS: &'static [&'static str] = &GRAINS;

    fn words(grain: &str) -> &'static [&'static str] {
        match grain {
            "grade" => &Grade::NAMES,
            "channel" => &CHANNELS,
            "group" => &GROUPS,
            "need" => Need::NAMES.get(1..).unwrap_or_default(),
            "cause" => &CauseKind::NAMES,
            _ => &[],
        }
    }

    fn total(span: &Span<'_>) -> Query<Vec<Part>> {
        case_figures::total(span)
    }

    fn by_day(span: &Span<'_>) -> Query<Vec<Part>> {
        case_figures::by_day(span)
    }

    fn by_key(span: &Span<'_>) -> Query<Vec<Part>> {
        case_figures::by_key(span)
    }

    fn values(span: &Span<'_>) -> Query<Vec<Valued>> {
        case_figures::values(span)
    }

    fn values_by_day(span: &Span<'_>) -> Query<Vec<Valued>> {
        case_figures::values_by_day(span)
    }

    fn values_by_key(span: &Span<'_>) -> Query<Vec<Valued>> {
        case_figures::values_by_key(span)
    }

    fn open(site_id: &str, grain: &str, key: &str, until: i64) -> Query<Vec<Open>> {
        case_figures::open(site_id, grain, key, until)
    }

    fn names(site_id: &str, ids: &str) -> Query<Vec<(String, String)>> {
        case_figures::names(site_id, ids)
    }

    fn add(sum: &mut Tally, it: &Tally) {
        sum.add(it, 1);
    }

    fn n(it: &Tally) -> i64 {
        it.received
    }

    fn show(it: &Tally, values: &[Valued], terms: Terms) -> Map<String, Value> {
        let mut shown = show::tally(it, terms.confidence);
        let values: Vec<&Valued> = values.iter().collect();
        show::values(&mut shown, &values, terms);
        shown
    }

    fn rates(it: &Tally) -> Vec<Rate> {
        RATES.iter().map(|of| (of.name, (of.hits)(it), (of.n)(it))).collect()
    }
}

/// What the overview tells of complaints: what was received over its days, and what is open now.
pub(crate) fn brief(found: &Overview, asked: &Asked<'_>, terms: Terms) -> Value {
    let confidence = terms.confidence;
    let one = |key: &str| {
        let part = found.parts.iter().find(|it| it.key == key);
        let tally = part.map(|it| it.tally).unwrap_or_default();
        let open = found.open.iter().filter(|it| it.key == key);
        let (open, overdue) = open.fold((0, 0), |sum, it| (sum.0 + it.n, sum.1 + it.overdue));
        let shown = json!({
            "received": tally.received,
            "late": tally.late,
            "open": open,
            "overdue": overdue,
            "rates": rates(&tally, confidence),
        });
        (shown, tally)
    };
    let (mut shown, tally) = one("");
    let mut first_answers = Measured::default();
    found.first_answers.iter().for_each(|it| first_answers.add(*it));
    // Open ones are kept by grade for the whole site alone.
    let by_grade = (asked.cases.grain == "site").then(|| {
        let mut by_grade = Vec::new();
        for grade in [Grade::Major, Grade::Moderate, Grade::General] {
            let (mut item, _) = one(grade.name());
            super::put(&mut item, "grade", Value::from(grade.name()));
            by_grade.push(item);
        }
        by_grade
    });
    let compared = asked.before.map(|_| {
        let (now, then) = (Complaints::rates(&tally), Complaints::rates(&found.before));
        json!({
            "received": found.before.received,
            "late": found.before.late,
            "rates": rates(&found.before, confidence),
            "differences": differences(&now, &then, terms),
        })
    });
    let trend = trend("received", &found.received, asked.cases.days, asked.until);
    super::put(&mut shown, "grades", show::grades(&tally));
    super::put(&mut shown, "first_answer", show::duration(&first_answers, confidence));
    super::put(&mut shown, "by_grade", by_grade.into());
    super::put(&mut shown, "compared", compared.into());
    super::put(&mut shown, "trend", trend);
    shown
}

/// Each rate with its interval.
fn rates(it: &Tally, confidence: Confidence) -> Value {
    let mut told = Map::new();
    for of in &RATES {
        let rate = show::rate((of.hits)(it), (of.n)(it), of.target, confidence);
        told.insert(of.name.to_owned(), rate);
    }
    Value::Object(told)
}
