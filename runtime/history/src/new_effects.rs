//! Effects that later executions of a unit have, and its baseline has not.

use std::collections::{BTreeMap, BTreeSet};

use invar_monitor::{Severity, location};
use invar_trace::{Effect, EffectKind};

use crate::{
    execution::Execution,
    units::{BASELINE, Unit},
};

/// What an execution does that the baseline of its unit does not.
pub(crate) struct NewEffects {
    /// Which execution.
    pub(crate) execution: usize,
    /// Lasting effects of a kind, or in a place, that the baseline has not.
    pub(crate) effects: BTreeSet<Effect>,
    /// How bad.
    pub(crate) severity: Severity,
}

/// Effects of one shape: kind, location, and whether they failed. File names in one directory do not tell effects apart:
/// many skills make up names, or get them from their input.
type Shape = (EffectKind, String, bool);

/// The lasting effects of an execution, by shape.
fn lasting(execution: &Execution) -> BTreeMap<Shape, BTreeSet<Effect>> {
    let mut by_shape: BTreeMap<Shape, BTreeSet<Effect>> = BTreeMap::new();
    for effect in execution.activity.effects.iter().filter(|effect| effect.is_lasting()) {
        let shape = (effect.kind, location(effect), effect.failed.is_some());
        by_shape.entry(shape).or_default().insert(effect.clone());
    }
    by_shape
}

/// The new effects of all units, by execution.
pub(crate) fn find(executions: &[&Execution], units: &[Unit]) -> Vec<NewEffects> {
    let mut all: Vec<NewEffects> = units.iter().flat_map(|unit| of_unit(executions, unit)).collect();
    all.sort_by_key(|new| new.execution);
    all
}

fn of_unit(executions: &[&Execution], unit: &Unit) -> Vec<NewEffects> {
    let (baseline, later) = unit.split_at(BASELINE.min(unit.len()));
    let usual: BTreeSet<Shape> =
        baseline.iter().flat_map(|index| lasting(executions[*index]).into_keys()).collect();
    let inputs: BTreeSet<_> = baseline.iter().map(|index| &executions[*index].input).collect();
    let violations = |index: &usize| executions[*index].activity.violations.iter().flatten();
    let undeclared: BTreeSet<&String> = baseline.iter().flat_map(violations).collect();
    let mut found = Vec::new();
    for index in later {
        let execution = executions[*index];
        let new = lasting(execution).into_iter().filter(|(shape, _)| !usual.contains(shape));
        let effects: BTreeSet<Effect> = new.flat_map(|(_, effects)| effects).collect();
        if effects.is_empty() {
            continue;
        }
        let is_known_input = inputs.contains(&execution.input);
        let is_undeclared = match &execution.activity.violations {
            Some(violations) => violations.iter().any(|line| !undeclared.contains(line)),
            None => is_known_input || effects.iter().any(|effect| effect.kind.is_contact()),
        };
        let severity = match (is_undeclared, is_known_input) {
            (true, _) => Severity::Critical,
            (false, true) => Severity::Minor,
            // The new input may ask for it.
            (false, false) => match execution.activity.violations {
                Some(_) => Severity::Info,
                None => Severity::Minor,
            },
        };
        found.push(NewEffects { execution: *index, effects, severity });
    }
    found
}
