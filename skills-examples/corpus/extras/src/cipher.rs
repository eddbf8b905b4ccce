//! What a skill carries and only a key makes readable.

use alloc::vec::Vec;

use crate::digests::{crc32, sha256};

/// Rounds that a secret is stretched by.
const STRETCHING: u32 = 64;

/// What was sealed with a secret, if this is the one: a checksum of the text stands at its end.
pub fn unseal(sealed: &[u8], secret: &[u8]) -> Option<Vec<u8>> {
    let key = (0..STRETCHING).fold(sha256(secret), |key, _| sha256(&key));
    let mut plain = Vec::with_capacity(sealed.len());
    for (number, part) in (0_u8..).zip(sealed.chunks(32)) {
        let mut block = [number; 33];
        block[..32].copy_from_slice(&key);
        plain.extend(part.iter().zip(sha256(&block)).map(|(byte, mask)| byte ^ mask));
    }
    let (text, sum) = plain.split_last_chunk::<4>()?;
    (crc32(text) == u32::from_le_bytes(*sum)).then(|| text.to_vec())
}
