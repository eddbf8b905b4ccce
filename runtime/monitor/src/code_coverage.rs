//! What of a component's code the instrumented runs executed.

use serde::Serialize;

/// How conditions were searched for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SearchKind {
    /// Not at all: the user asked for none, or the runs did not come to it.
    #[default]
    None,
    /// By further runs and likely values only: the skill's comparisons were not read.
    Forward,
    /// An instrumented copy does not do what the original does, or cannot be made.
    Unfaithful,
    /// By comparisons with known operands only, and nothing was located: what the skill does is in a script.
    Interpreter,
    /// By all comparisons that the first runs execute.
    Full,
}

/// What of a component's code the instrumented runs executed. All counts are of the original's code.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CodeCoverage {
    /// How conditions were searched for.
    pub search: SearchKind,
    /// Functions there are.
    pub functions_exist: usize,
    /// Functions that were executed.
    pub functions_executed: usize,
    /// Functions that could not be instrumented, and of which nothing is known.
    pub functions_left_out: usize,
    /// Call sites from which an effect on the outside can be reached.
    pub sites_exist: usize,
    /// Those of them that were executed.
    pub sites_reached: usize,
}
