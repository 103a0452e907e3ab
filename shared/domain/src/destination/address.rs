//! Which addresses belong to public machines.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Networks of IPv4 where no receiver can be.
///
/// All of the IANA IPv4 Special-Purpose Address Registry (RFC 6890), whether it calls them
/// reachable or not, and multicast.
const CLOSED_V4: [([u8; 4], u32); 19] = [
    ([0, 0, 0, 0], 8),        // this network
    ([10, 0, 0, 0], 8),       // private
    ([100, 64, 0, 0], 10),    // shared by carriers, and the metadata of some clouds
    ([127, 0, 0, 0], 8),      // loopback
    ([168, 63, 129, 16], 32), // the metadata of a cloud; the one that no registry names
    ([169, 254, 0, 0], 16),   // link-local, and the metadata of most clouds
    ([172, 16, 0, 0], 12),    // private
    ([192, 0, 0, 0], 24),     // protocol assignments
    ([192, 0, 2, 0], 24),     // documentation
    ([192, 31, 196, 0], 24),  // AS112
    ([192, 52, 193, 0], 24),  // AMT
    ([192, 88, 99, 0], 24),   // 6to4 relays
    ([192, 168, 0, 0], 16),   // private
    ([192, 175, 48, 0], 24),  // AS112
    ([198, 18, 0, 0], 15),    // benchmarks
    ([198, 51, 100, 0], 24),  // documentation
    ([203, 0, 113, 0], 24),   // documentation
    ([224, 0, 0, 0], 4),      // multicast
    ([240, 0, 0, 0], 4),      // reserved, and broadcast
];

/// The one network of IPv6 from which global unicast addresses are given out.
///
/// Outside of it are loopback, IPv4-mapped, -compatible and -translated addresses, both networks
/// of NAT64, discard-only, segment routing, unique local, link-local, site-local, multicast.
const OPEN_V6: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// The networks within [`OPEN_V6`] where no receiver can be.
///
/// From the IANA IPv6 Special-Purpose Address Registry.
const CLOSED_V6: [(Ipv6Addr, u32); 5] = [
    // Protocol assignments: Teredo, benchmarks, AMT, AS112, ORCHID, drones.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32), // documentation
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),     // 6to4: an IPv4 address within
    (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48), // AS112
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),     // documentation
];

/// Whether a public machine may have this address.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => {
            let (open, bits) = OPEN_V6;
            within_v6(address, open, bits)
                && !CLOSED_V6.iter().any(|(network, bits)| within_v6(address, *network, *bits))
                && !is_isatap(address)
        }
    }
}

/// The same, of IPv4 alone.
pub(super) fn is_public_v4(address: Ipv4Addr) -> bool {
    !CLOSED_V4.iter().any(|(network, bits)| within_v4(address, Ipv4Addr::from(*network), *bits))
}

/// Whether the first `bits` of both are the same.
pub(super) fn within_v4(address: Ipv4Addr, network: Ipv4Addr, bits: u32) -> bool {
    let differing = u32::from(address) ^ u32::from(network);
    differing.checked_shr(32_u32.saturating_sub(bits)).unwrap_or(0) == 0
}

/// Whether the first `bits` of both are the same.
pub(super) fn within_v6(address: Ipv6Addr, network: Ipv6Addr, bits: u32) -> bool {
    let differing = u128::from(address) ^ u128::from(network);
    differing.checked_shr(128_u32.saturating_sub(bits)).unwrap_or(0) == 0
}

/// An interface identifier of RFC 5214, which ends in an IPv4 address that gets the packet.
fn is_isatap(address: Ipv6Addr) -> bool {
    matches!(address.segments(), [_, _, _, _, 0 | 0x0200, 0x5efe, _, _])
}
