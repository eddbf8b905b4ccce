//! Names of environment variables.

use std::fmt;

use super::{PatternError, wildcard};

/// `LANG`, or `AWS_*`: `*` stands for any run of characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NamePattern(String);

impl NamePattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// Empty, longer than a name can be, or with `=` or NUL, which no variable name holds.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        const NAME_BYTES_MAX: usize = 256;
        if text.is_empty() || text.len() > NAME_BYTES_MAX || text.contains(['=', '\0']) {
            return Err(PatternError::new(
                format!("\"{}\" is not the name of a variable", text.escape_debug()),
                "write a name such as \"LANG\", or a prefix such as \"AWS_*\"",
            ));
        }
        Ok(Self(text.to_owned()))
    }

    /// Whether the variable `name` is meant.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        wildcard::matches(&self.0, name)
    }

    /// Whether every name that `inner` means, this pattern means too.
    #[must_use]
    pub fn covers(&self, inner: &Self) -> bool {
        wildcard::matches(&self.0, &inner.0)
    }
}

impl fmt::Display for NamePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
