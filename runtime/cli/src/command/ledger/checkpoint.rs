//! `invar ledger checkpoint`: publishes a checkpoint, and has it cosigned.

use super::trust::policy;
use crate::{
    args::CheckpointArgs,
    error::{Error, Outcome},
    exit,
    home::Home,
    out::Out,
    witnesses,
};

pub(super) fn checkpoint(home: &Home, args: &CheckpointArgs, out: &mut Out) -> Outcome {
    let policy = policy(&args.trust, Some(&home.ledger()))?;
    let signed = witnesses::publish(crate::ledger::open(home)?, home, &policy, out)?;
    out.result(&signed.to_string());
    let cosigned = policy.witnesses().iter().filter(|witness| signed.cosigned_by(&witness.key).is_some());
    match policy.satisfied_by(cosigned.map(|witness| &witness.key)) {
        true => Ok(exit::DONE),
        false => Err(Error::Audit("fewer witnesses cosigned than the policy requires".into())),
    }
}
