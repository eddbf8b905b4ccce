//! What is behind the last signature that fits: a write that was cut short, or events that were acknowledged and are damaged.
//!
//! A batch is on the disk before the next one is written. So a signature with anything behind it was acknowledged, and all
//! before it was. Bytes that only look like one prove nothing: it must be by a key of the log, over a root that nobody else
//! could have had signed.

use crate::{
    Checkpoint,
    body::Genesis,
    chain::BATCH_BYTES_MAX,
    disk::Disk,
    epochs,
    error::LogError,
    position::Position,
    segment::{self, Commit},
    signature,
};

/// Bytes behind the last signature at most: of one write that was cut short. Where there are more, something that was
/// acknowledged is damaged.
pub(crate) const TAIL_BYTES_MAX: u64 = 2 * BATCH_BYTES_MAX as u64;
/// Epochs after the one that is on whose keys are tried.
const EPOCHS_AHEAD: u32 = 4;
/// Signatures that are tried at most. Stops a file full of what looks like them from costing minutes.
const CANDIDATES_MAX: usize = 1024;

/// The events that were signed for in the bytes of a segment from an offset on, up to another, where something else follows:
/// none if a write that was cut short can have left them. What is written meanwhile must be behind that.
pub(crate) fn acknowledged<D: Disk>(
    disk: &D,
    position: &Position,
    (name, from, to): (&str, u64, u64),
) -> Result<Option<u64>, LogError> {
    let Some(genesis) = &position.genesis else { return Ok(None) };
    let more = to.saturating_sub(from).min(TAIL_BYTES_MAX);
    let mut bytes = vec![0; usize::try_from(more).unwrap_or(0)];
    let read = disk.read_at(name, from, &mut bytes).map_err(LogError::read(name))?;
    let keys = keys(disk, genesis, position);
    let is_signed = |commit: &Commit| {
        let text =
            Checkpoint::new(&genesis.origin, commit.size, commit.root).map(|checkpoint| checkpoint.text());
        text.is_ok_and(|text| {
            keys.iter().any(|key| signature::verifies(key, text.as_bytes(), &commit.signature))
        })
    };
    let ahead = segment::commits_followed(&bytes[..read]).filter(|commit| commit.size > position.size);
    Ok(ahead.take(CANDIDATES_MAX).filter(is_signed).map(|commit| commit.size).max())
}

/// The key of the epoch that is on, and those of the next ones.
fn keys<D: Disk>(disk: &D, genesis: &Genesis, position: &Position) -> Vec<[u8; 32]> {
    let mut keys: Vec<[u8; 32]> = position.key.iter().map(|key| **key).collect();
    if let Ok(all) = epochs::read(disk, genesis) {
        let ahead = (1..=EPOCHS_AHEAD).filter_map(|more| position.epoch.checked_add(more));
        keys.extend(ahead.filter_map(|epoch| all.key(epoch)));
    }
    keys
}
