//! Having the audit trail cosigned by those whom its policy names.

use invar_ledger::{LogError, Policy, SignedCheckpoint, disk::Directory, prove, published};
use invar_witness::{Client, CosignOutcome, cosign};

use crate::{
    error::{Error, Outcome},
    home::Home,
    ledger::{Ledger, lock, told},
    out::Out,
};

/// Checkpoints that one witness is asked about at most: other commands may publish while it is asked.
const CHECKPOINTS_MAX: usize = 4;

/// Signs where the trail stands, and asks the witnesses of the policy that are somewhere. Those that were not reached are
/// told of; one that saw more than is here, or something else, is an error.
///
/// Nobody waits for the trail meanwhile: it is released before anybody is asked. What is cosigned is where it stood then, or
/// where another command has published since that it stands.
pub(crate) fn publish(
    mut ledger: Ledger,
    home: &Home,
    policy: &Policy,
    out: &mut Out,
) -> Outcome<SignedCheckpoint> {
    let path = home.ledger();
    let failed = |error: LogError| told(&path, &error);
    let seen =
        published::read(ledger.log().disk()).map_err(failed)?.map_or(0, |last| last.checkpoint().size());
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
                CosignOutcome::NoProof { .. } => {
                    Ledger::open(home)?.log_mut().remake_nodes().map_err(failed)?
                }
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
            Some(told) if cosigning.is_contradiction() => return Err(Error::Audit(told)),
            Some(told) => out.warning(&told),
        }
    }
    if is_cosigned {
        keep(home, policy, &mut signed)?;
    }
    Ok(signed)
}

/// Keeps cosignatures beside those that another command has got for the same checkpoint; where a newer one was published
/// since, that one is cosigned by whoever published it.
fn keep(home: &Home, policy: &Policy, signed: &mut SignedCheckpoint) -> Outcome<()> {
    let path = home.ledger();
    let failed = |error: LogError| told(&path, &error);
    let mut disk = lock(&path)?;
    let Some(last) = published::read(&disk).map_err(failed)? else { return Ok(()) };
    if last.checkpoint() != signed.checkpoint() {
        return Ok(());
    }
    for signature in last.note().signatures() {
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
