//! From the executions of one skill to its verdict.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use invar_monitor::{
    Class, DetectionPower, Deviation, Finding, Recommendation, Section, Severity, Trigger, Verdict,
    rate_below, shell_word,
};

use crate::{
    class::{count, effects, envelope, environment, output, resources, versions},
    comparison::Comparison,
    execution::Execution,
    report::{HistoryRow, SkillHistory},
    wording::{counted, numbers},
};

/// Executions without which nothing is said of a skill.
const EXECUTIONS_MIN: usize = 3;
/// Executions that a report shows. Stops a log in which most deviate from filling it.
const ROWS_MAX: usize = 1_000;
/// The least number of runs that is recommended.
const RUNS_MIN: u32 = 20;

/// Judges the executions of one skill, given in order of time.
pub(crate) fn judge(executions: Vec<&Execution>) -> SkillHistory {
    let comparison = Comparison::of(executions);
    let (invariants, triggers) = classes(&comparison);
    let findings: Vec<Finding> = invariants.values().flat_map(|section| section.findings.clone()).collect();
    let is_enough = comparison.executions.len() >= EXECUTIONS_MIN;
    let verdict = match Verdict::of(&findings, &triggers, false) {
        Verdict::Consistent | Verdict::Marginal if !is_enough => Verdict::Inconclusive,
        verdict => verdict,
    };
    let first = comparison.executions.first();
    let agents: BTreeSet<&Arc<str>> =
        comparison.executions.iter().filter_map(|execution| execution.agent.as_ref()).collect();
    let deviating: Vec<usize> =
        (0..comparison.executions.len()).filter(|at| !comparison.deviations[*at].is_empty()).collect();
    let shown = (0..comparison.executions.len().min(1)).chain(deviating.iter().copied().filter(|at| *at > 0));
    let mut per_run: Vec<HistoryRow> = Vec::new();
    for (index, run) in shown.clone().zip(numbers(shown)).take(ROWS_MAX) {
        per_run.push(HistoryRow::of(run, comparison.executions[index], &comparison.deviations[index]));
    }
    let listed = per_run.iter().filter(|row| !row.differs.is_empty()).count();
    let mut history = SkillHistory {
        name: first.map(|execution| execution.skill.to_string()).unwrap_or_default(),
        agents: agents.into_iter().map(|agent| agent.to_string()).collect(),
        versions: versions::rows(&comparison),
        executions: comparison.executions.len(),
        since: first.map(|execution| execution.time.to_string()).unwrap_or_default(),
        until: comparison.executions.last().map(|execution| execution.time.to_string()).unwrap_or_default(),
        verdict,
        reason: String::new(),
        more: deviating.len().saturating_sub(listed),
        detection_power: power(&comparison),
        recommendations: recommendations(&comparison, verdict, &triggers),
        invariants,
        triggers,
        per_run,
    };
    history.reason = reason(&history, is_enough);
    history
}

/// The eight classes, and what deviations may depend on.
fn classes(comparison: &Comparison<'_>) -> (BTreeMap<Class, Section>, Vec<Trigger>) {
    let (count, mut triggers) = count::section(comparison);
    let (environment, of_time) = environment::section(comparison);
    triggers.extend(of_time);
    let mut output = output::section(comparison);
    let versions = versions::findings(comparison);
    if !versions.is_empty() {
        let worst =
            versions.iter().max_by_key(|finding| finding.severity).map(|finding| finding.what.clone());
        let mut findings = output.findings;
        let is_worse = findings.iter().any(|finding| finding.severity > Severity::Info);
        let why = match worst {
            Some(worst) if !is_worse => format!("{worst}; otherwise {}", output.why),
            _ => output.why,
        };
        findings.extend(versions);
        output = Section::of(why, findings);
    }
    let invariants = [
        (Class::OutputDeterminism, output),
        (Class::ResourceUsage, resources::section(comparison)),
        (Class::SideEffects, effects::section(comparison)),
        (Class::ExecutionCount, count),
        (Class::Environment, environment),
        (Class::Envelope, envelope::section(comparison)),
        (
            Class::Performance,
            Section::not_checked("it takes inputs of chosen sizes, which invar monitor generates".into()),
        ),
        (
            Class::AuditTrail,
            Section::not_checked("a log is not signed, so a missing line does not show".into()),
        ),
    ];
    (invariants.into_iter().collect(), triggers)
}

fn reason(history: &SkillHistory, is_enough: bool) -> String {
    let Some(worst) = history.worst() else {
        return match is_enough {
            true => {
                let changed = history.findings().find(|finding| finding.what.starts_with("changed with"));
                let changed = changed.map(|finding| format!("; {}", finding.what)).unwrap_or_default();
                let number = counted(history.executions);
                match history.more + history.per_run.iter().filter(|row| !row.differs.is_empty()).count() {
                    0 => format!("{number}, and none deviates{changed}"),
                    deviating => {
                        format!("{number}, of which {deviating} deviate within what is allowed{changed}")
                    }
                }
            }
            false => format!("{}; {EXECUTIONS_MIN} are needed", counted(history.executions)),
        };
    };
    match history.triggers.first() {
        Some(trigger) if worst.class != Class::ExecutionCount => {
            // The pattern says which executions better than their list does.
            let what = worst.what.split_once(": ").filter(|(head, _)| head.starts_with("execution"));
            format!("{}: {}", trigger.condition, what.map_or(worst.what.as_str(), |(_, what)| what))
        }
        _ => worst.what.clone(),
    }
}

fn power(comparison: &Comparison<'_>) -> DetectionPower {
    let number = comparison.executions.len();
    let inputs: BTreeSet<_> = comparison.executions.iter().map(|execution| &execution.input).collect();
    let compared: usize = comparison.groups.iter().map(|group| group.members.len()).sum();
    let exact: usize =
        comparison.groups.iter().filter(|group| group.is_exact).map(|group| group.members.len()).sum();
    let conditions_tested = vec![
        match inputs.len() {
            1 => format!("{} with one input", counted(number)),
            inputs => format!("{} with {inputs} inputs", counted(number)),
        },
        format!(
            "{compared} of them compared with others on the same input, {exact} of those with the same host responses"
        ),
        "periods of 2 to 64, thresholds, hours and weekdays".into(),
    ];
    let mut untested: Vec<String> = [
        "reset, undo and counterfactual: a log cannot be re-run, so nothing is confirmed",
        "what the log does not hold, or its writer left out",
        "variables, files and answers that never differed",
    ]
    .map(String::from)
    .to_vec();
    if exact < compared {
        untested.push("whether the host responses were the same (host_sha256)".into());
    }
    let runs = u32::try_from(number).unwrap_or(u32::MAX);
    let bound = match comparison.deviating() {
        0 => rate_below(runs),
        fired => format!("{fired} of {number} executions deviate: no bound"),
    };
    DetectionPower { runs_direct: runs, conditions_tested, untested, bound, dormant: Vec::new() }
}

fn recommendations(
    comparison: &Comparison<'_>,
    verdict: Verdict,
    triggers: &[Trigger],
) -> Vec<Recommendation> {
    let mut all = Vec::new();
    if verdict == Verdict::Consistent {
        return all;
    }
    let period = triggers.iter().filter_map(|trigger| trigger.period).max().unwrap_or(0);
    let runs = RUNS_MIN.max(2 * period + 1);
    all.push(Recommendation {
        what: format!(
            "re-run it with one input changed at a time: invar monitor SKILL --runs {runs}, where SKILL is its path"
        ),
        command: String::new(),
    });
    // Two traces can be compared right away.
    let named = |at: usize| comparison.executions[at].trace.as_deref();
    let is_new = |at: &usize| {
        comparison.deviations[*at].iter().any(|deviation| matches!(deviation, Deviation::New(_)))
    };
    let fired = (0..comparison.executions.len())
        .find(is_new)
        .or_else(|| comparison.deviations.iter().position(|deviations| !deviations.is_empty()));
    // The last one before it is the most like it: its caches are filled.
    let usual = fired.and_then(|fired| comparison.deviations[..fired].iter().rposition(Vec::is_empty));
    if let (Some(usual), Some(fired)) = (usual.and_then(named), fired.and_then(named)) {
        all.push(Recommendation {
            what: "find the divergence".into(),
            command: format!("invar diff {} {}", shell_word(usual), shell_word(fired)),
        });
    }
    all
}
