//! The one import that is not WASI: what an instrumented copy of a skill tells of its comparisons.
//!
//! It stands in copies that the lab has made, never in what a user runs; it hands over nothing but the operands
//! that the copy tells, and leaves no event.

use std::sync::Arc;

use invar_trace::{Hit, PROBE_IMPORT, PROBE_SETUP, PROBE_SETUP_END};
use wasmtime::{StoreContextMut, component::Linker};

use crate::Membrane;

/// Hits that are kept of a run. Stops a component of a million comparisons from filling memory with them.
const HITS_MAX: usize = 2_000_000;

/// Gives the left operand that a comparison goes on with, from both.
pub type Turned = Arc<dyn Fn(u64, u64) -> u64 + Send + Sync>;

/// What listens to an instrumented copy.
#[derive(Clone, Default)]
pub struct Probe {
    /// What stands in the memory of its counters at the start: an address, and below it a byte.
    pub setup: Arc<[u64]>,
    /// The place whose comparisons come out otherwise, if there is one.
    pub turned: Option<(u32, Turned)>,
    /// What it told, in order.
    pub hits: Vec<Hit>,
}

impl Probe {
    fn hit(&mut self, site: u32, left: u64, right: u64) -> u64 {
        if site == PROBE_SETUP {
            return usize::try_from(right)
                .ok()
                .and_then(|at| self.setup.get(at))
                .copied()
                .unwrap_or(PROBE_SETUP_END);
        }
        if self.hits.len() < HITS_MAX {
            self.hits.push(Hit { site, left, right });
        }
        match &self.turned {
            Some((turned, with)) if *turned == site => with(left, right),
            _ => left,
        }
    }
}

/// Links the import, for instrumented copies alone.
///
/// # Errors
/// The linker has it already.
pub fn add_probe_to_linker(linker: &mut Linker<Membrane>) -> wasmtime::Result<()> {
    linker.root().func_wrap(
        PROBE_IMPORT,
        |mut store: StoreContextMut<'_, Membrane>, (site, left, right): (u32, u64, u64)| {
            Ok((store.data_mut().probe.hit(site, left, right),))
        },
    )
}
