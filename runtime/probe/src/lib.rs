//! Finds what a skill waits for without waiting for it.
//!
//! [`instrument`] rewrites a component or module so that it reports the operands of its comparisons. The search changes one
//! input at a time, sees which operands change with it, and solves for the inputs that flip a branch. Nothing is
//! run here: the caller makes the runs and implements [`Bench`].

mod dormant;
mod inputs;
mod literals;
mod log;
mod rewrite;
mod search;
mod site;
mod solve;

pub use dormant::{Code, Directions, DormantCall, Guard, SiteCoverage};
pub use inputs::{
    Assignment, INPUT_BYTES_MAX, InitialState, ObservedInputs, Source, Value, changes, input_bytes_max,
};
pub use log::{HitIndex, Log};
pub use rewrite::{
    COMPARISONS_HITS_MAX, FILTER_SLOTS, HitFilter, InstrumentedComponent, MemoryInit, Omission, Probes,
    RewriteError, instrument,
};
pub use search::{
    Bench, Condition, DEPTH_MAX, Declares, Flip, FlipTo, LocatedBranch, Observation, Plan, Progress, Reach,
    SearchOutcome, StopReason, Trial, known, search,
};
pub use site::{Comparison, Relation, Site, SiteKind, Width};
