//! What probes take of a run, on top of what the original takes.

use invar_trace::ProbeOverhead;

use super::HitFilter;

/// How many times the fuel of the original an instruction with its probe burns at most: with [`HitFilter::First`] a load, a
/// comparison and a branch; with [`HitFilter::Known`] a call that looks both operands up.
const FUEL_RATIO_FIRST: u64 = 16;
const FUEL_RATIO_KNOWN: u64 = 48;
/// Fuel of all reports of one site at most: as many as a counter counts, each a call of a helper. A counter is a byte.
const FUEL_OF_A_COUNTER: u64 = 1024;

/// What one instance of something needs for its probes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cost {
    pub(super) memories: u64,
    pub(super) memory_bytes: u64,
}

impl Cost {
    pub(super) fn add(&mut self, other: Self) {
        self.memories = self.memories.saturating_add(other.memories);
        self.memory_bytes = self.memory_bytes.saturating_add(other.memory_bytes);
    }

    /// What the host gives to a copy of this cost.
    pub(super) fn overhead(self, gate: HitFilter, import: String) -> ProbeOverhead {
        ProbeOverhead {
            import,
            memories: self.memories,
            memory_bytes: self.memory_bytes,
            fuel_ratio: match gate {
                HitFilter::First => FUEL_RATIO_FIRST,
                HitFilter::Known => FUEL_RATIO_KNOWN,
            },
            fuel: self.memory_bytes.saturating_mul(FUEL_OF_A_COUNTER),
        }
    }
}
