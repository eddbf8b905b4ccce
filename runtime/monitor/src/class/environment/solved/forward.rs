//! Runs one after the other, many more than the series has, to come to what a counter waits for.

use std::collections::BTreeSet;

use invar_trace::Effect;

use super::confirm;
use crate::{
    Forward, Lab, LabError,
    class::environment::sweep::Twin,
    monitor::{Case, Declared},
};

/// Runs that are made at most.
const RUNS_MAX: u32 = 10_000;
/// The same for skills whose runs cost more than this much fuel.
const COSTLY_RUNS_MAX: u32 = 1_000;
/// Fuel of a run that costs much.
const COSTLY_FUEL: u64 = 1_000_000;
/// Percent of what is left of the budget.
const SHARE: u32 = 20;

/// Goes on from a run that has what earlier ones left, with its clock and seeds, and makes sure of what it comes to.
pub(in crate::class::environment) fn forward(
    declared: &Declared,
    known: &BTreeSet<Effect>,
    twin: &Twin,
    case: &mut Case,
    lab: &mut dyn Lab,
) -> Result<(), LabError> {
    let is_costly = twin.behaviour.resources.fuel > COSTLY_FUEL;
    let runs_max = if is_costly { COSTLY_RUNS_MAX } else { RUNS_MAX };
    let forward = lab.forward(Forward { of: twin.run, runs_max, share: SHARE, known })?;
    case.searched.forward = case.searched.forward.max(forward.total);
    if forward.fired.is_empty() || forward.changes.is_empty() {
        return Ok(());
    }
    confirm(declared, forward.changes, Some((&forward.fired, forward.total)), twin, case, lab)
}
