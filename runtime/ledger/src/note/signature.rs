//! Signature lines of notes.

use std::fmt;

use thiserror::Error;

use super::{KeyId, KeyName, KeyNameError};
use crate::text::{from_base64, to_base64};

/// Bytes of a signature without the id at most: those of post-quantum keys have nearly 5 kB, and nobody makes us hold more.
pub const SIGNATURE_BYTES_MAX: usize = 8 * 1024;

/// What each line begins with.
const START: &str = "— ";

/// A signature by the key of that name and id, not verified: what its bytes are is known to who knows the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    name: KeyName,
    id: KeyId,
    bytes: Vec<u8>,
}

/// Why a line is no signature.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NoteSignatureError {
    /// Not of the form of a signature line.
    #[error("it is not `— name base64` that ends in a newline; is the note cut off or changed?")]
    Form,
    /// No name of a key.
    #[error(transparent)]
    Name(#[from] KeyNameError),
    /// Not base64 of an id and a signature.
    #[error(
        "what follows the name is not base64 of 4 bytes and a signature of 1 to {SIGNATURE_BYTES_MAX} bytes"
    )]
    Bytes,
}

impl NoteSignature {
    /// A signature as it is.
    ///
    /// # Errors
    /// If it has no bytes, or more than [`SIGNATURE_BYTES_MAX`].
    pub fn new(name: KeyName, id: KeyId, bytes: Vec<u8>) -> Result<Self, NoteSignatureError> {
        match bytes.len() {
            1..=SIGNATURE_BYTES_MAX => Ok(Self::of(name, id, bytes)),
            _ => Err(NoteSignatureError::Bytes),
        }
    }

    /// One of which the length is known to be in order.
    pub(super) fn of(name: KeyName, id: KeyId, bytes: Vec<u8>) -> Self {
        Self { name, id, bytes }
    }

    /// The signature of one line, without its newline.
    ///
    /// # Errors
    /// If the line is not of that form.
    pub fn parse(line: &str) -> Result<Self, NoteSignatureError> {
        let rest = line.strip_prefix(START).ok_or(NoteSignatureError::Form)?;
        let (name, base64) = rest.split_once(' ').ok_or(NoteSignatureError::Form)?;
        let name = KeyName::new(name)?;
        // Four characters for three bytes; longer ones are not even decoded.
        if base64.len() > (4 + SIGNATURE_BYTES_MAX).div_ceil(3) * 4 {
            return Err(NoteSignatureError::Bytes);
        }
        let bytes = from_base64(base64).ok_or(NoteSignatureError::Bytes)?;
        let (id, bytes) = bytes.split_first_chunk().ok_or(NoteSignatureError::Bytes)?;
        Self::new(name, KeyId(*id), bytes.to_vec())
    }

    /// The name of the key.
    #[must_use]
    pub fn name(&self) -> &KeyName {
        &self.name
    }

    /// The id of the key.
    #[must_use]
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// The signature without the id.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How long its line is, with the newline.
    pub(super) fn printed_bytes(&self) -> usize {
        START.len() + self.name.as_str().len() + 1 + (4 + self.bytes.len()).div_ceil(3) * 4 + 1
    }
}

/// Its line, without the newline.
impl fmt::Display for NoteSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&self.id.0[..], &self.bytes].concat();
        write!(f, "{START}{} {}", self.name, to_base64(&bytes))
    }
}
