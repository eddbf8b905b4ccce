//! One run.

use std::sync::Arc;

use invar_envelope::Envelope;
use invar_host_api::{
    Ended, Finished, Membrane, Mode, Policy, Probe, Recorded, Setup, Source, Stop, WorldSetup,
    lab::{LabWorld, TimeSchedule},
    limits::{CALL_BYTES_MAX, in_memory},
};
use invar_trace::{CallEnd, End, Ending, Entry, Format, Header, LabOrigin, Origin, Recorder, Sink, Trace};
use invar_world::{Digest, Limits, Tree};
use wasmtime::{Store, Trap};

use crate::{
    Engine, Patience, RunError, Skill, Start,
    call::CallResults,
    entered::{EntryResult, call, call_on_own_stack, call_tools},
    stack::{ResourceExhausted, Stack, at_once},
};

/// What a run came to.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The head of the trace's chain.
    pub head: Digest,
    /// The end of the trace.
    pub end: End,
    /// Standard output, or the typed answer.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
    /// The files it left; none if they are not a lab's, or recorded answers were given.
    pub files: Option<Tree>,
}

impl Engine {
    /// Runs a skill once, in the lab, recording into `sink`.
    ///
    /// Whatever the skill does is an [`Outcome`].
    ///
    /// # Errors
    /// The trace could not be written, or a substituted answer is impossible: nothing of the run is released.
    pub fn run(&self, skill: &Skill, start: &Start, sink: Box<dyn Sink>) -> Result<Outcome, RunError> {
        self.run_with(&RunOptions::default(), skill, start, sink)
    }

    /// The same in another way: with the time or the answers of an earlier run, or ended by the operator.
    ///
    /// # Errors
    /// As [`Engine::run`], and [`RunError::HostTime`], [`RunError::Cancelled`] or [`RunError::NotInTrace`].
    pub fn run_with(
        &self,
        options: &RunOptions<'_>,
        skill: &Skill,
        start: &Start,
        sink: Box<dyn Sink>,
    ) -> Result<Outcome, RunError> {
        let patience = Patience::default();
        let setting = Setting {
            header: self.lab_header(skill, start),
            source: options.answers.source(skill, start)?,
            files: Some(&start.files),
            input: &start.input,
            probe: Probe::default(),
            stack: Stack::Thread,
            patience: options.patience.unwrap_or(&patience),
        };
        self.run_on(setting, skill, sink).map(|(outcome, _)| outcome)
    }

    pub(crate) fn run_on(
        &self,
        Setting { header, source, files, input, probe, stack, patience }: Setting<'_>,
        skill: &Skill,
        sink: Box<dyn Sink>,
    ) -> Result<(Outcome, Probe), RunError> {
        // Time waited for room is not the run's.
        let _slot = self.slots.take(&patience.cancel).ok_or(RunError::Cancelled)?;
        let mut look = patience.start();
        match look() {
            Some(Ended::Cancelled) => return Err(RunError::Cancelled),
            Some(Ended::HostTime) => return Err(RunError::HostTime(patience.time)),
            None => {}
        }
        let mut recorder = Recorder::new(&header, sink);
        recorder.begin_with(files, input);
        let limits = header.limits;
        let setup = Setup { source, limits, probe, patience: look };
        let linked = &skill.linked;
        let mut store = Store::new(linked.engine(), Membrane::new(setup, recorder));
        let result = prepare(&limits, &mut store).and_then(|()| match (header.entry, stack) {
            (Entry::Tool, stack) => call_tools(skill, input, limits.output_bytes, stack, &mut store),
            (_, Stack::Thread) => call(linked, header.entry, input, &mut store),
            (_, Stack::Own) => at_once(call_on_own_stack(linked, header.entry, input, &mut store)),
        });
        let fuel = limits.fuel.saturating_sub(store.get_fuel().unwrap_or(0));
        let (ending, output, calls) = ending(result, patience)?;
        let finished = store.into_data().finish(ending, fuel, output, calls)?;
        let Finished { head, end, stdio, files, probe } = finished;
        Ok((Outcome { head, end, stdout: stdio.stdout, stderr: stdio.stderr, files }, probe))
    }

    pub(crate) fn lab_header(&self, skill: &Skill, start: &Start) -> Header {
        let origin = LabOrigin { world: start.world.clone(), run: start.run, files: start.files.digest() };
        Header {
            format: start.format,
            skill: start.skill.clone(),
            envelope: start.envelope.as_deref().map(|envelope| Envelope::to_cbor(envelope).into()),
            args: start.args.clone(),
            limits: start.limits,
            substitutions: start.substitutions.clone(),
            ..self.header(skill, Origin::Lab(Box::new(origin)), &start.input)
        }
    }

    /// What a header says of skill, engine and input, for a run that is told nothing else.
    pub(crate) fn header(&self, skill: &Skill, origin: Origin, input: &[u8]) -> Header {
        Header {
            format: Format::default(),
            component: skill.digest,
            adapter: None,
            entry: skill.entry,
            engine: self.digest(),
            skill: String::new(),
            envelope: None,
            origin,
            args: Vec::new(),
            input: Digest::of(input),
            limits: Limits::LAB,
            substitutions: Vec::new(),
        }
    }
}

/// How a run is executed, beside its [`Start`].
#[derive(Debug, Default)]
pub struct RunOptions<'a> {
    /// Where its answers come from.
    pub answers: AnswersFrom,
    /// How long the operator waits for it; none: as long as for any run.
    pub patience: Option<&'a Patience>,
}

/// Where the answers to a run's calls come from.
#[derive(Debug, Clone, Default)]
pub enum AnswersFrom {
    /// The lab.
    #[default]
    Lab,
    /// The lab, with the time of an earlier run, whatever fuel this one burns: call by call, for as long as it makes the
    /// same calls, and a fixed time a call from then on. Its trace does not replay by itself: the schedule is no part of
    /// it.
    Schedule(Arc<TimeSchedule>),
    /// The trace of an earlier run, for as long as this one makes the same calls.
    Trace(Arc<Trace>),
}

impl AnswersFrom {
    pub(crate) fn source(&self, skill: &Skill, start: &Start) -> Result<Source, RunError> {
        let files = || start.files.clone();
        let world = match self {
            Self::Lab => LabWorld::new(&start.world, &start.run, files()),
            Self::Schedule(schedule) => {
                LabWorld::on_schedule(&start.world, &start.run, files(), schedule.clone())
            }
            Self::Trace(trace) => return Ok(Source::Trace(Box::new(Recorded::new(trace.clone())?))),
        };
        Ok(Source::World(Box::new(WorldSetup {
            world: Box::new(world),
            policy: Policy {
                declared: start.envelope_of_run(),
                granted: None,
                mode: if start.world.enforce { Mode::Enforce } else { Mode::Observe },
            },
            env: start.world.env.clone().into_iter().collect(),
            config: start.world.config.clone(),
            args: start.args.clone(),
            stdin: match skill.entry {
                Entry::Command => start.input.to_vec(),
                Entry::Invoke | Entry::Tool => Vec::new(),
            },
            preopens: start.world.preopens.clone().unwrap_or_else(|| vec!["/".into()]),
            read_only: start.world.read_only.clone(),
            machine: start.world.machine,
            substitutions: start
                .substitutions
                .iter()
                .filter(|change| change.from.is_some())
                .cloned()
                .collect(),
        })))
    }
}

/// What a run is made of.
pub(crate) struct Setting<'a> {
    pub(crate) header: Header,
    pub(crate) source: Source,
    /// The initial files, if they are a lab's.
    pub(crate) files: Option<&'a Tree>,
    /// What its header names.
    pub(crate) input: &'a [u8],
    pub(crate) probe: Probe,
    pub(crate) stack: Stack,
    pub(crate) patience: &'a Patience,
}

fn prepare(limits: &Limits, store: &mut Store<Membrane>) -> wasmtime::Result<()> {
    store.limiter(|membrane| membrane);
    store.set_hostcall_fuel(CALL_BYTES_MAX);
    store.set_max_component_handles(in_memory(limits.open_handles));
    // Start functions run while the component is instantiated: they are paid for too.
    store.set_fuel(limits.fuel)
}

/// As wasmtime says that a call lends more handles than a store takes.
const TOO_MANY_LENT: &str = "store handle limit exceeded";

/// Why a run ended, the typed answer if it gave one, and what its calls came to.
type EndingOfRun = (Ending, Option<Vec<u8>>, Option<Vec<CallEnd>>);

/// What the result of an entry comes to.
fn ending(result: wasmtime::Result<EntryResult>, patience: &Patience) -> Result<EndingOfRun, RunError> {
    let error = match result {
        Ok(EntryResult::Tools(CallResults { output, failed, ends, .. }, error)) => {
            let ending = match (error, failed) {
                // What the calls before gave stays the run's output.
                (Some(error), _) => stopped(&error, patience)?,
                (None, None) => Ending::Returned,
                (None, failed) => Ending::Failed(failed),
            };
            return Ok((ending, Some(output), Some(ends)));
        }
        Ok(EntryResult::Command(Ok(()))) => return Ok((Ending::Returned, None, None)),
        Ok(EntryResult::Command(Err(()))) => return Ok((Ending::Failed(None), None, None)),
        Ok(EntryResult::Invoke(Ok(output))) => return Ok((Ending::Returned, Some(output), None)),
        Ok(EntryResult::Invoke(Err(message))) => return Ok((Ending::Failed(Some(message)), None, None)),
        Err(error) => error,
    };
    stopped(&error, patience).map(|ending| (ending, None, None))
}

/// Why a run was stopped.
fn stopped(error: &wasmtime::Error, patience: &Patience) -> Result<Ending, RunError> {
    if let Some(ResourceExhausted(message)) = error.downcast_ref() {
        return Err(RunError::Host(message.clone()));
    }
    let ending = match (error.downcast_ref::<Stop>(), error.downcast_ref::<Trap>()) {
        (Some(Stop::Exit(status)), _) => Ending::Exited(*status),
        (Some(Stop::Limit(name)), _) => Ending::Limit((*name).to_owned()),
        (Some(Stop::Ended(Ended::HostTime)), _) => return Err(RunError::HostTime(patience.time)),
        (Some(Stop::Ended(Ended::Cancelled)), _) => return Err(RunError::Cancelled),
        (Some(Stop::Recorded(ending)), _) => ending.clone(),
        (Some(Stop::NotInTrace(call)), _) => return Err(RunError::NotInTrace(call.clone())),
        (Some(Stop::Deadlock), _) => Ending::Deadlock,
        (Some(Stop::Misuse(what)), _) => Ending::Misuse(what.clone()),
        (Some(Stop::Trace(failure)), _) => return Err(RunError::Trace(failure.clone())),
        (Some(stop @ Stop::Substitution { .. }), _) => return Err(RunError::Substitution(stop.to_string())),
        (None, Some(Trap::OutOfFuel)) => Ending::Limit("fuel".to_owned()),
        (None, Some(trap)) => Ending::Trapped(trap.to_string()),
        (None, None) if error.root_cause().to_string().contains(TOO_MANY_LENT) => {
            Ending::Limit("open handles".to_owned())
        }
        (None, None) => Ending::Trapped(error.root_cause().to_string()),
    };
    Ok(ending)
}
