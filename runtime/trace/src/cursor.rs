//! The events of a trace one after the other, for who makes its run again.

use std::{collections::VecDeque, sync::Arc};

use crate::{Decision, Event, FunctionId, Trace, TraceError};

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

/// A place in a trace, from its first event on. Reads a frame at a time.
#[derive(Debug)]
pub struct Cursor {
    trace: Arc<Trace>,
    /// The frame to read next.
    frame: usize,
    calls: VecDeque<RecordedCall>,
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
                self.calls.push_back(recorded(&self.trace, &event?)?);
            }
        }
        Ok(self.calls.pop_front().filter(|call| call.function != FunctionId::END))
    }
}

fn recorded(trace: &Trace, event: &Event<'_>) -> Result<RecordedCall, TraceError> {
    Ok(RecordedCall {
        number: event.number,
        function: event.function,
        time_ns: event.time_ns,
        request: trace.value(event.request)?.to_vec(),
        decision: event.decision.clone(),
        answer: event.answer.map(|answer| trace.value(answer).map(<[u8]>::to_vec)).transpose()?,
    })
}
