//! Runs one after the other, many more than the series has, to come to what a counter waits for.

use std::{collections::BTreeSet, sync::Arc};

use invar_trace::{Behaviour, Effect};
use invar_world::Change;

use crate::{
    Declared, Deviation, Forward, Forwarded, Lab, LabError, Severity,
    class::environment::{
        control::{ControlRun, Hit, shapes_of, undeclared},
        severity::severity,
        solved::confirm::confirm,
    },
    condition::Condition,
    results::{Investigation, Part, Solved},
    source::Source,
};

/// Runs that are made at most.
const RUNS_MAX: u32 = 10_000;

/// The same for skills whose runs cost more than this much fuel.
const COSTLY_RUNS_MAX: u32 = 1_000;

/// Fuel of a run that costs much.
const COSTLY_FUEL: u64 = 1_000_000;

/// Percent of what is left of the budget.
const SHARE: u32 = 20;

/// Continues from a run that has what earlier ones left, with its clock and seeds, and confirms what it comes to.
pub(in crate::class::environment) fn forward(
    declared: &Declared,
    known: &BTreeSet<Effect>,
    control: &ControlRun,
    investigation: &mut Investigation,
    lab: &mut dyn Lab,
) -> Result<(), LabError> {
    let is_costly = control.behaviour.resources.fuel > COSTLY_FUEL;
    let runs_max = if is_costly { COSTLY_RUNS_MAX } else { RUNS_MAX };
    let forward = lab.forward(Forward { of: control.run, runs_max, share: SHARE, known })?;
    investigation.searched.forward = investigation.searched.forward.max(forward.total);
    if forward.fired.is_empty() || forward.changes.is_empty() {
        return Ok(());
    }
    let before = investigation.environment.solved.len();
    let Forwarded { fired, total, changes, first } = forward;
    let done = confirm(declared, changes.clone(), Some((&fired, total)), control, investigation, lab);
    // The original did it: that is reported, whether there is budget to confirm it or not.
    if let (Err(LabError::OutOfBudget(_)), Some(first)) = (&done, first)
        && investigation.environment.solved.len() == before
    {
        investigation.environment.solved.extend(seen(declared, changes, &first, control));
    }
    done
}

/// What a further run did, as it was seen once.
fn seen(
    declared: &Declared,
    changes: Vec<Change>,
    run: &Arc<Behaviour>,
    control: &ControlRun,
) -> Option<Solved> {
    let given = control.given.changed(&changes);
    let deviations = control.baseline.compare(run.as_ref());
    let lasts = |deviation: &Deviation| matches!(deviation, Deviation::New(all) if all.iter().any(Effect::is_lasting));
    let parts: Vec<Part> =
        changes.iter().filter_map(|change| Some(Part::of(Source::of(change)?, change.clone()))).collect();
    let worst = changes_of(&parts)
        .map(|condition| {
            let (behaviour, shapes) = (run.clone(), shapes_of(&control.baseline, run));
            let (deviations, changes) = (deviations.clone(), changes.as_slice());
            let hit = Hit { condition: &condition, changes, behaviour, deviations, shapes };
            let undeclared: Vec<String> =
                undeclared(control, &hit).iter().map(|missing| given.line(missing)).collect();
            (severity(declared, control, &hit), undeclared)
        })
        .max();
    let (severity, undeclared) = worst.filter(|_| deviations.iter().any(lasts))?;
    (severity > Severity::Info).then(|| Solved {
        of: control.run,
        shapes: shapes_of(&control.baseline, run),
        parts,
        deviations,
        severity,
        undeclared,
        specific: false,
        confirmed: false,
    })
}

fn changes_of(parts: &[Part]) -> impl Iterator<Item = Condition> {
    parts.iter().map(|part| Condition {
        words: String::new(),
        source: part.source.clone(),
        change: part.change.clone(),
    })
}
