//! States: runs from which to search on, and the order in which they are looked at.

use std::collections::BTreeMap;

use super::{Plan, Reach};
use crate::{Assignment, COMPARISONS_HITS_MAX, Source, Value};

/// A run with other values of some sources.
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    pub(super) assignment: Assignment,
    pub(super) depth: usize,
    /// The source that was changed last: looked at first.
    pub(super) last: Option<Source>,
    pub(super) pass: Pass,
    /// Number of the state that it came from.
    pub(super) parent: Option<usize>,
    /// Sites that report more hits than others: loops that many share.
    pub(super) more: Vec<u32>,
    /// What of it is remembered to be combined with others.
    pub(super) flag: Option<usize>,
}

impl State {
    /// Whether a source is the one that was changed last, or the value of what was named last.
    pub(super) fn leads_on(&self, source: &Source) -> bool {
        let Some(last) = &self.last else { return false };
        let named = match self.assignment.get(last) {
            Some(Value::Bytes(name)) => std::str::from_utf8(name).unwrap_or_default(),
            _ => "",
        };
        match (last, source) {
            (Source::NewVariable(_), Source::Variable(name)) if !named.is_empty() => name == named,
            (Source::Entry(directory), Source::File(path)) if !named.is_empty() => path
                .strip_prefix(directory.trim_end_matches('/'))
                .is_some_and(|name| name.strip_prefix('/') == Some(named)),
            _ => last == source,
        }
    }
}

/// What is kept of a state.
pub(super) struct ExploredState {
    pub(super) assignment: Assignment,
    /// Sites that were come to in it.
    pub(super) sites: SiteSet,
}

/// Sites, a bit each: there are thousands of states.
pub(super) struct SiteSet(Vec<u64>);

impl SiteSet {
    /// Some of `all` sites.
    pub(super) fn of(sites: &[u32], all: usize) -> Self {
        let mut words = vec![0; all.div_ceil(64)];
        for site in sites {
            if let Some(word) = words.get_mut(*site as usize / 64) {
                *word |= 1 << (site % 64);
            }
        }
        Self(words)
    }

    pub(super) fn has(&self, site: u32) -> bool {
        self.0.get(site as usize / 64).is_some_and(|word| word >> (site % 64) & 1 == 1)
    }
}

/// Which sources of a state are looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Pass {
    /// At first those of few bytes; inside a condition those that it looks at.
    #[default]
    Quick,
    /// The long ones, once nothing else is left to look at.
    Thorough,
    /// All of them, with the words that the component has with it.
    Words,
    /// The one that was changed last alone.
    Loop,
}

/// Hits of one site that are reported, unless more are asked for.
pub(super) const HITS_MAX: usize = COMPARISONS_HITS_MAX.cast_unsigned() as usize;

/// Longest source that the quick pass looks at.
pub(super) const QUICK_BYTES: usize = 48;

/// The order in which states are looked at: by pass, by what was new, the latest equality first.
pub(super) type Order = (Pass, u8, i64);

/// The second part of the order of states in which two things became equal.
pub(super) const EQUAL: u8 = 0;

/// What to begin with. What a script compares hardly shows in the comparisons of its interpreter, so that there its
/// words come first.
pub(super) fn first(plan: &Plan<'_>) -> BTreeMap<Order, State> {
    let mut queue = BTreeMap::from([((Pass::Quick, 0, 0), State::default())]);
    if plan.reach == Reach::Full {
        let at = if plan.is_interpreter { (Pass::Quick, 0, i64::MIN) } else { (Pass::Words, 0, 0) };
        queue.insert(at, State { pass: Pass::Words, ..State::default() });
    }
    queue
}

#[cfg(test)]
mod tests {
    use super::SiteSet;

    #[test]
    fn a_set_of_sites_has_what_was_put_into_it() {
        let set = SiteSet::of(&[0, 63, 64, 129], 130);
        let all: Vec<u32> = (0..200).filter(|site| set.has(*site)).collect();
        assert_eq!(all, [0, 63, 64, 129]);
    }
}
