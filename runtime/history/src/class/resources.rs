//! Resource usage: the same input costs the same, and costs do not drift.

use std::cmp::Reverse;

use invar_monitor::{Class, Cost, Deviation, Finding, Section, Severity, count};

use crate::{
    comparison::Comparison,
    cost::{COST_RATIO, amount, median},
    drift::{self, FOLLOWED},
    wording::{counted, named, numbers},
};

pub(crate) fn section(comparison: &Comparison<'_>) -> Section {
    let is_logged = |cost| comparison.executions.iter().any(|execution| amount(execution, cost).is_some());
    if !FOLLOWED.into_iter().any(is_logged) {
        return Section::not_checked("the log has neither fuel nor memory".into());
    }
    let drifts = drift::of_all_units(comparison);
    let mut findings: Vec<Finding> =
        Cost::ALL.into_iter().filter_map(|cost| exceeding(comparison, cost)).collect();
    findings.extend(drifts.findings);
    findings.sort_by_key(|finding| Reverse(finding.severity));
    if let Some(first) = findings.first() {
        return Section::of(first.what.clone(), findings);
    }
    let drift = match (drifts.followed, drifts.notes.first()) {
        (0, Some(note)) => format!("drift not checked: {note}"),
        _ => format!(
            "no drift; false alarm in at most 1 of {} logs of this length if executions are exchangeable",
            count(1_000)
        ),
    };
    if comparison.groups.is_empty() && drifts.followed == 0 {
        return Section::not_checked(format!("no two executions had the same input; {drift}"));
    }
    let compared: usize = comparison.groups.iter().map(|group| group.members.len()).sum();
    let same = match compared {
        0 => "no two executions had the same input".to_owned(),
        number => format!("{} within {COST_RATIO} times the usual of their input", counted(number)),
    };
    Section::of(format!("{same}; {drift}"), findings)
}

/// More than three times the usual on the same input.
fn exceeding(comparison: &Comparison<'_>, cost: Cost) -> Option<Finding> {
    let shows = |index: &usize| comparison.deviations[*index].contains(&Deviation::Cost(cost));
    let all: Vec<usize> = (0..comparison.executions.len()).filter(shows).collect();
    let first = all.first()?;
    let group = comparison.groups.iter().find(|group| group.members.contains(first))?;
    let usual = median(&comparison.executions, &group.members, cost)?;
    let most = all.iter().filter_map(|index| amount(comparison.executions[*index], cost)).max()?;
    // The baseline fills caches that later executions use.
    let is_baseline = comparison.is_baseline();
    let severity = match all.iter().all(|index| is_baseline[*index]) {
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
