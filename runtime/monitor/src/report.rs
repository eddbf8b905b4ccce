//! The report, as its JSON says it.

use std::collections::{BTreeMap, BTreeSet};

use invar_trace::CallEnd;
use invar_world::Timestamp;
use serde::Serialize;

use crate::{
    BASELINE_RUNS, Baseline, Class, Coverage, EnvelopeRow, Finding, Lab, Row, Scaling, Section, Status,
    Trigger, Verdict,
    needs::Need,
    results::{Investigation, Performance, SearchSummary},
    text,
};

/// Everything a monitoring came to.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Name and version of this form.
    pub schema: &'static str,
    /// From everything the report depends on: the same arguments and seed give the same.
    pub id: String,
    /// Host time.
    pub started_at: String,
    /// Who was monitored.
    pub skill: SkillId,
    /// With what.
    pub engine: EngineId,
    /// The world's seed.
    pub seed: u64,
    /// Runs of the series.
    pub runs: u32,
    /// Runs made to follow up.
    pub followups: u32,
    /// What it comes to.
    pub verdict: Verdict,
    /// Why, in one line.
    pub reason: String,
    /// The part of that which decides the verdict: the condition of a pattern, or the first of the worst findings.
    #[serde(skip)]
    pub deciding: String,
    /// The eight classes.
    pub invariants: BTreeMap<Class, Section>,
    /// What sets deviations off.
    pub triggers: Vec<Trigger>,
    /// The runs.
    pub per_run: Vec<RunRow>,
    /// What this protocol could see.
    pub detection_power: DetectionPower,
    /// What to do.
    pub recommendations: Vec<Recommendation>,
    /// Where the runs are in the audit trail; none if nothing keeps one.
    pub ledger: Option<LedgerBlock>,
    /// How much of the skill was looked at.
    pub coverage: Coverage,
    /// What the search for conditions took, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search: Option<Effort>,
    /// Moments that were tried, and whether the skill behaves differently at them.
    #[serde(skip)]
    pub moments: Vec<(Timestamp, bool)>,
    /// Fuel by bytes of input, if sizes were tried: of the run, or of each function of a tool skill that was measured.
    #[serde(skip)]
    pub scaling: Vec<Scaling>,
    /// What is declared and what was seen, if anything is declared.
    #[serde(skip)]
    pub columns: Vec<EnvelopeRow>,
    /// What the runs did that the envelope does not declare, as the lines that would declare it.
    #[serde(skip)]
    pub needs: Vec<Need>,
    /// The inputs that the protocol ran on, each by itself, if there were several.
    #[serde(skip)]
    pub inputs: Vec<Judged>,
    /// Host time that all of it took; for information, never a finding.
    #[serde(skip)]
    pub real_ms: u64,
    /// The runs, with what the plots and tables of other forms need.
    #[serde(skip)]
    pub rows: Vec<Row>,
    /// What they were compared with.
    #[serde(skip)]
    pub baseline: Baseline,
}

impl Report {
    /// Name and version of the JSON form.
    pub const SCHEMA: &'static str = "invar-report/1";

    /// This report is the worst of several, one for each input: says so.
    pub fn told_inputs(&mut self, judged: Vec<Judged>) {
        if judged.len() > 1 {
            let each: Vec<String> = judged
                .iter()
                .map(|judged| format!("{}: {}", judged.input.escape_debug(), judged.verdict))
                .collect();
            self.detection_power.conditions_tested.push(format!(
                "{} inputs, each from the initial files ({})",
                judged.len(),
                each.join(", ")
            ));
            self.inputs = judged;
        }
    }

    /// So many of several inputs were not tried to the end, since the user wanted no more runs: what was found stands,
    /// and that nothing was found says nothing.
    pub fn cut_short(&mut self, inputs: usize) {
        if inputs == 0 {
            return;
        }
        let left = format!("{} not tried to the end", text::several(inputs, "inputs"));
        if self.verdict < Verdict::Inconclusive {
            self.verdict = Verdict::Inconclusive;
            self.reason = format!("it was interrupted, {left}; of the others: {}", self.reason);
        }
        self.detection_power.untested.insert(0, left.clone());
        let partial = format!("partial: it was interrupted, {left}");
        self.coverage.limits.retain(|limit| !limit.starts_with("partial: "));
        self.coverage.limits.insert(0, partial);
    }

    /// Adds where the runs are on record and its status, with a note if something was noticed on the way.
    pub fn recorded(&mut self, ledger: LedgerBlock, status: Status, noticed: Option<&str>) {
        let LedgerBlock { first, last, trust_status, .. } = &ledger;
        let noticed = noticed.map(|text| format!("; {text}")).unwrap_or_default();
        let why = format!("events {first}–{last} chained and signed; {trust_status}{noticed}");
        let section = Section { status, why, findings: Vec::new() };
        self.invariants.insert(Class::AuditTrail, section);
        self.coverage.count_classes(&self.invariants);
        self.ledger = Some(ledger);
    }

    /// All findings, in the order of the classes.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.invariants.values().flat_map(|section| &section.findings)
    }
}

/// Where the runs of a report are in the audit trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LedgerBlock {
    /// The log.
    pub log_id: String,
    /// Index of the first event.
    pub first: u64,
    /// Of the last one.
    pub last: u64,
    /// Root of the tree over all events up to the last one.
    pub head: String,
    /// Whether as many witnesses as the policy asks for cosigned that.
    pub witnessed: bool,
    /// The same in words.
    #[serde(skip)]
    pub trust_status: String,
}

/// What a search for conditions took, over all runs that it began with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Effort {
    /// Runs of the instrumented copy.
    pub runs: u64,
    /// Comparisons that depend on inputs of a run.
    pub comparisons: usize,
    /// Those of them that never flipped.
    pub open: usize,
    /// Host time, without that of making the copy; for information, never a finding.
    pub ms: u64,
}

impl Effort {
    pub(crate) fn of(looked: &SearchSummary, runs: u64) -> Option<Self> {
        let SearchSummary { comparisons, open, ms, .. } = *looked;
        (runs > 0).then_some(Self { runs, comparisons, open, ms })
    }
}

/// What one of several inputs came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// What the user called it.
    pub input: String,
    /// What it came to.
    pub verdict: Verdict,
}

/// Who was monitored.
#[derive(Debug, Clone, Serialize)]
pub struct SkillId {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Who published it.
    pub publisher: String,
    /// SHA-256 of its file.
    pub component_sha256: String,
    /// SHA-256 of its envelope; empty if nothing is declared.
    pub envelope_sha256: String,
}

/// The engine.
#[derive(Debug, Clone, Serialize)]
pub struct EngineId {
    /// Of Invar.
    pub version: String,
    /// SHA-256 of everything in the engine that results depend on.
    pub config_sha256: String,
}

/// One run of the series.
#[derive(Debug, Clone, Serialize)]
pub struct RunRow {
    /// Its number, from 1.
    pub run: u32,
    /// Its exit status; none if it came to none.
    pub exit: Option<u8>,
    /// Fuel.
    pub fuel: u64,
    /// Largest sum of all memories.
    pub memory_peak_bytes: u64,
    /// SHA-256 of standard output.
    pub output_sha256: String,
    /// Calls through the membrane.
    pub host_calls: u64,
    /// Virtual time.
    pub virtual_ms: u64,
    /// Host time; for information, never a finding.
    pub real_ms: u64,
    /// Bytes through the membrane.
    pub bytes: RunBytes,
    /// What it did.
    pub effects: Vec<String>,
    /// The lines that its envelope lacks for it.
    pub violations: Vec<String>,
    /// The calls of a tool skill, in order. Left out if its entry point is another.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<CallRow>,
}

/// One call of a run.
#[derive(Debug, Clone, Serialize)]
pub struct CallRow {
    /// The function, by its name in full.
    pub function: String,
    /// `value`, `error`, `stopped` if the run ended in it, `not-made` if the run ended before it.
    pub result: &'static str,
    /// Fuel.
    pub fuel: u64,
    /// Calls through the membrane.
    pub host_calls: u64,
    /// SHA-256 of its result.
    pub output_sha256: String,
}

impl CallRow {
    fn of(call: &CallEnd) -> Self {
        Self {
            function: call.function.clone(),
            result: call.result.as_str(),
            fuel: call.fuel,
            host_calls: call.events,
            output_sha256: call.output.digest.to_string(),
        }
    }
}

/// Bytes through the membrane.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct RunBytes {
    /// From files.
    pub file_read: u64,
    /// To files.
    pub file_written: u64,
    /// To the network.
    pub network_sent: u64,
    /// From the network.
    pub network_received: u64,
}

impl RunRow {
    pub(crate) fn of(row: &Row) -> Self {
        const NS_PER_MS: u64 = 1_000_000;
        let bytes = row.resources.bytes;
        Self {
            run: row.run,
            exit: row.ending.status(),
            fuel: row.resources.fuel,
            memory_peak_bytes: row.resources.memory_peak_bytes,
            output_sha256: row.stdout.digest.to_string(),
            host_calls: row.resources.host_calls,
            virtual_ms: row.resources.virtual_ns / NS_PER_MS,
            real_ms: 0,
            bytes: RunBytes {
                file_read: bytes.file_read,
                file_written: bytes.file_written,
                network_sent: bytes.network_sent,
                network_received: bytes.network_received,
            },
            effects: row.run_effects.effects.iter().map(ToString::to_string).collect(),
            violations: row.run_effects.violations.keys().map(ToString::to_string).collect(),
            calls: row.tool_calls.iter().map(CallRow::of).collect(),
        }
    }
}

/// What this protocol could have seen, and what not.
#[derive(Debug, Clone, Serialize)]
pub struct DetectionPower {
    /// Runs made in a row.
    pub runs_direct: u32,
    /// What was varied.
    pub conditions_tested: Vec<String>,
    /// What was not.
    pub untested: Vec<String>,
    /// What the clean runs bound.
    pub bound: String,
    /// Code that a search never executed and that could do something. Left out if there is none: of most protocols
    /// nothing is known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dormant: Vec<String>,
}

/// Functions of a tool skill whose cost by size is not known.
fn left_out(performance: &Performance) -> Vec<String> {
    const SHOWN_MAX: usize = 8;
    let line = |(name, why): (&str, &str)| format!("the cost of {} by size: {why}", name.escape_debug());
    let mut lines: Vec<String> = performance.left_out().take(SHOWN_MAX).map(line).collect();
    let more = performance.left_out().count().saturating_sub(SHOWN_MAX);
    if more > 0 {
        lines.push(format!("the cost of {} by size", text::several(more, "more functions")));
    }
    lines
}

impl DetectionPower {
    /// Of a protocol that could say nothing.
    pub(crate) fn none(runs: u32) -> Self {
        let untested = vec!["everything: too few runs came to an end without failing".into()];
        Self {
            runs_direct: runs,
            conditions_tested: Vec::new(),
            untested,
            bound: "none".into(),
            dormant: Vec::new(),
        }
    }

    pub(crate) fn of(runs: u32, investigation: &Investigation, lab: &dyn Lab) -> Self {
        let mut conditions_tested = vec![
            format!("execution counts 1 to {runs}"),
            format!("periods up to {}", runs / 2),
            format!("{runs} start times from {} to {}", lab.started(1), lab.started(runs)),
            format!("{runs} random seeds"),
        ];
        if investigation.groups.iter().any(|group| !group.attributions.is_empty()) {
            conditions_tested.push("each changed file as an earlier run found it".into());
        }
        if !investigation.envelope.variables.is_empty() {
            conditions_tested.push(format!(
                "without each of {} undeclared variables",
                investigation.envelope.variables.len()
            ));
        }
        let environment = &investigation.environment;
        conditions_tested.extend(environment.tried.iter().map(|(name, number)| text::several(*number, name)));
        for measured in &investigation.performance.series {
            let sizes = &measured.points;
            let (Some((least, _)), Some((most, _))) = (sizes.first(), sizes.last()) else { continue };
            let of = measured.function.as_ref().map(|name| format!(" of {}", name.escape_debug()));
            conditions_tested.push(format!(
                "{} input sizes{} from {} to {}",
                sizes.len(),
                of.unwrap_or_default(),
                text::bytes(*least),
                text::bytes(*most)
            ));
        }
        if !environment.unnoticed.is_empty() {
            conditions_tested
                .push(format!("{} need no test: it does not read them", environment.unnoticed.join(", ")));
        }
        let mut untested: Vec<String> = match investigation.searched.runs {
            0 => [
                "execution counts above those, unless a kept file holds them",
                "dates between those tried that last less than a day",
                "values of variables, files and answers that no list holds",
                "several conditions at once",
                "inputs with another content",
            ]
            .map(String::from)
            .to_vec(),
            _ => [
                "values that it hashes or decrypts before it compares them",
                "its behaviour on inputs of another kind",
            ]
            .map(String::from)
            .to_vec(),
        };
        if investigation.searched.runs > 0 {
            conditions_tested.push(format!(
                "{} comparisons that depend on its inputs, in {} runs of a search: {} of them never flipped",
                investigation.searched.comparisons, investigation.searched.runs, investigation.searched.open
            ));
        }
        if !investigation.searched.literals.is_empty() {
            conditions_tested.push(literals(&investigation.searched.literals));
        }
        if investigation.searched.forward > runs {
            conditions_tested.push(format!("execution counts up to {}", investigation.searched.forward));
        }
        let apart = investigation.searched.apart.iter();
        conditions_tested.extend(apart.map(|(apart, made)| {
            format!("{} with {apart} between two of them", text::several(*made as usize, "further runs"))
        }));
        if investigation.searched.is_forward_cut {
            untested.push(format!(
                "execution counts above {}: the budget for further runs was used up",
                investigation.searched.forward.max(runs)
            ));
        }
        untested.extend(environment.untried.iter().map(|name| format!("all of the {name}")));
        untested.dedup();
        untested.extend(left_out(&investigation.performance));
        if investigation.faults.left_out > 0 {
            untested.push(format!("{} more faults", investigation.faults.left_out));
        }
        let ended = investigation.searched.ended.iter();
        untested.extend(ended.map(|why| format!("the rest of the search for conditions: {why}")));
        if lab.is_interrupted() {
            untested.insert(0, "the questions that were left when it was interrupted".into());
        } else if let Some(spent) = investigation.out_of_budget {
            untested.insert(0, format!("the questions that were left: {spent}"));
        }
        Self {
            runs_direct: runs,
            conditions_tested,
            untested,
            bound: bound(investigation, runs),
            dormant: investigation.dormant.iter().map(ToString::to_string).collect(),
        }
    }
}

/// What was tried of a script, with the first of it.
fn literals(all: &[String]) -> String {
    const SHOWN_MAX: usize = 12;
    let shown: Vec<String> =
        all.iter().take(SHOWN_MAX).map(|literal| text::quoted(literal.as_bytes())).collect();
    let rest = if all.len() > SHOWN_MAX { ", …" } else { "" };
    let number = text::several(all.len(), "literals");
    format!("{number} of its script, as names and as values ({}{rest})", shown.join(", "))
}

/// What the runs bound, if none of them deviates.
fn bound(investigation: &Investigation, runs: u32) -> String {
    // A first run that fills a cache is no trigger.
    let later = investigation.groups.iter().filter(|group| group.runs.iter().any(|run| *run > BASELINE_RUNS));
    match later.flat_map(|group| &group.runs).collect::<BTreeSet<_>>().len() {
        0 => rate_below(runs),
        fired => format!("{fired} of {runs} runs deviate: no bound"),
    }
}

/// With `runs` clean runs a trigger that fires at random fires less often than this, 19 times of 20:
/// 1 − 0.05^(1/n), the exact one-sided bound of a binomial with no event.
#[must_use]
pub fn rate_below(runs: u32) -> String {
    format!("trigger rate below {:.2} at 95 %", 1.0 - 0.05f64.powf(1.0 / f64::from(runs.max(1))))
}

/// Something to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recommendation {
    /// What for.
    pub what: String,
    /// The command that does it; empty if it is not one.
    pub command: String,
}

#[cfg(test)]
mod tests {
    use super::rate_below;

    #[test]
    fn the_bound_is_that_of_a_binomial_without_an_event() {
        assert_eq!(rate_below(20), "trigger rate below 0.14 at 95 %");
        assert_eq!(rate_below(100), "trigger rate below 0.03 at 95 %");
    }
}
