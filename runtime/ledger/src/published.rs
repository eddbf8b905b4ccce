//! The checkpoint that was published last, with what witnesses said to it.

use crate::{
    SignedCheckpoint, VerifierKey,
    body::Genesis,
    disk::Disk,
    error::LogError,
    names::CHECKPOINT,
    nodes::NodeFile,
    note::{KeyKind, KeyName},
    position::Position,
    prove, tree,
};

/// Bytes of its file at most.
pub(crate) const CHECKPOINT_BYTES_MAX: u64 = 1 << 20;

/// The key that a log publishes with, as others are told it.
///
/// # Errors
/// The genesis holds no key, or no name.
pub fn log_key(genesis: &Genesis) -> Result<VerifierKey, LogError> {
    let bad = |why: String| LogError::Damaged { name: "the genesis".into(), offset: 0, why };
    let name = KeyName::new(&genesis.origin).map_err(|error| bad(error.to_string()))?;
    VerifierKey::new(name, KeyKind::Ed25519, &genesis.log_key).map_err(|error| bad(error.to_string()))
}

/// The checkpoint that is there; none if nothing was published.
///
/// # Errors
/// It cannot be read, or is invalid.
pub fn read<D: Disk>(disk: &D) -> Result<Option<SignedCheckpoint>, LogError> {
    let bytes = disk.read(CHECKPOINT, CHECKPOINT_BYTES_MAX).map_err(LogError::read(CHECKPOINT))?;
    bytes
        .map(|bytes| {
            SignedCheckpoint::parse(&bytes).map_err(|error| LogError::damaged(CHECKPOINT, &error.to_string()))
        })
        .transpose()
}

/// Puts a checkpoint in the place of the one before.
///
/// # Errors
/// The disk.
pub fn keep<D: Disk>(disk: &mut D, checkpoint: &SignedCheckpoint) -> Result<(), LogError> {
    disk.replace(CHECKPOINT, checkpoint.to_string().as_bytes())
        .map_err(|source| LogError::Write { segment: CHECKPOINT.into(), source })
}

/// Whether the log still has what was published.
///
/// # Errors
/// It has not.
pub(crate) fn check<D: Disk>(disk: &D, position: &Position) -> Result<(), LogError> {
    let (Some(published), Some(genesis)) = (read(disk)?, &position.genesis) else { return Ok(()) };
    if !published.signed_by(&log_key(genesis)?) {
        return Err(LogError::damaged(CHECKPOINT, "it is not signed by the key of this log"));
    }
    let (size, root) = (published.checkpoint().size(), published.checkpoint().root());
    if size > position.size {
        return Err(LogError::Shorter { found: position.size, acknowledged: size, by: "published" });
    }
    let found = tree::root(&NodeFile::new(disk), size).map_err(LogError::read(CHECKPOINT))?;
    // What stands for the events is the root of all; nodes that only lead to the old one say nothing.
    let continues = prove::continues(disk, size, (position.size, position.root())).is_some();
    match found == root && continues {
        true => Ok(()),
        false => Err(LogError::Differs { size }),
    }
}
