//! What single calls of a tool skill came to.

use std::fmt;

use minicbor::{Decode, Encode};

use crate::OutputDigest;

/// What one call of an exported function came to, and what it cost.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CallEnd {
    /// The function, by its name in full.
    #[n(0)]
    pub function: String,
    /// What it gave.
    #[n(1)]
    pub result: CallResult,
    /// Number of the first event that is after its start.
    #[n(2)]
    pub first_event: u64,
    /// Number of its events.
    #[n(3)]
    pub events: u64,
    /// Fuel that it used.
    #[n(4)]
    pub fuel: u64,
    /// Its line of the output, without the end of the line.
    #[n(5)]
    pub output: OutputDigest,
}

impl CallEnd {
    /// Whether an event happened in this call.
    #[must_use]
    pub fn has_event(&self, number: u64) -> bool {
        number.checked_sub(self.first_event).is_some_and(|after| after < self.events)
    }
}

/// What a call gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum CallResult {
    /// It returned a value, or nothing if its type has none.
    #[n(0)]
    Value,
    /// It returned an error.
    #[n(1)]
    Error,
    /// It began and did not return: the run ended in it.
    #[n(2)]
    Stopped,
    /// The run ended before it.
    #[n(3)]
    NotMade,
}

impl CallResult {
    /// Whether the call returned.
    #[must_use]
    pub fn is_answer(self) -> bool {
        matches!(self, Self::Value | Self::Error)
    }

    /// As it stands in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Error => "error",
            Self::Stopped => "stopped",
            Self::NotMade => "not-made",
        }
    }
}

impl fmt::Display for CallResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The calls of a run that have no result, in words: `call 2 (x) did not return, calls 3 to 5 were not made`.
/// None: each has one.
#[must_use]
pub fn without_result(calls: &[CallEnd]) -> Option<String> {
    let numbered = || (1_usize..).zip(calls);
    let stopped = numbered().find(|(_, call)| call.result == CallResult::Stopped);
    let stopped = stopped
        .map(|(number, call)| format!("call {number} ({}) did not return", call.function.escape_debug()));
    let left: Vec<usize> =
        numbered().filter(|(_, call)| call.result == CallResult::NotMade).map(|(number, _)| number).collect();
    let left = match left.as_slice() {
        [] => None,
        [number] => Some(format!("call {number} was not made")),
        [first, second] => Some(format!("calls {first} and {second} were not made")),
        [first, .., last] => Some(format!("calls {first} to {last} were not made")),
    };
    let parts: Vec<String> = stopped.into_iter().chain(left).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::{CallEnd, CallResult, without_result};
    use crate::OutputDigest;

    #[test]
    fn calls_without_a_result_are_named() {
        let calls = |results: &[CallResult]| {
            let call = |result: &CallResult| CallEnd {
                function: "f".into(),
                result: *result,
                first_event: 0,
                events: 0,
                fuel: 0,
                output: OutputDigest::of(b""),
            };
            without_result(&results.iter().map(call).collect::<Vec<_>>())
        };
        let (value, stopped, left) = (CallResult::Value, CallResult::Stopped, CallResult::NotMade);
        assert_eq!(calls(&[value, CallResult::Error]), None);
        assert_eq!(calls(&[value, stopped]).unwrap(), "call 2 (f) did not return");
        assert_eq!(calls(&[stopped, left]).unwrap(), "call 1 (f) did not return, call 2 was not made");
        assert_eq!(calls(&[value, left, left]).unwrap(), "calls 2 and 3 were not made");
        assert_eq!(calls(&[left, left, left]).unwrap(), "calls 1 to 3 were not made");
    }
}
