//! Tokens that carry what they say and prove that we said it: form tokens, links, challenges.
//!
//! A token is `fields.seal`, both in base64url: the fields parted by a NUL, and the first
//! 128 bits of their HMAC-SHA256 (RFC 2104) under `secret_key` and a purpose, so that a token
//! made for one purpose opens nothing of another. It hides nothing: anybody can read the fields.

use base64ct::{Base64UrlUnpadded as Base64, Encoding};
use hmac::{Mac, SimpleHmac};
use sha2::Sha256;

/// Bytes of a seal: nobody guesses 128 bits.
const SEAL_BYTES: usize = 16;

/// Seals fields, which hold no NUL.
pub fn seal(secret: &str, purpose: &str, fields: &[&str]) -> String {
    let text = fields.join("\0");
    let mac = mac(secret, purpose, text.as_bytes()).finalize().into_bytes();
    let seal = mac.get(..SEAL_BYTES).unwrap_or_default();
    format!("{}.{}", Base64::encode_string(text.as_bytes()), Base64::encode_string(seal))
}

/// The fields of a token that was sealed with this secret for this purpose.
///
/// The comparison takes the same time wherever two seals differ.
pub fn open(secret: &str, purpose: &str, token: &str) -> Option<Vec<String>> {
    let (text, seal) = token.split_once('.')?;
    let (text, seal) = (Base64::decode_vec(text).ok()?, Base64::decode_vec(seal).ok()?);
    if seal.len() != SEAL_BYTES {
        return None;
    }
    mac(secret, purpose, &text).verify_truncated_left(&seal).ok()?;
    let text = String::from_utf8(text).ok()?;
    Some(text.split('\0').map(str::to_owned).collect())
}

/// The HMAC of a text under a secret and a purpose, in hexadecimal.
pub fn digest(secret: &str, purpose: &str, text: &str) -> String {
    domain::id::hex(&mac(secret, purpose, text.as_bytes()).finalize().into_bytes())
}

/// A key for one purpose, made of the secret.
pub(crate) fn key(secret: &str, purpose: &str) -> [u8; 32] {
    mac(secret, purpose, &[]).finalize().into_bytes().into()
}

fn mac(secret: &str, purpose: &str, text: &[u8]) -> SimpleHmac<Sha256> {
    // It takes keys of every length; the other arm is never reached.
    let mut mac = SimpleHmac::new_from_slice(secret.as_bytes())
        .unwrap_or_else(|_| SimpleHmac::new(&Default::default()));
    mac.update(purpose.as_bytes());
    mac.update(&[0]);
    mac.update(text);
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_says_what_was_sealed() {
        let token = seal("secret", "form", &["srv_1", "", "二"]);
        assert_eq!(open("secret", "form", &token).unwrap(), ["srv_1", "", "二"]);
        assert_eq!(open("other", "form", &token), None);
        assert_eq!(open("secret", "link", &token), None);
    }

    #[test]
    fn no_changed_token_opens() {
        let token = seal("secret", "form", &["srv_1", "7"]);
        for at in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'a' { b'b' } else { b'a' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(open("secret", "form", &changed), None, "{changed}");
        }
        for broken in ["", ".", "a.", ".a", &token[..token.len() - 1], &format!("{token}0")] {
            assert_eq!(open("secret", "form", broken), None, "{broken}");
        }
    }
}
