//! What a body says, whatever the survey.

use app::intake::content_hash;
use serde_json::{Map, Value};
use web::field::Fields;
use web::lang::said;
use web::{Problem, Request};

/// The longest id, token or time that is read.
const TEXT_CHARS_MAX: usize = 2_000;
/// The longest time with one question that counts, in milliseconds.
const TTC_MS_MAX: f64 = 86_400_000.0;

/// A body that was read. What is not here is left out: the ending, the code of a PIN, who it is.
#[derive(Debug, Default)]
pub(crate) struct Sent {
    /// The survey as the page calls it; empty in an update.
    pub(crate) survey: String,
    pub(crate) is_finished: bool,
    pub(crate) data: Map<String, Value>,
    pub(crate) variables: Map<String, Value>,
    pub(crate) meta: Map<String, Value>,
    /// How long each question took, in milliseconds.
    pub(crate) ttc: Map<String, Value>,
    /// Empty if it says none.
    pub(crate) language: String,
    /// When it was answered; empty for now.
    pub(crate) at: String,
    pub(crate) display_id: String,
    pub(crate) single_use_id: String,
    /// A proof of work of ours: theirs comes from somebody else, and is no use here.
    pub(crate) proof: String,
    /// Tells a repetition from another body.
    pub(crate) hash: [u8; 32],
}

/// Reads a body. An update may leave out what a new response must have.
pub(crate) fn read(request: &Request, is_new: bool) -> Result<Sent, Problem> {
    let mut fields = request.fields()?;
    let proof = text(&mut fields, "recaptchaToken");
    let hash = content_hash("", &fields);
    let mut sent = Sent { proof, hash, ..Sent::default() };
    if is_new {
        sent.survey = fields.text("surveyId", 1, 64, "");
    }
    sent.is_finished = match fields.take("finished") {
        Some(Value::Bool(flag)) => flag,
        None if !is_new => false,
        _ => {
            fields.refuse("finished", said("must be true or false", "须为 true 或 false"));
            false
        }
    };
    sent.data = match fields.take("data") {
        Some(Value::Object(members)) => members,
        None if !is_new => Map::new(),
        _ => {
            fields.refuse("data", said("must be an object of answers", "须为各题回答的对象"));
            Map::new()
        }
    };
    sent.variables = object(&mut fields, "variables");
    sent.meta = object(&mut fields, "meta");
    sent.ttc = object(&mut fields, "ttc");
    sent.language = text(&mut fields, "language");
    let (created, updated) = (text(&mut fields, "createdAt"), text(&mut fields, "updatedAt"));
    sent.at = if updated.is_empty() { created } else { updated };
    sent.display_id = text(&mut fields, "displayId");
    sent.single_use_id = text(&mut fields, "singleUseId");
    // Their SDKs send more from one release to the next.
    let _others = fields.rest();
    fields.done()?;
    Ok(sent)
}

impl Sent {
    /// How long some questions took together; nothing unless all of them are told.
    pub(crate) fn elapsed_ms<'a>(&self, questions: impl Iterator<Item = &'a str>) -> Option<i64> {
        let mut sum = 0.0;
        for question in questions {
            let ms = self.ttc.get(question).and_then(Value::as_f64)?;
            sum += ms.clamp(0.0, TTC_MS_MAX);
        }
        #[expect(clippy::cast_possible_truncation, reason = "a day at most")]
        let sum = sum.min(TTC_MS_MAX) as i64;
        Some(sum)
    }
}

/// A text that matters if it is there, and is no mistake if it is something else.
fn text(fields: &mut Fields, name: &str) -> String {
    match fields.take(name) {
        Some(Value::String(text)) if text.len() <= TEXT_CHARS_MAX => text,
        _ => String::new(),
    }
}

fn object(fields: &mut Fields, name: &str) -> Map<String, Value> {
    match fields.take(name) {
        Some(Value::Object(members)) => members,
        _ => Map::new(),
    }
}
