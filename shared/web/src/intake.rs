//! The policy of intake: which responses and tickets become complaints, and what a surge is.
//!
//! ```json
//! { "rules": [
//!     { "metric": "nps", "at_most": 3, "group": "core", "then": "open" },
//!     { "metric": "csat", "at_most": 2, "touchpoint_id": "tch_…", "then": "offer" } ],
//!   "tickets": "open",
//!   "surge": { "is_on": true, "at_least": 10, "within_hours": 24, "times_usual": 3 } }
//! ```
//!
//! The first rule that fits a score of a response decides.

use domain::touchpoint::GROUPS;

use crate::field::Fields;

/// Most rules of a site.
const RULES_MAX: usize = 50;
/// The longest window of a surge, in hours.
const HOURS_MAX: i64 = 7 * 24;

/// What becomes a complaint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Intake {
    /// In their order.
    pub rules: Vec<Rule>,
    /// Whether tickets of other systems are complaints.
    pub opens_tickets: bool,
    /// What a surge is.
    pub surge: Surge,
}

/// What a low score leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Of this survey; empty for each.
    pub survey_id: String,
    /// About this touchpoint; empty for each.
    pub touchpoint_id: String,
    /// Of this group of customers; empty for each.
    pub group: String,
    /// `nps`, `csat` or `ces`.
    pub metric: String,
    /// The highest score that is low, as it was answered.
    pub at_most: i64,
    /// Whether a case is opened; else the customer is offered to complain.
    pub opens: bool,
}

/// When many complaints are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Surge {
    /// Whether anybody wants to know.
    pub is_on: bool,
    /// At least so many that are alike.
    pub at_least: i64,
    /// Within so many hours.
    pub within_hours: i64,
    /// So many times what is usual.
    pub times_usual: i64,
}

impl Default for Surge {
    fn default() -> Surge {
        Surge { is_on: true, at_least: 10, within_hours: 24, times_usual: 3 }
    }
}

impl Intake {
    /// Reads the policy; what is wrong stands in `fields` afterwards. Whether surveys and
    /// touchpoints exist is for the caller to look up.
    pub fn read(fields: &mut Fields) -> Intake {
        let mut rules = Vec::new();
        for mut it in fields.objects("rules", 0, RULES_MAX) {
            rules.push(Rule {
                survey_id: it.text("survey_id", 0, 64, ""),
                touchpoint_id: it.text("touchpoint_id", 0, 64, ""),
                group: it.one_of_or_none("group", &GROUPS, ""),
                metric: it.one_of("metric", &["nps", "csat", "ces"], ""),
                at_most: it.integer("at_most", 0, 10, None),
                opens: it.one_of("then", &["open", "offer"], "") == "open",
            });
            fields.absorb(it);
        }
        let opens_tickets = fields.one_of("tickets", &["open", "ignore"], "ignore") == "open";
        let mut surge = Surge::default();
        if let Some(mut it) = fields.object("surge") {
            surge = Surge {
                is_on: it.flag("is_on", surge.is_on),
                at_least: it.integer("at_least", 2, 100_000, Some(surge.at_least)),
                within_hours: it.integer("within_hours", 1, HOURS_MAX, Some(surge.within_hours)),
                times_usual: it.integer("times_usual", 1, 100, Some(surge.times_usual)),
            };
            fields.absorb(it);
        }
        Intake { rules, opens_tickets, surge }
    }

    /// Whether responses or tickets can become anything.
    pub fn is_idle(&self) -> bool {
        self.rules.is_empty() && !self.opens_tickets
    }

    /// What a score leads to.
    pub fn rule(&self, it: &Score<'_>) -> Option<&Rule> {
        let is = |wanted: &str, has: &str| wanted.is_empty() || wanted == has;
        self.rules.iter().find(|rule| {
            rule.metric == it.metric
                && it.value <= rule.at_most
                && is(&rule.survey_id, it.survey_id)
                && is(&rule.touchpoint_id, it.touchpoint_id)
                && is(&rule.group, it.group)
        })
    }
}

/// A score of a response.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "what the event of a response tells of it")]
pub struct Score<'a> {
    pub survey_id: &'a str,
    pub touchpoint_id: &'a str,
    pub group: &'a str,
    pub metric: &'a str,
    pub value: i64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view;

    fn read(text: &str) -> (Intake, Fields) {
        let mut fields = Fields::new(view::object(text).unwrap());
        (Intake::read(&mut fields), fields)
    }

    #[test]
    fn the_first_rule_that_fits_decides() {
        let (intake, fields) = read(
            r#"{ "rules": [
              { "metric": "nps", "at_most": 6, "group": "core", "then": "open" },
              { "metric": "nps", "at_most": 2, "then": "offer" },
              { "metric": "csat", "at_most": 2, "survey_id": "srv_1", "touchpoint_id": "tch_1",
                "then": "open" } ] }"#,
        );
        fields.done().unwrap();
        let nps = Score {
            survey_id: "srv_1",
            touchpoint_id: "tch_1",
            group: "core",
            metric: "nps",
            value: 6,
        };
        let opens = |it: Score<'_>| intake.rule(&it).map(|it| it.opens);
        assert_eq!(opens(nps), Some(true));
        assert_eq!(opens(Score { value: 7, ..nps }), None);
        assert_eq!(opens(Score { group: "new", ..nps }), None);
        assert_eq!(opens(Score { group: "new", value: 2, ..nps }), Some(false));
        let csat = Score { metric: "csat", value: 1, ..nps };
        assert_eq!(opens(csat), Some(true));
        assert_eq!(opens(Score { touchpoint_id: "tch_2", ..csat }), None);
        assert_eq!(opens(Score { survey_id: "srv_2", ..csat }), None);
        assert!(!intake.is_idle() && Intake::default().is_idle());
        assert_eq!(intake.surge, Surge::default());
    }

    #[test]
    fn what_is_wrong_is_told() {
        let (_, fields) = read(
            r#"{ "rules": [{ "metric": "x", "at_most": 11, "then": "run", "group": "x" }],
              "tickets": "eat", "surge": { "at_least": 1, "within_hours": 0, "times_usual": 0 } }"#,
        );
        assert_eq!(fields.done().unwrap_err().mistakes.len(), 8);
    }
}
