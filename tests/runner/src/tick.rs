//! The scheduler: calls `POST /internal/tick`, and every route below it, of the running
//! application every few seconds.

use std::{net::SocketAddr, time::Duration};

use crate::client::Client;

/// The route the scheduler calls, when the application has it, as it does those below it.
const ROUTE: &str = "/internal/tick";
/// The variable whose value opens that route.
pub(crate) const KEY: &str = "tick_key";

const INTERVAL: Duration = Duration::from_secs(5);

/// Whether the scheduler calls a route.
pub(crate) fn is_ticked(route: &str) -> bool {
    route.strip_prefix(ROUTE).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Calls a route until the task is dropped; complains once when it starts to fail.
#[expect(clippy::print_stderr, reason = "the operator must know that nothing is scheduled")]
pub(crate) async fn run(address: SocketAddr, route: String, key: String) {
    let Ok(client) = Client::new(&format!("http://{address}")) else { return };
    let authorization = format!("Bearer {key}");
    let headers = [("authorization", authorization.as_str())];
    let mut was_well = true;
    loop {
        tokio::time::sleep(INTERVAL).await;
        let problem = match client.send("POST", &route, &headers, "").await {
            Ok(answer) if answer.status.is_success() => None,
            Ok(answer) => Some(answer.status.to_string()),
            Err(error) => Some(format!("{error:#}")),
        };
        match &problem {
            Some(problem) if was_well => eprintln!("POST {route} failed: {problem}"),
            Some(_) | None => {}
        }
        was_well = problem.is_none();
    }
}
