//! Output determinism: equal inputs and equal answers give equal outputs, to the bit.

use std::collections::BTreeSet;

use invar_monitor::{Class, Deviation, Finding, Section, Severity, count};

use super::same_input::{cause, severity, showing};
use crate::{
    comparison::Comparison,
    group::Group,
    wording::{counted, named, numbers},
};

pub(crate) fn section(comparison: &Comparison<'_>) -> Section {
    if comparison.groups.is_empty() {
        return Section::not_checked(
            "no two executions of the same component had the same input and host responses".into(),
        );
    }
    let mut findings = of_deviations(comparison);
    findings.extend(without_majority(comparison));
    let why = match findings.first() {
        None => same_output(comparison),
        Some(first) => first.what.clone(),
    };
    Section::of(why, findings)
}

/// Executions that differ from the majority of their group.
fn of_deviations(comparison: &Comparison<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (deviation, what, expected) in [
        (Deviation::Output, "another output", "one output for one input"),
        (Deviation::Ending, "another exit status", "one exit status for one input"),
    ] {
        let (all, is_exact) = showing(comparison, |shown| *shown == deviation);
        if !all.is_empty() {
            let observed = format!("{what} than the majority with the same input");
            findings.push(finding(all, severity(is_exact), (what, expected), observed, cause(is_exact)));
        }
    }
    findings
}

/// Groups in which no output has the majority: the output always varies.
fn without_majority(comparison: &Comparison<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (is_exact, severity) in [(true, Severity::Major), (false, Severity::Info)] {
        let varies = |group: &&Group| group.output.is_none() && group.is_exact == is_exact;
        let mut all: Vec<usize> =
            comparison.groups.iter().filter(varies).flat_map(|group| group.members.iter().copied()).collect();
        all.sort_unstable();
        if !all.is_empty() {
            let what = ("output that varies", "one output for one input");
            findings.push(finding(all, severity, what, "no output has a majority".into(), cause(is_exact)));
        }
    }
    findings
}

fn same_output(comparison: &Comparison<'_>) -> String {
    let compared: usize = comparison.groups.iter().map(|group| group.members.len()).sum();
    let first = |group: &Group| &comparison.executions[group.members[0]].input;
    let inputs: BTreeSet<_> = comparison.groups.iter().map(first).collect();
    let inputs = match inputs.len() {
        1 => "one input".into(),
        number => format!("{number} inputs"),
    };
    let all = count(comparison.executions.len() as u64);
    format!("{} of {all} compared, with {inputs}: one output for each", counted(compared))
}

fn finding(
    all: Vec<usize>,
    severity: Severity,
    (what, expected): (&str, &str),
    observed: String,
    cause: &str,
) -> Finding {
    let runs = numbers(all);
    Finding {
        class: Class::OutputDeterminism,
        severity,
        what: format!("{} with {what}", named(&runs)),
        runs,
        expected: expected.into(),
        observed,
        cause: cause.into(),
        owasp_ast: "AST01",
    }
}
