//! What makes runs for a search.

use std::collections::BTreeSet;

use invar_trace::{Effect, OutputDigests};
use invar_world::Change;
use thiserror::Error;

use crate::{Log, ObservedInputs};

/// One run that is wanted.
#[derive(Debug, Clone, Default)]
pub struct Trial {
    /// The differences from the run that the search began with.
    pub changes: Vec<Change>,
    /// Whether functions report their parameters.
    pub texts: bool,
    /// Whether the observed inputs are wanted.
    pub report_inputs: bool,
    /// A site whose branch is flipped.
    pub flipped: Option<u32>,
    /// Sites that report more hits than others.
    pub more: Vec<u32>,
}

/// What was observed of a run.
#[derive(Debug, Clone)]
pub struct Observation {
    /// Its comparisons.
    pub log: Log,
    /// What it did.
    pub effects: BTreeSet<Effect>,
    /// Digests of its output.
    pub output_digests: OutputDigests,
    /// How it ended, in words.
    pub ending: String,
    /// What it cost, probes included.
    pub fuel: u64,
    /// The inputs that it observed, if they were wanted.
    pub inputs: Option<ObservedInputs>,
}

/// Why a search stops before its end.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StopReason {
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
    /// See [`StopReason`].
    fn run(&mut self, trials: &[Trial]) -> Result<Vec<Observation>, StopReason>;

    /// Reports how far a search has come.
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
