//! What is new in a run that goes on from another, some time later.

use std::collections::BTreeSet;

use invar_trace::{Effect, EffectKind};

use crate::{Declared, location};

/// Where further runs are known to do something. Where time passes, many a name is another one: what is done where it is
/// done anyway is not new.
#[derive(Debug)]
pub(crate) struct KnownPlaces<'a> {
    declared: &'a Declared,
    places: BTreeSet<(EffectKind, String, bool)>,
}

impl<'a> KnownPlaces<'a> {
    /// Of what is known to be done.
    pub(crate) fn of(known: &BTreeSet<Effect>, declared: &'a Declared) -> Self {
        let places = known.iter().map(|effect| place(declared, effect)).collect();
        Self { declared, places }
    }

    /// Whether an effect is done where none of its kind is known.
    pub(crate) fn is_new(&self, effect: &Effect) -> bool {
        !self.places.contains(&place(self.declared, effect))
    }
}

/// Where something is done, what is declared apart from what is not: names that are made up in a declared directory hide
/// nothing else in it.
fn place(declared: &Declared, effect: &Effect) -> (EffectKind, String, bool) {
    (effect.kind, location(effect), declared.covers(effect))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use invar_envelope::{Document, Manifest};
    use invar_trace::{Effect, EffectKind};

    use super::KnownPlaces;
    use crate::Declared;

    fn write(subject: &str) -> Effect {
        Effect { kind: EffectKind::FileWrite, subject: subject.into(), failed: None }
    }

    #[test]
    fn another_declared_name_is_nothing_new_and_an_undeclared_one_beside_it_is() {
        let text = "[skill]\nname='a'\nversion='1'\ncomponent='a.wasm'\n[envelope]\nfiles.write = ['/out/report-*']\n";
        let manifest = Manifest::parse(Document { name: "skill.toml", text }).unwrap();
        let declared = Declared { envelope: Some(manifest.envelope), ..Declared::default() };
        let known = KnownPlaces::of(&BTreeSet::from([write("/out/report-1")]), &declared);
        let is_new = |subject: &str| known.is_new(&write(subject));
        assert!(!is_new("/out/report-1") && !is_new("/out/report-2"));
        assert!(is_new("/out/AGENTS.md") && is_new("/tmp/report-2"));
    }
}
