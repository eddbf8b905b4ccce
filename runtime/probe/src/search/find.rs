//! Effects that no run had before.

use std::collections::BTreeSet;

use invar_trace::{Effect, EffectKind};

use super::{Condition, Observation, Search, StopReason, outcomes::News, running::Class};
use crate::{Assignment, Source, inputs::changes};

/// Different things of one class, after which they are taken for made up: a name with the time in it.
const MADE_UP: usize = 6;

/// Runs that only say something else, for each source that was changed: where it moves the output anyway, the first are no
/// news.
const OTHERS_MAX: u32 = 4;

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
            true => is_other && self.is_another(source),
        };
        if is_new {
            self.find(assignment.clone(), base, effects)?;
        }
        Ok(news)
    }

    /// Whether there is room for one more set of changes of a source that moves the output or the cost alone.
    pub(super) fn is_another(&mut self, source: &Source) -> bool {
        let found = self.others.entry(source.clone()).or_default();
        *found += 1;
        *found <= OTHERS_MAX
    }

    /// Effects that were not known, except for made-up names.
    pub(super) fn new_effects(&mut self, effects: &BTreeSet<Effect>) -> BTreeSet<Effect> {
        let new: BTreeSet<Effect> = effects
            .iter()
            .filter(|effect| !self.plan.known.contains(*effect) && self.counts(effect))
            .cloned()
            .collect();
        for effect in &new {
            let class = self.class(effect);
            let class = self.classes.entry(class).or_default();
            if class.len() <= MADE_UP {
                class.insert(effect.subject.clone());
            }
        }
        new.into_iter().filter(|effect| !self.is_made_up(effect)).collect()
    }

    /// Whether something that is done for the first time is a find: what lasts, and of what is not declared attempts and
    /// reads of what is there, too.
    fn counts(&self, effect: &Effect) -> bool {
        let is_read = effect.kind == EffectKind::FileRead && effect.failed.is_none();
        effect.is_lasting() || ((effect.kind.is_lasting() || is_read) && !self.plan.declares.covers(effect))
    }

    /// The class of something that was done.
    fn class(&self, effect: &Effect) -> Class {
        let (kind, directory) = class_of(effect);
        (kind, directory, self.plan.declares.covers(effect))
    }

    /// Whether so many names of its class were seen that they are taken for made up.
    pub(super) fn is_made_up(&self, effect: &Effect) -> bool {
        self.classes.get(&self.class(effect)).is_some_and(|class| class.len() > MADE_UP)
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
            | Source::Datagram(_)
            | Source::Body(_)
            | Source::Status(_)
            | Source::Name(_)
    )
}
