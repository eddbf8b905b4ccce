//! A run again, from its trace.

use std::sync::Arc;

use invar_envelope::Envelope;
use invar_host_api::{Probe, Recorded, Source};
use invar_trace::{Header, Keep, LabOrigin, Memory, Sink, Trace, TraceError};
use invar_world::{Digest, Limits};
use thiserror::Error;

use crate::{
    AnswersFrom, Engine, Outcome, Patience, RunError, RunOptions, Skill, Start,
    run::{Setting, Stack},
};

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
    /// The skill was a module, which ran inside an adapter.
    #[error(
        "the trace was recorded through an adapter for WASI preview 1 ({}), which is no part of invar any more: modules \
         run as they are; record the run again, or replay it with the invar that recorded it", .0.escape_debug()
    )]
    AdapterGone(String),
    /// The run was live: the world that answered it is not here.
    #[error(
        "the trace is of a live run, which cannot be simulated; replay it with its recorded answers (--recorded), and \
         change nothing"
    )]
    Live,
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

/// The start of a run that was recorded in the lab.
///
/// # Errors
/// The trace is not whole, or of a live run.
pub fn start_of(trace: &Trace) -> Result<Start, ReplayError> {
    let header = trace.header()?;
    let LabOrigin { world, run, .. } = header.lab().ok_or(ReplayError::Live)?;
    let envelope = header
        .envelope
        .as_ref()
        .map(|bytes| Envelope::from_cbor(bytes))
        .transpose()
        .map_err(|error| TraceError::Changed { at: 0, what: error.to_string() })?;
    Ok(Start {
        skill: header.skill.clone(),
        world: world.clone(),
        run: *run,
        files: trace.files()?,
        envelope: envelope.map(Arc::new),
        args: header.args.clone(),
        input: trace.input()?.into(),
        // A trace may be anybody's: its run is bounded as every other.
        limits: header.limits.at_most(&Limits::LAB),
        substitutions: header.substitutions.clone(),
        format: header.format,
    })
}

impl Engine {
    /// Makes the run of a trace again, from nothing but the trace and the component: the lab answers as it did.
    ///
    /// # Errors
    /// The trace is of another component or engine, of a live run, or not whole.
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
        let memory = Memory::new(Keep::Events);
        let sink = Box::new(memory.clone());
        let outcome = match &options.answers {
            AnswersFrom::Trace(answers) => {
                let recorded = Recorded::new(answers.clone())?;
                self.run_recorded(recorded, options.patience, skill, trace, sink)?
            }
            AnswersFrom::Lab | AnswersFrom::Schedule(_) => {
                self.run_with(options, skill, &start_of(trace)?, sink)?
            }
        };
        let exact = trace.head() == Some(outcome.head);
        let mut replayed = memory.take();
        replayed.begin_as(trace);
        Ok(Replayed { outcome, trace: replayed, exact })
    }

    /// Makes a recorded run with recorded answers: no world is needed, nor the files that it began with.
    fn run_recorded(
        &self,
        answers: Recorded,
        patience: Option<&Patience>,
        skill: &Skill,
        trace: &Trace,
        sink: Box<dyn Sink>,
    ) -> Result<Outcome, ReplayError> {
        let header = trace.header()?.clone();
        let usual = Patience::default();
        let setting = Setting {
            header: Header {
                entry: skill.entry,
                // A trace may be anybody's: its run is bounded as every other.
                limits: header.limits.at_most(&Limits::LAB),
                ..header
            },
            source: Source::Trace(Box::new(answers)),
            files: None,
            input: trace.input()?,
            probe: Probe::default(),
            stack: Stack::Thread,
            patience: patience.unwrap_or(&usual),
        };
        Ok(self.run_on(setting, skill, sink)?.0)
    }

    fn check(&self, skill: &Skill, header: &Header) -> Result<(), ReplayError> {
        if header.component != skill.digest {
            return Err(ReplayError::OtherComponent { trace: header.component, skill: skill.digest });
        }
        if let Some(adapter) = &header.adapter {
            return Err(ReplayError::AdapterGone(adapter.clone()));
        }
        if header.engine != self.digest() {
            return Err(ReplayError::OtherEngine { trace: header.engine, here: self.digest() });
        }
        Ok(())
    }
}
