//! From executions to a ranking.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    Execution, History, HistoryRow, Log, SkillHistory,
    case::{Case, executions as counted},
    count, effects, envelope, environment, exact, resources, versions,
};
use crate::{
    Class, Deviation, Finding, Recommendation, Section, Severity, Trigger, Verdict, report::DetectionPower,
    shell_word,
};

/// Executions without which nothing is said of a skill.
const EXECUTIONS_MIN: usize = 3;
/// Executions that a report shows. Stops a log in which most deviate from filling it.
const ROWS_MAX: usize = 1_000;
/// Runs that are recommended at least.
const RUNS_MIN: u32 = 20;

/// Skills that a report holds, the worst ones. What each comes to takes some ten kilobytes: stops a log in which every
/// line has a name of its own from filling memory.
const SKILLS_MAX: usize = 1_000;

/// The worst first, and no more than are kept. Those that are as bad stay in their order.
fn keep_worst(skills: &mut Vec<SkillHistory>) {
    skills.sort_by_cached_key(|own| {
        let worst = own.worst().map(|finding| finding.severity);
        (Reverse(own.verdict), Reverse(worst), Reverse(own.executions))
    });
    skills.truncate(SKILLS_MAX);
}

impl History {
    /// Name and version of the JSON form.
    pub const SCHEMA: &'static str = "invar-history/1";

    /// What a log comes to. `id` names the report, `version` is Invar's.
    #[must_use]
    pub fn of(log: &Log, id: String, version: String) -> Self {
        let mut executions: Vec<&Execution> = log.executions().iter().collect();
        let late = executions.windows(2).filter(|pair| pair[1].time < pair[0].time).count();
        // Stable: executions of the same time stay as the log has them.
        executions.sort_by_key(|own| own.time);
        let mut notes = Vec::new();
        if late > 0 {
            notes.push(format!("{} out of order in time: sorted", counted(late)));
        }
        let time = |own: Option<&&Execution>| own.map(|own| own.time.to_string()).unwrap_or_default();
        let (since, until) = (time(executions.first()), time(executions.last()));
        let number = executions.len();
        let mut by_skill: BTreeMap<&Arc<str>, Vec<&Execution>> = BTreeMap::new();
        for execution in executions {
            by_skill.entry(&execution.skill).or_default().push(execution);
        }
        let skills_total = by_skill.len();
        let mut skills: Vec<SkillHistory> = Vec::new();
        for executions in by_skill.into_values() {
            skills.push(judge(executions));
            // Not after each: so many are sorted again for as many that are new.
            if skills.len() >= 2 * SKILLS_MAX {
                keep_worst(&mut skills);
            }
        }
        keep_worst(&mut skills);
        if skills_total > skills.len() {
            notes.push(format!(
                "{} skills: the {} worst are shown, and none of the others is worse than those",
                crate::count(skills_total as u64),
                crate::count(skills.len() as u64)
            ));
        }
        Self {
            schema: Self::SCHEMA,
            id,
            version,
            executions: number,
            since,
            until,
            notes,
            verdict: skills.iter().map(|own| own.verdict).max().unwrap_or(Verdict::Inconclusive),
            skills,
        }
    }
}

fn judge(executions: Vec<&Execution>) -> SkillHistory {
    let case = Case::of(executions);
    let (invariants, triggers) = classes(&case);
    let findings: Vec<Finding> = invariants.values().flat_map(|own| own.findings.clone()).collect();
    let enough = case.executions.len() >= EXECUTIONS_MIN;
    let verdict = match Verdict::of(&findings, &triggers, false) {
        Verdict::Consistent | Verdict::Marginal if !enough => Verdict::Inconclusive,
        verdict => verdict,
    };
    let first = case.executions.first();
    let agents: BTreeSet<&Arc<str>> = case.executions.iter().filter_map(|own| own.agent.as_ref()).collect();
    let deviating: Vec<usize> =
        (0..case.executions.len()).filter(|at| !case.deviations[*at].is_empty()).collect();
    let shown = (0..case.executions.len().min(1)).chain(deviating.iter().copied().filter(|at| *at > 0));
    let mut per_run: Vec<HistoryRow> = Vec::new();
    for (index, run) in shown.clone().zip(super::case::numbers(shown)).take(ROWS_MAX) {
        per_run.push(HistoryRow::of(run, case.executions[index], &case.deviations[index]));
    }
    let told = per_run.iter().filter(|own| !own.differs.is_empty()).count();
    let mut history = SkillHistory {
        name: first.map(|own| own.skill.to_string()).unwrap_or_default(),
        agents: agents.into_iter().map(|own| own.to_string()).collect(),
        versions: versions::rows(&case),
        executions: case.executions.len(),
        since: first.map(|own| own.time.to_string()).unwrap_or_default(),
        until: case.executions.last().map(|own| own.time.to_string()).unwrap_or_default(),
        verdict,
        reason: String::new(),
        more: deviating.len().saturating_sub(told),
        detection_power: power(&case),
        recommendations: recommendations(&case, verdict, &triggers),
        invariants,
        triggers,
        per_run,
    };
    history.reason = reason(&history, enough);
    history
}

/// The eight classes, and what deviations may hang on.
fn classes(case: &Case<'_>) -> (BTreeMap<Class, Section>, Vec<Trigger>) {
    let (count, mut triggers) = count::section(case);
    let (environment, of_time) = environment::section(case);
    triggers.extend(of_time);
    let mut output = exact::section(case);
    let versions = versions::findings(case);
    if !versions.is_empty() {
        let worst = versions.iter().max_by_key(|own| own.severity).map(|own| own.what.clone());
        let mut findings = output.findings;
        let is_told = findings.iter().any(|own| own.severity > Severity::Info);
        let why = match worst {
            Some(worst) if !is_told => format!("{worst}; else {}", output.why),
            _ => output.why,
        };
        findings.extend(versions);
        output = Section::of(why, findings);
    }
    let invariants = [
        (Class::OutputDeterminism, output),
        (Class::ResourceUsage, resources::section(case)),
        (Class::SideEffects, effects::section(case)),
        (Class::ExecutionCount, count),
        (Class::Environment, environment),
        (Class::Envelope, envelope::section(case)),
        (
            Class::Performance,
            Section::not_checked("it takes inputs of chosen sizes: invar monitor makes them".into()),
        ),
        (
            Class::AuditTrail,
            Section::not_checked("a log is not signed: what is not in it is not missed".into()),
        ),
    ];
    (invariants.into_iter().collect(), triggers)
}

fn reason(history: &SkillHistory, enough: bool) -> String {
    let Some(worst) = history.worst() else {
        return match enough {
            true => {
                let changed = history.findings().find(|own| own.what.starts_with("changed with"));
                let changed = changed.map(|own| format!("; {}", own.what)).unwrap_or_default();
                let number = counted(history.executions);
                match history.more + history.per_run.iter().filter(|own| !own.differs.is_empty()).count() {
                    0 => format!("{number}, and none deviates{changed}"),
                    deviating => format!("{number}, of which {deviating} deviate as they may{changed}"),
                }
            }
            false => format!("{}; {EXECUTIONS_MIN} are needed", counted(history.executions)),
        };
    };
    match history.triggers.first() {
        Some(trigger) if worst.class != Class::ExecutionCount => {
            // Which executions, the pattern says better than their list.
            let what = worst.what.split_once(": ").filter(|(head, _)| head.starts_with("execution"));
            format!("{}: {}", trigger.condition, what.map_or(worst.what.as_str(), |(_, what)| what))
        }
        _ => worst.what.clone(),
    }
}

fn power(case: &Case<'_>) -> DetectionPower {
    let number = case.executions.len();
    let inputs: BTreeSet<_> = case.executions.iter().map(|own| &own.input).collect();
    let compared: usize = case.groups.iter().map(|group| group.members.len()).sum();
    let exact: usize = case.groups.iter().filter(|own| own.is_exact).map(|own| own.members.len()).sum();
    let conditions_tested = vec![
        match inputs.len() {
            1 => format!("{} with one input", counted(number)),
            inputs => format!("{} with {inputs} inputs", counted(number)),
        },
        format!(
            "{compared} of them against others with the same input, {exact} of those knowing what they were answered"
        ),
        "periods of 2 to 64, thresholds, hours and weekdays".into(),
    ];
    let mut untested: Vec<String> = [
        "reset, undo and counterfactual: nothing in a log can be run again, so nothing is confirmed",
        "what the log does not hold, or whoever wrote it left out",
        "variables, files and answers that never differed",
    ]
    .map(String::from)
    .to_vec();
    if exact < compared {
        untested.push("whether the answers from outside were the same (host_sha256)".into());
    }
    let runs = u32::try_from(number).unwrap_or(u32::MAX);
    let bound = match case.deviating() {
        0 => crate::report::rate_below(runs),
        fired => format!("{fired} of {number} executions deviate: no bound"),
    };
    DetectionPower { runs_direct: runs, conditions_tested, untested, bound, dormant: Vec::new() }
}

fn recommendations(case: &Case<'_>, verdict: Verdict, triggers: &[Trigger]) -> Vec<Recommendation> {
    let mut all = Vec::new();
    if verdict == Verdict::Consistent {
        return all;
    }
    let period = triggers.iter().filter_map(|own| own.period).max().unwrap_or(0);
    let runs = RUNS_MIN.max(2 * period + 1);
    all.push(Recommendation {
        what: format!(
            "make the runs again, with one thing otherwise at a time: invar monitor SKILL --runs {runs}, SKILL being where it lies"
        ),
        command: String::new(),
    });
    // Traces can be held against each other now.
    let named = |at: usize| case.executions[at].trace.as_deref();
    let is_new = |at: &usize| case.deviations[*at].iter().any(|own| matches!(own, Deviation::New(_)));
    let fired = (0..case.executions.len())
        .find(is_new)
        .or_else(|| case.deviations.iter().position(|own| !own.is_empty()));
    // The last one before it is the most like it: what later ones use is filled.
    let usual = fired.and_then(|fired| case.deviations[..fired].iter().rposition(Vec::is_empty));
    if let (Some(usual), Some(fired)) = (usual.and_then(named), fired.and_then(named)) {
        all.push(Recommendation {
            what: "see where it turns".into(),
            command: format!("invar diff {} {}", shell_word(usual), shell_word(fired)),
        });
    }
    all
}
