//! What cannot be solved: comparisons that always come out the same, and what is behind them.

use std::collections::BTreeSet;

use invar_trace::Effect;
use invar_world::Change;

use super::{Search, Stopped, Trial, class_of};
use crate::{Source, told::changes};

/// A comparison that was never seen to come out the other way, with what is done when it is made to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// The site.
    pub site: u32,
    /// What its operands depend on.
    pub sources: Vec<Source>,
    /// Changes under which it is reached.
    pub changes: Vec<Change>,
    /// What is done behind it that was never done.
    pub effects: BTreeSet<Effect>,
}

/// Comparisons that are turned.
const TURNED_MAX: usize = 512;

impl Search<'_, '_> {
    /// Turns each open comparison that depends on a source, by itself.
    pub(super) fn locate(&mut self) -> Result<Vec<Located>, Stopped> {
        let mut located: Vec<Located> = Vec::new();
        let usual: BTreeSet<_> = self.plan.known.iter().map(class_of).collect();
        let open: Vec<u32> = self.outcomes.open().into_iter().take(TURNED_MAX).collect();
        for batch in open.chunks(super::BATCH) {
            let trials: Vec<Trial> = batch
                .iter()
                .map(|site| {
                    let state = &self.states[self.outcomes.tainted[site].state].assignment;
                    let changes = changes(state, &self.first).unwrap_or_default();
                    Trial { changes, turned: Some(*site), ..Trial::default() }
                })
                .collect();
            let answers = self.run(&trials)?;
            for ((site, trial), seen) in batch.iter().zip(trials).zip(answers) {
                // Another name where it writes anyway is what a wrong turn makes of a date.
                let is_elsewhere = |effect: &Effect| !usual.contains(&class_of(effect));
                let effects: BTreeSet<Effect> =
                    self.new_effects(&seen.effects).into_iter().filter(is_elsewhere).collect();
                let is_told = located.iter().any(|own| own.effects == effects)
                    || self.found.iter().any(|own| effects.iter().any(|it| own.effects.contains(it)));
                if effects.is_empty() || is_told {
                    continue;
                }
                let tainted = &self.outcomes.tainted[site];
                located.push(Located {
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
