//! The comparisons that one run reported.

use invar_trace::Hit;

use crate::{Comparison, Site, SiteKind, Width};

/// Hits of one run, by site; those of one site in their order.
#[derive(Debug, Clone, Default)]
pub struct Log {
    hits: Vec<Hit>,
}

/// A comparison of one run: the site, and how many of that site came before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HitIndex {
    /// The site.
    pub site: u32,
    /// From 0.
    pub nth: u32,
}

/// What the words of a text may be long.
pub(crate) const TEXT_BYTES: usize = 32;

/// One entry of a function: its first parameters, and what they point at.
#[derive(Debug, Clone)]
pub(crate) struct FunctionEntry {
    pub(crate) parameters: [u32; 4],
    pub(crate) texts: [Option<[u8; TEXT_BYTES]>; 4],
}

/// With more sites for each hit than this, counting them takes longer than sorting.
const SITES_PER_HIT: usize = 64;

/// Sorts hits by site, those of one site as they are; no site is above `last`.
fn counted(hits: &[Hit], last: usize) -> Vec<Hit> {
    let mut places = vec![0u32; last + 2];
    for hit in hits {
        places[hit.site as usize + 1] += 1;
    }
    for site in 1..places.len() {
        places[site] += places[site - 1];
    }
    let mut sorted = hits.to_vec();
    for hit in hits {
        let place = &mut places[hit.site as usize];
        sorted[*place as usize] = *hit;
        *place += 1;
    }
    sorted
}

impl Log {
    /// From hits in the order in which they were reported.
    #[must_use]
    pub fn of(mut hits: Vec<Hit>) -> Self {
        let last = hits.iter().map(|hit| hit.site as usize).max().unwrap_or(0);
        // Sites are numbered from 0, and a run comes to many of them: to count them is faster than to compare.
        match last <= SITES_PER_HIT * hits.len() {
            true => Self { hits: counted(&hits, last) },
            false => {
                hits.sort_by_key(|hit| hit.site);
                Self { hits }
            }
        }
    }

    /// How many hits there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.hits.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.hits.is_empty()
    }

    /// The hits of a site, in their order.
    #[must_use]
    pub fn of_site(&self, site: u32) -> &[Hit] {
        let start = self.hits.partition_point(|hit| hit.site < site);
        let end = start + self.hits[start..].partition_point(|hit| hit.site == site);
        &self.hits[start..end]
    }

    /// The sites that were come to, in order.
    #[must_use]
    pub fn sites(&self) -> Vec<u32> {
        let mut sites: Vec<u32> = self.hits.iter().map(|hit| hit.site).collect();
        sites.dedup();
        sites
    }

    /// All hits, each with where it is.
    pub fn each(&self) -> impl Iterator<Item = (HitIndex, &Hit)> {
        let mut at = HitIndex { site: u32::MAX, nth: 0 };
        self.hits.iter().map(move |hit| {
            at = match hit.site == at.site {
                true => HitIndex { nth: at.nth + 1, ..at },
                false => HitIndex { site: hit.site, nth: 0 },
            };
            (at, hit)
        })
    }

    /// Hits that are in both logs and have another operand, with what it was and what it is.
    pub(crate) fn changed<'a>(
        &'a self,
        other: &'a Self,
    ) -> impl Iterator<Item = (HitIndex, &'a Hit, &'a Hit)> {
        let mut rest = other.hits.as_slice();
        self.hits.chunk_by(|a, b| a.site == b.site).flat_map(move |hits| {
            let site = hits[0].site;
            rest = &rest[rest.partition_point(|hit| hit.site < site)..];
            let len = rest.partition_point(|hit| hit.site == site);
            let pairs = hits.iter().zip(&rest[..len]);
            (0..)
                .zip(pairs)
                .filter(|(_, (a, b))| a != b)
                .map(move |(nth, (a, b))| (HitIndex { site, nth }, a, b))
        })
    }

    /// The functions that were entered, and with what, in the order of their sites.
    pub(crate) fn entered(&self, sites: &[Site]) -> Vec<FunctionEntry> {
        // The texts of an entry follow it, each reported at once: by their counts they belong together only as long as
        // every entry has the same ones, so they are taken by the address that they were read from.
        let mut all = Vec::new();
        for hits in self.hits.chunk_by(|a, b| a.site == b.site) {
            let site = hits[0].site;
            if sites.get(site as usize).map(|site| site.kind) != Some(SiteKind::Enter) {
                continue;
            }
            let mut used = [0usize; 4];
            for hit in hits {
                let parameters = [low(hit.left), high(hit.left), low(hit.right), high(hit.right)];
                let texts = std::array::from_fn(|at| {
                    if !is_address(parameters[at]) {
                        return None;
                    }
                    let first = site + 1 + 2 * u32::try_from(at).unwrap_or(0);
                    let halves = [self.of_site(first), self.of_site(first + 1)];
                    let nth = used[at];
                    used[at] += 1;
                    let (one, two) = (halves[0].get(nth)?, halves[1].get(nth)?);
                    let mut bytes = [0; TEXT_BYTES];
                    for (word, value) in [one.left, one.right, two.left, two.right].into_iter().enumerate() {
                        bytes[word * 8..word * 8 + 8].copy_from_slice(&value.to_le_bytes());
                    }
                    Some(bytes)
                });
                all.push(FunctionEntry { parameters, texts });
            }
        }
        all
    }
}

/// As the probe takes it; one that is past the end of memory is not reported and shifts the rest, which does no
/// harm: texts are guesses.
fn is_address(parameter: u32) -> bool {
    parameter >= 1024
}

fn low(value: u64) -> u32 {
    u32::try_from(value & u64::from(u32::MAX)).unwrap_or(0)
}

fn high(value: u64) -> u32 {
    u32::try_from(value >> 32).unwrap_or(0)
}

/// How a site compares, if it compares.
#[must_use]
pub(crate) fn comparison(site: &Site) -> Option<Comparison> {
    let equal = |width| Comparison { width, relation: crate::Relation::Eq, signed: false };
    match site.kind {
        SiteKind::Compare(comparison) => Some(comparison),
        SiteKind::Xor(width) | SiteKind::Operand(width) => Some(equal(width)),
        SiteKind::Vector => Some(equal(Width::I64)),
        SiteKind::Switch(_) | SiteKind::Indirect(_) => Some(equal(Width::I32)),
        SiteKind::Address | SiteKind::Enter | SiteKind::Text(_) | SiteKind::Half | SiteKind::Call => None,
    }
}

#[cfg(test)]
mod tests {
    use invar_trace::Hit;

    use super::{HitIndex, Log};

    fn hit(site: u32, left: u64, right: u64) -> Hit {
        Hit { site, left, right }
    }

    #[test]
    fn hits_are_found_by_site_and_in_their_order() {
        let log = Log::of(vec![hit(2, 1, 1), hit(1, 5, 6), hit(2, 3, 1)]);
        assert_eq!(log.of_site(2), [hit(2, 1, 1), hit(2, 3, 1)]);
        assert!(log.of_site(7).is_empty());
        let at: Vec<HitIndex> = log.each().map(|(at, _)| at).collect();
        assert_eq!(
            at,
            [HitIndex { site: 1, nth: 0 }, HitIndex { site: 2, nth: 0 }, HitIndex { site: 2, nth: 1 }]
        );
    }

    #[test]
    fn hits_are_sorted_the_same_by_counting_and_by_comparing() {
        let inputs: Vec<Hit> = (0..500).map(|nth| hit((nth * 7919) % 97, u64::from(nth), 0)).collect();
        let mut sorted = inputs.clone();
        sorted.sort_by_key(|hit| hit.site);
        assert_eq!(super::counted(&inputs, 96), sorted);
        let far = Log::of(vec![hit(u32::MAX - 1, 1, 0), hit(3, 2, 0)]);
        assert_eq!(far.sites(), [3, u32::MAX - 1]);
        assert!(Log::of(Vec::new()).sites().is_empty());
    }

    #[test]
    fn what_changed_is_what_both_have_and_one_has_otherwise() {
        let one = Log::of(vec![hit(1, 5, 6), hit(2, 1, 1), hit(2, 3, 1), hit(4, 0, 0)]);
        let two = Log::of(vec![hit(1, 5, 6), hit(2, 1, 1), hit(2, 9, 1), hit(3, 0, 0)]);
        let changed: Vec<_> = one.changed(&two).map(|(at, a, b)| (at, a.left, b.left)).collect();
        assert_eq!(changed, [(HitIndex { site: 2, nth: 1 }, 3, 9)]);
    }
}
