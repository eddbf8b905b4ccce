//! Keys that sign.

use std::fmt;

use ed25519_dalek::{Signer as _, SigningKey};

use super::{KeyId, KeyKind, KeyName, NoteSignature, VerifierKey};
use crate::checkpoint::{Checkpoint, Cosignature};

/// Bytes of the seed that a key is made of (RFC 8032).
pub const SEED_BYTES: usize = 32;

/// A name and a private key, which is wiped from memory when it is dropped.
///
/// A key either signs for a log or cosigns for a witness. It could do both, as no text of a checkpoint is the message of
/// a cosignature; but what signs other texts must not be a key of a witness.
#[derive(Clone)]
pub struct Signer {
    name: KeyName,
    key: SigningKey,
}

impl Signer {
    /// The key of that seed.
    #[must_use]
    pub fn new(name: KeyName, seed: &[u8; SEED_BYTES]) -> Self {
        Self { name, key: SigningKey::from_bytes(seed) }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &KeyName {
        &self.name
    }

    /// What signatures of that kind are verified with.
    #[must_use]
    pub fn verifier(&self, kind: KeyKind) -> VerifierKey {
        VerifierKey::of(self.name.clone(), kind, self.key.verifying_key())
    }

    /// Signs the text of a note: [`KeyKind::Ed25519`].
    #[must_use]
    pub fn sign(&self, text: &str) -> NoteSignature {
        let signature = self.key.sign(text.as_bytes()).to_bytes();
        self.signature(KeyKind::Ed25519, signature.to_vec())
    }

    /// Cosigns a checkpoint at that time, in seconds since 1970: [`KeyKind::Cosignature`]. Times after 2^63 − 1 are not
    /// to be written; they become that one.
    #[must_use]
    pub fn cosign(&self, checkpoint: &Checkpoint, time_s: u64) -> NoteSignature {
        let time_s = time_s.min(Cosignature::TIME_S_MAX);
        let message = Cosignature::message(time_s, &checkpoint.text());
        let signature = self.key.sign(message.as_bytes()).to_bytes();
        self.signature(KeyKind::Cosignature, Cosignature { time_s, signature }.to_bytes().to_vec())
    }

    fn signature(&self, kind: KeyKind, bytes: Vec<u8>) -> NoteSignature {
        NoteSignature::of(self.name.clone(), self.id(kind), bytes)
    }

    fn id(&self, kind: KeyKind) -> KeyId {
        self.verifier(kind).id()
    }
}

/// The name alone.
impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("name", &self.name).finish_non_exhaustive()
    }
}
