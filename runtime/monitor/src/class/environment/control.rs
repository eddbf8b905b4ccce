//! Control runs, and runs that differ from them under a condition.

use std::sync::Arc;

use invar_envelope::MissingPermission;
use invar_trace::{Behaviour, Ending};
use invar_world::Change;

use crate::{
    Baseline, Cost, Deviation, Lab, LabError, Question, Row,
    condition::Condition,
    grouping::{Shape, is_only_names, shapes},
    named::Given,
    tool_calls::{InCalls, locate_all},
};

/// A run that runs under conditions are compared with.
pub(crate) struct ControlRun {
    pub(super) run: u32,
    pub(super) behaviour: Arc<Behaviour>,
    pub(super) baseline: Baseline,
    pub(super) given: Given,
}

impl ControlRun {
    /// How a run differs from it. What a run does not come to for want of fuel, it may come to with as much as the skill
    /// has: it is given less here.
    pub(super) fn compare(&self, run: &Behaviour) -> Vec<Deviation> {
        let mut all = self.baseline.compare(run);
        let is_cut = matches!(&run.ending, Ending::Limit(name) if name == "fuel");
        if is_cut && all.contains(&Deviation::Cost(Cost::Fuel)) {
            all.retain(|deviation| {
                matches!(deviation, Deviation::New(_) | Deviation::Cost(_) | Deviation::Growth(_))
            });
        }
        all
    }
}

/// A condition under which a run deviates from its control run.
#[derive(Clone)]
pub(super) struct Hit<'a> {
    pub(super) condition: &'a Condition,
    /// Everything that was changed for it.
    pub(super) changes: &'a [Change],
    pub(super) behaviour: Arc<Behaviour>,
    pub(super) deviations: Vec<Deviation>,
    pub(super) shapes: Vec<Shape>,
}

impl Hit<'_> {
    /// The calls of a tool skill in which it does otherwise than the control run, where that can be told.
    pub(super) fn in_calls(&self, control: &ControlRun) -> InCalls {
        locate_all(&self.deviations, (&*self.behaviour).into(), (&*control.behaviour).into())
    }
}

/// What is done under a condition, and not without it, that is not declared.
pub(super) fn undeclared<'h>(control: &ControlRun, hit: &'h Hit<'_>) -> Vec<&'h MissingPermission> {
    let is_new = |missing: &&MissingPermission| !control.behaviour.violations.contains_key(*missing);
    hit.behaviour.violations.keys().filter(is_new).collect()
}

/// The shapes in which a run differs from a baseline.
pub(super) fn shapes_of(baseline: &Baseline, run: &Behaviour) -> Vec<Shape> {
    shapes_in(&baseline.compare(run), run)
}

pub(super) fn shapes_in(deviations: &[Deviation], run: &Behaviour) -> Vec<Shape> {
    shapes(deviations, &run.violations).into_iter().map(|(shape, _)| shape).collect()
}

/// The last run like run 1, if it has what earlier runs left and is kept; and run 1.
pub(crate) fn bases(rows: &[Row], lab: &dyn Lab) -> Vec<u32> {
    // The last that is like the first, but for names that are made up; where none is, the last that is kept.
    let is_kept = |row: &&Row| lab.has(row.run);
    let is_usual =
        |row: &&Row| is_only_names(&row.deviations, &row.run_effects.violations) && lab.has(row.run);
    let warm =
        rows.iter().rev().find(is_usual).or_else(|| rows.iter().rev().find(is_kept)).map(|row| row.run);
    let warm = warm.filter(|warm| *warm > 1 && !lab.changed(1, *warm).is_empty());
    warm.into_iter().chain([1]).collect()
}

/// The same runs, made again.
pub(super) fn controls(rows: &[Row], lab: &mut dyn Lab) -> Result<Vec<ControlRun>, LabError> {
    let bases = bases(rows, lab);
    let questions: Vec<Question> = bases.iter().map(|run| Question::again(*run)).collect();
    let answers = lab.ask(&questions)?;
    let given = Given::of(lab);
    let controls = bases.iter().zip(answers).map(|(run, behaviour)| ControlRun {
        run: *run,
        baseline: Baseline::of(std::slice::from_ref(&behaviour)),
        behaviour,
        given: given.clone(),
    });
    Ok(controls.collect())
}

#[cfg(test)]
mod tests {
    use invar_trace::Ending;

    use super::ControlRun;
    use crate::{Baseline, Cost, Deviation, fake_lab::FakeRun, named::Given};

    #[test]
    fn a_run_that_lacks_fuel_differs_by_what_it_took() {
        let behaviour = FakeRun::default().behaviour();
        let baseline = Baseline::of(std::slice::from_ref(&behaviour));
        let control = ControlRun { run: 1, behaviour, baseline, given: Given::default() };
        let burning = |ending| FakeRun { output: String::new(), ending, ..FakeRun::costing(9_000_000) };
        let cut = burning(Ending::Limit("fuel".into())).behaviour();
        assert_eq!(control.compare(&cut), [Deviation::Cost(Cost::Fuel)]);
        let ended = burning(Ending::Exited(1)).behaviour();
        assert_eq!(control.compare(&ended).len(), 3, "output, end and fuel");
    }
}
