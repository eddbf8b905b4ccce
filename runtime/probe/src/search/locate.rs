//! Branches that cannot be solved, and the effects behind them.

use std::collections::BTreeSet;

use invar_trace::{Effect, EffectKind};

use super::{
    LocatedBranch, Observation, Search, StopReason, Trial,
    find::class_of,
    force::{Behind, Forced, Stage},
    outcomes::Met,
};
use crate::inputs::changes;

/// Branches behind one that was flipped that are flipped one after the other: names that are told apart by the halves that
/// their hash lies in are four deep.
const DEPTH_MAX: usize = 4;

/// Whether something is done where such things are done anyway, or beside that directory: another name there is what
/// a flip makes of a date.
fn is_beside((kind, directory): &(EffectKind, String), effect: &Effect) -> bool {
    let parent = directory.rsplit_once('/').map_or("", |(parent, _)| parent);
    // The name of the directory may be cut short by the same flip.
    let is_below = !parent.is_empty() && effect.subject.starts_with(parent);
    effect.kind == *kind && (is_below || class_of(effect) == (*kind, directory.clone()))
}

/// Whether a file's name is the beginning or the end of another one, at which the same is done.
fn is_fragment(effect: &Effect, whole: &Effect) -> bool {
    let (part, whole_name) = (effect.subject.as_str(), whole.subject.as_str());
    let end = part.trim_start_matches('/');
    effect.kind == whole.kind
        && !effect.kind.is_contact()
        && part.len() < whole_name.len()
        && (whole_name.starts_with(part) || (!end.is_empty() && whole_name.ends_with(end)))
}

/// Whether a flip has left nothing of a file's name: the root, or bytes that were never written.
fn is_no_name(effect: &Effect) -> bool {
    !effect.kind.is_contact() && (effect.subject == "/" || effect.subject.contains('\0'))
}

impl Search<'_, '_> {
    /// Makes each branch that depends on a source go each other way: those that only ever went one, jump tables and
    /// calls through tables, single passes of those that went both, and what is behind the first alone, some levels deep.
    pub(super) fn locate(&mut self) -> Result<Vec<LocatedBranch>, StopReason> {
        let mut located: Vec<LocatedBranch> = Vec::new();
        let usual: BTreeSet<_> = self.plan.known.iter().map(class_of).collect();
        let mut behind = Behind::default();
        for stage in [Stage::Open, Stage::Tables, Stage::Single] {
            for batch in self.forced(stage).chunks(self.batch()) {
                let answers = self.force(batch)?;
                for (forced, seen) in batch.iter().zip(answers) {
                    let is_news = self.note_located(forced, &seen, &usual, &mut located)?;
                    if stage == Stage::Open && !is_news {
                        self.add_behind(forced, &seen, &mut behind);
                    }
                }
            }
        }
        for _ in 0..DEPTH_MAX {
            let level = behind.next_level();
            for batch in level.chunks(self.batch()) {
                let answers = self.force(batch)?;
                for (forced, seen) in batch.iter().zip(answers) {
                    if !self.note_located(forced, &seen, &usual, &mut located)? {
                        self.add_behind(forced, &seen, &mut behind);
                    }
                }
            }
        }
        Ok(located)
    }

    fn force(&mut self, batch: &[Forced]) -> Result<Vec<Observation>, StopReason> {
        let trials: Vec<Trial> = batch
            .iter()
            .map(|forced| Trial {
                changes: self.changes_of(forced),
                flipped: forced.flips.clone(),
                ..Trial::default()
            })
            .collect();
        self.run(&trials)
    }

    /// The changes under which a branch is come to.
    fn changes_of(&self, forced: &Forced) -> Vec<invar_world::Change> {
        let assignment = match forced.met {
            Met::State(number) => self.states.get(number).map(|state| &state.assignment),
            Met::Trial(number) => self.trials.get(number),
        };
        assignment.and_then(|assignment| changes(assignment, &self.first)).unwrap_or_default()
    }

    /// Keeps what a forced branch did that was never done; whether there is anything.
    fn note_located(
        &mut self,
        forced: &Forced,
        seen: &Observation,
        usual: &BTreeSet<(EffectKind, String)>,
        located: &mut Vec<LocatedBranch>,
    ) -> Result<bool, StopReason> {
        let new = self.new_effects(&seen.effects);
        // A name beside what is written anyway is what a flip makes of another, unless it is not declared and stands in
        // the component as it is.
        let is_meant =
            |effect: &Effect| !self.plan.declares.covers(effect) && self.plan.code.texts.has(&effect.subject);
        let is_elsewhere = |effect: &Effect| {
            !is_no_name(effect) && (is_meant(effect) || !usual.iter().any(|class| is_beside(class, effect)))
        };
        let effects: BTreeSet<Effect> = new.into_iter().filter(is_elsewhere).collect();
        if effects.is_empty() {
            return Ok(false);
        }
        let is_reported = located.iter().any(|known| known.effects == effects)
            || self.found.iter().any(|found| effects.iter().any(|it| found.effects.contains(it)));
        if is_reported {
            return Ok(true);
        }
        let unforced = Trial { changes: self.changes_of(forced), ..Trial::default() };
        let usual = self.run(&[unforced])?.pop().map(|seen| seen.effects).unwrap_or_default();
        let is_used = |effect: &Effect| usual.iter().any(|known| known.subject == effect.subject);
        if effects.iter().all(is_used) && !self.is_of_its_passes(forced, &effects)? {
            return Ok(false);
        }
        let is_cut = effects.iter().all(|effect| usual.iter().any(|whole| is_fragment(effect, whole)));
        if let Some(tainted) = self.outcomes.tainted.get(&forced.site) {
            located.push(LocatedBranch {
                site: forced.site,
                behind: forced.behind,
                sources: tainted.sources.iter().cloned().collect(),
                changes: self.changes_of(forced),
                effects,
                is_cut,
            });
        }
        Ok(true)
    }
}

impl Search<'_, '_> {
    /// Whether the passes that depend on a source lead to these effects without the others. A function that all use, such
    /// as one that looks for a character in a text, opens files in another way where all of its passes are flipped.
    fn is_of_its_passes(&mut self, forced: &Forced, effects: &BTreeSet<Effect>) -> Result<bool, StopReason> {
        let flips = self.only_its_passes(forced);
        let trial = Trial { changes: self.changes_of(forced), flipped: flips, ..Trial::default() };
        let seen = self.run(&[trial])?.pop();
        Ok(seen.is_some_and(|seen| effects.is_subset(&seen.effects)))
    }
}

#[cfg(test)]
mod tests {
    use invar_trace::{Effect, EffectKind};

    use super::{is_beside, is_fragment, is_no_name};

    #[test]
    fn what_is_left_of_a_name_is_a_fragment_of_it() {
        let write =
            |subject: &str| Effect { kind: EffectKind::FileWrite, subject: subject.into(), failed: None };
        let whole = write("/state/backup-20260215");
        assert!(is_fragment(&write("/20260215"), &whole));
        assert!(is_fragment(&write("/st"), &whole));
        assert!(!is_fragment(&whole, &whole));
        assert!(!is_fragment(&write("/tmp/.sync"), &whole));
        let removal = Effect { kind: EffectKind::FileRemove, ..write("/st") };
        assert!(!is_fragment(&removal, &whole));
    }

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

    #[test]
    fn zeros_and_the_root_name_no_file() {
        let write =
            |subject: &str| Effect { kind: EffectKind::FileWrite, subject: subject.into(), failed: None };
        assert!(is_no_name(&write("/\0\0\0")) && is_no_name(&write("/")));
        assert!(!is_no_name(&write("/tmp/.sync")));
    }
}
