//! What the setting `webhook_allow_private` opens.

use std::net::IpAddr;

use super::{Host, Refusal, address, name, read_port, split_port};

/// Exceptions from what may not be called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exceptions {
    is_all: bool,
    entries: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    to: To,
    /// None for every port.
    port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum To {
    Name(String),
    Network(IpAddr, u32),
}

impl Exceptions {
    /// Reads host names, addresses and networks, parted by commas or blanks, each with a port or
    /// all, as in `10.2.0.0/16, crm.corp:8080, [fd00::/8]:8443`; or `all`, for development.
    ///
    /// What cannot be read opens nothing.
    pub fn parse(setting: &str) -> Exceptions {
        let mut exceptions = Exceptions::default();
        for part in setting.split(|it: char| it == ',' || it.is_whitespace()) {
            if part == "all" {
                exceptions.is_all = true;
            } else if let Some(entry) = Entry::read(&part.to_ascii_lowercase()) {
                exceptions.entries.push(entry);
            }
        }
        exceptions
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        !self.is_all && self.entries.is_empty()
    }

    /// Whether a host is open at a port; of those that nothing opens, why not.
    pub(super) fn cover(&self, host: &Host, port: u16) -> Result<bool, Refusal> {
        match host {
            Host::Name(name) if name::is_engine(name) => Err(Refusal::Name),
            _ => Ok(self.is_all || self.entries.iter().any(|it| it.covers(host, port))),
        }
    }
}

impl Entry {
    fn read(text: &str) -> Option<Entry> {
        // An address of IPv6 without brackets has colons of its own, and no port.
        let is_bare_v6 = !text.starts_with('[') && text.matches(':').count() > 1;
        let (host, port) = if is_bare_v6 { (text, None) } else { split_port(text)? };
        let port = match port {
            Some(digits) => Some(read_port(digits)?),
            None => None,
        };
        let inner = host.strip_prefix('[').and_then(|it| it.strip_suffix(']')).unwrap_or(host);
        let to = match inner.split_once('/') {
            Some((network, bits)) => {
                let network: IpAddr = network.parse().ok()?;
                let bits: u8 = bits.parse().ok()?;
                let bits_max = if network.is_ipv4() { 32 } else { 128 };
                (u32::from(bits) <= bits_max).then_some(To::Network(network, u32::from(bits)))?
            }
            None => match inner.parse::<IpAddr>() {
                Ok(address) => To::Network(address, if address.is_ipv4() { 32 } else { 128 }),
                Err(_) => To::Name(name::read(inner)?),
            },
        };
        Some(Entry { to, port })
    }

    fn covers(&self, host: &Host, port: u16) -> bool {
        let is_there = match (&self.to, host) {
            (To::Name(ours), Host::Name(theirs)) => ours == theirs,
            (To::Network(IpAddr::V4(network), bits), Host::Address(IpAddr::V4(address))) => {
                address::within_v4(*address, *network, *bits)
            }
            (To::Network(IpAddr::V6(network), bits), Host::Address(IpAddr::V6(address))) => {
                address::within_v6(*address, *network, *bits)
            }
            _ => false,
        };
        is_there && self.port.is_none_or(|it| it == port)
    }
}
