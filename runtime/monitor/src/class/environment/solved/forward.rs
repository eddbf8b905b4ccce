//! Runs one after the other, many more than the series has, to come to what a counter waits for.

use std::{collections::BTreeSet, sync::Arc};

use invar_trace::{Behaviour, Effect};
use invar_world::Change;

use crate::{
    Declared, Deviation, Forward, Forwarded, Lab, LabError, Severity,
    class::environment::{
        control::{ControlRun, Hit, shapes_of, undeclared},
        severity::severity,
        solved::{confirm::confirm, count::Counted},
    },
    condition::Condition,
    results::{Investigation, Part, Solved},
    source::Source,
    tool_calls::locate_all,
};

/// Runs that are made at most, whatever one costs: the share of the budget bounds those that cost much.
const RUNS_MAX: u32 = 10_000;

/// Percent of what is left of the budget.
const SHARE: u32 = 20;

/// The same for runs with some time between them.
const STEPPED_SHARE: u32 = 5;

const MINUTE: u64 = 60_000_000_000;

const DAY: u64 = 1440 * MINUTE;

/// What passes between two runs, in words, and how many are made.
const STEPS: [(u64, &str, u32); 4] =
    [(DAY, "a day", 400), (7 * DAY, "a week", 60), (31 * DAY, "31 days", 40), (MINUTE, "a minute", 600)];

/// Continues from a run that has what earlier ones left, with its clock and seeds, and confirms what it comes to. What
/// looks at the time is continued with some of it between two runs, too.
pub(in crate::class::environment) fn forward(
    declared: &Declared,
    known: &BTreeSet<Effect>,
    control: &ControlRun,
    investigation: &mut Investigation,
    lab: &mut dyn Lab,
) -> Result<(), LabError> {
    let bound = declared.given(&control.given.bindings());
    let bound = bound.as_ref();
    let forward =
        Forward { of: control.run, runs_max: RUNS_MAX, share: SHARE, known, declared: bound, step_ns: 0 };
    let forwarded = lab.forward(forward)?;
    investigation.searched.forward = investigation.searched.forward.max(forwarded.total);
    investigation.searched.is_forward_cut |= forwarded.is_cut;
    take(declared, forwarded, None, control, investigation, lab)?;
    if !reads_time(&control.behaviour) {
        return Ok(());
    }
    for (step_ns, apart, runs) in STEPS {
        let runs_max = control.run.saturating_add(runs);
        let forward =
            Forward { of: control.run, runs_max, share: STEPPED_SHARE, known, declared: bound, step_ns };
        let forwarded = lab.forward(forward)?;
        let made = forwarded.total.saturating_sub(control.run);
        if made > 0 {
            investigation.searched.apart.push((apart, made));
        }
        take(declared, forwarded, Some(apart), control, investigation, lab)?;
    }
    Ok(())
}

/// Whether a run reads the time of day: nothing else says that days have passed.
fn reads_time(run: &Behaviour) -> bool {
    run.calls.keys().filter_map(|id| id.get()).any(|function| {
        function.interface == "wasi:clocks/wall-clock" && function.name == "now"
            || function.name.contains("stat")
    })
}

/// Confirms what further runs came to.
fn take(
    declared: &Declared,
    forwarded: Forwarded,
    apart: Option<&'static str>,
    control: &ControlRun,
    investigation: &mut Investigation,
    lab: &mut dyn Lab,
) -> Result<(), LabError> {
    if forwarded.fired.is_empty() || forwarded.changes.is_empty() {
        return Ok(());
    }
    let before = investigation.environment.solved.len();
    let Forwarded { fired, total, changes, first, .. } = forwarded;
    let counted = Counted { fired: &fired, total, of: control.run, apart };
    let done = confirm(declared, changes.clone(), Some(counted), control, investigation, lab);
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
    let deviations = control.compare(run);
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
        in_calls: locate_all(&deviations, (&**run).into(), (&*control.behaviour).into()),
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
