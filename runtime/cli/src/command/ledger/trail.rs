//! A trail that a command reads: that of this installation, or another.

use std::{
    borrow::Borrow,
    path::{Path, PathBuf},
};

use invar_ledger::{
    Hash, Log, VerifierKey,
    body::Genesis,
    disk::Directory,
    published,
    reader::{self, Entry},
};

use crate::{
    error::{Error, Outcome},
    files,
    home::Home,
    ledger::trail_error,
};

/// A trail that is only read.
pub(super) struct ReadTrail {
    pub(super) path: PathBuf,
    pub(super) disk: Directory,
}

impl ReadTrail {
    /// The trail of this installation, or another that is named.
    pub(super) fn of(home: &Home, from: Option<&Path>) -> Outcome<Self> {
        let path = from.map_or_else(|| home.ledger(), Path::to_owned);
        if !files::is_directory(&path) {
            return Err(Error::Input(format!(
                "there is no audit trail in {}: the first run creates it",
                path.display()
            )));
        }
        let place = Self { disk: Directory::reading(&path), path };
        place.check_begun()?;
        Ok(place)
    }

    pub(super) fn error(&self, error: impl Borrow<invar_ledger::LogError>) -> Error {
        trail_error(&self.path, error)
    }

    /// The genesis event.
    pub(super) fn genesis(&self) -> Outcome<Genesis> {
        match reader::entry(&self.disk, 0).map_err(|error| self.error(error))? {
            Some((Entry::Event { event, .. }, _)) => match event.body {
                invar_ledger::Body::Genesis(genesis) => Ok(genesis),
                _ => Err(Error::Input(format!(
                    "{}: it does not begin with a genesis event",
                    self.path.display()
                ))),
            },
            _ => Err(Error::Input(format!("there is no audit trail in {}", self.path.display()))),
        }
    }

    /// Checks that its creation was completed.
    fn check_begun(&self) -> Outcome<()> {
        match Log::is_half_made(&self.disk).map_err(|error| self.error(error))? {
            true => Err(Error::Input(format!(
                "the creation of the audit trail in {} was interrupted, and nothing is recorded in it; the next run creates \
                 it again",
                self.path.display()
            ))),
            false => Ok(()),
        }
    }

    /// The key of its checkpoints, from its genesis event.
    pub(super) fn key(&self) -> Outcome<VerifierKey> {
        published::log_key(&self.genesis()?).map_err(|error| self.error(error))
    }

    /// One event, or its tombstone, and its leaf.
    pub(super) fn entry(&self, index: u64) -> Outcome<(Entry, Hash)> {
        reader::entry(&self.disk, index).map_err(|error| self.error(error))?.ok_or_else(|| {
            Error::Usage(format!("there is no event {index} in the audit trail in {}", self.path.display()))
        })
    }
}
