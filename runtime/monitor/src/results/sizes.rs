//! What inputs of many sizes came to.

use invar_envelope::Complexity;
use invar_trace::{Behaviour, Ending};
use invar_world::Change;

use crate::{Estimate, Point, scale::Rule};

/// What was measured.
#[derive(Debug, Clone, Default)]
pub(crate) struct Measurements {
    /// How the input was scaled; none: there is no input, or nothing was measured.
    pub(crate) rule: Option<Rule>,
    /// Cost by size: fuel, peak memory, bytes of files and network.
    pub(crate) points: Vec<(u64, Costs)>,
    pub(crate) fuel: Option<Estimate>,
    pub(crate) memory: Option<Estimate>,
    pub(crate) bytes: Option<Estimate>,
    /// The report whose baseline was stored, if one was.
    pub(crate) stored: Option<String>,
    /// Sizes that cost something else than when the baseline was stored: fuel then, and now.
    pub(crate) drifted: Vec<(u64, u64, u64)>,
    /// What it does at some sizes and not at that of the original input.
    pub(crate) thresholds: Vec<SizeThreshold>,
    /// Sizes at which it ends differently than with the original input, and how.
    pub(crate) failed: Vec<(u64, Ending)>,
    /// Sizes that were tried.
    pub(crate) tried: usize,
}

/// What one size costs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Costs {
    pub(crate) fuel: u64,
    pub(crate) memory: u64,
    pub(crate) bytes: u64,
}

impl Costs {
    pub(crate) fn of(run: &Behaviour) -> Self {
        let bytes = run.resources.bytes;
        Self {
            fuel: run.resources.fuel,
            memory: run.resources.memory_peak_bytes,
            bytes: bytes.file_read + bytes.file_written + bytes.network_sent + bytes.network_received,
        }
    }
}

/// Something that is done from some size on.
#[derive(Debug, Clone)]
pub(crate) struct SizeThreshold {
    pub(crate) effects: Vec<String>,
    pub(crate) undeclared: bool,
    /// The last size without and the first with it.
    pub(crate) from: Option<u64>,
    pub(crate) to: u64,
    pub(crate) confirmed: bool,
    pub(crate) change: Change,
}

/// Fuel by bytes of input.
#[derive(Debug, Clone)]
pub struct Scaling {
    /// Bytes and fuel.
    pub points: Vec<Point>,
    /// What they say.
    pub estimate: Estimate,
    /// What is claimed.
    pub claimed: Option<Complexity>,
}

impl Measurements {
    /// Fuel by size, for plots.
    pub(crate) fn scaling(&self, claimed: Option<Complexity>) -> Option<Scaling> {
        let points =
            self.points.iter().map(|(size, costs)| Point { size: *size, cost: costs.fuel }).collect();
        Some(Scaling { points, estimate: self.fuel.clone()?, claimed })
    }
}
