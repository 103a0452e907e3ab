//! Whom webhooks go to: a receiver on 127.0.0.1, over real TCP and TLS, that behaves as it is told.
//!
//! What it does may change while it runs, and every request that it read is on record. It has
//! threads of its own, so a journey may do as it likes meanwhile. Bodies come with their length.

use std::io::{self, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use socket2::SockRef;

mod request;
mod tls;

pub use tls::Authority;
use tls::Secured;

/// How often something endless goes on.
const BEAT: Duration = Duration::from_millis(100);
/// A thread's stack; it does little, and there are many.
const STACK_BYTES: usize = 512 * 1024;

/// What a receiver does with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Behaviour {
    /// 200.
    Healthy,
    /// This status.
    Status(u16),
    /// 302 to this address.
    Redirect(String),
    /// 410.
    Gone,
    /// 429 with so many seconds in `Retry-After`.
    Throttle(u64),
    /// 200 after so many milliseconds.
    Slow(u64),
    /// 500 and 200 by turns.
    Flapping,
    /// Reads the request and never answers.
    Hang,
    /// Accepts the connection and says nothing, not even a TLS handshake; nothing is recorded.
    Deaf,
    /// Reads the request and resets the connection.
    Reset,
    /// 200 and a body without end, as fast as it is taken.
    Endless,
    /// 200 and a body of 100 kB, a byte every tenth of a second.
    Trickle,
    /// 200, half of the promised body, and the end of the connection.
    Half,
    /// Something that is no HTTP, and the end of the connection.
    Garbage,
    /// A certificate for another name; TLS only.
    OtherName,
    /// A certificate of an authority that nobody trusts; TLS only.
    UnknownAuthority,
}

/// A request that was read to its end.
#[derive(Debug, Clone)]
pub struct Received {
    /// When.
    pub at: Instant,
    /// The method.
    pub method: String,
    /// The path and what follows it.
    pub path: String,
    /// Headers in their order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// The status that the answer began with; `None` where there was none.
    pub status: Option<u16>,
}

impl Received {
    /// A header; empty for none.
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(it, _)| it == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    /// Whether the sender was told that all is well.
    pub fn is_accepted(&self) -> bool {
        self.status.is_some_and(|it| (200..300).contains(&it))
    }
}

/// A running receiver; dropped, it refuses connections.
pub struct Receiver {
    address: SocketAddr,
    state: Arc<State>,
}

struct State {
    secured: Option<Secured>,
    received: Mutex<Vec<Received>>,
    open: Mutex<Open>,
    connections: AtomicUsize,
    flaps: AtomicUsize,
    is_over: AtomicBool,
}

struct Open {
    behaviour: Behaviour,
    /// How often the behaviour changed.
    generation: usize,
    /// Connections that wait for a further request, by their number.
    idle: Vec<(usize, TcpStream)>,
}

impl Receiver {
    /// One that speaks HTTP.
    pub fn start(behaviour: Behaviour) -> Receiver {
        Receiver::begin(behaviour, None)
    }

    /// One that speaks HTTP over TLS, with a certificate of `authority`.
    pub fn start_secure(behaviour: Behaviour, authority: &Authority) -> Receiver {
        Receiver::begin(behaviour, Some(Secured::new(authority)))
    }

    fn begin(behaviour: Behaviour, secured: Option<Secured>) -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State {
            secured,
            received: Mutex::default(),
            open: Mutex::new(Open { behaviour, generation: 0, idle: Vec::new() }),
            connections: AtomicUsize::new(0),
            flaps: AtomicUsize::new(0),
            is_over: AtomicBool::new(false),
        });
        let shared = Arc::clone(&state);
        spawn(move || accept(&listener, &shared));
        Receiver { address, state }
    }

    /// Where to send: an `https` address if it is secure.
    pub fn url(&self) -> String {
        let scheme = if self.state.secured.is_some() { "https" } else { "http" };
        format!("{scheme}://{}/hook", self.address)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Behaves otherwise from now on. Connections that wait are closed; a request that was read
    /// before still meets what was.
    pub fn set(&self, behaviour: Behaviour) {
        let mut open = self.state.open();
        open.behaviour = behaviour;
        open.generation += 1;
        close(open.idle.drain(..));
    }

    /// Every request so far, in the order they were read.
    pub fn received(&self) -> Vec<Received> {
        self.state.received.lock().unwrap().clone()
    }

    /// How many requests there were; cheaper than [`Receiver::received`].
    pub fn count(&self) -> usize {
        self.state.received.lock().unwrap().len()
    }

    /// How many connections were made.
    pub fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }

    /// Forgets what was received.
    pub fn forget(&self) {
        self.state.received.lock().unwrap().clear();
    }

    /// Waits for at least so many requests and returns all; fails when they do not come in time.
    pub async fn wait(&self, count: usize, within: Duration) -> Vec<Received> {
        let begun = Instant::now();
        while self.count() < count {
            let seen = self.count();
            assert!(begun.elapsed() < within, "{seen} of {count} requests in {within:?}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        self.received()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.state.is_over.store(true, Ordering::SeqCst);
        self.set(Behaviour::Healthy);
        // Wakes the listener, which then ends.
        let _ = TcpStream::connect(self.address);
    }
}

impl State {
    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap()
    }

    fn is_over(&self) -> bool {
        self.is_over.load(Ordering::SeqCst)
    }

    /// Notes that a connection waits for a request; false when its time is over.
    fn rest(&self, number: usize, generation: usize, stream: &TcpStream) -> bool {
        let mut open = self.open();
        let may_stay = open.generation == generation && !self.is_over();
        if may_stay {
            open.idle.push((number, stream.try_clone().unwrap()));
        }
        may_stay
    }

    fn wake(&self, number: usize) -> Behaviour {
        let mut open = self.open();
        open.idle.retain(|(it, _)| *it != number);
        open.behaviour.clone()
    }
}

fn close(streams: impl Iterator<Item = (usize, TcpStream)>) {
    for (_, stream) in streams {
        // The other side may have closed it already.
        let _ = stream.shutdown(Shutdown::Both);
    }
}

fn spawn(work: impl FnOnce() + Send + 'static) {
    thread::Builder::new().stack_size(STACK_BYTES).spawn(work).unwrap();
}

fn accept(listener: &TcpListener, state: &Arc<State>) {
    for stream in listener.incoming() {
        if state.is_over() {
            return;
        }
        let Ok(stream) = stream else { continue };
        let number = state.connections.fetch_add(1, Ordering::SeqCst);
        let state = Arc::clone(state);
        spawn(move || {
            // Senders that go away are what some journeys are about.
            let _ = serve(&stream, number, &state);
        });
    }
}

/// What requests come over.
trait Stream: Read + Write {}

impl<T: Read + Write> Stream for T {}

fn serve(raw: &TcpStream, number: usize, state: &State) -> io::Result<()> {
    let (behaviour, generation) = {
        let open = state.open();
        (open.behaviour.clone(), open.generation)
    };
    raw.set_nodelay(true)?;
    let plain = raw.try_clone()?;
    if behaviour == Behaviour::Deaf {
        return wait_for_end(plain);
    }
    let stream: Box<dyn Stream> = match &state.secured {
        Some(secured) => Box::new(secured.wrap(plain, &behaviour)),
        None => Box::new(plain),
    };
    let mut stream = BufReader::new(stream);
    loop {
        let request = request::read(&mut stream)?;
        let behaviour = state.wake(number);
        let status = status(&behaviour, &state.flaps);
        state.received.lock().unwrap().push(Received { status, ..request });
        if !answer(raw, stream.get_mut(), &behaviour, status.unwrap_or(200), state)? {
            return Ok(());
        }
        if !state.rest(number, generation, raw) {
            return Ok(());
        }
    }
}

fn status(behaviour: &Behaviour, flaps: &AtomicUsize) -> Option<u16> {
    match behaviour {
        Behaviour::Healthy
        | Behaviour::Slow(_)
        | Behaviour::Endless
        | Behaviour::Trickle
        | Behaviour::Half => Some(200),
        Behaviour::Status(status) => Some(*status),
        Behaviour::Redirect(_) => Some(302),
        Behaviour::Gone => Some(410),
        Behaviour::Throttle(_) => Some(429),
        Behaviour::Flapping => {
            let is_up = flaps.fetch_add(1, Ordering::SeqCst) % 2 == 1;
            Some(if is_up { 200 } else { 500 })
        }
        Behaviour::Hang
        | Behaviour::Deaf
        | Behaviour::Reset
        | Behaviour::Garbage
        | Behaviour::OtherName
        | Behaviour::UnknownAuthority => None,
    }
}

// False when the connection must end.
fn answer(
    raw: &TcpStream,
    stream: &mut dyn Stream,
    behaviour: &Behaviour,
    status: u16,
    state: &State,
) -> io::Result<bool> {
    let head = |headers: &str| format!("HTTP/1.1 {status} Said\r\n{headers}\r\n");
    let whole = |headers: &str| head(&format!("{headers}content-length: 2\r\n")) + "ok";
    let say = |stream: &mut dyn Stream, bytes: &[u8]| -> io::Result<()> {
        stream.write_all(bytes)?;
        stream.flush()
    };
    match behaviour {
        Behaviour::Healthy | Behaviour::Status(_) | Behaviour::Gone | Behaviour::Flapping => {
            say(stream, whole("").as_bytes())?;
        }
        Behaviour::Redirect(to) => say(stream, whole(&format!("location: {to}\r\n")).as_bytes())?,
        Behaviour::Throttle(seconds) => {
            say(stream, whole(&format!("retry-after: {seconds}\r\n")).as_bytes())?;
        }
        Behaviour::Slow(ms) => {
            thread::sleep(Duration::from_millis(*ms));
            say(stream, whole("").as_bytes())?;
        }
        Behaviour::Hang | Behaviour::Deaf => wait_for_end(raw.try_clone()?)?,
        Behaviour::Reset => SockRef::from(raw).set_linger(Some(Duration::ZERO))?,
        Behaviour::Endless => {
            say(stream, head("").as_bytes())?;
            while !state.is_over() {
                say(stream, &[b'x'; 16 * 1024])?;
            }
        }
        Behaviour::Trickle => {
            say(stream, head("content-length: 100000\r\n").as_bytes())?;
            while !state.is_over() {
                say(stream, b"x")?;
                thread::sleep(BEAT);
            }
        }
        Behaviour::Half => say(stream, (head("content-length: 8\r\n") + "half").as_bytes())?,
        Behaviour::Garbage => say(stream, b"220 mail.example ESMTP\r\n")?,
        // The handshake came before the change.
        Behaviour::OtherName | Behaviour::UnknownAuthority => {}
    }
    Ok(matches!(
        behaviour,
        Behaviour::Healthy
            | Behaviour::Status(_)
            | Behaviour::Redirect(_)
            | Behaviour::Gone
            | Behaviour::Throttle(_)
            | Behaviour::Slow(_)
            | Behaviour::Flapping
    ))
}

fn wait_for_end(mut stream: TcpStream) -> io::Result<()> {
    io::copy(&mut stream, &mut io::sink()).map(drop)
}
