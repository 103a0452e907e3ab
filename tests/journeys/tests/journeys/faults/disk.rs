//! The disk is full, or the database may only be read.

use std::fs::{self, File, Permissions};
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::{Load, check_books, read, reconcile, recover, tell};
use crate::process::Process;
use crate::server::{Server, Temporary, database, leave_out};
use crate::site::Site;

/// The size of the disk that is filled.
const DISK: &str = "size=48m";
const VISITORS: usize = 8;
/// Refusals that are enough.
const REFUSED: usize = 50;
const LOADED_WITHIN: Duration = Duration::from_secs(90);
/// Longer than an instance, and with it its connections, lives without a request.
const IDLE: Duration = Duration::from_millis(1_500);

/// A disk of its own, which is unmounted when dropped.
struct Disk<'a>(&'a Path);

impl<'a> Disk<'a> {
    fn mount(path: &'a Path) -> Option<Disk<'a>> {
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", DISK, "tmpfs"]).arg(path);
        let mounted = mount.output().is_ok_and(|it| it.status.success());
        mounted.then_some(Disk(path))
    }
}

impl Drop for Disk<'_> {
    fn drop(&mut self) {
        // Lazily: a killed process may not be gone entirely.
        let _ = Command::new("umount").arg("-l").arg(self.0).output();
    }
}

/// Writes until nothing is left.
fn fill(path: &Path) {
    let mut ballast = File::create(path).unwrap();
    for size in [1 << 20, 4096, 1] {
        let bytes = vec![7; size];
        while ballast.write_all(&bytes).is_ok() {}
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_a_503_until_there_is_room() {
    let state = Temporary::new();
    if std::env::var_os("HUIYIN_URL").is_some() {
        return leave_out("a full disk, for want of a process of our own");
    }
    let Some(disk) = Disk::mount(state.path()) else {
        return leave_out("a full disk, for want of the right to mount one");
    };
    let process = Process::start(&state);
    let server = Server::at(&process.base);
    let site = Site::with_survey(&server).await;
    let load = Arc::new(Load::default());
    assert_eq!(load.submit(&site, "before").await.unwrap(), 201);
    let ballast = state.path().join("ballast");
    fill(&ballast);
    let begun = Instant::now();
    let working = load.begin(&site, VISITORS);
    // What the log of the database has room for is still taken.
    while load.refused() < REFUSED {
        assert!(begun.elapsed() < LOADED_WITHIN, "the disk is not full");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    read(&site).await;
    fs::remove_file(&ballast).unwrap();
    let recovered = recover(&load, &site).await;
    load.is_over.store(true, Ordering::Relaxed);
    working.join_all().await;
    let refused = load.refused();
    load.send_again(&site, REFUSED).await;
    check_books(&server, &site).await;
    process.kill();
    let acknowledged = load.acknowledged();
    reconcile(&database(&state), &acknowledged);
    tell(&format!(
        "full disk: {refused} told 503, reads 200, taken again after {recovered:.1?}, {} of \
         {} kept",
        acknowledged.len(),
        acknowledged.len()
    ));
    drop(disk);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_may_only_be_read_is_read_and_takes_nothing() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
    use std::os::unix::process::CommandExt as _;

    /// Nobody, to whom permissions apply.
    const NOBODY: u32 = 65_534;

    if std::env::var_os("HUIYIN_URL").is_some() {
        return leave_out("a database that may only be read, for want of a process of our own");
    }
    let state = Temporary::new();
    let is_root = fs::metadata(state.path()).unwrap().uid() == 0;
    if is_root {
        chown(state.path(), Some(NOBODY), Some(NOBODY)).unwrap();
    }
    let process = Process::start_with(&state, |command| {
        if is_root {
            command.uid(NOBODY).gid(NOBODY);
        }
    });
    let server = Server::at(&process.base);
    let site = Site::with_survey(&server).await;
    let load = Load::default();
    assert_eq!(load.submit(&site, "before").await.unwrap(), 201);
    // With its log and its index, which SQLite makes anew with the permissions of the database.
    let permit = |mode| {
        for name in ["sqlite_db.db", "sqlite_db.db-wal", "sqlite_db.db-shm"] {
            let file = state.path().join(name);
            if file.exists() {
                fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
            }
        }
    };
    permit(0o444);
    tokio::time::sleep(IDLE).await;
    for number in 0..10 {
        assert_eq!(load.submit(&site, &format!("closed-{number}")).await.unwrap(), 503);
    }
    site.get("viewer", "/v1/nps").await;
    site.get("agent", "/v1/studies/{survey}/responses").await;
    read(&site).await;
    permit(0o644);
    let recovered = recover(&load, &site).await;
    load.send_again(&site, 10).await;
    check_books(&server, &site).await;
    process.kill();
    let acknowledged = load.acknowledged();
    reconcile(&database(&state), &acknowledged);
    tell(&format!(
        "read-only: 10 of 10 told 503, reads 200, taken again after {recovered:.1?}, {} kept",
        acknowledged.len()
    ));
}
