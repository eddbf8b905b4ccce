//! What a new log is made with.

use crate::{
    Hash,
    body::{Predecessor, Signing},
    chain::SEGMENT_BYTES,
    keyfile::SALT_BYTES,
    keys::Seed,
};

/// What a log is made with.
#[derive(Clone)]
pub struct Settings {
    /// The name of its checkpoints; should be one that nobody else uses.
    pub origin: String,
    /// How events are signed.
    pub signing: Signing,
    /// Epochs: when all are used up, the log is full.
    pub epochs: u32,
    /// Events that an epoch has at most.
    pub epoch_events_max: u64,
    /// Milliseconds after which an epoch ends, once something is written.
    pub epoch_ms_max: u64,
    /// Bytes after which a segment ends.
    pub segment_bytes: u64,
    /// The machine, hashed.
    pub host: Hash,
    /// The program.
    pub software: String,
    /// The log whose place it takes.
    pub predecessor: Option<Predecessor>,
}

impl Settings {
    /// As logs usually are: 4,096 epochs of 65,536 events or a day, one signature for each batch.
    #[must_use]
    pub fn new(origin: String, host: Hash, software: String) -> Self {
        const DAY_MS: u64 = 24 * 60 * 60 * 1000;
        Self {
            origin,
            signing: Signing::Batch,
            epochs: 4096,
            epoch_events_max: 1 << 16,
            epoch_ms_max: DAY_MS,
            segment_bytes: SEGMENT_BYTES,
            host,
            software,
            predecessor: None,
        }
    }
}

/// Chance that a log is made from; from the host's entropy.
#[derive(Clone)]
pub struct Entropy {
    /// The seed of the log's key.
    pub log: Seed,
    /// The seed of the first epoch.
    pub epoch: Seed,
    /// What makes it another log than any other.
    pub nonce: [u8; 32],
    /// For a passphrase.
    pub salt: [u8; SALT_BYTES],
}
