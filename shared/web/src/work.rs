//! What those who work on cases may do, as JSON: the policy `work`.

use domain::case::work::Rules;

use crate::Fields;
use crate::lang::said;

/// The most that may be given for one case, in the smallest unit.
const AMOUNT_MAX: i64 = 100_000_000_000;

/// Reads it; what is left out is as it ships. Mistakes are noted in `fields`.
pub fn read(fields: &mut Fields) -> Rules {
    let mut rules = Rules::default();
    if let Some(mut nested) = fields.object("compensation") {
        rules.currency = currency(&mut nested, &rules.currency);
        rules.agent = nested.integer("agent", 0, AMOUNT_MAX, Some(rules.agent));
        rules.manager = nested.integer("manager", 0, AMOUNT_MAX, Some(rules.manager));
        if rules.manager < rules.agent {
            let rule = said("must not be less than agent", "不得低于 agent");
            nested.refuse("manager", rule);
        }
        fields.absorb(nested);
    }
    rules
}

/// Reads a currency; with an empty `absent` it is required.
pub fn currency(fields: &mut Fields, absent: &str) -> String {
    let text = fields.text("currency", usize::from(absent.is_empty()), 35, absent);
    let is_code = text.len() == 3 && text.bytes().all(|it| it.is_ascii_uppercase());
    if !text.is_empty() && !is_code {
        let rule = said("must be a code of ISO 4217 such as CNY", "须为 ISO 4217 货币代码，如 CNY");
        fields.refuse("currency", rule);
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fields(value: serde_json::Value) -> Fields {
        let serde_json::Value::Object(members) = value else { panic!("an object") };
        Fields::new(members)
    }

    #[test]
    fn what_is_left_out_is_as_it_ships() {
        let mut some = fields(json!({ "compensation": { "agent": 100 } }));
        assert_eq!(read(&mut some), Rules { agent: 100, ..Rules::default() });
        assert!(some.done().is_ok());
    }

    #[test]
    fn every_mistake_is_told() {
        let mut some = fields(json!({ "days": -1,
            "compensation": { "currency": "yuan", "agent": 5, "manager": 4, "x": 1 } }));
        read(&mut some);
        assert_eq!(some.done().unwrap_err().mistakes.len(), 4);
    }
}
