//! The host: an engine, an audit trail and room for runs.

use std::{
    collections::BTreeMap,
    ops::Deref,
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use invar_engine::{
    AnswersFrom, Cache, CacheProblem, Compiler, Engine, HOST_SECONDS_MAX, Patience, Replayed, RunOptions,
    Skill, Start,
};
use invar_envelope::Claims;
use invar_ledger::{Head, body::RunMode};
use invar_trace::{Behaviour, Entry, RunSummary, Trace};
use invar_world::Limits as RunLimits;
use tokio::sync::Semaphore;

use crate::{
    calls, claims,
    error::{Error, Outcome},
    ledger::{Ledger, LedgerOptions, RunIdentity},
    recorded::{CheckedLedger, Recorded},
    skill::{self, SkillFiles},
    world::{self, WorldSpec},
};

/// What runs may take of the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Runs at once. The address space of their memories is reserved when the host is built.
    pub runs_at_once: u32,
    /// Runs that wait for a slot; one more is refused with [`Error::Busy`]. Stops requests from filling memory.
    pub runs_waiting: u32,
    /// Host time of a run, unless its deadline is earlier.
    pub run_time: Duration,
    /// Ceilings of each run, if those of its start are not lower. A monitoring has the lab's, so that reports can be compared;
    /// a replay has those of its trace.
    pub run: RunLimits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            runs_at_once: 32,
            runs_waiting: 1024,
            run_time: Duration::from_secs(HOST_SECONDS_MAX),
            run: RunLimits::LAB,
        }
    }
}

/// Builds a [`Host`].
pub struct HostBuilder {
    ledger: LedgerOptions,
    limits: Limits,
    cache: Option<Cache>,
    compiler: Option<Box<dyn Compiler>>,
}

impl HostBuilder {
    /// What runs may take.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Keeps compiled code.
    #[must_use]
    pub fn cache(self, cache: Cache) -> Self {
        Self { cache: Some(cache), ..self }
    }

    /// Has this compile skills, in a process that can be bounded.
    #[must_use]
    pub fn compiler(self, compiler: Box<dyn Compiler>) -> Self {
        Self { compiler: Some(compiler), ..self }
    }

    /// Builds the host. Nothing is written to the audit trail yet.
    ///
    /// # Errors
    /// The machine cannot run WebAssembly.
    pub fn build(self) -> Outcome<Host> {
        let runs_at_once = self.limits.runs_at_once.max(1);
        let engine = Engine::sized(self.cache, runs_at_once)?;
        Ok(Host(Arc::new(Shared {
            engine: match self.compiler {
                Some(compiler) => engine.with_compiler(compiler),
                None => engine,
            },
            ledger: self.ledger,
            recording: Mutex::new(()),
            limits: Limits { runs_at_once, ..self.limits },
            slots: Arc::new(Semaphore::new(runs_at_once as usize)),
            waiting: AtomicU32::new(0),
        })))
    }
}

/// Hosts skills. Copies share one engine and one audit trail.
#[derive(Clone)]
pub struct Host(Arc<Shared>);

struct Shared {
    engine: Engine,
    ledger: LedgerOptions,
    /// Held while something is put on record: threads of one process need not wait for each other's file lock.
    recording: Mutex<()>,
    limits: Limits,
    slots: Arc<Semaphore>,
    waiting: AtomicU32,
}

/// A skill, read and compiled.
#[derive(Clone)]
pub struct LoadedSkill {
    files: Arc<SkillFiles>,
    skill: Skill,
    call_claims: Arc<BTreeMap<String, Claims>>,
}

impl LoadedSkill {
    /// Its files, as they were read.
    #[must_use]
    pub fn files(&self) -> &SkillFiles {
        &self.files
    }

    /// What it claims about single functions, by their names in full. A claim that is not made about one is that about all.
    #[must_use]
    pub fn call_claims(&self) -> &BTreeMap<String, Claims> {
        &self.call_claims
    }

    /// Run 1 of a world, with the input or the calls that the skill brings.
    ///
    /// # Errors
    /// A document or a file of the world cannot be read.
    pub fn start(&self, spec: &WorldSpec) -> Outcome<Start> {
        let mut start = world::start(&self.files, spec)?;
        world::give(&mut start, calls::resolve(&self.skill, &self.files, self.files.input()?)?.into());
        Ok(start)
    }

    /// The same skill, entered by calls of its functions.
    #[must_use]
    pub fn by_calls(&self) -> Self {
        Self { skill: self.skill.entered(Entry::Tool), ..self.clone() }
    }
}

impl Deref for LoadedSkill {
    type Target = Skill;

    fn deref(&self) -> &Skill {
        &self.skill
    }
}

/// A place in the line for a slot.
pub(crate) struct Waiting(Host);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Host {
    /// Builds a host that puts its runs on record there.
    #[must_use]
    pub fn builder(ledger: LedgerOptions) -> HostBuilder {
        HostBuilder { ledger, limits: Limits::default(), cache: None, compiler: None }
    }

    /// Loads a skill: a directory with a manifest, or the file of a component or module.
    ///
    /// # Errors
    /// It cannot be read, or is no skill.
    pub fn load(&self, path: impl AsRef<Path>) -> Outcome<LoadedSkill> {
        self.load_files(skill::read(path.as_ref(), None)?)
    }

    /// The same of files that were read already.
    ///
    /// # Errors
    /// They are no skill, or its claims name a function that it does not export.
    pub fn load_files(&self, files: SkillFiles) -> Outcome<LoadedSkill> {
        let skill = self.0.engine.load(&files.component)?;
        let call_claims = Arc::new(claims::by_function(&skill.tools, &files)?);
        Ok(LoadedSkill { files: Arc::new(files), skill, call_claims })
    }

    /// Compiles a component or module by itself, as one that is replayed.
    ///
    /// # Errors
    /// It is no skill.
    pub fn compile(&self, component: &[u8]) -> Outcome<Skill> {
        Ok(self.0.engine.load(component)?)
    }

    /// Makes the run of a trace again, from a simulated world or, `recorded`, from the answers in the trace alone; of a live run
    /// there are only those. Of what a trace says, no violation is put on record: only a simulation decides calls again.
    ///
    /// # Errors
    /// The trace is of another skill or engine, or not whole; the audit trail cannot be written; [`Error::Busy`].
    pub fn replay(&self, skill: &Skill, trace: &Arc<Trace>, recorded: bool) -> Outcome<Recorded<Replayed>> {
        let _place = self.wait()?;
        self.check_ledger()?;
        let recorded = recorded || trace.header()?.lab().is_none();
        let answers = if recorded { AnswersFrom::Trace(trace.clone()) } else { AnswersFrom::Lab };
        let options = RunOptions { answers, patience: Some(&self.patience(None)) };
        let replayed = self.0.engine.replay_with(&options, skill, trace)?;
        let mut summary = RunSummary::of(0, &replayed.trace, &Behaviour::of(&replayed.trace)?)?;
        if recorded {
            (summary.missing, summary.missing_count, summary.was_denied) = (Vec::new(), 0, false);
        }
        let event = self.record_summary(&replayed.trace, summary, RunMode::Replay, None)?;
        Ok(Recorded::new(replayed, event))
    }

    /// The engine that everything runs in. Runs that are made with it directly are not put on record.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.0.engine
    }

    /// What kept the cache of compiled code from being used, since it was last asked.
    #[must_use]
    pub fn cache_problems(&self) -> Vec<CacheProblem> {
        self.0.engine.take_problems()
    }

    /// Checks that runs can be put on record.
    ///
    /// # Errors
    /// The audit trail cannot be opened for writing.
    pub fn check_ledger(&self) -> Outcome<CheckedLedger> {
        let _recording = self.0.recording.lock().unwrap_or_else(PoisonError::into_inner);
        Ledger::open(&self.0.ledger).map(|_| CheckedLedger(()))
    }

    /// Puts something on record, signed and on the disk. Returns with it the head of the audit trail, and the trail, closed and
    /// still locked.
    ///
    /// # Errors
    /// The audit trail does not take it: nothing of it may be released.
    pub(crate) fn put_on_record<T>(
        &self,
        add: impl FnOnce(&mut Ledger) -> Outcome<T>,
    ) -> Outcome<(T, Head, Ledger)> {
        let _recording = self.0.recording.lock().unwrap_or_else(PoisonError::into_inner);
        let mut ledger = Ledger::open(&self.0.ledger)?;
        let added = add(&mut ledger)?;
        let head = ledger.close()?;
        Ok((added, head, ledger))
    }

    /// Puts a run on record, signed and on the disk. Returns the index of its event.
    ///
    /// # Errors
    /// The audit trail does not take it: nothing of the run may be released.
    pub(crate) fn record(&self, trace: &Trace, mode: RunMode, agent: Option<&str>) -> Outcome<u64> {
        let summary = RunSummary::of(0, trace, &Behaviour::of(trace)?)?;
        self.record_summary(trace, summary, mode, agent)
    }

    fn record_summary(
        &self,
        trace: &Trace,
        summary: RunSummary,
        mode: RunMode,
        agent: Option<&str>,
    ) -> Outcome<u64> {
        let header = trace.header()?;
        let identity = RunIdentity {
            skill: &header.skill,
            component: header.component,
            engine: self.0.engine.digest(),
            envelope: header.envelope_digest(),
            agent,
            report: None,
            place: mode,
        };
        let _recording = self.0.recording.lock().unwrap_or_else(PoisonError::into_inner);
        let mut ledger = Ledger::open(&self.0.ledger)?;
        let event = ledger.add_runs(&identity, &[summary])?;
        ledger.close()?;
        event.ok_or_else(|| Error::Lost("it has no event".into()))
    }

    /// A place in the line for a slot.
    pub(crate) fn wait(&self) -> Outcome<Waiting> {
        let waiting = self.0.waiting.fetch_add(1, Ordering::Relaxed);
        let place = Waiting(self.clone());
        match waiting >= self.0.limits.runs_waiting.saturating_add(self.0.limits.runs_at_once) {
            true => Err(Error::Busy { waiting: self.0.limits.runs_waiting }),
            false => Ok(place),
        }
    }

    /// What each run may take, beside what its start says.
    pub(crate) fn run_limits(&self) -> &RunLimits {
        &self.0.limits.run
    }

    pub(crate) fn slots(&self) -> Arc<Semaphore> {
        self.0.slots.clone()
    }

    /// How long a run is waited for.
    pub(crate) fn patience(&self, deadline: Option<Duration>) -> Patience {
        let most = self.0.limits.run_time;
        Patience { time: deadline.map_or(most, |deadline| deadline.min(most)), ..Patience::default() }
    }
}
