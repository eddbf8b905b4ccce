//! The execution that a trace recorded.

use std::{collections::BTreeSet, sync::Arc};

use invar_trace::{
    Behaviour, Capability, Event, Trace, TraceError, Type, arguments_to_json,
    functions::{streams, tcp},
    to_json,
};
use invar_world::Digest;

use crate::execution::{Activity, Costs, Execution};

impl Execution {
    /// The execution that a trace recorded. `name` is what the user named the trace.
    ///
    /// # Errors
    /// The trace is not whole.
    pub fn of_trace(trace: &Trace, name: &str) -> Result<Self, TraceError> {
        let header = trace.header()?;
        let behaviour = Behaviour::of(trace)?;
        let resources = behaviour.resources;
        let violations = behaviour.violations.keys().map(ToString::to_string).collect();
        Ok(Self {
            agent: None,
            skill: header.skill.escape_debug().to_string().into(),
            version: Arc::from(""),
            component: Some(header.component),
            time: header.started(),
            run: header.lab().map(|lab| u64::from(lab.run.number)),
            input: header.input,
            input_bytes: trace.input().ok().map(|input| input.len() as u64),
            outside: Some(outside(trace)?),
            output: Digest::of_parts(
                "invar/output",
                &[&behaviour.stdout.digest.0, &behaviour.stderr.digest.0],
            ),
            ending: behaviour.ending,
            activity: Arc::new(Activity {
                effects: behaviour.effects,
                violations: header.envelope.is_some().then_some(violations),
            }),
            costs: Costs {
                fuel: Some(resources.fuel),
                memory_peak_bytes: Some(resources.memory_peak_bytes),
                file_read: Some(resources.bytes.file_read),
                file_written: Some(resources.bytes.file_written),
                network_sent: Some(resources.bytes.network_sent),
                network_received: Some(resources.bytes.network_received),
                wall_ms: None,
            },
            trace: Some(name.into()),
        })
    }
}

/// Digest of the inputs that the run did not make itself: arguments, variables, clocks, random bytes and the network.
/// Files are left out: they hold what earlier runs left, and whether that matters is the question.
fn outside(trace: &Trace) -> Result<Digest, TraceError> {
    let mut inputs: Vec<u8> = Vec::new();
    for argument in &trace.header()?.args {
        inputs.extend((argument.len() as u64).to_be_bytes());
        inputs.extend(argument.as_bytes());
    }
    let mut sockets = BTreeSet::new();
    for event in trace.events() {
        let event = event?;
        let Some(answer) = event.answer else { continue };
        let value = trace.value(answer)?;
        if event.function == tcp::TCP_SOCKET_FINISH_CONNECT {
            sockets.extend(streams_of(&event, value));
        }
        if is_input(&event) || is_received(trace, &event, &sockets)? {
            inputs.extend(event.function.0.to_be_bytes());
            inputs.extend((value.len() as u64).to_be_bytes());
            inputs.extend(value);
        }
    }
    Ok(Digest::of_parts("invar/outside", &[&inputs]))
}

/// The streams of a new connection.
fn streams_of(event: &Event<'_>, answer: &[u8]) -> Vec<u64> {
    let ty = event.function.get().and_then(|function| function.answer.as_ref());
    let streams = to_json(ty, answer).ok().and_then(|value| value.get("ok")?.as_array().cloned());
    streams.into_iter().flatten().filter_map(|handle| handle.as_u64()).collect()
}

/// Whether a call read from a connection.
fn is_received(trace: &Trace, event: &Event<'_>, sockets: &BTreeSet<u64>) -> Result<bool, TraceError> {
    let is_read = matches!(event.function, streams::INPUT_STREAM_READ | streams::INPUT_STREAM_BLOCKING_READ);
    let Some(function) = event.function.get().filter(|_| is_read && !sockets.is_empty()) else {
        return Ok(false);
    };
    let types: Vec<Type> = function.params.iter().map(|(_, ty)| *ty).collect();
    let arguments = arguments_to_json(&types, trace.value(event.request)?).unwrap_or_default();
    Ok(arguments.first().and_then(|stream| stream.as_u64()).is_some_and(|stream| sockets.contains(&stream)))
}

/// Whether a call's answer comes from outside. Handles do not: their numbers follow the order of calls.
fn is_input(event: &Event<'_>) -> bool {
    let Some(function) = event.function.get() else { return false };
    match Capability::of_interface(function.interface) {
        Capability::Env | Capability::Clock | Capability::Random => !function.name.starts_with("subscribe"),
        Capability::Network => function.name.ends_with("resolve-next-address"),
        Capability::Files | Capability::Stdio | Capability::Process => false,
    }
}
