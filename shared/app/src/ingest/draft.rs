//! The values of an item, read as what it becomes.

use domain::UtcMs;
use domain::asking::who;
use domain::civil::{self, DAY_MS};
use domain::inbound::{AMOUNT_MAX, Target, instant, is_currency, scaled};
use domain::touchpoint::CHANNELS;
use domain::zone::Zone;
use serde_json::{Map, Value};
use web::field::{Fields, number_rule};
use web::lang::said;
use web::problem::Place;
use web::view;

use super::{Item, Mistake, Rule};
use crate::answered;
use crate::measure::{self, Measurement};

/// The longest text of a ticket or a message.
const TEXT_CHARS_MAX: usize = 50_000;

/// Where and when items are read.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// The site.
    pub site_id: &'a str,
    /// The source.
    pub source_id: &'a str,
    /// The site's zone.
    pub zone: Zone,
    /// Now.
    pub now: UtcMs,
    /// When the message came.
    pub received_at: UtcMs,
    /// What no other message of its source has.
    pub once: &'a str,
}

/// What an item says, checked as far as it tells by itself.
#[derive(Debug)]
pub struct Draft {
    /// The item that it was read from.
    pub item: Item,
    /// The other system's own name for it; empty if it has none.
    pub external_id: String,
    /// Under what it is taken once.
    pub once: String,
    /// The customer, by our id or the company's own; empty for none.
    pub customer: String,
    /// Who served them; empty for none.
    pub agent_id: String,
    /// At which touchpoint; empty for none.
    pub touchpoint_id: String,
    /// On which channel; empty for none.
    pub channel: String,
    /// When it happened.
    pub at: UtcMs,
    /// Of an order, in the smallest unit of its currency.
    pub amount: i64,
    /// Of an order.
    pub currency: String,
    /// Of a ticket or a message.
    pub subject: String,
    /// What it says.
    pub text: String,
    /// Of a rating.
    pub survey_id: String,
    /// Of a rating, its answers.
    pub rest: Map<String, Value>,
    /// Of a measurement, all of it.
    pub measured: Option<Measurement>,
}

/// Reads an item. Its mistakes are added to `mistakes`.
pub fn draft(item: Item, rule: &Rule, scene: Scene<'_>, mistakes: &mut Vec<Mistake>) -> Draft {
    let mut fields = Fields::new(item.values.clone());
    let measured = if item.to == Target::Measurement {
        Some(measurement(&item, &mut fields, scene))
    } else {
        None
    };
    let mut draft = Draft {
        external_id: fields.text("external_id", 0, 200, ""),
        once: String::new(),
        customer: fields.text("customer", 0, 80, ""),
        agent_id: fields.text("agent_id", 0, 64, ""),
        touchpoint_id: fields.text("touchpoint_id", 0, 64, ""),
        channel: fields.one_of_or_none("channel", &CHANNELS, ""),
        at: scene.received_at,
        amount: 0,
        currency: String::new(),
        subject: String::new(),
        text: String::new(),
        survey_id: String::new(),
        rest: Map::new(),
        measured: None,
        item,
    };
    match draft.item.to {
        Target::Order => {
            draft.amount = amount(&mut fields);
            draft.currency = currency(&mut fields);
            draft.at = time(&mut fields, "completed_at", scene);
        }
        Target::Ticket | Target::Message => {
            draft.text = fields.text("text", 0, TEXT_CHARS_MAX, "");
            draft.subject = fields.text("subject", 0, 500, "");
            draft.at = time(&mut fields, "created_at", scene);
        }
        Target::Rating => {
            draft.survey_id = fields.text("survey_id", 0, 64, "");
            draft.at = time(&mut fields, "answered_at", scene);
            draft.rest = fields.rest();
        }
        Target::Measurement => {}
    }
    draft.once = once(&draft, scene);
    if let Some(it) = measured {
        draft.once.clone_from(&it.key);
        draft.agent_id.clone_from(&it.agent_id);
        draft.touchpoint_id.clone_from(&it.touchpoint_id);
        draft.measured = Some(it);
    }
    note(fields, &draft.item, rule, mistakes);
    draft
}

/// Reads a measurement as if its system had brought it, only that others write numbers as texts
/// and times as numbers. One without a name of its own has that of its message.
fn measurement(item: &Item, fields: &mut Fields, scene: Scene<'_>) -> Measurement {
    let at = time(fields, "at", scene);
    let mut members = Map::new();
    for name in fields.names() {
        let Some(value) = fields.take(&name) else { continue };
        let number = match &value {
            Value::String(text) if ["seconds", "count"].contains(&name.as_str()) => {
                scaled(text, "1").map(|it| view::json(&it))
            }
            _ => None,
        };
        members.insert(name, number.unwrap_or(value));
    }
    members.insert("at".to_owned(), civil::rfc3339(at, 0).into());
    if !members.contains_key("key") {
        let Scene { source_id, once, .. } = scene;
        let place = item.at.map(|at| format!(":{at}")).unwrap_or_default();
        members.insert("key".to_owned(), format!("inbound:{source_id}:{once}{place}").into());
    }
    fields.put(members);
    measure::read(fields, scene.zone, scene.now)
}

/// Adds what `fields` noted about an item.
pub fn note(fields: Fields, item: &Item, rule: &Rule, mistakes: &mut Vec<Mistake>) {
    let Err(problem) = fields.done() else { return };
    for mistake in problem.into_parts().mistakes {
        let Place::Pointer(pointer) = &mistake.place else { continue };
        let field = pointer.trim_start_matches('/').replace('/', ".");
        mistakes.push(Mistake::of(item, rule, &field, mistake.detail));
    }
}

/// An order number is a site's, whichever source tells of it; a rating without one is its
/// message's.
fn once(draft: &Draft, scene: Scene<'_>) -> String {
    let named = who(scene.site_id, draft.item.to.name(), &draft.external_id);
    if draft.item.to != Target::Rating {
        return named;
    }
    let source_id = scene.source_id;
    match (draft.external_id.is_empty(), draft.item.at) {
        (false, _) => format!("inbound:{source_id}:{named}"),
        (true, None) => format!("inbound:{source_id}:{}", scene.once),
        (true, Some(at)) => format!("inbound:{source_id}:{}:{at}", scene.once),
    }
}

fn amount(fields: &mut Fields) -> i64 {
    let Some(value) = fields.take("amount") else { return 0 };
    let text = match &value {
        Value::String(text) => text.clone(),
        value => view::text(value),
    };
    // 12.00 is a whole number, too.
    let amount = scaled(&text, "1").and_then(|it| it.parse().ok());
    match amount.filter(|it| (0..=AMOUNT_MAX).contains(it)) {
        Some(amount) => amount,
        None => {
            fields.refuse("amount", number_rule(0, AMOUNT_MAX));
            0
        }
    }
}

fn currency(fields: &mut Fields) -> String {
    let currency = fields.text("currency", 0, 16, "").to_ascii_uppercase();
    if !currency.is_empty() && !is_currency(&currency) {
        let rule = said("must be a currency such as CNY", "须为货币代码，例如 CNY");
        fields.refuse("currency", rule);
    }
    currency
}

/// A time as other systems write it: in full, by the clock of the site, or as a number.
fn time(fields: &mut Fields, name: &str, scene: Scene<'_>) -> UtcMs {
    let found = match fields.take(name) {
        None => return scene.received_at,
        Some(Value::Number(number)) => number.as_i64().and_then(instant),
        Some(Value::String(text)) => {
            let text = text.trim();
            // A year is no number of seconds.
            let number = text.parse().ok().filter(|it| 100_000_000 < *it);
            number.map_or_else(|| answered::instant(text, scene.zone), instant)
        }
        Some(_) => None,
    };
    match found {
        // Clocks differ, by zones where somebody forgot theirs.
        Some(at) if at <= scene.now + DAY_MS => at,
        Some(_) => {
            fields.refuse(name, said("must not lie in the future", "不得在将来"));
            scene.received_at
        }
        None => {
            fields.refuse(name, answered::time_rule());
            scene.received_at
        }
    }
}
