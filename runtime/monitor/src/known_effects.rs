//! What is new in a run that goes on from another.

use std::collections::BTreeSet;

use invar_trace::{Effect, EffectKind};

use crate::{Forward, location};

/// What further runs are known to do.
#[derive(Debug)]
pub struct KnownEffects<'a> {
    forward: &'a Forward<'a>,
    places: BTreeSet<(EffectKind, String, bool)>,
}

impl<'a> KnownEffects<'a> {
    /// What is known at the beginning.
    #[must_use]
    pub fn of(forward: &'a Forward<'a>) -> Self {
        let places = forward.known.iter().map(|effect| place(forward, effect)).collect();
        Self { forward, places }
    }

    /// Whether an effect is new. Where time passes, many a name is another one, and what is done where it is done anyway is
    /// not.
    #[must_use]
    pub fn is_new(&self, effect: &Effect) -> bool {
        match self.forward.step_ns {
            0 => !self.forward.known.contains(effect),
            _ => !self.places.contains(&place(self.forward, effect)),
        }
    }
}

/// Where something is done, what is declared apart from what is not: names that are made up in a declared directory hide
/// nothing else in it.
fn place(forward: &Forward<'_>, effect: &Effect) -> (EffectKind, String, bool) {
    (effect.kind, location(effect), forward.declared.covers(effect))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use invar_envelope::{Document, Manifest};
    use invar_trace::{Effect, EffectKind};

    use super::KnownEffects;
    use crate::{Declared, Forward};

    fn write(subject: &str) -> Effect {
        Effect { kind: EffectKind::FileWrite, subject: subject.into(), failed: None }
    }

    #[test]
    fn where_time_passes_another_declared_name_is_nothing_new_and_an_undeclared_one_beside_it_is() {
        let text = "[skill]\nname='a'\nversion='1'\ncomponent='a.wasm'\n[envelope]\nfiles.write = ['/out/report-*']\n";
        let manifest = Manifest::parse(Document { name: "skill.toml", text }).unwrap();
        let declared = Declared { envelope: Some(manifest.envelope), ..Declared::default() };
        let known = BTreeSet::from([write("/out/report-1")]);
        let is_new = |step_ns: u64, subject: &str| {
            let forward =
                Forward { of: 1, runs_max: 2, share: 1, known: &known, declared: &declared, step_ns };
            KnownEffects::of(&forward).is_new(&write(subject))
        };
        assert!(!is_new(1, "/out/report-2") && is_new(0, "/out/report-2"));
        assert!(is_new(1, "/out/AGENTS.md") && is_new(1, "/tmp/report-2"));
        assert!(!is_new(1, "/out/report-1") && !is_new(0, "/out/report-1"));
    }
}
