//! The one import that is not WASI: what an instrumented copy of a skill reports of its comparisons.
//!
//! It stands in copies that the lab has made, never in what a user runs; it hands over nothing but the operands
//! that the copy reports, and leaves no event.

use std::sync::Arc;

use invar_trace::{Hit, PROBE_SETUP, PROBE_SETUP_END, PROBE_SETUP_MODULE};

/// A byte that nothing reads: for a module that something else is for.
const UNUSED: u64 = 63 << 8;
/// Hits that are kept of a run. Stops a component of a million comparisons from filling memory with them.
const HITS_MAX: usize = 2_000_000;

/// Gives the left operand with which a comparison continues, from both.
pub type BranchFlip = Arc<dyn Fn(u64, u64) -> u64 + Send + Sync>;

/// A site whose operand is replaced.
#[derive(Clone)]
pub struct SiteFlip {
    /// The site.
    pub site: u32,
    /// Which of its hits, from 0; all of them if there is none.
    pub nth: Option<u32>,
    /// What with.
    pub flip: BranchFlip,
    /// Hits of it that there were.
    pub hits: u32,
}

/// Receives the hits of an instrumented copy.
#[derive(Clone, Default)]
pub struct Probe {
    /// What stands in the memory of its counters at the start: the module if it is for one, an address, a byte.
    pub setup: Arc<[u64]>,
    /// The sites whose comparisons are flipped.
    pub flipped: Vec<SiteFlip>,
    /// The hits that it reported, in order.
    pub hits: Vec<Hit>,
    /// Memories that its probes have, and their bytes: they count in no limit and in no peak, so that the copy comes
    /// to a limit where the original does.
    pub memories: usize,
    /// The bytes.
    pub memory_bytes: usize,
}

impl Probe {
    /// The nth value that a module puts into its memory.
    fn memory_init(&self, module: u64, nth: u64) -> u64 {
        let init = usize::try_from(nth).ok().and_then(|at| self.setup.get(at)).copied();
        let Some(init) = init else { return PROBE_SETUP_END };
        match init >> PROBE_SETUP_MODULE {
            0 => init,
            owner if owner == module.saturating_add(1) => init & ((1 << PROBE_SETUP_MODULE) - 1),
            _ => UNUSED,
        }
    }

    pub(crate) fn hit(&mut self, site: u32, left: u64, right: u64) -> u64 {
        if site == PROBE_SETUP {
            return self.memory_init(left, right);
        }
        if self.hits.len() < HITS_MAX {
            self.hits.push(Hit { site, left, right });
        }
        let mut passed = left;
        for flipped in self.flipped.iter_mut().filter(|flipped| flipped.site == site) {
            if flipped.nth.is_none_or(|nth| nth == flipped.hits) {
                passed = (flipped.flip)(left, right);
            }
            flipped.hits = flipped.hits.saturating_add(1);
        }
        passed
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{PROBE_SETUP, PROBE_SETUP_END, PROBE_SETUP_MODULE, Probe, SiteFlip, UNUSED};

    #[test]
    fn a_flip_is_of_all_hits_of_a_site_or_of_one() {
        let flip = |site, nth| SiteFlip { site, nth, flip: Arc::new(|_, right| right), hits: 0 };
        let mut probe = Probe { flipped: vec![flip(1, None), flip(2, Some(1))], ..Probe::default() };
        assert_eq!([1, 1, 2, 2, 2, 3].map(|site| probe.hit(site, 5, 9)), [9, 9, 5, 9, 5, 5]);
    }

    #[test]
    fn each_module_is_set_up_with_what_is_for_it_or_for_all() {
        let setup = [5 << 8 | 1, 2 << PROBE_SETUP_MODULE | 9 << 8];
        let mut probe = Probe { setup: setup.into(), ..Probe::default() };
        let mut all = |module| [0, 1, 2].map(|nth| probe.hit(PROBE_SETUP, module, nth));
        assert_eq!(all(0), [5 << 8 | 1, UNUSED, PROBE_SETUP_END]);
        assert_eq!(all(1), [5 << 8 | 1, 9 << 8, PROBE_SETUP_END]);
        assert!(probe.hits.is_empty());
    }
}
