//! The invariants of the monitor, over executions that were recorded elsewhere.
//!
//! A [`Log`] is read from JSON lines or traces. [`History::of`] compares executions of the same skill. A log cannot be
//! re-run, so nothing is ever confirmed: the verdict is VARIANT at most.

mod class;
mod comparison;
mod cost;
mod drift;
mod effect;
mod execution;
mod group;
mod history;
mod log;
mod new_effects;
mod regression;
mod report;
mod skill;
mod statistics;
#[cfg(test)]
mod tests;
mod trace;
mod units;
mod wording;

pub use execution::{Activity, Costs, Execution, NAME_CHARS_MAX, RecordError};
pub use log::{LINE_BYTES_MAX, LOG_BYTES_MAX, Log, LogError, RECORDS_MAX};
pub use report::{History, HistoryRow, SkillHistory, VersionRow};
