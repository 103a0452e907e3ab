//! Signatures of messages between systems: [Standard Webhooks][1], and what others use.
//!
//! Comparisons take the same time wherever two signatures differ.
//!
//! [1]: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md

use base64ct::{Base64, Encoding};
use ed25519_compact::{KeyPair, Seed};
use hmac::{Mac, SimpleHmac};
use sha2::Sha256;

/// How far the time of a message may be from ours, either way.
const TOLERANCE_S: u64 = 300;
/// How long a secret may be. Ours has 32 bytes.
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;
const SECRET_PREFIX: &str = "whsec_";

/// How a message is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// HMAC-SHA256: both sides know the secret.
    V1,
    /// Ed25519: others know the public key.
    V1a,
}

impl Scheme {
    /// The scheme of a name.
    pub fn parse(name: &str) -> Option<Scheme> {
        [Scheme::V1, Scheme::V1a].into_iter().find(|it| it.name() == name)
    }

    /// Its name, as it stands before a signature.
    pub fn name(self) -> &'static str {
        match self {
            Scheme::V1 => "v1",
            Scheme::V1a => "v1a",
        }
    }
}

/// Why a message is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejected {
    /// What it was to be verified by is missing or makes no sense.
    Malformed,
    /// It was signed too long ago, or in the future.
    Time,
    /// No signature is right.
    Signature,
}

/// A new secret, which is the seed of a pair of keys as well.
pub fn new_secret(random: [[u8; 16]; 2]) -> [u8; 32] {
    let mut secret = [0; 32];
    for (into, byte) in secret.iter_mut().zip(random.as_flattened()) {
        *into = *byte;
    }
    secret
}

/// A secret as it is shown: `whsec_…`.
pub fn shown(secret: &[u8]) -> String {
    [SECRET_PREFIX, &Base64::encode_string(secret)].concat()
}

/// The secret of a text, with `whsec_` before it or without.
pub fn read_secret(text: &str) -> Option<Vec<u8>> {
    let secret = Base64::decode_vec(text.strip_prefix(SECRET_PREFIX).unwrap_or(text)).ok()?;
    if SECRET_BYTES.contains(&secret.len()) { Some(secret) } else { None }
}

/// What others verify [`Scheme::V1a`] by: `whpk_…`.
pub fn public_key(seed: &[u8]) -> Option<String> {
    Some(["whpk_", &Base64::encode_string(key_pair(seed)?.pk.as_slice())].concat())
}

/// Signs one try. Of a secret that no key can be made of, nothing but the version.
pub fn sign(scheme: Scheme, secret: &[u8], id: &str, timestamp_s: i64, body: &[u8]) -> String {
    let timestamp = timestamp_s.to_string();
    let signature = match scheme {
        Scheme::V1 => {
            let mac = mac(secret, &[id.as_bytes(), b".", timestamp.as_bytes(), b".", body]);
            Base64::encode_string(&mac.finalize().into_bytes())
        }
        Scheme::V1a => {
            let signed = [id.as_bytes(), timestamp.as_bytes(), body].join(&b'.');
            let signature = key_pair(secret).map(|it| it.sk.sign(signed, None));
            signature.map(|it| Base64::encode_string(it.as_ref())).unwrap_or_default()
        }
    };
    [scheme.name(), ",", &signature].concat()
}

fn key_pair(seed: &[u8]) -> Option<KeyPair> {
    Some(KeyPair::from_seed(Seed::new(seed.try_into().ok()?)))
}

/// Verifies a message of the Standard Webhooks, `v1`. What is missing is empty.
pub fn verify(
    secret: &[u8],
    id: &str,
    timestamp: &str,
    signatures: &str,
    body: &[u8],
    now_s: i64,
) -> Result<(), Rejected> {
    if id.is_empty() || signatures.is_empty() || secret.is_empty() {
        return Err(Rejected::Malformed);
    }
    in_time(timestamp, now_s)?;
    let mac = mac(secret, &[id.as_bytes(), b".", timestamp.as_bytes(), b".", body]);
    // Several while a secret is being replaced; those of other versions are for others.
    let right = signatures.split(' ').any(|it| {
        let signature = it.strip_prefix("v1,").and_then(|it| Base64::decode_vec(it).ok());
        signature.is_some_and(|it| mac.clone().verify_slice(&it).is_ok())
    });
    if right { Ok(()) } else { Err(Rejected::Signature) }
}

/// Verifies `t=…,v1=…` over `t.body`, as Stripe signs. The secret is the text, as it is given.
pub fn stripe(secret: &[u8], header: &str, body: &[u8], now_s: i64) -> Result<(), Rejected> {
    let parts = || header.split(',').filter_map(|it| it.trim().split_once('='));
    let mut times = parts().filter(|(name, _)| *name == "t");
    let (Some((_, timestamp)), None) = (times.next(), times.next()) else {
        return Err(Rejected::Malformed);
    };
    if secret.is_empty() {
        return Err(Rejected::Malformed);
    }
    in_time(timestamp, now_s)?;
    let mac = mac(secret, &[timestamp.as_bytes(), b".", body]);
    let right = parts().any(|(name, it)| name == "v1" && is_hex_of(&mac, it));
    if right { Ok(()) } else { Err(Rejected::Signature) }
}

/// Verifies `sha256=…` over the body, as GitHub signs.
pub fn github(secret: &[u8], header: &str, body: &[u8]) -> Result<(), Rejected> {
    let signature = header.strip_prefix("sha256=").ok_or(Rejected::Malformed)?;
    if secret.is_empty() {
        return Err(Rejected::Malformed);
    }
    if is_hex_of(&mac(secret, &[body]), signature) { Ok(()) } else { Err(Rejected::Signature) }
}

/// Verifies a shared token.
pub fn token(expected: &str, given: &str) -> Result<(), Rejected> {
    if expected.is_empty() || given.is_empty() {
        return Err(Rejected::Malformed);
    }
    if domain::id::is_same(expected, given) { Ok(()) } else { Err(Rejected::Signature) }
}

fn in_time(timestamp: &str, now_s: i64) -> Result<(), Rejected> {
    let timestamp: i64 = timestamp.parse().map_err(|_| Rejected::Malformed)?;
    if timestamp.abs_diff(now_s) <= TOLERANCE_S { Ok(()) } else { Err(Rejected::Time) }
}

fn is_hex_of(mac: &SimpleHmac<Sha256>, text: &str) -> bool {
    let digits = text.as_bytes().chunks(2).map(|it| match *it {
        [high, low] => Some((digit(high)? << 4) | digit(low)?),
        _ => None,
    });
    let bytes: Option<Vec<u8>> = digits.collect();
    bytes.is_some_and(|it| mac.clone().verify_slice(&it).is_ok())
}

fn digit(of: u8) -> Option<u8> {
    char::from(of).to_digit(16).and_then(|it| u8::try_from(it).ok())
}

fn mac(secret: &[u8], parts: &[&[u8]]) -> SimpleHmac<Sha256> {
    // It takes keys of every length; the other arm is never reached.
    let mut mac =
        SimpleHmac::new_from_slice(secret).unwrap_or_else(|_| SimpleHmac::new(&Default::default()));
    for part in parts {
        mac.update(part);
    }
    mac
}

#[cfg(test)]
mod tests;
