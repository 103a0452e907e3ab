//! Who uses a state directory: servers share it, a restore has it alone.

use std::{
    fs::{File, TryLockError},
    path::Path,
};

use anyhow::{Context as _, Result, bail};

const NAME: &str = "runner.lock";

/// Says that a server uses the directory, until the file is closed or the process ends.
pub(crate) fn share(state: &Path) -> Result<File> {
    let file = open(state)?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => {
            bail!("a restore is at work in {}: start when it is done", state.display())
        }
        // A file system without locks: nobody is kept out, as with Spin.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(file),
    }
}

/// Takes the directory for a restore alone.
pub(crate) fn seize(state: &Path) -> Result<File> {
    let file = open(state)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => bail!(
            "a runner serves {}: stop it first, or what is acknowledged meanwhile is lost",
            state.display()
        ),
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("cannot lock {}", state.display()))
        }
    }
}

fn open(state: &Path) -> Result<File> {
    let path = state.join(NAME);
    let opened = File::options().create(true).truncate(false).write(true).open(&path);
    opened.with_context(|| format!("cannot open {}", path.display()))
}
