//! Resource usage: the same input costs the same, and costs stay where they were.

use super::{
    Execution,
    case::{Case, executions as counted, numbers},
    exact::{Groups, named},
};
use crate::{
    Class, Cost, Deviation, Finding, Section, Severity,
    statistics::{
        drift::{self, Drift, REFERENCE_MIN},
        real,
    },
    text,
};

/// A cost this many times that of most with the same input is a deviation.
const COST_RATIO: u64 = 3;
/// What moved less than this is told, and is nothing to look at.
const MOVED_MIN: f64 = 0.01;
/// Costs that are followed over time.
const FOLLOWED: [Cost; 2] = [Cost::Fuel, Cost::Memory];

/// How much of a cost an execution took, if the log says.
fn amount(execution: &Execution, cost: Cost) -> Option<u64> {
    match cost {
        Cost::Fuel => execution.costs.fuel,
        Cost::Memory => execution.costs.memory_peak_bytes,
        Cost::Sent => execution.costs.network_sent,
        Cost::Written => execution.costs.file_written,
    }
}

/// What is usual among executions; the middle one of those that say.
fn median(executions: &[&Execution], members: &[usize], cost: Cost) -> Option<u64> {
    let mut all: Vec<u64> = members.iter().filter_map(|index| amount(executions[*index], cost)).collect();
    all.sort_unstable();
    all.get(all.len().saturating_sub(1) / 2).copied()
}

/// Marks the executions that cost more than three times what most of their group do.
pub(super) fn mark(groups: &Groups, executions: &[&Execution], deviations: &mut [Vec<Deviation>]) {
    for group in groups {
        for cost in Cost::ALL {
            let Some(usual) = median(executions, &group.members, cost) else { continue };
            for index in &group.members {
                let Some(own) = amount(executions[*index], cost) else { continue };
                if own > usual.saturating_mul(COST_RATIO) && own - usual > cost.floor() {
                    deviations[*index].push(Deviation::Cost(cost));
                }
            }
        }
    }
}

pub(super) fn section(case: &Case<'_>) -> Section {
    let mut findings: Vec<Finding> = Cost::ALL.into_iter().filter_map(|cost| exceeding(case, cost)).collect();
    let mut notes = Vec::new();
    let mut followed = 0;
    let units: Vec<Vec<(Cost, Vec<usize>)>> = case.units.iter().map(|unit| known(case, unit)).collect();
    let is_followed = |(_, all): &&(Cost, Vec<usize>)| drift::reference(all.len()).is_some();
    let shares = units.iter().flatten().filter(is_followed).count();
    for unit in &units {
        let (own, note) = moved(case, unit, shares);
        findings.extend(own);
        followed += usize::from(note.is_none());
        notes.extend(note);
    }
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let says = |cost| case.executions.iter().any(|own| amount(own, cost).is_some());
    if !FOLLOWED.into_iter().any(says) {
        return Section::not_checked("the log says neither fuel nor memory".into());
    }
    let drift = match (followed, notes.first()) {
        (0, Some(note)) => format!("drift not checked: {note}"),
        _ => format!(
            "no drift; false alarm in at most 1 of {} logs of this length if executions are exchangeable",
            text::count(1_000)
        ),
    };
    match findings.first() {
        Some(first) => Section::of(first.what.clone(), findings),
        None if case.groups.is_empty() && followed == 0 => {
            Section::not_checked(format!("no two executions had the same input; {drift}"))
        }
        None => {
            let compared: usize = case.groups.iter().map(|group| group.members.len()).sum();
            let same = match compared {
                0 => "no two executions had the same input".to_owned(),
                number => format!("{} within {COST_RATIO} times the usual of their input", counted(number)),
            };
            Section::of(format!("{same}; {drift}"), findings)
        }
    }
}

/// More than three times the usual of the same input.
fn exceeding(case: &Case<'_>, cost: Cost) -> Option<Finding> {
    let shows = |index: &usize| case.deviations[*index].contains(&Deviation::Cost(cost));
    let all: Vec<usize> = (0..case.executions.len()).filter(shows).collect();
    let first = all.first()?;
    let group = case.groups.iter().find(|group| group.members.contains(first))?;
    let usual = median(&case.executions, &group.members, cost)?;
    let most = all.iter().filter_map(|index| amount(case.executions[*index], cost)).max()?;
    // The first of a unit fill what later ones use.
    let is_first = case.is_first();
    let severity = match all.iter().all(|index| is_first[*index]) {
        true => Severity::Minor,
        false => Severity::Major,
    };
    let runs = numbers(all);
    Some(Finding {
        class: Class::ResourceUsage,
        severity,
        what: format!(
            "{} with up to {} {}, where {} is usual",
            named(&runs),
            cost.show(most),
            cost.as_str(),
            cost.show(usual)
        ),
        runs,
        expected: format!("within {COST_RATIO} times {} on the same input", cost.show(usual)),
        observed: cost.show(most),
        cause: "not known".into(),
        owasp_ast: "AST01",
    })
}

/// Executions of a unit that say how much of each cost they took.
fn known(case: &Case<'_>, unit: &[usize]) -> Vec<(Cost, Vec<usize>)> {
    let of = |cost: Cost| {
        let says = |index: &&usize| amount(case.executions[**index], cost).is_some_and(|own| own > 0);
        (cost, unit.iter().filter(says).copied().collect())
    };
    FOLLOWED.into_iter().map(of).collect()
}

/// Costs of one unit that have moved; or why that cannot be said. `shares` is the number of costs of all units
/// that are followed: they share the chance of a false alarm.
fn moved(case: &Case<'_>, costs: &[(Cost, Vec<usize>)], shares: usize) -> (Vec<Finding>, Option<String>) {
    let most = costs.iter().map(|(_, all)| all.len()).max().unwrap_or(0);
    match drift::reference(most) {
        None => (Vec::new(), Some(format!("needs {REFERENCE_MIN} executions and more, has {most}"))),
        Some(_) => (costs.iter().filter_map(|(cost, all)| follow(case, all, *cost, shares)).collect(), None),
    }
}

fn follow(case: &Case<'_>, all: &[usize], cost: Cost, metrics: usize) -> Option<Finding> {
    let reference = drift::reference(all.len())?;
    let executions: Vec<&Execution> = all.iter().map(|index| case.executions[*index]).collect();
    let Adjusted { costs, kept, reference, by_size } = adjust(&executions, reference, cost);
    let Drift { alarm, since } = drift::find(&costs, reference, metrics)?;
    // How far it has moved, from when it began to the end.
    let ratio = (middle(&costs[since.min(alarm)..]) - middle(&costs[..reference])).exp();
    let (began, sure) = (all[kept[since.min(alarm)]], all[kept[alarm]]);
    let severity = match (ratio - 1.0).abs() {
        moved if moved < MOVED_MIN => Severity::Info,
        _ if ratio > real(usize::try_from(COST_RATIO).unwrap_or(usize::MAX)) => Severity::Major,
        _ => Severity::Minor,
    };
    let change = (ratio - 1.0) * 100.0;
    let of_size = if by_size { " for the size of the input" } else { "" };
    let runs = numbers([began, sure]);
    Some(Finding {
        class: Class::ResourceUsage,
        severity,
        what: format!("{change:+.1} % {}{of_size} since execution {} or near it", cost.as_str(), runs[0]),
        observed: format!("{change:+.1} %, sure at execution {}", runs[1]),
        runs: if runs[0] == runs[1] { vec![runs[0]] } else { runs },
        expected: format!(
            "as in the first {reference} executions; a false alarm comes in at most 1 of {} logs of this length if executions are exchangeable",
            text::count(1_000)
        ),
        cause: "not known: other inputs, what has piled up, or what it does".into(),
        owasp_ast: "AST01",
    })
}

/// Logarithms of a cost, without what the size of the input explains.
struct Adjusted {
    costs: Vec<f64>,
    /// Which executions they are of.
    kept: Vec<usize>,
    /// How many of them are the reference.
    reference: usize,
    by_size: bool,
}

/// Costs with the growth by size taken out: ln cost − (a + b ln size), the line fitted by least squares to the
/// first half of the reference, which then serves for nothing else. Sizes outside what the reference has are left
/// out: nothing is known of them. Where sizes are equal or not known, ln cost.
fn adjust(executions: &[&Execution], reference: usize, cost: Cost) -> Adjusted {
    #[allow(clippy::cast_precision_loss, reason = "digits beyond 2^53 do not show in a logarithm")]
    let ln = |number: u64| (number.max(1) as f64).ln();
    let costs: Vec<f64> = executions.iter().map(|own| ln(amount(own, cost).unwrap_or(1))).collect();
    let sizes: Option<Vec<u64>> = executions.iter().map(|own| own.input_bytes).collect();
    let bounds = sizes.as_ref().and_then(|sizes| {
        let known = sizes.get(..reference)?;
        Some((known.iter().min().copied()?, known.iter().max().copied()?))
    });
    let (Some(sizes), Some((least, most))) = (sizes, bounds.filter(|(least, most)| least < most)) else {
        let kept = (0..costs.len()).collect();
        return Adjusted { costs, kept, reference, by_size: false };
    };
    let half = reference / 2;
    let logs: Vec<f64> = sizes.iter().map(|size| ln(*size)).collect();
    let (slope, start) = line(&logs[..half], &costs[..half]);
    let is_known = |index: &usize| (least..=most).contains(&sizes[*index]);
    let kept: Vec<usize> = (half..costs.len()).filter(is_known).collect();
    Adjusted {
        costs: kept.iter().map(|index| costs[*index] - start - slope * logs[*index]).collect(),
        kept,
        reference: reference - half,
        by_size: true,
    }
}

/// Slope and start of the line through points by least squares; flat if all are at one place.
fn line(x: &[f64], y: &[f64]) -> (f64, f64) {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / real(values.len().max(1));
    let (x_mean, y_mean) = (mean(x), mean(y));
    let spread: f64 = x.iter().map(|x| (x - x_mean).powi(2)).sum();
    let both: f64 = x.iter().zip(y).map(|(x, y)| (x - x_mean) * (y - y_mean)).sum();
    let slope = if spread > 0.0 { both / spread } else { 0.0 };
    (slope, y_mean - slope * x_mean)
}

fn middle(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values.get(values.len().saturating_sub(1) / 2).copied().unwrap_or(0.0)
}
