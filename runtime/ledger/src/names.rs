//! Names of a log's files, but for those of segments: see [`crate::segment`].

/// Seeds: of the log, and of the epoch that is on.
pub(crate) const KEY: &str = "key";
/// The public keys of all epochs.
pub(crate) const EPOCHS: &str = "epochs";
/// Nodes of the tree.
pub(crate) const NODES: &str = "nodes";
/// Where to go on.
pub(crate) const STATE: &str = "state";
/// The checkpoint that was published last.
pub(crate) const CHECKPOINT: &str = "checkpoint";
