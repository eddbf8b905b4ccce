//! A component rewritten so that its comparisons can be read.
//!
//! Every core module of the component gets a memory of its own for counters, and one import: `hit(site, a, b)`,
//! which is told both operands and gives back the left one, as it is or as the lab would have it. Scalars only, so
//! that it needs no memory of the component's, and the log is on our side of the membrane whatever becomes of the
//! run. A counter for each site stands before the call: the first hits are told, the rest cost a load and a
//! branch.

mod body;
mod component;
mod helpers;
mod layout;
mod module;

use invar_trace::PROBE_IMPORT;
use thiserror::Error;
use wasmparser::{Parser, Validator, WasmFeatures};

use crate::{Site, dormant::Code};

pub use layout::{COMPARISONS_HITS_MAX, FILTER_SLOTS, Poke};

/// Hits of one site that are told, and which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Gate {
    /// The first of each site.
    #[default]
    First,
    /// Those with an operand that the lab knows, however many: for interpreters, which pass one site a million
    /// times before they come to what counts.
    Known,
}

/// A component that tells what it compares.
#[derive(Debug, Clone)]
pub struct Instrumented {
    /// The component.
    pub bytes: Vec<u8>,
    /// Its sites, by number.
    pub sites: Vec<Site>,
    /// What its code could do.
    pub code: Code,
    /// Modules inside nested components, which are left as they are.
    pub left_alone: u32,
}

impl Instrumented {
    /// What makes a site tell more hits than others; none if there is no such site.
    #[must_use]
    pub fn more_hits(&self, site: u32) -> Option<Poke> {
        let module = self.sites.get(site as usize)?.module;
        let first = self.sites.partition_point(|own| own.module < module);
        Some(Poke::More { module, site: site - u32::try_from(first).ok()? })
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
    /// It has an import, or hands one to a module, of the name that probes need.
    #[error("the component uses the name {PROBE_IMPORT}, which its probes need")]
    Taken,
    /// More sites than can be numbered, or functions without end.
    #[error("the component has more than {max} places to watch")]
    TooLarge {
        /// At most so many.
        max: u32,
    },
}

/// Sites of one component. Stops a generated one from taking the host's memory; an engine for JavaScript has
/// 100,000.
pub(crate) const SITES_MAX: u32 = 4_000_000;

/// Rewrites a component.
///
/// # Errors
/// See [`RewriteError`].
pub fn instrument(component: &[u8], gate: Gate) -> Result<Instrumented, RewriteError> {
    Validator::new_with_features(WasmFeatures::all())
        .validate_all(component)
        .map_err(|error| RewriteError::Invalid(error.to_string()))?;
    if !Parser::is_component(component) {
        return Err(RewriteError::Invalid("it is a core module".into()));
    }
    component::rewrite(component, gate)
}
