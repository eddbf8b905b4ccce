//! Runs over inputs of many sizes.

use std::{collections::BTreeSet, sync::Arc};

use invar_trace::{Behaviour, CallEnd, CallResult};
use invar_world::Change;

use crate::{
    Class, Declared, Lab, LabError, Question, Row, budget,
    results::Unmeasured,
    scale::{Rule, Scaler, sizes},
};

/// A size that costs more than this is the last: larger ones would take the budget.
const FUEL_OF_A_SIZE_MAX: u64 = 100_000_000;

/// Inputs that are enough to measure over them rather than over one that is scaled.
const GIVEN_SIZES_MIN: usize = 12;

/// Sizes that are measured whatever they cost: as many as a fit needs, and two that may come to the same.
const SIZES_FIRST: usize = 8;

/// Sizes that are asked at once, from the smallest up.
const BATCH_SIZES: usize = 2;

/// Functions of a tool skill that are measured, each by itself; those with a claimed complexity come first. Stops a skill that
/// calls thousands from taking the budget.
pub(crate) const FUNCTIONS_MAX: usize = 8;

/// Arguments of one function that are tried for one that can be made larger: the name of a case cannot.
const ARGUMENTS_MAX: usize = 4;

/// Bytes by which an argument is made larger to try that.
const TRIED_BYTES: u64 = 64;

/// A series over sizes.
pub(super) struct Series {
    /// The function that is measured; none: the whole run.
    pub(super) function: Option<String>,
    pub(super) scaler: Scaler,
    /// The run that it is compared with.
    pub(super) control: Arc<Behaviour>,
    /// From the smallest up.
    inputs: Vec<(u64, Vec<u8>)>,
    pub(super) runs: Vec<(u64, Change, Arc<Behaviour>)>,
    /// A size cost so much that no larger one is asked.
    is_costly: bool,
}

/// What one input of each size came to, as far as it was asked.
#[derive(Default)]
pub(crate) struct SizeSeries {
    pub(super) series: Vec<Series>,
    pub(super) unmeasured: Vec<Unmeasured>,
}

/// Questions that are guaranteed: the first sizes of the input, or of each function that is called.
pub(crate) fn minimum(rows: &[Row]) -> u32 {
    let functions = rows.first().map_or(0, |row| called(&row.tool_calls).len().min(FUNCTIONS_MAX));
    let more = match functions {
        0 => 0,
        functions => (functions - 1) * SIZES_FIRST + functions * ARGUMENTS_MAX,
    };
    budget::minimum(Class::Performance).saturating_add(u32::try_from(more).unwrap_or(u32::MAX))
}

/// The functions that are called, in order.
fn called(calls: &[CallEnd]) -> Vec<&str> {
    let mut known = BTreeSet::new();
    calls.iter().map(|call| call.function.as_str()).filter(|function| known.insert(*function)).collect()
}

/// The first of some arguments of a function that can be larger: its calls end as they do else. The first, if none can.
fn first_accepted(
    scalers: &[Scaler],
    control: &Behaviour,
    function: &str,
    lab: &mut dyn Lab,
) -> Result<usize, LabError> {
    if scalers.len() == 1 {
        return Ok(0);
    }
    let larger =
        |scaler: &Scaler| Question::changed(1, Change::Stdin(scaler.scale(scaler.size() + TRIED_BYTES)));
    let answers = lab.ask(&scalers.iter().map(larger).collect::<Vec<_>>())?;
    Ok(answers.iter().position(|run| ends_alike(run, control, Some(function))).unwrap_or(0))
}

/// Whether a run ends as the control run does; of a function that is measured, whether its calls do.
pub(super) fn ends_alike(run: &Behaviour, control: &Behaviour, function: Option<&str>) -> bool {
    let Some(function) = function else { return run.ending == control.ending };
    let results = |run: &Behaviour| -> Vec<CallResult> {
        let calls = run.tool_calls.iter().filter(|call| call.function == function);
        calls.map(|call| call.result).collect()
    };
    let of_run = results(run);
    of_run.iter().all(|result| result.is_answer()) && of_run == results(control)
}

impl SizeSeries {
    /// Measures as many sizes as a fit needs, from the smallest up, whatever they cost.
    pub(crate) fn begin(&mut self, declared: &Declared, lab: &mut dyn Lab) -> Result<(), LabError> {
        let input = lab.input();
        if input.is_empty() {
            return Ok(());
        }
        let control = lab.ask(&[Question::again(1)])?.remove(0);
        let others = lab.other_inputs();
        let is_given = others.len() + 1 >= GIVEN_SIZES_MIN;
        if control.tool_calls.is_empty() || is_given {
            let rule = if is_given { Some(Rule::Given) } else { Rule::of(&input) };
            let Some(rule) = rule else { return Ok(()) };
            let scaler = Scaler { input, rule };
            let series = match is_given {
                true => Series::over(None, scaler, control, others),
                false => Series::of(None, scaler, control),
            };
            self.series.push(series);
        } else {
            self.add_functions(declared, &input, &control, lab)?;
        }
        self.series.iter_mut().try_for_each(|series| series.ask(SIZES_FIRST, lab))
    }

    /// A series for each function that is called.
    fn add_functions(
        &mut self,
        declared: &Declared,
        input: &Arc<[u8]>,
        control: &Arc<Behaviour>,
        lab: &mut dyn Lab,
    ) -> Result<(), LabError> {
        let mut ended = Ok(());
        let subjects: Vec<&str> = control.effects.iter().map(|effect| effect.subject.as_str()).collect();
        let mut functions = called(&control.tool_calls);
        functions.sort_by_key(|function| declared.claims_of(function).complexity.is_none());
        for function in functions {
            let is_of_it = |number: usize| {
                let call = number.checked_sub(1).and_then(|index| control.tool_calls.get(index));
                call.is_some_and(|call| call.function == function)
            };
            let mut scalers: Vec<Scaler> = Rule::of_calls(input, &subjects, is_of_it)
                .into_iter()
                .take(ARGUMENTS_MAX)
                .map(|rule| Scaler { input: input.clone(), rule })
                .collect();
            let why = match scalers.len() {
                _ if self.series.len() >= FUNCTIONS_MAX => Some(Unmeasured::TOO_MANY),
                0 => Some(Unmeasured::NO_ARGUMENT),
                _ => None,
            };
            if let Some(why) = why {
                self.unmeasured.push(Unmeasured { function: function.to_owned(), why });
                continue;
            }
            let at = match &ended {
                Ok(()) => first_accepted(&scalers, control, function, lab),
                Err(_) => Ok(0),
            };
            let scaler = scalers.swap_remove(*at.as_ref().unwrap_or(&0));
            self.series.push(Series::of(Some(function.to_owned()), scaler, control.clone()));
            // The other functions are named, whether there is budget for them or not.
            ended = ended.and(at.map(drop));
        }
        ended
    }

    /// Measures the rest.
    pub(crate) fn ask_rest(&mut self, lab: &mut dyn Lab) -> Result<(), LabError> {
        self.series.iter_mut().try_for_each(|series| series.ask(usize::MAX, lab))
    }
}

impl Series {
    /// Over one input, scaled.
    fn of(function: Option<String>, scaler: Scaler, control: Arc<Behaviour>) -> Self {
        let inputs = sizes().into_iter().map(|size| scaler.scale(size)).collect();
        Self::new(function, scaler, control, inputs)
    }

    /// Over inputs that were given.
    fn over(
        function: Option<String>,
        scaler: Scaler,
        control: Arc<Behaviour>,
        others: Vec<Arc<[u8]>>,
    ) -> Self {
        let inputs = others.iter().chain([&scaler.input]).map(|input| input.to_vec()).collect();
        Self::new(function, scaler, control, inputs)
    }

    fn new(function: Option<String>, scaler: Scaler, control: Arc<Behaviour>, inputs: Vec<Vec<u8>>) -> Self {
        let mut inputs: Vec<(u64, Vec<u8>)> =
            inputs.into_iter().map(|input| (scaler.size_of(&input), input)).collect();
        inputs.sort_by_key(|(size, _)| *size);
        Self { function, scaler, control, inputs, runs: Vec::new(), is_costly: false }
    }

    /// Asks sizes until there are so many; past the first ones, until one costs much.
    fn ask(&mut self, sizes: usize, lab: &mut dyn Lab) -> Result<(), LabError> {
        while self.runs.len() < self.inputs.len().min(sizes) && !self.is_costly {
            let at = self.runs.len();
            let batch = &self.inputs[at..self.inputs.len().min(at + BATCH_SIZES)];
            let changes: Vec<Change> = batch.iter().map(|(_, input)| Change::Stdin(input.clone())).collect();
            let questions: Vec<Question> =
                changes.iter().map(|change| Question::changed(1, change.clone())).collect();
            let answers = lab.ask(&questions)?;
            let sizes = batch.iter().map(|(size, _)| *size);
            self.runs
                .extend(sizes.zip(changes).zip(answers).map(|((size, change), run)| (size, change, run)));
            let costs_much = |(.., run): &(_, _, Arc<Behaviour>)| run.resources.fuel > FUEL_OF_A_SIZE_MAX;
            self.is_costly = self.runs.len() >= SIZES_FIRST && self.runs.last().is_some_and(costs_much);
        }
        Ok(())
    }
}
