//! Execution count: the hundredth execution is like the first.

use invar_monitor::{
    Boundary, Class, Confidence, Finding, Pattern, Section, Severity, Trigger, TriggerKind, count,
    statistics::period::{self, Regular},
};

use crate::{
    comparison::Comparison,
    units::BASELINE,
    wording::{counted, numbers, summary},
};

/// The regularity in the deviations of one agent.
struct Regularity<'a> {
    agent: Option<&'a str>,
    /// In words.
    words: String,
    period: Option<u32>,
    /// The executions that deviate, by the report's numbers.
    runs: Vec<u32>,
    /// The chance of a regularity like it; none: there are too few deviations to tell.
    p: Option<f64>,
}

pub(crate) fn section(comparison: &Comparison<'_>) -> (Section, Vec<Trigger>) {
    let agents = comparison.by_agent();
    // All agents share the chance of a false alarm.
    let shares = agents.len();
    let mut found: Vec<Regularity<'_>> = agents
        .into_iter()
        .filter_map(|(agent, indices)| regularity(comparison, agent, &indices, shares))
        .collect();
    if shares == 1 {
        found.iter_mut().for_each(|regularity| regularity.agent = None);
    }
    let findings: Vec<Finding> = found.iter().map(finding).collect();
    let is_significant = |regularity: &&Regularity<'_>| regularity.p.is_some();
    let triggers =
        found.iter().filter(is_significant).map(|regularity| trigger(comparison, regularity)).collect();
    let executions = counted(comparison.executions.len());
    let why = match (findings.iter().max_by_key(|finding| finding.severity), comparison.deviating()) {
        (Some(worst), _) => worst.what.clone(),
        (None, 0) => format!("{executions}, none deviates; periods of 2 to 64 and thresholds"),
        (None, number) => format!(
            "{number} of {executions} deviate, with no period of 2 to 64 and no threshold that chance does not explain"
        ),
    };
    (Section::of(why, findings), triggers)
}

fn regularity<'a>(
    comparison: &Comparison<'a>,
    agent: Option<&'a str>,
    indices: &[usize],
    shares: usize,
) -> Option<Regularity<'a>> {
    let deviates = comparison.deviates(indices);
    let ordinals = ordinals(comparison, indices);
    let runs =
        numbers(indices.iter().zip(&deviates).filter(|(_, deviates)| **deviates).map(|(index, _)| *index));
    let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    let total = ordinals.last().copied().map_or(0, small);
    let deviating: Vec<u32> = ordinals
        .iter()
        .zip(&deviates)
        .filter(|(_, deviates)| **deviates)
        .map(|(number, _)| small(*number))
        .collect();
    let exact = Pattern::of(&deviating, total);
    if let Some(found) = period::find(&ordinals, &deviates, shares) {
        let (pattern, words) = match (exact, found.regular) {
            // A pattern in the numbers themselves says more than the test.
            (Pattern::Every { .. } | Pattern::From { .. } | Pattern::Mostly { .. }, _) => {
                (exact, exact.words(&deviating))
            }
            (_, Regular::Every { period, residue }) => {
                let first = if residue == 0 { period } else { residue };
                let pattern = Pattern::Every { first: small(first), period: small(period) };
                let hits = ordinals
                    .iter()
                    .zip(&deviates)
                    .filter(|(number, deviates)| **deviates && **number % period == residue);
                let note = if hits.count() == deviating.len() { "" } else { ", and others" };
                (pattern, format!("{}{note}", pattern.words(&deviating)))
            }
            (_, Regular::From { first }) => {
                let pattern = Pattern::From { first: small(first) };
                (pattern, pattern.words(&deviating))
            }
        };
        return Some(Regularity { agent, words, period: pattern.period(), runs, p: Some(found.p) });
    }
    // Too few to tell from chance, and still worth a word.
    let is_later = deviating.iter().any(|run| usize::try_from(*run).is_ok_and(|run| run > BASELINE));
    match exact {
        Pattern::Irregular | Pattern::Once { .. } => None,
        pattern if is_later && deviating.len() < ordinals.len() => {
            let words = pattern.words(&deviating);
            Some(Regularity { agent, words, period: pattern.period(), runs, p: None })
        }
        _ => None,
    }
}

/// The numbers of an agent's executions: as the log counts them if it counts all of them in order, else from 1.
fn ordinals(comparison: &Comparison<'_>, indices: &[usize]) -> Vec<u64> {
    let logged: Option<Vec<u64>> = indices.iter().map(|index| comparison.executions[*index].run).collect();
    logged
        .filter(|logged| logged.is_sorted_by(|a, b| a < b))
        .unwrap_or_else(|| (1..).take(indices.len()).collect())
}

fn finding(regularity: &Regularity<'_>) -> Finding {
    let words = words(regularity);
    let number = regularity.runs.len();
    let (severity, what, observed) = match regularity.p {
        Some(p) => (Severity::Major, words, format!("chance alone does this in less than 1 of {}", odds(p))),
        None => (
            Severity::Info,
            format!("it looks like {words}, but {number} deviations are too few to tell from chance"),
            format!("{number} deviations"),
        ),
    };
    Finding {
        class: Class::ExecutionCount,
        severity,
        runs: regularity.runs.clone(),
        what,
        expected: "deviations, if any, at no particular execution".into(),
        observed,
        cause: "suspected: the number of executions, or something else with the same period".into(),
        owasp_ast: "AST01",
    }
}

/// `every 8th execution`, with the agent if there are several.
fn words(regularity: &Regularity<'_>) -> String {
    let words = regularity.words.replace("runs", "executions").replace("run", "execution");
    match regularity.agent {
        Some(agent) => format!("{words} by {agent}"),
        None => words,
    }
}

/// The largest power of ten of which it is less likely than one: `1,000`, `10 M`.
fn odds(p: f64) -> String {
    const SHOWN_MAX: u64 = 1_000_000_000;
    let (mut one_of, mut rest) = (1, p);
    while rest <= 0.1 && one_of < SHOWN_MAX {
        (one_of, rest) = (one_of * 10, rest * 10.0);
    }
    count(one_of)
}

fn trigger(comparison: &Comparison<'_>, regularity: &Regularity<'_>) -> Trigger {
    let first = regularity.runs.first().copied();
    let deviations = first.and_then(|run| comparison.deviations.get(run as usize - 1));
    Trigger {
        kind: TriggerKind::ExecutionCount,
        condition: words(regularity),
        first_run: first,
        period: regularity.period,
        boundary: Boundary::default(),
        source: "not known".into(),
        value: None,
        all: Vec::new(),
        effects: deviations.into_iter().flatten().map(summary).collect(),
        calls: Vec::new(),
        confidence: Confidence::Suspected,
        evidence: Vec::new(),
        reproduce: String::new(),
        runs: regularity.runs.clone(),
        severity: Severity::Major,
        proof: None,
        sentence: None,
    }
}
