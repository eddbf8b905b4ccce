//! Arranges runs.
//!
//! [`monitor`] makes a series of runs, each on the files that the one before left, reports each to the monitor,
//! and answers what the monitor asks: a run again, with one thing as another run had it, from the initial files.
//! Independent runs go over all cores; whatever their number, the answers are the same.

mod copies;
mod coverage;
mod dormant;
mod faithful;
mod forward;
#[doc(hidden)]
pub mod interpreter;
mod originals;
#[doc(hidden)]
pub mod probing;
mod search;
mod series;
mod session;
mod stopwatch;

use std::{sync::Arc, time::Duration};

/// What ends runs that are under way.
pub use invar_engine::Cancel;
use invar_engine::{Engine, Patience, RunError, Skill, Start, StartError};
use invar_monitor::{Declared, Lab as _, LabError, Monitor, Protocol, Report, Stored, Subject};
/// How far a search has come.
pub use invar_probe::Progress as Searching;
use invar_trace::{RunSummary, Trace};
pub use session::Progress;
use session::Session;
use thiserror::Error;

/// How much is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Runs of the series.
    pub runs: u32,
    /// Runs to follow up with.
    pub followups_max: u32,
    /// Fuel to follow up with.
    pub followup_fuel_max: u64,
    /// Traces to hand back.
    pub keep: KeepTraces,
    /// Follow up with runs in which one call fails, too.
    pub faults: bool,
    /// How far conditions are searched for.
    pub reach: Reach,
    /// Host time of one run. It changes no result: a run that it ends is none.
    pub run_time: Duration,
}

/// How far conditions are searched for that no run of the series had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Not at all: likely ones are tried, and no more.
    None,
    /// By going on with the series, and by likely times.
    Forward,
    /// By what the skill compares, too.
    Full,
}

impl Plan {
    /// Follow-up runs of a monitoring, by default.
    pub const FOLLOWUPS: u32 = 5_000;
    /// Fuel of follow-up runs, by default.
    pub const FOLLOWUP_FUEL: u64 = 10_000_000_000;

    /// Follow-up runs of a search that is asked for.
    pub const SEARCH_RUNS: u32 = 200_000;
    /// And their fuel.
    pub const SEARCH_FUEL: u64 = 200_000_000_000;

    /// With another budget of follow-up runs; that of fuel goes with it in proportion.
    #[must_use]
    pub fn scaled_to(self, followups_max: u32) -> Self {
        let fuel = u128::from(self.followup_fuel_max) * u128::from(followups_max)
            / u128::from(self.followups_max.max(1));
        Self { followups_max, followup_fuel_max: u64::try_from(fuel).unwrap_or(u64::MAX), ..self }
    }

    /// So many runs, followed up as far as a search goes that is asked for.
    #[must_use]
    pub fn search(runs: u32) -> Self {
        Self { followups_max: Self::SEARCH_RUNS, followup_fuel_max: Self::SEARCH_FUEL, ..Self::of(runs) }
    }

    /// So many runs, followed up as far as usual.
    #[must_use]
    pub fn of(runs: u32) -> Self {
        Self {
            runs,
            followups_max: Self::FOLLOWUPS,
            followup_fuel_max: Self::FOLLOWUP_FUEL,
            keep: KeepTraces::Findings,
            reach: Reach::Full,
            faults: false,
            run_time: Patience::default().time,
        }
    }
}

/// What a series begins with.
#[derive(Debug, Clone, Copy)]
pub struct SeriesInput<'a> {
    /// Run 1.
    pub start: &'a Start,
    /// Inputs that cost is measured over, beside that of run 1.
    pub others: &'a [Arc<[u8]>],
    /// A baseline that was measured before, on the same.
    pub stored: Option<&'a Stored>,
}

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

/// A monitoring that came to nothing, not by the skill's doing.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MonitorError {
    /// A run could not be made.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A change could not be made.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The lab failed while it was asked.
    #[error("{0}")]
    Lab(String),
}

/// Which traces are handed back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeepTraces {
    /// None.
    None,
    /// Of the runs that the report speaks of, and of those that all others are held against.
    Findings,
    /// Of all runs.
    All,
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

/// A behaviour that many hold.
pub(crate) type Shared = Arc<invar_trace::Behaviour>;

#[cfg(test)]
mod tests {
    use super::Plan;

    #[test]
    fn a_budget_of_runs_brings_its_fuel_in_proportion() {
        let plan = Plan::of(20).scaled_to(2 * Plan::FOLLOWUPS);
        assert_eq!(plan.followup_fuel_max, 2 * Plan::FOLLOWUP_FUEL);
        let fuzz = Plan::search(20).scaled_to(Plan::SEARCH_RUNS / 10);
        assert_eq!(fuzz.followup_fuel_max, Plan::SEARCH_FUEL / 10);
        assert_eq!(Plan::of(20).scaled_to(0).followup_fuel_max, 0);
        assert_eq!(Plan::of(20).scaled_to(Plan::FOLLOWUPS), Plan::of(20));
        let most = Plan::search(20).scaled_to(u32::MAX).followup_fuel_max;
        assert!(most > Plan::SEARCH_FUEL, "{most}");
    }
}
