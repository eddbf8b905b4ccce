//! A component or module rewritten so that its comparisons can be read.
//!
//! Every core module gets a second memory for counters, and one import: `hit(site, a, b)`,
//! which takes both operands and returns the left one, unchanged or as the lab wants it. Scalars only, so
//! that it needs no memory of the component's, and the log is on our side of the membrane whatever becomes of the
//! run. A counter for each site stands before the call: the first hits are reported, the rest cost a load and a
//! branch.

mod body;
mod component;
mod helpers;
mod instrumented;
mod layout;
mod module;
mod names;
mod origin;
mod overhead;
mod probes;
mod sections;
mod standalone;

use wasmparser::{Parser, Validator, WasmFeatures};

pub use instrumented::{InstrumentedComponent, Omission, RewriteError};
pub use layout::{COMPARISONS_HITS_MAX, FILTER_SLOTS, MemoryInit};
pub use probes::{HitFilter, Probes};

/// Rewrites a component, or a module that is a skill by itself. What cannot get its probes is copied as it is, and counted.
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
    let rewrite = if Parser::is_component(component) { component::rewrite } else { standalone::rewrite };
    rewrite(component, probes.into())
}
