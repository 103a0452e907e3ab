//! `cargo bench -p bench`: how fast, against what, and how sure that is.
//!
//! Every server is a process of its own on a copy of the same database. They are measured in
//! turns, in short slices, because the disk's speed changes tenfold from minute to minute; what
//! counts is the ratio of slices of the same round.

mod clock;
mod drain;
mod fill;
mod load;
mod native;
mod report;
mod scale;
mod side;
mod world;

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use lexopt::ValueExt as _;

use crate::load::{Shot, Target};
use crate::report::{Report, Slice, median, tell};
use crate::side::{Served, Side, fsyncs};
use crate::world::{BATCH, Folder, World};

const USAGE: &str = "\
cargo bench -p bench [-- OPTION…]
  --quick       at most two minutes instead of ten
  --url URL     measure this server, signing in with HUIYIN_KEY; it is written to
  --connections N  with --url or --only: so many instead of 64
  --only WORDS  just the measures whose names begin like this, such as \"submit\"
  --scale[=N]   fill a database to 10^7 (or 10^N) responses and measure at every power of ten
  --drain       how fast 10,000 events that wait are delivered to 50 receivers
  --json FILE   where to write the figures; target/bench.json unless given";

/// The connections at which the sides are compared.
const CONNECTIONS: usize = 64;
/// A complaint of a word, and one of 10 kB, which Chinese and English fill with some 5,000
/// characters.
const GRADE_LITTLE: &str = "grade a word";
const GRADE_MUCH: &str = "grade 10 kB";
/// The connections at which submission is measured.
const STEPS: [usize; 4] = [1, 16, CONNECTIONS, 1000];
/// The share of the peak at which latencies are measured.
const SHARE: f64 = 0.7;

/// How long to measure.
struct Plan {
    rounds: usize,
    slice: Duration,
    open: Duration,
    cold: usize,
    connections: usize,
    /// How the names of the measures begin that are wanted.
    only: String,
}

const FULL: Plan = Plan {
    rounds: 7,
    slice: Duration::from_millis(1500),
    open: Duration::from_secs(15),
    cold: 15,
    connections: CONNECTIONS,
    only: String::new(),
};
const QUICK: Plan = Plan {
    rounds: 2,
    slice: Duration::from_millis(500),
    open: Duration::from_secs(3),
    cold: 2,
    connections: CONNECTIONS,
    only: String::new(),
};

enum Task {
    Serve(Side, PathBuf),
    Compare(Plan),
    Url(Plan, String),
    Scale(u32),
    Drain,
}

/// Does what the arguments say, with its files in `folder`.
pub fn run(folder: &Path) -> Result<()> {
    let Some((task, json)) = arguments(folder)? else {
        tell(USAGE);
        return Ok(());
    };
    if let Task::Serve(side, state) = task {
        return side.serve(&state, &std::env::var("BENCH_ADMIN_KEY")?);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let report = tokio::task::LocalSet::new().block_on(&runtime, async {
        match task {
            Task::Compare(plan) => compare(&plan, folder).await,
            Task::Url(plan, url) => at_url(&plan, &url).await,
            Task::Scale(most) => scale::run(folder, most).await,
            Task::Drain => drain::run(folder).await,
            Task::Serve(..) => bail!("served already"),
        }
    })?;
    report.print();
    std::fs::write(&json, serde_json::to_vec_pretty(&report.json())?)?;
    tell(&format!("\n{}", json.display()));
    Ok(())
}

fn arguments(folder: &Path) -> Result<Option<(Task, PathBuf)>> {
    let (mut side, mut state, mut url, mut plan) = (None, None, None, FULL);
    let (mut only, mut scale, mut drain) = (String::new(), None, false);
    let mut json = folder.join("../bench.json");
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            // What cargo adds.
            lexopt::Arg::Long("bench") => {}
            lexopt::Arg::Long("quick") => plan = Plan { connections: plan.connections, ..QUICK },
            lexopt::Arg::Long("url") => url = Some(parser.value()?.to_string_lossy().into_owned()),
            lexopt::Arg::Long("connections") => plan.connections = parser.value()?.parse()?,
            lexopt::Arg::Long("only") => only = parser.value()?.to_string_lossy().into_owned(),
            lexopt::Arg::Long("scale") => {
                let most = parser.optional_value();
                scale = Some(most.map_or(Ok(7), |it| it.parse())?);
            }
            lexopt::Arg::Long("drain") => drain = true,
            lexopt::Arg::Long("json") => json = parser.value()?.into(),
            lexopt::Arg::Long("state") => state = Some(PathBuf::from(parser.value()?)),
            lexopt::Arg::Long("serve") => {
                side = Side::parse(&parser.value()?.to_string_lossy());
            }
            lexopt::Arg::Long("help") => return Ok(None),
            other => bail!("{}\n{USAGE}", other.unexpected()),
        }
    }
    plan.only = only;
    if let Some(most) = scale {
        return Ok(Some((Task::Scale(most), json)));
    }
    if drain {
        return Ok(Some((Task::Drain, json)));
    }
    let task = match (side, state, url) {
        (Some(side), Some(state), _) => Task::Serve(side, state),
        (_, _, Some(url)) => Task::Url(plan, url),
        _ => Task::Compare(plan),
    };
    Ok(Some((task, json)))
}

/// One kind of request, and the sides that it is asked of.
struct Measure {
    name: &'static str,
    shot: Shot,
    wanted: u16,
    sides: &'static [Side],
}

fn measures(world: &World) -> Vec<Measure> {
    use Side::{Empty, Naive, Native, Ours};
    let it = |name, shot, wanted, sides| Measure { name, shot, wanted, sides };
    vec![
        it("empty", world.empty(), 200, &[Empty]),
        it("submit", world.submit(), 201, &[Ours, Native, Naive]),
        it("batch of 100", world.batch(), 200, &[Ours, Native]),
        it("definition", world.definition(), 200, &[Ours, Native]),
        it("definition, uncached", world.fresh_definition(), 200, &[Ours, Native]),
        it("dashboard", world.dashboard(), 200, &[Ours, Native]),
        it("dashboard, uncached", world.fresh_dashboard(), 200, &[Ours, Native]),
        it(GRADE_LITTLE, world.grade(10), 200, &[Ours]),
        it(GRADE_MUCH, world.grade(10_000 / 2), 200, &[Ours]),
        it("complaint", world.complain(), 201, &[Ours]),
    ]
}

/// Measures all sides on this machine.
async fn compare(plan: &Plan, folder: &Path) -> Result<Report> {
    tell("Building the components …");
    runner::build_components(&world::ours())?;
    runner::build_components(&world::others())?;
    let folder = Folder(folder.join("bench"));
    drop(std::fs::remove_dir_all(&folder.0));
    let admin_key = "sk_bench_only";
    let template = folder.0.join("template");
    tell("Filling a database …");
    let running = world::serve(world::ours(), &template, admin_key)?;
    let world = World::prepare(&running.base(), admin_key, 0).await?;
    running.stop();
    let mut served = Vec::new();
    for side in Side::ALL {
        let state = folder.0.join(side.name());
        std::fs::create_dir_all(&state)?;
        for file in ["sqlite_db.db", "sqlite_db.db-wal"] {
            if template.join(file).exists() {
                std::fs::copy(template.join(file), state.join(file))?;
            }
        }
        served.push((side, Served::start(side, &state, admin_key)?));
    }
    let mut bench = Bench { report: Report::default(), number: Rc::default(), folder, served };
    bench.rounds(plan, &measures(&world)).await?;
    if !plan.only.is_empty() {
        bench.peaks();
        return Ok(bench.report);
    }
    bench.steps(plan, &measures(&world)).await?;
    bench.cold(plan, &world).await?;
    bench.open(plan, &world.submit()).await?;
    bench.judge()
}

/// The servers under measurement and what was seen of them.
struct Bench {
    report: Report,
    number: Rc<Cell<u64>>,
    folder: Folder,
    served: Vec<(Side, Served)>,
}

impl Bench {
    fn served(&self, side: Side) -> Result<&Served> {
        let found = self.served.iter().find(|(it, _)| *it == side);
        found.map(|(_, served)| served).with_context(|| format!("{} is not served", side.name()))
    }

    fn target(&self, side: Side, measure: &Measure) -> Result<Target> {
        Ok(Target {
            authority: self.served(side)?.authority().into(),
            shot: Rc::clone(&measure.shot),
            wanted: measure.wanted,
            number: Rc::clone(&self.number),
        })
    }

    /// As much as each side does, side by side.
    async fn rounds(&mut self, plan: &Plan, measures: &[Measure]) -> Result<()> {
        for round in 0..plan.rounds {
            tell(&format!("round {} of {}", round + 1, plan.rounds));
            for measure in measures.iter().filter(|it| it.name.starts_with(&plan.only)) {
                for side in measure.sides {
                    self.slice(round, *side, measure, plan.connections, plan.slice).await?;
                }
            }
        }
        Ok(())
    }

    /// Submission with few and with many connections.
    async fn steps(&mut self, plan: &Plan, measures: &[Measure]) -> Result<()> {
        for connections in STEPS.into_iter().filter(|it| *it != CONNECTIONS) {
            tell(&format!("{connections} connections"));
            for round in 0..plan.rounds.div_ceil(3) {
                for measure in measures.iter().filter(|it| ["empty", "submit"].contains(&it.name)) {
                    for side in measure.sides {
                        self.slice(round, *side, measure, connections, plan.slice).await?;
                    }
                }
            }
        }
        Ok(())
    }

    async fn slice(
        &mut self,
        round: usize,
        side: Side,
        measure: &Measure,
        connections: usize,
        long: Duration,
    ) -> Result<()> {
        let fsyncs = fsyncs(&self.folder.0)?;
        let target = self.target(side, measure)?;
        let before = self.served(side)?.cpu();
        let asked = self.number.get();
        let seen = load::closed(&target, connections, long).await?;
        // The warm-up's requests cost as much as the counted ones.
        let all = self.number.get() - asked;
        let cpu = self.served(side)?.cpu().zip(before).map(|(after, before)| after - before);
        #[expect(clippy::cast_precision_loss, reason = "counts of a slice")]
        let cpu = cpu.map(|it| it.mul_f64(seen.done as f64 / all.max(1) as f64));
        if let Some(error) = &seen.first_error {
            tell(&format!("  first error: {error}"));
        }
        let slice = Slice::of(round, &seen, cpu, fsyncs);
        self.report.add(measure.name, side.name(), connections, slice);
        Ok(())
    }

    /// The first answer of instances that are not there yet; compiled code is.
    async fn cold(&mut self, plan: &Plan, world: &World) -> Result<()> {
        tell("cold instances");
        for round in 0..plan.cold {
            for (name, side, shot) in [
                ("cold: empty", Side::Empty, world.empty()),
                ("cold: definition", Side::Ours, world.definition()),
            ] {
                let measure = Measure { name, shot, wanted: 200, sides: &[] };
                let target = self.target(side, &measure)?;
                let fsyncs = fsyncs(&self.folder.0)?;
                // An instance without work is gone after a second.
                tokio::time::sleep(Duration::from_millis(1200)).await;
                let seen = load::once(&target).await?;
                let slice = Slice::of(round, &seen, None, fsyncs);
                self.report.add(name, side.name(), 1, slice);
            }
        }
        Ok(())
    }

    /// Latencies at a share of the peak, whether or not the server keeps up.
    async fn open(&mut self, plan: &Plan, submit: &Shot) -> Result<()> {
        tell("requests at random instants");
        let measure =
            Measure { name: "submit at 70 %", shot: submit.clone(), wanted: 201, sides: &[] };
        for connections in STEPS {
            let rate = SHARE * median(&self.report.rates("submit", "ours", CONNECTIONS));
            let fsyncs = fsyncs(&self.folder.0)?;
            let target = self.target(Side::Ours, &measure)?;
            let before = self.served(Side::Ours)?.cpu();
            let seen = load::open(&target, connections, rate, plan.open).await?;
            let after = self.served(Side::Ours)?.cpu();
            let cpu = after.zip(before).map(|(after, before)| after - before);
            if let Some(error) = &seen.first_error {
                tell(&format!("  first error: {error}"));
            }
            let slice = Slice::of(0, &seen, cpu, fsyncs);
            self.report.add(measure.name, "ours", connections, slice);
        }
        Ok(())
    }

    /// Notes the most memory that each side had.
    fn peaks(&mut self) {
        for (side, served) in &self.served {
            self.report.peak(side.name(), served.peak_mb());
        }
    }

    /// Holds everything against the bars that this project sets itself.
    fn judge(mut self) -> Result<Report> {
        self.peaks();
        let mut report = self.report;
        let rates =
            |report: &Report, measure: &str, side: &str| report.rates(measure, side, CONNECTIONS);
        let ours = rates(&report, "submit", "ours");
        let empty = rates(&report, "empty", "empty");
        let against = |report: &Report, side: &str| rates(report, "submit", side);
        let pair = (ours.clone(), against(&report, "naive"));
        report.ratio("submit ÷ naive", pair, 1.0, 8.0);
        let pair = (ours.clone(), against(&report, "native"));
        report.ratio("submit ÷ native", pair, 1.0, 0.6);
        report.ratio("submit ÷ empty", (ours.clone(), empty.clone()), 1.0, 0.3);
        let pair = (rates(&report, "batch of 100", "ours"), ours);
        #[expect(clippy::cast_precision_loss, reason = "a hundred")]
        report.ratio("responses in batches ÷ single ones", pair, BATCH as f64, 20.0);
        let pair = (rates(&report, "dashboard", "ours"), empty);
        report.ratio("dashboard ÷ empty", pair, 1.0, 0.4);
        report.tail("submit at 70 %", 1000, 100.0);
        let cold = report.rates("cold: definition", "ours", 1);
        let cold = cold.iter().map(|it| 1000.0 / it).collect();
        report.bound("cold instance to first answer, ms", cold, 5.0);
        report.memory(300.0);
        let cpu = |measure| report.cpu_ms(measure, "ours", CONNECTIONS);
        let pairs = cpu(GRADE_MUCH).into_iter().zip(cpu(GRADE_LITTLE));
        let graded = pairs.map(|(much, little)| much - little).collect();
        report.bound("grading 10 kB, ms of CPU more than for a word", graded, 1.0);
        report.bound("the three clocks of an open case, natively, µs", clock::micros(), 50.0);
        for (component, bytes) in sizes()? {
            report.size(component, bytes);
        }
        Ok(report)
    }
}

fn sizes() -> Result<Vec<(String, u64)>> {
    let manifest = runner::manifest::read(&world::ours())?;
    let mut sizes = Vec::new();
    for (id, component) in &manifest.components {
        let path = world::ours().with_file_name(&component.source);
        sizes.push((id.clone(), std::fs::metadata(path)?.len()));
    }
    Ok(sizes)
}

/// Measures a server that somebody else started.
async fn at_url(plan: &Plan, url: &str) -> Result<Report> {
    let admin_key = std::env::var("HUIYIN_KEY").context("set HUIYIN_KEY to its admin key")?;
    let world = World::prepare(url, &admin_key, 0).await?;
    let mut report = Report::default();
    let number = Rc::<Cell<u64>>::default();
    let authority = url.trim_start_matches("http://").trim_end_matches('/');
    for round in 0..plan.rounds {
        for measure in measures(&world)
            .iter()
            .filter(|it| it.name != "empty" && it.name.starts_with(&plan.only))
        {
            let target = Target {
                authority: authority.into(),
                shot: Rc::clone(&measure.shot),
                wanted: measure.wanted,
                number: Rc::clone(&number),
            };
            let seen = load::closed(&target, plan.connections, plan.slice).await?;
            if let Some(error) = &seen.first_error {
                tell(&format!("  first error: {error}"));
            }
            let slice = Slice::of(round, &seen, None, f64::NAN);
            report.add(measure.name, "url", plan.connections, slice);
        }
    }
    Ok(report)
}
