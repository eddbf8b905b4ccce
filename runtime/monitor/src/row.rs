//! What is kept of each run of a series.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use invar_envelope::MissingPermission;
use invar_trace::{CallEnd, Effect, Ending, OutputDigest, OutputDigests, Resources, Traffic, Violation};
use invar_world::Digest;

use crate::{Deviation, missing_line::is_undeclared};

/// What is kept of every run. What runs have in common they share.
#[derive(Debug, Clone)]
pub struct Row {
    /// Number of the run, from 1.
    pub run: u32,
    /// How it ended.
    pub ending: Ending,
    /// Its output.
    pub stdout: OutputDigest,
    /// Its standard error.
    pub stderr: OutputDigest,
    /// Everything it sent; none: nothing.
    pub sent: Option<Digest>,
    /// The sequence of its calls.
    pub path: Digest,
    /// The calls of a tool skill, in order.
    pub tool_calls: Arc<[CallEnd]>,
    /// What it cost.
    pub resources: Resources,
    /// What it did, and where that was not declared.
    pub run_effects: Arc<RunEffects>,
    /// How it differs from the baseline; nothing for runs of the baseline itself, until it is known.
    pub deviations: Arc<[Deviation]>,
    /// Whether that is more than a cold start, or what is claimed.
    pub stands_out: bool,
}

impl Row {
    /// Everything it says.
    pub(crate) fn output_digests(&self) -> OutputDigests {
        OutputDigests { stdout: self.stdout, stderr: self.stderr }
    }
}

/// What a run did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunEffects {
    /// Its effects.
    pub effects: BTreeSet<Effect>,
    /// What of it was not declared.
    pub violations: BTreeMap<MissingPermission, Violation>,
    /// Bytes by destination.
    pub traffic: BTreeMap<String, Traffic>,
    /// The number of the first call of a tool skill that has an effect, from 1.
    pub effect_calls: BTreeMap<Effect, usize>,
}

impl RunEffects {
    /// Whether a line of the envelope is missing for an effect.
    #[must_use]
    pub fn lacks_line_for(&self, effect: &Effect) -> bool {
        is_undeclared(effect, &self.violations)
    }
}
