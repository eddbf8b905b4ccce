//! Checkpoints: what a log says its tree is (c2sp.org/tlog-checkpoint), and cosignatures on it.

mod cosignature;
mod signed;
mod unsigned;

pub use self::{
    cosignature::Cosignature,
    signed::{SignedCheckpoint, SignedCheckpointError},
    unsigned::{Checkpoint, CheckpointError, ORIGIN_BYTES_MAX},
};

#[cfg(test)]
mod tests;
