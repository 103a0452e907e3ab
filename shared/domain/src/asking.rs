//! Who is asked: the gates between a survey and somebody whom a page would ask of its own accord.
//!
//! Whoever opens a survey on purpose passes no gate.

use sha2::{Digest, Sha256};

use crate::UtcMs;
use crate::civil::DAY_MS;

/// The longest rest, in days; a clock that is older says nothing and is forgotten.
pub const REST_DAYS_MAX: i64 = 400;
/// Hundredths of a percent that are everybody.
pub const EVERYBODY: u32 = 10_000;
/// For how long a survey that was shown twice to somebody was shown once.
pub const ONE_DISPLAY_MS: i64 = 60_000;

/// Whom a survey may ask, and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// When it opens; `None` if it always was.
    pub opens_at: Option<UtcMs>,
    /// When it closes; `None` for never.
    pub closes_at: Option<UtcMs>,
    /// The most responses; `None` for any number.
    pub limit: Option<u64>,
    /// The share of people who are asked, in hundredths of a percent.
    pub share: u32,
    /// Days from one display of this survey to the next.
    pub rest_survey_days: i64,
    /// Days between two surveys with a metric in common.
    pub rest_metric_days: i64,
    /// Days between two surveys, whatever they ask.
    pub rest_any_days: i64,
    /// The metrics that the survey asks.
    pub metrics: Vec<&'static str>,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules {
            opens_at: None,
            closes_at: None,
            limit: None,
            share: EVERYBODY,
            rest_survey_days: 0,
            rest_metric_days: 0,
            rest_any_days: 0,
            metrics: Vec::new(),
        }
    }
}

/// What is known of a survey and of somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Whether staff have the survey open.
    pub is_open: bool,
    /// How many responses it has.
    pub taken: u64,
    /// Whether they are among those who are asked; see [`is_sampled`].
    pub is_sampled: bool,
    /// Whether they agreed to be asked; `None` for a visitor, who is not known.
    pub has_consent: Option<bool>,
    /// When this survey was last shown to them.
    pub survey_at: Option<UtcMs>,
    /// When a survey with one of its metrics was.
    pub metric_at: Option<UtcMs>,
    /// When any survey was.
    pub any_at: Option<UtcMs>,
}

/// A reason to ask or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// Staff have it open.
    Open,
    /// Now lies within its dates.
    Dates,
    /// It still takes responses.
    Limit,
    /// The customer agreed to be asked.
    Consent,
    /// They are in the share that is asked.
    Sampling,
    /// This survey was not shown to them lately.
    RestSurvey,
    /// None that asks the same was.
    RestMetric,
    /// No survey was.
    RestAny,
}

impl Gate {
    /// Its name in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Gate::Open => "open",
            Gate::Dates => "dates",
            Gate::Limit => "limit",
            Gate::Consent => "consent",
            Gate::Sampling => "sampling",
            Gate::RestSurvey => "rest_survey",
            Gate::RestMetric => "rest_metric",
            Gate::RestAny => "rest_any",
        }
    }
}

/// What a gate says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    /// Which.
    pub gate: Gate,
    /// Whether it lets them through.
    pub passes: bool,
    /// When it will, if that is a matter of time alone.
    pub passes_at: Option<UtcMs>,
}

/// What every gate says, in the order of the contract; all must pass.
pub fn gates(rules: &Rules, known: &Known, now: UtcMs) -> Vec<Said> {
    let plain = |gate, passes| Said { gate, passes, passes_at: None };
    let rest = |gate, last: Option<UtcMs>, days: i64| {
        let until = last.map_or(now, |at| at.saturating_add(days.saturating_mul(DAY_MS)));
        let passes = until <= now;
        Said { gate, passes, passes_at: (!passes).then_some(until) }
    };
    let is_early = rules.opens_at.is_some_and(|at| now < at);
    let is_late = rules.closes_at.is_some_and(|at| at <= now);
    let dates = Said {
        gate: Gate::Dates,
        passes: !is_early && !is_late,
        passes_at: rules.opens_at.filter(|_| is_early),
    };
    let mut gates = vec![
        plain(Gate::Open, known.is_open),
        dates,
        plain(Gate::Limit, rules.limit.is_none_or(|limit| known.taken < limit)),
    ];
    gates.extend(known.has_consent.map(|it| plain(Gate::Consent, it)));
    gates.extend([
        plain(Gate::Sampling, known.is_sampled),
        rest(Gate::RestSurvey, known.survey_at, rules.rest_survey_days),
        rest(Gate::RestMetric, known.metric_at, rules.rest_metric_days),
        rest(Gate::RestAny, known.any_at, rules.rest_any_days),
    ]);
    gates
}

/// Whether somebody is in the share of people that a survey asks.
///
/// By a hash, so that whoever is out stays out on every page and every device that tells the same
/// id; and whoever is in stays in when the share grows.
pub fn is_sampled(site_id: &str, survey_id: &str, who: &str, share: u32) -> bool {
    place(site_id, survey_id, who) < share
}

/// A place from 0 to 9,999, as good as random and always the same.
fn place(site_id: &str, survey_id: &str, who: &str) -> u32 {
    let mut hasher = Sha256::new();
    for part in ["sampling", site_id, survey_id, who] {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    let hash = hasher.finalize();
    let first = hash.iter().take(8).fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
    u32::try_from((first * u128::from(EVERYBODY)) >> 64).unwrap_or(0)
}

/// Under what the clocks of somebody are kept whom we know by a name of theirs alone: nobody
/// reads the name off it.
pub fn who(site_id: &str, kind: &str, name: &str) -> String {
    let mut hasher = Sha256::new();
    for part in ["who", site_id, kind, name] {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    crate::id::hex(hasher.finalize().get(..16).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_795_311_000_000;

    /// Somebody whom nothing stands in the way of.
    fn anybody() -> Known {
        Known { is_open: true, is_sampled: true, ..Known::default() }
    }

    /// The gates that do not pass, and when they will.
    fn shut(rules: &Rules, known: &Known) -> Vec<(&'static str, Option<i64>)> {
        let said = gates(rules, known, NOW);
        said.iter().filter(|it| !it.passes).map(|it| (it.gate.name(), it.passes_at)).collect()
    }

    #[test]
    fn each_gate_shuts_for_its_own_reason_and_at_its_own_edge() {
        let rules = Rules {
            opens_at: Some(NOW),
            closes_at: Some(NOW + 1),
            limit: Some(3),
            rest_survey_days: 90,
            rest_metric_days: 30,
            rest_any_days: 7,
            metrics: vec!["nps"],
            ..Rules::default()
        };
        let ago = |days: i64, ms: i64| Some(NOW - days * DAY_MS + ms);
        let known = Known {
            taken: 2,
            has_consent: Some(true),
            survey_at: ago(90, 0),
            metric_at: ago(30, 0),
            any_at: ago(7, 0),
            ..anybody()
        };
        assert_eq!(shut(&rules, &known), []);
        let one = |name, at| vec![(name, at)];
        let dates = |opens, closes| Rules {
            opens_at: Some(NOW + opens),
            closes_at: Some(NOW + closes),
            ..rules.clone()
        };
        assert_eq!(shut(&dates(1, 2), &known), one("dates", Some(NOW + 1)));
        assert_eq!(shut(&dates(-1, 0), &known), one("dates", None));
        let cases = [
            (Known { is_open: false, ..known.clone() }, one("open", None)),
            (Known { taken: 3, ..known.clone() }, one("limit", None)),
            (Known { has_consent: Some(false), ..known.clone() }, one("consent", None)),
            (Known { is_sampled: false, ..known.clone() }, one("sampling", None)),
            (Known { survey_at: ago(90, 1), ..known.clone() }, one("rest_survey", Some(NOW + 1))),
            (Known { metric_at: ago(30, 1), ..known.clone() }, one("rest_metric", Some(NOW + 1))),
            (Known { any_at: ago(7, 1), ..known.clone() }, one("rest_any", Some(NOW + 1))),
        ];
        for (known, expected) in cases {
            assert_eq!(shut(&rules, &known), expected);
        }
    }

    #[test]
    fn without_rules_everybody_is_asked_again_and_again() {
        let shown = Known {
            survey_at: Some(NOW),
            metric_at: Some(NOW),
            any_at: Some(NOW),
            taken: u64::MAX,
            ..anybody()
        };
        assert_eq!(shut(&Rules::default(), &shown), []);
        let names: Vec<&str> =
            gates(&Rules::default(), &shown, NOW).iter().map(|it| it.gate.name()).collect();
        // Consent is a question of customers alone.
        let all = ["open", "dates", "limit", "sampling", "rest_survey", "rest_metric", "rest_any"];
        assert_eq!(names, all);
    }

    #[test]
    fn the_sample_is_the_same_for_ever() {
        // Pinned: a change would ask those who were out, and drop those who were in.
        for (visitor, expected) in PLACES {
            assert_eq!(place("sit_1", "srv_1", visitor), expected, "{visitor}");
        }
        // Where one text ends and the next begins matters.
        assert_ne!(place("sit_1", "srv_12", "3"), place("sit_1", "srv_1", "23"));
        assert_ne!(place("sit_1", "srv_1", "v"), place("sit_1", "srv_2", "v"));
        assert_ne!(place("sit_1", "srv_1", "v"), place("sit_2", "srv_1", "v"));
    }

    /// Reckoned with another implementation of SHA-256.
    const PLACES: [(&str, u32); 3] = [("", 3_088), ("visitor-1", 5_584), ("访客", 9_872)];

    #[test]
    fn a_share_is_met_and_grows_without_losing_anybody() {
        let visitors: Vec<String> = (0..20_000).map(|it| format!("visitor-{it}")).collect();
        let mut before: Vec<&String> = Vec::new();
        for share in [0, 1, 100, 2_500, 5_000, 9_900, EVERYBODY] {
            let is_in = |it: &&String| is_sampled("sit_1", "srv_1", it, share);
            let sampled: Vec<&String> = visitors.iter().filter(is_in).collect();
            assert!(before.iter().all(is_in), "{share}");
            let expected = 20_000.0 * f64::from(share) / f64::from(EVERYBODY);
            // Five standard deviations of a binomial: one false alarm in two million.
            let spread = 5.0 * (expected * (1.0 - expected / 20_000.0)).sqrt();
            let found = sampled.len() as f64;
            assert!((found - expected).abs() <= spread, "{share}: {found} of {expected}");
            before = sampled;
        }
        // Every tenth of the places is as full as the others: 9 degrees of freedom, p = 0.0001.
        let mut tenths = [0.0; 10];
        for visitor in &visitors {
            tenths[place("sit_1", "srv_2", visitor) as usize / 1_000] += 1.0;
        }
        let chi: f64 = tenths.iter().map(|it: &f64| (it - 2_000.0).powi(2) / 2_000.0).sum();
        assert!(chi < 33.7, "{chi}");
    }

    #[test]
    fn nobody_is_read_off_a_clock() {
        let one = who("sit_1", "visitor", "v-1");
        assert_eq!(one.len(), 32);
        assert!(!one.contains("v-1"));
        assert_ne!(one, who("sit_2", "visitor", "v-1"));
        assert_ne!(one, who("sit_1", "customer", "v-1"));
    }
}
