//! Which names belong to public machines.

use std::net::Ipv4Addr;

use super::address;

/// The most characters of a label, and of a name.
const LABEL_CHARS_MAX: usize = 63;
const NAME_CHARS_MAX: usize = 253;

/// What the engine keeps for itself: no setting opens them.
const ENGINE: [&str; 2] = ["spin.internal", "self.alt"];

/// Names that nobody registers, with all below them.
///
/// From the IANA registry of special-use domain names, from the names that ICANN keeps back, and
/// from those that networks use for themselves (RFC 6762, appendix G; Kubernetes, Consul, Docker).
const CLOSED: [&str; 19] = [
    "alt",
    "arpa",
    "consul",
    "corp",
    "docker",
    "domain",
    "home",
    "internal",
    "intranet",
    "invalid",
    "lan",
    "local",
    "localdomain",
    "localhost",
    "mail",
    "onion",
    "private",
    "svc",
    "test",
];

/// Names of public domains that lead inside: metadata of clouds, and zones that answer every name
/// with an address which the name spells, or with 127.0.0.1.
const LEADING_INSIDE: [&str; 28] = [
    "1u.ms",
    "backname.io",
    "fuf.me",
    "ip6.name",
    "lacolhost.com",
    "local-ip.co",
    "local-ip.dev",
    "local-ip.medicmobile.org",
    "local-ip.sh",
    "local.gd",
    "localh.st",
    "localho.st",
    "localhost.domaincontrol.com",
    "localtest.me",
    "lvh.me",
    "metadata.goog",
    "metadata.packet.net",
    "metadata.platformequinix.com",
    "metadata.tencentyun.com",
    "nip.io",
    "plex.direct",
    "rbndr.us",
    "smackaho.st",
    "sslip.io",
    "traefik.me",
    "vcap.me",
    "xip.io",
    "xip.name",
];

/// Reads a name in lower case: labels of letters, digits and inner hyphens with dots between.
///
/// Nothing that ends in a number is a name, since some readers take it for an address.
pub(super) fn read(text: &str) -> Option<String> {
    let is_name = text.len() <= NAME_CHARS_MAX && text.split('.').all(is_label);
    let last = text.rsplit('.').next()?;
    let is_number = last.starts_with("0x") || last.bytes().all(|it| it.is_ascii_digit());
    (is_name && !is_number).then(|| text.to_owned())
}

/// Whether a public machine may have this name.
pub(super) fn is_public(name: &str) -> bool {
    let is_closed = CLOSED.iter().chain(&LEADING_INSIDE).any(|zone| is_below(name, zone));
    !is_closed && !is_engine(name) && !spells_address(name)
}

/// Whether it is a name that the engine answers itself.
pub(super) fn is_engine(name: &str) -> bool {
    ENGINE.iter().any(|zone| is_below(name, zone))
}

fn is_label(label: &str) -> bool {
    let is_plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    !label.is_empty()
        && label.len() <= LABEL_CHARS_MAX
        && label.bytes().all(is_plain)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// Whether `name` is `zone` or below it.
fn is_below(name: &str, zone: &str) -> bool {
    name.strip_suffix(zone).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Whether four numbers in a row, with dots or hyphens between, are an address that is not public,
/// as in `127.0.0.1.example.com` and `ip-10-0-0-1.example.com`: zones that answer so are many.
fn spells_address(name: &str) -> bool {
    let mut last: [Option<u8>; 4] = [None; 4];
    name.split(['.', '-']).any(|part| {
        last.rotate_left(1);
        if let Some(newest) = last.last_mut() {
            *newest = part.parse().ok();
        }
        match last {
            [Some(a), Some(b), Some(c), Some(d)] => {
                !address::is_public_v4(Ipv4Addr::new(a, b, c, d))
            }
            _ => false,
        }
    })
}
