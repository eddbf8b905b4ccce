//! How long the parts of a virtual network take.

/// After so long without a byte the other side closes, unless the script keeps it open: a skill that waits
/// for an answer nobody scripted continues, as it would after a server's timeout.
pub(super) const IDLE_NS: u64 = 10_000_000_000;
/// How long a connection attempt without an answer waits: as on Linux.
pub(super) const CONNECT_TIMEOUT_NS: u64 = 127_000_000_000;
/// How long a lookup without an answer waits.
pub(super) const LOOKUP_TIMEOUT_NS: u64 = 5_000_000_000;
/// Time from one end of the machine to the other.
pub(super) const LOOPBACK_NS: u64 = 50_000;

/// Something that is known once a time is reached.
pub(super) struct Ready<T> {
    /// From when, in nanoseconds.
    pub(super) at_ns: u64,
    /// What is known then.
    pub(super) value: T,
}
