//! What can go wrong, with its source.

use std::{fmt, io, path::Path, path::PathBuf};

use invar_engine::{CallError, LoadError, ReplayError, RunError, StartError};
use invar_envelope::DocumentError;
use invar_lab::MonitorError;
use invar_ledger::{LogError, keyfile::KeyFileError};
use invar_trace::TraceError;
use thiserror::Error;

/// Why the host did not do what it was asked.
#[derive(Debug, Error)]
pub enum Error {
    /// A file or directory cannot be used.
    #[error("{action} {path}: {source}")]
    File {
        /// As in "cannot read".
        action: &'static str,
        /// Its path, as it was given.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// Something given to the host is bad, and what to do.
    #[error("{0}")]
    Input(String),
    /// A document is bad, at a place.
    #[error(transparent)]
    Document(Box<DocumentError>),
    /// A skill cannot be loaded.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// A tool skill cannot be given these calls.
    #[error(transparent)]
    Calls(#[from] CallsError),
    /// A run cannot be given this value.
    #[error(transparent)]
    Start(#[from] StartError),
    /// A run gave no result.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A trace is not whole.
    #[error(transparent)]
    Trace(#[from] TraceError),
    /// A run cannot be replayed.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// A monitoring came to nothing, not by the skill's doing.
    #[error(transparent)]
    Monitor(#[from] MonitorError),
    /// A skill cannot be monitored without an input.
    #[error("there is no input to monitor with")]
    NoInputs,
    /// The audit trail cannot be written: nothing of the run is released.
    #[error(transparent)]
    Trail(Box<TrailError>),
    /// More runs wait for a slot than may.
    #[error("{waiting} runs are already waiting for a slot; try again later")]
    Busy {
        /// How many wait.
        waiting: u32,
    },
    /// The host gives no random bytes, which keys need.
    #[error("no random bytes: {0}")]
    Entropy(String),
    /// The thread of a run has gone without a result.
    #[error("the run ended without a result: {0}")]
    Lost(String),
}

/// Calls that a skill cannot be given.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CallsError {
    /// One of them is bad.
    #[error(transparent)]
    Call(#[from] CallError),
    /// Nothing says what to call; the functions that there are, a line each.
    #[error(
        "nothing says which function to call: give --call NAME and --args JSON, or [lab] calls in skill.toml{examples}"
    )]
    None {
        /// The functions.
        examples: String,
    },
    /// Calls of a skill that has an entry point of another kind.
    #[error(
        "[lab] calls are made of tool skills, and this skill has an entry point that is run instead: take `calls` out, or name a function with --call"
    )]
    NotATool,
    /// Handles of resources without a session to live in.
    #[error(
        "{function} has handles of resources, which live as long as a session: write [skill.session] with calls = 100 into skill.toml, and list the calls in [lab] calls or in a file for --input"
    )]
    NeedsSession {
        /// The first function that has any.
        function: String,
    },
    /// Two tables of claims about one function.
    #[error("{} has another table in [claims.call], under another form of its name", .function.escape_debug())]
    ClaimedTwice {
        /// Its name in full.
        function: String,
    },
    /// More than one instance serves.
    #[error("{calls} calls, but [skill.session] says that an instance serves {max} at most")]
    Session {
        /// How many there are.
        calls: usize,
        /// How many there may be.
        max: u32,
    },
}

/// What the host comes to.
pub type Outcome<T> = Result<T, Error>;

impl Error {
    pub(crate) fn file(action: &'static str, path: impl fmt::Display, source: io::Error) -> Self {
        Self::File { action, path: path.to_string(), source }
    }
}

impl From<DocumentError> for Error {
    fn from(error: DocumentError) -> Self {
        Self::Document(Box::new(error))
    }
}

/// What is wrong with an audit trail, and what to do.
#[derive(Debug, Error)]
#[error("{}", Self::text(.path, .source))]
pub struct TrailError {
    /// Its directory.
    pub path: PathBuf,
    /// What is wrong.
    pub source: LogError,
}

impl TrailError {
    /// The message: what is wrong, and what to do.
    #[must_use]
    pub fn text(path: &Path, source: &LogError) -> String {
        format!("the audit trail in {}: {source}{}", path.display(), advice(source))
    }

    pub(crate) fn at(path: &Path, source: LogError) -> Error {
        Error::Trail(Box::new(Self { path: path.to_owned(), source }))
    }
}

/// What to do about it.
fn advice(error: &LogError) -> &'static str {
    match error {
        LogError::Key(KeyFileError::Sealed) => {
            "; set INVAR_LEDGER_PASSPHRASE, or INVAR_LEDGER_PASSPHRASE_FD to a file descriptor that it can be read from"
        }
        LogError::Key(KeyFileError::Open) => "; unset INVAR_LEDGER_PASSPHRASE, or start a sealed trail",
        error if error.is_damage() => {
            "; if there is no intact copy of it, `invar ledger succeed` sets it aside and starts a new one that names it"
        }
        _ => "",
    }
}
