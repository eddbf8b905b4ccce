//! Errors, and the exit code of each.

use std::io;

use invar_engine::{LoadError, ReplayError, RunError, StartError};
use invar_envelope::DocumentError;
use invar_history::LogError;
use invar_host::monitor::MonitorError;
use invar_trace::TraceError;
use invar_world::ChangeError;
use thiserror::Error;

use crate::exit;

/// An error as it is shown to the user: what, where, and what to do.
#[derive(Debug, Error)]
pub(crate) enum Error {
    /// The command line is invalid.
    #[error("{0}")]
    Usage(String),
    /// A skill, envelope, world, trace or log is invalid.
    #[error("{0}")]
    Input(String),
    /// A document is invalid at a position.
    #[error(transparent)]
    Document(Box<DocumentError>),
    /// The audit trail does not verify, or is not witnessed as its policy requires.
    #[error("{0}")]
    Audit(String),
    /// `run` was refused.
    #[error("{0}")]
    Refused(String),
    /// The input of `run` is invalid.
    #[error(transparent)]
    BeforeRun(Box<Error>),
    /// `run` was stopped.
    #[error("{0}")]
    Stopped(String),
    /// The reader of the result closed its end of the pipe. That is not an error, and nothing is printed.
    #[error("the reader of the result has closed the pipe")]
    ReaderGone,
    /// A fault of Invar, not of the user.
    #[error("internal fault: {0}")]
    Internal(String),
}

impl Error {
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => exit::USAGE,
            Self::Input(_) | Self::Document(_) => exit::BAD_INPUT,
            Self::Audit(_) => exit::AUDIT_FAILED,
            Self::Refused(_) | Self::BeforeRun(_) => exit::REFUSED,
            Self::Stopped(_) => exit::STOPPED,
            Self::ReaderGone => exit::DONE,
            Self::Internal(_) => exit::INTERNAL,
        }
    }

    /// The result could not be written.
    pub(crate) fn of_output(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::ReaderGone,
            _ => Self::Internal(format!("cannot write the result: {error}")),
        }
    }

    /// The same error of `run`, which refuses bad input with a code that differs from the skill's exit status.
    pub(crate) fn before_run(self) -> Self {
        match self {
            error @ (Self::Input(_) | Self::Document(_)) => Self::BeforeRun(Box::new(error)),
            other => other,
        }
    }
}

/// What a command comes to: an exit code.
pub(crate) type Outcome<T = u8> = Result<T, Error>;

impl From<DocumentError> for Error {
    fn from(error: DocumentError) -> Self {
        Self::Document(Box::new(error))
    }
}

impl From<TraceError> for Error {
    fn from(error: TraceError) -> Self {
        Self::Input(error.to_string())
    }
}

impl From<LogError> for Error {
    fn from(error: LogError) -> Self {
        Self::Input(error.to_string())
    }
}

impl From<ChangeError> for Error {
    fn from(error: ChangeError) -> Self {
        Self::Usage(error.to_string())
    }
}

impl From<invar_host::Error> for Error {
    fn from(error: invar_host::Error) -> Self {
        use invar_host::Error as Host;
        match error {
            Host::Document(error) => Self::Document(error),
            Host::Load(error) => error.into(),
            Host::Start(error) => error.into(),
            Host::Run(error) => error.into(),
            Host::Replay(error) => error.into(),
            Host::Monitor(error) => error.into(),
            Host::NoInputs => Self::Usage("--inputs: the directory contains no files".into()),
            Host::Lost(_) | Host::Busy { .. } | Host::Entropy(_) => Self::Internal(error.to_string()),
            Host::File { .. } | Host::Input(_) | Host::Calls(_) | Host::Trace(_) | Host::Trail(_) => {
                Self::Input(error.to_string())
            }
        }
    }
}

impl From<StartError> for Error {
    fn from(error: StartError) -> Self {
        Self::Usage(error.to_string())
    }
}

impl From<LoadError> for Error {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::Engine(message) => Self::Internal(message),
            other => Self::Input(other.to_string()),
        }
    }
}

impl From<RunError> for Error {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Substitution(_) => Self::Usage(error.to_string()),
            RunError::NotInTrace(_) | RunError::Recorded(_) => Self::Input(error.to_string()),
            RunError::Trace(_) | RunError::Host(_) | RunError::HostTime(_) | RunError::Cancelled => {
                Self::Internal(error.to_string())
            }
        }
    }
}

impl From<ReplayError> for Error {
    fn from(error: ReplayError) -> Self {
        match error {
            ReplayError::Run(error) => error.into(),
            other => Self::Input(other.to_string()),
        }
    }
}

impl From<MonitorError> for Error {
    fn from(error: MonitorError) -> Self {
        match error {
            MonitorError::Run(error) => error.into(),
            MonitorError::Start(error) => error.into(),
            MonitorError::Lab(message) => Self::Internal(message),
        }
    }
}
