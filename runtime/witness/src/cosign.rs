//! Having a checkpoint cosigned, for a log.

use invar_ledger::{Hash, SignedCheckpoint, VerifierKey, note::KeyName, policy::PolicyWitness};

use crate::{
    client::{Client, Reply, Unreachable},
    request::AddCheckpoint,
};

/// Requests to one witness at most, for one checkpoint: one that tells another size each time is given up. Two are enough
/// if nobody else asks it at the same time.
pub const ATTEMPTS_MAX: usize = 4;

/// What came of asking a witness. What it says of sizes is not signed: it is a reason to look, and no proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CosignOutcome {
    /// It cosigned, and the cosignature is in the checkpoint now.
    Witnessed {
        /// When, in seconds since 1970.
        time_s: u64,
    },
    /// It says that it cosigned a checkpoint with more leaves than the log has: the log lost some, or was put back.
    Rollback {
        /// How many it saw.
        size: u64,
    },
    /// It says that it cosigned another root of so many leaves: somebody showed it another log with this key, or leaves
    /// were changed.
    SplitView {
        /// How many leaves, at most as many as the checkpoint has.
        size: u64,
    },
    /// It cosigned a checkpoint to which the log cannot make a proof.
    NoProof {
        /// How many leaves that one had.
        size: u64,
    },
    /// It was not reached, or is not at a URL.
    Unreachable {
        /// Why.
        why: String,
    },
    /// It does not cosign, as it does not know the log or does not keep to the protocol.
    Refused {
        /// The status of HTTP.
        status: u16,
        /// What it says, escaped.
        text: String,
    },
}

impl CosignOutcome {
    /// Whether the witness says that it saw what the log does not have.
    #[must_use]
    pub fn is_contradiction(&self) -> bool {
        matches!(self, Self::Rollback { .. } | Self::SplitView { .. })
    }

    /// What its user is told of the witness of that name, which was asked to cosign a checkpoint of `size` events of the log
    /// in `place`; nothing if it did.
    #[must_use]
    pub fn message(&self, witness: &KeyName, size: u64, place: &str) -> Option<String> {
        Some(match self {
            Self::Witnessed { .. } => return None,
            Self::Rollback { size: told } => format!(
                "rolled back: the witness {witness} saw {told} events of this audit trail, and {size} are in {place}: it \
                 was cut, or put back from an old copy"
            ),
            Self::SplitView { size: told } => format!(
                "split view: the witness {witness} saw {told} events of this audit trail that are not the first {told} in \
                 {place}: its key signed two histories"
            ),
            Self::NoProof { size: told } => format!(
                "the witness {witness} saw {told} events, and nothing shows that these go on from there"
            ),
            Self::Unreachable { why } => why.clone(),
            Self::Refused { status, text } => {
                format!("the witness {witness} does not cosign ({status}): {text}")
            }
        })
    }
}

/// Has the witness cosign the checkpoint. `seen` is the size that it is thought to have cosigned last, 0 if nothing is
/// known; `prove` makes the proof of consistency from a smaller size to the checkpoint's, which the log can make for sizes
/// that it had.
#[must_use]
pub fn cosign(
    client: &Client,
    witness: &PolicyWitness,
    checkpoint: &mut SignedCheckpoint,
    seen: u64,
    prove: impl Fn(u64) -> Option<Vec<Hash>>,
) -> CosignOutcome {
    let Some(url) = witness.url.as_ref().and_then(|url| url.as_str()) else {
        let why = format!("the policy has no URL for the witness {}; add it to its line", witness.name);
        return CosignOutcome::Unreachable { why };
    };
    converse(|request| client.add_checkpoint(url, request), &witness.key, checkpoint, seen, prove)
}

/// The same, with whatever carries the requests.
fn converse(
    mut send: impl FnMut(&AddCheckpoint) -> Result<Reply, Unreachable>,
    key: &VerifierKey,
    checkpoint: &mut SignedCheckpoint,
    seen: u64,
    prove: impl Fn(u64) -> Option<Vec<Hash>>,
) -> CosignOutcome {
    let size = checkpoint.checkpoint().size();
    let mut old = seen.min(size);
    for _ in 0..ATTEMPTS_MAX {
        // From nothing, and to itself, the proof is empty.
        let proof = if old == 0 || old == size { Some(Vec::new()) } else { prove(old) };
        let request = proof.and_then(|proof| AddCheckpoint::new(old, proof, checkpoint.clone()).ok());
        let Some(request) = request else { return CosignOutcome::NoProof { size: old } };
        match send(&request) {
            Err(unreachable) => return CosignOutcome::Unreachable { why: unreachable.to_string() },
            Ok(Reply::Cosigned(signatures)) => {
                for signature in &signatures {
                    if let Ok(true) = checkpoint.add_cosignature(signature, key)
                        && let Some(time_s) = checkpoint.cosigned_by(key)
                    {
                        return CosignOutcome::Witnessed { time_s };
                    }
                }
                let text = format!("it sent no cosignature of this checkpoint by {}", key.name());
                return CosignOutcome::Refused { status: 200, text };
            }
            Ok(Reply::Conflict { size: Some(told) }) if told > size => {
                return CosignOutcome::Rollback { size: told };
            }
            // It has that size and does not take this root.
            Ok(Reply::Conflict { size: None }) if old == size => return CosignOutcome::SplitView { size },
            Ok(Reply::Conflict { size: Some(told) }) if told == old && old == size => {
                return CosignOutcome::SplitView { size };
            }
            Ok(Reply::Conflict { size: Some(told) }) if told != old => old = told,
            Ok(Reply::Conflict { .. }) => {
                let text = format!("it does not say which size it has instead of {old}");
                return CosignOutcome::Refused { status: 409, text };
            }
            // The proof leads from our root of that size, so it has another.
            Ok(Reply::Refused { status: 422, .. }) if old > 0 => {
                return CosignOutcome::SplitView { size: old };
            }
            Ok(Reply::Refused { status, text }) => return CosignOutcome::Refused { status, text },
        }
    }
    let text = format!("it told another size each of {ATTEMPTS_MAX} times");
    CosignOutcome::Refused { status: 409, text }
}

#[cfg(test)]
mod tests;
