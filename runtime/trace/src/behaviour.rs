//! What invariants compare: the behaviour of one run.

use std::collections::{BTreeMap, BTreeSet};

use invar_envelope::MissingPermission;
use invar_world::{Digest, Hasher};
use minicbor::{Decode, Decoder, Encode};

use crate::{
    Bytes, CallEnd, Effect, EffectKind, Ending, Event, FunctionId, OutputDigest, Payload, Trace, TraceError,
    Verdict,
    event_values::{
        bytes_in, datagrams_in, error_name, handle, is_ok, number_in, ok_handles, ok_number, ok_response,
        subject,
    },
    functions::{http, logging, outgoing_handler, stderr, stdout, streams, tcp, udp},
    log_line::log_line,
    requests::{Requests, Sending},
};

/// The behaviour of one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behaviour {
    /// How it ended.
    pub ending: Ending,
    /// Standard output, or the typed answer.
    pub stdout: OutputDigest,
    /// Standard error.
    pub stderr: OutputDigest,
    /// Everything that was sent, by destination; none: nothing was.
    pub sent: Option<Digest>,
    /// The beginning of standard output, to say how it differs.
    pub text: Vec<u8>,
    /// The beginning of standard error, to say what a run complains of.
    pub errors: Vec<u8>,
    /// What it did to, and learned from, the outside.
    pub effects: BTreeSet<Effect>,
    /// What it did that its envelope does not declare, by the missing line.
    pub violations: BTreeMap<MissingPermission, Violation>,
    /// The first calls that answered with an error, in their order.
    pub refusals: Vec<Refusal>,
    /// Bytes by destination.
    pub traffic: BTreeMap<String, Traffic>,
    /// The first bytes that each destination sent.
    pub received_prefix: BTreeMap<String, Vec<u8>>,
    /// Host calls by function.
    pub calls: BTreeMap<FunctionId, u64>,
    /// The calls of a tool skill, in order; none if its entry point is another.
    pub tool_calls: Vec<CallEnd>,
    /// The number of the first of those calls that has an effect, from 1; effects outside of calls are not in it.
    pub effect_calls: BTreeMap<Effect, usize>,
    /// What it cost.
    pub resources: Resources,
    /// Digest of the sequence of calls and what they were about: equal for runs that did the same in the
    /// same order.
    pub path: Digest,
    /// Digest of the files it left.
    pub files: Digest,
    /// Head of the trace's chain.
    pub head: Digest,
}

/// Calls that one missing line would have allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Number of the first such event.
    pub event: u64,
    /// The function it called.
    pub function: FunctionId,
    /// How often.
    pub times: u64,
    /// Whether it was refused.
    pub denied: bool,
}

/// A call that answered with an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Number of the event.
    pub event: u64,
    /// The function.
    pub function: FunctionId,
    /// What it was about; empty if about nothing that an envelope speaks of.
    pub subject: String,
    /// The error.
    pub error: &'static str,
}

/// Refusals that are kept of a run. Stops one that fails all the time from filling the report.
const REFUSALS_MAX: usize = 16;

/// Different effects of one kind that are kept of a run. Stops a skill that fills memory with them; by kind, so
/// that a flood of one cannot hide another. The rest is counted in a separate effect.
const EFFECTS_OF_A_KIND_MAX: usize = 1024;

/// Bytes that are kept of those that a destination sent.
const HEARD_BYTES_MAX: usize = 4 << 10;

/// Bytes exchanged with one destination.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    /// By the skill.
    pub sent: u64,
    /// By the other side.
    pub received: u64,
}

/// What a run cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resources {
    /// Instructions, in wasmtime's fuel.
    pub fuel: u64,
    /// Largest sum of all linear memories.
    pub memory_peak_bytes: u64,
    /// Calls through the membrane.
    pub host_calls: u64,
    /// Virtual time from start to end.
    pub virtual_ns: u64,
    /// Part of it spent waiting.
    pub waited_ns: u64,
    /// Bytes through the membrane.
    pub bytes: Bytes,
}

/// Everything a run says: what must not differ where nothing else does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(map)]
pub struct OutputDigests {
    /// Standard output, or the typed answer.
    #[n(0)]
    pub stdout: OutputDigest,
    /// Standard error.
    #[n(1)]
    pub stderr: OutputDigest,
}

/// Bytes of standard output that are kept.
const TEXT_BYTES_MAX: usize = 64 << 10;
/// Bytes of standard error that are kept: a line or two. Stops a skill from filling a report.
const ERRORS_BYTES_MAX: usize = 512;

impl Behaviour {
    /// Everything it says.
    #[must_use]
    pub fn output_digests(&self) -> OutputDigests {
        OutputDigests { stdout: self.stdout, stderr: self.stderr }
    }

    /// The behaviour that a trace shows.
    ///
    /// # Errors
    /// The trace is not whole.
    pub fn of(trace: &Trace) -> Result<Self, TraceError> {
        let end = trace.end()?;
        let mut builder = Builder::default();
        let mut calls = EventCalls::of(end.calls.as_deref().unwrap_or_default());
        for event in trace.events() {
            let event = event?;
            builder.call = calls.at(event.number);
            builder.event(trace, &event)?;
        }
        builder.call = None;
        builder.tell_left_out();
        for sending in builder.requests.left() {
            builder.sending(sending);
        }
        let sent = builder.all_sent();
        let Builder {
            effects,
            violations,
            refusals,
            traffic,
            received_prefix,
            calls,
            path,
            text,
            errors,
            effect_calls,
            ..
        } = builder;
        Ok(Self {
            ending: end.ending.clone(),
            stdout: end.stdout,
            stderr: end.stderr,
            sent,
            text,
            errors,
            effects,
            violations,
            refusals,
            traffic,
            received_prefix,
            tool_calls: end.calls.clone().unwrap_or_default(),
            effect_calls,
            resources: Resources {
                fuel: end.fuel,
                memory_peak_bytes: end.memory_peak_bytes,
                host_calls: calls.values().sum(),
                virtual_ns: end.virtual_ns,
                waited_ns: end.waited_ns,
                bytes: end.bytes,
            },
            calls,
            path: path.0.digest(),
            files: end.files,
            head: trace.head().ok_or(TraceError::Torn { at: 0, events: end.events })?,
        })
    }
}

#[derive(Default)]
struct Builder {
    effects: BTreeSet<Effect>,
    kept: BTreeMap<EffectKind, usize>,
    left_out: BTreeMap<EffectKind, Omissions>,
    violations: BTreeMap<MissingPermission, Violation>,
    /// Missing lines that were kept of each key.
    missing_of: BTreeMap<String, usize>,
    refusals: Vec<Refusal>,
    traffic: BTreeMap<String, Traffic>,
    received_prefix: BTreeMap<String, Vec<u8>>,
    calls: BTreeMap<FunctionId, u64>,
    path: Path,
    /// Destination of every socket, socket stream, and what belongs to a response, by handle.
    destinations: BTreeMap<u64, String>,
    requests: Requests,
    /// The stream that each URL was first heard on: what it says later is not the same answer.
    first_heard: BTreeMap<String, u64>,
    /// Digests of what was sent so far, by destination: how it was cut into calls does not count.
    sent: BTreeMap<String, Hasher>,
    /// Destination by the address of a datagram, as it is written: what names it was sent to.
    peers: BTreeMap<Vec<u8>, String>,
    /// Handles of standard output.
    stdout: BTreeSet<u64>,
    text: Vec<u8>,
    /// Handles of standard error.
    stderr: BTreeSet<u64>,
    errors: Vec<u8>,
    /// The call of a tool skill that the event is in, from 1.
    call: Option<usize>,
    effect_calls: BTreeMap<Effect, usize>,
}

/// The calls of a tool skill, by events in their order.
struct EventCalls<'a> {
    calls: &'a [CallEnd],
    at: usize,
}

impl<'a> EventCalls<'a> {
    fn of(calls: &'a [CallEnd]) -> Self {
        Self { calls, at: 0 }
    }

    /// The number of the call that an event is in, from 1. Events must come in their order.
    fn at(&mut self, event: u64) -> Option<usize> {
        let is_over = |call: &CallEnd| event >= call.first_event.saturating_add(call.events);
        while self.calls.get(self.at).is_some_and(is_over) {
            self.at += 1;
        }
        self.calls.get(self.at).is_some_and(|call| call.has_event(event)).then_some(self.at + 1)
    }
}

/// The sequence of calls, as far as it goes.
struct Path(Hasher);

impl Default for Path {
    fn default() -> Self {
        Self(Hasher::new("invar/path"))
    }
}

/// Missing lines that are kept of one key of the envelope. Stops a skill that asks for a new name each time from
/// filling memory and the report; each key by itself, so that a flood of one does not hide another.
const MISSING_OF_A_KEY_MAX: usize = 1024;

/// Effects that were not kept.
#[derive(Default)]
struct Omissions {
    times: u64,
    /// Over all of them in their order, so that runs which differ in them still differ.
    digest: Option<Digest>,
}

impl Builder {
    fn all_sent(&mut self) -> Option<Digest> {
        if self.sent.is_empty() {
            return None;
        }
        let mut all = Hasher::new("invar/sent");
        for (destination, hashing) in std::mem::take(&mut self.sent) {
            all.add(&Digest::of(destination.as_bytes()).0);
            all.add(&hashing.digest().0);
        }
        Some(all.digest())
    }

    /// Bytes that go to a stream: to a destination, or to standard output.
    fn written(&mut self, stream: Option<u64>, bytes: &[u8]) {
        let Some(stream) = stream else { return };
        if let Some(destination) = self.destinations.get(&stream) {
            self.traffic.entry(destination.clone()).or_default().sent += bytes.len() as u64;
            let new = || Hasher::new("invar/sent");
            self.sent.entry(destination.clone()).or_insert_with(new).add(bytes);
        } else if self.requests.wrote(stream, bytes) {
        } else if self.stdout.contains(&stream) {
            let left = TEXT_BYTES_MAX.saturating_sub(self.text.len());
            self.text.extend_from_slice(&bytes[..bytes.len().min(left)]);
        } else if self.stderr.contains(&stream) {
            let left = ERRORS_BYTES_MAX.saturating_sub(self.errors.len());
            self.errors.extend_from_slice(&bytes[..bytes.len().min(left)]);
        }
    }

    /// A message of a log, which stands in standard error.
    fn logged(&mut self, request: &[u8]) {
        let mut d = Decoder::new(request);
        let logged = d.array().and_then(|_| Ok((d.u8()?, d.str()?, d.str()?)));
        if let Ok((level, context, message)) = logged {
            let line = log_line(level, context, message);
            let left = ERRORS_BYTES_MAX.saturating_sub(self.errors.len());
            self.errors.extend_from_slice(&line.as_bytes()[..line.len().min(left)]);
        }
    }

    /// A request went out, or what was known of it when the run ended.
    fn sending(&mut self, sending: Sending) {
        let Some(destination) = sending.destination else { return };
        self.traffic.entry(destination.clone()).or_default().sent += sending.bytes;
        let new = || Hasher::new("invar/sent");
        self.sent.entry(destination).or_insert_with(new).add(&sending.digest.digest().0);
    }

    /// Keeps an effect, or counts it if there are too many of its kind.
    fn effect(&mut self, effect: Effect) {
        if self.effects.contains(&effect) {
            return;
        }
        let kept = self.kept.entry(effect.kind).or_default();
        if *kept < EFFECTS_OF_A_KIND_MAX {
            *kept += 1;
            if let Some(call) = self.call {
                self.effect_calls.insert(effect.clone(), call);
            }
            self.effects.insert(effect);
            return;
        }
        let left_out = self.left_out.entry(effect.kind).or_default();
        left_out.times += 1;
        let before = left_out.digest.map_or([0; 32], |digest| digest.0);
        let text = effect.to_string();
        left_out.digest = Some(Digest::of_parts("invar/effects", &[&before, text.as_bytes()]));
    }

    /// Puts an effect in the place of those of a kind that were left out.
    fn tell_left_out(&mut self) {
        for (kind, Omissions { times, digest }) in std::mem::take(&mut self.left_out) {
            let digest = digest.map(|digest| digest.short(8)).unwrap_or_default();
            let subject = format!("{times} more effects of the kind {} ({digest})", kind.as_str());
            self.effects.insert(Effect { kind: EffectKind::Other, subject, failed: None });
        }
    }

    /// Whether a missing line is kept: those that are known, and so many more of its key.
    fn may_keep(&mut self, missing: &MissingPermission) -> bool {
        if self.violations.contains_key(missing) {
            return true;
        }
        let kept = self.missing_of.entry(missing.key.clone()).or_default();
        *kept += 1;
        *kept <= MISSING_OF_A_KEY_MAX
    }

    fn event(&mut self, trace: &Trace, event: &Event<'_>) -> Result<(), TraceError> {
        self.path.0.add(&event.function.0.to_be_bytes());
        if event.function == FunctionId::END {
            return Ok(());
        }
        *self.calls.entry(event.function).or_default() += 1;
        let failed = error_name(event);
        if let Some(error) = failed
            && error != "would-block"
            && self.refusals.len() < REFUSALS_MAX
        {
            let subject = event.decision.as_ref().and_then(|decision| decision.subject.as_ref());
            let asked = (event.function == http::FUTURE_INCOMING_RESPONSE_GET)
                .then(|| self.destination(trace, event))
                .flatten();
            self.refusals.push(Refusal {
                event: event.number,
                function: event.function,
                subject: subject.map(ToString::to_string).or(asked).unwrap_or_default(),
                error,
            });
        }
        if let Some(decision) = &event.decision {
            let effects = Effect::of(event, failed);
            for effect in effects {
                self.path.0.add(effect.subject.as_bytes());
                self.path.0.add(&[0]);
                self.effect(effect);
            }
            if let Some(missing) = decision.verdict.missing()
                && self.may_keep(missing)
            {
                let entry = self.violations.entry(missing.clone()).or_insert(Violation {
                    event: event.number,
                    function: event.function,
                    times: 0,
                    denied: matches!(decision.verdict, Verdict::Denied(_)),
                });
                entry.times += 1;
            }
        }
        self.traffic(trace, event)
    }

    /// Follows sockets to their streams, and counts what goes through those.
    fn traffic(&mut self, trace: &Trace, event: &Event<'_>) -> Result<(), TraceError> {
        match event.function {
            tcp::TCP_SOCKET_START_CONNECT | tcp::TCP_SOCKET_START_LISTEN | udp::UDP_SOCKET_START_BIND => {
                if let (Some(socket), Some(subject)) = (handle(trace, event), subject(event)) {
                    self.destinations.insert(socket, subject);
                }
            }
            // Whoever comes is known by where they come to: where they come from may be any address.
            tcp::TCP_SOCKET_FINISH_CONNECT | tcp::TCP_SOCKET_ACCEPT | udp::UDP_SOCKET_STREAM => {
                let known =
                    || handle(trace, event).and_then(|socket| self.destinations.get(&socket)).cloned();
                let destination = subject(event).or_else(known);
                if let (Some(destination), Some(streams)) = (destination, ok_handles(event)) {
                    for stream in streams {
                        self.destinations.insert(stream, destination.clone());
                    }
                }
            }
            outgoing_handler::HANDLE => self.handed_over(trace, event)?,
            http::FUTURE_INCOMING_RESPONSE_GET => {
                if let (Some(destination), Some(response)) =
                    (self.destination(trace, event), ok_response(event))
                {
                    self.destinations.insert(response, destination);
                }
            }
            http::INCOMING_RESPONSE_CONSUME | http::INCOMING_BODY_STREAM => {
                if let (Some(destination), Some([opened])) =
                    (self.destination(trace, event), ok_handles(event).as_deref())
                {
                    self.destinations.insert(*opened, destination);
                }
            }
            stdout::GET_STDOUT | stderr::GET_STDERR => {
                let handle = event.answer.and_then(|answer| match answer {
                    Payload::Inline(bytes) => Decoder::new(bytes).u64().ok(),
                    Payload::Blob { .. } => None,
                });
                match event.function {
                    stdout::GET_STDOUT => self.stdout.extend(handle),
                    _ => self.stderr.extend(handle),
                }
            }
            streams::OUTPUT_STREAM_WRITE | streams::OUTPUT_STREAM_BLOCKING_WRITE_AND_FLUSH
                if is_ok(event) =>
            {
                let request = trace.value(event.request)?;
                self.written(handle(trace, event), bytes_in(request));
            }
            streams::OUTPUT_STREAM_WRITE_ZEROES | streams::OUTPUT_STREAM_BLOCKING_WRITE_ZEROES_AND_FLUSH => {
                let sent = number_in(trace, event, 1).unwrap_or(0);
                if is_ok(event) {
                    self.requests.wrote_unseen(handle(trace, event), sent);
                }
                if let Some(destination) = self.destination(trace, event)
                    && is_ok(event)
                {
                    self.traffic.entry(destination).or_default().sent += sent;
                }
            }
            streams::OUTPUT_STREAM_SPLICE | streams::OUTPUT_STREAM_BLOCKING_SPLICE => {
                let moved = ok_number(event).unwrap_or(0);
                self.requests.wrote_unseen(handle(trace, event), moved);
                if let Some(to) = self.destination(trace, event) {
                    self.traffic.entry(to).or_default().sent += moved;
                }
                let from = number_in(trace, event, 1).and_then(|from| self.destinations.get(&from));
                if let Some(from) = from.cloned() {
                    self.traffic.entry(from).or_default().received += moved;
                }
            }
            streams::INPUT_STREAM_SKIP | streams::INPUT_STREAM_BLOCKING_SKIP => {
                if let Some(destination) = self.destination(trace, event) {
                    self.traffic.entry(destination).or_default().received += ok_number(event).unwrap_or(0);
                }
            }
            streams::INPUT_STREAM_READ | streams::INPUT_STREAM_BLOCKING_READ => {
                if let Some(destination) = self.destination(trace, event)
                    && let Some(answer) = event.answer
                {
                    let received = bytes_in(trace.value(answer)?);
                    if self.is_first_answer(&destination, handle(trace, event)) {
                        let received_prefix = self.received_prefix.entry(destination.clone()).or_default();
                        let left = HEARD_BYTES_MAX.saturating_sub(received_prefix.len());
                        received_prefix.extend_from_slice(&received[..received.len().min(left)]);
                    }
                    self.traffic.entry(destination).or_default().received += received.len() as u64;
                }
            }
            logging::LOG => self.logged(trace.value(event.request)?),
            udp::OUTGOING_DATAGRAM_STREAM_SEND => self.datagrams_sent(trace, event)?,
            udp::INCOMING_DATAGRAM_STREAM_RECEIVE => self.datagrams_received(trace, event)?,
            _ => {
                if let Some(sending) = self.requests.event(trace, event)? {
                    self.sending(sending);
                }
            }
        }
        Ok(())
    }

    /// A request is handed over: what follows in its streams goes to its place, unless it was refused.
    fn handed_over(&mut self, trace: &Trace, event: &Event<'_>) -> Result<(), TraceError> {
        let answered = ok_handles(event).unwrap_or_default();
        let subject = event.decision.as_ref().and_then(|decision| decision.subject.as_ref());
        let (Some(request), Some(subject)) = (handle(trace, event), subject) else { return Ok(()) };
        let url = subject.to_string();
        let (place, query) = url.split_once('?').unwrap_or((&url, ""));
        let sent = (!answered.is_empty()).then_some(place);
        if let Some(sending) = self.requests.handed_over(request, sent, query) {
            self.sending(sending);
        }
        for future in answered {
            self.destinations.insert(future, place.to_owned());
        }
        Ok(())
    }

    /// Counts datagrams, and where each ends.
    fn datagrams_sent(&mut self, trace: &Trace, event: &Event<'_>) -> Result<(), TraceError> {
        let number = usize::try_from(ok_number(event).unwrap_or(0)).unwrap_or(usize::MAX);
        for (bytes, remote) in datagrams_in(trace.value(event.request)?).into_iter().take(number) {
            let known = || self.peers.get(remote).cloned().or_else(|| self.destination(trace, event));
            let Some(destination) = subject(event).or_else(known) else { continue };
            self.traffic.entry(destination.clone()).or_default().sent += bytes.len() as u64;
            let new = || Hasher::new("invar/sent");
            let hashing = self.sent.entry(destination.clone()).or_insert_with(new);
            hashing.add(&(bytes.len() as u64).to_be_bytes());
            hashing.add(bytes);
            self.peers.insert(remote.to_vec(), destination);
        }
        Ok(())
    }

    /// Whether what a stream says is to be kept: everything a connection says, and the first answer of a URL.
    fn is_first_answer(&mut self, destination: &str, stream: Option<u64>) -> bool {
        let Some(stream) = stream.filter(|_| !destination.starts_with("tcp://")) else { return true };
        *self.first_heard.entry(destination.to_owned()).or_insert(stream) == stream
    }

    fn datagrams_received(&mut self, trace: &Trace, event: &Event<'_>) -> Result<(), TraceError> {
        let Some(answer) = event.answer.filter(|_| is_ok(event)) else { return Ok(()) };
        for (bytes, remote) in datagrams_in(trace.value(answer)?) {
            let known = self.peers.get(remote).cloned();
            let Some(destination) = known.or_else(|| self.destination(trace, event)) else { continue };
            let received_prefix = self.received_prefix.entry(destination.clone()).or_default();
            let left = HEARD_BYTES_MAX.saturating_sub(received_prefix.len());
            received_prefix.extend_from_slice(&bytes[..bytes.len().min(left)]);
            self.traffic.entry(destination.clone()).or_default().received += bytes.len() as u64;
            // What goes back there goes to whoever came.
            self.peers.insert(remote.to_vec(), destination);
        }
        Ok(())
    }

    fn destination(&self, trace: &Trace, event: &Event<'_>) -> Option<String> {
        self.destinations.get(&handle(trace, event)?).cloned()
    }
}
