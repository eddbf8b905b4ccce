//! Conditions that a search solved, and comparisons that it only located.

use crate::{
    Deviation, Located, Severity, grouping::Shape, results::Part, source::Source, tool_calls::InCalls,
};

/// A condition that was solved for, and holds for the original.
#[derive(Debug, Clone)]
pub(crate) struct Solved {
    /// The run that was made under it.
    pub(crate) of: u32,
    /// What it is made of: one part, or several that are all needed.
    pub(crate) parts: Vec<Part>,
    pub(crate) deviations: Vec<Deviation>,
    pub(crate) shapes: Vec<Shape>,
    /// The calls of a tool skill in which it does so, where that can be told.
    pub(crate) in_calls: InCalls,
    pub(crate) severity: Severity,
    /// No placebo in the place of any part brings it about.
    pub(crate) specific: bool,
    /// What it does under it that is not declared.
    pub(crate) undeclared: Vec<String>,
    /// Text in its output then that is of concern by itself; none: there is none.
    pub(crate) says: Option<String>,
    /// The original was made again under it, and without each part.
    pub(crate) confirmed: bool,
}

/// A comparison that was not solved, with what is behind it.
#[derive(Debug, Clone)]
pub(crate) struct Forced {
    pub(crate) of: u32,
    pub(crate) located: Located,
    pub(crate) sources: Vec<Source>,
    /// Minor if what is behind it is not declared: that it can come to it is not shown.
    pub(crate) severity: Severity,
    /// Something of it is done to what nobody named: a name that is cut out of the input.
    pub(crate) is_cut: bool,
}
