//! Runs of an instrumented copy, for the search. Public for the benches alone.

use std::sync::Arc;

use invar_engine::{
    AnswersFrom, Engine, LoadError, Outcome, Patience, Probe, Probed, RunError, RunOptions, SiteFlip, Skill,
    Start, TimeSchedule,
};
use invar_probe::{
    Bench, HitFilter, InitialState, InstrumentedComponent, Log, MemoryInit, Observation, ObservedInputs,
    Probes, Progress, RewriteError, StopReason, Trial, input_bytes_max, instrument, known,
};
use invar_trace::{Behaviour, Entry, Keep, Memory, Trace, TraceError};
use invar_world::{Change, Digest};
use rayon::prelude::*;
use thiserror::Error;

use crate::originals::again_if_slow;

/// An instrumented copy of a skill.
pub struct Copy {
    pub(crate) probed: Probed,
    pub(crate) instrumented: InstrumentedComponent,
    pub(crate) probes: Probes,
}

/// A copy that cannot be had.
#[derive(Debug, Error)]
pub enum CopyError {
    /// The component cannot be rewritten.
    #[error(transparent)]
    Rewrite(#[from] RewriteError),
    /// What was made of it cannot be loaded.
    #[error("the instrumented copy cannot be loaded: {0}")]
    Load(#[from] LoadError),
}

impl Copy {
    /// A copy with all probes, that reports the first hits of each site.
    ///
    /// # Errors
    /// See [`CopyError`].
    pub fn of(engine: &Engine, skill: &Skill) -> Result<Self, CopyError> {
        Self::with(engine, skill, Probes::all(HitFilter::First))
    }

    /// A copy with these probes.
    ///
    /// # Errors
    /// See [`CopyError`].
    pub fn with(engine: &Engine, skill: &Skill, probes: Probes) -> Result<Self, CopyError> {
        let instrumented = instrument(&skill.component, probes)?;
        let probed = engine.load_probed(skill, &instrumented.bytes, &instrumented.overhead)?;
        Ok(Self { probed, instrumented, probes })
    }

    /// Whether it reports only hits with known operands.
    pub(crate) fn is_interpreter(&self) -> bool {
        self.probes.gate == HitFilter::Known
    }
}

/// Times that each function reports its parameters in a run that reports texts.
const ENTER_HITS: u8 = 16;
/// A run may take so many times the fuel of the one that the search began with.
const FUEL_RATIO: u64 = 8;
/// And at least this much, for small skills.
const FUEL_MIN: u64 = 20_000_000;

/// What the runs of a search may cost, and have.
#[derive(Debug, Clone, Copy, Default)]
pub struct Spending {
    /// Runs that were made.
    pub runs: u64,
    /// And that may be.
    pub runs_max: u64,
    /// Fuel that was burnt.
    pub fuel: u64,
    /// And that may be, before the last runs.
    pub fuel_max: u64,
    /// The host was too slow for one of them, twice.
    pub is_host_slow: bool,
}

/// Where to report progress, whether the search is interrupted, and how long a run may take.
pub type Watch<'a> = (&'a (dyn Fn(Progress, u64) + Sync), &'a (dyn Fn() -> bool + Sync), &'a Patience);

/// Makes the runs of one search.
pub struct Probing<'a> {
    engine: &'a Engine,
    copy: &'a Copy,
    is_typed: bool,
    base: Start,
    schedule: Arc<TimeSchedule>,
    /// Initial memory of the copy: without, and with texts.
    setups: [Arc<[u64]>; 2],
    /// The inputs that the original observed: known to an interpreter's copy.
    inputs: ObservedInputs,
    pub(crate) spending: Spending,
    watch: Watch<'a>,
}

impl<'a> Probing<'a> {
    /// A search that begins with a run of the original, which started with `base` and left `trace`.
    ///
    /// # Errors
    /// The trace is not whole.
    pub fn new(
        engine: &'a Engine,
        skill: &Skill,
        copy: &'a Copy,
        (base, trace, behaviour): (&Start, &Trace, &Behaviour),
        spending: Spending,
        watch: Watch<'a>,
    ) -> Result<Self, StopReason> {
        let failed = |error: TraceError| StopReason::Failed(error.to_string());
        let schedule = TimeSchedule::of(trace).map_err(failed)?;
        let fuel = trace.end().map_err(failed)?.fuel;
        let is_typed = skill.entry != Entry::Command;
        let inputs = ObservedInputs::of(
            trace,
            behaviour,
            initial_state(base, is_typed, input_bytes_max(base.input.len())),
        )
        .map_err(failed)?;
        let mut base = base.clone();
        base.limits.fuel = base.limits.fuel.min(fuel.saturating_mul(FUEL_RATIO).max(FUEL_MIN));
        let reporting = [MemoryInit::EnterHits(ENTER_HITS).packed()];
        Ok(Self {
            engine,
            copy,
            is_typed,
            base,
            schedule: schedule.into(),
            setups: [Arc::new([]), Arc::new(reporting)],
            inputs,
            spending,
            watch,
        })
    }

    /// Runs the copy as the original was run.
    pub(crate) fn run_base(&mut self) -> Result<Observation, StopReason> {
        self.run(&[Trial::default()])?.pop().ok_or_else(|| StopReason::Failed("no run was made".into()))
    }

    fn run_one(&self, trial: &Trial) -> Result<Observation, RunError> {
        let mut start = self.base.clone();
        for change in &trial.changes {
            // A change that cannot be made has nothing to show.
            if start.apply(change).is_err() {
                return Ok(nothing());
            }
        }
        let setup = match self.copy.probes.gate {
            HitFilter::First => {
                let inits = &self.setups[usize::from(trial.texts)];
                let more = trial.more.iter().filter_map(|site| self.copy.instrumented.more_hits(*site));
                match trial.more.is_empty() {
                    true => inits.clone(),
                    false => inits.iter().copied().chain(more.map(MemoryInit::packed)).collect(),
                }
            }
            HitFilter::Known => {
                known(&self.inputs, &trial.changes).iter().map(|init| init.packed()).collect()
            }
        };
        let mut probe = Probe { setup, ..Probe::default() };
        for flip in trial.flipped.iter().copied() {
            if let Some(site) = self.copy.instrumented.sites.get(flip.site as usize) {
                let kind = site.kind;
                let operand = Arc::new(move |left, right| flip.operand(kind, left, right));
                probe.flipped.push(SiteFlip { site: flip.site, nth: flip.nth, flip: operand, hits: 0 });
            }
        }
        // The script knows how long the original waited: it cannot say how long a run does that does not wait.
        let is_scripted = !trial.changes.contains(&Change::SkipSleep);
        let schedule = if is_scripted { self.schedule.clone() } else { Arc::default() };
        let (outcome, probe, trace): (Outcome, Probe, Trace) = again_if_slow(|| {
            let memory = Memory::new(Keep::Events);
            let options =
                RunOptions { answers: AnswersFrom::Schedule(schedule.clone()), patience: Some(self.watch.2) };
            let sink = Box::new(memory.clone());
            let (outcome, probe) =
                self.engine.run_probed(&options, &self.copy.probed, &start, probe.clone(), sink)?;
            Ok((outcome, probe, memory.take()))
        })?;
        let failed = |error: TraceError| RunError::Host(error.to_string());
        let behaviour = Behaviour::of(&trace).map_err(failed)?;
        let inputs = match trial.report_inputs {
            false => None,
            true => Some(
                ObservedInputs::of(
                    &trace,
                    &behaviour,
                    initial_state(&start, self.is_typed, input_bytes_max(self.base.input.len())),
                )
                .map_err(failed)?,
            ),
        };
        Ok(Observation {
            log: Log::of(probe.hits),
            output_digests: behaviour.output_digests(),
            ending: behaviour.ending.to_string(),
            effects: behaviour.effects,
            fuel: outcome.end.fuel,
            inputs,
        })
    }
}

/// What a run begins with.
fn initial_state(start: &Start, is_typed: bool, input_bytes_max: usize) -> InitialState<'_> {
    InitialState {
        world: &start.world,
        run: &start.run,
        files: &start.files,
        args: &start.args,
        input: &start.input,
        is_typed,
        input_bytes_max,
    }
}

/// A run that was not made.
fn nothing() -> Observation {
    let none = invar_trace::OutputDigest { digest: Digest::of(b""), bytes: 0 };
    Observation {
        log: Log::default(),
        effects: Default::default(),
        output_digests: invar_trace::OutputDigests { stdout: none, stderr: none },
        ending: String::new(),
        fuel: 0,
        inputs: None,
    }
}

impl Bench for Probing<'_> {
    fn run(&mut self, trials: &[Trial]) -> Result<Vec<Observation>, StopReason> {
        if (self.watch.1)() {
            return Err(StopReason::Interrupted);
        }
        if self.spending.runs + trials.len() as u64 > self.spending.runs_max
            || self.spending.fuel >= self.spending.fuel_max
        {
            return Err(StopReason::Budget);
        }
        let seen: Result<Vec<Observation>, RunError> =
            trials.par_iter().map(|trial| self.run_one(trial)).collect();
        self.spending.is_host_slow |= matches!(seen, Err(RunError::HostTime(_)));
        let seen = seen.map_err(|error| match error {
            RunError::HostTime(_) => StopReason::SlowHost,
            RunError::Cancelled => StopReason::Interrupted,
            other => StopReason::Failed(other.to_string()),
        })?;
        self.spending.runs += trials.len() as u64;
        self.spending.fuel += seen.iter().map(|seen| seen.fuel).sum::<u64>();
        Ok(seen)
    }

    fn progress(&mut self, progress: Progress) {
        (self.watch.0)(progress, self.spending.runs);
    }
}
