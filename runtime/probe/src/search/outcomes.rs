//! The directions of branches, over all runs of a search.

use std::collections::{BTreeMap, BTreeSet};

use invar_trace::Hit;

use crate::{Comparison, HitIndex, Log, Relation, Site, SiteKind, Source, log::comparison};

/// How each comparison came out so far, and which depend on a source.
pub(super) struct BranchOutcomes {
    /// By site: whether it held once (2), whether it did not once (1).
    seen: Vec<u8>,
    comparisons: Vec<Option<Comparison>>,
    /// Sites of vectors, whose bytes are calculated with one by one.
    vectors: BTreeSet<u32>,
    /// Sites of values that branches take as they are.
    raw: BTreeSet<u32>,
    /// Targets of jump tables that were taken.
    targets: BTreeSet<(u32, u64)>,
    /// Sites that depend on sources, with the state in which that was seen.
    pub(super) tainted: BTreeMap<u32, Taint>,
    /// Hits of branches that do, each with the first such state.
    pub(super) tainted_hits: BTreeMap<HitIndex, usize>,
    /// Sites of which both operands had more than two bytes.
    wide: BTreeSet<u32>,
}

/// The sources that a site depends on.
#[derive(Debug, Clone)]
pub(super) struct Taint {
    pub(super) sources: BTreeSet<Source>,
    /// Where that was seen first.
    pub(super) met: Met,
}

/// Where a site is met, by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Met {
    /// In a state that was looked at.
    State(usize),
    /// In a run that was tried.
    Trial(usize),
}

/// Hits that are remembered. Stops a long loop from filling memory.
const HITS_MAX: usize = 16_384;

const HELD: u8 = 2;
const NOT_HELD: u8 = 1;

/// What is new in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum News {
    /// Nothing.
    None,
    /// The branch that was aimed at flipped, as it has elsewhere before: code that many share.
    Flipped,
    /// Code was reached that never was.
    Reached,
    /// The branch that was aimed at flipped, and one more of the same was made: a loop went further.
    Further,
    /// A branch went in a direction for the first time.
    NewDirection,
    /// Two things were equal that never were.
    Equal,
}

/// Whether a comparison is that of a value that a branch takes as it is.
fn is_raw(comparison: Comparison, hit: &Hit) -> bool {
    hit.right == 0 && comparison.relation == Relation::Ne
}

impl BranchOutcomes {
    pub(super) fn new(sites: &[Site]) -> Self {
        Self {
            seen: vec![0; sites.len()],
            comparisons: sites.iter().map(comparison).collect(),
            vectors: (0..)
                .zip(sites)
                .filter(|(_, site)| site.kind == SiteKind::Vector)
                .map(|(site, _)| site)
                .collect(),
            raw: BTreeSet::new(),
            targets: BTreeSet::new(),
            tainted: BTreeMap::new(),
            tainted_hits: BTreeMap::new(),
            wide: BTreeSet::new(),
        }
    }

    pub(super) fn comparison(&self, site: u32) -> Option<Comparison> {
        self.comparisons.get(site as usize).copied().flatten()
    }

    /// Adds the comparisons of a run; returns what was new in them.
    pub(super) fn note(&mut self, sites: &[Site], log: &Log) -> News {
        let mut news = News::None;
        for (at, hit) in log.each() {
            let index = at.site as usize;
            let Some(comparison) = self.comparisons.get(index).copied().flatten() else { continue };
            if matches!(sites[index].kind, SiteKind::Switch(_) | SiteKind::Indirect(_)) {
                let hit = match sites[index].kind {
                    SiteKind::Indirect(_) => &Hit { right: u64::MAX, ..*hit },
                    _ => hit,
                };
                if self.targets.insert((at.site, hit.left.min(hit.right))) {
                    news = news.max(News::NewDirection);
                }
                continue;
            }
            if hit.left.min(hit.right) > u64::from(u16::MAX) {
                self.wide.insert(at.site);
            }
            let holds = comparison.holds(hit.left, hit.right);
            let bit = if holds { HELD } else { NOT_HELD };
            if self.seen[index] & bit != 0 {
                continue;
            }
            let is_flip = self.seen[index] != 0;
            self.seen[index] |= bit;
            // Most values that a branch takes as they are are pointers and lengths, and whatever else lies behind is
            // news by itself.
            if is_raw(comparison, hit) {
                self.raw.insert(at.site);
                continue;
            }
            let is_operand = matches!(sites[index].kind, SiteKind::Operand(_));
            let is_equal = match comparison.relation {
                _ if is_operand => false,
                Relation::Eq => holds,
                Relation::Ne => !holds,
                _ => false,
            };
            news = news.max(match (is_flip, is_equal) {
                (false, _) => News::Reached,
                (true, true) => News::Equal,
                (true, false) => News::NewDirection,
            });
        }
        news
    }

    /// Whether two things that the comparison `aim` asks about are equal now, and were not.
    pub(super) fn became_equal(&self, aim: HitIndex, base: &Log, seen: &Log) -> bool {
        let Some(comparison) = self.comparison(aim.site) else { return false };
        if !matches!(comparison.relation, Relation::Eq | Relation::Ne) {
            return false;
        }
        let outcome = |log: &Log| {
            let hit = log.of_site(aim.site).get(aim.nth as usize).copied()?;
            Some(hit.left == hit.right && !is_raw(comparison, &hit))
        };
        outcome(base) == Some(false) && outcome(seen) == Some(true)
    }

    /// Whether a site has only ever come out one way.
    pub(super) fn is_open(&self, site: u32) -> bool {
        matches!(self.seen.get(site as usize), Some(&HELD | &NOT_HELD | &0))
    }

    /// The indices that a jump table, or a call through a table, had.
    pub(super) fn indices(&self, site: u32) -> impl Iterator<Item = u64> + '_ {
        self.targets.range((site, 0)..=(site, u64::MAX)).map(|(_, index)| *index)
    }

    /// Whether a branch takes the value of a site as it is.
    pub(super) fn is_raw(&self, site: u32) -> bool {
        self.raw.contains(&site)
    }

    /// Whether a site compares vectors.
    pub(super) fn is_vector(&self, site: u32) -> bool {
        self.vectors.contains(&site)
    }

    /// Whether a site was never come to.
    pub(super) fn is_unknown(&self, site: u32) -> bool {
        self.seen.get(site as usize) == Some(&0)
    }

    /// Whether an operand of a site had more than two bytes.
    pub(super) fn is_wide(&self, site: u32) -> bool {
        self.wide.contains(&site)
    }

    /// Whether a comparison, and no mere value, has only ever come out one way.
    pub(super) fn is_waiting(&self, site: u32) -> bool {
        self.is_open(site) && self.comparison(site).is_some() && !self.is_raw(site)
    }

    /// Notes that a hit depends on a source.
    pub(super) fn taint(&mut self, at: HitIndex, source: &Source, state: usize) {
        let site = at.site;
        if self.tainted_hits.len() < HITS_MAX {
            self.tainted_hits.entry(at).or_insert(state);
        }
        self.add_taint(site, source, Met::State(state));
    }

    /// Notes that a site depends on a source.
    pub(super) fn add_taint(&mut self, site: u32, source: &Source, met: Met) {
        let taint = self.tainted.entry(site).or_insert_with(|| Taint { sources: BTreeSet::new(), met });
        const SOURCES_MAX: usize = 16;
        if taint.sources.len() < SOURCES_MAX {
            taint.sources.insert(source.clone());
        }
    }

    /// The open sites that depend on the environment; the input of a caller is not part of it.
    pub(super) fn open_to_the_environment(&self) -> Vec<u32> {
        let is_given =
            |source: &Source| matches!(source, Source::Input | Source::Argument(_) | Source::Field(_));
        let tainted = self.tainted.iter().filter(|(_, taint)| !taint.sources.iter().all(is_given));
        tainted.map(|(site, _)| *site).filter(|site| self.is_open(*site)).collect()
    }

    /// Sites that depend on a source and have only come out one way, in order.
    pub(super) fn open(&self) -> Vec<u32> {
        let open = self.tainted.keys().filter(|site| self.is_open(**site));
        open.copied().collect()
    }
}
