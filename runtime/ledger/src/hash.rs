//! The hash of everything here: SHA-256, with one byte before each kind of input.

use std::fmt;

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use minicbor::{Decode, Encode, bytes::ByteArray};
use sha2::{Digest as _, Sha256};

/// Before a leaf, as RFC 6962 has it.
const LEAF: u8 = 0x00;
/// Before an inner node, as RFC 6962 has it.
const NODE: u8 = 0x01;
/// Before a link of the chain.
const LINK: u8 = 0x02;

/// 32 bytes of SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// Of bytes as they are.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Of the parts one after the other. The caller sees to it that they cannot be cut in another place.
    #[must_use]
    pub fn of_parts(parts: &[&[u8]]) -> Self {
        let mut sha = Sha256::new();
        parts.iter().for_each(|part| sha.update(part));
        Self(sha.finalize().into())
    }

    /// Of an event as a leaf of the tree (RFC 6962, 2.1).
    #[must_use]
    pub fn leaf(event: &[u8]) -> Self {
        Self::of_parts(&[&[LEAF], event])
    }

    /// Of two nodes of the tree (RFC 6962, 2.1).
    #[must_use]
    pub fn node(left: Self, right: Self) -> Self {
        // In one piece: the hot path of the tree.
        let mut bytes = [0; 65];
        bytes[0] = NODE;
        bytes[1..33].copy_from_slice(&left.0);
        bytes[33..].copy_from_slice(&right.0);
        Self::of(&bytes)
    }

    /// The link that an event adds to the chain: SHA-256 of `0x02 ‖ previous ‖ event`.
    #[must_use]
    pub fn link(previous: Self, event: &[u8]) -> Self {
        Self::of_parts(&[&[LINK], &previous.0, event])
    }

    /// From as many hexadecimal digits as it has.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        if text.len() != 64 {
            return None;
        }
        // No vector in between: it may be a seed.
        HEXLOWER_PERMISSIVE.decode_mut(text.as_bytes(), &mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// Its first digits, for people.
    #[must_use]
    pub fn short(self) -> String {
        self.to_string()[..12].to_owned()
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        HEXLOWER.encode_display(&self.0).fmt(f)
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<C> Encode<C> for Hash {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.bytes(&self.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Hash {
    fn decode(d: &mut minicbor::Decoder<'b>, c: &mut C) -> Result<Self, minicbor::decode::Error> {
        ByteArray::<32>::decode(d, c).map(|bytes| Self(bytes.into()))
    }
}
