//! The kinds of calls that a run made: where another answer could be given.

use std::{collections::BTreeMap, fmt};

use minicbor::Decoder;

use crate::{
    Event, FunctionId, Payload, Subject, Trace, TraceError, Want,
    event_values::{error_name, number_in, ok_handles, ok_response},
    functions::{
        filesystem as fs, http, insecure, insecure_seed, ip_name_lookup, outgoing_handler, preopens, random,
        stderr, stdin, stdout, streams, tcp, tcp_create_socket, udp, udp_create_socket, wall_clock,
    },
};

/// Kinds of calls that are distinguished. Stops a run that is about something else each time from filling memory.
const KINDS_MAX: usize = 1024;
/// Bytes that are kept of what a read answered.
const ANSWERED_BYTES_MAX: usize = 64;

/// What a call is about, followed through the handles it was made on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// A file or directory by its path; of a rename or link, both ends.
    File(String),
    /// A connection by its destination.
    Connection(String),
    /// A name that is looked up.
    Name(String),
    /// Having a socket at all.
    Sockets,
    /// Standard input.
    Input,
    /// Standard output.
    Output,
    /// Standard error.
    Errors,
    /// The time of day.
    Clock,
    /// Random bytes.
    Random,
}

impl fmt::Display for About {
    /// One line whatever it holds: `/out/report.txt`, `standard input`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(text) | Self::Connection(text) | Self::Name(text) => {
                write!(f, "{}", text.escape_debug())
            }
            Self::Sockets => f.write_str("a socket"),
            Self::Input => f.write_str("standard input"),
            Self::Output => f.write_str("standard output"),
            Self::Errors => f.write_str("standard error"),
            Self::Clock => f.write_str("the clock"),
            Self::Random => f.write_str("random bytes"),
        }
    }
}

/// Which of the calls of its kind a call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occurrence {
    /// There is no other.
    Only,
    /// The first of several.
    First,
    /// The last of several.
    Last,
}

/// A call of a run: the first, or the last, of its function and what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Number of the event.
    pub event: u64,
    /// The function.
    pub function: FunctionId,
    /// What it is about.
    pub about: About,
    /// Which of its kind it is.
    pub occurrence: Occurrence,
    /// Virtual time since the start of the run, in nanoseconds.
    pub time_ns: u64,
    /// The error it answered with; none: it worked, or failed as streams do.
    pub error: Option<&'static str>,
    /// The beginning of what a read at an offset answered; else empty.
    pub answered: Vec<u8>,
}

impl Call {
    /// The first and the last call of each function about each thing, in their order. Calls that are about nothing
    /// outside are left out.
    ///
    /// # Errors
    /// The trace is not whole.
    pub fn of(trace: &Trace) -> Result<Vec<Self>, TraceError> {
        let mut handles: BTreeMap<u64, About> = BTreeMap::new();
        let mut kinds: BTreeMap<(FunctionId, About), (Self, Option<Self>)> = BTreeMap::new();
        for event in trace.events() {
            let event = event?;
            let Some(about) = about(trace, &event, &mut handles) else { continue };
            let call = Self {
                event: event.number,
                function: event.function,
                about: about.clone(),
                occurrence: Occurrence::Only,
                time_ns: event.time_ns,
                error: error_name(&event),
                answered: answered(trace, &event)?,
            };
            let kind = (event.function, about);
            let is_full = kinds.len() >= KINDS_MAX;
            match kinds.get_mut(&kind) {
                Some((first, last)) => {
                    first.occurrence = Occurrence::First;
                    *last = Some(Self { occurrence: Occurrence::Last, ..call });
                }
                None if !is_full => drop(kinds.insert(kind, (call, None))),
                None => {}
            }
        }
        let mut calls: Vec<Self> =
            kinds.into_values().flat_map(|(first, last)| [Some(first), last]).flatten().collect();
        calls.sort_by_key(|call| call.event);
        Ok(calls)
    }
}

/// What a call is about. Notes what the handles that it opens stand for.
fn about(trace: &Trace, event: &Event<'_>, handles: &mut BTreeMap<u64, About>) -> Option<About> {
    let opens = |about: About, handles: &mut BTreeMap<u64, About>| {
        for handle in ok_handles(event).unwrap_or_default() {
            handles.insert(handle, about.clone());
        }
        Some(about)
    };
    let receiver = |handles: &BTreeMap<u64, About>| handles.get(&number_in(trace, event, 0)?).cloned();
    match event.function {
        preopens::GET_DIRECTORIES => {
            for (handle, path) in directories(trace, event).unwrap_or_default() {
                handles.insert(handle, About::File(path));
            }
            None
        }
        stdin::GET_STDIN => standard(event, About::Input, handles),
        stdout::GET_STDOUT => standard(event, About::Output, handles),
        stderr::GET_STDERR => standard(event, About::Errors, handles),
        wall_clock::NOW => Some(About::Clock),
        random::GET_RANDOM_BYTES
        | random::GET_RANDOM_U64
        | insecure::GET_INSECURE_RANDOM_BYTES
        | insecure::GET_INSECURE_RANDOM_U64
        | insecure_seed::INSECURE_SEED => Some(About::Random),
        tcp_create_socket::CREATE_TCP_SOCKET | udp_create_socket::CREATE_UDP_SOCKET => Some(About::Sockets),
        tcp::TCP_SOCKET_START_CONNECT | tcp::TCP_SOCKET_START_LISTEN | udp::UDP_SOCKET_START_BIND => {
            let about = decided(event)?;
            handles.insert(number_in(trace, event, 0)?, about.clone());
            Some(about)
        }
        fs::DESCRIPTOR_OPEN_AT | ip_name_lookup::RESOLVE_ADDRESSES | outgoing_handler::HANDLE => {
            opens(decided(event)?, handles)
        }
        http::FUTURE_INCOMING_RESPONSE_GET => {
            let about = receiver(handles)?;
            if let Some(response) = ok_response(event) {
                handles.insert(response, about.clone());
            }
            Some(about)
        }
        fs::DESCRIPTOR_READ_VIA_STREAM
        | fs::DESCRIPTOR_WRITE_VIA_STREAM
        | fs::DESCRIPTOR_APPEND_VIA_STREAM
        | fs::DESCRIPTOR_READ_DIRECTORY
        | tcp::TCP_SOCKET_FINISH_CONNECT
        | http::INCOMING_RESPONSE_CONSUME
        | http::INCOMING_BODY_STREAM
        | tcp::TCP_SOCKET_ACCEPT => opens(receiver(handles)?, handles),
        udp::UDP_SOCKET_STREAM => opens(decided(event).or_else(|| receiver(handles))?, handles),
        // What they answer with, or close, is about nothing outside.
        streams::INPUT_STREAM_SUBSCRIBE
        | streams::OUTPUT_STREAM_SUBSCRIBE
        | streams::INPUT_STREAM_DROP
        | streams::OUTPUT_STREAM_DROP
        | fs::DESCRIPTOR_DROP
        | fs::DIRECTORY_ENTRY_STREAM_DROP
        | tcp::TCP_SOCKET_SUBSCRIBE
        | tcp::TCP_SOCKET_DROP
        | http::FUTURE_INCOMING_RESPONSE_SUBSCRIBE
        | http::FUTURE_INCOMING_RESPONSE_DROP
        | http::INCOMING_RESPONSE_DROP
        | http::INCOMING_BODY_DROP
        | udp::UDP_SOCKET_SUBSCRIBE
        | udp::UDP_SOCKET_DROP
        | udp::INCOMING_DATAGRAM_STREAM_SUBSCRIBE
        | udp::INCOMING_DATAGRAM_STREAM_DROP
        | udp::OUTGOING_DATAGRAM_STREAM_CHECK_SEND
        | udp::OUTGOING_DATAGRAM_STREAM_SUBSCRIBE
        | udp::OUTGOING_DATAGRAM_STREAM_DROP
        | ip_name_lookup::RESOLVE_ADDRESS_STREAM_SUBSCRIBE
        | ip_name_lookup::RESOLVE_ADDRESS_STREAM_DROP => None,
        function => {
            // Functions without a handle have numbers as their first argument, too.
            let takes_a_handle = function.get()?.params.first().is_some_and(|(name, _)| *name == "self");
            decided(event).or_else(|| if takes_a_handle { receiver(handles) } else { None })
        }
    }
}

/// What the envelope was asked about.
fn decided(event: &Event<'_>) -> Option<About> {
    let decision = event.decision.as_ref()?;
    let subject = decision.subject.as_ref().map(Subject::to_string)?;
    match decision.want {
        Want::Traverse | Want::Read | Want::Write | Want::ReadWrite => Some(About::File(subject)),
        Want::Lookup => Some(About::Name(subject)),
        Want::Connect | Want::Listen => Some(About::Connection(subject)),
        Want::Request => Some(About::Connection(subject.split('?').next().unwrap_or_default().to_owned())),
        Want::WallClock | Want::MonotonicClock | Want::Random | Want::Variable => None,
    }
}

/// A standard stream is asked for: nothing that can fail.
fn standard(event: &Event<'_>, about: About, handles: &mut BTreeMap<u64, About>) -> Option<About> {
    if let Some(Payload::Inline(bytes)) = event.answer
        && let Ok(handle) = Decoder::new(bytes).u64()
    {
        handles.insert(handle, about);
    }
    None
}

/// The directories that were handed over.
fn directories(trace: &Trace, event: &Event<'_>) -> Option<Vec<(u64, String)>> {
    let mut d = Decoder::new(trace.value(event.answer?).ok()?);
    (0..d.array().ok()??)
        .map(|_| {
            d.array().ok()?;
            Some((d.u64().ok()?, d.str().ok()?.to_owned()))
        })
        .collect()
}

/// The beginning of what a read at an offset answered: `[0, [bytes, at the end]]`.
fn answered(trace: &Trace, event: &Event<'_>) -> Result<Vec<u8>, TraceError> {
    let (fs::DESCRIPTOR_READ, Some(answer)) = (event.function, event.answer) else { return Ok(Vec::new()) };
    let mut d = Decoder::new(trace.value(answer)?);
    let bytes = d.array().and_then(|_| d.u64()).and_then(|_| d.array()).and_then(|_| d.bytes());
    Ok(bytes.map(|bytes| bytes[..bytes.len().min(ANSWERED_BYTES_MAX)].to_vec()).unwrap_or_default())
}
