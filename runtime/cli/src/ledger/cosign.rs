//! Cosignatures of the trail as a report left it.

use invar_host::ledger::Ledger;
use invar_monitor::{Report, Status};

use super::trail::policy_beside;
use crate::{
    error::{Error, Outcome},
    home::Home,
    out::Out,
    witnesses,
};

/// Has the audit trail cosigned as the report of a monitoring left it, if there is a policy with witnesses to ask, and notes
/// that in the report. Returns the contradiction of a witness, if there is one: the report exists in any case.
pub(crate) fn witness(
    ledger: Ledger,
    home: &Home,
    report: &mut Report,
    out: &mut Out,
) -> Outcome<Option<Error>> {
    let policy = policy_beside(&home.ledger())?;
    let asked = policy.filter(|policy| policy.witnesses().iter().any(|witness| witness.url.is_some()));
    let (Some(policy), Some(mut block)) = (asked, report.ledger.clone()) else { return Ok(None) };
    let noticed = ledger.noticed();
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
