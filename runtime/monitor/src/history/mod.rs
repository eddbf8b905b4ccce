//! The same invariants over executions that were recorded elsewhere.
//!
//! A [`Log`] is read from JSON lines or traces; [`History::of`] holds executions of the same skill against each
//! other. Nothing can be made again from a log, so nothing is ever confirmed: the verdict is VARIANT at most.

mod case;
mod count;
mod effect;
mod effects;
mod envelope;
mod environment;
mod exact;
mod judge;
mod log;
mod record;
mod report;
mod resources;
#[cfg(test)]
mod tests;
mod trace;
mod versions;

pub use log::{LINE_BYTES_MAX, LOG_BYTES_MAX, Log, LogError, RECORDS_MAX};
pub use record::{Costs, Did, Execution, NAME_CHARS_MAX, RecordError};
pub use report::{History, HistoryRow, SkillHistory, VersionRow};
