//! The smallest envelope that runs in the lab need.

use invar_envelope::{Entries, Envelope};
use invar_monitor::Need;

use crate::{
    error::Outcome,
    host::{Host, LoadedSkill},
    monitor::{MonitorSpec, Report},
};

/// Rounds, at most: what a skill may do can lead it to more. Stops a skill that does something else each time.
const ROUNDS_MAX: usize = 4;

/// What was learnt.
#[derive(Debug)]
pub struct Learnt {
    /// The entries that the runs needed.
    pub entries: Entries,
    /// The report of the last series, with these entries declared.
    pub report: Report,
    /// Whether the last series needed nothing more.
    pub is_complete: bool,
}

impl Host {
    /// Monitors a skill with nothing declared, and again with what it lacked, until nothing is lacking. The envelope that
    /// the skill has does not count. Every run is put on record, as that of a monitoring.
    ///
    /// # Errors
    /// As [`PendingMonitor::wait`](crate::monitor::PendingMonitor::wait).
    pub fn learn(&self, skill: &LoadedSkill, spec: &MonitorSpec) -> Outcome<Learnt> {
        let mut entries = Entries::default();
        let mut rounds = 0;
        loop {
            rounds += 1;
            let envelope: Envelope = entries.envelope();
            let monitored = self.monitor(skill, spec.clone().declaring(envelope)).wait()?.into_inner();
            let mut is_complete = true;
            for Need { line, is_exact } in &monitored.report.needs {
                let is_new = if *is_exact { entries.add(line) } else { entries.leave_out(line) };
                is_complete &= !is_new;
            }
            if is_complete || rounds == ROUNDS_MAX {
                return Ok(Learnt { entries, report: monitored.report, is_complete });
            }
        }
    }
}
