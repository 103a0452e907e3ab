//! How often one address, and one site altogether, may submit; and whose address a request has.

use std::net::IpAddr;

use crate::UtcMs;

/// The longest window: whom an address belongs to is forgotten with the day.
pub const SECONDS_MAX: i64 = 86_400;

/// So many in so many seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// How many.
    pub most: i64,
    /// In how many seconds; windows begin at multiples of it.
    pub seconds: i64,
}

/// What a site allows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// To each address.
    pub address: Option<Limit>,
    /// To all of them.
    pub site: Option<Limit>,
}

impl Limit {
    fn parse(text: &str) -> Option<Limit> {
        let (most, seconds) = text.split_once('/')?;
        let (most, seconds) = (most.parse().ok()?, seconds.parse().ok()?);
        let fits = (1..=1_000_000_000).contains(&most) && (1..=SECONDS_MAX).contains(&seconds);
        fits.then_some(Limit { most, seconds })
    }

    /// The second at which the window of an instant ends.
    pub fn ends(self, now: UtcMs) -> i64 {
        let second = now.div_euclid(1000);
        second - second.rem_euclid(self.seconds) + self.seconds
    }

    /// What an address may use of it without a proof of work, where suspicion asks for one.
    pub fn unproven(self) -> i64 {
        (self.most / 4).max(1)
    }
}

impl Policy {
    /// Reads `address=100/60,site=6000/60`, either part alone, or `off`.
    pub fn parse(text: &str) -> Option<Policy> {
        let mut policy = Policy::default();
        if text.trim() == "off" {
            return Some(policy);
        }
        for part in text.split(',') {
            let (name, limit) = part.trim().split_once('=')?;
            let limit = Some(Limit::parse(limit)?);
            match name {
                "address" => policy.address = limit,
                "site" => policy.site = limit,
                _ => return None,
            }
        }
        Some(policy)
    }
}

/// Addresses that begin alike: `10.0.0.0/8`, `2001:db8::/32`, or one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    bits: u128,
    length: u32,
    is_v4: bool,
}

impl Network {
    /// Reads one network.
    pub fn parse(text: &str) -> Option<Network> {
        let (address, length) = match text.trim().split_once('/') {
            Some((address, length)) => (address, Some(length.parse().ok()?)),
            None => (text.trim(), None),
        };
        let (bits, width) = bits(address.parse().ok()?);
        let length = length.unwrap_or(width);
        if width < length {
            return None;
        }
        Some(Network { bits: head(bits, width, length), length, is_v4: width == 32 })
    }

    /// Reads several, parted by commas.
    pub fn parse_all(text: &str) -> Option<Vec<Network>> {
        let parts = text.split(',').map(str::trim).filter(|it| !it.is_empty());
        parts.map(Network::parse).collect()
    }

    fn has(&self, address: IpAddr) -> bool {
        let (bits, width) = bits(address);
        self.is_v4 == (width == 32) && head(bits, width, self.length) == self.bits
    }
}

/// Whose request it is: the right-most address on its way that is not one of our proxies.
///
/// `peer` is who spoke to the host, `forwarded` what `X-Forwarded-For` tells, both perhaps with a
/// port. Whatever stands left of an address that is not ours may be made up.
pub fn client(peer: &str, forwarded: &str, trusted: &[Network]) -> Option<IpAddr> {
    let mut client = address(peer)?;
    for hop in forwarded.rsplit(',') {
        if !trusted.iter().any(|it| it.has(client)) {
            break;
        }
        let Some(before) = address(hop) else { break };
        client = before;
    }
    Some(client)
}

/// What of an address is counted: of IPv6 the first 64 bits, since one customer has all the rest.
pub fn counted(address: IpAddr) -> String {
    match bits(address) {
        (bits, 32) => format!("4:{bits:x}"),
        (bits, width) => format!("6:{:x}", head(bits, width, 64)),
    }
}

/// An address, perhaps with a port.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    if let Ok(address) = text.parse() {
        return Some(address);
    }
    if let Some(rest) = text.strip_prefix('[') {
        return rest.split_once(']')?.0.parse().ok();
    }
    let (address, _) = text.rsplit_once(':')?;
    address.parse().ok()
}

/// The bits of an address and how many; an IPv4 address mapped into IPv6 is one of IPv4.
fn bits(address: IpAddr) -> (u128, u32) {
    match address.to_canonical() {
        IpAddr::V4(it) => (u128::from(it.to_bits()), 32),
        IpAddr::V6(it) => (it.to_bits(), 128),
    }
}

/// The first bits, the others zero.
fn head(bits: u128, width: u32, length: u32) -> u128 {
    let dropped = width.saturating_sub(length);
    bits.checked_shr(dropped).and_then(|it| it.checked_shl(dropped)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_plain_text() {
        let both = Policy::parse("address=100/60, site=6000/3600").unwrap();
        assert_eq!(both.address, Some(Limit { most: 100, seconds: 60 }));
        assert_eq!(both.site, Some(Limit { most: 6000, seconds: 3600 }));
        assert_eq!(Policy::parse("off"), Some(Policy::default()));
        assert_eq!(Policy::parse("site=1/86400").unwrap().address, None);
        for wrong in
            ["", "on", "address", "address=0/60", "address=1/0", "address=1/86401", "x=1/1"]
        {
            assert_eq!(Policy::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn windows_begin_at_multiples_of_their_length() {
        let limit = Limit { most: 10, seconds: 60 };
        for (now, ends) in [(0, 60), (59_999, 60), (60_000, 120), (61_000, 120)] {
            assert_eq!(limit.ends(now), ends, "{now}");
        }
        assert_eq!([limit.unproven(), Limit { most: 3, ..limit }.unproven()], [2, 1]);
    }

    #[test]
    fn only_our_own_proxies_are_believed() {
        let ours = Network::parse_all("10.0.0.0/8, 2001:db8::/32").unwrap();
        for (peer, forwarded, trusted, expected) in [
            ("192.0.2.7:4711", "198.51.100.1", &[][..], "192.0.2.7"),
            ("192.0.2.7:4711", "198.51.100.1", &ours, "192.0.2.7"),
            ("10.1.2.3:80", "198.51.100.1", &ours, "198.51.100.1"),
            ("10.1.2.3:80", "203.0.113.9, 198.51.100.1:5", &ours, "198.51.100.1"),
            ("10.1.2.3:80", "203.0.113.9, 10.9.9.9", &ours, "203.0.113.9"),
            ("10.1.2.3:80", "203.0.113.9, nonsense", &ours, "10.1.2.3"),
            ("10.1.2.3:80", "", &ours, "10.1.2.3"),
            ("[2001:db8::1]:80", "2a00::1", &ours, "2a00::1"),
            ("[::ffff:10.0.0.1]:80", "203.0.113.9", &ours, "203.0.113.9"),
        ] {
            let found = client(peer, forwarded, trusted);
            assert_eq!(found, Some(expected.parse().unwrap()), "{peer} {forwarded}");
        }
        assert_eq!(client("", "198.51.100.1", &ours), None);
        for wrong in ["10.0.0.0/33", "ten", "10.0.0.0/x", "2001:db8::/129"] {
            assert_eq!(Network::parse_all(wrong), None, "{wrong}");
        }
        assert_eq!(Network::parse_all(""), Some(Vec::new()));
    }

    #[test]
    fn a_household_is_counted_as_one() {
        let counted = |it: &str| super::counted(it.parse().unwrap());
        assert_eq!(counted("2001:db8:1:2::1"), counted("2001:db8:1:2:ffff::9"));
        assert_ne!(counted("2001:db8:1:2::1"), counted("2001:db8:1:3::1"));
        assert_ne!(counted("192.0.2.1"), counted("192.0.2.2"));
        assert_eq!(counted("::ffff:192.0.2.1"), counted("192.0.2.1"));
    }
}
