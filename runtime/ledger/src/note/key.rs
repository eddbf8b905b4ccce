//! Keys that signatures are verified with, and their text, the vkey.

use std::{fmt, str::FromStr};

use ed25519_dalek::VerifyingKey;
use thiserror::Error;

use super::{KeyId, KeyName, KeyNameError, NoteSignature};
use crate::{
    Hash,
    text::{from_base64, quoted, to_base64},
};

/// What a key signs with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// Ed25519 over the text of the note. Logs sign so.
    Ed25519,
    /// Ed25519 over a time and the text of a checkpoint (c2sp.org/tlog-cosignature). Witnesses sign so.
    Cosignature,
}

impl KeyKind {
    /// Its byte in ids and vkeys (signed-note, Signature types).
    fn byte(self) -> u8 {
        match self {
            Self::Ed25519 => 0x01,
            Self::Cosignature => 0x04,
        }
    }

    fn of_byte(byte: u8) -> Option<Self> {
        [Self::Ed25519, Self::Cosignature].into_iter().find(|kind| kind.byte() == byte)
    }
}

/// A key to verify with. Two are equal if they agree in name, kind and bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: KeyName,
    kind: KeyKind,
    id: KeyId,
    key: VerifyingKey,
}

/// Why a text is no vkey.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum VerifierKeyError {
    /// Not three parts.
    #[error("{} is not a vkey; one is `name+id+key`, the id 8 hexadecimal digits, the key base64", quoted(.0))]
    Form(String),
    /// No name of a key.
    #[error("the vkey: {0}")]
    Name(#[from] KeyNameError),
    /// A kind that is not known here.
    #[error(
        "the vkey of {name} is of kind {byte:#04x}; only Ed25519 (0x01) and cosignatures (0x04) are known here"
    )]
    Kind {
        /// Whose.
        name: KeyName,
        /// What it says its kind is.
        byte: u8,
    },
    /// No public key of Ed25519, or one that anybody can sign for.
    #[error("the vkey of {0} holds no sound public key of Ed25519; ask its owner for it again")]
    Key(KeyName),
    /// Name, key and id do not belong together.
    #[error(
        "the vkey of {name} says that its id is {told}, but it is {id}; something in it was changed or mistyped"
    )]
    Id {
        /// Whose.
        name: KeyName,
        /// The id it says.
        told: String,
        /// The id it has.
        id: KeyId,
    },
}

impl VerifierKey {
    /// A key from its 32 bytes (RFC 8032).
    ///
    /// # Errors
    /// If they are no public key, or one of the few for which a signature says nothing.
    pub fn new(name: KeyName, kind: KeyKind, key: &[u8; 32]) -> Result<Self, VerifierKeyError> {
        match VerifyingKey::from_bytes(key) {
            // Another spelling of a point would be another id for the same key.
            Ok(sound) if !sound.is_weak() && sound.to_edwards().compress().0 == *key => {
                Ok(Self::of(name, kind, sound))
            }
            _ => Err(VerifierKeyError::Key(name)),
        }
    }

    pub(super) fn of(name: KeyName, kind: KeyKind, key: VerifyingKey) -> Self {
        let id = id(&name, kind, key.as_bytes());
        Self { name, kind, id, key }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &KeyName {
        &self.name
    }

    /// What it signs with.
    #[must_use]
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// The 32 bytes of the public key, whatever its name and kind.
    #[must_use]
    pub fn public_key(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// Whether the signature says that it is of this key.
    #[must_use]
    pub fn is_named_by(&self, signature: &NoteSignature) -> bool {
        signature.name() == &self.name && signature.id() == self.id
    }

    /// Whether these are the 64 bytes of an Ed25519 signature of the message, by the strict rules: nobody but the owner
    /// makes a second one out of it.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let Ok(bytes) = signature.try_into() else { return false };
        self.key.verify_strict(message, &ed25519_dalek::Signature::from_bytes(bytes)).is_ok()
    }
}

/// SHA-256 over name, newline, kind and key, of which the first four bytes (signed-note, Signatures).
fn id(name: &KeyName, kind: KeyKind, key: &[u8; 32]) -> KeyId {
    let Hash([a, b, c, d, ..]) = Hash::of_parts(&[name.as_str().as_bytes(), b"\n", &[kind.byte()], key]);
    KeyId([a, b, c, d])
}

impl FromStr for VerifierKey {
    type Err = VerifierKeyError;

    fn from_str(text: &str) -> Result<Self, VerifierKeyError> {
        let form = || VerifierKeyError::Form(text.chars().take(super::NAME_BYTES_MAX).collect());
        let (name, rest) = text.split_once('+').ok_or_else(form)?;
        // The base64 may have more of them.
        let (told, base64) = rest.split_once('+').ok_or_else(form)?;
        let name = KeyName::new(name)?;
        // 33 bytes; those of kinds that are not known here are longer, and worth an error that says so.
        let (byte, key) = match from_base64(base64) {
            Some(bytes) if !bytes.is_empty() => (bytes[0], bytes[1..].to_vec()),
            _ => return Err(form()),
        };
        let Some(kind) = KeyKind::of_byte(byte) else { return Err(VerifierKeyError::Kind { name, byte }) };
        let Ok(key) = <[u8; 32]>::try_from(key) else { return Err(VerifierKeyError::Key(name)) };
        let key = Self::new(name, kind, &key)?;
        if told.eq_ignore_ascii_case(&key.id.to_string()) {
            Ok(key)
        } else {
            let told = told.chars().take(16).collect();
            Err(VerifierKeyError::Id { id: key.id, name: key.name, told })
        }
    }
}

/// The vkey.
impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = [&[self.kind.byte()], &self.key.as_bytes()[..]].concat();
        write!(f, "{}+{}+{}", self.name, self.id, to_base64(&key))
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
