//! Finds what a skill waits for without waiting for it.
//!
//! [`instrument`] rewrites a component so that it tells what it compares. From what it tells, and from which of
//! that changes when one thing that it was told is changed, follows what would make a comparison come out the other
//! way. Nothing is run here: whoever has runs made asks what to try next.

mod dormant;
mod inputs;
mod literals;
mod log;
mod rewrite;
mod search;
mod site;
mod solve;

pub use dormant::{Came, Code, Dormant, Executed, Guard};
pub use inputs::{Assignment, InitialState, ObservedInputs, Source, Value, changes};
pub use log::{At, Log};
pub use rewrite::{
    COMPARISONS_HITS_MAX, FILTER_SLOTS, HitFilter, Instrumented, LeftOut, MemoryInit, Probes, RewriteError,
    instrument,
};
pub use search::{
    Bench, DEPTH_MAX, Found, Located, Outcome, Plan, Progress, Reach, Seen, Stopped, Trial, known, search,
};
pub use site::{Comparison, Relation, Site, SiteKind, Width};
