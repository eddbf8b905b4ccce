//! Why a call does not come back.

use invar_trace::{Ending, FunctionId, SinkError};
use thiserror::Error;

/// Why the operator's side ends a run. It is no result: on another host it would have gone on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It took more of the host's time than a run may.
    HostTime,
    /// The operator wants no more of it.
    Cancelled,
}

/// What ends a run from inside a host call.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Stop {
    /// The skill asked to exit.
    #[error("exit with status {0}")]
    Exit(u8),
    /// A limit of the lab was crossed.
    #[error("limit on {0}")]
    Limit(&'static str),
    /// The operator's side ended it.
    #[error("{}", match .0 { Ended::HostTime => "host time", Ended::Cancelled => "cancelled" })]
    Ended(Ended),
    /// Nothing it waits for can happen.
    #[error("deadlock")]
    Deadlock,
    /// The skill broke the contract of the function.
    #[error("{0}")]
    Misuse(String),
    /// The trace cannot be written: the run must not go on unrecorded.
    #[error(transparent)]
    Trace(#[from] SinkError),
    /// A run that recorded answers replay was stopped here when it was recorded, for this reason.
    #[error("{0}")]
    Recorded(Ending),
    /// A run that recorded answers replay made another call than the trace holds, which cannot be answered.
    #[error("{0}")]
    NotInTrace(#[from] NotInTrace),
    /// A substituted answer is not one that the function could give. The user's mistake, not the skill's.
    #[error("event {event}: {message}")]
    Substitution {
        /// Number of the event.
        event: u64,
        /// What is wrong with the answer.
        message: String,
    },
}

/// A call that a trace has no answer to.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("event {event}: {reason}")]
pub struct NotInTrace {
    /// Number of the event.
    pub event: u64,
    /// How it differs.
    pub reason: String,
}

impl NotInTrace {
    /// Another function is called, or one more than there were.
    pub(crate) fn function(event: u64, called: FunctionId, recorded: Option<FunctionId>) -> Self {
        let reason = match recorded {
            Some(recorded) => format!("{called} is called, where {recorded} was recorded"),
            None => format!("{called} is called, where the recorded run had ended"),
        };
        Self { event, reason }
    }

    /// The same function is asked something else.
    pub(crate) fn request(event: u64, function: FunctionId) -> Self {
        Self { event, reason: format!("{function} is called with other arguments than were recorded") }
    }

    /// The trace cannot be read there, or not as an answer of that function.
    pub(crate) fn unreadable(event: u64, function: FunctionId, error: &dyn std::fmt::Display) -> Self {
        Self { event, reason: format!("the recorded answer of {function} cannot be given: {error}") }
    }
}

/// How a shim's work can fail: an error for the skill, or the end of the run.
#[derive(Debug)]
pub(crate) enum Fail<E> {
    Guest(E),
    Stop(Stop),
}

/// What a shim's work comes to.
pub(crate) type Outcome<T, E> = Result<T, Fail<E>>;

impl<E> From<Stop> for Fail<E> {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}
