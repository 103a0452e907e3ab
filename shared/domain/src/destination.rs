//! Where a webhook may go: the guard against server-side request forgery.
//!
//! An address is read by a grammar so narrow that two readers cannot read it differently, and
//! whatever it does not know is refused. `tests/golden/destinations.txt` lists what that means.
//! What a name resolves to is seen by the host alone; `docs/events.md` says which setting of the
//! host closes that gap.

mod address;
mod exceptions;
mod name;

use std::net::IpAddr;

pub use exceptions::Exceptions;

/// The most characters of a URL.
pub const URL_CHARS_MAX: usize = 2_000;
/// The ports that anybody may name.
const PORTS: [u16; 2] = [443, 8443];

/// An address that may be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// The address, its scheme and host in lower case.
    pub url: String,
    /// The host: a name, or an address without its brackets.
    pub host: String,
    /// The port, said or implied.
    pub port: u16,
    /// Whether it is `https`.
    pub is_secure: bool,
}

/// Why an address may not be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It has more than [`URL_CHARS_MAX`] characters.
    TooLong,
    /// It is no absolute URL, or has characters that belong in none.
    Malformed,
    /// It is not `https`.
    Scheme,
    /// It holds a user name or a password.
    Credentials,
    /// It holds a fragment.
    Fragment,
    /// The port is neither 443 nor 8443.
    Port,
    /// The host is neither a name with a dot, nor plain dotted decimals, nor IPv6 in brackets.
    Host,
    /// The address belongs to no public machine.
    Address,
    /// The name belongs to no public machine, or leads to any address that it spells.
    Name,
}

impl Refusal {
    /// Its name in the list of the tests and in a log.
    pub fn name(self) -> &'static str {
        match self {
            Refusal::TooLong => "too_long",
            Refusal::Malformed => "malformed",
            Refusal::Scheme => "scheme",
            Refusal::Credentials => "credentials",
            Refusal::Fragment => "fragment",
            Refusal::Port => "port",
            Refusal::Host => "host",
            Refusal::Address => "address",
            Refusal::Name => "name",
        }
    }
}

/// A host as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Host {
    Name(String),
    Address(IpAddr),
}

impl Host {
    /// Reads what stands between `://` and the port: no user, no percent sign, no zone.
    fn read(text: &str) -> Option<Host> {
        if let Some(inner) = text.strip_prefix('[') {
            let address = inner.strip_suffix(']')?.parse().ok()?;
            return Some(Host::Address(IpAddr::V6(address)));
        }
        // The standard library reads four plain decimal numbers and nothing else.
        if let Ok(address) = text.parse() {
            return Some(Host::Address(IpAddr::V4(address)));
        }
        name::read(text).map(Host::Name)
    }
}

/// Says where `url` leads, or why nothing may be sent there.
pub fn check(url: &str, exceptions: &Exceptions) -> Result<Destination, Refusal> {
    if url.len() > URL_CHARS_MAX {
        return Err(Refusal::TooLong);
    }
    if !url.bytes().all(is_plain) {
        return Err(Refusal::Malformed);
    }
    let (scheme, rest) = url.split_once(':').ok_or(Refusal::Malformed)?;
    let is_secure = scheme.eq_ignore_ascii_case("https");
    if !is_secure && !scheme.eq_ignore_ascii_case("http") {
        return Err(Refusal::Scheme);
    }
    let rest = rest.strip_prefix("//").ok_or(Refusal::Malformed)?;
    if rest.contains('#') {
        return Err(Refusal::Fragment);
    }
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, target) = rest.split_at_checked(end).ok_or(Refusal::Malformed)?;
    if authority.contains('@') {
        return Err(Refusal::Credentials);
    }
    if !is_target(target) {
        return Err(Refusal::Malformed);
    }
    let (host, port) = split_port(authority).ok_or(Refusal::Host)?;
    let written = host.to_ascii_lowercase();
    let host = Host::read(&written).ok_or(Refusal::Host)?;
    let port = match port {
        Some(digits) => read_port(digits).ok_or(Refusal::Port)?,
        None if is_secure => 443,
        None => 80,
    };
    if !exceptions.cover(&host, port)? {
        if !is_secure {
            return Err(Refusal::Scheme);
        }
        if !PORTS.contains(&port) {
            return Err(Refusal::Port);
        }
        check_public(&host)?;
    }
    let scheme = if is_secure { "https" } else { "http" };
    let shown = authority.to_ascii_lowercase();
    let host = written.trim_matches(['[', ']']).to_owned();
    Ok(Destination { url: format!("{scheme}://{shown}{target}"), host, port, is_secure })
}

fn check_public(host: &Host) -> Result<(), Refusal> {
    match host {
        Host::Address(address) if !address::is_public(*address) => Err(Refusal::Address),
        Host::Name(name) if !name.contains('.') => Err(Refusal::Host),
        Host::Name(name) if !name::is_public(name) => Err(Refusal::Name),
        _ => Ok(()),
    }
}

/// Host and port of an authority or of an exception.
fn split_port(authority: &str) -> Option<(&str, Option<&str>)> {
    if authority.starts_with('[') {
        let (host, rest) = authority.split_at_checked(authority.find(']')? + 1)?;
        return match rest.strip_prefix(':') {
            Some(port) => Some((host, Some(port))),
            None => rest.is_empty().then_some((host, None)),
        };
    }
    match authority.split_once(':') {
        Some((host, port)) => Some((host, Some(port))),
        None => Some((authority, None)),
    }
}

/// A port in plain decimal digits, without a zero before it.
fn read_port(digits: &str) -> Option<u16> {
    let is_plain = digits.bytes().all(|it| it.is_ascii_digit()) && !digits.starts_with('0');
    if is_plain { digits.parse().ok() } else { None }
}

/// The characters of RFC 3986: no blank, no control, no backslash, nothing beyond ASCII.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte)
}

/// Whether a path and query are well formed: no bracket, and `%` only before two digits.
fn is_target(target: &str) -> bool {
    let mut parts = target.split('%');
    let first = parts.next().unwrap_or_default();
    !first.contains(['[', ']'])
        && parts.all(|part| {
            let digits = part.bytes().take(2).filter(u8::is_ascii_hexdigit).count();
            digits == 2 && !part.contains(['[', ']'])
        })
}

#[cfg(test)]
mod tests;
