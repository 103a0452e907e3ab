//! The load generator: so many connections, as fast as they go or at a given rate.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use bytes::Bytes;
use hdrhistogram::Histogram;
use http::{Request, header};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use runner::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::{Mutex, mpsc};

/// Makes the nth request of a slice.
pub(crate) type Shot = Rc<dyn Fn(u64) -> Request<Full<Bytes>>>;

/// How long connections run before anything is counted: a burst meets new instances, a server
/// at work does not.
const WARM_UP: Duration = Duration::from_millis(1000);
/// How long an answer may take before it is an error.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a slice saw.
pub(crate) struct Seen {
    /// Answers with the wanted status.
    pub(crate) done: u64,
    /// The same, with those outside the counted time.
    pub(crate) all: u64,
    /// All other answers, and requests without one.
    pub(crate) errors: u64,
    /// How long was counted.
    pub(crate) elapsed: Duration,
    /// Microseconds from when a request was due to its answer.
    pub(crate) latency: Histogram<u64>,
    /// The first error, in words.
    pub(crate) first_error: Option<String>,
}

impl Seen {
    fn new() -> Result<Seen> {
        Ok(Seen {
            done: 0,
            all: 0,
            errors: 0,
            elapsed: Duration::ZERO,
            latency: Histogram::new(3)?,
            first_error: None,
        })
    }

    /// Wanted answers a second.
    #[expect(clippy::cast_precision_loss, reason = "counts of a slice are far below 2^52")]
    pub(crate) fn rate(&self) -> f64 {
        self.done as f64 / self.elapsed.as_secs_f64()
    }

    /// A percentile of the latency, in milliseconds.
    #[expect(clippy::cast_precision_loss, reason = "microseconds of seconds")]
    pub(crate) fn percentile(&self, percent: f64) -> f64 {
        self.latency.value_at_percentile(percent) as f64 / 1000.0
    }

    fn count(&mut self, due: Instant, answer: Result<()>) {
        match answer {
            Ok(()) => {
                self.done += 1;
                let us = u64::try_from(due.elapsed().as_micros()).unwrap_or(u64::MAX);
                // It grows as it must, so nothing is refused.
                let _ = self.latency.record(us);
            }
            Err(error) => {
                self.errors += 1;
                self.first_error.get_or_insert_with(|| format!("{error:#}"));
            }
        }
    }
}

/// Who is shot at.
#[derive(Clone)]
pub(crate) struct Target {
    /// Host and port.
    pub(crate) authority: Arc<str>,
    /// The requests.
    pub(crate) shot: Shot,
    /// The status that counts as done.
    pub(crate) wanted: u16,
    /// Numbers the requests over all slices, so that no key comes twice.
    pub(crate) number: Rc<Cell<u64>>,
}

impl Target {
    fn next(&self) -> Request<Full<Bytes>> {
        let number = self.number.get();
        self.number.set(number + 1);
        let mut request = (self.shot)(number);
        if let Ok(host) = self.authority.parse() {
            request.headers_mut().insert(header::HOST, host);
        }
        request
    }
}

/// One kept connection; it opens again after an error.
struct Line {
    target: Target,
    sender: Option<SendRequest<Full<Bytes>>>,
}

impl Line {
    async fn open(target: &Target) -> Result<Line> {
        let sender = Some(connect(&target.authority).await?);
        Ok(Line { target: target.clone(), sender })
    }

    async fn send(&mut self) -> Result<()> {
        let mut sender = match self.sender.take() {
            Some(sender) => sender,
            None => connect(&self.target.authority).await?,
        };
        let request = self.target.next();
        let exchange = async {
            sender.ready().await?;
            let response = sender.send_request(request).await?;
            let status = response.status().as_u16();
            let body = response.into_body().collect().await?.to_bytes();
            Ok::<_, hyper::Error>((status, body))
        };
        let (status, body) = tokio::time::timeout(PATIENCE, exchange).await??;
        self.sender = Some(sender);
        if status != self.target.wanted {
            anyhow::bail!("{status} {}", String::from_utf8_lossy(&body));
        }
        Ok(())
    }
}

async fn connect(authority: &str) -> Result<SendRequest<Full<Bytes>>> {
    let stream = TcpStream::connect(authority)
        .await
        .with_context(|| format!("nobody listens at {authority}"))?;
    stream.set_nodelay(true)?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await?;
    tokio::task::spawn_local(async move {
        // The request that uses the connection reports its end.
        let _ = connection.await;
    });
    Ok(sender)
}

async fn lines(target: &Target, connections: usize) -> Result<Vec<Line>> {
    let mut lines = Vec::with_capacity(connections);
    for _ in 0..connections {
        lines.push(Line::open(target).await?);
    }
    Ok(lines)
}

/// Each connection sends its next request as soon as it has its answer: what the server can do.
pub(crate) async fn closed(target: &Target, connections: usize, long: Duration) -> Result<Seen> {
    let seen = Rc::new(RefCell::new(Seen::new()?));
    let lines = lines(target, connections).await?;
    let begin = Instant::now() + WARM_UP;
    let end = begin + long;
    let mut tasks = Vec::new();
    for mut line in lines {
        let seen = Rc::clone(&seen);
        tasks.push(tokio::task::spawn_local(async move {
            while Instant::now() < end {
                let due = Instant::now();
                let answer = line.send().await;
                seen.borrow_mut().all += u64::from(answer.is_ok());
                // By when they are done: slow ones would else be counted too seldom.
                if (begin..=end).contains(&Instant::now()) || answer.is_err() {
                    seen.borrow_mut().count(due, answer);
                }
            }
        }));
    }
    for task in tasks {
        task.await?;
    }
    let mut seen = Rc::into_inner(seen).context("a connection goes on")?.into_inner();
    seen.elapsed = long;
    Ok(seen)
}

/// One request on a new connection; its latency leaves the connecting out.
pub(crate) async fn once(target: &Target) -> Result<Seen> {
    let mut seen = Seen::new()?;
    let mut line = Line::open(target).await?;
    let due = Instant::now();
    let answer = line.send().await;
    seen.count(due, answer);
    seen.elapsed = due.elapsed();
    Ok(seen)
}

/// Requests are due at random instants, `rate` a second, whether or not the server keeps up, and
/// a latency counts from when a request was due: waiting for a free connection is waiting.
pub(crate) async fn open(
    target: &Target,
    connections: usize,
    rate: f64,
    long: Duration,
) -> Result<Seen> {
    let seen = Rc::new(RefCell::new(Seen::new()?));
    let lines = lines(target, connections).await?;
    let (due, arrivals) = mpsc::unbounded_channel();
    let arrivals = Arc::new(Mutex::new(arrivals));
    let mut tasks = Vec::new();
    for mut line in lines {
        let (seen, arrivals) = (Rc::clone(&seen), Arc::clone(&arrivals));
        tasks.push(tokio::task::spawn_local(async move {
            loop {
                // Fair: connections take turns, as customers do.
                let Some(due) = arrivals.lock().await.recv().await else { break };
                let answer = line.send().await;
                seen.borrow_mut().count(due, answer);
            }
        }));
    }
    let begin = Instant::now();
    // A thread of its own: a timer of the runtime is a millisecond late.
    let pace = std::thread::spawn(move || pace(&due, begin, rate, long));
    for task in tasks {
        task.await?;
    }
    drop(pace.join());
    let mut seen = Rc::into_inner(seen).context("a connection goes on")?.into_inner();
    seen.elapsed = begin.elapsed();
    Ok(seen)
}

/// Sends the instants at which requests are due, a Poisson process.
fn pace(due: &mpsc::UnboundedSender<Instant>, begin: Instant, rate: f64, long: Duration) {
    let mut at = begin;
    let mut state = 0_u64;
    loop {
        at += Duration::from_secs_f64(-chance(&mut state).ln() / rate);
        if begin + long < at {
            return;
        }
        let now = Instant::now();
        if now < at {
            std::thread::sleep(at - now);
        }
        if due.send(at).is_err() {
            return;
        }
    }
}

/// A number above 0 and up to 1, the same ones in every run (`SplitMix64`).
#[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
fn chance(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (((mixed ^ (mixed >> 31)) >> 11) + 1) as f64 / (1_u64 << 53) as f64
}
