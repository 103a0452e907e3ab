//! Base64 (RFC 4648) in a few hundred bytes; the crates for it unroll theirs to seven thousand.

/// The alphabet for addresses.
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Encodes with the alphabet for addresses and without padding.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    let (mut held, mut bits) = (0_u32, 0);
    let mut put = |sign: u32| {
        let at = usize::try_from(sign & 63).unwrap_or(0);
        text.push(char::from(ALPHABET.get(at).copied().unwrap_or(b'A')));
    };
    for byte in bytes {
        held = held << 8 | u32::from(*byte);
        bits += 8;
        while 6 <= bits {
            bits -= 6;
            put(held >> bits);
        }
    }
    if 0 < bits {
        put(held << (6 - bits));
    }
    text
}

/// Decodes either alphabet, with padding or without. What no encoder writes is nothing.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_end_matches('=');
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut held, mut bits) = (0_u32, 0);
    for sign in text.bytes() {
        let value = match sign {
            b'A'..=b'Z' => sign - b'A',
            b'a'..=b'z' => sign - b'a' + 26,
            b'0'..=b'9' => sign - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        held = held << 6 | u32::from(value);
        bits += 6;
        if 8 <= bits {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 255).unwrap_or(0));
        }
    }
    // A sign too many, or bits that nobody wrote.
    let is_whole = bits < 6 && held & ((1 << bits) - 1) == 0;
    is_whole.then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_the_standard_hold() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg"),
            ("fo", "Zm8"),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg"),
            ("fooba", "Zm9vYmE"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(encode(bytes.as_bytes()), text);
            assert_eq!(decode(text).as_deref(), Some(bytes.as_bytes()), "{text}");
            let padded = format!("{text}{}", "=".repeat((4 - text.len() % 4) % 4));
            assert_eq!(decode(&padded).as_deref(), Some(bytes.as_bytes()), "{padded}");
        }
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(decode(&encode(&all)), Some(all));
        assert_eq!(decode("-_8"), decode("+/8="));
    }

    #[test]
    fn what_no_encoder_writes_is_nothing() {
        for wrong in ["Z", "Zh", "Zm9", "Zm9vZ", "Z g", "Zg=g", "二"] {
            assert_eq!(decode(wrong), None, "{wrong}");
        }
    }
}
