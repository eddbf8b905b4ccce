//! What a search comes to.

use std::collections::BTreeSet;

use invar_trace::Effect;
use invar_world::Change;

use super::{Progress, StopReason};
use crate::{SiteCoverage, Source};

/// A condition under which the skill behaves differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The changes of inputs, in the order in which they must be made; each is needed.
    pub changes: Vec<Change>,
    /// Effects that only then occur; empty if only the output, the ending or the cost differs.
    pub effects: BTreeSet<Effect>,
}

/// A branch that only ever went one way, with the effects that follow when it is flipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocatedBranch {
    /// The site.
    pub site: u32,
    /// A site behind it that must be flipped too.
    pub behind: Option<u32>,
    /// What its operands depend on.
    pub sources: Vec<Source>,
    /// Changes under which it is reached.
    pub changes: Vec<Change>,
    /// What is done behind it that was never done.
    pub effects: BTreeSet<Effect>,
    /// Whether all of that is done at a fragment of a name at which the same is done if nothing is flipped: what is left
    /// of the name where the code that makes it is led astray.
    pub is_cut: bool,
}

/// The result of a search.
#[derive(Debug, Clone, Default)]
pub struct SearchOutcome {
    /// Conditions that were found, in the order in which they were.
    pub found: Vec<Condition>,
    /// Comparisons that were not solved, with what is behind them.
    pub located: Vec<LocatedBranch>,
    /// Runs made.
    pub runs: u64,
    /// How far it came.
    pub progress: Progress,
    /// Why it ended before everything was looked at.
    pub stopped: Option<StopReason>,
    /// Conditions, and hits, that were not followed because there is room for no more.
    pub unfollowed: u64,
    /// What any of the runs executed.
    pub executed: SiteCoverage,
    /// Sites that depend on the environment, not on the input, and always went one way.
    pub waiting: Vec<u32>,
}
