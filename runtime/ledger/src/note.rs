//! Notes: text with signatures below it (c2sp.org/signed-note).

mod error;
mod id;
mod key;
mod limits;
mod lines;
mod name;
mod signature;
mod signer;

use std::fmt;

pub use self::{
    error::NoteError,
    id::KeyId,
    key::{KeyKind, VerifierKey, VerifierKeyError},
    limits::{NOTE_BYTES_MAX, SIGNATURES_MAX, TEXT_BYTES_MAX},
    name::{KeyName, KeyNameError, NAME_BYTES_MAX},
    signature::{NoteSignature, NoteSignatureError, SIGNATURE_BYTES_MAX},
    signer::{SEED_BYTES, Signer},
};
use crate::text::is_plain;

/// A text and who signed it. The text is trusted only once [`Note::signed_by`] says so for a key that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

impl Note {
    /// A note of that text, which ends in a newline, and at least one signature.
    ///
    /// # Errors
    /// If one of the limits is passed, the text is not plain or its last line does not end, or nothing is signed.
    pub fn new(text: impl Into<String>, signatures: Vec<NoteSignature>) -> Result<Self, NoteError> {
        let text = text.into();
        if text.len() > TEXT_BYTES_MAX {
            return Err(NoteError::TextTooLong(text.len()));
        }
        if !is_plain(&text) {
            return Err(NoteError::NotPlain);
        }
        if !text.ends_with('\n') {
            return Err(NoteError::NoNewline);
        }
        if signatures.is_empty() {
            return Err(NoteError::NoSignatures);
        }
        if signatures.len() > SIGNATURES_MAX {
            return Err(NoteError::TooManySignatures);
        }
        let note = Self { text, signatures };
        match note.printed_bytes() {
            bytes if bytes > NOTE_BYTES_MAX => Err(NoteError::TooLong(bytes)),
            _ => Ok(note),
        }
    }

    /// The note that these bytes are.
    ///
    /// # Errors
    /// If they are not a note, or pass one of the limits.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        if bytes.len() > NOTE_BYTES_MAX {
            return Err(NoteError::TooLong(bytes.len()));
        }
        let whole = str::from_utf8(bytes).map_err(|_| NoteError::NotPlain)?;
        if !is_plain(whole) {
            return Err(NoteError::NotPlain);
        }
        let divide = whole.rfind("\n\n").ok_or(NoteError::NoSignatures)?;
        // The text keeps its last newline; the one after it is the empty line.
        let (text, rest) = whole.split_at(divide + 1);
        let signatures = NoteSignature::parse_lines(&rest[1..])?;
        Self::new(text, signatures)
    }

    /// What is signed, with its last newline.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signatures, in the order of their lines. None of them is verified.
    #[must_use]
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Whether a signature here says that it is of the key. It may be wrong.
    #[must_use]
    pub fn names(&self, key: &VerifierKey) -> bool {
        self.signatures_of(key).next().is_some()
    }

    /// The signatures that say they are of the key.
    pub(crate) fn signatures_of<'n>(
        &'n self,
        key: &'n VerifierKey,
    ) -> impl Iterator<Item = &'n NoteSignature> {
        self.signatures.iter().filter(|signature| key.is_named_by(signature))
    }

    /// Whether the key signed the text itself: it has a signature here, and each that says it is of the key verifies.
    /// Keys of the kind [`KeyKind::Cosignature`] never do; see [`crate::SignedCheckpoint::cosigned_by`].
    #[must_use]
    pub fn signed_by(&self, key: &VerifierKey) -> bool {
        let verifies = |signature: &NoteSignature| key.verifies(self.text.as_bytes(), signature.bytes());
        key.kind() == KeyKind::Ed25519 && self.names(key) && self.signatures_of(key).all(verifies)
    }

    /// Adds a signature below the others, in the place of those by the key of that name and id.
    ///
    /// # Errors
    /// If a limit is passed; the note is then as it was.
    pub fn put(&mut self, signature: NoteSignature) -> Result<(), NoteError> {
        let mut signatures = self.signatures.clone();
        signatures.retain(|other| (other.name(), other.id()) != (signature.name(), signature.id()));
        signatures.push(signature);
        *self = Self::new(self.text.clone(), signatures)?;
        Ok(())
    }

    /// How long it is when it is printed.
    fn printed_bytes(&self) -> usize {
        self.text.len() + 1 + self.signatures.iter().map(NoteSignature::printed_bytes).sum::<usize>()
    }
}

/// The note as it is stored and sent: [`Note::parse`] gives it back.
impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

#[cfg(test)]
mod tests;
