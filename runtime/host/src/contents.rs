//! What was read of a directory.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// What was read of a directory.
#[derive(Debug, Default)]
pub struct Contents {
    /// Files by path, from the directory that was opened first.
    pub files: BTreeMap<String, Arc<[u8]>>,
    /// Directories that something was looked for in.
    pub directories: BTreeSet<String>,
}
