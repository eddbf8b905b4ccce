//! Where answers come from: a world, or the trace of an earlier run.

use std::{collections::BTreeSet, sync::Arc};

use invar_trace::{
    Cursor, End, Ending, FunctionId, OutputDigest, RecordedCall, Trace, TraceError, functions as f, log_line,
};
use invar_world::Limits;
use minicbor::Decoder;

use crate::{
    context::{Context, Remainder, WorldSetup},
    stdio::Stdio,
    stop::{NotInTrace, Stop},
};

/// What is to answer a run.
pub enum Source {
    /// A world, through the shims.
    World(Box<WorldSetup>),
    /// The answers of an earlier run.
    Trace(Box<Recorded>),
}

/// What answers a run. Only the funnel tells one from the other.
pub(crate) enum Answers {
    World(Box<Context>),
    Trace(Box<Recorded>),
}

/// The answers that a trace holds, given for as long as the run makes the calls that it holds; and what the run writes
/// to its standard streams on the way.
pub struct Recorded {
    cursor: Cursor,
    end: End,
    /// Calls so far.
    calls: u64,
    stdio: Stdio,
    stdout: BTreeSet<u32>,
    stderr: BTreeSet<u32>,
    /// Bytes went to a standard stream that the trace does not hold: those of `splice`.
    is_partial: bool,
}

impl Answers {
    pub(crate) fn new(source: Source, limits: Limits) -> Self {
        match source {
            Source::World(setup) => Self::World(Box::new(Context::new(*setup, limits))),
            Source::Trace(recorded) => Self::Trace(recorded),
        }
    }

    /// Ends the run after `fuel`. `output` is the answer of a typed skill.
    pub(crate) fn finish(self, fuel: u64, output: Option<Vec<u8>>) -> Remainder {
        match self {
            Self::World(context) => context.finish(fuel, output),
            Self::Trace(recorded) => recorded.finish(output),
        }
    }
}

impl Recorded {
    /// The answers of this trace.
    ///
    /// # Errors
    /// Its run has not ended.
    pub fn new(trace: Arc<Trace>) -> Result<Self, TraceError> {
        let limits = trace.header()?.limits;
        Ok(Self {
            end: trace.end()?.clone(),
            cursor: Cursor::new(trace),
            calls: 0,
            // A trace may be anybody's.
            stdio: Stdio::new(Vec::new(), limits.output_bytes.min(Limits::LAB.output_bytes)),
            stdout: BTreeSet::new(),
            stderr: BTreeSet::new(),
            is_partial: false,
        })
    }

    /// The recorded call that must be this one: same function, same request.
    ///
    /// # Errors
    /// It is another.
    pub(crate) fn call(&mut self, function: FunctionId, request: &[u8]) -> Result<RecordedCall, Stop> {
        let event = self.calls;
        self.calls += 1;
        let next = self.cursor.next_call();
        let call = next.map_err(|error| NotInTrace::unreadable(event, function, &error))?;
        match call {
            Some(call) if call.function == function && call.request == request => Ok(call),
            Some(call) if call.function == function => Err(NotInTrace::request(event, function).into()),
            call => Err(NotInTrace::function(event, function, call.map(|call| call.function)).into()),
        }
    }

    /// Why the recorded run was stopped in this call.
    pub(crate) fn stop(&self, event: u64, function: FunctionId) -> Stop {
        // The end of a trace is anybody's word: a call stops a run in these ways only.
        match &self.end.ending {
            Ending::Exited(_) if is_exit(function) => Stop::Recorded(self.end.ending.clone()),
            ending @ (Ending::Limit(_) | Ending::Deadlock | Ending::Misuse(_)) => {
                Stop::Recorded(ending.clone())
            }
            ending => {
                let error = format!("it has none, and the run {ending}");
                NotInTrace::unreadable(event, function, &error).into()
            }
        }
    }

    /// Keeps what a call writes to standard output or error.
    ///
    /// # Errors
    /// It is more than a run may write.
    pub(crate) fn observe(&mut self, call: &RecordedCall) -> Result<(), Stop> {
        let Some(answer) = &call.answer else { return Ok(()) };
        match call.function {
            f::stdout::GET_STDOUT => self.stdout.extend(number(answer)),
            f::stderr::GET_STDERR => self.stderr.extend(number(answer)),
            f::streams::OUTPUT_STREAM_WRITE | f::streams::OUTPUT_STREAM_BLOCKING_WRITE_AND_FLUSH => {
                let mut request = Decoder::new(&call.request);
                let written = request.array().and_then(|_| Ok((request.u32()?, request.bytes()?)));
                if let (Ok((stream, bytes)), true) = (written, is_ok(answer)) {
                    return self.write(stream, bytes);
                }
            }
            f::streams::OUTPUT_STREAM_WRITE_ZEROES
            | f::streams::OUTPUT_STREAM_BLOCKING_WRITE_ZEROES_AND_FLUSH => {
                let mut request = Decoder::new(&call.request);
                let written = request.array().and_then(|_| Ok((request.u32()?, request.u64()?)));
                if let (Ok((stream, len)), true) = (written, is_ok(answer)) {
                    return self.write_zeroes(stream, len);
                }
            }
            f::logging::LOG => {
                let mut request = Decoder::new(&call.request);
                let logged =
                    request.array().and_then(|_| Ok((request.u8()?, request.str()?, request.str()?)));
                if let Ok((level, context, message)) = logged {
                    return self.stdio.write(true, log_line(level, context, message).as_bytes());
                }
            }
            f::streams::OUTPUT_STREAM_SPLICE | f::streams::OUTPUT_STREAM_BLOCKING_SPLICE => {
                let mut request = Decoder::new(&call.request);
                let to = request
                    .array()
                    .and_then(|_| request.u32())
                    .ok()
                    .filter(|_| is_ok(answer) && !is_zero(answer));
                self.is_partial |=
                    to.is_some_and(|to| self.stdout.contains(&to) || self.stderr.contains(&to));
            }
            _ => {}
        }
        Ok(())
    }

    fn write(&mut self, stream: u32, bytes: &[u8]) -> Result<(), Stop> {
        match (self.stdout.contains(&stream), self.stderr.contains(&stream)) {
            (true, _) => self.stdio.write(false, bytes),
            (_, true) => self.stdio.write(true, bytes),
            (false, false) => Ok(()),
        }
    }

    fn write_zeroes(&mut self, stream: u32, len: u64) -> Result<(), Stop> {
        const CHUNK: [u8; 4096] = [0; 4096];
        let mut left = len;
        while left > 0 && (self.stdout.contains(&stream) || self.stderr.contains(&stream)) {
            let chunk = usize::try_from(left).unwrap_or(CHUNK.len()).min(CHUNK.len());
            self.write(stream, &CHUNK[..chunk])?;
            left -= chunk as u64;
        }
        Ok(())
    }

    /// What the recorded run left. What this one wrote counts, where all of it is known.
    fn finish(mut self, output: Option<Vec<u8>>) -> Remainder {
        let mut end = self.end;
        self.stdio.stdout.extend_from_slice(&output.unwrap_or_default());
        if !self.is_partial {
            end.stdout = OutputDigest::of(&self.stdio.stdout);
            end.stderr = OutputDigest::of(&self.stdio.stderr);
        }
        Remainder { end, stdio: self.stdio, files: None }
    }
}

/// The handle that a function without error answered with.
fn number(answer: &[u8]) -> Option<u32> {
    Decoder::new(answer).u32().ok()
}

/// Whether an answer is `ok`: `[0, value]`.
fn is_ok(answer: &[u8]) -> bool {
    let mut answer = Decoder::new(answer);
    answer.array().and_then(|_| answer.u8()).is_ok_and(|case| case == 0)
}

/// Whether an answer is `ok` of no bytes.
fn is_zero(answer: &[u8]) -> bool {
    let mut answer = Decoder::new(answer);
    answer.array().and_then(|_| answer.u8()).and_then(|_| answer.u64()).is_ok_and(|bytes| bytes == 0)
}

fn is_exit(function: FunctionId) -> bool {
    function == f::exit::EXIT || function == f::exit::EXIT_WITH_CODE
}
