//! A component rewritten so that its comparisons can be read.
//!
//! Every core module of the component gets a second memory for counters, and one import: `hit(site, a, b)`,
//! which takes both operands and returns the left one, unchanged or as the lab wants it. Scalars only, so
//! that it needs no memory of the component's, and the log is on our side of the membrane whatever becomes of the
//! run. A counter for each site stands before the call: the first hits are reported, the rest cost a load and a
//! branch.

mod body;
mod component;
mod helpers;
mod layout;
mod module;
mod names;

use invar_trace::ProbeOverhead;
use thiserror::Error;
use wasmparser::{Parser, Validator, WasmFeatures};

use crate::{Site, dormant::Code};

pub use layout::{COMPARISONS_HITS_MAX, FILTER_SLOTS, MemoryInit};

/// Which hits of one site are reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HitFilter {
    /// The first of each site.
    #[default]
    First,
    /// Those with an operand that the lab knows, however many: for interpreters, which pass one site a million
    /// times before they come to what counts.
    Known,
}

/// What gets which probes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probes {
    /// Hits that are reported.
    pub gate: HitFilter,
    /// Whether functions report their parameters and what those point at; else only that they were entered.
    pub texts: bool,
    /// Whether modules inside nested components get probes.
    pub nested: bool,
    /// Functions with more bytes of code get a probe at their entry and no other.
    pub body_bytes_max: u32,
    /// Whether the component was made of a p1 module, by us: then its first module is the skill's, and the others join
    /// that to the interfaces. A component that came as one can imitate their names, so that nothing in it is trusted.
    pub is_adapted: bool,
}

impl Probes {
    /// All of them.
    #[must_use]
    pub const fn all(gate: HitFilter) -> Self {
        Self { gate, texts: true, nested: true, body_bytes_max: u32::MAX, is_adapted: false }
    }
}

impl From<HitFilter> for Probes {
    fn from(gate: HitFilter) -> Self {
        Self::all(gate)
    }
}

/// A component that reports what it compares.
#[derive(Debug, Clone)]
pub struct InstrumentedComponent {
    /// The component.
    pub bytes: Vec<u8>,
    /// Its sites, by number.
    pub sites: Vec<Site>,
    /// What its code could do.
    pub code: Code,
    /// Functions with a body in the original, but for those that join a p1 module to the interfaces.
    pub functions: usize,
    /// What could not get its probes, and was copied as it is.
    pub left_out: Vec<Omission>,
    /// What the probes need from the host.
    pub overhead: ProbeOverhead,
}

/// Functions that did not get their probes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Omission {
    /// The core module, in the order of the component.
    pub module: u32,
    /// The function, by the number it has in the original module; none: all of the module.
    pub function: Option<u32>,
    /// How many functions.
    pub functions: usize,
    /// The site that reports that the function was entered, if it has at least that.
    pub entry: Option<u32>,
    /// Whether an effect can be reached from it.
    pub reaches_effects: bool,
    /// Whether anything calls it, takes its address or exports it; for a module, whether it is instantiated.
    pub is_used: bool,
}

impl InstrumentedComponent {
    /// What makes a site report more hits than others; none if there is no such site.
    #[must_use]
    pub fn more_hits(&self, site: u32) -> Option<MemoryInit> {
        let module = self.sites.get(site as usize)?.module;
        let first = self.sites.partition_point(|site| site.module < module);
        Some(MemoryInit::More { module, site: site - u32::try_from(first).ok()? })
    }
}

/// A component that cannot be rewritten.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RewriteError {
    /// Not a valid component.
    #[error("the component is not valid: {0}")]
    Invalid(String),
    /// It uses what the encoder does not know.
    #[error("the component cannot be rewritten: {0}")]
    Encoding(String),
}

/// Sites of one component. Stops a generated one from taking the host's memory; an engine for JavaScript has
/// 100,000. Functions past it get a probe at their entry alone.
pub(crate) const SITES_MAX: usize = 4_000_000;
/// The same for those: functions past it are copied as they are.
pub(crate) const ENTRY_SITES_MAX: usize = SITES_MAX + SITES_MAX / 4;

/// Rewrites a component. What cannot get its probes is copied as it is, and counted.
///
/// # Errors
/// See [`RewriteError`].
pub fn instrument(
    component: &[u8],
    probes: impl Into<Probes>,
) -> Result<InstrumentedComponent, RewriteError> {
    Validator::new_with_features(WasmFeatures::all())
        .validate_all(component)
        .map_err(|error| RewriteError::Invalid(error.to_string()))?;
    if !Parser::is_component(component) {
        return Err(RewriteError::Invalid("it is a core module".into()));
    }
    component::rewrite(component, probes.into())
}
