//! What verifying came to.

use crate::{Hash, Head, VerifierKey, body::Genesis};

/// What verifying came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// What the log says it is.
    pub genesis: Genesis,
    /// Its name in events.
    pub log: Hash,
    /// Where it stands.
    pub head: Head,
    /// Signatures that were verified.
    pub signatures: u64,
    /// Events that were pruned; their hashes are there.
    pub gone: u64,
    /// Bytes behind the last signature: of a write that was cut short. They count for nothing.
    pub behind_bytes: u64,
    /// Whether whoever wrote last ended in order.
    pub is_closed: bool,
    /// The epoch that is on.
    pub epoch: u32,
    /// Who cosigned it, and when, up to which size.
    pub cosigned: Vec<VerifiedCosignature>,
}

/// A witness that cosigned a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedCosignature {
    /// Whose key.
    pub witness: VerifierKey,
    /// Seconds since 1970.
    pub time_s: u64,
    /// Events that it saw.
    pub size: u64,
}
