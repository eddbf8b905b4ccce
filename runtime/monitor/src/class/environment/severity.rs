//! How bad it is to behave otherwise.

use invar_envelope::Missing;
use invar_trace::EffectKind;

use super::sweep::{Hit, Twin, undeclared};
use crate::{Deviation, Severity, finding::Source, monitor::Declared, series::Cost};

/// How bad it is to behave otherwise: by what is done, and by what the skill says it depends on.
pub(super) fn severity(declared: &Declared, twin: &Twin, hit: &Hit<'_>) -> Severity {
    let source = &hit.condition.source;
    let undeclared = undeclared(twin, hit);
    let is_lasting = |deviation: &Deviation| match deviation {
        Deviation::New(effects) => effects.iter().any(|effect| effect.is_lasting()),
        _ => false,
    };
    // Whoever goes by the first directory it is handed finds other files below it: no sign of anything. To reach
    // out is.
    if *source == Source::Preopens {
        let contacts = |deviation: &Deviation| match deviation {
            Deviation::New(effects) | Deviation::Missing(effects) => effects
                .iter()
                .any(|effect| effect.kind.is_contact() && effect.kind != EffectKind::NetworkLookup),
            _ => false,
        };
        return match hit.deviations.iter().any(contacts) {
            true => Severity::Critical,
            false => Severity::Info,
        };
    }
    let reaches_out =
        |missing: &Missing| matches!(missing.key.as_str(), "network" | "listen" | "files.write");
    if undeclared.iter().copied().any(reaches_out) {
        return Severity::Critical;
    }
    if declared.envelope.is_none() && hit.deviations.iter().any(is_lasting) {
        return Severity::Critical;
    }
    // What it stops doing is what should not have been done: it hides.
    let hides = twin
        .behaviour
        .violations
        .keys()
        .any(|missing| reaches_out(missing) && !hit.behaviour.violations.contains_key(missing));
    if hides || !undeclared.is_empty() {
        return Severity::Major;
    }
    let is_visible = |deviation: &Deviation| match deviation {
        Deviation::New(effects) | Deviation::Missing(effects) => {
            effects.iter().any(|effect| effect.is_lasting())
        }
        Deviation::Output | Deviation::Payload | Deviation::Ending => true,
        Deviation::Cost(cost) | Deviation::Growth(cost) => *cost != Cost::Written,
    };
    if !hit.deviations.iter().any(is_visible) || declared.is_expected(source) {
        return Severity::Info;
    }
    match source {
        // Files of the world are input, as long as they are declared.
        Source::File(path) => {
            let is_declared = declared
                .envelope
                .as_ref()
                .is_some_and(|envelope| envelope.files_read.iter().any(|glob| glob.matches(path)));
            if is_declared { Severity::Info } else { Severity::Major }
        }
        _ => Severity::Major,
    }
}
