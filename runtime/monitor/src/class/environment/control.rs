//! Control runs, and runs that differ from them under a condition.

use std::{collections::BTreeMap, sync::Arc};

use invar_envelope::MissingPermission;
use invar_trace::{Behaviour, EffectKind, Ending};
use invar_world::Change;

use crate::{
    Baseline, Cost, Declared, Deviation, Lab, LabError, Question, Row,
    condition::Condition,
    directions::{self, Concern},
    grouping::{Shape, is_only_names, shapes},
    named::Given,
    output_model::{OutputModel, Values},
    results::OutputVariation,
    source::Source,
    tool_calls::{InCalls, locate_all},
};

/// A run that runs under conditions are compared with.
#[derive(Clone)]
pub(crate) struct ControlRun {
    pub(super) run: u32,
    pub(super) behaviour: Arc<Behaviour>,
    pub(super) baseline: Baseline,
    pub(super) given: Given,
    /// What its output looks like whatever the value of a source, for those that may move it.
    pub(super) moving: BTreeMap<Source, OutputModel>,
}

impl ControlRun {
    /// How a run differs in which these sources have other values: what is known to move its output with one of them is no
    /// difference.
    pub(super) fn compare<'s>(
        &self,
        run: &Behaviour,
        sources: impl IntoIterator<Item = &'s Source>,
    ) -> Vec<Deviation> {
        self.without_what_moves(self.without_what_is_cut(run), run, sources)
    }

    /// How a run differs. What it does not come to for want of fuel, it may come to with as much as the skill has: it is
    /// given less here.
    fn without_what_is_cut(&self, run: &Behaviour) -> Vec<Deviation> {
        let mut all = self.baseline.compare(run);
        let is_cut = matches!(&run.ending, Ending::Limit(name) if name == "fuel");
        if is_cut && all.contains(&Deviation::Cost(Cost::Fuel)) {
            all.retain(|deviation| {
                matches!(deviation, Deviation::New(_) | Deviation::Cost(_) | Deviation::Growth(_))
            });
        }
        all
    }

    /// The same of what differs from another baseline.
    pub(super) fn without_what_moves<'s>(
        &self,
        mut deviations: Vec<Deviation>,
        run: &Behaviour,
        sources: impl IntoIterator<Item = &'s Source>,
    ) -> Vec<Deviation> {
        let mut models = sources.into_iter().filter_map(|source| self.moving.get(source));
        if models.any(|model| model.fits(&run.text)) {
            deviations.retain(|deviation| *deviation != Deviation::Output);
        }
        deviations
    }

    /// The shapes in which a run differs in which these sources have other values.
    pub(super) fn shapes_of<'s>(
        &self,
        run: &Behaviour,
        sources: impl IntoIterator<Item = &'s Source>,
    ) -> Vec<Shape> {
        shapes_in(&self.compare(run, sources), run)
    }

    /// Whether its output jumps: each of these sources may move it, and it differs in more than what moves with them.
    pub(super) fn is_jump<'s>(
        &self,
        deviations: &[Deviation],
        sources: impl IntoIterator<Item = &'s Source>,
    ) -> bool {
        let mut sources = sources.into_iter().peekable();
        deviations.contains(&Deviation::Output)
            && sources.peek().is_some()
            && sources.all(|source| self.moving.contains_key(source))
    }

    /// Text in a run's output that is of concern by itself, in words: the control run does not say it, and what was changed
    /// does not hold it.
    pub(super) fn says(&self, run: &Behaviour, changes: &[Change]) -> Option<String> {
        directions::words(&self.concerns(run, changes))
    }

    /// Whether a run says what reads like directions to an agent.
    pub(super) fn directs(&self, run: &Behaviour, changes: &[Change]) -> bool {
        self.concerns(run, changes).iter().any(|(concern, _)| *concern == Concern::Directions)
    }

    fn concerns(&self, run: &Behaviour, changes: &[Change]) -> Vec<(Concern, String)> {
        let is_given = |change: &Change| {
            matches!(
                change,
                Change::Stdin(_)
                    | Change::Arg { .. }
                    | Change::Field { .. }
                    | Change::Answered { .. }
                    | Change::Requested { .. }
            )
        };
        match run.stdout == self.behaviour.stdout || changes.iter().any(is_given) {
            true => Vec::new(),
            false => directions::new_concerns(&run.text, &self.behaviour.text),
        }
    }

    /// Learns what moves the output: the clock and the seed, where either was found to or is expected to.
    pub(super) fn learn(
        &mut self,
        declared: &Declared,
        known: &OutputVariation,
        lab: &mut dyn Lab,
    ) -> Result<(), LabError> {
        let start = lab.started(self.run);
        let clocks = || MOMENTS.iter().map(|s| Change::Clock(start.after(s * NS_PER_S))).collect();
        let seeds = || (0..SEEDS).map(|more| Change::Random(SEED + more)).collect();
        let all: [(Source, EffectKind, Vec<Change>, Values); 2] = [
            (Source::Clock, EffectKind::ClockWall, clocks(), Values::Ordered),
            (Source::Random, EffectKind::Random, seeds(), Values::Unordered),
        ];
        for (source, kind, changes, values) in all {
            let reads = self.behaviour.effects.iter().any(|effect| effect.kind == kind);
            if !reads || !(known.sources.contains(&source) || declared.is_expected(&source)) {
                continue;
            }
            let questions: Vec<Question> =
                changes.into_iter().map(|change| Question::changed(self.run, change)).collect();
            let runs = lab.ask(&questions)?;
            let outputs = std::iter::once(&self.behaviour).chain(&runs).map(|run| run.text.as_slice());
            let model = OutputModel::of(outputs, values);
            // Where nothing moved, what is claimed to vary is what is still to come: a banner in the last days of a year.
            if model.is_regular() {
                self.moving.insert(source, model);
            }
        }
        Ok(())
    }
}

const NS_PER_S: u64 = 1_000_000_000;

/// Seconds after the start at which an output that may move with the clock is looked at, in order: all that a date can say
/// changes more than once between them, and comes back where it can.
const MOMENTS: [u64; 34] = [
    1,
    61,
    427,
    3_661,
    10_873,
    18_031,
    25_262,
    32_411,
    39_674,
    46_817,
    54_043,
    61_286,
    68_451,
    75_702,
    83_017,
    94_031,
    172_863,
    262_914,
    349_067,
    451_291,
    520_313,
    691_415,
    1_123_529,
    2_074_031,
    3_458_137,
    6_139_207,
    8_645_311,
    11_669_519,
    14_083_607,
    17_283_121,
    20_739_223,
    25_061_327,
    43_207_441,
    103_681_553,
];

/// Seeds with which an output that may move with them is looked at, and the first of them.
const SEEDS: u64 = 12;
const SEED: u64 = 0x1ea4_0000;

/// A condition under which a run deviates from its control run.
#[derive(Clone)]
pub(super) struct Hit<'a> {
    pub(super) condition: &'a Condition,
    /// Everything that was changed for it.
    pub(super) changes: &'a [Change],
    pub(super) behaviour: Arc<Behaviour>,
    pub(super) deviations: Vec<Deviation>,
    pub(super) shapes: Vec<Shape>,
    /// The output differs in more than what moves with the source: that it may move excuses nothing.
    pub(super) is_jump: bool,
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
        moving: BTreeMap::new(),
    });
    Ok(controls.collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use invar_trace::Ending;

    use super::ControlRun;
    use crate::{Baseline, Cost, Deviation, fake_lab::FakeRun, named::Given};

    #[test]
    fn a_run_that_lacks_fuel_differs_by_what_it_took() {
        let behaviour = FakeRun::default().behaviour();
        let baseline = Baseline::of(std::slice::from_ref(&behaviour));
        let control =
            ControlRun { run: 1, behaviour, baseline, given: Given::default(), moving: BTreeMap::new() };
        let burning = |ending| FakeRun { output: String::new(), ending, ..FakeRun::costing(9_000_000) };
        let cut = burning(Ending::Limit("fuel".into())).behaviour();
        assert_eq!(control.compare(&cut, []), [Deviation::Cost(Cost::Fuel)]);
        let ended = burning(Ending::Exited(1)).behaviour();
        assert_eq!(control.compare(&ended, []).len(), 3, "output, end and fuel");
    }
}
