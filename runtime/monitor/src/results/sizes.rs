//! What inputs of many sizes came to.

use invar_envelope::Complexity;
use invar_trace::{Behaviour, Ending};
use invar_world::Change;

use crate::{Declared, Estimate, Point, scale::Rule, tool_calls::InCalls};

/// What inputs of many sizes came to: of the whole run, or of each function of a tool skill.
#[derive(Debug, Clone, Default)]
pub(crate) struct Performance {
    pub(crate) series: Vec<Measurements>,
    pub(crate) unmeasured: Vec<Unmeasured>,
}

/// A function that was not measured.
#[derive(Debug, Clone)]
pub(crate) struct Unmeasured {
    /// By its name in full.
    pub(crate) function: String,
    pub(crate) why: &'static str,
}

impl Unmeasured {
    pub(crate) const NO_ARGUMENT: &'static str = "no text and no list among its arguments can be made larger";
    pub(crate) const TOO_MANY: &'static str = "eight other functions were measured";
}

/// What was measured.
#[derive(Debug, Clone, Default)]
pub(crate) struct Measurements {
    /// The function that was measured; none: the whole run.
    pub(crate) function: Option<String>,
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
    /// Of a run; the fuel is that of all calls of `function`, if it is one that is measured.
    pub(crate) fn of(run: &Behaviour, function: Option<&str>) -> Self {
        let bytes = run.resources.bytes;
        let fuel_of = |function: &str| {
            let calls = run.tool_calls.iter().filter(|call| call.function == function);
            calls.fold(0_u64, |fuel, call| fuel.saturating_add(call.fuel))
        };
        Self {
            fuel: function.map_or(run.resources.fuel, fuel_of),
            memory: run.resources.memory_peak_bytes,
            bytes: bytes.file_read + bytes.file_written + bytes.network_sent + bytes.network_received,
        }
    }
}

/// Something that is done from some size on.
#[derive(Debug, Clone)]
pub(crate) struct SizeThreshold {
    pub(crate) effects: Vec<String>,
    /// The calls of a tool skill that have them, where that can be told.
    pub(crate) in_calls: InCalls,
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
    /// The function of a tool skill, by its name in full; none: the whole run.
    pub function: Option<String>,
    /// Bytes and fuel.
    pub points: Vec<Point>,
    /// What they say.
    pub estimate: Estimate,
    /// What is claimed.
    pub claimed: Option<Complexity>,
}

impl Measurements {
    /// Fuel by size, for plots.
    fn scaling(&self, declared: &Declared) -> Option<Scaling> {
        let points =
            self.points.iter().map(|(size, costs)| Point { size: *size, cost: costs.fuel }).collect();
        let (function, claimed) = (self.function.clone(), self.claimed(declared));
        Some(Scaling { function, points, estimate: self.fuel.clone()?, claimed })
    }

    /// The complexity that is claimed of what was measured.
    pub(crate) fn claimed(&self, declared: &Declared) -> Option<Complexity> {
        match &self.function {
            Some(function) => declared.claims_of(function).complexity,
            None => declared.claims.complexity,
        }
    }
}

impl Performance {
    /// Fuel by size, for plots.
    pub(crate) fn scaling(&self, declared: &Declared) -> Vec<Scaling> {
        self.series.iter().filter_map(|measured| measured.scaling(declared)).collect()
    }

    /// The functions that there is no class for, each with the reason.
    pub(crate) fn left_out(&self) -> impl Iterator<Item = (&str, &'static str)> {
        const FEW: &str = "too few sizes ended like the call itself, or the budget ran out";
        let few = self.series.iter().filter(|measured| measured.fuel.is_none());
        let few = few.filter_map(|measured| Some((measured.function.as_deref()?, FEW)));
        few.chain(self.unmeasured.iter().map(|left| (left.function.as_str(), left.why)))
    }
}
