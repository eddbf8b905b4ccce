//! Names of keys.

use std::{fmt, str::FromStr};

use thiserror::Error;

use crate::text::quoted;

/// Bytes of a key's name at most: newer kinds of cosignature sign the name behind a length of one byte.
pub const NAME_BYTES_MAX: usize = 255;

/// The name of a key: not empty, no spaces of any script, no `+`, no control characters (signed-note, Format). It should
/// be a URL without scheme, such as `example.com/log42`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyName(String);

/// Why a text is no name of a key.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "{} is not the name of a key: 1 to {NAME_BYTES_MAX} bytes without spaces, control characters and `+` are, \
     such as example.com/log42",
    quoted(.0)
)]
pub struct KeyNameError(String);

impl KeyName {
    /// That name.
    ///
    /// # Errors
    /// If it is empty, too long, or has characters that a name must not have.
    pub fn new(name: &str) -> Result<Self, KeyNameError> {
        let wrong = |c: char| c.is_whitespace() || c.is_ascii_control() || c == '+';
        if name.is_empty() || name.len() > NAME_BYTES_MAX || name.contains(wrong) {
            return Err(KeyNameError(name.chars().take(NAME_BYTES_MAX).collect()));
        }
        Ok(Self(name.to_owned()))
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KeyName {
    type Err = KeyNameError;

    fn from_str(name: &str) -> Result<Self, KeyNameError> {
        Self::new(name)
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
