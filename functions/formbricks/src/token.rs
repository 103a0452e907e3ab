//! The ids that are handed out: sealed, so that nobody guesses one, and kept nowhere.

use app::sealed::{open, seal};
use domain::UtcMs;

const RESPONSE: &str = "formbricks response";
const DISPLAY: &str = "formbricks display";

/// What the id of a response says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ticket {
    /// The survey as the page calls it.
    pub(crate) survey: String,
    /// Our survey.
    pub(crate) survey_id: String,
    /// The version that is answered; 0 for the newest.
    pub(crate) version: i64,
    /// The key under which it is taken once.
    pub(crate) name: String,
    /// When its form was given out, or else when it began.
    pub(crate) issued: UtcMs,
}

impl Ticket {
    pub(crate) fn seal(&self, secret: &str, version: i64) -> String {
        let (version, issued) = (version.to_string(), self.issued.to_string());
        seal(secret, RESPONSE, &[&self.survey, &self.survey_id, &version, &self.name, &issued])
    }

    pub(crate) fn open(secret: &str, token: &str) -> Option<Ticket> {
        let mut fields = open(secret, RESPONSE, token)?.into_iter();
        let mut next = || fields.next();
        Some(Ticket {
            survey: next()?,
            survey_id: next()?,
            version: next()?.parse().ok()?,
            name: next()?,
            issued: next()?.parse().ok()?,
        })
    }
}

/// The id of a display.
pub(crate) fn display(secret: &str, survey_id: &str, now: UtcMs, nonce: &str) -> String {
    seal(secret, DISPLAY, &[survey_id, &now.to_string(), nonce])
}

/// When the survey was displayed under this id, if it was.
pub(crate) fn displayed(secret: &str, survey_id: &str, token: &str) -> Option<UtcMs> {
    let fields = open(secret, DISPLAY, token)?;
    let [of, at, _] = fields.as_slice() else { return None };
    at.parse().ok().filter(|_| survey_id.is_empty() || of == survey_id)
}
