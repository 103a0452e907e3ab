//! Which hosts a component may call: `allowed_outbound_hosts`.
//!
//! An entry is `scheme://host:port`. Scheme and port may be `*`; the host may be `*`,
//! `*.domain`, a network such as `10.0.0.0/8`, or `self`; a port may be a range `8000..9000`,
//! whose end is not part of it. Without a port the scheme's own is meant.

use std::net::IpAddr;

use anyhow::{Context as _, Result, bail};
use http::Uri;

use crate::networks::is_inside;

/// The entries of one component.
#[derive(Debug, Default, Clone)]
pub struct AllowedHosts(Vec<Entry>);

#[derive(Debug, Clone)]
struct Entry {
    scheme: Option<String>,
    host: Host,
    ports: Option<std::ops::Range<u32>>,
}

#[derive(Debug, Clone)]
enum Host {
    Any,
    Itself,
    Below(String),
    Network(IpAddr, u32),
    Name(String),
}

impl AllowedHosts {
    /// Adds an entry whose templates are already filled in.
    pub fn add(&mut self, entry: &str) -> Result<()> {
        self.0.push(parse_entry(entry)?);
        Ok(())
    }

    /// Whether a request to `uri` may leave.
    pub fn allow(&self, uri: &Uri) -> bool {
        let scheme = uri.scheme_str().unwrap_or("https");
        let host = uri.host().unwrap_or_default().to_ascii_lowercase();
        let port = uri.port_u16().or_else(|| well_known_port(scheme));
        self.0.iter().any(|entry| {
            entry.scheme.as_deref().is_none_or(|allowed| allowed == scheme)
                && entry.host.allows(&host)
                && match (&entry.ports, port) {
                    (None, _) => true,
                    (Some(ports), Some(port)) => ports.contains(&u32::from(port)),
                    (Some(_), None) => false,
                }
        })
    }

    /// Whether the component may call its own application, `http://self.alt/`.
    pub fn allow_self(&self) -> bool {
        self.0.iter().any(|entry| {
            let scheme = entry.scheme.as_deref();
            matches!(scheme, None | Some("http" | "https"))
                && matches!(entry.host, Host::Any | Host::Itself)
        })
    }
}

impl Host {
    fn allows(&self, host: &str) -> bool {
        match self {
            Host::Any => true,
            Host::Itself => false,
            Host::Below(suffix) => host.ends_with(suffix.as_str()),
            Host::Name(name) => name == host,
            Host::Network(network, bits) => {
                let address = host.trim_matches(['[', ']']).parse();
                address.is_ok_and(|address| is_inside(address, *network, *bits))
            }
        }
    }
}

fn parse_entry(entry: &str) -> Result<Entry> {
    let (scheme, rest) = entry.trim().split_once("://").context("has no scheme")?;
    let scheme = match scheme {
        "*" => None,
        _ if scheme.chars().all(char::is_alphabetic) => Some(scheme.to_string()),
        _ => bail!("the scheme must be a word or *"),
    };
    let (host, port) = match rest.rsplit_once(':') {
        // The colons of `[::1]` are its own.
        Some((host, port)) if !port.ends_with(']') => (host, port.trim_end_matches('/')),
        Some(_) | None => (rest, ""),
    };
    let ports = match (port, &scheme) {
        ("*", _) => None,
        ("", None) => bail!("must name a port"),
        ("", Some(scheme)) => {
            let port = well_known_port(scheme).context("must name a port")?;
            Some(u32::from(port)..u32::from(port) + 1)
        }
        (text, _) => Some(parse_ports(text)?),
    };
    Ok(Entry { scheme, host: parse_host(host)?, ports })
}

fn parse_ports(text: &str) -> Result<std::ops::Range<u32>> {
    let number = |text: &str| text.parse::<u16>().map(u32::from).context("bad port");
    match text.split_once("..") {
        Some((first, end)) => Ok(number(first)?..number(end)?),
        None => number(text).map(|port| port..port + 1),
    }
}

fn parse_host(host: &str) -> Result<Host> {
    let host = host.trim().to_ascii_lowercase();
    if let Some((network, bits)) = host.split_once('/')
        && let (Ok(network), Ok(bits)) = (network.parse(), bits.parse())
    {
        return Ok(Host::Network(network, bits));
    }
    let host = host.trim_end_matches('/');
    match host {
        "*" => Ok(Host::Any),
        "self" | "self.alt" => Ok(Host::Itself),
        _ if host.contains('/') => bail!("a host has no path"),
        _ => match host.strip_prefix("*.") {
            Some(domain) if !domain.contains('*') => Ok(Host::Below(format!(".{domain}"))),
            None if !host.contains('*') => Ok(Host::Name(host.to_string())),
            Some(_) | None => bail!("* stands only in front of a domain"),
        },
    }
}

fn well_known_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    }
}

/// The component that `http://<component>.spin.internal` names.
pub fn chained_component(authority: &str) -> Option<&str> {
    let host = authority.split(':').next().unwrap_or_default();
    let (component, domain) = host.split_once('.')?;
    (domain == "spin.internal").then_some(component)
}
