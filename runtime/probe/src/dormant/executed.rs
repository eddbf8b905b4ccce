//! What was executed in any run of a search.

use crate::{Log, Site, log::comparison};

/// Sites that were hit, and the directions of their comparisons.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SiteCoverage {
    /// By site.
    seen: Vec<u8>,
}

/// The directions of a branch that were seen in all runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Directions {
    /// It always held.
    Held,
    /// It never held.
    NotHeld,
    /// It held and did not; or it is a jump table.
    Both,
}

const HIT: u8 = 1;
const HELD: u8 = 2;
const NOT_HELD: u8 = 4;

impl SiteCoverage {
    /// Nothing yet, of so many sites.
    #[must_use]
    pub fn new(sites: usize) -> Self {
        Self { seen: vec![0; sites] }
    }

    /// Adds the hits of a run.
    pub fn note(&mut self, sites: &[Site], log: &Log) {
        for (at, hit) in log.each() {
            let index = at.site as usize;
            let (Some(seen), Some(site)) = (self.seen.get_mut(index), sites.get(index)) else { continue };
            *seen |= HIT;
            if let Some(comparison) = comparison(site) {
                *seen |= if comparison.holds(hit.left, hit.right) { HELD } else { NOT_HELD };
            }
        }
    }

    /// Adds what another search of the same copy executed.
    pub fn merge(&mut self, other: &Self) {
        self.seen.resize(self.seen.len().max(other.seen.len()), 0);
        for (seen, other) in self.seen.iter_mut().zip(&other.seen) {
            *seen |= other;
        }
    }

    /// Whether a site was hit.
    #[must_use]
    pub fn has(&self, site: usize) -> bool {
        self.seen.get(site).is_some_and(|seen| seen & HIT != 0)
    }

    /// The directions that were seen of the comparison of a site.
    pub(super) fn directions(&self, site: usize) -> Directions {
        match self.seen.get(site).map(|seen| seen & (HELD | NOT_HELD)) {
            Some(HELD) => Directions::Held,
            Some(NOT_HELD) => Directions::NotHeld,
            _ => Directions::Both,
        }
    }
}

#[cfg(test)]
mod tests {
    use invar_trace::Hit;

    use super::{Directions, SiteCoverage};
    use crate::{Comparison, Log, Relation, Site, SiteKind, Width};

    #[test]
    fn hits_are_kept_over_runs_and_searches() {
        let equal = Comparison { width: Width::I32, relation: Relation::Eq, signed: false };
        let site = |kind| Site { module: 0, function: 0, offset: 0, kind };
        let sites = [site(SiteKind::Compare(equal)), site(SiteKind::Call), site(SiteKind::Call)];
        let hit = |site, left| Hit { site, left, right: 1 };
        let mut one = SiteCoverage::new(sites.len());
        one.note(&sites, &Log::of(vec![hit(0, 1), hit(1, 0)]));
        assert_eq!((one.has(0), one.has(1), one.has(2)), (true, true, false));
        assert_eq!(one.directions(0), Directions::Held);
        let mut two = SiteCoverage::new(sites.len());
        two.note(&sites, &Log::of(vec![hit(0, 5), hit(2, 0)]));
        assert_eq!(two.directions(0), Directions::NotHeld);
        one.merge(&two);
        assert_eq!((one.directions(0), one.has(2)), (Directions::Both, true));
    }
}
