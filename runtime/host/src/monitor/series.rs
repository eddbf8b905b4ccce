//! The series: one for each input, and the worst of their reports.

use std::sync::Arc;

use invar_lab::{Cancel, Plan, Progress, Searching, SeriesInput};
use invar_monitor::{Declared, Judged, Report, Stored};
use invar_trace::{RunSummary, Trace};
use invar_world::Timestamp;

use super::{
    spec::MonitorSpec,
    subject::{baseline_key, subject},
};
use crate::{
    error::{Error, Outcome},
    host::{Host, LoadedSkill},
    ledger::now_ms,
    store::Store,
    world,
};

/// What a monitoring came to.
#[derive(Debug)]
pub struct Monitored {
    /// The report: the worst of all inputs.
    pub report: Report,
    /// Traces of the runs that the report refers to, by their numbers in the series.
    pub traces: Vec<(u32, Trace)>,
    /// The baseline that was measured, if it is worth keeping.
    pub baseline: Option<Stored>,
}

impl Monitored {
    /// Keeps the component and the traces, so that runs of the report can be replayed by their names, and the baseline.
    ///
    /// # Errors
    /// They cannot be written.
    pub fn keep(&self, store: &Store, skill: &LoadedSkill) -> Outcome<()> {
        store.put_component(skill.digest, &skill.files().component)?;
        store.put_traces(&self.report.id, &self.traces)?;
        match &self.baseline {
            Some(baseline) => store.put_baseline(skill.digest, baseline),
            None => Ok(()),
        }
    }
}

/// Runs the protocol once for each input. Returns with it what the audit trail keeps of all runs.
pub(super) fn execute(
    host: &Host,
    skill: &LoadedSkill,
    spec: &MonitorSpec,
    progress: &Watched<'_>,
) -> Outcome<(Monitored, Vec<RunSummary>)> {
    let plan = Plan { run_time: host.patience(Some(spec.plan.run_time)).time, ..spec.plan };
    let (subject, started_at) = (subject(host, skill, spec), now());
    let (mut baseline, mut judged): (Option<Stored>, Vec<Judged>) = (None, Vec::new());
    let (mut worst, mut summaries): (Option<invar_lab::Monitored>, _) = (None, Vec::new());
    let mut start = spec.start.clone();
    for (index, input) in spec.inputs.iter().enumerate() {
        if progress.is_interrupted() && index > 0 {
            break;
        }
        world::give(&mut start, input.bytes.clone());
        let declared = Declared {
            envelope: start.envelope_of_run().as_deref().cloned(),
            claims: skill.files().claims.bind(&start.bindings()),
            calls: skill
                .call_claims()
                .iter()
                .map(|(function, claims)| (function.clone(), claims.bind(&start.bindings())))
                .collect(),
        };
        // The other inputs show how cost grows, once.
        let others: Vec<Arc<[u8]>> = match index {
            0 => spec.inputs[1..].iter().map(|input| input.bytes.clone()).collect(),
            _ => Vec::new(),
        };
        let key = baseline_key(host, spec, input);
        let stored = spec.baselines.as_ref().and_then(|store| store.baseline(skill.digest, key));
        let mut monitored = invar_lab::monitor(
            host.engine(),
            skill,
            SeriesInput { start: &start, others: &others, stored: stored.as_ref() },
            declared,
            subject.clone(),
            plan,
            progress,
        )?;
        summaries.append(&mut monitored.summaries);
        // The first input is that of the skill: its baseline is the one to keep.
        if index == 0 && stored.is_none() {
            baseline = Stored::of(&monitored.report, key);
        }
        // An input that was cut short takes no other's place.
        if progress.is_interrupted() && index > 0 {
            break;
        }
        judged.push(Judged { input: input.name.clone(), verdict: monitored.report.verdict });
        if worst.as_ref().is_none_or(|worst| worst.report.verdict < monitored.report.verdict) {
            worst = Some(monitored);
        }
    }
    let invar_lab::Monitored { mut report, traces, .. } = worst.ok_or(Error::NoInputs)?;
    report.started_at = started_at;
    let left = spec.inputs.len() - judged.len();
    report.told_inputs(judged);
    report.cut_short(left);
    Ok((Monitored { report, traces, baseline }, summaries))
}

/// Host time to the second, for the head of a report: it is used for nothing else.
fn now() -> String {
    const NS_PER_S: u64 = 1_000_000_000;
    Timestamp((now_ms() / 1000).saturating_mul(NS_PER_S)).to_string()
}

/// Passes progress on to the caller, and the caller's wish to end to the lab.
pub(super) struct Watched<'a> {
    pub(super) progress: &'a dyn Progress,
    pub(super) cancel: Cancel,
}

impl Progress for Watched<'_> {
    fn run(&self, number: u32, of: u32) {
        self.progress.run(number, of);
    }

    fn followups(&self, completed: u32, asking: &str) {
        self.progress.followups(completed, asking);
    }

    fn search(&self, progress: &Searching, runs: u64) {
        self.progress.search(progress, runs);
    }

    fn is_interrupted(&self) -> bool {
        self.cancel.is_cancelled() || self.progress.is_interrupted()
    }

    fn cancel(&self) -> Cancel {
        self.cancel.clone()
    }

    fn done(&self) {
        self.progress.done();
    }
}
