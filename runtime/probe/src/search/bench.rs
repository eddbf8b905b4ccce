//! What makes runs for a search.

use std::collections::BTreeSet;

use invar_trace::{Effect, OutputDigests};
use invar_world::Change;
use thiserror::Error;

use crate::{Log, ObservedInputs};

/// One run that is wanted.
#[derive(Debug, Clone, Default)]
pub struct Trial {
    /// What is otherwise than in the run that the search began with.
    pub changes: Vec<Change>,
    /// Whether functions tell their parameters.
    pub texts: bool,
    /// Whether it is wanted what the run was told.
    pub tell: bool,
    /// A site whose comparisons come out otherwise.
    pub turned: Option<u32>,
    /// Sites of which more hits are told than of others.
    pub more: Vec<u32>,
}

/// What was seen of a run.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Its comparisons.
    pub log: Log,
    /// What it did.
    pub effects: BTreeSet<Effect>,
    /// What it said.
    pub output_digests: OutputDigests,
    /// How it ended, in words.
    pub ending: String,
    /// What it cost, probes included.
    pub fuel: u64,
    /// What it was told, if that was wanted.
    pub inputs: Option<ObservedInputs>,
}

/// Why no more runs are made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Stopped {
    /// As many were made as may be.
    #[error("the budget of runs is used up")]
    Budget,
    /// The user has seen enough.
    #[error("interrupted")]
    Interrupted,
    /// The host was too slow for a run.
    #[error("the host was too slow")]
    SlowHost,
    /// The lab failed: not the skill's doing.
    #[error("{0}")]
    Failed(String),
}

/// Makes runs of an instrumented copy.
pub trait Bench {
    /// One run a trial, in their order.
    ///
    /// # Errors
    /// See [`Stopped`].
    fn run(&mut self, trials: &[Trial]) -> Result<Vec<Seen>, Stopped>;

    /// Is told how far a search has come.
    fn progress(&mut self, progress: Progress);
}

/// How far a search has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Sources of the state that is looked at.
    pub sources: usize,
    /// Comparisons that depend on one.
    pub comparisons: usize,
    /// Those that always came out the same.
    pub open: usize,
    /// Conditions that were found.
    pub solved: usize,
}
