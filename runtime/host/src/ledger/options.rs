//! Which audit trail, and how it is opened.

use std::path::PathBuf;

use zeroize::Zeroizing;

/// An audit trail, and how it is opened.
#[derive(Clone)]
pub struct LedgerOptions {
    /// Its directory. One that is not there is created.
    pub directory: PathBuf,
    /// What its key file is sealed with, if it is.
    pub passphrase: Option<Zeroizing<Vec<u8>>>,
    /// Is told what does not stop a run: a clock that may be wrong, a trail that was replaced.
    pub warn: fn(&str),
}

impl LedgerOptions {
    /// The trail in this directory, not sealed; nobody is warned.
    #[must_use]
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into(), passphrase: None, warn: |_| {} }
    }

    pub(super) fn secret(&self) -> Option<&[u8]> {
        self.passphrase.as_ref().map(|passphrase| passphrase.as_slice())
    }
}

impl std::fmt::Debug for LedgerOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LedgerOptions").field("directory", &self.directory).finish_non_exhaustive()
    }
}
