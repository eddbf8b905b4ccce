//! What was written, as a digest.

use invar_world::Digest;
use minicbor::{Decode, Encode};

/// Digest and length of what was written to a standard stream, or answered by a typed skill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(map)]
pub struct OutputDigest {
    /// SHA-256 of the bytes.
    #[n(0)]
    pub digest: Digest,
    /// Number of bytes.
    #[n(1)]
    pub bytes: u64,
}

impl OutputDigest {
    /// Of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self { digest: Digest::of(bytes), bytes: bytes.len() as u64 }
    }
}
