//! The events of a trace one after the other, for who makes its run again.

use std::{collections::VecDeque, sync::Arc};

use invar_world::Digest;

use crate::{Decision, Event, FunctionId, Payload, Trace, TraceError};

/// One host call as a trace holds it, its values whole.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordedCall {
    /// From 0.
    pub number: u64,
    /// What was called.
    pub function: FunctionId,
    /// Time since the start of the run, in nanoseconds.
    pub time_ns: u64,
    /// The arguments: a CBOR array.
    pub request: Vec<u8>,
    /// What the envelope said.
    pub decision: Option<Decision>,
    /// The CBOR of the answer; none if the call stopped the run.
    pub answer: Option<Vec<u8>>,
}

/// A place in a trace, from its first event on.
///
/// Reads a frame at a time and copies the values of a call when it is taken: a frame can name a large blob in each of its
/// events.
#[derive(Debug)]
pub struct Cursor {
    trace: Arc<Trace>,
    /// The frame to read next.
    frame: usize,
    calls: VecDeque<FramedCall>,
}

/// A call whose blobs are still in the trace.
#[derive(Debug)]
struct FramedCall {
    number: u64,
    function: FunctionId,
    time_ns: u64,
    request: Value,
    decision: Option<Decision>,
    answer: Option<Value>,
}

#[derive(Debug)]
enum Value {
    Inline(Vec<u8>),
    Blob(Digest),
}

impl Cursor {
    /// Stands before the first event.
    #[must_use]
    pub fn new(trace: Arc<Trace>) -> Self {
        Self { trace, frame: 0, calls: VecDeque::new() }
    }

    /// The next call, and moves behind it; none: the run made no more.
    ///
    /// # Errors
    /// A value of the trace is missing, or an event cannot be read.
    pub fn next_call(&mut self) -> Result<Option<RecordedCall>, TraceError> {
        while self.calls.is_empty() {
            let Some(events) = self.trace.frame(self.frame) else { return Ok(None) };
            self.frame += 1;
            for event in events? {
                self.calls.push_back(FramedCall::of(event?));
            }
        }
        let call = self.calls.pop_front().filter(|call| call.function != FunctionId::END);
        call.map(|call| call.whole(&self.trace)).transpose()
    }
}

impl FramedCall {
    fn of(event: Event<'_>) -> Self {
        let Event { number, function, time_ns, request, decision, answer, .. } = event;
        Self {
            number,
            function,
            time_ns,
            request: Value::of(request),
            decision,
            answer: answer.map(Value::of),
        }
    }

    fn whole(self, trace: &Trace) -> Result<RecordedCall, TraceError> {
        let Self { number, function, time_ns, request, decision, answer } = self;
        let answer = answer.map(|answer| answer.whole(trace)).transpose()?;
        Ok(RecordedCall { number, function, time_ns, request: request.whole(trace)?, decision, answer })
    }
}

impl Value {
    fn of(payload: Payload<'_>) -> Self {
        match payload {
            Payload::Inline(bytes) => Self::Inline(bytes.to_vec()),
            Payload::Blob { digest, .. } => Self::Blob(digest),
        }
    }

    fn whole(self, trace: &Trace) -> Result<Vec<u8>, TraceError> {
        match self {
            Self::Inline(bytes) => Ok(bytes),
            Self::Blob(digest) => trace.blob(digest).map(<[u8]>::to_vec),
        }
    }
}
