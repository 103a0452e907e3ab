//! What the host knows about one component: its settings, its labels and where its words go.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::{self, Write as _},
    path::Path,
    pin::Pin,
    sync::{Arc, OnceLock, Weak, atomic::AtomicBool},
    task::{Context, Poll},
};

use anyhow::{Context as _, Result};
use tokio::io::AsyncWrite;

use crate::{
    clock::Clock,
    guest::{IsTerminal, StdoutStream},
    hosts::AllowedHosts,
    key_value::KeyValue,
    outbound::Outbound,
    server::App,
    sqlite,
};

/// What all components of an application share.
pub(crate) struct Shared {
    pub(crate) sqlite: sqlite::Location,
    pub(crate) key_value: KeyValue,
    pub(crate) outbound: Outbound,
    pub(crate) clock: Clock,
    /// Set once everything is loaded; calls between components go through it.
    pub(crate) app: OnceLock<Weak<App>>,
    /// Instances cut off by a stop are no news.
    pub(crate) is_stopping: AtomicBool,
}

/// One component's settings.
pub(crate) struct Component {
    pub(crate) id: String,
    pub(crate) sqlite_databases: BTreeSet<String>,
    pub(crate) key_value_stores: BTreeSet<String>,
    pub(crate) variables: BTreeMap<String, String>,
    pub(crate) environment: BTreeMap<String, String>,
    pub(crate) allowed_hosts: AllowedHosts,
    pub(crate) stdout: Log,
    pub(crate) stderr: Log,
    pub(crate) shared: Arc<Shared>,
}

impl Component {
    /// Puts a line into the component's error log.
    pub(crate) fn complain(&self, line: &str) {
        self.stderr.write_all(format!("{line}\n").as_bytes());
    }
}

/// Where a component's standard output or error goes: a file, and unless quiet the console.
#[derive(Clone, Default)]
pub(crate) struct Log {
    file: Option<Arc<File>>,
    console: Option<Console>,
}

/// A stream of the runner's own.
#[derive(Clone, Copy)]
pub(crate) enum Console {
    /// Its standard output.
    Stdout,
    /// Its standard error.
    Stderr,
}

impl Log {
    /// Appends to `path`, where one is given, and to `console`, where one is given.
    pub(crate) fn open(path: Option<&Path>, console: Option<Console>) -> Result<Log> {
        let file = path.map(|path| {
            let file = File::options().create(true).append(true).open(path);
            file.map(Arc::new).with_context(|| format!("cannot open the log {}", path.display()))
        });
        Ok(Log { file: file.transpose()?, console })
    }

    // A log that cannot be written must not fail a request.
    fn write_all(&self, bytes: &[u8]) {
        if let Some(file) = &self.file {
            let _ = (&**file).write_all(bytes);
        }
        let _ = match self.console {
            Some(Console::Stdout) => io::stdout().write_all(bytes),
            Some(Console::Stderr) => io::stderr().write_all(bytes),
            None => Ok(()),
        };
    }
}

impl IsTerminal for Log {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for Log {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }
}

impl AsyncWrite for Log {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.write_all(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
