//! Cosignatures of the audit trail, by the witnesses of its policy.

use invar_host::ledger::{Ledger, lock};
use invar_ledger::{LogError, Policy, SignedCheckpoint, disk::Directory, prove, published};
use invar_witness::{Client, CosignOutcome, cosign};

use crate::{
    error::{Error, Outcome},
    home::Home,
    ledger::{open, trail_error},
    out::Out,
};

/// Checkpoints that one witness is asked about at most: other commands may publish while it is asked.
const CHECKPOINTS_MAX: usize = 4;

/// Signs a checkpoint, and asks the witnesses of the policy that have an address. A witness that cannot be reached is a
/// warning; one that saw more or other events is an error.
///
/// The trail is unlocked before any witness is asked, so that no command waits. The witnesses cosign this checkpoint, or a
/// newer one that another command has published meanwhile.
pub(crate) fn publish(
    mut ledger: Ledger,
    home: &Home,
    policy: &Policy,
    out: &mut Out,
) -> Outcome<SignedCheckpoint> {
    let path = home.ledger();
    let failed = |error: LogError| trail_error(&path, error);
    let seen = published::read(ledger.log().disk())
        .map_err(failed)?
        .map_or(0, |published| published.checkpoint().size());
    let mut signed = ledger.log_mut().publish().map_err(failed)?;
    drop(ledger);
    let client = Client::new();
    let mut is_cosigned = false;
    for witness in policy.witnesses().iter().filter(|witness| witness.url.is_some()) {
        let mut cosigning = CosignOutcome::NoProof { size: 0 };
        for _ in 0..CHECKPOINTS_MAX {
            let (of, disk) = (signed.clone(), Directory::reading(&path));
            let prove = |old| {
                let checkpoint = of.checkpoint();
                prove::continues(&disk, old, (checkpoint.size(), checkpoint.root()))
            };
            cosigning = cosign(&client, witness, &mut signed, seen, prove);
            match &cosigning {
                // The nodes that proofs are made of are not signed; the events are.
                CosignOutcome::NoProof { .. } => open(home)?.log_mut().remake_nodes().map_err(failed)?,
                CosignOutcome::Rollback { .. } => {}
                _ => break,
            }
            // It may have seen what another command has published since.
            match published::read(&disk).map_err(failed)? {
                Some(newer) if newer.checkpoint().size() > signed.checkpoint().size() => {
                    (signed, is_cosigned) = (newer, false);
                }
                _ if matches!(cosigning, CosignOutcome::Rollback { .. }) => break,
                _ => {}
            }
        }
        let size = signed.checkpoint().size();
        match cosigning.message(witness.key.name(), size, &path.display().to_string()) {
            None => is_cosigned = true,
            Some(message) if cosigning.is_contradiction() => return Err(Error::Audit(message)),
            Some(message) => out.warning(&message),
        }
    }
    if is_cosigned {
        keep(home, policy, &mut signed)?;
    }
    Ok(signed)
}

/// Stores cosignatures with those that another command got for the same checkpoint. If a newer one was published meanwhile,
/// the command that published it has it cosigned.
fn keep(home: &Home, policy: &Policy, signed: &mut SignedCheckpoint) -> Outcome<()> {
    let path = home.ledger();
    let failed = |error: LogError| trail_error(&path, error);
    let mut disk = lock(&path)?;
    let Some(published) = published::read(&disk).map_err(failed)? else { return Ok(()) };
    if published.checkpoint() != signed.checkpoint() {
        return Ok(());
    }
    for signature in published.note().signatures() {
        for witness in policy.witnesses() {
            if signed.cosigned_by(&witness.key).is_some() {
                continue;
            }
            signed
                .add_cosignature(signature, &witness.key)
                .map_err(|error| Error::Input(format!("the audit trail in {}: {error}", path.display())))?;
        }
    }
    published::keep(&mut disk, signed).map_err(failed)
}
