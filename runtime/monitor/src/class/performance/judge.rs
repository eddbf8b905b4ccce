//! Judges what inputs of many sizes came to.

use std::{collections::BTreeSet, sync::Arc};

use invar_trace::{Behaviour, Effect};
use invar_world::Change;

use crate::{
    Baseline, Declared, Deviation, Estimate, Lab, LabError, Point, Question, Stored,
    class::performance::series::{Series, SizeSeries},
    grouping::{Shape, shapes},
    results::{Costs, Investigation, SizeThreshold},
    scale::Rule,
};

/// Effects that appear with size and are followed up.
const SIZE_THRESHOLDS_MAX: usize = 4;

/// Judges what was measured.
pub(crate) fn judge(
    series: SizeSeries,
    declared: &Declared,
    stored: Option<&Stored>,
    investigation: &mut Investigation,
    lab: &mut dyn Lab,
) -> Result<(), LabError> {
    let Some(series) = series.0 else { return Ok(()) };
    let Series { input, rule, control, mut runs, .. } = series;
    let baseline = Baseline::of(std::slice::from_ref(&control));
    runs.dedup_by_key(|(size, ..)| *size);
    let found = &mut investigation.performance.thresholds;
    let done = thresholds(declared, &runs, &control, &baseline, (&input, rule), (found, lab));
    investigation.tolerate(done)?;
    // Runs that fail say nothing about the cost of work.
    let points: Vec<(u64, Costs)> = runs
        .iter()
        .filter(|(.., run)| run.ending == control.ending)
        .map(|(size, _, run)| (*size, Costs::of(run)))
        .collect();
    let failed = runs.iter().filter(|(.., run)| run.ending != control.ending);
    investigation.performance.failed = failed.map(|(size, _, run)| (*size, run.ending.clone())).collect();
    investigation.performance.tried = runs.len();
    let estimate = |cost: fn(&Costs) -> u64| {
        let points: Vec<Point> =
            points.iter().map(|(size, costs)| Point { size: *size, cost: cost(costs) }).collect();
        Estimate::of(&points)
    };
    investigation.performance.fuel = estimate(|costs| costs.fuel);
    investigation.performance.memory =
        estimate(|costs| costs.memory).filter(|_| is_finer_than_pages(&points));
    investigation.performance.bytes = estimate(|costs| costs.bytes + 1);
    investigation.performance.drifted = stored.map(|stored| drifted(stored, &points)).unwrap_or_default();
    investigation.performance.stored = stored.map(|stored| stored.report.clone());
    investigation.performance.points = points;
    investigation.performance.rule = Some(rule);
    Ok(())
}

/// Memory grows by pages: a class shows in many steps, not from the one or two that a few pages make.
fn is_finer_than_pages(points: &[(u64, Costs)]) -> bool {
    /// Of WebAssembly.
    const PAGE_BYTES: u64 = 64 << 10;
    /// Pages from the least to the most: one page is then less than what a class may be off by.
    const PAGES_MIN: u64 = 16;
    let amounts = || points.iter().map(|(_, costs)| costs.memory);
    let (least, most) = (amounts().min().unwrap_or(0), amounts().max().unwrap_or(0));
    most - least >= PAGES_MIN * PAGE_BYTES
}

/// Sizes in both whose fuel is not the same. The lab is exact: any difference is one.
fn drifted(stored: &Stored, points: &[(u64, Costs)]) -> Vec<(u64, u64, u64)> {
    points
        .iter()
        .filter_map(|(size, costs)| {
            let (_, then) = stored.points.iter().find(|(stored, _)| stored == size)?;
            (*then != costs.fuel).then_some((*size, *then, costs.fuel))
        })
        .collect()
}

/// Effects that appear with a size, and where: by shape, those that are not declared first.
fn thresholds(
    declared: &Declared,
    runs: &[(u64, Change, Arc<Behaviour>)],
    control: &Behaviour,
    baseline: &Baseline,
    (input, rule): (&[u8], Rule),
    (thresholds, lab): (&mut Vec<SizeThreshold>, &mut dyn Lab),
) -> Result<(), LabError> {
    let new = |run: &Behaviour| -> Vec<(Shape, BTreeSet<Effect>)> {
        shapes(&baseline.compare(run), &run.violations)
            .into_iter()
            .filter_map(|(shape, deviation)| match (&shape, deviation) {
                (Shape::New(..), Deviation::New(effects)) => Some((shape, effects)),
                _ => None,
            })
            .collect()
    };
    let mut first: Vec<(Shape, BTreeSet<Effect>, usize)> = Vec::new();
    for (index, (.., run)) in runs.iter().enumerate() {
        for (shape, effects) in new(run) {
            if !first.iter().any(|(known, ..)| *known == shape) {
                first.push((shape, effects, index));
            }
        }
    }
    let is_undeclared = |shape: &Shape| match declared.envelope {
        Some(_) => matches!(shape, Shape::New(_, _, _, true)),
        None => true,
    };
    first.sort_by_key(|(shape, ..)| !is_undeclared(shape));
    let control_size = input.len() as u64;
    for (shape, effects, index) in first.into_iter().take(SIZE_THRESHOLDS_MAX) {
        let shows = |run: &Behaviour| new(run).iter().any(|(found, _)| *found == shape);
        let with = runs[index].0;
        let smaller = runs[..index].last().map(|(size, ..)| *size);
        let without = [smaller, (control_size < with && !shows(control)).then_some(control_size)]
            .into_iter()
            .flatten()
            .max();
        let mut threshold = SizeThreshold {
            effects: effects.iter().map(ToString::to_string).collect(),
            undeclared: is_undeclared(&shape),
            from: without,
            to: with,
            confirmed: false,
            change: runs[index].1.clone(),
        };
        let done = narrow(&mut threshold, &shows, (input, rule), lab);
        // What was seen is reported, whether it could be followed up or not.
        thresholds.push(threshold);
        done?;
    }
    Ok(())
}

/// The size from which on it is done: by halving; sizes step by lines, so that few are left.
fn narrow(
    threshold: &mut SizeThreshold,
    shows: &dyn Fn(&Behaviour) -> bool,
    (input, rule): (&[u8], Rule),
    lab: &mut dyn Lab,
) -> Result<(), LabError> {
    // Inputs that were given are what they are: there is none between two of them.
    while let Some(low) = threshold.from.filter(|low| threshold.to - low > 1 && rule != Rule::Given) {
        let scaled = rule.scale(input, low + (threshold.to - low) / 2);
        let size = scaled.len() as u64;
        if size <= low || size >= threshold.to {
            break;
        }
        let answer = lab.ask(&[Question::changed(1, Change::Stdin(scaled))])?;
        match shows(&answer[0]) {
            true => {
                threshold.to = size;
                threshold.change = Change::Stdin(rule.scale(input, size));
            }
            false => threshold.from = Some(size),
        }
    }
    let again = lab.ask(&[Question::changed(1, threshold.change.clone())])?;
    threshold.confirmed = shows(&again[0]);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::is_finer_than_pages;
    use crate::results::Costs;

    #[test]
    fn a_few_pages_of_memory_are_no_class() {
        let points = |pages: u64| -> Vec<(u64, Costs)> {
            let at = |n: u64| (n, Costs { fuel: 1, memory: (17 + n * pages / 18) << 16, bytes: 0 });
            (1..=18).map(at).collect()
        };
        assert!(!is_finer_than_pages(&points(2)));
        assert!(is_finer_than_pages(&points(200)));
    }
}
