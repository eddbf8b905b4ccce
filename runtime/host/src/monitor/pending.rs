//! How a monitoring is waited for.

use std::pin::Pin;

use invar_lab::{Cancel, Progress, Searching};

use super::{
    record::record,
    series::{self, Monitored, Watched},
    spec::MonitorSpec,
};
use crate::{
    error::Outcome,
    host::{Host, LoadedSkill},
    ledger::Ledger,
    recorded::{CheckedLedger, Recorded},
    slot,
};

/// A monitoring that is still to be made. Await it on tokio, or [wait](Self::wait) for it.
#[must_use = "nothing runs until it is awaited or waited for"]
pub struct PendingMonitor {
    host: Host,
    skill: LoadedSkill,
    spec: MonitorSpec,
    cancel: Option<Cancel>,
    progress: Box<dyn Progress + Send>,
    checked: Option<CheckedLedger>,
}

impl Host {
    /// A monitoring that is still to be made: awaited, or waited for.
    pub fn monitor(&self, skill: &LoadedSkill, spec: MonitorSpec) -> PendingMonitor {
        PendingMonitor::new(self.clone(), skill.clone(), spec)
    }
}

impl PendingMonitor {
    pub(crate) fn new(host: Host, skill: LoadedSkill, spec: MonitorSpec) -> Self {
        Self { host, skill, spec, cancel: None, progress: Box::new(Silent), checked: None }
    }

    /// Ends it when this is cancelled: the run that is under way ends at a host call, and what was found until then is
    /// reported and put on record. Takes the place of the flag that the progress names.
    pub fn cancel(self, cancel: Cancel) -> Self {
        Self { cancel: Some(cancel), ..self }
    }

    /// Receives the progress, of one series after the other.
    pub fn progress(self, progress: impl Progress + Send + 'static) -> Self {
        Self { progress: Box::new(progress), ..self }
    }

    /// Does not check the audit trail again before anything runs.
    pub fn checked(self, checked: CheckedLedger) -> Self {
        Self { checked: Some(checked), ..self }
    }

    /// Makes it on this thread and those that the lab uses.
    ///
    /// # Errors
    /// [`Error::Busy`](crate::Error::Busy); the audit trail cannot be written; a run could not be made.
    pub fn wait(self) -> Outcome<Recorded<Monitored>> {
        self.wait_with_ledger().map(|(monitored, _)| monitored)
    }

    /// The same, and hands over the audit trail as it was closed and still locked, so that exactly this state of it can be
    /// published. Others who write to it wait until it is dropped.
    ///
    /// # Errors
    /// As [`PendingMonitor::wait`].
    pub fn wait_with_ledger(self) -> Outcome<(Recorded<Monitored>, Ledger)> {
        let _place = self.host.wait()?;
        self.execute()
    }

    fn execute(self) -> Outcome<(Recorded<Monitored>, Ledger)> {
        let Self { host, skill, spec, cancel, progress, checked } = self;
        let spec = spec.resolved(&skill)?;
        // Before anything runs that could not be put on record.
        if checked.is_none() {
            host.check_ledger()?;
        }
        let cancel = cancel.unwrap_or_else(|| progress.cancel());
        let watched = Watched { progress: progress.as_ref(), cancel };
        let completed = series::execute(&host, &skill, &spec, &watched)?;
        record(&host, &skill, &spec, completed)
    }
}

impl IntoFuture for PendingMonitor {
    type Output = Outcome<Recorded<Monitored>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    /// Waits for a slot without a thread, then runs on one of tokio's threads for blocking work. When the future is
    /// dropped, the monitoring is cancelled; what was made until then is put on record.
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let host = self.host.clone();
            let cancel = self.cancel.clone().unwrap_or_else(|| self.progress.cancel());
            let work = |cancel| self.cancel(cancel).execute().map(|(monitored, _)| monitored);
            slot::work_in(&host, &cancel, work).await
        })
    }
}

/// Reports no progress.
struct Silent;

impl Progress for Silent {
    fn run(&self, _: u32, _: u32) {}
    fn followups(&self, _: u32, _: &str) {}
    fn search(&self, _: &Searching, _: u64) {}
    fn done(&self) {}
}
