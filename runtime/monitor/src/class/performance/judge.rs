//! Judges what inputs of many sizes came to.

use std::{collections::BTreeSet, sync::Arc};

use invar_trace::{Behaviour, Effect};
use invar_world::Change;

use crate::{
    Baseline, Declared, Deviation, Estimate, Lab, LabError, Point, Question, Stored,
    class::performance::series::{Series, SizeSeries, ends_alike},
    grouping::{Shape, shapes},
    results::{Costs, Investigation, Measurements, SizeThreshold},
    scale::{Rule, Scaler},
    tool_calls::locate,
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
    investigation.performance.unmeasured.extend(series.unmeasured);
    for series in series.series {
        let (measured, done) = measure(series, declared, stored, lab);
        investigation.performance.series.push(measured);
        investigation.tolerate(done)?;
    }
    Ok(())
}

/// What one series came to. What was measured counts, whether all that it shows could be followed up or not.
fn measure(
    series: Series,
    declared: &Declared,
    stored: Option<&Stored>,
    lab: &mut dyn Lab,
) -> (Measurements, Result<(), LabError>) {
    let Series { function, scaler, control, mut runs, .. } = series;
    let function = function.as_deref();
    let baseline = Baseline::of(std::slice::from_ref(&control));
    runs.dedup_by_key(|(size, ..)| *size);
    let mut found = Vec::new();
    let done = thresholds(declared, &runs, &control, &baseline, &scaler, (&mut found, lab));
    // Runs that fail say nothing about the cost of work.
    let points: Vec<(u64, Costs)> = runs
        .iter()
        .filter(|(.., run)| ends_alike(run, &control, function))
        .map(|(size, _, run)| (*size, Costs::of(run, function)))
        .collect();
    let failed = runs.iter().filter(|(.., run)| !ends_alike(run, &control, function));
    let estimate = |cost: fn(&Costs) -> u64| {
        let points: Vec<Point> =
            points.iter().map(|(size, costs)| Point { size: *size, cost: cost(costs) }).collect();
        Estimate::of(&points)
    };
    let then = stored.map(|stored| stored.points_of(function)).unwrap_or_default();
    let measured = Measurements {
        function: function.map(str::to_owned),
        rule: Some(scaler.rule),
        fuel: estimate(|costs| costs.fuel),
        memory: estimate(|costs| costs.memory).filter(|_| is_finer_than_pages(&points)),
        bytes: estimate(|costs| costs.bytes + 1),
        stored: stored.filter(|_| !then.is_empty()).map(|stored| stored.report.clone()),
        drifted: drifted(then, &points),
        thresholds: found,
        failed: failed.map(|(size, _, run)| (*size, run.ending.clone())).collect(),
        tried: runs.len(),
        points,
    };
    (measured, done)
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
fn drifted(stored: &[(u64, u64)], points: &[(u64, Costs)]) -> Vec<(u64, u64, u64)> {
    points
        .iter()
        .filter_map(|(size, costs)| {
            let (_, then) = stored.iter().find(|(stored, _)| stored == size)?;
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
    scaler: &Scaler,
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
    let control_size = scaler.size();
    for (shape, effects, index) in first.into_iter().take(SIZE_THRESHOLDS_MAX) {
        let shows = |run: &Behaviour| new(run).iter().any(|(found, _)| *found == shape);
        let with = runs[index].0;
        let smaller = runs[..index].last().map(|(size, ..)| *size);
        let without = [smaller, (control_size < with && !shows(control)).then_some(control_size)]
            .into_iter()
            .flatten()
            .max();
        let run = &runs[index].2;
        let mut threshold = SizeThreshold {
            in_calls: locate(&Deviation::New(effects.clone()), (&**run).into(), &[control.into()]),
            effects: effects.iter().map(ToString::to_string).collect(),
            undeclared: is_undeclared(&shape),
            from: without,
            to: with,
            confirmed: false,
            change: runs[index].1.clone(),
        };
        let done = narrow(&mut threshold, &shows, scaler, lab);
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
    scaler: &Scaler,
    lab: &mut dyn Lab,
) -> Result<(), LabError> {
    // Inputs that were given are what they are: there is none between two of them.
    while let Some(low) = threshold.from.filter(|low| threshold.to - low > 1 && scaler.rule != Rule::Given) {
        let scaled = scaler.scale(low + (threshold.to - low) / 2);
        let size = scaler.size_of(&scaled);
        if size <= low || size >= threshold.to {
            break;
        }
        let change = Change::Stdin(scaled);
        let answer = lab.ask(&[Question::changed(1, change.clone())])?;
        match shows(&answer[0]) {
            true => {
                threshold.to = size;
                threshold.change = change;
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
