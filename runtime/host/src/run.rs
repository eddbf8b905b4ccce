//! One run: what is asked for, and how it is waited for.

use std::{
    fs::File,
    path::{Path, PathBuf},
    pin::Pin,
    time::Duration,
};

use invar_engine::{AnswersFrom, Cancel, Outcome as RunOutcome, RunOptions, Skill, Start};
use invar_ledger::body::RunMode;
use invar_trace::{Keep, Memory, Stream, Trace};

use crate::{
    error::{Error, Outcome},
    files,
    host::Host,
    recorded::{CheckedLedger, Recorded},
    slot,
};

/// What a run is told, and how it is put on record.
#[derive(Debug)]
pub struct RunSpec {
    pub(crate) start: Start,
    pub(crate) agent: Option<String>,
    pub(crate) mode: RunMode,
    pub(crate) trace: Option<TraceFile>,
    pub(crate) keep: Keep,
}

impl RunSpec {
    /// A run in the lab, asked for by nobody in particular. Its trace is kept in memory, with all that replaying needs.
    #[must_use]
    pub fn new(start: Start) -> Self {
        Self { start, agent: None, mode: RunMode::Lab, trace: None, keep: Keep::All }
    }

    /// Puts on record who asked for it.
    #[must_use]
    pub fn agent(self, agent: Option<String>) -> Self {
        Self { agent, ..self }
    }

    /// Puts it on record as a recorded run with values changed.
    #[must_use]
    pub fn changed(self) -> Self {
        Self { mode: RunMode::Replay, ..self }
    }

    /// Writes its trace to a file as it runs. What a run that is not put on record leaves there is no result.
    #[must_use]
    pub fn trace(self, trace: Option<TraceFile>) -> Self {
        Self { trace, ..self }
    }

    /// Keeps of the trace only the calls, in less memory: it cannot be replayed.
    #[must_use]
    pub fn calls_only(self) -> Self {
        Self { keep: Keep::Events, ..self }
    }
}

/// A new file for a trace.
#[derive(Debug)]
pub struct TraceFile {
    path: PathBuf,
    file: File,
}

impl TraceFile {
    /// Creates it.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn create(path: &Path) -> Outcome<Self> {
        Ok(Self { path: path.to_owned(), file: files::create(path)? })
    }
}

/// What a run came to.
#[derive(Debug, Clone)]
pub struct Completed {
    /// Its end and its output.
    pub outcome: RunOutcome,
    /// Everything it did.
    pub trace: Trace,
}

/// A run that is still to be made. Await it on tokio, or [wait](Self::wait) for it.
#[must_use = "nothing runs until it is awaited or waited for"]
pub struct PendingRun {
    host: Host,
    skill: Skill,
    spec: RunSpec,
    deadline: Option<Duration>,
    cancel: Cancel,
    checked: Option<CheckedLedger>,
}

impl Host {
    /// A run that is still to be made: awaited, or waited for.
    pub fn run(&self, skill: &Skill, spec: RunSpec) -> PendingRun {
        PendingRun::new(self.clone(), skill.clone(), spec)
    }
}

impl PendingRun {
    pub(crate) fn new(host: Host, skill: Skill, spec: RunSpec) -> Self {
        Self { host, skill, spec, deadline: None, cancel: Cancel::default(), checked: None }
    }

    /// Ends it after so much host time, counted from when it has its slot. It is looked at at host calls, and what a skill
    /// computes between two of them is bounded by fuel alone. The limit of the host stays.
    pub fn deadline(self, deadline: Duration) -> Self {
        Self { deadline: Some(deadline), ..self }
    }

    /// Ends it when this is cancelled: in line, before it starts, or at a host call.
    pub fn cancel(self, cancel: Cancel) -> Self {
        Self { cancel, ..self }
    }

    /// Does not check the audit trail again before it starts.
    pub fn checked(self, checked: CheckedLedger) -> Self {
        Self { checked: Some(checked), ..self }
    }

    /// Makes it on this thread, which waits for a slot if there is none.
    ///
    /// # Errors
    /// [`Error::Busy`]; the audit trail cannot be written; the run gave no result.
    pub fn wait(self) -> Outcome<Recorded<Completed>> {
        let _place = self.host.wait()?;
        self.execute()
    }

    /// Everything between the slot and the record.
    fn execute(self) -> Outcome<Recorded<Completed>> {
        let Self { host, skill, mut spec, deadline, cancel, checked } = self;
        spec.start.limits = spec.start.limits.at_most(host.run_limits());
        // Before anything runs that could not be put on record.
        if checked.is_none() {
            host.check_ledger()?;
        }
        let mut patience = host.patience(deadline);
        patience.cancel = cancel;
        let options = RunOptions { answers: AnswersFrom::Lab, patience: Some(&patience) };
        let engine = host.engine();
        let (outcome, trace) = match spec.trace {
            None => {
                let memory = Memory::new(spec.keep);
                let outcome = engine.run_with(&options, &skill, &spec.start, Box::new(memory.clone()))?;
                (outcome, memory.take())
            }
            Some(TraceFile { path, file }) => {
                let stream = Stream::new(file, |file| file.sync_all());
                let outcome = engine.run_with(&options, &skill, &spec.start, Box::new(stream))?;
                (outcome, Trace::read(&files::read(&path)?)?)
            }
        };
        // A file can be exchanged while the run writes it.
        if trace.head() != Some(outcome.head) {
            return Err(Error::Lost("its trace is not what was written".into()));
        }
        let event = host.record(&trace, spec.mode, spec.agent.as_deref())?;
        Ok(Recorded::new(Completed { outcome, trace }, event))
    }
}

impl IntoFuture for PendingRun {
    type Output = Outcome<Recorded<Completed>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    /// Waits for a slot without a thread, then runs on one of tokio's threads for blocking work. When the future is
    /// dropped, the run is cancelled.
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let (host, cancel) = (self.host.clone(), self.cancel.clone());
            slot::work_in(&host, &cancel, |cancel| self.cancel(cancel).execute()).await
        })
    }
}
