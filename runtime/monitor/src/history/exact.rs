//! Output determinism: the same bytes, given the same, do the same. To the bit, so that nothing is left to chance.

use std::collections::{BTreeMap, BTreeSet};

use invar_trace::{Effect, Ending};
use invar_world::Digest;

use super::{
    Execution,
    case::{Case, Key, executions as counted, numbers},
};
use crate::{Class, Deviation, Finding, Section, Severity, text};

/// Executions that can be held against each other, and how most of them are.
pub(super) struct Group {
    /// By their indices, in order.
    pub(super) members: Vec<usize>,
    /// Whether it is known what they were answered from outside.
    pub(super) is_exact: bool,
    /// What more than half of them came to: output, ending, lasting effects.
    output: Option<Digest>,
    ending: Option<Ending>,
    effects: Option<BTreeSet<Effect>>,
}

/// Groups of two and more.
pub(super) type Groups = Vec<Group>;

pub(super) fn groups(executions: &[&Execution]) -> Groups {
    let mut by_key: BTreeMap<Key<'_>, Vec<usize>> = BTreeMap::new();
    for (index, execution) in executions.iter().enumerate() {
        by_key.entry(Key::of(execution)).or_default().push(index);
    }
    by_key
        .into_iter()
        .filter(|(_, members)| members.len() > 1)
        .map(|(key, members)| {
            let of = || members.iter().map(|index| executions[*index]);
            Group {
                is_exact: key.outside.is_some(),
                output: most(of().map(|own| own.output)),
                ending: most(of().map(|own| own.ending.clone())),
                effects: most(of().map(lasting)),
                members,
            }
        })
        .collect()
}

/// What more than half of them are; of two that differ, the first is what was, the second what became of it.
fn most<T: Ord>(values: impl ExactSizeIterator<Item = T>) -> Option<T> {
    let all = values.len();
    let mut counts: BTreeMap<T, (usize, usize)> = BTreeMap::new();
    for (at, value) in values.enumerate() {
        counts.entry(value).or_insert((0, at)).0 += 1;
    }
    let found = counts.into_iter().find(|(_, (count, at))| 2 * count > all || (all == 2 && *at == 0));
    found.map(|(value, _)| value)
}

fn lasting(execution: &Execution) -> BTreeSet<Effect> {
    execution.did.effects.iter().filter(|effect| effect.is_lasting()).cloned().collect()
}

/// Marks the executions that are not as most of their group. `is_first` says which are the first of their unit.
pub(super) fn mark(
    groups: &Groups,
    executions: &[&Execution],
    is_first: &[bool],
    deviations: &mut [Vec<Deviation>],
) {
    for group in groups {
        for index in &group.members {
            let (execution, own) = (executions[*index], &mut deviations[*index]);
            if group.output.is_some_and(|usual| usual != execution.output) {
                own.push(Deviation::Output);
            }
            if group.ending.as_ref().is_some_and(|usual| *usual != execution.ending) {
                own.push(Deviation::Ending);
            }
            // The first of a unit fill what later ones use.
            let Some(usual) = group.effects.as_ref().filter(|_| !is_first[*index]) else { continue };
            let effects = lasting(execution);
            let (new, missing): (BTreeSet<_>, BTreeSet<_>) =
                (effects.difference(usual).cloned().collect(), usual.difference(&effects).cloned().collect());
            if !new.is_empty() && !own.iter().any(|deviation| matches!(deviation, Deviation::New(_))) {
                own.push(Deviation::New(new));
            }
            if !missing.is_empty() {
                own.push(Deviation::Missing(missing));
            }
        }
    }
}

/// Executions that show a deviation, and whether of all of them it is known what they were answered.
pub(super) fn showing(case: &Case<'_>, wanted: impl Fn(&Deviation) -> bool) -> (Vec<usize>, bool) {
    let (mut all, mut is_exact) = (Vec::new(), true);
    for group in &case.groups {
        let own = group.members.iter().filter(|index| case.deviations[**index].iter().any(&wanted));
        let before = all.len();
        all.extend(own);
        is_exact &= group.is_exact || all.len() == before;
    }
    all.sort_unstable();
    (all, is_exact)
}

/// What the answers from outside may have to do with it.
pub(super) fn cause(is_exact: bool) -> &'static str {
    match is_exact {
        true => {
            "neither the input nor what it was answered from outside: what it keeps, or what the log does not hold"
        }
        false => "not known: the log does not say what it was answered from outside (host_sha256)",
    }
}

/// How bad it is to differ.
pub(super) fn severity(is_exact: bool) -> Severity {
    match is_exact {
        true => Severity::Major,
        false => Severity::Minor,
    }
}

pub(super) fn section(case: &Case<'_>) -> Section {
    if case.groups.is_empty() {
        return Section::not_checked(
            "no two executions of the same component had the same input and answers from outside".into(),
        );
    }
    let compared: usize = case.groups.iter().map(|group| group.members.len()).sum();
    let mut findings = Vec::new();
    for (deviation, what, expected) in [
        (Deviation::Output, "another output", "one output for one input"),
        (Deviation::Ending, "another exit status", "one exit status for one input"),
    ] {
        let (all, is_exact) = showing(case, |own| *own == deviation);
        if !all.is_empty() {
            findings.push(finding(
                all,
                severity(is_exact),
                (what, expected),
                format!("{what} than of most with the same input"),
                cause(is_exact),
            ));
        }
    }
    // None of them is like most: it always varies.
    for (is_exact, severity) in [(true, Severity::Major), (false, Severity::Info)] {
        let varies = |group: &&super::exact::Group| group.output.is_none() && group.is_exact == is_exact;
        let mut all: Vec<usize> =
            case.groups.iter().filter(varies).flat_map(|group| group.members.iter().copied()).collect();
        all.sort_unstable();
        if !all.is_empty() {
            let said = ("output that varies", "one output for one input");
            findings.push(finding(
                all,
                severity,
                said,
                "no output that most of them share".into(),
                cause(is_exact),
            ));
        }
    }
    let inputs =
        case.groups.iter().map(|group| &case.executions[group.members[0]].input).collect::<BTreeSet<_>>();
    let why = match findings.as_slice() {
        [] => format!(
            "{} with {} of {}: one output each",
            counted(compared),
            match inputs.len() {
                1 => "one input".into(),
                number => format!("{number} inputs"),
            },
            text::count(case.executions.len() as u64)
        ),
        [first, ..] => first.what.clone(),
    };
    Section::of(why, findings)
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

/// `execution 8`, `executions 8, 16, 24 and 9 more`.
pub(super) fn named(numbers: &[u32]) -> String {
    text::runs(numbers).replacen("run", "execution", 1)
}
