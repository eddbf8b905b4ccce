//! Monitoring: many runs of a skill, and a report on what they have in common.

mod pending;
mod record;
mod series;
mod spec;
mod subject;

pub use invar_lab::{Cancel, KeepTraces, MonitorError, Plan, Progress, Reach, Searching};
pub use invar_monitor::{Report, Stored, Verdict};

pub use self::{
    pending::PendingMonitor,
    series::Monitored,
    spec::{MonitorSpec, NamedInput},
};
