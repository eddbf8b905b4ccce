//! The record of a monitoring: its runs, its verdict, and its position in the audit trail.

use invar_ledger::{
    Body, Hash, Head,
    body::{self, RunMode},
    verify::NOT_WITNESSED,
};
use invar_monitor::{Confidence, LedgerBlock, Report, Status};
use invar_trace::RunSummary;
use invar_world::Digest;

use super::{series::Monitored, spec::MonitorSpec};
use crate::{
    error::{Error, Outcome},
    host::{Host, LoadedSkill},
    ledger::{Ledger, RunIdentity, bounded, hash},
    recorded::Recorded,
};

/// Puts everything that was done on record, and notes its position in the report. Returns the audit trail, too, closed and
/// still locked.
pub(super) fn record(
    host: &Host,
    skill: &LoadedSkill,
    spec: &MonitorSpec,
    (mut monitored, summaries): (Monitored, Vec<RunSummary>),
) -> Outcome<(Recorded<Monitored>, Ledger)> {
    let report = &mut monitored.report;
    let identity = RunIdentity {
        skill: &skill.files().name,
        component: skill.digest,
        engine: host.engine().digest(),
        envelope: spec.envelope.as_deref().map(Digest::of),
        agent: spec.agent.as_deref(),
        report: Some(&report.id),
        place: RunMode::Lab,
    };
    let (verdict, head, ledger) =
        host.put_on_record(|ledger| match ledger.add_runs(&identity, &summaries)? {
            Some(first) => add_verdict(ledger, &identity, report, (first, summaries.len())).map(Some),
            None => Ok(None),
        })?;
    report.recorded(block(&ledger, head), Status::Pass, ledger.noticed().as_deref());
    // Without a run there is no verdict in the trail, and the last event is that its writer ended in order.
    Ok((Recorded::new(monitored, verdict.unwrap_or(head.size - 1)), ledger))
}

/// Adds the verdict on so many runs, from the `first` on. Returns its index.
fn add_verdict(
    ledger: &mut Ledger,
    identity: &RunIdentity<'_>,
    report: &Report,
    (first, runs): (u64, usize),
) -> Outcome<u64> {
    let findings: Vec<_> = report.findings().collect();
    let findings = serde_json::to_vec(&findings).map_err(|error| Error::Lost(error.to_string()))?;
    let confirmed =
        report.triggers.iter().filter(|trigger| trigger.confidence == Confidence::Confirmed).count();
    ledger.add(Body::Verdict(body::Verdict {
        component: hash(identity.component),
        report: report.id.clone(),
        verdict: report.verdict.to_string(),
        reason: bounded(&report.reason),
        first,
        runs: runs as u64,
        findings: Hash::of(&findings),
        confirmed: u32::try_from(confirmed).unwrap_or(u32::MAX),
    }))
}

/// The position of the added events, for a report.
fn block(ledger: &Ledger, head: Head) -> LedgerBlock {
    LedgerBlock {
        log_id: ledger.log().id().to_string(),
        first: ledger.first(),
        last: head.size - 1,
        head: head.root.to_string(),
        witnessed: false,
        trust_status: NOT_WITNESSED.into(),
    }
}
