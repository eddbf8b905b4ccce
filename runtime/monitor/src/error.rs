//! Why a lab does not answer.

use std::fmt;

use thiserror::Error;

/// Why no more follow-up runs are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spent {
    /// The budget of runs is used up, or the share of it.
    Runs,
    /// The budget of fuel is used up, or the share of it.
    Fuel,
    /// Not even the minimum could be asked: [`MINIMUM_FUEL_MAX`](crate::MINIMUM_FUEL_MAX).
    Minimum,
    /// The host was too slow for a run, twice: more would be ended like it.
    HostTime,
    /// The user wants no more runs.
    Interrupted,
}

impl fmt::Display for Spent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Runs => "the budget of follow-up runs ran out (--budget raises it)",
            Self::Fuel => "the budget of fuel ran out (--fuel-budget raises it)",
            Self::Minimum => {
                "follow-up runs cost more fuel than is allowed for the minimum of questions (--fuel-budget raises it)"
            }
            Self::HostTime => "the host was too slow: a run was ended by the limit on host time, twice",
            Self::Interrupted => "it was interrupted",
        })
    }
}

/// Why the lab does not answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LabError {
    /// No runs are left to ask with.
    #[error("{0}")]
    OutOfBudget(Spent),
    /// The lab failed: not the skill's doing.
    #[error("{0}")]
    Failed(String),
}
