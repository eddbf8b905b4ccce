//! What the conditions of the environment came to.

use std::collections::{BTreeMap, BTreeSet};

use invar_trace::Effect;
use invar_world::Timestamp;

use crate::{
    Deviation, TriggerKind,
    results::{BranchFlip, Forced, Solved},
    source::Source,
};

/// What was tried, and what flipped.
#[derive(Debug, Clone, Default)]
pub(crate) struct EnvironmentResults {
    /// Conditions of each kind that were tried.
    pub(crate) tried: BTreeMap<&'static str, usize>,
    /// Kinds that the skill has no way to notice.
    pub(crate) unnoticed: Vec<&'static str>,
    /// Branch flips past those that are reported; none of them is worse.
    pub(crate) left_out: usize,
    /// Kinds for which the budget did not last.
    pub(crate) untried: Vec<&'static str>,
    pub(crate) flips: Vec<BranchFlip>,
    /// Conditions that were solved for.
    pub(crate) solved: Vec<Solved>,
    /// Comparisons that were located and not solved.
    pub(crate) forced: Vec<Forced>,
    /// Everything that was done under the conditions that were tried.
    pub(crate) did: BTreeSet<Effect>,
    /// Moments that were tried, and whether the skill behaves differently at them.
    pub(crate) moments: Vec<(Timestamp, bool)>,
}

impl EnvironmentResults {
    /// Whether a known condition brings all of these effects about: one of that source, or of the whole network.
    pub(crate) fn explains(&self, kind: TriggerKind, source: &str, effects: &[Effect]) -> bool {
        let does = |flip: &BranchFlip, effect: &Effect| {
            flip.deviations
                .iter()
                .any(|deviation| matches!(deviation, Deviation::New(all) if all.contains(effect)))
        };
        self.flips.iter().any(|flip| {
            flip.kind == kind
                && (flip.source == Source::Network || flip.source.to_string() == source)
                && !effects.is_empty()
                && effects.iter().all(|effect| does(flip, effect))
        })
    }
}
