//! Whether a witness cosigns.

use invar_ledger::{Checkpoint, Hash, text::quoted, tree::extends};
use thiserror::Error;

use crate::{logs::Logs, request::AddCheckpoint};

/// Why a witness does not cosign.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// A log that it does not know.
    #[error("this witness does not know the log {}; ask its operator to add it", quoted(.0))]
    UnknownLog(String),
    /// No signature of the log.
    #[error("the checkpoint is not signed by a key that this witness knows for the log")]
    NotSigned,
    /// It is asked to go back.
    #[error("the old size {old} is larger than the size {size} of the checkpoint")]
    Backwards {
        /// The old size.
        old: u64,
        /// The size of the checkpoint.
        size: u64,
    },
    /// The old size is not that of the latest checkpoint.
    #[error("the latest checkpoint that this witness cosigned has {latest} leaves")]
    Conflict {
        /// Leaves of the latest checkpoint; 0 if there is none.
        latest: u64,
    },
    /// A split view: the log showed another tree of that size.
    #[error("this witness cosigned another root of {latest} leaves")]
    OtherRoot {
        /// Leaves of both.
        latest: u64,
    },
    /// The proof does not show that the latest checkpoint is continued.
    #[error("the proof does not lead from the latest cosigned checkpoint to this one")]
    NotConsistent,
}

/// Whether a witness that knows these logs cosigns what is asked, after the latest checkpoint of that log, if it cosigned
/// any. The order of the checks is that of the protocol.
///
/// # Errors
/// Why it does not.
pub fn decide(logs: &Logs, latest: Option<&Checkpoint>, request: &AddCheckpoint) -> Result<(), Refusal> {
    let checkpoint = request.checkpoint().checkpoint();
    match logs.signed(request.checkpoint()) {
        None => return Err(Refusal::UnknownLog(checkpoint.origin().to_owned())),
        Some(false) => return Err(Refusal::NotSigned),
        Some(true) => {}
    }
    let (old, size) = (request.old(), checkpoint.size());
    if old > size {
        return Err(Refusal::Backwards { old, size });
    }
    // No checkpoint is the same as one of the empty tree.
    let latest = latest.map_or_else(|| (0, Hash::of(&[])), |latest| (latest.size(), latest.root()));
    if old != latest.0 {
        return Err(Refusal::Conflict { latest: latest.0 });
    }
    if old == size && latest.1 != checkpoint.root() {
        return Err(Refusal::OtherRoot { latest: latest.0 });
    }
    if !extends(latest, (size, checkpoint.root()), request.proof()) {
        return Err(Refusal::NotConsistent);
    }
    Ok(())
}
