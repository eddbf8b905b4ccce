//! Undeclared variables.

/// Undeclared variables, and which of them are read.
#[derive(Debug, Clone, Default)]
pub(crate) struct VariableReads {
    /// Undeclared variables of the world.
    pub(crate) variables: Vec<String>,
    /// Those without which the skill behaves differently, and whether that shows in more than its standard error.
    pub(crate) read: Vec<(String, bool)>,
}
