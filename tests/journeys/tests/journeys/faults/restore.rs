//! Backup under load, `kill -9`, restore: everything acknowledged before the backup is there.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::{Load, check_books, reconcile, tell};
use crate::process::{Process, operate};
use crate::server::{Server, Temporary, check_rollups, database, leave_out};
use crate::site::Site;

const VISITORS: usize = 8;
/// Responses before the backup, and while it is made.
const BEFORE: usize = 1_500;
const AFTER: Duration = Duration::from_millis(500);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_load_has_all_that_was_acknowledged_before_it() {
    if std::env::var_os("HUIYIN_URL").is_some() {
        return leave_out("backup and restore, for want of a process of our own");
    }
    let state = Temporary::new();
    let process = Process::start(&state);
    let site = Site::with_survey(&Server::at(&process.base)).await;
    let load = Arc::new(Load::default());
    let working = load.begin(&site, VISITORS);
    while load.acknowledged().len() < BEFORE {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let before = load.acknowledged();
    let backup = state.path().join("night.db");
    let begun = Instant::now();
    let (is_well, said) = operate("backup", &backup, &state, &[]);
    let backed_up = begun.elapsed();
    assert!(is_well, "{said}");
    let meanwhile = load.acknowledged().len() - before.len();
    assert!(0 < meanwhile, "nobody was served while the backup was made");
    assert_eq!(load.refused(), 0, "somebody was refused while the backup was made");
    tokio::time::sleep(AFTER).await;

    // While it is served nothing may be replaced.
    let (is_well, said) = operate("restore", &backup, &state, &[]);
    assert!(!is_well && said.contains("stop it first"), "{said}");
    process.kill();
    load.is_over.store(true, Ordering::Relaxed);
    working.join_all().await;
    let all = load.acknowledged();
    reconcile(&database(&state), &all);
    check_refusals(&state, &backup);

    let begun = Instant::now();
    let (is_well, said) = operate("restore", &backup, &state, &[]);
    let restored = begun.elapsed();
    assert!(is_well && said.contains(".before-"), "{said}");
    let begun = Instant::now();
    let process = Process::start(&state);
    let server = Server::at(&process.base);
    let site = site.at(&process.base);
    let again = Load::default();
    assert_eq!(again.submit(&site, "after").await.unwrap(), 201);
    let served = begun.elapsed();
    check_books(&server, &site).await;
    process.kill();
    let database = database(&state);
    check_rollups(&database);
    let kept = reconcile(&database, &before) - 1;
    tell(&format!(
        "backup of {} kB under load in {backed_up:.1?} ({meanwhile} acknowledged meanwhile, none \
         refused); {} of {} acknowledged before it kept, {kept} of {} in all; restored in \
         {restored:.1?}, served {served:.1?} later",
        fs::metadata(&backup).unwrap().len() / 1000,
        before.len(),
        before.len(),
        all.len(),
    ));
    // What came after the backup is in the database that was kept.
    let path = fs::read_dir(state.path()).unwrap().map(|it| it.unwrap().path());
    let path = path.into_iter().find(|it| it.to_string_lossy().contains(".before-")).unwrap();
    reconcile(&rusqlite::Connection::open(path).unwrap(), &all);
}

/// A damaged backup is refused, whatever is damaged, and nothing is touched.
fn check_refusals(state: &Temporary, backup: &std::path::Path) {
    let database = state.path().join("sqlite_db.db");
    let untouched = fs::read(&database).unwrap();
    let good = fs::read(backup).unwrap();
    let sum = fs::read(state.path().join("night.db.sha256")).unwrap();
    let bad = state.path().join("bad.db");
    let mut flipped = good.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    // Of the last one only the checksum tells.
    for (harmed, with_sum) in
        [(&good[..good.len() / 2], false), (b"hello", false), (&flipped, true)]
    {
        fs::write(&bad, harmed).unwrap();
        if with_sum {
            fs::write(state.path().join("bad.db.sha256"), &sum).unwrap();
        }
        let (is_well, said) = operate("restore", &bad, state, &[]);
        assert!(!is_well, "{said}");
        assert!(fs::read(&database).unwrap() == untouched, "it was touched: {said}");
    }
}
