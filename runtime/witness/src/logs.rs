//! The logs that a witness knows.

use std::collections::BTreeMap;

use invar_ledger::{
    Hash, SignedCheckpoint, VerifierKey,
    checkpoint::{Checkpoint, CheckpointError},
    note::{KeyKind, KeyName},
};
use thiserror::Error;

/// Logs by their origin, each with the keys that may sign for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Logs(BTreeMap<String, Vec<VerifierKey>>);

/// Why a log is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LogsError {
    /// A key that does not sign notes.
    #[error("the key of {0} is not one of a log (kind 0x01); give the vkey that the log publishes")]
    Kind(KeyName),
    /// No origin.
    #[error(transparent)]
    Origin(#[from] CheckpointError),
}

impl Logs {
    /// No logs: a witness of nothing.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Logs whose keys bear their origins as names.
    ///
    /// # Errors
    /// If one of them is not the key of a log.
    pub fn of(keys: impl IntoIterator<Item = VerifierKey>) -> Result<Self, LogsError> {
        let mut logs = Self::none();
        for key in keys {
            logs.know(&key.name().to_string(), key)?;
        }
        Ok(logs)
    }

    /// Lets the key sign for the log of that origin, too.
    ///
    /// # Errors
    /// If it is not the key of a log, or the origin is none.
    pub fn know(&mut self, origin: &str, key: VerifierKey) -> Result<(), LogsError> {
        if key.kind() != KeyKind::Ed25519 {
            return Err(LogsError::Kind(key.name().clone()));
        }
        Checkpoint::new(origin, 0, Hash::default())?;
        let keys = self.0.entry(origin.to_owned()).or_default();
        if !keys.contains(&key) {
            keys.push(key);
        }
        Ok(())
    }

    /// The origins.
    pub fn origins(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Whether one of the keys of the checkpoint's log signed it; nothing if the log is not known.
    #[must_use]
    pub fn signed(&self, checkpoint: &SignedCheckpoint) -> Option<bool> {
        let keys = self.0.get(checkpoint.checkpoint().origin())?;
        Some(keys.iter().any(|key| checkpoint.signed_by(key)))
    }
}
