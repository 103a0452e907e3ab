//! The file of the database is damaged: in its middle, at its end, from its beginning.

use std::fs::{self, File};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::time::Instant;

use super::{Load, check_books, check_unavailable, reconcile, tell};
use crate::process::{Process, operate};
use crate::server::{Server, Temporary, database, leave_out};
use crate::site::Site;

const RESPONSES: usize = 300;

/// How to damage a file.
enum Damage {
    /// The page at which the responses begin is overwritten.
    Middle,
    /// The second half is gone.
    Truncated,
    /// It is something else.
    Other,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_is_overwritten_is_a_503_for_what_needs_it() {
    drill("a page overwritten", Damage::Middle).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_cut_short_is_a_503() {
    drill("cut in half", Damage::Truncated).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_no_database_is_a_503() {
    drill("no database", Damage::Other).await;
}

/// Backs up, damages, looks at what callers see, restores: all is there that was backed up.
async fn drill(what: &str, damage: Damage) {
    if std::env::var_os("HUIYIN_URL").is_some() {
        return leave_out(&format!("a damaged database ({what}), for want of its file"));
    }
    let state = Temporary::new();
    let process = Process::start(&state);
    let site = Site::with_survey(&Server::at(&process.base)).await;
    let load = Load::default();
    for number in 0..RESPONSES {
        assert_eq!(load.submit(&site, &format!("kept-{number}")).await.unwrap(), 201);
    }
    let backup = state.path().join("backup.db");
    let (is_well, said) = operate("backup", &backup, &state, &[]);
    assert!(is_well, "{said}");
    process.kill();
    let file = state.path().join("sqlite_db.db");
    // What a killed process left in its log is written to the file first.
    let root = root(&state);
    harm(&file, &damage, root);

    let process = Process::start(&state);
    let site = site.at(&process.base);
    // It is served, and says why that helps nobody.
    assert_eq!(site.status("GET /.well-known/spin/health\n\n").await, 200);
    for number in 0..20 {
        assert_eq!(load.submit(&site, &format!("lost-{number}")).await.unwrap(), 503);
    }
    let list = "GET /v1/studies/{survey}/responses\nauthorization: Bearer {agent}";
    check_unavailable(&site.ask(list).await.unwrap());
    if matches!(damage, Damage::Middle) {
        // What does not need the page does not mind.
        site.get("viewer", "/v1/touchpoints").await;
    }
    let log = fs::read_to_string(state.path().join("logs/survey_stderr.txt")).unwrap();
    let line = log.lines().last().unwrap();
    let cause = if matches!(damage, Damage::Other) { "not a database" } else { "malformed" };
    assert!(line.contains(cause) && line.contains("\"status\":503"), "{line}");
    let (is_well, said) = operate("backup", &state.path().join("other.db"), &state, &[]);
    assert!(!is_well && !state.path().join("other.db").exists(), "a damaged backup: {said}");
    process.kill();
    if matches!(damage, Damage::Other) {
        let warned = fs::read_to_string(state.path().join("runner.log")).unwrap();
        assert!(warned.contains("file is not a database"), "{warned}");
    }

    let begun = Instant::now();
    let (is_well, said) = operate("restore", &backup, &state, &[]);
    let took = begun.elapsed();
    assert!(is_well, "{said}");
    let process = Process::start(&state);
    let server = Server::at(&process.base);
    let site = site.at(&process.base);
    assert_eq!(load.submit(&site, "after").await.unwrap(), 201);
    check_books(&server, &site).await;
    process.kill();
    let acknowledged = load.acknowledged();
    reconcile(&database(&state), &acknowledged);
    tell(&format!(
        "{what}: 20 of 20 told 503, restored in {took:.1?}, {} of {} kept",
        acknowledged.len(),
        acknowledged.len()
    ));
}

/// Where the table of responses begins, in bytes.
fn root(state: &Temporary) -> u64 {
    let database = database(state);
    let sql = "select (rootpage - 1) * (select page_size from pragma_page_size)
               from sqlite_schema where name = 'response'";
    let at: i64 = database.query_row(sql, [], |row| row.get(0)).unwrap();
    u64::try_from(at).unwrap()
}

fn harm(path: &Path, damage: &Damage, root: u64) {
    for name in ["sqlite_db.db-wal", "sqlite_db.db-shm"] {
        assert!(!path.with_file_name(name).exists(), "{name} is left");
    }
    let mut file = File::options().write(true).open(path).unwrap();
    match damage {
        Damage::Middle => {
            file.seek(SeekFrom::Start(root)).unwrap();
            file.write_all(&[0xa5; 4096]).unwrap();
        }
        Damage::Truncated => file.set_len(file.metadata().unwrap().len() / 2).unwrap(),
        Damage::Other => {
            file.set_len(0).unwrap();
            file.write_all("这不是数据库\n".repeat(1_000).as_bytes()).unwrap();
        }
    }
}
