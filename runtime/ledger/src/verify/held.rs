//! What somebody outside holds of a log.

use thiserror::Error;

use crate::{Hash, Proof, SignedCheckpoint, proof::ProofError};

/// What somebody outside holds of a log, against which it is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// What it is, as people are told.
    pub what: String,
    /// A checkpoint, by its log.
    pub checkpoint: SignedCheckpoint,
    /// An event that it proves: its index and leaf.
    pub event: Option<(u64, Hash)>,
}

/// A file that nothing can be held against a log with.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum HeldError {
    /// Neither a checkpoint nor a proof.
    #[error("{what} is no checkpoint, and as a proof: {source}")]
    Neither {
        /// The file.
        what: String,
        /// Why it is no proof.
        source: ProofError,
    },
    /// A proof of another event than the one that it carries.
    #[error(
        "{what} does not lead from the event that it carries to its checkpoint: it was changed, or made up against the \
         log; nothing follows from it"
    )]
    MadeUp {
        /// The file.
        what: String,
    },
}

impl Held {
    /// What a file of that name holds: a checkpoint, or a proof or receipt, with the event that it carries if it carries one.
    ///
    /// # Errors
    /// It is neither, or a proof that proves nothing: whoever made it up must not make a log look rewritten.
    pub fn parse(what: String, bytes: &[u8]) -> Result<Self, HeldError> {
        if let Ok(checkpoint) = SignedCheckpoint::parse(bytes) {
            return Ok(Self { what, checkpoint, event: None });
        }
        let proof = match Proof::parse(bytes) {
            Ok(proof) => proof,
            Err(source) => return Err(HeldError::Neither { what, source }),
        };
        let leaf = (!proof.extra().is_empty()).then(|| Hash::leaf(proof.extra()));
        match leaf {
            Some(leaf) if !proof.includes(leaf) => Err(HeldError::MadeUp { what }),
            _ => {
                let event = leaf.map(|leaf| (proof.index(), leaf));
                Ok(Self { what, checkpoint: proof.checkpoint().clone(), event })
            }
        }
    }
}
