//! What is wrong with a pattern.

use thiserror::Error;

/// A pattern that cannot be enforced as written. The message is a fragment that fits "failed to read …".
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct PatternError {
    message: String,
    /// What to write instead.
    pub help: &'static str,
}

impl PatternError {
    pub(crate) fn new(message: impl Into<String>, help: &'static str) -> Self {
        Self { message: message.into(), help }
    }
}
