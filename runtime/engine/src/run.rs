//! One run.

use std::{
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use invar_envelope::Envelope;
use invar_host_api::{
    Ended, Finished, Membrane, Mode, Policy, Probe, Recorded, Setup, Source, Stop, WorldSetup,
    lab::{LabWorld, TimeSchedule},
    limits::{CALL_BYTES_MAX, in_memory},
};
use invar_trace::{End, Ending, Entry, Format, Header, LabOrigin, Origin, Recorder, Sink, Trace};
use invar_world::{Digest, Limits, Tree};
use thiserror::Error;
use wasmtime::{
    AsContextMut, Store, Trap,
    component::{Instance, TypedFunc},
};

use crate::{Engine, Patience, RunError, Skill, Start, call::CallResults, calls::Calls, load::Linked};

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
        let mut store = Store::new(linked.pre.engine(), Membrane::new(setup, recorder));
        let result = prepare(&limits, &mut store).and_then(|()| match (header.entry, stack) {
            (Entry::Tool, stack) => call_tools(skill, input, limits.output_bytes, stack, &mut store),
            (_, Stack::Thread) => call(linked, header.entry, input, &mut store),
            (_, Stack::Own) => at_once(call_on_own_stack(linked, header.entry, input, &mut store)),
        });
        let fuel = limits.fuel.saturating_sub(store.get_fuel().unwrap_or(0));
        let (ending, output) = ending(result, patience)?;
        let Finished { head, end, stdio, files, probe } = store.into_data().finish(ending, fuel, output)?;
        Ok((Outcome { head, end, stdout: stdio.stdout, stderr: stdio.stderr, files }, probe))
    }

    pub(crate) fn lab_header(&self, skill: &Skill, start: &Start) -> Header {
        let origin = LabOrigin { world: start.world.clone(), run: start.run, files: start.files.digest() };
        Header {
            format: start.format,
            skill: start.skill.clone(),
            envelope: start.envelope.as_deref().map(|envelope| Envelope::to_cbor(envelope).into()),
            args: start.args.clone(),
            input: Digest::of(&start.input),
            limits: start.limits,
            substitutions: start.substitutions.clone(),
            ..self.header(skill, Origin::Lab(Box::new(origin)))
        }
    }

    /// What a header says of skill and engine, for a run that is told nothing.
    pub(crate) fn header(&self, skill: &Skill, origin: Origin) -> Header {
        Header {
            format: Format::default(),
            component: skill.digest,
            adapter: skill.adapter.clone(),
            entry: skill.entry,
            engine: self.digest(),
            skill: String::new(),
            envelope: None,
            origin,
            args: Vec::new(),
            input: Digest::of(&[]),
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
                declared: start.envelope.clone(),
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

/// What a run takes its stack from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stack {
    /// The thread.
    Thread,
    /// A stack of the engine's, which can be larger than what a thread has.
    Own,
}

type TypedEntry = TypedFunc<(), (Result<(), ()>,)>;

fn prepare(limits: &Limits, store: &mut Store<Membrane>) -> wasmtime::Result<()> {
    store.limiter(|membrane| membrane);
    store.set_hostcall_fuel(CALL_BYTES_MAX);
    store.set_max_component_handles(in_memory(limits.open_handles));
    // Start functions run while the component is instantiated: they are paid for too.
    store.set_fuel(limits.fuel)
}

fn call(
    linked: &Linked,
    entry: Entry,
    input: &[u8],
    store: &mut Store<Membrane>,
) -> wasmtime::Result<EntryResult> {
    let instance: Instance = linked.pre.instantiate(store.as_context_mut()).map_err(host_or_skill)?;
    let index = linked.entry.ok_or_else(without_entry)?;
    match entry {
        Entry::Command | Entry::Tool => {
            let run: TypedEntry = instance.get_typed_func(&mut *store, index)?;
            run.call(&mut *store, ()).map(|(result,)| EntryResult::Command(result))
        }
        Entry::Invoke => {
            let invoke =
                instance.get_typed_func::<(&[u8],), (Result<Vec<u8>, String>,)>(&mut *store, index)?;
            invoke.call(&mut *store, (input,)).map(|(result,)| EntryResult::Invoke(result))
        }
    }
}

/// The same on a stack of the engine's.
async fn call_on_own_stack(
    linked: &Linked,
    entry: Entry,
    input: &[u8],
    store: &mut Store<Membrane>,
) -> wasmtime::Result<EntryResult> {
    let instance: Instance =
        linked.pre.instantiate_async(store.as_context_mut()).await.map_err(host_or_skill)?;
    let index = linked.entry.ok_or_else(without_entry)?;
    match entry {
        Entry::Command | Entry::Tool => {
            let run: TypedEntry = instance.get_typed_func(&mut *store, index)?;
            run.call_async(&mut *store, ()).await.map(|(result,)| EntryResult::Command(result))
        }
        Entry::Invoke => {
            let invoke =
                instance.get_typed_func::<(&[u8],), (Result<Vec<u8>, String>,)>(&mut *store, index)?;
            invoke.call_async(&mut *store, (input,)).await.map(|(result,)| EntryResult::Invoke(result))
        }
    }
}

fn without_entry() -> wasmtime::Error {
    ResourceExhausted("a run was started at an entry point that the skill does not have".into()).into()
}

/// Makes the calls that the input lists. Calls that cannot be read are refused before anything of the skill runs.
fn call_tools(
    skill: &Skill,
    input: &[u8],
    output_bytes_max: u64,
    stack: Stack,
    store: &mut Store<Membrane>,
) -> wasmtime::Result<EntryResult> {
    let calls = match Calls::read(&skill.tools, input) {
        Ok(calls) => calls,
        Err(error) => return Ok(EntryResult::Tools(CallResults::refused(&error), None)),
    };
    let (pre, mut results) = (&skill.linked.pre, CallResults::default());
    let made = match stack {
        Stack::Thread => {
            let instance = pre.instantiate(store.as_context_mut()).map_err(host_or_skill)?;
            results.make(&calls, instance, store, output_bytes_max)
        }
        Stack::Own => at_once(async {
            let instance = pre.instantiate_async(store.as_context_mut()).await.map_err(host_or_skill)?;
            results.make_on_own_stack(&calls, instance, store, output_bytes_max).await
        }),
    };
    Ok(EntryResult::Tools(results, made.err()))
}

/// Runs what never waits: no shim does, and fuel does not yield.
fn at_once<T>(run: impl Future<Output = wasmtime::Result<T>>) -> wasmtime::Result<T> {
    let mut context = Context::from_waker(Waker::noop());
    match pin!(run).as_mut().poll(&mut context) {
        Poll::Ready(result) => result,
        Poll::Pending => Err(ResourceExhausted("a run waited that cannot wait".into()).into()),
    }
}

/// What an entry point returned.
enum EntryResult {
    Command(Result<(), ()>),
    Invoke(Result<Vec<u8>, String>),
    /// With what stopped the calls, if they were not all made.
    Tools(CallResults, Option<wasmtime::Error>),
}

/// The host had no room for the skill's memories and tables.
#[derive(Debug, Error)]
#[error("{0}")]
struct ResourceExhausted(String);

/// As wasmtime says that a component has more instances, memories or tables than a store takes.
const TOO_MANY: &str = "resource limit exceeded";

/// As wasmtime says that a call lends more handles than a store takes.
const TOO_MANY_LENT: &str = "store handle limit exceeded";

/// A skill that fails while it is instantiated traps, or comes to a limit of ours. Anything else is the host's
/// fault, and must not stand in a trace as something that the skill did.
fn host_or_skill(error: wasmtime::Error) -> wasmtime::Error {
    if error.is::<Stop>() || error.is::<Trap>() {
        return error;
    }
    // How many a component has is the skill's doing, and the same on every host.
    match format!("{error:#}").contains(TOO_MANY) {
        true => Stop::Limit("instances").into(),
        false => ResourceExhausted(format!("{error:#}")).into(),
    }
}

/// Why a run ended, and the typed answer if it gave one.
fn ending(
    result: wasmtime::Result<EntryResult>,
    patience: &Patience,
) -> Result<(Ending, Option<Vec<u8>>), RunError> {
    let error = match result {
        Ok(EntryResult::Command(Ok(()))) => return Ok((Ending::Returned, None)),
        Ok(EntryResult::Command(Err(()))) => return Ok((Ending::Failed(None), None)),
        Ok(EntryResult::Invoke(Ok(output))) => return Ok((Ending::Returned, Some(output))),
        Ok(EntryResult::Invoke(Err(message))) => return Ok((Ending::Failed(Some(message)), None)),
        Ok(EntryResult::Tools(CallResults { output, failed: None }, None)) => {
            return Ok((Ending::Returned, Some(output)));
        }
        Ok(EntryResult::Tools(CallResults { output, failed }, None)) => {
            return Ok((Ending::Failed(failed), Some(output)));
        }
        // What the calls before gave stays the run's output.
        Ok(EntryResult::Tools(CallResults { output, .. }, Some(error))) => {
            return stopped(&error, patience).map(|ending| (ending, Some(output)));
        }
        Err(error) => error,
    };
    stopped(&error, patience).map(|ending| (ending, None))
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
