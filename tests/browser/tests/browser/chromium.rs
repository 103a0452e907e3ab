//! One Chromium for all tests, spoken to in the `DevTools` protocol over a pipe.
//!
//! The pipe (`--remote-debugging-pipe`, messages that end with a NUL) needs no port and no
//! WebSocket, and a Chromium whose pipe is closed ends by itself, however its tests ended.

use std::collections::HashMap;
use std::env;
use std::io::{BufRead, BufReader, Write};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use journeys::server::leave_out;
use serde_json::{Value, json};

/// How long one command may take. A machine that compiles beside its tests is slow.
const COMMAND_WITHIN: Duration = Duration::from_secs(60);
/// Where a browser may be, if `HUIYIN_CHROMIUM` names none.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// Chromium reads commands from file 3 and answers to file 4. The shell outlives it, and us, to
/// clear away its profile, `$0`, once its helpers have ended, too.
const SCRIPT: &str = "\"$@\" 3<&0 4>&1 0</dev/null 1>/dev/null 2>&1; sleep 1; rm -rf -- \"$0\"";

/// A running Chromium with a profile of its own.
pub(crate) struct Chromium {
    to: Mutex<ChildStdin>,
    waiting: Mutex<HashMap<u64, Sender<Value>>>,
    /// What each session reported, in order, for whoever asks.
    events: Mutex<HashMap<String, Vec<Value>>>,
    next: AtomicU64,
}

/// The browser of this process; `None`, said plainly, where none is installed.
pub(crate) fn chromium() -> Option<&'static Chromium> {
    static STARTED: OnceLock<Option<&'static Chromium>> = OnceLock::new();
    let started = *STARTED.get_or_init(|| find().map(|name| start(&name)));
    if started.is_none() {
        let thread = std::thread::current();
        let test = thread.name().unwrap_or("a test").to_owned();
        leave_out(&format!("{test}, for want of a Chromium (apt-get install chromium)"));
    }
    started
}

fn find() -> Option<String> {
    if cfg!(not(unix)) {
        // The pipe is handed over by a shell.
        return None;
    }
    if let Ok(named) = env::var("HUIYIN_CHROMIUM") {
        return Some(named).filter(|it| !it.is_empty());
    }
    let path = env::var_os("PATH")?;
    let has = |name: &&&str| env::split_paths(&path).any(|it| it.join(name).is_file());
    NAMES.iter().find(has).map(|it| (*it).to_owned())
}

fn start(name: &str) -> &'static Chromium {
    let profile = env::temp_dir().join(format!("huiyin-chromium-{}", std::process::id()));
    let mut child = Command::new("sh")
        .args(["-c", SCRIPT])
        .arg(&profile)
        .arg(name)
        .arg(format!("--user-data-dir={}", profile.display()))
        .args([
            "--headless",
            "--remote-debugging-pipe",
            // Containers have no user namespaces for it, and all pages are our own.
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-extensions",
            "--disable-sync",
            "--force-color-profile=srgb",
            "--font-render-hinting=none",
            "--hide-scrollbars",
            "--mute-audio",
            "--lang=en-US",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let to = Mutex::new(child.stdin.take().unwrap());
    let from = BufReader::new(child.stdout.take().unwrap());
    // It lives as long as the process, and so does the thread below.
    let chromium: &'static Chromium = Box::leak(Box::new(Chromium {
        to,
        waiting: Mutex::default(),
        events: Mutex::default(),
        next: AtomicU64::new(1),
    }));
    std::thread::spawn(move || {
        listen(chromium, from);
        let _ = child.wait();
    });
    chromium
}

fn listen(chromium: &Chromium, mut from: impl BufRead) {
    let mut message = Vec::new();
    while from.read_until(0, &mut message).is_ok_and(|read| 0 < read) {
        let end = message.len() - usize::from(message.ends_with(&[0]));
        let told: Value = serde_json::from_slice(&message[..end]).unwrap_or_default();
        message.clear();
        if let Some(id) = told["id"].as_u64() {
            if let Some(waiting) = chromium.waiting.lock().unwrap().remove(&id) {
                // Whoever asked may have given up.
                let _ = waiting.send(told);
            }
        } else if let Some(session) = told["sessionId"].as_str().map(str::to_owned) {
            chromium.events.lock().unwrap().entry(session).or_default().push(told);
        }
    }
    // No command will be answered: drop the senders, so that nobody waits for nothing.
    chromium.waiting.lock().unwrap().clear();
}

impl Chromium {
    /// Sends a command, to a session unless that is empty, and yields its result.
    #[track_caller]
    pub(crate) fn call(&self, session: &str, method: &str, params: Value) -> Value {
        let told = self.try_call(session, method, params);
        told.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// The same for a command that may fail.
    pub(crate) fn try_call(
        &self,
        session: &str,
        method: &str,
        params: Value,
    ) -> Result<Value, String> {
        let answer = self.send(session, method, params);
        let mut told = answer
            .recv_timeout(COMMAND_WITHIN)
            .map_err(|_| "the browser does not answer".to_owned())?;
        match told.get("error") {
            Some(error) => Err(error.to_string()),
            None => Ok(told["result"].take()),
        }
    }

    fn send(&self, session: &str, method: &str, params: Value) -> Receiver<Value> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let mut message = json!({ "id": id, "method": method, "params": params });
        if !session.is_empty() {
            message["sessionId"] = session.into();
        }
        let (sender, answer) = channel();
        self.waiting.lock().unwrap().insert(id, sender);
        let text = format!("{message}\0");
        // A browser that is gone answers nothing, which the caller sees.
        let _ = self.to.lock().unwrap().write_all(text.as_bytes());
        answer
    }

    /// What a session reported of this kind, oldest first.
    pub(crate) fn events(&self, session: &str, method: &str) -> Vec<Value> {
        let events = self.events.lock().unwrap();
        let of = events.get(session).into_iter().flatten();
        of.filter(|it| it["method"] == method).map(|it| it["params"].clone()).collect()
    }

    /// Waits until a session has reported `count` of a kind.
    #[track_caller]
    pub(crate) fn wait_for_events(&self, session: &str, method: &str, count: usize) {
        let begun = Instant::now();
        while self.events(session, method).len() < count {
            assert!(begun.elapsed() < COMMAND_WITHIN, "no {method}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}
