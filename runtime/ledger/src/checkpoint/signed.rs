//! Checkpoints with the signatures below them.

use std::fmt;

use thiserror::Error;

use super::{Checkpoint, CheckpointError, Cosignature};
use crate::note::{KeyKind, Note, NoteError, NoteSignature, Signer, VerifierKey};

/// A note whose text is a checkpoint. It is trusted only once [`SignedCheckpoint::signed_by`] says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    note: Note,
    checkpoint: Checkpoint,
}

/// Why a text is no checkpoint with signatures, or a signature is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SignedCheckpointError {
    /// Not a note.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// A note, but not of a checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}

impl SignedCheckpoint {
    /// A checkpoint with the signature of its log. The key's name should be the origin.
    ///
    /// # Errors
    /// If its text is too long for a note.
    pub fn sign(checkpoint: Checkpoint, log: &Signer) -> Result<Self, NoteError> {
        let text = checkpoint.text();
        let signature = log.sign(&text);
        Ok(Self { note: Note::new(text, vec![signature])?, checkpoint })
    }

    /// The checkpoint that these bytes are.
    ///
    /// # Errors
    /// If they are no note, or its text is no checkpoint.
    pub fn parse(bytes: &[u8]) -> Result<Self, SignedCheckpointError> {
        let note = Note::parse(bytes)?;
        let checkpoint = Checkpoint::parse(note.text())?;
        Ok(Self { note, checkpoint })
    }

    /// The note.
    #[must_use]
    pub fn note(&self) -> &Note {
        &self.note
    }

    /// The checkpoint.
    #[must_use]
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// Whether the log with that key signed it: [`Note::signed_by`].
    #[must_use]
    pub fn signed_by(&self, log: &VerifierKey) -> bool {
        self.note.signed_by(log)
    }

    /// When the witness with that key cosigned it, in seconds since 1970; the latest of the times if it did so more than
    /// once. Nothing if it did not, if one of the signatures that say they are of the key does not verify, or if the key
    /// is not of the kind [`KeyKind::Cosignature`].
    #[must_use]
    pub fn cosigned_by(&self, witness: &VerifierKey) -> Option<u64> {
        let mut times =
            self.note.signatures_of(witness).map(|signature| self.cosigned_at(signature, witness));
        let first = times.next()??;
        times.try_fold(first, |latest, time| time.map(|time| latest.max(time)))
    }

    /// The time of that signature if it is a cosignature of this checkpoint by that witness.
    fn cosigned_at(&self, signature: &NoteSignature, witness: &VerifierKey) -> Option<u64> {
        if witness.kind() != KeyKind::Cosignature || !witness.is_named_by(signature) {
            return None;
        }
        let Cosignature { time_s, signature } = Cosignature::from_bytes(signature.bytes())?;
        let message = Cosignature::message(time_s, self.note.text());
        witness.verifies(message.as_bytes(), &signature).then_some(time_s)
    }

    /// Takes over a cosignature if it is one of this checkpoint by that witness, in the place of earlier ones. Whether it
    /// did.
    ///
    /// # Errors
    /// If the note cannot hold another signature.
    pub fn add_cosignature(
        &mut self,
        signature: &NoteSignature,
        witness: &VerifierKey,
    ) -> Result<bool, NoteError> {
        if self.cosigned_at(signature, witness).is_none() {
            return Ok(false);
        }
        self.note.put(signature.clone())?;
        Ok(true)
    }
}

/// The note as it is stored and sent: [`SignedCheckpoint::parse`] gives it back.
impl fmt::Display for SignedCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.note.fmt(f)
    }
}
