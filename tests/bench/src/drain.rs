//! `--drain`: how fast what waits for webhooks is delivered, and in how much memory.

use std::cell::Cell;
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use runner::client::Client;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::fill::{Filler, TOUCHPOINTS};
use crate::report::{Report, tell};
use crate::side::{Served, Side};
use crate::world::{self, Folder, TICK_KEY, World};

/// How many receivers there are.
const RECEIVERS: usize = 50;
/// Deliveries that wait, at least.
const DELIVERIES: u64 = 10_000;
/// Deliveries a second at least.
const RATE_MIN: f64 = 500.0;
/// How much more memory a hundred thousand deliveries may take than ten thousand.
const GROWTH_MAX: f64 = 1.3;
/// The longest that a drain may take.
const LONG: Duration = Duration::from_secs(240);

/// Lets events pile up while the webhooks are paused, then delivers them.
pub(crate) async fn run(folder: &Path) -> Result<Report> {
    tell("Building the components …");
    runner::build_components(&world::ours())?;
    let folder = Folder(folder.join("drain"));
    drop(std::fs::remove_dir_all(&folder.0));
    std::fs::create_dir_all(&folder.0)?;
    let admin_key = "sk_bench_only";
    let served = Served::start(Side::Ours, &folder.0, admin_key)?;
    let world = World::prepare(&served.base, admin_key, TOUCHPOINTS).await?;
    let receivers = Receivers::start().await?;
    let bench = Bench { client: Client::new(&served.base)?, admin_key, site: &world.site };
    let mut report = Report::default();
    let path = folder.0.join("sqlite_db.db");
    let mut filler = Filler::open(&path, world.clone())?;
    let database = rusqlite::Connection::open(&path)?;
    database.busy_timeout(Duration::from_secs(5))?;
    let of_all = bench.webhooks(&receivers, |_| json!([])).await?;
    let some: Vec<&str> = touchpoints(&world.definition);
    let of_some = bench.webhooks(&receivers, |at| json!([some.get(at % some.len())])).await?;
    let mut stored = 0;
    let mut measure = async |what: &str, hooks: &[String], events: u64| -> Result<u64> {
        stored += events;
        filler.up_to(stored)?;
        let before = (receivers.count.get(), delivered(&database)?);
        let began = Instant::now();
        // The first of them begin at once, while others are still being switched on.
        bench.switch(hooks, json!({ "state": "active" })).await?;
        bench.drain(began, &database).await?;
        let took = began.elapsed().as_secs_f64();
        bench.switch(hooks, json!({ "state": "paused" })).await?;
        let done = receivers.count.get() - before.0;
        let told = delivered(&database)? - before.1;
        anyhow::ensure!(told == done, "{told} are delivered by the log, {done} arrived");
        #[expect(clippy::cast_precision_loss, reason = "some ten thousands")]
        let rate = done as f64 / took;
        let peak = served.peak_mb().context("no /proc")?;
        tell(&format!("  {what}: {done} deliveries in {took:.1} s, {rate:.0}/s, peak {peak} MB"));
        report.at_least(&format!("{what}, deliveries/s"), vec![rate], RATE_MIN);
        Ok(peak)
    };
    let each = DELIVERIES / RECEIVERS as u64;
    measure("200 events, each to all 50", &of_all, each).await?;
    let skip = json!({ "state": "active", "skip_missed": true });
    bench.switch(&of_some, skip).await?;
    bench.switch(&of_some, json!({ "state": "paused" })).await?;
    let less = measure("10,000 events, each to some of 50", &of_some, DELIVERIES).await?;
    let more = measure("20,000 more, each to some of 50", &of_some, 2 * DELIVERIES).await?;
    #[expect(clippy::cast_precision_loss, reason = "megabytes")]
    let growth = more as f64 / less as f64;
    report.bound("peak memory after three times as many ÷ before", vec![growth], GROWTH_MAX);
    report.peak("ours", Some(more));
    Ok(report)
}

/// The touchpoints that are asked about one by one.
fn touchpoints(definition: &Value) -> Vec<&str> {
    let questions = definition.get("questions").and_then(Value::as_array);
    let questions = questions.map(Vec::as_slice).unwrap_or_default();
    questions.iter().filter_map(|it| it.get("touchpoint_id")?.as_str()).collect()
}

/// The server, asked as its owner.
struct Bench<'a> {
    client: Client,
    admin_key: &'a str,
    site: &'a str,
}

impl Bench<'_> {
    async fn call(&self, method: &str, path: &str, key: &str, body: String) -> Result<Value> {
        let key = format!("Bearer {key}");
        let headers = [("authorization", key.as_str()), ("content-type", "application/json")];
        let answer = self.client.send(method, path, &headers, body).await?;
        if !answer.status.is_success() {
            bail!("{method} {path}: {} {}", answer.status, answer.text());
        }
        Ok(serde_json::from_slice(&answer.body)?)
    }

    /// A paused webhook for each receiver.
    async fn webhooks(
        &self,
        receivers: &Receivers,
        touchpoints: impl Fn(usize) -> Value,
    ) -> Result<Vec<String>> {
        let path = format!("/v1/webhooks?site={}", self.site);
        let mut ids = Vec::with_capacity(RECEIVERS);
        for (at, address) in receivers.addresses.iter().enumerate() {
            let body = json!({ "name": format!("bench {at}"), "url": format!("http://{address}/"),
                "types": ["response.created"], "touchpoints": touchpoints(at) });
            let made = self.call("POST", &path, self.admin_key, body.to_string()).await?;
            let id = made.get("id").and_then(Value::as_str).context("no id")?.to_owned();
            ids.push(id);
        }
        self.switch(&ids, json!({ "state": "paused" })).await?;
        Ok(ids)
    }

    async fn switch(&self, webhooks: &[String], body: Value) -> Result<()> {
        for id in webhooks {
            let path = format!("/v1/webhooks/{id}?site={}", self.site);
            self.call("PATCH", &path, self.admin_key, body.to_string()).await?;
        }
        Ok(())
    }

    /// Ticks until nothing waits and nobody is at work.
    async fn drain(&self, began: Instant, database: &rusqlite::Connection) -> Result<()> {
        loop {
            let told = self.call("POST", "/internal/tick/deliver", TICK_KEY, String::new()).await?;
            let is_idle = told.get("tried").and_then(Value::as_u64) == Some(0);
            if is_idle && number(database, WAITING)? == 0 {
                return Ok(());
            }
            anyhow::ensure!(began.elapsed() < LONG, "it takes too long: {told}");
        }
    }
}

/// What is due, and who is at work on it.
const WAITING: &str = "select (select count(*) from delivery where state = 'due')
    + (select count(*) from outlet where lease <> '')";

/// How many deliveries have arrived, by the log.
fn delivered(database: &rusqlite::Connection) -> Result<u64> {
    number(database, "select count(*) from delivery where state = 'delivered'")
}

fn number(database: &rusqlite::Connection, sql: &str) -> Result<u64> {
    let number: i64 = database.query_row(sql, [], |row| row.get(0))?;
    Ok(number.unsigned_abs())
}

/// Servers that answer every POST with an empty 200.
struct Receivers {
    addresses: Vec<String>,
    count: Rc<Cell<u64>>,
}

impl Receivers {
    async fn start() -> Result<Receivers> {
        let count = Rc::new(Cell::new(0));
        let mut addresses = Vec::with_capacity(RECEIVERS);
        for _ in 0..RECEIVERS {
            let listener = TcpListener::bind("127.0.0.1:0").await?;
            addresses.push(listener.local_addr()?.to_string());
            let count = Rc::clone(&count);
            tokio::task::spawn_local(async move {
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::task::spawn_local(receive(stream, Rc::clone(&count)));
                }
            });
        }
        Ok(Receivers { addresses, count })
    }
}

/// Serves a connection to its end.
async fn receive(mut stream: TcpStream, count: Rc<Cell<u64>>) {
    let mut read = Vec::new();
    loop {
        while let Some(end) = whole(&read) {
            read.drain(..end);
            count.set(count.get() + 1);
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
            if stream.write_all(answer).await.is_err() {
                return;
            }
        }
        match stream.read_buf(&mut read).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

/// Where the first request ends, if it is there with its body.
fn whole(read: &[u8]) -> Option<usize> {
    let head = read.windows(4).position(|it| it == b"\r\n\r\n")? + 4;
    let lines = std::str::from_utf8(read.get(..head)?).ok()?.lines();
    let mut pairs = lines.filter_map(|it| it.split_once(':'));
    let length = pairs.find(|(name, _)| name.eq_ignore_ascii_case("content-length"))?.1;
    let end = head + length.trim().parse::<usize>().ok()?;
    (end <= read.len()).then_some(end)
}
