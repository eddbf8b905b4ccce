//! What the machine is like, beside how fast it is.

use invar_envelope::parse_duration;
use minicbor::{Decode, Encode};

/// What a program can see of the machine and of how it is started, and that is neither input nor time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Machine {
    /// The standard streams are a terminal's.
    #[cbor(n(0), default, skip_if = "std::ops::Not::not")]
    pub is_terminal: bool,
    /// Nanoseconds that the clocks are exact to; none: one.
    #[cbor(n(1), default, skip_if = "Option::is_none")]
    pub resolution_ns: Option<u64>,
    /// Numbers of files count from here; none: they are spread over 64 bits.
    #[cbor(n(2), default, skip_if = "Option::is_none")]
    pub inodes_from: Option<u64>,
    /// A reading of the clock that comes late.
    #[cbor(n(3), default, skip_if = "Option::is_none")]
    pub late: Option<Late>,
}

/// A reading of the clock that comes late, as on a machine that was suspended, or whose debugger stood still.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Late {
    /// Which, of all readings of a run, from 1.
    #[n(0)]
    pub reading: u64,
    /// How late, in nanoseconds.
    #[n(1)]
    pub by_ns: u64,
}

impl Machine {
    /// The coarsest clock that a machine can be given: one that shows whole seconds.
    pub const RESOLUTION_NS_MAX: u64 = 1_000_000_000;

    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// A time as the clocks show it.
    #[must_use]
    pub fn shown_ns(&self, ns: u64) -> u64 {
        ns - ns % self.resolution_ns.unwrap_or(1).max(1)
    }

    /// Reads how exact a clock is.
    pub(crate) fn read_resolution(text: &str) -> Result<u64, String> {
        let ns = parse_duration(text).map_err(|error| error.to_string())?;
        match (1..=Self::RESOLUTION_NS_MAX).contains(&ns) {
            true => Ok(ns),
            false => Err(format!("\"{text}\" is no resolution of a clock; it is from 1ns to 1s")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Late, Machine};

    #[test]
    fn written_and_read_again_is_the_same() {
        let machine = Machine {
            is_terminal: true,
            resolution_ns: Some(100),
            inodes_from: Some(2),
            late: Some(Late { reading: 2, by_ns: 7 }),
        };
        for machine in [machine, Machine::default()] {
            let written = minicbor::to_vec(machine).unwrap();
            assert_eq!(minicbor::decode::<Machine>(&written).unwrap(), machine);
        }
    }

    #[test]
    fn a_coarse_clock_shows_whole_steps_only() {
        let shown = |resolution_ns| Machine { resolution_ns, ..Machine::default() }.shown_ns(1_234);
        assert_eq!([None, Some(0), Some(1), Some(100)].map(shown), [1_234, 1_234, 1_234, 1_200]);
    }
}
