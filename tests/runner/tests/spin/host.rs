//! Starts the probe and talks to it.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use runner::{
    Options, Running,
    client::{Answer, Client},
};

/// A directory that goes away with its value.
pub(crate) struct Temporary(PathBuf);

impl Temporary {
    pub(crate) fn new() -> Temporary {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("runner-test-{}-{count}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Temporary(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // What is left over is in the system's temporary directory.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The probe's manifest; the component is built before the first use.
pub(crate) fn manifest() -> PathBuf {
    static BUILT: OnceLock<()> = OnceLock::new();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../probe/spin.toml");
    BUILT.get_or_init(|| runner::build_components(&path).unwrap());
    path
}

/// The compiled probe.
pub(crate) fn wasm() -> PathBuf {
    manifest();
    let tests = std::env::current_exe().unwrap();
    tests.ancestors().nth(3).unwrap().join("wasm32-wasip2/release/probe.wasm")
}

/// Options for the probe with a state directory of its own.
pub(crate) fn options(state: &Temporary) -> Options {
    Options {
        manifest: manifest(),
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        state_dir: Some(state.path().to_path_buf()),
        variables: vec![("required_one".to_string(), "1".to_string())],
        quiet: true,
        // Each reserves address space for its memory, and many tests share one process.
        instances_max: 100,
        ..Options::default()
    }
}

/// A served probe and a client for it.
pub(crate) struct Probe {
    pub(crate) running: Running,
    pub(crate) client: Client,
    pub(crate) state: Temporary,
}

/// Serves the probe.
pub(crate) fn probe() -> Probe {
    probe_with(|_| {})
}

/// Serves the probe with changed options.
pub(crate) fn probe_with(change: impl FnOnce(&mut Options)) -> Probe {
    let state = Temporary::new();
    let mut options = options(&state);
    change(&mut options);
    let running = runner::serve(options).unwrap();
    let client = Client::new(&running.base()).unwrap();
    Probe { running, client, state }
}

impl Probe {
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.client.send("GET", path, &[], "").await.unwrap()
    }

    /// The body of an answer that must be a 200.
    pub(crate) async fn text(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        answer.text()
    }

    /// Runs statements on one connection, a new one.
    pub(crate) async fn sql(&self, statements: &str) -> String {
        let answer = self.client.send("POST", "/do/sql", &[], statements.to_string()).await;
        let answer = answer.unwrap();
        assert_eq!(answer.status, 200, "{statements}");
        answer.text()
    }

    /// What a component's log of `stream` says.
    pub(crate) fn log(&self, stream: &str) -> String {
        let path = self.state.path().join("logs").join(format!("probe_{stream}.txt"));
        fs::read_to_string(path).unwrap()
    }

    /// The instance and its count of requests, from `/do/count` or `/do/sleep`.
    pub(crate) async fn instance(&self, path: &str) -> Option<(u64, u32)> {
        let answer = self.get(path).await;
        let text = answer.text();
        let (instance, count) = text.split_once(' ')?;
        Some((instance.parse().unwrap(), count.parse().unwrap()))
    }
}

/// Sends bytes and reads what comes back until the server closes.
pub(crate) fn raw(address: SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    stream.write_all(request).unwrap();
    let mut response = Vec::new();
    stream.read_to_end(&mut response).unwrap();
    String::from_utf8_lossy(&response).into_owned()
}
