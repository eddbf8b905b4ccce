//! How a run differs from the baseline.

use std::collections::BTreeSet;

use invar_trace::{Effect, Resources};
use minicbor::{Decode, Encode};

use crate::text;

/// Fuel below this is noise of start and end.
const FUEL_FLOOR: u64 = 100_000;

/// Memory below this is.
const MEMORY_FLOOR_BYTES: u64 = 1 << 20;

/// Bytes sent count sooner: a key is short.
const SENT_FLOOR_BYTES: u64 = 16;

/// Files are written in blocks.
const WRITTEN_FLOOR_BYTES: u64 = 64 << 10;

/// One way in which a run differs from the baseline.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deviation {
    /// It does what no run of the baseline does.
    New(BTreeSet<Effect>),
    /// It does not do what every run of the baseline does.
    Missing(BTreeSet<Effect>),
    /// Its output is none of those of the baseline.
    Output,
    /// Its standard error, or the text of the error it ends with, is none of those of the baseline; nothing else
    /// of what it says is new.
    Errors,
    /// It sends other bytes than all of those of the baseline do.
    Payload,
    /// It ends in another way.
    Ending,
    /// It costs more than three times as much.
    Cost(Cost),
    /// A cost has grown from run to run, and not by what the runs read; this run is past halfway.
    Growth(Cost),
}

/// What a run costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Cost {
    /// Instructions.
    #[n(0)]
    Fuel,
    /// Peak memory.
    #[n(1)]
    Memory,
    /// Bytes sent to the network.
    #[n(2)]
    Sent,
    /// Bytes written to files.
    #[n(3)]
    Written,
}

impl Cost {
    /// The name in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fuel => "fuel",
            Self::Memory => "peak memory",
            Self::Sent => "bytes sent",
            Self::Written => "bytes written",
        }
    }

    /// All of them.
    pub const ALL: [Self; 4] = [Self::Fuel, Self::Memory, Self::Sent, Self::Written];

    /// How much of it a run took.
    #[must_use]
    pub fn of(self, resources: &Resources) -> u64 {
        match self {
            Self::Fuel => resources.fuel,
            Self::Memory => resources.memory_peak_bytes,
            Self::Sent => resources.bytes.network_sent,
            Self::Written => resources.bytes.file_written,
        }
    }

    /// Differences up to this say nothing.
    #[must_use]
    pub fn floor(self) -> u64 {
        match self {
            Self::Fuel => FUEL_FLOOR,
            Self::Memory => MEMORY_FLOOR_BYTES,
            Self::Sent => SENT_FLOOR_BYTES,
            Self::Written => WRITTEN_FLOOR_BYTES,
        }
    }

    /// An amount of it in words.
    #[must_use]
    pub fn show(self, amount: u64) -> String {
        match self {
            Self::Fuel => text::count(amount),
            Self::Memory | Self::Sent | Self::Written => text::bytes(amount),
        }
    }
}
