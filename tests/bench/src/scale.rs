//! `--scale`: what grows with the number of responses, and what must not.

use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::fill::{DAYS, Filler, TOUCHPOINTS};
use crate::load::{self, Shot, Target};
use crate::report::{Report, Slice, tell};
use crate::side::{Served, Side, fsyncs};
use crate::world::{self, Folder, World};

/// How long each measure takes.
const LONG: Duration = Duration::from_secs(2);
/// The longest that the overview may take, with every answer there ever was.
const OVERVIEW_MS_MAX: f64 = 10.0;
/// The most that a reading may take longer at ten times as many responses.
const RATIO_MAX: f64 = 1.2;

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
    let world = World::prepare(&served.base, admin_key, TOUCHPOINTS).await?;
    let database = folder.0.join("sqlite_db.db");
    let mut filler = Filler::open(&database, world.clone())?;
    let mut report = Report::default();
    let number = Rc::default();
    let target = |shot: Shot, wanted| Target {
        authority: served.authority().into(),
        shot,
        wanted,
        number: Rc::clone(&number),
    };
    let days = i64::try_from(DAYS)?;
    for exponent in 4..=most {
        filler.up_to(10_u64.pow(exponent))?;
        let bytes = std::fs::metadata(&database)?.len();
        let per_million = bytes / filler.stored.max(1);
        tell(&format!("10^{exponent}: {bytes} bytes, {per_million} MB per million responses"));
        let measures: [(&str, Shot, u16, usize); 13] = [
            ("submit", world.submit(), 201, 64),
            ("overview", world.reading("/v1/dashboard?", days), 200, 1),
            ("nps by day", world.reading("/v1/nps?by=day&", days), 200, 1),
            ("nps by month", world.reading("/v1/nps?by=month&compare=previous&", days), 200, 1),
            ("csat by touchpoint", world.reading("/v1/csat?by=touchpoint&", days), 200, 1),
            ("touchpoints × channels", world.reading(PAIRS.0, days), 200, 1),
            ("touchpoints × groups", world.reading(PAIRS.1, days), 200, 1),
            ("index", world.reading("/v1/index?compare=previous&", days), 200, 1),
            ("drivers", world.reading("/v1/drivers?", days), 200, 1),
            ("list, newest", world.list(), 200, 1),
            ("list, further down", world.list_below(), 200, 1),
            ("definition", world.definition(), 200, 1),
            ("definition, uncached", world.fresh_definition(), 200, 1),
        ];
        for (name, shot, status, connections) in measures {
            let fsyncs = fsyncs(&folder.0)?;
            let seen = load::closed(&target(shot, status), connections, LONG).await?;
            let slice = Slice::of(0, &seen, None, fsyncs);
            report.add(&format!("10^{exponent} {name}"), "ours", connections, slice);
        }
        report.size(format!("10^{exponent} responses, bytes of database"), bytes);
        report.grown("overview", exponent, RATIO_MAX);
    }
    report.middle(&format!("10^{most} overview"), 1, OVERVIEW_MS_MAX);
    let peak = served.peak_mb().context("no /proc")?;
    report.peak("ours", Some(peak));
    Ok(report)
}

/// Every cell of a heat map: what is cut by both keys of a pair.
const PAIRS: (&str, &str) = (
    "/v1/csat?by=touchpoint,channel&compare=previous&",
    "/v1/csat?by=touchpoint,group&compare=previous&",
);
