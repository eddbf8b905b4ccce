//! Searches for conditions that no list holds.

use std::collections::BTreeSet;

use invar_trace::Effect;

use crate::{
    Declared, Lab, LabError, Row,
    class::environment::{control::ControlRun, solved},
    results::Investigation,
};

/// Percent of what is left of the budget that a search may take from each run that it begins with.
const SEARCH_SHARE_PERCENT: u32 = 90;

/// Searches for conditions that nobody would think of, with what is left of the budget.
pub(crate) fn search(
    declared: &Declared,
    rows: &[Row],
    controls: &[ControlRun],
    investigation: &mut Investigation,
    lab: &mut dyn Lab,
) -> Result<(), LabError> {
    let known: BTreeSet<Effect> =
        rows.iter().flat_map(|row| row.run_effects.effects.iter().cloned()).collect();
    if let Some(control) = controls.first().filter(|control| control.run > 1) {
        let done = solved::forward(declared, rows, &known, control, investigation, lab);
        investigation.tolerate(done)?;
    }
    // First from the run that has what earlier ones left; the rest is for run 1.
    for (index, control) in controls.iter().enumerate() {
        if index > 0 && !investigation.environment.solved.is_empty() {
            break;
        }
        let done = solved::search(declared, &known, control, SEARCH_SHARE_PERCENT, investigation, lab);
        investigation.tolerate(done)?;
    }
    Ok(())
}
