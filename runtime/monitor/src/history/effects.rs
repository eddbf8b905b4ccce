//! Side effects: what is done to the outside stays the same.

use std::collections::{BTreeMap, BTreeSet};

use invar_trace::Effect;

use super::{
    case::{BASELINE, Case, executions as counted, numbers},
    exact::{self, named},
};
use crate::{
    Class, Deviation, Finding, Section, Severity,
    grouping::{Shape, shapes},
    text,
};

/// Findings of one class. Stops a skill that does something else every time from filling the report.
const FINDINGS_MAX: usize = 12;
/// Effects that a line names.
const NAMED_MAX: usize = 3;

/// What an execution does that the first of its unit do not.
pub(super) struct NewEffects {
    /// Which execution.
    pub(super) execution: usize,
    /// What: lasting effects of a kind, or in a place, that none of the first had.
    pub(super) effects: BTreeSet<Effect>,
    /// How bad.
    severity: Severity,
}

/// What later executions do anew. Names of files in one directory are one place: many skills make up names, or are
/// told them by their input.
pub(super) fn new(case: &Case<'_>) -> Vec<NewEffects> {
    let mut all = Vec::new();
    for unit in &case.units {
        let (first, later) = unit.split_at(BASELINE.min(unit.len()));
        let lasting = |index: usize| {
            let effects = case.executions[index].did.effects.iter().filter(|effect| effect.is_lasting());
            shapes(&[Deviation::New(effects.cloned().collect())], &BTreeMap::new())
        };
        let usual: BTreeSet<Shape> =
            first.iter().flat_map(|index| lasting(*index)).map(|(shape, _)| shape).collect();
        let known: BTreeSet<_> = first.iter().map(|index| &case.executions[*index].input).collect();
        let declared = |index: &usize| case.executions[*index].did.violations.iter().flatten();
        let undeclared: BTreeSet<&String> = first.iter().flat_map(declared).collect();
        for index in later {
            let mut effects = BTreeSet::new();
            for (shape, deviation) in lasting(*index) {
                if let Deviation::New(own) = deviation
                    && !usual.contains(&shape)
                {
                    effects.extend(own);
                }
            }
            if effects.is_empty() {
                continue;
            }
            let is_contact = effects.iter().any(|own| own.kind.is_contact());
            let is_known_input = known.contains(&case.executions[*index].input);
            let is_undeclared = match &case.executions[*index].did.violations {
                Some(violations) => violations.iter().any(|own| !undeclared.contains(own)),
                None => is_contact || is_known_input,
            };
            let severity = match (is_undeclared, is_known_input) {
                (true, _) => Severity::Critical,
                (false, true) => Severity::Minor,
                // What its input asks for, maybe.
                (false, false) => match case.executions[*index].did.violations {
                    Some(_) => Severity::Info,
                    None => Severity::Minor,
                },
            };
            all.push(NewEffects { execution: *index, effects, severity });
        }
    }
    all.sort_by_key(|own| own.execution);
    all
}

pub(super) fn section(case: &Case<'_>) -> Section {
    let later: usize = case.units.iter().map(|unit| unit.len().saturating_sub(BASELINE)).sum();
    if later == 0 {
        return Section::not_checked(format!(
            "no component was executed more than {BASELINE} times: there is nothing later than the first"
        ));
    }
    let mut findings = Vec::new();
    let mut by_deed: BTreeMap<(&BTreeSet<Effect>, Severity), Vec<usize>> = BTreeMap::new();
    for new in &case.new {
        by_deed.entry((&new.effects, new.severity)).or_default().push(new.execution);
    }
    let mut deeds: Vec<_> = by_deed.into_iter().collect();
    deeds.sort_by_key(|((_, severity), all)| (std::cmp::Reverse(*severity), all[0]));
    let more = deeds.split_off(FINDINGS_MAX.min(deeds.len()));
    for ((effects, severity), all) in deeds {
        let runs = numbers(all);
        findings.push(Finding {
            class: Class::SideEffects,
            severity,
            what: format!("{}: {}, which the first {BASELINE} do not", named(&runs), listed(effects)),
            runs,
            expected: "what the baseline does".into(),
            observed: listed(effects),
            cause: cause(severity).into(),
            owasp_ast: "AST01",
        });
    }
    if let Some(severity) = more.iter().map(|((_, severity), _)| *severity).max() {
        let all: BTreeSet<usize> = more.iter().flat_map(|(_, all)| all.iter().copied()).collect();
        let runs = numbers(all);
        findings.push(Finding {
            class: Class::SideEffects,
            severity,
            what: format!(
                "{}: {} more kinds of things that the first {BASELINE} do not",
                named(&runs),
                more.len()
            ),
            runs,
            expected: "what the baseline does".into(),
            observed: format!("{} more", more.len()),
            cause: cause(severity).into(),
            owasp_ast: "AST01",
        });
    }
    findings.extend(on_equal_input(case));
    let why = match findings.first() {
        None => format!("{} do nothing that the first {BASELINE} do not", counted(later)),
        Some(first) => first.what.clone(),
    };
    Section::of(why, findings)
}

/// Other effects than most with the same input, beside those that are new altogether.
fn on_equal_input(case: &Case<'_>) -> Option<Finding> {
    let new: BTreeSet<usize> = case.new.iter().map(|own| own.execution).collect();
    let is_other = |own: &Deviation| matches!(own, Deviation::New(_) | Deviation::Missing(_));
    let (mut all, is_exact) = exact::showing(case, is_other);
    all.retain(|index| !new.contains(index));
    let first = all.first().copied()?;
    let mut deeds = Vec::new();
    for deviation in &case.deviations[first] {
        match deviation {
            Deviation::New(effects) => deeds.push(listed(effects)),
            Deviation::Missing(effects) => deeds.push(format!("no {}", listed(effects))),
            _ => {}
        }
    }
    let runs = numbers(all);
    Some(Finding {
        class: Class::SideEffects,
        severity: exact::severity(is_exact),
        what: format!("{} with other effects than most with the same input", named(&runs)),
        runs,
        expected: "the effects of most with the same input".into(),
        observed: text::join(&deeds),
        cause: exact::cause(is_exact).into(),
        owasp_ast: "AST01",
    })
}

fn cause(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "not known; it is not declared, or the log does not say what is",
        Severity::Info => "its input, maybe, which none of the first had; it is declared",
        _ => "its input, maybe",
    }
}

/// The first few, and how many more.
pub(super) fn listed(effects: &BTreeSet<Effect>) -> String {
    let mut parts: Vec<String> = effects.iter().take(NAMED_MAX).map(ToString::to_string).collect();
    if effects.len() > NAMED_MAX {
        parts.push(format!("{} more", effects.len() - NAMED_MAX));
    }
    text::join(&parts)
}
