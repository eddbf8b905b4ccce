//! Branches that cannot be solved, and the effects behind them.

use std::collections::BTreeSet;

use invar_trace::{Effect, EffectKind};

use super::{LocatedBranch, Search, StopReason, Trial, find::class_of};
use crate::inputs::changes;

/// Branches that are flipped.
const FLIPPED_MAX: usize = 512;

/// Whether something is done where such things are done anyway, or beside that directory: another name there is what
/// a flip makes of a date.
fn is_beside((kind, directory): &(EffectKind, String), effect: &Effect) -> bool {
    let parent = directory.rsplit_once('/').map_or("", |(parent, _)| parent);
    // The name of the directory may be cut short by the same flip.
    let is_below = !parent.is_empty() && effect.subject.starts_with(parent);
    effect.kind == *kind && (is_below || class_of(effect) == (*kind, directory.clone()))
}

impl Search<'_, '_> {
    /// Flips each open branch that depends on a source, one at a time.
    pub(super) fn locate(&mut self) -> Result<Vec<LocatedBranch>, StopReason> {
        let mut located: Vec<LocatedBranch> = Vec::new();
        let usual: BTreeSet<_> = self.plan.known.iter().map(class_of).collect();
        let open: Vec<u32> = self.outcomes.open().into_iter().take(FLIPPED_MAX).collect();
        for batch in open.chunks(self.batch()) {
            let trials: Vec<Trial> = batch
                .iter()
                .map(|site| {
                    let state = &self.states[self.outcomes.tainted[site].state].assignment;
                    let changes = changes(state, &self.first).unwrap_or_default();
                    Trial { changes, flipped: Some(*site), ..Trial::default() }
                })
                .collect();
            let answers = self.run(&trials)?;
            for ((site, trial), seen) in batch.iter().zip(trials).zip(answers) {
                let is_elsewhere = |effect: &Effect| !usual.iter().any(|class| is_beside(class, effect));
                let effects: BTreeSet<Effect> =
                    self.new_effects(&seen.effects).into_iter().filter(is_elsewhere).collect();
                let is_reported = located.iter().any(|known| known.effects == effects)
                    || self
                        .found
                        .iter()
                        .any(|condition| effects.iter().any(|it| condition.effects.contains(it)));
                if effects.is_empty() || is_reported {
                    continue;
                }
                let tainted = &self.outcomes.tainted[site];
                located.push(LocatedBranch {
                    site: *site,
                    sources: tainted.sources.iter().cloned().collect(),
                    changes: trial.changes,
                    effects,
                });
            }
        }
        Ok(located)
    }
}

#[cfg(test)]
mod tests {
    use invar_trace::{Effect, EffectKind};

    use super::is_beside;

    #[test]
    fn another_name_beside_what_is_written_anyway_is_nothing_new() {
        let write =
            |subject: &str| Effect { kind: EffectKind::FileWrite, subject: subject.into(), failed: None };
        let usual = (EffectKind::FileWrite, "/reports/2026-01-15".to_owned());
        assert!(is_beside(&usual, &write("/reports/2026-01-15/b")));
        assert!(is_beside(&usual, &write("/reports/0total/b")));
        assert!(is_beside(&usual, &write("/reports0total.txt")));
        assert!(!is_beside(&usual, &write("/agent/AGENTS.md")));
        let usual = (EffectKind::FileWrite, "/tmp".to_owned());
        assert!(!is_beside(&usual, &write("/agent/AGENTS.md")));
    }
}
