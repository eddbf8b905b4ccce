//! What an instrumented copy of a skill says to the host, beside WASI: the one import that it has more.

/// The name of the import, of the component and of each module: `hit(site, left, right)` gives the left operand with
/// which the comparison goes on.
pub const PROBE_IMPORT: &str = "invar-probe";
/// The site by whose number a module asks what to put into its memory before it starts: `hit(SETUP, module, i)`
/// gives the i-th byte and its address, then [`PROBE_SETUP_END`].
pub const PROBE_SETUP: u32 = u32::MAX;
/// Above this bit such an answer says for which module it is, counted from 1; 0 is for all.
pub const PROBE_SETUP_MODULE: u32 = 40;
/// Nothing more is to be put there.
pub const PROBE_SETUP_END: u64 = u64::MAX;

/// One comparison, as an instrumented copy told it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// The place.
    pub site: u32,
    /// The left operand.
    pub left: u64,
    /// The right one.
    pub right: u64,
}
