//! Runs of the original: each is on record, whoever asked for it.
//!
//! Invariant: nothing else in the lab runs the original.

use invar_engine::{Engine, Patience, RunError, RunOptions, Skill, Start};
use invar_trace::{Behaviour, Keep, Memory, RunSummary, TraceError};
use rayon::prelude::*;

use crate::series::CompletedRun;

/// Makes the runs of one skill, and keeps what an audit trail has of each.
pub(crate) struct Originals<'a> {
    engine: &'a Engine,
    skill: &'a Skill,
    patience: Patience,
    summaries: Vec<RunSummary>,
}

impl<'a> Originals<'a> {
    pub(crate) fn new(engine: &'a Engine, skill: &'a Skill, patience: Patience) -> Self {
        Self { engine, skill, patience, summaries: Vec::new() }
    }

    pub(crate) fn patience(&self) -> &Patience {
        &self.patience
    }

    pub(crate) fn engine(&self) -> &'a Engine {
        self.engine
    }

    pub(crate) fn skill(&self) -> &'a Skill {
        self.skill
    }

    /// Makes the next run of the series, on record with its number.
    pub(crate) fn next_of_series(&mut self, start: Start) -> Result<CompletedRun, RunError> {
        let number = start.run.number;
        let (completed, summary) = self.execute(start, number)?;
        self.summaries.push(summary);
        Ok(completed)
    }

    /// Makes a run that follows up.
    pub(crate) fn follow_up(&mut self, start: Start) -> Result<CompletedRun, RunError> {
        let (completed, summary) = self.execute(start, 0)?;
        self.summaries.push(summary);
        Ok(completed)
    }

    /// Makes several at once, over all cores. They are on record in their order; beside those that were made stands why
    /// others were not.
    pub(crate) fn follow_up_all<T: Send>(
        &mut self,
        starts: Vec<Start>,
        wanted: impl Fn(CompletedRun) -> T + Sync,
    ) -> (Vec<T>, Option<RunError>) {
        let run = |start| self.execute(start, 0).map(|(completed, summary)| (wanted(completed), summary));
        let completed: Vec<Result<_, RunError>> = starts.into_par_iter().map(run).collect();
        let mut answers = Vec::with_capacity(completed.len());
        let mut failed = None;
        // What was made is on record, also beside one that failed.
        for completed in completed {
            match completed {
                Ok((answer, summary)) => {
                    answers.push(answer);
                    self.summaries.push(summary);
                }
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        (answers, failed)
    }

    /// What an audit trail keeps of all runs until now, in the order in which they were asked for.
    pub(crate) fn take_summaries(&mut self) -> Vec<RunSummary> {
        std::mem::take(&mut self.summaries)
    }

    /// Makes one run; `number` is that in the series, 0 if it is of none.
    fn execute(&self, start: Start, number: u32) -> Result<(CompletedRun, RunSummary), RunError> {
        let failed = |error: TraceError| RunError::Host(error.to_string());
        let watch = crate::stopwatch::Stopwatch::start();
        let (outcome, trace) = again_if_slow(|| {
            let memory = Memory::new(Keep::Events);
            let sink = Box::new(memory.clone());
            let options = RunOptions { patience: Some(&self.patience), ..RunOptions::default() };
            let outcome = self.engine.run_with(&options, self.skill, &start, sink)?;
            Ok((outcome, memory.take()))
        })?;
        if !trace.chain_holds() {
            return Err(RunError::Host(format!("the hash chain of run {} does not hold", start.run.number)));
        }
        let behaviour = Behaviour::of(&trace).map_err(failed)?;
        let summary = RunSummary::of(number, &trace, &behaviour).map_err(failed)?;
        let completed = CompletedRun {
            number: start.run.number,
            end: start.run.start.after(outcome.end.virtual_ns),
            files: outcome.files.unwrap_or_else(|| start.files.clone()),
            start,
            trace,
            behaviour: behaviour.into(),
            real_ms: watch.elapsed_ms(),
        };
        Ok((completed, summary))
    }
}

/// Makes a run once more that the host was too slow for: it may have been busy with something else.
pub(crate) fn again_if_slow<T>(mut run: impl FnMut() -> Result<T, RunError>) -> Result<T, RunError> {
    match run() {
        Err(RunError::HostTime(_)) => run(),
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use invar_engine::RunError;

    use super::again_if_slow;

    /// What comes of a run that ends so, and how often it was made.
    fn completed(endings: &[Result<u8, RunError>]) -> (Result<u8, RunError>, usize) {
        let mut times = 0;
        let result = again_if_slow(|| {
            times += 1;
            endings[times - 1].clone()
        });
        (result, times)
    }

    #[test]
    fn a_run_that_the_host_was_too_slow_for_is_made_once_more_and_no_other_is() {
        let slow = || Err(RunError::HostTime(Duration::from_secs(1)));
        assert_eq!(completed(&[Ok(1)]), (Ok(1), 1));
        assert_eq!(completed(&[slow(), Ok(2)]), (Ok(2), 2));
        assert_eq!(completed(&[slow(), slow(), Ok(3)]), (slow(), 2));
        assert_eq!(completed(&[Err(RunError::Cancelled), Ok(2)]), (Err(RunError::Cancelled), 1));
    }
}
