//! Texts that repeat themselves, packed by `build.rs` and told in full again here.
//!
//! What is packed is a row of steps, each a number of bytes that stand there as they are, these
//! bytes, and then how many to repeat from how far back; numbers take seven bits to a byte.

/// The text that was packed.
pub(crate) fn unpack(packed: &[u8]) -> Vec<u8> {
    let mut text: Vec<u8> = Vec::new();
    let mut rest = packed;
    while !rest.is_empty() {
        let plain = number(&mut rest);
        let (bytes, left) = rest.split_at(plain.min(rest.len()));
        text.extend_from_slice(bytes);
        rest = left;
        let repeated = number(&mut rest);
        let back = number(&mut rest);
        for _ in 0..repeated {
            // One by one, since a repetition may reach into itself.
            let at = text.len().wrapping_sub(back);
            text.extend(text.get(at).copied());
        }
    }
    text
}

fn number(rest: &mut &[u8]) -> usize {
    let mut number = 0;
    for shift in [0, 7, 14] {
        let Some((byte, left)) = rest.split_first() else { break };
        *rest = left;
        number |= usize::from(byte & 127) << shift;
        if *byte < 128 {
            break;
        }
    }
    number
}
