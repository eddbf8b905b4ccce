//! Branches that no state has, and that depend on what was tried.
//!
//! A branch of a tree of comparisons may be met by some of the values that are tried and by no state that is looked at: a
//! digest has many neighbours, and only where something new comes out is one of them looked at. Where the runs with two values
//! of one source meet it with other operands, it depends on that source.

use std::collections::BTreeMap;

use super::{Search, outcomes::Met};
use crate::{Assignment, Log, SiteKind, Source, Value};

/// Runs whose assignments are kept, and bytes of each.
const TRIALS_MAX: usize = 256;
const TRIAL_BYTES_MAX: usize = 64 << 10;

/// The first operands that branches were met with, by what was tried.
pub(super) type FirstOperands = BTreeMap<(Source, u32), (u64, u64)>;

impl Search<'_, '_> {
    /// Notes what a run came to that the one which it was made from did not.
    pub(super) fn note_reached(
        &mut self,
        first: &mut FirstOperands,
        source: &Source,
        assignment: &Assignment,
        (base, seen): (&Log, &Log),
    ) {
        if self.plan.is_interpreter || self.trials.len() >= TRIALS_MAX {
            return;
        }
        let mut is_kept = false;
        for site in seen.sites() {
            let is_branch = self
                .plan
                .sites
                .get(site as usize)
                .is_some_and(|site| matches!(site.kind, SiteKind::Compare(_) | SiteKind::Vector));
            if !is_branch || self.outcomes.tainted.contains_key(&site) || !base.of_site(site).is_empty() {
                continue;
            }
            let Some(hit) = seen.of_site(site).first() else { continue };
            let operands = (hit.left, hit.right);
            if *first.entry((source.clone(), site)).or_insert(operands) == operands {
                continue;
            }
            if !is_kept {
                if bytes_of(assignment) > TRIAL_BYTES_MAX {
                    return;
                }
                self.trials.push(assignment.clone());
                is_kept = true;
            }
            self.outcomes.add_taint(site, source, Met::Trial(self.trials.len() - 1));
        }
    }
}

/// Bytes of the values of an assignment.
pub(super) fn bytes_of(assignment: &Assignment) -> usize {
    assignment.values().filter_map(Value::len).sum()
}
