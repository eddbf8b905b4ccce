//! Does a skill keep its invariants over many runs?
//!
//! [`Monitor::observe`] is told of the runs of a series, one by one, and says of which the lab must keep the
//! state. [`Monitor::conclude`] then asks the lab for the runs that would refute each deviation ([`Lab`]: make
//! run 8 again with the clock of run 1, with one file as run 1 found it, from the initial files) and comes to
//! findings, triggers and a [`Verdict`].
//!
//! Nothing here runs a skill, reads a clock or a file: behaviours in, a [`Report`] out. A test plays the lab.
//!
//! Invariant: the monitor never sees wasmtime.

mod ask;
mod attribution;
mod budget;
mod calendar;
mod class;
mod columns;
mod command;
mod complexity;
mod condition;
mod confusables;
mod coverage;
mod dormant;
#[cfg(test)]
mod fake_lab;
mod fault;
mod finding;
mod followup;
mod grouping;
mod growth;
mod inconclusive;
mod monitor;
mod named;
mod pattern;
mod placebo;
mod recommend;
mod report;
#[cfg(test)]
mod rules;
mod runtimes;
mod scale;
mod series;
pub mod statistics;
mod stored;
mod text;
mod turning;
mod verdict;

pub use ask::{Factor, Forward, Forwarded, Keep, Lab, LabError, Located, Question, Search, Searched, Swap};
pub use budget::{Allowance, Budget, MINIMUM_FUEL_MAX, Spent};
pub use columns::EnvelopeRow;
pub use complexity::{Estimate, Fit, Point};
pub use coverage::{CodeCoverage, Coverage, Functions, SearchKind, Sites, Unmet};
pub use dormant::{Dormant, Reach};
pub use finding::{Class, Confidence, Evidence, Finding, Proof, Severity, Trigger, TriggerKind};
pub use grouping::location;
pub use monitor::{Declared, Monitor, Protocol, Subject, report_id};
pub use pattern::Pattern;
pub use report::{
    Boundary, DetectionPower, Effort, EngineId, Judged, LedgerBlock, Recommendation, Report, RunBytes,
    RunRow, Scaling, Section, SkillId, Status, rate_below,
};
pub use series::{BASELINE_RUNS, Baseline, Cost, Deviation, Row, RunEffects, Seen};
pub use stored::Stored;
pub use text::{bytes, count, duration, join, quoted, ratio, runs, shell_word};
pub use verdict::Verdict;
