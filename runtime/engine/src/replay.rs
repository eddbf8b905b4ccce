//! A run again, from its trace.

use std::sync::Arc;

use invar_envelope::Envelope;
use invar_host_api::limits::FUEL_MAX;
use invar_trace::{Header, Keep, Memory, Trace, TraceError};
use invar_world::Digest;
use thiserror::Error;

use crate::{AnswersFrom, Engine, Outcome, RunError, RunOptions, Skill, Start};

/// A trace that cannot be replayed here.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReplayError {
    /// The trace is of another skill.
    #[error(
        "the trace is of component {trace}, this is {skill}; replay it with the component it was recorded from"
    )]
    OtherComponent {
        /// Of the trace.
        trace: Digest,
        /// Of the skill at hand.
        skill: Digest,
    },
    /// The engine counts or computes differently.
    #[error(
        "the trace was recorded by another engine configuration ({}, here {}): fuel and results need not agree; \
         record the run again, or replay with the invar that recorded it", .trace.short(12), .here.short(12)
    )]
    OtherEngine {
        /// Of the trace.
        trace: Digest,
        /// Of this engine.
        here: Digest,
    },
    /// The trace is not whole.
    #[error(transparent)]
    Trace(#[from] TraceError),
    /// The run could not be made.
    #[error(transparent)]
    Run(#[from] RunError),
}

/// A run made again.
#[derive(Debug, Clone)]
pub struct Replayed {
    /// What it came to.
    pub outcome: Outcome,
    /// Its trace.
    pub trace: Trace,
    /// Whether it is the same, to the bit: output, fuel, order of events, files.
    pub exact: bool,
}

/// The start of a recorded run.
///
/// # Errors
/// The trace is not whole.
pub fn start_of(trace: &Trace) -> Result<Start, TraceError> {
    let header = trace.header()?;
    let envelope = header
        .envelope
        .as_ref()
        .map(|bytes| Envelope::from_cbor(bytes))
        .transpose()
        .map_err(|error| TraceError::Changed { at: 0, what: error.to_string() })?;
    Ok(Start {
        skill: header.skill.clone(),
        world: header.world.clone(),
        run: header.run,
        files: trace.files()?,
        envelope: envelope.map(Arc::new),
        args: header.args.clone(),
        input: trace.input()?.into(),
        // A trace may be anybody's: its run is bounded as every other.
        fuel_limit: header.fuel_limit.min(FUEL_MAX),
        substitutions: header.substitutions.clone(),
    })
}

impl Engine {
    /// Makes the run of a trace again, from nothing but the trace and the component: the lab answers as it did.
    ///
    /// # Errors
    /// The trace is of another component or engine, or not whole.
    pub fn replay(&self, skill: &Skill, trace: &Trace) -> Result<Replayed, ReplayError> {
        self.replay_with(&RunOptions::default(), skill, trace)
    }

    /// Makes the run of a trace again with the answers that the trace holds. Nothing else answers: this proves what the
    /// skill did, and what it would do with other answers it cannot show.
    ///
    /// # Errors
    /// As [`Engine::replay`], and [`RunError::NotInTrace`] if the skill makes another call than it did.
    pub fn replay_recorded(&self, skill: &Skill, trace: &Arc<Trace>) -> Result<Replayed, ReplayError> {
        let options = RunOptions { answers: AnswersFrom::Trace(trace.clone()), patience: None };
        self.replay_with(&options, skill, trace)
    }

    /// The same in another way: ended by the operator, or with other answers.
    ///
    /// # Errors
    /// As [`Engine::replay`], and those of [`Engine::run_with`].
    pub fn replay_with(
        &self,
        options: &RunOptions<'_>,
        skill: &Skill,
        trace: &Trace,
    ) -> Result<Replayed, ReplayError> {
        self.check(skill, trace.header()?)?;
        let start = start_of(trace)?;
        let memory = Memory::new(Keep::Events);
        let outcome = self.run_with(options, skill, &start, Box::new(memory.clone()))?;
        let exact = trace.head() == Some(outcome.head);
        let mut replayed = memory.take();
        replayed.begin_as(trace);
        Ok(Replayed { outcome, trace: replayed, exact })
    }

    fn check(&self, skill: &Skill, header: &Header) -> Result<(), ReplayError> {
        if header.component != skill.digest {
            return Err(ReplayError::OtherComponent { trace: header.component, skill: skill.digest });
        }
        if header.engine != self.digest() {
            return Err(ReplayError::OtherEngine { trace: header.engine, here: self.digest() });
        }
        Ok(())
    }
}
