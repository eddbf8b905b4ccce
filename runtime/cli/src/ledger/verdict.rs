//! What the trail keeps of a report, and what a report says of the trail.

use invar_host::ledger::{Ledger, RunIdentity, bounded, hash};
use invar_ledger::{Body, Hash, Head, body, verify::NOT_WITNESSED};
use invar_monitor::{Confidence, LedgerBlock, Report, Status};

use super::trail::policy_beside;
use crate::{
    error::{Error, Outcome},
    home::Home,
    out::Out,
    witnesses,
};

/// Adds the verdict of a report.
pub(crate) fn add_verdict(
    ledger: &mut Ledger,
    identity: &RunIdentity<'_>,
    report: &Report,
    first: u64,
    runs: usize,
) -> Outcome<()> {
    let findings: Vec<_> = report.findings().collect();
    let findings = serde_json::to_vec(&findings).map_err(|error| Error::Internal(error.to_string()))?;
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
    }))?;
    Ok(())
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

/// Closes it, has it cosigned if there is a policy, and notes its position in the report. Returns the contradiction of a
/// witness, if there is one: the report exists in any case.
pub(crate) fn finish(
    mut ledger: Ledger,
    home: &Home,
    report: &mut Report,
    out: &mut Out,
) -> Outcome<Option<Error>> {
    let head = ledger.close()?;
    let noticed = ledger.noticed();
    let mut block = block(&ledger, head);
    let policy = policy_beside(&home.ledger())?;
    let Some(policy) = policy.filter(|policy| policy.witnesses().iter().any(|witness| witness.url.is_some()))
    else {
        report.recorded(block, Status::Pass, noticed.as_deref());
        return Ok(None);
    };
    match witnesses::publish(ledger, home, &policy, out) {
        Ok(signed) => {
            let cosigned = || {
                policy
                    .witnesses()
                    .iter()
                    .map(|witness| &witness.key)
                    .filter(|key| signed.cosigned_by(key).is_some())
            };
            if policy.satisfied_by(cosigned()) {
                let names: Vec<String> = cosigned().map(|key| key.name().to_string()).collect();
                block.witnessed = true;
                block.trust_status = format!("witnessed by {}", names.join(", "));
            }
            report.recorded(block, Status::Pass, noticed.as_deref());
            Ok(None)
        }
        Err(Error::Audit(against)) => {
            block.trust_status.clone_from(&against);
            report.recorded(block, Status::Fail, noticed.as_deref());
            Ok(Some(Error::Audit(against)))
        }
        Err(other) => Err(other),
    }
}
