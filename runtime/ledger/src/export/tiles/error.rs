//! Why there are no tiles, or they are not what they should be.

use std::io;

use thiserror::Error;

use crate::{LogError, checkpoint::SignedCheckpointError};

/// Why there are no such files, or they are not what they should be.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TilesError {
    /// The log they are to be made of.
    #[error(transparent)]
    Log(#[from] LogError),
    /// Nothing was published.
    #[error("nothing of this log was published: publish it first")]
    NotPublished,
    /// An event was pruned.
    #[error("event {0} was pruned: its bundle cannot be made, and nobody could verify the log without it")]
    Tombstone(u64),
    /// The directory has another log in it, or more of this one.
    #[error(
        "the tiles that are there are of another log, or of more events than these; choose another directory"
    )]
    InUse,
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    Files {
        /// Which.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// A file is not there.
    #[error("{0} is missing")]
    Missing(String),
    /// Not a checkpoint.
    #[error("invalid checkpoint: {0}")]
    Checkpoint(#[from] SignedCheckpointError),
    /// Not signed by the log, or not of it.
    #[error("the checkpoint is not signed by the key of the log that the first event names")]
    NotSigned,
    /// Not the log that was meant.
    #[error("this is another log than the one asked for: its key is {0}")]
    OtherLog(String),
    /// A bundle does not hold the events that it should.
    #[error("{path} is no bundle of {events} events")]
    Bundle {
        /// The file.
        path: String,
        /// How many there should be.
        events: usize,
    },
    /// An event cannot be the one in its place.
    #[error("event {index}: {why}")]
    Event {
        /// Which.
        index: u64,
        /// What is wrong.
        why: String,
    },
    /// A tile does not hold the hashes of the events.
    #[error("{0} does not hold the hashes of the events")]
    Tile(String),
    /// The events are not those of the checkpoint.
    #[error("the events do not come to the root of the checkpoint")]
    Root,
}

impl TilesError {
    pub(super) fn files(path: &str) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Files { path, source }
    }
}
