//! The report on logs, as its JSON has it: `docs/schema/invar-history-1.json`.

use std::collections::BTreeMap;

use invar_monitor::{
    Class, DetectionPower, Deviation, Finding, Recommendation, Section, Severity, Trigger, Verdict,
};
use serde::Serialize;

use crate::{execution::Execution, wording::effects_of};

/// The report on logs.
#[derive(Debug, Clone, Serialize)]
pub struct History {
    /// Name and version of this form.
    pub schema: &'static str,
    /// From everything it depends on: the same logs and arguments give the same.
    pub id: String,
    /// Of Invar.
    pub version: String,
    /// Executions that were judged.
    pub executions: usize,
    /// The first of them.
    pub since: String,
    /// The last of them.
    pub until: String,
    /// Notes on the logs.
    pub notes: Vec<String>,
    /// The worst of all skills.
    pub verdict: Verdict,
    /// The skills, the worst first.
    pub skills: Vec<SkillHistory>,
}

/// The report on the executions of one skill.
#[derive(Debug, Clone, Serialize)]
pub struct SkillHistory {
    /// Its name.
    pub name: String,
    /// Who executed it; empty if the log does not say.
    pub agents: Vec<String>,
    /// Its versions, in the order in which they were first executed.
    pub versions: Vec<VersionRow>,
    /// How often it was executed.
    pub executions: usize,
    /// The first time.
    pub since: String,
    /// The last time.
    pub until: String,
    /// The verdict.
    pub verdict: Verdict,
    /// Why, in one line.
    pub reason: String,
    /// The eight classes.
    pub invariants: BTreeMap<Class, Section>,
    /// What deviations may depend on. All are suspected.
    pub triggers: Vec<Trigger>,
    /// The first execution, and those that deviate.
    pub per_run: Vec<HistoryRow>,
    /// Executions that deviate and are not listed above.
    pub more: usize,
    /// What the log could show.
    pub detection_power: DetectionPower,
    /// What to do.
    pub recommendations: Vec<Recommendation>,
}

impl SkillHistory {
    /// All findings, in the order of the classes.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.invariants.values().flat_map(|section| &section.findings)
    }

    /// The first of the worst findings, unless that is information.
    #[must_use]
    pub fn worst(&self) -> Option<&Finding> {
        let worst = self.findings().map(|finding| finding.severity).max()?;
        self.findings().find(|finding| finding.severity == worst && worst > Severity::Info)
    }
}

/// A version, as it was executed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VersionRow {
    /// Empty if the log does not say.
    pub version: String,
    /// SHA-256 of its file.
    pub component_sha256: Option<String>,
    /// How often it was executed.
    pub executions: usize,
    /// The first time.
    pub since: String,
    /// The last time.
    pub until: String,
}

/// One execution.
#[derive(Debug, Clone, Serialize)]
pub struct HistoryRow {
    /// Its number among all of the skill, in order of time, from 1.
    pub run: u32,
    /// When it started.
    pub time: String,
    /// Who executed it.
    pub agent: Option<String>,
    /// Which version.
    pub version: String,
    /// Its exit status, if it has one.
    pub exit: Option<u8>,
    /// Fuel.
    pub fuel: Option<u64>,
    /// Largest sum of all memories.
    pub memory_peak_bytes: Option<u64>,
    /// Bytes to the network.
    pub network_sent: Option<u64>,
    /// SHA-256 of its input.
    pub input_sha256: String,
    /// SHA-256 of its output.
    pub output_sha256: String,
    /// What it did.
    pub effects: Vec<String>,
    /// The lines that its envelope lacks for it.
    pub violations: Option<Vec<String>>,
    /// How it differs, in words; nothing if it does not.
    pub differs: Vec<String>,
    /// The trace it was read from.
    pub trace: Option<String>,
}

impl HistoryRow {
    pub(crate) fn of(run: u32, execution: &Execution, deviations: &[Deviation]) -> Self {
        Self {
            run,
            time: execution.time.to_string(),
            agent: execution.agent.as_deref().map(str::to_owned),
            version: execution.version.to_string(),
            exit: execution.ending.status(),
            fuel: execution.costs.fuel,
            memory_peak_bytes: execution.costs.memory_peak_bytes,
            network_sent: execution.costs.network_sent,
            input_sha256: execution.input.to_string(),
            output_sha256: execution.output.to_string(),
            effects: execution.activity.effects.iter().map(ToString::to_string).collect(),
            violations: execution.activity.violations.as_ref().map(|lines| lines.iter().cloned().collect()),
            differs: deviations
                .iter()
                .flat_map(|deviation| effects_of(deviation, &execution.ending))
                .collect(),
            trace: execution.trace.as_deref().map(str::to_owned),
        }
    }
}
