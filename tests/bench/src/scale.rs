//! `--scale`: what grows with the number of responses, and what must not.

use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::load::{self, Shot, Target};
use crate::report::{Report, Slice, tell};
use crate::side::{Served, Side, fsyncs};
use crate::world::{self, BATCH, Folder, World};

/// Connections that fill the database.
const FILLERS: usize = 8;
/// How long each measure takes.
const LONG: Duration = Duration::from_secs(2);

/// Fills a database to ten times as many responses again and again, up to 10^`most`, and
/// measures at each step.
pub(crate) async fn run(folder: &Path, most: u32) -> Result<Report> {
    tell("Building the components …");
    runner::build_components(&world::ours())?;
    let folder = Folder(folder.join("scale"));
    drop(std::fs::remove_dir_all(&folder.0));
    std::fs::create_dir_all(&folder.0)?;
    let admin_key = "sk_bench_only";
    let served = Served::start(Side::Ours, &folder.0, admin_key)?;
    let world = World::prepare(&served.base, admin_key).await?;
    let mut report = Report::default();
    let number = Rc::default();
    let target = |shot: Shot, wanted| Target {
        authority: served.authority().into(),
        shot,
        wanted,
        number: Rc::clone(&number),
    };
    let mut stored = 0;
    for exponent in 4..=most {
        let wanted = 10_u64.pow(exponent);
        while stored < wanted {
            // Told while it goes on: the last step takes a quarter of an hour.
            let long = Duration::from_millis(((wanted - stored) / 10).clamp(100, 10_000));
            let seen = load::closed(&target(world.old_batch(), 200), FILLERS, long).await?;
            let added = seen.all * BATCH;
            anyhow::ensure!(0 < added, "nothing is taken: {:?}", seen.first_error);
            stored += added;
            tell(&format!("  {stored} of {wanted} responses, {:.0}/s", seen.rate() * 100.0));
        }
        let bytes = ["sqlite_db.db", "sqlite_db.db-wal"]
            .iter()
            .filter_map(|file| std::fs::metadata(folder.0.join(file)).ok().map(|it| it.len()));
        let bytes: u64 = bytes.sum();
        let per_million = bytes / 1_000_000 * 1_000_000 / stored.max(1);
        tell(&format!("10^{exponent}: {bytes} bytes, {per_million} MB per million responses"));
        let measures: [(&str, Shot, u16, usize); 6] = [
            ("submit", world.submit(), 201, 64),
            ("nps by day", world.nps(), 200, 1),
            ("dashboard, uncached", world.fresh_dashboard(), 200, 1),
            ("list, newest", world.list(), 200, 1),
            ("list, further down", world.list_below(), 200, 1),
            ("definition", world.definition(), 200, 1),
        ];
        for (name, shot, status, connections) in measures {
            let fsyncs = fsyncs(&folder.0)?;
            let seen = load::closed(&target(shot, status), connections, LONG).await?;
            let slice = Slice::of(0, &seen, None, fsyncs);
            report.add(&format!("10^{exponent} {name}"), "ours", connections, slice);
        }
        report.size(format!("10^{exponent} responses, bytes of database"), bytes);
    }
    let peak = served.peak_mb().context("no /proc")?;
    report.peak("ours", Some(peak));
    Ok(report)
}
