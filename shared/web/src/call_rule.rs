//! What leads to a call, as JSON: after which event, how long, and of whom.
//!
//! ```json
//! { "delay_min": 1440, "within_min": 4320, "every_days": 90, "groups": ["core"],
//!   "nps_max": 6, "csat_max": 2 }
//! ```

use domain::touchpoint::GROUPS;
use serde_json::{Map, Value, json};

use crate::field::{Fields, one_of_rule};
use crate::view;

/// The longest delay, in minutes: 90 days.
const DELAY_MAX: i64 = 90 * 1440;

/// What leads to a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallRule {
    /// How long after the event the call may be made.
    pub delay_min: i64,
    /// How long after the event it must have been made.
    pub within_min: i64,
    /// How far apart periodic calls are.
    pub every_days: i64,
    /// Of which groups customers must be; of any, if there is none.
    pub groups: Vec<String>,
    /// Up to which answer to the NPS question somebody is disappointed; -1 for none.
    pub nps_max: i64,
    /// The same of a question of 1 to 5; 0 for none.
    pub csat_max: i64,
}

impl Default for CallRule {
    fn default() -> CallRule {
        CallRule {
            delay_min: 0,
            within_min: 3 * 1440,
            every_days: 90,
            groups: Vec::new(),
            nps_max: 6,
            csat_max: 2,
        }
    }
}

impl CallRule {
    /// What we stored ourselves.
    pub fn stored(text: &str) -> CallRule {
        view::object(text).map_or_else(CallRule::default, |it| {
            CallRule::read(&mut Fields::new(it), CallRule::default())
        })
    }

    /// Reads one; what is absent stays as it was before. What is wrong stands in `fields`.
    pub fn read(fields: &mut Fields, mut it: CallRule) -> CallRule {
        it.delay_min = fields.integer("delay_min", 0, DELAY_MAX, Some(it.delay_min));
        let least = it.delay_min + 1;
        let within = if it.within_min < least { least } else { it.within_min };
        it.within_min = fields.integer("within_min", least, 2 * DELAY_MAX, Some(within));
        it.every_days = fields.integer("every_days", 1, 366, Some(it.every_days));
        let is_group = |it: &str| GROUPS.contains(&it);
        if let Some(groups) =
            fields.texts("groups", GROUPS.len(), is_group, &|| one_of_rule(&GROUPS))
        {
            it.groups = groups;
        }
        it.nps_max = fields.integer("nps_max", -1, 10, Some(it.nps_max));
        it.csat_max = fields.integer("csat_max", 0, 5, Some(it.csat_max));
        it
    }

    /// All of it as JSON.
    pub fn show(&self) -> Map<String, Value> {
        let mut shown = Map::new();
        let mut put = |name: &str, value: Value| shown.insert(name.to_owned(), value);
        put("delay_min", self.delay_min.into());
        put("within_min", self.within_min.into());
        put("every_days", self.every_days.into());
        put("groups", json!(self.groups));
        put("nps_max", self.nps_max.into());
        put("csat_max", self.csat_max.into());
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_reads_as_it_was() {
        let text = r#"{"delay_min": 60, "groups": ["core"], "nps_max": -1}"#;
        let it = CallRule::stored(text);
        assert_eq!((it.delay_min, it.nps_max, it.every_days), (60, -1, 90));
        assert_eq!(CallRule::stored(&view::text(&it.show())), it);
    }

    #[test]
    fn a_call_ends_after_it_begins() {
        let Some(members) = view::object(r#"{"delay_min": 60, "within_min": 60, "groups": ["x"]}"#)
        else {
            panic!("an object")
        };
        let mut fields = Fields::new(members);
        CallRule::read(&mut fields, CallRule::default());
        assert_eq!(fields.done().unwrap_err().mistakes.len(), 2);
    }
}
