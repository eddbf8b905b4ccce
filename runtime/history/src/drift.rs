//! Costs of a unit that have drifted.

use invar_monitor::{Class, Cost, Finding, Severity, count, statistics::real};

use crate::{
    comparison::Comparison,
    cost::{COST_RATIO, amount},
    execution::Execution,
    regression::{Adjusted, adjust, median},
    statistics::drift::{self, Drift, REFERENCE_MIN},
    wording::numbers,
};

/// A smaller change is reported for information only.
const CHANGE_MIN: f64 = 0.01;
/// Costs that are followed over time.
pub(crate) const FOLLOWED: [Cost; 2] = [Cost::Fuel, Cost::Memory];

/// What the search for drift came to.
pub(crate) struct Drifts {
    pub(crate) findings: Vec<Finding>,
    /// Units that have enough executions.
    pub(crate) followed: usize,
    /// Why other units were not followed.
    pub(crate) notes: Vec<String>,
}

/// Looks for drift in every cost of every unit.
pub(crate) fn of_all_units(comparison: &Comparison<'_>) -> Drifts {
    let units: Vec<Vec<(Cost, Vec<usize>)>> =
        comparison.units.iter().map(|unit| logged(comparison, unit)).collect();
    // All series share the chance of a false alarm.
    let shares = units.iter().flatten().filter(|(_, all)| drift::reference(all.len()).is_some()).count();
    let mut drifts = Drifts { findings: Vec::new(), followed: 0, notes: Vec::new() };
    for series in &units {
        let most = series.iter().map(|(_, all)| all.len()).max().unwrap_or(0);
        if drift::reference(most).is_none() {
            drifts.notes.push(format!("needs {REFERENCE_MIN} executions and more, has {most}"));
            continue;
        }
        drifts.followed += 1;
        let found = series.iter().filter_map(|(cost, all)| follow(comparison, all, *cost, shares));
        drifts.findings.extend(found);
    }
    drifts
}

/// For each cost, the executions of a unit for which the log says it.
fn logged(comparison: &Comparison<'_>, unit: &[usize]) -> Vec<(Cost, Vec<usize>)> {
    let of = |cost: Cost| {
        let is_logged =
            |index: &&usize| amount(comparison.executions[**index], cost).is_some_and(|amount| amount > 0);
        (cost, unit.iter().filter(is_logged).copied().collect())
    };
    FOLLOWED.into_iter().map(of).collect()
}

fn follow(comparison: &Comparison<'_>, all: &[usize], cost: Cost, shares: usize) -> Option<Finding> {
    let reference = drift::reference(all.len())?;
    let executions: Vec<&Execution> = all.iter().map(|index| comparison.executions[*index]).collect();
    let Adjusted { costs, kept, reference, by_size } = adjust(&executions, reference, cost);
    let Drift { alarm, since } = drift::find(&costs, reference, shares)?;
    // How far it has moved, from where the drift began to the end.
    let ratio = (median(&costs[since.min(alarm)..]) - median(&costs[..reference])).exp();
    let (began, certain) = (all[kept[since.min(alarm)]], all[kept[alarm]]);
    let severity = match (ratio - 1.0).abs() {
        change if change < CHANGE_MIN => Severity::Info,
        _ if ratio > real(usize::try_from(COST_RATIO).unwrap_or(usize::MAX)) => Severity::Major,
        _ => Severity::Minor,
    };
    let change = (ratio - 1.0) * 100.0;
    let of_size = if by_size { " for the size of the input" } else { "" };
    let runs = numbers([began, certain]);
    Some(Finding {
        class: Class::ResourceUsage,
        severity,
        what: format!("{change:+.1} % {}{of_size} since execution {} or near it", cost.as_str(), runs[0]),
        observed: format!("{change:+.1} %, certain at execution {}", runs[1]),
        runs: if runs[0] == runs[1] { vec![runs[0]] } else { runs },
        expected: format!(
            "as in the first {reference} executions; a false alarm comes in at most 1 of {} logs of this length if executions are exchangeable",
            count(1_000)
        ),
        cause: "not known: other inputs, accumulated state, or another behaviour".into(),
        owasp_ast: "AST01",
    })
}
