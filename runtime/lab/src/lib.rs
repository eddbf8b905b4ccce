//! Arranges runs.
//!
//! [`monitor`] makes a series of runs, each on the files that the one before left, reports each to the monitor,
//! and answers what the monitor asks: a run again, with one thing as another run had it, from the initial files.
//! Independent runs go over all cores; whatever their number, the answers are the same.

mod copies;
mod coverage;
mod dormant;
mod error;
mod faithful;
mod forward;
#[doc(hidden)]
pub mod interpreter;
mod originals;
mod plan;
#[doc(hidden)]
pub mod probing;
mod search;
mod series;
mod session;
mod stopwatch;

pub use error::MonitorError;
/// What ends runs that are under way.
pub use invar_engine::Cancel;
use invar_engine::{Engine, Skill};
use invar_monitor::{Declared, Lab as _, LabError, Monitor, Protocol, Report, Subject};
/// How far a search has come.
pub use invar_probe::Progress as Searching;
use invar_trace::{RunSummary, Trace};
pub use plan::{KeepTraces, Plan, Reach};
pub use series::SeriesInput;
pub use session::Progress;
use session::Session;

/// What was monitored and what came of it.
#[derive(Debug)]
pub struct Monitored {
    /// The report.
    pub report: Report,
    /// Traces of the runs that the report speaks of, by their number.
    pub traces: Vec<(u32, Trace)>,
    /// What an audit trail keeps of every run of the skill as it is, whatever it was made for. Runs of instrumented
    /// copies are not among them: what those find counts once such a run confirms it.
    pub summaries: Vec<RunSummary>,
}

/// Monitors a skill: a series of runs from what is given, and what must be asked after it.
///
/// # Errors
/// See [`MonitorError`].
pub fn monitor(
    engine: &Engine,
    skill: &Skill,
    given: SeriesInput<'_>,
    declared: Declared,
    subject: Subject,
    plan: Plan,
    progress: &dyn Progress,
) -> Result<Monitored, MonitorError> {
    let watch = stopwatch::Stopwatch::start();
    let mut monitor = Monitor::new(declared, given.stored.cloned()).by(Protocol { faults: plan.faults });
    let mut session = Session::new(engine, skill, given, plan, progress);
    for _ in 0..plan.runs {
        let Some(run) = session.next_run()? else { break };
        let wanted = monitor.observe(run.number, &run.behaviour);
        session.settle(run, wanted);
        if monitor.cannot_conclude() || session.is_interrupted() {
            break;
        }
    }
    let mut report = monitor.conclude(subject, &mut session).map_err(|error| match error {
        LabError::Failed(message) => MonitorError::Lab(message),
        LabError::OutOfBudget(_) => MonitorError::Lab(error.to_string()),
    })?;
    for (row, real_ms) in report.per_run.iter_mut().zip(session.real_ms()) {
        row.real_ms = *real_ms;
    }
    report.real_ms = watch.elapsed_ms();
    progress.done();
    Ok(Monitored { summaries: session.take_summaries(), traces: session.into_traces(&report), report })
}
