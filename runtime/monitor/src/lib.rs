//! Does a skill keep its invariants over many runs?
//!
//! [`Monitor::observe`] takes the runs of a series, one by one, and says for which the lab must keep the state.
//! [`Monitor::conclude`] then asks the lab for the runs that would refute each deviation ([`Lab`]: run 8 again with the
//! clock of run 1, with one file as run 1 found it, from the initial files) and comes to findings, triggers and a
//! [`Verdict`].
//!
//! Nothing here runs a skill, reads a clock or a file: behaviours in, a [`Report`] out. A test plays the lab.
//!
//! Invariant: the monitor never sees wasmtime.

mod assemble;
mod attribution;
mod baseline;
mod budget;
mod calendar;
mod class;
mod code_coverage;
mod columns;
mod command;
mod complexity;
mod condition;
mod confusables;
mod coverage;
mod declared;
mod deviation;
mod directions;
mod dormant;
mod error;
#[cfg(test)]
mod fake_lab;
mod fault;
mod finding;
mod followup;
#[cfg(test)]
mod further;
mod grouping;
mod growth;
mod inconclusive;
mod investigate;
mod known_effects;
mod lab;
mod missing_line;
mod monitor;
mod named;
mod needs;
mod output_model;
mod pattern;
mod placebo;
mod question;
mod recommend;
mod report;
mod reproduce;
mod results;
mod row;
mod rows;
#[cfg(test)]
mod rules;
mod runtimes;
mod scale;
#[cfg(test)]
mod scenarios;
mod search;
mod section;
mod source;
pub mod statistics;
mod stored;
mod subject;
mod text;
mod threshold;
mod tool_calls;
#[cfg(test)]
mod tools;
mod trigger;
mod trigger_kind;
mod unanswered;
mod verdict;

pub use baseline::{BASELINE_RUNS, Baseline, Seen};
pub use budget::{Allowance, Budget, MINIMUM_FUEL_MAX};
pub use code_coverage::{CodeCoverage, SearchKind};
pub use columns::EnvelopeRow;
pub use complexity::{Estimate, Fit, Point};
pub use coverage::{Coverage, Functions, Sites};
pub use declared::Declared;
pub use deviation::{Cost, Deviation};
pub use dormant::{Dormant, Reach};
pub use error::{LabError, Spent};
pub use finding::{Class, Finding, Severity};
pub use grouping::location;
pub use lab::Lab;
pub use monitor::Monitor;
pub use needs::Need;
pub use pattern::Pattern;
pub use question::{Factor, Keep, Question, Swap};
pub use report::{
    DetectionPower, Effort, EngineId, Judged, LedgerBlock, Recommendation, Report, RunBytes, RunRow, SkillId,
    rate_below,
};
pub use results::{Scaling, Unmet};
pub use row::{Row, RunEffects};
pub use search::{Fired, Forward, ForwardFind, Forwarded, Located, LocatedKind, Search, Searched};
pub use section::{Section, Status};
pub use stored::Stored;
pub use subject::{Protocol, Subject, report_id};
pub use text::{bytes, count, duration, join, quoted, ratio, runs, several, shell_word};
pub use tool_calls::{CallRef, in_calls};
pub use trigger::{Boundary, Confidence, Evidence, Proof, Trigger, TriggerKind};
pub use unanswered::NoAnswer;
pub use verdict::Verdict;
