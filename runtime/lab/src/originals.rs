//! Runs of the original: each is on record, whoever asked for it.
//!
//! Invariant: nothing else in the lab runs the original.

use invar_engine::{Engine, RunError, Skill, Start};
use invar_trace::{Account, Behaviour, Keep, Memory, TraceError};
use rayon::prelude::*;

use crate::series::Made;

/// Makes the runs of one skill, and keeps what an audit trail has of each.
pub(crate) struct Originals<'a> {
    engine: &'a Engine,
    skill: &'a Skill,
    accounts: Vec<Account>,
}

impl<'a> Originals<'a> {
    pub(crate) fn new(engine: &'a Engine, skill: &'a Skill) -> Self {
        Self { engine, skill, accounts: Vec::new() }
    }

    pub(crate) fn engine(&self) -> &'a Engine {
        self.engine
    }

    pub(crate) fn skill(&self) -> &'a Skill {
        self.skill
    }

    /// Makes the next run of the series, on record with its number.
    pub(crate) fn next_of_series(&mut self, start: Start) -> Result<Made, RunError> {
        let number = start.run.number;
        let (made, account) = self.make(start, number)?;
        self.accounts.push(account);
        Ok(made)
    }

    /// Makes a run that follows up.
    pub(crate) fn follow_up(&mut self, start: Start) -> Result<Made, RunError> {
        let (made, account) = self.make(start, 0)?;
        self.accounts.push(account);
        Ok(made)
    }

    /// Makes several at once, over all cores. They are on record in their order.
    pub(crate) fn follow_up_all<T: Send>(
        &mut self,
        starts: Vec<Start>,
        wanted: impl Fn(Made) -> T + Sync,
    ) -> Result<Vec<T>, RunError> {
        let run = |start| self.make(start, 0).map(|(made, account)| (wanted(made), account));
        let made: Vec<Result<_, RunError>> = starts.into_par_iter().map(run).collect();
        let mut answers = Vec::with_capacity(made.len());
        let mut failed = None;
        // What was made is on record, also beside one that failed.
        for made in made {
            match made {
                Ok((answer, account)) => {
                    answers.push(answer);
                    self.accounts.push(account);
                }
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        failed.map_or(Ok(answers), Err)
    }

    /// What an audit trail keeps of all runs until now, in the order in which they were asked for.
    pub(crate) fn take_accounts(&mut self) -> Vec<Account> {
        std::mem::take(&mut self.accounts)
    }

    /// Makes one run; `number` is that in the series, 0 if it is of none.
    fn make(&self, start: Start, number: u32) -> Result<(Made, Account), RunError> {
        let failed = |error: TraceError| RunError::Host(error.to_string());
        let watch = crate::stopwatch::Stopwatch::start();
        let memory = Memory::new(Keep::Events);
        let outcome = self.engine.run(self.skill, &start, Box::new(memory.clone()))?;
        let trace = memory.take();
        if !trace.chain_holds() {
            return Err(RunError::Host(format!("the hash chain of run {} does not hold", start.run.number)));
        }
        let behaviour = Behaviour::of(&trace).map_err(failed)?;
        let account = Account::of(number, &trace, &behaviour).map_err(failed)?;
        let made = Made {
            number: start.run.number,
            end: start.run.start.after(outcome.end.virtual_ns),
            files: outcome.files,
            start,
            trace,
            behaviour: behaviour.into(),
            real_ms: watch.elapsed_ms(),
        };
        Ok((made, account))
    }
}
