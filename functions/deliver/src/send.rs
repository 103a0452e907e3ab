//! One try: the request as the Standard Webhooks want it, and what came back.

use app::event_view::EventView;
use app::signature::{Scheme, sign};
use domain::UtcMs;
use domain::destination::{Exceptions, check};
use domain::id::{derived, hex};
use domain::retry::{Outcome, State, Tried, Verdict, retry_after_ms, verdict};
use ports::{Env, Outgoing, Verb};
use serde_json::{Map, Value, json};
use store::deliveries::{Due, Outlet};
use web::view;

/// How long a try may take.
pub(crate) const TRY_MS: u64 = 15_000;
/// How much of an answer is read and kept.
const ANSWER_BYTES_MAX: usize = 4096;

/// What a webhook's tries are signed with and carry, opened.
pub(crate) struct Keys {
    pub(crate) secret: Vec<u8>,
    /// The one before, and until when it is good.
    pub(crate) old: Option<(Vec<u8>, UtcMs)>,
    pub(crate) headers: Map<String, Value>,
}

/// A try that is over.
pub(crate) struct Try {
    due: Due,
    at: UtcMs,
    ended: UtcMs,
    outcome: Outcome,
    error: &'static str,
    answer: String,
    retry_after_ms: Option<i64>,
    chance: u16,
}

/// Tries to deliver. Without keys there is nothing to sign with, and nobody is called.
pub(crate) async fn attempt(
    env: &impl Env,
    exceptions: &Exceptions,
    outlet: &Outlet,
    keys: Option<&Keys>,
    due: Due,
    random: [u8; 16],
) -> Try {
    let at = env.now();
    let [a, b, ref span @ .., _, _, _, _, _, _] = derived(random, 0);
    let mut over = Try {
        due,
        at,
        ended: at,
        outcome: Outcome::Unanswered,
        error: "",
        answer: String::new(),
        retry_after_ms: None,
        chance: u16::from_be_bytes([a, b]),
    };
    let Some(keys) = keys else {
        over.outcome = Outcome::Ours;
        over.error = "secret";
        return over;
    };
    // What was allowed when it was written may not be any more.
    let Ok(destination) = check(&outlet.url, exceptions) else {
        over.error = "forbidden";
        return over;
    };
    let body = view::text(&EventView::from(&over.due.event)).into_bytes();
    let scheme = Scheme::parse(&outlet.signature).unwrap_or(Scheme::V1);
    let mut headers = signed(scheme, keys, &over.due.event.id, at, &body);
    headers.push(("traceparent", ["00-", &hex(&random), "-", &hex(span), "-01"].concat()));
    let mut headers: Vec<(String, String)> =
        headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    for (name, value) in &keys.headers {
        let is_ours = headers.iter().any(|(it, _)| it.eq_ignore_ascii_case(name));
        if let Some(value) = value.as_str().filter(|_| !is_ours) {
            headers.push((name.clone(), value.to_owned()));
        }
    }
    let call = Outgoing {
        verb: Verb::Post,
        url: destination.url,
        headers,
        body,
        timeout_ms: TRY_MS,
        answer_bytes_max: ANSWER_BYTES_MAX,
    };
    let answer = env.call(call).await;
    over.ended = env.now();
    match answer {
        Ok(answer) => {
            over.outcome = Outcome::Answered(answer.status);
            over.retry_after_ms =
                answer.header("retry-after").and_then(|it| retry_after_ms(it, over.ended));
            // A text ends for the database where a NUL is.
            over.answer = String::from_utf8_lossy(&answer.body).replace('\0', "\u{fffd}");
        }
        Err(unanswered) => over.error = unanswered.name(),
    }
    over
}

/// The headers that prove where a try comes from; for a while after a rotation with both secrets.
fn signed(
    scheme: Scheme,
    keys: &Keys,
    id: &str,
    at: UtcMs,
    body: &[u8],
) -> Vec<(&'static str, String)> {
    let at_s = at.div_euclid(1000);
    let mut signature = sign(scheme, &keys.secret, id, at_s, body);
    if let Some((old, until)) = &keys.old
        && at < *until
    {
        signature.push(' ');
        signature.push_str(&sign(scheme, old, id, at_s, body));
    }
    vec![
        ("content-type", "application/json".to_owned()),
        ("user-agent", "Huiyin-Webhooks/1".to_owned()),
        ("webhook-id", id.to_owned()),
        ("webhook-timestamp", at_s.to_string()),
        ("webhook-signature", signature),
    ]
}

impl Try {
    /// What follows from it.
    pub(crate) fn judge(&self, failing_since: Option<UtcMs>) -> Verdict {
        verdict(&Tried {
            outcome: self.outcome,
            round: self.due.round + 1,
            now: self.ended,
            failing_since,
            retry_after_ms: self.retry_after_ms,
            chance: self.chance,
        })
    }

    /// As `store::deliveries::record` takes it.
    pub(crate) fn row(self, state: State, due_at: UtcMs) -> Value {
        let status = match self.outcome {
            Outcome::Answered(status) => status,
            _ => 0,
        };
        json!([
            self.due.event.sequence,
            self.due.tries + 1,
            self.at,
            (self.ended - self.at).max(0),
            status,
            self.error,
            self.answer,
            state.name(),
            self.due.round + 1,
            due_at,
        ])
    }
}
