//! How large a tree may be.

use thiserror::Error;

/// File bytes of a tree, all together. Stops a skill that fills the host's memory through its files.
pub const TREE_BYTES_MAX: u64 = 256 << 20;
/// Inodes of a tree. Stops a skill that fills the host's memory with empty files.
pub const TREE_INODES_MAX: u32 = 200_000;
/// Bytes of the absolute path of anything in a tree. Stops a skill that nests directories until whoever
/// walks the tree runs out of memory or stack.
pub const TREE_PATH_BYTES_MAX: usize = 4096;

/// The tree is as large as a tree may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the file tree is full: {TREE_BYTES_MAX} bytes and {TREE_INODES_MAX} inodes at most")]
pub struct TreeFull;
