//! Backup and restore of the database, which Spin lets no component do: `vacuum into` is refused.
//!
//! A backup is SQLite's own online one, read within one transaction: a snapshot, taken while the
//! application serves and writes. It is checked, and only then gets its name. A restore needs the
//! application stopped, checks again, and keeps the database that was there. The key-value store
//! is in no backup, and a restore empties it: it holds only what can be made anew.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail, ensure};
use rusqlite::{Connection, ErrorCode, OpenFlags, backup::Backup};
use sha2::{Digest as _, Sha256};
use store::migrations;

use crate::{lock, secrets};

/// The database in a state directory, as Spin names it.
pub(crate) const DATABASE: &str = "sqlite_db.db";
/// The key-value store in a state directory, as Spin names it.
pub(crate) const KEY_VALUE: &str = "sqlite_key_value.db";
/// Files that SQLite keeps beside a database.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];
/// Pages copied between two words on the progress: 16 MiB.
const STEP_PAGES: i32 = 4096;

/// What the operator may choose.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    /// Whether files that are there are replaced.
    pub is_forced: bool,
    /// Where the secrets go to or come from, apart from the database.
    pub secrets: Option<PathBuf>,
}

/// A database that was looked at from end to end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Its size.
    pub bytes: u64,
    /// How many migrations it has.
    pub level: usize,
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
}

/// What a restore did.
#[derive(Debug, Clone)]
pub struct Restored {
    /// What is served from now on.
    pub checked: Checked,
    /// Whether the backup had its checksum beside it; without it only its structure is known.
    pub had_sum: bool,
    /// Where the database is that was there before.
    pub before: Option<PathBuf>,
}

/// Copies the database of `state` to `file`, while it is served or not.
pub fn make(
    state: &Path,
    file: &Path,
    choices: &Choices,
    say: &mut dyn FnMut(&str),
) -> Result<Checked> {
    let source = state.join(DATABASE);
    ensure!(
        source.is_file(),
        "there is no database in {}: --state-dir names another directory",
        state.display()
    );
    for path in [Some(file), choices.secrets.as_deref()].into_iter().flatten() {
        ensure!(
            choices.is_forced || !path.exists(),
            "{} exists: choose another name, or pass --force to replace it",
            path.display()
        );
    }
    let part = Part(suffixed(file, ".part"));
    drop(private(&part.0)?);
    copy(&source, &part.0, say)
        .with_context(|| format!("cannot copy {} to {}", source.display(), part.0.display()))?;
    say("checking the copy");
    let checked = check(&part.0)?;
    File::open(&part.0)?.sync_all()?;
    let sum = suffixed(file, ".sha256");
    remove(&sum)?;
    fs::rename(&part.0, file)?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    write_private(&sum, format!("{}  {name}\n", checked.sha256).as_bytes())?;
    sync_directory(file)?;
    if let Some(to) = &choices.secrets {
        let kept = fs::read(secrets::file(state))
            .with_context(|| format!("no secrets are kept in {}", state.display()))?;
        write_private(to, &kept)?;
        sync_directory(to)?;
    }
    Ok(checked)
}

/// Puts the backup `file` in the place of the database of `state`, which nobody may be serving.
pub fn restore(
    state: &Path,
    file: &Path,
    choices: &Choices,
    say: &mut dyn FnMut(&str),
) -> Result<Restored> {
    fs::create_dir_all(state)
        .with_context(|| format!("cannot make the directory {}", state.display()))?;
    let _alone = lock::seize(state)?;
    say("checking the backup");
    let checked = check(file)?;
    let had_sum = compare(file, &checked.sha256)?;
    let kept = choices
        .secrets
        .as_ref()
        .map(|from| fs::read(from).with_context(|| format!("cannot read {}", from.display())));
    let kept = kept.transpose()?;

    say("copying it");
    let target = state.join(DATABASE);
    let part = Part(suffixed(&target, ".part"));
    io::copy(&mut File::open(file)?, &mut private(&part.0)?)
        .with_context(|| format!("cannot write {}", part.0.display()))?;
    ensure!(hash(&part.0)? == checked.sha256, "the copy differs from the backup: try again");
    log_ahead(&part.0)?;
    File::open(&part.0)?.sync_all()?;

    let before = put_aside(&target)?;
    for name in [""].iter().chain(&BESIDE) {
        remove(&suffixed(&state.join(KEY_VALUE), name))?;
    }
    if let Some(kept) = kept {
        write_private(&secrets::file(state), &kept)?;
    }
    fs::rename(&part.0, &target)?;
    sync_directory(&target)?;
    Ok(Restored { checked, had_sum, before })
}

/// Says what is wrong with the database of `state` at first sight, if anything is.
///
/// The application is served all the same, as Spin does, and answers 503.
pub(crate) fn trouble(state: &Path) -> Option<String> {
    let path = state.join(DATABASE);
    if !path.is_file() {
        return None;
    }
    let look = || -> rusqlite::Result<i64> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let database = Connection::open_with_flags(&path, flags)?;
        database.query_row("select count(*) from sqlite_schema", [], |row| row.get(0))
    };
    let error = look().err()?;
    // Whoever has it lets it go again.
    let is_busy = error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy);
    (!is_busy).then(|| format!("{}: {error}", path.display()))
}

// One read transaction: without it SQLite would begin anew with every commit of a server.
fn copy(source: &Path, to: &Path, say: &mut dyn FnMut(&str)) -> Result<()> {
    let from = Connection::open_with_flags(source, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    from.busy_timeout(std::time::Duration::from_secs(30))?;
    from.execute_batch("begin")?;
    let _tables: i64 =
        from.query_row("select count(*) from sqlite_schema", [], |row| row.get(0))?;
    let mut to = Connection::open_with_flags(to, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let backup = Backup::new(&from, &mut to)?;
    loop {
        use rusqlite::backup::StepResult::{Busy, Done, Locked, More};
        let step = backup.step(STEP_PAGES)?;
        let progress = backup.progress();
        match step {
            Done => return Ok(()),
            More => {
                let done = i64::from(progress.pagecount - progress.remaining);
                let all = i64::from(progress.pagecount).max(1);
                say(&format!("copied {} % of {all} pages", done * 100 / all));
            }
            Busy | Locked => std::thread::sleep(std::time::Duration::from_millis(10)),
            _ => bail!("SQLite's backup ended in a way that is not known here"),
        }
    }
}

/// Reads a database from end to end without touching what is beside it.
fn check(path: &Path) -> Result<Checked> {
    let told = path.display();
    let bytes = fs::metadata(path).with_context(|| format!("there is no file {told}"))?.len();
    let look = || -> rusqlite::Result<(String, usize)> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        let database = Connection::open_with_flags(immutable(path), flags)?;
        let level = database.query_row(migrations::VERSION, [], |row| row.get(0))?;
        let found = database.query_row("pragma integrity_check(1)", [], |row| row.get(0))?;
        Ok((found, level))
    };
    let (found, level) = look().with_context(|| format!("{told} is no whole database"))?;
    ensure!(found == "ok", "{told} is damaged: {found}");
    ensure!(0 < level, "{told} has no schema of ours: nothing was ever asked of it");
    ensure!(
        level <= migrations::NUMBER,
        "{told} has schema {level} and these components know {}: use the version that made it",
        migrations::NUMBER
    );
    Ok(Checked { bytes, level, sha256: hash(path)? })
}

/// Compares with the checksum beside the file, if there is one.
fn compare(file: &Path, sha256: &str) -> Result<bool> {
    let sum = suffixed(file, ".sha256");
    let text = match fs::read_to_string(&sum) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", sum.display())),
    };
    ensure!(
        text.split_whitespace().next() == Some(sha256),
        "{} is not as it was made: its SHA-256 is {sha256}, {} says another; take another backup",
        file.display(),
        sum.display()
    );
    Ok(true)
}

/// Moves the database that is there out of the way, but leaves its name in place.
///
/// If it can be read, it becomes one file; else its log stays beside it, for whoever looks.
fn put_aside(target: &Path) -> Result<Option<PathBuf>> {
    if !target.exists() {
        return Ok(None);
    }
    let told = target.display();
    match fold(target) {
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
            bail!("another process uses {told}: stop it first")
        }
        // Damaged: that may be why it is replaced.
        Ok(()) | Err(_) => {}
    }
    let now: String = Connection::open_in_memory()?.query_row(
        "select strftime('%Y%m%dT%H%M%fZ', 'now')",
        [],
        |row| row.get(0),
    )?;
    let before = suffixed(target, &format!(".before-{}", now.replace('.', "")));
    for name in BESIDE {
        let beside = suffixed(target, name);
        // Else its log would be taken for that of the restored one.
        if beside.exists() {
            fs::rename(beside, suffixed(&before, name))?;
        }
    }
    if fs::hard_link(target, &before).is_err() {
        fs::copy(target, &before).with_context(|| format!("cannot keep {told}"))?;
    }
    Ok(Some(before))
}

/// Writes the log into the database, which nobody else may have open.
fn fold(path: &Path) -> rusqlite::Result<()> {
    let database = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    database.busy_timeout(std::time::Duration::ZERO)?;
    let _mode: String = database.query_row("pragma journal_mode = delete", [], |row| row.get(0))?;
    database.execute_batch("begin exclusive; rollback")
}

// The components set it with the first migration, and rely on it.
fn log_ahead(path: &Path) -> Result<()> {
    let database = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let mode: String = database.query_row(migrations::PREPARE, [], |row| row.get(0))?;
    ensure!(mode == "wal", "{} cannot log ahead on this file system", path.display());
    Ok(())
}

/// A file that goes away unless it was renamed.
struct Part(PathBuf);

impl Drop for Part {
    fn drop(&mut self) {
        for name in [""].iter().chain(&BESIDE) {
            // What is left is overwritten by the next try.
            let _ = fs::remove_file(suffixed(&self.0, name));
        }
    }
}

fn suffixed(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

/// The address of a database that nobody changes, so that nothing is written beside it.
fn immutable(path: &Path) -> String {
    let path = path.to_string_lossy();
    let path = path.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    format!("file:{path}?immutable=1")
}

fn hash(path: &Path) -> Result<String> {
    let mut file = BufReader::with_capacity(1 << 20, File::open(path)?);
    let mut hasher = Sha256::new();
    loop {
        let bytes = file.fill_buf()?;
        let count = bytes.len();
        if count == 0 {
            break;
        }
        hasher.update(bytes);
        file.consume(count);
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// An empty file that its owner alone may read: it holds personal data or secrets.
fn private(path: &Path) -> Result<File> {
    let mut options = File::options();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).with_context(|| format!("cannot write {}", path.display()))
}

fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = private(path)?;
    file.write_all(bytes)?;
    Ok(file.sync_all()?)
}

fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", path.display()))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Makes a rename durable, where directories can be synced.
fn sync_directory(path: &Path) -> Result<()> {
    #[cfg(unix)]
    if let Some(parent) = path.parent() {
        let parent = if parent == Path::new("") { Path::new(".") } else { parent };
        File::open(parent)?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}
