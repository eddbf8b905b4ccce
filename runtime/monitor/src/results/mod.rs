//! What the questions of the monitor came to, a file for each kind of question.

mod branch_flip;
mod environment;
mod faults;
mod investigation;
mod output;
mod part;
mod sizes;
mod solved;
mod unmet;
mod variables;

pub(crate) use branch_flip::BranchFlip;
pub(crate) use environment::EnvironmentResults;
pub(crate) use faults::{FaultResponse, FaultResults};
pub(crate) use investigation::{Investigation, SearchSummary};
pub(crate) use output::{OutputVariation, is_only_errors};
pub(crate) use part::Part;
pub use sizes::Scaling;
pub(crate) use sizes::{Costs, Measurements, Performance, SizeThreshold, Unmeasured};
pub(crate) use solved::{Forced, Solved};
pub use unmet::Unmet;
pub(crate) use unmet::unmet_classes;
pub(crate) use variables::VariableReads;
