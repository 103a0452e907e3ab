//! What is said on top of the page.

use app::case::customer::Sent;
use http::StatusCode;

/// What is said on top of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Note {
    /// Nothing.
    #[default]
    None,
    /// The complaint has just come in.
    Opened,
    /// What was written has arrived.
    Said,
    /// The appeal has.
    Appealed,
    /// It is open again.
    Reopened,
    /// The rating has arrived.
    Rated,
    /// Something is wrong where it is marked.
    Wrong,
    /// The form was not one of ours.
    Stale,
    /// This form was sent before, saying something else.
    Sent,
    /// This cannot be done any more.
    Over,
    /// Too much came from there.
    Busy,
}

impl Note {
    /// What follows a form that was taken.
    pub(crate) fn done(name: &str) -> Note {
        match name {
            "opened" => Note::Opened,
            "say" => Note::Said,
            "appeal" => Note::Appealed,
            "reopen" => Note::Reopened,
            "rate" => Note::Rated,
            _ => Note::None,
        }
    }

    /// What is said of a form that was not taken.
    pub(crate) fn of(sent: &Sent, said: &str) -> Note {
        match said {
            "sent" => Note::Sent,
            "over" => Note::Over,
            "busy" => Note::Busy,
            _ if sent.is_stale || sent.is_good() => Note::Stale,
            _ => Note::Wrong,
        }
    }

    /// With which status.
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Note::Sent | Note::Over => StatusCode::CONFLICT,
            Note::Busy => StatusCode::TOO_MANY_REQUESTS,
            Note::Stale | Note::Wrong => StatusCode::UNPROCESSABLE_ENTITY,
            _ => StatusCode::OK,
        }
    }

    /// Whether something was not taken.
    pub(crate) fn is_failure(self) -> bool {
        self.status() != StatusCode::OK
    }
}
