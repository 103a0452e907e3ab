//! Networks that no request may reach: `block_networks` of the runtime configuration.
//!
//! `private` covers whatever is not a public address of the internet, and so a little more than
//! in Spin: of the ways to write an IPv4 address as IPv6 it knows all, NAT64 and 6to4 too.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use anyhow::{Context as _, Result, ensure};

/// IPv4 that is not public: where it begins, and the bits that count.
const PRIVATE_V4: [(Ipv4Addr, u32); 15] = [
    (Ipv4Addr::UNSPECIFIED, 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    // Carriers' own, behind their NAT.
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    // Link-local, and with it the metadata of most clouds.
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    // Documentation.
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    // Benchmarks of networks.
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    // Multicast, and what is reserved up to the broadcast address.
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// The same of IPv6.
const PRIVATE_V6: [(Ipv6Addr, u32); 11] = [
    // Unspecified, loopback, and IPv4 in an old way.
    (Ipv6Addr::UNSPECIFIED, 96),
    // NAT64 of one's own network.
    (Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, 0, 0), 48),
    (Ipv6Addr::new(0x100, 0, 0, 0, 0, 0, 0, 0), 64),
    // Protocols' own, and the tunnels of Teredo.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    // Documentation.
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
    (Ipv6Addr::new(0x5f00, 0, 0, 0, 0, 0, 0, 0), 16),
    // Unique-local, link-local, the old site-local, multicast.
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10),
    (Ipv6Addr::new(0xfec0, 0, 0, 0, 0, 0, 0, 0), 10),
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8),
];

/// Networks that are out of reach.
#[derive(Debug, Default, Clone)]
pub struct Blocked {
    networks: Vec<(IpAddr, u32)>,
    is_private_blocked: bool,
}

impl Blocked {
    /// Adds `private` or a network such as `10.0.0.0/8`.
    pub fn add(&mut self, entry: &str) -> Result<()> {
        if entry == "private" {
            self.is_private_blocked = true;
            return Ok(());
        }
        let wanted = || format!("\"{entry}\" is neither a network such as 10.0.0.0/8 nor private");
        let (address, bits) = entry.split_once('/').with_context(wanted)?;
        let address = address.parse::<IpAddr>().with_context(wanted)?;
        let bits = bits.parse::<u32>().with_context(wanted)?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        ensure!(bits <= width, wanted());
        self.networks.push((address, bits));
        Ok(())
    }

    /// Whether an address is out of reach, however it is written.
    pub fn contains(&self, address: IpAddr) -> bool {
        let is_listed =
            self.networks.iter().any(|(network, bits)| is_inside(address, *network, *bits));
        is_listed
            || (self.is_private_blocked && is_private(address))
            || matches!(address, IpAddr::V6(it) if inner(it).is_some_and(|it| self.contains(it)))
    }
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(_) => {
            PRIVATE_V4.iter().any(|(network, bits)| is_inside(address, (*network).into(), *bits))
        }
        IpAddr::V6(_) => {
            PRIVATE_V6.iter().any(|(network, bits)| is_inside(address, (*network).into(), *bits))
        }
    }
}

/// The IPv4 address that an IPv6 address leads to.
fn inner(address: Ipv6Addr) -> Option<IpAddr> {
    let last = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        Some(IpAddr::V4(Ipv4Addr::new(a, b, c, d)))
    };
    match address.segments() {
        // Mapped, compatible, translated, NAT64.
        [0, 0, 0, 0, 0, 0xffff | 0, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        // 6to4.
        | [0x2002, high, low, ..] => last(high, low),
        _ => None,
    }
}

/// Whether the first `bits` of an address are those of a network.
pub(crate) fn is_inside(address: IpAddr, network: IpAddr, bits: u32) -> bool {
    let (address, network, width) = match (address, network) {
        (IpAddr::V4(a), IpAddr::V4(n)) => (u128::from(a.to_bits()), u128::from(n.to_bits()), 32),
        (IpAddr::V6(a), IpAddr::V6(n)) => (a.to_bits(), n.to_bits(), 128),
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => return false,
    };
    let shift = u32::saturating_sub(width, bits);
    address.checked_shr(shift).unwrap_or(0) == network.checked_shr(shift).unwrap_or(0)
}
