//! Side effects: what is done to the outside stays the same.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use invar_monitor::{Class, Deviation, Finding, Section, Severity, join};
use invar_trace::Effect;

use super::same_input;
use crate::{
    comparison::Comparison,
    units::BASELINE,
    wording::{counted, listed, named, numbers},
};

/// Findings of one class. Stops a skill that does something else every time from filling the report.
const FINDINGS_MAX: usize = 12;

pub(crate) fn section(comparison: &Comparison<'_>) -> Section {
    let later: usize = comparison.units.iter().map(|unit| unit.len().saturating_sub(BASELINE)).sum();
    if later == 0 {
        return Section::not_checked(format!(
            "no component was executed more than {BASELINE} times: the baseline has nothing to compare with it"
        ));
    }
    let mut findings = of_new_effects(comparison);
    findings.extend(on_same_input(comparison));
    let why = match findings.first() {
        None => format!("{} do nothing that the first {BASELINE} do not", counted(later)),
        Some(first) => first.what.clone(),
    };
    Section::of(why, findings)
}

/// What later executions do and the baseline does not, the worst first.
fn of_new_effects(comparison: &Comparison<'_>) -> Vec<Finding> {
    let mut by_effects: BTreeMap<(&BTreeSet<Effect>, Severity), Vec<usize>> = BTreeMap::new();
    for new in &comparison.new_effects {
        by_effects.entry((&new.effects, new.severity)).or_default().push(new.execution);
    }
    let mut sorted: Vec<_> = by_effects.into_iter().collect();
    sorted.sort_by_key(|((_, severity), all)| (Reverse(*severity), all[0]));
    let rest = sorted.split_off(FINDINGS_MAX.min(sorted.len()));
    let mut findings = Vec::new();
    for ((effects, severity), all) in sorted {
        findings.push(finding(numbers(all), severity, listed(effects), listed(effects)));
    }
    if let Some(severity) = rest.iter().map(|((_, severity), _)| *severity).max() {
        let all: BTreeSet<usize> = rest.iter().flat_map(|(_, all)| all.iter().copied()).collect();
        let what = format!("{} more kinds of effects", rest.len());
        findings.push(finding(numbers(all), severity, what, format!("{} more", rest.len())));
    }
    findings
}

fn finding(runs: Vec<u32>, severity: Severity, what: String, observed: String) -> Finding {
    let cause = match severity {
        Severity::Critical => "not known; it is not declared, or the log does not say what is declared",
        Severity::Info => "possibly its input, which the baseline did not have; it is declared",
        _ => "possibly its input",
    };
    Finding {
        class: Class::SideEffects,
        severity,
        what: format!("{}: {what}, which the first {BASELINE} do not", named(&runs)),
        runs,
        expected: "what the baseline does".into(),
        observed,
        cause: cause.into(),
        owasp_ast: "AST01",
    }
}

/// Other effects than the majority with the same input, in executions without new ones.
fn on_same_input(comparison: &Comparison<'_>) -> Option<Finding> {
    let new: BTreeSet<usize> = comparison.new_effects.iter().map(|new| new.execution).collect();
    let is_other = |deviation: &Deviation| matches!(deviation, Deviation::New(_) | Deviation::Missing(_));
    let (mut all, is_exact) = same_input::showing(comparison, is_other);
    all.retain(|index| !new.contains(index));
    let first = all.first().copied()?;
    let mut observed = Vec::new();
    for deviation in &comparison.deviations[first] {
        match deviation {
            Deviation::New(effects) => observed.push(listed(effects)),
            Deviation::Missing(effects) => observed.push(format!("no {}", listed(effects))),
            _ => {}
        }
    }
    let runs = numbers(all);
    Some(Finding {
        class: Class::SideEffects,
        severity: same_input::severity(is_exact),
        what: format!("{} with other effects than the majority with the same input", named(&runs)),
        runs,
        expected: "the effects of the majority with the same input".into(),
        observed: join(&observed),
        cause: same_input::cause(is_exact).into(),
        owasp_ast: "AST01",
    })
}
