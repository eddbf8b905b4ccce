//! Deviations of the same shape, and the runs that show them.

use std::collections::{BTreeMap, BTreeSet};

use invar_trace::{Behaviour, Effect, EffectKind};

use crate::{
    Cost, Deviation, Row,
    missing_line::{Undeclared, is_undeclared},
};

/// Groups that are distinguished. Stops a skill that does something else every time from using up the budget and
/// the report; what it does to the network, or without having declared it, goes first.
const GROUPS_MAX: usize = 12;

/// What makes two deviations of the same kind: names of files in one directory do not distinguish them, since
/// many skills make up names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Shape {
    /// Kind, place, whether it failed, and whether it is not declared.
    New(EffectKind, String, bool, bool),
    Missing(EffectKind, String),
    /// To look at something else.
    Look,
    Output,
    Errors,
    Payload,
    Ending,
    Cost(Cost),
    Growth(Cost),
}

/// Whether all that differs is what things are called, or what is looked at: another file in a declared place.
pub(crate) fn is_only_names(deviations: &[Deviation], undeclared: &Undeclared) -> bool {
    shapes(deviations, undeclared).into_iter().all(|(shape, _)| match shape {
        Shape::Look | Shape::Missing(EffectKind::FileRead, _) => true,
        Shape::New(kind, _, _, is_undeclared) => !is_undeclared && !kind.is_contact(),
        _ => false,
    })
}

/// Deviations that the same runs show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) deviations: Vec<Deviation>,
    pub(crate) runs: Vec<u32>,
}

/// The shapes of one run's deviations, each with what is of that shape.
pub(crate) fn shapes(deviations: &[Deviation], undeclared: &Undeclared) -> Vec<(Shape, Deviation)> {
    let mut shapes = Vec::new();
    for deviation in deviations {
        match deviation {
            Deviation::New(effects) => {
                shapes.extend(
                    by_shape(effects, |effect| match effect.is_lasting() {
                        true => {
                            let is_undeclared = is_undeclared(effect, undeclared);
                            Shape::New(effect.kind, location(effect), effect.failed.is_some(), is_undeclared)
                        }
                        false => Shape::Look,
                    })
                    .map(|(shape, effects)| (shape, Deviation::New(effects))),
                );
            }
            Deviation::Missing(effects) => {
                shapes.extend(
                    by_shape(effects, |effect| Shape::Missing(effect.kind, location(effect)))
                        .map(|(shape, effects)| (shape, Deviation::Missing(effects))),
                );
            }
            Deviation::Output => shapes.push((Shape::Output, Deviation::Output)),
            Deviation::Errors => shapes.push((Shape::Errors, Deviation::Errors)),
            Deviation::Payload => shapes.push((Shape::Payload, Deviation::Payload)),
            Deviation::Ending => shapes.push((Shape::Ending, Deviation::Ending)),
            Deviation::Cost(cost) => shapes.push((Shape::Cost(*cost), deviation.clone())),
            Deviation::Growth(cost) => shapes.push((Shape::Growth(*cost), deviation.clone())),
        }
    }
    shapes
}

/// Whether a run does all of that anyway, under other names: the same kinds of things in the same places, as declared or
/// undeclared as those.
pub(crate) fn does_anyway(run: &Behaviour, shapes: &[Shape]) -> bool {
    let does = |kind: EffectKind, directory: &str, failed: bool, undeclared: bool| {
        run.effects.iter().any(|effect| {
            effect.kind == kind
                && location(effect) == directory
                && effect.failed.is_some() == failed
                && is_undeclared(effect, &run.violations) == undeclared
        })
    };
    let is_new = |shape: &Shape| matches!(shape, Shape::New(..));
    let takes_the_place = |kind: &EffectKind, directory: &String| {
        shapes.iter().any(|shape| matches!(shape, Shape::New(new, at, ..) if new == kind && at == directory))
    };
    shapes.iter().any(is_new)
        && shapes.iter().all(|shape| match shape {
            Shape::New(kind, directory, failed, undeclared) => does(*kind, directory, *failed, *undeclared),
            Shape::Missing(EffectKind::FileRead | EffectKind::FileStat, _) | Shape::Look => true,
            Shape::Missing(kind, directory) => takes_the_place(kind, directory),
            _ => false,
        })
}

fn by_shape(
    effects: &BTreeSet<Effect>,
    shape: impl Fn(&Effect) -> Shape,
) -> impl Iterator<Item = (Shape, BTreeSet<Effect>)> {
    let mut sorted: BTreeMap<Shape, BTreeSet<Effect>> = BTreeMap::new();
    for effect in effects {
        sorted.entry(shape(effect)).or_default().insert(effect.clone());
    }
    sorted.into_iter()
}

/// Where an effect takes place: the directory of a file, or a destination.
#[must_use]
pub fn location(effect: &Effect) -> String {
    let path = effect.subject.rsplit(" -> ").next().unwrap_or_default();
    match path.starts_with('/') {
        true => path.rsplit_once('/').map_or("", |(directory, _)| directory).to_owned(),
        false => effect.subject.clone(),
    }
}

/// Deviations by the runs that show them: those that the same runs show stand together, the worst first.
pub(crate) fn groups(rows: &[Row]) -> Vec<Group> {
    let mut by_shape: BTreeMap<Shape, (Deviation, Vec<u32>)> = BTreeMap::new();
    for row in rows {
        for (shape, deviation) in shapes(&row.deviations, &row.run_effects.violations) {
            let (all, runs) = by_shape.entry(shape).or_insert_with(|| (deviation.clone(), Vec::new()));
            join(all, deviation);
            runs.push(row.run);
        }
    }
    let mut groups: Vec<Group> = Vec::new();
    for (deviation, runs) in by_shape.into_values() {
        match groups.iter_mut().find(|group| group.runs == runs) {
            Some(group) => group.deviations.push(deviation),
            None => groups.push(Group { deviations: vec![deviation], runs }),
        }
    }
    groups.sort_by_key(|group| (!is_grave(group), group.runs[0]));
    if groups.len() > GROUPS_MAX {
        // The rest are one group: every run that has any of it.
        let rest = groups.split_off(GROUPS_MAX - 1);
        let runs: BTreeSet<u32> = rest.iter().flat_map(|group| group.runs.iter().copied()).collect();
        let mut deviations: Vec<Deviation> = Vec::new();
        for deviation in rest.into_iter().flat_map(|group| group.deviations) {
            let same =
                |known: &&mut Deviation| std::mem::discriminant(*known) == std::mem::discriminant(&deviation);
            match deviations.iter_mut().find(same) {
                Some(known) => join(known, deviation),
                None => deviations.push(deviation),
            }
        }
        groups.push(Group { deviations, runs: runs.into_iter().collect() });
    }
    groups
}

/// Whether it contacts something, or ends or answers differently: what decoys would hide.
fn is_grave(group: &Group) -> bool {
    group.deviations.iter().any(|deviation| match deviation {
        Deviation::New(effects) | Deviation::Missing(effects) => {
            effects.iter().any(|effect| effect.kind.is_contact())
        }
        Deviation::Ending | Deviation::Output | Deviation::Payload => true,
        Deviation::Errors => false,
        Deviation::Cost(cost) | Deviation::Growth(cost) => *cost == Cost::Sent,
    })
}

fn join(all: &mut Deviation, more: Deviation) {
    if let (Deviation::New(all), Deviation::New(more)) | (Deviation::Missing(all), Deviation::Missing(more)) =
        (all, more)
    {
        all.extend(more);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use invar_envelope::MissingPermission;
    use invar_trace::{Effect, EffectKind};

    use super::{Shape, shapes};
    use crate::{Deviation, missing_line::is_line_for};

    #[test]
    fn a_missing_line_is_for_its_own_subject_and_for_no_other() {
        let line_for = |key: &str, value: &str, kind, subject: &str| {
            let missing = MissingPermission { key: key.into(), value: value.into() };
            is_line_for(&missing, &Effect { kind, subject: subject.to_owned(), failed: None })
        };
        let is_for = |value: &str, subject: &str| match subject.starts_with('/') {
            true => line_for("files.write", value, EffectKind::FileWrite, subject),
            false if value.starts_with("https") => {
                line_for("network", value, EffectKind::NetworkLookup, subject)
            }
            false => line_for("network", value, EffectKind::NetworkConnect, subject),
        };
        assert!(!line_for("files.read", "/a", EffectKind::FileWrite, "/a"), "another key");
        assert!(is_for("/tmp/a", "/tmp/a") && is_for("/b", "/a -> /b"));
        assert!(is_for("tcp://203.0.113.9:443", "tcp://203.0.113.9:443"));
        assert!(is_for("https://evil.example", "evil.example"), "a lookup");
        assert!(!is_for("/data/tmp/a", "/tmp/a"), "the end of another path");
        assert!(!is_for("/tmp/a", ""), "clocks have no subject");
    }

    #[test]
    fn names_in_one_directory_are_of_one_shape_and_destinations_are_not() {
        let effect = |kind, subject: &str| Effect { kind, subject: subject.into(), failed: None };
        let effects = BTreeSet::from([
            effect(EffectKind::FileWrite, "/tmp/log-1"),
            effect(EffectKind::FileWrite, "/tmp/log-2"),
            effect(EffectKind::NetworkConnect, "tcp://203.0.113.9:443"),
            effect(EffectKind::NetworkConnect, "tcp://203.0.113.7:443"),
        ]);
        let found = shapes(&[Deviation::New(effects)], &Default::default());
        assert_eq!(found.len(), 3);
        assert_eq!(found[0].0, Shape::New(EffectKind::FileWrite, "/tmp".into(), false, false));
    }
}
