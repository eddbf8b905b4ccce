//! Runs over inputs of many sizes.

use std::sync::Arc;

use invar_trace::Behaviour;
use invar_world::{Change, fields};

use crate::{
    Lab, LabError, Question,
    scale::{Rule, sizes},
};

/// A size that costs more than this is the last: larger ones would take the budget.
const FUEL_OF_A_SIZE_MAX: u64 = 100_000_000;

/// Inputs that are enough to measure over them rather than over one that is scaled.
const GIVEN_SIZES_MIN: usize = 12;

/// Sizes that are measured whatever they cost: as many as a fit needs, and two that may come to the same.
const SIZES_FIRST: usize = 8;

/// Sizes that are asked at once, from the smallest up.
const BATCH_SIZES: usize = 2;

/// A series over sizes.
pub(super) struct Series {
    pub(super) input: Arc<[u8]>,
    pub(super) rule: Rule,
    /// The run that it is compared with.
    pub(super) control: Arc<Behaviour>,
    /// From the smallest up.
    inputs: Vec<Vec<u8>>,
    pub(super) runs: Vec<(u64, Change, Arc<Behaviour>)>,
    /// A size cost so much that no larger one is asked.
    is_costly: bool,
}

/// What one input of each size came to, as far as it was asked.
#[derive(Default)]
pub(crate) struct SizeSeries(pub(super) Option<Series>);

impl SizeSeries {
    /// Measures as many sizes as a fit needs, from the smallest up, whatever they cost.
    pub(crate) fn begin(&mut self, lab: &mut dyn Lab) -> Result<(), LabError> {
        let input = lab.input();
        if input.is_empty() {
            return Ok(());
        }
        let control = lab.ask(&[Question::again(1)])?.remove(0);
        let subjects: Vec<&str> = control.effects.iter().map(|effect| effect.subject.as_str()).collect();
        let rule = match fields(&input).is_empty() {
            true => Rule::of(&input),
            false => Rule::of_calls(&input, &subjects),
        };
        let Some(rule) = rule else { return Ok(()) };
        let others = lab.other_inputs();
        let (rule, mut inputs) = match others.len() + 1 >= GIVEN_SIZES_MIN {
            true => {
                (Rule::Given, others.iter().chain([&input]).map(|input| input.to_vec()).collect::<Vec<_>>())
            }
            false => (rule, sizes().into_iter().map(|size| rule.scale(&input, size)).collect()),
        };
        inputs.sort_by_key(Vec::len);
        let series = Series { input, rule, control, inputs, runs: Vec::new(), is_costly: false };
        self.0.insert(series).ask(SIZES_FIRST, lab)
    }

    /// Measures the rest.
    pub(crate) fn ask_rest(&mut self, lab: &mut dyn Lab) -> Result<(), LabError> {
        match &mut self.0 {
            Some(series) => series.ask(usize::MAX, lab),
            None => Ok(()),
        }
    }
}

impl Series {
    /// Asks sizes until there are so many; past the first ones, until one costs much.
    fn ask(&mut self, sizes: usize, lab: &mut dyn Lab) -> Result<(), LabError> {
        while self.runs.len() < self.inputs.len().min(sizes) && !self.is_costly {
            let at = self.runs.len();
            let batch = &self.inputs[at..self.inputs.len().min(at + BATCH_SIZES)];
            let changes: Vec<Change> = batch.iter().map(|input| Change::Stdin(input.clone())).collect();
            let questions: Vec<Question> =
                changes.iter().map(|change| Question::changed(1, change.clone())).collect();
            let answers = lab.ask(&questions)?;
            let sizes = batch.iter().map(|input| input.len() as u64);
            self.runs
                .extend(sizes.zip(changes).zip(answers).map(|((size, change), run)| (size, change, run)));
            let costs_much = |(.., run): &(_, _, Arc<Behaviour>)| run.resources.fuel > FUEL_OF_A_SIZE_MAX;
            self.is_costly = self.runs.len() >= SIZES_FIRST && self.runs.last().is_some_and(costs_much);
        }
        Ok(())
    }
}
