//! From a log to a ranking of skills.

use std::{cmp::Reverse, collections::BTreeMap, sync::Arc};

use invar_monitor::{Verdict, count};

use crate::{
    execution::Execution,
    log::Log,
    report::{History, SkillHistory},
    skill,
    wording::counted,
};

/// Skills that a report holds, the worst ones. Each takes some ten kilobytes: stops a log that names another skill in
/// every line from filling memory.
const SKILLS_MAX: usize = 1_000;

/// Sorts by how bad they are, and drops those past the limit. Equal ones stay in their order.
fn keep_worst(skills: &mut Vec<SkillHistory>) {
    skills.sort_by_cached_key(|skill| {
        let worst = skill.worst().map(|finding| finding.severity);
        (Reverse(skill.verdict), Reverse(worst), Reverse(skill.executions))
    });
    skills.truncate(SKILLS_MAX);
}

impl History {
    /// Name and version of the JSON form.
    pub const SCHEMA: &'static str = "invar-history/1";

    /// Judges a log. `id` names the report, `version` is Invar's.
    #[must_use]
    pub fn of(log: &Log, id: String, version: String) -> Self {
        let mut executions: Vec<&Execution> = log.executions().iter().collect();
        let late = executions.windows(2).filter(|pair| pair[1].time < pair[0].time).count();
        // Stable: executions of the same time stay in the order of the log.
        executions.sort_by_key(|execution| execution.time);
        let mut notes = Vec::new();
        if late > 0 {
            notes.push(format!("{} out of order in time: sorted", counted(late)));
        }
        let time = |execution: Option<&&Execution>| {
            execution.map(|execution| execution.time.to_string()).unwrap_or_default()
        };
        let (since, until) = (time(executions.first()), time(executions.last()));
        let number = executions.len();
        let mut by_skill: BTreeMap<&Arc<str>, Vec<&Execution>> = BTreeMap::new();
        for execution in executions {
            by_skill.entry(&execution.skill).or_default().push(execution);
        }
        let skills_total = by_skill.len();
        let mut skills: Vec<SkillHistory> = Vec::new();
        for executions in by_skill.into_values() {
            skills.push(skill::judge(executions));
            // Not after each skill: sorting is paid for by as many new ones.
            if skills.len() >= 2 * SKILLS_MAX {
                keep_worst(&mut skills);
            }
        }
        keep_worst(&mut skills);
        if skills_total > skills.len() {
            notes.push(format!(
                "{} skills: the {} worst are shown, and none of the others is worse than those",
                count(skills_total as u64),
                count(skills.len() as u64)
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
            verdict: skills.iter().map(|skill| skill.verdict).max().unwrap_or(Verdict::Inconclusive),
            skills,
        }
    }
}
