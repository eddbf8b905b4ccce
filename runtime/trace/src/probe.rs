//! The one import that an instrumented copy of a skill has beside WASI.

/// The name of the import, of the component and of each module, unless the component uses it itself: `hit(site, left,
/// right)` gives the left operand with which the comparison goes on.
pub const PROBE_IMPORT: &str = "invar-probe";
/// The one function in it, for core modules.
pub const PROBE_FUNCTION: &str = "hit";
/// The site by whose number a module asks what to put into its memory before it starts: `hit(SETUP, module, i)`
/// gives the i-th byte and its address, then [`PROBE_SETUP_END`].
pub const PROBE_SETUP: u32 = u32::MAX;
/// Above this bit such an answer says for which module it is, counted from 1; 0 is for all.
pub const PROBE_SETUP_MODULE: u32 = 40;
/// Nothing more is to be put there.
pub const PROBE_SETUP_END: u64 = u64::MAX;

/// What probes add to a component: the host gives it to a copy on top of what the original may take, so that a copy
/// comes to a limit where the original does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbeOverhead {
    /// The name of the import: one that nothing in the component has.
    pub import: String,
    /// Memories of one run, over all instances.
    pub memories: u64,
    /// Bytes of them. Their size is fixed.
    pub memory_bytes: u64,
    /// An instruction with its probe burns so many times the fuel at most, once the probe reports no more.
    pub fuel_ratio: u64,
    /// Fuel that all reports of one run burn at most.
    pub fuel: u64,
}

/// One comparison, as an instrumented copy reported it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// The place.
    pub site: u32,
    /// The left operand.
    pub left: u64,
    /// The right one.
    pub right: u64,
}
