//! Calls to other systems, as values.

/// What a call asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verb {
    /// To take something.
    #[default]
    Post,
    /// To tell something.
    Get,
    /// To change something in part.
    Patch,
    /// To put something in place of what is there.
    Put,
    /// To remove something.
    Delete,
}

/// A call to another system.
#[derive(Clone, Debug, Default)]
pub struct Outgoing {
    /// What it asks for.
    pub verb: Verb,
    /// Where to: an absolute URL, checked by whoever makes the call.
    pub url: String,
    /// Its headers, but for `host` and `content-length`, which the host sets.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: Vec<u8>,
    /// How long all of it may take.
    pub timeout_ms: u64,
    /// How much of the answer's body is read; what comes after is left.
    pub answer_bytes_max: usize,
}

/// What the other system answered.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers, as they came.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The beginning of the body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The one value of a header; nothing when it is absent, not text or given twice.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut named = self.headers.iter().filter(|(it, _)| it.eq_ignore_ascii_case(name));
        let (_, value) = named.next()?;
        let value = std::str::from_utf8(value).ok().filter(|it| it.is_ascii())?;
        if named.next().is_some() { None } else { Some(value) }
    }
}

/// Why no answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unanswered {
    /// The host does not let this component call there, or anybody call that address.
    Denied,
    /// The name leads nowhere.
    Dns,
    /// Nobody listens there, or the way there is broken.
    Unreachable,
    /// The certificate is not theirs, or TLS failed otherwise.
    Tls,
    /// They did not answer in time.
    Timeout,
    /// The connection broke, or what came was no HTTP.
    Broken,
}

impl Unanswered {
    /// Its name in a log.
    pub fn name(self) -> &'static str {
        match self {
            Unanswered::Denied => "denied",
            Unanswered::Dns => "dns",
            Unanswered::Unreachable => "unreachable",
            Unanswered::Tls => "tls",
            Unanswered::Timeout => "timeout",
            Unanswered::Broken => "broken",
        }
    }
}
