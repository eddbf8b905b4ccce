//! How a run ended.

use std::fmt;

use invar_world::Digest;
use minicbor::{Decode, Encode};

use crate::{CallEnd, OutputDigest};

/// Why a run ended.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Ending {
    /// The entry point returned success.
    #[n(0)]
    Returned,
    /// The entry point returned failure; a typed skill says why.
    #[n(1)]
    Failed(#[n(0)] Option<String>),
    /// The skill asked to exit with this status.
    #[n(2)]
    Exited(#[n(0)] u8),
    /// WebAssembly trapped.
    #[n(3)]
    Trapped(#[n(0)] String),
    /// A limit of the lab, by its name, was crossed.
    #[n(4)]
    Limit(#[n(0)] String),
    /// It waits for what can never happen.
    #[n(5)]
    Deadlock,
    /// The skill broke a contract of the interface, such as writing more than it was permitted.
    #[n(6)]
    Misuse(#[n(0)] String),
}

impl Ending {
    /// The exit status, if the run came to one.
    #[must_use]
    pub fn status(&self) -> Option<u8> {
        match self {
            Self::Returned => Some(0),
            Self::Failed(_) => Some(1),
            Self::Exited(status) => Some(*status),
            _ => None,
        }
    }

    /// Reads the end as it stands in a trace's last event.
    ///
    /// # Errors
    /// Other bytes.
    pub fn from_cbor(bytes: &[u8]) -> Result<Self, minicbor::decode::Error> {
        minicbor::decode(bytes)
    }

    /// Whether the run came to an exit status, whichever.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.status().is_some()
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Returned => f.write_str("returned"),
            Self::Failed(None) => f.write_str("failed"),
            Self::Failed(Some(message)) => write!(f, "failed: {}", message.escape_debug()),
            Self::Exited(status) => write!(f, "exited with {status}"),
            // A trap's text has names of the skill's in it, and a trace may be anybody's.
            Self::Trapped(reason) => write!(f, "trapped: {}", reason.escape_debug()),
            Self::Limit(name) => write!(f, "stopped by the lab's limit on {}", name.escape_debug()),
            Self::Deadlock => f.write_str("stopped in a deadlock: it waits for what can never happen"),
            Self::Misuse(what) => write!(f, "stopped: {}", what.escape_debug()),
        }
    }
}

/// Bytes through the membrane.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Bytes {
    /// Read from files.
    #[n(0)]
    pub file_read: u64,
    /// Written to files.
    #[n(1)]
    pub file_written: u64,
    /// Sent to the network.
    #[n(2)]
    pub network_sent: u64,
    /// Received from the network.
    #[n(3)]
    pub network_received: u64,
}

/// The last record of a trace: what the whole run came to.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct End {
    /// Why it ended.
    #[n(0)]
    pub ending: Ending,
    /// Number of events, the end included.
    #[n(1)]
    pub events: u64,
    /// Fuel used.
    #[n(2)]
    pub fuel: u64,
    /// Virtual time from start to end, in nanoseconds.
    #[n(3)]
    pub virtual_ns: u64,
    /// Part of it that was spent waiting.
    #[n(4)]
    pub waited_ns: u64,
    /// Largest sum of all linear memories, in bytes.
    #[n(5)]
    pub memory_peak_bytes: u64,
    /// Standard output, or the typed answer.
    #[n(6)]
    pub stdout: OutputDigest,
    /// Standard error.
    #[n(7)]
    pub stderr: OutputDigest,
    /// Digest of the files it left.
    #[n(8)]
    pub files: Digest,
    /// Bytes through the membrane.
    #[n(9)]
    pub bytes: Bytes,
    /// The calls of a tool skill, in order, with those that were not made; none: its entry point is another.
    #[n(10)]
    pub calls: Option<Vec<CallEnd>>,
}

#[cfg(test)]
mod tests {
    use super::Ending;

    #[test]
    fn no_ending_can_move_the_cursor_or_end_the_line() {
        let hostile = || "\u{1b}[2J\nCONSISTENT\u{202e}".to_owned();
        for ending in [
            Ending::Failed(Some(hostile())),
            Ending::Trapped(hostile()),
            Ending::Limit(hostile()),
            Ending::Misuse(hostile()),
        ] {
            let shown = ending.to_string();
            assert!(shown.ends_with(r"\u{1b}[2J\nCONSISTENT\u{202e}"), "{shown:?}");
        }
    }
}
