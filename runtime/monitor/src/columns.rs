//! The envelope in columns: what is declared, and what was seen.

use std::collections::BTreeSet;

use invar_envelope::Envelope;
use invar_trace::{Effect, EffectKind};

use crate::Row;

/// One key of the envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvelopeRow {
    /// As the manifest names it.
    pub key: &'static str,
    /// Its entries; empty: nothing is declared.
    pub declared: Vec<String>,
    /// What was done of the kind, whether it worked or not, in any run.
    pub observed: Vec<String>,
    /// The part of it that no entry allows.
    pub undeclared: Vec<String>,
}

/// A row for every key that is declared, or of whose kind something was done.
pub(crate) fn rows(envelope: &Envelope, runs: &[Row]) -> Vec<EnvelopeRow> {
    let seen = |kinds: &[EffectKind]| -> BTreeSet<String> {
        let effects: BTreeSet<&Effect> = runs.iter().flat_map(|row| &row.run_effects.effects).collect();
        effects
            .into_iter()
            .filter(|effect| kinds.contains(&effect.kind))
            .map(|effect| effect.subject.clone())
            .collect()
    };
    let missing = |key: &str| -> BTreeSet<String> {
        let all = runs.iter().flat_map(|row| row.run_effects.violations.keys());
        all.filter(|missing| missing.key == key).map(|missing| missing.value.clone()).collect()
    };
    let texts = |all: &mut dyn Iterator<Item = String>| all.collect::<Vec<_>>();
    let clocks = [(envelope.clocks.wall, "wall"), (envelope.clocks.monotonic, "monotonic")];
    let clock_of = |kind: EffectKind| match kind {
        EffectKind::ClockWall => "wall",
        _ => "monotonic",
    };
    let clocks_seen: BTreeSet<String> = runs
        .iter()
        .flat_map(|row| &row.run_effects.effects)
        .filter(|effect| {
            matches!(effect.kind, EffectKind::ClockWall | EffectKind::ClockMonotonic | EffectKind::Wait)
        })
        .map(|effect| clock_of(effect.kind).to_owned())
        .collect();
    let random = |is: bool| if is { vec!["true".to_owned()] } else { Vec::new() };
    let draws = !seen(&[EffectKind::Random]).is_empty();
    let all: [(&'static str, Vec<String>, BTreeSet<String>); 7] = [
        (
            "files.read",
            texts(&mut envelope.files_read.iter().map(ToString::to_string)),
            seen(&[EffectKind::FileRead, EffectKind::FileStat]),
        ),
        (
            "files.write",
            texts(&mut envelope.files_write.iter().map(ToString::to_string)),
            seen(&EffectKind::CHANGES_OF_FILES),
        ),
        (
            "network",
            texts(&mut envelope.network.iter().map(ToString::to_string)),
            seen(&[
                EffectKind::NetworkConnect,
                EffectKind::NetworkDatagram,
                EffectKind::NetworkLookup,
                EffectKind::HttpRequest,
            ]),
        ),
        (
            "listen",
            texts(&mut envelope.listen.iter().map(ToString::to_string)),
            seen(&[EffectKind::NetworkListen]),
        ),
        ("env", texts(&mut envelope.env.iter().map(ToString::to_string)), BTreeSet::new()),
        (
            "clock",
            clocks.iter().filter(|(is, _)| *is).map(|(_, name)| (*name).to_owned()).collect(),
            clocks_seen,
        ),
        ("random", random(envelope.random), random(draws).into_iter().collect()),
    ];
    all.into_iter()
        .map(|(key, declared, observed)| EnvelopeRow {
            key,
            declared,
            observed: observed.into_iter().collect(),
            undeclared: missing(key).into_iter().collect(),
        })
        .filter(|row| !row.declared.is_empty() || !row.observed.is_empty() || !row.undeclared.is_empty())
        .collect()
}
