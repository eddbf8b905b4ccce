//! Execution count: the hundredth execution is like the first.

use super::{
    case::{BASELINE, Case, executions as counted, numbers},
    effects,
};
use crate::{
    Boundary, Class, Confidence, Deviation, Finding, Pattern, Section, Severity, Trigger, TriggerKind,
    statistics::period::{self, Regular},
};

/// What the deviations of one agent hang on.
struct Counted<'a> {
    agent: Option<&'a str>,
    /// In words.
    words: String,
    period: Option<u32>,
    /// Executions that deviate, of the report's numbers.
    runs: Vec<u32>,
    /// The chance of one like it; none: too few to tell.
    p: Option<f64>,
}

pub(super) fn section(case: &Case<'_>) -> (Section, Vec<Trigger>) {
    let agents = case.by_agent();
    // All agents share the chance of a false alarm.
    let shares = agents.len();
    let mut patterns: Vec<Counted<'_>> =
        agents.into_iter().filter_map(|one| pattern(case, one, shares)).collect();
    if shares == 1 {
        patterns.iter_mut().for_each(|own| own.agent = None);
    }
    let findings: Vec<Finding> = patterns.iter().map(finding).collect();
    let triggers = patterns.iter().filter(|own| own.p.is_some()).map(|own| trigger(case, own)).collect();
    let deviating = case.deviating();
    let why = match (findings.iter().max_by_key(|own| own.severity), deviating) {
        (Some(worst), _) => worst.what.clone(),
        (None, 0) => {
            format!("{}, none deviates; periods of 2 to 64 and thresholds", counted(case.executions.len()))
        }
        (None, number) => format!(
            "{number} of {} deviate, in no period of 2 to 64 and from no execution on that chance does not explain",
            counted(case.executions.len())
        ),
    };
    (Section::of(why, findings), triggers)
}

fn pattern<'a>(
    case: &Case<'a>,
    (agent, indices): (Option<&'a str>, Vec<usize>),
    shares: usize,
) -> Option<Counted<'a>> {
    let fired = case.fired(&indices);
    let own = ordinals(case, &indices);
    let runs = numbers(indices.iter().zip(&fired).filter(|(_, fired)| **fired).map(|(index, _)| *index));
    let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    let deviating: Vec<u32> =
        own.iter().zip(&fired).filter(|(_, fired)| **fired).map(|(number, _)| small(*number)).collect();
    if let Some(found) = period::find(&own, &fired, shares) {
        let all = Pattern::of(&deviating, own.last().copied().map_or(0, small));
        let (pattern, words) = match found.regular {
            Regular::Every { period, residue } => {
                let first = if residue == 0 { period } else { residue };
                let pattern = Pattern::Every { first: small(first), period: small(period) };
                let hits = own.iter().zip(&fired).filter(|(n, fired)| **fired && **n % period == residue);
                let note = match hits.count() == deviating.len() {
                    true => String::new(),
                    false => ", and others".into(),
                };
                (pattern, format!("{}{note}", pattern.words(&deviating)))
            }
            Regular::From { first } => {
                let pattern = Pattern::From { first: small(first) };
                (pattern, pattern.words(&deviating))
            }
        };
        // What is regular without exception is said as it is.
        let (pattern, words) = match all {
            Pattern::Irregular | Pattern::Once { .. } => (pattern, words),
            exact => (exact, exact.words(&deviating)),
        };
        return Some(Counted { agent, words, period: pattern.period(), runs, p: Some(found.p) });
    }
    // Too few to tell from chance, and yet worth a word.
    let looks = Pattern::of(&deviating, own.last().copied().map_or(0, small));
    let is_later = deviating.iter().any(|run| usize::try_from(*run).is_ok_and(|run| run > BASELINE));
    match looks {
        Pattern::Irregular | Pattern::Once { .. } => None,
        looks if is_later && deviating.len() < own.len() => {
            Some(Counted { agent, words: looks.words(&deviating), period: looks.period(), runs, p: None })
        }
        _ => None,
    }
}

/// Which executions of the agent's they are: as the log counts them if it does for all, else from 1.
fn ordinals(case: &Case<'_>, indices: &[usize]) -> Vec<u64> {
    let told: Option<Vec<u64>> = indices.iter().map(|index| case.executions[*index].run).collect();
    told.filter(|told| told.is_sorted_by(|a, b| a < b)).unwrap_or_else(|| (1..).take(indices.len()).collect())
}

fn finding(counted: &Counted<'_>) -> Finding {
    let words = words(counted);
    let (severity, what, observed) = match counted.p {
        Some(p) => (Severity::Major, words, format!("chance alone does this in less than 1 of {}", odds(p))),
        None => (
            Severity::Info,
            format!(
                "it looks like {words}, which {} deviations are too few to tell from chance",
                counted.runs.len()
            ),
            format!("{} deviations", counted.runs.len()),
        ),
    };
    Finding {
        class: Class::ExecutionCount,
        severity,
        runs: counted.runs.clone(),
        what,
        expected: "deviations, if any, at no particular execution".into(),
        observed,
        cause: "suspected: how often it was executed, or what comes as regularly".into(),
        owasp_ast: "AST01",
    }
}

/// `every 8th execution`, of one agent if several are told apart.
fn words(counted: &Counted<'_>) -> String {
    let words = counted.words.replace("runs", "executions").replace("run", "execution");
    match counted.agent {
        Some(agent) => format!("{words} by {agent}"),
        None => words,
    }
}

/// The power of ten that it is less likely than one of: `1,000`, `10 M`.
fn odds(p: f64) -> String {
    const SHOWN_MAX: u64 = 1_000_000_000;
    let (mut one_of, mut rest) = (1, p);
    while rest <= 0.1 && one_of < SHOWN_MAX {
        (one_of, rest) = (one_of * 10, rest * 10.0);
    }
    crate::count(one_of)
}

fn trigger(case: &Case<'_>, counted: &Counted<'_>) -> Trigger {
    let first = counted.runs.first().copied();
    let deviations = first.and_then(|run| case.deviations.get(run as usize - 1));
    let deeds = deviations.into_iter().flatten().map(|deviation| match deviation {
        Deviation::New(new) => effects::listed(new),
        Deviation::Missing(missing) => format!("no {}", effects::listed(missing)),
        Deviation::Output => "another output".into(),
        Deviation::Errors => "another standard error".into(),
        Deviation::Payload => "other bytes sent".into(),
        Deviation::Ending => "another exit status".into(),
        Deviation::Cost(cost) | Deviation::Growth(cost) => format!("more {}", cost.as_str()),
    });
    Trigger {
        kind: TriggerKind::ExecutionCount,
        condition: words(counted),
        first_run: first,
        period: counted.period,
        boundary: Boundary::default(),
        source: "not known".into(),
        value: None,
        all: Vec::new(),
        effects: deeds.collect(),
        confidence: Confidence::Suspected,
        evidence: Vec::new(),
        reproduce: String::new(),
        runs: counted.runs.clone(),
        severity: Severity::Major,
        proof: None,
        sentence: None,
    }
}
