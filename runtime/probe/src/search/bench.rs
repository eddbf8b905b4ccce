//! What makes runs for a search.

use std::collections::BTreeSet;

use invar_trace::{Effect, OutputDigests};
use invar_world::Change;
use thiserror::Error;

use crate::{Log, ObservedInputs, SiteKind};

/// One run that is wanted.
#[derive(Debug, Clone, Default)]
pub struct Trial {
    /// The differences from the run that the search began with.
    pub changes: Vec<Change>,
    /// Whether functions report their parameters.
    pub texts: bool,
    /// Whether the observed inputs are wanted.
    pub report_inputs: bool,
    /// Sites that are made to go another way.
    pub flipped: Vec<Flip>,
    /// Sites that report more hits than others.
    pub more: Vec<u32>,
}

/// A site that is made to go another way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flip {
    /// The site.
    pub site: u32,
    /// Which of its hits, from 0; all of them if there is none.
    pub nth: Option<u32>,
    /// Which way.
    pub to: FlipTo,
}

/// The way that a site is made to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlipTo {
    /// The opposite of what a comparison answers.
    Opposite,
    /// With this index, of a jump table or of a call through a table.
    Index(u32),
}

impl Flip {
    /// The operand to go on with at a site of this kind, from both.
    #[must_use]
    pub fn operand(&self, kind: SiteKind, left: u64, right: u64) -> u64 {
        match (self.to, kind) {
            (FlipTo::Index(index), _) => u64::from(index),
            (FlipTo::Opposite, SiteKind::Compare(comparison)) => {
                comparison.flipped(left, right).unwrap_or(left)
            }
            (FlipTo::Opposite, SiteKind::Vector) if left != right => right,
            (FlipTo::Opposite, SiteKind::Vector) => !right,
            (FlipTo::Opposite, _) => left,
        }
    }
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
