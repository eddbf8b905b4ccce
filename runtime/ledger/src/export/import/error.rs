//! What can be wrong with lines, and with where they go.

use std::io;

use thiserror::Error;

use crate::LogError;

/// Why nothing came in. Nothing is left of it, either.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The directory is in use.
    #[error("{0} is here already: a log is imported into an empty directory")]
    Exists(String),
    /// The lines cannot be read.
    #[error("the lines cannot be read: {0}")]
    Read(#[from] io::Error),
    /// A line that does not belong to this log.
    #[error("line {line}: {why}")]
    Line {
        /// Which, from 1 on.
        line: u64,
        /// What is wrong with it.
        why: String,
    },
    /// The directory; or what was published is not of this log.
    #[error(transparent)]
    Log(#[from] LogError),
}

/// What can be wrong while a line is taken.
pub(super) enum Problem {
    /// The line.
    Bad(String),
    /// The disk, or the log as a whole.
    Log(LogError),
}

impl From<LogError> for Problem {
    fn from(error: LogError) -> Self {
        Self::Log(error)
    }
}

impl From<&str> for Problem {
    fn from(why: &str) -> Self {
        Self::Bad(why.to_owned())
    }
}
