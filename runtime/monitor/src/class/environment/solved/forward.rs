//! Runs one after the other, many more than the series has, to come to what a counter waits for.

use std::{collections::BTreeSet, sync::Arc};

use invar_trace::{Behaviour, Effect};
use invar_world::Change;

use crate::{
    Declared, Deviation, Fired, Forward, ForwardFind, Forwarded, Lab, LabError, Row, Severity,
    class::environment::{
        control::{ControlRun, Hit, shapes_in, undeclared},
        severity::severity,
        solved::{confirm::confirm, count::Counted, usual::Usual},
    },
    condition::Condition,
    grouping::Shape,
    known_effects::KnownPlaces,
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
    rows: &[Row],
    known: &BTreeSet<Effect>,
    control: &ControlRun,
    investigation: &mut Investigation,
    lab: &mut dyn Lab,
) -> Result<(), LabError> {
    let mut kinds = Kinds::default();
    for _ in 0..ROUNDS_MAX {
        let mut usual = Usual::learn(declared, rows, known, control, lab)?;
        let before = investigation.environment.solved.len();
        let mut fires = |run: &Behaviour| {
            let deviations = usual.next(run);
            kinds.fired(&deviations, run)
        };
        let forward =
            Forward { of: control.run, runs_max: RUNS_MAX, share: SHARE, step_ns: 0, fires: &mut fires };
        let forwarded = lab.forward(forward)?;
        investigation.searched.forward = investigation.searched.forward.max(forwarded.total);
        investigation.searched.is_forward_cut |= forwarded.is_cut;
        let ended = forwarded.found.iter().any(|find| kinds.ends(find.kind));
        kinds.muted.extend(forwarded.found.iter().map(|find| find.kind));
        take(declared, forwarded, None, &usual.control, investigation, lab)?;
        // What was no find must not keep from what comes later.
        if investigation.environment.solved.len() > before || !ended {
            break;
        }
    }
    if !reads_time(&control.behaviour) {
        return Ok(());
    }
    let bound = declared.given(&control.given.bindings());
    let known = KnownPlaces::of(known, bound.as_ref());
    for (step_ns, apart, runs) in STEPS {
        let is_new = |effect: &Effect| effect.is_lasting() && known.is_new(effect);
        let mut fires =
            |run: &Behaviour| run.effects.iter().any(is_new).then_some(Fired { kind: 0, ends: true });
        let runs_max = control.run.saturating_add(runs);
        let forward = Forward { of: control.run, runs_max, share: STEPPED_SHARE, step_ns, fires: &mut fires };
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
    for ForwardFind { fired, changes, first, .. } in forwarded.found {
        if changes.is_empty() {
            continue;
        }
        let before = investigation.environment.solved.len();
        let counted = Counted { fired: &fired, total: forwarded.total, of: control.run, apart };
        let done = confirm(declared, changes.clone(), Some(counted), control, investigation, lab);
        // The original did it: that is reported, whether there is budget to confirm it or not.
        if let Err(LabError::OutOfBudget(_)) = done
            && investigation.environment.solved.len() == before
        {
            investigation.environment.solved.extend(seen(declared, changes, &first, control));
        }
        done?;
    }
    Ok(())
}

/// How often it is gone on from the same run, past what turned out to be no find. Stops a skill that does something else
/// all the time from taking the budget.
const ROUNDS_MAX: usize = 3;

/// Kinds of runs that are distinguished. Stops a skill that never does the same twice from filling memory.
const KINDS_MAX: usize = 8;

/// The kinds of further runs that do something else.
#[derive(Default)]
struct Kinds {
    all: Vec<(Vec<Shape>, bool)>,
    /// Those that were looked at.
    muted: BTreeSet<usize>,
}

impl Kinds {
    /// The kind of a run that differs so; none: it does not, or was looked at, or there are too many.
    fn fired(&mut self, deviations: &[Deviation], run: &Behaviour) -> Option<Fired> {
        let shapes = shapes_in(deviations, run);
        if shapes.is_empty() {
            return None;
        }
        let known = self.all.iter().position(|(known, _)| *known == shapes);
        let kind = match known {
            Some(kind) => kind,
            None if self.all.len() < KINDS_MAX => {
                let ends = !deviations.iter().all(is_slight);
                self.all.push((shapes, ends));
                self.all.len() - 1
            }
            None => return None,
        };
        (!self.muted.contains(&kind)).then(|| Fired { kind, ends: self.ends(kind) })
    }

    fn ends(&self, kind: usize) -> bool {
        self.all.get(kind).is_some_and(|(_, ends)| *ends)
    }
}

/// Whether a difference is not worth ending the further runs for.
fn is_slight(deviation: &Deviation) -> bool {
    match deviation {
        Deviation::New(effects) => !effects.iter().any(Effect::is_lasting),
        Deviation::Errors => true,
        _ => false,
    }
}

/// What a further run did, as it was seen once.
fn seen(
    declared: &Declared,
    changes: Vec<Change>,
    run: &Arc<Behaviour>,
    control: &ControlRun,
) -> Option<Solved> {
    let given = control.given.changed(&changes);
    let sources: Vec<Source> = changes.iter().filter_map(Source::of).collect();
    let deviations = control.compare(run, &sources);
    let is_jump = control.is_jump(&deviations, &sources) || control.directs(run, &changes);
    let says = control.says(run, &changes);
    let shapes = shapes_in(&deviations, run);
    let lasts = |deviation: &Deviation| matches!(deviation, Deviation::New(all) if all.iter().any(Effect::is_lasting));
    let parts: Vec<Part> =
        changes.iter().filter_map(|change| Some(Part::of(Source::of(change)?, change.clone()))).collect();
    let worst = changes_of(&parts)
        .map(|condition| {
            let (behaviour, shapes) = (run.clone(), shapes.clone());
            let (deviations, changes) = (deviations.clone(), changes.as_slice());
            let hit = Hit { condition: &condition, changes, behaviour, deviations, shapes, is_jump };
            let undeclared: Vec<String> =
                undeclared(control, &hit).iter().map(|missing| given.line(missing)).collect();
            (severity(declared, control, &hit), undeclared)
        })
        .max();
    let (severity, undeclared) = worst.filter(|_| is_jump || deviations.iter().any(lasts))?;
    (severity > Severity::Info).then(|| Solved {
        of: control.run,
        shapes,
        in_calls: locate_all(&deviations, (&**run).into(), (&*control.behaviour).into()),
        parts,
        deviations,
        severity,
        undeclared,
        says,
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
