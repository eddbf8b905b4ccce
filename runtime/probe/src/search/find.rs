//! Effects that no run had before.

use std::collections::BTreeSet;

use invar_trace::{Effect, EffectKind};

use super::{Condition, Observation, Search, StopReason, outcomes::News};
use crate::{Assignment, Source, inputs::changes};

/// Different things of one class, after which they are taken for made up: a name with the time in it.
const MADE_UP: usize = 6;

/// Where something is done: names in one directory are of one class.
pub(super) fn class_of(effect: &Effect) -> (EffectKind, String) {
    let directory = match effect.kind {
        kind if kind.is_contact() => effect.subject.clone(),
        _ => effect.subject.rsplit_once('/').map_or_else(String::new, |(directory, _)| directory.to_owned()),
    };
    (effect.kind, directory)
}

impl Search<'_, '_> {
    /// Adds a run with one more source changed than in `base`; returns what was new in its comparisons.
    pub(super) fn take(
        &mut self,
        base: &Observation,
        source: &Source,
        assignment: &Assignment,
        seen: &Observation,
    ) -> Result<News, StopReason> {
        const FUEL_RATIO: u64 = 4;
        const FUEL_MIN: u64 = 1_000_000;
        let news = self.outcomes.note(self.plan.sites, &seen.log);
        let least = if self.plan.is_interpreter { News::NewDirection } else { News::Reached };
        if news > least {
            self.latest_news = self.runs;
        }
        let effects = self.new_effects(&seen.effects);
        // Another output or a higher cost is news only where a branch went in a new direction: another input has
        // another output.
        let is_other = news > News::None
            && is_silent(source)
            && (base.output_digests != seen.output_digests
                || base.ending != seen.ending
                || (seen.fuel > base.fuel.saturating_mul(FUEL_RATIO) && seen.fuel > FUEL_MIN));
        let is_new = match effects.is_empty() {
            false => self.reported.insert(effects.clone()),
            true => is_other && self.others.insert(source.clone()),
        };
        if is_new {
            self.find(assignment.clone(), base, effects)?;
        }
        Ok(news)
    }

    /// Effects that were not known, except for made-up names.
    pub(super) fn new_effects(&mut self, effects: &BTreeSet<Effect>) -> BTreeSet<Effect> {
        let new: BTreeSet<Effect> = effects
            .iter()
            .filter(|effect| effect.is_lasting() && !self.plan.known.contains(*effect))
            .cloned()
            .collect();
        for effect in &new {
            let class = self.classes.entry(class_of(effect)).or_default();
            if class.len() <= MADE_UP {
                class.insert(effect.subject.clone());
            }
        }
        let classes = &self.classes;
        let is_made_up =
            |effect: &Effect| classes.get(&class_of(effect)).is_some_and(|class| class.len() > MADE_UP);
        new.into_iter().filter(|effect| !is_made_up(effect)).collect()
    }

    pub(super) fn made_up(&self) -> BTreeSet<(EffectKind, String)> {
        let all = self.classes.iter().filter(|(_, subjects)| subjects.len() > MADE_UP);
        all.map(|(class, _)| class.clone()).collect()
    }

    /// Removes the changes that are not needed, and keeps the rest as a condition. If only the output differs,
    /// `base` is the run without the changes.
    pub(super) fn find(
        &mut self,
        mut assignment: Assignment,
        base: &Observation,
        effects: BTreeSet<Effect>,
    ) -> Result<(), StopReason> {
        let sources: Vec<Source> = assignment.keys().cloned().collect();
        for source in sources {
            if assignment.len() == 1 {
                break;
            }
            let mut without = assignment.clone();
            without.remove(&source);
            let is_needed = match self.make(std::slice::from_ref(&without), &[])?.pop() {
                None => true,
                Some((_, seen)) if effects.is_empty() => {
                    base.output_digests == seen.output_digests && base.ending == seen.ending
                }
                Some((_, seen)) => !effects.iter().any(|effect| seen.effects.contains(effect)),
            };
            if !is_needed {
                assignment = without;
            }
        }
        if let Some(changes) = changes(&assignment, &self.first) {
            self.found.push(Condition { changes, effects });
        }
        Ok(())
    }
}

/// Whether a source is one that output should not follow.
fn is_silent(source: &Source) -> bool {
    !matches!(
        source,
        Source::Input
            | Source::Argument(_)
            | Source::Field(_)
            | Source::Answer(_)
            | Source::Body(_)
            | Source::Status(_)
            | Source::Name(_)
    )
}
