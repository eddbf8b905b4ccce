//! A way in which the skill behaves differently under some conditions.

use invar_world::Change;

use crate::{
    Boundary, Deviation, Severity, TriggerKind, grouping::Shape, source::Source, tool_calls::InCalls,
};

/// A way in which the skill behaves differently under some conditions.
#[derive(Debug, Clone)]
pub(crate) struct BranchFlip {
    pub(crate) source: Source,
    /// The run that was made under other conditions.
    pub(crate) of: u32,
    /// The first condition, in words and as a change.
    pub(crate) words: String,
    pub(crate) change: Change,
    /// How many of how many conditions.
    pub(crate) hits: usize,
    pub(crate) asked: usize,
    pub(crate) deviations: Vec<Deviation>,
    pub(crate) shapes: Vec<Shape>,
    /// The calls of a tool skill in which it does so, where that can be told.
    pub(crate) in_calls: InCalls,
    pub(crate) severity: Severity,
    /// What it does under them that is not declared.
    pub(crate) undeclared: Vec<String>,
    /// Text in its output then that is of concern by itself; none: there is none.
    pub(crate) says: Option<String>,
    /// It does so again when asked again.
    pub(crate) confirmed: bool,
    pub(crate) kind: TriggerKind,
    pub(crate) condition: String,
    pub(crate) boundary: Boundary,
    pub(crate) bisected: bool,
    /// Files that earlier runs must have left.
    pub(crate) needs: Vec<String>,
    /// A placebo in the place of what was changed does not bring it about. What is not followed up is not known to.
    pub(crate) specific: bool,
}

impl BranchFlip {
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        let is_a_sweep = matches!(self.source, Source::Clock | Source::Random);
        self.source == other.source
            && self.shapes == other.shapes
            && (is_a_sweep || self.change == other.change)
    }
}
