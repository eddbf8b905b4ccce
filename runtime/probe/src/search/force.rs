//! Branches that are made to go another way, and which ways there are.

use std::collections::BTreeSet;

use super::{Flip, FlipTo, Observation, Search, outcomes::Met};
use crate::{HitIndex, Relation, SiteKind, Width};

/// Branches that only ever went one way, and are flipped.
const OPEN_MAX: usize = 512;
/// Other targets of jump tables and of calls through tables: of one, and of all.
const INDICES_MAX: u32 = 16;
const TABLES_MAX: usize = 256;
/// Single passes of branches.
const SINGLE_MAX: usize = 384;
/// Passes of one branch that are flipped one by one.
const PASSES_MAX: usize = 64;
/// Branches behind one that was flipped, and behind all of one level.
const BEHIND_MAX: usize = 6;
const BEHIND_ALL_MAX: usize = 192;

/// What is forced together, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Branches that only ever went one way, all of their passes.
    Open,
    /// Jump tables, and calls through tables.
    Tables,
    /// One pass of a branch: what was equal in one pass of a loop over a table is not what is waited for.
    Single,
}

/// One run with branches that are made to go another way.
#[derive(Debug, Clone)]
pub(super) struct Forced {
    pub(super) site: u32,
    /// The second one.
    pub(super) behind: Option<u32>,
    /// Where it was seen to depend on a source.
    pub(super) met: Met,
    pub(super) flips: Vec<Flip>,
}

impl Search<'_, '_> {
    /// What to force in a stage.
    pub(super) fn forced(&self, stage: Stage) -> Vec<Forced> {
        match stage {
            Stage::Open => {
                let open = self.outcomes.open().into_iter().filter(|site| self.is_branch(*site));
                open.filter_map(|site| self.opposite(site, None)).take(OPEN_MAX).collect()
            }
            Stage::Tables => {
                let all = self.outcomes.tainted.keys().flat_map(|site| self.other_indices(*site));
                all.take(TABLES_MAX).collect()
            }
            Stage::Single => self.single(),
        }
    }

    /// Whether a site can be made to go the opposite way.
    fn is_branch(&self, site: u32) -> bool {
        let kind = self.plan.sites.get(site as usize).map(|site| site.kind);
        matches!(kind, Some(SiteKind::Compare(_) | SiteKind::Vector))
    }

    fn opposite(&self, site: u32, nth: Option<u32>) -> Option<Forced> {
        let met = match nth {
            Some(nth) => Met::State(*self.outcomes.tainted_hits.get(&HitIndex { site, nth })?),
            None => self.outcomes.tainted.get(&site)?.met,
        };
        let flips = self.halves(site).into_iter().map(|site| Flip { site, nth, to: FlipTo::Opposite });
        Some(Forced { site, behind: None, met, flips: flips.collect() })
    }

    /// The site, and the one of the other half of its vectors.
    fn halves(&self, site: u32) -> Vec<u32> {
        let sites = self.plan.sites;
        let Some(own) = sites.get(site as usize).filter(|own| own.kind == SiteKind::Vector) else {
            return vec![site];
        };
        let is_same = |other: u32| {
            sites.get(other as usize).is_some_and(|other| {
                other.kind == own.kind && (other.module, other.offset) == (own.module, own.offset)
            })
        };
        let near = [site.checked_sub(1), Some(site), site.checked_add(1)];
        near.into_iter().flatten().filter(|near| is_same(*near)).collect()
    }

    /// Each other target of a jump table, and each other function that a call through a table can come to and that
    /// can do something.
    fn other_indices(&self, site: u32) -> Vec<Forced> {
        let Some((own, taint)) = self.plan.sites.get(site as usize).zip(self.outcomes.tainted.get(&site))
        else {
            return Vec::new();
        };
        let all: Vec<u32> = match own.kind {
            SiteKind::Switch(targets) => (0..targets.min(INDICES_MAX)).collect(),
            SiteKind::Indirect(ty) => {
                self.plan.code.callees(own.module, ty).take(INDICES_MAX as usize).collect()
            }
            _ => return Vec::new(),
        };
        let had: Vec<u64> = self.outcomes.indices(site).collect();
        all.into_iter()
            .filter(|index| !had.contains(&u64::from(*index)))
            .map(|index| {
                let flip = Flip { site, nth: None, to: FlipTo::Index(index) };
                Forced { site, behind: None, met: taint.met, flips: vec![flip] }
            })
            .collect()
    }

    /// Single passes of branches that went both ways or passed often, of those that ask whether two wide words are equal:
    /// digests, in a loop over a table. What else loops compare are the bytes of texts, and a text in which one is taken
    /// for another is a name that nothing ever has.
    fn single(&self) -> Vec<Forced> {
        let passes = |site: u32| {
            let all = HitIndex { site, nth: 0 }..=HitIndex { site, nth: u32::MAX };
            self.outcomes.tainted_hits.range(all).count()
        };
        let is_wanted = |at: &HitIndex| {
            self.is_branch(at.site)
                && self.is_wide(at.site)
                && (at.nth == 0 || self.halves(at.site).first() == Some(&at.site))
                && (!self.outcomes.is_open(at.site) || passes(at.site) > 1)
        };
        let all = self.outcomes.tainted_hits.keys().filter(|at| is_wanted(at));
        all.filter_map(|at| self.opposite(at.site, Some(at.nth))).take(SINGLE_MAX).collect()
    }

    /// Whether a site asks whether two words are equal.
    fn is_wide(&self, site: u32) -> bool {
        let Some(comparison) = self.outcomes.comparison(site) else { return false };
        let is_equality = matches!(comparison.relation, Relation::Eq | Relation::Ne);
        is_equality && comparison.width != Width::Float && self.outcomes.is_wide(site)
    }

    /// The same flips, of its site the passes alone that depend on a source.
    pub(super) fn only_its_passes(&self, forced: &Forced) -> Vec<Flip> {
        let mut flips: Vec<Flip> = Vec::new();
        for flip in &forced.flips {
            if flip.nth.is_some() || flip.site != forced.site {
                flips.push(*flip);
                continue;
            }
            let all = HitIndex { site: flip.site, nth: 0 }..=HitIndex { site: flip.site, nth: u32::MAX };
            let passes = self.outcomes.tainted_hits.range(all).take(PASSES_MAX);
            flips.extend(passes.map(|(at, _)| Flip { nth: Some(at.nth), ..*flip }));
        }
        flips
    }

    /// Adds what a forced run came to that no run had: each branch there, to be flipped too.
    pub(super) fn add_behind(&self, forced: &Forced, seen: &Observation, behind: &mut Behind) {
        let sites = seen.log.sites();
        let room = BEHIND_MAX.min(BEHIND_ALL_MAX.saturating_sub(behind.next.len()));
        let new = sites.iter().copied().filter(|site| {
            self.is_branch(*site)
                && self.outcomes.is_unknown(*site)
                && !behind.reached.contains(site)
                && self.halves(*site).first() == Some(site)
        });
        for site in new.take(room) {
            let more =
                self.halves(site).into_iter().map(|site| Flip { site, nth: None, to: FlipTo::Opposite });
            let flips = forced.flips.iter().copied().chain(more).collect();
            behind.next.push(Forced { behind: Some(site), flips, ..forced.clone() });
        }
        behind.seen.extend(sites);
    }
}

/// What lies behind flipped branches, one level after the other.
#[derive(Debug, Default)]
pub(super) struct Behind {
    next: Vec<Forced>,
    /// Sites that levels before this one came to: each is flipped in the first that does.
    reached: BTreeSet<u32>,
    /// Those that this one came to.
    seen: BTreeSet<u32>,
}

impl Behind {
    /// What to force next.
    pub(super) fn next_level(&mut self) -> Vec<Forced> {
        self.reached.append(&mut self.seen);
        std::mem::take(&mut self.next)
    }
}
