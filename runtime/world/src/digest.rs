//! SHA-256 digests, and values that remember theirs.

use std::{fmt, sync::OnceLock};

use minicbor::{Decode, Encode};
use sha2::{Digest as _, Sha256};

/// A SHA-256 digest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Digest(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 32]);

impl Digest {
    /// The digest of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The digest of several parts under a domain, so that no two uses of the hash can be mistaken for each
    /// other: SHA-256(domain ‖ 0 ‖ parts …). Parts are of fixed length or last.
    #[must_use]
    pub fn of_parts(domain: &str, parts: &[&[u8]]) -> Self {
        let mut hash = Sha256::new();
        hash.update(domain.as_bytes());
        hash.update([0]);
        for part in parts {
            hash.update(part);
        }
        Self(hash.finalize().into())
    }

    /// The first `chars` hexadecimal digits: enough to recognise it by.
    #[must_use]
    pub fn short(&self, chars: usize) -> String {
        let mut text = self.to_string();
        text.truncate(chars);
        text
    }

    /// Reads 64 hexadecimal digits.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.short(12))
    }
}

/// A digest that is computed from parts as they arrive.
#[derive(Debug, Clone)]
pub struct Hasher(Sha256);

impl Hasher {
    /// Of nothing yet, under a domain.
    #[must_use]
    pub fn new(domain: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(domain.as_bytes());
        hash.update([0]);
        Self(hash)
    }

    /// More bytes.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Of all of them.
    #[must_use]
    pub fn digest(self) -> Digest {
        Digest(self.0.finalize().into())
    }
}

/// A value that remembers its digest until it is changed.
#[derive(Debug, Clone, Default)]
pub struct CachedDigest<T> {
    value: T,
    digest: OnceLock<Digest>,
}

impl<T> CachedDigest<T> {
    /// A value whose digest is not known yet.
    pub fn new(value: T) -> Self {
        Self { value, digest: OnceLock::new() }
    }

    /// The value.
    pub fn get(&self) -> &T {
        &self.value
    }

    /// The value, to be changed; the digest is forgotten.
    pub fn get_mut(&mut self) -> &mut T {
        self.digest = OnceLock::new();
        &mut self.value
    }

    /// The digest, computed at most once a change.
    pub fn digest(&self, compute: impl FnOnce(&T) -> Digest) -> Digest {
        *self.digest.get_or_init(|| compute(&self.value))
    }
}

#[cfg(test)]
mod tests {
    use super::{CachedDigest, Digest};

    #[test]
    fn hexadecimal_is_read_as_it_is_shown() {
        let digest = Digest::of(b"abc");
        assert_eq!(digest.short(8), "ba7816bf");
        assert_eq!(Digest::from_hex(&digest.to_string()), Some(digest));
        assert_eq!(Digest::from_hex("xy"), None);
        assert_eq!(Digest::from_hex(&"é".repeat(32)), None);
    }

    #[test]
    fn a_change_forgets_the_digest() {
        let mut value = CachedDigest::new(vec![1]);
        let before = value.digest(|v| Digest::of(v));
        value.get_mut().push(2);
        assert_ne!(value.digest(|v| Digest::of(v)), before);
    }
}
