//! The scheduler: calls `POST /internal/tick`, and every route below it, of the running
//! application every few seconds.
//!
//! A call that takes long delays none of the next; what they do is leased, so they may overlap.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::sync::Semaphore;

use crate::client::Client;
use crate::clock::Clock;

/// The route the scheduler calls, when the application has it, as it does those below it.
const ROUTE: &str = "/internal/tick";
/// What makes things once of what there is: not while a past is being told.
const ONCE: &str = "/internal/tick/report";
/// The variable whose value opens that route.
pub const KEY: &str = "tick_key";

const INTERVAL: Duration = Duration::from_secs(5);
/// Calls of one route at the same time; while so many run, none is added.
const CONCURRENT_MAX: usize = 4;

/// Whether the scheduler calls a route.
pub(crate) fn is_ticked(route: &str) -> bool {
    route.strip_prefix(ROUTE).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Calls a route until the task is dropped; complains once when it starts to fail.
pub(crate) async fn run(address: SocketAddr, route: String, key: String, clock: Clock) {
    run_every(INTERVAL, address, route, key, clock).await;
}

async fn run_every(
    interval: Duration,
    address: SocketAddr,
    route: String,
    key: String,
    clock: Clock,
) {
    let Ok(client) = Client::new(&format!("http://{address}")) else { return };
    let route = Arc::new(Route { client, path: route, key, was_well: AtomicBool::new(true) });
    let free = Arc::new(Semaphore::new(CONCURRENT_MAX));
    loop {
        tokio::time::sleep(interval).await;
        if route.path == ONCE && clock.is_story() {
            continue;
        }
        let Ok(place) = Arc::clone(&free).try_acquire_owned() else { continue };
        let route = Arc::clone(&route);
        tokio::spawn(async move {
            route.call().await;
            drop(place);
        });
    }
}

struct Route {
    client: Client,
    path: String,
    key: String,
    was_well: AtomicBool,
}

impl Route {
    #[expect(clippy::print_stderr, reason = "the operator must know that nothing is scheduled")]
    async fn call(&self) {
        let authorization = format!("Bearer {}", self.key);
        let headers = [("authorization", authorization.as_str())];
        let problem = match self.client.send("POST", &self.path, &headers, "").await {
            Ok(answer) if answer.status.is_success() => None,
            Ok(answer) => Some(answer.status.to_string()),
            Err(error) => Some(format!("{error:#}")),
        };
        let was_well = self.was_well.swap(problem.is_none(), Ordering::Relaxed);
        if let (Some(problem), true) = (problem, was_well) {
            eprintln!("POST {} failed: {problem}", self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{net::TcpListener, sync::mpsc};

    use super::*;

    #[tokio::test]
    async fn a_call_that_hangs_does_not_hold_up_the_next_three() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (told, called) = mpsc::channel();
        std::thread::spawn(move || {
            // Kept open and never answered.
            let mut open = Vec::new();
            for stream in listener.incoming() {
                open.push(stream.unwrap());
                if told.send(()).is_err() {
                    return;
                }
            }
        });
        let interval = Duration::from_millis(20);
        let run =
            run_every(interval, address, ROUTE.to_string(), "key".to_string(), Clock::default());
        let run = tokio::time::timeout(Duration::from_secs(1), run).await;
        assert!(run.is_err(), "the scheduler never ends");
        assert_eq!(called.try_iter().count(), CONCURRENT_MAX);
    }
}
