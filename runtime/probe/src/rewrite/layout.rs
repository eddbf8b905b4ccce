//! Where things lie in the memory that a module gets for its counters.

use invar_trace::PROBE_SETUP_MODULE;

/// Hits of a comparison that are reported in one run.
pub const COMPARISONS_HITS_MAX: i32 = 16;

/// How many times each function reports its parameters.
pub(crate) const ENTER_HITS: u32 = 0;
/// Whether nothing may be reported now: a component must not call out while memory is allocated in it for an answer.
pub(crate) const QUIET: u32 = 1;
/// Slots of values that are known, a byte each, by hash: for [`HitFilter::Known`](super::HitFilter::Known).
pub const FILTER_SLOTS: u32 = 1 << 16;
/// Where they begin.
pub(crate) const FILTER: u32 = 64;
/// Where the counters begin, a byte for each site.
pub(crate) const COUNTERS: u32 = FILTER + FILTER_SLOTS;

/// A byte to be put into the memory of counters before a module starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemoryInit {
    /// How many times each function reports its parameters.
    EnterHits(u8),
    /// This value is known.
    Known(u64),
    /// A site of a module, by the number it has in it, reports `MORE_HITS` hits more than others.
    More {
        /// The module.
        module: u32,
        /// The site.
        site: u32,
    },
}

/// Hits that one site can report more than the first: its counter begins below zero.
pub(crate) const MORE_HITS: u8 = 128;

/// Multiplier of the hash: 2^64 divided by the golden ratio (Knuth, The Art of Computer Programming 3, 6.4).
pub(crate) const HASH: u64 = 0x9e37_79b9_7f4a_7c15;
/// Bits that are shifted away, so that a slot is left.
pub(crate) const HASH_SHIFT: u32 = 64 - FILTER_SLOTS.trailing_zeros();

impl MemoryInit {
    /// As the host passes it: the module if it is for one, the address, the byte.
    #[must_use]
    pub fn packed(self) -> u64 {
        let (module, address, byte) = match self {
            Self::EnterHits(times) => (0, ENTER_HITS, times),
            Self::Known(value) => (0, FILTER + slot(value), 1),
            Self::More { module, site } => (u64::from(module) + 1, COUNTERS + site, MORE_HITS.wrapping_neg()),
        };
        module << PROBE_SETUP_MODULE | u64::from(address) << 8 | u64::from(byte)
    }
}

/// The slot of a value.
fn slot(value: u64) -> u32 {
    u32::try_from(value.wrapping_mul(HASH) >> HASH_SHIFT).unwrap_or(0)
}
