//! The server under test: ours, started for one test, or the one that the environment names.

use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use std::{env, fs};

use runner::{Clock, Options, Running, demo};
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;

use crate::receiver::Authority;
use crate::site::Site;

/// The admin key of every server of ours.
pub const ADMIN_KEY: &str = "sk_admin_of_the_journeys";
/// The tick key of every server of ours.
pub const TICK_KEY: &str = "tick_of_the_journeys";

/// How long a server may take for what its ticks do.
const TICKED_WITHIN: Duration = Duration::from_secs(60);
/// How long to wait before looking again.
const PAUSE: Duration = Duration::from_millis(100);

/// A server to talk to.
pub struct Server {
    /// The start of its URLs.
    pub base: String,
    /// Its admin key.
    pub admin_key: String,
    /// Its tick key, if we may tick.
    pub tick_key: Option<String>,
    /// Its clock, if it is ours.
    pub clock: Clock,
    /// Who vouches for the receivers that it may trust, if it is ours.
    pub authority: Authority,
    // Stopped before its files go.
    _running: Option<Running>,
    state: Option<Temporary>,
}

impl Server {
    /// The server that the environment names, or else one of ours.
    pub fn any() -> Server {
        let Some(base) = url() else { return Server::start() };
        let key = env::var("HUIYIN_KEY").expect("HUIYIN_URL needs its admin key in HUIYIN_KEY");
        Server {
            base,
            admin_key: key,
            tick_key: env::var("HUIYIN_TICK_KEY").ok(),
            clock: Clock::default(),
            authority: Authority::new(),
            _running: None,
            state: None,
        }
    }

    /// One of ours, for a journey that needs its files; `None` when the environment names one.
    pub fn ours(journey: &str) -> Option<Server> {
        Server::ours_with(journey, &[])
    }

    /// The same with settings that are off unless somebody turns them on.
    pub fn ours_with(journey: &str, settings: &[(&str, &str)]) -> Option<Server> {
        if url().is_some() {
            leave_out(&format!("{journey}, for want of a server of our own"));
            return None;
        }
        Some(Server::begin(Temporary::new(), settings))
    }

    /// One of ours that somebody else started and will stop.
    pub fn at(base: &str) -> Server {
        Server {
            base: base.to_owned(),
            admin_key: ADMIN_KEY.to_owned(),
            tick_key: Some(TICK_KEY.to_owned()),
            clock: Clock::default(),
            authority: Authority::new(),
            _running: None,
            state: None,
        }
    }

    fn start() -> Server {
        Server::over(Temporary::new())
    }

    /// One of ours over what another left.
    pub fn over(state: Temporary) -> Server {
        Server::begin(state, &[])
    }

    fn begin(state: Temporary, settings: &[(&str, &str)]) -> Server {
        let set = variables().into_iter().chain(settings.iter().copied());
        let (clock, authority) = (Clock::default(), Authority::new());
        let options = Options {
            manifest: manifest().to_path_buf(),
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            state_dir: Some(state.path().to_path_buf()),
            variables: set.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            quiet: true,
            tick: false,
            // Each reserves address space for its memory, and tests share one process; but there
            // are sixty components, and one that had work a second ago is alive.
            instances_max: 400,
            trusted_ca_files: vec![authority.file()],
            clock: Some(clock.clone()),
            ..Options::default()
        };
        let running = runner::serve(options).unwrap();
        let server = Server::at(&running.base());
        Server { _running: Some(running), state: Some(state), clock, authority, ..server }
    }

    /// Fills it with the demonstration, with its clock and its tick; gives what that prints.
    pub async fn play_demo(&self) -> String {
        let tick_key = self.tick_key.clone().expect("a server that we may tick");
        let time = demo::Time { clock: self.clock.clone(), tick_key };
        demo::fill(&self.base, &self.admin_key, Some(&time), |_| {}).await.unwrap()
    }

    /// The database, to look at; `None` when the server is not ours.
    pub fn database(&self) -> Option<Connection> {
        self.state.as_ref().map(database)
    }

    /// Where its files are; `None` when the server is not ours.
    pub fn path(&self) -> Option<&Path> {
        self.state.as_ref().map(Temporary::path)
    }

    /// A number from the database, such as a count; `None` when the server is not ours.
    pub fn number(&self, sql: &str) -> Option<i64> {
        Some(self.database()?.query_row(sql, [], |row| row.get(0)).unwrap())
    }

    /// Whatever its components wrote to their logs; empty when the server is not ours.
    pub fn logged(&self) -> String {
        let Some(state) = &self.state else { return String::new() };
        let files = fs::read_dir(state.path().join("logs")).unwrap();
        files.map(|it| fs::read_to_string(it.unwrap().path()).unwrap_or_default()).collect()
    }

    /// Checks a number of the database, if the server is ours.
    #[track_caller]
    pub fn check_number(&self, sql: &str, expected: i64) {
        if let Some(found) = self.number(sql) {
            assert_eq!(found, expected, "{sql}");
        }
    }

    /// Checks that the rollups are what counting the facts gives, if the server is ours.
    #[track_caller]
    pub fn check_rollups(&self) {
        if let Some(database) = self.database() {
            check_rollups(&database);
        }
    }

    /// Everything that is written: each table of the database as its size and a hash, or, of a
    /// server that is not ours, whatever the API shows of `sites`.
    pub async fn written(&self, sites: &[&Site]) -> BTreeMap<String, String> {
        if let Some(database) = self.database() {
            return tables(&database);
        }
        let mut written = BTreeMap::new();
        for site in sites {
            written.extend(site.shown().await);
        }
        written
    }

    /// Ticks once and tells what was done; `None` when we may not.
    pub async fn tick(&self, site: &Site) -> Option<Value> {
        let key = self.tick_key.as_ref()?;
        let tick = format!("POST /internal/tick\nauthorization: Bearer {key}");
        Some(site.json(&tick).await)
    }

    /// Counts the rollups of a site again, to the end, and tells what was found.
    pub async fn rebuild(&self, site: &Site) -> Value {
        let started = site.post("admin", "/v1/rebuild", Value::Null).await;
        let path = format!("/v1/rebuild/{}", started["id"].as_str().unwrap());
        let begun = Instant::now();
        loop {
            if self.tick(site).await.is_none() {
                // Then the server ticks by itself.
                tokio::time::sleep(PAUSE).await;
            }
            let found = site.get("viewer", &path).await;
            if found["state"] == "done" {
                return found;
            }
            assert!(begun.elapsed() < TICKED_WITHIN, "the rebuild does not end: {found}");
        }
    }
}

/// The server that the environment names.
fn url() -> Option<String> {
    env::var("HUIYIN_URL").ok().map(|it| it.trim_end_matches('/').to_owned())
}

/// Says plainly what is not done. Past the capture of tests, so that it is seen.
pub fn leave_out(what: &str) {
    // A closed stderr is no reason to fail.
    let _ = writeln!(std::io::stderr(), "left out: {what}");
}

/// The application's variables. The journeys are one address that sends without pause.
///
/// Webhooks go to receivers on this machine.
pub fn variables() -> [(&'static str, &'static str); 6] {
    [
        ("admin_key", ADMIN_KEY),
        ("tick_key", TICK_KEY),
        ("secret_key", "secret_of_the_journeys"),
        ("rate_limit", "off"),
        ("spam", "off"),
        ("webhook_allow_private", "127.0.0.0/8"),
    ]
}

/// The application's manifest; its components are built before the first use.
pub fn manifest() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spin.toml");
        runner::build_components(&path).unwrap();
        fs::canonicalize(path).unwrap()
    })
}

/// The database in a state directory.
pub fn database(state: &Temporary) -> Connection {
    // It is there, and a journal that a killed process left is rolled back.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
    let connection = Connection::open_with_flags(state.path().join("sqlite_db.db"), flags).unwrap();
    connection.busy_timeout(Duration::from_secs(5)).unwrap();
    connection
}

/// Checks that the rollups are what counting the facts gives.
#[track_caller]
pub fn check_rollups(database: &Connection) {
    let both = [
        "select count(*) from (select * from rollup_fact
           except select * from rollup)",
        "select count(*) from (select * from rollup where n <> 0
           except select * from rollup_fact)",
    ];
    for sql in both {
        let found: i64 = database.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(found, 0, "{sql}");
    }
}

fn tables(database: &Connection) -> BTreeMap<String, String> {
    // Where a survey was asked for is noted even if that page may not have it: it tells whoever
    // put the tag there which origin is missing.
    let names = "select name from sqlite_schema where type = 'table' and name <> 'sighting'
                 order by name";
    let mut names = database.prepare(names).unwrap();
    let names = names.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let names: Vec<String> = names.map(Result::unwrap).collect();
    let hashed = |name: String| {
        let mut statement = database.prepare(&format!("select * from \"{name}\"")).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        let (mut count, mut hasher) = (0, DefaultHasher::new());
        while let Some(row) = rows.next().unwrap() {
            count += 1;
            for at in 0..columns {
                format!("{:?}", row.get_ref(at).unwrap()).hash(&mut hasher);
            }
        }
        (name, format!("{count} rows, {:x}", hasher.finish()))
    };
    names.into_iter().map(hashed).collect()
}

/// A directory that goes away with its value.
pub struct Temporary(PathBuf);

impl Temporary {
    /// A new, empty one.
    pub fn new() -> Temporary {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("huiyin-journey-{}-{count}", std::process::id());
        let path = env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Temporary(path)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Default for Temporary {
    fn default() -> Temporary {
        Temporary::new()
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // What is left over is in the system's temporary directory.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A date moved by SQLite's calendar, which is not the product's: `("2026-11-22", "-3 days")`.
pub fn date(from: &str, moved: &str) -> String {
    calendar("select date(?1, ?2)", from, moved)
}

/// A moment of our clock, moved, as RFC 3339.
pub fn soon(moved: &str) -> String {
    calendar("select strftime('%Y-%m-%dT%H:%M:%SZ', ?1, ?2)", "now", moved)
}

fn calendar(sql: &str, from: &str, moved: &str) -> String {
    let database = Connection::open_in_memory().unwrap();
    database.query_row(sql, [from, moved], |row| row.get(0)).unwrap()
}
