//! The servers that are measured, each a process of its own: this very program with `--serve`.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::world;

/// What a process serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// Our components on the runner.
    Ours,
    /// A component that answers an empty 200: the floor of the engine.
    Empty,
    /// A connection and a transaction for every request: what people write first.
    Naive,
    /// The same handlers without a sandbox: the limit.
    Native,
}

impl Side {
    pub(crate) const ALL: [Side; 4] = [Side::Empty, Side::Ours, Side::Native, Side::Naive];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Side::Ours => "ours",
            Side::Empty => "empty",
            Side::Naive => "naive",
            Side::Native => "native",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Side> {
        Side::ALL.into_iter().find(|it| it.name() == name)
    }

    /// Serves in this process, until its input ends.
    pub(crate) fn serve(self, state: &Path, admin_key: &str) -> Result<()> {
        match self {
            Side::Native => {
                std::thread::spawn(|| {
                    wait();
                    std::process::exit(0);
                });
                crate::native::serve(&state.join("sqlite_db.db"), admin_key, |it| ready(&it))
            }
            Side::Ours | Side::Empty | Side::Naive => {
                let manifest = if self == Side::Ours { world::ours() } else { world::others() };
                let running = world::serve(manifest, state, admin_key)?;
                ready(&running.base());
                wait();
                Ok(())
            }
        }
    }
}

#[expect(clippy::print_stdout, reason = "read by the process that started this one")]
fn ready(base: &str) {
    println!("{base}");
}

/// Waits until whoever started this process ends or lets go.
fn wait() {
    let mut rest = Vec::new();
    // An error means the same.
    let _ = std::io::stdin().read_to_end(&mut rest);
}

/// A running side. Dropping it ends it.
#[derive(Debug)]
pub(crate) struct Served {
    /// Where it listens.
    pub(crate) base: String,
    process: Child,
}

impl Served {
    /// Starts a side with its data in `state`.
    pub(crate) fn start(side: Side, state: &Path, admin_key: &str) -> Result<Served> {
        let mut process = Command::new(std::env::current_exe()?)
            .args(["--serve", side.name(), "--state"])
            .arg(state)
            .env("BENCH_ADMIN_KEY", admin_key)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        let output = process.stdout.take().context("no output")?;
        BufReader::new(output).read_line(&mut line)?;
        if line.is_empty() {
            bail!("{} did not start", side.name());
        }
        Ok(Served { base: line.trim().to_owned(), process })
    }

    /// Host and port.
    pub(crate) fn authority(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    /// Processor time that it has used; nothing where there is no `/proc`.
    pub(crate) fn cpu(&self) -> Option<Duration> {
        let path = format!("/proc/{}/stat", self.process.id());
        let stat = std::fs::read_to_string(path).ok()?;
        // The name of the program may hold blanks; what follows it does not.
        let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
        let ticks: u64 =
            fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
        // Linux counts these in hundredths of a second for every program.
        Some(Duration::from_millis(ticks * 10))
    }

    /// The most memory that was resident, in megabytes.
    pub(crate) fn peak_mb(&self) -> Option<u64> {
        let path = format!("/proc/{}/status", self.process.id());
        let status = std::fs::read_to_string(path).ok()?;
        let line = status.lines().find(|it| it.starts_with("VmHWM:"))?;
        Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1024)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // Its input ends with ours; killing it only makes that sooner.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Appends and syncs for a moment in `folder`: how many durable writes a second the disk does.
pub(crate) fn fsyncs(folder: &Path) -> Result<f64> {
    const LONG: Duration = Duration::from_millis(60);
    let path = folder.join("fsyncs");
    let mut file = std::fs::File::create(&path)?;
    let begin = std::time::Instant::now();
    let mut count = 0_u32;
    while begin.elapsed() < LONG {
        file.write_all(&[0; 4096])?;
        file.sync_data()?;
        count += 1;
    }
    let rate = f64::from(count) / begin.elapsed().as_secs_f64();
    std::fs::remove_file(path)?;
    Ok(rate)
}
