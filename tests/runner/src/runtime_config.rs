//! The operator's own settings, as in Spin's runtime configuration: `--runtime-config-file`.
//!
//! ```toml
//! [outbound_networking]
//! block_networks = ["private", "192.0.2.0/24"]
//!
//! [[client_tls]]
//! component_ids = ["deliver"]
//! hosts = ["crm.corp"]
//! ca_use_webpki_roots = true
//! ca_roots_file = "corp.pem"
//! ```
//!
//! Names and meaning are Spin's. Its other tables and keys are refused, since this runner could
//! not do what they say. Where Spin would ask the system whom to trust, this takes Mozilla's list.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;

use crate::networks::Blocked;

/// What the file says.
#[derive(Default)]
pub(crate) struct RuntimeConfig {
    pub(crate) blocked: Blocked,
    pub(crate) client_tls: ClientTls,
}

/// Whom to trust.
#[derive(Default)]
pub(crate) struct ClientTls {
    /// Authorities that everybody trusts beside Mozilla's.
    pub(crate) trusted_ca_files: Vec<PathBuf>,
    pub(crate) entries: Vec<Entry>,
}

/// One `[[client_tls]]`.
pub(crate) struct Entry {
    pub(crate) component_ids: Vec<String>,
    pub(crate) hosts: Vec<String>,
    pub(crate) use_webpki_roots: bool,
    pub(crate) ca_roots_file: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    outbound_networking: Networking,
    #[serde(default)]
    client_tls: Vec<Written>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Networking {
    #[serde(default)]
    block_networks: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    component_ids: Vec<String>,
    hosts: Vec<String>,
    ca_use_webpki_roots: Option<bool>,
    ca_roots_file: Option<PathBuf>,
}

/// Reads the file at `path`; paths in it are relative to its directory.
pub(crate) fn read(path: &Path) -> Result<RuntimeConfig> {
    let told = || format!("the runtime configuration {}", path.display());
    let text = std::fs::read_to_string(path).with_context(told)?;
    parse(&text, path.parent().unwrap_or(Path::new(""))).with_context(told)
}

fn parse(text: &str, directory: &Path) -> Result<RuntimeConfig> {
    let file = toml::from_str::<File>(text)?;
    let mut blocked = Blocked::default();
    for entry in &file.outbound_networking.block_networks {
        blocked.add(entry).context("outbound_networking.block_networks")?;
    }
    let mut entries = Vec::new();
    for Written { component_ids, hosts, ca_use_webpki_roots, ca_roots_file } in file.client_tls {
        ensure!(!component_ids.is_empty(), "client_tls.component_ids is empty");
        ensure!(!hosts.is_empty(), "client_tls.hosts is empty");
        let is_host = |it: &String| !it.contains([':', '/', '*']);
        ensure!(hosts.iter().all(is_host), "client_tls.hosts takes hosts without a port");
        let use_webpki_roots = ca_use_webpki_roots.unwrap_or(ca_roots_file.is_none());
        let ca_roots_file = ca_roots_file.map(|file| directory.join(file));
        entries.push(Entry { component_ids, hosts, use_webpki_roots, ca_roots_file });
    }
    let client_tls = ClientTls { trusted_ca_files: Vec::new(), entries };
    Ok(RuntimeConfig { blocked, client_tls })
}
