//! Ed25519 signatures, by the strict rules.

use ed25519_dalek::{Signature, VerifyingKey};

/// Whether the key is a sound one and the signature its own: nobody but the owner makes a second one out of it.
#[must_use]
pub(crate) fn verifies(key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    VerifyingKey::from_bytes(key)
        .is_ok_and(|key| key.verify_strict(message, &Signature::from_bytes(signature)).is_ok())
}
