//! The file of the public keys of all epochs.

use crate::{
    body::Genesis,
    disk::Disk,
    error::LogError,
    keys::{EPOCHS_MAX, EpochKeys},
    names::EPOCHS,
};

/// Bytes of the file at most.
pub(crate) const EPOCHS_BYTES_MAX: u64 = 32 * EPOCHS_MAX as u64;

/// The keys that are there, if they are those of the genesis, which holds the root of a tree over them.
pub(crate) fn read<D: Disk>(disk: &D, genesis: &Genesis) -> Result<EpochKeys, LogError> {
    let bytes = disk.read(EPOCHS, EPOCHS_BYTES_MAX).map_err(LogError::read(EPOCHS))?;
    bytes
        .and_then(|bytes| EpochKeys::from_bytes(&bytes))
        .filter(|keys| keys.root() == genesis.epoch_keys)
        .ok_or_else(|| LogError::damaged(EPOCHS, "these are not the keys that the genesis has settled"))
}
