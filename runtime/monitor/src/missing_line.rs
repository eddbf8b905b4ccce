//! The lines of an envelope that are missing for effects.

use std::collections::BTreeMap;

use invar_envelope::MissingPermission;
use invar_trace::{Effect, EffectKind, Violation};

/// What a run did that is not declared, by the line that is missing.
pub(crate) type Undeclared = BTreeMap<MissingPermission, Violation>;

/// Whether a line is missing for an effect.
pub(crate) fn is_undeclared(effect: &Effect, undeclared: &Undeclared) -> bool {
    undeclared.keys().any(|missing| is_line_for(missing, effect))
}

/// Whether a missing line is the one that an effect lacks: its path, its destination, or its name under a scheme.
/// What is read and not declared says nothing of what is written there, and the other way round.
pub(crate) fn is_line_for(missing: &MissingPermission, effect: &Effect) -> bool {
    let is_of_its_key = match missing.key.as_str() {
        "files.write" => EffectKind::CHANGES_OF_FILES.contains(&effect.kind),
        // To give a file a name where it can be read is a way to read it.
        "files.read" => matches!(
            effect.kind,
            EffectKind::FileRead | EffectKind::FileStat | EffectKind::FileRename | EffectKind::FileLink
        ),
        "listen" => effect.kind == EffectKind::NetworkListen,
        "network" => effect.kind.is_contact() && effect.kind != EffectKind::NetworkListen,
        _ => false,
    };
    if !is_of_its_key {
        return false;
    }
    let name = missing.value.split_once("://").map(|(_, name)| name);
    effect.subject.split(" -> ").any(|subject| missing.value == subject || name == Some(subject))
}
