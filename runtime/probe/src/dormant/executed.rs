//! What was executed in any run of a search.

use crate::{Log, Site, log::comparison};

/// Sites that were hit, and how their comparisons came out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Executed {
    /// By site.
    seen: Vec<u8>,
}

/// How a comparison came out in all runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Came {
    /// It always held.
    Held,
    /// It never held.
    Not,
    /// It held and did not; or it is a jump table.
    Both,
}

const HIT: u8 = 1;
const HELD: u8 = 2;
const NOT: u8 = 4;

impl Executed {
    /// Nothing yet, of so many sites.
    #[must_use]
    pub fn new(sites: usize) -> Self {
        Self { seen: vec![0; sites] }
    }

    /// Takes note of a run.
    pub fn note(&mut self, sites: &[Site], log: &Log) {
        for (at, hit) in log.each() {
            let index = at.site as usize;
            let (Some(seen), Some(site)) = (self.seen.get_mut(index), sites.get(index)) else { continue };
            *seen |= HIT;
            if let Some(comparison) = comparison(site) {
                *seen |= if comparison.holds(hit.left, hit.right) { HELD } else { NOT };
            }
        }
    }

    /// Takes in what another search of the same copy executed.
    pub fn merge(&mut self, other: &Self) {
        self.seen.resize(self.seen.len().max(other.seen.len()), 0);
        for (own, other) in self.seen.iter_mut().zip(&other.seen) {
            *own |= other;
        }
    }

    /// Whether a site was hit.
    #[must_use]
    pub fn has(&self, site: usize) -> bool {
        self.seen.get(site).is_some_and(|seen| seen & HIT != 0)
    }

    /// How the comparison of a site came out.
    pub(super) fn came(&self, site: usize) -> Came {
        match self.seen.get(site).map(|seen| seen & (HELD | NOT)) {
            Some(HELD) => Came::Held,
            Some(NOT) => Came::Not,
            _ => Came::Both,
        }
    }
}

#[cfg(test)]
mod tests {
    use invar_trace::Hit;

    use super::{Came, Executed};
    use crate::{Comparison, Log, Relation, Site, SiteKind, Width};

    #[test]
    fn hits_are_kept_over_runs_and_searches() {
        let equal = Comparison { width: Width::I32, relation: Relation::Eq, signed: false };
        let site = |kind| Site { module: 0, function: 0, offset: 0, kind };
        let sites = [site(SiteKind::Compare(equal)), site(SiteKind::Call), site(SiteKind::Call)];
        let hit = |site, left| Hit { site, left, right: 1 };
        let mut one = Executed::new(sites.len());
        one.note(&sites, &Log::of(vec![hit(0, 1), hit(1, 0)]));
        assert_eq!((one.has(0), one.has(1), one.has(2)), (true, true, false));
        assert_eq!(one.came(0), Came::Held);
        let mut two = Executed::new(sites.len());
        two.note(&sites, &Log::of(vec![hit(0, 5), hit(2, 0)]));
        assert_eq!(two.came(0), Came::Not);
        one.merge(&two);
        assert_eq!((one.came(0), one.has(2)), (Came::Both, true));
    }
}
