//! Why there is no receipt, or it proves nothing.

use thiserror::Error;

use crate::{EventError, LogError};

/// Why there is no receipt, or it proves nothing.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReceiptError {
    /// The log.
    #[error(transparent)]
    Log(#[from] LogError),
    /// Nothing is published that holds the event.
    #[error("event {index} is not among the {published} events that were published: publish the log first")]
    NotPublished {
        /// The event.
        index: u64,
        /// Events that were published.
        published: u64,
    },
    /// The event was pruned.
    #[error("event {0} was pruned: without it there is nothing to prove")]
    Tombstone(u64),
    /// A file could not be written.
    #[error("{path} cannot be written: {source}")]
    Files {
        /// Which.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// What is to be receipted is not an event.
    #[error("what is to be proved {0}")]
    Event(#[from] EventError),
    /// Not such a receipt.
    #[error("it is not a receipt: {0}")]
    Form(String),
    /// Of another log.
    #[error("it is by another key than that of the log {0}")]
    OtherKey(String),
    /// The proof is of another event, or the signature of another root.
    #[error("it is no receipt for this event: the path and the signature do not fit to it")]
    Unproved,
}
