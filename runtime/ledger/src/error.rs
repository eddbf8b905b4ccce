//! What can be wrong with a log, or with what is written to it.

use std::io;

use thiserror::Error;

use crate::{EventError, checkpoint::CheckpointError, keyfile::KeyFileError, position::Fault};

/// Why a log cannot be written to.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LogError {
    /// The files cannot be read.
    #[error("{name} cannot be read: {source}")]
    Read {
        /// Which.
        name: String,
        /// Why.
        source: io::Error,
    },
    /// The disk did not take what was written.
    #[error(
        "{segment} was not written: {source}; what was not acknowledged before is not in the log, and it takes no more until it is opened again"
    )]
    Write {
        /// Which.
        segment: String,
        /// Why.
        source: io::Error,
    },
    /// An earlier write failed.
    #[error("an earlier write to the log failed; open it again, so that what is on the disk is looked at")]
    Broken,
    /// What waits is of an epoch that is over.
    #[error("what waits is of an epoch that is over, and is sealed before anything follows")]
    Unsealed,
    /// Not such an event.
    #[error("the event {0}")]
    Event(EventError),
    /// It cannot be the next event.
    #[error("event {index} cannot be written: {fault}")]
    Unfit {
        /// Its index.
        index: u64,
        /// Why.
        fault: Fault,
    },
    /// An event that only the log writes.
    #[error("only the log itself writes a {0} event")]
    Reserved(&'static str),
    /// A violation without a run.
    #[error("a violation follows the run that it is one of")]
    NoRun,
    /// No epochs are left.
    #[error(
        "all {epochs} epochs of this log are used up; what waits cannot be written: try again, and another log takes its place"
    )]
    Exhausted {
        /// How many it had.
        epochs: u32,
    },
    /// The name makes no checkpoint.
    #[error("the log cannot be named so: {0}")]
    Origin(CheckpointError),
    /// The name is not that of a key.
    #[error("the log cannot be named so: {0}")]
    Name(String),
    /// A time that cannot be.
    #[error("nothing is dated millisecond {time_ms}: the clock is wrong; set it, and try again")]
    Time {
        /// In milliseconds since 1970.
        time_ms: u64,
    },
    /// No log is there.
    #[error("there is no log here")]
    Missing,
    /// A log is there.
    #[error("there is a log here already")]
    Exists,
    /// What is there is not what was written.
    #[error("{name}, at byte {offset}: {why}; nothing was changed: `invar ledger verify` says more")]
    Damaged {
        /// The file.
        name: String,
        /// Where.
        offset: u64,
        /// What is wrong.
        why: String,
    },
    /// Less is there than was acknowledged.
    #[error(
        "the log has {found} events, and {acknowledged} were {by}: it was cut, or this is an old copy; nothing was changed"
    )]
    Shorter {
        /// What is there.
        found: u64,
        /// What must be.
        acknowledged: u64,
        /// Who says so.
        by: &'static str,
    },
    /// An event that no proof leads from.
    #[error(
        "event {index} is not what the checkpoint of {size} events stands for: it was changed on the disk; no proof was made"
    )]
    Unproved {
        /// Its index.
        index: u64,
        /// Of the checkpoint.
        size: u64,
    },
    /// Something else is there than was published.
    #[error(
        "the first {size} events are not those of the checkpoint that was published: the log was rewritten; nothing was changed"
    )]
    Differs {
        /// Of the checkpoint.
        size: u64,
    },
    /// The secrets.
    #[error(transparent)]
    Key(#[from] KeyFileError),
    /// The secrets are of another copy.
    #[error(
        "the key took over at event {key}, and the log says that it was at event {log}: one of them is of another copy; nothing was changed"
    )]
    KeyFirst {
        /// What the key says.
        key: u64,
        /// What the log says.
        log: u64,
    },
    /// The secrets are of another time.
    #[error(
        "the key is of epoch {key}, and the log is in epoch {log}: one of them is an old copy; nothing was changed"
    )]
    KeyEpoch {
        /// Of the key.
        key: u32,
        /// Of the log.
        log: u32,
    },
}

impl LogError {
    /// Whether the log itself is not what it should be, so that nothing can be written to it again.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        matches!(
            self,
            Self::Damaged { .. }
                | Self::Shorter { .. }
                | Self::Differs { .. }
                | Self::KeyFirst { .. }
                | Self::KeyEpoch { .. }
                | Self::Key(KeyFileError::Damaged)
        )
    }

    pub(crate) fn read(name: &str) -> impl FnOnce(io::Error) -> Self {
        let name = name.to_owned();
        move |source| Self::Read { name, source }
    }

    pub(crate) fn damaged(name: &str, why: &str) -> Self {
        Self::Damaged { name: name.to_owned(), offset: 0, why: why.to_owned() }
    }
}
