//! Why a monitoring came to nothing.

use invar_engine::{RunError, StartError};
use thiserror::Error;

/// A monitoring that came to nothing, not by the skill's doing.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MonitorError {
    /// A run could not be made.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A change could not be made.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The lab failed while it was asked.
    #[error("{0}")]
    Lab(String),
}
