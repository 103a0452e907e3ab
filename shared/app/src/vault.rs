//! Secrets that must be read again, as others gave them to us: kept encrypted.
//!
//! XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha): its nonces are long enough to be random. The key
//! comes from `secret_key`, so a stolen database opens nothing; what was sealed for one owner
//! does not open for another, so that nobody who can write to the table can swap them.

use base64ct::{Base64, Encoding};
use chacha20poly1305::aead::AeadInPlace;
use chacha20poly1305::{KeyInit, Tag, XChaCha20Poly1305, XNonce};

use crate::sealed;

const NONCE_BYTES: usize = 24;
const TAG_BYTES: usize = 16;

/// Seals something for its owner, an id. The randomness must be new every time.
pub fn seal(secret_key: &str, owner: &str, random: [[u8; 16]; 2], plain: &[u8]) -> String {
    let mut sealed: Vec<u8> = random.concat();
    sealed.truncate(NONCE_BYTES);
    sealed.extend_from_slice(plain);
    let (nonce, text) = sealed.split_at_mut(NONCE_BYTES);
    let nonce = XNonce::clone_from_slice(nonce);
    let tag = cipher(secret_key).encrypt_in_place_detached(&nonce, owner.as_bytes(), text);
    // Only more than 256 GB are refused. What is empty never opens.
    let Ok(tag) = tag else { return String::new() };
    sealed.extend_from_slice(&tag);
    Base64::encode_string(&sealed)
}

/// What was sealed for this owner with this key.
pub fn open(secret_key: &str, owner: &str, text: &str) -> Option<Vec<u8>> {
    let sealed = Base64::decode_vec(text).ok()?;
    let (nonce, rest) = sealed.split_at_checked(NONCE_BYTES)?;
    let (text, tag) = rest.split_at_checked(rest.len().checked_sub(TAG_BYTES)?)?;
    let mut plain = text.to_vec();
    let nonce = XNonce::clone_from_slice(nonce);
    let tag = Tag::clone_from_slice(tag);
    cipher(secret_key)
        .decrypt_in_place_detached(&nonce, owner.as_bytes(), &mut plain, &tag)
        .ok()?;
    Some(plain)
}

fn cipher(secret_key: &str) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&sealed::key(secret_key, "vault").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RANDOM: [[u8; 16]; 2] = [[7; 16], [9; 16]];

    #[test]
    fn what_is_sealed_opens_for_its_owner_with_its_key_alone() {
        for plain in [&b""[..], b"x", "{\"authorization\":\"Bearer 密\"}".as_bytes(), &[0; 999]] {
            let text = seal("secret", "whk_1", RANDOM, plain);
            assert_eq!(open("secret", "whk_1", &text).as_deref(), Some(plain));
            assert_eq!(open("secret", "whk_2", &text), None);
            assert_eq!(open("other", "whk_1", &text), None);
            assert!(plain.len() < 8 || !text.contains(&Base64::encode_string(plain)));
        }
    }

    #[test]
    fn nothing_that_was_changed_opens() {
        let sealed = Base64::decode_vec(&seal("secret", "whk_1", RANDOM, b"plain")).unwrap();
        assert_eq!(sealed.len(), NONCE_BYTES + 5 + TAG_BYTES);
        for at in 0..sealed.len() {
            for bit in 0..8 {
                let mut changed = sealed.clone();
                changed[at] ^= 1 << bit;
                let changed = Base64::encode_string(&changed);
                assert_eq!(open("secret", "whk_1", &changed), None, "{at}.{bit}");
            }
            let cut = Base64::encode_string(&sealed[..at]);
            assert_eq!(open("secret", "whk_1", &cut), None, "{at}");
        }
        assert_eq!(open("secret", "whk_1", "no base64"), None);
        assert_eq!(open("secret", "whk_1", ""), None);
    }

    #[test]
    fn the_same_plain_text_never_looks_the_same() {
        let one = seal("secret", "whk_1", RANDOM, b"plain");
        // All of the nonce is random, the second half of it too.
        let two = seal("secret", "whk_1", [[7; 16], [8; 16]], b"plain");
        assert_ne!(one[32..], two[32..]);
        assert_eq!(open("secret", "whk_1", &two).unwrap(), b"plain");
    }
}
