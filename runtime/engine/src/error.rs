//! What can go wrong, by whose fault.

use std::time::Duration;

use invar_host_api::NotInTrace;
use invar_trace::{SinkError, TraceError};
use thiserror::Error;

use crate::{BoundsError, names::Names, not_wasm::NotWasm, refusal::Refusal};

/// A file that is not a skill we can run.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LoadError {
    /// Larger than a skill may be.
    #[error("the file has {bytes} bytes; a skill has at most {max}")]
    TooLarge {
        /// Bytes it has.
        bytes: usize,
        /// Bytes it may have.
        max: usize,
    },
    /// Not WebAssembly at all.
    #[error(transparent)]
    NotWasm(#[from] NotWasm),
    /// WebAssembly that cannot be run for what it is.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// More of it than a skill may have.
    #[error(transparent)]
    Bounds(BoundsError),
    /// It takes the compiler more than it may.
    #[error("compiling it took more than {0}, which is all that a skill may take: nothing of it was run")]
    Costly(&'static str),
    /// The compiler broke on it.
    #[error("the compiler broke on it: {0}")]
    Broke(String),
    /// WebAssembly that does not hold together, or uses what is switched off.
    #[error("not valid WebAssembly: {0}")]
    Invalid(String),
    /// A module that imports what is no function of WASI p1.
    #[error(
        "this module cannot be linked: it imports {0}, which invar does not offer; offered are the functions of \
         wasi_snapshot_preview1"
    )]
    UnknownFunction(Names),
    /// It needs what the membrane does not have.
    #[error("it imports what invar does not offer: {}; offered are wasi:cli/imports@0.2 and, for requests, wasi:http@0.2", Names::plain(.0))]
    UnknownImports(Vec<String>),
    /// It imports the right interfaces in the wrong way.
    #[error("it cannot be linked: {0}")]
    NotLinkable(String),
    /// It has no entry point that we know.
    #[error("it exports {}; accepted is wasi:cli/run@0.2 (a command) or invoke: func(input: list<u8>) -> result<list<u8>, string> (a typed skill)", Names::plain(.0))]
    NoEntry(Vec<String>),
    /// The engine could not be made: the host's fault.
    #[error("the engine cannot start: {0}")]
    Engine(String),
}

impl From<BoundsError> for LoadError {
    fn from(error: BoundsError) -> Self {
        match error {
            BoundsError::Malformed(message) => Self::Invalid(message),
            error => Self::Bounds(error),
        }
    }
}

impl LoadError {
    /// That the compiler finds it invalid.
    pub(crate) fn invalid(error: wasmtime::Error) -> Self {
        Self::Invalid(format!("{error:#}"))
    }
}

/// A run that came to nothing, not by the skill's doing.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RunError {
    /// The trace could not be written; the result was dropped.
    #[error(transparent)]
    Trace(#[from] SinkError),
    /// A substituted answer is not one that the function could give.
    #[error("--set event: {0}")]
    Substitution(String),
    /// It took more host time than a run may, which is the host's doing: fuel and limits bound what a skill can ask
    /// of it.
    #[error("the host was too slow: the run was ended after {} s of host time", .0.as_secs())]
    HostTime(Duration),
    /// It was to be answered from a trace, and made a call that the trace does not hold.
    #[error("not in trace: {0}")]
    NotInTrace(NotInTrace),
    /// The trace that was to answer it is not whole.
    #[error(transparent)]
    Recorded(#[from] TraceError),
    /// The operator ended it.
    #[error("the run was cancelled")]
    Cancelled,
    /// The host failed.
    #[error("the host failed: {0}")]
    Host(String),
}
